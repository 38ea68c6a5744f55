"""The decision record as it stands on a day: gates, waivers, conditions, signatures and what voids them."""

import base64
import dataclasses
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from launchpad.edits.criteria import seal
from launchpad.edits.decisions import Asked, Wish, close_condition, dissent
from launchpad.edits.records import set_values
from launchpad.edits.signatures import Signer, key_state, take_back_signature
from launchpad.edits.waivers import grant
from launchpad.errors import InvalidValueError
from launchpad.records import (
    Condition,
    Decision,
    EvalResult,
    Gate,
    Inputs,
    Launch,
    Person,
    SignOff,
    Tolerance,
    WeightSet,
)
from launchpad.results.deciding import determine, draw_up, sign
from launchpad.results.decisions import DecisionRecord, marks, record_json, record_of
from launchpad.results.marks import rule_marks
from tests.builders import LAUNCH, link, result, tolerance
from tests.decided import (
    ADVISER,
    DAY,
    DECIDER,
    NOBODY,
    OVERSEER,
    decided,
    person,
    results_of,
    stamp,
    the_launch,
    with_changes,
)

LATER = "2026-12-02T09:00:00.000Z"


def record(inputs: Inputs, day: str = DAY) -> DecisionRecord:
    return record_of(inputs, the_launch(inputs), results_of(inputs), day)


def drawn(inputs: Inputs, outcome: str = "conditional", at: str = LATER, **wish) -> Inputs:
    asked = [Asked("Watch it", person(inputs, OVERSEER), "2027-01-10")] if outcome == "conditional" else []
    made = Wish(outcome, "As said.", asked, **wish)
    who = person(inputs, ADVISER)
    return with_changes(
        inputs, draw_up(inputs, the_launch(inputs), results_of(inputs), who, made, day=DAY, stamp=stamp(at))
    )


def signed(inputs: Inputs, who: int = DECIDER, at: str = LATER, code: str = "D-001", **wish) -> Inputs:
    decision = inputs.find(Decision, code)
    made = sign(inputs, decision, person(inputs, who), **{"findings": [], "stamp": stamp(at), **wish})
    return with_changes(inputs, made.changes, dict(made.content))


def determined(inputs: Inputs, value: str, gate: str = "G-1", who: int = ADVISER, at: str = LATER) -> Inputs:
    row = inputs.find(Gate, gate)
    wish = {"determined": value, "reason": "Seen more"}
    return with_changes(
        inputs, determine(inputs, results_of(inputs), row, person(inputs, who), **wish, stamp=stamp(at))
    )


def waived(inputs: Inputs, expires: str = "2027-01-15", at: str = LATER) -> Inputs:
    wish = {"reason": "Small audience", "granted_on": DAY, "expires": expires, "stamp": stamp(at)}
    return with_changes(inputs, grant(inputs, inputs.find(Gate, "G-1"), person(inputs, DECIDER), **wish))


def states(found: DecisionRecord) -> dict[str, tuple[str, str]]:
    return {row.code: (row.held, row.state) for row in found.gates}


def test_that_a_gate_is_met_waived_or_open_and_says_why():
    found = record(decided())
    assert states(found) == {
        "G-1": ("inconclusive", "open"),
        "G-2": ("met", "met"),
        "G-3": ("cannot rule out", "open"),
    }
    assert [row.code for row in found.open_gates] == ["G-1", "G-3"]
    assert found.decision is None


def test_that_a_determination_settles_an_open_gate_until_what_it_rested_on_changes():
    inputs = determined(decided(), "met")
    found = record(inputs)
    assert states(found)["G-1"] == ("met", "met")
    (gate,) = [row for row in found.gates if row.code == "G-1"]
    assert gate.determination is not None
    assert (gate.verdict, gate.determination.computed, gate.determination.holds) == ("inconclusive",) * 2 + (True,)
    other = with_changes(inputs, set_values(inputs.find(EvalResult, "E-0002"), n=500))
    assert states(record(other))["G-1"] == ("met", "met")
    fresh = with_changes(inputs, set_values(inputs.find(EvalResult, "E-0001"), n=101))
    (gate,) = [row for row in record(fresh).gates if row.code == "G-1"]
    assert (gate.held, gate.state) == ("inconclusive", "open")
    assert gate.why.endswith("has changed since. It counts as inconclusive.")


def test_that_a_determination_that_makes_a_gate_worse_counts_even_on_old_grounds():
    inputs = determined(decided(), "not met", "G-2")
    assert states(record(inputs))["G-2"] == ("not met", "open")
    fresh = with_changes(inputs, set_values(inputs.find(EvalResult, "E-0002"), n=500))
    assert states(record(fresh))["G-2"] == ("not met", "open")


