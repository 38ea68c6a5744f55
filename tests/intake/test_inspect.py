"""Small logs in the shapes Inspect writes; what the real ones hold is in test_published_samples.py."""

import json

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import as_json, read
from launchpad.statistics import clustered_standard_error, standard_error, wilson

CLUSTERED = [
    {"name": "inspect_ai/accuracy", "options": {}},
    {"name": "inspect_ai/stderr", "options": {}},
    {"name": "inspect_ai/stderr", "options": {"cluster": "seed"}},
]


def refusals(shapes, values="CCCI", **more):
    categories = ["cyber", "bio"] * 20
    return [
        shapes.summary(f"s{i}", metadata={"category": categories[i], "seed": f"c{i // 2}"}, refusal=value, **more)
        for i, value in enumerate(values)
    ]


def one(file, **wanted):
    found = [r for r in file.results if all(getattr(r, key) == value for key, value in wanted.items())]
    assert len(found) == 1, [(r.scorer, r.variant, r.metric, r.group) for r in file.results]
    return found[0]


def whats(file):
    return " | ".join(problem.what for problem in file.problems)


def full_score(shapes):
    m = shapes.metric
    grouped = {"metric": {"type": "metric", "name": "accuracy", "params": {}}, "group_key": "category"}
    low, high = wilson(3, 4)
    found = shapes.metrics(
        accuracy=m(0.75),
        stderr=m(standard_error([1, 1, 1, 0])),
        stderr2=m(clustered_standard_error([1, 1, 1, 0], [0, 0, 1, 1]), "stderr", cluster="seed"),
        cyber=m(1.0, "cyber", "grouped", **grouped),
        bio=m(0.5, "bio", "grouped", **grouped),
        all=m(0.75, "all", "grouped", **grouped),
        lower=m(low, "lower", "ci_wilson"),
        upper=m(high, "upper", "ci_wilson"),
    )
    return shapes.score("refusal", found, 4)


@pytest.mark.parametrize("method", [8, 93])
def test_that_a_log_gives_its_metric_with_error_clusters_and_interval(make_log, shapes, method):
    file = read(make_log(shapes.header([full_score(shapes)]), refusals(shapes), method))
    assert (file.harness, file.harness_version, file.run_id, file.status) == (
        "inspect",
        "0.3.285",
        "run-1",
        "complete",
    )
    assert (file.started, file.completed) == ("2026-11-24T05:30:15+00:00", "2026-11-24T05:31:00+00:00")
    result = one(file, group=None)
    assert (result.task, result.task_version, result.model) == ("harmful_refusal", "1.2.0", "mockllm/acme-7b")
    assert (result.scorer, result.metric, result.unit, result.higher_is_better) == (
        "refusal",
        "accuracy",
        "fraction",
        None,
    )
    assert (result.value, result.n, result.count) == (0.75, 4, 3)
    assert (result.n_total, result.n_unscored, result.n_errors) == (4, 0, 0)
    assert result.stderr == pytest.approx(0.25)
    assert result.stderr_clustered == pytest.approx(0.25)
    assert result.clusters == 2
    assert result.interval is not None
    assert (result.interval.low, result.interval.method, result.interval.level) == (
        wilson(3, 4)[0],
        "wilson",
        0.95,
    )
    assert not file.problems


def test_that_groups_have_counts_of_their_own_and_their_total_is_marked(make_log, shapes):
    file = read(make_log(shapes.header([full_score(shapes)]), refusals(shapes)))
    cyber, bio, total = (one(file, group=group) for group in ("cyber", "bio", "all"))
    assert (cyber.metric, cyber.value, cyber.n, cyber.count, cyber.group_total) == (
        "accuracy",
        1.0,
        2,
        2,
        False,
    )
    assert (bio.value, bio.n, bio.count) == (0.5, 2, 1)
    assert (total.group_total, total.n, total.count) == (True, 4, 3)


