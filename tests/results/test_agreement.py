import pytest

from launchpad.errors import InvalidValueError
from launchpad.intake.ratings import Ratings
from launchpad.results.agreement import agreement, agreement_json, coded_ratings

approx = pytest.approx


def known(value):
    assert value is not None
    return value


def rated(*rows, items=None):
    labels = [tuple(None if label == "." else label for label in row.split()) for row in rows]
    names = items or tuple(str(place) for place in range(len(rows)))
    return Ratings(tuple(names), tuple("abc"[: len(labels[0])]), tuple(labels))


def test_that_the_answer_holds_every_coefficient_pair_and_label():
    found = agreement(rated("x x x", "x y x", "y y y", "y y x", ". . ."), replicates=500)
    assert (found.rows, found.items, found.raters, found.level) == (4, 4, ("a", "b", "c"), "nominal")
    assert found.coefficients["percent"] == approx((1 + 1 / 3 + 1 + 1 / 3) / 4)
    assert [(pair.a, pair.b, pair.n) for pair in found.pairs] == [("a", "b", 4), ("a", "c", 4), ("b", "c", 4)]
    assert found.pairs[0].cohen == approx(0.5)
    assert found.pairs[0].linear is None
    assert [(label, row.n) for label, row in found.per_label] == [("x", 6), ("y", 6)]
    answer = agreement_json(found)
    assert list(answer) == [
        *("items", "raters", "level", "percent", "fleiss", "krippendorff", "ac1"),
        *("interval", "pairs", "per_label"),
    ]
    assert answer["interval"]["low"] < answer["krippendorff"] < answer["interval"]["high"]
    assert "500 replicates, seed 1" in answer["interval"]["method"]


def test_that_rows_of_one_item_are_counted_apart_and_as_one_item():
    found = agreement(rated("x x", "x y", "y y", "y y", items=("1", "1", "2", "3")), replicates=100)
    assert (found.rows, found.items) == (4, 3)


def test_that_the_stated_order_decides_what_a_step_is():
    ratings = rated("low low", "mid high", "high high", "low mid")
    found = agreement(ratings, "ordinal", ["low", "mid", "high"], replicates=100)
    other = agreement(ratings, "ordinal", ["high", "low", "mid"], replicates=100)
    assert found.pairs[0].cohen == other.pairs[0].cohen
    assert known(found.pairs[0].linear) > known(other.pairs[0].linear)
    assert known(found.coefficients["krippendorff"]) > known(other.coefficients["krippendorff"])


def test_that_a_label_nobody_gave_counts_in_the_order_stated():
    ratings = rated("x x", "x y", "y y")
    two, three = (agreement(ratings, order=order, replicates=100) for order in ("xy", "xyz"))
    assert known(three.coefficients["ac1"]) > known(two.coefficients["ac1"])
    assert three.per_label[-1][1] == (0, None)


def test_that_numbers_are_ordered_as_numbers_and_read_with_a_decimal_comma():
    coded = coded_ratings(rated("10 9", "1,5 1.50"), "interval")
    assert list(coded.values) == [1.5, 9, 10]
    assert coded.codes.tolist() == [[2, 1], [0, 0]]
    assert coded.labels == ("1,5", "9", "10")
    assert coded_ratings(rated("10 9", "1 1"), "ordinal").labels == ("1", "9", "10")
    assert coded_ratings(rated("10 9", "1 1"), "nominal").labels == ("1", "9", "10")


BAD = (
    ((". .", ". ."), "nominal", "", "None of the raters a, b rated anything"),
    (("x .", "y ."), "nominal", "", "Only a rated anything"),
    (("x .", ". y"), "nominal", "", "No item was rated by two raters"),
    (("x x", "x x"), "nominal", "", "All 4 ratings are 'x'"),
    (("1 2", "2 high"), "interval", "", "b rated item 1 'high', which is no number; the interval level"),
    (("1 2", "2 nan"), "ratio", "", "b rated item 1 'nan', which is no number; the ratio level"),
    (("1 -2", "2 2"), "ratio", "", "b rated item 0 -2: a ratio scale has no values below 0"),
    (("low high", "low low"), "ordinal", "", "high, low are words, whose order"),
    (("low high", "low low"), "ordinal", "low,mid", "leaves out high"),
    (("low high", "low low"), "ordinal", "low,high,low", "names a label twice"),
    (("1 2", "2 2"), "interval", "1,2", "the numbers are the order"),
    (tuple(f"t{n} u{n}" for n in range(501)), "nominal", "", "1,002 different labels"),
)


@pytest.mark.parametrize(("rows", "level", "order", "said"), BAD)
def test_that_ratings_which_say_nothing_of_agreement_are_refused_by_name(rows, level, order, said):
    with pytest.raises(InvalidValueError, match=said):
        agreement(rated(*rows), level, [word for word in order.split(",") if word], replicates=100)


def test_that_many_raters_are_compared_and_too_many_refused():
    crowd = Ratings(
        ("1", "2", "3"), tuple(f"r{n}" for n in range(11)), (("x", *"y" * 10), (*"x" * 10, "y"), ("y",) * 11)
    )
    found = agreement(crowd, replicates=100)
    assert (len(found.pairs), found.pairs[0].interval, found.pairs[0].n) == (55, None, 3)
    assert found.intervals["percent"] is not None
    with pytest.raises(InvalidValueError, match="301 raters"):
        agreement(Ratings(("1",), tuple(map(str, range(301))), (("x",) * 301,)))
