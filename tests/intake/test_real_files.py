"""Files the harnesses themselves wrote, each with what the harness itself says of it; see the README beside them."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from launchpad.edits.evidence import Known, add_file
from launchpad.errors import ImportRefusedError
from launchpad.intake import Refused, read, read_all
from launchpad.intake.texts import whose
from launchpad.records import Inputs

REAL = Path(__file__).parent / "files" / "real"
STATUS = {"success": "complete", "cancelled": "cancelled", "error": "errored", "started": "running"}
# The tool prints these with four decimals.
PRINTED = 5.1e-5


def _expected():
    found = defaultdict(dict)
    for table in sorted(REAL.glob("*/expected.tsv")):
        with table.open(encoding="utf-8", newline="") as file:
            for name, key, value in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                found[f"{table.parent.name}/{name}"][key] = value
    return dict(found)


EXPECTED = _expected()
FACTS = frozenset(
    {"status", "run_id", "started", "harness_version", "samples", "errors", "results", "passed", "issues"}
)


def path_of(result):
    return "|".join(
        part or "" for part in (result.task, result.model, result.scorer, result.metric, result.variant, result.group)
    )


def found_in(file, key):
    """The one result a key of expected.tsv is about, and the name of the field; paths may hold any sign but the bar."""
    path, _, name = key.rpartition(":")
    own = [result for result in file.results if path_of(result) == path]
    # From 0.3.130 on Inspect names the reducer "mean" of a score even where there is one epoch.
    assert len(own) == 1, (file.path, key, [path_of(result) for result in file.results])
    return own[0], name


def outcomes_of(result):
    assert result.outcomes is not None
    columns = zip(
        result.outcomes.sample, result.outcomes.epoch, result.outcomes.value, result.outcomes.status, strict=True
    )
    return sorted(
        f"{sample}/{epoch}={'' if value is None else value}"
        for sample, epoch, value, status in columns
        if status != "error"
    )


def whole_run(file):
    """The results over all samples of which a file says what became of each."""
    return [result for result in file.results if result.group is None and result.metric == "pass_rate"]


def check_fact(file, key, value):
    if key == "status":
        assert file.status == STATUS.get(value, value)
    elif key == "results":
        assert len(file.results) == int(value)
    elif key == "passed":
        assert sum(result.count for result in whole_run(file)) == int(value)
    elif key == "issues":
        assert sum(result.value for result in file.results) == float(value)
    elif key == "errors" and file.harness == "promptfoo":
        assert sum(result.n_errors for result in whole_run(file)) == int(value)
    elif key in {"samples", "errors"}:
        for result in file.results:
            if result.outcomes is not None:
                status = result.outcomes.status
                assert (len(status) if key == "samples" else status.count("error")) == int(value)
    else:
        assert getattr(file, key) == value


def check_result(file, key, value):
    result, name = found_in(file, key)
    if name == "outcomes":
        assert outcomes_of(result) == sorted(value.split())
        return
    found = (
        getattr(result.interval, name.removeprefix("interval.")) if "." in name else getattr(result, name.rstrip("~"))
    )
    if value in {"", "nan"}:
        assert found is None
    else:
        assert found == pytest.approx(float(value), rel=1e-12, abs=PRINTED if name.endswith("~") else 1e-12)


@pytest.mark.parametrize("name", EXPECTED)
def test_that_a_file_says_what_its_own_tool_says_of_it(name):
    if "refused" in EXPECTED[name]:
        with pytest.raises(ImportRefusedError, match=EXPECTED[name]["refused"]):
            read(REAL / name)
        return
    file = read(REAL / name)
    for key, value in EXPECTED[name].items():
        (check_fact if key in FACTS else check_result)(file, key, value)


SAME_RUN = [
    ("inspect/some_failed_60.eval", "inspect/some_failed_60.json"),
    ("inspect/unscored_60.eval", "inspect/unscored_60.json"),
    ("inspect/limited_130.eval", "inspect/limited_130.json"),
    ("inspect/limited_285.eval", "inspect/limited_285.json"),
    ("inspect/some_failed_285.eval", "inspect/chunked_285.eval"),
    ("garak/riley_0171.report.jsonl", "garak/riley_0171.avid.jsonl"),
    ("promptfoo/basic.json", "promptfoo/basic.csv"),
    ("promptfoo/errors.json", "promptfoo/errors.jsonl"),
    ("promptfoo/errors.json", "promptfoo/errors.csv"),
    ("promptfoo/red.json", "promptfoo/red.yaml"),
    ("promptfoo/red.json", "promptfoo/red.csv"),
    ("promptfoo/v2.json", "promptfoo/v2.yaml"),
    ("promptfoo/old.json", "promptfoo/old.csv"),
    ("pyrit/memory_110.db", "pyrit/attack_results_110.json"),
    ("pyrit/memory_0140.db", "pyrit/attack_results_0140.json"),
    ("helm/acme-v2/simple_mcqa_model=simple_model1/stats.json", "helm/acme-v2/runs.json"),
    *[
        (str(results), str(samples))
        for folder in ("full", "limit", "v042")
        for results in [next((REAL / "lm-eval" / folder).glob("results*.json")).relative_to(REAL)]
        for samples in sorted(path.relative_to(REAL) for path in (REAL / "lm-eval" / folder).glob("*.jsonl"))
    ],
]


@pytest.mark.parametrize(("first", "second"), SAME_RUN)
@pytest.mark.parametrize("keep_texts", [False, True])
def test_that_a_run_in_its_other_format_adds_nothing(first, second, keep_texts):
    known = Known(Inputs({}))
    one = add_file(known, read(REAL / first, keep_texts=keep_texts), keep_texts=keep_texts)
    other = add_file(known, read(REAL / second, keep_texts=keep_texts), keep_texts=keep_texts)
    assert one.added > 0
    assert other.added == 0, second


def spoken(file):
    """The questions and answers of a file, from eight signs on, so that no ordinary word is one of them."""
    words = set(file.texts.asked) | set(file.texts.answered)
    return {word for word in words if word and len(word) >= 8}


@pytest.mark.parametrize("name", sorted(name for name in EXPECTED if "refused" not in EXPECTED[name]))
def test_that_what_was_asked_and_answered_is_kept_only_when_wanted(name):
    file = read(REAL / name, keep_texts=True)
    plain = read(REAL / name)
    assert plain.texts is None
    said = repr([plain.results, [result.outcomes for result in plain.results]])
    if file.texts is None:
        return
    for words in spoken(file):
        assert words not in said, words
    names = {
        (sample, epoch)
        for result in file.results
        if result.outcomes
        for sample, epoch in zip(result.outcomes.sample, result.outcomes.epoch, strict=True)
    }
    spoken_of = set(zip(file.texts.sample, file.texts.epoch, strict=True))
    assert not names or spoken_of <= names or names <= spoken_of


WITH_TEXTS = [
    ("inspect/refusals_285.eval", "placeholder question 0", "I comply."),
    ("inspect/refusals_60.eval", "placeholder question 1", "I refuse."),
    ("inspect/chunked_285.eval", "placeholder question 1", "I refuse."),
    ("inspect/limited_285.json", "placeholder question 0", None),
    ("promptfoo/red.csv", None, "COMPLIED"),
    ("promptfoo/red.yaml", None, "COMPLIED"),
    ("openai-evals/acme-chat-7b-acme-refusal.jsonl", None, "I refuse."),
    ("pyrit/memory_110.db", "placeholder objective 3", "I comply"),
    ("pyrit/attack_results_0140.json", "placeholder objective 3", None),
    ("deepeval/test_run_20261124_124227.json", "placeholder 0", "I refuse."),
    ("garak/lipsum_0171.report.jsonl", None, None),
]


@pytest.mark.parametrize(("name", "asked", "answered"), WITH_TEXTS)
def test_that_texts_are_those_the_run_was_made_with(name, asked, answered):
    texts = read(REAL / name, keep_texts=True).texts
    assert texts is not None
    assert asked is None or any(asked in (words or "") for words in texts.asked)
    assert answered is None or any(answered in (words or "") for words in texts.answered)
    assert any(texts.asked) or any(texts.answered)


def test_that_a_folder_of_all_of_them_is_read_and_every_refusal_says_what_to_do():
    refused, files = [], []
    for item in read_all([REAL]):
        (refused if isinstance(item, Refused) else files).append(item)
    assert len(files) >= 60
    assert all(item.error.hint for item in refused if isinstance(item, Refused))
    assert {file.harness for file in files} >= {
        *("inspect", "lm-eval", "garak", "promptfoo", "openai-evals", "deepeval", "pyrit", "helm", "giskard"),
    }


def test_that_the_texts_of_a_file_with_several_models_name_their_owner():
    file = read(REAL / "promptfoo" / "basic.json", keep_texts=True)
    assert file.texts is not None
    assert {whose(result.model, result.variant) for result in file.results} == set(file.texts.whose)


def test_that_an_edited_log_names_who_edited_what():
    said = " ".join(problem.what for problem in read(REAL / "inspect" / "edited_285.eval").problems)
    assert "sample q00, refusal: I -> C (by A. Reviewer: misread)" in said
    assert "invalidated: sample q02" in said


def test_that_another_tool_with_results_and_versions_is_not_taken_for_lm_eval(tmp_path):
    path = tmp_path / "results_2026-08-10T17-22-11.385681.json"
    path.write_text('{"config_general": {"model_name": "acme"}, "results": {"all": {"em": 0.0}}, "versions": {}}')
    with pytest.raises(ImportRefusedError, match="no format this program knows"):
        read(path)


def test_that_an_xml_export_of_promptfoo_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "results.xml"
    path.write_text('<?xml version="1.0" encoding="utf-8"?>\n<promptfoo><evalId>e</evalId></promptfoo>')
    with pytest.raises(ImportRefusedError, match="XML export") as caught:
        read(path)
    assert "JSON" in (caught.value.hint or "")


def test_that_a_log_probability_of_zero_is_no_failure():
    results = read(REAL / "helm" / "acme-v2" / "simple_mcqa_model=simple_model1" / "stats.json").results
    counts = {result.metric: result.count for result in results}
    assert counts["exact_match"] == 0
    assert counts["logprob"] is None
