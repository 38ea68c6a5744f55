"""Launches to plan, from records alone, and a checker that reads a plan against them by dates and person-days."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count
from types import MappingProxyType
from typing import Any, TypeVar

from launchpad.edits.plans import PlanFound
from launchpad.records import (
    RECORDS,
    Capacity,
    DayOff,
    Dependency,
    Effect,
    Effort,
    Estimate,
    EvalResult,
    Evaluation,
    EvaluationEffort,
    EvidenceLink,
    ExclusionGroup,
    ExclusionMember,
    Exposure,
    Gate,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Publicity,
    Record,
    RiskArea,
    Scenario,
    Severity,
    SideEffect,
    Standing,
    TaxonomyRelease,
    Team,
)

R = TypeVar("R", bound=Record)
TEAM = "T-1"


def sure(value: float) -> Estimate:
    return Estimate(value, value, value, "assumed")


class Sketch:
    """A launch from Monday 4 January to Friday 29 January 2027, with one team of five person-days a week."""

    def __init__(self, **launch: Any) -> None:
        self._ids = count(1)
        self.rows: list[Record] = []
        release = self.add(TaxonomyRelease, code="TX", name="Own", version="1")
        self.area = self.add(RiskArea, code="A-1", name="Fraud", release=release.id)
        given = {
            "code": "L-1",
            "name": "Spring",
            "model": "m-1",
            "launch_date": "2027-02-08",
            "freeze_date": "2027-01-29",
            "as_of": "2027-01-04",
        }
        self.launch = self.add(Launch, **{**given, **launch})
        self.teams: dict[str, Team] = {}
        self.team(TEAM)

    def add(self, record: type[R], **values: Any) -> R:
        row = record(id=next(self._ids), **values)
        self.rows.append(row)
        return row

    def inputs(self) -> Inputs:
        plain = Inputs({record.table: tuple(self._of(record)) for record in RECORDS})
        return Inputs(
            MappingProxyType({record.table: tuple(sorted(plain.rows(record), key=plain.address)) for record in RECORDS})
        )

    def _of(self, record: type[Record]) -> Iterator[Record]:
        return (row for row in self.rows if type(row) is record)

    def team(self, code: str, a_week: float = 5.0, committed: float = 0.0, **values: Any) -> Team:
        self.teams[code] = self.add(Team, code=code, name=f"Team {code}", **values)
        self.add(Capacity, team=self.teams[code].id, days_per_week=a_week, committed=committed)
        return self.teams[code]

    def scenario(self, code: str = "R-001", *, rate: float = 0.1, chances: float = 100.0, **values: Any) -> Scenario:
        row = self.add(
            Scenario, code=code, launch=self.launch.id, name=f"Scenario {code}", risk_area=self.area.id, **values
        )
        own = {"launch": self.launch.id, "scenario": row.id}
        self.add(Exposure, **own, opportunities=sure(chances), propensity=sure(rate))
        self.add(Severity, **own, harm_units=sure(1.0), realised=sure(1.0), net_new=sure(1.0))
        self.add(Publicity, **own, visible=sure(0.001))
        return row

    def variant(
        self, code: str, days: dict[str, float] | float | Estimate = 1.0, *, status: str | None = None, **values: Any
    ) -> MitigationVariant:
        """A variant `M-001.a` with its mitigation and effort by team; more than one person may work at once."""
        owner = code.partition(".")[0]
        family = values.pop("family", None)
        people = values.pop("people", 1.0)
        mitigation = self.mitigation(owner) or self.add(
            Mitigation, code=owner, name=f"Mitigation {owner}", kind="filter", family=family
        )
        row = self.add(MitigationVariant, code=code, mitigation=mitigation.id, name=code, **values)
        for team, effort in (days if isinstance(days, dict) else {TEAM: days}).items():
            points = effort if isinstance(effort, Estimate) else sure(effort)
            self.add(Effort, variant=row.id, team=self.teams[team].id, days=points, people=people)
        if status is not None:
            self.add(Standing, launch=self.launch.id, variant=row.id, status=status)
        return row

    def mitigation(self, code: str) -> Mitigation | None:
        return next((row for row in self.rows if isinstance(row, Mitigation) and row.code == code), None)

    def effect(
        self, variant: MitigationVariant, scenario: Scenario, efficacy: float, stage: str = "detection", **values: Any
    ) -> Effect:
        return self.add(
            Effect,
            **{
                "launch": self.launch.id,
                "variant": variant.id,
                "scenario": scenario.id,
                "stage": stage,
                "coverage": sure(1.0),
                "intended": sure(efficacy),
                "evidence_level": "independent",
                **values,
            },
        )

    def acting(self, code: str, days: Any = 1.0, efficacy: float = 0.5, on: Scenario | None = None, **values: Any):
        """A variant that acts on a scenario, on one of its own when none is named."""
        row = self.variant(code, days, **values)
        self.effect(row, on or self.scenario(f"R-{code}"), efficacy)
        return row

    def evaluation(self, code: str, effort: float | None = 1.0, **values: Any) -> Evaluation:
        row = self.add(Evaluation, code=code, name=f"Evaluation {code}", **values)
        if effort is not None:
            self.add(EvaluationEffort, evaluation=row.id, team=self.teams[TEAM].id, fixed=effort)
        return row

    def measured(self, scenario: Scenario, evaluation: Evaluation, failures: int, n: int) -> EvidenceLink:
        """A complete result of an evaluation as evidence of a scenario's propensity, nothing on when it was taken."""
        row = self.add(
            EvalResult,
            code=f"E-{evaluation.code}",
            evaluation=evaluation.id,
            model="m-1",
            value=failures / n,
            n=n,
            count=failures,
            status="complete",
            harness="inspect",
            elicitation="strong",
            run_date="2027-01-02",
            in_place="none",
        )
        return self.add(EvidenceLink, launch=self.launch.id, result=row.id, scenario=scenario.id)

    def needs(self, code: str, needed: str, kind: str = "finish_to_start") -> Dependency:
        mitigation, other = self.mitigation(code), self.mitigation(needed)
        assert mitigation is not None
        assert other is not None
        return self.add(Dependency, mitigation=mitigation.id, needs=other.id, kind=kind)

    def excludes(self, code: str, *members: str) -> None:
        group = self.add(ExclusionGroup, code=code, name=f"One of {len(members)}")
        for member in members:
            mitigation = self.mitigation(member)
            assert mitigation is not None
            self.add(ExclusionMember, exclusion_group=group.id, mitigation=mitigation.id)

    def refuses(self, variant: MitigationVariant, share: float) -> SideEffect:
        return self.add(SideEffect, launch=self.launch.id, variant=variant.id, false_refusal=sure(share))

    def gate(self, code: str, **values: Any) -> Gate:
        given = {"launch": self.launch.id, "code": code, "name": code, "kind": "rate", "threshold": 0.1}
        return self.add(Gate, **{**given, **values})


