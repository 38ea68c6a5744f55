"""Candidate against baseline: the same metric of two models or builds, paired on samples where both kept them."""

import dataclasses
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from launchpad import statistics
from launchpad.edits.evidence import unpack_outcomes
from launchpad.records import EvalResult, Evaluation, Inputs
from launchpad.records.imported import Outcomes
from launchpad.results.pairing import Pairs, paired
from launchpad.scoring import coefficients as known
from launchpad.scoring.bounds import Measured, measured, value_of
from launchpad.scoring.coefficients import Coefficients

ReadOutcomes = Callable[[str], bytes | None]
LEVEL = 0.95
FEWEST_PAIRS, FEW_PAIRS = 2, 30
MEAN_TOLERANCE = 1e-3
BETTER, WORSE, NOT_SHOWN, NO_DIRECTION = "better", "worse", "no difference shown", "differs, direction not confirmed"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results of one metric: candidate less baseline on the scale of shares (percent as a fraction).

    `low` and `high` are the 95 % interval of the difference by `method`; None where neither side has an error to
    be told. `stderr` is the paired error, `stderr_unpaired` what it would be without pairing; `correlation` of
    the paired scores, None where one side does not vary. `only_candidate` and `only_baseline` count the samples
    that only one side got 1 on, `mcnemar_p` is exact; None unless paired and binary. `p` is the two-sided p-value
    by `test`, `p_holm` the same adjusted for all `made` comparisons with a p. `verdict` is by the interval and
    the confirmed direction; `holds` says whether it still stands after the adjustment. `notes` are sentences.
    """

    evaluation: str
    name: str
    part: str | None
    variant: str | None
    candidate: str
    baseline: str
    candidate_value: float
    baseline_value: float
    difference: float
    low: float | None
    high: float | None
    level: float
    method: str
    paired: bool
    n_common: int
    stderr: float | None
    stderr_unpaired: float | None
    correlation: float | None
    only_candidate: int | None
    only_baseline: int | None
    mcnemar_p: float | None
    p: float | None
    test: str
    p_holm: float | None
    made: int
    verdict: str
    holds: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found of one pair, before it is known how many were compared."""

    difference: float
    values: tuple[float, float]
    interval: tuple[float, float] | None = None
    method: str = ""
    stderr: float | None = None
    unpaired: float | None = None
    correlation: float | None = None
    discordant: tuple[int, int] | None = None
    mcnemar: float | None = None
    p: float | None = None
    test: str = ""
    common: int = 0
    notes: tuple[str, ...] = ()


def compare(inputs: Inputs, read_outcomes: ReadOutcomes, candidate: str, baseline: str) -> tuple[Comparison, ...]:
    """Every metric that both models (or snapshots) were measured on, compared; in the order of evaluation codes.

    Results pair when evaluation, category, reducer and language agree; of several runs of one side the newest
    complete one counts. Samples pair by id where both results kept their outcomes; `read_outcomes` gives the
    block of a SHA-256, or None when it was dropped. P-values are adjusted for the number of comparisons (Holm).
    """
    coefficients = known.of(inputs)
    pairs = _pairs(inputs, candidate, baseline)
    found = [
        _compared(inputs, coefficients, read_outcomes, first, second, runs)
        for first, second, runs in pairs
        if value_of(first) is not None and value_of(second) is not None
    ]
    tested = [place for place, one in enumerate(found) if one[2].p is not None]
    adjusted = dict(zip(tested, statistics.holm([found[place][2].p or 0.0 for place in tested]), strict=True))
    return tuple(
        _comparison(inputs, first, second, one, adjusted.get(place), len(tested))
        for place, (first, second, one) in enumerate(found)
    )


def names_to_compare(inputs: Inputs) -> tuple[str, ...]:
    """The models and snapshots that have results, as `compare` takes them."""
    rows = [row for row in inputs.rows(EvalResult) if not row.superseded]
    return tuple(dict.fromkeys(name for row in rows for name in (row.model, row.snapshot) if name))


def _pairs(inputs: Inputs, candidate: str, baseline: str) -> list[tuple[EvalResult, EvalResult, int]]:
    """Candidate and baseline of each metric that both have, and how many runs there were to choose from."""
    sides = [_by_metric(inputs, name) for name in (candidate, baseline)]
    found: list[tuple[EvalResult, EvalResult, int]] = []
    for key, firsts in sides[0].items():
        seconds = sides[1].get(key, [])
        if not seconds:
            continue
        first, second = max(firsts, key=_newest), max(seconds, key=_newest)
        if first.id != second.id:
            found.append((first, second, len(firsts) + len(seconds)))
    return sorted(found, key=lambda pair: (inputs.get(Evaluation, pair[0].evaluation).code, pair[0].part or ""))


