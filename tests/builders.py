"""Small launches for tests, built from records alone: `launch_inputs(...)` and what goes into it."""

import dataclasses
import random
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from launchpad.records import (
    ActorProfile,
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
    TaxonomyRelease,
    Tolerance,
    fields_of,
)
from launchpad.records.links import STAGES

LAUNCH = 1
EVALUATION = 40
PLAN = 9200


def certain(value: float, kind: str = "assumed") -> Estimate:
    return Estimate(value, value, value, kind)


def inputs_of(records: Iterable[Record]) -> Inputs:
    """Inputs that hold these records, each in its table, in the order given."""
    tables: dict[str, list[Record]] = {}
    for record in records:
        tables.setdefault(record.table, []).append(record)
    return Inputs(MappingProxyType({table: tuple(rows) for table, rows in tables.items()}))


def launch(**fields: object) -> Launch:
    values = {
        "id": LAUNCH,
        "code": "L-1",
        "name": "Spring",
        "model": "m-1",
        "launch_date": "2027-02-01",
        "freeze_date": "2027-01-22",
        "as_of": "2026-12-01",
        "horizon_days": 90,
    }
    return Launch(**{**values, **fields})  # pyright: ignore[reportArgumentType] - named by the test


def grounds() -> list[Record]:
    """A launch, a policy area and a quality area, a malicious actor, an evaluation whose failures are known."""
    return [
        launch(),
        TaxonomyRelease(id=2, code="TAX", name="Own", version="1"),
        RiskArea(id=3, code="A-1", name="Fraud", release=2),
        RiskArea(id=4, code="A-2", name="Over-refusal", release=2, area_class="quality"),
        RiskArea(id=5, code="A-3", name="Cyber", release=2, area_class="tracked", capability="cyber"),
        ActorProfile(id=6, code="AP-1", name="Attacker", intent="malicious", tries=10),
        Evaluation(id=EVALUATION, code="EV-1", name="Fraud", task="fraud", metric="asr", polarity="lower"),
    ]


def scenario(number: int, *, without: Iterable[str] = (), **fields: Any) -> list[Record]:
    """A scenario with exposure, severity and publicity of certain numbers; `fields` go to the row that has them."""
    key = 100 + number
    defaults: dict[type[Record], dict[str, object]] = {
        Scenario: {"id": key, "code": f"R-{number:03d}", "name": f"Scenario {number}", "risk_area": 3},
        Exposure: {"id": 1000 + number, "opportunities": certain(10.0), "propensity": certain(0.1)},
        Severity: {
            "id": 2000 + number,
            "harm_units": certain(2.0),
            "realised": certain(0.5),
            "net_new": certain(0.5),
        },
        Publicity: {"id": 3000 + number, "visible": certain(0.01)},
    }
    made: list[Record] = []
    for record, values in defaults.items():
        own = {"launch": LAUNCH} if record is Scenario else {"launch": LAUNCH, "scenario": key}
        given = {field.name: fields[field.name] for field in fields_of(record) if field.name in fields}
        if record.table not in without:
            made.append(record(**{**own, **values, **given}))  # pyright: ignore[reportArgumentType] - named by the test
    return made


def mitigation(number: int, family: str | None = None, standing: str | None = None, **fields: Any) -> list[Record]:
    """A mitigation with one variant M-001.std and, when given, how far it has come."""
    code = f"M-{number:03d}"
    owner = Mitigation(id=200 + number, code=code, name=f"Mitigation {number}", kind="filter", family=family)
    made: list[Record] = [owner]
    made.append(variant(number, **fields))
    if standing is not None:
        made.append(Standing(id=400 + number, launch=LAUNCH, variant=300 + number, status=standing))
    return made


def variant(number: int, key: int | None = None, name: str = "std", **fields: object) -> MitigationVariant:
    """Another variant of mitigation `number` has a `key` of its own, its row id being 300 + key."""
    return MitigationVariant(
        id=300 + (number if key is None else key),
        code=f"M-{number:03d}.{name}",
        mitigation=200 + number,
        name=name,
        **fields,  # pyright: ignore[reportArgumentType] - named by the test
    )


