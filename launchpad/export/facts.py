"""What every page of a workbook is made from: one launch, its results, its plan, and where they came from."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from launchpad.errors import ExportError
from launchpad.export.handling import called, evaluation_name, evaluation_withheld
from launchpad.records import (
    Effect,
    Evaluation,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Person,
    Plan,
    PlanItem,
    PlanWork,
    ProjectInfo,
    Scenario,
    Standing,
    Team,
)
from launchpad.records.links import STANDINGS
from launchpad.results import Results

NAMED_SCENARIOS = 3


@dataclass(frozen=True)
class Task:
    """What a plan item is in words: a variant of a mitigation with its standing, or an evaluation."""

    item: PlanItem
    code: str
    name: str
    variant: str
    status: str
    owner: str
    note: str
    lowers: str
    standing: Standing | None = None

    @property
    def started(self) -> str | None:
        """The day the work began, where somebody said so."""
        return self.standing and self.standing.started

    @property
    def finished(self) -> str | None:
        """The day the work ended, where somebody said so."""
        return self.standing and self.standing.finished


@dataclass(frozen=True)
class Facts:
    """One launch as it is exported; `made` is when, in UTC; `imported` when each result (row id) came in."""

    inputs: Inputs
    launch: Launch
    results: Results
    plan: Plan | None
    made: datetime
    imported: Mapping[int, str]

    @functools.cached_property
    def project(self) -> str:
        """What people call the project."""
        return next((row.name for row in self.inputs.rows(ProjectInfo)), "")

    @functools.cached_property
    def harm_unit(self) -> str:
        """What one unit of harm means in this project."""
        return next((row.harm_unit for row in self.inputs.rows(ProjectInfo)), "")

    @functools.cached_property
    def barred(self) -> frozenset[int]:
        """The evaluations (row ids) whose names are withheld."""
        inputs = self.inputs
        return frozenset(row.id for row in inputs.rows(Evaluation) if evaluation_withheld(inputs, row))

    @functools.cached_property
    def tasks(self) -> tuple[Task, ...]:
        """What the plan does, first things first; empty without a plan."""
        if self.plan is None:
            return ()
        items = self.inputs.children(PlanItem, "plan", self.plan.id)
        ordered = sorted(items, key=lambda item: (item.rank is None, item.rank or 0, item.start, item.id))
        return tuple(self._task(item) for item in ordered)

    @functools.cached_property
    def teams(self) -> tuple[Team, ...]:
        """The teams of the project in the order of their codes."""
        return self.inputs.rows(Team)

    def work(self, item: PlanItem) -> tuple[PlanWork, ...]:
        """The stretches of work on an item, earliest first."""
        return tuple(sorted(self.inputs.children(PlanWork, "item", item.id), key=lambda row: (row.start, row.id)))

    def effort(self, item: PlanItem) -> float:
        """The person-days of all teams on an item."""
        return sum(row.days for row in self.work(item))

    def teams_of(self, item: PlanItem) -> str:
        """The names of the teams that work on an item, in the order in which they begin."""
        return "; ".join(dict.fromkeys(self.inputs.get(Team, row.team).name for row in self.work(item)))

    def work_of(self, team: Team) -> list[tuple[Task, PlanWork]]:
        """One team's stretches of work with what they are for, in order of priority."""
        return [(task, row) for task in self.tasks for row in self.work(task.item) if row.team == team.id]

    def person(self, row_id: int | None) -> str:
        """The name of a person, or the code where the name was removed; empty for nobody."""
        if row_id is None:
            return ""
        person = self.inputs.get(Person, row_id)
        return self.inputs.text(person.name) or person.code

    def _task(self, item: PlanItem) -> Task:
        if item.evaluation is not None:
            return self._evaluation_task(item, item.evaluation)
        if item.variant is None:
            raise ExportError(
                f"An item of plan {self.inputs.part(item, 'plan')} is neither a variant nor an evaluation.",
                "Run `launchpad check` on the project, or make the plan anew.",
            )
        variant = self.inputs.get(MitigationVariant, item.variant)
        mitigation = self.inputs.get(Mitigation, variant.mitigation)
        standing = next((row for row in self.standings if row.variant == variant.id), None)
        return Task(
            item,
            variant.code,
            mitigation.name,
            variant.name,
            STANDINGS["idea" if standing is None else standing.status],
            self.person(mitigation.owner),
            (standing.note if standing else None) or "",
            self._lowers(variant),
            standing,
        )

    def _evaluation_task(self, item: PlanItem, evaluation_id: int) -> Task:
        evaluation = self.inputs.get(Evaluation, evaluation_id)
        return Task(
            item,
            evaluation.code,
            evaluation_name(self.inputs, evaluation),
            "evaluation",
            STANDINGS["planned"],
            "",
            "",
            "",
        )

    @functools.cached_property
    def standings(self) -> tuple[Standing, ...]:
        """How far each variant has come in this launch."""
        return self.inputs.rows(Standing, self.launch.id)

    def _lowers(self, variant: MitigationVariant) -> str:
        """The scenarios a variant acts on: the first by name, the rest by code; names withheld stay out."""
        effects = self.inputs.children(Effect, "variant", variant.id)
        ids = {effect.scenario for effect in effects if effect.launch == self.launch.id}
        scenarios = sorted((self.inputs.get(Scenario, row_id) for row_id in ids), key=lambda row: row.code)
        named = [called(self.inputs, row) for row in scenarios[:NAMED_SCENARIOS]]
        return "; ".join(named + [row.code for row in scenarios[NAMED_SCENARIOS:]])


def day(iso: str | None) -> date | str | None:
    """A stored day as a date; words that are none stay words."""
    if iso is None:
        return None
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return iso


def at(moment: datetime) -> str:
    """A moment in words a person reads: `2026-11-24 08:15 UTC`."""
    return moment.strftime("%Y-%m-%d %H:%M UTC")
