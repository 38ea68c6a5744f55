"""What leaves the program: workbook, reports, the whole project as JSON or CSV, one table; by the file's ending."""

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from launchpad.errors import ExportError
from launchpad.export import plain, safe
from launchpad.export.facts import Facts
from launchpad.records import Inputs, Plan
from launchpad.results import Results, score_json
from launchpad.scoring.criteria import NEVER

OF_REPORTS = (".docx", ".pdf", ".md")
ENDINGS = (".xlsx", ".json", ".csv", ".zip", *OF_REPORTS)
REPORTS = ("brief", "capabilities", "safeguards", "risk")

__all__ = ["ENDINGS", "OF_REPORTS", "REPORTS", "write"]


def write(  # noqa: PLR0913 - each option says one thing of one export
    path: Path,
    inputs: Inputs,
    results: Results,
    plan_id: int | None,
    *,
    author: str = "",
    table: str | None = None,
    report: str = "brief",
    imported: Mapping[int, str] = NEVER,
) -> None:
    """Write an export in the format its file's ending names.

    A workbook names `author` (a person's code) as its maker. A CSV holds the table of that name; without
    one the workplan where there is a plan, else the scenarios. A .docx, .pdf or .md holds that report (`REPORTS`).
    `imported` says when each result (row id) came into the project: `edits.criteria.first_seen` of the journal. The
    target holds the old file or the new one, never a part; raises ExportError where that cannot be.
    """
    if path.suffix.casefold() not in ENDINGS:
        raise ExportError(
            f"{path} ends in {path.suffix or 'nothing'}, which is no format of an export.",
            f"Choose one of: {', '.join(ENDINGS)}.",
        )
    plan = None if plan_id is None else inputs.get(Plan, plan_id)
    facts = Facts(inputs, results.launch, results, plan, datetime.now(UTC), imported)
    try:
        made = _content(path.suffix.casefold(), facts, author, table, report)
    except OSError as error:  # sheets are gathered in temporary files
        raise ExportError(
            f"{path} could not be made: {error.strerror or error}; nothing at the target was changed.",
            f"Free some space where temporary files lie ({tempfile.gettempdir()}).",
        ) from error
    safe.put(path, made)


def _content(ending: str, facts: Facts, author: str, table: str | None, report: str) -> bytes:
    if ending == ".xlsx":
        from launchpad.export.workbook import workbook

        return workbook(facts, author)
    if ending in OF_REPORTS:
        return _report(ending, facts, report)
    if ending == ".json":
        made = facts.made.isoformat(timespec="seconds").replace("+00:00", "Z")
        score = plain.score_shown(facts.inputs, facts.launch.id, score_json(facts.inputs, facts.results))
        criteria = plain.criteria_shown(facts.inputs, facts.launch.id, facts.imported)
        return plain.project_json(facts.inputs, head=facts.inputs.head, made=made, score=score, criteria=criteria)
    if ending == ".zip":
        from launchpad.export.tables import tables_zip

        return tables_zip(facts.inputs)
    if table is None and facts.plan is not None:
        return plain.workplan_csv(facts)
    return plain.table_csv(facts.inputs, table or "scenario", facts.launch.id)


def _report(ending: str, facts: Facts, name: str) -> bytes:
    from launchpad.export.reports import report

    document = report(facts, name)
    if ending == ".md":
        from launchpad.export.to_markdown import as_markdown

        return as_markdown(document)
    from launchpad.export.to_pdf import as_pdf, fitting

    if ending == ".pdf":
        return as_pdf(document)
    from launchpad.export.to_docx import ONE_PAGE, as_docx

    return as_docx(document, ONE_PAGE * fitting(document) if document.one_page else 1.0)
