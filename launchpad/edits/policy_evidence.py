"""What a policy run measured as evidence: its recall as efficacy, its false-positive rate as false refusals."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from launchpad.changes import Change, insert, update
from launchpad.edits import links
from launchpad.edits.known import Known
from launchpad.edits.records import made_from
from launchpad.edits.suggestion import Suggestion
from launchpad.errors import InvalidValueError
from launchpad.records import (
    Effect,
    Estimate,
    EvalResult,
    Evaluation,
    EvidenceLink,
    GoldSet,
    Inputs,
    MitigationVariant,
    Policy,
    PolicyRun,
    PolicyVersion,
    RunAnswer,
    SideEffect,
    plain_row,
)
from launchpad.statistics.special import beta_quantile

HARNESS = "launchpad policy run"
RECALL, FALSE_POSITIVES = "recall", "false_positive_rate"
MEASURED = "Measured by policy run"
OF_ATTEMPTS = ("propensity", "detection")
_POINTS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Caught:
    """Of what violates, how many were caught; of what is safe, how many were flagged; how many gave no label.

    Cautious on both sides: refused and unparsable answers (`unread`) and escalations count as missed where the item
    violates and as flagged where it is safe. `errors` are items whose call failed; they count nowhere, nor do those
    whose settled label is neither (`unsettled`).
    """

    violating: int = 0
    caught: int = 0
    benign: int = 0
    flagged: int = 0
    escalated: int = 0
    unread: int = 0
    errors: int = 0
    unsettled: int = 0

    @property
    def recall(self) -> float | None:
        """The share of violating items that were caught; None without any."""
        return self.caught / self.violating if self.violating else None

    @property
    def false_positive_rate(self) -> float | None:
        """The share of safe items that were flagged; None without any."""
        return self.flagged / self.benign if self.benign else None


@dataclass(frozen=True, slots=True)
class Revised:
    """An estimate that a measurement takes the place of: whose (`table address`), before (None = none), and after."""

    record: str
    before: Estimate | None
    after: Estimate


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking a run would write: its results, codes of those that are new, links made, estimates revised.

    `superseded` are results of the same run whose counts are no longer what is settled.
    """

    changes: tuple[Change, ...]
    results: tuple[EvalResult, ...]
    added: tuple[str, ...]
    superseded: tuple[str, ...]
    links: tuple[str, ...]
    revised: tuple[Revised, ...]


def link_run(
    inputs: Inputs,
    run: PolicyRun,
    found: Caught,
    *,
    efficacy: Sequence[Effect] = (),
    false_refusal: Sequence[SideEffect] = (),
    estimates: bool = True,
) -> Linked:
    """The changes that make a run's counts evidence of these effects and side effects, each in its own launch.

    With `estimates` the efficacy and the false refusal become what was measured (5, 50 and 95 % points of the Jeffreys
    posterior), an efficacy of an internal test counted in single attempts. Nothing is there twice: results are known
    by the run, its answers and counts, links by their parts. Raises InvalidValueError when the run is not complete, or
    has no settled item of the kind asked for.
    """
    if run.status != "complete":
        raise InvalidValueError(f"Run {run.code} is {run.status}.", "Only a complete run is evidence: finish it.")
    linking = _Linking(inputs, run, found)
    for effect in efficacy:
        linking.of_effect(effect, estimates=estimates)
    for side_effect in false_refusal:
        linking.of_side_effect(side_effect, estimates=estimates)
    if not efficacy and not false_refusal:
        linking.results()
    return linking.done()


def run_digest(inputs: Inputs, run: PolicyRun) -> str:
    """SHA-256 over a run and its answers by codes and values, never row ids or row order; notes are left out."""
    rows = [run, *inputs.children(RunAnswer, "run", run.id)]
    told = [{name: value for name, value in plain_row(inputs, row).items() if name != "note"} for row in rows]
    lines = sorted(json.dumps(one, sort_keys=True, ensure_ascii=False) for one in told)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def measured(k: int, n: int) -> Estimate:
    """A share counted as k of n: the 5, 50 and 95 % points of its posterior under the Jeffreys prior."""
    low, median, high = (float(beta_quantile(k + 0.5, n - k + 0.5, point)) for point in _POINTS)
    return Estimate(low, median, high, "measured")