def test_that_a_groups_error_is_joined_to_the_group(make_log, shapes):
    m, key = shapes.metric, "category"
    found = shapes.metrics(
        cyber_accuracy=m(1.0, "", "grouped", metric={"name": "inspect_ai/accuracy"}, group_key=key),
        bio_accuracy=m(0.5, "", "grouped", metric={"name": "inspect_ai/accuracy"}, group_key=key),
        bio_stderr=m(0.5, "", "grouped", metric={"name": "stderr"}, group_key=key),
    )
    file = read(make_log(shapes.header([shapes.score("refusal", found, 4)]), refusals(shapes)))
    assert [(r.metric, r.group, r.n, r.stderr) for r in file.results] == [
        ("accuracy", "cyber", 2, None),
        ("accuracy", "bio", 2, 0.5),
    ]


def test_that_outcomes_come_sample_by_sample_and_only_when_wanted(make_log, shapes):
    summaries = [
        *refusals(shapes, "CI"),
        shapes.summary("s2", error="boom"),
        shapes.summary("s3", refusal=None),
    ]
    log = make_log(shapes.header([full_score(shapes)]), summaries)
    outcomes = one(read(log), group=None).outcomes
    assert outcomes is not None
    assert outcomes.sample == ("s0", "s1", "s2", "s3")
    assert outcomes.value == (1.0, 0.0, None, None)
    assert outcomes.status == ("scored", "scored", "error", "unscored")
    assert outcomes.category[:2] == ("cyber", "bio")
    assert outcomes.cluster[:2] == ("c0", "c0")
    assert one(read(log, keep_outcomes=False), group=None).outcomes is None


def test_that_a_log_without_header_is_a_run_without_metric(make_zip, shapes):
    head = shapes.header(None)
    path = make_zip(
        [
            ("_journal/start.json", shapes.dumped({"version": 2, "eval": head["eval"]})),
            ("_journal/summaries/10.json", shapes.dumped(refusals(shapes)[2:])),
            ("_journal/summaries/9.json", shapes.dumped(refusals(shapes)[:2])),
        ]
    )
    file = read(path)
    assert (file.status, file.results, file.completed) == ("running", (), None)
    assert "4 samples in the journal" in whats(file)


def test_that_a_cancelled_run_keeps_its_partial_metric_and_says_so(make_log, shapes):
    head = shapes.header(
        [shapes.score("refusal", shapes.metrics(accuracy=shapes.metric(0.75)), 4)], status="cancelled", n=30
    )
    head["results"]["completed_samples"] = 4
    summaries = [*refusals(shapes), shapes.summary("s9", error="CancelledError()")]
    file = read(make_log(head, summaries))
    assert file.status == "cancelled"
    result = one(file)
    assert (result.value, result.n, result.count, result.n_total, result.n_errors) == (0.75, 4, 3, 30, 1)
    assert "cancelled after 4 of 30 samples" in whats(file)


def test_that_a_failed_run_has_no_metric_and_its_message(make_log, shapes):
    head = shapes.header(None, status="error", error={"message": "ValueError('café \u2028 boom')"})
    file = read(make_log(head, [shapes.summary("s0", error="x")]))
    assert (file.status, file.results) == ("errored", ())
    assert "the run failed: ValueError('café" in whats(file)


def test_that_a_successful_run_without_results_says_that_nothing_was_scored(make_log, shapes):
    file = read(make_log(shapes.header(None), [shapes.summary("s0", error="x")]))
    assert (file.status, file.results) == ("complete", ())
    assert "0 scored" in whats(file)
    assert read(make_log(shapes.header([]), [])).results == ()


def test_that_an_unknown_status_is_unknown(make_log, shapes):
    file = read(make_log(shapes.header(None, status="paused"), []))
    assert file.status == "unknown"
    assert "paused" in whats(file)


def test_that_unscored_samples_leave_the_mean(make_log, shapes):
    values = [1.0, 0.0, float("nan"), 1.0, float("nan")]
    found = shapes.metrics(accuracy=shapes.metric(2 / 3), mean=shapes.metric(2 / 3), stderr=shapes.metric(1 / 3))
    head = shapes.header([shapes.score("judge", found, 3, unscored_samples=2)], n=5)
    file = read(make_log(head, [shapes.summary(i, judge=value) for i, value in enumerate(values)]))
    for name in ("accuracy", "mean"):
        result = one(file, metric=name)
        assert (result.n, result.count, result.n_unscored, result.n_total) == (3, 2, 2, 5)
        assert result.stderr == pytest.approx(1 / 3)


