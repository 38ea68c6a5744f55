import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.changes import (
    ROW_ID_BITS,
    Change,
    Edit,
    changes_as_json,
    changes_from_json,
    delete,
    digest,
    edit,
    insert,
    inverse,
    new_id,
    now,
    sealed,
    update,
)
from launchpad.records import Effort, Estimate, Gate, Team, values_of

TEAM = Team(id=7, code="T-1", name="Red team")
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
ROWS = st.none() | st.dictionaries(WORDS, VALUES, max_size=4)
CHANGES = st.lists(st.builds(Change, WORDS, st.integers(1, 2**53 - 1), ROWS, ROWS), max_size=4).map(tuple)


def typed(changes):
    """Changes with the type of each value beside it, as 1 == 1.0 == True."""
    return [
        (
            change.table,
            change.key,
            *({n: (type(v), v) for n, v in (part or {}).items()} for part in (change.before, change.after)),
        )
        for change in changes
    ]


def test_that_an_insert_and_a_delete_hold_every_column():
    assert insert(TEAM) == Change("team", 7, None, values_of(TEAM))
    assert delete(TEAM) == Change("team", 7, values_of(TEAM), None)


def test_that_an_update_holds_only_what_changed():
    assert update(TEAM, name="Blue team") == Change("team", 7, {"name": "Red team"}, {"name": "Blue team"})


def test_that_an_update_to_the_same_values_is_no_change():
    assert update(TEAM, name="Red team") is None


def test_that_an_update_of_one_part_of_a_group_holds_the_whole_group():
    gate = Gate(id=1, code="G", launch=2, name="G", kind="rate", threshold=0.1)
    assert update(gate, seal="x") == Change(
        "gate", 1, {"sealed_at": None, "seal": None}, {"sealed_at": None, "seal": "x"}
    )
    effort = Effort(id=1, variant=2, team=3, days=Estimate(1, 2, 3))
    change = update(effort, days=Estimate(1, 2, 4))
    assert change is not None
    assert change.after == {"days_low": 1, "days_median": 2, "days_high": 4, "days_kind": "assumed"}


@pytest.mark.parametrize(("old", "new"), [(1, 1.0), (1, True), (0.0, False)])
def test_that_a_change_of_type_alone_is_a_change(old, new):
    effort = Effort(id=1, variant=2, team=3, days=Estimate(1, 2, 3), people=old)
    assert update(effort, people=new) is not None


@given(CHANGES)
def test_that_the_inverse_of_the_inverse_is_the_change(changes):
    assert inverse(inverse(changes)) == changes


def test_that_the_inverse_takes_the_last_change_back_first():
    first, second = insert(TEAM), Change("capacity", 8, None, {"team": 7})
    assert [change.table for change in inverse([first, second])] == ["capacity", "team"]


@given(CHANGES)
def test_that_changes_come_back_from_json_with_value_and_type(changes):
    assert typed(changes_from_json(changes_as_json(changes))) == typed(changes)


def test_that_the_same_changes_are_the_same_json_whatever_the_order_of_their_fields():
    one = Change("team", 1, None, {"a": 1, "b": 2})
    other = Change("team", 1, None, {"b": 2, "a": 1})
    assert changes_as_json([one]) == changes_as_json([other])


def test_that_what_is_no_number_never_reaches_the_journal():
    with pytest.raises(ValueError, match="JSON compliant"):
        changes_as_json([Change("team", 1, None, {"x": float("nan")})])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uuid", "other"),
        ("parents", ("p",)),
        ("author", "eve"),
        ("at", "2020-01-01T00:00:00.000Z"),
        ("label", "Other"),
        ("reason", "because"),
        ("batch", "b"),
        ("undoes", "u"),
        ("changes", (delete(TEAM),)),
        ("changes", ()),
    ],
)
def test_that_the_hash_covers_every_part_of_an_edit(field, value):
    made = edit([insert(TEAM)], "Add", author="ann")
    assert digest(dataclasses.replace(made, **{field: value})) != digest(made)
    assert {item.name for item in dataclasses.fields(Edit)} >= {field}


def test_that_neighbouring_parts_cannot_be_moved_into_each_other():
    made = edit([], "ab", author="ann", reason="c")
    assert digest(dataclasses.replace(made, label="a", reason="bc")) != digest(made)


def test_that_sealing_sets_the_place_and_a_hash_that_can_be_computed_anew():
    placed = sealed(edit([insert(TEAM)], "Add", author="ann"), ("p",))
    assert placed.parents == ("p",)
    assert placed.sha256 == digest(placed) == digest(placed, changes_as_json(placed.changes))


def test_that_an_edit_leaves_out_what_is_no_change():
    assert edit([None, insert(TEAM), None], "Add", author="ann").changes == (insert(TEAM),)


def test_that_row_ids_are_exact_in_a_float_and_never_zero():
    ids = {new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(0 < made < 2**ROW_ID_BITS and int(float(made)) == made for made in ids)
    assert json.loads(json.dumps(max(ids))) == max(ids)


def test_that_the_present_moment_is_written_in_utc_to_the_millisecond():
    moment = now()
    assert len(moment) == len("2026-11-24T08:00:00.000Z")
    assert moment.endswith("Z")
