"""Candidate against baseline: paired on samples where both kept them, with how many were compared."""

import hashlib
import random

import pytest

from launchpad import statistics
from launchpad.edits.evidence import pack_outcomes
from launchpad.records import Evaluation
from launchpad.records.imported import Outcomes
from launchpad.results.comparison import BETTER, NO_DIRECTION, NOT_SHOWN, WORSE, compare, names_to_compare
from tests.builders import grounds, inputs_of, result

A = [int(digit) for digit in "1110110110"]
B = [int(digit) for digit in "1010100100"]


class Held:
    """Results with kept outcomes, and the blocks they lie in."""

    def __init__(self):
        self.blocks = {}

    def read(self, sha256):
        return self.blocks.get(sha256)

    def result(self, number, values, *, ids=None, epochs=None, clusters=None, categories=None, **fields):
        scored = [value for value in values if value is not None]
        size = len(values)
        outcomes = Outcomes(
            sample=tuple(ids or (f"s{i}" for i in range(size))),
            epoch=tuple(epochs or [1] * size),
            cluster=tuple(clusters or [None] * size),
            category=tuple(categories or [None] * size),
            value=tuple(None if value is None else float(value) for value in values),
            status=tuple("unscored" if value is None else "scored" for value in values),
        )
        block = pack_outcomes(outcomes)
        sha256 = hashlib.sha256(block).hexdigest()
        self.blocks[sha256] = block
        counts = all(value in (0, 1) for value in scored)
        given = {"value": sum(scored) / len(scored), "outcomes": sha256, **fields}
        count, n = given.pop("count", int(sum(scored)) if counts else None), given.pop("n", len(scored))
        return result(number, count, n, **given)


def compared(held, *records):
    return compare(inputs_of([*grounds(), *records]), held.read, "new", "old")


def test_that_the_paired_toy_comes_out():
    held = Held()
    (found,) = compared(held, held.result(1, A, model="new"), held.result(2, B, model="old"))
    assert (found.candidate, found.baseline, found.n_common, found.paired) == ("E-0001", "E-0002", 10, True)
    assert found.difference == pytest.approx(0.3)
    assert found.stderr == pytest.approx(0.152753, abs=1e-6)
    assert found.stderr_unpaired == pytest.approx(0.223607, abs=1e-6)
    assert found.correlation == pytest.approx(0.534522, abs=1e-6)
    assert (found.only_candidate, found.only_baseline) == (3, 0)
    assert found.mcnemar_p == found.p == pytest.approx(0.25)
    assert (found.method, found.test) == ("Newcombe, paired", "exact McNemar")
    assert (found.low, found.high) == pytest.approx(statistics.newcombe_paired(4, 3, 0, 3)[1:])
    assert (found.verdict, found.made, found.p_holm) == (NOT_SHOWN, 1, 0.25)


def test_that_samples_pair_by_id_whatever_their_order_and_only_those_both_scored():
    held = Held()
    order = [9, 3, 1, 0, 2, 4, 8, 7, 6, 5]
    first = held.result(1, [*A, 1], ids=[*(f"s{i}" for i in range(10)), "s99"], model="new")
    second = held.result(2, [*(B[i] for i in order), 1], ids=[*(f"s{i}" for i in order), "else"], model="old")
    (found,) = compared(held, first, second)
    assert (found.n_common, found.only_candidate, found.only_baseline) == (10, 3, 0)
    assert "Left out: 2 samples that only one side scored." in found.notes


def test_that_clustered_samples_get_the_clustered_error_and_its_p_value():
    held = Held()
    clusters = [f"c{i // 4}" for i in range(12)]
    a, b = [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]
    (found,) = compared(
        held, held.result(1, a, clusters=clusters, model="new"), held.result(2, b, clusters=clusters, model="old")
    )
    error = statistics.clustered_standard_error([x - y for x, y in zip(a, b, strict=True)], clusters)
    assert found.stderr == pytest.approx(error)
    assert (found.low, found.high) == pytest.approx(statistics.mean_interval(found.difference, error, 2))
    assert (found.method, found.test) == ("t, paired, clustered", "t, paired, clustered")
    assert found.mcnemar_p == pytest.approx(0.125)
    assert found.p == pytest.approx(statistics.p_of_difference(found.difference, error, 2))


def test_that_epochs_of_a_sample_are_averaged_before_pairing():
    held = Held()
    ids, epochs = ["a", "a", "b", "b", "c", "c"], [1, 2, 1, 2, 1, 2]
    first = held.result(1, [1, 0, 1, 1, 0, 1], ids=ids, epochs=epochs, model="new")
    second = held.result(2, [0, 0, 1, 0, 1, 0], ids=ids, epochs=epochs, model="old")
    (found,) = compared(held, first, second)
    assert found.n_common == 3
    assert found.difference == pytest.approx((0.5 + 0.5 + 0.0) / 3)
    assert (found.method, found.mcnemar_p) == ("t, paired", None)
    assert found.notes == (
        "Student's t is rough on 3 common samples.",
        "Several answers to a sample were averaged first.",
    )


def test_that_a_category_pairs_its_own_samples_only():
    held = Held()
    categories = ["x"] * 5 + ["y"] * 5
    fields = {"categories": categories, "part": "x"}
    first = held.result(1, A, model="new", value=sum(A[:5]) / 5, n=5, count=sum(A[:5]), **fields)
    second = held.result(2, B, model="old", value=sum(B[:5]) / 5, n=5, count=sum(B[:5]), **fields)
    (found,) = compared(held, first, second)
    assert (found.part, found.n_common) == ("x", 5)
    assert found.difference == pytest.approx(0.2)


