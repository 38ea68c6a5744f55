"""How feedback, its chains and edge cases are said on the command line."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from launchpad.cli.asked import table
from launchpad.cli.policy_words import finding_json, findings_table
from launchpad.edits.feedback import WAYS, Case
from launchpad.edits.policy_evidence import Caught, Linked
from launchpad.policies.redline import ClauseChange
from launchpad.policies.redline_document import BECAME
from launchpad.records import Clause, Estimate, Feedback, Inputs, PolicyRun, plain_row
from launchpad.results.feedback import Chain, ClauseStory, Run, Tested

SHOWN = 40


def feedback_json(inputs: Inputs, row: Feedback) -> Mapping[str, Any]:
    """Feedback as plain data, what it refers to by code."""
    return plain_row(inputs, row)


def inbox(inputs: Inputs, rows: Sequence[Feedback]) -> object:
    """Feedback as a table for people."""
    cells = [
        (
            row.code,
            inputs.part(row, "policy"),
            row.clause,
            row.source,
            row.kind,
            row.triage,
            _state(row),
            _cut(row.said),
        )
        for row in rows
    ]
    titles = ("Code", "Policy", "Clause", "From", "Kind", "Triage", "State", "What was said")
    return table(f"Feedback ({len(rows)})", titles, cells)


def chain_json(inputs: Inputs, found: Chain) -> dict[str, Any]:
    """A chain as plain data."""
    return {
        "feedback": feedback_json(inputs, found.feedback),
        "clause": found.clause,
        "version_before": found.version_before,
        "version": found.version,
        "before": None if found.before is None else plain_row(inputs, found.before),
        "after": None if found.after is None else plain_row(inputs, found.after),
        "change": None if found.change is None else dataclasses.asdict(found.change),
        "gold_items": list(found.gold_items),
        "tested": [_tested_json(one) for one in found.tested],
        "findings": [finding_json(one) for one in found.findings],
    }


def chain_words(inputs: Inputs, found: Chain) -> Iterator[object]:
    """A chain for people, link by link."""
    row = found.feedback
    about = "" if row.example is None else f", example {inputs.part(row, 'example')}"
    clause = f" on {row.clause}" if row.clause else ""
    yield f"{row.code}, {row.source} of {row.given_on or 'no date'}{clause}{about}: {row.said}"
    said = " ".join((row.resolution or "").split("\n"))
    yield f"  {row.kind}; triage: {row.triage}; {_state(row)}. {said}".rstrip()
    if row.status == "resolved" and found.clause is not None:
        yield from _clauses(found)
        items = ", ".join(found.gold_items) or "none"
        yield f"  To test again: {len(found.gold_items)} gold items: {items}."
    if found.tested:
        yield tested_table(found.tested)
    elif row.status == "resolved":
        yield "  No run has been made of that version since."
    if found.findings:
        yield findings_table(found.findings)


def story_json(inputs: Inputs, found: ClauseStory) -> dict[str, Any]:
    """A clause's story as plain data."""
    return {
        "policy": found.policy,
        "clause": found.clause,
        "waiting": list(found.waiting),
        "steps": [dataclasses.asdict(step) for step in found.steps],
        "feedback": [chain_json(inputs, one) for one in found.chains],
    }


def story_words(inputs: Inputs, found: ClauseStory) -> Iterator[object]:
    """A clause's story for people."""
    rows = [
        (
            step.version,
            step.status,
            _became(step.change) if step.before else None,
            ", ".join(step.resolved),
            ", ".join(step.runs),
        )
        for step in found.steps
    ]
    titles = ("Version", "Status", "The clause", "Feedback resolved by it", "Runs of it")
    yield table(f"{found.policy}: clause {found.clause}", titles, rows)
    for one in found.chains:
        yield from chain_words(inputs, one)


def tested_table(found: Sequence[Tested]) -> object:
    """Runs since, beside the last like each from before: over what was to be tested again, and over all."""
    rows = [
        (
            one.after.code + (" (the re-test)" if one.named else ""),
            f"{one.after.rendering}, {one.after.model}",
            "-" if one.before is None else one.before.code,
            _both(one, "again", "recall"),
            _both(one, "again", "false"),
            _both(one, "all", "recall"),
            _both(one, "all", "false"),
            _of_example(one),
        )
        for one in found
    ]
    titles = ("Run", "How", "Before", "Recall", "False alarms", "Recall, all", "False alarms, all", "The example")
    return table("Tested: before -> after, on the items to test again and on all", titles, rows)


