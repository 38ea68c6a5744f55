"""The workbook says what the program says, after an engine that is not ours has calculated it anew."""

import dataclasses
import json
import random
import re
import zipfile
from typing import Any

import openpyxl
import pytest

from launchpad.errors import ExportError
from launchpad.export import cover, register, write
from launchpad.export.style import VERDICTS
from launchpad.export.workbook import AFTER_TEAMS, sheet_name
from launchpad.records import EvalResult, Evaluation, Gate, Launch, Mitigation, MitigationVariant, Plan, Scenario, Team
from launchpad.results import compute
from tests.export.conftest import LAUNCH, PLAN, inputs_of, small_records
from tests.export.engine import cells, differences, formulas, recalculated, spoiled

TOLERANCE = 1e-6


@pytest.fixture
def results(small):
    return compute(small, LAUNCH, PLAN, draws=500)


@pytest.fixture
def book(small, results, tmp_path):
    path = tmp_path / "workplan.xlsx"
    write(path, small, results, PLAN)
    return path


def written_formulas(path):
    """Every formula as it stands in the file, page by page."""
    with zipfile.ZipFile(path) as book:
        pages = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/"))
        return [re.findall(b"<f[ >].*?</f>", book.read(name)) for name in pages]


@pytest.mark.libreoffice
def test_that_every_formula_comes_out_of_libreoffice_as_the_program_has_it(book, results, tmp_path):
    given = spoiled(book, tmp_path / "given.xlsx")
    theirs, live = cells(recalculated(given, tmp_path)), formulas(book)
    assert len(live) > 250
    assert not differences(cells(book), theirs, live)
    for state in ("inherent", "current", "planned"):
        total = results.totals[state]
        assert total is not None
        place = register.total_cell(register.technical_title(state, "beta")).replace("$", "")
        assert theirs["Register", place] == pytest.approx(total.technical, rel=TOLERANCE)
        place = register.total_cell(f"{register.REPUTATIONAL}{state}").replace("$", "")
        assert theirs["Register", place] == pytest.approx(total.reputational, rel=TOLERANCE)


def test_that_a_viewer_without_an_engine_finds_every_number_beside_its_formula(book):
    values = cells(book)
    assert all(isinstance(values.get(place), int | float | str) for place in formulas(book))


def test_that_the_pages_are_those_people_look_for_and_each_team_has_its_own(book):
    titles = openpyxl.load_workbook(book).sheetnames
    assert titles[:2] == ["Cover", "Workplan"]
    assert "Policy- rules-answers" in titles
    assert {"Load", "Register", "Evidence", "Gates", "Left out", "Method", "Data dictionary"} <= set(titles)


def test_that_a_team_sheet_holds_that_teams_work_only(book):
    sheet = openpyxl.load_workbook(book)["Policy- rules-answers"]
    codes = [row[1].value for row in sheet.iter_rows(min_row=5) if row[1].value]
    assert codes == ["M-01.full"]


@pytest.mark.parametrize("ending", [".xlsx", ".json", ".csv"])
def test_that_what_is_restricted_stays_inside(tmp_path, small, results, ending):
    path = tmp_path / f"out{ending}"
    write(path, small, results, PLAN)
    if ending == ".xlsx":
        with zipfile.ZipFile(path) as book:
            assert not [name for name in book.namelist() if b"canary" in book.read(name)]
    assert b"canary" not in path.read_bytes()


def test_that_json_carries_the_scores_without_withheld_names(tmp_path, small, results):
    write(tmp_path / "out.json", small, results, PLAN)
    score = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["score"]
    assert [row["name"] for row in score["scenarios"]] == ["Hateful stories", None, "Safe questions refused"]
    assert score["totals"]["current"]["technical"] == results.totals["current"].technical


