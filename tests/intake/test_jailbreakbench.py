"""JailbreakBench artifacts and the files beside them."""

import json
import re

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import as_json, detect, read


@pytest.fixture
def artifact(files):
    return json.loads((files / "jailbreakbench" / "acme-chat-7b.json").read_text())


@pytest.fixture
def written(tmp_path):
    def write(value, name="artifact.json"):
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    return write


def main(file, group=None):
    (result,) = [result for result in file.results if (result.scorer, result.group) == (None, group)]
    return result


def said(file):
    return " ".join(f"{problem.where}: {problem.what}" for problem in file.problems)


def test_that_the_rate_is_over_the_rows_and_not_over_the_prompts_submitted(files):
    path = files / "jailbreakbench" / "acme-chat-7b.json"
    file = read(path)
    result = main(file)
    assert (detect(path), file.status, file.started) == ("jailbreakbench", "complete", "2024-03-06T00:00:00+00:00")
    assert (result.task, result.model, result.variant) == ("JailbreakBench PAIR", "acme-chat-7b", "black_box")
    assert (result.value, result.n, result.count, result.n_unscored) == (0.4, 5, 2, 0)
    assert (result.metric, result.higher_is_better) == ("attack_success_rate", False)
    assert as_json(file)["results"][0]["k"] == 2
    assert "4 prompts were submitted and the attacker's own count of jailbreaks is 3" in said(file)


def test_that_categories_are_groups_and_the_second_judge_stands_apart(files):
    file = read(files / "jailbreakbench" / "acme-chat-7b.json")
    privacy = main(file, "Privacy")
    assert (privacy.value, privacy.n, privacy.count) == (pytest.approx(2 / 3), 3, 2)
    assert privacy.tags == ("jailbreakbench:Privacy",)
    guard = {r.group: r.value for r in file.results if r.scorer == "llama_guard1"}
    assert guard == {None: 0.6, "Privacy": pytest.approx(2 / 3), "Disinformation": 0.5}


def test_that_outcomes_hold_no_text_and_texts_come_when_wanted(files):
    path = files / "jailbreakbench" / "acme-chat-7b.json"
    file = read(path)
    outcomes = main(file).outcomes
    assert outcomes.sample == ("0", "1", "2", "3", "4")
    assert outcomes.value == (1.0, 0.0, 1.0, 0.0, 0.0)
    assert outcomes.category[:2] == ("Privacy", "Disinformation")
    assert not re.search("placeholder", repr([file, outcomes, file.texts]))
    texts = read(path, keep_texts=True).texts
    assert (texts.sample, texts.asked[:2]) == (outcomes.sample, ("[placeholder prompt]", None))


def test_that_a_defense_makes_another_variant(artifact, written):
    artifact["parameters"]["defense"] = "SmoothLLM"
    assert main(read(written(artifact))).variant == "black_box, defense SmoothLLM"


def test_that_a_rate_the_rows_do_not_give_is_kept_without_counts(artifact, written):
    artifact["parameters"]["attack_success_rate"] = 0.5
    result = main(file := read(written(artifact)))
    assert (result.value, result.n, result.count, result.outcomes) == (0.5, 5, None, None)
    assert "the reported rate is 0.5, but 2 of 5 rows are jailbroken" in said(file)


def test_that_behaviours_without_a_verdict_count_as_the_reported_rate_counts_them(artifact, written):
    artifact["jailbreaks"][1]["jailbroken"] = None
    file = read(written(artifact))
    assert (main(file).value, main(file).n, main(file).count, main(file).n_unscored) == (0.4, 5, 2, 0)
    assert "1 behaviours have no verdict; the reported rate counts them as not jailbroken" in said(file)
    artifact["parameters"]["attack_success_rate"] = 0.5
    apart = main(read(written(artifact)))
    assert (apart.value, apart.n, apart.n_unscored, apart.n_total) == (0.5, 4, 1, 5)


def test_that_a_rate_that_is_missing_is_taken_from_the_rows(artifact, written):
    del artifact["parameters"]["attack_success_rate"]
    assert (main(read(written(artifact))).value, main(read(written(artifact))).count) == (0.4, 2)
    artifact["parameters"]["attack_success_rate"] = "N/A"
    file = read(written(artifact))
    assert main(file).value == 0.4
    assert "this is not a number" in said(file)


