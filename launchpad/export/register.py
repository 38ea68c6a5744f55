"""The register: every scenario with its risk before and after, and live totals over those that are summed."""

from collections.abc import Iterator
from dataclasses import dataclass

from launchpad.export import addresses
from launchpad.export.addresses import Addresses
from launchpad.export.facts import Facts
from launchpad.export.handling import name_of
from launchpad.export.sheet import (
    FIRST,
    TOTAL,
    Column,
    Content,
    Formula,
    Page,
    column_range,
    heading,
    lay_out,
    letter_of,
    put,
    table,
)
from launchpad.records import ActorProfile, RiskArea, Scenario, Severity, Surface
from launchpad.records.taxonomy import AREA_CLASSES
from launchpad.results import STATES, ScenarioRow

OVERLAPS = ("beta", "independent", "comonotone")
SUMMED, NUMBER = "In sums", "No."
REPUTATIONAL = "Reputational, "


def technical_title(state: str, overlap: str) -> str:
    """The header of the mean technical loss of a state under a kind of overlap."""
    kinds = {"beta": "", "independent": " (independent)", "comonotone": " (all coincide)"}
    return f"Technical, {state}{kinds[overlap]}"


COLUMNS = (
    Column("Rank", "whole", 7),
    Column("Code", "strong", 10),
    Column("Scenario", "wrap", 36),
    Column("Risk area", "wrap", 24),
    Column("Class", "wrap", 18),
    Column("Surface", "wrap", 16),
    Column("Actor", "wrap", 18),
    Column("Owner", "wrap", 14),
    Column("Severity", "whole", 11),
    Column(SUMMED, "text", 9),
    Column("Propensity, low", "percent", 13),
    Column("Propensity, median", "percent", 13),
    Column("Propensity, high", "percent", 13),
    Column("Known by", "text", 16),
    *(Column(technical_title(state, overlap), "amount", 16) for state in STATES for overlap in OVERLAPS),
    Column("Technical, current, 5 %", "amount", 13),
    Column("Technical, current, 95 %", "amount", 13),
    *(Column(f"{REPUTATIONAL}{state}", "amount", 15) for state in STATES),
    Column("Blamed as", "text", 13),
    Column("Assumed share", "share", 11),
    Column(NUMBER, "whole", 6, hidden=True),
)


def fill(page: Page, facts: Facts, at: Addresses) -> None:
    """Write one row for each scenario, worst first, and the live totals of those that enter sums."""
    heading(
        page,
        "Register",
        f"Harm over {facts.launch.horizon_days} days after the launch, one unit being {facts.harm_unit}. "
        "Catastrophic scenarios enter no sum. Risk and rank are live; the 5 % and 95 % points come from "
        f"{facts.results.draws:,} draws, seed {facts.results.seed}, and are not.",
    )
    rows = sorted(facts.results.scenarios, key=lambda row: (row.rank is None, row.rank and row.rank.rank, row.code))
    last = table(page, "register", COLUMNS, _lines(facts, at, rows), empty="No scenarios yet.")
    lay_out(page, COLUMNS, frozen=3, across=2)
    for column in range(1, len(COLUMNS) + 1):
        put(page, TOTAL, column, None, "total text")
    put(page, TOTAL, 1, "Total", "total text")
    for state in STATES:
        for overlap in OVERLAPS:
            values = [_technical(row, state, overlap) for row in rows if not row.catastrophic]
            _total(page, technical_title(state, overlap), last, values)
        known = [row.reputational_states[state] for row in rows if not row.catastrophic]
        _total(page, f"{REPUTATIONAL}{state}", last, known)


@dataclass(frozen=True)
class _Live:
    """One row of the register: its cells look up the scores by the scenario's number, wherever sorting put the row."""

    at: Addresses
    number: str

    def cell(self, title: str, value: float | None) -> Content:
        """A live number of the scenario; None where it has none."""
        return None if value is None else Formula(f"=INDEX({self.at.score_range(title)},{self.number})", value)


def total_cell(title: str) -> str:
    """The cell in which the total of a column stands."""
    return f"${letter_of(COLUMNS, title)}${TOTAL}"


def _total(page: Page, title: str, last: int, values: list[float | None]) -> None:
    summed = column_range(COLUMNS, SUMMED, FIRST, last)
    cells = column_range(COLUMNS, title, FIRST, last)
    known = [value for value in values if value is not None]
    column = 1 + [each.title for each in COLUMNS].index(title)
    if known:
        put(page, TOTAL, column, Formula(f'=SUMIF({summed},"yes",{cells})', sum(known)), "total amount")


def _technical(row: ScenarioRow, state: str, overlap: str) -> float | None:
    found = row.states[state]
    return None if found is None else float(getattr(found, overlap))


def _lines(facts: Facts, at: Addresses, rows: list[ScenarioRow]) -> Iterator[tuple[Content, ...]]:
    inputs, index = facts.inputs, at.wiring.model.scenario_index
    for line, row in enumerate(rows, start=FIRST):
        live = _Live(at, f"${letter_of(COLUMNS, NUMBER)}{line}")
        scenario = inputs.get(Scenario, row.id)
        area = inputs.get(RiskArea, scenario.risk_area)
        severity = inputs.children(Severity, "scenario", scenario.id)
        yield (
            live.cell(addresses.RANK, None if row.rank is None else float(row.rank.rank)),
            row.code,
            name_of(inputs, scenario),
            area.name,
            AREA_CLASSES[area.area_class],
            "all" if scenario.surface is None else inputs.get(Surface, scenario.surface).name,
            "all" if scenario.actor is None else inputs.get(ActorProfile, scenario.actor).name,
            facts.person(scenario.owner),
            severity[0].level if severity else None,
            "no" if row.catastrophic else "yes",
            row.propensity.low,
            row.propensity.median,
            row.propensity.high,
            row.propensity.known_by,
            *(
                live.cell(addresses.under(state, overlap, "Technical"), _technical(row, state, overlap))
                for state in STATES
                for overlap in OVERLAPS
            ),
            row.technical and row.technical.low,
            row.technical and row.technical.high,
            *(live.cell(addresses.of(state, "Reputational"), row.reputational_states[state]) for state in STATES),
            row.reputational and row.reputational.attribution,
            row.assumed_share,
            index[row.id] + 1,
        )
