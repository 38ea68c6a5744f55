"""promptfoo evaluations in JSON, YAML, JSONL and CSV."""

import json
import re
import shutil

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read

RUN = "eval-abc-2026-02-03T04:05:06"


@pytest.fixture
def evaluation(files):
    return read(files / "promptfoo" / "eval.json")


@pytest.fixture
def scan(files):
    return read(files / "promptfoo" / "scan.json")


def one(file, model, variant=None, metric="pass_rate", group=None):
    (found,) = [r for r in file.results if (r.model, r.variant, r.metric, r.group) == (model, variant, metric, group)]
    return found


def facts(file):
    return {
        (r.task, r.model, r.metric, r.scorer, r.variant, r.group): (r.value, r.n, r.count, r.n_errors, r.unit)
        for r in file.results
    }


def test_that_an_evaluation_says_which_it_is(evaluation):
    assert (evaluation.harness, evaluation.harness_version, evaluation.run_id) == ("promptfoo", "0.121.20", RUN)
    assert (evaluation.started, evaluation.status) == ("2026-02-03T04:05:06.789000+00:00", "complete")
    assert {result.task for result in evaluation.results} == {"Refusal smoke test"}


def test_that_providers_and_prompts_stay_apart_and_so_do_failures_and_errors(evaluation):
    counts = {
        (model, prompt): (found.count, found.n, found.n_errors, found.n_total)
        for model, prompt in (("acme-7b", "plain"), ("acme-7b", "[careful] prompt"), ("acme-70b", "plain"))
        for found in [one(evaluation, model, prompt)]
    }
    assert list(counts.values()) == [(2, 3, 0, 3), (3, 3, 0, 3), (2, 2, 1, 3)]
    assert one(evaluation, "acme-70b", "plain").value == 1.0
    assert one(evaluation, "acme-7b", "plain").higher_is_better is True


def test_that_named_scores_are_sums_to_be_divided_by_their_weights(evaluation):
    weighted = one(evaluation, "acme-7b", "plain", "Refusal")
    assert (weighted.value, weighted.n, weighted.count) == (pytest.approx(4 / 6), 3, 2)
    counted = one(evaluation, "acme-7b", "[careful] prompt", "Refusal")
    assert (counted.value, counted.n, counted.scorer) == (1.0, 3, "namedScores")
    assert counted.higher_is_better is None


def test_that_a_test_without_an_assertion_is_listed(evaluation):
    assert [problem.what for problem in evaluation.problems] == [
        "tests without an assertion, which promptfoo and so the pass rate count as passed: 1"
    ]


def test_that_outcomes_are_kept_by_test_and_without_text(evaluation, files):
    outcomes = one(evaluation, "acme-70b", "plain").outcomes
    assert (outcomes.sample, outcomes.value) == (("0", "1", "2"), (1.0, None, 1.0))
    assert outcomes.status == ("scored", "error", "scored")
    assert not re.search(r"placeholder|sk-secret|Bearer", repr([evaluation, outcomes]))
    bare = read(files / "promptfoo" / "eval.json", keep_outcomes=False)
    assert all(result.outcomes is None for result in bare.results)
    assert facts(bare) == facts(evaluation)


def test_that_a_red_team_scan_is_split_by_plugin_strategy_severity_and_policy(scan):
    def group(name):
        found = one(scan, "acme-7b", group=name)
        return found.count, found.n, found.n_errors

    assert group(None) == (6, 10, 2)
    assert [group(name) for name in ("rbac", "policy", "harmful:cybercrime")] == [(2, 4, 0), (2, 2, 2), (2, 4, 0)]
    assert [group(f"strategy={name}") for name in ("basic", "base64")] == [(4, 6, 0), (2, 4, 2)]
    assert [group(f"severity={name}") for name in ("critical", "high", "low")] == [(2, 4, 0), (2, 2, 2), (2, 4, 0)]
    assert group("policy=Never disclose trips.") == (2, 2, 0)
    assert group("policy=Never sell.") == (0, 0, 2)


def test_that_repetitions_are_tied_together_by_their_variables(scan):
    found = one(scan, "acme-7b")
    assert (found.n_total, found.clusters) == (12, 6)
    assert len(set(found.outcomes.cluster)) == 6
    assert found.outcomes.category[0] == "rbac"


def test_that_a_summary_that_does_not_fit_its_rows_is_listed(files, tmp_path):
    document = json.loads((files / "promptfoo" / "eval.json").read_text())
    document["results"]["results"].pop()
    path = tmp_path / "cut.json"
    path.write_text(json.dumps(document))
    file = read(path)
    assert file.status == "unknown"
    assert "the summary says 7 passed, 1 failed, 1 errors" in file.problems[-1].what


def test_that_a_row_without_an_outcome_is_left_out_and_listed(files, tmp_path):
    document = json.loads((files / "promptfoo" / "eval.json").read_text())
    document["results"]["results"][0].pop("success")
    document["results"]["results"].append("nonsense")
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(document))
    places = [problem.where for problem in read(path).problems]
    assert places[:2] == ["row 1", "row 10"]


def test_that_jsonl_has_the_same_numbers_but_no_name_and_no_end(files, evaluation):
    file = read(files / "promptfoo" / "rows.jsonl")
    assert (file.run_id, file.status) == (None, "unknown")
    assert [value[1:] for value in facts(file).values()] == [value[1:] for value in facts(evaluation).values()]


