"""Locks are set, changed and taken away as one word on each mitigation."""

import dataclasses

import pytest

from launchpad.edits.locks import lock_of, set_lock, unlock
from launchpad.errors import InvalidValueError
from launchpad.records import TABLES, Lock, record_from
from tests.builders import LAUNCH, grounds, inputs_of, mitigation

ROWS = [*grounds(), *mitigation(1), *mitigation(2)]


def after(rows, changes):
    made = [record_from(TABLES[change.table], change.key, change.after) for change in changes if change.before is None]
    gone = {change.key for change in changes if change.after is None}
    changed = {change.key: change.after for change in changes if change.before is not None and change.after is not None}
    kept = [row for row in rows if row.id not in gone]
    return [dataclasses.replace(row, **changed.get(row.id, {})) for row in kept] + made


def test_that_a_first_word_adds_a_lock_and_the_next_changes_it():
    rows = after(ROWS, set_lock(inputs_of(ROWS), LAUNCH, 201, kind="must"))
    rows = after(rows, set_lock(inputs_of(rows), LAUNCH, 201, start="2027-01-11"))
    (lock,) = inputs_of(rows).rows(Lock)
    assert (lock.kind, lock.start, lock.mitigation) == ("must", "2027-01-11", 201)


def test_that_a_start_alone_holds_only_if_the_work_is_done():
    rows = after(ROWS, set_lock(inputs_of(ROWS), LAUNCH, 201, start="2027-01-11"))
    assert inputs_of(rows).rows(Lock)[0].kind == "if_done"


def test_that_a_lock_that_says_nothing_any_more_is_removed():
    rows = after(ROWS, set_lock(inputs_of(ROWS), LAUNCH, 201, start="2027-01-11"))
    rows = after(rows, set_lock(inputs_of(rows), LAUNCH, 201, start=None))
    assert inputs_of(rows).rows(Lock) == ()


def test_that_unlocking_removes_that_lock_and_no_other():
    rows = after(ROWS, set_lock(inputs_of(ROWS), LAUNCH, 201, kind="never"))
    rows = after(rows, set_lock(inputs_of(rows), LAUNCH, 202, kind="must"))
    rows = after(rows, unlock(inputs_of(rows), LAUNCH, 201))
    inputs = inputs_of(rows)
    assert lock_of(inputs, LAUNCH, 201) is None
    assert lock_of(inputs, LAUNCH, 202) is not None
    assert unlock(inputs, LAUNCH, 201) == []


def test_that_a_day_that_is_none_is_refused():
    with pytest.raises(InvalidValueError, match="Starts on"):
        set_lock(inputs_of(ROWS), LAUNCH, 201, start="soon")
