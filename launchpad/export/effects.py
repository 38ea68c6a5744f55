"""The effects: what each lets through, live, and how the misses of a stage combine under three kinds of overlap."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from launchpad.export import addresses, pairs
from launchpad.export.addresses import Addresses, of, under
from launchpad.export.formulas import mixed, mixed_value, product_of, spans
from launchpad.export.sheet import Content, Formula, Page, heading, lay_out, table, value_of
from launchpad.export.wiring import EFFECTS, REFUSAL, Line
from launchpad.records.links import STAGES
from launchpad.scoring.mitigations import STAGE_ORDER, overlaps

Row = dict[str, Content]
NAMES = (*(STAGES[stage] for stage in STAGE_ORDER), "False refusal")


class Weight(NamedTuple):
    """How strongly misses coincide: as a formula spells it, and its value."""

    words: str
    value: float


class Weights(NamedTuple):
    """The beta factors."""

    family: Weight
    between: Weight


INDEPENDENT, COMONOTONE = Weight("0", 0.0), Weight("1", 1.0)


@dataclass(frozen=True)
class Cell:
    """What acts at one stage of one scenario: places in the lines by family, in their order."""

    stage: int
    families: tuple[tuple[int, ...], ...]

    @property
    def places(self) -> list[int]:
        """All places."""
        return [place for family in self.families for place in family]


def fill(page: Page, at: Addresses) -> None:
    """Write one row for each effect, by scenario, stage and family, with what follows from it in the last of each."""
    heading(
        page,
        EFFECTS,
        "What each mitigation does to each scenario at each stage, and what gets through. Family and stage stand in "
        "the last row of theirs. Switched: the same with that one mitigation on where it is off, or off where it is "
        "on. The formulas rest on the order of the rows: do not sort.",
    )
    rows = rows_of(at)
    pairs.complete(at, rows)
    titles = [column.title for column in at.effects]
    lines = ([row.get(title) for title in titles] for row in rows)
    table(page, "effects", at.effects, lines, empty="Nothing acts on any scenario yet.", sortable=False)
    lay_out(page, at.effects, frozen=3, across=3)


def rows_of(at: Addresses) -> list[Row]:
    """The rows by the titles of their columns; what a switch of one mitigation changes is filled in by `pairs`."""
    model, lines = at.wiring.model, at.wiring.lines
    codes = [scenario.code for scenario in model.scenarios]
    rows: list[Row] = [
        {
            "Code": model.variants[line.variant].code,
            "Scenario": codes[line.scenario],
            "Stage": NAMES[line.stage],
            "Shares weaknesses with": family_name(line),
            addresses.VARIANT: line.variant + 1,
        }
        for line in lines
    ]
    for (_, stage), group in groupby(range(len(lines)), key=lambda place: (lines[place].scenario, lines[place].stage)):
        families = groupby(group, key=lambda place: lines[place].family)
        cell = Cell(stage, tuple(tuple(places) for _, places in families))
        for state in at.wiring.live:
            _lets_through(at, cell, state.name, rows)
        _switched(at, cell, rows)
    return rows


def family_name(line: Line) -> str:
    """A family in words; empty for what stands alone."""
    kind, _, name = line.family.partition(" ")
    return name if kind == "family" else ""


def _lets_through(at: Addresses, cell: Cell, state: str, rows: list[Row]) -> None:
    """One state of a cell: each miss, each family, and the stage under the three overlaps."""
    on = {each.name: each.active for each in at.wiring.live}[state]
    lets, worse, credited = (of(state, title) for title in (addresses.LETS, addresses.WORSE, addresses.CREDITED))
    for place in cell.places:
        line, row = at.wiring.lines[place], rows[place]
        row[credited] = line.credited[state]
        words = f"=1-{at.on_cell(line.variant, state)}*{at.effect(credited, place)}"
        miss = Formula(words, 1 - float(on[line.variant]) * line.credited[state])
        row[lets], row[worse] = (1.0, miss) if line.worse else (miss, None)
    last = rows[cell.places[-1]]
    spoilt = _worse(at, cell, state, rows)
    if cell.stage == REFUSAL:
        last[under(state, "beta", addresses.STAGE)] = _joined(at, lets, [cell.places], rows, INDEPENDENT)
        return
    family, weights = of(state, addresses.FAMILY), _weights(at)
    for places in cell.families:
        rows[places[-1]][family] = _joined(at, lets, [places], rows, weights.family)
    for overlap, title, weight in (
        ("independent", lets, INDEPENDENT),
        ("beta", family, weights.between),
        ("comonotone", lets, COMONOTONE),
    ):
        found = _joined(at, title, [cell.places], rows, weight)
        last[under(state, overlap, addresses.STAGE)] = _times(found, spoilt)


def _switched(at: Addresses, cell: Cell, rows: list[Row]) -> None:
    """Today's stage with each mitigation switched the other way, one at a time."""
    on, credited = at.wiring.model.current.active, of("current", addresses.CREDITED)
    for family in cell.families:
        for place in family:
            line, row = at.wiring.lines[place], rows[place]
            words = f"=1-(1-{at.on_cell(line.variant, 'current')})*{at.effect(credited, place)}"
            row[addresses.SWITCHED] = Formula(words, 1 - (1 - float(on[line.variant])) * line.credited["current"])
            row[addresses.SWITCHED_STAGE] = _stage_switched(at, cell, family, place, rows)


