"""How a number came about, and what a person should be told about the inputs."""

from dataclasses import dataclass
from typing import Any, Literal

from launchpad.records import Inputs, Record

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


def named(inputs: Inputs, row: Record) -> str:
    """A record as factors and warnings name it, and as the command line takes it: `table address`."""
    return f"{row.table} {inputs.address(row)}"
