"""HarmBench: verdicts by behaviour and test case."""

import json
import shutil

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import Refused, detect, read, read_all
from launchpad.statistics import clustered_standard_error, standard_error

TABLE = "harmbench_behaviors_text_test.csv"


@pytest.fixture
def results(files):
    return json.loads((files / "harmbench" / "acme-chat-7b.json").read_text())


@pytest.fixture
def written(tmp_path, files):
    def write(value, name="acme-chat-7b.json", *, table=True):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        if table:
            shutil.copy(files / "harmbench" / TABLE, path.parent)
        return path

    return write


def one(file, metric="attack_success_rate", group=None, scorer=None):
    (result,) = [r for r in file.results if (r.metric, r.group, r.scorer) == (metric, group, scorer)]
    return result


def said(file):
    return " ".join(f"{problem.where}: {problem.what}" for problem in file.problems)


def test_that_the_flat_rate_and_the_mean_over_behaviours_are_two_metrics(files):
    path = files / "harmbench" / "acme-chat-7b.json"
    file = read(path)
    flat, mean = one(file), one(file, "attack_success_rate_behavior_mean")
    assert (detect(path), file.status) == ("harmbench", "complete")
    assert (flat.value, flat.n, flat.count, flat.n_total, flat.n_unscored) == (0.5, 6, 3, 7, 1)
    assert mean.value == pytest.approx((2 / 3 + 0 + 0 + 1) / 4)
    assert (mean.n, mean.count, mean.n_total) == (4, None, 4)
    assert (flat.task, flat.model) == ("HarmBench", "acme-chat-7b")
    assert (flat.higher_is_better, mean.higher_is_better) == (False, False)
    assert "its name gives 'acme-chat-7b'" in said(file)


def test_that_test_cases_cluster_by_behaviour(files):
    file = read(files / "harmbench" / "acme-chat-7b.json")
    flat, mean = one(file), one(file, "attack_success_rate_behavior_mean")
    values, names = [1, 0, 1, 0, 0, 1], ["a", "a", "a", "b", "c", "d"]
    assert flat.clusters == 4
    assert flat.stderr_clustered == pytest.approx(clustered_standard_error(values, names))
    assert mean.stderr == pytest.approx(standard_error([2 / 3, 0, 0, 1]))
    assert flat.outcomes.sample == flat.outcomes.cluster
    assert flat.outcomes.epoch == (1, 2, 3, 1, 1, 2, 1)
    assert flat.outcomes.status[5] == "unscored"


def test_that_categories_come_from_the_table_beside_the_file(files):
    file = read(files / "harmbench" / "acme-chat-7b.json")
    cyber = one(file, group="cybercrime_intrusion")
    assert (cyber.value, cyber.n, cyber.count, cyber.clusters) == (0.5, 4, 2, 2)
    assert cyber.tags == ("harmbench:cybercrime_intrusion",)
    assert one(file, group="copyright").tags == ("harmbench:copyright",)
    assert one(file, group="functional: copyright").tags == ("harmbench:f-copyright",)
    assert one(file, group="functional: standard").count == 3
    assert one(file).outcomes.category[0] == "cybercrime_intrusion"


def test_that_the_table_and_the_attack_are_found_in_harmbenchs_own_folders(tmp_path, files, results, written):
    path = written(results, "results/AutoDAN/acme/results/acme-7b.json", table=False)
    place = tmp_path / "data" / "behavior_datasets"
    place.mkdir(parents=True)
    shutil.copy(files / "harmbench" / TABLE, place / "harmbench_behaviors_text_all.csv")
    file = read(path)
    assert (one(file).task, one(file).model) == ("HarmBench AutoDAN", "acme-7b")
    assert one(file, group="illegal").n == 1
    assert "the attack 'AutoDAN' was taken from the folder" in said(file)


def test_that_results_without_a_table_are_read_without_categories(results, written):
    file = read(written(results, table=False))
    assert {result.group for result in file.results} == {None}
    assert "no table of behaviours lies near the file" in said(file)


def test_that_behaviours_missing_in_the_table_are_listed(results, written):
    results["new_behaviour"] = [{"test_case": "x", "generation": "y", "label": 0}]
    assert "1 behaviours are not in the table of behaviours: new_behaviour" in said(read(written(results)))


def test_that_the_table_itself_is_no_result(files):
    path = files / "harmbench" / TABLE
    assert detect(path) == "harmbench"
    with pytest.raises(ImportRefusedError, match="it is not a result"):
        read(path)
    found = list(read_all([files / "harmbench"]))
    assert [type(item) is Refused for item in found] == [False, True]