def effect(number: int, on: int, efficacy: float | Estimate, stage: str = "propensity", **fields: object) -> Effect:
    """The effect of variant 300 + `number` on scenario `on`; independently evidenced, so credited in full."""
    values = {
        "id": 5000 + 100 * number + 10 * on + list(STAGES).index(stage),
        "launch": LAUNCH,
        "variant": 300 + number,
        "scenario": 100 + on,
        "stage": stage,
        "coverage": certain(1.0),
        "intended": certain(efficacy) if isinstance(efficacy, float) else efficacy,
        "evidence_level": "independent",
    }
    return Effect(**{**values, **fields})  # pyright: ignore[reportArgumentType] - named by the test


def refusals(number: int, share: float | None, **fields: object) -> SideEffect:
    values = {"id": 6000 + number, "launch": LAUNCH, "variant": 300 + number}
    refused = None if share is None else certain(share)
    return SideEffect(**{**values, "false_refusal": refused, **fields})  # pyright: ignore[reportArgumentType]


def gate(kind: str, threshold: float, **fields: object) -> Gate:
    values = {"id": 9000, "code": "G-1", "launch": LAUNCH, "name": "Gate", "kind": kind, "scenario": 101}
    return Gate(**{**values, "threshold": threshold, **fields})  # pyright: ignore[reportArgumentType]


def tolerance(measure: str, limit: float, **fields: object) -> Tolerance:
    values = {"id": 9100, "code": "TOL-1", "launch": LAUNCH, "name": "Limit", "measure": measure, "limit": limit}
    return Tolerance(**{**values, **fields})  # pyright: ignore[reportArgumentType]


def plan(*variants: int, evaluations: Iterable[int] = (), finish: str = "2027-01-15") -> list[Record]:
    """A plan with row id PLAN that does these variants and evaluations, given as row ids."""
    wanted = [("variant", row) for row in variants] + [("evaluation", row) for row in evaluations]
    items = [
        PlanItem(
            id=9300 + place,
            launch=LAUNCH,
            plan=PLAN,
            start="2027-01-04",
            finish=finish,
            **{name: row},  # pyright: ignore[reportArgumentType]
        )
        for place, (name, row) in enumerate(wanted)
    ]
    return [Plan(id=PLAN, code="P-1", launch=LAUNCH, name="Plan"), *items]


def renumbered(records: Iterable[Record], seed: int = 3) -> tuple[list[Record], dict[int, int]]:
    """The same records under other row ids, every reference following, and what became of each id."""
    rows = list(records)
    fresh = dict(zip([row.id for row in rows], random.Random(seed).sample(range(1, 1 << 40), len(rows)), strict=True))
    changed: list[Record] = []
    for row in rows:
        names = [field.name for field in fields_of(type(row)) if field.refers is not None]
        moved = {name: fresh[getattr(row, name)] for name in names if getattr(row, name) is not None}
        changed.append(dataclasses.replace(row, id=fresh[row.id], **moved))  # pyright: ignore[reportArgumentType]
    return changed, fresh


def result(number: int, k: int | None, n: int | None, **fields: object) -> EvalResult:
    values = {
        "id": 7000 + number,
        "code": f"E-{number:04d}",
        "evaluation": EVALUATION,
        "model": "m-1",
        "value": None if k is None or not n else k / n,
        "n": n,
        "count": k,
        "status": "complete",
        "harness": "inspect",
        "run_id": f"run-{number}",
        "run_date": "2026-12-01",
        "elicitation": "strong",
        "in_place": "none",
    }
    return EvalResult(**{**values, **fields})  # pyright: ignore[reportArgumentType] - named by the test


def link(number: int, on: int, **fields: object) -> EvidenceLink:
    values = {"id": 8000 + number, "launch": LAUNCH, "result": 7000 + number, "scenario": 100 + on}
    return EvidenceLink(**{**values, **fields})  # pyright: ignore[reportArgumentType] - named by the test
