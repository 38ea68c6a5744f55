"""Made-up launches of any size with plausible proportions, as records: what `edit` and `montecarlo` measure on."""

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import log
from types import MappingProxyType

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
    Surface,
    TaxonomyRelease,
    Tolerance,
)

LAUNCH = 1
PLAN = 2
STAGES = ("exposure", "propensity", "propensity", "detection", "detection", "severity", "publicity")
LEVELS = ("assumed", "vendor", "internal_test", "red_team", "independent")
KINDS = ("measured", "elicited", "assumed")
SURFACES = 4
AREAS = 40
RESULTS_OF_ONE = 5
EFFECTS_OF_ONE = 6
SIDE_EFFECTS_OF_ONE = 4
AS_OF = date(2026, 12, 1)


def launch_inputs(scenarios: int = 300, mitigations: int = 300, seed: int = 1, *, spare: int = 0) -> Inputs:
    """One launch: a tenth of its scenarios over-refusal, a few catastrophic, half of the mitigations with two variants.

    Each mitigation has six effects and four side effects, each scenario five results, `spare`
    further results are linked to nothing, a fifth of the mitigations stand and another fifth is
    planned.
    """
    drawn = random.Random(seed)
    variants = _variants(drawn, mitigations)
    records = [
        *_ground(),
        *(record for number in range(scenarios) for record in _scenario(drawn, number)),
        *(record for number in range(scenarios) for record in _evidence(drawn, number, variants)),
        *(_result(drawn, 900_000 + number, "", 1) for number in range(spare)),
        *variants,
        *_standings(drawn, variants),
        *_effects(drawn, variants, scenarios),
        *_side_effects(drawn, variants),
        *_plan(drawn, variants),
        *_limits(drawn, scenarios),
    ]
    return inputs_of(records)


def inputs_of(records: Iterable[Record]) -> Inputs:
    """Inputs that hold these records, each in its table."""
    tables: dict[str, list[Record]] = {}
    for record in records:
        tables.setdefault(record.table, []).append(record)
    return Inputs(MappingProxyType({table: tuple(rows) for table, rows in tables.items()}))


def _ground() -> list[Record]:
    classes = ("policy", "policy", "tracked", "quality")
    areas = [
        RiskArea(
            id=100 + number,
            code=f"A-{number:03d}",
            name=f"Area {number}",
            release=3,
            area_class=classes[number % 4],
            capability=f"capability {number % 3}" if number % 4 == 2 else None,
        )
        for number in range(AREAS)
    ]
    surfaces = [
        Surface(
            id=20 + number,
            code=f"S-{number}",
            launch=LAUNCH,
            name=f"Surface {number}",
            kind="consumer",
            requests_per_day=10.0 ** (5 + number),
        )
        for number in range(SURFACES)
    ]
    return [
        Launch(
            id=LAUNCH,
            code="L-1",
            name="Made up",
            model="m-1",
            launch_date="2027-02-01",
            freeze_date="2027-01-22",
            as_of=AS_OF.isoformat(),
            horizon_days=90,
            current_plan="P-1",
        ),
        TaxonomyRelease(id=3, code="TAX", name="Own", version="1"),
        ActorProfile(id=10, code="AP-1", name="Attacker", intent="malicious", tries=10),
        ActorProfile(id=11, code="AP-2", name="Anybody", intent="benign"),
        *(Evaluation(id=50 + n, code=f"EV-{n}", name=f"Suite {n}", metric="rate", polarity="lower") for n in range(20)),
        *areas,
        *surfaces,
    ]


