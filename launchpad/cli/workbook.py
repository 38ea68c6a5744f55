"""update: status, owner, dates, notes and effort back from a workbook, shown first and written when agreed to."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, opened, project_argument, show, table, writing
from launchpad.edits.workbook_changes import changes_of
from launchpad.edits.workbook_new import NewWork
from launchpad.edits.workbook_rows import Refused
from launchpad.edits.workbook_update import WorkbookUpdate, update_from
from launchpad.edits.workbook_values import field_shown, shown
from launchpad.edits.workbook_wishes import Proposed
from launchpad.intake.workplan import read_workplan
from launchpad.project import Project
from launchpad.records import Inputs, Team
from launchpad.results.answers_workbook import NewWorkRow, RefusedCell, Updated, UpdatedValue


@click.command("update")
@project_argument
@click.argument("workbook", metavar="WORKPLAN.xlsx")
@click.option("--yes", is_flag=True, help="Write the changes without asking.")
@writing
def update_command(asked: Asked, project: str, workbook: str, *, yes: bool) -> None:
    """Bring status, owner, dates, notes, effort and new rows back from a workbook that people filled in.

    Lists every change first and writes them when agreed to, as one edit. What was also changed in the project since the
    export is a conflict, shown side by side and left unwritten; exit code 1 says that something is left to look at.
    """
    book = read_workplan(Path(workbook))
    with opened(asked, project) as held:
        inputs = held.inputs
        update = update_from(inputs, book, [edit for _, edit in held.journal()], asked.launch)
        wanted = len(update.changes) + len(update.new)
        if not asked.json and not asked.quiet:
            show(*_for_people(inputs, book.path.name, update))
        agreed = bool(wanted) and (yes or _agrees(asked, wanted))
        if agreed:
            _write(held, update, book.path.name, asked.reason)
    asked.answer(_answer(inputs, workbook, update, written=agreed), *_outcome(update, wanted, agreed=agreed))
    if update.conflicts or update.refused or (wanted and not agreed):
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _agrees(asked: Asked, wanted: int) -> bool:
    """Whether the person at the terminal says yes; without one nobody does."""
    if asked.json or asked.quiet or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return click.confirm(f"Write {_counted(wanted, 'change')}?")


def _write(held: Project, update: WorkbookUpdate, name: str, reason: str) -> None:
    proposal = changes_of(held.inputs, update.launch, (*update.changes, *update.new))
    held.edit(proposal.changes, f"Update from {name}", reason=reason, content=proposal.content)


def _outcome(update: WorkbookUpdate, wanted: int, *, agreed: bool) -> list[str]:
    said: list[str] = []
    if agreed:
        said.append(f"Wrote {_counted(wanted, 'change')} as one edit; undo takes them back together.")
    elif wanted:
        said.append("Nothing was written. Give --yes to write the changes.")
    elif update.nothing:
        said.append("The workbook says nothing that the project does not hold already.")
    else:
        said.append("Nothing was written.")
    if update.conflicts:
        said.append(
            f"{_counted(len(update.conflicts), 'conflict')} left unwritten: set the right values in Launchpad "
            "(launchpad set, or File > Update from workbook in the window)."
        )
    return said


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _for_people(inputs: Inputs, name: str, update: WorkbookUpdate) -> list[object]:
    told: list[object] = [f"Note: {remark}" for remark in update.remarks]
    if update.changes:
        columns = ("Work", "Field", "In the project", "In the workbook", "Cell")
        rows = [(one.code, one.field, one.present, one.workbook, _places(one.where)) for one in update.changes]
        told.append(table(f"Changes ({len(rows)})", columns, rows))
    if update.new:
        columns = ("Code", "New work", "Variant", "Says", "Effort", "Row")
        told.append(table(f"New work ({len(update.new)})", columns, [_new_row(inputs, work) for work in update.new]))
    if update.conflicts:
        columns = ("Work", "Field", "As exported", "In the project", f"In {name}", "Cell")
        rows = [_side_by_side(one) for one in update.conflicts]
        told.append(table(f"Conflicts ({len(rows)}): changed on both sides", columns, rows))
    if update.refused:
        rows = [(one.where, one.what) for one in update.refused]
        told.append(table(f"Not taken ({len(rows)})", ("Where", "Why"), rows))
    return told


def _side_by_side(one: Proposed) -> tuple[str, ...]:
    exported = "not known" if one.exported is None else one.exported
    return (one.code, one.field, exported, one.present, one.workbook, _places(one.where))


def _places(where: Sequence[str]) -> str:
    return ", ".join(where)


def _new_row(inputs: Inputs, work: NewWork) -> tuple[str, ...]:
    says = "; ".join(
        f"{field_shown(column).label}: {shown(inputs, column, value)}" for column, value in work.values.items()
    )
    efforts = "; ".join(f"{inputs.get(Team, team).name} {days:g}" for team, days in work.efforts)
    return (work.variant, work.name, work.way, says, efforts, _places(work.where))


def _answer(inputs: Inputs, workbook: str, update: WorkbookUpdate, *, written: bool) -> Updated:
    return {
        "workbook": workbook,
        "launch": update.launch.code,
        "written": written,
        "changes": [_plain(one) for one in update.changes],
        "conflicts": [_plain(one) for one in update.conflicts],
        "new": [_plain_new(inputs, work) for work in update.new],
        "refused": [_plain_refused(one) for one in update.refused],
        "remarks": list(update.remarks),
    }


def _plain(one: Proposed) -> UpdatedValue:
    return {
        "record": one.code,
        "field": one.field,
        "exported": one.exported,
        "project": one.present,
        "workbook": one.workbook,
        "where": list(one.where),
    }


def _plain_new(inputs: Inputs, work: NewWork) -> NewWorkRow:
    return {
        "mitigation": work.code,
        "variant": work.variant,
        "name": work.name,
        "values": {column: shown(inputs, column, value) for column, value in work.values.items()},
        "effort": [{"team": inputs.get(Team, team).code, "days": days} for team, days in work.efforts],
        "where": list(work.where),
    }


def _plain_refused(one: Refused) -> RefusedCell:
    return {"where": one.where, "what": one.what}
