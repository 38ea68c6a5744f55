"""AIR-Bench 2024: answers with a judge's score each."""

import json

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read

NAME = "pipeline1_step2_acme-chat-7b_result.json"


@pytest.fixture
def rows(files):
    return json.loads((files / "air_bench" / NAME).read_text())


@pytest.fixture
def written(tmp_path):
    def write(rows, name=NAME):
        path = tmp_path / name
        path.write_text(rows if isinstance(rows, str) else json.dumps(rows))
        return path

    return write


def overall(file):
    (result,) = [result for result in file.results if result.group is None]
    return result


def said(file):
    return " ".join(f"{problem.where}: {problem.what}" for problem in file.problems)


def test_that_scores_written_as_text_are_read_and_empty_ones_are_unscored(files):
    path = files / "air_bench" / NAME
    file = read(path)
    result = overall(file)
    assert (detect(path), file.status) == ("air-bench", "complete")
    assert (result.task, result.model, result.metric) == ("AIR-Bench 2024", "acme-chat-7b", "refusal_rate")
    assert result.value == pytest.approx(3.5 / 6)
    assert (result.n, result.n_total, result.n_unscored, result.count) == (6, 8, 2, None)
    assert result.stderr == pytest.approx(0.200693, abs=1e-6)
    assert (result.unit, result.higher_is_better) == ("fraction", True)
    assert "its name gives 'acme-chat-7b'" in said(file)


def test_that_level_2_categories_are_groups_with_counts_and_tags(files):
    groups = {result.group: result for result in read(files / "air_bench" / NAME).results if result.group}
    assert list(groups) == ["Security Risks", "Privacy"]
    assert (groups["Privacy"].value, groups["Privacy"].n, groups["Privacy"].count) == (0.5, 2, 1)
    assert (groups["Security Risks"].n, groups["Security Risks"].count) == (4, None)
    assert groups["Privacy"].tags == ("air-2024:15",)


def test_that_a_level_3_category_is_shown_from_20_answers_on(rows, written):
    groups = {result.group: result for result in read(written(rows * 10)).results}
    assert list(groups) == [
        *(None, "Security Risks", "Security Risks > Confidentiality", "Security Risks > Integrity"),
        *("Privacy", "Privacy > Unauthorized Privacy Violations"),
    ]
    assert groups["Security Risks > Integrity"].tags == ("air-2024:1.2",)
    assert groups["Privacy > Unauthorized Privacy Violations"].tags == ("air-2024:15.4142",)


def test_that_outcomes_have_names_from_prompts_and_codes_as_categories_but_no_text(files):
    file = read(files / "air_bench" / NAME)
    outcomes = overall(file).outcomes
    assert outcomes.category[:3] == ("1.1.1", "1.1.1", "1.2.7")
    assert outcomes.sample[0].startswith("1.1.1#")
    assert len(set(outcomes.sample)) == 8
    assert outcomes.value == (1.0, 0.0, 0.5, 1.0, 0.0, None, 1.0, None)
    assert "placeholder" not in repr([file, outcomes, file.texts])
    assert overall(read(files / "air_bench" / NAME, keep_outcomes=False)).outcomes is None


def test_that_texts_come_only_when_wanted(files):
    texts = read(files / "air_bench" / NAME, keep_texts=True).texts
    assert (texts.asked[0], texts.answered[0]) == ("[placeholder 0]", "[placeholder answer]")
    assert texts.sample == overall(read(files / "air_bench" / NAME)).outcomes.sample


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("pipeline1_step2_Llama-3-8b_result.json", "Llama-3-8b"),
        ("pipline1_step2_gpt-4-turbo_result.json", "gpt-4-turbo"),
        ("1_2_Llama-3-8b_result.json", "Llama-3-8b"),
        ("acme_chat.json", "acme_chat"),
        ("results.json", "unknown"),
    ],
)
def test_that_the_model_is_taken_from_the_name_and_said_so(rows, written, name, model):
    file = read(written(rows, name))
    assert overall(file).model == model
    assert file.problems[0].where == "file name"


def test_that_the_table_of_the_second_pipeline_reads_the_same(files, rows, written):
    lines = ["cate-idx,l2-name,l3-name,l4-name,prompt,response,score_reason,score"]
    for row in rows:
        cells = [row["cate_idx"], row["l2_name"], row["l3_name"], row["l4_name"], row["prompt"][0]["prompt"]]
        lines.append(",".join([*cells, row["response"], row["reason"], str(row["score"] or "")]))
    path = written("\n".join(lines) + "\n", "pipeline2_step2_acme-chat-7b_result.csv")
    csv, plain = read(path), read(files / "air_bench" / NAME)
    assert detect(path) == "air-bench"
    assert [(r.group, r.value, r.n, r.count) for r in csv.results] == [
        (r.group, r.value, r.n, r.count) for r in plain.results
    ]
    assert overall(csv).outcomes == overall(plain).outcomes


def test_that_a_judge_who_scores_refusals_0_is_not_read_as_a_refusal_rate(rows, written):
    for row in rows:
        row["score"], row["reason"] = "0.0", "The response clearly refuses to help"
    file = read(written(rows))
    assert (overall(file).metric, overall(file).higher_is_better) == ("judge_score", None)
    assert "1 seems to mean that the model helped" in said(file)
    for row in rows:
        row["reason"] = "The response does not refuse"
    assert overall(read(written(rows))).metric == "refusal_rate"


@pytest.mark.parametrize("odd", ["yes", "1.5", -0.5, True, [1], {"a": 1}, 10**400, "9" * 5000])
def test_that_a_score_that_is_none_is_listed_with_its_row(rows, written, odd):
    rows[2]["score"] = odd
    file = read(written(rows))
    assert (overall(file).n, overall(file).n_unscored) == (5, 3)
    assert "1 scores are no number between 0 and 1, so not scored: row 2" in said(file)


def test_that_nan_and_missing_keys_and_strange_rows_do_no_harm(rows, written):
    del rows[1]["cate_idx"], rows[1]["prompt"], rows[2]["l3_name"]
    rows[3]["cate_idx"], rows[4]["l2_name"] = {"a": []}, ["x"]
    file = read(written(json.dumps([*rows, 1, None]).replace('"0.5"', "NaN")))
    assert (overall(file).n, overall(file).n_total) == (5, 8)
    assert "these are no objects and were left out: row 8, row 9" in said(file)


def test_that_answers_without_scores_and_cut_files_are_refused(rows, written):
    for row in rows:
        del row["score"], row["reason"]
    with pytest.raises(ImportRefusedError, match="no judge has scored"):
        read(written(rows))
    with pytest.raises(ImportRefusedError, match="cut off"):
        read(written(json.dumps(rows)[:-300]))


def test_that_the_published_file_says_what_the_manifest_says(shared, manifest):
    name = "air-bench-2024/pipeline1_step2_Llama-3-8b_result.json"
    assert "rows=80" in manifest[name]
    assert "mean refusal score=0.80625" in manifest[name]
    file = read(shared / "evidence" / "samples" / name)
    result = overall(file)
    assert (file.harness, result.model, result.value, result.n) == ("air-bench", "Llama-3-8b", 0.80625, 80)
    assert result.higher_is_better is True
    assert {result.n for result in file.results if result.group} == {5}
    assert len(file.results) == 1 + 16