def test_that_a_csv_holds_the_workplan_and_without_one_the_scenarios(tmp_path, small, results):
    write(tmp_path / "plan.csv", small, results, PLAN)
    lines = (tmp_path / "plan.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("1,M-01.full,Refusal training,full,Safety training; Policy: rules/answers,10.35,")
    write(tmp_path / "scenarios.csv", small, results, None)
    assert (tmp_path / "scenarios.csv").read_text(encoding="utf-8-sig").startswith("code,launch,name,")
    write(tmp_path / "teams.csv", small, results, PLAN, table="team")
    assert (tmp_path / "teams.csv").read_text(encoding="utf-8-sig").startswith("code,name,weekdays")


def test_that_the_cover_carries_the_journal_head_and_the_gates(book, small, results):
    shown = {str(value) for (title, _), value in cells(book).items() if title == "Cover"}
    assert small.head in shown
    assert {gate.verdict for gate in results.gates} <= shown
    assert cover.OVERLAP_LABELS["beta"] in shown


def test_that_each_verdict_keeps_its_colour_on_every_row(book):
    sheet = openpyxl.load_workbook(book, data_only=True)["Gates"]
    shown = {sheet.cell(row, 9).value: sheet.cell(row, 9) for row in (5, 6)}
    for verdict, cell in shown.items():
        assert cell.style == f"Launchpad {VERDICTS[verdict]} verdict"
        rules = [area for area in sheet.conditional_formatting if cell.coordinate in area.cells]
        assert sum(f'"{verdict}"' in rule.formula[0] for area in rules for rule in area.rules) == 1


def test_that_lists_can_be_filtered_read_and_printed(book):
    opened = openpyxl.load_workbook(book)
    for name in ("Workplan", "Register", "Evidence", "Gates", "Left out", "Data dictionary"):
        sheet = opened[name]
        assert all(table.autoFilter is not None for table in sheet.tables.values())
        assert sheet.freeze_panes
        assert sheet.print_title_rows == "$4:$4"
        assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)
    assert not opened["Cover"].sheet_view.showGridLines
    assert [offer.sqref for offer in opened["Workplan"].data_validations.dataValidation]


def test_that_the_file_names_its_maker(tmp_path, small, results):
    write(tmp_path / "a.xlsx", small, results, PLAN, author="P-01")
    about = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert (about.creator, about.title) == ("P-01", "Workplan: Aria 2")


def test_that_text_which_looks_like_a_formula_stays_text_when_it_is_edited(book):
    found = [
        cell
        for row in openpyxl.load_workbook(book)["Left out"].iter_rows()
        for cell in row
        if str(cell.value).startswith(("=cmd", "-costs"))
    ]
    assert [(cell.data_type, cell.quotePrefix) for cell in found] == [("s", True), ("s", True)]


def test_that_a_team_sheet_says_how_full_the_team_is(book):
    values = {coordinate: value for (title, coordinate), value in cells(book).items() if title == "Safety training"}
    assert values["E3"] == pytest.approx(8.25 + 3.2)
    assert values["G3"] == pytest.approx((8.25 + 3.2) / values["F3"])


def test_that_teams_called_like_other_pages_get_pages_of_their_own(tmp_path, small):
    names = ["Load", "register"]
    teams = tuple(
        Team(id=team.id, code=team.code, name=name) for team, name in zip(small.rows(Team), names, strict=True)
    )
    inputs = small.with_rows({"team": teams}, small.head)
    path = tmp_path / "teams.xlsx"
    write(path, inputs, compute(inputs, LAUNCH, PLAN, draws=100), PLAN)
    assert openpyxl.load_workbook(path).sheetnames == ["Cover", "Workplan", "Load (2)", "register (2)", *AFTER_TEAMS]
    values = cells(path)
    assert all(isinstance(values.get(place), int | float | str) for place in formulas(path))


