"""Small policies for tests, built from records alone."""

import hashlib
from collections.abc import Iterable
from types import MappingProxyType

import pytest

from launchpad.edits.policy_starters import start_policy
from launchpad.records import (
    TABLES,
    Clause,
    ClauseResponse,
    Example,
    Inputs,
    Policy,
    PolicyVersion,
    Record,
    RiskArea,
    TaxonomyRelease,
    record_from,
)

POLICY, OLD, NEW = 10, 20, 21


class Small:
    """A policy P with a version 1, an area each of open, sensitive and restricted handling, and whatever is added."""

    def __init__(self) -> None:
        self.rows: list[Record] = [
            TaxonomyRelease(id=1, code="TAX", name="Own", version="1"),
            RiskArea(id=2, code="A-1", name="Fraud", release=1, plain="Cheating people out of money."),
            RiskArea(id=3, code="A-2", name="Self-harm", release=1, handling="sensitive"),
            RiskArea(id=4, code="A-3", name="Weapons", release=1, handling="restricted"),
            RiskArea(id=5, code="A-3.1", name="Part of it", release=1, parent=4),
            Policy(id=POLICY, code="P", name="Scams", area=2),
            PolicyVersion(id=OLD, policy=POLICY, version="1", scope="The answer."),
        ]
        self.texts: dict[str, str] = {}
        self._next = 1000

    def add(self, record: type[Record], **fields: object) -> Record:
        self._next += 1
        made = record(**{"id": self._next, **fields})  # pyright: ignore[reportCallIssue] - named by the test
        self.rows.append(made)
        return made

    def clause(self, number: int, kind: str = "violates", **fields: object) -> Record:
        values: dict[str, object] = {
            "code": f"P-{number:02d}",
            "version": OLD,
            "kind": kind,
            "rule": f"The answer does thing {number}.",
            "place": number,
            "precedence": 100 - number,
        }
        return self.add(Clause, **{**values, **fields})

    def reply(self, clause: Record, style: str = "refuse", **fields: object) -> Record:
        return self.add(ClauseResponse, clause=clause.id, style=style, **fields)

    def example(self, code: str, clause: str, side: str, request: str, **fields: object) -> Record:
        return self.add(
            Example, code=code, policy=POLICY, clause=clause, side=side, request=self.text(request), **fields
        )

    def text(self, words: str) -> str:
        sha256 = hashlib.sha256(words.encode()).hexdigest()
        self.texts[sha256] = words
        return sha256

    def sound(self) -> "Small":
        """A policy that lint finds nothing in: a rule that forbids, and an exception above it."""
        first = self.clause(
            1, severity=3, escalate_when="Send to the fraud team when money was paid.", rationale="Why."
        )
        self.reply(first, note="kindly")
        self.clause(2, kind="exception", precedence=200)
        for number in (1, 2):
            code = f"P-{number:02d}"
            self.example(f"{code}-X1", code, "violates", f"Over {number}", near_line=True, pair_of=f"{code}-X2")
            self.example(f"{code}-X2", code, "allowed", f"Fine {number}", near_line=True, pair_of=f"{code}-X1")
        return self

    @property
    def inputs(self) -> Inputs:
        return inputs_of(self.rows, self.texts)

    @property
    def version(self) -> PolicyVersion:
        return self.inputs.get(PolicyVersion, OLD)


def inputs_of(rows: Iterable[Record], texts: dict[str, str]) -> Inputs:
    tables: dict[str, list[Record]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row)
    return Inputs(MappingProxyType({table: tuple(found) for table, found in tables.items()}), texts)


@pytest.fixture
def small():
    return Small()


@pytest.fixture
def started():
    """The inputs that starting from a bundled policy makes, and its version."""

    def make(slug: str) -> tuple[Inputs, PolicyVersion]:
        proposal = start_policy(Inputs({}), slug)
        rows = [record_from(TABLES[change.table], change.key, change.after) for change in proposal.changes]
        inputs = inputs_of(rows, {sha256: text.decode() for sha256, text in proposal.content.items()})
        return inputs, inputs.rows(PolicyVersion)[0]

    return make
