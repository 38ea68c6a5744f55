from dataclasses import fields, is_dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.intake.door import MAX_PROBLEMS, clean
from launchpad.records.imported import ImportedFile, ImportedResult, Interval, Outcomes, Problem

TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=8)


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def file_of(*words):
    a, b, c = words
    outcomes = Outcomes((a, b), (1, 1), (b, None), (None, c), (1.0, None), ("scored", "unscored"))
    result = ImportedResult(task=a, model=b, metric=c, group=a, source=b, scorer=c, outcomes=outcomes)
    return ImportedFile("x", "0", "table", run_id=a, results=(result,), problems=(Problem(b, c),))


@given(words=st.tuples(TEXT, TEXT, TEXT))
def test_that_nothing_leaves_that_cannot_be_stored(words):
    for text in texts(clean(file_of(*words))):
        assert "\0" not in text
        assert text.encode().decode() == text


def test_that_what_was_replaced_is_listed_and_the_rest_untouched():
    found = clean(file_of("a\0b", "half \ud800", "café 日本語\n"))
    assert found.results[0].task == "a\N{REPLACEMENT CHARACTER}b"
    assert found.results[0].metric == "café 日本語\n"
    assert found.problems[-1].where == "text"
    assert "2 texts" in found.problems[-1].what
    assert len(clean(file_of("a", "b", "c")).problems) == 1


def test_that_endless_problems_are_counted_not_listed():
    file = ImportedFile("x", "0", "table", problems=tuple(Problem("line", "bad") for _ in range(5000)))
    found = clean(file).problems
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1].what == f"{5000 - MAX_PROBLEMS} more were found"


def test_that_what_no_result_can_have_is_left_out_and_listed():
    odd = {"n": -1, "stderr": -0.1, "clusters": 0, "date": "2026-13-45", "interval": Interval(0, 1, 95, "reported")}
    file = ImportedFile("x", "0", "table", results=(ImportedResult(task="t", model=" ", metric="m", value=0.5, **odd),))
    (result,), problems = clean(file).results, clean(file).problems
    assert [getattr(result, name) for name in odd] == [None] * len(odd)
    assert (result.model, result.value) == ("unknown", 0.5)
    assert [(problem.where, problem.what.split(":")[0]) for problem in problems] == [
        ("t / m", name) for name in ("n", "stderr", "clusters", "interval", "date")
    ]


@pytest.mark.parametrize(
    ("metric", "unit"), [("std", "score"), ("refusal_f1", "score"), ("f1", "score"), ("acc", "fraction")]
)
def test_that_a_spread_or_a_composite_is_no_share_of_samples(metric, unit):
    result = ImportedResult(task="t", model="m", metric=metric, value=0.3, n=40)
    (found,) = clean(ImportedFile("f", "0" * 64, "inspect", results=(result,))).results
    assert found.unit == unit
