"""What one result proves of its own value: one-sided bounds, and the two-sided interval that is shown."""

import math
from dataclasses import dataclass

from launchpad import statistics
from launchpad.records import EvalResult, Evaluation, Inputs
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.evidence import read
from launchpad.scoring.rates import is_rate
from launchpad.scoring.why import ModelWarning

LEVEL = 0.95
FEW_FOR_ERROR = 300


@dataclass(frozen=True, slots=True)
class Measured:
    """A result's value on the scale criteria are stated on (percent as a fraction), and what stands behind it.

    A share carries `n` independent samples (fewer than were scored where they cluster or the judge errs); a mean
    of scores its standard error `stderr` and `df`. Neither means that the value has no error to be told. `ways`
    says what was done to it.
    """

    value: float
    n: float | None = None
    stderr: float | None = None
    df: float | None = None
    ways: tuple[str, ...] = ()
    clustered: bool = False

    @property
    def ones(self) -> float | None:
        """The effective number of samples with outcome 1; None for a mean of scores."""
        return None if self.n is None else min(max(self.value * self.n, 0.0), self.n)


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends on the result's own scale, their level, and the method by name."""

    low: float
    high: float
    level: float
    method: str


def measured(
    inputs: Inputs, result: EvalResult, coefficients: Coefficients
) -> tuple[Measured | None, tuple[ModelWarning, ...]]:
    """A result's value and what stands behind it, or None where it has none, and what to tell about it.

    A share of counted samples goes the way of the gates (clusters, judge error); where its direction is not
    confirmed the judge's error stays in. A mean without counts keeps its scale and its reported error.
    """
    value = value_of(result)
    if value is None:
        return None, ()
    if _is_share(result, value, inputs.get(Evaluation, result.evaluation).metric):
        return _share(inputs, result, value, coefficients)
    error = _error_of(result)
    if error is None:
        return Measured(value), ()
    clustered = result.stderr_clustered is not None
    judged = result.judge_sensitivity is not None or result.judge_specificity is not None
    ways = (*(("clustered",) if clustered else ()), *(("judge error left in",) if judged else ()))
    return Measured(value, stderr=error, df=_df(result), ways=ways, clustered=clustered), ()


def bounds(found: Measured, confidence: float) -> tuple[float, float, str] | None:
    """The one-sided bounds of a value below and above, and the method; None where it has no error to be told."""
    ones, n = found.ones, found.n
    if ones is not None and n is not None and n > 0:
        lower = statistics.clopper_pearson_lower(ones, n, confidence)
        upper = statistics.clopper_pearson_upper(ones, n, confidence)
        return lower, upper, ", ".join(("Clopper-Pearson", *found.ways))
    if found.stderr is not None:
        df = math.inf if found.df is None else found.df
        lower, upper = statistics.mean_bounds(found.value, found.stderr, df, confidence)
        return lower, upper, ", ".join(("t" if found.df is not None else "normal", *found.ways))
    return None


def shown_interval(
    result: EvalResult, metric: str | None, coefficients: Coefficients, level: float = LEVEL
) -> Interval | None:
    """Our own interval of a result's value as it stands, else the one its harness reported; None without either.

    Of counts Wilson's, on an effective size where samples cluster, which the method then names; of a mean Student's
    t. The judge's error stays in: the interval is of what was measured.
    """
    value = value_of(result)
    own = None if value is None else _own_interval(result, value, metric, coefficients.icc, level)
    if own is not None:
        scale = scale_of(result)
        return Interval(own.low / scale, own.high / scale, level, own.method)
    if result.reported_low is None or result.reported_high is None:
        return None
    method = f"reported: {result.reported_method or f'{result.harness}, method not named'}"
    return Interval(result.reported_low, result.reported_high, result.reported_level or level, method)


def why_unbounded(result: EvalResult, metric: str | None) -> str:
    """Why nothing bounds a value that neither has counts nor an error, as half a sentence about it."""
    if not result.n or result.count is not None:
        return "it states neither counts nor an error"
    if not is_rate(metric):
        return f"it states no error, and {metric} is no share of its {result.n} samples"
    return "it states neither counts nor an error, and is no share of its samples"


