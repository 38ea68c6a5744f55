"""show, set, add, remove, load: any table of a project."""

from collections.abc import Mapping, Sequence

import click

from launchpad.cli.asked import (
    LOOK_AT_THIS,
    Asked,
    launch_id,
    opened,
    project_argument,
    read,
    reading,
    table,
    words,
    writing,
)
from launchpad.edits.load import load as load_rows
from launchpad.edits.load import refuse_unknown
from launchpad.edits.records import add_words, field_named, remove, set_words, table_named
from launchpad.edits.values import format_value
from launchpad.errors import InvalidValueError
from launchpad.intake.table import read_rows
from launchpad.records import Estimate, Inputs, Record, Value, field_of, fields_of, plain_row

table_argument = click.argument("table_name", metavar="TABLE")
code_argument = click.argument("code", metavar="CODE")
words_argument = click.argument("assignments", metavar="FIELD=VALUE...", nargs=-1, required=True)


@click.command("show")
@project_argument
@table_argument
@click.option("--where", multiple=True, metavar="FIELD=VALUE", help="Only rows with this value.")
@click.option("--csv", "csv_", is_flag=True, help="Answer with CSV.")
@reading
def show_command(asked: Asked, project: str, table_name: str, where: Sequence[str], csv_: bool) -> None:
    """Show the records of a table."""
    record = table_named(table_name)
    with read(project) as file:
        inputs = file.inputs()
    launch = launch_id(inputs, asked.launch) if field_of(record, "launch") else None
    wanted = {field_named(record, name).name: value for name, value in pairs(where).items()}
    rows = [row for row in inputs.rows(record, launch) if _matches(inputs, row, wanted)]
    columns = [declared.name for declared in fields_of(record)]
    cells = [[_cell(inputs, row, name) for name in columns] for row in rows]
    if csv_:
        from launchpad.export.plain import csv_bytes

        click.echo(csv_bytes(columns, cells).decode("utf-8-sig"), nl=False)
        return
    answer = [{"address": inputs.address(row), **plain_row(inputs, row)} for row in rows]
    used = [place for place, _ in enumerate(columns) if any(row[place] not in ("", None) for row in cells)]
    shown = table(
        f"{record.plural} ({len(rows)})",
        [fields_of(record)[place].label for place in used],
        [[row[place] for place in used] for row in cells],
    )
    asked.answer({"table": record.table, "rows": answer}, shown)


def _matches(inputs: Inputs, row: Record, wanted: Mapping[str, str]) -> bool:
    return all(
        words(_cell(inputs, row, name)).casefold() == value.casefold()
        or str(getattr(row, name)).casefold() == value.casefold()
        for name, value in wanted.items()
    )


def _cell(inputs: Inputs, row: Record, name: str) -> Value:
    declared = field_of(type(row), name)
    value = getattr(row, name)
    if declared is None or value is None:
        return None
    if declared.refers is not None:
        return inputs.part(row, name)
    if declared.in_content:
        return inputs.text(value)
    return format_value(declared, value) if isinstance(value, Estimate | bool) else value


def pairs(assignments: Sequence[str]) -> dict[str, str]:
    """FIELD=VALUE words as a mapping."""
    found: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip():
            raise InvalidValueError(f"{assignment!r} is not of the form FIELD=VALUE.", "Write for example name=Fraud.")
        found[name.strip()] = value
    return found


@click.command("set")
@project_argument
@table_argument
@code_argument
@words_argument
@writing
def set_command(asked: Asked, project: str, table_name: str, code: str, assignments: Sequence[str]) -> None:
    """Set fields of one record; a link record is named by its parts, such as M-004.lite/R-012/propensity."""
    record = table_named(table_name)
    with opened(asked, project) as held:
        launch = launch_id(held.inputs, asked.launch) if field_of(record, "launch") else None
        row = held.inputs.find(record, code, launch)
        proposal = set_words(held.inputs, row, pairs(assignments), launch)
        label = f"Set {', '.join(pairs(assignments))} of {code}"
        held.edit(proposal.changes, label, reason=asked.reason, content=proposal.content)
    said = f"Changed {record.label.lower()} {code}." if proposal.changes else f"{code} already was so."
    asked.answer({"changed": code if proposal.changes else None}, said)


@click.command("add")
@project_argument
@table_argument
@words_argument
@writing
def add_command(asked: Asked, project: str, table_name: str, assignments: Sequence[str]) -> None:
    """Add a record; it gets the next free code unless you give one."""
    record = table_named(table_name)
    with opened(asked, project) as held:
        launch = launch_id(held.inputs, asked.launch)
        proposal = add_words(held.inputs, record, pairs(assignments), launch)
        label = f"Add {record.label.lower()}"
        held.edit(proposal.changes, label, reason=asked.reason, content=proposal.content)
        held.refresh()
        added = held.inputs.get(record, proposal.changes[0].key)
        address = held.inputs.address(added)
        asked.answer({"added": address, **plain_row(held.inputs, added)}, f"Added {record.label.lower()} {address}.")


@click.command("remove")
@project_argument
@table_argument
@code_argument
@writing
def remove_command(asked: Asked, project: str, table_name: str, code: str) -> None:
    """Remove a record together with the records that are part of it; undo brings them back."""
    record = table_named(table_name)
    with opened(asked, project) as held:
        launch = launch_id(held.inputs, asked.launch) if field_of(record, "launch") else None
        changes = remove(held.inputs, held.inputs.find(record, code, launch))
        held.edit(changes, f"Remove {code}", reason=asked.reason)
        asked.answer(
            {"removed": code, "rows": len(changes)},
            f"Removed {record.label.lower()} {code}" + (f" and {len(changes) - 1} rows of it." if changes[1:] else "."),
        )


@click.command("load")
@project_argument
@table_argument
@click.argument("file", metavar="FILE.csv|xlsx")
@writing
def load_command(asked: Asked, project: str, table_name: str, file: str) -> None:
    """Load many records from a table, matched by code: reports what was added, changed, refused."""
    record = table_named(table_name)
    header, rows = read_rows(file)
    refuse_unknown(record, header)
    with opened(asked, project) as held:
        launch = launch_id(held.inputs, asked.launch)
        loaded = load_rows(held.inputs, record, rows, launch)
        held.edit(
            loaded.proposal.changes,
            f"Load {record.plural.lower()}",
            reason=asked.reason,
            content=loaded.proposal.content,
        )
    refused = [{"row": refusal.row, "what": refusal.what} for refusal in loaded.refused]
    asked.answer(
        {
            "table": record.table,
            "added": loaded.added,
            "changed": loaded.changed,
            "unchanged": loaded.unchanged,
            "refused": refused,
        },
        f"{record.plural}: {loaded.added} added, {loaded.changed} changed, {loaded.unchanged} unchanged, "
        f"{len(refused)} refused.",
        *(f"  Row {refusal.row}: {refusal.what}" for refusal in loaded.refused),
    )
    if refused:
        raise click.exceptions.Exit(LOOK_AT_THIS)
