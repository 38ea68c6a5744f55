"""The columns of the pages that compute, and the address of each cell that another page needs."""

import functools
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from launchpad.export.sheet import FIRST, TOTAL, Column, column_range
from launchpad.export.wiring import EFFECTS, MITIGATIONS, REFUSAL, SCORES, WORDS, Wiring, row_of
from launchpad.scoring.mitigations import OVERLAPS

NUMBER, STATUS, IN_PLAN, EFFORT, GAIN = "No.", "Status", "In the plan", "Effort", "Gain"
TAKEN_TECHNICAL, TAKEN_REPUTATIONAL = "Technical taken off", "Reputational taken off"
PER_DAY = "Gain per person-day"
VARIANT, SWITCHED, SWITCHED_FAMILY, SWITCHED_STAGE = "Variant No.", "Switched", "Family, switched", "Stage, switched"
SWITCHED_RATE, DELTA_TECHNICAL, DELTA_REPUTATIONAL = "Rate, switched", "Technical changes by", "Reputational changes by"
SUMMED, AT_MEANS, RANK, HOW = "In sums", "Reputational at means", "Rank", "How stories follow"
CHANCES, PROPENSITY, REALISED, NET_NEW, HARM = (
    "Opportunities",
    "Propensity",
    "Becomes harm",
    "Net new",
    "Harm per event",
)
VISIBLE, IMPACT, ALONE = "Becomes public", "Impact", "Left alone in the evidence"
CREDITED, LETS, WORSE, FAMILY, STAGE = "Efficacy credited", "Lets through", "Makes worse", "Family", "Stage"
SHORT = {"independent": "independent", "beta": "beta", "comonotone": "all coincide"}


def on_title(state: str) -> str:
    """Whether a variant is on in a state."""
    return f"On {WORDS[state]}"


def of(state: str, title: str) -> str:
    """The header of a column about one state."""
    return f"{title}, {WORDS[state]}"


def under(state: str, overlap: str, title: str) -> str:
    """The header of a column about one state under one kind of overlap."""
    return f"{title}, {WORDS[state]} ({SHORT[overlap]})"


def evidence_title(overlap: str) -> str:
    """The header of what got past the safeguards of the evidence."""
    return f"Got past in the evidence ({SHORT[overlap]})"


@dataclass(frozen=True, eq=False)
class Addresses:
    """Where each number of a wiring stands."""

    wiring: Wiring

    @functools.cached_property
    def mitigations(self) -> tuple[Column, ...]:
        """The columns of the page Mitigations."""
        return _mitigations(self.wiring)

    @functools.cached_property
    def effects(self) -> tuple[Column, ...]:
        """The columns of the page Effects."""
        return _effects(self.wiring)

    @functools.cached_property
    def scores(self) -> tuple[Column, ...]:
        """The columns of the page Scores."""
        return _scores(self.wiring)

    def mitigation(self, title: str, place: int) -> str:
        """A cell of the row of a variant, as its own page names it."""
        return f"{self._letters[MITIGATIONS][title]}{row_of(place)}"

    def effect(self, title: str, place: int) -> str:
        """A cell of the row of an effect, as its own page names it."""
        return f"{self._letters[EFFECTS][title]}{row_of(place)}"

    def score(self, title: str, place: int) -> str:
        """A cell of the row of a scenario, as its own page names it."""
        return f"{self._letters[SCORES][title]}{row_of(place)}"

    def on_cell(self, place: int, state: str) -> str:
        """The cell that says whether a variant is on in a state, 1 or 0."""
        return f"{MITIGATIONS}!{self.mitigation(on_title(state), place)}"

    def stage_cell(self, scenario: int, stage: int, state: str, overlap: str) -> str | None:
        """The cell with what gets through a stage of a scenario, None where nothing acts there."""
        places = self.wiring.cell(scenario, stage)
        if not places:
            return None
        title = under(state, "beta" if stage == REFUSAL else overlap, STAGE)
        return f"{EFFECTS}!{self.effect(title, places[-1])}"

    def effects_sum(self, title: str, number: str) -> str:
        """The sum of a column of the effects over the rows of one variant, as a formula's words."""
        last = row_of(max(0, len(self.wiring.lines) - 1))
        numbers, cells = (column_range(self.effects, name, FIRST, last) for name in (VARIANT, title))
        return f"SUMIF({EFFECTS}!{numbers},{number},{EFFECTS}!{cells})"

    def score_cell(self, title: str, scenario: int) -> str:
        """A number of a scenario, as other pages name it."""
        return f"{SCORES}!{self.score(title, scenario)}"

    def score_range(self, title: str) -> str:
        """A column of the scores, as other pages name it."""
        last = row_of(max(0, len(self.wiring.model.scenarios) - 1))
        return f"{SCORES}!{column_range(self.scores, title, FIRST, last)}"

    def score_total(self, title: str) -> str:
        """The total of a column over the scenarios that are summed, as other pages name it."""
        return f"{SCORES}!${self._letters[SCORES][title]}${TOTAL}"

    @functools.cached_property
    def _letters(self) -> dict[str, dict[str, str]]:
        pages = {MITIGATIONS: self.mitigations, EFFECTS: self.effects, SCORES: self.scores}
        return {
            name: {column.title: get_column_letter(place) for place, column in enumerate(columns, start=1)}
            for name, columns in pages.items()
        }


