"""What the overview shows: residual risk by state, gates, first actions, warnings, what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from launchpad.changes import Edit
from launchpad.gui.workplan.numbers import code_of, items, name_of, work_of
from launchpad.records import Incident, Inputs, Launch, Plan, PlanItem, Reading, Standing, Team

if TYPE_CHECKING:
    from launchpad.results import Results
    from launchpad.results.aftermath import ScenarioAfter

State = Literal["inherent", "current", "planned"]
STATES: tuple[State, ...] = ("inherent", "current", "planned")
GOOD = frozenset({"met", "ruled out"})
BAD = frozenset({"not met", "reached"})
FINISHED = frozenset({"done", "in_place", "dropped"})


@dataclass(frozen=True)
class Level:
    """The risk left in one state: at the usual overlap, and if safeguards failed apart or all together.

    Together is mostly the higher end, not always (docs/method.md): what is drawn is the `span`.
    """

    state: State
    value: float
    apart: float | None = None
    together: float | None = None

    @property
    def span(self) -> tuple[float, float] | None:
        """The lower and the higher end; None where overlap plays no part."""
        if self.apart is None or self.together is None:
            return None
        from launchpad.scoring.mitigations import band

        return band(self.apart, self.value, self.together)


def technical(results: Results) -> list[Level]:
    """Technical risk left in each state, summed over scenarios that are not catastrophic."""
    levels: list[Level] = []
    for state in STATES:
        found = [
            row.states[state] for row in results.scenarios if not row.catastrophic and row.states.get(state) is not None
        ]
        overlaps = [overlap for overlap in found if overlap is not None]
        if overlaps:
            levels.append(
                Level(
                    state,
                    sum(overlap.beta for overlap in overlaps),
                    sum(overlap.independent for overlap in overlaps),
                    sum(overlap.comonotone for overlap in overlaps),
                )
            )
    return levels


def reputational(results: Results) -> list[Level]:
    """Reputational risk left in each state."""
    levels: list[Level] = []
    for state in STATES:
        total = results.totals.get(state)
        if total is not None:
            levels.append(Level(state, total.reputational))
    return levels


def limit(results: Results) -> float | None:
    """The tightest limit set on the technical loss of the whole launch."""
    limits = [row.limit for row in results.tolerances if row.measure == "technical"]
    return min(limits, default=None)


def cut(levels: Sequence[Level]) -> float | None:
    """The share of today's risk that the plan takes away; None without a plan or without risk."""
    values = {level.state: level.value for level in levels}
    now, then = values.get("current"), values.get("planned")
    return None if now is None or then is None or now <= 0 else 1 - then / now


def verdict_counts(results: Results) -> tuple[int, int, int]:
    """How many gates are met, unsettled, and not met."""
    found = Counter(
        "good" if gate.verdict in GOOD else "bad" if gate.verdict in BAD else "open" for gate in results.gates
    )
    return found["good"], found["open"], found["bad"]


@dataclass(frozen=True)
class Action:
    """One thing the plan says to do: its place, what it is, who does it, and when."""

    item: PlanItem
    rank: int | None
    name: str
    who: str
    status: str


def first_actions(inputs: Inputs, plan: Plan, most: int) -> list[Action]:
    """The first things of a plan that are neither done nor dropped, in order of priority."""
    found: list[Action] = []
    for item in items(inputs, plan):
        status = _status(inputs, item)
        if status in FINISHED:
            continue
        teams = dict.fromkeys(inputs.get(Team, work.team).code for work in work_of(inputs, item))
        title = f"{code_of(inputs, item)}  {name_of(inputs, item)}"
        found.append(Action(item, item.rank, title, ", ".join(teams), status))
        if len(found) == most:
            break
    return found


def _status(inputs: Inputs, item: PlanItem) -> str:
    if item.variant is None:
        return "planned"
    standings = inputs.children(Standing, "variant", item.variant)
    return next((row.status for row in standings if row.launch == item.launch), "idea")


AS_EXPECTED = frozenset({"as expected", "too early to say"})


def has_aftermath(inputs: Inputs, launch: Launch) -> bool:
    """Whether there is an aftermath to show: the launch is out, or something came in about it or the one before."""
    from launchpad.results.aftermath import is_out

    known = [one for one in (launch.id, launch.baseline) if one is not None]
    told = any(inputs.rows(record, one) for one in known for record in (Incident, Reading))
    return told or is_out(inputs, launch)


def surprising(rows: Iterable[ScenarioAfter]) -> list[ScenarioAfter]:
    """The scenarios with more reports than predicted or none predicted, or another rate in monitoring: worst first.

    Fewer reports surprise nobody: reports are a lower bound.
    """
    odd = [
        row
        for row in rows
        if row.verdict == "more than expected"
        or (row.verdict == "not scored" and row.heard_of)
        or (row.rate is not None and row.rate.verdict not in (None, "as predicted"))
    ]
    more = {"more than expected": 0, "not scored": 1}
    return sorted(odd, key=lambda row: (more.get(row.verdict, 2), row.chance or 0.0, row.code))


@dataclass(frozen=True)
class News:
    """Edits that came since a person last looked: how many, by whom, and the newest labels."""

    count: int
    authors: tuple[str, ...]
    newest: tuple[Edit, ...]


def news(edits: Iterable[tuple[int, Edit]], most: int) -> News:
    """What is new, newest first."""
    found = [edit for _, edit in edits][::-1]
    return News(len(found), tuple(dict.fromkeys(edit.author for edit in found)), tuple(found[:most]))
