"""The tables of a project file, made from the declared records, and the four that keep it honest."""

from typing import Any, Final

import sqlalchemy as sa

from launchpad.records import RECORDS, Record, columns_of
from launchpad.records.fields import Type

# On SQLite a key must be spelt INTEGER to be the row id itself.
KEY: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TYPES: Final[dict[Type, type[Any]]] = {
    "whole": sa.BigInteger,
    "number": sa.Float,
    "text": sa.Text,
    "date": sa.Text,
    "moment": sa.Text,
    "flag": sa.Boolean,
}

metadata: Final = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _columns(record: type[Record]) -> list[sa.Column[object]]:
    found: list[sa.Column[object]] = []
    for column in columns_of(record):
        refers = column.field.refers
        # Removing a row looks for its children; launches are few, so theirs are scanned instead.
        index = refers is not None and refers != "launch"
        keys = [sa.ForeignKey(f"{refers}.id", ondelete="RESTRICT")] if refers else []
        found.append(sa.Column(column.name, TYPES[column.type](), *keys, nullable=column.nullable, index=index))
    return found


for _record in RECORDS:
    sa.Table(
        _record.table,
        metadata,
        sa.Column("id", KEY, primary_key=True, autoincrement=False),
        *_columns(_record),
    )

journal: Final = sa.Table(
    "journal",
    metadata,
    sa.Column("number", KEY, primary_key=True),
    sa.Column("uuid", sa.Text(), nullable=False, unique=True),
    sa.Column("parents", sa.Text(), nullable=False),
    sa.Column("author", sa.Text(), nullable=False),
    sa.Column("at", sa.Text(), nullable=False),
    sa.Column("label", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("batch", sa.Text()),
    sa.Column("undoes", sa.Text()),
    sa.Column("changes", sa.Text(), nullable=False),
    sa.Column("sha256", sa.Text(), nullable=False, unique=True),
    sqlite_autoincrement=True,
)

# Every row of an upgraded file as one compressed block: the fold of `check` starts anew from it.
checkpoint: Final = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.Text(), nullable=False),
    sa.Column("block", sa.LargeBinary(), nullable=False),
)

# Texts and blocks that must be removable: rows and the journal hold only their hash.
content: Final = sa.Table(
    "content",
    metadata,
    sa.Column("sha256", sa.Text(), primary_key=True),
    sa.Column("bytes", sa.LargeBinary(), nullable=False),
)

MACHINERY: Final = frozenset({"journal", "checkpoint", "content", "alembic_version"})
