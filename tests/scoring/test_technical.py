import numpy as np
import pytest

from launchpad.records import Estimate
from launchpad.results import compute
from launchpad.scoring.estimates import at, mean, partial_moment, spread
from launchpad.scoring.model import build
from launchpad.scoring.simulation import draw_scenario
from launchpad.scoring.streams import normals, stream
from launchpad.scoring.technical import chance_events, exceedance, losses, probability_above, shared, tail
from tests.builders import LAUNCH, certain, effect, grounds, inputs_of, link, mitigation, result, scenario, tolerance

HARM = spread(Estimate(2.0, 10.0, 50.0), "log", 0.0)
DRAWS = 20_000


def lost(events, harm=HARM, code="R-1", draws=DRAWS):
    return losses(np.full(draws, float(events)), harm, chance_events(1, code, draws, 50))


@pytest.mark.parametrize("events", [0.3, 10.0, 50.0, 60.0, 2e3, 3e7])
@pytest.mark.parametrize("points", [(2.0, 10.0, 50.0), (2.0, 4.0, 50.0), (0.0, 4.0, 50.0), (3.0, 3.0, 3.0)])
def test_that_losses_have_the_mean_and_variance_of_a_compound_poisson_sum(events, points):
    harm = spread(Estimate(*points), "log", 0.0)
    found = lost(events, harm, draws=40_000)
    variance = events * float(partial_moment(harm, 2, np.array([12.0]))[0])
    assert found.mean() == pytest.approx(events * mean(harm), abs=5 * np.sqrt(variance / found.size))
    assert found.std() == pytest.approx(np.sqrt(variance), rel=0.25)


def test_that_the_worst_drawn_singly_and_the_rest_together_agree_with_all_drawn_singly():
    rng = np.random.default_rng(2)
    count = rng.poisson(300, 3 * DRAWS)
    singly = np.bincount(
        np.repeat(np.arange(count.size), count),
        weights=at(HARM, rng.standard_normal(count.sum())),
        minlength=count.size,
    )
    found = lost(300, draws=count.size)
    for share in (0.05, 0.5, 0.95, 0.99):
        assert np.quantile(found, share) == pytest.approx(np.quantile(singly, share), rel=0.01)


def test_that_fewer_events_never_lose_more_in_any_draw_while_all_are_drawn_singly():
    chance = chance_events(1, "R-1", 2000, 50)
    many, few = (losses(np.full(2000, events), HARM, chance) for events in (40.0, 30.0))
    assert bool(np.all(few <= many))


def test_that_no_events_lose_nothing():
    assert not lost(0.0).any()
    assert lost(0.0, draws=0).size == 0


def test_that_tails_agree_with_a_normal_sample_within_their_errors():
    sample = normals(1, "a", "b", 100_000)
    found = tail(sample)
    assert found.var95 == pytest.approx(1.645, abs=4 * found.var95_error)
    assert found.cvar95 == pytest.approx(2.063, abs=4 * found.cvar95_error)
    assert 0 < found.var95_error < 0.02


def test_that_the_chance_of_passing_a_limit_comes_with_its_error():
    assert probability_above(np.array([0.0, 1.0, 2.0, 3.0]), 1.0) == pytest.approx((0.5, 0.25))


def test_that_the_curve_falls_and_passes_through_the_tail():
    loss = lost(3.0)
    curve = exceedance(loss)
    assert bool(np.all(np.diff(curve.loss) >= 0))
    assert bool(np.all(np.diff(curve.probability) < 0))
    assert np.interp(0.05, curve.probability[::-1], curve.loss[::-1]) == pytest.approx(tail(loss).var95, rel=0.05)


def test_that_a_stream_belongs_to_seed_code_and_parameter():
    first = normals(1, "R-1", "h", 10)
    assert bool(np.all(first == normals(1, "R-1", "h", 10)))
    others = [normals(2, "R-1", "h", 10), normals(1, "R-2", "h", 10), normals(1, "R-1", "u", 10)]
    assert all(bool(np.all(first != other)) for other in others)
    assert stream(1, "R-1", "h").random(5).tolist() == stream(1, "R-1", "h").random(5).tolist()


def test_that_more_draws_of_a_parameter_go_on_from_fewer():
    assert normals(1, "R-1", "h", 7).tolist() == normals(1, "R-1", "h", 100)[:7].tolist()


def test_that_deviates_are_standard_normal_and_of_two_halves_that_know_nothing_of_each_other():
    found = normals(1, "R-1", "h", 200_000)
    moments = [float(np.mean(found**power)) for power in (1, 2, 3, 4)]
    assert moments == pytest.approx([0, 1, 0, 3], abs=0.04)
    assert float(np.mean(found > 2.3263)) == pytest.approx(0.01, abs=0.001)
    assert abs(float(np.corrcoef(found[0::2], found[1::2])[0, 1])) < 0.01


