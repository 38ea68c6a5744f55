"""Small launches for tests, built from records alone: `launch_inputs(...)` and what goes into it."""

from collections.abc import Iterable
from types import MappingProxyType

from launchpad.records import (
    ActorProfile,
    Effect,
    Estimate,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Exposure,
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
)

LAUNCH = 1
EVALUATION = 40


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


def scenario(number: int, **fields: object) -> list[Record]:
    """A scenario with exposure, severity and publicity of certain numbers; `fields` go where they belong."""
    own = {"risk_area": 3, "catastrophic": False, "over_refusal": False, "actor": None}
    given = {name: fields.pop(name, default) for name, default in own.items()}
    exposure = {"opportunities": certain(10.0), "propensity": certain(0.1), "unit": "attempt"}
    exposed = {name: fields.pop(name, default) for name, default in exposure.items()}
    harm = {"harm_units": certain(2.0), "realised": certain(0.5), "net_new": certain(0.5)}
    harmed = {name: fields.pop(name, default) for name, default in harm.items()}
    key = 100 + number
    return [
        Scenario(id=key, code=f"R-{number:03d}", launch=LAUNCH, name=f"Scenario {number}", **given),  # pyright: ignore[reportArgumentType]
        Exposure(id=1000 + number, launch=LAUNCH, scenario=key, **exposed),  # pyright: ignore[reportArgumentType]
        Severity(id=2000 + number, launch=LAUNCH, scenario=key, **harmed),  # pyright: ignore[reportArgumentType]
        Publicity(id=3000 + number, launch=LAUNCH, scenario=key, visible=certain(0.01), **fields),  # pyright: ignore[reportArgumentType]
    ]


def mitigation(number: int, family: str | None = None, standing: str | None = None) -> list[Record]:
    """A mitigation with one variant M-001.std and, when given, how far it has come."""
    made: list[Record] = [
        Mitigation(id=200 + number, code=f"M-{number:03d}", name=f"Mitigation {number}", kind="filter", family=family),
        MitigationVariant(id=300 + number, code=f"M-{number:03d}.std", mitigation=200 + number, name="Standard"),
    ]
    if standing is not None:
        made.append(Standing(id=400 + number, launch=LAUNCH, variant=300 + number, status=standing))
    return made


def effect(number: int, on: int, efficacy: float, stage: str = "propensity") -> Effect:
    """The effect of mitigation `number` on scenario `on`; independently evidenced, so credited in full."""
    return Effect(
        id=5000 + 100 * number + on,
        launch=LAUNCH,
        variant=300 + number,
        scenario=100 + on,
        stage=stage,
        coverage=certain(1.0),
        intended=certain(efficacy),
        evidence_level="independent",
    )


def refusals(number: int, share: float) -> SideEffect:
    return SideEffect(id=6000 + number, launch=LAUNCH, variant=300 + number, false_refusal=certain(share))


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
