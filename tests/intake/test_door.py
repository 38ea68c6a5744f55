from dataclasses import fields, is_dataclass

from hypothesis import given
from hypothesis import strategies as st

from launchpad.intake.door import MAX_PROBLEMS, clean
from launchpad.records.imported import ImportedFile, ImportedResult, Outcomes, Problem

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
