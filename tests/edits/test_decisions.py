"""Who may decide, on what conditions, and that words given stay."""

import pytest

from launchpad.edits.decisions import Asked, Wish, add_condition, close_condition, dissent, draw_up, take_back
from launchpad.edits.determinations import Grounds, determine
from launchpad.edits.load import load
from launchpad.edits.records import add_words, remove, set_words
from launchpad.edits.roles import give_role, role_of, take_role
from launchpad.edits.waivers import grant, withdraw_waiver
from launchpad.edits.words_given import GIVEN, standing
from launchpad.errors import InvalidValueError
from launchpad.project import APPEND_ONLY
from launchpad.records import (
    Condition,
    Decision,
    DecisionRole,
    Determination,
    Dissent,
    Gate,
    Inputs,
    Launch,
    Person,
    Waiver,
)
from tests.builders import LAUNCH
from tests.decided import ADVISER, DAY, DECIDER, NOBODY, OVERSEER, decided, person, stamp, the_launch, with_changes

OPEN = [("G-1", "inconclusive")]


def drawn(inputs: Inputs, who=ADVISER, *, open_gates=(), at="2026-12-01T09:00:00.000Z", **wish) -> Inputs:
    asked = Wish(**{"outcome": "go", "statement": "Out it goes.", **wish})
    changes = draw_up(
        inputs,
        the_launch(inputs),
        person(inputs, who),
        asked,
        open_gates=open_gates,
        rests_on="abc",
        stamp=stamp(at),
    )
    return with_changes(inputs, changes)


def condition(inputs: Inputs, **fields) -> Asked:
    return Asked(**{"said": "Monitor it", "owner": person(inputs, OVERSEER), "due": "2027-01-10", **fields})


def test_that_a_person_has_one_role_which_can_be_changed_and_is_kept_once_used():
    inputs = decided()
    who = person(inputs, NOBODY)
    assert role_of(inputs, the_launch(inputs), who) is None
    inputs = with_changes(inputs, give_role(inputs, the_launch(inputs), who, "oversee"))
    inputs = with_changes(inputs, give_role(inputs, the_launch(inputs), who, "decide", note="Second"))
    assert role_of(inputs, the_launch(inputs), who) == "decide"
    assert len([row for row in inputs.rows(DecisionRole) if row.person == NOBODY]) == 1
    inputs = with_changes(inputs, take_role(inputs, the_launch(inputs), who))
    with pytest.raises(InvalidValueError, match=r"^P-4 has no role in the decision on L-1"):
        take_role(inputs, the_launch(inputs), who)


@pytest.mark.parametrize(("who", "says"), [(OVERSEER, "P-3 oversees"), (NOBODY, "P-4 has no role")])
def test_that_only_who_recommends_or_decides_draws_up_and_determines(who, says):
    inputs = decided()
    with pytest.raises(InvalidValueError, match=rf"^{says} in the decision on L-1, and so cannot draw up") as refused:
        drawn(inputs, who)
    assert refused.value.hint == "Those who can: P-1, P-2."
    with pytest.raises(InvalidValueError, match="cannot determine a gate"):
        determined(inputs, who)


def determined(inputs, who=ADVISER, value="met", computed="inconclusive", reason="Seen more", gate=9000, **when):
    return determine(
        inputs,
        inputs.get(Gate, gate),
        person(inputs, who),
        determined=value,
        reason=reason,
        grounds=Grounds(computed, "abc"),
        stamp=stamp(**when),
    )


def test_that_a_determination_keeps_what_was_computed_who_said_it_and_where():
    inputs = with_changes(decided(), determined(decided()))
    (row,) = inputs.rows(Determination)
    assert (row.code, row.determined, row.computed, row.reason) == ("DT-001", "met", "inconclusive", "Seen more")
    assert (row.os_user, row.host, row.head, row.rests_on) == ("ada", "desk", "head", "abc")
    inputs = with_changes(inputs, determined(inputs, DECIDER, "not met", at="2026-12-02T09:00:00.000Z"))
    (now,) = standing(inputs.rows(Determination))
    assert (now.code, now.withdraws) == ("DT-002", "DT-001")
    assert len(inputs.rows(Determination)) == 2


def test_that_a_determination_is_one_of_the_values_of_its_gate_has_a_reason_and_makes_bad_evidence_no_better():
    inputs = decided()
    with pytest.raises(InvalidValueError, match="'ruled out' is no value of gate G-1") as refused:
        determined(inputs, value="ruled out")
    assert refused.value.hint == "Say one of: met, inconclusive, not met."
    with pytest.raises(InvalidValueError, match="needs: Reason"):
        determined(inputs, reason="  ")
    with pytest.raises(InvalidValueError, match="The evidence says that gate G-1 is not met; no determination makes"):
        determined(inputs, computed="not met")
    with pytest.raises(InvalidValueError, match="G-3 is reached; no determination makes it cannot rule out"):
        determined(inputs, value="cannot rule out", computed="reached", gate=9002)
    assert determined(inputs, value="not met", computed="not met")


