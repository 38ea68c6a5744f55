"""The launch before: which of its scenarios is which, and what its monitors saw as evidence for the next."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from launchpad.records import EvalResult, EvidenceLink, Inputs, Launch, MitigationVariant, Reading, Scenario, Surface
from launchpad.scoring import evidence
from launchpad.scoring.builds import build_match
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.evidence import Evidence, Observation
from launchpad.scoring.states import in_place_on, stated_on
from launchpad.scoring.why import ModelWarning, named

NOTHING = Evidence((), (), ())


def baseline_of(inputs: Inputs, launch: Launch) -> Launch | None:
    """The launch that this one follows, None without one; a launch never follows itself."""
    if launch.baseline is None or launch.baseline == launch.id:
        return None
    return inputs.get(Launch, launch.baseline)


def forebear(inputs: Inputs, before: Launch, scenario: Scenario) -> Scenario | None:
    """The scenario of an earlier launch that this one goes back to.

    By `copied from`, launch and code (`L-1/R-003`), else the one of the same code in the same risk area.
    """
    near = [row for row in inputs.children(Scenario, "risk_area", scenario.risk_area) if row.launch == before.id]
    origin = (scenario.copied_from or "").replace("/", " ").split()
    if not origin:
        return next((row for row in near if row.code == scenario.code), None)
    if origin[0] != before.code or len(origin) != 2:
        return None
    rows = (row for known in (near, inputs.rows(Scenario, before.id)) for row in known)
    return next((row for row in rows if row.code == origin[1]), None)


def watched_before(inputs: Inputs, launch: Launch, scenario: Scenario, coefficients: Coefficients) -> Evidence:
    """What monitors of the baseline launch saw of a scenario, as observations of its propensity.

    Each reading with both numbers is k violations of n opportunities, single tries by whoever came, weighted as a
    result would be: by build, surface and age. On were the mitigations that it names; where it does not say, those
    that stood when it began. Nothing after the `as of` day of this launch counts. The rows of the baseline are read
    where they are.
    """
    before = baseline_of(inputs, launch)
    source = None if before is None else forebear(inputs, before, scenario)
    if before is None or source is None:
        return NOTHING
    kept, set_aside = countable(inputs, before, source, launch.as_of)
    warnings: list[ModelWarning] = []
    found: list[Observation] = []
    for row in kept:
        on, said = on_during(inputs, before, row)
        found.append(_observation(inputs, launch, before, scenario, (row, on), coefficients))
        warnings.extend(said)
    return Evidence(tuple(found), tuple(set_aside), tuple(warnings))


def countable(
    inputs: Inputs, launch: Launch, scenario: Scenario, as_of: str
) -> tuple[list[Reading], list[tuple[str, str]]]:
    """The readings of a scenario that give a rate, in time order, and those that do not with the reason.

    A reading needs violations of opportunities; of several about the same days the one that saw most counts.
    """
    kept: list[Reading] = []
    set_aside: list[tuple[str, str]] = []
    rows = [row for row in inputs.children(Reading, "scenario", scenario.id) if row.launch == launch.id]
    for row in sorted(rows, key=lambda row: (-(row.opportunities or 0), row.starts, row.code)):
        record = named(inputs, row)
        if not launch.launch_date <= row.starts or last_day(row) > as_of:
            set_aside.append((record, f"It is not between the launch and {as_of}."))
        elif row.violations is None or not row.opportunities:
            set_aside.append((record, "It has no violations of opportunities seen, so it gives no rate."))
        elif row.violations > row.opportunities:
            set_aside.append((record, "It found more violations than it saw opportunities."))
        elif any(row.starts <= last_day(other) and other.starts <= last_day(row) for other in kept):
            set_aside.append((record, "Another reading of the same days saw more."))
        else:
            kept.append(row)
    return sorted(kept, key=lambda row: row.starts), set_aside


def last_day(row: Reading) -> str:
    """The last day a reading is about."""
    return (date.fromisoformat(row.starts) + timedelta(days=row.days - 1)).isoformat()


def on_during(inputs: Inputs, launch: Launch, row: Reading) -> tuple[frozenset[int], tuple[ModelWarning, ...]]:
    """The variants that were on during a reading (row ids): those it names, else those that stood on its first day."""
    said, warnings = stated_on(inputs, row.in_place, named(inputs, row))
    if said is not None:
        return said, warnings
    return in_place_on(inputs, launch, row.starts), tuple(_changed(inputs, launch, row))


def _observation(
    inputs: Inputs,
    launch: Launch,
    before: Launch,
    scenario: Scenario,
    seen_with: tuple[Reading, frozenset[int]],
    coefficients: Coefficients,
) -> Observation:
    """A reading with what was on as evidence: the result and link it would be, were it a run; neither is stored."""
    row, on = seen_with
    result = EvalResult(
        id=row.id,
        code=row.code,
        evaluation=0,
        model=before.model,
        snapshot=before.snapshot,
        n=row.opportunities,
        count=row.violations,
        status="complete",
        elicitation="strong",
        harness="monitoring",
        run_date=last_day(row),
        in_place=", ".join(_codes(inputs, on)) or "none",
    )
    build = build_match(launch, result).nearness
    link = EvidenceLink(
        id=row.id,
        launch=launch.id,
        result=row.id,
        scenario=scenario.id,
        snapshot="near" if build == "unknown" else build,
        surface="same" if _same_surface(inputs, row, scenario) else "near",
    )
    seen, of = row.violations or 0, row.opportunities or 1
    reading = evidence.Reading(result, named(inputs, row), seen / of, float(of), of, partial=False)
    weight, age, _ = evidence.weight_of(link, reading, launch, coefficients)
    return Observation(link, reading, weight, age, on)


def _changed(inputs: Inputs, before: Launch, row: Reading) -> Iterator[ModelWarning]:
    """That mitigations changed while a reading ran."""
    first, last = in_place_on(inputs, before, row.starts), in_place_on(inputs, before, last_day(row))
    if first != last:
        message = f"{', '.join(_codes(inputs, first ^ last))} changed while it ran: what stood at its start is taken."
        yield ModelWarning(named(inputs, row), "starts", message)


def _codes(inputs: Inputs, variants: frozenset[int]) -> Sequence[str]:
    return sorted(inputs.get(MitigationVariant, variant).code for variant in variants)


def _same_surface(inputs: Inputs, row: Reading, scenario: Scenario) -> bool:
    source = inputs.get(Scenario, row.scenario)
    codes = [None if one.surface is None else inputs.get(Surface, one.surface).code for one in (source, scenario)]
    return codes[0] == codes[1]