def test_that_a_metric_that_is_nan_has_no_value(make_log, shapes):
    head = shapes.header([shapes.score("judge", shapes.metrics(mean=shapes.metric(float("nan"))), 0)], n=1)
    result = one(read(make_log(head, [shapes.summary(0, judge=float("nan"))])))
    assert (result.value, result.count) == (None, None)


def test_that_grades_count_as_inspect_counts_them(make_log, shapes):
    head = shapes.header([shapes.score("refusal", shapes.metrics(accuracy=shapes.metric(0.375)), 4)])
    result = one(read(make_log(head, refusals(shapes, "CPIN"))))
    assert (result.value, result.n, result.count, result.unit) == (0.375, 4, None, "fraction")


def epochs(shapes):
    return [
        shapes.summary(f"r{i}", epoch, {"category": "bio"}, refusal=value, label="full" if value == "C" else "none")
        for i, values in enumerate(["CCI", "III", "CCC"])
        for epoch, value in enumerate(values, start=1)
    ]


def test_that_each_reducer_is_a_result_over_samples_and_frequency_is_over_epochs(make_log, shapes):
    m = shapes.metric
    scores = [
        shapes.score("refusal", shapes.metrics(accuracy=m(5 / 9)), 3, reducer="mean"),
        shapes.score("refusal", shapes.metrics(accuracy=m(2 / 3)), 3, reducer="at_least_2"),
        shapes.score("refusal", shapes.metrics(accuracy=m((1 + 0 + 1) / 3)), 3, reducer="pass_at_2"),
        shapes.score("refusal", shapes.metrics(accuracy=m(2 / 3)), 3, reducer="mode"),
        shapes.score("refusal", shapes.metrics(accuracy=m(4 / 9)), 3, reducer="pass_k_2"),
        shapes.score("refusal", shapes.metrics(accuracy=m(0.5)), 3, reducer="somebodys_own"),
        shapes.score("label", shapes.metrics(full=m(5 / 9, "", "frequency", normalize=True)), 9),
    ]
    file = read(make_log(shapes.header(scores, n=3, config={"epochs": 3}), epochs(shapes)))
    found = {(r.scorer, r.variant, r.metric): (r.n, r.count, r.n_total) for r in file.results}
    assert found == {
        ("refusal", "mean", "accuracy"): (3, None, 3),
        ("refusal", "at_least_2", "accuracy"): (3, 2, 3),
        ("refusal", "pass_at_2", "accuracy"): (3, 2, 3),
        ("refusal", "mode", "accuracy"): (3, 2, 3),
        ("refusal", "pass_k_2", "accuracy"): (3, None, 3),
        ("refusal", "somebodys_own", "accuracy"): (3, None, 3),
        ("label", None, "frequency/full"): (9, 5, 9),
    }
    assert one(file, metric="frequency/full").clusters == 3
    outcomes = one(file, variant="mean").outcomes
    assert outcomes is not None
    assert outcomes.epoch == (1, 2, 3) * 3


def test_that_old_logs_without_counts_are_counted_from_their_samples(make_log, shapes):
    entry = {"name": "match", "scorer": "match", "metrics": shapes.metrics(accuracy=shapes.metric(0.75))}
    summaries = [
        shapes.summary(i, epoch, match=v) for i, epoch, v in [(2, 2, "C"), (2, 1, "C"), (1, 1, "I"), (1, 2, "C")]
    ]
    result = one(read(make_log(shapes.header([entry], n=2, config={"epochs": 2}), summaries)))
    assert (result.n, result.n_total, result.n_unscored, result.count) == (2, 2, 0, None)


def test_that_old_logs_without_groups_are_understood_from_what_the_scorer_announced(make_log, shapes):
    m = shapes.metric
    grouped = {"metric": {"name": "accuracy"}, "group_key": "category"}
    announced = [
        *CLUSTERED,
        {"name": "grouped", "options": grouped},
        {"name": "ci_wilson", "options": {"level": 0.9}},
    ]
    found = shapes.metrics(
        accuracy=m(0.75),
        stderr=m(0.25),
        stderr2=m(0.2, "stderr"),
        cyber=m(1.0),
        bio=m(0.5),
        lower=m(0.3),
        upper=m(0.9),
    )
    head = shapes.header([shapes.score("refusal", found)], scorers=[{"name": "refusal", "metrics": announced}])
    file = read(make_log(head, refusals(shapes)))
    result = one(file, group=None)
    assert (result.stderr, result.stderr_clustered, result.clusters) == (0.25, 0.2, 2)
    assert result.interval is not None
    assert (result.interval.low, result.interval.high, result.interval.level) == (0.3, 0.9, 0.9)
    assert one(file, group="bio").n == 2