@pytest.mark.parametrize("outcome", ["go", "stage"])
def test_that_going_on_with_open_gates_takes_waivers_conditions_or_a_stated_reason(outcome):
    inputs = decided()
    stage = "1 in 10" if outcome == "stage" else None
    with pytest.raises(InvalidValueError, match=r"with open gates: G-1 \(inconclusive\)\. .*--despite REASON"):
        drawn(inputs, outcome=outcome, stage=stage, open_gates=OPEN)
    made = drawn(inputs, outcome=outcome, stage=stage, open_gates=OPEN, despite="We watch it hourly")
    (row,) = made.rows(Decision)
    assert row.statement == "Out it goes.\n\nDespite G-1 (inconclusive): We watch it hourly"
    assert drawn(inputs, outcome="no_go", open_gates=OPEN).rows(Decision)[0].statement == "Out it goes."


def test_that_a_conditional_go_has_conditions_each_with_an_owner_and_a_day_and_answers_open_gates():
    inputs = decided()
    with pytest.raises(InvalidValueError, match="at least one condition, with its owner and its day"):
        drawn(inputs, outcome="conditional")
    made = drawn(
        inputs,
        outcome="conditional",
        open_gates=OPEN,
        conditions=[condition(inputs), condition(inputs, said="Report weekly")],
    )
    (decision,) = made.rows(Decision)
    rows = made.children(Condition, "decision", decision.id)
    assert [(row.code, row.said, row.owner, row.due, row.status) for row in rows] == [
        ("CO-001", "Monitor it", OVERSEER, "2027-01-10", "open"),
        ("CO-002", "Report weekly", OVERSEER, "2027-01-10", "open"),
    ]
    with pytest.raises(InvalidValueError, match="does not fit Due"):
        drawn(inputs, outcome="conditional", conditions=[condition(inputs, due="soon")])
    with pytest.raises(InvalidValueError, match="needs: Condition"):
        drawn(inputs, outcome="conditional", conditions=[condition(inputs, said=" ")])


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"outcome": "maybe"}, "'maybe' is no decision"),
        ({"outcome": "stage"}, "does not say how far the stage goes"),
        ({"outcome": "go", "stage": "10 %"}, "Only a stage-only decision names a stage"),
        ({"statement": " "}, "needs: Statement"),
    ],
)
def test_that_a_decision_says_all_that_its_kind_asks_for(wish, says):
    with pytest.raises(InvalidValueError, match=says):
        drawn(decided(), **wish)


def test_that_a_go_or_a_no_go_has_no_conditions():
    inputs = decided()
    with pytest.raises(InvalidValueError, match=r"^Go has no conditions"):
        drawn(inputs, conditions=[condition(inputs)])


def test_that_a_new_decision_takes_the_place_of_the_one_that_stands_and_says_why():
    inputs = drawn(decided())
    with pytest.raises(InvalidValueError, match=r"^Decision D-001 stands; a new one takes its place\."):
        drawn(inputs, outcome="no_go")
    inputs = drawn(inputs, outcome="no_go", reason="New results", at="2026-12-02T09:00:00.000Z")
    (now,) = standing(inputs.rows(Decision))
    assert (now.code, now.withdraws, now.reason) == ("D-002", "D-001", "New results")
    first = next(row for row in inputs.rows(Decision) if row.code == "D-001")
    with pytest.raises(InvalidValueError, match=r"D-001 does not stand any more\. Decision D-002 does\."):
        add_condition(inputs, first, person(inputs, DECIDER), condition(inputs))


def test_that_the_owner_or_somebody_with_a_role_closes_a_condition_and_says_what_shows_it():
    inputs = decided()
    asked = condition(inputs, owner=person(inputs, NOBODY))
    inputs = drawn(inputs, outcome="conditional", conditions=[asked])
    (row,) = inputs.rows(Condition)
    closed = close_condition(inputs, row, person(inputs, NOBODY), status="met", because="Report 7", day=DAY)
    (after,) = with_changes(inputs, closed).rows(Condition)
    assert (after.status, after.closed_on, after.closed_because) == ("met", DAY, "Report 7")
    with pytest.raises(InvalidValueError, match="Nothing is said of what shows that CO-001 is met"):
        close_condition(inputs, row, person(inputs, DECIDER), status="met", because="", day=DAY)
    inputs = with_changes(inputs, [])
    stranger = Person(id=999, code="P-9")
    with pytest.raises(InvalidValueError, match="P-9 has no role"):
        close_condition(inputs, row, stranger, status="met", because="I say so", day=DAY)


def test_that_whoever_has_a_role_may_dissent_and_only_they_take_it_back_while_both_are_kept():
    inputs = drawn(decided())
    (decision,) = inputs.rows(Decision)
    inputs = with_changes(inputs, dissent(inputs, decision, person(inputs, OVERSEER), said="Too early", stamp=stamp()))
    (row,) = inputs.rows(Dissent)
    with pytest.raises(InvalidValueError, match="Only P-3 can take it back"):
        take_back(inputs, row, person(inputs, DECIDER), said="No", stamp=stamp())
    later = stamp("2026-12-03T09:00:00.000Z")
    inputs = with_changes(inputs, take_back(inputs, row, person(inputs, OVERSEER), said="Seen now", stamp=later))
    assert standing(inputs.rows(Dissent)) == ()
    assert len(inputs.rows(Dissent)) == 2
    with pytest.raises(InvalidValueError, match="cannot dissent"):
        dissent(inputs, decision, person(inputs, NOBODY), said="No", stamp=stamp())