def case_json(case: Case) -> dict[str, Any]:
    """An edge case as plain data."""
    return dataclasses.asdict(case)


def cases_words(cases: Sequence[Case]) -> Iterator[object]:
    """Edge cases for people, way by way; what is to be handled with care is without its text."""
    for way, name in WAYS.items():
        mine = [case for case in cases if case.way == way]
        if not mine:
            continue
        rows = [
            (case.example, case.other, case.clause, case.why, _cut(case.text or _hidden(case), 60))
            for case in mine[:SHOWN]
        ]
        yield table(f"{name} ({len(mine)})", ("Example", "And", "Clause", "Why", "Text"), rows)
        if mine[SHOWN:]:
            yield f"{len(mine) - SHOWN} more; --json lists all."


def linked_json(run: PolicyRun, counts: Caught, found: Linked) -> dict[str, Any]:
    """What linking a run wrote, as plain data."""
    return {
        "run": run.code,
        "counts": caught_json(counts),
        "results": [row.code for row in found.results],
        "added": list(found.added),
        "superseded": list(found.superseded),
        "links": list(found.links),
        "revised": [
            {"record": one.record, "before": _points(one.before), "after": _points(one.after)} for one in found.revised
        ],
    }


def caught_json(found: Caught) -> dict[str, Any]:
    """The counts of a run with the two shares."""
    shares = {"recall": found.recall, "false_positive_rate": found.false_positive_rate}
    return {**dataclasses.asdict(found), **shares}


def linked_words(found: Linked) -> Iterator[object]:
    """What linking a run wrote, for people."""
    new = f"New: {', '.join(found.added)}." if found.added else "Its results were there already."
    yield f"{new} Linked {len(found.links)}: {', '.join(found.links)}." if found.links else f"{new} No new link."
    if found.superseded:
        yield f"Superseded, as the settled labels or answers are others now: {', '.join(found.superseded)}."
    for one in found.revised:
        yield f"{one.record}: {_range(one.before)} before, {_range(one.after)} as measured."


def _clauses(found: Chain) -> Iterator[str]:
    yield f"  {found.clause}, version {found.version_before or 'none'} -> {found.version}: {_became(found.change)}"
    for side, clause in (("before", found.before), ("after", found.after)):
        yield f"    {side}: {_rule(clause)}"


def _rule(clause: Clause | None) -> str:
    return "no such clause" if clause is None else f"{clause.kind}: {clause.rule}"


def _became(change: ClauseChange | None) -> str:
    if change is None:
        return "did not change"
    fields = ", ".join(field.label.lower() for field in change.fields)
    return f"{BECAME[change.how]}" + (f" ({fields})" if fields and change.how == "changed" else "")


def _state(row: Feedback) -> str:
    return f"resolved in {row.resolved_in}" if row.status == "resolved" and row.resolved_in else row.status


def _both(one: Tested, which: str, measure: str) -> str:
    sides = [None if run is None else _share(getattr(run, which), measure) for run in (one.before, one.after)]
    return f"{sides[0]} -> {sides[1]}" if sides[0] is not None else str(sides[1])


def _share(found: Caught, measure: str) -> str:
    if measure == "recall":
        return f"{found.caught}/{found.violating}"
    return f"{found.flagged}/{found.benign}"


def _of_example(one: Tested) -> str | None:
    if one.after.said is None:
        return None
    was = "" if one.before is None or one.before.said is None else f"{one.before.said} -> "
    return f"{was}{one.after.said} (settled: {one.after.settled or 'nothing'})"


def _tested_json(one: Tested) -> dict[str, Any]:
    return {"retest": one.named, "before": one.before and _run_json(one.before), "after": _run_json(one.after)}


def _run_json(run: Run) -> dict[str, Any]:
    return {**dataclasses.asdict(run), "all": caught_json(run.all), "again": caught_json(run.again)}


def _points(given: Estimate | None) -> list[float] | None:
    return None if given is None else [given.low, given.median, given.high]


def _range(given: Estimate | None) -> str:
    return "nothing" if given is None else f"{given.median:.1%} ({given.low:.1%} to {given.high:.1%}, {given.kind})"


def _hidden(case: Case) -> str:
    return "" if case.handling == "open" else f"[{case.handling}]"


def _cut(words: str, length: int = 80) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"
