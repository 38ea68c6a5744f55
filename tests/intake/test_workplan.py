"""Workbooks that come back: tables found wherever they stand, values plain, anything else refused with a sentence."""

import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from launchpad.errors import ImportRefusedError
from launchpad.intake import returned, workplan
from launchpad.intake.workbook_door import is_returned
from launchpad.intake.workplan import read_workplan

TITLES = ("Rank", "Code", "What is done", "Status", "Owner", "Started", "Finished", "Remaining", "Actual", "Effort")
KEY = {"code": "M-01.full", "status": "Idea", "owner": "", "effort": 8.25}


def book_of(path: Path, rows, *, titles=(*TITLES, "Notes", "Key"), above=2, marks=True, title="Workplan") -> Path:
    """A workbook with one table below so many lines of words."""
    book: Any = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for number in range(above):
        sheet.append([f"line {number}"])
    sheet.append(list(titles))
    for row in rows:
        sheet.append(list(row))
    if marks:
        for name, value in (("Project", "u-1"), ("Head", "ab"), ("Launch", "L-1"), ("Format", "1")):
            book.custom_doc_props.append(StringProperty(name=f"Launchpad{name}", value=value))
    book.save(path)
    return path


def line(code="M-01.full", *, status="Idea", key=KEY, note=None):
    return (1, code, "Refusal training", status, None, None, None, None, None, 8.25, note, key and json.dumps(key))


def test_that_rows_come_with_their_cells_their_places_and_what_they_were_exported_with(tmp_path):
    found = read_workplan(book_of(tmp_path / "w.xlsx", [line(status="Started", note="x")]))
    assert (found.project, found.head, found.launch, found.plan) == ("u-1", "ab", "L-1", None)
    (table,) = found.tables
    (row,) = table.rows
    assert row.where == "Workplan, row 4"
    assert (row.cells["status"].value, row.cells["status"].where) == ("Started", "Workplan!D4")
    assert (row.cells["effort"].value, row.cells["note"].value) == (8.25, "x")
    assert row.key == KEY


@pytest.mark.parametrize("above", [0, 1, 40, 199])
def test_that_the_header_is_found_below_whatever_was_inserted(tmp_path, above):
    found = read_workplan(book_of(tmp_path / "w.xlsx", [line()], above=above))
    assert found.tables[0].rows[0].number == above + 2


def test_that_columns_are_known_by_their_titles_in_any_order_and_spelling(tmp_path):
    titles = ("key", "Mine", " NOTES ", "Effort (person-days)", "status", "Code")
    row = (json.dumps(KEY), 5, "n", 3, "Idea", "M-01.full")
    (found,) = read_workplan(book_of(tmp_path / "w.xlsx", [row], titles=titles)).tables
    assert {name: cell.value for name, cell in found.rows[0].cells.items()} == {
        "note": "n",
        "effort": 3,
        "status": "Idea",
        "code": "M-01.full",
    }


def test_that_a_missing_and_a_doubled_column_are_remarked(tmp_path):
    titles = ("Code", "Status", "Status", "Notes", "Key")
    found = read_workplan(book_of(tmp_path / "w.xlsx", [("M-01.full", "Idea", "Done", "n", None)], titles=titles))
    assert found.remarks[0] == "Workplan has the column Status twice; neither was read."
    assert found.remarks[1].startswith("Workplan has no column Owner, Started, Finished, Remaining, Actual, Effort any")
    assert "status" not in found.tables[0].rows[0].cells


def test_that_blank_rows_and_totals_are_no_rows(tmp_path):
    rows = [line(), (None,) * 12, ("Total", None, None, None, None, None, None, None, None, "=SUM(J4:J5)"), line("X")]
    (table,) = read_workplan(book_of(tmp_path / "w.xlsx", rows)).tables
    assert [row.number for row in table.rows] == [4, 7]


def test_that_text_escaped_by_other_programs_is_read_as_it_was_meant(tmp_path):
    found = read_workplan(book_of(tmp_path / "w.xlsx", [line(note="_x003D_A1 and _x000A_more")]))
    cell = found.tables[0].rows[0].cells["note"]
    assert (cell.value, cell.written) == ("=A1 and \nmore", "_x003D_A1 and _x000A_more")


@pytest.mark.parametrize("key", ["{", "[1]", '{"code": 3}', "null", "[" * 100_000, "NaN"])
def test_that_a_broken_key_is_told_from_none(tmp_path, key):
    row = (*line()[:-1], key)
    found = read_workplan(book_of(tmp_path / "w.xlsx", [row, line(key=None)])).tables[0].rows
    assert [(one.key, one.key_damaged) for one in found] == [(None, True), (None, False)]