def chosen(found: PlanFound) -> set[str]:
    return {item.variant or item.evaluation or "" for item in found.selected}


def reason(found: PlanFound, mitigation: str) -> str:
    return next(row.reason for row in found.left_out if row.mitigation == mitigation)


def wrong(inputs: Inputs, found: PlanFound, launch: Launch) -> Iterator[str]:
    """Everything in a plan that its own records forbid."""
    last = date.fromisoformat(launch.freeze_date) - timedelta(days=launch.buffer_days)
    used: dict[tuple[int, date], float] = {}
    for item in found.selected:
        name = item.variant or item.evaluation or ""
        if date.fromisoformat(item.finish) > last:
            yield f"{name} is finished after {last}"
        for work in item.teams:
            yield from _wrong_work(inputs, launch, name, work.team_id, [(s.start, s.finish) for s in work.stretches])
            for stretch in work.stretches:
                days = _days(inputs, work.team_id, stretch.start, stretch.finish)
                for day in days:
                    used[work.team_id, day] = used.get((work.team_id, day), 0.0) + stretch.days / len(days)
    for (team, day), amount in used.items():
        if amount > _free(inputs, team, day) + 0.011:
            yield f"team {team} gives {amount} on {day}"
    yield from _wrong_order(inputs, found)


def _wrong_work(
    inputs: Inputs, launch: Launch, name: str, team: int, stretches: list[tuple[str, str]]
) -> Iterator[str]:
    for start, finish in stretches:
        if start < launch.as_of or finish < start:
            yield f"{name} starts before {launch.as_of}"
        if not _works(inputs, team, date.fromisoformat(start)) or not _works(inputs, team, date.fromisoformat(finish)):
            yield f"{name} begins or ends on a day off"


def _wrong_order(inputs: Inputs, found: PlanFound) -> Iterator[str]:
    by_mitigation = {item.mitigation: item for item in found.selected if item.mitigation}
    by_evaluation = {item.evaluation: item for item in found.selected if item.evaluation}
    for row in inputs.rows(Dependency):
        later = by_mitigation.get(inputs.get(Mitigation, row.mitigation).code)
        earlier = by_mitigation.get(inputs.get(Mitigation, row.needs).code)
        if later and earlier and row.kind == "finish_to_start" and later.start <= earlier.finish:
            yield f"{later.mitigation} starts before {earlier.mitigation} is finished"
    for item in found.selected:
        if item.variant is None:
            continue
        evaluation = inputs.find(MitigationVariant, item.variant).verified_by
        run = by_evaluation.get(None if evaluation is None else inputs.get(Evaluation, evaluation).code)
        if run is not None and run.start <= item.finish:
            yield f"{run.evaluation} starts before {item.variant} is finished"


def _works(inputs: Inputs, team: int, day: date) -> bool:
    off = {row.day for row in inputs.rows(DayOff) if row.team == team}
    weekdays = {int(part) for part in inputs.get(Team, team).weekdays.split(",")}
    return day.isoweekday() in weekdays and day.isoformat() not in off


def _days(inputs: Inputs, team: int, start: str, finish: str) -> list[date]:
    first = date.fromisoformat(start)
    length = (date.fromisoformat(finish) - first).days + 1
    every: Iterable[date] = (first + timedelta(days=offset) for offset in range(length))
    return [day for day in every if _works(inputs, team, day)]


def _free(inputs: Inputs, team: int, day: date) -> float:
    rows = [row for row in inputs.rows(Capacity) if row.team == team and (row.starts or "") <= day.isoformat()]
    row = max(rows, key=lambda each: each.starts or "")
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=offset) for offset in range(7)]
    return row.days_per_week * (1 - row.committed) / sum(_works(inputs, team, each) for each in week)