def _mitigations(wiring: Wiring) -> tuple[Column, ...]:
    return (
        Column(NUMBER, "whole", 7),
        Column("Code", "strong", 14),
        Column("Mitigation", "wrap", 38),
        Column("Variant", "wrap", 18),
        Column(STATUS, "text", 11),
        Column(IN_PLAN, "text", 11),
        *(Column(on_title(state.name), "whole", 11) for state in wiring.live),
        Column(EFFORT, "days", 11),
        Column(TAKEN_TECHNICAL, "amount", 14),
        Column(TAKEN_REPUTATIONAL, "amount", 14),
        Column(GAIN, "percent", 11),
        Column(PER_DAY, "percent", 12),
    )


def _effects(wiring: Wiring) -> tuple[Column, ...]:
    return (
        Column("Code", "strong", 14),
        Column("Scenario", "text", 11),
        Column("Stage", "text", 13),
        Column("Shares weaknesses with", "text", 18),
        Column(VARIANT, "whole", 9),
        *(Column(of(state.name, CREDITED), "number", 12) for state in wiring.live),
        *(Column(title, "number", 12) for state in wiring.live for title in state_titles(state.name)),
        Column(SWITCHED, "number", 11),
        Column(SWITCHED_FAMILY, "number", 11),
        Column(SWITCHED_STAGE, "number", 11),
        Column(SWITCHED_RATE, "amount", 12),
        Column(DELTA_TECHNICAL, "amount", 14),
        Column(DELTA_REPUTATIONAL, "amount", 14),
    )


def state_titles(state: str) -> tuple[str, ...]:
    """The columns of one state on the page Effects."""
    parts = (of(state, LETS), of(state, WORSE), of(state, FAMILY))
    return (*parts, *(under(state, overlap, STAGE) for overlap in OVERLAPS))


def _scores(wiring: Wiring) -> tuple[Column, ...]:
    names = ["inherent", *(state.name for state in wiring.live)]
    shown = [name for name in names if name != "by_freeze"]
    numbers = (CHANCES, PROPENSITY, REALISED, NET_NEW, HARM, VISIBLE, IMPACT)
    return (
        Column(NUMBER, "whole", 7),
        Column("Code", "strong", 11),
        Column(SUMMED, "whole", 8),
        *(Column(title, "amount", 13) for title in numbers),
        *(Column(evidence_title(overlap), "number", 13) for overlap in OVERLAPS),
        Column(ALONE, "number", 12),
        *(Column(under(name, overlap, "Rate"), "amount", 13) for name in names for overlap in OVERLAPS),
        *(Column(under(name, overlap, "Technical"), "amount", 14) for name in shown for overlap in OVERLAPS),
        *(Column(of(name, "Events"), "amount", 13) for name in names),
        *(Column(of(name, "Public cases"), "amount", 13) for name in shown),
        *(Column(of(name, "Blame"), "number", 11) for name in shown),
        *(Column(of(name, "Story"), "amount", 13) for name in shown),
        *(Column(of(name, "Reputational"), "amount", 14) for name in shown),
        Column(AT_MEANS, "amount", 14),
        Column(RANK, "whole", 8),
        Column(HOW, "wrap", 20),
    )
