"""What is shown of candidate against baseline: rows, lines of the plot, and each comparison in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import permutations

from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.evidence.drawing import Line
from launchpad.gui.evidence.numbers import tr
from launchpad.gui.theme import Tone
from launchpad.gui.words import Cell
from launchpad.records import EvalResult, Evaluation, Inputs
from launchpad.results.comparison import Comparison

MOST_MODELS = 40
ICONS = {"better": "met", "worse": "notmet"}
TONES: dict[str, Tone] = {"better": "good", "worse": "bad"}


def verdicts() -> dict[str, str]:
    """What each verdict is called."""
    return {
        "better": tr("Better"),
        "worse": tr("Worse"),
        "no difference shown": tr("No difference shown"),
        "differs, direction not confirmed": tr("Differs, direction open"),
    }


def points(share: float | None) -> str:
    """A difference of shares in percentage points, with its sign."""
    if share is None:
        return words.NOTHING
    sign = "+" if share > 0 else words.MINUS if share < 0 else ""
    return sign + words.number(abs(100 * share), 3)


def between(one: Comparison) -> str:
    """The interval of a difference in percentage points."""
    return "" if one.low is None or one.high is None else tr("{0} to {1}").format(points(one.low), points(one.high))


def rows(found: Sequence[Comparison]) -> list[Row]:
    """One row for each metric compared."""
    made: list[Row] = []
    for place, one in enumerate(found):
        figures: dict[str, Cell] = {
            "name": one.name,
            "part": " · ".join(part for part in (one.part, one.variant) if part),
            "candidate": one.candidate_value,
            "baseline": one.baseline_value,
            "difference": one.difference,
            "interval": between(one),
            "verdict": one.verdict,
            "holds": tr("Yes") if one.holds else tr("No"),
            "paired": tr("Paired, {0} samples").format(one.n_common) if one.paired else tr("Not paired"),
            "mcnemar": one.mcnemar_p,
            "discordant": "" if one.only_candidate is None else f"{one.only_candidate} : {one.only_baseline}",
            "p": one.p,
            "p_holm": one.p_holm,
            "test": one.test,
            "method": one.method,
            "codes": f"{one.candidate}, {one.baseline}",
            "notes": " ".join(one.notes),
        }
        made.append(Row(place, {}, figures))
    return made


def lines(inputs: Inputs, found: Sequence[Comparison]) -> dict[int, Line]:
    """Each comparison (place) as the plot of differences draws it."""
    made: dict[int, Line] = {}
    for place, one in enumerate(found):
        polarity = inputs.find(Evaluation, one.evaluation).polarity
        better = "higher" if polarity == "higher" else "lower" if polarity == "lower" else "unknown"
        standing = {"better": "within", "worse": "beyond"}.get(one.verdict, "unsure")
        shown = (one.difference, one.low, one.high) if abs(one.difference) <= 1 else (None, None, None)
        made[place] = Line(
            name=one.name + (f" · {one.part}" if one.part else ""),
            told=told(one),
            figures=f"{points(one.difference)} ({between(one)})",
            value=shown[0],
            low=shown[1],
            high=shown[2],
            better=better,
            standing=standing,  # pyright: ignore[reportArgumentType] - one of them
            instead="" if shown[0] is not None else tr("{0}, no share").format(words.number(one.difference)),
        )
    return made


def told(one: Comparison) -> str:
    """A comparison in words."""
    shares = tr("{0} against {1}: {2} percentage points").format(
        words.percent(one.candidate_value, 3), words.percent(one.baseline_value, 3), points(one.difference)
    )
    interval = tr("{0} interval {1}, by {2}").format(words.percent(one.level), between(one), one.method)
    found = [one.name, shares, interval if one.low is not None else "", verdicts().get(one.verdict, one.verdict)]
    if one.paired:
        found.append(tr("Paired on {0} common samples").format(one.n_common))
    if one.mcnemar_p is not None:
        only = tr("outcome 1 only with the candidate {0}, only with the baseline {1}")
        found.append(
            tr("McNemar p {0}").format(p_value(one.mcnemar_p))
            + ", "
            + only.format(one.only_candidate, one.only_baseline)
        )
    if one.p_holm is not None:
        found.append(
            tr("p {0}, adjusted for {1} comparisons {2}").format(p_value(one.p), one.made, p_value(one.p_holm))
        )
    return "\n".join([*(part for part in found if part), *one.notes])


def p_value(value: Cell) -> str:
    """A p-value; below one in ten thousand only as such."""
    if not isinstance(value, float | int):
        return ""
    return tr("< 0.0001") if value < 1e-4 else words.number(float(value), 3)


def _verdict_text(value: Cell) -> str:
    return verdicts().get(str(value), "")


def _verdict_tone(row: Row) -> Tone | None:
    return TONES.get(str(row.figures.get("verdict")), "muted")


def _verdict_icon(row: Row) -> str | None:
    return ICONS.get(str(row.figures.get("verdict")), "inconclusive")


def _share(value: Cell) -> str:
    if not isinstance(value, float):
        return ""
    return words.percent(value, 3) if 0 <= value <= 1 else words.number(value)


def _points(value: Cell) -> str:
    return points(value) if isinstance(value, float) else ""


def _plain(value: Cell) -> str:
    return "" if value is None else str(value)


def columns() -> list[Column]:
    """What is told of each comparison."""

    def plain(key: str, title: str, width: int, **options: object) -> Column:
        return figure_column(key, title, text=_plain, right=False, width=width, **options)  # pyright: ignore[reportArgumentType] - passed on as given

    return [
        plain("name", tr("Evaluation"), 24),
        plain("part", tr("Category"), 14),
        figure_column(
            "verdict",
            tr("Candidate is"),
            right=False,
            width=23,
            text=_verdict_text,
            tone=_verdict_tone,
            icon=_verdict_icon,
        ),
        figure_column("candidate", tr("Candidate"), text=_share, width=9),
        figure_column("baseline", tr("Baseline"), text=_share, width=9),
        figure_column("difference", tr("Difference, points"), text=_points, width=8),
        plain("interval", tr("95 % interval"), 16),
        plain("paired", tr("Samples"), 20),
        figure_column("mcnemar", tr("McNemar p"), text=p_value, width=9),
        figure_column("p_holm", tr("p, adjusted"), text=p_value, width=9, help=tr("Holm, for all comparisons made.")),
        plain("holds", tr("Still holds"), 8, help=tr("Whether the verdict stands after the adjustment.")),
        plain("discordant", tr("Only one has 1"), 10, help=tr("Samples with outcome 1 on one side only.")),
        figure_column("p", "p", text=p_value, width=8),
        plain("test", tr("Test"), 22),
        plain("method", tr("Interval by"), 22),
        plain("codes", tr("Results"), 16),
        plain("notes", tr("Notes"), 60),
    ]


def shared_metrics(inputs: Inputs) -> Counter[tuple[str, str]]:
    """How many metrics each two models share, by their names in both orders."""
    by_metric: dict[tuple[int, str | None], set[str]] = defaultdict(set)
    for result in inputs.rows(EvalResult):
        if not result.superseded:
            by_metric[result.evaluation, result.part].add(result.model)
    found: Counter[tuple[str, str]] = Counter()
    for models in by_metric.values():
        found.update(permutations(sorted(models)[:MOST_MODELS], 2))
    return found


def best_pair(inputs: Inputs) -> tuple[str, str]:
    """The two models that share most metrics; empty names when none share any."""
    found = shared_metrics(inputs)
    return max(found, key=lambda pair: (found[pair], pair), default=("", ""))


def nearest(inputs: Inputs, candidate: str) -> str:
    """The model that shares most metrics with a candidate; empty when none shares any."""
    found = {pair: count for pair, count in shared_metrics(inputs).items() if pair[0] == candidate}
    return max(found, key=lambda pair: (found[pair], pair), default=("", ""))[1]
