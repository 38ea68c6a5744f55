"""The workbook says what the program says, after an engine that is not ours has calculated it anew."""

import random
import subprocess

import openpyxl
import pytest

from launchpad.errors import ExportError
from launchpad.export import cover, register, write
from launchpad.export.workbook import sheet_name
from launchpad.records import Scenario
from launchpad.results import compute
from tests.export.conftest import LAUNCH, PLAN, inputs_of, small_records

TOLERANCE = 1e-6


@pytest.fixture
def results(small):
    return compute(small, LAUNCH, PLAN, draws=500)


@pytest.fixture
def book(small, results, tmp_path):
    path = tmp_path / "workplan.xlsx"
    write(path, small, results, PLAN)
    return path


def cells(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def formulas(path):
    return [
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.libreoffice
def test_that_every_formula_comes_out_of_libreoffice_as_the_program_has_it(book, results, tmp_path):
    ours, live = cells(book), formulas(book)
    out = tmp_path / "recalculated"
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", out, book],
        check=True,
        capture_output=True,
        timeout=120,
    )
    theirs = cells(out / book.name)
    assert len(live) > 20
    for place in live:
        assert theirs[place] == pytest.approx(ours[place], rel=TOLERANCE), place
    for state in ("inherent", "current", "planned"):
        total = results.totals[state]
        assert total is not None
        place = register.total_cell(register.technical_title(state, "beta")).replace("$", "")
        assert theirs["Register", place] == pytest.approx(total.technical, rel=TOLERANCE)
        place = register.total_cell(f"{register.REPUTATIONAL}{state}").replace("$", "")
        assert theirs["Register", place] == pytest.approx(total.reputational, rel=TOLERANCE)


def test_that_a_viewer_without_an_engine_finds_every_number_beside_its_formula(book):
    values = cells(book)
    assert all(isinstance(values.get(place), int | float) for place in formulas(book))


def test_that_the_pages_are_those_people_look_for_and_each_team_has_its_own(book):
    titles = openpyxl.load_workbook(book).sheetnames
    assert titles[:2] == ["Cover", "Workplan"]
    assert "Policy- rules-answers" in titles
    assert {"Load", "Register", "Evidence", "Gates", "Left out", "Method", "Data dictionary"} <= set(titles)


def test_that_a_team_sheet_holds_that_teams_work_only(book):
    sheet = openpyxl.load_workbook(book)["Policy- rules-answers"]
    codes = [row[1].value for row in sheet.iter_rows(min_row=5) if row[1].value]
    assert codes == ["M-01.full"]


def test_that_what_is_restricted_stays_inside(book):
    assert not [place for place, value in cells(book).items() if "canary" in str(value)]


def test_that_the_cover_carries_the_journal_head_and_the_gates(book, small, results):
    shown = {str(value) for (title, _), value in cells(book).items() if title == "Cover"}
    assert small.head in shown
    assert {gate.verdict for gate in results.gates} <= shown
    assert cover.OVERLAP_LABELS["beta"] in shown


def test_that_ten_thousand_random_strings_make_no_formula_and_no_link(tmp_path):
    chance = random.Random(11)
    letters = "=+-@\t\rabc (){}<>&\"'/:.!|0159\x00\x07\u2028\U0001f600"
    words = ["".join(chance.choices(letters, k=chance.randint(1, 20))) for _ in range(10_000)]
    words[:4] = ['=HYPERLINK("http://x")', "http://x.example", "=1+1", "x" * 40_000]
    area = next(row for row in small_records() if row.table == "risk_area")
    tail = [
        Scenario(id=10_000 + place, code=f"X-{place}", launch=LAUNCH, name=word or "x", risk_area=area.id)
        for place, word in enumerate(words)
    ]
    inputs = inputs_of(*small_records(), *tail)
    path = tmp_path / "strings.xlsx"
    write(path, inputs, compute(inputs, LAUNCH, PLAN, draws=100), PLAN)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert cell.value not in words, (sheet.title, cell.coordinate, cell.value)


@pytest.mark.parametrize(("name", "says"), [("plan.docx", "xlsx"), ("plan", "xlsx")])
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
