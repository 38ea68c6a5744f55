"""A compiled policy put to a model, item by item, against a gold set: what would leave, and what came back.

For the command line and the Runs tab. In this order:

    endpoint = usable(Endpoint(url=..., model=...))                  launchpad.endpoints.endpoint
    key = find_key(env=None, ring=None)                              launchpad.endpoints.keys
    wish = RunWish(version=..., gold_set=..., endpoint=endpoint, rendering="chat", votes=1, split=None,
                   sensitive=False, label_map=None, note=None)
    leaving = departure(inputs, wish)       -> Departure: host, items, calls, withheld; .sentences() to show and ask
    plan = begin(inputs, wish, key, tell)   -> RunPlan: run row, change that adds it; small probes, no item leaves
    for batch in batches(inputs, plan, key, tell, latest): write(batch)
                                            item by item; at most 20 answers or 5 s a batch

and to go on with one that was stopped, failed or killed:

    plan = resume(inputs, run, again=False, timeout=None, rate=None) -> RunPlan; nothing asked twice
    leaving = departure(inputs, plan.wish, plan)

`tell(share, words)` hears of progress ten times a second, while an answer is waited for too, and stops the run by
raising CancelledError: what came in is then yielded as a last batch that marks the run cancelled, and the error goes
on. An endpoint that fails for good does the same with the run marked failed. `write(batch)` is the caller's
`project.edit(batch.changes, batch.label, content=batch.content, batch=plan.run.code)`; nothing here writes. `latest()`
gives the project's inputs as they are now, so that an item whose area is made restricted meanwhile does not leave.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from launchpad.changes import Change
from launchpad.edits.policy_runs import Heard, answer, end_run
from launchpad.endpoints.calling import Connection, connected
from launchpad.endpoints.endpoint import EndpointError
from launchpad.endpoints.keys import Key
from launchpad.errors import CancelledError, InvalidValueError
from launchpad.policies.exchange.pieces import Piece
from launchpad.policies.run_items import Asking, asking_of, judge
from launchpad.policies.run_plan import (
    Departure,
    RunPlan,
    RunWish,
    Tell,
    begin,
    departure,
    heard_by,
    pieces_of,
    prompt_of,
    resume,
    work_of,
)
from launchpad.records import Inputs, PolicyRun

__all__ = ["Batch", "Departure", "RunPlan", "RunWish", "Tell", "batches", "begin", "departure", "resume"]

BATCH: Final = 20
BATCH_SECONDS: Final = 5.0
MOST_ERRORS: Final = 5
DECIDING: Final = ("risk_area", "area_parent", "policy", "policy_version", "clause", "example")
"""The tables that say which items may leave."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Answers to be written together: changes, their content, how far the run is, and its row afterwards."""

    label: str
    changes: tuple[Change, ...]
    content: Mapping[str, bytes]
    done: int
    total: int
    run: PolicyRun
    outcomes: Mapping[str, int] = field(default_factory=dict[str, int])


def batches(
    inputs: Inputs, plan: RunPlan, key: Key, tell: Tell, latest: Callable[[], Inputs] | None = None
) -> Iterator[Batch]:
    """The answers of a run as they come, in batches to be written at once; the last one ends the run.

    The first batch adds the run, or has it go on, before any item leaves. `latest` gives the project as it is now: an
    item that has come to lie in a restricted area since stays. Raises CancelledError and EndpointError after a batch
    with what came in until then.
    """
    asking = asking_of(inputs, plan.wish.label_map, prompt_of(inputs, plan.wish), plan.manner)
    work, total = work_of(inputs, plan)
    pending = _Pending(plan.run, total - len(work), total)
    may_leave = _leaving(inputs, plan, latest or (lambda: inputs))
    first = [] if plan.change is None else [plan.change]
    yield pending.taken(f"Run {plan.run.code}: begin", first)
    try:
        with connected(plan.wish.endpoint, key) as connection:
            for example, piece, vote, before in work:
                if not may_leave(example.code):
                    continue
                heard = _asked(connection, asking, piece, vote, partial(heard_by, tell, pending.share, example.code))
                pending.add(*answer(plan.run, example, vote, heard, before), heard)
                if pending.full:
                    yield pending.taken(f"Run {plan.run.code}: answers")
                pending.refuse_streak()
    except (CancelledError, KeyboardInterrupt):
        yield pending.ended("cancelled")
        raise
    except EndpointError:
        yield pending.ended("failed")
        raise
    yield pending.ended("complete")


def _leaving(inputs: Inputs, plan: RunPlan, latest: Callable[[], Inputs]) -> Callable[[str], bool]:
    """Whether an item may leave, asked right before it does: looked at anew when what decides that has changed."""
    seen = inputs
    allowed = {one.id for one in pieces_of(inputs, plan.wish)[0]}

    def may_leave(code: str) -> bool:
        nonlocal seen, allowed
        now = latest()
        if any(now.tables.get(name) is not seen.tables.get(name) for name in DECIDING):
            seen = now
            try:
                allowed = {one.id for one in pieces_of(now, plan.wish)[0]}
            except InvalidValueError:  # none of them may
                allowed = set[str]()
        return code in allowed

    return may_leave


def _asked(connection: Connection, asking: Asking, piece: Piece, vote: int, heard: Callable[[str], None]) -> Heard:
    return judge(replace(connection, heard=heard), asking, piece, vote)


class _Pending:
    """Answers that came in and are not written yet, and how far the run is."""

    def __init__(self, run: PolicyRun, done: int, total: int) -> None:
        self._run = run
        self._done = done
        self._total = total
        self._changes: list[Change] = []
        self._content: dict[str, bytes] = {}
        self._outcomes: dict[str, int] = {}
        self._since = time.monotonic()
        self._streak = 0
        self._why = ""

    @property
    def share(self) -> float:
        return self._done / max(self._total, 1)

    @property
    def full(self) -> bool:
        return len(self._changes) >= BATCH or time.monotonic() - self._since >= BATCH_SECONDS

    def add(self, change: Change | None, content: Mapping[str, bytes], heard: Heard) -> None:
        if change is not None:
            self._changes.append(change)
            self._content |= content
        self._done += 1
        self._outcomes[heard.outcome] = self._outcomes.get(heard.outcome, 0) + 1
        self._streak = self._streak + 1 if heard.outcome == "error" else 0
        self._why = heard.error or ""

    def refuse_streak(self) -> None:
        """Raise EndpointError when so many answers in a row came to nothing that more would too."""
        if self._streak >= MOST_ERRORS:
            raise EndpointError(
                f"{MOST_ERRORS} answers of {self._run.host} in a row came to nothing. The last: {self._why}",
                "Mend that, then go on with --resume and --retry-errors.",
            )

    def taken(self, label: str, first: list[Change] | None = None) -> Batch:
        changes = (*(first or ()), *self._changes)
        batch = Batch(label, changes, self._content, self._done, self._total, self._run, dict(self._outcomes))
        self._changes, self._content, self._since = [], {}, time.monotonic()
        return batch

    def ended(self, status: str) -> Batch:
        self._run, change = end_run(self._run, status)
        return self.taken(f"Run {self._run.code}: {status}", [] if change is None else [change])