def test_that_dates_follow_the_epoch_of_the_workbook(tmp_path):
    path = book_of(tmp_path / "w.xlsx", [(1, "A", "b", "Idea", None, 45000, None, None, None, 1, None, None)])
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "mac.xlsx")
    days = [read_workplan(tmp_path / name).tables[0].rows[0].cells["started"].value for name in ("w.xlsx", "mac.xlsx")]
    assert days == ["2023-03-15", "2027-03-16"]


def test_that_a_workbook_without_our_marks_or_without_a_workplan_is_refused(tmp_path):
    foreign = book_of(tmp_path / "w.xlsx", [("a", "b", "c")], titles=("Name", "Price", "Status"), marks=False)
    with pytest.raises(ImportRefusedError, match="no workbook that Launchpad exported"):
        read_workplan(foreign)
    gone = book_of(tmp_path / "g.xlsx", [("a", "b", "c")], titles=("Name", "Price", "Status"))
    with pytest.raises(ImportRefusedError, match="no workplan any more"):
        read_workplan(gone)


def test_that_a_workbook_still_open_elsewhere_is_remarked(tmp_path):
    path = book_of(tmp_path / "w.xlsx", [line()])
    (tmp_path / ".~lock.w.xlsx#").write_text("", encoding="utf-8")
    assert "only what was saved there" in read_workplan(path).remarks[0]


def test_that_a_workbook_of_ours_is_told_by_its_properties(tmp_path):
    assert is_returned(book_of(tmp_path / "w.xlsx", [line()]))
    assert not is_returned(book_of(tmp_path / "o.xlsx", [line()], marks=False))
    (tmp_path / "x.xlsx").write_bytes(b"PK")
    assert not any(is_returned(tmp_path / name) for name in ("x.xlsx", "none.xlsx", "w.csv"))


def test_that_a_newer_format_is_refused(tmp_path):
    path = book_of(tmp_path / "w.xlsx", [line()])
    book: Any = openpyxl.load_workbook(path)
    next(one for one in book.custom_doc_props.props if one.name == "LaunchpadFormat").value = "2"
    book.save(path)
    with pytest.raises(ImportRefusedError, match="newer Launchpad"):
        read_workplan(path)


