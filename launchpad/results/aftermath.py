"""After the launch: predicted against observed by scenario, what monitors saw, and which triggers were reached."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from launchpad import statistics
from launchpad.records import Gate, Incident, Inputs, Launch, Reading, Scenario, Trigger
from launchpad.results.rows import Results
from launchpad.scoring.aftermath import amount_in_words, amounts_of, days_out, reached, watched
from launchpad.scoring.baseline import baseline_of, countable, forebear, last_day
from launchpad.scoring.model import Model, build
from launchpad.scoring.predicted import RateExpected, at_launch, counted, expected_rates, expected_so_far
from launchpad.scoring.through import Through, got_through

CONFIDENCE = 0.9
HIGHER, LOWER, ALIKE = "higher than predicted", "lower than predicted", "as predicted"


@dataclass(frozen=True, slots=True)
class RateRow:
    """What monitors saw of a scenario: `violations` of `opportunities` with its 90 % Wilson interval.

    `predicted`, `predicted_low` and `predicted_high` are the propensity x what the safeguards of the launch leave,
    for a single try, None where the scenario is not scored. `verdict` compares the two intervals: higher, lower or as
    predicted.
    """

    violations: int
    opportunities: int
    observed: float
    low: float
    high: float
    predicted: float | None
    predicted_low: float | None
    predicted_high: float | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class ScenarioAfter:
    """One scenario after the launch: events expected so far against those that came in.

    `code` is its code in the launch that is out, `now` that of the scenario of this launch that goes back to it.
    `expected` (with the 5 and 95 % points of our ignorance of it) and what is judged by it are None where the scenario
    is not scored. `low` and `high` hold at least 90 % of the counts that leaves. `outside` are events before the
    launch or past the horizon. `through` are mitigations meant to stop it that were on in events that came in.
    `set_aside` are readings (as `table address`) that give no rate, each with the reason.
    """

    code: str
    name: str
    now: str | None
    expected: float | None
    expected_low: float | None
    expected_high: float | None
    seen: int
    public: int
    harm: float
    low: int | None
    high: int | None
    chance: float | None
    verdict: str
    outside: int
    through: tuple[Through, ...]
    rate: RateRow | None
    alerts_per_day: float | None
    set_aside: tuple[tuple[str, str], ...]

    @property
    def heard_of(self) -> bool:
        """Whether anything came in about it."""
        return bool(self.seen or self.outside or self.rate or self.alerts_per_day is not None or self.set_aside)


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """A trigger: what it asks in words, the most that any of its windows held, and the day it was first reached.

    What came in up to the day it was `decided_on` is left out of both.
    """

    code: str
    gate: str
    scenario: str
    asks: str
    most: float | None
    decided_on: str | None
    reached_on: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What came in after a launch, and after the launch before it.

    `out` says whether the launch is out or has incidents; `days` of its horizon have begun by `as_of`. Triggers that
    were reached come first. `before` are the scenarios of the baseline launch that go on in this one, over
    `days_before` days; `baseline` is its code, None without one.
    """

    launch: str
    as_of: str
    out: bool
    days: int
    scenarios: tuple[ScenarioAfter, ...]
    triggers: tuple[TriggerRow, ...]
    reopened: tuple[str, ...]
    baseline: str | None
    days_before: int
    before: tuple[ScenarioAfter, ...]

    @property
    def reached(self) -> tuple[TriggerRow, ...]:
        """The triggers that were reached."""
        return tuple(row for row in self.triggers if row.reached_on is not None)


def aftermath(inputs: Inputs, results: Results) -> Aftermath:
    """What was expected after a launch that was scored against what was seen; see `aftermath_of`."""
    return aftermath_of(inputs, results.model)


def aftermath_of(inputs: Inputs, model: Model) -> Aftermath:
    """What was expected after a launch against what was seen, up to its `as of` day and never beyond it.

    Expected is Lambda of the state that held when it went out x the share of the horizon's opportunities that has
    passed. Of the baseline launch the same, up to the same day. Raises ScoringError where the baseline cannot be
    scored.
    """
    launch, as_of = model.launch, model.launch.as_of
    before = baseline_of(inputs, launch)
    triggers = _triggers(inputs, launch)
    return Aftermath(
        launch=launch.code,
        as_of=as_of,
        out=is_out(inputs, launch),
        days=days_out(launch),
        scenarios=_scenarios(inputs, model, as_of),
        triggers=triggers,
        reopened=tuple(sorted({row.gate for row in triggers if row.reached_on is not None})),
        baseline=None if before is None else before.code,
        days_before=0 if before is None else days_out(before, as_of),
        before=() if before is None else _before(inputs, model, before, as_of),
    )


def is_out(inputs: Inputs, launch: Launch) -> bool:
    """Whether a launch is out as of its day, or something was reported of it all the same."""
    if launch.status == "launched" or (launch.status == "open" and launch.launch_date <= launch.as_of):
        return True
    return any(row.happened <= launch.as_of for row in inputs.rows(Incident, launch.id))


