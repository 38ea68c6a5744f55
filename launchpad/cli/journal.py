"""check, history, revert: the journal at work."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from launchpad.changes import Edit
from launchpad.cli.asked import (
    LOOK_AT_THIS,
    Asked,
    arrivals,
    launch_id,
    opened,
    project_argument,
    read,
    reading,
    table,
    writing,
)
from launchpad.errors import UnknownRecordError
from launchpad.results import check
from launchpad.store import Finding
from launchpad.store import repair as write_repaired


@click.command("check")
@project_argument
@click.option("--head", metavar="HASH", help="Is this journal head, as printed on an export, in the file?")
@click.option("--repair", metavar="OUT", help="Write a repaired copy, rows restored from the journal.")
@click.option("--strict", is_flag=True, help="Exit with 1 for model warnings too.")
@reading
def check_command(asked: Asked, project: str, head: str | None, repair: str | None, strict: bool) -> None:
    """Check the file (integrity, keys, schema, journal) and what a person should be told of the model."""
    with read(project) as file:
        findings = [_finding(found) for found in file.check(head)]
        inputs = file.inputs()
        seen = arrivals(file, inputs)
    repaired = [] if repair is None else [_finding(found) for found in write_repaired(Path(project), Path(repair))]
    warnings = [
        {"record": warning.record, "field": warning.field, "message": warning.message}
        for warning in check(inputs, launch_id(inputs, asked.launch), seen)
    ]
    said = "The file is intact." if not findings else f"{len(findings)} things are wrong with the file:"
    asked.answer(
        {
            "intact": not findings,
            "findings": findings,
            "repaired": None if repair is None else {"wrote": repair, "findings": repaired},
            "warnings": warnings,
            "head": inputs.head,
        },
        said,
        *(f"  {found['message']}" for found in findings),
        *([] if repair is None else [f"Wrote a repaired copy: {repair}.", *(f"  {f['message']}" for f in repaired)]),
        f"{len(warnings)} things to look at in the model." if warnings else "Nothing to look at in the model.",
        *(f"  {warning['record']}: {warning['message']}" for warning in warnings),
    )
    if findings or (strict and warnings):
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "part": found.part,
        "message": found.message,
        "table": found.table or None,
        "key": found.key,
        "field": found.field or None,
    }


@click.command("history")
@project_argument
@click.option("--last", type=click.IntRange(1), help="Only so many, newest last.")
@reading
def history_command(asked: Asked, project: str, last: int | None) -> None:
    """List every edit: who, when, what, why."""
    with read(project) as file:
        edits = file.journal()
    shown = edits[-last:] if last else edits
    asked.answer(
        {"edits": [_as_json(number, edit) for number, edit in shown]},
        table(
            "History",
            ("", "Edit", "When (UTC)", "Who", "What", "Why", "Rows"),
            [
                (
                    number,
                    edit.uuid[:8],
                    edit.at,
                    edit.author,
                    edit.label,
                    edit.reason or None,
                    len(edit.changes),
                )
                for number, edit in shown
            ],
        ),
    )


def _as_json(number: int, edit: Edit) -> Mapping[str, Any]:
    return {
        "number": number,
        "edit": edit.uuid,
        "parents": list(edit.parents),
        "author": edit.author,
        "at": edit.at,
        "label": edit.label,
        "reason": edit.reason,
        "batch": edit.batch,
        "undoes": edit.undoes,
        "sha256": edit.sha256,
        "changes": [
            {"table": change.table, "key": change.key, "before": change.before, "after": change.after}
            for change in edit.changes
        ],
    }


@click.command("revert")
@project_argument
@click.argument("edit", metavar="EDIT")
@writing
def revert_command(asked: Asked, project: str, edit: str) -> None:
    """Take one edit back, as a new edit; refused where its fields were changed since."""
    with opened(asked, project) as held:
        found = [known for _, known in held.journal() if known.uuid.startswith(edit)]
        if len(found) != 1:
            what = "No edit" if not found else "More than one edit"
            raise UnknownRecordError(f"{what} begins with {edit!r}.", "launchpad history lists them.")
        taken = found[0]
        held.revert(taken.uuid, reason=asked.reason)
    asked.answer({"reverted": taken.uuid}, f"Reverted {taken.label!r}.")