def archive_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def rewritten(path: Path, out: Path, change) -> Path:
    """A copy of a workbook with each part as `change(name, data)` gives it."""
    with zipfile.ZipFile(path) as old:
        return archive_of(out, {name: change(name, old.read(name)) for name in old.namelist()})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.mkdir(), "is not a file"),
        (lambda path: path.write_text("Code,Status\n", encoding="utf-8"), "is no .xlsx workbook"),
        (lambda path: path.write_bytes(OLE + b"\0" * 9000), "old .xls format"),
        (lambda path: path.write_bytes(OLE + b"\0" * 70_000 + "EncryptedPackage".encode("utf-16-le")), "password"),
        (lambda path: archive_of(path, {"mimetype": b"", "content.xml": b"<a/>"}), "OpenDocument"),
        (lambda path: archive_of(path, {"xl/workbook.bin": b""}), "binary workbook"),
        (lambda path: archive_of(path, {"notes.txt": b""}), "zip archive, but no .xlsx"),
        (lambda path: archive_of(path, {"xl/workbook.xml": b"<workbook/>"}), "cannot be read as a workbook"),
        (lambda path: archive_of(path, {"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}), "XML entities"),
    ],
)
def test_that_a_file_that_is_no_sound_workbook_is_refused_with_what_it_is(tmp_path, make, words):
    make(tmp_path / "w.xlsx")
    with pytest.raises(ImportRefusedError, match=words) as told:
        read_workplan(tmp_path / "w.xlsx")
    assert "w.xlsx" in told.value.message
    assert told.value.hint


def test_that_a_real_password_protected_workbook_is_named_as_such(tmp_path):
    """The first sectors of a file that Excel encrypts: a compound file with a stream EncryptedPackage."""
    entry = "EncryptionInfo".encode("utf-16-le").ljust(128, b"\0") + "EncryptedPackage".encode("utf-16-le").ljust(128)
    (tmp_path / "w.xlsx").write_bytes(OLE.ljust(512, b"\0") + entry)
    with pytest.raises(ImportRefusedError, match="protected with a password") as told:
        read_workplan(tmp_path / "w.xlsx")
    assert "without the password" in told.value.hint


def test_that_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = book_of(tmp_path / "w.xlsx", [line()])

    def blow_up(name, data):
        return b"<worksheet>" + b" " * (250 << 20) if "sheet1" in name else data

    bomb = rewritten(path, tmp_path / "b.xlsx", blow_up)
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(ImportRefusedError, match=r"larger than a workplan|unpacks to"):
        read_workplan(bomb)


def rows_of(path: Path, out: Path, count: int) -> Path:
    """A copy of a workbook with so many more rows in its sheet."""
    more = b"".join(b'<row r="%d"><c r="B%d"><v>%d</v></c></row>' % (n, n, n) for n in range(5, count + 5))

    def grown(name: str, data: bytes) -> bytes:
        return data.replace(b"</sheetData>", more + b"</sheetData>") if "sheet1" in name else data

    return rewritten(path, out, grown)


@pytest.mark.parametrize(
    ("count", "words"), [(21_000, r"than a workplan can have \(20,000\)"), (1_000_000, r"100,000")]
)
def test_that_a_sheet_of_a_million_rows_is_refused_and_not_read_to_its_end(tmp_path, count, words):
    large = rows_of(book_of(tmp_path / "w.xlsx", [line()]), tmp_path / "m.xlsx", count)
    with pytest.raises(ImportRefusedError, match=words) as told:
        read_workplan(large)
    assert told.value.hint


def test_that_a_cell_far_below_is_read_within_bounds_and_a_wide_sheet_is_cut_off(tmp_path):
    path = book_of(tmp_path / "w.xlsx", [line()])
    far = b'<row r="1048576"><c r="B1048576" t="inlineStr"><is><t>far</t></is></c><c r="XFD1048576"><v>1</v></c></row>'

    def grown(name, data):
        return data.replace(b"</sheetData>", far + b"</sheetData>") if "sheet1" in name else data

    (table,) = read_workplan(rewritten(path, tmp_path / "f.xlsx", grown)).tables
    assert [row.number for row in table.rows] == [4, 1_048_576]


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """One workbook of two rows, the same for every example."""
    return book_of(tmp_path_factory.mktemp("sound") / "w.xlsx", [line(), line("X")])


def read_or_refused(path: Path) -> None:
    """Nothing else may happen to a spoiled file; a refusal says what to do."""
    try:
        read_workplan(path)
    except ImportRefusedError as error:
        if not error.hint:
            raise AssertionError(error) from error


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_a_damaged_workbook_is_read_or_refused_and_nothing_else(sound, tmp_path, data):
    whole = sound.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["cut", "flip", "fill"]))
    spoiled = bytearray(whole[:at] if kind == "cut" else whole)
    if kind == "flip":
        spoiled[at] ^= data.draw(st.integers(1, 255))
    elif kind == "fill":
        spoiled[at : at + 40] = data.draw(st.binary(min_size=1, max_size=40))
    (tmp_path / "d.xlsx").write_bytes(bytes(spoiled))
    read_or_refused(tmp_path / "d.xlsx")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_crafted_parts_are_read_or_refused_and_nothing_else(sound, tmp_path, data):
    """The archive is sound, its XML is not: the checksums of zip do not help here."""
    with zipfile.ZipFile(sound) as held:
        name = data.draw(st.sampled_from(sorted(held.namelist())))
        part = held.read(name)
    at = data.draw(st.integers(0, max(0, len(part) - 1)))
    piece = data.draw(st.one_of(st.binary(max_size=12), st.sampled_from([b'"', b"<", b"t='s'", b"999999999", b"-1"])))
    spoiled = part[:at] + piece + part[at + data.draw(st.integers(0, 12)) :]
    crafted = rewritten(sound, tmp_path / "c.xlsx", lambda other, old: spoiled if other == name else old)
    read_or_refused(crafted)


def test_that_the_columns_spoken_of_are_those_of_the_export():
    from launchpad.export import teams
    from launchpad.export import workplan as exported

    for columns in (exported.COLUMNS, teams.COLUMNS):
        titles = {workplan.COLUMNS.get(column.title.casefold()) for column in columns}
        assert {*workplan.INPUTS, "code", "name", "key"} <= titles
    own = {workplan.COLUMNS.get(column.title.casefold()) for column in teams.COLUMNS}
    assert not own & returned.OF_ALL_WORK
