"""Test runs of deepeval, of each version."""

import json

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import Refused, detect, read, read_all


def metric(name="Refusal", score=1.0, success=True, threshold=0.5, **more):
    entry = {
        "name": name,
        "threshold": threshold,
        "success": success,
        "score": score,
        "evaluationModel": "judge-1",
        **more,
    }
    return {key: value for key, value in entry.items() if value is not None}


def case(*metrics, name="case_0", success=True, category=None):
    found = {"name": name, "input": "[asked]", "actualOutput": "[answered]", "success": success}
    return {
        **found,
        "metricsData": list(metrics),
        "runDuration": 0.5,
        "metadata": {"category": category} if category else None,
    }


def a_run(*cases, **more):
    facts = {"testCases": list(cases), "conversationalTestCases": [], "metricsScores": [], "identifier": "review-1"}
    return {**facts, "hyperparameters": {"model": "acme-7b"}, "testPassed": 1, "testFailed": 1, **more}


@pytest.fixture
def written(tmp_path):
    def write(document, name="test_run_20260102_030405.json"):
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return path

    return write


def one(file, scorer="Refusal", metric="pass_rate", group=None, variant=None):
    (found,) = [r for r in file.results if (r.scorer, r.metric, r.group, r.variant) == (scorer, metric, group, variant)]
    return found


def said(file):
    return " ".join(f"{problem.where}: {problem.what}" for problem in file.problems)


def test_that_each_metric_has_a_pass_rate_and_a_mean_score(written):
    cases = case(metric(), category="bio"), case(metric(score=0.25, success=False), success=False, category="cyber")
    path = written(a_run(*cases))
    file = read(path, keep_texts=True)
    assert (detect(path), file.status, file.started) == ("deepeval", "complete", "2026-01-02T03:04:05+00:00")
    assert file.run_id.startswith("review-1/")
    rate, score = one(file), one(file, metric="score")
    assert (rate.task, rate.model, rate.value, rate.n, rate.count) == ("review-1", "acme-7b", 0.5, 2, 1)
    assert (rate.higher_is_better, rate.threshold) == (True, None)
    assert (score.value, score.n, score.count, score.threshold, score.higher_is_better) == (0.625, 2, None, 0.5, True)
    assert one(file, group="cyber").value == 0.0
    assert score.tags == ("deepeval:Refusal", "judge:judge-1")
    assert rate.outcomes.sample == ("case_0", "case_0")
    assert rate.outcomes.epoch == (1, 2)
    assert (file.texts.asked, file.texts.answered, file.texts.epoch) == (("[asked]",) * 2, ("[answered]",) * 2, (1, 2))
    assert "[asked]" not in repr([read(path), rate.outcomes])


def test_that_a_judge_that_failed_is_an_error_and_no_failure(written):
    failed = metric(score=None, success=False, error="judge timed out")
    file = read(written(a_run(case(metric()), case(failed, success=False))))
    rate = one(file)
    assert (rate.value, rate.n, rate.count, rate.n_errors, rate.n_total) == (1.0, 1, 1, 1, 2)
    assert one(file, metric="score").n_errors == 1
    cases = one(file, scorer=None, metric="test_case_pass_rate")
    assert (cases.value, cases.n, cases.n_errors) == (1.0, 1, 1)
    assert "cases whose judge failed" in said(file)


@pytest.mark.parametrize(
    ("entries", "better"),
    [
        ([(0.0, True), (0.75, False)], False),
        ([(0.9, True), (0.1, False)], True),
        ([(0.5, True), (0.5, True)], None),
        ([(0.9, True), (0.9, False)], None),
        ([(0.1, True)], False),
    ],
)
def test_that_polarity_is_known_only_where_scores_thresholds_and_verdicts_prove_it(written, entries, better):
    cases = [case(metric(score=score, success=success)) for score, success in entries]
    assert one(read(written(a_run(*cases))), metric="score").higher_is_better is better


def test_that_a_flaky_metric_is_marked_and_decides_no_case(written):
    flaky = metric("Tone", 0.1, success=False, flaky=True)
    file = read(written(a_run(case(metric(), flaky))))
    assert one(file, "Tone", variant="flaky").value == 0.0
    assert one(file, scorer=None, metric="test_case_pass_rate").value == 1.0
    assert "marked flaky" in said(file)


def test_that_the_wrapped_run_is_the_same_run(written, tmp_path):
    run = a_run(case(metric()))
    plain = read(written(run))
    folder = tmp_path / ".deepeval"
    folder.mkdir()
    (folder / ".latest_test_run.json").write_text(json.dumps({"testRunData": run, "testRunLink": None}))
    (folder / ".deepeval-cache.json").write_text(json.dumps({"test_cases_lookup_map": {}}))
    refused, wrapped = read_all([folder])
    assert isinstance(refused, Refused)
    assert "cache" in str(refused.error)
    assert not isinstance(wrapped, Refused)
    assert (wrapped.run_id, wrapped.results) == (plain.run_id, plain.results)
    assert wrapped.started is None


def test_that_hidden_files_stay_hidden_in_other_folders(tmp_path, written):
    (tmp_path / ".deepeval").mkdir()
    (tmp_path / ".deepeval" / ".latest_test_run.json").write_text(json.dumps(a_run(case(metric()))))
    written(a_run(case(metric())))
    assert [found.path for found in read_all([tmp_path])] == [str(tmp_path / "test_run_20260102_030405.json")]


