"""The evidence: every result with its counts, interval, age, build, criteria and what it is evidence for."""

from launchpad.export.facts import Facts, day
from launchpad.export.handling import WITHHELD
from launchpad.export.sheet import Column, Content, Page, heading, lay_out, table
from launchpad.records import EvalResult, Evaluation
from launchpad.records.evidence import POLARITY, RUN_STATUS
from launchpad.results.evidence import CriterionMark, EvidenceRow, evidence_rows

COLUMNS = (
    Column("Result", "strong", 12),
    Column("Evaluation", "wrap", 32),
    Column("Task", "wrap", 18),
    Column("Metric", "wrap", 16),
    Column("Category", "wrap", 18),
    Column("Model", "wrap", 20),
    Column("Value", "number", 9),
    Column("Unit", "text", 10),
    Column("Direction", "wrap", 16),
    Column("n", "whole", 8),
    Column("Count", "whole", 9),
    Column("Low", "number", 9),
    Column("High", "number", 9),
    Column("Interval", "wrap", 16),
    Column("Reported error", "number", 11),
    Column("Reported interval", "wrap", 20),
    Column("Run date", "date", 12),
    Column("Age", "calendar", 9),
    Column("Build", "wrap", 26),
    Column("Status", "text", 11),
    Column("Criteria", "wrap", 28),
    Column("Evidence for", "wrap", 24),
    Column("Superseded", "text", 13),
    Column("Source", "wrap", 60),
)


def fill(page: Page, facts: Facts) -> None:
    """Write one row for each result; age is counted to the launch's `as of` day."""
    heading(
        page,
        "Evidence",
        f"Every result in the project, its age as of {facts.launch.as_of}. Count is the number of samples with "
        "outcome 1, whatever that means for the metric; low and high are of the value, by the method named, with what "
        "the harness reported beside them.",
    )
    results = facts.inputs.rows(EvalResult)
    shown = evidence_rows(facts.inputs, facts.launch.id, facts.imported)
    rows = (_row(facts, result, row) for result, row in zip(results, shown, strict=True))
    table(page, "evidence", COLUMNS, rows, empty="No results yet.")
    lay_out(page, COLUMNS, frozen=2, across=2)


def _row(facts: Facts, result: EvalResult, row: EvidenceRow) -> tuple[Content, ...]:
    evaluation = facts.inputs.get(Evaluation, result.evaluation)
    barred = evaluation.id in facts.barred
    error = row.stderr if row.stderr_clustered is None else row.stderr_clustered
    return (
        row.result,
        WITHHELD.format("restricted") if barred else row.name,
        None if barred else evaluation.task,
        None if barred else evaluation.metric,
        None if barred else row.part or "all",
        row.model,
        row.value,
        row.unit,
        POLARITY[evaluation.polarity],
        row.n,
        row.count,
        row.low,
        row.high,
        row.method if row.level is None else f"{row.method} {row.level:.0%}",
        error,
        _reported(row),
        day(result.run_date),
        row.age_days,
        row.build_words,
        RUN_STATUS[row.status],
        "; ".join(_asked(mark) for mark in row.criteria) or None,
        "; ".join(row.links),
        row.superseded,
        None if barred else result.source or result.file_name,
    )


def _reported(row: EvidenceRow) -> str | None:
    """The interval the harness reported, in words."""
    if row.reported_low is None or row.reported_high is None:
        return None
    level = "" if row.reported_level is None else f" {row.reported_level:.0%}"
    return f"{row.reported_low:.4g} to {row.reported_high:.4g}, {row.reported_method or 'method not named'}{level}"


def _asked(mark: CriterionMark) -> str:
    return f"{mark.code} {mark.standing}" + (f" ({'; '.join(mark.marks)})" if mark.marks else "")
