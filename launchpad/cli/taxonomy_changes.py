"""taxonomy add, rename, redefine, move, split, merge, deprecate, restore: each shown with its effects first."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from launchpad.cli.asked import Asked, Command, opened, project_argument, table, writing
from launchpad.cli.taxonomy_answers import confirmed, dry_run_option, yes_option
from launchpad.edits import taxonomy
from launchpad.edits.taxonomy import Operation, Part
from launchpad.edits.taxonomy_releases import current
from launchpad.edits.values import parse
from launchpad.errors import InvalidValueError
from launchpad.records import Inputs, RiskArea, field_of
from launchpad.records.taxonomy import AREA_CHANGES, AREA_CLASSES, CARRIED, RELATIONS

Make = Callable[[Inputs, str], Sequence[Operation]]
code_argument = click.argument("code", metavar="CODE")
relation_option = click.option("--relation", type=click.Choice(list(RELATIONS)), help="How the new stands to the old.")


def changing(function: Command) -> Command:
    """Give a command the options of one that shows what it would do before it does it."""
    return writing(dry_run_option(yes_option(function)))


@click.command("add")
@project_argument
@code_argument
@click.argument("name", metavar="NAME")
@click.option("--under", metavar="CODE", help="Its parent.")
@click.option("--class", "class_", type=click.Choice(list(AREA_CLASSES)), default="policy", show_default=True)
@click.option("--plain", help="Its definition in plain words.")
@click.option("--release", "release_", metavar="CODE", help="Which draft, where there are several.")
@changing
def add_area(asked: Asked, project: str, code: str, name: str, dry_run: bool, yes: bool, **wish: str | None) -> None:
    """Add a risk area; it is a draft until the release."""

    def make(inputs: Inputs, reason: str) -> Sequence[Operation]:
        parent = None if wish["under"] is None else inputs.find(RiskArea, wish["under"]).id
        fields = {"parent": parent, "area_class": wish["class_"], "plain": wish["plain"]}
        return [taxonomy.add(inputs, current(inputs, wish["release_"]), code, name, reason, **fields)]

    _carry_out(asked, project, make, dry_run=dry_run, yes=yes)


@click.command("rename")
@project_argument
@code_argument
@click.argument("name", metavar="NAME")
@changing
def rename_area(asked: Asked, project: str, code: str, name: str, dry_run: bool, yes: bool) -> None:
    """Give a risk area another name; its code stays."""

    def make(inputs: Inputs, reason: str) -> Sequence[Operation]:
        return [taxonomy.rename(inputs, inputs.find(RiskArea, code), name, reason)]

    _carry_out(asked, project, make, dry_run=dry_run, yes=yes)


@click.command("redefine")
@project_argument
@code_argument
@click.argument("assignments", metavar="FIELD=VALUE...", nargs=-1, required=True)
@click.option(
    "--relation",
    type=click.Choice(list(RELATIONS)),
    required=True,
    help="The new meaning against the old: exact for other words, broad if it is now wider, narrow if narrower.",
)
@changing
def redefine_area(
    asked: Asked, project: str, code: str, assignments: Sequence[str], relation: str, dry_run: bool, yes: bool
) -> None:
    """Change definitions, includes, excludes, the severity guide or the class of a risk area."""

    def make(inputs: Inputs, reason: str) -> Sequence[Operation]:
        fields = dict(_assigned(words) for words in assignments)
        return [taxonomy.redefine(inputs, inputs.find(RiskArea, code), fields, relation, reason)]

    _carry_out(asked, project, make, dry_run=dry_run, yes=yes)


@click.command("move")
@project_argument
@code_argument
@click.option("--under", metavar="CODE", help="Its new parent; without it, it moves to the top.")
@click.option("--also", is_flag=True, help="Beside the parent it has, not in its place.")
@changing
def move_area(asked: Asked, project: str, code: str, under: str | None, also: bool, dry_run: bool, yes: bool) -> None:
    """Move a risk area under another, or give it a further parent."""
    if also and under is None:
        raise click.UsageError("--also needs --under CODE.")

    def make(inputs: Inputs, reason: str) -> Sequence[Operation]:
        parent = None if under is None else inputs.find(RiskArea, under)
        return [taxonomy.move(inputs, inputs.find(RiskArea, code), parent, reason, also=also)]

    _carry_out(asked, project, make, dry_run=dry_run, yes=yes)


@click.command("split")
@project_argument
@code_argument
@click.argument("parts", metavar="CODE[=NAME]...", nargs=-1, required=True)
@click.option("--main", metavar="CODE", help="The part that stands for the old area, so that its evidence moves there.")
@click.option("--relation", type=click.Choice(["exact", "close", "broad"]), default="close", show_default=True)
@changing
def split_area(asked: Asked, project: str, code: str, dry_run: bool, yes: bool, **wish: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Put several risk areas in place of one; labels are given anew unless one part stands for it."""
    parts = [words.partition("=")[::2] for words in wish["parts"]]
    if wish["main"] is not None and wish["main"] not in [part for part, _ in parts]:
        raise click.UsageError(f"--main {wish['main']} is none of the parts.")

    def make(inputs: Inputs, reason: str) -> Sequence[Operation]:
        given = [
            Part(part, name or None, wish["relation"] if part == wish["main"] else "narrow") for part, name in parts
        ]
        return [taxonomy.split(inputs, inputs.find(RiskArea, code), given, reason)]

    _carry_out(asked, project, make, dry_run=dry_run, yes=yes)


