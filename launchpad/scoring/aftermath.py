"""After the launch: what was expected against what was seen, and which triggers open which gates again."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scipy import special

from launchpad.records import Gate, Incident, Inputs, Launch, Reading, Scenario, Trigger
from launchpad.scoring.baseline import last_day
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.gates import CANNOT_RULE_OUT, GOOD, INCONCLUSIVE, Verdict, judge
from launchpad.scoring.states import stated_on
from launchpad.scoring.why import ModelWarning, named

_special: Any = special  # ships no types
SURPRISING = 0.05


@dataclass(frozen=True, slots=True)
class Watched:
    """One scenario over the days since the launch: expected and seen events.

    `low` and `high` hold at least 90 % of the counts that the expectation allows, from the low end of our ignorance of
    it to the high end; `chance` is that of a count at least as far out on its side, at the end that favours it;
    `verdict` is "as expected", "more than expected", "fewer than expected" or "too early to say". Reported incidents
    are a lower bound: fewer may also mean that nobody reports them.
    """

    scenario: str
    expected: float
    seen: int
    public: int
    harm: float
    low: int
    high: int
    chance: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A trigger that was reached: its gate is open again until a person decides."""

    trigger: str
    gate: str
    scenario: str
    measure: str
    amount: float
    threshold: float
    window_days: int
    on: str

    @property
    def words(self) -> str:
        """What reached it, and when: `TR-1: 3 incidents in 7 days, on 2027-02-10`."""
        return f"{self.trigger}: {amount_in_words(self.measure, self.amount, self.window_days)}, on {self.on}"


def amount_in_words(measure: str, amount: float, window_days: int) -> str:
    """What a trigger counts, in words: `3 incidents in 7 days`."""
    days = "1 day" if window_days == 1 else f"{window_days} days"
    many = "" if amount == 1 else "s"
    said = {
        "incidents": f"{amount:g} incident{many} in {days}",
        "public_incidents": f"{amount:g} public incident{many} in {days}",
        "harm": f"{amount:.4g} harm unit{many} in {days}",
        "rate": f"{100 * amount:.3g} % of the opportunities seen in {days}",
        "alerts": f"{amount:.4g} alert{many} a day over {days}",
    }
    return said[measure]


def verdicts(inputs: Inputs, launch: Launch, coefficients: Coefficients) -> dict[Gate, Verdict]:
    """The verdict on each gate of a launch, in the order of their codes: as judged, or reopened by a trigger.

    The one place where verdicts are told; screens, answers, exports and plans read them from here.
    """
    opened = reached(inputs, launch)
    gates = sorted(inputs.rows(Gate, launch.id), key=lambda row: row.code)
    return {
        gate: reopened(judge(inputs, launch, gate, coefficients), [one for one in opened if one.gate == gate.code])
        for gate in gates
    }


def reopened(verdict: Verdict, by: Sequence[Reached]) -> Verdict:
    """A verdict with the triggers that opened its gate again: what was settled well is inconclusive until a decision.

    A gate that is not met, or a capability that is reached, stays so.
    """
    if not by:
        return verdict
    why = f"Reopened by {'; '.join(one.words for one in by)}."
    word = verdict.verdict
    if verdict.verdict in GOOD:
        word = CANNOT_RULE_OUT if verdict.kind == "capability" else INCONCLUSIVE
    return dataclasses.replace(
        verdict,
        verdict=word,
        reason=f"{why} The results alone say {verdict.verdict}: {verdict.reason}",
        n_needed=None,
        warnings=(*verdict.warnings, ModelWarning(f"gate {verdict.code}", "", why)),
    )


def watched(
    scenario: str, expected: float, incidents: Sequence[Incident], ends: tuple[float, float] | None = None
) -> Watched:
    """Predicted against observed: the events expected so far, Poisson, against those that came in.

    `ends` are the 5 and 95 % points of our ignorance of the expectation; without them it is taken as exact.
    """
    least, most = ends or (expected, expected)
    seen = sum(row.events for row in incidents)
    low, high = poisson_range(least)[0], poisson_range(most)[1]
    few = float(_special.pdtr(seen, least)) if least > 0 else 1.0
    many = float(_special.pdtrc(seen - 1, most)) if seen > 0 and most > 0 else float(seen == 0)
    chance = min(few, many)
    if chance >= SURPRISING:
        verdict = "as expected" if expected >= 1 or seen else "too early to say"
    else:
        verdict = "more than expected" if many < few else "fewer than expected"
    return Watched(
        scenario=scenario,
        expected=expected,
        seen=seen,
        public=sum(row.events for row in incidents if row.public),
        harm=sum(row.harm or 0.0 for row in incidents),
        low=low,
        high=high,
        chance=chance,
        verdict=verdict,
    )


