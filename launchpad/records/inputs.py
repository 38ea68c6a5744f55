"""Everything a project file holds, frozen: what scoring, planning, screens and exports read."""

from __future__ import annotations

import functools
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

from launchpad.errors import UnknownRecordError
from launchpad.records.fields import Estimate, Record, Value, field_of, fields_of, values_of

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Inputs:
    """The rows of every table in the order of their codes, as frozen records.

    `texts` holds the texts of fields kept in `content` (names of people), by SHA-256. `head` is
    the SHA-256 of the newest journal row these rows include. Indexes are built when first used.
    """

    tables: Mapping[str, tuple[Record, ...]]
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    head: str = ""

    def rows(self, record: type[R], launch: int | None = None) -> tuple[R, ...]:
        """All rows of a record, or those of one launch."""
        found = cast("tuple[R, ...]", self.tables.get(record.table, ()))
        if launch is None:
            return found
        return tuple(row for row in found if getattr(row, "launch", launch) == launch)

    def get(self, record: type[R], row_id: int) -> R:
        """The row with this id; KeyError if there is none (a broken reference is a bug)."""
        return cast("R", self._by_id[record.table][row_id])

    def has(self, record: type[Record], row_id: int) -> bool:
        """Whether a row with this id exists."""
        return row_id in self._by_id.get(record.table, {})

    def find(self, record: type[R], address: str, launch: int | None = None) -> R:
        """The row people call by this address (`R-012`, `M-004.lite/R-012/propensity`).

        Raises UnknownRecordError when there is none, or when several launches have one.
        """
        found = [
            row
            for row in self._by_address[record.table].get(address, ())
            if launch is None or getattr(row, "launch", launch) == launch
        ]
        if not found:
            near = ", ".join(list(self._by_address[record.table])[:5])
            raise UnknownRecordError(
                f"There is no {record.label.lower()} called {address!r}.",
                f"The first ones are: {near}." if near else f"There are no {record.plural.lower()} yet.",
            )
        if len(found) > 1:
            raise UnknownRecordError(
                f"More than one {record.label.lower()} is called {address!r}.",
                "Name the launch with --launch.",
            )
        return cast("R", found[0])

    def address(self, row: Record) -> str:
        """How people name a row: its code, or its parts joined by a slash."""
        return "/".join(self.part(row, name) for name in type(row).address)

    def children(self, record: type[R], by: str, row_id: int) -> tuple[R, ...]:
        """The rows of a record whose reference `by` points to this row."""
        return cast("tuple[R, ...]", self._children(record.table, by).get(row_id, ()))

    def text(self, sha256: str | None) -> str | None:
        """The text behind a hash, or None when there is none or it was removed."""
        return None if sha256 is None else self.texts.get(sha256)

    def frame(self, record: type[Record], launch: int | None = None) -> pd.DataFrame:
        """The rows as a frame with one column per stored column, indexed by row id."""
        import pandas as pd

        rows = self.rows(record, launch)
        return pd.DataFrame([values_of(row) for row in rows], index=[row.id for row in rows])

    def with_rows(self, tables: Mapping[str, tuple[Record, ...]], head: str) -> Inputs:
        """A copy in which these tables are replaced."""
        return Inputs(MappingProxyType({**self.tables, **tables}), self.texts, head)

    def part(self, row: Record, name: str) -> str:
        """One field of a row as people read it in an address: a reference as the address it points to."""
        value = getattr(row, name)
        declared = field_of(type(row), name)
        if value is None:
            return ""
        if declared is None or declared.refers is None:
            return str(value)
        target = self._by_id[declared.refers].get(value)
        return "?" if target is None else self.address(target)

    @functools.cached_property
    def _by_id(self) -> dict[str, dict[int, Record]]:
        found: dict[str, dict[int, Record]] = defaultdict(dict)
        for table, rows in self.tables.items():
            found[table] = {row.id: row for row in rows}
        return found

    @functools.cached_property
    def _by_address(self) -> dict[str, dict[str, list[Record]]]:
        found: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for table, rows in self.tables.items():
            for row in rows:
                found[table][self.address(row)].append(row)
        return found

    @functools.cached_property
    def _child_indexes(self) -> dict[tuple[str, str], dict[int, tuple[Record, ...]]]:
        return {}

    def _children(self, table: str, by: str) -> dict[int, tuple[Record, ...]]:
        if (table, by) not in self._child_indexes:
            groups: dict[int, list[Record]] = defaultdict(list)
            for row in self.tables.get(table, ()):
                groups[getattr(row, by)].append(row)
            self._child_indexes[table, by] = {key: tuple(rows) for key, rows in groups.items()}
        return self._child_indexes[table, by]


def plain_row(inputs: Inputs, row: Record) -> dict[str, Value | list[Value]]:
    """A row as people know it: references as addresses, estimates as [low, median, high, kind]."""
    found: dict[str, Value | list[Value]] = {}
    for declared in fields_of(type(row)):
        value = getattr(row, declared.name)
        if isinstance(value, Estimate):
            found[declared.name] = [value.low, value.median, value.high, value.kind]
        elif declared.refers is not None and value is not None:
            found[declared.name] = inputs.part(row, declared.name)
        else:
            found[declared.name] = value
    return found


def fingerprint(inputs: Inputs, records: Iterable[type[Record]], launch: int | None = None) -> str:
    """SHA-256 over the rows of these records by codes and values, never row ids or row order."""
    lines = [
        json.dumps([record.table, plain_row(inputs, row)], sort_keys=True, ensure_ascii=False)
        for record in records
        for row in inputs.rows(record, launch)
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
