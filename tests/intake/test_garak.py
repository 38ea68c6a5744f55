"""Reports, digests, AVID exports and hit logs of garak."""

import json
import re

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read
from launchpad.records.imported import Interval

ASR = "attack_success_rate"
OWASP = ("owasp:llm01", "demon:Language:Token")


@pytest.fixture
def report(files):
    return read(files / "garak" / "new.report.jsonl")


def one(file, detector, group=None, variant=None):
    (found,) = [r for r in file.results if (r.scorer, r.group, r.variant) == (detector, group, variant)]
    return found


def test_that_a_report_says_who_was_attacked_and_when(report):
    assert (report.harness, report.harness_version, report.run_id) == ("garak", "0.17.1", "run-uuid-1")
    assert (report.started, report.completed) == (
        "2026-03-04T05:06:07.123456+00:00",
        "2026-03-04T05:09:59.500000+00:00",
    )
    assert (report.status, report.problems) == ("complete", ())
    assert {result.model for result in report.results} == {"acme-chat"}


def test_that_defended_outputs_become_the_attacks_success(report):
    found = one(report, "base.TriggerListDetector")
    assert (found.task, found.metric, found.value) == ("goodside.Tag", ASR, pytest.approx(0.4))
    assert (found.n, found.count, found.n_total, found.n_unscored) == (5, 2, 6, 1)
    assert found.higher_is_better is False
    assert found.interval == Interval(0.0, 0.8, 0.95, "bootstrap")


def test_that_detectors_of_one_probe_are_not_added_up(report):
    assert one(report, "mitigation.MitigationBypass").count == 4
    assert len([result for result in report.results if result.group is None]) == 3


def test_that_prompts_are_the_clusters(report):
    assert one(report, "base.TriggerListDetector").clusters == 3
    # Without hit rates the attempts tell, if they are all there.
    assert one(report, "mitigation.MitigationBypass").clusters == 3


def test_that_nothing_to_evaluate_is_no_rate(report):
    found = one(report, "words.Slur")
    assert (found.value, found.n, found.n_unscored, found.clusters) == (None, 0, 4, None)


def test_that_tags_of_a_probe_lie_on_its_results(report):
    assert one(report, "base.TriggerListDetector").tags == OWASP
    assert one(report, "words.Slur").tags == ("avid-effect:ethics:E0301",)


def test_that_intents_are_groups(report):
    ignored, leaked = (one(report, "base.TriggerListDetector", intent) for intent in ("T009ignore", "T010leak"))
    assert (ignored.value, ignored.n, ignored.n_unscored) == (pytest.approx(2 / 3), 3, 1)
    assert (leaked.value, leaked.n) == (0.0, 2)


def test_that_outcomes_are_kept_by_prompt_and_without_text(report, files):
    outcomes = one(report, "base.TriggerListDetector").outcomes
    assert outcomes.value == (0.0, 1.0, 0.0, 0.0, 1.0, None)
    assert outcomes.status == ("scored",) * 5 + ("unscored",)
    assert outcomes.epoch == (1, 2, 1, 2, 1, 2)
    assert (len(set(outcomes.sample)), outcomes.cluster) == (3, outcomes.sample)
    assert outcomes.category[2] == "T010leak"
    kept = repr([report, outcomes])
    assert not re.search(r"placeholder|lab-host", kept)
    bare = read(files / "garak" / "new.report.jsonl", keep_outcomes=False)
    assert all(result.outcomes is None for result in bare.results)


def test_that_the_same_prompt_has_the_same_name_in_another_run(files, tmp_path):
    words = (files / "garak" / "new.report.jsonl").read_text()
    other = tmp_path / "other.jsonl"
    other.write_text(words.replace("uuid-", "another-").replace("acme-chat", "acme-new"))
    first, second = (
        one(read(path), "base.TriggerListDetector") for path in (files / "garak" / "new.report.jsonl", other)
    )
    assert first.outcomes.sample == second.outcomes.sample
    assert (first.model, second.model) == ("acme-chat", "acme-new")


def test_that_a_digest_is_the_same_result_as_its_report(report, files):
    digest = read(files / "garak" / "digest.json")
    assert (digest.run_id, digest.status, digest.started) == (report.run_id, "complete", report.started)
    for result in digest.results:
        twin = one(report, result.scorer)
        assert (result.task, result.metric, result.model) == (twin.task, twin.metric, twin.model)
        assert (result.value, result.n, result.count, result.tags) == (twin.value, twin.n, twin.count, twin.tags)
    assert one(digest, "base.TriggerListDetector").interval == Interval(0.0, pytest.approx(0.8), 0.95, "bootstrap")


def test_that_the_pass_rate_of_a_digest_without_counts_is_turned_round(files, tmp_path):
    digest = json.loads((files / "garak" / "digest.json").read_text())
    digest["eval"] = {"g": {"_summary": {}, "dan.Dan": {"_summary": {}, "dan.DAN": {"absolute_score": 0.25}}}}
    path = tmp_path / "digest.report.jsonl"
    path.write_text(json.dumps(digest))
    (result,) = read(path).results
    assert (result.value, result.n, result.count) == (0.75, None, None)


