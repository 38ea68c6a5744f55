"""The numbers the model rests on that nobody measured: bundled defaults, overridden by a project's rows."""

import csv
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Literal

from launchpad import paths
from launchpad.errors import ScoringError
from launchpad.records import Coefficient, Estimate, Inputs

EvidenceLevel = Literal["assumed", "vendor", "internal_test", "red_team", "independent"]


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The coefficients in force; each is one row of resources/coefficients.csv, which states its basis."""

    half_life_days: float
    near_weight: float
    different_weight: float
    icc: float
    prior_cap_assumed: float
    prior_cap_elicited: float
    elicitation_partial: float
    elicitation_weak: float
    elicitation_sd: float
    discount_assumed: float
    discount_vendor: float
    discount_internal_test: float
    discount_red_team: float
    discount_independent: float
    overlap_family: float
    overlap_between: float
    shared_factor: float
    tail_events: float
    reach_exponent: float
    attribution_threshold: float
    attribution_preventable: float
    attribution_accident: float
    attribution_victim: float
    weight_technical: float
    weight_reputational: float
    collapse_share: float = field(repr=False)  # no score rests on it, so no hash over the coefficients does

    def nearness(self, nearness: str) -> float:
        """The weight of evidence that is the same as, near to or different from what goes out."""
        return {"same": 1.0, "near": self.near_weight, "different": self.different_weight}[nearness]

    def discount(self, level: str) -> float:
        """The share of a claimed efficacy that is credited at an evidence level."""
        return float(getattr(self, f"discount_{level}"))


@dataclass(frozen=True, slots=True)
class BundledCoefficient:
    """One row of resources/coefficients.csv: a default, the range it may take, and its basis."""

    code: str
    name: str
    value: float
    low: float
    high: float
    basis: str


@dataclass(frozen=True, slots=True)
class SeverityLevel:
    """One level of the severity scale: what it means and its harm units per event."""

    level: int
    name: str
    harm: Estimate
    meaning: str
    source: str


def of(inputs: Inputs) -> Coefficients:
    """The coefficients of a project: its rows over the bundled defaults.

    Raises ScoringError for a value outside its range. Rows of unknown code are left to `check`.
    """
    values = {row.code: row.value for row in bundled().values()}
    for row in inputs.rows(Coefficient):
        known = bundled().get(row.code)
        if known is None:
            continue
        if not (math.isfinite(row.value) and known.low <= row.value <= known.high):
            raise ScoringError(
                f"The coefficient {row.code} is {row.value:g}, outside {known.low:g} to {known.high:g}.",
                f"Its default is {known.value:g}.",
            )
        values[row.code] = row.value
    return Coefficients(**{one.name: float(values[one.name]) for one in fields(Coefficients)})


@functools.cache
def bundled() -> Mapping[str, BundledCoefficient]:
    """The bundled coefficients by code."""
    return MappingProxyType(
        {
            row["code"]: BundledCoefficient(
                row["code"],
                row["name"],
                float(row["value"]),
                float(row["low"]),
                float(row["high"]),
                row["basis"],
            )
            for row in _rows("coefficients.csv")
        }
    )


@functools.cache
def severity_scale() -> Mapping[int, SeverityLevel]:
    """The bundled severity scale: levels 1 to 5 with their range of harm units per event."""
    return MappingProxyType(
        {
            int(row["level"]): SeverityLevel(int(row["level"]), row["name"], _range(row), row["meaning"], row["source"])
            for row in _rows("severity_scale.csv")
        }
    )


@functools.cache
def default_propensity() -> Mapping[tuple[str, int], Estimate]:
    """The propensity assumed for an area without evidence or estimate, by area class and severity level."""
    return MappingProxyType(
        {(row["area_class"], int(row["level"])): _range(row) for row in _rows("default_propensity.csv")}
    )


def _range(row: Mapping[str, str]) -> Estimate:
    return Estimate(float(row["low"]), float(row["median"]), float(row["high"]), "assumed")


def _rows(name: str) -> list[dict[str, str]]:
    with (paths.resources() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
