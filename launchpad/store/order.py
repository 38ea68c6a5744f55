"""The stable order in which people meet rows: by code, or by the addresses their parts point to."""

from collections.abc import Iterable, Mapping

from launchpad.records import TABLES, Record, field_of

Rows = Mapping[str, tuple[Record, ...]]


def ordered(tables: Rows, names: Iterable[str]) -> dict[str, tuple[Record, ...]]:
    """The rows of the tables `names`, sorted by address and id; `tables` holds every table."""
    known: dict[str, dict[int, str]] = {}
    return {name: _sorted(tables[name], _addresses(tables, name, known)) for name in names}


def depend(names: Iterable[str]) -> set[str]:
    """The tables whose addresses are made of rows of these, directly or through others."""
    found = set(names)
    for name, record in TABLES.items():
        parts = (field_of(record, part) for part in record.address)
        if any(part is not None and part.refers in found for part in parts):
            found.add(name)
    return found


def _sorted(rows: tuple[Record, ...], addresses: Mapping[int, str]) -> tuple[Record, ...]:
    return tuple(sorted(rows, key=lambda row: (addresses[row.id], row.id)))


def _addresses(tables: Rows, name: str, known: dict[str, dict[int, str]]) -> dict[int, str]:
    if name not in known:
        known[name] = {}
        record = TABLES[name]
        parts = [_part(tables, record, part, known) for part in record.address]
        rows = tables[name]
        known[name] = {row.id: "/".join(part[i] for part in parts) for i, row in enumerate(rows)}
    return known[name]


def _part(tables: Rows, record: type[Record], name: str, known: dict[str, dict[int, str]]) -> list[str]:
    values = [getattr(row, name) for row in tables[record.table]]
    declared = field_of(record, name)
    if declared is None or declared.refers is None:
        return ["" if value is None else str(value) for value in values]
    targets = _addresses(tables, declared.refers, known)
    return ["" if value is None else targets.get(value, "?") for value in values]
