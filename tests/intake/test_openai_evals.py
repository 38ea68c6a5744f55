"""Logs of OpenAI evals."""

import json
import re

import pytest

from launchpad.intake import detect, read


def entries(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def written(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return read(path)


def test_that_a_final_report_comes_with_the_samples_behind_it(files):
    path = files / "openai_evals" / "finished.jsonl"
    file = read(path)
    (result,) = file.results
    assert (detect(path), file.status, file.run_id) == ("openai-evals", "complete", "2601RUN")
    assert (file.started, file.completed) == ("2026-01-02T03:04:05.123456+00:00", "2026-01-02T03:04:17+00:00")
    assert (result.task, result.model, result.metric) == ("acme-refusal.dev.v1", "acme/chat-7b", "accuracy")
    assert (result.value, result.n, result.count, result.unit) == (0.625, 8, 5, "fraction")
    assert (result.stderr, result.higher_is_better) == (0.1873791277063697, None)
    assert result.outcomes.sample[:2] == ("dev.0", "dev.1")
    assert result.outcomes.value == (1.0,) * 5 + (0.0,) * 3
    assert not re.search("placeholder|lab-host", repr([file, result.outcomes]))


def test_that_the_report_may_stand_anywhere_and_usage_is_no_metric(files, tmp_path):
    lines = entries(files / "openai_evals" / "finished.jsonl")
    moved = written(tmp_path / "moved.jsonl", [lines[0], *lines[2:], lines[1]])
    assert [(r.metric, r.value, r.count) for r in moved.results] == [("accuracy", 0.625, 5)]


def test_that_a_run_without_a_report_gives_no_metric(files):
    file = read(files / "openai_evals" / "unfinished.jsonl")
    assert (file.status, file.results, file.completed) == ("running", (), None)
    assert "2 scored events, no metric" in file.problems[0].what


def test_that_a_run_that_failed_says_so(files, tmp_path):
    lines = entries(files / "openai_evals" / "unfinished.jsonl")
    error = {"run_id": "2601RUN", "sample_id": "dev.9", "type": "error", "data": {}}
    assert written(tmp_path / "failed.jsonl", [*lines, error]).status == "errored"


def test_that_graded_scores_counts_and_errors_stay_apart(files):
    file = read(files / "openai_evals" / "graded.jsonl")
    yes, no, score = file.results
    assert (yes.metric, yes.value, yes.unit, no.value) == ("counts/Yes", 2.0, "count", 1.0)
    assert (score.value, score.n, score.count, score.n_errors, score.n_total) == (0.5, 3, None, 1, 4)
    assert score.outcomes.value == (1.0, 0.5, 0.0)
    assert [problem.where for problem in file.problems] == ["final_report.nested", "events"]


def test_that_a_report_its_matches_contradict_is_listed(files, tmp_path):
    lines = entries(files / "openai_evals" / "finished.jsonl")
    file = written(tmp_path / "odd.jsonl", lines[:-1])
    assert (file.results[0].value, file.results[0].n, file.results[0].count) == (0.625, None, None)
    assert "7 matches have a mean of" in file.problems[0].what


def test_that_a_report_without_events_gives_its_values_alone(files, tmp_path):
    lines = entries(files / "openai_evals" / "finished.jsonl")
    (result,) = written(tmp_path / "short.jsonl", lines[:2]).results
    assert (result.value, result.n, result.stderr) == (0.625, None, 0.1873791277063697)


@pytest.mark.parametrize(
    ("spec", "model"),
    [
        ({"completion_fns": []}, "unknown"),
        ({"completion_fns": None, "model_name": "gpt-old"}, "gpt-old"),
        ({"completion_fns": "acme/one"}, "acme/one"),
        ({"completion_fns": [{"a": 1}], "model_names": {"completions_": ["gpt-older"]}}, "gpt-older"),
    ],
)
def test_that_the_model_is_found_where_versions_put_it(files, tmp_path, spec, model):
    lines = entries(files / "openai_evals" / "finished.jsonl")
    lines[0]["spec"].update(spec)
    assert written(tmp_path / "model.jsonl", lines).results[0].model == model


def test_that_nan_and_words_are_no_values(files, tmp_path):
    lines = entries(files / "openai_evals" / "finished.jsonl")
    lines[1]["final_report"] = {"accuracy": float("nan"), "note": "fine", "empty": None}
    file = written(tmp_path / "nan.jsonl", lines)
    assert [(r.metric, r.value) for r in file.results] == [("accuracy", None), ("empty", None)]


def test_that_real_logs_say_what_the_manifest_says(shared, manifest):
    rows = {name: text for name, text in manifest.items() if name.startswith("openai-evals/")}
    assert len(rows) == 3
    for name, text in rows.items():
        file = read(shared / "evidence" / "samples" / name)
        said = dict(re.findall(r"(\w+)=(\S+)", text))
        assert file.run_id == said["run_id"]
        if "UNFINISHED" in text:
            assert (file.results, file.status) == ((), "running")
            continue
        report = json.loads(re.findall(r"final_report=({.*?})", text)[0].replace("'", '"'))
        (result,) = file.results
        assert (result.value, result.stderr) == (report["accuracy"], report["boostrap_std"])
        assert (result.count, result.n) == (int(said["match_correct"]), int(re.findall(r"'match': (\d+)", text)[0]))
        assert (result.task, f"['{result.model}']") == (said["eval"], said["model"])


def test_that_a_second_run_in_the_file_gives_the_first_no_number(files, tmp_path):
    lines = entries(files / "openai_evals" / "finished.jsonl")
    spec = {**lines[0], "spec": {**lines[0]["spec"], "run_id": "2601NEXT", "eval_name": "other.dev.v1"}}
    file = written(tmp_path / "two.jsonl", [*lines, spec, {"final_report": {"accuracy": 0.25}}, *lines[2:]])
    assert [(r.task, r.value, r.n) for r in file.results] == [("acme-refusal.dev.v1", 0.625, 8)]
    assert [(problem.where, "2601NEXT" in problem.what) for problem in file.problems] == [
        (f"line {len(lines) + 1}", True)
    ]


def test_that_lines_of_another_harness_are_listed(files, tmp_path):
    lines = entries(files / "openai_evals" / "finished.jsonl")
    file = written(tmp_path / "mixed.jsonl", [*lines, {"entry_type": "eval", "probe": "p"}, {"entry_type": "digest"}])
    assert [(problem.where, problem.what[-8:]) for problem in file.problems] == [(f"line {len(lines) + 1}", " kind: 2")]