def _scenario(drawn: random.Random, number: int) -> list[Record]:
    key, refusal = 10_000 + number, number % 10 == 3
    campaign = number % 10 == 5
    area = drawn.randrange(AREAS)
    area = area - area % 4 + 3 if refusal else area - (1 if area % 4 == 3 else 0)
    return [
        Scenario(
            id=key,
            code=f"R-{number:04d}",
            launch=LAUNCH,
            name=f"Scenario {number}",
            risk_area=100 + area,
            surface=None if drawn.random() < 0.2 else 20 + drawn.randrange(SURFACES),
            actor=10 if campaign else 11,
            catastrophic=number % 40 == 7,
            over_refusal=refusal,
        ),
        Exposure(
            id=20_000 + number,
            launch=LAUNCH,
            scenario=key,
            opportunities=_amount(drawn, drawn.lognormvariate(log(50), 1.5)),
            unit="campaign" if campaign else "attempt",
            propensity=None if drawn.random() < 0.5 else _share(drawn, drawn.uniform(0.005, 0.2)),
        ),
        Severity(
            id=30_000 + number,
            launch=LAUNCH,
            scenario=key,
            level=drawn.randint(1, 5),
            harm_units=None if drawn.random() < 0.3 else _amount(drawn, drawn.lognormvariate(log(10), 1.5)),
            realised=_share(drawn, drawn.uniform(0.01, 0.3)),
            net_new=_share(drawn, drawn.uniform(0.1, 0.9)),
        ),
        Publicity(
            id=40_000 + number,
            launch=LAUNCH,
            scenario=key,
            visible=_share(drawn, 10 ** drawn.uniform(-5, -2)),
            reach=10 ** drawn.uniform(3, 6),
        ),
    ]


def _evidence(drawn: random.Random, number: int, variants: Sequence[Record]) -> list[Record]:
    codes = [row.code for row in variants if isinstance(row, MitigationVariant)]
    rate, found = drawn.uniform(0.002, 0.1), list[Record]()
    worded = drawn.choice(("none", "none", "unknown", drawn.choice(codes)))
    for place in range(RESULTS_OF_ONE):
        key = number * RESULTS_OF_ONE + place
        found.append(_result(drawn, key, worded, rate))
        near = drawn.choice(("same", "same", "near"))
        found.append(
            EvidenceLink(id=300_000 + key, launch=LAUNCH, result=200_000 + key, scenario=10_000 + number, snapshot=near)
        )
    return found


def _result(drawn: random.Random, key: int, worded: str, rate: float) -> EvalResult:
    n = drawn.randint(50, 800)
    k = sum(drawn.random() < rate for _ in range(n)) if rate < 1 else n // 2
    return EvalResult(
        id=200_000 + key,
        code=f"E-{key:06d}",
        evaluation=50 + key % 20,
        model="m-1",
        value=k / n,
        n=n,
        count=k,
        clusters=n // 10 if key % 3 == 0 else None,
        judge_sensitivity=0.95 if key % 4 == 0 else None,
        judge_specificity=0.99 if key % 4 == 0 else None,
        status="complete",
        harness="inspect",
        run_id=f"run {key}",
        run_date=(AS_OF - timedelta(days=drawn.randrange(200))).isoformat(),
        elicitation=drawn.choice(("strong", "strong", "partial", "weak")),
        in_place=worded,
    )


def _variants(drawn: random.Random, mitigations: int) -> list[Record]:
    made: list[Record] = []
    for number in range(mitigations):
        family = f"family {drawn.randrange(max(1, mitigations // 5))}" if drawn.random() < 0.7 else None
        code = f"M-{number:04d}"
        made.append(
            Mitigation(id=50_000 + number, code=code, name=f"Mitigation {number}", kind="filter", family=family)
        )
        for place, name in enumerate(("lite", "full")[: 1 + number % 2]):
            made.append(
                MitigationVariant(
                    id=60_000 + 2 * number + place,
                    code=f"{code}.{name}",
                    mitigation=50_000 + number,
                    name=name,
                    verified_by=50 + number % 20 if number % 7 == 0 else None,
                )
            )
    return made


def _standings(drawn: random.Random, variants: Sequence[Record]) -> list[Record]:
    known = {row.mitigation: row for row in variants if isinstance(row, MitigationVariant)}
    return [
        Standing(
            id=70_000 + number,
            launch=LAUNCH,
            variant=variant.id,
            status=drawn.choice(("in_place", "idea", "idea", "planned", "started")),
        )
        for number, variant in enumerate(known.values())
    ]


