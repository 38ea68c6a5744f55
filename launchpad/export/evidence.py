"""The evidence: every result with its counts, interval, age and what it is evidence for."""

from datetime import date

from launchpad.export.facts import Facts, day
from launchpad.export.sheet import Column, Content, Page, heading, lay_out, table
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Scenario
from launchpad.records.evidence import POLARITY, RUN_STATUS
from launchpad.statistics import wilson

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
    Column("Interval", "wrap", 14),
    Column("Run date", "date", 12),
    Column("Age", "calendar", 9),
    Column("Status", "text", 11),
    Column("Evidence for", "wrap", 24),
    Column("Superseded", "text", 13),
    Column("Source", "wrap", 60),
)
LEVEL = 0.95


def fill(page: Page, facts: Facts) -> None:
    """Write one row for each result; age is counted to the launch's `as of` day."""
    heading(
        page,
        "Evidence",
        f"Every result in the project, its age as of {facts.launch.as_of}. Count is the number of samples with "
        "outcome 1, whatever that means for the metric; low and high are of the value.",
    )
    linked = _links(facts)
    rows = (_row(facts, result, linked.get(result.id, "")) for result in facts.inputs.rows(EvalResult))
    table(page, "evidence", COLUMNS, rows, empty="No results yet.")
    lay_out(page, COLUMNS, frozen=2, across=2)


def _row(facts: Facts, result: EvalResult, linked: str) -> tuple[Content, ...]:
    evaluation = facts.inputs.get(Evaluation, result.evaluation)
    low, high, method = interval(result)
    return (
        result.code,
        evaluation.name,
        evaluation.task,
        evaluation.metric,
        result.part or "all",
        result.model,
        result.value,
        result.unit,
        POLARITY[evaluation.polarity],
        result.n,
        result.count,
        low,
        high,
        method,
        day(result.run_date),
        _age(facts.launch.as_of, result.run_date),
        RUN_STATUS[result.status],
        linked,
        result.superseded,
        result.source or result.file_name,
    )


def interval(result: EvalResult) -> tuple[float | None, float | None, str]:
    """The interval of a result's value and its method: as reported, else Wilson's of its counts, else none."""
    if result.reported_low is not None and result.reported_high is not None:
        level = "" if result.reported_level is None else f" {result.reported_level:.0%}"
        return result.reported_low, result.reported_high, f"{result.reported_method or 'reported'}{level}"
    if result.count is None or not result.n or result.unit not in ("fraction", "percent"):
        return None, None, ""
    low, high = wilson(float(result.count), float(result.n), LEVEL)
    scale = 100.0 if result.unit == "percent" else 1.0
    return low * scale, high * scale, f"wilson {LEVEL:.0%}"


def _links(facts: Facts) -> dict[int, str]:
    """What each result is evidence for, by codes."""
    found: dict[int, list[str]] = {}
    for link in facts.inputs.rows(EvidenceLink, facts.launch.id):
        found.setdefault(link.result, []).append(_target(facts, link))
    return {result: "; ".join(sorted(targets)) for result, targets in found.items()}


def _target(facts: Facts, link: EvidenceLink) -> str:
    if link.scenario is not None:
        return facts.inputs.get(Scenario, link.scenario).code
    return facts.inputs.part(link, "effect") or facts.inputs.part(link, "side_effect")


def _age(as_of: str, run: str | None) -> int | None:
    """Days from a run to the day the figures are seen from, never below 0."""
    seen, ran = day(as_of), day(run)
    return max(0, (seen - ran).days) if isinstance(seen, date) and isinstance(ran, date) else None
