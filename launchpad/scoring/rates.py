"""Which metrics are rates of outcomes, so that a value between 0 and 1 may count as a share of its samples."""

import re

# Spreads and errors of values; figures of a whole set of samples, none of which has an outcome of its own.
_SPREADS = ("std", "stdev", "stddev", "sd", "var", "variance", "deviation", "standarddeviation", "stderr", "sem")
_OVERALL = (
    *("f", "f1", "fbeta", "fmeasure", "fscore", "mcc", "matthews", "kappa", "corr", "correlation", "pearson"),
    *("spearman", "kendall", "auc", "auroc", "rocauc", "auprc", "ndcg", "mrr", "brier", "ece", "entropy"),
    *("bleu", "sacrebleu", "rouge", "rougel", "rougelsum", "chrf", "meteor", "bertscore", "perplexity", "ppl", "bits"),
    *("loss", "logloss", "likelihood", "loglikelihood", "logprob"),
    *("mse", "rmse", "mae", "wer", "cer", "ter", "median", "elo", "latency", "duration", "seconds", "tokens"),
)
_NO_RATES = frozenset((*_SPREADS, *_OVERALL))
_OVER_OTHERS = frozenset(("precision", "recall"))  # shares of the predicted or the true ones, not of the samples
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def is_rate(metric: str | None) -> bool:
    """Whether a metric may be the share of samples with some outcome, by its name; one without a name may be."""
    words = _WORD.findall(metric or "")
    whole = "".join(words).casefold()
    if whole in _OVER_OTHERS:
        return False
    return not any(word in _NO_RATES or word.rstrip("0123456789") in _NO_RATES for word in _folded([*words, whole]))


def _folded(words: list[str]) -> list[str]:
    return [word.casefold() for word in words]