@click.command("merge")
@project_argument
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@click.option("--into", metavar="CODE", required=True, help="The area they become part of.")
@changing
def merge_areas(asked: Asked, project: str, codes: Sequence[str], into: str, dry_run: bool, yes: bool) -> None:
    """Merge risk areas into one, which is broader than each: their labels and evidence move there."""

    def make(inputs: Inputs, reason: str) -> Sequence[Operation]:
        areas = [inputs.find(RiskArea, code) for code in codes]
        return taxonomy.merge(inputs, areas, inputs.find(RiskArea, into), reason)

    _carry_out(asked, project, make, dry_run=dry_run, yes=yes)


@click.command("deprecate")
@project_argument
@code_argument
@click.option("--successor", metavar="CODE", help="What to use instead.")
@relation_option
@changing
def deprecate_area(
    asked: Asked, project: str, code: str, successor: str | None, relation: str | None, dry_run: bool, yes: bool
) -> None:
    """Take a risk area out of use; --relation says how its successor stands to it, and so whether evidence moves."""

    def make(inputs: Inputs, reason: str) -> Sequence[Operation]:
        heir = None if successor is None else inputs.find(RiskArea, successor)
        return [taxonomy.deprecate(inputs, inputs.find(RiskArea, code), heir, relation, reason)]

    _carry_out(asked, project, make, dry_run=dry_run, yes=yes)


@click.command("restore")
@project_argument
@code_argument
@changing
def restore_area(asked: Asked, project: str, code: str, dry_run: bool, yes: bool) -> None:
    """Bring a deprecated risk area back into use; what moved away stays where it is."""

    def make(inputs: Inputs, reason: str) -> Sequence[Operation]:
        return [taxonomy.restore(inputs, inputs.find(RiskArea, code), reason)]

    _carry_out(asked, project, make, dry_run=dry_run, yes=yes)


def _carry_out(asked: Asked, project: str, make: Make, *, dry_run: bool, yes: bool) -> None:
    if not asked.reason.strip():
        raise click.UsageError("A change of the taxonomy needs --reason TEXT.")
    with opened(asked, project) as held:
        operations = make(held.inputs, asked.reason)
        changes = [change for one in operations for change in one.changes]
        label = f"{AREA_CHANGES[operations[0].kind]}: {', '.join(one.area for one in operations)}"
        answer = {"operations": [_as_json(one) for one in operations]}
        shown = [thing for one in operations for thing in _as_words(one)]
        confirmed(
            asked,
            answer,
            shown,
            lambda: held.edit(changes, label, reason=asked.reason),
            dry_run=dry_run,
            yes=yes,
        )


def _as_json(one: Operation) -> dict[str, object]:
    return {
        "kind": one.kind,
        "area": one.area,
        "others": list(one.others),
        "carried": one.carried,
        "reason": one.reason,
        "effects": [
            {"table": each.table, "address": each.address, "carried": each.carried, "to": each.to, "note": each.words}
            for each in one.effects
        ],
    }


def _as_words(one: Operation) -> list[object]:
    others = f" ({', '.join(one.others)})" if one.others else ""
    said = f"{AREA_CHANGES[one.kind]}: {one.area}{others}. {CARRIED[one.carried]}."
    rows = [
        (each.table.replace("_", " "), each.address, CARRIED_SHORT[each.carried], each.to, each.words)
        for each in one.effects
    ]
    if not rows:
        return [said, "Nothing hangs on it."]
    return [said, table(f"Effects ({len(rows)})", ("What", "Which", "Becomes", "Goes to", "Note"), rows)]


CARRIED_SHORT = {"keep": "stays", "map": "moves", "relabel": "needs relabel"}


def _assigned(words: str) -> tuple[str, object]:
    name, mark, value = words.partition("=")
    declared = field_of(RiskArea, name.strip())
    if not mark or declared is None:
        raise InvalidValueError(f"{words!r} is no FIELD=VALUE of a risk area.", "Write plain=WORDS, for example.")
    return declared.name, parse(declared, value)


COMMANDS: tuple[click.Command, ...] = (
    add_area,
    rename_area,
    redefine_area,
    move_area,
    split_area,
    merge_areas,
    deprecate_area,
    restore_area,
)