def test_that_a_new_result_linked_for_a_gate_ends_a_determination():
    inputs = determined(decided(result(3, 0, 50)), "met")
    more = inputs.with_rows({"evidence_link": (*inputs.tables["evidence_link"], link(3, 1))}, "")
    assert states(record(more))["G-1"] == ("inconclusive", "open")


def test_that_a_waiver_stands_up_to_and_with_its_last_day_and_then_the_gate_is_open_again():
    inputs = waived(decided())
    assert [states(record(inputs, day))["G-1"][1] for day in ("2026-11-30", DAY, "2027-01-15", "2027-01-16")] == [
        "open",
        "waived",
        "waived",
        "open",
    ]
    found = record(inputs, "2027-01-16")
    (gate,) = [row for row in found.gates if row.code == "G-1"]
    assert gate.why.endswith("The waiver WV-001 ended on 2027-01-15, so it is open again.")
    assert ("waiver WV-001", "expired on 2027-01-15") in [(mark.record, mark.words) for mark in found.marks]


def test_that_going_on_is_weighed_against_gates_as_they_stand_on_the_day():
    inputs = determined(waived(decided()), "ruled out", "G-3")
    assert drawn(inputs, "go").rows(Decision)
    with pytest.raises(InvalidValueError, match=r"Go with open gates: G-1 \(inconclusive\)"):
        draw_up(
            inputs,
            the_launch(inputs),
            results_of(inputs),
            person(inputs, ADVISER),
            Wish("go", "Now."),
            day="2027-01-16",
            stamp=stamp(),
        )


def test_that_a_condition_not_met_by_its_day_shows_as_lapsed_and_one_closed_stays_closed():
    inputs = drawn(decided())
    assert [record(inputs, day).conditions[0].state for day in ("2027-01-10", "2027-01-11")] == ["open", "lapsed"]
    found = record(inputs, "2027-01-11")
    assert found.conditions[0].overdue
    assert "not met by 2027-01-10" in [mark.words for mark in found.marks]
    (row,) = inputs.rows(Condition)
    closed = with_changes(
        inputs, close_condition(inputs, row, person(inputs, OVERSEER), status="met", because="Seen", day="2027-01-09")
    )
    assert [record(closed, day).conditions[0].state for day in ("2027-01-10", "2027-02-11")] == ["met", "met"]


def test_that_a_decision_is_made_once_somebody_who_decides_has_signed():
    inputs = signed(drawn(decided()), OVERSEER)
    assert not record(inputs).decided
    inputs = signed(inputs)
    found = record(inputs)
    assert found.decided
    assert [(row.person, row.role, row.state, row.key) for row in found.signatures] == [
        ("P-3", "oversee", "valid", "no key"),
        ("P-1", "decide", "valid", "no key"),
    ]
    assert {row.person: row.signed for row in found.roles} == {"P-1": True, "P-2": False, "P-3": True}
    assert (found.signatures[0].os_user, found.signatures[0].host, found.signatures[0].head) == ("ada", "desk", "head")
    assert "signed without a key" in {mark.words for mark in found.marks}


def test_that_nobody_without_a_role_signs_nor_twice_on_the_same_grounds_nor_what_fell():
    inputs = drawn(decided())
    with pytest.raises(InvalidValueError, match="P-4 has no role in the decision on L-1, and so cannot sign"):
        signed(inputs, NOBODY)
    inputs = signed(inputs)
    with pytest.raises(InvalidValueError, match=r"P-1 has signed decision D-001 already \(SO-001\)"):
        signed(inputs)
    inputs = drawn(inputs, reason="Anew", at="2026-12-03T09:00:00.000Z")
    with pytest.raises(InvalidValueError, match="Decision D-001 does not stand any more"):
        signed(inputs, OVERSEER)
    (row,) = record(inputs).signatures
    assert row.state == "under an earlier decision"
    assert not record(inputs).decided


def test_that_what_the_file_check_found_is_named_or_nothing_is_signed():
    inputs = drawn(decided())
    findings = ["Gate G-1 was changed without an edit."]
    with pytest.raises(InvalidValueError, match="The file check found something, so nothing is signed: Gate G-1 was"):
        signed(inputs, findings=findings)
    inputs = signed(inputs, findings=findings, despite="Known and harmless", note="Read it.")
    (row,) = inputs.rows(SignOff)
    assert row.note == (
        "Read it.\n\nSigned although the file check found: Gate G-1 was changed without an edit. "
        "Because: Known and harmless"
    )


