"""What was asked and answered, gathered only where a person wants it."""

import json

import pytest

from launchpad.intake import read, texts
from launchpad.intake.texts import Said, TextRows, bounded, cut, spoken, whose
from launchpad.records.imported import SampleTexts


def rows_of(file):
    columns = (file.texts.sample, file.texts.epoch, file.texts.asked, file.texts.answered, file.texts.whose)
    return list(zip(*columns, strict=True))


WITH_TEXT = (
    "garak/new.report.jsonl",
    "promptfoo/eval.json",
    "promptfoo/eval.csv",
    "promptfoo/eval.yaml",
    "promptfoo/rows.jsonl",
    "openai_evals/finished.jsonl",
    "modelbench/journal.jsonl",
)


@pytest.mark.parametrize("name", WITH_TEXT)
def test_that_text_is_read_only_when_asked_for_and_changes_no_number(files, name):
    plain, with_text = read(files / name), read(files / name, keep_texts=True)
    assert plain.texts is None
    assert with_text.texts is not None
    assert plain.results == with_text.results
    assert read(files / name, keep_outcomes=False, keep_texts=True).texts == with_text.texts


def test_that_garak_gives_each_output_with_its_prompt_under_its_probe(files):
    found = rows_of(read(files / "garak/new.report.jsonl", keep_texts=True))
    assert len(found) == 6
    assert {row[1:] for row in found[:2]} == {
        (1, "[placeholder 0]", "[placeholder answer]", "goodside.Tag"),
        (2, "[placeholder 0]", "[placeholder answer]", "goodside.Tag"),
    }


def test_that_texts_and_outcomes_call_their_samples_alike(files):
    for name in WITH_TEXT:
        file = read(files / name, keep_texts=True)
        named = set(zip(file.texts.sample, file.texts.epoch, strict=True))
        for result in file.results:
            if result.outcomes is not None and result.metric != "namedScores":
                assert set(zip(result.outcomes.sample, result.outcomes.epoch, strict=True)) <= named


def test_that_promptfoo_tells_models_and_prompts_apart(files):
    file = read(files / "promptfoo/eval.json", keep_texts=True)
    assert rows_of(file)[0] == ("0", 1, "[placeholder prompt]", "[placeholder answer]", "acme-7b / plain")
    named = {whose(result.model, result.variant) for result in file.results}
    assert set(file.texts.whose) == named


def test_that_a_csv_of_promptfoo_holds_variables_in_place_of_the_prompt(files):
    assert rows_of(read(files / "promptfoo/eval.csv", keep_texts=True))[0][2] == "topic: [placeholder 0]"


def test_that_the_first_sampling_of_openai_evals_counts_and_not_the_grader(tmp_path):
    events = [
        {"spec": {"completion_fns": ["acme"], "eval_name": "e", "run_id": "r"}},
        {
            "sample_id": "a",
            "type": "sampling",
            "data": {"prompt": [{"role": "user", "content": "Q"}], "sampled": ["A"]},
        },
        {"sample_id": "a", "type": "sampling", "data": {"prompt": "Is it right?", "sampled": ["Yes"]}},
        {"sample_id": "a", "type": "match", "data": {"correct": True}},
        {"sample_id": "b", "type": "sampling", "data": {"prompt": "Q2", "sampled": ["A2"]}},
        {"final_report": {"accuracy": 1.0}},
    ]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    assert rows_of(read(path, keep_texts=True)) == [("a", 1, "Q", "A", None), ("b", 1, "Q2", "A2", None)]


def test_that_modelbench_gives_prompt_and_response_but_not_what_the_annotators_said(files, tmp_path):
    lines = (files / "modelbench/journal.jsonl").read_text().splitlines()
    item = {"test": "safe-vcr-en_us-practice-1.1", "prompt_id": "vcr_00000", "sut": "acme-chat-7b"}
    told = [
        {"message": "translated sut response", **item, "response_text": "the answer"},
        {"message": "fetched annotator response", **item, "response": {"text": "a judgement"}},
    ]
    lines[5:5] = [json.dumps(entry) for entry in told]
    path = tmp_path / "journal.jsonl"
    path.write_text("\n".join(lines) + "\n")
    assert rows_of(read(path, keep_texts=True))[0] == ("vcr_00000", 1, "[placeholder]", "the answer", "acme-chat-7b")


def test_that_a_table_of_samples_gives_its_prompts_and_responses(tmp_path):
    path = tmp_path / "samples.csv"
    path.write_text("id,model,prompt,response,outcome\na,m-1,Q,A,yes\na,m-1,Q,B,no\nb,m-2,Q2,,no\n")
    found = rows_of(read(path, keep_texts=True))
    assert found == [("a", 1, "Q", "A", "m-1"), ("a", 2, "Q", "B", "m-1"), ("b", 1, "Q2", None, "m-2")]
    path.write_text("task,model,value,n,prompt\nt,m-1,0.5,4,Q\n")
    assert read(path, keep_texts=True).texts is None


def test_that_a_text_is_cut_at_20_000_characters_and_the_cut_shows():
    assert cut("x" * 20_000) == "x" * 20_000
    assert cut("x" * 20_001) == "x" * 19_999 + "…"


def test_that_more_text_than_fits_is_left_out_and_listed(monkeypatch):
    monkeypatch.setattr(texts, "MAX_TOTAL", 1000)
    rows = TextRows(keep=True)
    for name in "abcdefgh":
        rows.add(name, "x" * 100, "y" * 100)
    assert len(rows.rows) == 3
    assert [problem.what for problem in rows.problems()] == ["more than 0 MB: that of 5 samples was not kept"]


def test_that_texts_of_any_reader_pass_the_same_bounds():
    told = SampleTexts(("a", "b"), (1, 2), ("x" * 30_000, None), ("y", "z"))
    found = bounded(told).columns()
    assert (found.sample, found.epoch, found.whose) == (("a", "b"), (1, 2), (None, None))
    assert len(found.asked[0]) == 20_000


def test_that_nothing_is_gathered_without_being_wanted():
    said = Said(TextRows(keep=False))
    said.say("a", "Q")
    said.score("a", answered="A")
    assert said.rows.columns() is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("plain", "plain"),
        ("", None),
        (None, None),
        ([], None),
        ({"text": "t"}, "t"),
        ([{"role": "user", "content": "only"}], "only"),
        ([{"role": "system", "content": "S"}, {"role": "user", "content": {"text": "U"}}], "system: S\n\nuser: U"),
        ({"turns": [{"role": "user", "content": {"text": "U"}}]}, "U"),
        ({"a": 1}, '{"a": 1}'),
        (7, "7"),
    ],
)
def test_that_whatever_was_said_becomes_words(written, words):
    assert spoken(written) == words


def test_that_a_bottomless_conversation_ends():
    deep: object = "end"
    for _ in range(900):
        deep = {"content": deep}
    assert spoken(deep) == "…"
