"""Evidence in by the command line: sample text, handling, many files, and Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import platformdirs
import pytest

from launchpad.edits.evidence import Known, add_file
from launchpad.intake import read
from launchpad.project import Project
from launchpad.records import EvalResult, Evaluation
from launchpad.store import ProjectFile, backup
from launchpad.store.engine import connect

CANARY = "canary-0b5c3a9e"
FILES = Path(__file__).parent.parent / "intake" / "files"
REPORT = (FILES / "garak/new.report.jsonl").read_text(encoding="utf-8")


@pytest.fixture
def report(tmp_path_factory):
    """A garak report whose prompts and answers hold the canary, away from where the project lies."""
    path = tmp_path_factory.mktemp("logs") / "scan.report.jsonl"
    path.write_text(REPORT.replace("[placeholder answer]", f"answer {CANARY} " * 40), encoding="utf-8")
    return path


@pytest.fixture
def handled(launchpad, project):
    """The project with a team, and a sensitive and a restricted scenario beside its open one."""
    launchpad.json("add", project, "team", "code=T-001", "name=Safety")
    for number, handling in ((2, "sensitive"), (3, "restricted")):
        launchpad.json(
            *("add", project, "risk_area", f"code=A-00{number}", f"name=Area {number}", "release=TAX-1"),
            f"handling={handling}",
        )
        launchpad.json("add", project, "scenario", f"code=R-00{number}", "name=Held", f"risk_area=A-00{number}")
    return project


def texts(project):
    with Project.open(project, read_only=True) as held:
        return [held.sample_texts(row) for row in held.inputs.rows(EvalResult)]


def block_of(project):
    with Project.open(project, read_only=True) as held:
        (sha256,) = {row.texts for row in held.inputs.rows(EvalResult)}
        return held.content(sha256 or "") or b""


def holding(folders, block=b""):
    """The files below these folders that hold the canary, in whatever they are packed."""
    return [path for folder in folders for path in Path(folder).rglob("*") if path.is_file() and _holds(path, block)]


def _holds(path, block):
    held = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            held += b"".join(archive.read(name) for name in archive.namelist())
    return CANARY.encode() in held or (bool(block) and block[20:60] in held)


def test_that_no_sample_text_comes_in_unless_asked_for(launchpad, project, report):
    launchpad.json("import", project, str(report))
    assert set(texts(project)) == {None}
    assert holding([launchpad.folder]) == []


def test_that_kept_text_belongs_to_every_result_of_its_file_and_can_be_added_later(launchpad, project, report):
    launchpad.json("import", project, str(report))
    later = launchpad.json("import", project, str(report), "--keep-samples")
    assert (later["added"], later["unchanged"]) == (0, 5)
    told = texts(project)
    assert [len(found.sample) for found in told[:4]] == [6, 6, 6, 6]
    assert CANARY in (told[0].answered[0] or "")
    edits = launchpad.json("history", project)["edits"]
    launchpad.json("import", project, str(report), "--keep-samples")
    assert len(launchpad.json("history", project)["edits"]) == len(edits)


def test_that_a_dry_run_keeps_no_text(launchpad, project, report):
    assert launchpad.json("import", project, str(report), "--keep-samples", "--dry-run")["added"] == 5
    assert launchpad.json("show", project, "eval_result")["rows"] == []
    assert holding([launchpad.folder]) == []


def test_that_a_dry_run_knows_the_files_before(launchpad, project, report):
    answer = launchpad.json("import", project, str(report), str(FILES / "garak/digest.json"), "--dry-run")
    assert (answer["added"], answer["unchanged"]) == (5, 3)


def test_that_tags_are_stored_shown_and_exported(launchpad, project, report):
    launchpad.json("import", project, str(report))
    rows = launchpad.json("show", project, "eval_result")["rows"]
    assert "avid-effect:ethics:E0301" in {row["tags"] for row in rows}
    out = launchpad.folder / "all.json"
    launchpad.json("export", project, str(out))
    assert "avid-effect:ethics:E0301" in out.read_text(encoding="utf-8")


def test_that_sensitive_text_is_kept_but_in_no_export(launchpad, handled, report):
    launchpad.json("import", handled, str(report), "--keep-samples")
    launchpad.json("add", handled, "evidence_link", "result=E-0001", "scenario=R-002")
    assert texts(handled)[0] is not None
    exports = launchpad.folder / "exports"
    exports.mkdir()
    for name in ("all.json", "plan.csv", "plan.xlsx"):
        launchpad.json("export", handled, str(exports / name))
    assert len(list(exports.iterdir())) == 3
    assert holding([exports], block_of(handled)) == []
    shown = launchpad.json("show", handled, "eval_result")
    assert CANARY not in json.dumps(shown)


def test_that_the_text_of_a_restricted_item_is_nowhere(launchpad, handled, report, monkeypatch, tmp_path_factory):
    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    launchpad.json("import", handled, str(report), "--keep-samples")
    block = block_of(handled)
    assert holding([launchpad.folder], block) == [Path(handled)]
    launchpad.json("add", handled, "evidence_link", "result=E-0001", "scenario=R-003")
    # Neither the same file again, nor another run of what was tested, whatever is asked for.
    other = report.with_name("other.report.jsonl")
    other.write_text(report.read_text(encoding="utf-8").replace("run-uuid-1", "run-uuid-2"), encoding="utf-8")
    for path, added in ((report, 0), (other, 5)):
        answer = launchpad.json("import", handled, str(path), "--keep-samples", code=1)
        assert answer["added"] == added
        (problem,) = answer["files"][0]["problems"]
        assert problem["where"] == "sample text"
        assert "restricted" in problem["what"]
    assert set(texts(handled)) == {None}
    for name in ("all.json", "plan.csv", "plan.xlsx"):
        launchpad.json("export", handled, str(launchpad.folder / name))
    launchpad.json("copy", handled, str(launchpad.folder / "copy.launchpad"))
    source = connect(Path(handled), mode="ro")
    kept = backup.keep(source, Path(handled), before="repair")
    source.close()
    assert kept is not None
    assert holding([launchpad.folder, scratch, kept.parent], block) == []
    assert launchpad.json("check", handled)["intact"] is True


def test_that_a_scenario_moved_to_a_restricted_area_loses_its_text(launchpad, handled, report):
    launchpad.json("import", handled, str(report), "--keep-samples")
    launchpad.json("add", handled, "evidence_link", "result=E-0001", "scenario=R-001")
    assert texts(handled)[0] is not None
    launchpad.json("set", handled, "risk_area", "A-001", "handling=restricted")
    assert set(texts(handled)) == {None}


def test_that_nothing_of_a_file_is_stored_but_the_fields_of_its_results(launchpad, project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab-host-07") / "sk-secret-0001"
    folder.mkdir()
    for name in (
        "promptfoo/eval.json",
        "garak/new.report.jsonl",
        "openai_evals/graded.jsonl",
        "modelbench/record.json",
    ):
        target = folder / Path(name).name
        target.write_bytes((FILES / name).read_bytes())
    launchpad("import", project, str(folder), "--json")
    with ProjectFile.open(Path(project), read_only=True) as file:
        written = json.dumps([change.after for _, edit in file.journal() for change in edit.changes])
        labels = [edit.label for _, edit in file.journal()]
        rows = file.inputs().rows(EvalResult)
    assert len(rows) > 15
    assert {row.file_name for row in rows} == {path.name for path in folder.iterdir()}
    for secret in ("lab-host-07", "sk-secret", "placeholder", "/srv/"):
        assert secret not in written
        assert not any(secret in label for label in labels)
        assert secret.encode() not in Path(project).read_bytes()


def copies(folder, count):
    """That many small reports, each of a run of its own."""
    folder.mkdir()
    for number in range(count):
        text = REPORT.replace("run-uuid-1", f"run-{number}")
        (folder / f"r{number:04d}.report.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_that_many_files_share_their_evaluations_and_undo_together(launchpad, project):
    answer = launchpad.json("import", project, str(copies(launchpad.folder / "logs", 40)))
    assert (answer["added"], answer["refused"]) == (200, 0)
    with Project.open(project) as held:
        codes = [row.code for row in held.inputs.rows(EvalResult)]
        assert sorted(codes) == [f"E-{number:04d}" for number in range(1, 201)]
        assert len(held.inputs.rows(Evaluation)) == 3
        assert len({edit.batch for _, edit in held.journal()[-40:]}) == 1


def test_that_what_others_add_meanwhile_is_known_to_the_next_file(project):
    files = [read(FILES / name) for name in ("garak/new.report.jsonl", "openai_evals/finished.jsonl")]
    with Project.open(project) as ours, Project.open(project) as theirs:
        known = Known(ours.inputs)
        first = add_file(known, files[0]).proposal
        ours.edit(first.changes, "Ours", content=first.content)
        assert not ours.others_wrote
        theirs.refresh()
        other = add_file(theirs.inputs, files[1]).proposal
        theirs.edit(other.changes, "Theirs", content=other.content)
        late = add_file(known, read(FILES / "modelbench/record.json")).proposal
        ours.edit(late.changes, "Ours", content=late.content)
        assert ours.others_wrote
        ours.refresh()
        assert not ours.others_wrote
        assert add_file(ours.inputs, files[1]).added == 0


def test_that_ctrl_c_keeps_what_is_in_and_the_same_command_goes_on(launchpad, project):
    folder = copies(launchpad.folder / "logs", 150)
    command = [sys.executable, "-m", "launchpad", "import", project, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as run:
        with ProjectFile.open(Path(project), read_only=True) as file:
            before = len(file.journal())
            while len(file.journal()) < before + 5:
                assert run.poll() is None
                time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 4
    assert "results are in" in said
    assert "Traceback" not in said
    with Project.open(project, read_only=True) as held:
        there = len(held.inputs.rows(EvalResult))
        assert 25 <= there < 750
        assert there % 5 == 0
        assert held.check() == []
    assert launchpad.json("import", project, str(folder))["added"] == 750 - there


def test_that_a_mapping_given_as_a_file_is_remembered_for_the_next_table_with_its_header(
    launchpad, project, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("tables")
    for name, value in (("one", "0,5"), ("two", "25 %")):
        (folder / f"{name}.csv").write_text(f"Foo;Bar;Baz;Qux\nX-{name};m;{value};40\n", encoding="utf-8")
    mapping = folder / "mapping.json"
    columns = {"task": "Foo", "model": "Bar", "value": "Baz", "n": "Qux"}
    mapping.write_text(json.dumps({"columns": columns, "constants": {"metric": "asr"}}), encoding="utf-8")
    assert launchpad.json("import", project, str(folder / "two.csv"), code=1)["refused"] == 1
    assert launchpad.json("import", project, str(folder / "one.csv"), "--map", str(mapping))["added"] == 1
    assert len(launchpad.json("show", project, "table_mapping")["rows"]) == 1
    (file,) = launchpad.json("import", project, str(folder / "two.csv"))["files"]
    assert [(r["task"], r["metric"], r["value"], r["n"]) for r in file["results"]] == [("X-two", "asr", 0.25, 40)]


def test_that_impossible_values_of_a_table_are_listed_and_stop_no_other_file(launchpad, project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    rows = ("A,m,asr,0.5,10,-0.1,2026-13-45", "B,m,asr,0.5,10,0.1,2026", "C,m,asr,0.5,10,0.1,2026-11-24")
    (folder / "a.csv").write_text("\n".join(("task,model,metric,value,n,stderr,date", *rows)), encoding="utf-8")
    (folder / "b.csv").write_text("task,model,metric,value,n\nD,m,asr,0.5,10\n", encoding="utf-8")
    answer = launchpad.json("import", project, str(folder), code=1)
    assert (answer["added"], answer["refused"]) == (4, 0)
    assert [(p["where"], p["what"].split(":")[0]) for p in answer["files"][0]["problems"]] == [
        *(("line 2", "date"), ("line 2", "stderr"), ("B / asr", "date"))
    ]
    dates = {row["run_date"] for row in launchpad.json("show", project, "eval_result")["rows"]}
    assert "2026-11-24" in dates


def test_that_failures_are_told_once_the_direction_of_a_metric_was_said(launchpad, project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    for name in ("one", "two"):
        (folder / f"{name}.csv").write_text(f"task,model,metric,value,n\n{name},m,zeal,0.25,40\n", encoding="utf-8")
    (file,) = launchpad.json("import", project, str(folder / "one.csv"))["files"]
    assert (file["results"][0]["higher_is_better"], file["results"][0]["k"]) == (None, None)
    rows = launchpad.json("show", project, "evaluation", "--where", "task=one")["rows"]
    launchpad.json("ask", project, f"{rows[0]['code']}=higher")
    for name in ("one", "two"):
        (file,) = launchpad.json("import", project, str(folder / f"{name}.csv"))["files"]
        assert (file["results"][0]["higher_is_better"], file["results"][0]["k"]) == (True, 30)


def test_that_backups_lie_where_these_tests_look():
    assert "launchpad-tests-" in str(platformdirs.user_data_path("launchpad", appauthor=False))
