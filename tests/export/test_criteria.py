"""Success criteria in the workbook and the JSON, with every mark of how they were set."""

import dataclasses
import json

import openpyxl
import pytest

from launchpad.edits.criteria import seal
from launchpad.export import write
from launchpad.records import EvalResult, Gate, SuccessCriterion
from launchpad.results import compute
from tests.export.conftest import LAUNCH, PLAN, inputs_of, small_records

CRITERION = SuccessCriterion(
    id=450,
    code="SC-1",
    launch=LAUNCH,
    evaluation=70,
    name="=Few refusals",
    direction="at_most",
    threshold=0.2,
    locale="en-GB",
)


def records(criterion):
    rows = [row for row in small_records() if not isinstance(row, EvalResult)]
    results = [row for row in small_records() if isinstance(row, EvalResult)]
    return [*rows, *(dataclasses.replace(row, model="aria-2", stderr=0.03) for row in results), criterion]


def exported(tmp_path, inputs, name):
    path = tmp_path / name
    write(path, inputs, compute(inputs, LAUNCH, PLAN, draws=200), PLAN)
    return path


@pytest.fixture
def inputs():
    plain = inputs_of(*records(CRITERION))
    late = dataclasses.replace(CRITERION, **(seal(plain, CRITERION, "2026-09-30T00:00:00Z")[0].after or {}))
    return inputs_of(*records(late))


def lines(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_that_the_gates_page_lists_the_criteria_with_standing_and_marks(inputs, tmp_path):
    sheet = openpyxl.load_workbook(exported(tmp_path, inputs, "a.xlsx"))["Gates"]
    (line,) = [line for line in lines(sheet) if line[0] == "SC-1"]
    assert line[1] == "=Few refusals"
    assert sheet.cell([row[0] for row in lines(sheet)].index("SC-1") + 1, 2).data_type == "s"
    assert (line[2], line[3], line[4], line[5], line[8]) == ("XSTest, refusals", "en-GB", 0.2, "upper", "met")
    assert (line[11], line[12]) == ("set after results", "2026-09-30")
    assert set(sheet.tables) == {"gates", "criteria"}


def test_that_the_evidence_page_names_method_reported_error_build_and_criteria(inputs, tmp_path):
    found = lines(openpyxl.load_workbook(exported(tmp_path, inputs, "a.xlsx"))["Evidence"])
    header = found[3]
    row = dict(zip(header, next(line for line in found if line[0] == "X-001"), strict=True))
    assert (row["Interval"], row["Reported error"]) == ("wilson 95%", 0.03)
    assert row["Criteria"] == "SC-1 met (set after results)"
    assert row["Build"] == "Its link calls the build same."


def test_that_a_gate_changed_since_its_seal_says_so(inputs, tmp_path):
    gate = inputs.rows(Gate)[0]
    after = seal(inputs, gate, "2026-09-01T00:00:00Z")[0].after or {}
    for fields, words in (({}, "2026-09-01"), ({"threshold": 0.3}, "changed since sealed")):
        changed = dataclasses.replace(gate, **{**after, **fields})
        held = inputs.with_rows({"gate": (changed, *inputs.rows(Gate)[1:])}, inputs.head)
        sheet = openpyxl.load_workbook(exported(tmp_path, held, f"{words[:4]}.xlsx"))["Gates"]
        assert next(line for line in lines(sheet) if line[0] == "G-1")[12] == words


def test_that_without_criteria_the_page_says_so(tmp_path):
    sheet = openpyxl.load_workbook(exported(tmp_path, inputs_of(*small_records()), "a.xlsx"))["Gates"]
    assert "No success criteria were set." in [line[0] for line in lines(sheet)]


def test_that_the_json_says_where_each_criterion_stands(inputs, tmp_path):
    whole = json.loads(exported(tmp_path, inputs, "a.json").read_text(encoding="utf-8"))
    (found,) = whole["criteria"]
    assert (found["code"], found["standing"], found["marks"]) == ("SC-1", "met", ["set after results"])