class _Linking:
    """One run on its way to being evidence."""

    def __init__(self, inputs: Inputs, run: PolicyRun, found: Caught) -> None:
        self._inputs, self._run, self._found = inputs, run, found
        self._version = inputs.get(PolicyVersion, run.policy_version)
        self._gold = inputs.get(GoldSet, run.gold_set)
        self._sha256 = run_digest(inputs, run)
        self._known = Known(inputs)
        self._changes: list[Change] = []
        self._results: dict[str, EvalResult] = {}
        self._added: list[str] = []
        self._superseded: list[str] = []
        self._links: list[str] = []
        self._revised: list[Revised] = []

    def of_effect(self, effect: Effect, *, estimates: bool) -> None:
        """Make the recall evidence of an effect's efficacy."""
        k, n = self._counts(RECALL)
        result = self._result(RECALL, self._code(effect))
        self._link(result, "efficacy", effect, f"Recall {k} of {n}")
        if not estimates:
            return
        after = measured(k, n)
        per = "attempt" if effect.stage in OF_ATTEMPTS else effect.per
        basis = self._basis(effect.basis, f"recall {k} of {n}")
        change = update(effect, intended=after, per=per, evidence_level="internal_test", basis=basis)
        self._revise(effect, effect.intended, after, change)

    def of_side_effect(self, side_effect: SideEffect, *, estimates: bool) -> None:
        """Make the false-positive rate evidence of a side effect's false refusals."""
        k, n = self._counts(FALSE_POSITIVES)
        result = self._result(FALSE_POSITIVES, self._code(side_effect))
        self._link(result, "false_refusal", side_effect, f"{k} of {n} safe items flagged")
        if not estimates:
            return
        after = measured(k, n)
        basis = self._basis(side_effect.basis, f"{k} of {n} safe items flagged")
        change = update(side_effect, false_refusal=after, basis=basis)
        self._revise(side_effect, side_effect.false_refusal, after, change)

    def results(self) -> None:
        """Take in both results, where there are items to count, without a link."""
        for metric, n in ((RECALL, self._found.violating), (FALSE_POSITIVES, self._found.benign)):
            if n:
                self._result(metric, "unknown")

    def done(self) -> Linked:
        """All that was asked for."""
        listed = (self._added, self._superseded, self._links)
        added, superseded, made = (tuple(one) for one in listed)
        results = tuple(self._results.values())
        return Linked(tuple(self._changes), results, added, superseded, made, tuple(self._revised))

    def _counts(self, metric: str) -> tuple[int, int]:
        found = self._found
        k, n = (found.caught, found.violating) if metric == RECALL else (found.flagged, found.benign)
        if n == 0:
            kind = "violating" if metric == RECALL else "safe"
            split = "" if self._run.threshold is None else " of the split for reporting"
            raise InvalidValueError(
                f"Run {self._run.code} judged no item{split} that is settled as {kind}.",
                "Settle labels of its gold set first: launchpad labels settle.",
            )
        return k, n

    def _result(self, metric: str, in_place: str) -> EvalResult:
        """The result of one metric: the one there is, or a new one in the place of those with other counts."""
        if metric in self._results:
            return self._results[metric]
        k, n = self._counts(metric)
        told = json.dumps([HARNESS, self._sha256, metric, k, n])
        identity = hashlib.sha256(told.encode()).hexdigest()
        evaluation = self._evaluation(metric)
        row = self._known.with_identity(identity)
        if row is None:
            self._supersede(evaluation)
            row = self._new(metric, evaluation, identity, in_place)
            self._changes.append(insert(row))
            self._added.append(row.code)
        elif row.superseded:
            self._supersede(evaluation)
            self._changes.extend(change for change in [update(row, superseded=False)] if change is not None)
            row = replace(row, superseded=False)
        self._results[metric] = row
        return row

    def _new(self, metric: str, evaluation: Evaluation, identity: str, in_place: str) -> EvalResult:
        k, n = self._counts(metric)
        day = self._run.finished or self._run.started
        values = {
            "code": self._known.next_result(),
            "evaluation": evaluation.id,
            "model": self._run.model,
            "value": k / n,
            "n": n,
            "count": k,
            "n_total": n + self._found.errors,
            "n_unscored": 0,
            "n_errors": self._found.errors,
            "threshold": self._run.threshold,
            "in_place": in_place,
            "run_date": None if day is None else day[:10],
            "status": "complete",
            "harness": HARNESS,
            "run_id": self._run.code,
            "task_version": self._version.version,
            "file_name": self._run.code,
            "file_sha256": self._sha256,
            "identity": identity,
            "note": self._note(),
        }
        return cast("EvalResult", made_from(EvalResult, values))

    def _evaluation(self, metric: str) -> Evaluation:
        """The evaluation of one metric of this policy on this gold set by this rendering, whatever the version."""
        policy = self._inputs.get(Policy, self._version.policy).code
        task, scorer = f"{policy} on {self._gold.code}", self._run.rendering
        found = self._known.evaluations.get((HARNESS, task, scorer, metric))
        if found is not None:
            return found
        values = {
            "code": self._known.next_evaluation(),
            "name": f"{task} / {scorer} / {metric}",
            "harness": HARNESS,
            "task": task,
            "scorer": scorer,
            "metric": metric,
            "polarity": "higher" if metric == RECALL else "lower",
            "kind": "safeguard" if metric == RECALL else "over_refusal",
        }
        made = cast("Evaluation", made_from(Evaluation, values))
        self._changes.append(insert(made))
        self._known.keep_evaluation(made)
        return made

    def _supersede(self, evaluation: Evaluation) -> None:
        """Results of this run with other counts or answers no longer count."""
        for row in self._inputs.children(EvalResult, "evaluation", evaluation.id):
            if row.run_id == self._run.code and (change := update(row, superseded=True)) is not None:
                self._changes.append(change)
                self._superseded.append(row.code)

    def _note(self) -> str:
        return " ".join(sentences(self._run, self._found))

    def _link(self, result: EvalResult, role: str, target: Effect | SideEffect, seen: str) -> None:
        column = "effect" if isinstance(target, Effect) else "side_effect"
        known = self._inputs.children(EvidenceLink, column, target.id)
        if any(row.result == result.id and row.role == role for row in known):
            return
        where = f"run {self._run.code} of {self._inputs.address(self._version)} on gold set {self._gold.code}"
        # What was measured is the safeguard itself, whatever model it stands before; a gold set is no traffic.
        made = Suggestion(
            result=result,
            role=role,
            relevance=1.0,
            snapshot="same",
            surface="near",
            language="same",
            reason=f"{seen} in {where}. Its items stand in for what comes over the surface.",
            source=self._run.code,
            effect=target if isinstance(target, Effect) else None,
            side_effect=target if isinstance(target, SideEffect) else None,
        )
        self._changes.extend(links.confirm(self._inputs, target.launch, [made]))
        self._links.append(links.address(self._inputs, made))

    def _revise(
        self, row: Effect | SideEffect, before: Estimate | None, after: Estimate, change: Change | None
    ) -> None:
        if change is not None:
            self._changes.append(change)
            self._revised.append(Revised(f"{row.table} {self._inputs.address(row)}", before, after))

    def _basis(self, before: str | None, seen: str) -> str:
        """What the figure rests on now, after what was said before of other figures."""
        kept = [line for line in (before or "").splitlines() if not line.startswith(MEASURED)]
        version = self._inputs.address(self._version)
        return "\n".join([*kept, f"{MEASURED} {self._run.code} ({version} on {self._gold.code}): {seen}."])

    def _code(self, target: Effect | SideEffect) -> str:
        return self._inputs.get(MitigationVariant, target.variant).code


def sentences(run: PolicyRun, found: Caught) -> Iterator[str]:
    """What a run counted and how, for people."""
    yield (
        f"Caught {found.caught} of {found.violating} violating items; "
        f"flagged {found.flagged} of {found.benign} safe ones."
    )
    if run.threshold is not None:
        yield f"At the threshold {run.threshold:g}, on the split for reporting alone."
    if found.unread or found.escalated:
        yield (
            f"{found.unread} refused or unparsable answers and {found.escalated} escalations count as missed where "
            "the item violates and as flagged where it is safe."
        )
    if found.errors:
        yield f"{found.errors} items whose call failed count nowhere."
    if found.unsettled:
        yield f"{found.unsettled} items without a settled label count nowhere."
