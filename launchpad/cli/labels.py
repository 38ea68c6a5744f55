"""labels: examples and labels out to people and programs, back in, and settled."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, opened, project_argument, read, reading, writing
from launchpad.cli.labels_settle import map_command, settle_command
from launchpad.cli.labels_words import imported_for_people, imported_json, version_of
from launchpad.edits.label_maps import map_named
from launchpad.edits.labels import Incoming, import_labels
from launchpad.errors import ExportError
from launchpad.export.safe import put
from launchpad.intake.labelled import Labelled, read_labelled
from launchpad.policies.compile_prompts import PROMPTS
from launchpad.policies.exchange import FORMATS, Made, Wish, export
from launchpad.policies.exchange.openai import answers_read
from launchpad.policies.rulebook import rulebook
from launchpad.records import GoldSet, Inputs
from launchpad.records.policies import SPLITS


@click.group("labels")
def labels_command() -> None:
    """Examples and their labels: out to people and programs, back in, and settled."""


labels_command.add_command(settle_command)
labels_command.add_command(map_command)


@labels_command.command("export")
@project_argument
@click.argument("out", metavar="OUT")
@click.option("--to", type=click.Choice(tuple(FORMATS)), required=True, help="What reads it.")
@click.option("--gold-set", metavar="CODE", help="The items of a gold set; else all examples of the policy.")
@click.option("--policy", metavar="POLICY[/VERSION]", help="The policy to label under; default: of the gold set.")
@click.option("--rater", metavar="CODE", help="Blind, for this rater: no label of anybody, an order of its own.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Draws the order of a rater.")
@click.option("--predictions", metavar="NAME", multiple=True, help="Show these too: of a rater, a run, or gold.")
@click.option("--include-sensitive", "sensitive", is_flag=True, help="Items of sensitive areas too.")
@click.option("--split", type=click.Choice(tuple(SPLITS)), help="Only items of this split.")
@click.option("--shape", type=click.Choice(("long", "wide")), default="long", show_default=True, help="Of a CSV.")
@click.option("--rendering", type=click.Choice(PROMPTS), default="chat", show_default=True, help="Of OpenAI files.")
@click.option("--model", default="MODEL", show_default=True, help="Of a batch.")
@reading
def export_command(asked: Asked, project: str, out: str, to: str, **wish: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Write examples for a labelling tool or a program; OUT is a folder, or a file where there is only one."""
    with read(project) as file:
        inputs = file.inputs()
    gold_set = None if wish["gold_set"] is None else inputs.find(GoldSet, wish.pop("gold_set"))
    version = version_of(inputs, wish.pop("policy"), gold_set)
    wish["gold_set"], wish["predictions"] = gold_set, tuple(wish["predictions"])
    made = export(inputs, to, Wish(version=version, **wish))
    written = _written(Path(out), made)
    answer = {
        "to": to,
        "policy_version": inputs.address(version),
        "gold_set": gold_set and gold_set.code,
        "rater": wish["rater"],
        "items": made.items,
        "written": written,
        "withheld": {
            "restricted": list(made.withheld.restricted),
            "sensitive": list(made.withheld.sensitive),
            "without_text": list(made.withheld.without_text),
        },
        "notes": list(made.notes),
    }
    said = f"Wrote {made.items:,} items of {inputs.address(version)}: {', '.join(written)}."
    asked.answer(answer, said, *made.withheld.sentences(), *made.notes)
    if made.withheld or made.notes:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _written(out: Path, made: Made) -> list[str]:
    """Put the files where they were asked for: each whole or not at all."""
    if made.alone:
        put(out, next(iter(made.files.values())))
        return [str(out)]
    if out.exists() and not out.is_dir():
        raise ExportError(f"{out} is a file, and this export is {len(made.files)} files.", "Name a folder.")
    written: list[str] = []
    for name, data in made.files.items():
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"The folder {path.parent} cannot be made: {error.strerror}.", "Name another.") from error
        put(path, data)
        written.append(str(path))
    return written


@labels_command.command("import")
@project_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--map", "label_map", metavar="CODE[/VERSION]", help="Read labels by this label map of the project.")
@click.option("--gold-set", metavar="CODE", help="Only items of this gold set; new examples go into it.")
@click.option("--policy", metavar="POLICY[/VERSION]", help="Under which labels were given, where a file does not say.")
@click.option("--rater", metavar="CODE", help="Whose all of these labels are.")
@click.option("--who", metavar="NAME=CODE", multiple=True, help="Whom a tool means by a name, number or address.")
@click.option("--raters", metavar="A,B,...", help="Columns of a table that each hold one rater's label.")
@click.option(
    "--as",
    "field",
    type=click.Choice(("violation", "request_risk", "style", "severity", "clause")),
    help="What labels are whose column does not tell.",
)
@click.option("--add-examples", is_flag=True, help="Add items that the project does not have.")
@click.option("--replace", is_flag=True, help="Change labels that are there and say something else.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@writing
def import_command(asked: Asked, project: str, files: Sequence[str], dry_run: bool, **wish: Any) -> None:  # noqa: ANN401 - as above
    """Read labels back; whatever is not taken in is listed, and nothing is written before all is read."""
    raters = [word for word in map(str.strip, (wish.pop("raters") or "").split(",")) if word]
    given = [read_labelled(path, raters) for path in files]
    if dry_run:
        with read(project) as file:
            inputs = file.inputs()
        found = import_labels(inputs, *_readable(inputs, given, wish))
    else:
        with opened(asked, project) as held:
            found = import_labels(held.inputs, *_readable(held.inputs, given, wish))
            label = f"Import labels from {', '.join(Path(path).name for path in files)}"
            held.edit(found.proposal.changes, label, reason=asked.reason, content=found.proposal.content)
    predictions = sum(one.predictions for one in given)
    answer = {"files": [{"path": one.path, "tool": one.tool, "read": len(one.given)} for one in given]}
    answer |= imported_json(found, predictions=predictions, dry_run=dry_run)
    asked.answer(answer, *imported_for_people(found, predictions=predictions, dry_run=dry_run))
    if found.problems:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _readable(inputs: Inputs, given: list[Labelled], wish: Mapping[str, Any]) -> tuple[list[Labelled], Incoming]:
    """The files with the answers of models read by the policy's contract, and how to read the labels."""
    gold_set = None if wish["gold_set"] is None else inputs.find(GoldSet, wish["gold_set"])
    says = all(one.version is not None for file in given for one in file.given)
    version = None if says and wish["policy"] is None else version_of(inputs, wish["policy"], gold_set)
    if version is not None:
        book = rulebook(inputs, version)
        given = [answers_read(file, book) for file in given]
    return given, Incoming(
        version=version,
        gold_set=gold_set,
        rater=wish["rater"],
        who=dict(_who(wish["who"])),
        label_map=None if wish["label_map"] is None else map_named(inputs, wish["label_map"]),
        field=wish["field"],
        add_examples=wish["add_examples"],
        replace=wish["replace"],
    )


def _who(pairs: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        name, mark, code = pair.rpartition("=")
        if not mark or not name or not code:
            raise click.UsageError(f"{pair!r} is not NAME=CODE.")
        yield name, code
