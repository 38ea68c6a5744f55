"""Which results speak about a scenario, and what each is worth in independent samples."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from launchpad import statistics
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Inputs, Launch
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.rates import is_rate
from launchpad.scoring.regraded import outdated
from launchpad.scoring.states import variants_on
from launchpad.scoring.why import ModelWarning, named


@dataclass(frozen=True, slots=True)
class Reading:
    """A result as failures among independent samples: judge error taken out, clusters accounted for.

    `rate` is the share of failures, `n` the effective size (a fraction of `samples`, the scored
    items). `partial` marks a run that did not complete.
    """

    result: EvalResult
    record: str
    rate: float
    n: float
    samples: int
    partial: bool
    warnings: tuple[ModelWarning, ...] = ()

    @property
    def failures(self) -> float:
        """The effective number of failures."""
        return self.rate * self.n


@dataclass(frozen=True, slots=True)
class Observation:
    """A reading with the weight it has for one scenario; `on` holds the variants that were on (row ids)."""

    link: EvidenceLink
    reading: Reading
    weight: float
    age_days: int | None
    on: frozenset[int]

    @property
    def fresh(self) -> bool:
        """Whether it is of the build that goes out; its age is judged by the caller."""
        return self.link.snapshot == "same"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for one scenario: what counts, what is only shown (record and reason), and warnings."""

    observations: tuple[Observation, ...]
    set_aside: tuple[tuple[str, str], ...]
    warnings: tuple[ModelWarning, ...]


def evidence_for(inputs: Inputs, launch: Launch, scenario: int, coefficients: Coefficients) -> Evidence:
    """The results linked to a scenario as evidence of its propensity: one for each run, each weighted.

    Only candidates count, never superseded results. A run that did not complete counts with a
    warning; it meets no gate.
    """
    warnings: list[ModelWarning] = []
    set_aside: list[tuple[str, str]] = []
    found: list[Observation] = []
    for link in _links(inputs, launch, scenario):
        result = inputs.get(EvalResult, link.result)
        reason = _not_evidence(result)
        if reason:
            set_aside.append((named(inputs, result), reason))
            continue
        reading, said = read(inputs, result, coefficients)
        warnings.extend(said)
        if reading is None:
            set_aside.append((named(inputs, result), said[-1].message))
            continue
        weight, age, more = weight_of(link, reading, launch, coefficients)
        on, unknown = variants_on(inputs, launch, result)
        warnings.extend((*more, *unknown))
        found.append(Observation(link, reading, weight, age, on))
    kept = _one_per_run(inputs, found)
    spare = [seen for seen in found if seen not in kept]
    set_aside.extend((seen.reading.record, "Another result of the same run counts.") for seen in spare)
    warnings.extend(
        ModelWarning(seen.reading.record, "run_id", "Not counted: another result of the same run is linked.")
        for seen in spare
    )
    return Evidence(tuple(kept), tuple(set_aside), tuple(warnings))


def read(
    inputs: Inputs, result: EvalResult, coefficients: Coefficients
) -> tuple[Reading | None, tuple[ModelWarning, ...]]:
    """A result as failures among independent samples, or None and a warning that says why it is neither."""
    record = named(inputs, result)
    observed = _failure_rate(result, inputs.get(Evaluation, result.evaluation))
    if isinstance(observed, ModelWarning):
        return None, (ModelWarning(record, observed.field, observed.message),)
    n, warnings = _independent(result, observed, record, coefficients.icc)
    rate, factor, more = _without_judge_error(result, observed, record)
    warnings += more
    n *= factor
    if n <= 0:
        return None, (*warnings, ModelWarning(record, "stderr", "Its error is too large to tell anything."))
    partial = result.status not in ("complete", "unknown")
    if partial:
        warnings += (ModelWarning(record, "status", f"The run is {result.status}: shown, but it meets no gate."),)
    samples = round(n) if result.n is None else result.n
    return Reading(result, record, rate, n, samples, partial, warnings), warnings


def _failure_rate(result: EvalResult, evaluation: Evaluation) -> float | ModelWarning:
    """The share of failures as reported, or the field and sentence that say why there is none."""
    polarity = evaluation.polarity
    if polarity not in ("higher", "lower"):
        return ModelWarning("", "polarity", "Its direction is not confirmed, so nothing counts as a failure.")
    if result.n == 0:
        return ModelWarning("", "n", "It has no scored samples.")
    if result.count is None and not is_rate(evaluation.metric):
        message = (
            f"Its metric {evaluation.metric} is no share of its samples, so it is not pooled: "
            "link a rate or counts of the same run instead."
        )
        return ModelWarning("", "value", message)
    ones = _ones(result)
    if ones is None:
        return ModelWarning("", "value", "It is neither a count nor a share between 0 and 1.")
    if not 0 <= ones <= 1:
        return ModelWarning("", "count", "It counts more outcomes than samples, or fewer than none.")
    return ones if polarity == "lower" else 1 - ones


def _ones(result: EvalResult) -> float | None:
    """The share of samples with outcome 1, as counted or as reported."""
    if result.count is not None and result.n:
        return result.count / result.n
    if result.value is None:
        return None
    if result.unit == "percent":
        return result.value / 100
    if result.unit == "count":
        return result.value / result.n if result.n else None
    return result.value if 0 <= result.value <= 1 else None


