"""The three overlaps as a span: in order wherever the law holds, right way up where 1 / M(on) turns them round."""

import random

import pytest

from launchpad.results import compute
from launchpad.scoring.mitigations import band
from tests.builders import LAUNCH, effect, grounds, inputs_of, link, mitigation, result, scenario

NAMES = ("independent", "beta", "comonotone")
ROUNDING = 1 + 1e-12


def states_of(stops, on, standing, stages=("propensity", "detection")):
    """(inherent, current) as (independent, beta, comonotone) of a scenario with these efficacies; `on` in evidence."""
    rows = []
    for number, stop in enumerate(stops, start=1):
        rows += mitigation(number, family=f"f{number % 2}", standing="done" if number in standing else "idea")
        rows.append(effect(number, 1, stop, stage=stages[number % len(stages)]))
    words = ", ".join(f"M-{number:03d}.std" for number in sorted(on)) or "none"
    rows += [result(1, 3, 3000, in_place=words), link(1, 1)]
    found = compute(inputs_of([*grounds(), *scenario(1, propensity=None), *rows]), LAUNCH, draws=0).scenarios[0]
    return [tuple(getattr(found.states[name], each) for each in NAMES) for name in ("inherent", "current")]


def test_that_two_filters_in_the_evidence_turn_the_inherent_ends_round_by_hand():
    inherent, current = states_of([0.8, 0.8], {1, 2}, {1, 2}, stages=("propensity",))
    rate = 3.5 / 3001
    harm = 10 * 90 * 0.5 * 0.5 * 2
    assert (inherent[0], inherent[2]) == pytest.approx((harm * rate / 0.04, harm * rate / 0.2))
    assert inherent[0] > inherent[1] > inherent[2]
    assert current == pytest.approx((harm * rate,) * 3)
    assert band(*inherent) == (inherent[2], inherent[0])


def test_that_the_three_keep_their_order_where_nothing_of_the_evidence_was_taken_away():
    drawn = random.Random(4)
    for _ in range(150):
        stops = [drawn.random() for _ in range(drawn.randint(1, 5))]
        on = {number for number in range(1, len(stops) + 1) if drawn.random() < 0.4}
        more = on | {number for number in range(1, len(stops) + 1) if drawn.random() < 0.5}
        inherent, current = states_of(stops, on, set(), stages=("propensity",))
        assert inherent == current
        if not on:
            for three in states_of(stops, on, more):
                assert three[0] <= three[1] * ROUNDING
                assert three[1] <= three[2] * ROUNDING


def test_that_a_band_is_the_right_way_up_and_holds_all_three_whatever_was_on():
    drawn = random.Random(5)
    turned = 0
    for _ in range(300):
        stops = [drawn.choice((0.0, 1.0, drawn.random(), drawn.random())) for _ in range(drawn.randint(1, 5))]
        on, standing = ({n for n in range(1, len(stops) + 1) if drawn.random() < 0.6} for _ in range(2))
        for three in states_of(stops, on, standing):
            low, high = band(*three)
            assert low <= min(three)
            assert max(three) <= high
            turned += three[0] > three[2] * ROUNDING
    assert turned > 20
