"""Out as a workbook, through other programs and people's hands, and back: exactly what was typed, nothing else."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchpad.changes import update
from launchpad.edits.workbook_changes import changes_of
from launchpad.project import Project
from launchpad.records import Mitigation
from launchpad.records.links import STANDINGS
from tests.export.test_workbook import recalculated
from tests.returned import (
    SHEETS,
    added,
    cell_of,
    exported,
    filled,
    header,
    owner,
    project_with_plan,
    said,
    slim,
    standing,
    update_of,
)

WORKPLAN, POLICY, SAFETY = SHEETS
FULL, LITE = "M-01.full", "M-02.lite"
ODD = "=SUM(1)\n_x003D_ <b>&amp;</b> +1 @x “quotes” 日本語"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """The project, its whole workbook, and the sheets of it that come back alone."""
    folder = tmp_path_factory.mktemp("template")
    with project_with_plan(folder) as made:
        note = update(standing(made, FULL), note=ODD, remaining_days=2.5)
        made.edit([note], "An odd note")
        made.refresh()
        exported(made, folder / "whole.xlsx")
        slim(Path(shutil.copy(folder / "whole.xlsx", folder / "w.xlsx")))
    return folder


@pytest.fixture
def project(template, tmp_path):
    with Project.open(shutil.copy(template / "p.launchpad", tmp_path / "p.launchpad"), author="tests") as opened:
        yield opened


@pytest.fixture
def book(template, tmp_path):
    return shutil.copy(template / "w.xlsx", tmp_path / "w.xlsx")


TYPED = (
    (WORKPLAN, LITE, "Status", "In place"),
    (WORKPLAN, LITE, "Started", dt.date(2026, 10, 12)),
    (WORKPLAN, LITE, "Owner", "Ada Lindqvist"),
    (POLICY, FULL, "Notes", "plain words"),
    (SAFETY, FULL, "Remaining", 1.75),
)
CHANGED = [
    (FULL, "Note", "plain words"),
    (FULL, "Remaining effort", "1.75"),
    (LITE, "Owner", "P-01 Ada Lindqvist"),
    (LITE, "Started", "2026-10-12"),
    (LITE, "Status", "In place"),
]


@pytest.mark.libreoffice
def test_that_libreoffice_hands_back_exactly_what_was_typed(template, project, tmp_path):
    whole = shutil.copy(template / "whole.xlsx", tmp_path / "whole.xlsx")
    untouched = update_of(project, recalculated(whole, tmp_path / "a"))
    assert untouched.nothing
    assert untouched.remarks == ()
    found = update_of(project, recalculated(filled(whole, *TYPED), tmp_path / "b"))
    assert said(found) == CHANGED
    assert (found.conflicts, found.refused, found.new, found.remarks) == ((), (), (), ())


@pytest.mark.libreoffice
def test_that_a_new_row_and_an_effort_come_back_through_libreoffice(template, project, tmp_path):
    whole = shutil.copy(template / "whole.xlsx", tmp_path / "whole.xlsx")
    planned = cell_of(openpyxl.load_workbook(whole), WORKPLAN, LITE, "Effort").value

    def more(opened):
        added(opened, POLICY, What_is_done="Ask the press office", Effort=3, Status="Planned")

    found = update_of(
        project, recalculated(filled(whole, (WORKPLAN, LITE, "Effort", planned * 2), also=more), tmp_path / "b")
    )
    assert [(one.code, one.present) for one in found.changes] == [(f"{LITE}/T-SAFE", "3 (2 to 5)")]
    assert found.changes[0].workbook.endswith("6 (4 to 10)")
    assert [(work.name, work.efforts) for work in found.new] == [("Ask the press office", ((10, 3.0),))]
    assert found.refused == ()


def reversed_rows(opened, sheet):
    """Sort a sheet the other way round, as a person sorts by any column."""
    held = opened[sheet]
    top, titles = header(held)
    rows = [[(cell.value, cell.data_type) for cell in row] for row in held.iter_rows(min_row=top + 1)]
    for number, row in enumerate(reversed(rows), start=top + 1):
        for place in titles.values():
            cell = held.cell(number, place)
            cell.value, cell.data_type = row[place - 1]


def moved(opened):
    """Everything people do to a workbook that has nothing to do with what they say in it."""
    for number, sheet in enumerate(SHEETS):
        held = opened[sheet]
        reversed_rows(opened, sheet)
        held.insert_cols(2)
        held.cell(header(held)[0], 2).value = "My own"
        held.insert_cols(6, 2)
        held.insert_rows(1, 3)
        held["A1"] = "Please fill in by Friday"
        held.column_dimensions["H"].hidden = True
        held.tables.clear()
        held.title = f"Team {number}"
    opened._sheets.reverse()


def test_that_sorting_inserting_hiding_and_renaming_changes_nothing_of_what_is_read(project, book):
    assert update_of(project, filled(book, also=moved)).nothing
    found = update_of(project, filled(book, *TYPED, also=moved))
    assert said(found) == CHANGED
    assert (found.conflicts, found.refused, found.new) == ((), (), ())


def test_that_a_deleted_row_is_not_work_that_was_dropped(project, book):
    def less(opened):
        for sheet in SHEETS:
            held = opened[sheet]
            held.delete_rows(header(held)[0] + 1)

    found = update_of(project, filled(book, also=less))
    assert found.nothing
    assert len(project.inputs.rows(Mitigation)) == 3


def test_that_a_deleted_column_is_remarked_and_the_others_are_read(project, book):
    def less(opened):
        held = opened[WORKPLAN]
        held.delete_cols(header(held)[1]["Owner"])

    found = update_of(project, filled(book, (WORKPLAN, LITE, "Status", "Done"), also=less))
    assert said(found) == [(LITE, "Status", "Done")]
    assert "Workplan has no column Owner any more" in found.remarks[0]


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).map(str.strip).filter(bool)
SINCE = dt.date(2026, 11, 1)
VALUES = {
    "Status": st.sampled_from(sorted(STANDINGS.values())),
    "Owner": st.sampled_from(["P-01", "p-02", "Ada Lindqvist", None]),
    "Started": st.dates(dt.date(2026, 8, 1), SINCE),
    "Finished": st.dates(SINCE, dt.date(2027, 3, 1)),
    "Remaining": st.floats(0, 500).map(lambda days: round(days, 2)),
    "Actual": st.integers(0, 500),
    "Notes": WORDS,
}
EDITS = st.dictionaries(
    st.tuples(st.sampled_from([FULL, LITE]), st.sampled_from(sorted(VALUES))), st.none(), max_size=8
).flatmap(lambda asked: st.fixed_dictionaries({place: VALUES[place[1]] for place in asked}))
TEAMS = {FULL: (WORKPLAN, POLICY, SAFETY), LITE: (WORKPLAN, SAFETY)}


def held_in(project: Project, code: str, title: str) -> object:
    """What the project holds for a column of the workbook."""
    if title == "Owner":
        return owner(project, code.partition(".")[0])
    found: Any = standing(project, code)
    names = {"Remaining": "remaining_days", "Actual": "actual_days", "Notes": "note"}
    value = getattr(found, names.get(title, title.lower()), None)
    return STANDINGS[str(value or "idea")] if title == "Status" else value


def meant(title: str, typed: object) -> object:
    """What is to be held when this was typed."""
    if title == "Owner":
        return {"p-02": "P-02", "P-01": "P-01", "Ada Lindqvist": "P-01", "None": ""}[str(typed)]
    return typed.isoformat() if isinstance(typed, dt.date) else typed


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(edits=EDITS, data=st.data())
def test_that_what_was_typed_and_nothing_else_is_held_and_exported_afterwards(project, book, edits, data):
    before = {(code, title): held_in(project, code, title) for code in TEAMS for title in VALUES}
    cells = [(data.draw(st.sampled_from(TEAMS[code])), code, title, typed) for (code, title), typed in edits.items()]
    back = filled(exported_anew(project, book), *cells, also=moved if data.draw(st.booleans()) else None)
    found = update_of(project, back)
    assert (found.conflicts, found.refused, found.new) == ((), (), ())
    proposal = changes_of(project.inputs, found.launch, found.changes)
    project.edit(proposal.changes, "Update")
    project.refresh()
    wanted = before | {(code, title): meant(title, typed) for (code, title), typed in edits.items()}
    assert {place: held_in(project, *place) for place in wanted} == wanted
    assert update_of(project, back).nothing
    assert update_of(project, exported_anew(project, book)).nothing


def exported_anew(project, book: Path) -> Path:
    """The workbook of the project as it is now, beside the first."""
    return slim(exported(project, book.with_name("anew.xlsx")))
