"""From evidence to a workplan, as a script would go."""

import json

import openpyxl
import pytest

from launchpad.cli import start

KEYS = {"task", "task_version", "model", "scorer", "metric", "variant", "group", "value", "unit", "higher_is_better"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The sample launch as `launchpad demo` makes it, with a quick plan."""
    from launchpad.cli import main

    folder = tmp_path_factory.mktemp("demo")
    usual, start.DEMO_SECONDS = start.DEMO_SECONDS, 4.0
    try:
        assert main(["demo", str(folder), "--no-window"], open_window=lambda _: 0) == 0
    finally:
        start.DEMO_SECONDS = usual
    return folder


def table(folder, text, name="results.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_that_results_come_in_once_with_wilson_interval_and_no_failures_until_the_direction_is_confirmed(
    launchpad, project
):
    path = table(launchpad.folder, "task,metric,model,value,n,count\nfraud,asr,m-1,0.875,40,35\n")
    answer = launchpad.json("import", project, path)
    (result,) = answer["files"][0]["results"]
    assert set(result) >= KEYS
    assert (result["n"], result["count"], result["k"]) == (40, 35, None)
    assert (result["interval"]["low"], result["interval"]["high"]) == pytest.approx((0.738879, 0.945405), abs=1e-6)
    assert result["interval"]["method"] == "wilson"
    assert (answer["added"], answer["unchanged"]) == (1, 0)
    again = launchpad.json("import", project, path)
    assert (again["added"], again["unchanged"], again["files"][0]["duplicate_of"]) == (0, 1, "results.csv")


def test_that_several_files_of_one_import_are_numbered_on_and_known_to_each_other(launchpad, project):
    one = table(launchpad.folder, "task,metric,model,value,n\nfraud,asr,m-1,0.5,40\n", "one.csv")
    two = table(launchpad.folder, "task,metric,model,value,n\nfraud,asr,m-2,0.4,40\n", "two.csv")
    copy = launchpad.folder / "copy.csv"
    copy.write_bytes((launchpad.folder / "one.csv").read_bytes())
    answer = launchpad.json("import", project, one, two, str(copy))
    assert (answer["added"], answer["unchanged"]) == (2, 1)
    rows = launchpad.json("show", project, "eval_result")["rows"]
    assert [row["code"] for row in rows] == ["E-0001", "E-0002"]
    assert len(launchpad.json("show", project, "evaluation")["rows"]) == 1


def test_that_a_dry_run_writes_nothing(launchpad, project):
    path = table(launchpad.folder, "task,metric,model,value,n\nfraud,asr,m-1,0.5,40\n")
    assert launchpad.json("import", project, path, "--dry-run")["added"] == 1
    assert launchpad.json("show", project, "eval_result")["rows"] == []


def test_that_one_bad_file_never_stops_the_others(launchpad, project):
    good = table(launchpad.folder, "task,metric,model,value,n\nfraud,asr,m-1,0.5,40\n")
    bad = launchpad.folder / "cut.eval"
    bad.write_bytes(b"PK\x03\x04cut")
    unknown = table(launchpad.folder, "colour,taste\nred,sweet\n", "unknown.csv")
    answer = launchpad.json("import", project, str(bad), unknown, good, code=1)
    assert (answer["added"], answer["refused"]) == (1, 2)
    assert any("unknown.csv" in problem["what"] for file in answer["files"] for problem in file["problems"])


def test_that_the_real_log_comes_out_as_published(launchpad, project, shared):
    log = shared / "evidence/samples/inspect/refusal_two_scorers_acme-7b.eval"
    answer = launchpad.json("import", project, str(log), code=0)
    found = [
        result
        for result in answer["files"][0]["results"]
        if result["scorer"] == "refusal" and result["metric"] == "accuracy" and result["group"] is None
    ]
    (result,) = found
    assert (result["value"], result["n"], result["count"], result["k"]) == (0.875, 40, 35, None)
    assert (result["interval"]["low"], result["interval"]["high"]) == pytest.approx((0.738879, 0.945405), abs=1e-6)
    assert result["stderr"] == pytest.approx(0.05296, abs=5e-6)
    assert result["stderr_clustered"] == pytest.approx(0.05261, abs=5e-6)


def test_that_people_see_the_three_overlaps_and_every_tolerance(launchpad, demo):
    _, said, _ = launchpad("score", str(demo / "sample.launchpad"), "--draws", "500")
    assert "Independent" in said
    assert "Together" in said
    assert "TL-12" in said


def test_that_the_score_is_the_same_twice_and_has_every_key(launchpad, demo):
    project = str(demo / "sample.launchpad")
    _, first, _ = launchpad("score", project, "--json", "--draws", "500")
    _, second, _ = launchpad("score", project, "--json", "--draws", "500")
    assert first == second
    answer = json.loads(first)
    assert set(answer) >= {
        *("launch", "seed", "draws", "input_hash", "scenarios", "mitigations"),
        *("totals", "gates", "next_evaluations", "warnings"),
    }
    assert set(answer["totals"]) == {"inherent", "current", "planned", "assumed_share"}
    assert answer["totals"]["planned"]["technical"] < answer["totals"]["current"]["technical"]
    assert len(answer["scenarios"]) >= 20


def test_that_a_number_unfolds_to_what_it_rests_on(launchpad, demo):
    tree = launchpad.json("score", str(demo / "sample.launchpad"), "--draws", "500", "--explain", "R-009")
    words = json.dumps(tree)
    assert "exposure R-009" in words
    assert "eval_result" in words or "result E-" in words
    code, _, err = launchpad("score", str(demo / "sample.launchpad"), "--draws", "500", "--explain", "R-999")
    assert code == 3
    assert "R-999" in err


def test_that_strict_tells_a_script_that_gates_are_not_met(launchpad, demo):
    assert launchpad("score", str(demo / "sample.launchpad"), "--draws", "500", "--strict", "--quiet")[0] == 1


def test_that_the_workbook_of_the_demo_carries_its_totals_and_is_not_made_anew_without_need(launchpad, demo):
    cells = {
        str(cell.value)
        for row in openpyxl.load_workbook(demo / "workplan.xlsx", data_only=True)["Cover"].iter_rows()
        for cell in row
    }
    head = launchpad.json("check", str(demo / "sample.launchpad"))["head"]
    assert head in cells


def test_that_locks_are_kept_and_contradictions_are_named(launchpad, demo):
    project = str(demo / "sample.launchpad")
    answer = launchpad.json("plan", project, "--seconds", "3", "--lock", "M-030=never", "--save", "Without 30")
    assert "M-030" not in [item["mitigation"] for item in answer["selected"]]
    assert answer["bound"] <= answer["objective"] + 1e-9
    assert set(answer) >= {"left_out", "capacity", "shadow_prices", "front", "date_curve", "before", "after"}
    code, _, err = launchpad("plan", project, "--seconds", "3", "--lock", "M-030=must", "--lock", "M-030=never")
    assert code == 3
    assert "M-030" in err
    assert launchpad("plan", project, "--lock", "M-030=perhaps")[0] == 3


def test_that_an_export_to_a_place_that_is_none_is_refused(launchpad, demo):
    code, _, err = launchpad("export", str(demo / "sample.launchpad"), str(demo / "nowhere" / "x.xlsx"))
    assert code == 3
    assert "nowhere" in err
