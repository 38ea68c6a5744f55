"""Which tables a file of each version has: migrations, their number, and fingerprints to know them by."""

import hashlib
import re
import sqlite3
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from launchpad import paths
from launchpad.errors import ProjectFileError
from launchpad.store.engine import APPLICATION_ID

FINGERPRINTS: Final = "fingerprints.txt"


def newest(folder: Path | None = None) -> int:
    """The schema this program writes: the number of its migrations."""
    return len(list(((folder or paths.migrations()) / "versions").glob("[0-9]*.py")))


def migrate(connection: sa.Connection, folder: Path | None = None, *, to: int | None = None) -> None:
    """Bring the tables to a schema (default: the newest), inside the transaction already begun.

    Foreign keys must be off, as copying a table drops the old one; they are checked before returning.
    """
    # Alembic takes a third of a second to import and is needed only to make or upgrade a file.
    from alembic import command
    from alembic.config import Config

    folder = folder or paths.migrations()
    number = newest(folder) if to is None else to
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, f"{number:04d}")
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={number}")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise ProjectFileError(
            f"The upgrade stopped: {len(broken)} links in {broken[0][0]} would point nowhere.",
            "The file is unchanged. Run `launchpad check` on it.",
        )


def fingerprint(connection: sqlite3.Connection | sa.Connection) -> str:
    """SHA-256 over the definition of everything a database holds, blanks and quotes aside."""
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master"
    if isinstance(connection, sqlite3.Connection):
        rows = connection.execute(query).fetchall()
    else:
        rows = [tuple(row) for row in connection.exec_driver_sql(query)]
    lines = sorted("|".join(_plain(str(part)) for part in row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql.replace('"', "")).replace("( ", "(").replace(" )", ")").strip()


def known(number: int, folder: Path | None = None) -> str:
    """The fingerprint of a schema by its number, as laid down beside the migrations."""
    lines = ((folder or paths.migrations()) / FINGERPRINTS).read_text(encoding="utf-8").split()
    return lines[number - 1]