def waived(inputs, who=DECIDER, expires="2027-03-01", granted_on=DAY, **when):
    return grant(
        inputs,
        inputs.get(Gate, 9000),
        person(inputs, who),
        reason="Small audience",
        granted_on=granted_on,
        expires=expires,
        stamp=stamp(**when),
    )


def test_that_only_who_decides_grants_a_waiver_and_never_one_without_an_end():
    inputs = decided()
    with pytest.raises(InvalidValueError, match=r"P-2 recommends .* cannot grant a waiver\. Those who can: P-1"):
        waived(inputs, ADVISER)
    with pytest.raises(InvalidValueError, match="Its last day 2026-11-01 is before 2026-12-01"):
        waived(inputs, expires="2026-11-01")
    with pytest.raises(InvalidValueError, match="longer than a year"):
        waived(inputs, expires="2029-01-01")


def test_that_a_waiver_is_replaced_or_ended_by_a_new_row_that_names_it():
    inputs = with_changes(decided(), waived(decided()))
    inputs = with_changes(inputs, waived(inputs, expires="2027-02-01", at="2026-12-02T09:00:00.000Z"))
    (now,) = standing(inputs.rows(Waiver))
    assert (now.code, now.withdraws) == ("WV-002", "WV-001")
    later = stamp("2026-12-03T09:00:00.000Z")
    ended = withdraw_waiver(inputs, now, person(inputs, OVERSEER), reason="Audience grew", stamp=later)
    inputs = with_changes(inputs, ended)
    assert standing(inputs.rows(Waiver)) == ()
    assert len(inputs.rows(Waiver)) == 3
    with pytest.raises(InvalidValueError, match="Waiver WV-002 does not stand any more"):
        withdraw_waiver(inputs, now, person(inputs, DECIDER), reason="Again", stamp=later)


def test_that_undo_passes_by_every_table_of_words_given():
    assert {
        "determination",
        "decision",
        "sign_off",
        "condition",
        "waiver",
        "dissent",
        "forecast",
    } == APPEND_ONLY


@pytest.mark.parametrize("record", list(GIVEN))
def test_that_no_generic_door_adds_words_given(record):
    inputs = drawn(decided())
    words = {
        "gate": "G-1",
        "decision": "D-001",
        "person": "P-1",
        "owner": "P-1",
        "determined": "met",
        "computed": "met",
        "reason": "x",
        "said": "x",
        "statement": "x",
        "outcome": "go",
        "role": "decide",
        "due": DAY,
        "granted_on": DAY,
        "expires": DAY,
    }
    names = {field for field in words if field in record.__dataclass_fields__}
    given = {name: words[name] for name in names}
    with pytest.raises(InvalidValueError):
        add_words(inputs, record, given, LAUNCH)
    (refusal,) = load(
        inputs, record, [{**given, "code": "X-1"} if "code" in record.__dataclass_fields__ else given], 1
    ).refused
    assert refusal.what


def test_that_the_generic_doors_change_nothing_of_a_word_but_what_moves():
    inputs = drawn(decided(), outcome="conditional", conditions=[condition(decided())])
    (decision,) = inputs.rows(Decision)
    with pytest.raises(InvalidValueError, match=r"^Decision D-001 is somebody's word: Decision can no longer be"):
        set_words(inputs, decision, {"outcome": "go"})
    (asked,) = inputs.rows(Condition)
    with pytest.raises(InvalidValueError, match=r"^Condition CO-001 is somebody's word: Due can no longer be changed"):
        set_words(inputs, asked, {"due": "2027-12-01"})
    assert set_words(inputs, asked, {"status": "met", "closed_on": DAY, "closed_because": "Report"}).changes
    (refusal,) = load(inputs, Decision, [{"code": "D-001", "statement": "Other"}], LAUNCH).refused
    assert "somebody's word" in refusal.what


def test_that_a_word_is_not_removed_nor_anything_it_is_part_of():
    inputs = drawn(decided())
    inputs = with_changes(inputs, determined(inputs))
    with pytest.raises(InvalidValueError, match=r"^Decision D-001 is somebody's word and is kept"):
        remove(inputs, inputs.rows(Decision)[0])
    with pytest.raises(InvalidValueError, match=r"^Launch L-1 L-1 stays|^Launch L-1 stays: .* is somebody's word"):
        remove(inputs, inputs.get(Launch, LAUNCH))
    with pytest.raises(InvalidValueError):
        remove(inputs, inputs.get(Gate, 9000))
    assert remove(inputs, next(row for row in inputs.rows(DecisionRole) if row.person == OVERSEER))
