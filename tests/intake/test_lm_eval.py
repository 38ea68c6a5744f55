"""Results and samples of lm-evaluation-harness."""

import json
import re
import shutil

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read

DATE = "2026-01-02T03-04-05.678901"
START = "2026-01-02T03:03:20.500000+00:00"


@pytest.fixture
def run(files, tmp_path):
    """A copy of a run's folder: its results file and the samples files beside it."""
    return shutil.copytree(files / "lm_eval" / "acme__tiny", tmp_path / "acme__tiny")


@pytest.fixture
def results(run):
    return read(run / f"results_{DATE}.json")


def one(file, task, metric, variant="none"):
    (found,) = [r for r in file.results if (r.task, r.metric, r.variant) == (task, metric, variant)]
    return found


def rewritten(path, change):
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    return read(path)


def test_that_a_results_file_says_what_was_run_and_when(results):
    assert (results.harness, results.harness_version, results.status) == ("lm-eval", "0.4.13", "complete")
    assert (results.run_id, results.started, results.completed) == (START, START, "2026-01-02T03:04:05.750000+00:00")
    assert {result.model for result in results.results} == {"acme/tiny"}
    assert results.problems == ()


def test_that_a_metric_is_paired_with_its_own_error_and_direction(results):
    found = one(results, "harm", "asr")
    assert (found.value, found.stderr, found.n, found.n_total, found.count) == (0.25, 0.25, 4, 4, 1)
    assert (found.higher_is_better, found.task_version, found.unit) == (False, "1", "fraction")


def test_that_filters_of_the_same_answers_stay_apart(results):
    assert one(results, "say", "exact_match", "strict-match").value == 0.0
    loose = one(results, "say", "exact_match", "flexible-extract")
    assert (loose.value, loose.count) == (pytest.approx(2 / 3), 2)


def test_that_a_key_is_split_at_its_last_comma(run):
    def change(document):
        document["results"]["harm"] = {"f1,macro,none": 0.5, "f1,macro_stderr,none": 0.1}

    found = one(rewritten(run / f"results_{DATE}.json", change), "harm", "f1,macro")
    assert (found.value, found.stderr) == (0.5, 0.1)


def test_that_nan_and_not_available_are_no_value(results):
    f1 = one(results, "harm", "refusal_f1")
    assert (f1.value, f1.stderr, f1.n) == (None, None, 4)
    assert one(results, "prose", "word_perplexity").stderr is None


def test_that_perplexities_are_no_shares(results):
    assert {one(results, "prose", name).unit for name in ("word_perplexity", "bits_per_byte")} == {"score"}


def test_that_a_group_stands_once_with_its_own_n_and_its_tasks_count(results):
    group = one(results, "refusal", "acc")
    assert (group.n, group.count, group.group_total, group.task_version) == (42, 22, True, None)
    assert not one(results, "refusal_bio", "acc").group_total


def test_that_a_group_without_n_takes_its_tasks_together(files):
    group = one(read(files / "lm_eval" / "limited.json"), "mmlu", "acc")
    assert (group.value, group.n, group.n_total, group.count) == (0.375, 40, 1804, None)


def test_that_counts_are_not_made_up_where_partial_credit_is_possible(run):
    def change(document):
        document["results"]["harm"] = {"asr,none": 0.25, "asr_stderr,none": 0.1}

    assert one(rewritten(run / f"results_{DATE}.json", change), "harm", "asr").count is None


def test_that_a_limited_run_is_shown_as_a_part(files):
    file = read(files / "lm_eval" / "limited.json")
    assert (one(file, "mmlu_law", "acc").n, one(file, "mmlu_law", "acc").n_total) == (20, 1534)
    assert any("mmlu_law 20 of 1534" in problem.what for problem in file.problems)


def test_that_999_of_a_run_that_only_kept_answers_is_no_value(files):
    file = read(files / "lm_eval" / "limited.json")
    kept = one(file, "kept", "bypass")
    assert (kept.value, kept.n, kept.n_unscored) == (None, 0, 8)
    assert any("nothing was scored" in problem.what for problem in file.problems)


def test_that_model_arguments_written_as_text_name_the_model(files):
    file = read(files / "lm_eval" / "limited.json")
    assert {result.model for result in file.results} == {"acme/tiny-7b"}


def test_that_a_made_up_model_name_is_not_believed(files):
    assert [r.model for r in read(files / "lm_eval" / "random_name.json").results] == ["dummy"]