def test_that_a_change_inside_voids_a_signature_and_names_the_record_and_one_outside_does_not():
    inputs = signed(drawn(decided()))
    renamed = with_changes(inputs, set_values(person(inputs, NOBODY), roles="Reads along"))
    assert record(renamed).decided
    stricter = with_changes(inputs, set_values(inputs.find(Gate, "G-2"), threshold=0.01))
    (row,) = record(stricter).signatures
    assert (row.state, row.changed) == ("void", (("gate G-2", "changed"),))
    assert row.why == ("What it rested on has changed since: gate G-2 (changed).",)
    assert not record(stricter).decided
    back = with_changes(stricter, set_values(stricter.find(Gate, "G-2"), threshold=0.02))
    assert record(back).decided


def test_that_dissent_and_closing_a_condition_leave_signatures_valid_and_a_waiver_does_not():
    inputs = signed(drawn(decided()))
    (decision,), (condition,) = inputs.rows(Decision), inputs.rows(Condition)
    who = person(inputs, OVERSEER)
    more = with_changes(inputs, dissent(inputs, decision, who, said="Too early", stamp=stamp()))
    more = with_changes(more, close_condition(more, condition, who, status="met", because="Seen", day=DAY))
    found = record(more)
    assert found.decided
    assert [(row.person, row.said, row.decision) for row in found.dissents] == [("P-3", "Too early", "D-001")]
    assert record(waived(inputs)).signatures[0].changed == (("waiver WV-001", "added"),)


def test_that_dissent_stays_when_another_decision_takes_the_place_of_its_own():
    inputs = drawn(decided())
    (decision,) = inputs.rows(Decision)
    inputs = with_changes(inputs, dissent(inputs, decision, person(inputs, OVERSEER), said="No", stamp=stamp()))
    found = record(drawn(inputs, "no_go", reason="Heard", at="2026-12-03T09:00:00.000Z"))
    assert [row.said for row in found.dissents] == ["No"]
    assert [(row.code, row.stands) for row in found.earlier] == [("D-001", False)]


def test_that_a_signature_is_taken_back_by_who_gave_it_and_both_rows_are_kept():
    inputs = signed(drawn(decided()))
    (row,) = inputs.rows(SignOff)
    with pytest.raises(InvalidValueError, match="Only P-1 can take it back"):
        take_back_signature(inputs, row, person(inputs, OVERSEER), reason="x", stamp=stamp())
    with pytest.raises(InvalidValueError, match="Nothing is said of why"):
        take_back_signature(inputs, row, person(inputs, DECIDER), reason=" ", stamp=stamp())
    later = stamp("2026-12-04T09:00:00.000Z")
    inputs = with_changes(
        inputs, take_back_signature(inputs, row, person(inputs, DECIDER), reason="Misread", stamp=later)
    )
    (shown,) = record(inputs).signatures
    assert (shown.state, shown.why) == ("taken back", ("Taken back: Misread",))
    assert len(inputs.rows(SignOff)) == 2


def test_that_a_decision_says_when_what_it_was_drawn_up_on_has_changed():
    inputs = drawn(decided())
    assert not record(inputs).decision.changed
    after = with_changes(inputs, set_values(inputs.find(Gate, "G-2"), threshold=0.01))
    assert record(after).decision.changed


def key() -> Signer:
    made = Ed25519PrivateKey.generate()
    return Signer(base64.b64encode(made.public_key().public_bytes_raw()).decode(), made.sign)


def with_key(inputs: Inputs, public: str) -> Inputs:
    return with_changes(inputs, set_values(person(inputs, DECIDER), public_key=public))


def test_that_a_key_shows_who_signed_and_that_no_field_was_altered_since():
    signer = key()
    inputs = signed(with_key(drawn(decided()), signer.public_key), signer=signer)
    (row,) = inputs.rows(SignOff)
    assert key_state(inputs, row) == "verified"
    assert record(inputs).signatures[0].state == "valid"
    for name, value in [("note", "I never"), ("host", "elsewhere"), ("signed_at", "2026-01-01T00:00:00.000Z")]:
        forged = dataclasses.replace(row, **{name: value})
        assert key_state(inputs, forged) == "altered after signing"
        (shown,) = record(inputs.with_rows({"sign_off": (forged,)}, "")).signatures
        assert (shown.state, shown.why[-1]) == ("void", "It was altered after signing.")
    stripped = dataclasses.replace(row, signature="!")
    assert key_state(inputs, stripped) == "altered after signing"


def test_that_a_key_other_than_the_one_on_record_is_told_and_refused_when_signing():
    signer = key()
    inputs = with_key(drawn(decided()), signer.public_key)
    with pytest.raises(InvalidValueError, match="The key at hand is not the one on record for P-1"):
        signed(inputs, signer=key())
    inputs = with_key(signed(inputs, signer=signer), key().public_key)
    (shown,) = record(inputs).signatures
    assert (shown.key, shown.state) == ("signed by another key", "void")
    assert shown.why == ("It is signed by another key.",)


