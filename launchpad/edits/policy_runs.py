"""Runs of a policy against a gold set: begun, answered batch by batch, ended, and the threshold chosen for one."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from launchpad.changes import Change, insert, now, update
from launchpad.edits.records import made_from, next_code
from launchpad.edits.values import checked
from launchpad.errors import InvalidValueError
from launchpad.records import Example, Inputs, PolicyRun, RunAnswer

PREFIX = "RUN"
LONGEST_RAW = 20_000
CUT = "\n[cut here]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back for one item: an outcome, and what is kept of the call beside it.

    `outcome` is label, unparsable, refused or error; `clauses` are the codes cited; `raw` the answer in its own words,
    without keys; `error` why there is no label, in ours.
    """

    outcome: str
    label: str | None = None
    clauses: tuple[str, ...] = ()
    score: float | None = None
    raw: str = ""
    request_sha256: str = ""
    latency_ms: float | None = None
    asked_at: str = ""
    error: str | None = None


def begin_run(inputs: Inputs, parameters: Mapping[str, Any], **fields: object) -> tuple[PolicyRun, Change]:
    """The row of a new run with the next free code, and the change that adds it; `fields` are others of PolicyRun."""
    values = {
        "code": next_code(inputs, PolicyRun, prefix=PREFIX),
        "parameters": json.dumps(parameters, ensure_ascii=False, sort_keys=True),
        "status": "running",
        "started": now(),
    }
    made = made_from(PolicyRun, {**values, **fields})
    if not isinstance(made, PolicyRun):
        raise TypeError(made)
    return made, insert(made)


def parameters_of(run: PolicyRun) -> Mapping[str, Any]:
    """What a run was asked with; empty where that cannot be read."""
    try:
        found: object = json.loads(run.parameters or "{}")
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def answer(
    run: PolicyRun, example: Example, vote: int, heard: Heard, before: RunAnswer | None = None
) -> tuple[Change | None, Mapping[str, bytes]]:
    """The change that keeps what came back for an item, and its words for `content`; `before` is what it replaces."""
    raw = heard.raw.encode("utf-8", "replace").decode()
    block = (raw[:LONGEST_RAW] + CUT if len(raw) > LONGEST_RAW else raw).encode()
    values: dict[str, object] = {
        "outcome": heard.outcome,
        "label_given": heard.label,
        "clause": ", ".join(heard.clauses) or None,
        "score": heard.score,
        "raw": hashlib.sha256(block).hexdigest() if block else None,
        "request_sha256": heard.request_sha256 or None,
        "latency_ms": None if heard.latency_ms is None else round(heard.latency_ms, 1),
        "asked_at": heard.asked_at or now(),
        "error": heard.error,
    }
    content = {cast("str", values["raw"]): block} if block else {}
    if before is None:
        made = made_from(RunAnswer, {"run": run.id, "example": example.id, "vote": vote, **values})
        return insert(made), content
    checked(replace(before, **values))  # pyright: ignore[reportArgumentType] - checked right here
    return update(before, **values), content


def run_on(run: PolicyRun) -> tuple[PolicyRun, Change | None]:
    """The run as it is while it goes on, and the change for it; InvalidValueError for one begun by no endpoint."""
    if not parameters_of(run).get("url"):
        raise InvalidValueError(
            f"Run {run.code} does not say where it was asked, so it cannot go on.", "Begin another run."
        )
    after = replace(run, status="running", finished=None)
    return after, update(run, status="running", finished=None)


def end_run(run: PolicyRun, status: str) -> tuple[PolicyRun, Change | None]:
    """The run as it is when it ended (complete, cancelled or failed), and the change for it."""
    at = now()
    return replace(run, status=status, finished=at), update(run, status=status, finished=at)


def keep_threshold(run: PolicyRun, threshold: float) -> list[Change]:
    """The change that keeps the threshold chosen for a run."""
    checked(replace(run, threshold=threshold))
    change = update(run, threshold=threshold)
    return [] if change is None else [change]