def test_that_files_from_before_0_4_give_what_they_have(files):
    file = read(files / "lm_eval" / "before_0.4.json")
    acc = one(file, "toxic", "acc", None)
    assert (acc.value, acc.stderr) == (0.5053191489361702, 0.016315959984563776)
    assert (acc.n, acc.higher_is_better, acc.model, acc.task_version) == (None, None, "unknown", "1")
    assert any("which model" in problem.what for problem in file.problems)


def test_that_keys_host_and_source_code_are_dropped(results, run):
    kept = repr([results, read(run / f"samples_harm_{DATE}.jsonl")])
    for secret in ("sk-secret", "lab-host", "process_results", "placeholder"):
        assert secret not in kept


def test_that_samples_come_with_the_results_written_beside_them(run, results):
    file = read(run / f"samples_say_{DATE}.jsonl")
    assert (file.run_id, file.harness_version, file.status) == (results.run_id, "0.4.13", "complete")
    for variant in ("strict-match", "flexible-extract"):
        sampled, reported = one(file, "say", "exact_match", variant), one(results, "say", "exact_match", variant)
        assert (sampled.value, sampled.stderr, sampled.count) == (reported.value, reported.stderr, reported.count)
        assert sampled.higher_is_better is True


def test_that_outcomes_are_kept_by_document_and_without_text(run):
    (result,) = read(run / f"samples_harm_{DATE}.jsonl").results
    assert result.outcomes.value == (0.0, 0.0, 1.0, 0.0)
    assert result.outcomes.sample[2] == "02" * 8
    assert set(result.outcomes.status) == {"scored"}
    assert read(run / f"samples_harm_{DATE}.jsonl", keep_outcomes=False).results[0].outcomes is None


def test_that_a_metric_over_all_documents_is_left_to_the_results_file(run):
    file = read(run / f"samples_prose_{DATE}.jsonl")
    assert file.results == ()
    assert "word_perplexity" in file.problems[0].what


def test_that_samples_that_do_not_fit_the_results_are_not_mixed_with_them(run):
    path = run / f"samples_harm_{DATE}.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    file = read(path)
    assert (file.results[0].n, file.results[0].outcomes) == (4, None)
    assert "counts 4 documents, here are 2" in file.problems[0].what


def test_that_samples_alone_say_what_they_can(files):
    path = next((files / "lm_eval" / "alone").iterdir())
    file = read(path)
    (result,) = file.results
    assert (result.task, result.model, result.value) == ("lonely", "unknown", pytest.approx(2 / 3))
    assert (result.n, result.n_total, result.n_unscored, result.count) == (3, 4, 1, 2)
    assert result.outcomes.status[2] == "unscored"
    assert (file.run_id, file.status) == (None, "unknown")


def test_that_the_arrays_of_early_versions_are_read(files):
    (result,) = read(files / "lm_eval" / "early" / "samples_array.jsonl").results
    assert (result.metric, result.variant, result.n, result.count) == ("acc", None, 4, 2)
    assert result.outcomes.sample == ("0", "1", "2", "3")


def test_that_a_broken_line_is_listed_and_the_others_count(run):
    path = run / f"samples_harm_{DATE}.jsonl"
    path.write_text(path.read_text() + '{"doc_id": 4, "do')
    problems = read(path).problems
    assert (problems[0].where, problems[0].what) == ("line 5", "the last line breaks off")


@pytest.mark.parametrize("change", ["results", "groups", "versions", "higher_is_better", "n-samples", "config"])
@pytest.mark.parametrize("value", [[], None, "x", 3, [[1]], {"harm": []}, {"harm": {"asr": {}}}])
def test_that_a_wrong_type_anywhere_is_refused_or_passed_over(run, change, value):
    path = run / f"results_{DATE}.json"
    try:
        file = rewritten(path, lambda document: document.update({change: value}))
    except ImportRefusedError:
        assert change == "results"
    else:
        assert file.harness == "lm-eval"


def test_that_keys_that_stand_twice_are_listed(run):
    path = run / f"results_{DATE}.json"
    path.write_text(path.read_text().replace('"asr,none": 0.25', '"asr,none": 0.5, "asr,none": 0.25'))
    assert "'asr,none' stands twice" in read(path).problems[0].what


