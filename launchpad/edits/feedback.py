"""Feedback on a policy: given, triaged, resolved by a changed clause or declined, and tested again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from launchpad.changes import Change, insert
from launchpad.edits.records import made_from, next_code, refuse_taken, set_values
from launchpad.errors import InvalidValueError
from launchpad.records import Clause, Example, Feedback, Inputs, Policy, PolicyRun, PolicyVersion, record_from
from launchpad.records.policies import TRIAGE

PREFIX = "FB"
MINING = "mining"
TRIAGED = "Triage: "
WAYS: Mapping[str, str] = {
    "rater_split": "Raters split",
    "against_gold": "Classifier against gold",
    "renderings": "Renderings disagree",
    "near_duplicates": "Near duplicates with opposite labels",
}


@dataclass(frozen=True, slots=True)
class Case:
    """An edge case that the program found: how (`WAYS`), in which example (and the other of a pair), and why.

    `kind` is one of feedback. `weight` orders the cases of one way, the most telling first: entropy in bits, distance
    from the threshold, share of runs in the minority, likeness. `text` is None where its handling forbids showing it,
    or it is not there. `version` is that of the policy. `defensible` counts answers that can be defended.
    """

    way: str
    example: str
    kind: str
    why: str
    weight: float
    version: str
    clause: str | None = None
    other: str | None = None
    handling: str = "open"
    text: str | None = None
    defensible: int = 0

    @property
    def mark(self) -> str:
        """What its feedback begins with, and is known by: the way, and the other example of a pair."""
        return WAYS[self.way] + (f" ({self.other})" if self.other else "") + ":"


def give(
    inputs: Inputs, policy: Policy, *, said: str, example: Example | None = None, **fields: object
) -> list[Change]:
    """The change that adds feedback, not looked at yet; `fields` are `source`, `kind` and further ones of Feedback.

    It gets the next free code and today's date unless given. Raises InvalidValueError when nothing is said, what is
    needed is missing, or no version of the policy ever had the clause.
    """
    if not said.strip():
        raise InvalidValueError("The feedback says nothing.", "Say in words what was run into.")
    values = {
        "code": next_code(inputs, Feedback, prefix=PREFIX),
        "given_on": datetime.now(UTC).date().isoformat(),
        **{name: value for name, value in fields.items() if value is not None},
    }
    about = {"policy": policy.id, "example": None if example is None else example.id, "said": said.strip()}
    made = made_from(Feedback, {**values, **about})
    if not isinstance(made, Feedback):
        raise TypeError(made)
    _refuse_unknown_clause(inputs, policy, made.clause)
    refuse_taken(inputs, made)
    return [insert(made)]


def triage(feedback: Feedback, sort: str, reason: str, *, kind: str | None = None) -> list[Change]:
    """The change that says what sort of problem it is, and why; `kind` corrects what was said to be wrong.

    The reason stands in the resolution, before what is said there later. Raises InvalidValueError without a reason, or
    once the feedback is resolved or declined.
    """
    _refuse_closed(feedback)
    if sort == "new" or sort not in TRIAGE:
        raise InvalidValueError(
            f"{sort!r} is no sort of problem.", f"Choose one of: {', '.join(name for name in TRIAGE if name != 'new')}."
        )
    fields = {"triage": sort, "resolution": TRIAGED + _words(reason, "why it is of this sort")}
    return set_values(feedback, **fields, **({} if kind is None else {"kind": kind}))


def resolve(
    inputs: Inputs, feedback: Feedback, version: PolicyVersion, resolution: str, *, clause: str | None = None
) -> list[Change]:
    """The change that closes feedback by a clause changed in a version; the clause it is about unless another is named.

    A clause that the version took out was changed as well. Raises InvalidValueError when the version is of another
    policy, no clause is named, neither it nor the version before has the clause, or the feedback is closed already.
    """
    _refuse_closed(feedback)
    changed = clause or feedback.clause
    if changed is None:
        raise InvalidValueError(f"Feedback {feedback.code} names no clause.", "Say which one was changed: --clause.")
    if version.policy != feedback.policy:
        raise InvalidValueError(
            f"{inputs.address(version)} is a version of another policy than feedback {feedback.code} is about.",
            f"Name a version of {inputs.get(Policy, feedback.policy).code}.",
        )
    held = {row.code for row in (version, before(inputs, version)) if row for row in clauses(inputs, row)}
    if changed not in held:
        raise InvalidValueError(
            f"Neither {inputs.address(version)} nor the version before it has a clause {changed}.",
            f"They have {', '.join(sorted(held))}." if held else "Add the clause to the draft first.",
        )
    return set_values(
        feedback,
        status="resolved",
        resolution=_after_triage(feedback, _words(resolution, "what was changed")),
        resolved_in=version.version,
        changed_clause=changed,
    )


def decline(feedback: Feedback, reason: str) -> list[Change]:
    """The change that closes feedback without a change of the policy, and says why."""
    _refuse_closed(feedback)
    return set_values(
        feedback, status="declined", resolution=_after_triage(feedback, _words(reason, "why nothing is changed"))
    )


def reopen(feedback: Feedback) -> list[Change]:
    """The change that opens closed feedback again; which version it was resolved in is forgotten, its words are not."""
    if feedback.status == "open":
        raise InvalidValueError(f"Feedback {feedback.code} is open.", "There is nothing to open again.")
    return set_values(feedback, status="open", resolved_in=None, changed_clause=None, retest=None)


def retested(inputs: Inputs, feedback: Feedback, run: PolicyRun) -> list[Change]:
    """The change that names the run by which resolved feedback was tested again.

    Raises InvalidValueError when the feedback is not resolved, or the run is not complete or of a version in which the
    clause was not changed yet.
    """
    if feedback.status != "resolved" or feedback.resolved_in is None:
        raise InvalidValueError(f"Feedback {feedback.code} is not resolved.", "Resolve it first, then test again.")
    if run.status != "complete":
        raise InvalidValueError(f"Run {run.code} is {run.status}.", "Finish it first: what it left out is untested.")
    version = inputs.get(PolicyVersion, run.policy_version)
    if version.policy != feedback.policy or not follows(inputs, version, feedback.resolved_in):
        raise InvalidValueError(
            f"Run {run.code} is of {inputs.address(version)}, which does not hold the change made in "
            f"{feedback.resolved_in}.",
            f"Run version {feedback.resolved_in} or a later one against the gold set.",
        )
    return set_values(feedback, retest=run.id)


def take_cases(inputs: Inputs, policy: Policy, cases: Iterable[Case]) -> tuple[list[Change], tuple[Case, ...]]:
    """The changes that add feedback for cases found by the program, and the cases that are there already.

    A case is there while feedback on it is open or declined, or was resolved in a version that the case's version does
    not hold. What turns up again after its clause was changed is new.
    """
    known: dict[tuple[str, str], list[Feedback]] = {}
    for row in inputs.children(Feedback, "policy", policy.id):
        if row.source == MINING and row.example is not None:
            example = inputs.get(Example, row.example).code
            known.setdefault((example, row.said.partition(":")[0] + ":"), []).append(row)
    changes: list[Change] = []
    there: list[Case] = []
    code, codes = next_code(inputs, Feedback, prefix=PREFIX), clause_codes(inputs, policy.id)
    for case in cases:
        key = (case.example, case.mark)
        if any(_holds(inputs, policy, row, case) for row in known.get(key, ())):
            there.append(case)
            continue
        about = {"kind": case.kind, "clause": case.clause if case.clause in codes else None, "code": code}
        said, example = f"{case.mark} {case.why}", inputs.find(Example, case.example)
        (made,) = give(inputs, policy, said=said, example=example, source=MINING, **about)
        known.setdefault(key, []).append(record_from(Feedback, made.key, made.after or {}))
        changes.append(made)
        code = following(code)
    return changes, tuple(there)


def following(code: str) -> str:
    """The code after a code."""
    head, _, number = code.rpartition("-")
    return f"{head}-{int(number) + 1:0{len(number)}d}"


def before(inputs: Inputs, version: PolicyVersion) -> PolicyVersion | None:
    """The version that a version supersedes, if it is there."""
    rows = inputs.children(PolicyVersion, "policy", version.policy)
    return next((row for row in rows if row.version == version.supersedes), None)


def line_of(inputs: Inputs, version: PolicyVersion) -> Iterator[PolicyVersion]:
    """A version and those it supersedes, directly and through others, newest first."""
    seen: set[int] = set()
    at: PolicyVersion | None = version
    while at is not None and at.id not in seen:
        yield at
        seen.add(at.id)
        at = before(inputs, at)


def follows(inputs: Inputs, version: PolicyVersion, earlier: str) -> bool:
    """Whether a version is the earlier one (by name), or supersedes it directly or through others."""
    return any(passed.version == earlier for passed in line_of(inputs, version))


def version_called(inputs: Inputs, policy: int, name: str | None) -> PolicyVersion | None:
    """The version of a policy of this name, if there is one."""
    rows = inputs.children(PolicyVersion, "policy", policy)
    return next((row for row in rows if row.version == name), None)


def clauses(inputs: Inputs, version: PolicyVersion) -> Sequence[Clause]:
    """The clauses of a version."""
    return inputs.children(Clause, "version", version.id)


def clause_codes(inputs: Inputs, policy: int) -> frozenset[str]:
    """The codes of all clauses that any version of a policy has."""
    versions = inputs.children(PolicyVersion, "policy", policy)
    return frozenset(row.code for version in versions for row in clauses(inputs, version))


def _holds(inputs: Inputs, policy: Policy, row: Feedback, case: Case) -> bool:
    if row.status != "resolved" or row.resolved_in is None:
        return True
    version = version_called(inputs, policy.id, case.version)
    return version is None or not follows(inputs, version, row.resolved_in)


def _words(given: str, what: str) -> str:
    if not given.strip():
        raise InvalidValueError(f"It is not said {what}.", "Give a sentence.")
    return given.strip()


def _after_triage(feedback: Feedback, words: str) -> str:
    """A resolution after the reason of the triage, where there was one."""
    said = (feedback.resolution or "").split("\n", 1)[0]
    return f"{said}\n{words}" if said.startswith(TRIAGED) else words


def _refuse_closed(feedback: Feedback) -> None:
    if feedback.status != "open":
        raise InvalidValueError(
            f"Feedback {feedback.code} is {feedback.status} already.", "Open it again first: policy feedback reopen."
        )


def _refuse_unknown_clause(inputs: Inputs, policy: Policy, clause: str | None) -> None:
    known = clause_codes(inputs, policy.id)
    if clause is not None and clause not in known:
        said = f"It has {', '.join(sorted(known))}." if known else "Add the clause first, or name none."
        raise InvalidValueError(f"No version of policy {policy.code} has a clause {clause}.", said)