def poisson_range(mean: float) -> tuple[int, int]:
    """The counts between which at least 90 % of a Poisson variable lies, 5 % at most beyond either end."""
    if mean <= 0:
        return 0, 0
    guess = int(_special.pdtrik(0.05, mean)) if mean > 3 else 0
    low = max(0, guess)
    while low > 0 and float(_special.pdtr(low - 1, mean)) > 0.05:
        low -= 1
    while float(_special.pdtr(low, mean)) < 0.05:
        low += 1
    high = max(low, int(_special.pdtrik(0.95, mean)))
    while float(_special.pdtr(high, mean)) < 0.95:
        high += 1
    return low, high


def days_out(launch: Launch, as_of: str | None = None) -> int:
    """How many days of the horizon have begun by a day, that day included; 0 before the launch goes out.

    Without a day the launch's own `as of`. It counts in full because what happened on it counts.
    """
    return min(days_since(launch.launch_date, as_of or launch.as_of), launch.horizon_days)


def days_since(launch_date: str, as_of: str) -> int:
    """The days from a launch to a later day, both included; 0 where that day is before it."""
    return max(0, (date.fromisoformat(as_of) - date.fromisoformat(launch_date)).days + 1)


def reached(inputs: Inputs, launch: Launch) -> tuple[Reached, ...]:
    """The triggers of a launch whose threshold was reached within their window, with the first day it was.

    What came in up to the day a trigger was decided on counts no more: without anything later its gate is as judged.
    """
    found: list[Reached] = []
    for trigger in sorted(inputs.rows(Trigger, launch.id), key=lambda row: row.code):
        amounts = amounts_of(inputs, launch, trigger)
        first = next(((day, amount) for day, amount in amounts if amount >= trigger.threshold and amount > 0), None)
        if first is not None:
            found.append(_reached(inputs, trigger, first[1], first[0]))
    return tuple(found)


def amounts_of(inputs: Inputs, launch: Launch, trigger: Trigger) -> list[tuple[str, float]]:
    """What a trigger watches over the window that ends on each day on which something came in, by day."""
    marks = _amounts(inputs, launch, trigger)
    found: list[tuple[str, float]] = []
    for day in sorted({day for day, _ in marks}):
        start = (date.fromisoformat(day) - timedelta(days=trigger.window_days - 1)).isoformat()
        amount = _within([one for when, one in marks if start <= when <= day], trigger.measure)
        if amount is not None:
            found.append((day, amount))
    return found


def odd_incidents(inputs: Inputs, launch: Launch) -> tuple[ModelWarning, ...]:
    """What is odd about incidents and readings of a launch.

    Incidents before it went out are held against no prediction; what was on may be called by codes there are not.
    """
    message = "It happened before the launch: no prediction is held against it."
    early = [row for row in inputs.rows(Incident, launch.id) if row.happened < launch.launch_date]
    found = [ModelWarning(named(inputs, row), "happened", message) for row in early]
    for row in (*inputs.rows(Incident, launch.id), *inputs.rows(Reading, launch.id)):
        found.extend(stated_on(inputs, row.in_place, named(inputs, row))[1])
    return tuple(found)


def _reached(inputs: Inputs, trigger: Trigger, amount: float, day: str) -> Reached:
    gate, scenario = inputs.get(Gate, trigger.gate), inputs.get(Scenario, trigger.scenario)
    return Reached(
        trigger=trigger.code,
        gate=gate.code,
        scenario=scenario.code,
        measure=trigger.measure,
        amount=amount,
        threshold=trigger.threshold,
        window_days=trigger.window_days,
        on=day,
    )


def _amounts(inputs: Inputs, launch: Launch, trigger: Trigger) -> list[tuple[str, tuple[float, float]]]:
    """What counts towards a trigger, as (day, (amount, of how many)), by day.

    It came in by the launch's `as of` day and after the day that was decided on; a reading does on its last day.
    """
    settled = trigger.decided_on or ""
    if trigger.measure in ("rate", "alerts"):
        marks = [
            (last_day(row), _reading(row, trigger.measure))
            for row in inputs.rows(Reading, launch.id)
            if row.scenario == trigger.scenario
        ]
    else:
        marks = [
            (row.happened, (_incident(row, trigger.measure), 1.0))
            for row in inputs.rows(Incident, launch.id)
            if row.scenario == trigger.scenario
        ]
    return sorted((day, amount) for day, amount in marks if amount is not None and settled < day <= launch.as_of)


def _incident(row: Incident, measure: str) -> float:
    if measure == "harm":
        return row.harm or 0.0
    return float(row.events) if measure == "incidents" or row.public else 0.0


def _reading(row: Reading, measure: str) -> tuple[float, float] | None:
    if measure == "alerts":
        return None if row.alerts is None else (float(row.alerts), float(row.days))
    if row.violations is None or not row.opportunities:
        return None
    return float(row.violations), float(row.opportunities)


def _within(marks: Sequence[tuple[float, float]], measure: str) -> float | None:
    total = sum(amount for amount, _ in marks)
    if measure not in ("rate", "alerts"):
        return total
    of = sum(base for _, base in marks)
    return total / of if of > 0 else None
