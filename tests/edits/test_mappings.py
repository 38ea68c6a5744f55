from hypothesis import given
from hypothesis import strategies as st

from launchpad.edits.mappings import header_hash, mapping_for, remember, remembered
from launchpad.records import Inputs, TableMapping, record_from

HEADERS = ("Suite", "Arm", "Rate", "N")
MAPPING = '{"columns": {"task": "Suite", "value": "Rate"}}'


def after(inputs, changes):
    rows = {row.id: row for row in inputs.rows(TableMapping)}
    for change in changes:
        held = {} if change.before is None else {name: getattr(rows[change.key], name) for name in FIELDS}
        rows[change.key] = record_from(TableMapping, change.key, {**held, **change.after})
    return Inputs({"table_mapping": tuple(rows.values())})


FIELDS = ("code", "name", "header", "headers", "mapping")


def test_that_a_mapping_is_found_again_by_its_header():
    inputs = after(Inputs({}), remember(Inputs({}), HEADERS, MAPPING, "week-1.csv"))
    assert remembered(inputs, HEADERS) == MAPPING
    assert remembered(inputs, ("Suite", "Rate")) is None
    (kept,) = inputs.rows(TableMapping)
    assert (kept.code, kept.name, kept.headers) == ("TM-001", "week-1.csv", "Suite\nArm\nRate\nN")


def test_that_a_mapping_said_again_for_a_header_takes_the_place_of_the_first():
    inputs = after(Inputs({}), remember(Inputs({}), HEADERS, MAPPING, "week-1.csv"))
    inputs = after(inputs, remember(inputs, HEADERS, '{"columns": {"task": "Arm"}}', "week-2.csv"))
    assert [row.mapping for row in inputs.rows(TableMapping)] == ['{"columns": {"task": "Arm"}}']
    assert remember(inputs, HEADERS, '{"columns": {"task": "Arm"}}', "week-3.csv") == []


def test_that_the_hook_for_imports_gives_nothing_while_nothing_was_said():
    assert mapping_for(Inputs({}))(HEADERS) is None


def test_that_order_and_titles_matter_but_not_case_spaces_and_empty_cells():
    assert header_hash(("Suite ", "", "n  scored")) == header_hash(("suite", "N scored", ""))
    assert header_hash(("a", "b")) != header_hash(("b", "a"))
    assert header_hash(("a b",)) != header_hash(("a", "b"))


@given(st.lists(st.text(max_size=8), max_size=6))
def test_that_a_header_is_the_same_with_any_spaces_around_its_titles(headers):
    assert header_hash(headers) == header_hash([f"  {header}\t" for header in headers])