def test_that_parts_that_were_removed_or_forged_void_a_signature():
    inputs = signed(drawn(decided()))
    (row,) = inputs.rows(SignOff)
    gone = inputs.with_rows({}, "", {})
    assert record(gone).signatures[0].why == ("What it rested on, row by row, was removed or is damaged.",)
    parts = json.loads(inputs.texts[row.parts or ""])
    forged = inputs.with_rows({}, "", {row.parts or "": json.dumps({**parts, "gate G-1": "0" * 64})})
    assert record(forged).signatures[0].state == "void"


def test_that_the_record_is_plain_json_and_the_same_for_the_same_day():
    inputs = signed(waived(drawn(decided())))
    first, second = (json.dumps(record_json(record(inputs))) for _ in range(2))
    assert first == second
    assert json.loads(first)["decided"] is True
    assert json.loads(first)["open_gates"] == ["G-3"]


def sealed(inputs: Inputs, at: str) -> Inputs:
    for table in (Gate, Tolerance, WeightSet):
        for row in inputs.rows(table):
            inputs = with_changes(inputs, seal(inputs, row, at))
    return inputs


def test_that_rules_sealed_before_the_first_result_bear_no_mark_and_later_ones_do():
    inputs = decided(tolerance("technical", 1.0))
    launch = the_launch(inputs)
    unsealed = rule_marks(inputs, launch)
    rules = {"gate G-1", "gate G-2", "gate G-3", "tolerance TOL-1", "weight_set W-1"}
    assert {mark.record for mark in unsealed} == rules
    assert {mark.words for mark in unsealed} == {"not sealed", "not shown to be set before its results"}
    early = sealed(inputs, "2026-11-01T09:00:00.000Z")
    assert rule_marks(early, launch) == ()
    late = sealed(inputs, "2026-12-20T09:00:00.000Z")
    assert {mark.words for mark in rule_marks(late, launch)} == {"set after results"}
    came = {row.id: "2026-10-01T09:00:00.000Z" for row in early.rows(EvalResult)}
    assert {mark.words for mark in rule_marks(early, launch, came)} == {"set after results"}


def test_that_what_changed_since_it_was_sealed_is_marked_for_every_export():
    inputs = sealed(decided(tolerance("technical", 1.0)), "2026-11-01T09:00:00.000Z")
    looser = with_changes(inputs, set_values(inputs.rows(Tolerance)[0], limit=9.0))
    found = marks(looser, the_launch(looser), results_of(looser), DAY)
    assert [(mark.record, mark.words) for mark in found] == [
        ("tolerance TOL-1", "changed since sealed"),
        ("tolerance TOL-1", "not shown to be set before its results"),
    ]


def test_that_only_the_weights_in_use_are_asked_about():
    spare = WeightSet(id=701, code="W-2", launch=LAUNCH, name="Theirs")
    assert "weight_set W-2" not in {mark.record for mark in rule_marks(decided(spare), the_launch(decided()))}


def test_that_a_person_or_launch_keeps_the_code_that_signatures_name():
    from launchpad.edits.records import set_words

    inputs = signed(drawn(decided()))
    with pytest.raises(InvalidValueError, match=r"^Person P-1: signature SO-001 names it by this code"):
        set_words(inputs, inputs.get(Person, DECIDER), {"code": "P-9"})
    with pytest.raises(InvalidValueError, match=r"^Launch L-1: signature SO-001 names it"):
        set_words(inputs, inputs.get(Launch, LAUNCH), {"code": "L-9"})
    assert set_words(inputs, inputs.get(Person, NOBODY), {"code": "P-9"}).changes


def test_that_two_signatures_of_one_code_given_at_the_same_moment_do_not_withdraw_each_other():
    before = drawn(decided())
    mine = signed(before)
    theirs = signed(before, OVERSEER).rows(SignOff)
    both = signed(mine, OVERSEER).with_rows({"sign_off": (*mine.rows(SignOff), *theirs)}, "")
    assert {row.code for row in both.rows(SignOff)} == {"SO-001"}
    row = next(row for row in both.rows(SignOff) if row.person == OVERSEER)
    wish = {"reason": "Misread", "stamp": stamp("2026-12-04T09:00:00.000Z")}
    after = with_changes(both, take_back_signature(both, row, person(both, OVERSEER), **wish))
    assert [(row.person, row.state) for row in record(after).signatures] == [("P-1", "valid"), ("P-3", "taken back")]
