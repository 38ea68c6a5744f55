"""The clauses of a version as lines of a list: what each says of itself in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from launchpad.edits.clauses import in_decision_order
from launchpad.gui import words
from launchpad.gui.policies.study import Study, tr
from launchpad.gui.theme import Tone
from launchpad.records import Clause, ClauseResponse, Example, Inputs, PolicyVersion
from launchpad.records.policies import AUTHORITY, CLAUSE_KINDS, FORCE, STYLES

ICONS: Mapping[str, tuple[str, Tone]] = {
    "violates": ("notmet", "bad"),
    "allowed": ("met", "good"),
    "exception": ("fit", "info"),
}


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause in the list: its row, its place, what it says below its rule, and what is to be looked at."""

    clause: Clause
    place: int
    kind: str
    about: str
    answers: str
    over: int
    allowed: int
    findings: int

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        sides = tr("{0} over the line, {1} allowed").format(self.over, self.allowed)
        parts = (f"{self.place}", self.clause.code, self.kind, self.clause.rule, self.about, self.answers, sides)
        found = tr("{0} findings").format(self.findings) if self.findings else ""
        return ", ".join(part for part in (*parts, found) if part)


def clause_lines(inputs: Inputs, version: PolicyVersion, study: Study | None) -> list[ClauseLine]:
    """The clauses of a version in decision order, with the number of examples on each side and of findings."""
    sides = Counter(
        (row.clause, row.side)
        for row in inputs.children(Example, "policy", version.policy)
        if row.gold_set is None and row.clause is not None
    )
    found = Counter(one.record for one in study.findings) if study is not None else Counter[str]()
    return [
        ClauseLine(
            clause,
            place,
            kind_words(clause.kind),
            about(clause),
            answers(inputs.children(ClauseResponse, "clause", clause.id)),
            sides[clause.code, "violates"],
            sides[clause.code, "allowed"],
            found[f"clause {inputs.address(clause)}"],
        )
        for place, clause in enumerate(in_decision_order(inputs, version), start=1)
    ]


def kind_words(kind: str) -> str:
    """What a kind of clause is called."""
    return words.translate("records", CLAUSE_KINDS.get(kind, kind))


def about(clause: Clause) -> str:
    """Severity, precedence and who may override a clause, in a line."""
    parts = (
        "" if clause.severity is None else tr("severity {0}").format(clause.severity),
        "" if clause.precedence is None else tr("precedence {0}").format(clause.precedence),
        words.translate("records", AUTHORITY.get(clause.authority, clause.authority)).partition(":")[0],
    )
    return " · ".join(part for part in parts if part)


def answers(rows: Sequence[ClauseResponse]) -> str:
    """How a model answers what a clause matches, in a line."""
    ordered = sorted(rows, key=lambda row: (row.severity or 0, row.force, row.style))
    return "; ".join(answer_words(row) for row in ordered)


def answer_words(row: ClauseResponse) -> str:
    """One response in words: must refuse; from severity 3 must not comply."""
    force = words.translate("records", FORCE[row.force]).lower()
    style = words.translate("records", STYLES[row.style]).lower()
    at = "" if row.severity is None else tr("from severity {0} ").format(row.severity)
    return f"{at}{force} {style}"