def _by_metric(inputs: Inputs, name: str) -> Mapping[tuple[object, ...], list[EvalResult]]:
    wanted = name.strip().casefold()
    found: dict[tuple[object, ...], list[EvalResult]] = defaultdict(list)
    for row in inputs.rows(EvalResult):
        if not row.superseded and wanted in (row.model.casefold(), (row.snapshot or "").casefold()):
            key = (row.evaluation, row.part, row.part_total, row.variant, row.language, row.surface)
            found[key].append(row)
    return found


def _newest(row: EvalResult) -> tuple[bool, str, int, str]:
    return row.status == "complete", row.run_date or "", row.n or 0, row.code


def _compared(
    inputs: Inputs,
    coefficients: Coefficients,
    read_outcomes: ReadOutcomes,
    first: EvalResult,
    second: EvalResult,
    runs: int,
) -> tuple[EvalResult, EvalResult, _Found]:
    notes = [*_odd(first, "candidate"), *_odd(second, "baseline")]
    if runs > 2:
        notes.append(f"Of {runs} runs the newest complete one of each side is compared.")
    pairs, why_not = _pairs_of(read_outcomes, first, second)
    if pairs is not None:
        found = _by_pairs(pairs)
        if _judged(first) or _judged(second):
            notes.append("The judge's error is not taken out of paired samples.")
    else:
        found = _by_values(inputs, coefficients, first, second)
        notes.append(f"Not paired: {why_not}.")
    return first, second, dataclasses.replace(found, notes=(*notes, *found.notes))


def _odd(row: EvalResult, side: str) -> Iterable[str]:
    if row.status != "complete":
        yield f"The status of the {side}'s run is {row.status}."


def _judged(row: EvalResult) -> bool:
    return row.judge_sensitivity is not None or row.judge_specificity is not None


def _pairs_of(read_outcomes: ReadOutcomes, first: EvalResult, second: EvalResult) -> tuple[Pairs | None, str]:
    """The samples two results share, or None and why they cannot be paired."""
    versions = {first.task_version, second.task_version} - {None}
    if len(versions) > 1:
        return None, f"the versions of the task differ ({first.task_version}, {second.task_version})"
    outcomes: list[Outcomes] = []
    for row in (first, second):
        block = None if row.outcomes is None else read_outcomes(row.outcomes)
        if block is None:
            return None, f"{row.code} kept no outcomes of its samples"
        outcomes.append(unpack_outcomes(block))
    pairs = paired(outcomes[0], outcomes[1], first.part)
    if pairs.first.size < FEWEST_PAIRS:
        return None, "they scored different samples"
    for row, mean in zip((first, second), pairs.means, strict=True):
        if abs(mean - (value_of(row) or 0.0)) > MEAN_TOLERANCE:
            return None, f"the outcomes of {row.code} do not average to its value"
    return pairs, ""


def _by_pairs(pairs: Pairs) -> _Found:
    """The difference on common samples: Newcombe's paired interval for yes and no, else Student's t."""
    found = statistics.paired_difference(pairs.first, pairs.second, pairs.clusters)
    clustered = pairs.clusters is not None
    table = _table(pairs) if pairs.binary else None
    interval = statistics.mean_interval(found.difference, found.stderr, max(found.df, 1), LEVEL)
    method = "t, paired, clustered" if clustered else "t, paired"
    p, test = statistics.p_of_difference(found.difference, found.stderr, max(found.df, 1)), method
    mcnemar = None if table is None else statistics.mcnemar_exact(table[1], table[2])
    if table is not None and mcnemar is not None and not clustered:
        _, low, high = statistics.newcombe_paired(*table, LEVEL)
        interval, method, p, test = (low, high), "Newcombe, paired", mcnemar, "exact McNemar"
    return _Found(
        difference=found.difference,
        values=(float(pairs.first.mean()), float(pairs.second.mean())),
        interval=interval,
        method=method,
        stderr=found.stderr,
        unpaired=found.unpaired,
        correlation=None if math.isnan(found.correlation) else found.correlation,
        discordant=None if table is None else (table[1], table[2]),
        mcnemar=mcnemar,
        p=p,
        test=test,
        common=found.n,
        notes=tuple(_pair_notes(pairs, table)),
    )