def _stage_switched(at: Addresses, cell: Cell, family: Sequence[int], place: int, rows: list[Row]) -> Formula:
    lets, weights = of("current", addresses.LETS), _weights(at)
    own = at.effect(addresses.SWITCHED, place), rows[place][addresses.SWITCHED]
    if cell.stage == REFUSAL:
        return _joined(at, lets, _beside(cell.places, [place]), rows, INDEPENDENT, own)
    title = of("current", addresses.FAMILY)
    spoilt = _worse(at, cell, "current", rows)
    if at.wiring.lines[place].worse:
        return _times(_joined(at, title, [cell.places], rows, weights.between), {**spoilt, place: own})
    together = _joined(at, lets, _beside(family, [place]), rows, weights.family, own)
    rows[place][addresses.SWITCHED_FAMILY] = together
    changed = at.effect(addresses.SWITCHED_FAMILY, place), together
    return _times(_joined(at, title, _beside(cell.places, family), rows, weights.between, changed), spoilt)


def _joined(
    at: Addresses,
    title: str,
    stretches: Sequence[Sequence[int]],
    rows: list[Row],
    weight: Weight,
    beside: tuple[str, Content] | None = None,
) -> Formula:
    """What stretches of a column let through together, and one more cell beside them."""
    parts = spans(*([at.effect(title, place) for place in places] for places in stretches))
    filled = (rows[place].get(title) for places in stretches for place in places)
    values = [value_of(content) for content in filled if content is not None]
    if beside is not None:
        parts, values = [*parts, beside[0]], [*values, value_of(beside[1])]
    return Formula(f"={mixed(parts, weight.words)}", mixed_value(values, weight.value))


def _beside(places: Sequence[int], gone: Sequence[int]) -> list[Sequence[int]]:
    """What is left of a stretch on either side of a shorter one within it."""
    first = places.index(gone[0])
    return [places[:first], places[first + len(gone) :]]


def _times(formula: Formula, spoilt: Mapping[int, tuple[str, Content]]) -> Formula:
    """A stage times what makes it worse, outside the rule for families."""
    words = product_of([formula.text[1:], *(cell for cell, _ in spoilt.values())])
    return Formula(f"={words}", value_of(formula) * math.prod(value_of(content) for _, content in spoilt.values()))


def _worse(at: Addresses, cell: Cell, state: str, rows: list[Row]) -> dict[int, tuple[str, Content]]:
    """What makes a stage worse, by place: the cell and what stands in it."""
    title = of(state, addresses.WORSE)
    return {
        place: (at.effect(title, place), rows[place][title]) for place in cell.places if at.wiring.lines[place].worse
    }


def _weights(at: Addresses) -> Weights:
    """The beta factors within a family and between families."""
    case = overlaps(at.wiring.model.coefficients)["beta"]
    return Weights(Weight("overlap_family", case.family), Weight("overlap_between", case.between))
