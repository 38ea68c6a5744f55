"""How the verdicts of a policy run stand to the settled labels where caution is asked for: right, wrong, defensible."""

from collections import Counter
from collections.abc import Iterable, Iterator

from launchpad.edits.feedback import line_of
from launchpad.edits.policy_evidence import Caught
from launchpad.edits.settle import gold_of
from launchpad.records import Example, GoldSet, Inputs, Label, PolicyRun, PolicyVersion
from launchpad.results.policy_judged import Judged, judged

VIOLATES, SAFE = "violates", "safe"
REPORT = "report"
_WORDS = {1: VIOLATES, 0: SAFE}


def verdicts(inputs: Inputs, run: PolicyRun) -> dict[int, Judged]:
    """What a run said of each item, at its own threshold where it has one, by row id of the example."""
    return {one.example: one for one in judged(inputs, run, run.threshold)}


def caught(inputs: Inputs, run: PolicyRun, items: Iterable[int] | None = None) -> Caught:
    """How a run's verdicts stand to the settled labels, of these examples (row ids) or of all it answered.

    A run whose threshold was chosen counts on the split for reporting alone: on the other it was fitted.
    """
    wanted = None if items is None else frozenset(items)
    found: Counter[str] = Counter()
    for one in verdicts(inputs, run).values():
        fitted = run.threshold is not None and one.split != REPORT
        if not fitted and (wanted is None or one.example in wanted):
            found.update(_counted(one))
    return Caught(**found)


def said(one: Judged) -> str:
    """The verdict on an item in a word: violates, safe, or what came back instead."""
    return _WORDS.get(one.said, one.outcome)


def is_wrong(one: Judged, gold: Label | None) -> bool:
    """Whether a verdict is the opposite of the settled label, and cannot be defended."""
    return one.truth >= 0 and one.said >= 0 and one.said != one.truth and not is_defensible(one, gold)


def is_defensible(one: Judged, gold: Label | None) -> bool:
    """Whether another verdict than the settled one cites the clause under which another one can be defended."""
    if gold is None or gold.defensible is None or one.said < 0:
        return False
    return said(one) != gold.violation and gold.defensible in one.clauses


def defended_under(label: Label, truth: Label | None) -> str | None:
    """The clause under which a rater's answer can be defended: as the rater says, or as the settled label does."""
    if label.defensible is not None:
        return label.defensible
    if truth is None or truth.defensible is None or label.violation == truth.violation:
        return None
    return truth.defensible if label.clause == truth.defensible else None


def settled(inputs: Inputs, example: Example, version: PolicyVersion) -> Label | None:
    """The settled label of an example under a version, else under the nearest one before it, else under none."""
    for passed in line_of(inputs, version):
        gold = gold_of(inputs, example, passed)
        if gold is not None and gold.violation is not None:
            return gold
    rows = inputs.children(Label, "example", example.id)
    return next((row for row in rows if row.gold and row.violation is not None and row.policy_version is None), None)


def items_of(inputs: Inputs, version: PolicyVersion) -> list[Example]:
    """The examples of a policy and the items of its gold sets, by code."""
    found = {row.id: row for row in inputs.children(Example, "policy", version.policy)}
    for gold in inputs.children(GoldSet, "policy", version.policy):
        found |= {row.id: row for row in inputs.children(Example, "gold_set", gold.id)}
    return sorted(found.values(), key=lambda row: row.code)


def _counted(one: Judged) -> Iterator[str]:
    """The counts of `Caught` that one item adds to."""
    if one.truth < 0:
        yield "unsettled"
        return
    if one.said < 0 and one.outcome == "error":
        yield "errors"
        return
    yield "violating" if one.truth else "benign"
    if one.truth and one.said == 1:
        yield "caught"
    if not one.truth and one.said != 0:
        yield "flagged"
    if one.said < 0:
        yield "escalated" if one.outcome == "escalate" else "unread"
