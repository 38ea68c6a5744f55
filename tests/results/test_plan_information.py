"""What knowing more is worth before a choice among stored plans."""

import dataclasses

import pytest

from launchpad.records import Estimate, Launch, Plan, PlanItem
from launchpad.results.plan_information import MOST_PLANS, plan_information
from tests.builders import LAUNCH, effect, grounds, inputs_of, mitigation, scenario

UNSURE = Estimate(0.001, 0.05, 0.6, "assumed")


def plans(*wanted):
    """Plans P-001, P-002 ..., each of one variant."""
    made = []
    for number, variant in enumerate(wanted, start=1):
        key = 50_000 + number
        made.append(Plan(id=key, code=f"P-{number:03d}", launch=LAUNCH, name="Plan"))
        item = {"start": "2027-01-04", "finish": "2027-01-15", "variant": variant}
        made.append(PlanItem(id=60_000 + number, launch=LAUNCH, plan=key, **item))
    return made


def found(*records, draws=1000):
    return plan_information(inputs_of([*grounds(), *records]), LAUNCH, draws=draws)


def each_cuts_its_own(second=UNSURE):
    records = [*scenario(1, propensity=UNSURE), *scenario(2, propensity=second)]
    return [*records, *mitigation(1), effect(1, 1, 0.9), *mitigation(2), effect(2, 2, 0.9)]


def test_that_it_is_worth_something_to_know_which_of_two_risks_is_the_greater():
    known = found(*each_cuts_its_own(), *plans(301, 302))
    assert known.plans == ("P-001", "P-002")
    assert known.evpi > 0.02
    assert [one.scenario for one in known.inputs if one.evpi > 0] != []
    assert all(0 <= one.evpi <= known.evpi + 0.02 for one in known.inputs)


def test_that_it_is_worth_nothing_where_one_plan_is_best_whatever_comes_out():
    records = [*scenario(1, propensity=UNSURE), *mitigation(1), effect(1, 1, 0.9), *mitigation(2), effect(2, 1, 0.2)]
    known = found(*records, *plans(301, 302))
    assert known.evpi == pytest.approx(0, abs=1e-12)
    assert known.objectives[0] < known.objectives[1]


def test_that_a_choice_needs_two_plans():
    assert found(*each_cuts_its_own()) is None
    assert found(*each_cuts_its_own(), *plans(301)) is None


def test_that_at_most_twenty_plans_are_compared_and_the_current_one_is_among_them():
    rows = [*grounds(), *each_cuts_its_own(), *plans(*([301, 302] * 12))]
    rows = [dataclasses.replace(row, current_plan="P-001") if isinstance(row, Launch) else row for row in rows]
    known = plan_information(inputs_of(rows), LAUNCH, draws=100)
    assert len(known.plans) == MOST_PLANS
    assert known.plans[0] == "P-001"
    assert known.plans[-1] == "P-024"