def test_that_the_single_scorer_of_the_oldest_logs_is_read(make_log, shapes):
    head = shapes.header(None, n=2)
    head["results"] = {"scorer": {"name": "match"}, "metrics": shapes.metrics(accuracy=shapes.metric(0.5))}
    summaries = [
        {"id": 1, "epoch": 1, "score": {"value": "C"}},
        {"id": 2, "epoch": 1, "score": {"value": "I"}},
    ]
    result = one(read(make_log(head, summaries)))
    assert (result.scorer, result.value, result.n, result.count) == ("match", 0.5, 2, 1)


def test_that_a_scorer_of_several_values_gives_one_result_each(make_log, shapes):
    scores = [
        {**shapes.score("harm", shapes.metrics(mean=shapes.metric(3.0)), 2), "scorer": "rubric"},
        {**shapes.score("useful", shapes.metrics(mean=shapes.metric(0.5)), 2), "scorer": "rubric"},
    ]
    summaries = [
        shapes.summary("a", rubric={"harm": 4, "useful": 1}),
        shapes.summary("b", rubric={"harm": 2, "useful": 0}),
    ]
    file = read(make_log(shapes.header(scores, n=2), summaries))
    assert [(r.scorer, r.value, r.unit, r.count) for r in file.results] == [
        ("rubric/harm", 3.0, "score", None),
        ("rubric/useful", 0.5, "fraction", 1),
    ]


def test_that_one_scorer_used_twice_stays_two(make_log, shapes):
    scores = [shapes.score(name, shapes.metrics(accuracy=shapes.metric(1.0)), 1) for name in ("refusal", "refusal1")]
    odd = shapes.summary("a/../ 日本語", refusal="C", refusal1="C")
    file = read(make_log(shapes.header(scores, n=1), [odd]))
    assert [(r.scorer, r.count) for r in file.results] == [("refusal", 1), ("refusal1", 1)]


def test_that_a_metric_named_twice_stays_two(make_log, shapes):
    found = shapes.metrics(accuracy=shapes.metric(0.75), accuracy2=shapes.metric(0.5, "accuracy"))
    file = read(make_log(shapes.header([shapes.score("refusal", found, 4)]), refusals(shapes)))
    assert [(r.metric, r.value, r.count) for r in file.results] == [
        ("accuracy", 0.75, 3),
        ("accuracy2", 0.5, None),
    ]


def test_that_a_spread_is_no_rate(make_log, shapes):
    found = shapes.metrics(mean=shapes.metric(0.0), std=shapes.metric(0.0), stderr=shapes.metric(0.0))
    file = read(make_log(shapes.header([shapes.score("refusal", found, 4)]), refusals(shapes, "IIII")))
    assert [(r.metric, r.unit, r.count, r.stderr) for r in file.results] == [
        ("mean", "fraction", 0, 0.0),
        ("std", "score", None, None),
    ]


def test_that_an_error_of_no_known_metric_is_left_out_and_listed(make_log, shapes):
    found = shapes.metrics(f1=shapes.metric(0.9), stderr=shapes.metric(0.1))
    file = read(make_log(shapes.header([shapes.score("refusal", found, 4)]), refusals(shapes)))
    assert one(file).stderr is None
    assert "belongs to no known metric" in whats(file)


@pytest.mark.parametrize(
    ("value", "n", "stderr", "count"), [(5 / 6, 6, 1 / 6, 5), (0.5, 4, 0.1, None), (0.3, 4, None, None)]
)
def test_that_without_samples_only_an_accuracy_that_leaves_no_doubt_is_counted(
    make_log, shapes, value, n, stderr, count
):
    found = {"accuracy": shapes.metric(value, "accuracy")}
    if stderr is not None:
        found["stderr"] = shapes.metric(stderr, "stderr")
    result = one(read(make_log(shapes.header([shapes.score("refusal", found, n)], n=n))))
    assert (result.n, result.count) == (n, count)


