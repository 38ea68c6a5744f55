"""Sample text: it lies in a file only while a result names it, and never for a restricted risk area.

Both are seen to in the transaction that would have it otherwise, whoever wrote it and by whatever way.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import sqlalchemy as sa

from launchpad.changes import Change

# What decides which results are evidence for what.
DECIDING: Final = frozenset({"evidence_link", "effect", "scenario", "risk_area", "evaluation"})
RESTRICTED: Final = "SELECT 1 FROM risk_area WHERE handling = 'restricted' LIMIT 1"
# Results of one task have the same samples, and results of one file share a block.
BARRED: Final = """
WITH RECURSIVE area (id) AS (
    SELECT id FROM risk_area WHERE handling = 'restricted'
    UNION SELECT below.id FROM risk_area AS below JOIN area ON below.parent = area.id
), task (harness, name) AS (
    SELECT DISTINCT coalesce(evaluation.harness, ''), coalesce(evaluation.task, '')
    FROM evidence_link AS link
    LEFT JOIN effect ON effect.id = link.effect
    JOIN scenario ON scenario.id IN (link.scenario, effect.scenario)
    JOIN area ON area.id = scenario.risk_area
    JOIN eval_result ON eval_result.id = link.result
    JOIN evaluation ON evaluation.id = eval_result.evaluation
)
SELECT id, texts FROM eval_result WHERE texts IN (
    SELECT told.texts FROM eval_result AS told
    JOIN evaluation ON evaluation.id = told.evaluation
    JOIN task ON task.harness = coalesce(evaluation.harness, '') AND task.name = coalesce(evaluation.task, '')
    WHERE told.texts IS NOT NULL
)
ORDER BY id
"""
FORGET: Final = "DELETE FROM content WHERE sha256 = ? AND NOT EXISTS (SELECT 1 FROM eval_result WHERE texts = ?)"


def barred(connection: sa.Connection, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that take sample text from the results that may have none, now that these changes were made."""
    if not any(map(_decides, changes)) or connection.exec_driver_sql(RESTRICTED).first() is None:
        return ()
    rows = connection.exec_driver_sql(BARRED).all()
    return tuple(Change("eval_result", key, {"texts": texts}, {"texts": None}) for key, texts in rows)


def forget(connection: sa.Connection, changes: Sequence[Change]) -> None:
    """Remove the sample text that these changes, now made, let go of and no result names any more."""
    for sha256 in sorted({found for change in changes if (found := _let_go(change)) is not None}):
        connection.exec_driver_sql(FORGET, (sha256, sha256))


def without_lost(connection: sa.Connection, changes: Iterable[Change]) -> tuple[Change, ...]:
    """These changes, but for the sample text they would have results name again and that is no longer there."""
    kept = (change if _is_there(connection, change) else _without_text(change) for change in changes)
    return tuple(change for change in kept if change is not None)


def _is_there(connection: sa.Connection, change: Change) -> bool:
    named = (change.after or {}).get("texts") if change.table == "eval_result" else None
    query = "SELECT 1 FROM content WHERE sha256 = ?"
    return named is None or connection.exec_driver_sql(query, (named,)).first() is not None


def _without_text(change: Change) -> Change | None:
    after = {**(change.after or {}), "texts": None}
    if change.before is None or change.before.get("texts") is not None:
        return Change(change.table, change.key, change.before, after)
    del after["texts"]
    before = {name: value for name, value in change.before.items() if name in after}
    return Change(change.table, change.key, before, after) if after else None


def _decides(change: Change) -> bool:
    if change.table == "eval_result":
        after = change.after or {}
        return after.get("texts") is not None or (change.before is not None and "evaluation" in after)
    return change.table in DECIDING


def _let_go(change: Change) -> str | None:
    was, now = (change.before or {}).get("texts"), (change.after or {}).get("texts")
    return was if change.table == "eval_result" and isinstance(was, str) and was != now else None