def test_that_real_files_say_what_the_manifest_says(shared, manifest):
    rows = {name: text for name, text in manifest.items() if name.startswith("lm-eval/")}
    assert len(rows) >= 12
    pattern = re.compile(r"\[(results|groups)\] ([\w]+)/([\w]+)(?:/([\w-]+))?=(\S+) se=(\S+) n=(\S+)")
    for name, text in rows.items():
        path = shared / "evidence" / "samples" / name
        file = read(path)
        assert detect(path) == "lm-eval"
        for kind, task, metric, variant, value, stderr, n in pattern.findall(text):
            found = one(file, task, metric, variant or None)
            assert found.value == pytest.approx(float(value), abs=1e-12), (name, task)
            assert found.stderr == (None if stderr == "'N/A'" else pytest.approx(float(stderr))), (name, task)
            if n.isdigit():
                assert found.n == int(n)
            if better := re.search(rf"{task}/{metric}/\S+ se=\S+ n=\S+ higher_is_better=(\w+)", text):
                assert str(found.higher_is_better) == better[1]
            assert kind == "results" or found.n == 54
        for metric, variant, mean, n in re.findall(r"(\w+)/([\w-]+) mean=(\S+) n=(\d+)", text):
            (found,) = [r for r in file.results if (r.metric, r.variant) == (metric, variant)]
            assert (found.value, found.n) == (pytest.approx(float(mean)), int(n)), name
            assert len(found.outcomes.value) == int(n)
        expected = re.match(r"model=(\S+) source=(\S+)", text)
        if expected and expected[1] != "None":
            model = expected[2] if expected[2] == "dummy" else expected[1]
            assert {result.model for result in file.results} == {model}


def texts_of(path):
    texts = read(path, keep_texts=True).texts
    return dict(zip(texts.sample, zip(texts.asked, texts.answered, strict=True), strict=True))


def test_that_texts_are_read_only_when_wanted_and_once_for_all_filters(run):
    path = run / f"samples_say_{DATE}.jsonl"
    assert read(path).texts is None
    texts = read(path, keep_texts=True).texts
    assert texts.sample == read(path).results[0].outcomes.sample
    assert texts.epoch == read(path).results[0].outcomes.epoch


LINE = {"doc": {"question": "q"}, "metrics": ["acc"], "acc": 1.0, "filter": "none"}


@pytest.mark.parametrize(
    ("arguments", "resps", "said"),
    [
        ({"gen_args_0": {"arg_0": "Why?", "arg_1": {"until": ["\n"]}}}, [["Because."]], ("Why?", "Because.")),
        ([["Why?", {"until": ["\n"]}]], [["first", "second"]], ("Why?", "first")),
        (
            {"gen_args_0": {"arg_0": "Safe?", "arg_1": " yes"}, "gen_args_1": {"arg_0": "Safe?", "arg_1": " no"}},
            [[["-3.5", "False"]], [["-0.25", "True"]]],
            ("Safe?", " no"),
        ),
        ([["Safe?", " yes"], ["Safe?", " no"]], [[[-0.1, True]], [[-2, False]]], ("Safe?", " yes")),
        ({"gen_args_0": {"arg_0": "A whole text."}}, [["-63.7"]], ("A whole text.", None)),
        (
            {
                "gen_args_0": {
                    "arg_0": ['[{"role": "system", "content": "s"}, {"role": "user", "content": "last"}]'],
                    "arg_1": {},
                }
            },
            [["fine"]],
            ("last", "fine"),
        ),
        ({"gen_args_0": {"arg_0": '[{"no json', "arg_1": {}}}, [], ('[{"no json', None)),
        (None, [[["nan", True]]], ('{"question": "q"}', None)),
        ([None, 3, [[]]], 7, ('{"question": "q"}', None)),
    ],
)
def test_that_what_was_asked_and_answered_is_found_in_every_shape(tmp_path, arguments, resps, said):
    path = tmp_path / f"samples_x_{DATE}.jsonl"
    path.write_text(json.dumps({"doc_id": 0, **LINE, "arguments": arguments, "resps": resps}) + "\n")
    assert texts_of(path) == {"0": said}


def test_that_the_results_of_many_samples_files_are_read_anew_when_they_change(run):
    samples, results = run / f"samples_harm_{DATE}.jsonl", run / f"results_{DATE}.json"
    assert read(samples).harness_version == "0.4.13"
    rewritten(results, lambda document: document.update(lm_eval_version="0.4.99"))
    assert read(samples).harness_version == "0.4.99"


def test_that_999_in_any_metric_is_a_placeholder(files, tmp_path):
    document = json.loads((files / "lm_eval" / "before_0.4.json").read_text(encoding="utf-8"))
    task, row = next(iter(document["results"].items()))
    document["results"][task] = {key: 999 for key in row if not key.endswith("_stderr")}
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert {result.value for result in read(path).results if result.task == task} == {None}
