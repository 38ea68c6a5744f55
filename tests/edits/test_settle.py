"""Settling labels: what raters agree on, what a person decides, and what is defensible rather than wrong."""

import pytest

from launchpad.edits.label_words import meaning
from launchpad.edits.settle import adjudicate, gold_of, settle, tallies
from launchpad.errors import InvalidValueError
from launchpad.records import (
    TABLES,
    Clause,
    Example,
    Inputs,
    Label,
    Person,
    Policy,
    PolicyVersion,
    record_from,
)

CLAUSES = frozenset({"P-01", "P-02"})


def inputs_with(*labels, people=("ann", "bob", "eve")):
    """One example with these labels: (rater, violation, further fields)."""
    tables = {
        "policy": (Policy(id=1, code="P", name="P"),),
        "policy_version": (PolicyVersion(id=2, policy=1, version="1"),),
        "clause": tuple(
            Clause(id=3 + n, version=2, code=code, kind="violates", rule="r") for n, code in enumerate(sorted(CLAUSES))
        ),
        "example": (Example(id=9, code="X-1", policy=1),),
        "person": tuple(Person(id=20 + n, code=code) for n, code in enumerate(people)),
        "label": tuple(
            Label(id=100 + n, example=9, policy_version=2, rater=rater, violation=violation, **more)
            for n, (rater, violation, more) in enumerate(labels)
        ),
    }
    return Inputs(tables)


def done(inputs, rule, **options):
    found = settle(inputs, inputs.rows(PolicyVersion)[0], inputs.rows(Example), rule, **options)
    return found, after(inputs, found.changes)


def after(inputs, changes):
    rows = {row.id: row for row in inputs.rows(Label)}
    for change in changes:
        before = rows.get(change.key)
        held = {} if before is None else {name: getattr(before, name) for name in change.before | vars_of(before)}
        rows[change.key] = record_from(TABLES["label"], change.key, {**held, **change.after})
    return Inputs({**inputs.tables, "label": tuple(rows.values())})


def vars_of(row):
    return {name: getattr(row, name) for name in type(row).__dataclass_fields__ if name != "id"}


def gold(inputs):
    return gold_of(inputs, inputs.rows(Example)[0], inputs.rows(PolicyVersion)[0])


def test_that_all_must_agree_where_all_must():
    split = [("ann", "safe", {}), ("bob", "safe", {}), ("eve", "violates", {})]
    found, _ = done(inputs_with(*split), "unanimous")
    assert (found.changes, found.open[0].why) == ((), "no agreement: safe 2, violates 1")
    found, now = done(inputs_with(*split), "majority")
    assert (found.open, gold(now).violation, gold(now).rater, gold(now).gold) == ((), "safe", "majority", True)
    assert gold(now).note == "majority, of 3: ann, bob, eve"


def test_that_half_is_no_majority_and_one_rater_settles_nothing():
    found, _ = done(inputs_with(("ann", "safe", {}), ("bob", "violates", {})), "majority")
    assert found.open[0].why == "no majority: safe 1, violates 1"
    found, _ = done(inputs_with(("ann", "safe", {})), "unanimous")
    assert found.open[0].why == "1 rater, 2 needed"
    found, _ = done(inputs_with(("ann", "safe", {})), "unanimous", at_least=1)
    assert found.settled == ("X-1",)


def test_that_each_label_settles_by_itself_and_the_clause_by_those_who_gave_the_answer():
    labels = [
        ("ann", "violates", {"style": "comply", "clause": "P-01"}),
        ("bob", "violates", {"style": "refuse", "clause": "P-01"}),
        ("eve", "safe", {"style": "comply", "clause": "P-02"}),
    ]
    found, now = done(inputs_with(*labels), "unanimous")
    assert found.settled == ()
    assert {one.field for one in found.open} == {"violation", "style"}
    found, now = done(inputs_with(*labels), "majority")
    assert (gold(now).violation, gold(now).style, gold(now).clause, gold(now).request_risk) == (
        *("violates", "comply"),
        *("P-01", None),
    )


