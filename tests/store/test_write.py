import hashlib
import math
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from launchpad.changes import Change, delete, edit, insert, new_id, update
from launchpad.errors import ConflictError, InvalidValueError
from launchpad.records import (
    Capacity,
    Estimate,
    EvalResult,
    Evaluation,
    Gate,
    Launch,
    Mitigation,
    MitigationVariant,
    ProjectInfo,
    RiskArea,
    TaxonomyRelease,
    Team,
    values_of,
)
from launchpad.records import Effort as EffortRecord

TEAM = Team(id=new_id(), code="T-1", name="Safety")


def row(path: Path, sql: str) -> tuple[object, ...]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchone()


def test_that_an_insert_comes_back_as_it_was(file, write):
    write(insert(TEAM))
    assert file.inputs().rows(Team) == (TEAM,)


def test_that_an_update_changes_the_named_fields_alone(file, write):
    write(insert(TEAM))
    write(update(TEAM, name="Trust"))
    write(update(TEAM, weekdays="1,2"))
    assert file.inputs().get(Team, TEAM.id) == Team(id=TEAM.id, code="T-1", name="Trust", weekdays="1,2")


def test_that_a_second_edit_of_the_same_field_is_refused_with_the_row_as_it_is_now(file, write):
    write(insert(TEAM))
    write(update(TEAM, name="Trust"), author="bob", label="Rename")
    before = file.journal()
    with pytest.raises(
        ConflictError, match=r"Team T-1 .* by bob \(Rename, .*Name is now “Trust”, not “Safety”"
    ) as caught:
        write(update(TEAM, name="Trust and safety"))
    assert caught.value.present == {"id": TEAM.id, **values_of(TEAM), "name": "Trust"}
    assert file.journal() == before


def test_that_an_edit_of_a_removed_row_is_refused_by_name(write):
    write(insert(TEAM))
    write(delete(TEAM), author="bob")
    with pytest.raises(ConflictError, match="Team T-1 was removed meanwhile by bob") as caught:
        write(update(TEAM, name="Trust"))
    assert caught.value.present is None


def test_that_a_delete_of_a_changed_row_is_refused(file, write):
    write(insert(TEAM))
    write(update(TEAM, name="Trust"))
    with pytest.raises(ConflictError, match="changed meanwhile"):
        write(delete(TEAM))
    assert file.inputs().has(Team, TEAM.id)


def test_that_an_insert_of_an_existing_row_is_refused(write):
    write(insert(TEAM))
    with pytest.raises(ConflictError, match="T-1 is there already") as caught:
        write(insert(Team(id=TEAM.id, code="T-2", name="Other")))
    assert caught.value.present is not None
    assert caught.value.present["code"] == "T-1"


def test_that_one_refused_change_among_many_leaves_nothing_written(file, write):
    teams = [Team(id=new_id(), code=f"T-{n}", name="x") for n in range(50)]
    write(*map(insert, teams))
    write(update(teams[30], name="theirs"))
    before = file.inputs()
    with pytest.raises(ConflictError, match="T-30"):
        write(*(update(team, name="ours") for team in teams))
    with pytest.raises(ConflictError, match="T-30"):
        write(*map(delete, teams))
    assert file.inputs() == before
    assert len(file.journal()) == 3


def test_that_many_updates_and_deletes_land_together(file, write):
    teams = [Team(id=new_id(), code=f"T-{n:02}", name="x") for n in range(50)]
    write(*map(insert, teams))
    write(*(update(team, name=f"name {n}") for n, team in enumerate(teams)))
    now = file.inputs().rows(Team)
    assert [team.name for team in now] == [f"name {n}" for n in range(50)]
    write(*map(delete, now))
    assert file.inputs().rows(Team) == ()


def test_that_a_row_with_children_cannot_be_removed_and_they_are_named(file, write):
    capacity = Capacity(id=new_id(), team=TEAM.id, days_per_week=5)
    write(insert(TEAM), insert(capacity))
    with pytest.raises(ConflictError, match="Team T-1 cannot be removed while these belong to it: 1 capacity"):
        write(delete(TEAM))
    present = file.inputs().get(Capacity, capacity.id)
    write(delete(present), delete(TEAM))
    assert file.inputs().rows(Team) == ()