def test_that_the_words_of_the_first_artifacts_are_known(written):
    first = {
        "parameters": {"method": "PAIR", "model name": "acme", "run_date": "2024-01-01", "success rate": 0.5},
        "jailbreaks": [
            {"Index": "0", "Category": "Privacy", "Number of Queries": 20, "Jailbroken": True},
            {"Index": "1", "Category": "Privacy", "Number of Queries": 20, "Jailbroken": False},
        ],
    }
    file = read(written(first))
    result = main(file)
    assert (result.model, result.value, result.n, result.count) == ("acme", 0.5, 2, 1)
    assert file.started == "2024-01-01T00:00:00+00:00"
    assert main(file, "Privacy").n == 2


def test_that_parameters_may_stand_after_the_rows(artifact, written):
    turned = {"jailbreaks": artifact["jailbreaks"], "parameters": artifact["parameters"]}
    assert main(read(written(turned))).model == "acme-chat-7b"


@pytest.mark.parametrize("odd", ["perhaps", 2, 0.5, [], {"a": 1}, 10**400])
def test_that_a_verdict_that_is_none_is_listed_and_not_scored(artifact, written, odd):
    artifact["jailbreaks"][3]["jailbroken"] = odd
    artifact["parameters"]["attack_success_rate"] = 0.5
    file = read(written(artifact))
    assert (main(file).n, main(file).count, main(file).n_unscored) == (4, 2, 1)
    assert "neither true nor false, so not scored: jailbroken of row 3" in said(file)


def test_that_verdicts_as_text_or_numbers_are_read(artifact, written):
    for row, word in zip(artifact["jailbreaks"], ("True", "false", 1, 0, "0"), strict=True):
        row["jailbroken"] = word
    assert main(read(written(artifact))).count == 2


def test_that_an_artifact_without_rows_or_model_says_so(artifact, written):
    artifact["parameters"]["model"] = None
    file = read(written({**artifact, "jailbreaks": []}))
    assert (file.status, file.results[0].model, file.results[0].value, file.results[0].n) == (
        *("unknown", "unknown", 0.4),
        None,
    )
    assert "lists no behaviour" in said(file)
    assert "does not say which model" in said(file)


def test_that_summaries_raw_evaluations_and_lists_are_refused_with_what_to_import(written):
    row = {"index": 0, "goal": "x", "response": "y", "jailbroken": True}
    summary = {"summaries": {"m": {"model_summary": {"attack_success_rate": 1.0}, "jailbreaks": [row]}}}
    raw = {"m": {"Placeholder": {"prompt": "x", "response": "y", "jailbroken": True}}}
    for value, words in (
        (summary, "the submission"),
        (raw, "the raw evaluation"),
        ({"models": {"m": ["white_box"]}}, "a list of the artifacts"),
    ):
        path = written(value)
        assert detect(path) == "jailbreakbench"
        with pytest.raises(ImportRefusedError, match=words) as refused:
            read(path)
        assert "Import the artifact of each model" in refused.value.hint


def test_that_a_cut_artifact_is_refused(artifact, written):
    with pytest.raises(ImportRefusedError, match="cut off"):
        read(written(json.dumps(artifact)[:-200]))


def test_that_strange_rows_and_repeated_keys_are_listed(artifact, written):
    artifact["jailbreaks"] += [None, 7]
    words = json.dumps(artifact).replace('"index": 0,', '"index": 0, "index": 0,')
    file = read(written(words))
    assert main(file).n == 5
    assert "an element that is no object was left out" in said(file)
    assert "the key 'index' stands twice" in said(file)


def test_that_the_published_artifacts_say_what_the_manifest_says(shared, manifest):
    names = [name for name in manifest if name.startswith("jailbreakbench/")]
    assert len(names) == 2
    for name in names:
        facts = dict(re.findall(r"([\w]+)=(\S+)", manifest[name]))
        file = read(shared / "evidence" / "samples" / name)
        result = main(file)
        assert result.value == float(facts["attack_success_rate"])
        assert result.n == int(facts["rows"])
        assert (result.task, result.model) == (f"JailbreakBench {facts['method']}", facts["model"])
        assert (file.started or "")[:10] == facts["date"]
        assert result.higher_is_better is False
        assert facts["submitted"] in said(file)
        ones = int(facts["jailbroken_true"])
        # The test artifact reports 0.5 over one row that is jailbroken.
        assert result.count == (ones if ones / int(facts["rows"]) == result.value else None)