def test_that_a_model_settles_nothing_unless_named():
    labels = inputs_with(("ann", "safe", {}), ("bob", "safe", {}), ("model", "violates", {}))
    found, _ = done(labels, "unanimous")
    assert (found.raters, found.settled) == (("ann", "bob"), ("X-1",))
    found, _ = done(labels, "unanimous", raters=("ann", "model"))
    assert found.settled == ()
    with pytest.raises(InvalidValueError, match="is a person"):
        done(inputs_with(("m1", "safe", {}), ("m2", "safe", {})), "majority")
    with pytest.raises(InvalidValueError, match="rater zoe"):
        done(labels, "majority", raters=("zoe",))
    with pytest.raises(InvalidValueError, match="no label of any rater"):
        done(inputs_with(), "majority")


def test_that_settling_again_changes_nothing_and_another_outcome_is_kept_until_replaced():
    _, now = done(inputs_with(("ann", "safe", {}), ("bob", "safe", {})), "unanimous")
    again, _ = done(now, "unanimous")
    assert (again.changes, again.unchanged) == ((), ("X-1",))
    rows = tuple(row if row.gold else record_from(TABLES["label"], row.id, vars_of(row) | {"violation": "escalate"})
                 for row in now.rows(Label))  # fmt: skip
    other = Inputs({**now.tables, "label": rows})
    found, _ = done(other, "unanimous")
    assert (found.changes, found.kept) == ((), ("X-1",))
    found, now = done(other, "unanimous", replace=True)
    assert (found.settled, gold(now).violation) == (("X-1",), "escalate")


def test_that_what_a_person_decided_is_named_and_stays():
    labels = inputs_with(("ann", "safe", {"clause": "P-02"}), ("bob", "violates", {}), ("eve", "safe", {}))
    version, example, person = labels.rows(PolicyVersion)[0], labels.rows(Example)[0], labels.rows(Person)[2]
    decided = {"violation": "violates", "clause": "P-01", "defensible": "P-02"}
    now = after(labels, adjudicate(labels, version, example, person, decided, "Names a dose."))
    assert (gold(now).rater, gold(now).defensible) == ("adjudicated:eve", "P-02")
    assert gold(now).note == "clause, defensible, violation decided by eve: Names a dose."
    found, _ = done(now, "majority")
    assert (found.kept, found.changes) == (("X-1",), ())
    stands = {one.rater: (one.same, one.defensible, one.wrong) for one in tallies(now, version, [example])}
    assert stands == {"ann": (0, 1, 0), "bob": (1, 0, 0), "eve": (0, 0, 1)}
    with pytest.raises(InvalidValueError, match="no clause"):
        adjudicate(labels, version, example, person, {"violation": "safe", "clause": "P-77"})


MEANT = [
    (("", "Safe completion"), {"style": "safe_complete"}),
    (("", "safe"), {"violation": "safe"}),
    (("", "P-01.violates"), {"violation": "violates", "clause": "P-01"}),
    (("violation", "P-01.Violates"), {"violation": "violates", "clause": "P-01"}),
    (("", "style:refuse"), {"style": "refuse"}),
    (("", "request_risk=harmful"), {"request_risk": "harmful"}),
    (("", "P-02"), {"clause": "P-02"}),
    (("", "clause:P-02"), {"clause": "P-02"}),
    (("violation", "Does not violate"), {"violation": "safe"}),
    (("severity", "4"), {"severity": 4}),
]


@pytest.mark.parametrize(("said", "meant"), MEANT)
def test_that_a_label_is_known_by_its_code_its_name_or_behind_its_field(said, meant):
    assert meaning(said, CLAUSES) == meant


@pytest.mark.parametrize(
    "said",
    [
        ("", "no"),
        ("violation", "refuse"),
        ("style", "safe"),
        ("", "P-77.safe"),
        ("", "P-01.refuse"),
        ("severity", "6"),
        ("clause", "P-77"),
        ("", "note:x"),
        ("", ""),
    ],
)
def test_that_what_is_no_label_of_ours_is_refused(said):
    with pytest.raises(InvalidValueError):
        meaning(said, CLAUSES)
