"""Real files beside the checkout, each with what must be read from it; skipped where they are not."""

import csv
import re

import pytest

from launchpad.intake import as_json, read
from launchpad.statistics import wilson

STATUS = {"success": "complete", "cancelled": "cancelled", "error": "errored", "started": "running"}
VALUE = re.compile(r"(\S+)\[(\S+)\]/(\S+)/(\S+)=(\S+) \(group=(\S+)\) n=(\w+)(?:\+(\d+)unscored)?")


@pytest.fixture(scope="module")
def samples(shared):
    return shared / "evidence" / "samples"


@pytest.fixture(scope="module")
def manifest(samples):
    with (samples / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row["expected"] for row in csv.DictReader(file, delimiter="\t")}


def expected_values(text):
    """Each metric a manifest row states: score, scorer, reducer, key, value, source, n, unscored."""
    for name, scorer, reducer, key, value, group, n, unscored in VALUE.findall(text):
        yield (
            name if name == scorer else f"{scorer}/{name}",
            None if reducer == "-" else reducer,
            key,
            float(value),
            None if group == "None" else group,
            None if n == "None" else int(n),
            int(unscored or 0),
        )


def found_value(file, scorer, reducer, key, group):
    """Where a metric of the manifest stands in what was read, with the result it stands in."""
    own = [r for r in file.results if (r.scorer, r.variant) == (scorer, reducer)]
    mean = next((r for r in own if r.group is None and r.metric in ("accuracy", "mean")), None)
    if mean is not None and key in ("stderr", "bootstrap_stderr"):
        return mean.stderr, mean
    if mean is not None and key == "stderr2":
        return mean.stderr_clustered, mean
    if mean is not None and group == "ci_wilson":
        assert mean.interval is not None
        assert mean.interval.method == "wilson"
        return getattr(mean.interval, {"lower": "low", "upper": "high"}[key]), mean
    if group == "grouped":
        (result,) = [r for r in own if r.group == key]
        return result.value, result
    (result,) = [r for r in own if r.group is None and r.metric == (f"{group}/{key}" if group else key)]
    return result.value, result


def test_that_every_inspect_log_says_what_the_manifest_says(samples, manifest):
    names = [name for name in manifest if name.startswith("inspect/")]
    assert len(names) >= 15
    for name in names:
        text, file = manifest[name], read(samples / name)
        facts = dict(re.findall(r"(\w+)=([^;|]*)", text.split(" | ")[0]))
        assert file.status == STATUS[facts["status"].strip()], name
        assert file.run_id == facts["run_id"].strip(), name
        assert file.started == facts["created"].strip(), name
        for scorer, reducer, key, value, group, n, unscored in expected_values(text):
            found, result = found_value(file, scorer, reducer, key, group)
            assert found == pytest.approx(value, abs=1e-12), (name, scorer, key)
            assert (result.task, result.model) == (facts["task"].strip(), facts["model"].strip()), name
            if n is not None and group != "grouped":
                assert (result.n, result.n_unscored) == (n, unscored), (name, scorer, key)
        stated = any(expected_values(text))
        assert bool(file.results) == stated, name


def test_that_the_refusal_log_comes_out_as_promised(samples):
    answer = as_json(read(samples / "inspect" / "refusal_two_scorers_acme-7b.eval"))
    (result,) = [
        r for r in answer["results"] if (r["scorer"], r["metric"], r["group"]) == ("refusal", "accuracy", None)
    ]
    assert (result["value"], result["n"], result["count"], result["k"]) == (0.875, 40, 35, None)
    assert result["interval"]["low"] == pytest.approx(0.738879, abs=1e-6)
    assert result["interval"]["high"] == pytest.approx(0.945405, abs=1e-6)
    assert result["interval"]["method"] == "wilson"
    assert result["stderr"] == pytest.approx(0.05296, abs=5e-6)
    assert result["stderr_clustered"] == pytest.approx(0.05261, abs=5e-6)
    assert result["higher_is_better"] is None


def test_that_counts_from_the_samples_give_the_interval_inspect_reports(samples):
    compared = 0
    for path in sorted((samples / "inspect").glob("*.eval")):
        for result in read(path).results:
            if result.interval is not None and result.count is not None and result.n:
                assert (result.interval.low, result.interval.high) == pytest.approx(wilson(result.count, result.n)), (
                    path.name
                )
                compared += 1
    assert compared >= 6


def test_that_an_edited_log_names_editor_and_samples(samples):
    said = " ".join(problem.what for problem in read(samples / "inspect" / "edited_score_invalidated.eval").problems)
    assert "sample s003, refusal: I -> C" in said
    assert "invalidated: sample s000" in said


def test_that_every_table_says_what_the_manifest_says(samples):
    tables = samples / "tables"
    utf8 = read(tables / "table_utf8.csv")
    assert len(utf8.results) == 6
    assert (utf8.results[0].task, utf8.results[0].value, utf8.results[0].n) == ("CyberQA refusal", 0.93, 400)
    assert utf8.results[-1].value is None
    german = read(tables / "table_cp1252_semicolon_decimalcomma.csv").results
    assert (german[2].task, german[2].value, german[2].n) == ("Jailbreak suite — naïve", 0.12, 250)
    book = read(tables / "table_two_sheets_title_row_percent.xlsx")
    assert [r.value for r in book.results[:2]] == [0.93, 0.875]
    assert {r.task for r in book.results} >= {"CyberQA refusal", "By category"}
    assert "hidden notes" in book.problems[0].where
    outcomes = {(r.metric, r.group): r for r in read(tables / "per_sample_outcomes.csv").results}
    assert (outcomes["outcome/refused", None].n, outcomes["outcome/refused", None].count) == (60, 51)
    failed = (outcomes["outcome/complied", None].count or 0) + (outcomes["outcome/partial", None].count or 0)
    assert failed == 9
    assert sum(r.n or 0 for (metric, group), r in outcomes.items() if metric == "outcome/refused" and group) == 60
