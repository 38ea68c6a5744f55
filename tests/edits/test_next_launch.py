"""A launch that follows another: what is copied, what changes on the way, and what stays behind."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.changes import insert
from launchpad.edits.next_launch import COPIED, NOT_COPIED, NextLaunch, copy_launch, judged_anew
from launchpad.errors import InvalidValueError
from launchpad.project import Project
from launchpad.records import (
    RECORDS,
    TABLES,
    Effect,
    Estimate,
    EvidenceLink,
    Launch,
    Plan,
    Scenario,
    Standing,
    Tolerance,
    Trigger,
    field_of,
    fields_of,
    plain_row,
    record_from,
)
from launchpad.scoring.baseline import baseline_of, forebear
from launchpad.scoring.identity import score_hash
from tests.builders import (
    LAUNCH,
    effect,
    gate,
    grounds,
    inputs_of,
    launch,
    link,
    mitigation,
    plan,
    refusals,
    result,
    scenario,
    tolerance,
)

WISH = NextLaunch(name="Autumn", launch_date="2027-08-01", as_of="2027-03-01")
OWNED = [record for record in RECORDS if field_of(record, "launch") is not None]


def value_for(declared, keys):
    """Any value a field takes; a reference is the row id of the one row of its table."""
    if declared.refers is not None:
        return keys[declared.refers]
    if declared.scale is not None:
        return Estimate(0.5, 0.5, 0.5)
    if declared.choices:
        return next(iter(declared.choices))
    words = {"text": declared.name, "whole": 1, "number": 0.5, "flag": True, "date": "2027-01-05"}
    return words.get(declared.type, "2027-01-05T00:00:00Z")


def one_of_each():
    """A row of every table with every field filled in, made from the declarations alone."""
    keys = {record.table: 1 + place for place, record in enumerate(RECORDS)}
    rows = []
    for record in RECORDS:
        fields = {declared.name: value_for(declared, keys) for declared in fields_of(record)}
        rows.append(record(id=keys[record.table], **fields))
    dates = {"launch_date": "2027-02-01", "freeze_date": "2027-01-22", "as_of": "2026-12-01"}
    return [dataclasses.replace(row, **dates, baseline=None) if isinstance(row, Launch) else row for row in rows]


def copied(inputs, wish=WISH):
    """The inputs with the copy in them, the earlier launch and the new one."""
    source = next(row for row in inputs.rows(Launch) if row.code in ("L-1", "code"))
    changes = copy_launch(inputs, source, wish)
    made = [record_from(TABLES[change.table], change.key, change.after) for change in changes]
    whole = inputs_of([row for record in RECORDS for row in inputs.rows(record)] + made)
    return whole, source, whole.get(Launch, changes[0].key)


def full():
    """A launch of two scenarios with everything that hangs on them."""
    return inputs_of(
        [
            *grounds(),
            *scenario(1),
            *scenario(2),
            *mitigation(1, standing="in_place"),
            *mitigation(2, standing="started"),
            effect(1, 1, 0.5),
            effect(2, 2, 0.4),
            refusals(1, 0.02),
            result(1, 5, 100),
            link(1, 1, reason="By hand."),
            gate("rate", 0.1, sealed_at="2026-12-01T00:00:00Z", seal="ab"),
            tolerance("events", 5.0, scenario=102),
            Trigger(id=9300, code="TR-1", launch=LAUNCH, gate=9000, scenario=101, threshold=3, decided_on="2026-12-01"),
            *plan(301),
        ]
    )


@pytest.mark.parametrize("record", OWNED, ids=lambda record: record.table)
def test_that_every_record_of_a_launch_is_copied_or_named_as_not_copied(record):
    whole, _, made = copied(inputs_of(one_of_each()))
    count = len(whole.rows(record, made.id))
    assert (count, record in NOT_COPIED) in ((1, False), (0, True))
    assert record in NOT_COPIED or record in COPIED


def test_that_nothing_that_is_copied_needs_what_is_not():
    left = {record.table for record in NOT_COPIED}
    assert [declared.name for record in COPIED for declared in fields_of(record) if declared.refers in left] == []


def test_that_no_reference_of_a_copy_leads_back_to_the_earlier_launch():
    whole, source, made = copied(inputs_of(one_of_each()))
    for record in COPIED:
        for row in whole.rows(record, made.id):
            for declared in fields_of(record):
                value = getattr(row, declared.name)
                if declared.refers is None or value is None:
                    continue
                target = whole.get(TABLES[declared.refers], value)
                assert getattr(target, "launch", made.id) == made.id, (record.table, declared.name)
                assert target is not source


def test_that_a_copy_says_what_the_earlier_launch_said_but_for_what_was_about_that_launch():
    whole, source, made = copied(full())
    differing = set()
    for record in COPIED:
        pairs = zip(whole.rows(record, source.id), whole.rows(record, made.id), strict=True)
        for before, now in pairs:
            old, new = plain_row(whole, before), plain_row(whole, now)
            differing |= {(record.table, name) for name in old if old[name] != new[name]}
    about = {("scenario", "copied_from"), ("standing", "status"), ("trigger", "decided_on")}
    about |= {("gate", "seal"), ("gate", "sealed_at")}
    assert {pair for pair in differing if pair[1] != "launch"} == about


def test_that_the_new_launch_names_the_earlier_one_and_has_no_plan():
    whole, source, made = copied(full())
    assert (made.code, made.name, made.model, made.status) == ("L-2", "Autumn", "m-1", "open")
    assert baseline_of(whole, made) is source
    assert made.current_plan is None
    assert whole.rows(Plan, made.id) == ()


def test_that_the_freeze_keeps_its_distance_and_the_figures_are_seen_from_the_later_day():
    def dates(**fields):
        _, _, made = copied(full(), dataclasses.replace(WISH, **fields))
        return made.launch_date, made.freeze_date, made.as_of

    assert dates() == ("2027-08-01", "2027-07-22", "2027-03-01")
    assert dates(as_of="2026-06-01") == ("2027-08-01", "2027-07-22", "2026-12-01")
    assert dates(as_of="2027-07-29") == ("2027-08-01", "2027-07-29", "2027-07-29")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"launch_date": "2026-11-01", "as_of": "2026-06-01"}, "2026-11-01 is not after 2026-12-01"),
        ({"launch_date": "soon"}, "'soon' is not a date"),
        ({"code": "L-1"}, "already a launch L-1"),
        ({"name": " "}, "no name"),
    ],
)
def test_that_a_launch_that_cannot_be_is_refused(fields, message):
    with pytest.raises(InvalidValueError, match=message):
        copied(full(), dataclasses.replace(WISH, **fields))


def test_that_scenarios_go_back_to_those_they_were_copied_from():
    whole, source, made = copied(full())
    for row in whole.rows(Scenario, made.id):
        assert row.copied_from == f"L-1/{row.code}"
        before = forebear(whole, source, dataclasses.replace(row, code="R-999"))
        assert before is not None
        assert before.code == row.code


def test_that_work_under_way_begins_again_unless_asked():
    begun = {"started": "2026-11-01", "remaining_days": 3.0, "actual_days": 2.0, "note": "Half of it."}
    inputs = full()
    rows = [dataclasses.replace(row, **begun) if row.status == "started" else row for row in inputs.rows(Standing)]
    inputs = inputs.with_rows({"standing": tuple(rows)}, "")

    def standings(**fields):
        whole, _, made = copied(inputs, dataclasses.replace(WISH, **fields))
        return {whole.address(row): row for row in whole.rows(Standing, made.id)}

    anew, kept = standings(), standings(under_way=True)
    assert anew["M-001.std"].status == kept["M-001.std"].status == "in_place"
    again = anew["M-002.std"]
    assert (again.status, again.started, again.remaining_days, again.note) == ("idea", None, None, "Half of it.")
    assert (kept["M-002.std"].status, kept["M-002.std"].remaining_days) == ("started", 3.0)


def links(inputs, **fields):
    source = inputs.rows(Launch)[0]
    changes = copy_launch(inputs, source, dataclasses.replace(WISH, **fields))
    made = [record_from(EvidenceLink, one.key, one.after) for one in changes if one.table == "evidence_link"]
    return [(row.snapshot, row.reason) for row in made], judged_anew(inputs, source, changes)


def test_that_evidence_of_the_same_build_stays_as_near():
    assert links(full()) == ([("same", "By hand.")], [])


def test_that_evidence_of_another_build_is_near_and_of_another_model_different_with_the_reason():
    found, anew = links(full(), snapshot="b2")
    ((snapshot, reason),) = found
    assert snapshot == "near"
    assert reason.startswith("By hand. Snapshot near for L-2, same for L-1: It is of the model that goes out, which")
    assert [(before.snapshot, now.snapshot) for before, now in anew] == [("same", "near")]
    ((snapshot, reason),), _ = links(full(), model="n-9")
    assert snapshot == "different"
    assert reason.endswith("Snapshot different for L-2, same for L-1: It is of another model, m-1.")


def test_that_evidence_already_of_the_next_build_comes_nearer():
    rows = [row for row in grounds() if row.table != "launch"]
    early = inputs_of([launch(snapshot="b1"), *rows, *scenario(1), result(1, 5, 100, snapshot="b2"), link(1, 1)])
    (by_rule,) = early.rows(EvidenceLink)
    near = early.with_rows({"evidence_link": (dataclasses.replace(by_rule, snapshot="near"),)}, "")
    ((snapshot, _),), _ = links(near, snapshot="b2")
    assert snapshot == "same"


def test_that_what_a_person_judged_otherwise_than_the_rules_is_never_made_nearer():
    inputs = full()
    (row,) = inputs.rows(EvidenceLink)
    judged = inputs.with_rows({"evidence_link": (dataclasses.replace(row, snapshot="different"),)}, "")
    assert links(judged, snapshot="b2") == ([("different", "By hand.")], [])


@settings(max_examples=25)
@given(st.sampled_from(["m-1", "m-1-mini", "n-9"]), st.sampled_from([None, "b1", "b2"]), st.booleans())
def test_that_a_copy_of_a_copy_is_the_copy(model, snapshot, under_way):
    wish = dataclasses.replace(WISH, model=model, snapshot=snapshot, under_way=under_way)
    whole, _, first = copied(full(), wish)
    changes = copy_launch(whole, first, dataclasses.replace(wish, name="Again"))
    again = inputs_of(
        [row for record in RECORDS for row in whole.rows(record)]
        + [record_from(TABLES[change.table], change.key, change.after) for change in changes]
    )
    second = changes[0].key
    for record in COPIED:
        for one, other in zip(again.rows(record, first.id), again.rows(record, second), strict=True):
            left, right = plain_row(again, one), plain_row(again, other)
            for name in ("launch", "copied_from"):
                left.pop(name, None)
                right.pop(name, None)
            assert left == right


def test_that_a_copy_of_the_same_build_scores_alike(tmp_path):
    """In a real file: the copy goes in as one edit, scores as the launch it came from, and is undone in one step."""
    inputs = full()
    with Project.create(tmp_path / "own.launchpad", name="Own") as project:
        rows = [row for record in RECORDS for row in inputs.rows(record)]
        project.edit([insert(row) for row in rows], "Begin")
        project.refresh()
        (source,) = project.inputs.rows(Launch)
        before = score_hash(project.inputs, source.id)
        made = project.edit(copy_launch(project.inputs, source, WISH), "New launch Autumn from L-1")
        assert made is not None
        project.refresh()
        assert [row.code for row in project.inputs.rows(Launch)] == ["L-1", "L-2"]
        assert score_hash(project.inputs, source.id) == before
        assert len(project.inputs.rows(Effect)) == 2 * len(inputs.rows(Effect))
        assert len(project.inputs.rows(Tolerance)) == 2
        assert project.check() == []
        project.undo()
        project.refresh()
        assert [row.code for row in project.inputs.rows(Launch)] == ["L-1"]
        assert project.check() == []