def _independent(result: EvalResult, rate: float, record: str, icc: float) -> tuple[float, tuple[ModelWarning, ...]]:
    """The number of independent samples a result is worth; 0 when it cannot be told."""
    scale = 0.01 if result.unit == "percent" else 1.0
    clustered = result.stderr_clustered
    error = clustered if clustered is not None else result.stderr
    scores = result.count is None and result.unit != "count"
    if scores and error and 0 < rate < 1:
        return statistics.n_effective_of_scores(rate, error * scale), ()
    if result.n is None:
        return 0.0, ()
    clusters, warnings = result.clusters, ()
    if clusters is not None and clusters > result.n:
        clusters = None
        warnings = (ModelWarning(record, "clusters", "It names more clusters than samples: left out."),)
    n = statistics.n_effective(
        result.n,
        rate,
        stderr_clustered=None if clustered is None else clustered * scale,
        clusters=clusters,
        icc=icc,
    )
    return n, warnings


def _without_judge_error(
    result: EvalResult, observed: float, record: str
) -> tuple[float, float, tuple[ModelWarning, ...]]:
    """The rate with the judge's error taken out, the factor on n, and what to say about it."""
    sensitivity, specificity = result.judge_sensitivity, result.judge_specificity
    if sensitivity is None and specificity is None:
        return observed, 1.0, ()
    sensitivity = 1.0 if sensitivity is None else sensitivity
    specificity = 1.0 if specificity is None else specificity
    if sensitivity + specificity <= 1:
        message = "Its judge tells nothing apart (sensitivity and specificity sum to 1 or less)."
        return observed, 0.0, (ModelWarning(record, "judge_sensitivity", message),)
    corrected = statistics.rogan_gladen(observed, sensitivity, specificity)
    warnings: tuple[ModelWarning, ...] = ()
    if corrected.below_error and specificity < 1:
        message = "Its failures are no more than the judge's own false alarms: counted as none."
        warnings = (ModelWarning(record, "judge_specificity", message),)
    elif observed > sensitivity:
        message = "It reports more failures than its judge could see: counted as all."
        warnings = (ModelWarning(record, "judge_sensitivity", message),)
    return corrected.p, corrected.n_factor, warnings


def weight_of(
    link: EvidenceLink, reading: Reading, launch: Launch, coefficients: Coefficients
) -> tuple[float, int | None, tuple[ModelWarning, ...]]:
    """Relevance x snapshot x surface x language x 2^(-age / half-life), and the age in days."""
    weight = link.relevance
    for nearness in (link.snapshot, link.surface, link.language):
        weight *= coefficients.nearness(nearness)
    if reading.result.run_date is None:
        said = ModelWarning(reading.record, "run_date", "It has no run date, so its age is not discounted.")
        return weight, None, (said,)
    age = max(0, (date.fromisoformat(launch.as_of) - date.fromisoformat(reading.result.run_date)).days)
    return weight * 2 ** (-age / coefficients.half_life_days), age, ()


def _links(inputs: Inputs, launch: Launch, scenario: int) -> list[EvidenceLink]:
    links = [
        link
        for link in inputs.children(EvidenceLink, "scenario", scenario)
        if link.role == "propensity" and link.launch == launch.id
    ]
    return sorted(links, key=inputs.address)


def _not_evidence(result: EvalResult) -> str:
    if result.superseded:
        return "A newer result stands in its place."
    return "" if result.arm == "candidate" else f"It is the {result.arm} arm of a comparison."


def _one_per_run(inputs: Inputs, found: Iterable[Observation]) -> list[Observation]:
    """One observation of each run and task: the most relevant, then a category before its total.

    Of a run that was graded again on a later day only the later grading is looked at.
    Results of other tries or with other safeguards on are runs of their own: pooling takes one such group.
    """
    found = list(found)
    older = outdated([seen.reading.result for seen in found])
    runs: dict[tuple[object, ...], list[Observation]] = defaultdict(list)
    for seen in found:
        if seen.reading.result.id in older:
            continue
        evaluation = inputs.get(Evaluation, seen.reading.result.evaluation)
        runs[*_run(seen), evaluation.task or evaluation.code].append(seen)
    best = [min(same, key=_preference) for same in runs.values()]
    kept = {id(seen) for seen in _without_totals(best)}
    return [seen for seen in found if id(seen) in kept]


def _run(seen: Observation) -> tuple[object, ...]:
    """What tells one run of one model under one set of conditions from another."""
    result = seen.reading.result
    run = result.run_id or result.file_sha256 or result.code
    return run, result.model, result.snapshot, result.language, result.tries, seen.on


def _without_totals(found: Iterable[Observation]) -> list[Observation]:
    """The observations without those that a total over several tasks of the same run would count twice.

    The tasks stay and the total goes, unless the total is the more relevant. Which tasks belong to
    a total no file says; one with more samples than it does not.
    """
    runs: dict[tuple[object, ...], list[Observation]] = defaultdict(list)
    for seen in found:
        runs[_run(seen)].append(seen)
    kept: list[Observation] = []
    for same in runs.values():
        gone: set[int] = set()
        for total in same:
            if not _over_tasks(total):
                continue
            parts = [seen for seen in same if not _over_tasks(seen) and seen.reading.samples <= total.reading.samples]
            if all(total.link.relevance > part.link.relevance for part in parts):
                gone.update(id(part) for part in parts)
            else:
                gone.add(id(total))
        kept.extend(seen for seen in same if id(seen) not in gone)
    return kept


def _over_tasks(seen: Observation) -> bool:
    """Whether it is a total over tasks rather than over the categories of one."""
    return seen.reading.result.part_total and seen.reading.result.part is None


def _preference(seen: Observation) -> tuple[float, bool, bool, int, str]:
    result = seen.reading.result
    return (
        -seen.link.relevance,
        result.part_total,
        result.part is None,
        -seen.reading.samples,
        result.code,
    )
