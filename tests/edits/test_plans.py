"""Storing a plan that was found."""

import dataclasses

from launchpad.changes import Change
from launchpad.edits.plans import FoundItem, FoundOut, FoundStretch, FoundWork, PlanFound, store
from launchpad.records import (
    TABLES,
    Evaluation,
    Inputs,
    Launch,
    LeftOut,
    Mitigation,
    MitigationVariant,
    Plan,
    PlanItem,
    PlanWork,
    Record,
    Standing,
    Team,
    record_from,
)

LAUNCH = Launch(
    id=1, code="L-1", name="Spring", model="m", launch_date="2027-02-08", freeze_date="2027-01-29", as_of="2027-01-04"
)
ROWS: dict[str, tuple[Record, ...]] = {
    "launch": (LAUNCH,),
    "team": (Team(id=2, code="T-1", name="Red team"),),
    "mitigation": (
        Mitigation(id=3, code="M-001", name="Filter", kind="filter"),
        Mitigation(id=4, code="M-002", name="Watch", kind="monitoring"),
    ),
    "mitigation_variant": (MitigationVariant(id=5, code="M-001.a", mitigation=3, name="Standard"),),
    "evaluation": (Evaluation(id=6, code="EV-1", name="Attacks"),),
    "standing": (Standing(id=7, launch=1, variant=5, status="idea"),),
}


def item(**fields: object) -> FoundItem:
    stretches = (FoundStretch("2027-01-04", "2027-01-05", 1.5), FoundStretch("2027-01-11", "2027-01-11", 0.75))
    given = {
        "mitigation": "M-001",
        "variant": "M-001.a",
        "evaluation": None,
        "variant_id": 5,
        "evaluation_id": None,
        "teams": (FoundWork("T-1", 2, 2.25, stretches),),
        "start": "2027-01-04",
        "finish": "2027-01-11",
        "priority": 1,
        "gain": 0.25,
        "gain_per_day": 0.11,
        "p_ready": 0.9,
        "reason": "",
    }
    return FoundItem(**{**given, **fields})  # pyright: ignore[reportArgumentType] - named by the test


def found(**fields: object) -> PlanFound:
    run = item(mitigation=None, variant=None, variant_id=None, evaluation="EV-1", evaluation_id=6, priority=2)
    given = {
        "launch": "L-1",
        "launch_id": 1,
        "input_hash": "abc",
        "seed": 3,
        "objective": 0.4,
        "bound": 0.38,
        "gap": 0.05,
        "score": 0.35,
        "seconds": 2.5,
        "stopped": False,
        "selected": (item(), run),
        "left_out": (FoundOut("M-002", 4, "It does not fit.", ("M-001.a", "EV-1"), 0.02),),
        "capacity": (),
        "notes": ("EV-9 cannot be planned.", "TL-1 is passed."),
    }
    return PlanFound(**{**given, **fields})  # pyright: ignore[reportArgumentType] - named by the test


def after(inputs: Inputs, changes: list[Change]) -> Inputs:
    """The inputs once these changes are made."""
    tables = {table: {row.id: row for row in inputs.rows(record)} for table, record in TABLES.items()}
    for change in changes:
        assert change.after is not None
        record = TABLES[change.table]
        if change.before is None:
            tables[change.table][change.key] = record_from(record, change.key, change.after)
        else:
            tables[change.table][change.key] = dataclasses.replace(
                tables[change.table][change.key],
                **change.after,  # pyright: ignore[reportArgumentType] - columns of this row
            )
    return inputs.with_rows({table: tuple(rows.values()) for table, rows in tables.items()}, "head")


def test_that_a_plan_is_kept_with_its_items_work_and_what_it_left_out():
    inputs = Inputs(ROWS)
    stored = after(inputs, store(inputs, 1, found(), "First plan"))
    (plan,) = stored.rows(Plan)
    assert (plan.code, plan.name, plan.seed, plan.input_hash) == ("P-1", "First plan", 3, "abc")
    assert (plan.objective, plan.bound, plan.gap, plan.seconds) == (0.4, 0.38, 0.05, 2.5)
    assert plan.note == "EV-9 cannot be planned.\nTL-1 is passed."
    assert plan.made is not None
    items = stored.children(PlanItem, "plan", plan.id)
    assert {(row.variant, row.evaluation, row.rank) for row in items} == {(5, None, 1), (None, 6, 2)}
    for row in items:
        work = stored.children(PlanWork, "item", row.id)
        assert [(one.team, one.start, one.finish, one.days) for one in work] == [
            (2, "2027-01-04", "2027-01-05", 1.5),
            (2, "2027-01-11", "2027-01-11", 0.75),
        ]
    (out,) = stored.rows(LeftOut)
    assert (out.mitigation, out.reason, out.displaces, out.loss) == (4, "It does not fit.", "M-001.a, EV-1", 0.02)


def test_that_the_plan_becomes_the_current_one_and_standings_stay_untouched():
    inputs = Inputs(ROWS)
    changes = store(inputs, 1, found(), "First plan")
    stored = after(inputs, changes)
    assert stored.get(Launch, 1).current_plan == "P-1"
    assert not [change for change in changes if change.table == "standing"]


def test_that_codes_of_plans_go_on_counting_in_their_launch():
    inputs = Inputs(ROWS)
    once = after(inputs, store(inputs, 1, found(), "First plan"))
    twice = after(once, store(once, 1, found(), "Second plan"))
    assert sorted(plan.code for plan in twice.rows(Plan)) == ["P-1", "P-2"]
    assert twice.get(Launch, 1).current_plan == "P-2"
    other = after(twice, store(twice, 1, found(), "Third plan"))
    assert other.find(Plan, "P-3", 1).name == "Third plan"


def test_that_empty_notes_reasons_and_displacements_are_kept_as_unknown():
    inputs = Inputs(ROWS)
    plain = found(notes=(), left_out=(FoundOut("M-002", 4, "It was dropped.", (), None),))
    stored = after(inputs, store(inputs, 1, plain, "Plan"))
    assert stored.rows(Plan)[0].note is None
    assert stored.rows(PlanItem)[0].reason is None
    assert (stored.rows(LeftOut)[0].displaces, stored.rows(LeftOut)[0].loss) == (None, None)