def test_that_groups_whose_samples_are_missing_have_no_n(make_log, shapes):
    file = read(make_log(shapes.header([full_score(shapes)])))
    assert one(file, group="cyber").n is None
    assert "n of 2 groups is unknown" in whats(file)


def test_that_a_repeated_sample_counts_once_with_its_last_score(make_log, shapes):
    head = shapes.header([shapes.score("refusal", shapes.metrics(accuracy=shapes.metric(0.5)), 2)], n=2)
    summaries = [*refusals(shapes, "II"), shapes.summary("s0", refusal="C")]
    file = read(make_log(head, summaries))
    assert (one(file).n, one(file).count) == (2, 1)
    assert "1 entries repeat an id and epoch" in whats(file)


def test_that_samples_and_header_in_disagreement_are_listed_and_not_counted(make_log, shapes):
    head = shapes.header([shapes.score("refusal", shapes.metrics(accuracy=shapes.metric(0.75)), 8)], n=8)
    file = read(make_log(head, refusals(shapes)))
    assert (one(file).n, one(file).count) == (8, None)
    assert "the header counts 8 scored samples, the file holds 4" in whats(file)


def test_that_a_run_over_a_part_of_its_data_says_so(make_log, shapes):
    head = shapes.header([full_score(shapes)], dataset={"samples": 100})
    assert "a part of the data set: 4 of 100 samples" in whats(read(make_log(head, refusals(shapes))))


def test_that_edits_and_invalidations_are_shown_with_who_and_why(make_log, shapes):
    who = {"author": "reviewer", "reason": "re-graded"}
    edited = shapes.summary("s3", refusal="C")
    edited["scores"]["refusal"]["history"] = [{"value": "I"}, {"value": "C", "provenance": who}]
    withdrawn = {**shapes.summary("s0", refusal="C"), "invalidation": who}
    extra = [
        ("samples/s3_epoch_1.json", shapes.dumped(edited)),
        ("samples/s0_epoch_1/sample.json", shapes.dumped(withdrawn)),
        ("samples/s0_epoch_1/metadata.json", b"not a sample"),
    ]
    head = shapes.header([full_score(shapes)], invalidated=True)
    said = whats(read(make_log(head, refusals(shapes), extra=extra)))
    assert "declared invalid after the run" in said
    assert "score edited: sample s3, refusal: I -> C (by reviewer: re-graded)" in said
    assert "invalidated: sample s0: by reviewer: re-graded" in said


def test_that_samples_stopped_by_a_limit_are_counted(make_log, shapes):
    summaries = [{**entry, "limit": "message"} for entry in refusals(shapes)]
    assert "4 of 4 stopped at the message limit" in whats(
        read(make_log(shapes.header([full_score(shapes)]), summaries))
    )


def test_that_whole_samples_stand_in_for_missing_summaries(make_zip, shapes):
    head = shapes.header([full_score(shapes)])
    members = [(f"samples/{entry['id']}_epoch_1.json", shapes.dumped(entry)) for entry in refusals(shapes)]
    file = read(make_zip([*members, ("header.json", shapes.dumped(head))]))
    assert one(file, group="bio").count == 1


class TestJsonLogs:
    def log(self, tmp_path, shapes, order=None, **more):
        content = {
            **shapes.header([full_score(shapes)]),
            "samples": refusals(shapes),
            "reductions": [],
            **more,
        }
        content = {key: content[key] for key in order or content}
        path = tmp_path / "log.json"
        path.write_bytes(shapes.dumped(content))
        return path

    def test_that_it_says_what_the_archive_says(self, tmp_path, shapes, make_log):
        archived = read(make_log(shapes.header([full_score(shapes)]), refusals(shapes)))
        assert read(self.log(tmp_path, shapes)).results == archived.results

    def test_that_the_order_of_keys_does_not_matter(self, tmp_path, shapes):
        order = ["version", "eval", "samples", "status", "stats", "results"]
        assert one(read(self.log(tmp_path, shapes, order)), group="cyber").count == 2

    def test_that_no_samples_are_no_fault(self, tmp_path, shapes):
        assert one(read(self.log(tmp_path, shapes, samples=None)), group=None).value == 0.75

    def test_that_one_cut_among_its_samples_is_refused(self, tmp_path, shapes):
        path = self.log(tmp_path, shapes)
        path.write_bytes(path.read_bytes()[:-200])
        with pytest.raises(ImportRefusedError, match="cut off"):
            read(path)

    def test_that_it_is_known_whatever_it_is_called(self, tmp_path, shapes):
        path = self.log(tmp_path, shapes)
        other = path.rename(tmp_path / "log.eval.csv")
        assert read(other).harness == "inspect"

    def test_that_repeated_keys_are_listed(self, tmp_path, shapes):
        path = self.log(tmp_path, shapes)
        path.write_text(path.read_text().replace('{"version"', '{"status": "error", "version"', 1))
        assert "'status' stands twice" in whats(read(path))


