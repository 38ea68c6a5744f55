"""How lm-evaluation-harness names things: metrics with their filter, units, the model behind its arguments."""

from collections.abc import Mapping

from launchpad.intake.values import as_object, text
from launchpad.records.imported import Unit

# Where the harness itself looks for the name (loggers/evaluation_tracker.py); none = it makes up a random one.
_NAME_KEYS = ("peft", "delta", "pretrained", "model", "path", "engine")
_OTHER_SCALES = frozenset(
    {
        *("perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte", "ppl"),
        *("bleu", "chrf", "ter", "brier_score", "likelihood_diff", "bypass"),
    }
)


def split_key(key: str) -> tuple[str, str | None]:
    """Metric and filter of a key such as "acc,none"; before 0.4 there is no filter."""
    metric, comma, filter_name = key.rpartition(",")
    return (metric, filter_name) if comma else (key, None)


def stderr_key(metric: str, filter_name: str | None) -> str:
    """The key under which the standard error of a metric lies."""
    return f"{metric}_stderr" if filter_name is None else f"{metric}_stderr,{filter_name}"


def unit_of(metric: str, value: float | None) -> Unit:
    """A share of items, or a number on a scale of its own."""
    inside = value is None or 0 <= value <= 1
    return "fraction" if inside and metric not in _OTHER_SCALES else "score"


def model_of(document: Mapping[str, object]) -> str | None:
    """The evaluated model: as in its arguments, else as the harness's kind of model (such as "dummy").

    `model_name` is taken only where there are no arguments to look into: it may be a random word.
    """
    config = as_object(document.get("config"))
    arguments = _arguments(config.get("model_args"))
    named = next((name for key in _NAME_KEYS if (name := text(arguments.get(key)))), None)
    kind = text(document.get("model_source")) or text(config.get("model"))
    return named or kind or text(document.get("model_name"))


def _arguments(written: object) -> Mapping[str, object]:
    """Model arguments as an object, also when written "a=b,c=d"."""
    if not isinstance(written, str):
        return as_object(written)
    pairs = (part.partition("=") for part in written.split(","))
    return {key.strip(): value.strip() for key, equals, value in pairs if equals}
