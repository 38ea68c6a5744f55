"""Which column of a table means what, said once: kept with the header it was said for, found again by it."""

import hashlib
from collections.abc import Callable, Sequence

from launchpad.changes import Change, insert
from launchpad.edits.records import made_from, next_code, set_values
from launchpad.records import Inputs, TableMapping


def header_hash(headers: Sequence[str]) -> str:
    """SHA-256 over the texts of a header in their order; spaces around and inside, case and empty cells apart."""
    named = [" ".join(header.split()).casefold() for header in headers]
    return hashlib.sha256("\n".join(name for name in named if name).encode()).hexdigest()


def remember(inputs: Inputs, headers: Sequence[str], mapping: str, name: str) -> list[Change]:
    """The changes that keep a mapping (the JSON `launchpad import --map` reads) for tables with this header.

    `name` is the file it was said for. A mapping kept for the same header before is replaced.
    """
    wanted = header_hash(headers)
    for kept in inputs.rows(TableMapping):
        if kept.header == wanted:
            return set_values(kept, mapping=mapping)
    values = {
        "code": next_code(inputs, TableMapping, prefix="TM"),
        "name": name,
        "header": wanted,
        "headers": "\n".join(headers),
        "mapping": mapping,
    }
    return [insert(made_from(TableMapping, values))]


def remembered(inputs: Inputs, headers: Sequence[str]) -> str | None:
    """The mapping kept for this header, as `remember` was given it; None when there is none."""
    return mapping_for(inputs)(headers)


def mapping_for(inputs: Inputs) -> Callable[[Sequence[str]], str | None]:
    """What gives the mapping kept for a header: the `recall` of `intake.read` and `intake.read_all`."""
    kept = {row.header: row.mapping for row in inputs.rows(TableMapping)}
    return lambda headers: kept.get(header_hash(headers)) if kept else None
