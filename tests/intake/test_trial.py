import json

import openpyxl
import pytest

from launchpad.errors import ImportRefusedError, InvalidValueError
from launchpad.intake import Mapping, Refused, beginnings, doubts, read, read_all, trial

SURE = "Evaluation,Model,Metric,Value,N\nCyberQA,acme-7b,refusal rate,0.93,400\n"
UNKNOWN = "Suite;Arm;Rate of refusals;Asked\nCyber;acme-7b;0,93;1.000\n"
MAPPING = Mapping(
    columns={"task": "Suite", "model": "Arm", "value": "Rate of refusals", "n": "Asked"}, rows="results", decimal=","
)


@pytest.fixture
def write(tmp_path):
    def write_file(content, name="results.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write_file


def test_that_a_header_that_says_it_all_raises_no_doubt(write):
    assert doubts(write(SURE)) == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Category,acme-7b,acme-70b\ncyber,0.9,0.95\n", "taken for a model: acme-7b, acme-70b"),
        ("Model,accuracy,asr\nacme,0.9,0.1\n", "taken for a metric"),
        ("Evaluation,Model,Value,Wobble\nCyberQA,acme,0.9,3\n", "not known what these columns hold: Wobble"),
        ("Evaluation,Value,N\nCyberQA,0.9,10\n", "which model"),
    ],
)
def test_that_a_guess_a_person_should_look_at_says_why(write, content, said):
    assert said in doubts(write(content))


def test_that_what_was_remembered_for_a_header_raises_no_doubt_and_is_used(write):
    path = write(UNKNOWN)
    with pytest.raises(ImportRefusedError):
        read(path)
    asked = []

    def recall(headers):
        asked.append(tuple(headers))
        return MAPPING.to_json() if "Arm" in headers else None

    assert doubts(path, recall) == ""
    (result,) = read(path, recall=recall).results
    assert (result.task, result.model, result.value, result.n) == ("Cyber", "acme-7b", 0.93, 1000)
    assert asked[0] == ("Suite", "Arm", "Rate of refusals", "Asked")


def test_that_a_damaged_memory_is_passed_by(write):
    (result,) = read(write(SURE), recall=lambda _: "no json").results
    assert result.value == 0.93


def test_that_each_sheet_of_a_workbook_has_its_own_remembered_mapping(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Suite", "Arm", "Share", "Asked"])
    book.active.append(["Cyber", "acme", 0.5, 10])
    notes = book.create_sheet("Notes")
    notes.append(["Task", "Value"])
    notes.append(["a remark", 3])
    path = tmp_path / "two.xlsx"
    book.save(path)
    kept = {
        "Suite": '{"columns": {"task": "Suite", "model": "Arm", "value": "Share", "n": "Asked"}}',
        "Task": '{"rows": "none"}',
    }
    file = read(path, recall=lambda headers: kept.get(headers[0]))
    assert [(result.task, result.value) for result in file.results] == [("Cyber", 0.5)]
    assert not file.problems


def test_that_a_trial_gives_the_results_and_problems_of_the_first_rows(write):
    path = write(UNKNOWN + "Bio;acme-7b;soon;40\n")
    (beginning,) = beginnings(path)
    assert beginning.mapping is None
    assert beginning.rows[beginning.header] == ("Suite", "Arm", "Rate of refusals", "Asked")
    found = trial(path, beginning.sheet, MAPPING)
    assert [result.value for result in found.results] == [0.93, None]
    assert any("soon" in problem.what for problem in found.problems)
    assert not trial(path, beginning.sheet, Mapping(columns={"value": "Nowhere"})).fits


@pytest.mark.parametrize(("decimal", "n"), [(",", 1000), (".", 1)])
def test_that_a_mapping_says_what_a_lone_mark_means(write, decimal, n):
    path = write("Suite;Arm;Share;Asked\nCyber;acme;0.5;1.000\n")
    mapping = Mapping(
        columns={"task": "Suite", "model": "Arm", "value": "Share", "n": "Asked"}, rows="results", decimal=decimal
    )
    (result,) = read(path, mapping=mapping).results
    assert result.n == n


def test_that_constants_alone_can_name_the_task_of_a_wide_table(write):
    path = write("Row,acme-7b,acme-70b\nfirst,0.9,0.8\n")
    mapping = Mapping(constants={"task": "CyberQA"}, models=("acme-7b", "acme-70b"))
    assert mapping.kind == "wide"
    assert {(result.task, result.model) for result in read(path, mapping=mapping).results} == {
        ("CyberQA", "acme-7b"),
        ("CyberQA", "acme-70b"),
    }


def test_that_samples_need_no_name_where_a_person_says_that_rows_are_samples(write):
    path = write("verdict\nyes\nno\nyes\n")
    mapping = Mapping(columns={"outcome": "verdict"}, constants={"model": "acme"}, rows="samples")
    (result,) = read(path, mapping=mapping).results
    assert (result.n, result.count) == (3, 2)


def test_that_a_mapping_comes_back_from_its_text_and_a_wrong_one_is_refused():
    assert Mapping.from_text(MAPPING.to_json(), "memory") == MAPPING
    for text in ('{"rows": "upside down"}', '{"decimal": ";"}', '{"rows": ["results"]}', "{}", "[]"):
        with pytest.raises(InvalidValueError):
            Mapping.from_text(text, "memory")
    assert set(json.loads(Mapping(columns={"value": "x"}).to_json())) == {"columns"}


def test_that_files_seen_before_are_passed_by(write):
    first, second = write(SURE, "a.csv"), write(SURE.replace("0.93", "0.5"), "b.csv")
    (file,) = read_all([first, second], skip=lambda path: path == first)
    assert not isinstance(file, Refused)
    assert [result.value for result in file.results] == [0.5]
