import json

import openpyxl
import pytest

from launchpad.errors import ImportRefusedError, InvalidValueError, UnknownRecordError
from launchpad.intake.ratings import read_ratings

WIDE = "item,ann,bob,eve\n1,safe,unsafe,\n2,unsafe,unsafe,safe\n"
LONG = "rater,item,label\nann,1,safe\nbob,1,unsafe\neve,1,\nann,2,unsafe\nbob,2,unsafe\neve,2,safe\n"
LABELS = (("safe", "unsafe", None), ("unsafe", "unsafe", "safe"))


@pytest.fixture
def written(tmp_path):
    def write(text, name="ratings.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_that_wide_and_long_tables_of_every_kind_say_the_same(written, tmp_path):
    rows = [dict(zip(("item", "ann", "bob", "eve"), (n, *labels), strict=True)) for n, labels in enumerate(LABELS, 1)]
    book = openpyxl.Workbook()
    for row in (("item", "ann", "bob", "eve"), *((n, *labels) for n, labels in enumerate(LABELS, 1))):
        book.active.append(row)
    book.save(tmp_path / "ratings.xlsx")
    jsonl = "".join(json.dumps(row) + "\n" for row in rows)
    paths = (
        written(WIDE),
        written(LONG, "long.csv"),
        written(WIDE.replace(",", ";"), "semicolons.csv"),
        written(WIDE.replace(",", "\t"), "tabs.tsv"),
        written(WIDE.encode("utf-16"), "utf16.csv"),
        written(jsonl, "rows.jsonl"),
        written(json.dumps(rows), "rows.json"),
        tmp_path / "ratings.xlsx",
    )
    for path in paths:
        found = read_ratings(path)
        assert (found.raters, found.labels, found.problems) == (("ann", "bob", "eve"), LABELS, ()), path
        assert found.items == ("1", "2"), path


def test_that_the_raters_asked_for_come_in_that_order(written):
    for text in (WIDE, LONG):
        assert read_ratings(written(text), ["eve", "ann"]).labels == ((None, "safe"), ("safe", "unsafe"))


def test_that_one_and_one_point_zero_are_one_label_and_codes_keep_their_zeros(written):
    found = read_ratings(written("item,a,b,c\n1,1,1.0,01\n2,2.50,2.5,01\n"), ["a", "b", "c"])
    assert found.labels == (("1", "1", "01"), ("2.50", "2.5", "01"))
    found = read_ratings(
        written('{"item": 1, "a": 1, "b": 1.0, "c": true, "d": NaN}\n', "x.jsonl"), ["a", "b", "c", "d"]
    )
    assert found.labels == (("1", "1", "True", None),)


def test_that_only_an_empty_cell_is_no_rating(written):
    found = read_ratings(written("item,a,b\n1,NA,none\n2, ,unknown\n"), ["a", "b"])
    assert found.labels == (("NA", "none"), (None, "unknown"))


def test_that_rows_of_one_item_stay_apart_and_keep_its_name(written):
    found = read_ratings(written("item_id,system,a,b\n7,x,0,1\n7,y,1,1\n,y,1,1\n"), ["a", "b"])
    assert found.items == ("7", "7", "line 4")
    assert len(found.labels) == 3


def test_that_columns_beside_the_raters_may_hold_anything(written):
    text = '{"id": 1, "messages": [{"role": "user"}], "a": "x", "b": "y"}\n'
    assert read_ratings(written(text, "x.jsonl"), ["a", "b"]).labels == (("x", "y"),)
    with pytest.raises(ImportRefusedError, match=r"line 1.*'messages' holds a list"):
        read_ratings(written(text, "x.jsonl"), ["a", "messages"])


def test_that_lines_which_could_not_be_read_are_listed(written):
    found = read_ratings(written("item,a,b\n1,x,x\n2,x,y,z\n3,y,y\n"))
    assert [problem.where for problem in found.problems] == ["line 3"]
    found = read_ratings(written("item,rater,label\n1,a,x\n1,b,y\n,a,x\n2,,x\n"))
    assert [(problem.where, problem.what[:8]) for problem in found.problems] == [
        ("line 4", "no item;"),
        ("line 5", "no rater"),
    ]
    found = read_ratings(written('[{"item": 1, "a": "x", "b": "x"}, 5]', "x.json"))
    assert found.problems[0].where == "entry 2"


def test_that_a_second_sheet_is_named_as_not_read(tmp_path):
    book = openpyxl.Workbook()
    for row in (("item", "a", "b"), (1, "x", "y"), (2, "y", "x")):
        book.active.append(row)
    book.create_sheet("More").append(("item", "a", "b"))
    book.save(tmp_path / "two.xlsx")
    assert read_ratings(tmp_path / "two.xlsx").problems[0].where == "sheet 'More'"


BAD = (
    ("item,ann\n1,x\n", (), InvalidValueError, "one rater, ann"),
    ("item,rater,label\n1,ann,x\n2,ann,y\n", (), InvalidValueError, "one rater, ann"),
    ("item\n1\n", (), InvalidValueError, "no rater"),
    (WIDE, ("ann",), InvalidValueError, "one rater, ann"),
    (WIDE, ("ann", "zoe"), UnknownRecordError, "no rater zoe.*ann, bob, eve"),
    (WIDE, ("ann", "item"), UnknownRecordError, "no rater item"),
    (WIDE, ("ann", "bob", "ann"), InvalidValueError, "ann is named twice"),
    ("", (), ImportRefusedError, "is empty"),
    (" \n\n", (), ImportRefusedError, "is empty"),
    ("item,a,b\n", (), ImportRefusedError, "no row below its header"),
    ("item,a,a\n1,x,y\n", (), ImportRefusedError, "two columns called 'a'"),
    ("item,system,a,b\n1,gpt,x,y\n2,gpt,y,x\n", (), InvalidValueError, "column 'system'.*--raters"),
    ("item,rater,label\n1,ann,x\n1,ann,y\n", (), ImportRefusedError, "ann gave item 1 two labels.*line 2.*line 3"),
    ("rater,label\nann,x\n", (), ImportRefusedError, "which item was rated"),
    ("%PDF-1.4", (), ImportRefusedError, "not a table of ratings"),
    ('item,a,b\n1,"x,y\n', (), ImportRefusedError, "never closed"),
)


@pytest.mark.parametrize(("text", "raters", "error", "said"), BAD)
def test_that_a_table_which_cannot_be_compared_is_refused_by_name(written, text, raters, error, said):
    with pytest.raises(error, match=f"(?s){said}"):
        read_ratings(written(text), raters)


def test_that_the_same_label_given_twice_is_one(written):
    found = read_ratings(written("item,rater,label\n1,ann,x\n1,ann,x\n1,bob,x\n"))
    assert found.labels == (("x", "x"),)