def test_that_a_link_to_a_missing_row_is_refused_by_name(file, write):
    with pytest.raises(ConflictError, match=r"the team it would belong to \(Team\) is not there"):
        write(insert(Capacity(id=new_id(), team=new_id(), days_per_week=5)))
    assert len(file.journal()) == 1


def test_that_parents_and_children_of_one_table_land_in_the_order_of_the_edit(file, write):
    release = TaxonomyRelease(id=new_id(), code="own", name="Own", version="1")
    parent = RiskArea(id=new_id(), code="A", name="A", release=release.id)
    child = RiskArea(id=new_id(), code="A.1", name="A.1", release=release.id, parent=parent.id)
    write(insert(release), insert(parent), insert(child))
    with pytest.raises(ConflictError):
        write(delete(parent), delete(child))
    write(delete(child), delete(parent), delete(release))
    assert file.inputs().rows(RiskArea) == ()


def test_that_a_required_field_left_empty_is_refused_by_its_label(write):
    change = insert(TEAM)
    empty = Change(change.table, change.key, None, {**(change.after or {}), "name": None})
    with pytest.raises(InvalidValueError, match="Team: Name cannot be empty"):
        write(empty)


def test_that_values_take_the_declared_type(file, write, path):
    given = Capacity(id=new_id(), team=TEAM.id, days_per_week=5, committed=np.float32(0.5))
    result = _result(value=1, n=np.int64(40), count=35.0, part_total=0, passed=1)
    write(insert(TEAM), insert(given), *map(insert, result))
    capacity = file.inputs().get(Capacity, given.id)
    found = file.inputs().rows(EvalResult)[0]
    for value, kind in (
        (capacity.days_per_week, float),
        (capacity.committed, float),
        (found.value, float),
        (found.n, int),
        (found.count, int),
        (found.part_total, bool),
        (found.passed, bool),
    ):
        assert type(value) is kind
    after = file.journal()[-1][1].changes[1].after
    assert after is not None
    assert type(after["days_per_week"]) is float
    assert row(path, "SELECT typeof(days_per_week) FROM capacity") == ("real",)


def _result(**fields: object) -> tuple[Evaluation, EvalResult]:
    evaluation = Evaluation(id=new_id(), code="xstest", name="XSTest")
    made = {"code": "E-1", "evaluation": evaluation.id, "model": "m", "status": "complete", "harness": "h"}
    return evaluation, EvalResult(id=new_id(), **{**made, **fields})  # pyright: ignore[reportArgumentType] - odd on purpose


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("value", math.nan, "Value: nan"),
        ("value", math.inf, "Value: inf"),
        ("value", "0.5", "Value: '0.5' is not a number"),
        ("value", True, "Value: True is not a number"),
        ("n", 1.5, "Scored samples: 1.5 is not a whole number"),
        ("n", 2**63, "too large"),
        ("n", False, "not a whole number"),
        ("part_total", 2, "neither yes nor no"),
        ("part_total", "yes", "neither yes nor no"),
        ("note", 5, "Note: 5 is not text"),
        ("note", "a\0b", "cannot be kept"),
        ("note", "\ud800", "cannot be kept"),
    ],
)
def test_that_a_value_that_does_not_fit_its_field_is_refused_by_its_label(file, write, field, value, says):
    with pytest.raises(InvalidValueError, match=says):
        write(*map(insert, _result(**{field: value})))
    assert len(file.journal()) == 1


def test_that_words_that_cannot_be_kept_are_refused_beside_the_rows_too(file):
    with pytest.raises(InvalidValueError, match="cannot be kept"):
        file.write(edit([insert(TEAM)], "\udcff", author="ann"))


def test_that_numbers_come_back_bit_for_bit(file, write):
    figures = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e22, 123456789012345680.0, -1.5]
    evaluation, first = _result()
    rows = [
        EvalResult(**{**first.__dict__, "id": new_id(), "code": f"E-{n}", "value": x}) for n, x in enumerate(figures)
    ]
    write(insert(evaluation), *map(insert, rows))
    assert [found.value for found in file.inputs().rows(EvalResult)] == figures
    journalled = [change.after for change in file.journal()[-1][1].changes[1:]]
    assert [after["value"] for after in journalled if after] == figures
    assert file.check() == []