def value_of(result: EvalResult) -> float | None:
    """A result's value on the scale criteria are stated on: percent as a fraction, a count as a share of n."""
    if result.value is None:
        return result.count / result.n if result.count is not None and result.n else None
    return result.value * scale_of(result)


def scale_of(result: EvalResult) -> float:
    """What a result's own scale is multiplied by to be the scale of criteria."""
    if result.unit == "percent":
        return 0.01
    return 1 / result.n if result.unit == "count" and result.n else 1.0


def _own_interval(result: EvalResult, value: float, metric: str | None, icc: float, level: float) -> Interval | None:
    if _is_share(result, value, metric):
        ones = _ones(result, value)
        size, _ = _independent(result, ones, icc)
        if result.clusters is not None and _by_error(result, ones):
            size = statistics.korn_graubard(size, float(result.n or 0), float(result.clusters), level)
        low, high = statistics.wilson(ones * size, size, level)
        fewer = "" if size >= (result.n or 0) else f" on {size:.3g} independent samples (clusters)"
        return Interval(low, high, level, f"wilson{fewer}")
    error = _error_of(result)
    if error is None:
        return None
    df = _df(result)
    low, high = statistics.mean_interval(value, error, math.inf if df is None else df, level)
    ways = ("clustered",) if result.stderr_clustered is not None else ()
    return Interval(low, high, level, ", ".join(("normal, n not stated" if df is None else "t", *ways)))


def _is_share(result: EvalResult, value: float, metric: str | None) -> bool:
    """Whether a value is a share of samples: counted, or a rate by its unit and metric without a reported error."""
    if not result.n or not 0 <= value <= 1:
        return False
    if result.count is not None:
        return 0 <= result.count <= result.n
    if result.unit == "count":
        return True
    return result.unit in ("fraction", "percent") and is_rate(metric) and not _error_of(result)


def _share(
    inputs: Inputs, result: EvalResult, value: float, coefficients: Coefficients
) -> tuple[Measured | None, tuple[ModelWarning, ...]]:
    ones = _ones(result, value)
    size, ways = _independent(result, ones, coefficients.icc)
    judged = result.judge_sensitivity is not None or result.judge_specificity is not None
    if result.count is None and result.unit != "count":
        ways = (*ways, "scores taken as shares")
    if not judged:
        return Measured(ones, n=size, ways=ways, clustered="clustered" in ways), ()
    polarity = inputs.get(Evaluation, result.evaluation).polarity
    reading, said = read(inputs, result, coefficients)
    if polarity == "unknown":
        return Measured(ones, n=size, ways=(*ways, "judge error left in")), said
    if reading is None:
        return None, said
    share = reading.rate if polarity == "lower" else 1 - reading.rate
    return Measured(share, n=reading.n, ways=(*ways, "judge error taken out"), clustered="clustered" in ways), said


def _ones(result: EvalResult, value: float) -> float:
    return result.count / result.n if result.count is not None and result.n else value


def _independent(result: EvalResult, share: float, icc: float) -> tuple[float, tuple[str, ...]]:
    """The number of independent samples behind a share, and `clustered` where that is fewer than were scored."""
    n = float(result.n or 0)
    clusters = None if result.clusters is None or result.clusters > n else result.clusters
    clustered = result.stderr_clustered
    error = None if clustered is None else clustered * (0.01 if result.unit == "percent" else 1.0)
    size = statistics.n_effective(n, share, stderr_clustered=error, clusters=clusters, icc=icc)
    return size, ("clustered",) if size < n else ()


def _by_error(result: EvalResult, share: float) -> bool:
    """Whether the effective size came from a clustered error."""
    return bool(result.stderr_clustered) and 0 < share < 1


def _error_of(result: EvalResult) -> float | None:
    """The reported standard error of a mean on the scale of criteria; clustered where there is one, never 0."""
    error = result.stderr_clustered if result.stderr_clustered is not None else result.stderr
    return error * scale_of(result) if error else None


def _df(result: EvalResult) -> float | None:
    """The degrees of freedom of a reported error: clusters less one, else samples less one; None if unknown."""
    units = result.clusters if result.stderr_clustered is not None and result.clusters else result.n
    return None if units is None else float(max(units - 1, 1))