def test_that_a_shared_factor_correlates_as_asked():
    common = normals(1, "cyber", "c", DRAWS)
    first, second = (shared(normals(1, code, "own", DRAWS), common, 0.5) for code in ("R-1", "R-2"))
    assert float(np.mean(first * second)) == pytest.approx(0.5, abs=0.03)


def two_of_one_capability(area):
    uncertain = {"propensity": Estimate(0.02, 0.1, 0.4), "risk_area": area}
    model = build(inputs_of([*grounds(), *scenario(1, **uncertain), *scenario(2, **uncertain)]), LAUNCH)
    return [draw_scenario(model, index, DRAWS, 1)["current"].expected for index in range(2)]


def test_that_scenarios_that_share_a_capability_rise_and_fall_together_with_unchanged_margins():
    apart, together = two_of_one_capability(3), two_of_one_capability(5)
    assert abs(float(np.corrcoef(np.log(apart))[0, 1])) < 0.05
    assert float(np.corrcoef(np.log(together))[0, 1]) == pytest.approx(0.5, abs=0.05)
    assert np.quantile(together[0], [0.05, 0.5, 0.95]) == pytest.approx(
        np.quantile(apart[0], [0.05, 0.5, 0.95]), rel=0.06
    )


def uncertain_launch():
    return [
        *grounds(),
        *scenario(
            1,
            opportunities=Estimate(5.0, 20.0, 80.0),
            propensity=Estimate(0.05, 0.1, 0.2),
            harm_units=Estimate(2.0, 10.0, 50.0),
            realised=Estimate(0.1, 0.3, 0.5),
            net_new=Estimate(0.2, 0.5, 0.9),
        ),
        *mitigation(1, family="f", standing="done"),
        effect(1, 1, Estimate(0.2, 0.5, 0.7), coverage=Estimate(0.6, 0.8, 0.95)),
        *mitigation(2, family="g", standing="done"),
        effect(2, 1, Estimate(0.1, 0.3, 0.6), stage="exposure"),
    ]


def test_that_the_closed_form_mean_agrees_with_draws():
    found = compute(inputs_of(uncertain_launch()), LAUNCH, draws=40_000)
    model, row = found.model, found.scenarios[0]
    drawn = draw_scenario(model, 0, 40_000, 1)["current"]
    assert row.technical is not None
    error = float(drawn.expected.std()) / np.sqrt(40_000)
    assert row.technical.mean == pytest.approx(float(drawn.expected.mean()), abs=4 * error)
    assert float(drawn.loss.mean()) == pytest.approx(row.technical.mean, rel=0.03)


def test_that_the_efficacy_of_a_severity_stage_shrinks_losses_and_not_events():
    plain = compute(inputs_of([*grounds(), *scenario(1)]), LAUNCH, draws=200).scenarios[0].technical
    milder = [*mitigation(1, standing="done"), effect(1, 1, 0.75, stage="severity")]
    found = compute(inputs_of([*grounds(), *scenario(1), *milder]), LAUNCH, draws=200).scenarios[0].technical
    assert plain is not None
    assert found is not None
    assert found.events == pytest.approx(plain.events)
    assert found.mean == pytest.approx(plain.mean / 4)


def test_that_a_catastrophic_scenario_is_held_against_a_limit_on_its_events():
    rare = scenario(1, catastrophic=True, opportunities=Estimate(0.001, 0.01, 0.1), propensity=certain(0.01))
    limits = [
        tolerance("events", 0.01, scenario=101, probability=0.1),
        tolerance("events", 1.0, id=9101, code="TOL-2", scenario=101),
    ]
    found = compute(inputs_of([*grounds(), *rare, *limits]), LAUNCH, draws=2000)
    row = found.scenarios[0].technical
    assert row is not None
    assert row.limit == 0.01
    assert row.p_exceeds is not None
    assert 0 < row.p_exceeds < 1
    chance, amount = found.tolerances
    assert chance.current == row.p_exceeds
    assert amount.current == pytest.approx(row.events)
    assert amount.within


def test_that_each_limit_of_one_scenario_has_a_chance_of_its_own():
    limits = [
        tolerance("technical", limit, id=9100 + place, code=f"TOL-{place}", scenario=101, probability=0.05)
        for place, limit in enumerate((10.0, 100.0))
    ]
    found = compute(inputs_of([*grounds(), *scenario(1), *limits]), LAUNCH, draws=2000)
    low, high = (row.current for row in found.tolerances)
    assert low is not None
    assert high is not None
    assert low > high


def test_that_inherent_and_reconstructed_rates_never_pass_one():
    safeguard = [
        *mitigation(1, standing="in_place"),
        effect(1, 1, 0.99),
        result(1, 280, 300, in_place="M-001.std"),
        link(1, 1),
    ]
    model = build(inputs_of([*grounds(), *scenario(1, propensity=None), *safeguard]), LAUNCH)
    drawn = draw_scenario(model, 0, 500, 1)["inherent"]
    most = model.opportunities[0] * model.realised[0] * model.net_new[0]
    assert drawn.events.max() == pytest.approx(most)
