"""What a scenario's public cases come to for every set of mitigations that cells can turn on.

It is an expectation over all we do not know and has no closed form, so the program's own values are looked up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from launchpad.export.addresses import Addresses
from launchpad.export.sheet import FIRST, HEADER, Page, heading, print_landscape, put
from launchpad.export.wiring import REFUSAL, STORIES, WORDS, Wiring
from launchpad.scoring.mitigations import SEVERITY
from launchpad.scoring.model import State
from launchpad.scoring.refusals import Refusals, rows_on
from launchpad.scoring.stories import expected_in, points

MOST_BITS, MOST_ENTRIES = 11, 6_000
LOOKED_UP = "looked up, exact"
ABOUT = "about, in step with its value at the means"
SHOWN = ("inherent", "current", "planned")


@dataclass(frozen=True)
class Story:
    """E[ln(1 + nu)] of one scenario by the set of its switches that are on, in column `column` of the page.

    The first value is for none on; the n-th switch counts 2^n in the place of a value.
    """

    switches: tuple[int, ...]
    column: int
    values: tuple[float, ...]


@dataclass(frozen=True)
class Stories:
    """The tables by scenario and state, and for every state (S,) what the program has now.

    A scenario with too many switches has no table; one without any has none either, and needs none.
    """

    tables: Mapping[tuple[int, str], Story]
    now: Mapping[str, tuple[float, ...]]
    switches: tuple[tuple[int, ...], ...]

    def how(self, index: int) -> str:
        """How the story of a scenario follows from what is on, in words."""
        if not self.switches[index]:
            return "fixed: nothing planned acts on it"
        return LOOKED_UP if (index, "current") in self.tables else ABOUT


def stories_of(wiring: Wiring) -> Stories:
    """Every story that a cell of the workbook can ask for, within a bound on how many are worked out."""
    model, refusals = wiring.model, points(wiring.model)
    told = [bool(model.scored[index]) and risk.visible is not None for index, risk in enumerate(model.risks)]
    states = [state for state in (model.inherent, *wiring.live) if state.name in SHOWN]
    known = [
        expected_in(model, index, refusals, states) if yes else [0.0] * len(states) for index, yes in enumerate(told)
    ]
    now = {state.name: tuple(values[place] for values in known) for place, state in enumerate(states)}
    switches = tuple(_switches(wiring, index) if yes else () for index, yes in enumerate(told))
    tables: dict[tuple[int, str], Story] = {}
    column, room = 1, MOST_ENTRIES
    for index in sorted(range(len(told)), key=lambda index: (len(switches[index]), index)):
        size = 2 ** min(len(switches[index]), MOST_BITS + 1)
        kinds = _kinds(wiring, index)
        if not switches[index] or len(switches[index]) > MOST_BITS or size * len(set(kinds.values())) > room:
            continue
        for first in dict.fromkeys(kinds.values()):
            column, room = column + 1, room - size
            story = Story(switches[index], column, _values(wiring, index, first, switches[index], refusals))
            tables |= {(index, state): story for state, like in kinds.items() if like == first}
    return Stories(tables, now, switches)


def fill(page: Page, at: Addresses, stories: Stories) -> None:
    """Write each table as a column, the value for no switch on first."""
    heading(
        page,
        STORIES,
        "The expected logarithm of 1 + public cases for every set of planned mitigations that can be on; the page "
        "Scores looks up the set that is. The number of a set: each switch that is on counts as its header says.",
    )
    codes = [scenario.code for scenario in at.wiring.model.scenarios]
    named: dict[int, list[str]] = {}
    held: dict[int, Story] = {}
    for (index, state), story in at_columns(stories):
        named.setdefault(story.column, [codes[index]]).append(WORDS[state])
        held[story.column] = story
    for place in range(max((len(story.values) for story in held.values()), default=0)):
        put(page, FIRST + place, 1, place, "whole")
    put(page, HEADER, 1, "Set", "header right")
    for column, story in held.items():
        put(page, HEADER, column, ", ".join(named[column]), "header right")
        page.sheet.column_dimensions[get_column_letter(column)].width = 14
        for place, value in enumerate(story.values):
            put(page, FIRST + place, column, value, "amount")
    page.sheet.row_dimensions[HEADER].height = 44
    page.sheet.freeze_panes = f"B{FIRST}"
    print_landscape(page)


def at_columns(stories: Stories) -> list[tuple[tuple[int, str], Story]]:
    """The tables in the order of their columns."""
    return sorted(stories.tables.items(), key=lambda item: item[1].column)


def looked_up(at: Addresses, story: Story, state: str) -> str:
    """The value for the set that is on, as a formula's words."""
    letter = get_column_letter(story.column)
    place = "+".join(["1", *(f"{at.on_cell(each, state)}*{2**bit}" for bit, each in enumerate(story.switches))])
    return f"INDEX({STORIES}!${letter}${FIRST}:${letter}${FIRST - 1 + len(story.values)},{place})"


def _switches(wiring: Wiring, index: int) -> tuple[int, ...]:
    """The variants that a cell can turn on or off and that bear on a scenario's public cases."""
    lines = wiring.lines
    stages = (stage for stage in range(REFUSAL + 1) if stage != SEVERITY)
    acting = {lines[place].variant for stage in stages for place in wiring.cell(index, stage)}
    return tuple(each for each in wiring.switchable if each in acting)


def _kinds(wiring: Wiring, index: int) -> dict[str, str]:
    """For each state shown the first one in which everything is credited alike: they share a table."""
    model, here = wiring.model, wiring.model.effects.of(index)
    first: dict[bytes, str] = {}
    return {
        state.name: first.setdefault(model.credit(state.verified)[here].tobytes(), state.name)
        for state in wiring.live
        if state.name in SHOWN
    }


def _values(wiring: Wiring, index: int, name: str, switches: Sequence[int], refusals: Refusals) -> tuple[float, ...]:
    """The story of a scenario for every set of its switches, the rest as it stands in a state."""
    model = wiring.model
    state = next(each for each in wiring.live if each.name == name)
    sets: list[State] = []
    for number in range(2 ** len(switches)):
        active = state.active.copy()
        active[list(switches)] = [bool(number >> bit & 1) for bit in range(len(switches))]
        sets.append(replace(state, active=active))
    if model.over_refusal[index]:
        behind = model.side.row_behind[:, index]
        refusals.prepare(rows_on(behind, each.active) for each in sets)
    return tuple(expected_in(model, index, refusals, sets))
