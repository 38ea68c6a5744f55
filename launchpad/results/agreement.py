"""How far the raters of a table of labels agree: every coefficient, its interval, each pair and each label."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from launchpad.errors import InvalidValueError
from launchpad.intake.ratings import Ratings
from launchpad.intake.values import listed
from launchpad.statistics.agreement import (
    FloatArray,
    IntArray,
    LabelAgreement,
    Statistic,
    ac1_statistic,
    cohen_kappa,
    contingency,
    fleiss_statistic,
    kappa_statistic,
    label_agreement,
    label_counts,
    percent_statistic,
    value_of,
)
from launchpad.statistics.bootstrap import REPLICATES, BootstrapInterval, bootstrap
from launchpad.statistics.krippendorff import Level, alpha_statistic

MAX_LABELS = 1_000
MAX_RATERS = 300
MAX_PAIRS_WITH_INTERVAL = 45
COEFFICIENTS = ("percent", "fleiss", "krippendorff", "ac1")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


@dataclass(frozen=True, slots=True)
class Coded:
    """Ratings as codes (items, raters), -1 = not rated, the labels they stand for, and the labels' values.

    `ordered` says whether the order of the labels means something: stated, or that of their numbers.
    """

    codes: IntArray
    labels: tuple[str, ...]
    values: FloatArray
    ordered: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two raters on the `n` items both rated; None is what is not defined.

    `interval` is that of `cohen`, drawn for up to 45 pairs.
    """

    a: str
    b: str
    n: int
    percent: float | None
    cohen: float | None
    linear: float | None
    quadratic: float | None
    interval: BootstrapInterval | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What `policy agreement` answers; `rows` are the rated rows of `items` different items."""

    rows: int
    items: int
    raters: tuple[str, ...]
    level: Level
    coefficients: dict[str, float | None]
    intervals: dict[str, BootstrapInterval | None]
    pairs: tuple[PairRow, ...]
    per_label: tuple[tuple[str, LabelAgreement], ...]
    seed: int


def agreement(
    ratings: Ratings,
    level: Level = "nominal",
    order: Sequence[str] = (),
    *,
    replicates: int = REPLICATES,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Agreement:
    """Percent, Fleiss, Krippendorff's alpha at this level and AC1 with intervals; each pair; each label.

    `order` are all labels there can be, from lowest to highest. Raises InvalidValueError when there is nothing to
    compare, or the labels do not fit the level.
    """
    kept = [place for place, row in enumerate(ratings.labels) if any(label is not None for label in row)]
    given = Ratings(
        tuple(ratings.items[place] for place in kept), ratings.raters, tuple(ratings.labels[place] for place in kept)
    )
    _refuse_unusable(given)
    coded = coded_ratings(given, level, order)
    counts = label_counts(coded.codes, len(coded.labels))
    statistics = {
        "percent": percent_statistic(counts),
        "fleiss": fleiss_statistic(counts),
        "krippendorff": alpha_statistic(coded.codes, coded.values, level),
        "ac1": ac1_statistic(counts),
    }
    pairs = list(combinations(range(len(given.raters)), 2))
    of_pairs: dict[str, Statistic] = {
        f"{a} {b}": kappa_statistic(coded.codes[:, a], coded.codes[:, b], len(coded.labels))
        for a, b in (pairs if len(pairs) <= MAX_PAIRS_WITH_INTERVAL else ())
    }
    intervals = bootstrap(statistics | of_pairs, given.items, replicates=replicates, seed=seed, progress=progress)
    return Agreement(
        rows=len(kept),
        items=len(set(given.items)),
        raters=given.raters,
        level=level,
        coefficients={name: value_of(statistic, len(kept)) for name, statistic in statistics.items()},
        intervals={name: intervals[name] for name in COEFFICIENTS},
        pairs=tuple(_pair(coded, given.raters, a, b, intervals.get(f"{a} {b}")) for a, b in pairs),
        per_label=tuple(zip(coded.labels, label_agreement(counts), strict=True)),
        seed=seed,
    )


def coded_ratings(ratings: Ratings, level: Level, order: Sequence[str] = ()) -> Coded:
    """The ratings as codes, their labels in the order stated, else that of their numbers, else the alphabet."""
    used = sorted({label for row in ratings.labels for label in row if label is not None})
    if len(used) > MAX_LABELS:
        raise InvalidValueError(
            f"There are {len(used):,} different labels, more than {MAX_LABELS:,}: these may be no labels.",
            "Name the raters' columns, or round what they measured.",
        )
    numbers = {label: _number(label) for label in used}
    if level in ("interval", "ratio"):
        if order:
            raise InvalidValueError(f"At the {level} level the numbers are the order.", "Leave out --order.")
        _refuse_no_numbers(ratings, level, numbers)
    all_numbers = all(number is not None for number in numbers.values())
    if order:
        places = _stated(order, used)
    elif all_numbers and level != "nominal":
        rising = sorted({number for number in numbers.values() if number is not None})
        places = {label: rising.index(number) for label, number in numbers.items() if number is not None}
    elif level == "ordinal":
        what = f"The labels {listed(used, 8)} are words, whose order an ordinal scale needs."
        raise InvalidValueError(what, "State it from lowest to highest: --order low,medium,high .")
    else:
        listing = sorted(used, key=lambda label: (numbers[label] or 0.0, label)) if all_numbers else used
        places = {label: place for place, label in enumerate(listing)}
    return _coded(ratings, places, numbers, level, ordered=bool(order) or all_numbers)


def _coded(
    ratings: Ratings, places: dict[str, int], numbers: dict[str, float | None], level: Level, *, ordered: bool
) -> Coded:
    """The codes by the place of each label; labels of one number (1.5 and 1.50) are one, shown as the first."""
    shown: dict[int, str] = {}
    for label, place in places.items():
        shown.setdefault(place, label)
    labels = tuple(shown[place] for place in sorted(shown))
    measured = level in ("interval", "ratio")
    values = [numbers[label] if measured else place for place, label in enumerate(labels)]
    codes = [[-1 if label is None else places[label] for label in row] for row in ratings.labels]
    return Coded(np.asarray(codes, dtype=np.int64), labels, np.asarray(values, dtype=np.float64), ordered)


def _stated(order: Sequence[str], used: Sequence[str]) -> dict[str, int]:
    places = {label: place for place, label in enumerate(order)}
    if len(places) < len(order):
        raise InvalidValueError(f"The order {','.join(order)} names a label twice.", "Name each label once.")
    if missing := [label for label in used if label not in places]:
        raise InvalidValueError(
            f"The order {','.join(order)} leaves out {listed(missing, 8)}.", "Name every label, from lowest to highest."
        )
    return places


def _refuse_unusable(given: Ratings) -> None:
    if len(given.raters) > MAX_RATERS:
        what = f"{len(given.raters)} raters are more than the {MAX_RATERS} that can be compared pair by pair."
        raise InvalidValueError(what, "Name those to compare: --raters A,B .")
    labels = [label for row in given.labels for label in row if label is not None]
    if not labels:
        raise InvalidValueError(f"None of the raters {listed(given.raters)} rated anything.", "Check their columns.")
    rated = [rater for rater, column in zip(given.raters, zip(*given.labels, strict=True), strict=True) if any(column)]
    if len(rated) < 2:
        raise InvalidValueError(f"Only {rated[0]} rated anything: agreement needs two raters.", "Add another's labels.")
    if not any(sum(label is not None for label in row) > 1 for row in given.labels):
        raise InvalidValueError("No item was rated by two raters.", "Check that both name the items alike.")
    if len(set(labels)) == 1:
        what = f"All {len(labels)} ratings are {labels[0]!r}: with one label, agreement beyond chance is not defined."
        raise InvalidValueError(what, "Add items on the other side of the line.")


def _refuse_no_numbers(ratings: Ratings, level: Level, numbers: dict[str, float | None]) -> None:
    for item, row in zip(ratings.items, ratings.labels, strict=True):
        for rater, label in zip(ratings.raters, row, strict=True):
            number = 0.0 if label is None else numbers[label]
            if number is None:
                what = f"{rater} rated item {item} {label!r}, which is no number; the {level} level needs numbers."
                raise InvalidValueError(what, "Use --level nominal, or ordinal with --order.")
            if level == "ratio" and number < 0:
                what = f"{rater} rated item {item} {label}: a ratio scale has no values below 0."
                raise InvalidValueError(what, "Use --level interval.")


def _number(label: str) -> float | None:
    text = label.replace(",", ".") if _DECIMAL_COMMA.fullmatch(label) else label
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and "_" not in text else None


def _pair(coded: Coded, raters: Sequence[str], a: int, b: int, interval: BootstrapInterval | None) -> PairRow:
    table = contingency(coded.codes[:, a], coded.codes[:, b], len(coded.labels))
    n = int(table.sum())
    return PairRow(
        a=raters[a],
        b=raters[b],
        n=n,
        percent=float(np.trace(table)) / n if n else None,
        cohen=cohen_kappa(table),
        linear=cohen_kappa(table, "linear") if coded.ordered else None,
        quadratic=cohen_kappa(table, "quadratic") if coded.ordered else None,
        interval=interval,
    )


def agreement_json(found: Agreement) -> dict[str, Any]:
    """The answer of `policy agreement --json`; the interval is that of Krippendorff's alpha."""
    interval = found.intervals["krippendorff"]
    return {
        "items": found.rows,
        "raters": list(found.raters),
        "level": found.level,
        **found.coefficients,
        "interval": None if interval is None else _interval_json(found, interval),
        "pairs": [
            {name: getattr(pair, name) for name in ("a", "b", "n", "percent", "cohen", "linear", "quadratic")}
            for pair in found.pairs
        ],
        "per_label": [{"label": label, "n": row.n, "agreement": row.agreement} for label, row in found.per_label],
    }


def _interval_json(found: Agreement, interval: BootstrapInterval) -> dict[str, Any]:
    method = f"krippendorff: percentile bootstrap by item, {interval.replicates} replicates, seed {found.seed}"
    return {"low": interval.low, "high": interval.high, "level": interval.level, "method": method}
