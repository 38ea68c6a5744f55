"""The facts of every result: its value with an interval whose method is named, its age, build, criteria and links."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from launchpad.records import Effect, EvalResult, Evaluation, EvidenceLink, Inputs, Launch, Scenario, SideEffect
from launchpad.records.evidence import RUN_STATUS
from launchpad.scoring import coefficients as known
from launchpad.scoring.bounds import FEW_FOR_ERROR, Interval, shown_interval, why_unbounded
from launchpad.scoring.builds import age_days, build_match, build_warnings, freshness
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.criteria import NEVER, Standing, link_of, standings
from launchpad.scoring.why import ModelWarning, named

PARTIAL = frozenset({"cancelled", "errored", "running"})


@dataclass(frozen=True, slots=True)
class CriterionMark:
    """A success criterion that asks about a result: its code, where it stands, and what is odd about its setting."""

    code: str
    standing: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One result as a screen and an export show it.

    `result` and `evaluation` are codes. `low`, `high`, `level` and `method` are the interval of `value` on its own
    scale: ours where counts or an error allow one, else the harness's; without either the first three are None and
    `method` is "none: ..." and why. What the harness reported stands beside it. `k` are failures, None until the
    direction is confirmed. `state` is the run's in words. `age_days` and `freshness` (the weight its age leaves) are
    as of the launch's day. `build` is same, near, different or unknown, `build_words` why. `links` are the addresses
    it is evidence for. `duplicate_of` is the code of an earlier row with the same finding of the same run.
    """

    result: str
    evaluation: str
    name: str
    model: str
    snapshot: str | None
    part: str | None
    variant: str | None
    value: float | None
    unit: str
    low: float | None
    high: float | None
    level: float | None
    method: str
    reported_low: float | None
    reported_high: float | None
    reported_level: float | None
    reported_method: str | None
    stderr: float | None
    stderr_clustered: float | None
    clusters: int | None
    n: int | None
    count: int | None
    k: int | None
    n_total: int | None
    n_unscored: int | None
    n_errors: int | None
    status: str
    state: str
    age_days: int | None
    freshness: float | None
    build: str
    build_words: str
    criteria: tuple[CriterionMark, ...]
    links: tuple[str, ...]
    superseded: bool
    duplicate_of: str | None
    partial: bool
    warnings: tuple[ModelWarning, ...]


def evidence_rows(inputs: Inputs, launch_id: int, imported: Mapping[int, str] = NEVER) -> tuple[EvidenceRow, ...]:
    """One row for every result of the project as this launch sees it, in the order of their codes.

    `imported` says when a result (row id) came into the project: `edits.criteria.first_seen` of the journal.
    """
    launch, coefficients = inputs.get(Launch, launch_id), known.of(inputs)
    standing = standings(inputs, launch_id, imported)
    asked = _asked(standing)
    targets, twins = _targets(inputs, launch), _duplicates(inputs)
    return tuple(
        _row(
            inputs,
            launch,
            result,
            coefficients,
            link=link_of(inputs, launch, result),
            targets=targets.get(result.id, ()),
            criteria=asked.get(result.id, ()),
            twin=twins.get(result.id),
        )
        for result in inputs.rows(EvalResult)
    )


def _row(  # noqa: PLR0913 - what was gathered once for all rows
    inputs: Inputs,
    launch: Launch,
    result: EvalResult,
    coefficients: Coefficients,
    *,
    link: EvidenceLink | None,
    targets: tuple[str, ...],
    criteria: tuple[CriterionMark, ...],
    twin: str | None,
) -> EvidenceRow:
    evaluation = inputs.get(Evaluation, result.evaluation)
    build = build_match(launch, result, link)
    found = shown_interval(result, evaluation.metric, coefficients)
    partial = result.status in PARTIAL
    old = () if result.superseded else build_warnings(inputs, launch, result, build, coefficients)
    return EvidenceRow(
        result=result.code,
        evaluation=evaluation.code,
        name=evaluation.name,
        low=None if found is None else found.low,
        high=None if found is None else found.high,
        level=None if found is None else found.level,
        method=_method(result, evaluation, found),
        k=failures(result, evaluation),
        state=RUN_STATUS[result.status] + (": shown, satisfies nothing" if result.status != "complete" else ""),
        age_days=age_days(launch, result),
        freshness=freshness(launch, result, coefficients),
        build=build.nearness,
        build_words=build.words,
        criteria=criteria,
        links=targets,
        duplicate_of=twin,
        partial=partial,
        warnings=(*old, *_own_warnings(inputs, result, evaluation, found)),
        **{name: getattr(result, name) for name in _SAME_NAMES},
    )


