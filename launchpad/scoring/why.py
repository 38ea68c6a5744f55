"""How a number came about, and what a person should be told about the inputs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from launchpad.records import TABLES, Inputs, Record

FIRST = 3
Kind = Literal["measured", "elicited", "assumed", "stated", "computed"]


@dataclass(frozen=True, slots=True)
class Factor:
    """One number and where it comes from.

    `kind` says how it is known: measured, elicited, assumed, stated (a plain number a person
    entered) or computed (from `parts`). `source` is a record as `table address`, or empty.
    `value` is None when it is unknown.
    """

    label: str
    value: float | None
    kind: Kind
    source: str = ""
    note: str = ""
    parts: tuple["Factor", ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The tree as plain values, parts within parts."""
        return {
            "label": self.label,
            "value": self.value,
            "kind": self.kind,
            "source": self.source,
            "note": self.note,
            "parts": [part.as_json() for part in self.parts],
        }

    def lines(self, depth: int = 0) -> list[str]:
        """The tree in words, one indented line for each factor."""
        value = "" if self.value is None else f" = {self.value:.4g}"
        known = "" if self.kind == "computed" else f" [{self.kind}]"
        source = f"  ({self.source})" if self.source else ""
        note = f"  {self.note}" if self.note else ""
        own = f"{'  ' * depth}{self.label}{value}{known}{note}{source}"
        return [own, *(line for part in self.parts for line in part.lines(depth + 1))]


@dataclass(frozen=True, slots=True, order=True)
class ModelWarning:
    """Something about the inputs a person should look at: the record as `table address`, field, sentence."""

    record: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """One sentence that holds for several records of one table, each as `table address`."""

    records: tuple[str, ...]
    field: str
    message: str

    @property
    def who(self) -> str:
        """One record by its name; of several how many they are and the first few."""
        if len(self.records) == 1:
            return self.records[0]
        table = self.records[0].partition(" ")[0]
        first = ", ".join(record.partition(" ")[2] for record in self.records[:FIRST])
        rest = f" and {len(self.records) - FIRST} more" if len(self.records) > FIRST else ""
        return f"{len(self.records)} {TABLES[table].plural.lower()} ({first}{rest})"


def gathered(warnings: Iterable[ModelWarning]) -> tuple[Gathered, ...]:
    """The warnings with those that say the same of records of one table told once, in the order of their first."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for warning in warnings:
        table = warning.record.partition(" ")[0]
        groups.setdefault((table, warning.field, warning.message), []).append(warning.record)
    return tuple(Gathered(tuple(records), field, message) for (_, field, message), records in groups.items())


def named(inputs: Inputs, row: Record) -> str:
    """A record as factors and warnings name it, and as the command line takes it: `table address`."""
    return f"{row.table} {inputs.address(row)}"
