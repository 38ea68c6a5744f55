"""Effort that comes back from a workbook, and rows that people added to it."""

import shutil

import openpyxl
import pytest

from launchpad.changes import update
from launchpad.edits.workbook_changes import changes_of
from launchpad.project import Project
from launchpad.records import Effort, Estimate, Mitigation, MitigationVariant, Team
from tests.returned import (
    SHEETS,
    added,
    cell_of,
    exported,
    filled,
    owner,
    project_with_plan,
    slim,
    standing,
    update_of,
)

WORKPLAN, POLICY, SAFETY = SHEETS
FULL, LITE = "M-01.full", "M-02.lite"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    with project_with_plan(folder) as made:
        slim(exported(made, folder / "w.xlsx"))
    return folder


@pytest.fixture
def book(template, tmp_path):
    return shutil.copy(template / "w.xlsx", tmp_path / "w.xlsx")


@pytest.fixture
def project(template, tmp_path):
    with Project.open(shutil.copy(template / "p.launchpad", tmp_path / "p.launchpad"), author="tests") as opened:
        yield opened


def write(project, found, *also):
    proposal = changes_of(project.inputs, found.launch, (*found.changes, *found.new, *also))
    made = project.edit(proposal.changes, "Update", content=proposal.content)
    project.refresh()
    return made


def test_that_the_effort_of_the_whole_scales_every_teams_estimate(project, book):
    planned = cell_of(openpyxl.load_workbook(book), WORKPLAN, LITE, "Effort").value
    found = update_of(project, filled(book, (WORKPLAN, LITE, "Effort", planned * 2)))
    write(project, found)
    assert project.inputs.find(Effort, f"{LITE}/T-SAFE").days == Estimate(4.0, 6.0, 10.0, "elicited")
    assert update_of(project, filled(book, (WORKPLAN, LITE, "Effort", planned * 2))).nothing


def test_that_a_team_may_say_its_own_effort_in_place_of_the_formula(project, book):
    found = update_of(project, filled(book, (SAFETY, LITE, "Effort", 6.4)))
    assert [(one.code, one.wish.value) for one in found.changes] == [
        (f"{LITE}/T-SAFE", Estimate(4.0, 6.0, 10.0, "elicited"))
    ]
    other = filled(book, (SAFETY, LITE, "Effort", 6.4), (WORKPLAN, LITE, "Effort", 99))
    assert "another effort" in update_of(project, other).refused[0].what


def test_that_effort_changed_meanwhile_is_a_conflict(project, book):
    row = project.inputs.find(Effort, f"{LITE}/T-SAFE")
    project.edit([update(row, days=Estimate(1.0, 1.0, 1.0, "elicited"))], "Meanwhile")
    project.refresh()
    found = update_of(project, filled(book, (WORKPLAN, LITE, "Effort", 6.4)))
    assert [(one.present, one.conflict) for one in found.conflicts] == [("1 (1 to 1)", True)]
    assert found.changes == ()


def test_that_the_effort_of_work_under_way_is_said_as_what_remains(project, book):
    (refused,) = update_of(project, filled(book, (WORKPLAN, FULL, "Effort", 99))).refused
    assert "Remaining" in refused.what


def test_that_a_new_row_becomes_a_mitigation_with_one_variant_its_standing_and_its_teams_effort(project, book):
    def more(opened):
        added(
            opened, POLICY, What_is_done="Ask the press office", Effort=3, Status="Planned", Owner="P-02", Notes="soon"
        )

    back = filled(book, also=more)
    found = update_of(project, back)
    assert [(work.code, work.variant, work.way) for work in found.new] == [("M-04", "M-04.std", "Standard")]
    write(project, found)
    made = project.inputs.find(Mitigation, "M-04")
    assert made.name == "Ask the press office"
    assert owner(project, "M-04") == "P-02"
    held = standing(project, "M-04.std")
    assert (held.status, held.note) == ("planned", "soon")
    assert project.inputs.find(Effort, "M-04.std/T-POL").days.median == 3
    again = update_of(project, back)
    assert again.nothing
    assert "already, as M-04" in again.remarks[0]


def test_that_new_rows_of_one_code_on_several_sheets_are_one_piece_of_work(project, book):
    def more(opened):
        added(opened, WORKPLAN, Code="M-77.small", What_is_done="Hotline", Variant="Small", Status="Idea")
        added(opened, POLICY, Code="M-77.small", What_is_done="Hotline", Effort=2)
        added(opened, SAFETY, Code="M-77.small", What_is_done="Hotline", Effort=5)
        added(opened, WORKPLAN, What_is_done="Another", Effort=1, Teams="t-safe")

    found = update_of(project, filled(book, also=more))
    teams = {row.id: row.code for row in project.inputs.rows(Team)}
    efforts = [
        (work.variant, work.way, sorted((teams[team], days) for team, days in work.efforts)) for work in found.new
    ]
    assert efforts == [
        ("M-77.small", "Small", [("T-POL", 2.0), ("T-SAFE", 5.0)]),
        ("M-04.std", "Standard", [("T-SAFE", 1.0)]),
    ]
    write(project, found)
    assert project.inputs.find(MitigationVariant, "M-77.small").name == "Small"


def test_that_a_new_row_that_says_too_little_is_named(project, book):
    def more(opened):
        added(opened, WORKPLAN, Code="see Ada")
        added(opened, WORKPLAN, Status="Planned")
        added(opened, WORKPLAN, Code="M-01", What_is_done="Another thing")
        added(opened, WORKPLAN, What_is_done="No team", Effort=3)

    found = update_of(project, filled(book, also=more))
    told = [one.what for one in found.refused]
    assert "see Ada is not in the project" in told[0]
    assert "neither a code nor a name" in told[1]
    assert "mitigation of another name" in told[2]
    assert "no team is named" in told[3]
    assert [work.name for work in found.new] == ["No team"]
