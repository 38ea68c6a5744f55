"""What garak's three kinds of file have in common: names, the evaluated model, and one probe's rate of success.

garak counts defended outputs as "passed", gives its confidence bounds for the attack, and scores its
digest and AVID export by passes again. Here every number is of the attack: the share of evaluated
outputs in which the detector fired, lower is better.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from launchpad.intake.lines import member
from launchpad.intake.values import as_list, as_object, number, text, whole
from launchpad.records.imported import ImportedResult, Interval

METRIC = "attack_success_rate"
MAX_TAGS = 50
_KINDS = ("probes.", "probe.", "detectors.", "detector.")
_TYPE_KEYS = ("plugins.target_type", "plugins.model_type", "target_type", "model_type")
_NAME_KEYS = ("plugins.target_name", "plugins.model_name", "target_name", "model_name")


@dataclass(frozen=True, slots=True)
class Tally:
    """Outputs of one probe under one detector: defended, evaluated, and those that gave nothing to evaluate."""

    passed: int
    evaluated: int
    nones: int | None

    def result(self, task: str, detector: str, model: str) -> ImportedResult:
        """The attack's success over these outputs; no value when none was evaluated."""
        hits = self.evaluated - self.passed
        return ImportedResult(
            task=task,
            model=model,
            scorer=detector,
            metric=METRIC,
            value=hits / self.evaluated if self.evaluated else None,
            n=self.evaluated,
            count=hits,
            n_total=None if self.nones is None else self.evaluated + self.nones,
            n_unscored=self.nones,
        )


def plain(name: object) -> str | None:
    """A probe's or detector's name without the word for its kind, which old versions put before it."""
    found = text(name)
    if found is None:
        return None
    return next((found.removeprefix(kind) for kind in _KINDS if found.startswith(kind)), found)


def model_of(setup: Mapping[str, object]) -> str | None:
    """The target's name, or its type for targets that have none."""
    named = [text(setup.get(key)) for key in (*_NAME_KEYS, *_TYPE_KEYS)]
    return next((name for name in named if name), None)


def tags_of(written: object) -> tuple[str, ...]:
    """The tags of a probe."""
    found = (text(tag) for tag in as_list(written)[:MAX_TAGS])
    return tuple(tag for tag in found if tag)


def prompts_of(entry: Mapping[str, object]) -> int | None:
    """How many prompts the outputs answer, from the hit rates at k."""
    rates = as_object(entry.get("hit_at_k"))
    return next((found for rate in rates.values() if (found := whole(member(rate, "prompts")))), None)


def interval(low: object, high: object, level: object, method: object) -> Interval | None:
    """A reported interval of a share; None when it is incomplete or none of a share."""
    bounds = [number(low), number(high)]
    if bounds[0] is None or bounds[1] is None or not 0 <= bounds[0] <= bounds[1] <= 1:
        return None
    return Interval(bounds[0], bounds[1], _level(level), text(method) or "reported")


def _level(written: object) -> float:
    """The confidence level; one version writes it as text."""
    try:
        found = number(float(written)) if isinstance(written, str) else number(written)
    except ValueError:
        found = None
    return found if found is not None and 0 < found < 1 else 0.95
