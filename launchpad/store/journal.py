"""The journal: one sealed row per edit, and what its rows add up to."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

import sqlalchemy as sa

from launchpad.changes import Change, Edit, Values, changes_as_json, changes_from_json, digest
from launchpad.store.tables import journal

COLUMNS: Final = (
    "number, uuid, parents, author, at, label, reason, batch, undoes, changes, sha256"  # in this order below
)
State = dict[str, dict[int, Values]]


def head(connection: sa.Connection) -> tuple[int, str]:
    """Number and SHA-256 of the newest row, (0, "") when there is none."""
    row = connection.exec_driver_sql(
        "SELECT number, sha256 FROM journal ORDER BY number DESC LIMIT 1"
    ).first()
    return (0, "") if row is None else (row[0], row[1])
