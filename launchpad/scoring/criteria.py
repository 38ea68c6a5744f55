"""Success criteria against results: met, not met, inconclusive or not run, and whether they were set beforehand."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from launchpad.edits.criteria import CHANGED, SEALED, UNSEALED, seal_state
from launchpad.edits.criterion_templates import samples_to_meet
from launchpad.records import (
    EvalResult,
    Evaluation,
    EvaluationEffort,
    EvidenceLink,
    Inputs,
    Launch,
    SuccessCriterion,
)
from launchpad.scoring import coefficients as known
from launchpad.scoring.bounds import Measured, bounds, measured, value_of, why_unbounded
from launchpad.scoring.builds import BuildMatch, build_match, build_warnings
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.why import ModelWarning, named

NOT_RUN, MET, NOT_MET, INCONCLUSIVE = "not run", "met", "not met", "inconclusive"
AFTER = "set after results"
SAME_DAY = "sealed on the day of its first result"
UNPROVEN = "not shown to be set before its results"
MUCH_UNSCORED = 0.05
NEVER: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Shown:
    """One result against a criterion: its value, its one-sided bounds, and what keeps it from settling anything.

    `lower` and `upper` are None where the result has no error to be told. `bars` are reasons why it cannot meet
    the criterion; `void` ones why it can neither meet nor fail it.
    """

    result: EvalResult
    measured: Measured
    lower: float | None
    upper: float | None
    method: str
    build: BuildMatch
    bars: tuple[str, ...]
    void: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a criterion stands, one sentence why, and how many independent samples would settle it.

    `n_needed` assumes what was seen so far; None when settled or when no number would do. `worst` is the result
    it rests on as `table address`. `marks` say what is odd about the setting of the criterion: not sealed,
    changed since sealed, set after results.
    """

    criterion: SuccessCriterion
    evaluation: Evaluation
    standing: str
    reason: str
    n_needed: int | None
    worst: str | None
    shown: tuple[Shown, ...]
    marks: tuple[str, ...]
    warnings: tuple[ModelWarning, ...]

    @property
    def code(self) -> str:
        """The criterion's code."""
        return self.criterion.code


def standings(inputs: Inputs, launch_id: int, imported: Mapping[int, str] = NEVER) -> tuple[Standing, ...]:
    """Where every success criterion of a launch stands, in the order of their codes; `imported` as in `standing`."""
    launch, coefficients = inputs.get(Launch, launch_id), known.of(inputs)
    rows = sorted(inputs.rows(SuccessCriterion, launch_id), key=lambda row: row.code)
    return tuple(standing(inputs, launch, row, coefficients, imported) for row in rows)


