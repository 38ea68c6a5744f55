"""The rows of a returned workbook by the work they are of; what cannot be told apart is named row by row."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from launchpad.changes import Edit
from launchpad.intake.returned import ReturnedWorkbook, WorkbookCell, WorkbookRow, WorkbookTable
from launchpad.records import Evaluation, Inputs, Launch, Mitigation, MitigationVariant, PlanItem


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell or row that is not taken over: where it stands, and why."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Known:
    """One variant (row id) or evaluation of the project, and every row of the workbook that is about it."""

    code: str
    variant: int
    evaluation: bool
    rows: tuple[WorkbookRow, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A row that was added: no key, and no code of the project."""

    table: WorkbookTable
    row: WorkbookRow


@dataclass(frozen=True, slots=True)
class _Project:
    """What rows are looked up in, by codes in small letters.

    `items` are the row ids of every plan item the project ever had; None when its history is not known.
    """

    inputs: Inputs
    launch: Launch
    work: Mapping[str, MitigationVariant | Evaluation]
    mitigations: Mapping[str, Mitigation]
    items: Collection[int] | None


def known_rows(
    inputs: Inputs, book: ReturnedWorkbook, launch: Launch, items: Collection[int] | None
) -> tuple[list[Known], list[Unknown], list[Refused]]:
    """The rows of known work, the rows that were added, and the rows that cannot be taken; `items` as `plan_items`."""
    work = {row.code.casefold(): row for row in (*inputs.rows(Evaluation), *inputs.rows(MitigationVariant))}
    mitigations = {row.code.casefold(): row for row in inputs.rows(Mitigation)}
    project = _Project(inputs, launch, work, mitigations, items)
    groups: dict[str, list[WorkbookRow]] = defaultdict(list)
    added: list[Unknown] = []
    refused: list[Refused] = []
    for table in book.tables:
        doubled = dict(_doubled(table))
        for row in table.rows:
            code = code_of(row)
            if why := doubled.get(row.number) or _unfit(project, row, code):
                refused.append(Refused(row.where, why))
            elif code.casefold() in work:
                groups[code.casefold()].append(row)
            else:
                added.append(Unknown(table, row))
    held = ((work[code], rows) for code, rows in groups.items())
    return [Known(one.code, one.id, isinstance(one, Evaluation), tuple(rows)) for one, rows in held], added, refused


def plan_items(journal: Sequence[Edit]) -> frozenset[int]:
    """The row ids of every plan item there ever was."""
    return frozenset(change.key for edit in journal for change in edit.changes if change.table == PlanItem.table)


def code_of(row: WorkbookRow) -> str:
    """The code a row shows; empty when it shows none."""
    cell = row.cells.get("code")
    return "" if cell is None or cell.value is None else str(cell.value).strip()


def name_of(row: WorkbookRow) -> str:
    """What a row says is done; empty when it says nothing."""
    return text_of(row.cells.get("name"))


def text_of(cell: WorkbookCell | None) -> str:
    """The words of a cell; empty when it holds none, or a formula."""
    return str(cell.value) if cell is not None and cell.kind == "value" and cell.value is not None else ""


def _unfit(project: _Project, row: WorkbookRow, code: str) -> str | None:
    """Why a row cannot be taken; None when it can."""
    cell = row.cells.get("code")
    if cell is not None and cell.kind != "value":
        kind = "a formula" if cell.kind == "formula" else "an error"
        return f"Its code is {kind} ({cell.value}): put the code itself there."
    if row.key is not None:
        return _unlike_its_key(project, row.key, code)
    if code.casefold() in project.work:
        return None
    if row.key_damaged:
        return f"{code or 'The row'} is not in the project, and its hidden Key was changed: clear the Key for new work."
    mitigation = project.mitigations.get(code.casefold())
    if mitigation is not None and mitigation.name.casefold() != name_of(row).casefold():
        return f"{code} is a mitigation of another name: give new work another code, or none."
    return None


def _unlike_its_key(project: _Project, key: Mapping[str, object], code: str) -> str | None:
    exported = str(key["code"])
    if exported.casefold() != code.casefold():
        now = f"now {code}" if code else "now empty"
        return f"Its code was changed: exported as {exported}, {now}. Put {exported} back; codes change in Launchpad."
    item = key.get("item")
    inputs, launch = project.inputs, project.launch
    if isinstance(item, int) and inputs.has(PlanItem, item) and inputs.get(PlanItem, item).launch != launch.id:
        other = inputs.get(Launch, inputs.get(PlanItem, item).launch)
        return f"{exported} comes from a workbook of launch {other.code}; this one is of {launch.code}."
    if isinstance(item, int) and project.items is not None and item not in project.items:
        return f"{exported} comes from the workbook of another project."
    if code.casefold() not in project.work:
        return f"{exported} is not in the project any more, so nothing of this row was taken."
    return None


def _doubled(table: WorkbookTable) -> Iterator[tuple[int, str]]:
    """The rows of a table whose code stands there twice; one team's work on one thing may come in several stretches."""
    places: dict[tuple[str, object], list[WorkbookRow]] = defaultdict(list)
    for row in table.rows:
        start = row.cells.get("start")
        stretch = None if table.of_all_work or start is None else start.value
        if code := code_of(row):
            places[(code.casefold(), stretch)].append(row)
    for rows in places.values():
        if len(rows) > 1:
            numbers = " and ".join(str(row.number) for row in rows)
            for row in rows:
                yield row.number, f"{code_of(row)} stands twice (rows {numbers}): keep one row of it."


def in_order(book: ReturnedWorkbook, refused: Iterable[Refused]) -> tuple[Refused, ...]:
    """What is refused in the order in which a person comes to it: sheet by sheet, row by row."""
    sheets = [table.sheet for table in book.tables]

    def place(one: Refused) -> tuple[int, int, str]:
        sheet = next((number for number, name in enumerate(sheets) if one.where.startswith(name)), len(sheets))
        digits = re.search(r"(\d+)(?: and |$)", one.where)
        return sheet, int(digits[1]) if digits else 0, one.where

    return tuple(sorted(refused, key=place))
