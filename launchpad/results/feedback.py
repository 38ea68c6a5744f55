"""From feedback to the clause that was changed for it to the run that tested it again, and back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from launchpad.edits.feedback import before, clauses, follows, line_of, version_called
from launchpad.edits.policies import newest_version
from launchpad.edits.policy_evidence import Caught
from launchpad.policies.findings import Finding
from launchpad.policies.redline import ClauseChange, Redline, redline
from launchpad.policies.retest import retest
from launchpad.records import Clause, Example, Feedback, GoldSet, Inputs, Policy, PolicyRun, PolicyVersion
from launchpad.results.verdicts import caught, said, settled, verdicts


@dataclass(frozen=True, slots=True)
class Run:
    """A run in a chain: what it found over all its items, over those to test again, and of the example itself.

    `said` is its verdict on the example that feedback names, `settled` what is settled about that; None without.
    """

    code: str
    version: str
    gold_set: str
    rendering: str
    model: str
    status: str
    all: Caught
    again: Caught
    said: str | None = None
    settled: str | None = None


@dataclass(frozen=True, slots=True)
class Tested:
    """A run since the clause was changed, and the last like it (gold set, rendering, model) from before, if any."""

    before: Run | None
    after: Run
    named: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """One piece of feedback, what became of the clause, what is to be tested again, and what was.

    `clause` is the one changed, else the one it is about. `before` and `after` are the clause in the version before
    and in the one it was resolved in; `after` alone while it is open. None where a version has no such clause.
    """

    feedback: Feedback
    clause: str | None
    version_before: str | None
    version: str | None
    before: Clause | None
    after: Clause | None
    change: ClauseChange | None
    gold_items: tuple[str, ...]
    tested: tuple[Tested, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A version and the one before it, what became of the clause, the feedback resolved by it, the runs made of it."""

    version: str
    before: str | None
    status: str
    change: ClauseChange | None
    resolved: tuple[str, ...]
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseStory:
    """A clause through its versions, oldest first, with the chains of all feedback on it."""

    policy: str
    clause: str
    steps: tuple[Step, ...]
    chains: tuple[Chain, ...]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The codes of feedback on it that is still open."""
        return tuple(chain.feedback.code for chain in self.chains if chain.feedback.status == "open")


def chain(inputs: Inputs, feedback: Feedback) -> Chain:
    """The chain of one piece of feedback."""
    code = feedback.changed_clause or feedback.clause
    version = _version_of(inputs, feedback)
    resolved = feedback.status == "resolved"
    was = before(inputs, version) if resolved and version is not None else None
    old, new = _clause(inputs, was, code), _clause(inputs, version, code)
    change = _change(inputs, was, version, code) if resolved else None
    policy = inputs.get(Policy, feedback.policy)
    held = [row for row in (old, new) if row is not None]
    items = retest(inputs, policy, held).gold_items if resolved else ()
    return Chain(
        feedback,
        code,
        None if was is None else was.version,
        None if version is None else version.version,
        old,
        new,
        change,
        items,
        tuple(_tested(inputs, feedback, version, items)) if resolved and version is not None else (),
        tuple(_findings(inputs, feedback, version, change)),
    )


def of_clause(inputs: Inputs, policy: Policy, clause: str) -> ClauseStory:
    """What happened to a clause: its changes from version to version, for what, and the chains of its feedback."""
    rows = [row for row in _feedback(inputs, policy) if clause in (row.clause, row.changed_clause)]
    runs = _runs(inputs, policy)
    steps: list[Step] = []
    for version in _in_order(inputs, policy):
        was = before(inputs, version)
        solved = [row.code for row in rows if row.resolved_in == version.version and row.changed_clause == clause]
        made = [run.code for run in runs if run.policy_version == version.id]
        change = None if was is None else _change(inputs, was, version, clause)
        steps.append(Step(version.version, was and was.version, version.status, change, tuple(solved), tuple(made)))
    return ClauseStory(policy.code, clause, tuple(steps), tuple(chain(inputs, row) for row in rows))


def of_run(inputs: Inputs, run: PolicyRun) -> tuple[Chain, ...]:
    """The chains of all feedback that a run tested again, by code."""
    rows = sorted(inputs.children(Feedback, "retest", run.id), key=lambda row: row.code)
    return tuple(chain(inputs, row) for row in rows)


def checks(inputs: Inputs, policy: Policy) -> tuple[Finding, ...]:
    """What is amiss with feedback on a policy: a clause that did not change or is not there, nothing tested again."""
    lines: dict[str, Redline | None] = {}
    found: list[Finding] = []
    for row in _feedback(inputs, policy):
        version = _version_of(inputs, row)
        change = None
        if row.status == "resolved" and version is not None:
            if version.version not in lines:
                was = before(inputs, version)
                lines[version.version] = None if was is None else redline(inputs, was, version)
            change = _of(lines[version.version], row.changed_clause or row.clause)
        found.extend(_findings(inputs, row, version, change))
    return tuple(found)


def _feedback(inputs: Inputs, policy: Policy) -> list[Feedback]:
    return sorted(inputs.children(Feedback, "policy", policy.id), key=lambda row: row.code)


def _in_order(inputs: Inputs, policy: Policy) -> list[PolicyVersion]:
    """The versions of a policy, each after all that it supersedes."""
    rows = inputs.children(PolicyVersion, "policy", policy.id)
    return sorted(rows, key=lambda row: (sum(1 for _ in line_of(inputs, row)), row.effective_from or "9", row.version))


def _runs(inputs: Inputs, policy: Policy) -> list[PolicyRun]:
    """The runs of all versions of a policy, oldest first."""
    versions = inputs.children(PolicyVersion, "policy", policy.id)
    runs = [run for version in versions for run in inputs.children(PolicyRun, "policy_version", version.id)]
    return sorted(runs, key=lambda run: (run.started or "", run.code))


def _version_of(inputs: Inputs, feedback: Feedback) -> PolicyVersion | None:
    """The version feedback was resolved in; for any other the newest released one, else the newest."""
    if feedback.status == "resolved":
        return version_called(inputs, feedback.policy, feedback.resolved_in)
    newest = newest_version(inputs, feedback.policy, "released") or newest_version(inputs, feedback.policy)
    return version_called(inputs, feedback.policy, newest)


def _clause(inputs: Inputs, version: PolicyVersion | None, code: str | None) -> Clause | None:
    return None if version is None else next((row for row in clauses(inputs, version) if row.code == code), None)


def _change(
    inputs: Inputs, was: PolicyVersion | None, version: PolicyVersion | None, code: str | None
) -> ClauseChange | None:
    return None if was is None or version is None else _of(redline(inputs, was, version), code)


def _of(line: Redline | None, code: str | None) -> ClauseChange | None:
    return None if line is None else next((change for change in line.changes if change.code == code), None)


def _tested(inputs: Inputs, feedback: Feedback, version: PolicyVersion, items: Sequence[str]) -> Iterator[Tested]:
    """The runs of the version and those after it, each with the last run like it of a version before."""
    again = frozenset(inputs.find(Example, code).id for code in items)
    earlier: list[PolicyRun] = []
    later: list[PolicyRun] = []
    for run in _runs(inputs, inputs.get(Policy, feedback.policy)):
        since = follows(inputs, inputs.get(PolicyVersion, run.policy_version), version.version)
        (later if since else earlier).append(run)
    for run in later:
        like = [old for old in earlier if _alike(old) == _alike(run)]
        was = _run(inputs, like[-1], feedback, again) if like else None
        yield Tested(was, _run(inputs, run, feedback, again), named=run.id == feedback.retest)


def _alike(run: PolicyRun) -> tuple[object, ...]:
    return run.gold_set, run.rendering, run.model


def _run(inputs: Inputs, run: PolicyRun, feedback: Feedback, again: frozenset[int]) -> Run:
    version = inputs.get(PolicyVersion, run.policy_version)
    verdict = None if feedback.example is None else verdicts(inputs, run).get(feedback.example)
    truth = None if verdict is None else settled(inputs, inputs.get(Example, verdict.example), version)
    return Run(
        run.code,
        version.version,
        inputs.get(GoldSet, run.gold_set).code,
        run.rendering,
        run.model,
        run.status,
        caught(inputs, run),
        caught(inputs, run, again),
        None if verdict is None else said(verdict),
        None if truth is None else truth.violation,
    )


def _findings(
    inputs: Inputs, feedback: Feedback, version: PolicyVersion | None, change: ClauseChange | None
) -> Iterator[Finding]:
    record = f"feedback {feedback.code}"
    if feedback.status == "resolved":
        yield from _of_resolved(feedback, version, change)
        return
    if feedback.clause is not None and version is not None and _clause(inputs, version, feedback.clause) is None:
        said = f"It is about {feedback.clause}, which version {version.version} does not have{_ever(inputs, feedback)}."
        yield Finding("reference", record, "clause", said)


def _of_resolved(feedback: Feedback, version: PolicyVersion | None, change: ClauseChange | None) -> Iterator[Finding]:
    record = f"feedback {feedback.code}"
    code = feedback.changed_clause or feedback.clause
    if version is None:
        named = feedback.resolved_in or "no version"
        yield Finding("reference", record, "resolved_in", f"It is resolved in {named}, which there is not.")
    elif change is None:
        against = f" from {version.supersedes}" if version.supersedes else ", which follows no other version"
        said = f"It is resolved by {code} in version {version.version}, but that clause did not change{against}."
        yield Finding("unchanged", record, "resolved_in", said)
    elif not change.applies:
        said = f"Only the rationale of {code} changed in version {version.version}: no verdict rests on that."
        yield Finding("unchanged", record, "resolved_in", said)
    if feedback.retest is None:
        yield Finding("untested", record, "retest", "It is resolved, and no run has tested it again.")


def _ever(inputs: Inputs, feedback: Feedback) -> str:
    """What to say of a clause the version lacks: whether an earlier or later one has it."""
    for version in inputs.children(PolicyVersion, "policy", feedback.policy):
        if _clause(inputs, version, feedback.clause) is not None:
            return f" (version {version.version} has it)"
    return ", nor any other"