def standing(
    inputs: Inputs,
    launch: Launch,
    criterion: SuccessCriterion,
    coefficients: Coefficients,
    imported: Mapping[int, str] = NEVER,
) -> Standing:
    """Where a criterion stands by the one-sided bound of its worst result, never pooled and never aged.

    Counts are bounded by Clopper-Pearson on the effective size, means by Student's t. Only complete runs of the
    build that goes out, of at least `least_n` samples, can meet it. `imported` says when a result (row id) came
    into the project, for those that carry no run date.
    """
    results = results_of(inputs, launch, criterion)
    shown: list[Shown] = []
    warnings: list[ModelWarning] = []
    for result, build in results:
        if result.superseded:
            continue
        found, said = measured(inputs, result, coefficients)
        old = build_warnings(inputs, launch, result, build, coefficients)
        warnings += [*said, *_unscored(inputs, result), *old]
        if found is not None:
            shown.append(_shown(inputs, result, found, build, criterion))
    verdict, reason, worst = _judge(criterion, shown) if shown else (NOT_RUN, _nothing(inputs, criterion), None)
    settled = verdict in (MET, NOT_MET)
    return Standing(
        criterion=criterion,
        evaluation=inputs.get(Evaluation, criterion.evaluation),
        standing=verdict,
        reason=reason,
        n_needed=None if settled else _needed(criterion, worst),
        worst=None if worst is None else named(inputs, worst.result),
        shown=tuple(shown),
        marks=_marks(inputs, criterion, [result for result, _ in results], imported),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def criterion_warnings(
    inputs: Inputs, launch: Launch, coefficients: Coefficients, imported: Mapping[int, str] = NEVER
) -> Iterator[ModelWarning]:
    """What to tell about the criteria of a launch: odd seals, and results of another build, old or incomplete."""
    for row in inputs.rows(SuccessCriterion, launch.id):
        found = standing(inputs, launch, row, coefficients, imported)
        yield from found.warnings
        if any(mark in (CHANGED, AFTER) for mark in found.marks):
            yield ModelWarning(named(inputs, row), "sealed_at", f"It counts as {' and '.join(found.marks)}.")


def results_of(inputs: Inputs, launch: Launch, criterion: SuccessCriterion) -> list[tuple[EvalResult, BuildMatch]]:
    """The results a criterion is about, superseded ones too: of its evaluation and category, the candidate's.

    A result counts for a launch when it is linked there, or when its names match the launch's model; those of
    other models are not the launch's. Without a category it is the result over all samples; the harness's own
    aggregate over categories stands in for it only where its run has none.
    """
    found: list[tuple[EvalResult, BuildMatch]] = []
    rows = [row for row in inputs.children(EvalResult, "evaluation", criterion.evaluation) if row.arm == "candidate"]
    for result in sorted(_of_category(rows, criterion), key=lambda row: (row.run_date or "", row.code)):
        link = link_of(inputs, launch, result)
        build = build_match(launch, result, link)
        if link is not None or build.nearness != "different":
            found.append((result, build))
    return found


def link_of(inputs: Inputs, launch: Launch, result: EvalResult) -> EvidenceLink | None:
    """The link of a result in a launch: of several the one that says the least of its build; None where it has none."""
    order = ("different", "near", "same")
    links = (row for row in inputs.children(EvidenceLink, "result", result.id) if row.launch == launch.id)
    return min(links, key=lambda row: (order.index(row.snapshot), row.id), default=None)


def effort_of(inputs: Inputs, evaluation: Evaluation, n: int | None) -> dict[int, float]:
    """Person-days that a run on n samples asks of each team (row id): fixed + per 100 samples x n / 100.

    Without n only the fixed part can be told; empty when no effort is stated at all.
    """
    found: dict[int, float] = {}
    for row in sorted(inputs.children(EvaluationEffort, "evaluation", evaluation.id), key=inputs.address):
        found[row.team] = found.get(row.team, 0.0) + row.fixed + row.per_100 * (n or 0) / 100
    return found


def _of_category(results: Sequence[EvalResult], criterion: SuccessCriterion) -> list[EvalResult]:
    """Those results of an evaluation that are of the criterion's category, or of all samples."""
    if criterion.category is not None:
        wanted = criterion.category.casefold()
        return [row for row in results if row.part is not None and row.part.casefold() == wanted]
    plain = {_whole(row) for row in results if _is_plain(row) and value_of(row) is not None}
    return [row for row in results if (row.part_total and _whole(row) not in plain) or _is_plain(row)]


def _is_plain(row: EvalResult) -> bool:
    return row.part is None and not row.part_total


def _whole(row: EvalResult) -> tuple[object, ...]:
    """What tells the whole of one run from that of another."""
    run = row.run_id or row.file_sha256 or row.code
    return run, row.model, row.snapshot, row.arm, row.variant, row.tries, row.language, row.surface


def _unscored(inputs: Inputs, result: EvalResult) -> list[ModelWarning]:
    """A warning where so many samples went unscored that they could change the picture."""
    lost = (result.n_unscored or 0) + (result.n_errors or 0)
    total = result.n_total or (result.n or 0) + lost
    if total == 0 or lost / total <= MUCH_UNSCORED:
        return []
    message = f"{lost} of its {total} samples were not scored: what they would have shown is not in it."
    return [ModelWarning(named(inputs, result), "n_unscored", message)]


def _shown(
    inputs: Inputs, result: EvalResult, found: Measured, build: BuildMatch, criterion: SuccessCriterion
) -> Shown:
    proven = bounds(found, criterion.confidence)
    void: list[str] = []
    if build.nearness == "different":
        void.append("it is of another build")
    if criterion.least_n is not None and (result.n or 0) < criterion.least_n:
        count = "an unknown number of" if result.n is None else str(result.n)
        void.append(f"it scored {count} samples of the {criterion.least_n} asked for")
    if proven is None:
        void.append(why_unbounded(result, inputs.get(Evaluation, result.evaluation).metric))
    bars = [] if result.status == "complete" else [f"the status of its run is {result.status}"]
    if "judge error left in" in found.ways:
        bars.append("its judge's error could not be taken out")
    lower, upper, method = proven or (None, None, "")
    return Shown(result, found, lower, upper, method, build, tuple(bars), tuple(void))


def _judge(criterion: SuccessCriterion, shown: Sequence[Shown]) -> tuple[str, str, Shown | None]:
    """The standing, why, and the result it rests on, of one result or more."""
    at_least = criterion.direction == "at_least"
    telling = [one for one in shown if not one.void]
    failed = [one for one in telling if _fails(criterion, one)]
    if failed:
        worst = min(failed, key=lambda one: _badness(one, at_least=at_least))
        return NOT_MET, f"{_told(worst, criterion, failing=True)}.", worst
    able = [one for one in telling if not one.bars]
    worst = min(able or telling or shown, key=lambda one: _badness(one, at_least=at_least))
    if able and _passes(criterion, worst):
        return MET, f"{_told(worst, criterion)}.", worst
    doubts = [*worst.void, *worst.bars]
    if not doubts:
        return INCONCLUSIVE, f"{_told(worst, criterion)}: that does not settle it.", worst
    said = _told(worst, criterion) if worst.lower is not None else _seen(worst)
    return INCONCLUSIVE, f"{said}; but {' and '.join(doubts)}.", worst


def _nothing(inputs: Inputs, criterion: SuccessCriterion) -> str:
    """Why no result counts: there is none, it gave no value, or it is of another model."""
    results = _of_category(inputs.children(EvalResult, "evaluation", criterion.evaluation), criterion)
    models = list(dict.fromkeys(row.model for row in results))
    if not models:
        return "It has no result yet."
    names = f"{', '.join(models[:3])}{' and others' if len(models) > 3 else ''}"
    return f"No result counts for it: those there are ({names}) are of other models, superseded or without a value."


def _badness(one: Shown, *, at_least: bool) -> float:
    """Smaller is worse: the bound that must reach the threshold, turned so that less is worse."""
    if at_least:
        return -math.inf if one.lower is None else one.lower
    return -math.inf if one.upper is None else -one.upper


def _fails(criterion: SuccessCriterion, one: Shown) -> bool:
    if criterion.direction == "at_least":
        return one.upper is not None and one.upper < criterion.threshold
    return one.lower is not None and one.lower > criterion.threshold


def _passes(criterion: SuccessCriterion, one: Shown) -> bool:
    if criterion.direction == "at_least":
        return one.lower is not None and one.lower >= criterion.threshold
    return one.upper is not None and one.upper <= criterion.threshold


def _seen(one: Shown) -> str:
    n, size = one.result.n, one.measured.n
    worth = "" if size is None or n is None or abs(size - n) < 0.5 else f" (worth {size:.3g} independent ones)"
    return f"{one.measured.value:.4g}{'' if n is None else f' on {n} samples{worth}'} in {one.result.code}"


def _told(one: Shown, criterion: SuccessCriterion, *, failing: bool = False) -> str:
    at_least = (criterion.direction == "at_least") != failing
    bound, word = (one.lower, "at least") if at_least else (one.upper, "at most")
    edge = (
        "" if bound is None else f", {word} {bound:.4g} at {100 * criterion.confidence:g} % confidence ({one.method})"
    )
    asked = "at least" if criterion.direction == "at_least" else "at most"
    return f"{_seen(one)}{edge}; asked for is {asked} {criterion.threshold:.4g}"


def _needed(criterion: SuccessCriterion, worst: Shown | None) -> int | None:
    """Independent samples that would meet the criterion at the value seen so far, never fewer than it asks for.

    With nothing seen, those that would if every one of them went well.
    """
    least = criterion.least_n or 1
    if worst is None:
        ideal = 1.0 if criterion.direction == "at_least" else 0.0
        n = samples_to_meet(criterion.direction, criterion.threshold, criterion.confidence, ideal)
        return None if n is None else max(n, least)
    deviation: float | None = None
    if worst.measured.stderr is not None:
        if not worst.result.n:
            return None
        deviation = worst.measured.stderr * math.sqrt(worst.result.n)
    seen = worst.measured.value
    n = samples_to_meet(criterion.direction, criterion.threshold, criterion.confidence, seen, deviation)
    return None if n is None else max(n, least)


def _marks(
    inputs: Inputs, criterion: SuccessCriterion, results: Sequence[EvalResult], imported: Mapping[int, str]
) -> tuple[str, ...]:
    """What is odd about when the criterion was set; nothing when it was sealed before its first result."""
    return when_set(seal_state(inputs, criterion), criterion.sealed_at, results, imported)


def when_set(
    state: str, sealed: str | None, results: Sequence[EvalResult], imported: Mapping[int, str]
) -> tuple[str, ...]:
    """What is odd about when something was set, given its seal and the results it is about; nothing if nothing is.

    `imported` says when a result (row id) came into the project.
    """
    odd = () if state == SEALED else (state,)
    if not results:
        return odd
    if sealed is None or state == UNSEALED:
        return (*odd, UNPROVEN)
    runs = [result.run_date for result in results]
    arrivals = [imported.get(result.id) for result in results]
    ran_before = any(run is not None and run < sealed[:10] for run in runs)
    if ran_before or any(seen is not None and _earlier(seen, sealed) for seen in arrivals):
        return (*odd, AFTER)
    if state == CHANGED or any(run is None and seen is None for run, seen in zip(runs, arrivals, strict=True)):
        return (*odd, UNPROVEN)
    same = any(run == sealed[:10] and seen is None for run, seen in zip(runs, arrivals, strict=True))
    return (*odd, SAME_DAY) if same else odd


def _earlier(moment: str, other: str) -> bool:
    first, second = (datetime.fromisoformat(words) for words in (moment, other))
    return first.replace(tzinfo=first.tzinfo or UTC) < second.replace(tzinfo=second.tzinfo or UTC)
