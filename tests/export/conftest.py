"""A small launch, built by hand, that touches everything an export shows."""

from types import MappingProxyType

import pytest

from launchpad.records import (
    ActorProfile,
    Capacity,
    DayOff,
    Effect,
    Effort,
    Estimate,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Exposure,
    Gate,
    Inputs,
    Launch,
    LeftOut,
    Mitigation,
    MitigationVariant,
    Person,
    Plan,
    PlanItem,
    PlanWork,
    ProjectInfo,
    Publicity,
    Record,
    RiskArea,
    Scenario,
    Severity,
    Standing,
    Surface,
    TaxonomyRelease,
    Team,
    Tolerance,
    WeightSet,
)

LAUNCH, PLAN = 900, 950
NAME_HASH = "0a" * 32


def inputs_of(*records: Record, texts: dict[str, str] | None = None, head: str = "ab" * 32) -> Inputs:
    """Inputs that hold these records, each in its table."""
    tables: dict[str, list[Record]] = {}
    for record in records:
        tables.setdefault(record.table, []).append(record)
    held = {table: tuple(rows) for table, rows in tables.items()}
    return Inputs(MappingProxyType(held), MappingProxyType(texts or {}), head)


def small_records() -> list[Record]:
    """Two teams, three scenarios (one restricted, one catastrophic), two mitigations in a plan, one left out."""
    return [
        ProjectInfo(id=1, uuid="u-1", name="Sample", created="2026-09-01T08:00:00.000Z"),
        Team(id=10, code="T-POL", name="Policy: rules/answers"),
        Team(id=11, code="T-SAFE", name="Safety training"),
        Person(id=20, code="P-01", name=NAME_HASH, team=10),
        Person(id=21, code="P-02", team=11),
        Capacity(id=30, team=10, days_per_week=5.0, committed=0.2),
        Capacity(id=31, team=11, days_per_week=10.0),
        DayOff(id=35, team=10, day="2026-10-12"),
        TaxonomyRelease(id=40, code="AIL", name="Hazards", version="1.0"),
        RiskArea(id=50, code="H-01", name="Hate", release=40),
        RiskArea(
            id=51,
            code="C-01",
            name="Chemistry",
            release=40,
            area_class="tracked",
            handling="restricted",
            research="canary-definition",
        ),
        RiskArea(id=52, code="Q-01", name="Over-refusal", release=40, area_class="quality"),
        ActorProfile(id=60, code="A-MAL", name="Attacker", intent="malicious"),
        Evaluation(
            id=70,
            code="E-01",
            name="XSTest, refusals",
            task="xstest",
            metric="refusal_rate",
            polarity="lower",
            kind="propensity",
        ),
        EvalResult(
            id=80,
            code="X-001",
            evaluation=70,
            model="acme-7b",
            value=0.05,
            n=40,
            count=2,
            n_total=40,
            status="complete",
            harness="inspect",
            run_date="2026-09-20",
            in_place="none",
        ),
        EvalResult(
            id=81,
            code="X-002",
            evaluation=70,
            model="acme-7b",
            value=None,
            n=None,
            status="errored",
            harness="inspect",
            source='=HYPERLINK("http://x")',
            in_place="none",
        ),
        Mitigation(id=100, code="M-01", name="Refusal training", kind="training", owner=20, family="tuning"),
        Mitigation(id=101, code="M-02", name="Output filter", kind="filter", owner=21),
        Mitigation(id=102, code="M-03", name="=cmd|' /C calc'!A0", kind="policy"),
        MitigationVariant(id=110, code="M-01.full", mitigation=100, name="full"),
        MitigationVariant(id=111, code="M-02.lite", mitigation=101, name="lite", verified_by=70),
        MitigationVariant(id=112, code="M-03.one", mitigation=102, name="one"),
        Effort(id=120, variant=110, team=11, days=Estimate(6.0, 8.0, 12.0, "elicited")),
        Effort(id=121, variant=110, team=10, days=Estimate(1.0, 2.0, 3.0, "elicited")),
        Effort(id=122, variant=111, team=11, days=Estimate(2.0, 3.0, 5.0, "assumed")),
        Launch(
            id=LAUNCH,
            code="L-1",
            name="Aria 2",
            model="aria-2",
            launch_date="2026-11-16",
            freeze_date="2026-11-02",
            buffer_days=3,
            as_of="2026-10-01",
            current_plan="PL-1",
            weight_set="W-1",
        ),
        Surface(id=200, code="S-APP", launch=LAUNCH, name="Consumer app", kind="consumer", requests_per_day=1e6),
        Scenario(id=300, code="R-001", launch=LAUNCH, name="Hateful stories", risk_area=50, surface=200, owner=20),
        Scenario(
            id=301,
            code="R-002",
            launch=LAUNCH,
            name="canary-name",
            risk_area=51,
            actor=60,
            catastrophic=True,
            harm="canary-harm",
        ),
        Scenario(id=302, code="R-003", launch=LAUNCH, name="Safe questions refused", risk_area=52),
        *_figures(300, 400.0, 3),
        *_figures(301, 0.5, 5),
        *_figures(302, 2000.0, 1),
        WeightSet(id=390, code="W-1", launch=LAUNCH, name="Ours"),
        _effect(400, 110, 300),
        _effect(401, 111, 300),
        _effect(402, 111, 301),
        _effect(403, 112, 302),
        Standing(id=410, launch=LAUNCH, variant=110, status="started", started="2026-09-28"),
        EvidenceLink(id=420, launch=LAUNCH, result=80, scenario=300),
        Gate(id=430, code="G-1", launch=LAUNCH, name="Hate is rare", kind="rate", scenario=300, threshold=0.2),
        Gate(id=431, code="G-2", launch=LAUNCH, name="canary-gate", kind="capability", scenario=301, threshold=0.1),
        Tolerance(id=440, code="TL-1", launch=LAUNCH, name="canary-limit", measure="events", scenario=301, limit=0.1),
        Tolerance(id=441, code="TL-2", launch=LAUNCH, name="Loss", measure="technical", limit=1e9, probability=0.05),
        Plan(
            id=PLAN,
            code="PL-1",
            launch=LAUNCH,
            name="First plan",
            objective=0.6,
            bound=0.58,
            gap=0.033,
            seconds=10.0,
            input_hash="cd" * 32,
        ),
        PlanItem(
            id=500,
            launch=LAUNCH,
            plan=PLAN,
            variant=110,
            start="2026-10-01",
            finish="2026-10-14",
            rank=1,
            gain=0.31,
            gain_per_day=0.03,
            p_ready=0.9,
        ),
        PlanItem(
            id=501,
            launch=LAUNCH,
            plan=PLAN,
            variant=111,
            start="2026-10-12",
            finish="2026-10-16",
            rank=2,
            gain=0.11,
            gain_per_day=0.02,
            p_ready=0.8,
        ),
        PlanItem(id=502, launch=LAUNCH, plan=PLAN, evaluation=70, start="2026-10-19", finish="2026-10-20", rank=3),
        PlanWork(id=510, launch=LAUNCH, item=500, team=11, start="2026-10-01", finish="2026-10-09", days=8.25),
        PlanWork(id=511, launch=LAUNCH, item=500, team=10, start="2026-10-08", finish="2026-10-14", days=2.1),
        PlanWork(id=512, launch=LAUNCH, item=501, team=11, start="2026-10-12", finish="2026-10-16", days=3.2),
        LeftOut(id=520, launch=LAUNCH, plan=PLAN, mitigation=102, reason="-costs more than it gives", loss=0.01),
    ]


def _figures(scenario: int, opportunities: float, level: int) -> list[Record]:
    return [
        Exposure(
            id=scenario + 20,
            launch=LAUNCH,
            scenario=scenario,
            opportunities=Estimate(opportunities / 2, opportunities, opportunities * 3, "elicited"),
        ),
        Severity(
            id=scenario + 40,
            launch=LAUNCH,
            scenario=scenario,
            level=level,
            realised=Estimate(0.01, 0.05, 0.2),
            net_new=Estimate(0.1, 0.3, 0.6),
        ),
        Publicity(
            id=scenario + 60, launch=LAUNCH, scenario=scenario, visible=Estimate(1e-5, 1e-4, 1e-3), reach=10_000.0
        ),
    ]


def _effect(row_id: int, variant: int, scenario: int) -> Effect:
    return Effect(
        id=row_id,
        launch=LAUNCH,
        variant=variant,
        scenario=scenario,
        stage="propensity",
        coverage=Estimate(0.7, 0.9, 0.97),
        intended=Estimate(0.4, 0.6, 0.8),
    )


@pytest.fixture
def small() -> Inputs:
    return inputs_of(*small_records(), texts={NAME_HASH: "Ada Lindqvist"})
