"""The journal: one sealed row per edit, written with the data and never again."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from launchpad.changes import Change, Edit, changes_as_json, changes_from_json, sealed
from launchpad.errors import ConflictError, ProjectFileError

COLUMNS = "uuid, parents, author, at, label, reason, changes, batch, undoes, sha256"
INSERT = f"INSERT INTO journal ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
SELECT = f"SELECT number, {COLUMNS} FROM journal WHERE number > ? ORDER BY number"  # noqa: S608 - a constant


def head(connection: sa.Connection) -> tuple[int, str]:
    """Number and SHA-256 of the newest row; (0, "") when there is none."""
    query = "SELECT number, sha256 FROM journal ORDER BY number DESC LIMIT 1"
    row = connection.exec_driver_sql(query).first()
    return (0, "") if row is None else (row[0], row[1])


def append(connection: sa.Connection, made: Edit) -> Edit:
    """The edit sealed onto the newest row and written as the next one."""
    before = head(connection)[1]
    text = changes_as_json(made.changes)
    edit = sealed(made, (before,) if before else (), text)
    row = (edit.uuid, " ".join(edit.parents), edit.author, edit.at, edit.label, edit.reason)
    try:
        connection.exec_driver_sql(INSERT, (*row, text, edit.batch, edit.undoes, edit.sha256))
    except IntegrityError as error:
        raise ConflictError(f"The edit {made.label!r} is in the journal already.", "Read it again.") from error
    return edit


def read(connection: sa.Connection, after: int = 0) -> list[tuple[int, Edit]]:
    """Number and edit of every row after a number, oldest first."""
    return [(row[0], edit_of(row[1:])) for row in connection.exec_driver_sql(SELECT, (after,))]


def rows_named(connection: sa.Connection, sha256: str) -> dict[str, set[int]] | None:
    """The rows, by table, that edits after the journal row of that hash name; None when there is no such row."""
    query = "SELECT number FROM journal WHERE sha256 = ?"
    number = connection.exec_driver_sql(query, (sha256,)).scalar_one_or_none()
    if number is None:
        return None
    found: dict[str, set[int]] = {}
    for _, made in read(connection, number):
        for change in made.changes:
            found.setdefault(change.table, set()).add(change.key)
    return found


def edit_of(row: "sa.Row[tuple[object, ...]] | tuple[object, ...]") -> Edit:
    """The edit kept in the COLUMNS of one row."""
    uuid, parents, author, at, label, reason, changes, batch, undoes, sha256 = (
        None if part is None else str(part) for part in row
    )
    return Edit(
        uuid=uuid or "",
        parents=tuple((parents or "").split()),
        author=author or "",
        at=at or "",
        label=label or "",
        reason=reason or "",
        changes=_changes(changes or ""),
        batch=batch,
        undoes=undoes,
        sha256=sha256 or "",
    )


def _changes(text: str) -> tuple[Change, ...]:
    try:
        found = changes_from_json(text if text.startswith("[") else "")
    except (ValueError, TypeError, RecursionError) as error:
        raise _unreadable() from error
    for change in found:
        parts = (change.before, change.after)
        shaped = type(change.table) is str and type(change.key) is int
        if not shaped or not all(part is None or isinstance(part, dict) for part in parts):
            raise _unreadable()
    return found


def _unreadable() -> ProjectFileError:
    return ProjectFileError("The journal of the project file is damaged.", "Run `launchpad check` on it.")


def touches(later: Change, earlier: Change) -> bool:
    """Whether two changes name the same row and, where both are updates, a field in common."""
    if (later.table, later.key) != (earlier.table, earlier.key):
        return False
    parts = (later.before, later.after, earlier.before, earlier.after)
    if any(part is None for part in parts):
        return True
    return not set(later.after or ()).isdisjoint(earlier.after or ())


def last_to_touch(connection: sa.Connection, table: str, key: int) -> Edit | None:
    """The newest edit that names a row."""
    query = f"SELECT {COLUMNS} FROM journal WHERE instr(changes, ?) ORDER BY number DESC LIMIT 1"  # noqa: S608
    row = connection.exec_driver_sql(query, (f'["{table}",{key},',)).first()
    return None if row is None else edit_of(row)


def touched_since(
    connection: sa.Connection, undone: str, changes: tuple[Change, ...], own: frozenset[str]
) -> Change | None:
    """The first of these changes whose row and field an edit not in `own` names after the edit `undone`."""
    query = "SELECT number FROM journal WHERE uuid = ?"
    number = connection.exec_driver_sql(query, (undone,)).scalar_one()
    later = [edit for _, edit in read(connection, number) if edit.uuid not in own]
    named = [change for edit in later for change in edit.changes]
    return next((mine for mine in changes if any(touches(theirs, mine) for theirs in named)), None)
