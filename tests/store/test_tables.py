import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from launchpad import paths
from launchpad.records import RECORDS, columns_of
from launchpad.store import schema
from launchpad.store.engine import APPLICATION_ID, engine_for, writing
from launchpad.store.tables import metadata


@pytest.fixture
def fresh() -> Iterator[sa.Connection]:
    """A database in memory that holds what the migrations make."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    engine = engine_for(None, connection=memory)
    with closing(memory):
        with writing(engine) as connection:
            schema.migrate(connection)
        with engine.connect() as connection:
            yield connection


def test_that_the_migrations_make_exactly_the_declared_tables(fresh: sa.Connection):
    context = MigrationContext.configure(
        fresh, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
    )
    assert compare_metadata(context, metadata) == []


def test_that_every_schema_has_its_fingerprint_and_the_newest_is_what_the_migrations_make(
    fresh: sa.Connection,
):
    lines = (paths.migrations() / schema.FINGERPRINTS).read_text(encoding="utf-8").split()
    assert len(lines) == schema.newest()
    assert lines[-1] == schema.fingerprint(fresh), "write this fingerprint into migrations/fingerprints.txt"


def test_that_migrations_are_numbered_without_a_gap():
    files = sorted(path.name[:4] for path in (paths.migrations() / "versions").glob("*.py"))
    assert files == [f"{n + 1:04d}" for n in range(len(files))]


def test_that_a_file_names_its_program_and_its_schema(fresh: sa.Connection):
    assert fresh.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID
    assert fresh.exec_driver_sql("PRAGMA user_version").scalar_one() == schema.newest()


def test_that_any_extra_object_changes_the_fingerprint(fresh: sa.Connection):
    before = schema.fingerprint(fresh)
    for sql in (
        "CREATE TRIGGER t AFTER UPDATE ON gate BEGIN UPDATE gate SET threshold = 0; END",
        "CREATE VIEW v AS SELECT * FROM team",
        "CREATE INDEX i ON team (name)",
        "ALTER TABLE team ADD COLUMN extra TEXT",
    ):
        fresh.exec_driver_sql("SAVEPOINT one")
        fresh.exec_driver_sql(sql)
        assert schema.fingerprint(fresh) != before, sql
        fresh.exec_driver_sql("ROLLBACK TO one")
    assert schema.fingerprint(fresh) == before


def test_that_blanks_and_quotes_do_not_change_the_fingerprint():
    with closing(sqlite3.connect(":memory:")) as one, closing(sqlite3.connect(":memory:")) as other:
        one.execute('CREATE TABLE "a" ("b" TEXT NOT NULL)')
        other.execute("CREATE TABLE a (\n\tb TEXT NOT NULL\n)")
        assert schema.fingerprint(one) == schema.fingerprint(other)


def test_that_every_field_of_every_record_has_its_column():
    for record in RECORDS:
        table = metadata.tables[record.table]
        assert set(table.c.keys()) == {"id", *(column.name for column in columns_of(record))}
