"""Every variant against none of its mitigation, found all at once, is what working each state out alone gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.results.one_by_one import left_in, one_by_one
from launchpad.results.options import apart
from launchpad.scoring.mitigations import OVERLAPS, overlaps
from launchpad.scoring.model import build
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions
from tests.builders import LAUNCH, PLAN, effect, grounds, inputs_of, mitigation, plan, refusals, scenario, variant

STAGES = ("propensity", "detection", "severity", "publicity", "exposure")


def records(standings, efficacies, stages, refused):
    """Three mitigations, the first with two variants, on two scenarios and one of over-refusal."""
    made = [*grounds(), *scenario(1), *scenario(2), *scenario(3, risk_area=4, over_refusal=True)]
    for number, standing in enumerate(standings, start=1):
        made += mitigation(number, family="f" if number < 3 else None, standing=standing)
    made.append(variant(1, key=4, name="max"))
    for key, (efficacy, stage) in enumerate(zip(efficacies, stages, strict=True), start=1):
        made += [effect(key, 1, efficacy, stage), effect(key, 2, efficacy / 2, "detection")]
    return [*made, refusals(1, refused), refusals(4, refused / 2), *plan(302)]


@given(
    standings=st.tuples(*[st.sampled_from(["done", "idea"])] * 3),
    efficacies=st.tuples(*[st.floats(0.05, 0.95)] * 4),
    stages=st.tuples(*[st.sampled_from(STAGES)] * 4),
    refused=st.floats(0.01, 0.4),
)
@settings(max_examples=40)
def test_that_it_is_what_each_state_comes_to_by_itself(standings, efficacies, stages, refused):
    model = build(inputs_of(records(standings, efficacies, stages, refused)), LAUNCH, PLAN)
    for state in (model.current, model.planned):
        blamed = blame(attributions(model, state), model.coefficients)
        for name in OVERLAPS:
            overlap = overlaps(model.coefficients)[name]
            for place, pair in enumerate(one_by_one(model, state, blamed, overlap)):
                for found, alone in zip(pair, apart(model, state, place), strict=True):
                    wanted = left_in(model, alone, blamed, overlap)
                    assert found.parts == pytest.approx(wanted.parts, rel=1e-9)
                    assert found.refused == pytest.approx(wanted.refused)
                    assert found.refusal_stories == pytest.approx(wanted.refusal_stories)
