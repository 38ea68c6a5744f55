"""Intervals, standard errors, tests and sample sizes: plain functions of numbers.

Counts may be fractional (effective sizes), so every function of `k` of `n` takes floats.
"""

from launchpad.statistics.comparison import (
    PairedDifference,
    mcnemar_exact,
    newcombe,
    paired_difference,
    probability_greater,
)
from launchpad.statistics.intervals import (
    beta_interval,
    clopper_pearson,
    clopper_pearson_lower,
    clopper_pearson_upper,
    jeffreys,
    mean_interval,
    normal_quantile,
    student_quantile,
    wald,
    wilson,
)
from launchpad.statistics.sizes import (
    JudgeCorrection,
    n_effective,
    n_effective_from_clusters,
    n_effective_from_error,
    n_effective_of_scores,
    n_needed,
    n_needed_for_difference,
    rogan_gladen,
)
from launchpad.statistics.spread import (
    clustered_standard_error,
    difference_standard_error,
    pooled_standard_error,
    proportion_standard_error,
    standard_error,
)

__all__ = [
    "JudgeCorrection",
    "PairedDifference",
    "beta_interval",
    "clopper_pearson",
    "clopper_pearson_lower",
    "clopper_pearson_upper",
    "clustered_standard_error",
    "difference_standard_error",
    "jeffreys",
    "mcnemar_exact",
    "mean_interval",
    "n_effective",
    "n_effective_from_clusters",
    "n_effective_from_error",
    "n_effective_of_scores",
    "n_needed",
    "n_needed_for_difference",
    "newcombe",
    "normal_quantile",
    "paired_difference",
    "pooled_standard_error",
    "probability_greater",
    "proportion_standard_error",
    "rogan_gladen",
    "standard_error",
    "student_quantile",
    "wald",
    "wilson",
]
