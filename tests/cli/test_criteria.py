"""criteria and seal, as a script uses them."""

import json
from pathlib import Path

import openpyxl
import pytest

from launchpad.edits.criterion_templates import templates


@pytest.fixture
def measured(launchpad, project):
    """A project with an evaluation whose result came in today, and a table of it."""
    launchpad.json("add", project, "evaluation", "code=EV-001", "name=Safe prompts", "polarity=lower")
    launchpad.json("add", project, "team", "code=T-1", "name=Graders")
    launchpad.json("add", project, "evaluation_effort", "evaluation=EV-001", "team=T-1", "fixed=1", "per_100=2")
    return project


def add_result(launchpad, project, k=2, **fields):
    model = launchpad.json("show", project, "launch")["rows"][0]["model"]
    words = {
        "model": model,
        "value": k / 250,
        "count": k,
        "n": 250,
        "status": "complete",
        "harness": "xstest",
        **fields,
    }
    pairs = [f"{name}={value}" for name, value in words.items()]
    launchpad.json("add", project, "eval_result", "evaluation=EV-001", *pairs)


def test_that_the_templates_are_listed_with_why_each_n(launchpad, project):
    found = launchpad.json("criteria", project, "--templates")["templates"]
    assert [row["code"] for row in found] == list(templates())
    assert all(str(row["n"]) in row["why_n"] for row in found)
    code, out, _ = launchpad("criteria", project, "--templates")
    assert code == 0
    assert "REF-XSTEST-SAFE" in out


def test_that_a_criterion_from_a_template_is_sealed_and_then_met(launchpad, measured):
    added = launchpad.json("criteria", measured, "--from", "REF-XSTEST-SAFE", "--evaluation", "EV-001")
    assert added == {"added": "SC-001", "evaluation": "EV-001", "template": "REF-XSTEST-SAFE"}
    (row,) = launchpad.json("criteria", measured)["criteria"]
    assert (row["standing"], row["marks"], row["results"]) == ("not run", ["not sealed"], [])
    assert row["effort"] == [{"team": "T-1", "days": 1 + 2 * row["n_needed"] / 100}]
    (sealed,) = launchpad.json("seal", measured, "SC-001", "--author", "P-1")["sealed"]
    assert (sealed["table"], sealed["was"], len(sealed["seal"])) == ("success_criterion", "not sealed", 64)
    add_result(launchpad, measured)
    (row,) = launchpad.json("criteria", measured, "--strict")["criteria"]
    assert (row["standing"], row["marks"], row["worst"]) == ("met", [], "eval_result E-001")
    assert row["sealed_at"] == sealed["sealed_at"]
    assert row["results"][0]["method"] == "Clopper-Pearson"


def test_that_one_set_after_its_results_or_changed_since_is_marked(launchpad, measured):
    add_result(launchpad, measured, run_date="2020-01-01")
    launchpad.json("criteria", measured, "--from", "REF-XSTEST-SAFE", "--evaluation", "EV-001")
    launchpad.json("seal", measured, "SC-001")
    found = launchpad.json("criteria", measured)
    assert found["criteria"][0]["marks"] == ["set after results"]
    assert any(warning["field"] == "run_date" for warning in found["warnings"])
    launchpad.json("set", measured, "success_criterion", "SC-001", "threshold=0.2")
    found = launchpad.json("criteria", measured, "--strict", code=1)
    assert found["criteria"][0]["marks"] == ["changed since sealed", "set after results"]
    _, out, _ = launchpad("criteria", measured)
    assert "changed since sealed" in out


def test_that_every_export_and_answer_says_when_one_was_sealed_after_its_results_came_in(launchpad, measured):
    add_result(launchpad, measured)
    launchpad.json("criteria", measured, "--from", "REF-XSTEST-SAFE", "--evaluation", "EV-001")
    launchpad.json("seal", measured, "SC-001")
    assert launchpad.json("criteria", measured)["criteria"][0]["marks"] == ["set after results"]
    told = {"record": "success_criterion SC-001", "field": "sealed_at", "message": "It counts as set after results."}
    assert told in launchpad.json("score", measured, "--draws", "200")["warnings"]
    assert told in launchpad.json("check", measured)["warnings"]
    plain, book = Path(measured).with_name("out.json"), Path(measured).with_name("out.xlsx")
    launchpad.json("export", measured, str(plain))
    whole = json.loads(plain.read_text(encoding="utf-8"))
    assert whole["criteria"][0]["marks"] == ["set after results"]
    assert told in whole["score"]["warnings"]
    launchpad.json("export", measured, str(book))
    pages = openpyxl.load_workbook(book)
    (line,) = [line for line in pages["Gates"].iter_rows(values_only=True) if line[0] == "SC-001"]
    assert line[11] == "set after results"
    cells = [str(cell) for line in pages["Evidence"].iter_rows(values_only=True) for cell in line]
    assert "SC-001 met (set after results)" in cells


def test_that_gates_and_tolerances_are_sealed_together_and_once(launchpad, project):
    launchpad.json("add", project, "gate", "code=G-1", "name=Rare", "kind=rate", "scenario=R-001", "threshold=0.05")
    launchpad.json("add", project, "tolerance", "code=TOL-1", "name=Loss", "measure=technical", "limit=10")
    found = launchpad.json("seal", project, "G-1", "TOL-1", "G-1")
    assert [row["code"] for row in found["sealed"]] == ["G-1", "TOL-1"]
    again = launchpad.json("seal", project, "G-1")
    assert ([row["code"] for row in again["unchanged"]], again["sealed"]) == (["G-1"], [])
    (edit,) = [row for row in launchpad.json("history", project)["edits"] if row["label"].startswith("Seal")]
    assert edit["label"] == "Seal G-1, TOL-1, G-1"


def test_that_a_template_alone_brings_its_evaluation(launchpad, project):
    added = launchpad.json("criteria", project, "--from", "MED-HB-CONTEXT")
    (row,) = launchpad.json("criteria", project)["criteria"]
    assert (row["evaluation"], row["category"]) == (added["evaluation"], "theme:context_seeking")


def test_that_what_is_unknown_is_refused(launchpad, project):
    for arguments in (
        ("criteria", project, "--from", "NOTHING"),
        ("criteria", project, "--evaluation", "EV-9"),
        ("criteria", project, "--from", "MED-HB-CONTEXT", "--evaluation", "EV-9"),
        ("seal", project, "SC-9"),
    ):
        assert "error" in launchpad.json(*arguments, code=3)
