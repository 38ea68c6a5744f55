"""Each item of a policy run beside its settled label: truth, verdict, score, outcome, and the groups it counts in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from launchpad.edits.settle import gold_of
from launchpad.records import Example, Inputs, Label, PolicyRun, PolicyVersion, RunAnswer

SAID: Mapping[str, int] = {"violates": 1, "safe": 0}
SLICES = ("language", "persona", "attack", "slice")
KINDS = ("clause", "severity", "near_line", *SLICES)


@dataclass(frozen=True, slots=True)
class Judged:
    """One item of a run beside its settled label.

    `truth` and `said` are 1 (violates), 0 (does not) or -1 (neither); `outcome` is label, escalate, unparsable,
    refused or error. `clauses` are the codes the run cited, `clause` that of the settled label. `groups` are the
    clause, severity and slices the item counts in, as (kind, name).
    """

    example: int
    code: str
    truth: int
    said: int
    outcome: str
    score: float | None
    clauses: tuple[str, ...]
    clause: str | None
    split: str | None
    latency_ms: float | None
    groups: tuple[tuple[str, str], ...]


def judged(inputs: Inputs, run: PolicyRun, threshold: float | None = None) -> tuple[Judged, ...]:
    """Each item that a run has an answer for, in the order of their codes; a verdict as `results.policy_runs` says."""
    version = inputs.get(PolicyVersion, run.policy_version)
    answers: dict[int, list[RunAnswer]] = {}
    for row in inputs.children(RunAnswer, "run", run.id):
        answers.setdefault(row.example, []).append(row)
    examples = sorted((inputs.get(Example, each) for each in answers), key=lambda row: row.code)
    return tuple(_judged(row, answers[row.id], gold_of(inputs, row, version), threshold) for row in examples)


def _judged(example: Example, votes: Sequence[RunAnswer], gold: Label | None, threshold: float | None) -> Judged:
    labels = Counter(row.label_given for row in votes if row.outcome == "label" and row.label_given)
    score = _score(votes, labels)
    label = _most(labels)
    said = -1 if label is None else SAID.get(label, -1)
    if threshold is not None and score is not None:
        said = int(score >= threshold)
    times = [row.latency_ms for row in votes if row.latency_ms is not None]
    return Judged(
        example=example.id,
        code=example.code,
        truth=-1 if gold is None else SAID.get(gold.violation or "", -1),
        said=said,
        outcome=_outcome(votes, label),
        score=score,
        clauses=tuple(_cited(votes, label)),
        clause=None if gold is None else gold.clause,
        split=example.split,
        latency_ms=fmean(times) if times else None,
        groups=tuple(_groups(example, gold)),
    )


def _most(labels: Mapping[str, int]) -> str | None:
    """The label of most votes; of a tie the strictest."""
    order = ("violates", "escalate", "safe")
    return max(labels, key=lambda name: (labels[name], -order.index(name)), default=None)


def _score(votes: Sequence[RunAnswer], labels: Mapping[str, int]) -> float | None:
    scores = [row.score for row in votes if row.outcome == "label"]
    known = [score for score in scores if score is not None]
    if known and len(known) == len(scores):
        return fmean(known)
    if len(votes) < 2 or not labels:
        return None
    return labels.get("violates", 0) / sum(labels.values())


def _outcome(votes: Sequence[RunAnswer], label: str | None) -> str:
    """What came of an item: its label, or without one the outcome of most votes."""
    if label is not None:
        return "escalate" if label == "escalate" else "label"
    return Counter(row.outcome for row in votes).most_common(1)[0][0]


def _cited(votes: Sequence[RunAnswer], label: str | None) -> Iterator[str]:
    """The clauses cited for the label that an item got, each once."""
    said = (row.clause or "" for row in votes if row.label_given == label)
    yield from dict.fromkeys(code.strip() for words in said for code in words.split(",") if code.strip())


def _groups(example: Example, gold: Label | None) -> Iterator[tuple[str, str]]:
    clauses = (example.clause, None if gold is None else gold.clause)
    yield from (("clause", code) for code in dict.fromkeys(clauses) if code)
    severity = example.severity if gold is None or gold.severity is None else gold.severity
    if severity is not None:
        yield "severity", str(severity)
    yield "near_line", "near the line" if example.near_line else "not near the line"
    for name in SLICES:
        value: str | None = getattr(example, name)
        if value:
            yield name, value