def _effects(drawn: random.Random, variants: Sequence[Record], scenarios: int) -> list[Record]:
    made: list[Record] = []
    acts: dict[int, list[tuple[int, str]]] = {}
    for row in variants:
        if not isinstance(row, MitigationVariant):
            continue
        where = acts.setdefault(
            row.mitigation,
            [(drawn.randrange(scenarios), drawn.choice(STAGES)) for _ in range(EFFECTS_OF_ONE)],
        )
        for scenario, stage in dict.fromkeys(where):
            made.append(
                Effect(
                    id=400_000 + len(made),
                    launch=LAUNCH,
                    variant=row.id,
                    scenario=10_000 + scenario,
                    stage=stage,
                    coverage=_share(drawn, drawn.uniform(0.6, 0.95)),
                    intended=_share(drawn, drawn.uniform(0.1, 0.85)),
                    evidence_level=drawn.choice(LEVELS),
                )
            )
    return made


def _side_effects(drawn: random.Random, variants: Sequence[Record]) -> list[Record]:
    return [
        SideEffect(
            id=500_000 + SIDE_EFFECTS_OF_ONE * place + number,
            launch=LAUNCH,
            variant=row.id,
            surface=20 + number,
            false_refusal=_share(drawn, 10 ** drawn.uniform(-4, -2.3)) if drawn.random() < 0.5 else None,
            latency_ms=drawn.uniform(0, 5),
            run_cost=drawn.uniform(0, 500),
        )
        for place, row in enumerate(row for row in variants if isinstance(row, MitigationVariant))
        for number in range(SIDE_EFFECTS_OF_ONE)
    ]


def _plan(drawn: random.Random, variants: Sequence[Record]) -> list[Record]:
    known = {row.mitigation: row for row in variants if isinstance(row, MitigationVariant)}
    chosen = drawn.sample(sorted(known), max(1, len(known) // 5))
    items = [
        PlanItem(
            id=80_000 + number,
            launch=LAUNCH,
            plan=PLAN,
            variant=known[mitigation].id,
            start="2026-12-07",
            finish=drawn.choice(("2027-01-15", "2027-01-28")),
        )
        for number, mitigation in enumerate(chosen)
    ]
    return [Plan(id=PLAN, code="P-1", launch=LAUNCH, name="Plan"), *items]


def _limits(drawn: random.Random, scenarios: int) -> list[Record]:
    gates = [
        Gate(
            id=90_000 + number,
            code=f"G-{number:03d}",
            launch=LAUNCH,
            name=f"Gate {number}",
            kind="rate",
            scenario=10_000 + drawn.randrange(scenarios),
            threshold=drawn.uniform(0.01, 0.1),
        )
        for number in range(max(1, scenarios // 10))
    ]
    whole = Tolerance(
        id=95_000,
        code="TOL-0",
        launch=LAUNCH,
        name="Loss",
        measure="technical",
        limit=1e5,
        probability=0.05,
    )
    each = [
        Tolerance(
            id=95_001 + number,
            code=f"TOL-{number + 1}",
            launch=LAUNCH,
            name="Loss of one",
            measure="technical",
            scenario=10_000 + number,
            limit=5e3,
            probability=0.05,
        )
        for number in range(0, scenarios, 15)
    ]
    return [*gates, whole, *each]


def _amount(drawn: random.Random, median: float) -> Estimate:
    return Estimate(median / drawn.uniform(2, 5), median, median * drawn.uniform(2, 6), drawn.choice(KINDS))


def _share(drawn: random.Random, median: float) -> Estimate:
    odds, factor = median / (1 - median), drawn.uniform(1.3, 2.5)
    low, high = (found / (1 + found) for found in (odds / factor, odds * factor))
    return Estimate(low, median, high, drawn.choice(KINDS))
