"""Inputs sketched in a few words, straight from records: no file, no project."""

import dataclasses
import random
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar, cast

from launchpad.records import (
    RECORDS,
    ActorProfile,
    Coefficient,
    Effect,
    Estimate,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Exposure,
    Gate,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Plan,
    PlanItem,
    Publicity,
    Record,
    RiskArea,
    Scenario,
    Severity,
    SideEffect,
    Standing,
    Surface,
    TaxonomyRelease,
    Tolerance,
    WeightSet,
    fields_of,
)

R = TypeVar("R", bound=Record)
Points = float | tuple[float, float, float] | Estimate


def estimate(points: Points, kind: str = "elicited") -> Estimate:
    """One number for a constant, three for a spread."""
    if isinstance(points, Estimate):
        return points
    low, median, high = points if isinstance(points, tuple) else (points, points, points)
    return Estimate(low, median, high, kind)


class Sketch:
    """A launch being written down: every method adds a row and returns it; `inputs()` freezes them."""

    def __init__(self, **launch: Any) -> None:
        self.rows: dict[str, list[Record]] = defaultdict(list)
        self.release = self.add(TaxonomyRelease, code="T", name="Test taxonomy", version="1")
        self.launch = self.add(
            Launch,
            **{
                "code": "L-1",
                "name": "Launch",
                "model": "model",
                "launch_date": "2027-03-01",
                "freeze_date": "2027-02-22",
                "as_of": "2027-01-01",
                "horizon_days": 90,
                **launch,
            },
        )

    def add(self, record: type[R], **values: Any) -> R:
        """Any row, with the next free row id."""
        number = 1 + sum(len(rows) for rows in self.rows.values())
        row = record(id=number, **values)
        self.rows[record.table].append(row)
        return row

    def inputs(self, shuffle: random.Random | None = None) -> Inputs:
        """The rows in the order of their addresses, or in a random order."""
        plain = Inputs({table: tuple(rows) for table, rows in self.rows.items()})
        tables: dict[str, tuple[Record, ...]] = {}
        for record in RECORDS:
            rows = sorted(plain.rows(record), key=plain.address)
            if shuffle is not None:
                shuffle.shuffle(rows)
            tables[record.table] = tuple(rows)
        return Inputs(MappingProxyType(tables))

    def area(self, code: str = "A-1", **values: Any) -> RiskArea:
        """A risk area, made once for each code."""
        for row in self.rows["risk_area"]:
            if cast("RiskArea", row).code == code:
                return cast("RiskArea", row)
        return self.add(RiskArea, code=code, name=f"Area {code}", release=self.release.id, **values)

    def scenario(
        self,
        code: str = "R-001",
        *,
        area: RiskArea | None = None,
        opportunities: Points | None = 100.0,
        propensity: Points | None = None,
        harm: Points | None = 1.0,
        realised: Points | None = 1.0,
        net_new: Points | None = 1.0,
        visible: Points | None = 0.001,
        exposure: Mapping[str, Any] | None = None,
        severity: Mapping[str, Any] | None = None,
        publicity: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Scenario:
        """A scenario with exposure, severity and publicity; None leaves a row or an estimate out."""
        area = area or self.area()
        row = self.add(
            Scenario, code=code, name=f"Scenario {code}", launch=self.launch.id, risk_area=area.id, **values
        )
        owned = {"launch": self.launch.id, "scenario": row.id}
        if opportunities is not None:
            chance = None if propensity is None else estimate(propensity)
            self.add(
                Exposure, **owned, opportunities=estimate(opportunities), propensity=chance, **(exposure or {})
            )
        shares = {"harm_units": harm, "realised": realised, "net_new": net_new}
        known = {name: None if points is None else estimate(points) for name, points in shares.items()}
        self.add(Severity, **owned, **known, **(severity or {}))
        if visible is not None:
            self.add(Publicity, **owned, visible=estimate(visible), **(publicity or {}))
        return row

    def evaluation(self, code: str = "EV-1", **values: Any) -> Evaluation:
        """An evaluation whose outcome 1 is a failure, unless told otherwise; made once for each code."""
        for row in self.rows["evaluation"]:
            if cast("Evaluation", row).code == code:
                return cast("Evaluation", row)
        return self.add(
            Evaluation, **{"code": code, "name": f"Evaluation {code}", "polarity": "lower", **values}
        )

    def result(
        self,
        k: int | None = 14,
        n: int | None = 300,
        *,
        code: str | None = None,
        evaluation: Evaluation | None = None,
        **values: Any,
    ) -> EvalResult:
        """A complete result of today with k outcomes 1 among n, nothing on during it."""
        code = code or f"E-{1 + len(self.rows['eval_result']):03d}"
        given = {
            "code": code,
            "evaluation": (evaluation or self.evaluation()).id,
            "model": "model",
            "value": None if k is None or not n else k / n,
            "count": k,
            "n": n,
            "in_place": "none",
            "run_date": "2027-01-01",
            "status": "complete",
            "harness": "table",
            "elicitation": "strong",
        }
        return self.add(EvalResult, **{**given, **values})

    def link(self, result: EvalResult, scenario: Scenario | None = None, **values: Any) -> EvidenceLink:
        """A link to a scenario, as evidence of its propensity unless told otherwise."""
        return self.add(
            EvidenceLink,
            launch=self.launch.id,
            result=result.id,
            scenario=None if scenario is None else scenario.id,
            **values,
        )

    def evidence(self, scenario: Scenario, k: int = 14, n: int = 300, **values: Any) -> EvalResult:
        """A result linked to a scenario."""
        result = self.result(k, n, **values)
        self.link(result, scenario)
        return result

    def variant(
        self, code: str = "M-001.a", *, status: str | None = None, family: str | None = None, **values: Any
    ) -> MitigationVariant:
        """A variant, with its mitigation and, given a status, its standing."""
        name = code.partition(".")[0]
        known = [row for row in self.rows["mitigation"] if cast("Mitigation", row).code == name]
        mitigation = known or [
            self.add(Mitigation, code=name, name=f"Mitigation {name}", kind="filter", family=family)
        ]
        row = self.add(MitigationVariant, code=code, mitigation=mitigation[0].id, name=code, **values)
        if status is not None:
            self.add(Standing, launch=self.launch.id, variant=row.id, status=status)
        return row

    def effect(
        self,
        variant: MitigationVariant,
        scenario: Scenario,
        intended: Points = 0.5,
        *,
        stage: str = "propensity",
        coverage: Points = 1.0,
        evidence_level: str = "independent",
        **values: Any,
    ) -> Effect:
        """An effect that is credited in full unless told otherwise."""
        return self.add(
            Effect,
            launch=self.launch.id,
            variant=variant.id,
            scenario=scenario.id,
            stage=stage,
            coverage=estimate(coverage),
            intended=estimate(intended),
            evidence_level=evidence_level,
            **values,
        )

    def side_effect(
        self, variant: MitigationVariant, false_refusal: Points | None = None, **values: Any
    ) -> SideEffect:
        """A side effect of a variant."""
        share = None if false_refusal is None else estimate(false_refusal)
        return self.add(
            SideEffect, launch=self.launch.id, variant=variant.id, false_refusal=share, **values
        )

    def gate(self, kind: str = "rate", threshold: float = 0.05, **values: Any) -> Gate:
        """A gate."""
        code = f"G-{1 + len(self.rows['gate'])}"
        given = {"code": code, "name": f"Gate {code}", "launch": self.launch.id, "kind": kind}
        return self.add(Gate, **{**given, "threshold": threshold, **values})

    def plan(self, *variants: MitigationVariant, finish: str = "2027-02-01", code: str = "P-1") -> Plan:
        """A plan that does these variants."""
        plan = self.add(Plan, code=code, launch=self.launch.id, name=code)
        for variant in variants:
            self.plan_item(plan, finish=finish, variant=variant.id)
        return plan

    def plan_item(self, plan: Plan, *, finish: str = "2027-02-01", **values: Any) -> PlanItem:
        """One item of a plan: a variant or an evaluation."""
        given = {"launch": self.launch.id, "plan": plan.id, "start": "2027-01-04", "finish": finish}
        return self.add(PlanItem, **given, **values)

    def surface(self, code: str = "S-1", **values: Any) -> Surface:
        """A surface."""
        return self.add(Surface, code=code, launch=self.launch.id, name=code, kind="consumer", **values)

    def actor(self, intent: str = "malicious", tries: int = 1, code: str = "AC-1") -> ActorProfile:
        """An actor."""
        return self.add(ActorProfile, code=code, name=code, intent=intent, tries=tries)

    def tolerance(self, measure: str = "technical", limit: float = 100.0, **values: Any) -> Tolerance:
        """A tolerance."""
        code = f"TOL-{1 + len(self.rows['tolerance'])}"
        return self.add(
            Tolerance, code=code, launch=self.launch.id, name=code, measure=measure, limit=limit, **values
        )

    def weights(self, technical: float, reputational: float, code: str = "W-1") -> WeightSet:
        """A weight set."""
        return self.add(
            WeightSet,
            code=code,
            launch=self.launch.id,
            name=code,
            technical=technical,
            reputational=reputational,
        )

    def coefficient(self, code: str, value: float) -> Coefficient:
        """A coefficient that overrides the bundled one."""
        return self.add(Coefficient, code=code, name=code, value=value)


def renumbered(inputs: Inputs, rng: random.Random) -> Inputs:
    """The same rows under other row ids, every reference following."""
    rows = [row for record in RECORDS for row in inputs.rows(record)]
    fresh = dict(zip((row.id for row in rows), rng.sample(range(1, 1 << 40), len(rows)), strict=True))
    tables: dict[str, tuple[Record, ...]] = {}
    for record in RECORDS:
        names = [field.name for field in fields_of(record) if field.refers is not None]
        tables[record.table] = tuple(
            dataclasses.replace(
                row,
                id=fresh[row.id],
                **{name: fresh.get(getattr(row, name)) for name in names},  # pyright: ignore[reportArgumentType]
            )
            for row in inputs.rows(record)
        )
    return Inputs(MappingProxyType(tables))