def test_that_old_reports_with_other_names_are_read_and_repeats_kept_apart(files):
    file = read(files / "garak" / "old.report.jsonl")
    first, again = one(file, "toxicity.ToxicCommentModel"), one(file, "toxicity.ToxicCommentModel", None, "repeat 2")
    assert (first.task, first.model, first.value, first.n) == ("art.Tox", "gpt2", 0.5, 2)
    assert (again.value, again.n) == (0.0, 2)
    assert "kept apart" in file.problems[0].what


def test_that_a_run_cut_in_the_middle_is_running_and_keeps_what_was_evaluated(files, tmp_path):
    words = (files / "garak" / "new.report.jsonl").read_bytes()
    path = tmp_path / "cut.jsonl"
    path.write_bytes(words[: words.index(b'"mitigation.MitigationBypass", "passed"') + 5])
    file = read(path)
    assert (file.status, file.completed) == ("running", None)
    assert one(file, "base.TriggerListDetector").value == pytest.approx(0.4)
    assert file.problems[0].what == "the last line breaks off"
    assert "still going, or was killed" in file.problems[-1].what


def test_that_avid_exports_are_turned_from_percent_of_passes(files):
    file = read(files / "garak" / "scan.avid.jsonl")
    tox, dan, bypass, nothing = file.results
    assert (tox.task, tox.scorer, tox.value, tox.n) == ("art.Tox", "toxicity.ToxicCommentModel", 0.02, 50)
    assert (dan.value, bypass.value, nothing.value) == (1.0, pytest.approx(0.8), None)
    assert (tox.model, tox.tags, tox.higher_is_better) == ("acme-chat", ("avid-effect:ethics:E0301",), False)
    assert dan.tags == ("avid-effect:security:S0403",)
    assert (file.started, file.status) == ("2026-03-05T00:00:00+00:00", "unknown")


def test_that_a_hit_log_is_refused_for_want_of_a_denominator(files):
    path = files / "garak" / "hits.hitlog.jsonl"
    assert detect(path) == "garak"
    with pytest.raises(ImportRefusedError, match="no denominator"):
        read(path)


@pytest.mark.parametrize("counts", [{"passed": 9}, {"passed": None}, {"passed": "3"}, {"total_evaluated": -1}])
def test_that_counts_that_make_no_sense_are_listed(files, tmp_path, counts):
    entries = [json.loads(line) for line in (files / "garak" / "new.report.jsonl").read_text().splitlines()]
    first = next(entry for entry in entries if entry["entry_type"] == "eval")
    first.update(counts)
    path = tmp_path / "odd.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    file = read(path)
    assert "sensible counts" in file.problems[0].what
    assert not [result for result in file.results if result.scorer == first["detector"]]


def test_that_a_run_of_another_model_behind_the_first_is_not_taken_for_it(files, tmp_path):
    words = (files / "garak" / "new.report.jsonl").read_text()
    path = tmp_path / "two.jsonl"
    path.write_text(words + words.replace("acme-chat", "acme-new"))
    file, alone = read(path), read(files / "garak" / "new.report.jsonl")
    assert [(r.model, r.scorer, r.count, r.variant) for r in file.results] == [
        (r.model, r.scorer, r.count, r.variant) for r in alone.results
    ]
    (problem,) = file.problems
    assert problem.where == f"line {len(words.splitlines()) + 1}"
    assert "another run begins here, of model acme-new" in problem.what


def test_that_lines_of_another_harness_in_a_report_are_listed(files, tmp_path):
    report, other = files / "garak" / "new.report.jsonl", files / "openai_evals" / "finished.jsonl"
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(report.read_bytes() + other.read_bytes())
    (problem,) = read(path).problems
    assert problem.where == f"line {len(report.read_text().splitlines()) + 1}"
    assert problem.what.endswith(f"lines of this kind: {len(other.read_text().splitlines())}")


def test_that_real_reports_say_what_the_manifest_says(shared, manifest):
    rows = {name: text for name, text in manifest.items() if name.startswith("garak/") and "hitlog" not in name}
    assert len(rows) >= 6
    pattern = re.compile(
        r"([\w.]+)/([\w.]+): passed=(\d+) total_evaluated=(\d+) nones=(\d+) ASR=(\S+) ci=\[([\w.]+),([\w.]+)\]"
    )
    for name, text in rows.items():
        file = read(shared / "evidence" / "samples" / name)
        stated = pattern.findall(text)
        assert len(file.results) == len(stated), name
        for probe, detector, passed, total, nones, rate, low, high in stated:
            (found,) = [r for r in file.results if (r.task, r.scorer) == (probe, detector)]
            assert (found.n, found.count, found.n_unscored) == (int(total), int(total) - int(passed), int(nones))
            assert found.value == (None if rate == "None" else pytest.approx(float(rate)))
            bounds = (found.interval.low, found.interval.high) if found.interval else (None, None)
            assert bounds == tuple(None if bound == "None" else float(bound) for bound in (low, high)), name
        assert file.status == ("running" if "unfinished" in text else "complete")
        if head := re.match(r"version=(\S+) target=([^/]+)/(\S+) run_id=(\S+)", text):
            assert (file.harness_version, file.run_id) == (head[1], head[4])
            assert {r.model for r in file.results} <= {head[2] if head[3] == "None" else head[3]}