def aftermath_json(found: Aftermath) -> dict[str, Any]:
    """The aftermath as plain values; what is unknown is null."""
    plain = dataclasses.asdict(found)
    for name in ("scenarios", "before"):
        for row in plain[name]:
            row["set_aside"] = [{"record": record, "reason": reason} for record, reason in row["set_aside"]]
    return plain


def _scenarios(inputs: Inputs, model: Model, as_of: str) -> tuple[ScenarioAfter, ...]:
    state = at_launch(inputs, model)
    events, rates = expected_so_far(model, state, as_of), expected_rates(model, state)
    found: list[ScenarioAfter] = []
    for index, scenario in enumerate(model.scenarios):
        known = bool(model.scored[index])
        mean, low, high = (float(value) for value in events[:, index])
        expected, rate = ((mean, low, high), rates[index]) if known else (None, None)
        found.append(_scenario(inputs, model.launch, scenario, as_of, expected, rate))
    return tuple(found)


def _before(inputs: Inputs, model: Model, before: Launch, as_of: str) -> tuple[ScenarioAfter, ...]:
    """The scenarios of the launch before that scenarios of this one go back to, each with the code it has now."""
    earlier = {row.code: row for row in _scenarios(inputs, build(inputs, before.id), as_of)}
    found: list[ScenarioAfter] = []
    for scenario in model.scenarios:
        source = forebear(inputs, before, scenario)
        if source is not None:
            found.append(dataclasses.replace(earlier[source.code], now=scenario.code))
    return tuple(found)


def _scenario(
    inputs: Inputs,
    launch: Launch,
    scenario: Scenario,
    as_of: str,
    expected: tuple[float, float, float] | None,
    rate: RateExpected | None,
) -> ScenarioAfter:
    inside, outside = counted(inputs, launch, scenario, as_of)
    mean, *ends = expected or (0.0, 0.0, 0.0)
    told = watched(scenario.code, mean, inside, (ends[0], ends[1]))
    readings, set_aside = countable(inputs, launch, scenario, as_of)
    known = expected is not None
    return ScenarioAfter(
        code=scenario.code,
        name=scenario.name,
        now=None,
        expected=mean if known else None,
        expected_low=ends[0] if known else None,
        expected_high=ends[1] if known else None,
        seen=told.seen,
        public=told.public,
        harm=told.harm,
        low=told.low if known else None,
        high=told.high if known else None,
        chance=told.chance if known else None,
        verdict=told.verdict if known else "not scored",
        outside=sum(row.events for row in outside),
        through=got_through(inputs, launch, scenario, [*inside, *outside]),
        rate=_rate(readings, rate),
        alerts_per_day=_alerts(inputs, launch, scenario, as_of),
        set_aside=tuple(set_aside),
    )


def _rate(readings: Sequence[Reading], expected: RateExpected | None) -> RateRow | None:
    if not readings:
        return None
    seen = sum(row.violations or 0 for row in readings)
    of = sum(row.opportunities or 0 for row in readings)
    low, high = statistics.wilson(float(seen), float(of), CONFIDENCE)
    verdict = None
    if expected is not None:
        above, below = low > expected.high, high < expected.low
        verdict = HIGHER if above else LOWER if below else ALIKE
    return RateRow(
        violations=seen,
        opportunities=of,
        observed=seen / of,
        low=low,
        high=high,
        predicted=None if expected is None else expected.mean,
        predicted_low=None if expected is None else expected.low,
        predicted_high=None if expected is None else expected.high,
        verdict=verdict,
    )


def _alerts(inputs: Inputs, launch: Launch, scenario: Scenario, as_of: str) -> float | None:
    """Alerts a day over the days of the readings that count them; None without any."""
    rows = [
        row
        for row in inputs.children(Reading, "scenario", scenario.id)
        if row.launch == launch.id and row.alerts is not None and last_day(row) <= as_of
    ]
    return sum(row.alerts or 0 for row in rows) / sum(row.days for row in rows) if rows else None


def _triggers(inputs: Inputs, launch: Launch) -> tuple[TriggerRow, ...]:
    """Every trigger of a launch, those reached first, each group in the order of codes."""
    opened = {one.trigger: one for one in reached(inputs, launch)}
    found: list[TriggerRow] = []
    for row in inputs.rows(Trigger, launch.id):
        one = opened.get(row.code)
        amounts = [amount for _, amount in amounts_of(inputs, launch, row)]
        asks = amount_in_words(row.measure, row.threshold, row.window_days)
        found.append(
            TriggerRow(
                code=row.code,
                gate=inputs.get(Gate, row.gate).code,
                scenario=inputs.get(Scenario, row.scenario).code,
                asks=asks,
                most=max(amounts, default=None),
                decided_on=row.decided_on,
                reached_on=None if one is None else one.on,
                words=f"{row.code} opens {inputs.get(Gate, row.gate).code} at {asks}" if one is None else one.words,
            )
        )
    return tuple(sorted(found, key=lambda row: (row.reached_on is None, row.code)))