def test_that_half_a_group_of_fields_is_no_change(write):
    launch = Launch(
        id=new_id(),
        code="L",
        name="L",
        model="m",
        launch_date="2026-12-01",
        freeze_date="2026-11-20",
        as_of="2026-10-01",
    )
    gate = Gate(id=new_id(), code="G", launch=launch.id, name="G", kind="rate", threshold=0.1)
    write(insert(launch), insert(gate))
    with pytest.raises(ValueError, match="whole groups"):
        write(Change("gate", gate.id, {"seal": None}, {"seal": "x"}))
    sealed = update(gate, seal="x")
    assert sealed is not None
    assert sealed.after == {"sealed_at": None, "seal": "x"}
    write(sealed)


def test_that_an_estimate_is_guarded_as_one(write):
    mitigation = Mitigation(id=new_id(), code="M", name="M", kind="filter")
    variant = MitigationVariant(id=new_id(), code="M.a", mitigation=mitigation.id, name="a")
    effort = EffortRecord(id=new_id(), variant=variant.id, team=TEAM.id, days=Estimate(1, 2, 3))
    write(*map(insert, (TEAM, mitigation, variant, effort)))
    write(update(effort, days=Estimate(1, 2, 9, "elicited")))
    with pytest.raises(ConflictError, match=r"Effort M.a/T-1 .*Effort \(high\) is now 9.0, not 3"):
        write(update(effort, days=Estimate(0.5, 2, 3)))


@pytest.mark.parametrize(
    "change",
    [
        Change("nowhere", 1, None, {}),
        Change("team", 1, None, None),
        Change("team", 1, None, {"code": "x"}),
        Change("team", 1, {"code": "x"}, {"code": "y", "name": "z"}),
        Change("team", 1, {"nothing": "x"}, {"nothing": "y"}),
        Change("team", 0, None, values_of(TEAM)),
        Change("team", 2**53, None, values_of(TEAM)),
    ],
)
def test_that_a_change_that_is_not_whole_is_a_bug_and_writes_nothing(file, write, change):
    with pytest.raises(ValueError, match=r"change|row id|whole groups|every field"):
        write(change)
    assert len(file.journal()) == 1


def test_that_content_is_written_with_the_edit_and_kept_under_its_hash(file):
    block = bytes(range(256)) * 100
    sha256 = hashlib.sha256(block).hexdigest()
    file.write(edit([insert(TEAM)], "With content", author="ann"), {sha256: block})
    file.write(edit([update(TEAM, name="again")], "The same again", author="ann"), {sha256: block})
    assert file.content(sha256) == block
    assert file.content("0" * 64) is None
    with pytest.raises(ValueError, match="SHA-256"):
        file.write(edit([], "Wrong", author="ann"), {"0" * 64: block})


def test_that_content_of_a_refused_edit_is_not_kept(file, write):
    write(insert(TEAM))
    block = b"refused"
    sha256 = hashlib.sha256(block).hexdigest()
    with pytest.raises(ConflictError):
        file.write(edit([insert(TEAM)], "Twice", author="ann"), {sha256: block})
    assert file.content(sha256) is None


def test_that_each_edit_follows_the_one_before_it(file, write):
    first, second = write(insert(TEAM)), write(update(TEAM, name="x"))
    (_, root), *_ = file.journal()
    assert root.parents == ()
    assert first.parents == (root.sha256,)
    assert second.parents == (first.sha256,)
    assert file.inputs().head == second.sha256
    assert [number for number, _ in file.journal(after=1)] == [2, 3]


def test_that_the_same_edit_is_not_written_twice(file):
    made = edit([], "Once", author="ann")
    file.write(made)
    with pytest.raises(ConflictError, match="in the journal already"):
        file.write(made)


def test_that_several_edits_are_written_all_or_none(file, write):
    write(insert(TEAM))
    good, bad = edit([update(TEAM, name="x")], "Good", author="a"), edit([insert(TEAM)], "Bad", author="a")
    with pytest.raises(ConflictError):
        file.write_all([good, bad])
    assert file.inputs().get(Team, TEAM.id) == TEAM


def test_that_the_first_edit_names_the_project(file):
    (info,) = file.inputs().rows(ProjectInfo)
    assert info.name == "Blank"
    assert file.journal()[0][1].label == "New project"
