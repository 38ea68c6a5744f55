"""Sample text: it lies in a file only while a row names it, and never for a restricted risk area.

That is what was asked and answered in the samples of a result, in an example of a policy, and in a run of one.

Both are seen to in the transaction that would have it otherwise, whoever wrote it and by whatever way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa

from launchpad.changes import Change

TEXTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"eval_result": ("texts",), "example": ("request", "response"), "run_answer": ("raw",)}
)
"""The columns that name sample text, by table."""
# What decides which results are evidence for what, and which examples belong where.
DECIDING: Final = frozenset({"evidence_link", "effect", "scenario", "risk_area", "evaluation", "area_parent", "policy"})
RESTRICTED: Final = "SELECT 1 FROM risk_area WHERE handling = 'restricted' LIMIT 1"
AREAS: Final = """
    SELECT id FROM risk_area WHERE handling = 'restricted'
    UNION SELECT below.id FROM risk_area AS below JOIN area ON below.parent = area.id
    UNION SELECT further.area FROM area_parent AS further JOIN area ON further.parent = area.id
"""
# Results of one task have the same samples, and results of one file share a block.
BARRED: Final = f"""
WITH RECURSIVE area (id) AS ({AREAS}), task (harness, name) AS (
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
"""  # noqa: S608 - put together from our own parts
HELD: Final = f"""
WITH RECURSIVE area (id) AS ({AREAS}), held (id) AS (
    SELECT example.id FROM example LEFT JOIN policy ON policy.id = example.policy
    WHERE example.area IN (SELECT id FROM area) OR policy.area IN (SELECT id FROM area)
)
"""  # noqa: S608 - put together from our own parts
BARRED_EXAMPLES: Final = f"""{HELD}
SELECT id, request, response FROM example
WHERE id IN (SELECT id FROM held) AND (request IS NOT NULL OR response IS NOT NULL) ORDER BY id
"""  # noqa: S608 - put together from our own parts
BARRED_ANSWERS: Final = f"""{HELD}
SELECT id, raw FROM run_answer WHERE example IN (SELECT id FROM held) AND raw IS NOT NULL ORDER BY id
"""  # noqa: S608 - put together from our own parts
NAMED: Final = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE {column} = :sha256)"  # noqa: S608 - put together from our own parts
    for table, columns in TEXTS.items()
    for column in columns
)
FORGET: Final = f"DELETE FROM content WHERE sha256 = :sha256 AND NOT ({NAMED})"  # noqa: S608 - our own parts


def barred(connection: sa.Connection, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that take sample text from the rows that may have none, now that these changes were made."""
    if not any(map(_decides, changes)) or connection.exec_driver_sql(RESTRICTED).first() is None:
        return ()
    found: list[Change] = []
    for table, query in (("eval_result", BARRED), ("example", BARRED_EXAMPLES), ("run_answer", BARRED_ANSWERS)):
        for key, *texts in connection.exec_driver_sql(query).all():
            named = {column: text for column, text in zip(TEXTS[table], texts, strict=True) if text is not None}
            found.append(Change(table, key, named, dict.fromkeys(named)))
    return tuple(found)


def forget(connection: sa.Connection, changes: Sequence[Change]) -> None:
    """Remove the sample text that these changes, now made, let go of and no row names any more."""
    for sha256 in sorted({text for change in changes for text in _let_go(change)}):
        connection.execute(sa.text(FORGET), {"sha256": sha256})


def without_lost(connection: sa.Connection, changes: Iterable[Change]) -> tuple[Change, ...]:
    """These changes, but for the sample text they would have rows name again and that is no longer there."""
    kept = (_without(connection, change) for change in changes)
    return tuple(change for change in kept if change is not None)


def _without(connection: sa.Connection, change: Change) -> Change | None:
    for column in TEXTS.get(change.table, ()):
        named = (change.after or {}).get(column)
        query = "SELECT 1 FROM content WHERE sha256 = ?"
        if named is not None and connection.exec_driver_sql(query, (named,)).first() is None:
            cleared = _without_text(change, column)
            if cleared is None:
                return None
            change = cleared
    return change


def _without_text(change: Change, column: str) -> Change | None:
    after = {**(change.after or {}), column: None}
    if change.before is None or change.before.get(column) is not None:
        return Change(change.table, change.key, change.before, after)
    del after[column]
    before = {name: value for name, value in change.before.items() if name in after}
    return Change(change.table, change.key, before, after) if after else None


def _decides(change: Change) -> bool:
    after = change.after or {}
    if change.table in TEXTS:
        moved = change.before is not None and not after.keys().isdisjoint({"evaluation", "area", "policy", "example"})
        return moved or any(after.get(column) is not None for column in TEXTS[change.table])
    return change.table in DECIDING


def _let_go(change: Change) -> Iterator[str]:
    for column in TEXTS.get(change.table, ()):
        was, now = (change.before or {}).get(column), (change.after or {}).get(column)
        if isinstance(was, str) and was != now and (change.after is None or column in change.after):
            yield was