def test_that_a_failing_temporary_folder_is_named(tmp_path, small, results, monkeypatch):
    def full(*_args, **_named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", full)
    with pytest.raises(ExportError, match="No space left") as told:
        write(tmp_path / "a.xlsx", small, results, PLAN)
    assert "temporary files" in told.value.hint
    assert not list(tmp_path.iterdir())


def test_that_ten_thousand_random_strings_make_no_formula_and_no_link(tmp_path, book):
    chance = random.Random(11)
    letters = "=+-@\t\rabc (){}<>&\"'/:.!|0159\x00\x07\u2028\U0001f600"
    words = ["".join(chance.choices(letters, k=chance.randint(1, 20))) for _ in range(10_000)]
    words[:5] = ['=HYPERLINK("http://x")', "http://x.example", "=1+1", "x" * 40_000, "#REF!"]
    rest = iter(words)
    known = [
        dataclasses.replace(row, name=next(rest))
        if isinstance(row, Team | Mitigation | MitigationVariant | Scenario | Launch | Plan | Gate)
        else row
        for row in small_records()
    ]
    odd = [
        EvalResult(
            id=10**6 + number,
            code=f"Y-{number}",
            evaluation=70,
            model=model,
            part=part,
            source=source,
            note=note,
            status="complete",
            harness="inspect",
            in_place="none",
        )
        for number, (model, part, source, note) in enumerate(zip(rest, rest, rest, rest, strict=False))
    ]
    inputs = inputs_of(*known, *odd)
    path = tmp_path / "strings.xlsx"
    write(path, inputs, compute(inputs, LAUNCH, PLAN, draws=100), PLAN)
    with zipfile.ZipFile(path) as strings:
        assert not [name for name in strings.namelist() if b"hyperlink" in strings.read(name)]
    assert written_formulas(path) == written_formulas(book)


@pytest.mark.parametrize(("name", "says"), [("plan.doc", "xlsx"), ("plan", "xlsx")])
def test_that_an_unknown_ending_is_refused_with_those_there_are(tmp_path, small, results, name, says):
    with pytest.raises(ExportError, match=name) as refused:
        write(tmp_path / name, small, results, PLAN)
    assert says in refused.value.hint
    assert not (tmp_path / name).exists()


def test_that_a_launch_without_plan_is_exported_with_what_is_known(tmp_path, small):
    path = tmp_path / "noplan.xlsx"
    write(path, small, compute(small, LAUNCH, draws=100), None)
    assert any("There is no plan yet" in str(value) for value in cells(path).values())


def test_that_an_old_file_stays_when_the_new_one_cannot_be_made(tmp_path, small, results):
    target = tmp_path / "plan.txt"
    target.write_text("yesterday's", encoding="utf-8")
    with pytest.raises(ExportError):
        write(target, small, results, PLAN)
    assert target.read_text(encoding="utf-8") == "yesterday's"


@pytest.mark.parametrize("title", ["", "a/b:c", "x" * 60, "'quoted'", "History"])
def test_that_any_team_name_makes_a_sheet_name(title):
    name = sheet_name(title, ["cover"])
    assert 0 < len(name) <= 31
    assert not set(name) & set("\\/*?:[]")
    assert sheet_name(title, [name]) != name


def test_that_the_file_says_whose_it_is_and_each_row_what_it_held(book, small):
    opened: Any = openpyxl.load_workbook(book, data_only=True)  # its types do not know of custom properties
    said = {name: opened.custom_doc_props[name].value for name in opened.custom_doc_props.names}
    assert (said["LaunchpadProject"], said["LaunchpadHead"]) == ("u-1", small.head)
    assert (said["LaunchpadLaunch"], said["LaunchpadPlan"], said["LaunchpadFormat"]) == ("L-1", "PL-1", "1")
    sheet = opened["Workplan"]
    header = [cell.value for cell in sheet[4]]
    held = json.loads(str(sheet.cell(5, header.index("Key") + 1).value))
    assert (held["code"], held["status"], held["started"]) == ("M-01.full", "Started", "2026-09-28")
    assert held["effort"] == pytest.approx(8.25 + 2.1)
    assert sheet.column_dimensions["V"].hidden


def test_that_the_calendar_marks_work_freeze_and_launch(book):
    sheet = openpyxl.load_workbook(book)["Gantt"]
    marks = [cell.value for cell in sheet[5]]
    assert {"F", "L"} <= set(marks)
    row = next(row for row in sheet.iter_rows(min_row=6) if row[0].value == "M-01.full")
    assert [cell.value for cell in row].count("■") == 9  # the 12th is a day off of the one team at work
    assert sheet.print_title_rows == "$4:$5"


def test_that_the_trade_offs_have_three_native_charts(book):
    with zipfile.ZipFile(book) as file:
        assert sum(name.startswith("xl/charts/chart") for name in file.namelist()) == 3


def test_that_the_name_of_an_evaluation_about_a_restricted_area_stays_inside(tmp_path, small):
    evaluation = dataclasses.replace(small.get(Evaluation, 70), name="canary-evaluation", task="canary-task")
    gates = tuple(dataclasses.replace(row, verified_by=70) for row in small.rows(Gate))
    inputs = small.with_rows({"evaluation": (evaluation,), "gate": gates}, small.head)
    write(tmp_path / "a.xlsx", inputs, compute(inputs, LAUNCH, PLAN, draws=100), PLAN)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        assert not [name for name in file.namelist() if b"canary" in file.read(name)]