def _table(pairs: Pairs) -> tuple[int, int, int, int]:
    """How many samples both, only the first, only the second and neither have 1 on."""
    first, second = pairs.first == 1, pairs.second == 1
    sides = (first & second, first & ~second, ~first & second, ~first & ~second)
    both, only_first, only_second, neither = (int(np.count_nonzero(side)) for side in sides)
    return both, only_first, only_second, neither


def _pair_notes(pairs: Pairs, table: tuple[int, int, int, int] | None) -> Iterable[str]:
    if pairs.left_out:
        words = "One sample" if pairs.left_out == 1 else f"{pairs.left_out} samples"
        yield f"Left out: {words} that only one side scored."
    if pairs.first.size < FEW_PAIRS and (table is None or pairs.clusters is not None):
        yield f"Student's t is rough on {pairs.first.size} common samples."
    if pairs.epochs:
        yield "Several answers to a sample were averaged first."
    if pairs.clusters is not None:
        yield f"Samples fall into {len(set(pairs.clusters))} clusters."
        if table is not None:
            yield "McNemar's test takes samples as independent; the p-value compared is that of the clustered t."


def _by_values(inputs: Inputs, coefficients: Coefficients, first: EvalResult, second: EvalResult) -> _Found:
    """The difference of two values without common samples: Newcombe for shares, Welch's t for means."""
    sides = [measured(inputs, row, coefficients)[0] for row in (first, second)]
    values = (value_of(first) or 0.0, value_of(second) or 0.0)
    one, other = sides
    if one is None or other is None:
        return _Found(values[0] - values[1], values)
    difference = one.value - other.value
    errors = _error(one), _error(other)
    unpaired = None if None in errors else math.hypot(errors[0] or 0.0, errors[1] or 0.0)
    base = _Found(difference, (one.value, other.value), unpaired=unpaired)
    if one.ones is not None and other.ones is not None and one.n and other.n:
        _, low, high = statistics.newcombe(one.ones, one.n, other.ones, other.n, LEVEL)
        p = statistics.p_of_proportions(one.ones, one.n, other.ones, other.n)
        ways = ", clustered" if one.clustered or other.clustered else ""
        method = f"Newcombe, unpaired{ways}"
        return dataclasses.replace(base, interval=(low, high), method=method, p=p, test=f"score test, unpaired{ways}")
    if unpaired is None:
        return base
    df = statistics.satterthwaite(errors[0] or 0.0, _df(one), errors[1] or 0.0, _df(other))
    interval = statistics.mean_interval(difference, unpaired, df, LEVEL)
    p = statistics.p_of_difference(difference, unpaired, df)
    return dataclasses.replace(base, interval=interval, method="t, unpaired", p=p, test="t, unpaired")


def _error(side: Measured) -> float | None:
    if side.stderr is not None:
        return side.stderr
    return None if not side.n else math.sqrt(max(side.value * (1 - side.value), 0.0) / side.n)


def _df(side: Measured) -> float:
    if side.df is not None:
        return side.df
    return max((side.n or math.inf) - 1, 1.0)


def _comparison(
    inputs: Inputs, first: EvalResult, second: EvalResult, found: _Found, p_holm: float | None, made: int
) -> Comparison:
    evaluation = inputs.get(Evaluation, first.evaluation)
    verdict = _verdict(found, evaluation.polarity)
    return Comparison(
        evaluation=evaluation.code,
        name=evaluation.name,
        part=first.part,
        variant=first.variant,
        candidate=first.code,
        baseline=second.code,
        candidate_value=found.values[0],
        baseline_value=found.values[1],
        difference=found.difference,
        low=None if found.interval is None else found.interval[0],
        high=None if found.interval is None else found.interval[1],
        level=LEVEL,
        method=found.method,
        paired=found.common > 0,
        n_common=found.common,
        stderr=found.stderr,
        stderr_unpaired=found.unpaired,
        correlation=found.correlation,
        only_candidate=None if found.discordant is None else found.discordant[0],
        only_baseline=None if found.discordant is None else found.discordant[1],
        mcnemar_p=found.mcnemar,
        p=found.p,
        test=found.test,
        p_holm=p_holm,
        made=made,
        verdict=verdict,
        holds=verdict != NOT_SHOWN and p_holm is not None and p_holm <= 1 - LEVEL,
        notes=found.notes,
    )


def _verdict(found: _Found, polarity: str) -> str:
    """Better or worse where the interval leaves 0 out and the direction is confirmed."""
    if found.interval is None or found.interval[0] <= 0 <= found.interval[1]:
        return NOT_SHOWN
    if polarity == "unknown":
        return NO_DIRECTION
    return BETTER if (found.difference > 0) == (polarity == "higher") else WORSE
