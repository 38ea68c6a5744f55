"""A stored plan as its pieces of work, and two of them side by side with what holds today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from launchpad.planning.calendar import HUNDREDTHS, free_on, used_elsewhere, working_days
from launchpad.records import (
    Evaluation,
    Inputs,
    Launch,
    LeftOut,
    Lock,
    MitigationVariant,
    Plan,
    PlanItem,
    PlanWork,
    Standing,
    Team,
)

Key = tuple[str, int]
Day = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Piece:
    """A variant or an evaluation in a plan: its code, its mitigation (row id, None for an evaluation) and its work."""

    code: str
    mitigation: int | None
    item: PlanItem
    works: tuple[PlanWork, ...]

    @property
    def days(self) -> float:
        """Its person-days."""
        return sum(work.days for work in self.works)

    @property
    def teams(self) -> frozenset[int]:
        """The row ids of the teams at work on it."""
        return frozenset(work.team for work in self.works)


def pieces(inputs: Inputs, plan: Plan) -> dict[Key, Piece]:
    """The pieces of a plan, by `mitigation` or `evaluation` with the row id."""
    found: dict[Key, Piece] = {}
    for item in inputs.children(PlanItem, "plan", plan.id):
        works = tuple(sorted(inputs.children(PlanWork, "item", item.id), key=lambda work: (work.start, work.team)))
        if item.variant is not None:
            variant = inputs.get(MitigationVariant, item.variant)
            found["mitigation", variant.mitigation] = Piece(variant.code, variant.mitigation, item, works)
        elif item.evaluation is not None:
            code = inputs.get(Evaluation, item.evaluation).code
            found["evaluation", item.evaluation] = Piece(code, None, item, works)
    return found


@dataclass(frozen=True)
class Two:
    """Two plans of a launch with their pieces; everything else is as the records have it today."""

    inputs: Inputs
    first: Plan
    second: Plan
    before: Mapping[Key, Piece]
    after: Mapping[Key, Piece]

    @cached_property
    def launch(self) -> Launch:
        """The launch of the second plan."""
        return self.inputs.get(Launch, self.second.launch)

    @cached_property
    def last_day(self) -> date:
        """The last day of work: freeze less buffer."""
        return date.fromisoformat(self.launch.freeze_date) - timedelta(days=self.launch.buffer_days)

    @cached_property
    def standing(self) -> Mapping[int, Standing]:
        """How far each variant has come, by its row id."""
        return {row.variant: row for row in self.inputs.rows(Standing, self.launch.id)}

    @cached_property
    def locks(self) -> Mapping[int, tuple[Lock, ...]]:
        """The stored locks on each mitigation."""
        found: dict[int, tuple[Lock, ...]] = {}
        for row in self.inputs.rows(Lock, self.launch.id):
            found[row.mitigation] = (*found.get(row.mitigation, ()), row)
        return found

    @cached_property
    def left_before(self) -> Mapping[int, LeftOut]:
        """What the first plan left out, by mitigation."""
        return {row.mitigation: row for row in self.inputs.children(LeftOut, "plan", self.first.id)}

    @cached_property
    def left_after(self) -> Mapping[int, LeftOut]:
        """What the second plan left out, by mitigation."""
        return {row.mitigation: row for row in self.inputs.children(LeftOut, "plan", self.second.id)}

    @cached_property
    def used_before(self) -> Mapping[Day, float]:
        """Person-days the first plan takes of each team (row id) on each day."""
        used: dict[Day, float] = {}
        for piece in self.before.values():
            for work in piece.works:
                days = self.days_of(work)
                for day in days:
                    used[work.team, day] = used.get((work.team, day), 0.0) + work.days / len(days)
        return used

    @cached_property
    def used_by_others(self) -> Mapping[Day, int]:
        """Hundredths of a person-day that the current plans of other launches take."""
        return used_elsewhere(self.inputs, self.launch)

    def days_of(self, work: PlanWork) -> list[date]:
        """The days on which a team is at work in a stretch."""
        first, last = date.fromisoformat(work.start), date.fromisoformat(work.finish)
        return list(working_days(self.inputs, self.inputs.get(Team, work.team), first, last)) or [first]

    def free(self, team: int, day: date) -> float:
        """Person-days a team has for this launch on a working day."""
        gross = free_on(self.inputs, self.inputs.get(Team, team), day)
        return (gross - self.used_by_others.get((team, day), 0)) / HUNDREDTHS

    def team(self, team: int) -> str:
        """The code of a team."""
        return self.inputs.get(Team, team).code