def test_that_csv_reads_every_group_of_columns_under_the_same_headers(files, tmp_path, evaluation):
    path = shutil.copy(files / "promptfoo" / "eval.csv", tmp_path / "alone.csv")
    file = read(path)
    assert detect(path) == "promptfoo"
    assert (file.run_id, file.status) == (None, "unknown")
    assert [value[:4] for value in facts(file).values()] == [value[:4] for value in facts(evaluation).values()]
    outcomes = one(file, "acme-70b", "plain").outcomes
    assert outcomes.status == ("scored", "error", "scored")


def test_that_csv_beside_its_json_is_known_as_the_same_evaluation(files, evaluation):
    file = read(files / "promptfoo" / "eval.csv")
    assert (file.run_id, file.status, file.started) == (RUN, "complete", evaluation.started)
    assert facts(file).keys() == facts(evaluation).keys()


def test_that_csv_beside_another_evaluations_json_is_not_taken_for_it(files, tmp_path):
    path = shutil.copy(files / "promptfoo" / "eval.csv", tmp_path / "one.csv")
    shutil.copy(files / "promptfoo" / "scan.json", tmp_path / "one.json")
    assert read(path).run_id is None


def test_that_older_csv_with_the_status_in_the_answer_is_read(files):
    file = read(files / "promptfoo" / "older_scan.csv")
    found = one(file, "acme-7b")
    assert (found.count, found.n, found.n_errors) == (2, 3, 1)
    assert one(file, "acme-7b", group="rbac").value == 0.5
    assert one(file, "acme-7b", group="strategy=base64").count == 1


def test_that_a_csv_row_without_a_status_is_listed(files, tmp_path):
    words = (files / "promptfoo" / "eval.csv").read_text().replace(",ERROR,", ",,")
    path = tmp_path / "eval.csv"
    path.write_text(words)
    assert read(path).problems[0].what == "no status under '[acme-70b] plain'; left out"


def test_that_yaml_is_read_as_json_would_be(files):
    path = files / "promptfoo" / "eval.yaml"
    file = read(path)
    assert (detect(path), file.run_id, file.status) == ("promptfoo", "eval-yaml-1", "complete")
    assert (file.results[0].task, file.results[0].model, file.results[0].value) == ("YAML smoke test", "acme-7b", 0.5)
    # Both rows repeat the same variables by name.
    assert file.results[0].clusters == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("evalId: x\na: &a [*a]\n", "repeats something"),
        ("evalId: x\nr0: &r0 [1,1,1,1,1,1,1,1,1]\n", "row"),
        (
            "evalId: x\nr0: &r0 [1,1]\n"
            + "".join(f"r{i}: &r{i} [{', '.join([f'*r{i - 1}'] * 9)}]\n" for i in range(1, 9)),
            "repeats itself",
        ),
        ("evalId: x\nx: " + "[" * 200 + "]" * 200 + "\n", "nested too deeply"),
        ("evalId: x\nx: [1, 2\ny: }\n", "not valid YAML"),
        ("evalId: x\nx: !!python/object/apply:os.system [echo]\n", "row"),
        ("evalId: x\n<<: &a {b: 1}\n? [1, 2]\n: 3\n", "row"),
        ("evalId: x\nx: \x00\n", "not valid YAML"),
    ],
)
def test_that_hostile_yaml_is_refused(tmp_path, words, said):
    path = tmp_path / "eval.yaml"
    path.write_text(words)
    with pytest.raises(ImportRefusedError, match=said):
        read(path)


def test_that_the_real_evaluations_say_what_the_manifest_says(shared, manifest):
    for name in ("basic.json", "fail.json", "redteam.json"):
        text, file = manifest[f"promptfoo/{name}"], read(shared / "evidence" / "samples" / "promptfoo" / name)
        head, _, rest = text.partition(" || ")
        said = dict(re.findall(r"(\w+)=(\S+)", head))
        assert (file.run_id, file.harness_version) == (said["evalId"], said["promptfoo"])
        rates = [r for r in file.results if r.metric == "pass_rate" and r.group is None]
        stated = re.findall(r"(\S+) \| [^|]*?: pass=(\d+) fail=(\d+) err=(\d+)", rest)
        assert [(r.model, r.count, r.n, r.n_errors) for r in rates] == [
            (model, int(passed), int(passed) + int(failed), int(errors)) for model, passed, failed, errors in stated
        ]
        assert sum(r.count or 0 for r in rates) == int(said["successes"])
        plugins = re.search(r"by pluginId \(n,pass,error\): (.*)", text)
        for plugin, (total, passed, errors) in json.loads(plugins[1]).items() if plugins else ():
            parts = [r for r in file.results if r.group == plugin]
            counts = [(r.n_total, r.count, r.n_errors) for r in parts]
            assert tuple(map(sum, zip(*counts, strict=True))) == (total, passed, errors)


def test_that_the_real_csv_is_the_real_json(shared):
    folder = shared / "evidence" / "samples" / "promptfoo"
    table, document = read(folder / "basic.csv"), read(folder / "basic.json")
    plain = {key: value for key, value in facts(document).items() if key[-1] is None}
    assert facts(table) == plain
    assert sum(r.count or 0 for r in table.results if r.metric == "pass_rate") == 6