_SAME_NAMES = (
    *("model", "snapshot", "part", "variant", "value", "unit", "n", "count", "n_total", "n_unscored", "n_errors"),
    *("reported_low", "reported_high", "reported_level", "reported_method", "stderr", "stderr_clustered", "clusters"),
    *("status", "superseded"),
)


def failures(result: EvalResult, evaluation: Evaluation) -> int | None:
    """How many of a result's samples failed; None until its counts and the good direction are known."""
    if result.n is None or result.count is None or evaluation.polarity == "unknown":
        return None
    return result.n - result.count if evaluation.polarity == "higher" else result.count


def _method(result: EvalResult, evaluation: Evaluation, found: Interval | None) -> str:
    """The method of the interval by name, or why there is none."""
    if found is not None:
        return found.method
    return "" if result.value is None else f"none: {why_unbounded(result, evaluation.metric)}"


def _own_warnings(
    inputs: Inputs, result: EvalResult, evaluation: Evaluation, found: Interval | None
) -> Iterator[ModelWarning]:
    """What to tell of a result's own figures: few samples with only a harness's error, or a partial run."""
    record = named(inputs, result)
    few = result.n is not None and result.n < FEW_FOR_ERROR
    if few and result.count is None and (result.stderr or result.stderr_clustered):
        message = f"Only the harness's standard error is known, for {result.n} samples: too few to trust it."
        yield ModelWarning(record, "stderr", message)
    if result.status in PARTIAL:
        yield ModelWarning(record, "status", f"The run is {result.status}: shown, but it satisfies nothing.")
    if found is None and result.value is not None and not result.superseded:
        why = why_unbounded(result, evaluation.metric)
        yield ModelWarning(record, "n", f"{why[0].upper()}{why[1:]}: nobody can tell how sure it is.")


def _asked(found: tuple[Standing, ...]) -> Mapping[int, tuple[CriterionMark, ...]]:
    """The criteria that ask about each result (row id)."""
    asked: dict[int, list[CriterionMark]] = defaultdict(list)
    for one in found:
        for shown in one.shown:
            asked[shown.result.id].append(CriterionMark(one.code, one.standing, one.marks))
    return {result: tuple(marks) for result, marks in asked.items()}


def _targets(inputs: Inputs, launch: Launch) -> Mapping[int, tuple[str, ...]]:
    """What each result (row id) is evidence for, by codes."""
    found: dict[int, set[str]] = defaultdict(set)
    for link in inputs.rows(EvidenceLink, launch.id):
        if link.scenario is not None:
            found[link.result].add(inputs.get(Scenario, link.scenario).code)
        elif link.effect is not None:
            found[link.result].add(inputs.address(inputs.get(Effect, link.effect)))
        elif link.side_effect is not None:
            found[link.result].add(inputs.address(inputs.get(SideEffect, link.side_effect)))
    return {result: tuple(sorted(targets)) for result, targets in found.items()}


def _duplicates(inputs: Inputs) -> Mapping[int, str]:
    """For each result (row id) that repeats an earlier one the code of that: same run, metric path, value and n."""
    first: dict[tuple[object, ...], str] = {}
    found: dict[int, str] = {}
    for row in inputs.rows(EvalResult):
        if row.run_id is None or row.value is None:
            continue
        key = (row.run_id, row.evaluation, row.model, row.snapshot, row.variant, row.part, row.arm, row.value, row.n)
        if first.setdefault(key, row.code) != row.code:
            found[row.id] = first[key]
    return found
