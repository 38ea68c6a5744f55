"""The bundled templates of success criteria: what to measure, how, on how many samples, and by whose method."""

import csv
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from launchpad import paths, statistics
from launchpad.errors import UnknownRecordError

FOLDER = "criteria"


@dataclass(frozen=True, slots=True)
class CriterionTemplate:
    """One row of resources/criteria/*.csv.

    `threshold` and `expected` are assumptions, `threshold_basis` says of what. `n` is the fewest samples that meet
    the criterion with chance `power` if the true value is `expected`: a share by the exact bound, a mean (with a
    `deviation`) by Student's t; a judge that errs takes more. `items` is how many the data set has, None where
    not confirmed.
    """

    code: str
    name: str
    kind: str
    measure: str
    harness: str
    task: str
    scorer: str
    metric: str
    polarity: str
    category: str
    locale: str
    language: str
    direction: str
    threshold: float
    confidence: float
    expected: float
    deviation: float | None
    power: float
    n: int
    items: int | None
    judge: str
    judge_sensitivity: float | None
    judge_specificity: float | None
    threshold_basis: str
    source: str
    identifier: str
    licence: str

    @property
    def n_computed(self) -> int | None:
        """The fewest samples that meet the criterion with chance `power`; None when none would."""
        n = samples_with_power(self)
        return None if n is None else math.ceil(n / self._worth)

    @property
    def _worth(self) -> float:
        """What one judged sample is worth in independent ones: (sensitivity + specificity - 1)^2."""
        if self.judge_sensitivity is None and self.judge_specificity is None:
            return 1.0
        youden = (1.0 if self.judge_sensitivity is None else self.judge_sensitivity) - 1
        return (youden + (1.0 if self.judge_specificity is None else self.judge_specificity)) ** 2

    @property
    def why_n(self) -> str:
        """One sentence on where `n` comes from."""
        bound = "lower" if self.direction == "at_least" else "upper"
        how = "exact (Clopper-Pearson)" if self.deviation is None else f"Student t (deviation {self.deviation:g})"
        judged = "" if self._worth == 1 else f", a judged sample being worth {self._worth:.2g} of a certain one"
        return (
            f"{self.n} samples: the fewest whose {how} {bound} bound at {self.confidence:.0%} meets "
            f"{self.threshold:g} with a chance of {self.power:.0%} if the true value is {self.expected:g}{judged}."
        )


def samples_to_meet(
    direction: str, threshold: float, confidence: float, seen: float, deviation: float | None = None
) -> int | None:
    """The fewest independent samples whose one-sided bound meets a threshold if the value comes out as `seen`.

    None when no number will: the value lies on the wrong side, or the threshold on no scale of shares.
    """
    if deviation is not None:
        distance = seen - threshold if direction == "at_least" else threshold - seen
        return statistics.n_needed_for_mean(distance, deviation, confidence=confidence) if deviation > 0 else None
    failing, rate = _as_failures(direction, threshold, seen)
    if not (0 < failing < 1 and 0 <= rate <= 1):
        return None
    return statistics.n_needed(failing, confidence=confidence, rate=rate)


def samples_with_power(template: CriterionTemplate) -> int | None:
    """The fewest independent samples that meet a template's criterion with its power; None when none would."""
    if template.deviation is not None:
        distance = abs(template.expected - template.threshold)
        return statistics.n_needed_for_mean(
            distance, template.deviation, confidence=template.confidence, power=template.power
        )
    failing, rate = _as_failures(template.direction, template.threshold, template.expected)
    return statistics.n_for_power(failing, rate, confidence=template.confidence, power=template.power)


def _as_failures(direction: str, threshold: float, value: float) -> tuple[float, float]:
    return (1 - threshold, 1 - value) if direction == "at_least" else (threshold, value)


@functools.cache
def templates() -> Mapping[str, CriterionTemplate]:
    """The bundled templates by code, in the order of their files and rows."""
    found: dict[str, CriterionTemplate] = {}
    for path in sorted((paths.resources() / FOLDER).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["code"]: _template(row) for row in csv.DictReader(file)}
    return MappingProxyType(found)


def template_named(code: str) -> CriterionTemplate:
    """The template of that code; UnknownRecordError lists the nearest ones."""
    known = templates()
    if code in known:
        return known[code]
    near = [name for name in known if name.casefold().startswith(code.casefold()[:2])] or list(known)
    raise UnknownRecordError(f"There is no template called {code!r}.", f"There are: {', '.join(near[:8])} ...")


def _template(row: Mapping[str, str]) -> CriterionTemplate:
    values: dict[str, Any] = {name: row[name] for name in CriterionTemplate.__dataclass_fields__}
    for name in ("threshold", "confidence", "expected", "power"):
        values[name] = float(row[name])
    for name in ("deviation", "judge_sensitivity", "judge_specificity"):
        values[name] = float(row[name]) if row[name] else None
    values["n"] = int(row["n"])
    values["items"] = int(row["items"]) if row["items"] else None
    return CriterionTemplate(**values)
