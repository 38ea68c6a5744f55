"""What leaves the program: the workbook, the whole project as JSON, one table as CSV; by the file's ending."""

from datetime import UTC, datetime
from pathlib import Path

from launchpad.errors import ExportError
from launchpad.export import safe
from launchpad.records import Inputs
from launchpad.results import Results, score_json

ENDINGS = (".xlsx", ".json", ".csv")

__all__ = ["ENDINGS", "write"]


def write(
    path: Path,
    inputs: Inputs,
    results: Results,
    plan_id: int | None,
    *,
    author: str = "",
    table: str = "scenario",
) -> None:
    """Write an export in the format its file's ending names; a CSV holds `table`.

    The target holds the old file or the new one, never a part. Raises ExportError otherwise.
    """
    safe.put(path, _content(path, inputs, results, plan_id, author=author, table=table))


def _content(path: Path, inputs: Inputs, results: Results, plan_id: int | None, *, author: str, table: str) -> bytes:
    from launchpad.export.plain import project_json, table_csv

    match path.suffix.casefold():
        case ".xlsx":
            from launchpad.export.workbook import workbook

            return workbook(inputs, results, plan_id, author=author)
        case ".json":
            made = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            return project_json(inputs, head=inputs.head, made=made, score=score_json(inputs, results))
        case ".csv":
            return table_csv(inputs, table, results.launch.id)
        case other:
            raise ExportError(
                f"{path} ends in {other or 'nothing'}, which is no format of an export.",
                f"Choose one of: {', '.join(ENDINGS)}.",
            )
