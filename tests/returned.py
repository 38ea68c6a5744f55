"""A project with a plan, its workbook, and what people do to a workbook before they send it back."""

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from launchpad.changes import insert
from launchpad.edits.workbook_update import WorkbookUpdate, update_from
from launchpad.export import write
from launchpad.intake.workplan import read_workplan
from launchpad.project import Project
from launchpad.records import Mitigation, MitigationVariant, Person, ProjectInfo, Standing
from launchpad.results import compute
from tests.export.conftest import LAUNCH, PLAN, small_records

NAME = "Ada Lindqvist"
SHEETS = ("Workplan", "Policy- rules-answers", "Safety training")


def project_with_plan(folder: Path) -> Project:
    """A project file with the small launch of the exports, two teams and a plan of three items."""
    project = Project.create(folder / "p.launchpad", name="Sample", author="tests")
    sha256 = hashlib.sha256(NAME.encode()).hexdigest()
    rows = [row for row in small_records() if not isinstance(row, ProjectInfo)]
    rows = [dataclasses.replace(row, name=sha256) if isinstance(row, Person) and row.name else row for row in rows]
    project.edit([insert(row) for row in rows], "Small launch", content={sha256: NAME.encode()})
    project.refresh()
    return project


def exported(project: Project, path: Path) -> Path:
    """The workbook of the project as it is now."""
    write(path, project.inputs, compute(project.inputs, LAUNCH, PLAN, draws=100), PLAN)
    return path


def slim(path: Path) -> Path:
    """The same workbook with no sheet but those that come back, so that tests need not write the others each time."""
    book = openpyxl.load_workbook(path)
    for name in [name for name in book.sheetnames if name not in SHEETS]:
        del book[name]
    book.save(path)
    return path


def header(sheet: Any) -> tuple[int, dict[str, int]]:
    """The row of a sheet's header, and the column of each of its titles."""
    for row in sheet.iter_rows(max_row=60):
        titles = {cell.value: cell.column for cell in row if isinstance(cell.value, str)}
        if {"Code", "Status"} <= set(titles):
            return row[0].row, titles
    raise LookupError(sheet.title)


def cell_of(book: Any, sheet: str, code: str, title: str) -> Any:
    """The cell of a piece of work in the column of this title."""
    held = book[sheet]
    row, titles = header(held)
    for number in range(row + 1, held.max_row + 1):
        if held.cell(number, titles["Code"]).value == code:
            return held.cell(number, titles[title])
    raise LookupError(code)


def filled(path: Path, *cells: tuple[str, str, str, object], also: Callable[[Any], object] | None = None) -> Path:
    """A copy of a workbook in which (sheet, code, title, value) was typed, and something else done with it."""
    book = openpyxl.load_workbook(path)
    for sheet, code, title, value in cells:
        cell = cell_of(book, sheet, code, title)
        cell.value = value
        if title == "Notes":
            cell.data_type = "s" if isinstance(value, str) else cell.data_type  # words, also behind an equals sign
    if also is not None:
        also(book)
    out = path.with_name(f"{path.stem}-back.xlsx")
    book.save(out)
    return out


def added(book: Any, sheet: str, **values: object) -> int:
    """The number of a row typed below the last one of a sheet; `What_is_done="..."` names the column What is done."""
    held = book[sheet]
    _, titles = header(held)
    number = held.max_row + 1
    for title, value in values.items():
        held.cell(number, titles[title.replace("_", " ")]).value = value
    return number


def update_of(project: Project, path: Path, launch: str | None = None) -> WorkbookUpdate:
    """What a workbook would change in the project."""
    return update_from(project.inputs, read_workplan(path), [edit for _, edit in project.journal()], launch)


def said(update: WorkbookUpdate) -> list[tuple[str, str, str]]:
    """The changes as code, field and the words of the workbook."""
    return sorted((one.code, one.field, one.workbook) for one in update.changes)


def standing(project: Project, code: str) -> Standing | None:
    """The standing of a variant."""
    variant = project.inputs.find(MitigationVariant, code)
    return next((row for row in project.inputs.rows(Standing, LAUNCH) if row.variant == variant.id), None)


def owner(project: Project, code: str) -> str:
    """The code of the owner of a mitigation."""
    row = project.inputs.find(Mitigation, code)
    return "" if row.owner is None else project.inputs.get(Person, row.owner).code
