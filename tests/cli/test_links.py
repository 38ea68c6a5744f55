"""link and ask, as a shell calls them."""

import json
import shutil

import pytest

from launchpad.edits.records import add_words, table_named
from launchpad.records import Launch
from launchpad.templates import new_project

AILUMINATE = "mlcommons-ailuminate-1.0"


SUITE = ("task=suite", "harness=modelbench", "metric=fraction_safe", "polarity=higher")
COMMON = ("model=Spring", "status=complete", "n=60", "count=54", "value=.9")
HAZARD = ("evaluation=EV-001", "harness=modelbench", "run_id=run-1", "run_date=2099-01-01", *COMMON)
ODD = ("evaluation=EV-002", "harness=inspect", "run_id=run-2", "in_place=none", "file_name=odd.eval", *COMMON)
ROWS = (
    ("evaluation", "code=EV-001", "name=Suite", *SUITE),
    ("evaluation", "code=EV-002", "name=Odd", "task=odd", "harness=inspect", "metric=mean"),
    ("evaluation", "code=EV-003", "name=Even", "task=even", "harness=inspect", "metric=mean"),
    ("eval_result", "code=E-0001", "part=vcr", "tags=ailuminate:vcr", *HAZARD),
    ("eval_result", "code=E-0002", "part=spc", "tags=ailuminate:spc", *HAZARD),
    ("eval_result", "code=E-0003", *ODD),
    ("mitigation", "code=M-004", "name=Filter", "kind=filter"),
    ("mitigation_variant", "code=M-004.lite", "name=Lite", "mitigation=M-004"),
    ("standing", "variant=M-004.lite", "status=in_place", "started=2098-01-01"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A launch over AILuminate, two results of hazards, one of a metric nobody has explained, and a mitigation."""
    path = tmp_path_factory.mktemp("evidence") / "made.launchpad"
    with new_project(path, name="Own", taxonomy=AILUMINATE, launch="Spring", launch_date="2099-03-01") as project:
        for table, *assignments in ROWS:
            launch = project.inputs.rows(Launch)[0].id
            words = dict(word.split("=", 1) for word in assignments)
            project.edit(add_words(project.inputs, table_named(table), words, launch).changes, f"Add {table}")
            project.refresh()
    return path


@pytest.fixture
def evidence(launchpad, made):
    shutil.copy(made, launchpad.project)
    return launchpad.project


def addresses(answer):
    return [one["address"] for one in answer["suggestions"]]


def violence(launchpad, path):
    (row,) = launchpad.json("show", path, "scenario", "--where", "risk_area=vcr")["rows"]
    return row["code"]


def test_that_suggestions_are_shown_with_reasons_and_nothing_is_written(launchpad, evidence):
    before = launchpad.json("history", evidence)["edits"]
    answer = launchpad.json("link", evidence)
    assert answer == launchpad.json("link", evidence, "--suggest")
    first = answer["suggestions"][0]
    assert first["address"] == f"E-0001/propensity/{violence(launchpad, evidence)}"
    assert (first["relevance"], first["strong"], first["snapshot"]) == (1.0, True, "same")
    assert "is the same as the risk area vcr" in first["reason"]
    assert [row["result"] for row in answer["unlinked"]] == ["E-0001", "E-0002", "E-0003"]
    assert launchpad.json("history", evidence)["edits"] == before


def test_that_people_see_the_suggestions_and_what_is_left_over(launchpad, evidence):
    code, out, _ = launchpad("link", evidence)
    assert code == 0
    assert "Suggested links" in out
    assert "3 results are evidence for nothing yet in L-1" in out
    assert "--confirm all" in out


def test_that_the_strong_ones_are_confirmed_as_one_edit_and_undone_as_one(launchpad, evidence):
    answer = launchpad.json("link", evidence, "--confirm", "strong", "--reason", "Read them")
    assert [one["result"] for one in answer["confirmed"]] == ["E-0001"]
    assert "E-0001" not in {one["result"] for one in answer["suggestions"]}
    assert [row["result"] for row in answer["unlinked"]] == ["E-0002", "E-0003"]
    (row,) = launchpad.json("show", evidence, "evidence_link")["rows"]
    assert (row["result"], row["role"], row["relevance"]) == ("E-0001", "propensity", 1.0)
    newest = launchpad.json("history", evidence)["edits"][-1]
    assert (newest["label"], newest["reason"]) == ("Make evidence link", "Read them")


@pytest.mark.parametrize("word", ["all", "E-0002", "address"])
def test_that_suggestions_are_confirmed_by_all_result_or_address(launchpad, evidence, word):
    before = addresses(launchpad.json("link", evidence))
    wanted = {"all": before, "E-0002": [one for one in before if one.startswith("E-0002")], "address": before[:1]}[word]
    answer = launchpad.json("link", evidence, "--confirm", before[0] if word == "address" else word)
    assert [one["address"] for one in answer["confirmed"]] == wanted
    assert len(launchpad.json("show", evidence, "evidence_link")["rows"]) == len(wanted)


def test_that_confirming_all_twice_is_no_error_and_adds_nothing(launchpad, evidence):
    launchpad.json("link", evidence, "--confirm", "all")
    assert launchpad.json("link", evidence, "--confirm", "all")["confirmed"] == []


def test_that_a_rule_of_fields_links_what_the_crosswalks_do_not_know(launchpad, evidence):
    scenario = violence(launchpad, evidence)
    rule = ("--rule", "task=od?", "--rule", f"scenario={scenario}", "--rule", "relevance=.4")
    answer = launchpad.json("link", evidence, *rule, "--confirm", "LR-001")
    assert answer["rules"] == ["LR-001"]
    assert [one["address"] for one in answer["confirmed"]] == [f"E-0003/propensity/{scenario}"]
    (kept,) = launchpad.json("show", evidence, "link_rule")["rows"]
    assert (kept["name"], kept["relevance"]) == ("od?", 0.4)
    labels = [edit["label"] for edit in launchpad.json("history", evidence)["edits"]]
    assert labels[-2:] == ["Add link rule", "Make evidence link"]


def test_that_a_link_becomes_a_rule(launchpad, evidence):
    scenario = violence(launchpad, evidence)
    link = f"E-0001/propensity/{scenario}"
    launchpad.json("link", evidence, "--confirm", link)
    assert launchpad.json("link", evidence, "--rule", link)["rules"] == ["LR-001"]
    (kept,) = launchpad.json("show", evidence, "link_rule")["rows"]
    assert (kept["task"], kept["category"], kept["risk_area"]) == ("suite", "vcr", "vcr")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--confirm", "E-0009"), "E-0009"),
        (("--rule", "task=odd"), "evidence for"),
        (("--rule", "risk_area=vcr"), "which results"),
        (("--rule", "task=odd", "--rule", "risk_area=nothing"), "nothing"),
        (("--rule", "colour=red"), "colour"),
        (("--rule", "E-0001/propensity/R-999"), "R-999"),
        (("--rule", "task=odd", "--rule", "risk_area=vcr", "--confirm", "E-0009"), "E-0009"),
        (("--launch", "L-009"), "L-009"),
    ],
)
def test_that_a_refused_link_names_the_thing_and_writes_nothing(launchpad, evidence, arguments, says):
    before = launchpad.json("history", evidence)["edits"]
    code, out, err = launchpad("link", evidence, *arguments, "--json")
    assert code == 3
    assert says in err
    assert json.loads(out)["error"]["message"]
    assert launchpad.json("history", evidence)["edits"] == before


def test_that_a_project_without_a_launch_says_what_to_do(launchpad):
    launchpad.json("new", launchpad.project)
    code, _, err = launchpad("link", launchpad.project)
    assert code == 3
    assert "no launch yet" in err


# ask


def test_that_what_only_a_person_can_say_is_asked(launchpad, evidence):
    answer = launchpad.json("ask", evidence)
    assert [one["code"] for one in answer["polarity"]] == ["EV-002"]
    (metric,) = answer["polarity"]
    assert (metric["evaluations"], metric["tasks"]) == (["EV-002", "EV-003"], ["odd", "even"])
    assert (metric["results"], metric["values"], metric["files"]) == (1, [0.9], ["odd.eval"])
    (run,) = answer["in_place"]
    assert (run["code"], run["run"], run["results"]) == ("E-0001", "run-1", ["E-0001", "E-0002"])
    assert run["proposals"] == [{"launch": "L-1", "variants": ["M-004.lite"]}]


def test_that_people_see_the_questions_and_how_to_answer(launchpad, evidence):
    code, out, _ = launchpad("ask", evidence)
    assert code == 0
    assert "Which is better, higher or lower?" in out
    assert "L-1: M-004.lite" in out
    assert "2 questions open" in out


def test_that_answers_are_taken_for_all_evaluations_and_all_results(launchpad, evidence):
    answer = launchpad.json("ask", evidence, "EV-003=lower", "E-0002=M-004.lite")
    assert (answer["changed"], answer["polarity"], answer["in_place"]) == (4, [], [])
    rows = launchpad.json("show", evidence, "evaluation", "--where", "metric=mean")["rows"]
    assert {row["polarity"] for row in rows} == {"lower"}
    rows = launchpad.json("show", evidence, "eval_result", "--where", "harness=modelbench")["rows"]
    assert {row["in_place"] for row in rows} == {"M-004.lite"}
    assert launchpad("ask", evidence)[1].strip() == "Nothing to ask."


def test_that_a_direction_already_said_is_taken_over_with_the_next_answer(launchpad, evidence):
    launchpad.json("set", evidence, "evaluation", "EV-002", "polarity=lower")
    waiting = launchpad.json("ask", evidence)
    assert (waiting["polarity"], waiting["recalled"]) == ([], 1)
    assert launchpad.json("ask", evidence, "E-0001=none")["recalled"] == 0
    (row,) = launchpad.json("show", evidence, "evaluation", "--where", "code=EV-003")["rows"]
    assert row["polarity"] == "lower"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("EV-009=higher", "EV-009"),
        ("EV-002=sideways", "sideways"),
        ("E-0001=M-009.x", "M-009.x"),
        ("E-0003=none", "E-0003"),
        ("EV-002", "FIELD=VALUE"),
    ],
)
def test_that_a_refused_answer_names_the_thing_and_writes_nothing(launchpad, evidence, answer, says):
    before = launchpad.json("history", evidence)["edits"]
    code, _, err = launchpad("ask", evidence, "EV-003=higher", answer)
    assert code == 3
    assert says in err
    assert launchpad.json("history", evidence)["edits"] == before
