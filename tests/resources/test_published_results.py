"""The published figures of the sample are those of their sources, counted again where these are at hand."""

import csv
import json
from pathlib import Path

import pytest

FULL = "2_full_refusal"


def figures(rows, **wanted):
    """(value, n, count) of the rows with these cells; count None where the source gives none."""
    return [
        (float(row["value"]), int(row["n"]), int(row["count"]) if row["count"] else None)
        for row in rows
        if all(row[name] == value for name, value in wanted.items())
    ]


def figure(rows, **wanted):
    (found,) = figures(rows, **wanted)
    return found


@pytest.fixture(scope="module")
def samples(shared) -> Path:
    return shared / "evidence" / "samples"


def test_that_every_figure_has_a_source_a_direction_and_a_size(published):
    assert len(published) >= 20
    for row in published:
        assert row["source"]
        assert row["higher_is_better"] in ("yes", "no")
        assert int(row["n"]) > 0
        if row["count"]:
            assert float(row["value"]) == pytest.approx(int(row["count"]) / int(row["n"]), abs=1e-9)


def test_that_no_result_is_there_twice(published):
    keys = [(row["task"], row["scorer"], row["metric"], row["model"], row["group"]) for row in published]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"task": "xstest-v2-safe", "scorer": "human", "metric": "full refusal"}, (0.064, 250, 16)),
        ({"task": "xstest-v2-safe", "scorer": "gpt-4", "metric": "full refusal"}, (0.064, 250, 16)),
        ({"task": "xstest-v2-unsafe", "scorer": "human"}, (0.975, 200, 195)),
        ({"task": "xstest-v2-unsafe", "scorer": "gpt-4"}, (0.88, 200, 176)),
        ({"task": "jbb-behaviors PAIR", "scorer": "jailbroken"}, (0.34, 100, 34)),
        ({"task": "jbb-behaviors PAIR", "scorer": "jailbroken_llama_guard1"}, (0.5, 100, 50)),
        ({"harness": "AIR-Bench 2024", "metric": "full refusal"}, (0.8, 80, 64)),
        ({"harness": "AIR-Bench 2024", "metric": "mean refusal score"}, (0.80625, 80, None)),
        ({"harness": "HELM"}, (0.7, 10, 7)),
    ],
)
def test_that_the_headline_figures_are_those_published(published, wanted, expected):
    models = ("gpt-4", "gpt-4-0125-preview", "llama-3-8b", "openai/gpt-4o-2024-05-13")
    rows = [row for row in published if row["model"] in models]
    assert figure(rows, group="", **wanted) == expected


def test_that_figures_quoted_from_a_page_are_as_quoted(published):
    llama = figure(published, model="llama-2 (original system prompt)")
    assert llama == (0.38, 250, 95)
    assert figure(published, metric="incorrect", model="claude-3.5-sonnet") == (0.361, 4326, None)
    assert figure(published, harness="HAL", model="gpt-4o-2024-11-20")[2] == round(0.4716 * 176) == 83
    assert figure(published, harness="HAL", model="claude-3-5-sonnet-20241022")[2] == round(0.8807 * 176)
    assert figure(published, harness="HAL", model="o1-2024-12-17 medium")[2] == round(0.7557 * 176)
    assert figure(published, harness="Cybench", model="GPT-4o") == (0.125, 40, 5)


def test_that_the_two_directions_of_xstest_are_told_apart(published):
    for row in published:
        if row["harness"] == "XSTest":
            unsafe = row["task"] == "xstest-v2-unsafe"
            assert row["higher_is_better"] == ("yes" if unsafe else "no")
            assert row["group"] == "" or row["group"].startswith("contrast_") == unsafe


def test_that_xstest_counts_again_to_the_same_figures(published, samples):
    with (samples / "xstest" / "xstest_v2_completions_gpt4_gpteval.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ours = [row for row in published if row["harness"] == "XSTest" and row["model"] == "gpt-4"]
    columns = {"human": "final_label", "gpt-4": "gpt4_label"}
    labels = {"full refusal": FULL, "partial refusal": "3_partial_refusal"}
    assert len(ours) >= 20
    for row in ours:
        unsafe = row["task"] == "xstest-v2-unsafe"
        group = [
            each
            for each in rows
            if each["type"].startswith("contrast_") == unsafe and row["group"] in ("", each["type"])
        ]
        column, label = columns[row["scorer"]], labels[row["metric"]]
        count = sum(each[column] == label for each in group)
        assert (int(row["n"]), int(row["count"])) == (len(group), count), row


def test_that_jailbreakbench_counts_again_to_the_same_figures(published, samples):
    name = "PAIR__black_box__gpt-4-0125-preview.json"
    artifact = json.loads((samples / "jailbreakbench" / name).read_text(encoding="utf-8"))
    for row in (row for row in published if row["harness"] == "JailbreakBench"):
        group = [each for each in artifact["jailbreaks"] if row["group"] in ("", each["category"])]
        count = sum(bool(each[row["scorer"]]) for each in group)
        assert (int(row["n"]), int(row["count"])) == (len(group), count), row
        assert row["date"] == artifact["parameters"]["evaluation_date"]


def test_that_air_bench_counts_again_to_the_same_figures(published, samples):
    name = "pipeline1_step2_Llama-3-8b_result.json"
    judged = json.loads((samples / "air-bench-2024" / name).read_text(encoding="utf-8"))
    for row in (row for row in published if row["harness"] == "AIR-Bench 2024"):
        of_group = [
            each for each in judged if row["group"] in ("", f"{each['cate_idx'].split('.')[0]} {each['l2_name']}")
        ]
        scores = [float(each["score"]) for each in of_group]
        full = row["metric"] == "full refusal"
        value = sum(score == 1 for score in scores) if full else sum(scores)
        assert int(row["n"]) == len(scores)
        assert float(row["value"]) == pytest.approx(value / len(scores), abs=1e-9), row


def test_that_helm_counts_again_to_the_same_figures(published, samples):
    folder = samples / "helm" / "air_bench_2024_model=openai_gpt-4o-2024-05-13"
    stats = json.loads((folder / "per_instance_stats.json").read_text(encoding="utf-8"))
    by_name = [{each["name"]["name"]: each.get("mean") for each in one["stats"]} for one in stats]
    for row in (row for row in published if row["harness"] == "HELM"):
        name = f"{row['group']}_score" if row["group"] else "air_score"
        scores = [means[name] for means in by_name if name in means]
        assert (int(row["n"]), int(row["count"])) == (len(scores), sum(scores)), row


def test_that_the_error_of_the_gpt_4_judge_is_that_of_the_file(sample, samples):
    from launchpad.records import EvalResult

    with (samples / "xstest" / "xstest_v2_completions_gpt4_gpteval.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["type"].startswith("contrast_")]
    failed = [row for row in rows if row["final_label"] != FULL]
    held = [row for row in rows if row["final_label"] == FULL]
    result = sample.find(EvalResult, "E-0004")
    assert result.judge_sensitivity == sum(row["gpt4_label"] != FULL for row in failed) / len(failed)
    specificity = sum(row["gpt4_label"] == FULL for row in held) / len(held)
    assert result.judge_specificity == pytest.approx(specificity, abs=1e-9)
