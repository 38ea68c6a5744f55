"""A policy P with versions 1 and 2, two clauses, a gold set and runs against it, built from records alone."""

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from launchpad.changes import Change
from launchpad.records import (
    TABLES,
    Clause,
    Example,
    GoldSet,
    Inputs,
    Label,
    Policy,
    PolicyRun,
    PolicyVersion,
    Record,
    RiskArea,
    RunAnswer,
    TaxonomyRelease,
    record_from,
    values_of,
)

POLICY, OLD, NEW, GOLD = 50_000, 50_001, 50_002, 50_003
AREAS = {"open": 50_011, "sensitive": 50_012, "restricted": 50_013}
RULE = "The answer helps with thing {}."


class Judged:
    """The rows of a policy, and short ways to add to them; what is settled is settled under both versions."""

    def __init__(self, others: Iterable[Record] = ()) -> None:
        self.rows: list[Record] = [
            *others,
            TaxonomyRelease(id=50_010, code="TAX-P", name="Own", version="1"),
            *(
                RiskArea(id=key, code=f"A-{name}", name=name, release=50_010, handling=name)
                for name, key in AREAS.items()
            ),
            Policy(id=POLICY, code="P", name="Scams"),
            PolicyVersion(id=OLD, policy=POLICY, version="1", status="released"),
            PolicyVersion(id=NEW, policy=POLICY, version="2", supersedes="1"),
            GoldSet(id=GOLD, code="G", name="Gold", policy=POLICY),
        ]
        self.texts: dict[str, str] = {}
        self._next = 60_000

    def add(self, record: type[Record], **fields: Any) -> Any:
        self._next += 1
        made = record(**{"id": self._next, **fields})  # pyright: ignore[reportCallIssue] - named by the test
        self.rows.append(made)
        return made

    def clauses(self, *numbers: int, version: int | None = None, **fields: Any) -> "Judged":
        for number in numbers:
            for row in (OLD, NEW) if version is None else (version,):
                values = {"code": f"P-{number:02d}", "kind": "violates", "rule": RULE.format(number), "place": number}
                self.add(Clause, version=row, **{**values, **fields})
        return self

    def item(self, code: str, violation: str | None = None, request: str | None = None, **fields: Any) -> Example:
        told = {name: fields.pop(name) for name in ("defensible", "cites") if name in fields}
        values = {"policy": POLICY, "gold_set": GOLD, "clause": "P-01", **fields}
        row = self.add(Example, code=code, request=None if request is None else self.text(request), **values)
        for version in (OLD, NEW) if violation else ():
            about = {"clause": told.get("cites", "P-01"), "defensible": told.get("defensible")}
            self.label(row, "unanimous", violation, version=version, gold=True, **about)
        return row

    def label(self, row: Example, rater: str, violation: str | None, version: int = OLD, **fields: Any) -> Label:
        return self.add(Label, example=row.id, policy_version=version, rater=rater, violation=violation, **fields)

    def run(self, code: str, answers: Mapping[str, Any], version: int = OLD, **fields: Any) -> PolicyRun:
        """A run whose answers are, by code of the example, a label, an outcome, or (label, score) or more fields."""
        values = {
            "policy_version": version,
            "gold_set": GOLD,
            "rendering": "chat",
            "host": "localhost",
            "model": "m",
            "prompt_sha256": "0" * 64,
            "status": "complete",
            "started": f"2026-11-{10 + len(self.rows) % 10:02d}T10:00:00Z",
            "finished": "2026-11-20T10:00:00Z",
        }
        run = self.add(PolicyRun, code=code, **{**values, **fields})
        keys = {row.code: row.id for row in self.rows if isinstance(row, Example)}
        for example, said in answers.items():
            self.add(RunAnswer, run=run.id, example=keys[example], **_answer(said))
        return run

    def text(self, words: str) -> str:
        sha256 = hashlib.sha256(words.encode()).hexdigest()
        self.texts[sha256] = words
        return sha256

    @property
    def inputs(self) -> Inputs:
        tables: dict[str, list[Record]] = {}
        for row in self.rows:
            tables.setdefault(row.table, []).append(row)
        return Inputs(MappingProxyType({table: tuple(found) for table, found in tables.items()}), self.texts)

    @property
    def policy(self) -> Policy:
        return self.inputs.get(Policy, POLICY)

    def version(self, key: int = OLD) -> PolicyVersion:
        return self.inputs.get(PolicyVersion, key)


def _answer(said: Any) -> dict[str, Any]:
    if isinstance(said, dict):
        return {"outcome": "label", **said}
    label, score = said if isinstance(said, tuple) else (said, None)
    if label in ("refused", "unparsable", "error"):
        return {"outcome": label}
    return {"outcome": "label", "label_given": label, "score": score}


def applied(inputs: Inputs, changes: Iterable[Change]) -> Inputs:
    """The inputs as they are once these changes were made."""
    tables = {table: {row.id: row for row in rows} for table, rows in inputs.tables.items()}
    for change in changes:
        rows = tables.setdefault(change.table, {})
        held = values_of(rows[change.key]) if change.key in rows else {}
        assert change.after is not None
        rows[change.key] = record_from(TABLES[change.table], change.key, {**held, **change.after})
    return dataclasses.replace(
        Inputs(MappingProxyType({name: tuple(rows.values()) for name, rows in tables.items()}), inputs.texts)
    )
