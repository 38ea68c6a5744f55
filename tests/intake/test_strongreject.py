"""Scores of StrongREJECT."""

import csv
import io
import json

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read
from launchpad.statistics import standard_error

HEADER = ("category", "source", "forbidden_prompt", "jailbroken_prompt", "jailbreak", "model", "response")
PLAIN = (*HEADER, "score", "evaluator")
RUBRIC = (*HEADER, "refusal", "convincingness", "specificity", "judge_model", "score", "evaluator")


def response(number, jailbreak, *more, model="acme-7b", category="Violence"):
    return (category, "custom", f"[prompt {number}]", "[asked]", jailbreak, model, "[answered]", *more)


ROWS = (
    response(1, "none", "0.0", "strongreject_finetuned"),
    response(2, "none", "0.25", "strongreject_finetuned", category="Fraud"),
    response(1, "pair", "1.0", "strongreject_finetuned"),
    response(2, "pair", "", "strongreject_finetuned", category="Fraud"),
    response(1, "none", "0.5", "strongreject_rubric"),
)


def table(rows=ROWS, header=PLAIN, delimiter=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue()


@pytest.fixture
def written(tmp_path):
    def write(words, name="04_eval_full.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(words.encode(encoding))
        return path

    return write


def one(file, task, scorer="strongreject_finetuned", metric="strongreject_score", group=None):
    (found,) = [
        r
        for r in file.results
        if (r.task, r.scorer, r.metric, r.group) == (f"StrongREJECT/{task}", scorer, metric, group)
    ]
    return found


def test_that_each_jailbreak_and_evaluator_has_its_mean(written):
    path = written(table())
    file = read(path)
    none, pair = one(file, "none"), one(file, "pair")
    assert detect(path) == "strongreject"
    assert (none.value, none.n, none.model, none.higher_is_better) == (0.125, 2, "acme-7b", False)
    assert (none.count, none.stderr) == (None, pytest.approx(standard_error([0.0, 0.25])))
    assert (pair.value, pair.n, pair.n_unscored, pair.n_total) == (1.0, 1, 1, 2)
    assert one(file, "none", "strongreject_rubric").value == 0.5


def test_that_categories_are_groups_and_prompts_are_named_without_their_words(written):
    file = read(written(table()), keep_texts=True)
    fraud = one(file, "none", group="Fraud")
    assert (fraud.value, fraud.n, fraud.tags) == (0.25, 1, ("strongreject", "strongreject:Fraud"))
    outcomes = one(file, "none").outcomes
    assert all(name.startswith("none/") for name in outcomes.sample)
    assert outcomes.sample[0] == one(file, "none", "strongreject_rubric").outcomes.sample[0]
    assert set(outcomes.sample) <= set(file.texts.sample)
    assert (len(file.texts.sample), file.texts.answered[0]) == (4, "[answered]")
    assert "[prompt" not in repr([read(written(table())), outcomes])


def test_that_the_rubric_gives_a_rate_of_refusals(written):
    rows = [
        response(1, "none", "1.0", "5.0", "2.0", "gpt", "0.0", "strongreject_rubric"),
        response(2, "none", "0.0", "5.0", "5.0", "gpt", "1.0", "strongreject_rubric"),
        response(3, "none", "", "", "", "", "", "strongreject_rubric"),
    ]
    file = read(written(table(rows, RUBRIC)))
    refused = one(file, "none", "strongreject_rubric", "refusal_rate")
    assert (refused.value, refused.n, refused.count, refused.n_unscored) == (0.5, 2, 1, 1)
    assert refused.higher_is_better is True


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_that_any_spreadsheet_encoding_is_known(written, delimiter, encoding):
    rows = [tuple(cell.replace("0.25", "0,25") for cell in found) for found in ROWS] if delimiter == ";" else ROWS
    words = table(rows, delimiter=delimiter).replace("[answered]", "[café]")
    assert one(read(written(words, encoding=encoding)), "none").value == 0.125


@pytest.mark.parametrize(
    "join", [lambda rows: json.dumps(rows, indent=1), lambda rows: "".join(json.dumps(found) + "\n" for found in rows)]
)
def test_that_json_of_the_same_columns_says_the_same(written, join):
    rows = [dict(zip(PLAIN, found, strict=True)) for found in ROWS]
    for found in rows:
        found["score"] = float(found["score"]) if found["score"] else float("nan")
    path = written(join(rows), "eval.json")
    assert detect(path) == "strongreject"
    assert read(path).results == read(written(table())).results


def test_that_means_by_jailbreak_come_without_n_and_model(written):
    path = written(",jailbreak,score\n0,none,0.125\n1,pair,nan\n")
    file = read(path)
    assert detect(path) == "strongreject"
    assert [(r.task, r.value, r.n, r.model) for r in file.results] == [
        ("StrongREJECT/none", 0.125, None, "unknown"),
        ("StrongREJECT/pair", None, None, "unknown"),
    ]
    assert [problem.where for problem in file.problems] == ["n", "model"]


@pytest.mark.parametrize(
    "words",
    [
        "jailbreak,score,n\nnone,0.5,40\n",
        "jailbreak,score\nnone,7.5\n",
        "jailbreak,score\nnone,good\n",
        "model,category,score\nm,c,0.5\n",
    ],
)
def test_that_tables_with_like_columns_stay_tables(written, words):
    assert detect(written(words)) == "table"


def test_that_scores_merged_into_other_tables_are_read(written):
    words = ",model,original_prompt,target_response,strongreject_refusal,strongreject_score\n0,m,[p],[r],1.0,0.0\n"
    file = read(written(words))
    assert [(r.task, r.metric, r.value) for r in file.results] == [
        ("StrongREJECT", "strongreject_score", 0.0),
        ("StrongREJECT", "refusal_rate", 1.0),
    ]


def test_that_responses_without_scores_are_refused(written):
    rows = [found[:7] for found in ROWS]
    path = written(table(rows, HEADER))
    assert detect(path) == "strongreject"
    with pytest.raises(ImportRefusedError, match="not a result"):
        read(path)


def test_that_a_run_in_which_every_judgement_failed_has_no_value(written):
    found = one(read(written(table([response(1, "none", "", "strongreject_rubric")]))), "none", "strongreject_rubric")
    assert (found.value, found.n, found.n_unscored) == (None, 0, 1)


def test_that_scores_out_of_range_and_words_are_listed(written):
    rows = [response(1, "none", "7", "e"), response(2, "none", "high", "e"), response(3, "none", "0.5", "e")]
    file = read(written(table(rows)))
    assert [problem.where for problem in file.problems] == ["line 2", "line 3"]
    assert (one(file, "none", "e").value, one(file, "none", "e").n) == (0.5, 1)


def test_that_an_open_quote_is_refused(written):
    with pytest.raises(ImportRefusedError, match="never closed"):
        read(written(table() + 'Violence,custom,"open'))


@pytest.mark.parametrize("item", [{"forbidden_prompt": 3, "jailbreak": [], "score": {}}, None, [1], "text"])
def test_that_wrong_types_in_json_raise_nothing(written, item):
    rows = [dict(zip(PLAIN, ROWS[0], strict=True)), item]
    assert read(written(json.dumps(rows), "eval.json")).results


def test_that_the_real_means_say_what_the_manifest_says(shared, manifest):
    (name,) = [name for name in manifest if name.startswith("strongreject/")]
    file = read(shared / "evidence" / "samples" / name)
    for jailbreak, value in (("happy_to_help", 0.1810344827586207), ("none", 0.041666666666666664)):
        assert f"{jailbreak} {value}" in manifest[name]
        result = one(file, jailbreak, None)
        assert (result.value, result.n, result.model, result.higher_is_better) == (value, None, "unknown", False)
