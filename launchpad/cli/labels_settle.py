"""labels settle and map: what the raters agree on becomes gold, and how other schemes' labels are read."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, project_argument, table, writing
from launchpad.cli.labels_words import settled_for_people, settled_json, tallies_for_people, version_of
from launchpad.edits.label_maps import add_map, map_named
from launchpad.edits.label_words import names_of
from launchpad.edits.settle import ADJUDICATED, RULES, adjudicate, settle, tallies
from launchpad.errors import ImportRefusedError
from launchpad.intake.label_maps import read_label_map
from launchpad.project import Project
from launchpad.records import Example, GoldSet, Inputs, Label, Person, PolicyVersion
from launchpad.records.policies import REQUEST_RISK, STYLES, VIOLATION

DECIDED = ("request_risk", "violation", "style", "severity", "clause", "defensible")


@click.command("settle")
@project_argument
@click.option("--rule", type=click.Choice((*RULES, ADJUDICATED)), required=True, help="Who or what decides.")
@click.option("--gold-set", metavar="CODE", help="The items of a gold set; else all examples of the policy.")
@click.option("--policy", metavar="POLICY[/VERSION]", help="Under which the labels were given.")
@click.option("--raters", metavar="A,B,...", help="Who counts; default: those who are people of the project.")
@click.option("--min-raters", type=click.IntRange(1), default=2, show_default=True, help="Fewer settle nothing.")
@click.option("--by", metavar="CODE", help="Adjudicated: the person who decides.")
@click.option("--item", metavar="CODE", help="Adjudicated: the item decided.")
@click.option("--request-risk", type=click.Choice(tuple(REQUEST_RISK)), help="Adjudicated.")
@click.option("--violation", type=click.Choice(tuple(VIOLATION)), help="Adjudicated.")
@click.option("--style", type=click.Choice(tuple(STYLES)), help="Adjudicated.")
@click.option("--severity", type=click.Choice(("1", "2", "3", "4", "5")), help="Adjudicated.")
@click.option("--clause", metavar="CODE", help="Adjudicated: the clause it rests on.")
@click.option("--defensible", metavar="CODE", help="Adjudicated: a clause under which another answer can be defended.")
@click.option("--note", default="", help="Adjudicated: why.")
@click.option("--replace", is_flag=True, help="Change what was settled otherwise before.")
@click.option("--dry-run", is_flag=True, help="Say what would be settled, and write nothing.")
@writing
def settle_command(asked: Asked, project: str, rule: str, dry_run: bool, **wish: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Settle labels as gold: what all raters say, what most say, or what a person named decides for one item."""
    decided = {name: value for name in DECIDED if (value := wish.pop(name)) is not None}
    if rule == ADJUDICATED and (wish["by"] is None or wish["item"] is None):
        raise click.UsageError("--rule adjudicated needs --by CODE and --item CODE.")
    if rule != ADJUDICATED and (decided or wish["by"] or wish["item"]):
        raise click.UsageError("--by, --item and labels go with --rule adjudicated.")
    with _held(asked, project, writes=not dry_run) as held:
        gold_set = None if wish["gold_set"] is None else held.inputs.find(GoldSet, wish["gold_set"])
        version = version_of(held.inputs, wish["policy"], gold_set)
        if rule == ADJUDICATED:
            _adjudicated(asked, held, version, decided, wish)
            return
        names = [word for word in map(str.strip, (wish["raters"] or "").split(",")) if word]
        items = _items(held.inputs, version, gold_set)
        found = settle(
            held.inputs, version, items, rule, raters=names, at_least=wish["min_raters"], replace=wish["replace"]
        )
        if not held.read_only:
            held.edit(found.changes, f"Settle labels: {rule}", reason=asked.reason)
            held.refresh()
        told = tallies(held.inputs, version, items)
    answer = settled_json(found, told, rule=rule, dry_run=dry_run)
    asked.answer(answer, *settled_for_people(found, told, rule=rule, dry_run=dry_run))
    if found.open or found.kept:
        raise click.exceptions.Exit(LOOK_AT_THIS)


@contextmanager
def _held(asked: Asked, project: str, *, writes: bool) -> Generator[Project]:
    """The project, open for writing only where something may be written."""
    with Project.open(project, author=asked.author, read_only=not writes) as held:
        yield held


def _adjudicated(
    asked: Asked, held: Project, version: PolicyVersion, decided: Mapping[str, str], wish: Mapping[str, Any]
) -> None:
    example, by = held.inputs.find(Example, wish["item"]), held.inputs.find(Person, wish["by"])
    changes = adjudicate(held.inputs, version, example, by, decided, wish["note"])
    dry_run = held.read_only
    if not dry_run:
        held.edit(changes, f"Settle {example.code}: decided by {by.code}", reason=asked.reason)
        held.refresh()
    told = tallies(held.inputs, version, [example])
    answer = {
        "rule": ADJUDICATED,
        "item": example.code,
        "by": by.code,
        "decided": dict(decided),
        "changed": bool(changes),
        "against_gold": [{"rater": one.rater, "stands": _stands(one.same, one.defensible)} for one in told],
        "dry_run": dry_run,
    }
    words = f"{example.code}: {'decided' if changes else 'was decided so already'} by {by.code}."
    asked.answer(answer, words, *tallies_for_people(told))


def _stands(same: int, defensible: int) -> str:
    return "same" if same else "defensible" if defensible else "wrong"


def _items(inputs: Inputs, version: PolicyVersion, gold_set: GoldSet | None) -> list[Example]:
    by, key = ("policy", version.policy) if gold_set is None else ("gold_set", gold_set.id)
    rows = inputs.children(Example, by, key)
    labelled = {row.example for row in inputs.rows(Label)}
    return sorted((row for row in rows if gold_set is not None or row.id in labelled), key=lambda row: row.code)


@click.command("map")
@project_argument
@click.argument("code", metavar="CODE[/VERSION]")
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--name", help="What people call it.")
@click.option("--source", help="Whose scheme it reads.")
@writing
def map_command(asked: Asked, project: str, code: str, file: str | None, name: str | None, source: str | None) -> None:
    """Keep a table of from-label and to-label as a label map, its next version where there is one; or show it."""
    with _held(asked, project, writes=file is not None) as held:
        added = False
        if file is not None:
            changes = add_map(held.inputs, code, _pairs(file), name=name, source=source)
            added = held.edit(changes, f"Label map {code}", reason=asked.reason) is not None
            held.refresh()
        kept = map_named(held.inputs, code)
        names, address = names_of(held.inputs, kept), held.inputs.address(kept)
    answer = {"map": address, "name": kept.name, "source": kept.source, "added": added, "labels": names}
    did = f"Added label map {address}" if added else f"Label map {address}"
    outed = sum(ours is None for ours in names.values())
    said = f"{did}: {len(names)} labels, {outed} of them with no place here."
    asked.answer(answer, said, table("Labels", ("There", "Here"), sorted(names.items())))


def _pairs(file: str) -> Mapping[str, str | None]:
    (first, *others) = read_label_map(file)
    if others or first.rater is not None:
        raise ImportRefusedError(
            f"{file} maps the labels of single raters.", "Give one map for each scheme, without a column for raters."
        )
    return first.labels
