"""Two runs on the same items: which is right where, and how often their verdicts differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from launchpad.errors import InvalidValueError
from launchpad.records import Inputs, PolicyRun
from launchpad.results.policy_judged import Judged, judged
from launchpad.statistics.classification import Versions
from launchpad.statistics.comparison import mcnemar_exact
from launchpad.statistics.intervals import wilson

LEVEL = 0.95
WHAT: Mapping[str, str] = {
    "policy_version": "policy version",
    "rendering": "rendering",
    "model": "model",
    "host": "host",
    "way": "way",
    "votes": "votes",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs on the items that both have.

    `differ` says in what the runs differ (policy version, rendering, model ...). `right` counts the items with a
    settled label by which run got them right, each by the settled label under its own version, with the exact McNemar
    p; no verdict is not right. Of the `both` items on which both gave a verdict, `flips` have another one: `flip_rate`
    is their share with its Wilson interval, `flipped` names them. On `one_sided` items only one gave a verdict.
    """

    first: str
    second: str
    differ: tuple[str, ...]
    items: int
    right: Versions
    both: int
    flips: int
    flip_rate: float | None
    interval: tuple[float, float] | None
    flipped: tuple[str, ...]
    one_sided: int


def compared(inputs: Inputs, first: PolicyRun, second: PolicyRun) -> Compared:
    """The first run against the second, each with its own threshold where it kept one.

    Raises InvalidValueError for one run twice, or two without a common item.
    """
    if first.id == second.id:
        raise InvalidValueError(f"Run {first.code} is compared with itself.", "Name two runs.")
    other = {one.example: one for one in judged(inputs, second, second.threshold)}
    pairs = [(one, other[one.example]) for one in judged(inputs, first, first.threshold) if one.example in other]
    if not pairs:
        raise InvalidValueError(
            f"Runs {first.code} and {second.code} have no item in common.", "Compare runs on one gold set."
        )
    verdicts = [(one, two) for one, two in pairs if one.said >= 0 and two.said >= 0]
    flipped = tuple(one.code for one, two in verdicts if one.said != two.said)
    n = len(verdicts)
    return Compared(
        first=first.code,
        second=second.code,
        differ=tuple(words for name, words in WHAT.items() if getattr(first, name) != getattr(second, name)),
        items=len(pairs),
        right=_right(pairs),
        both=n,
        flips=len(flipped),
        flip_rate=len(flipped) / n if n else None,
        interval=wilson(float(len(flipped)), float(n), LEVEL) if n else None,
        flipped=flipped,
        one_sided=sum((one.said >= 0) != (two.said >= 0) for one, two in pairs),
    )


def compared_json(found: Compared) -> Mapping[str, Any]:
    """The answer of `policy compare --json`."""
    interval = found.interval
    return {
        "first": found.first,
        "second": found.second,
        "differ": list(found.differ),
        "items": found.items,
        "right": found.right._asdict(),
        "both_with_verdict": found.both,
        "one_with_verdict": found.one_sided,
        "flips": found.flips,
        "flip_rate": found.flip_rate,
        "interval": None
        if interval is None
        else {"low": interval[0], "high": interval[1], "level": LEVEL, "method": "wilson"},
        "flipped": list(found.flipped),
    }


def _right(pairs: Sequence[tuple[Judged, Judged]]) -> Versions:
    known = [(one, two) for one, two in pairs if one.truth >= 0 and two.truth >= 0]
    cells = [(one.said == one.truth, two.said == two.truth) for one, two in known]
    only_first, only_second = cells.count((True, False)), cells.count((False, True))
    p = mcnemar_exact(only_first, only_second)
    return Versions(cells.count((True, True)), only_first, only_second, cells.count((False, False)), p)