def test_that_without_outcomes_two_shares_get_newcombes_interval():
    (found,) = compared(Held(), result(1, 56, 70, model="new"), result(2, 48, 80, model="old"))
    assert (found.difference, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert (found.paired, found.method, found.n_common) == (False, "Newcombe, unpaired", 0)
    assert found.notes == ("Not paired: E-0001 kept no outcomes of its samples.",)
    assert (found.verdict, found.holds) == (WORSE, True)


def test_that_two_means_get_welchs_interval():
    first = result(1, None, 40, value=0.50, stderr=0.03, model="new")
    (found,) = compared(Held(), first, result(2, None, 60, value=0.40, stderr=0.02, model="old"))
    df = statistics.satterthwaite(0.03, 39, 0.02, 59)
    error = statistics.difference_standard_error(0.03, 0.02)
    assert found.stderr_unpaired == pytest.approx(error)
    assert (found.low, found.high) == pytest.approx(statistics.mean_interval(0.1, error, df))
    assert found.method == "t, unpaired"


def test_that_values_without_errors_are_shown_as_a_difference_alone():
    (found,) = compared(
        Held(), result(1, None, None, value=0.5, model="new"), result(2, None, None, value=0.4, model="old")
    )
    assert (found.low, found.p, found.p_holm, found.made, found.verdict) == (None, None, None, 0, NOT_SHOWN)


@pytest.mark.parametrize(("polarity", "verdict"), [("higher", BETTER), ("lower", WORSE), ("unknown", NO_DIRECTION)])
def test_that_better_and_worse_need_a_confirmed_direction(polarity, verdict):
    evaluation = Evaluation(id=41, code="EV-2", name="Other", task="other", metric="x", polarity=polarity)
    rows = [result(1, 90, 100, evaluation=41, model="new"), result(2, 40, 100, evaluation=41, model="old")]
    (found,) = compared(Held(), evaluation, *rows)
    assert found.verdict == verdict


def test_that_several_comparisons_are_counted_and_their_p_values_adjusted():
    records = []
    for number in range(5):
        records.append(Evaluation(id=50 + number, code=f"EV-5{number}", name="x", task=f"t{number}", polarity="lower"))
        records.append(result(10 + number, 30 - number, 100, evaluation=50 + number, model="new"))
        records.append(result(20 + number, 44, 100, evaluation=50 + number, model="old"))
    found = compared(Held(), *records)
    assert [one.made for one in found] == [5] * 5
    assert [one.p_holm for one in found] == pytest.approx(statistics.holm([one.p for one in found]))
    assert [one.verdict for one in found] == [BETTER] * 5
    first = found[0]
    assert (first.p or 1) < 0.05 < (first.p_holm or 0)
    assert not first.holds
    assert found[-1].holds


def test_that_only_the_same_metric_category_and_reducer_are_compared():
    rows = [
        result(1, 5, 100, model="new", part="x"),
        result(2, 5, 100, model="old", part="y"),
        result(3, 5, 100, model="new", variant="strict"),
        result(4, 5, 100, model="old", variant="flexible"),
        result(5, 5, 100, model="old", superseded=True),
        result(6, 5, 100, model="new"),
    ]
    assert compared(Held(), *rows) == ()


def test_that_of_several_runs_the_newest_complete_one_counts():
    rows = [
        result(1, 5, 100, model="new", run_date="2026-10-01"),
        result(2, 9, 100, model="new", run_date="2026-11-01"),
        result(3, 90, 100, model="new", run_date="2026-11-20", status="cancelled"),
        result(4, 5, 100, model="old"),
    ]
    (found,) = compared(Held(), *rows)
    assert found.candidate == "E-0002"
    assert "Of 4 runs the newest complete one of each side is compared." in found.notes


def test_that_snapshots_are_compared_as_models_are():
    rows = [result(1, 5, 100, snapshot="new"), result(2, 9, 100, snapshot="old")]
    (found,) = compared(Held(), *rows)
    assert (found.candidate, found.baseline) == ("E-0001", "E-0002")
    assert names_to_compare(inputs_of([*grounds(), *rows])) == ("m-1", "new", "old")


def test_that_what_cannot_be_paired_says_why():
    held = Held()
    first = held.result(1, A, model="new")
    cases = [
        (held.result(2, B, model="old", ids=[f"t{i}" for i in range(10)]), "scored different samples"),
        (held.result(3, B, model="old", value=0.9, count=9), "do not average to its value"),
    ]
    for second, why in cases:
        (found,) = compared(held, first, second)
        assert not found.paired
        assert why in found.notes[-1]
    versions = [held.result(4, A, model="new", task_version="1"), held.result(5, B, model="old", task_version="2")]
    (found,) = compared(held, *versions)
    assert "the versions of the task differ (1, 2)" in found.notes[-1]
    held.blocks.clear()
    (found,) = compared(held, first, held.result(6, B, model="old"))
    assert "E-0001 kept no outcomes" in found.notes[-1]


def test_that_percent_is_compared_on_the_scale_of_shares():
    held = Held()
    first = held.result(1, A, model="new", value=70.0, unit="percent")
    (found,) = compared(held, first, held.result(2, B, model="old"))
    assert found.paired
    assert (found.candidate_value, found.baseline_value) == pytest.approx((0.7, 0.4))


def test_that_fifty_thousand_samples_pair_as_their_table_says():
    held, dice = Held(), random.Random(5)
    a = [int(dice.random() < 0.30) for _ in range(50_000)]
    b = [int(dice.random() < (0.9 if x else 0.1)) for x in a]
    (found,) = compared(held, held.result(1, a, model="new"), held.result(2, b, model="old"))
    assert found.n_common == 50_000
    assert found.difference == pytest.approx((sum(a) - sum(b)) / 50_000)
    assert 0 < (found.stderr or 0) < (found.stderr_unpaired or 0)
