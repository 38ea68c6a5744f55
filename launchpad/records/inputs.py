"""Everything a project file holds, frozen: what scoring, planning, screens and exports read."""

from __future__ import annotations

import functools
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from launchpad.errors import UnknownRecordError
from launchpad.records.fields import Estimate, Record, Value, field_of, fields_of, values_of

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=Record)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Known:
    """Something found out about these tables; stale once one of them was replaced."""

    tables: frozenset[str]
    value: Any
    stale: bool = False


@dataclass(frozen=True, slots=True)
class _Lines:
    """Each row (by id) with words for it, given the addresses of the rows of every table it refers to."""

    names: Mapping[str, Mapping[int, str]]
    of: Mapping[int, tuple[Record, str]]


@dataclass(frozen=True)
class Inputs:
    """The rows of every table in the order of their codes, as frozen records.

    `texts` holds the texts of fields kept in `content` (names of people), by SHA-256. `head` is
    the SHA-256 of the newest journal row these rows include. Indexes are built when first used,
    and those of tables that stay the same are handed on by `with_rows`.
    """

    tables: Mapping[str, tuple[Record, ...]]
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    head: str = ""
    _known: dict[tuple[str, ...], _Known] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rows(self, record: type[R], launch: int | None = None) -> tuple[R, ...]:
        """All rows of a record, or those of one launch."""
        found = self.tables.get(record.table, ())
        if launch is not None and found and hasattr(found[0], "launch"):
            found = self._grouped(record.table, "launch").get(launch, ())
        return cast("tuple[R, ...]", found)

    def get(self, record: type[R], row_id: int) -> R:
        """The row with this id; KeyError if there is none (a broken reference is a bug)."""
        return cast("R", self._by_id(record.table)[row_id])

    def has(self, record: type[Record], row_id: int) -> bool:
        """Whether a row with this id exists."""
        return row_id in self._by_id(record.table)

    def find(self, record: type[R], address: str, launch: int | None = None) -> R:
        """The row people call by this address (`R-012`, `M-004.lite/R-012/propensity`).

        Raises UnknownRecordError when there is none, or when several launches have one.
        """
        by_address = self._by_address(record.table)
        found = [
            row for row in by_address.get(address, ()) if launch is None or getattr(row, "launch", launch) == launch
        ]
        if not found:
            near = ", ".join(list(by_address)[:5])
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
        named = self._known.get(("named", row.table))
        lines = self._named(row.table) if named is None or named.stale else cast("_Lines", named.value)
        known = lines.of.get(row.id)
        return known[1] if known is not None and known[0] is row else self._address(row)

    def addresses(self, table: str) -> Mapping[int, str]:
        """How people name each row of a table, by row id."""

        def make() -> dict[int, str]:
            return {row_id: address for row_id, (_, address) in self._named(table).of.items()}

        return self._once(("addresses", table), self.named_by, make)

    def named_by(self, table: str) -> frozenset[str]:
        """The tables that the addresses of a table rest on, itself included."""
        known = self._known.get(("named by", table))
        if known is None or known.stale:
            found, following = {table}, [table]
            while following:
                more = set(self._refers(following.pop(), by_address=True)) - found
                found |= more
                following.extend(more)
            known = self._known["named by", table] = _Known(frozenset(found), None)
        return known.tables

    def children(self, record: type[R], by: str, row_id: int) -> tuple[R, ...]:
        """The rows of a record whose reference `by` points to this row."""
        return cast("tuple[R, ...]", self._grouped(record.table, by).get(row_id, ()))

    def text(self, sha256: str | None) -> str | None:
        """The text behind a hash, or None when there is none or it was removed."""
        return None if sha256 is None else self.texts.get(sha256)

    def frame(self, record: type[Record], launch: int | None = None) -> pd.DataFrame:
        """The rows as a frame with one column per stored column, indexed by row id."""
        import pandas as pd

        rows = self.rows(record, launch)
        return pd.DataFrame([values_of(row) for row in rows], index=[row.id for row in rows])

    def with_rows(
        self, tables: Mapping[str, tuple[Record, ...]], head: str, texts: Mapping[str, str] | None = None
    ) -> Inputs:
        """A copy in which these tables are replaced, and the texts when given."""
        copy = Inputs(MappingProxyType({**self.tables, **tables}), self.texts if texts is None else texts, head)
        changed = {name for name, rows in tables.items() if rows is not self.tables.get(name)}
        for key, known in list(self._known.items()):
            copy._known[key] = known if changed.isdisjoint(known.tables) else replace(known, stale=True)
        return copy

    def digest(self, table: str, launch: int | None = None) -> str:
        """SHA-256 over the rows of a table, or those of one launch, by codes and values, never row ids or row order."""

        def make() -> str:
            rows = self.tables.get(table, ())
            mine = rows if launch is None else [row for row in rows if getattr(row, "launch", launch) == launch]
            lines = self._lines(table).of
            return hashlib.sha256("\n".join(sorted(lines[row.id][1] for row in mine)).encode()).hexdigest()

        return self._once(("digest", table, str(launch)), self._told_by, make)

    def part(self, row: Record, name: str) -> str:
        """One field of a row as people read it in an address: a reference as the address it points to."""
        value = getattr(row, name)
        declared = field_of(type(row), name)
        if value is None:
            return ""
        if declared is None or declared.refers is None:
            return str(value)
        target = self._by_id(declared.refers).get(value)
        return "?" if target is None else self.address(target)

    def _address(self, row: Record) -> str:
        return "/".join(self.part(row, name) for name in type(row).address)

    def _by_id(self, table: str) -> dict[int, Record]:
        known = self._known.get(("id", table))
        if known is not None and not known.stale:
            return cast("dict[int, Record]", known.value)
        return self._once(("id", table), _itself, lambda: {row.id: row for row in self.tables.get(table, ())})

    def _by_address(self, table: str) -> dict[str, list[Record]]:
        def make() -> dict[str, list[Record]]:
            found: dict[str, list[Record]] = defaultdict(list)
            for row in self.tables.get(table, ()):
                found[self.address(row)].append(row)
            return dict(found)

        return self._once(("rows of address", table), self.named_by, make)

    def _grouped(self, table: str, by: str) -> dict[int, tuple[Record, ...]]:
        def make() -> dict[int, tuple[Record, ...]]:
            groups: dict[int, list[Record]] = defaultdict(list)
            for row in self.tables.get(table, ()):
                groups[getattr(row, by)].append(row)
            return {key: tuple(rows) for key, rows in groups.items()}

        return self._once(("grouped", table, by), _itself, make)

    def _named(self, table: str) -> _Lines:
        """Each row with its address."""
        refers = self._refers(table, by_address=True)
        return self._once(("named", table), self.named_by, lambda: self._of_each("named", table, refers, self._address))

    def _lines(self, table: str) -> _Lines:
        """Each row with its line."""

        def line(row: Record) -> str:
            told = {name: value for name, value in plain_row(self, row).items() if name not in row.beside}
            return json.dumps([row.table, told], sort_keys=True, ensure_ascii=False)

        make = functools.partial(self._of_each, "lines", table, self._refers(table), line)
        return self._once(("lines", table), self._told_by, make)

    def _of_each(self, what: str, table: str, refers: Iterable[str], words: Callable[[Record], str]) -> _Lines:
        """The words for each row; for rows that stayed the same they are taken over from before the last edit."""
        names = {other: self.addresses(other) for other in refers}
        before = self._known.get((what, table))
        known = cast("_Lines | None", None if before is None else before.value)
        old: Mapping[int, tuple[Record, str]] = known.of if known is not None and known.names == names else {}
        found: dict[int, tuple[Record, str]] = {}
        for row in self.tables.get(table, ()):
            kept = old.get(row.id)
            found[row.id] = kept if kept is not None and kept[0] is row else (row, words(row))
        return _Lines(names, found)

    def _once(self, key: tuple[str, ...], tables: Callable[[str], Iterable[str]], make: Callable[[], T]) -> T:
        """What `make` returns, once for as long as the tables stay that its table (the second of `key`) rests on."""
        known = self._known.get(key)
        if known is None or known.stale:
            known = self._known[key] = _Known(frozenset(tables(key[1])), make())
        return cast("T", known.value)

    def _refers(self, table: str, *, by_address: bool = False) -> tuple[str, ...]:
        """The tables that the rows of a table refer to, or that their addresses do."""
        rows = self.tables.get(table, ())
        declared = fields_of(type(rows[0])) if rows else ()
        wanted = [one for one in declared if not by_address or one.name in type(rows[0]).address]
        return tuple({one.refers: None for one in wanted if one.refers is not None})

    def _told_by(self, table: str) -> frozenset[str]:
        """The tables that the rows of a table in plain words rest on, itself included."""
        return frozenset({table}).union(*(self.named_by(other) for other in self._refers(table)))


def _itself(table: str) -> tuple[str]:
    return (table,)


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


def fingerprint(
    inputs: Inputs,
    records: Iterable[type[Record]],
    launch: int | None = None,
    instead: Mapping[str, Inputs] = MappingProxyType({}),
) -> str:
    """SHA-256 over the rows of these records by codes and values, never row ids or row order.

    `instead` names tables whose rows are read from other inputs.
    """
    tables = sorted({record.table for record in records})
    each = [f"{table} {instead.get(table, inputs).digest(table, launch)}" for table in tables]
    return hashlib.sha256("\n".join(each).encode()).hexdigest()