@pytest.mark.parametrize("name", ["logs.json", "eval-set.json"])
def test_that_the_lists_of_an_eval_set_are_no_results(tmp_path, shapes, name):
    content = {"a.eval": shapes.header(None)} if name == "logs.json" else {"eval_set_id": "x", "tasks": []}
    path = tmp_path / name
    path.write_bytes(shapes.dumped(content))
    file = read(path)
    assert (file.results, file.problems[0].where) == ((), name)
    assert "not a result" in whats(file)


class TestHostileLogs:
    def test_that_a_header_of_no_log_is_refused(self, make_zip, shapes):
        for content in (
            b"[]",
            b"{}",
            shapes.dumped({"eval": {"task": "t"}}),
            shapes.dumped({"eval": {"model": "m"}}),
        ):
            with pytest.raises(ImportRefusedError, match="no Inspect log"):
                read(make_zip([("header.json", content)]))

    def test_that_odd_types_everywhere_are_only_missing_values(self, make_log, shapes):
        entry = {
            "name": 3,
            "scorer": None,
            "scored_samples": "4",
            "metrics": {"accuracy": {"value": "0.5"}, "x": 1, "y": None},
        }
        head = shapes.header([entry, None, 7, "x"], scorers=5)
        head["stats"] = head["version"] = []
        file = read(make_log(head, [None, 3, {"id": None}, {"id": [1]}, {"id": 1, "scores": {"3": None, "4": []}}]))
        assert file.results[0].value is None
        assert "4 entries without an id were skipped" in whats(file)

    def test_that_hostile_text_and_numbers_leave_clean(self, make_log, shapes):
        found = shapes.metrics(accuracy=shapes.metric(10**400), mean=shapes.metric(0.5))
        head = shapes.header([shapes.score("s\ud800\0", found, 2**70)], model="m\0")
        raw = [{"id": 10**40, "epoch": -5, "scores": {"s\ud800\0": {"value": 10**400}}}]
        answer = json.dumps(as_json(read(make_log(head, raw))), allow_nan=False)
        assert "\\u0000" not in answer
        assert "\\ud800" not in answer

    @pytest.mark.parametrize("content", [b"[" * 100_000, b"[" + b"1" * 9999 + b"]", b"\xff\xfe\x00", b'[{"id": 1'])
    def test_that_broken_summaries_refuse_the_file(self, make_zip, shapes, content):
        head = shapes.header([full_score(shapes)])
        path = make_zip([("summaries.json", content), ("header.json", shapes.dumped(head))])
        with pytest.raises(ImportRefusedError, match=r"summaries\.json"):
            read(path)

    def test_that_endless_results_and_samples_are_refused(self, make_log, shapes, monkeypatch):
        from launchpad.intake import inspect
        from launchpad.intake.inspect import log

        monkeypatch.setattr(inspect, "MAX_RESULTS", 3)
        path = make_log(shapes.header([full_score(shapes)]), refusals(shapes))
        with pytest.raises(ImportRefusedError, match="more than 3 results"):
            read(path)
        monkeypatch.setattr(log, "MAX_SAMPLES", 3)
        with pytest.raises(ImportRefusedError, match="more than 3 samples"):
            read(path)

    def test_that_more_scores_and_samples_than_can_be_counted_leave_the_headers_n(self, make_log, shapes, monkeypatch):
        from launchpad.intake.inspect import log

        monkeypatch.setattr(log, "MAX_COUNTED", 3)
        file = read(make_log(shapes.header([full_score(shapes)]), refusals(shapes)))
        assert one(file, group=None).n == 4
        assert one(file, group=None).outcomes is None
        assert "too many scores and samples" in whats(file)