def test_that_a_broken_table_is_said_and_does_no_harm(results, written):
    path = written(results, table=False)
    table = path.parent / "harmbench_behaviors_text.csv"
    table.write_bytes(b"Behavior,FunctionalCategory,SemanticCategory,BehaviorID\n\xff\xfe," + b"x" * 200_000)
    assert "the table of behaviours breaks off" in said(read(path))
    table.write_text("a,b\n1,2\n")
    assert one(read(path)).n == 6


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("harmbench_results_acme-chat-7b.json", "acme-chat-7b"),
        ("llama2_7b.json", "llama2_7b"),
        ("acme_results.json", "acme"),
        ("results.json", "unknown"),
    ],
)
def test_that_the_model_is_taken_from_the_name(results, written, name, model):
    assert one(read(written(results, name))).model == model


def test_that_answers_judged_neither_way_and_labels_as_text_are_said(results, written):
    results["placeholder_b"][0]["label"] = "1"
    file = read(written(results))
    assert (one(file).n, one(file).count) == (6, 4)
    assert "1 answers were judged neither way (-1)" in said(file)
    assert "1 labels are written as text" in said(file)


@pytest.mark.parametrize("odd", ["yes", 0.5, 2, [], {"a": 1}, 10**400, "9" * 5000])
def test_that_a_label_that_is_none_is_listed_with_its_place(results, written, odd):
    results["placeholder_a"][1]["label"] = odd
    file = read(written(results))
    assert (one(file).n, one(file).count, one(file).n_unscored) == (5, 3, 2)
    assert "neither 0 nor 1, so not scored: placeholder_a[1]" in said(file)


def test_that_a_test_case_without_a_label_is_unscored(results, written):
    del results["placeholder_a"][1]["label"]
    file = read(written(results))
    assert (one(file).n, one(file).count, one(file).n_total, one(file).n_unscored) == (5, 3, 7, 2)


def test_that_a_test_case_with_an_image_gives_its_words(results, written):
    results["placeholder_a"][0]["test_case"] = ["image.png", "[placeholder words]", 7]
    texts = read(written(results), keep_texts=True).texts
    assert texts is not None
    assert texts.asked[0] == "image.png\n[placeholder words]"


def test_that_booleans_are_labels_and_nan_is_none(results, written):
    results["placeholder_a"][1]["label"] = True
    words = json.dumps(results).replace('"label": -1', '"label": NaN')
    assert (one(read(written(words))).n, one(read(written(words))).count) == (6, 4)


def test_that_the_advbench_label_is_a_second_judge(results, written):
    for cases in results.values():
        for case in cases:
            case["advbench_label"] = 1
    file = read(written(results))
    assert (one(file, scorer="advbench").value, one(file).value) == (1.0, 0.5)


def test_that_texts_come_only_when_wanted(files):
    path = files / "harmbench" / "acme-chat-7b.json"
    file = read(path)
    assert "placeholder case" not in repr([file, one(file).outcomes, file.texts])
    texts = read(path, keep_texts=True).texts
    assert (texts.sample[1], texts.epoch[1]) == ("placeholder_a", 2)
    assert (texts.asked[0], texts.answered[0]) == ("[placeholder case]", "[placeholder answer]")


def test_that_completions_without_labels_are_refused(results, written):
    for cases in results.values():
        for case in cases:
            del case["label"]
    with pytest.raises(ImportRefusedError, match="no classifier has judged"):
        read(written(results))


def test_that_strange_behaviours_and_repeated_ones_are_listed(results, written):
    results |= {"odd": 7, "mixed": [1, {"test_case": "x", "generation": "y", "label": 0}], "empty": []}
    words = json.dumps(results)
    again = words[:-1] + ', "placeholder_d": [{"test_case": "x", "generation": "y", "label": 0}]}'
    file = read(written(again))
    assert "these are no test cases and were left out: odd, mixed[0]" in said(file)
    assert "the key 'placeholder_d' stands twice" in said(file)
    with pytest.raises(ImportRefusedError, match="cut off"):
        read(written(words[:-20]))


def test_that_the_published_file_says_what_the_manifest_says(shared, manifest):
    name = "harmbench/harmbench_results_acme-chat-7b.json"
    assert "ASR flat 14/50=0.28; mean over behaviours 0.275" in manifest[name]
    file = read(shared / "evidence" / "samples" / name)
    flat, mean = one(file), one(file, "attack_success_rate_behavior_mean")
    assert (flat.value, flat.n, flat.count, flat.clusters) == (0.28, 50, 14, 40)
    assert (mean.value, mean.n) == (pytest.approx(0.275, abs=1e-12), 40)
    assert flat.model == "acme-chat-7b"
    assert sum(r.n or 0 for r in file.results if r.group and not r.group.startswith("functional")) == 50
    with pytest.raises(ImportRefusedError, match="not a result"):
        read(shared / "evidence" / "samples" / "harmbench" / "harmbench_behaviors_text.csv")
