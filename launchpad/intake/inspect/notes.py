"""What a person must know of an Inspect log besides its numbers: how it ended, what was changed later."""

from collections.abc import Iterator, Mapping

from launchpad.intake.inspect.log import HEADER, Log
from launchpad.intake.values import as_object, label, shortened, whole
from launchpad.records.imported import Problem, RunStatus

MAX_NOTES = 20
MAX_MESSAGE = 300
_STATUS: Mapping[str, RunStatus] = {
    "success": "complete",
    "cancelled": "cancelled",
    "error": "errored",
    "started": "running",
}


def status_of(log: Log) -> RunStatus:
    """How the run ended; a log without a header is of a run that goes on or was killed."""
    return _STATUS.get(label(log.header.get("status")) or "started", "unknown")


def problems_of(log: Log) -> Iterator[Problem]:
    """Everything about the run as a whole that a reader must look at."""
    yield from log.problems
    yield from _ending(log)
    yield from _coverage(log)
    yield from _afterwards(log)
    yield from _samples(log)


def _ending(log: Log) -> Iterator[Problem]:
    seen, status = len(log.samples), status_of(log)
    if not log.closed:
        what = f"the run is still going, or was killed: no header, {seen} samples in the journal, no metric"
        yield Problem(HEADER, what)
    elif status == "cancelled":
        completed = whole(as_object(log.header.get("results")).get("completed_samples"))
        planned = _planned(log) or "an unknown number of"
        yield Problem("status", f"cancelled after {seen if completed is None else completed} of {planned} samples")
    elif status == "errored":
        message = label(as_object(log.header.get("error")).get("message")) or "no message"
        yield Problem("error", f"the run failed: {shortened(message, MAX_MESSAGE)}")
    elif status == "running":
        yield Problem("status", f"the run had not ended when this was written; {seen} samples so far")
    elif status == "unknown":
        yield Problem("status", f"a status this program does not know: {label(log.header.get('status'))}")
    elif not log.scores:
        yield Problem("results", f"0 scored: the run ended without any metric ({seen} samples)")


def _coverage(log: Log) -> Iterator[Problem]:
    planned, total = _planned(log), whole(as_object(log.header.get("results")).get("total_samples"))
    if planned is not None and total is not None and total < planned:
        yield Problem("results.total_samples", f"a part of the data set: {total} of {planned} samples")


def _afterwards(log: Log) -> Iterator[Problem]:
    samples = log.samples
    if log.header.get("invalidated"):
        yield Problem("invalidated", "samples of this log were declared invalid after the run; the metrics count them")
    notes = [f"invalidated: {note}" for note in samples.invalidated]
    notes += [f"score edited: {note}" for note in samples.edited]
    yield from (Problem("samples", note) for note in notes[:MAX_NOTES])
    if len(notes) > MAX_NOTES:
        yield Problem("samples", f"{len(notes) - MAX_NOTES} further samples were invalidated or edited")


def _samples(log: Log) -> Iterator[Problem]:
    samples = log.samples
    for kind, count in sorted(samples.limits.items()):
        yield Problem("samples", f"{count} of {len(samples)} stopped at the {kind} limit")
    if samples.malformed:
        yield Problem("samples", f"{samples.malformed} entries without an id were skipped")
    if samples.repeated:
        yield Problem("samples", f"{samples.repeated} entries repeat an id and epoch; of those the last counts")


def _planned(log: Log) -> int | None:
    spec = as_object(log.header.get("eval"))
    samples = whole(as_object(spec.get("dataset")).get("samples"))
    return None if samples is None else samples * (whole(as_object(spec.get("config")).get("epochs")) or 1)