def test_that_conversations_count_like_other_cases(written):
    talk = {"name": "talk_0", "success": True, "metricsData": [metric()], "turns": [{"role": "user", "content": "[x]"}]}
    old = {"name": "talk_1", "success": True, "messages": [{"metricsMetadata": [metric(score=0.5)]}]}
    file = read(written(a_run(conversationalTestCases=[talk, old])), keep_texts=True)
    assert one(file, metric="score").value == 0.75
    assert file.texts.answered[0] == "[x]"


def test_that_the_first_versions_are_read(written):
    entries = [{"metric": "Bias", "score": score, "minimumScore": 0.5} for score in (0.9, 0.2)]
    cases = [{"name": f"c{n}", "success": n == 0, "metricsMetadata": [entry]} for n, entry in enumerate(entries)]
    file = read(
        written({"testFile": "test_bias.py", "testCases": cases, "metricScores": [{"metric": "Bias", "score": 0.55}]})
    )
    assert (one(file, "Bias").count, one(file, "Bias").task) == (1, "test_bias.py")
    assert one(file, "Bias", "score").value == pytest.approx(0.55)
    assert file.status == "unknown"


@pytest.mark.parametrize("wrap", [lambda cases: cases, lambda cases: {"test_results": cases, "test_run_id": "r-9"}])
def test_that_results_in_snake_case_are_read(written, wrap):
    cases = [{"name": "t", "success": True, "metrics_data": [metric()], "actual_output": "[out]"}]
    file = read(written(wrap(cases), "out.json"), keep_texts=True)
    assert (one(file).value, one(file).model) == (1.0, "unknown")
    assert file.texts.answered == ("[out]",)


def test_that_sums_alone_are_results(written):
    sums = [{"metric": "Bias", "scores": [0.9, 0.2, None], "passes": 1, "fails": 1, "errors": 1}]
    file = read(written(a_run(metricsScores=sums)))
    rate = one(file, "Bias")
    assert (rate.value, rate.n, rate.count, rate.n_errors, rate.n_total) == (0.5, 2, 1, 1, 3)
    assert one(file, "Bias", "score").n == 2


def test_that_sums_which_contradict_the_cases_are_listed(written):
    file = read(
        written(a_run(case(metric()), metricsScores=[{"metric": "Refusal", "scores": [1], "passes": 3, "fails": 0}]))
    )
    assert "the run counts 3 passes, its test cases 1" in said(file)


def test_that_the_judge_is_never_taken_for_the_model(written):
    file = read(written(a_run(case(metric()), hyperparameters={"judge model": "judge-1", "temperature": 0})))
    assert one(file).model == "unknown"
    assert "does not say which model" in said(file)


def test_that_the_model_is_found_by_the_names_people_give_it(written):
    for hyperparameters in ({"Model": "m"}, {"model_name": "m"}, {"LLM": "m"}, {"model": {"name": "m"}}):
        assert one(read(written(a_run(case(metric()), hyperparameters=hyperparameters)))).model == "m"


BAD = [
    a_run(case(metric(score="high", success="yes", threshold=[]), category="x")),
    a_run({"name": 5, "metricsData": {"a": 1}}, "text", None, 7),
    a_run(case({"score": 1}, 3, None)),
    a_run(testCases={"a": 1}, metricsScores="none", hyperparameters=[1], identifier={"a": 1}, runDuration="long"),
    a_run(case(metric(score=float("nan"))), metricsScores=[{"metric": "Refusal", "scores": "x", "passes": -1}]),
    a_run(case(metric()), runDuration=1e300, testPassed=5),
]


@pytest.mark.parametrize("document", BAD)
def test_that_wrong_types_are_listed_and_raise_nothing(written, document):
    file = read(written(document))
    assert all(result.value is None or result.value == result.value for result in file.results)
    assert file.problems


def test_that_nan_is_no_score(written):
    rate = one(read(written(a_run(case(metric(score=float("nan")), success=None)))), metric="score")
    assert (rate.value, rate.n) == (None, 0)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_that_a_run_cut_off_is_refused(written, cut):
    words = json.dumps(a_run(case(metric(), name="x" * 50), case(metric())))
    with pytest.raises(ImportRefusedError):
        read(written(words[: int(len(words) * cut)]))


def test_that_a_key_given_twice_is_listed(written):
    words = json.dumps(a_run(case(metric()))).replace('"identifier"', '"identifier": "other", "identifier"')
    assert "stands twice" in said(read(written(words)))


def test_that_the_real_runs_say_what_the_manifest_says(shared, manifest):
    folder = shared / "evidence" / "samples"
    file = read(folder / "deepeval" / "test_run_20261124_054628.json")
    assert "'Refusal': [8, 6, 0], 'Toxicity': [8, 6, 0]" in manifest["deepeval/test_run_20261124_054628.json"]
    for name, better in (("Refusal", True), ("Toxicity", False)):
        rate, score = one(file, name), one(file, name, "score")
        assert (rate.n, rate.count, rate.n_errors, rate.model, rate.task) == (
            8,
            6,
            0,
            "acme-chat-7b",
            "launch-review-1",
        )
        assert score.higher_is_better is better
    cases = one(file, scorer=None, metric="test_case_pass_rate")
    assert (cases.n, cases.count, file.completed) == (8, 6, "2026-11-24T05:46:28+00:00")
    assert file.problems == ()
    old = read(folder / "deepeval" / "repo" / "test_run_sample.json")
    relevancy, faithfulness = (one(old, name, "score") for name in ("Answer Relevancy", "Faithfulness"))
    assert (relevancy.value, relevancy.threshold, faithfulness.value, faithfulness.threshold) == (0.92, 0.5, 0.45, 0.7)
    assert (one(old, "Answer Relevancy").count, one(old, "Faithfulness").count) == (1, 0)
