"""The columns of the evidence table."""

from __future__ import annotations

from collections.abc import Callable

from launchpad.gui import words
from launchpad.gui.columns import Column, Row, field_column, figure_column
from launchpad.gui.evidence.numbers import states, tr, value_text
from launchpad.gui.theme import Tone
from launchpad.gui.words import Cell
from launchpad.records import EvalResult, Evaluation, Inputs
from launchpad.records.links import NEARNESS

TONES: dict[str, Tone] = {
    "counts": "good",
    "unlinked": "warn",
    "unconfirmed": "warn",
    "partial": "bad",
    "repeated": "muted",
    "superseded": "muted",
}
ICONS = {
    "counts": "met",
    "unlinked": "warning",
    "unconfirmed": "inconclusive",
    "partial": "notmet",
    "repeated": "copy",
    "superseded": "remove",
}


def _state_text(value: Cell) -> str:
    return states().get(str(value), "" if value is None else str(value))


def _state_tone(row: Row) -> Tone | None:
    return TONES.get(str(row.figures.get("state")))


def _state_icon(row: Row) -> str | None:
    return ICONS.get(str(row.figures.get("state")))


def _share(value: Cell) -> str:
    return words.percent(value) if isinstance(value, float) else ""


def _days(value: Cell) -> str:
    return "" if value is None else str(value)


def _plain(value: Cell) -> str:
    return "" if value is None else str(value)


def _build(value: Cell) -> str:
    return tr("Unknown") if value == "unknown" else words.translate("records", NEARNESS.get(str(value), ""))


def _value_column(base: Column) -> Column:
    """The value on its own scale: a share as a percentage."""
    from dataclasses import replace

    def text(row: Row) -> str:
        result = row.parts.get("result")
        return value_text(result.value, result.unit) if isinstance(result, EvalResult) else ""

    return replace(base, text=text)


def result_columns(inputs: Callable[[], Inputs]) -> list[Column]:
    """The result, its value and how sure that is, what keeps it from counting, and what it is evidence for."""

    def result(name: str, **options: object) -> Column:
        return field_column(inputs, EvalResult, name, part="result", **options)  # pyright: ignore[reportArgumentType] - passed on as given

    def figure(key: str, title: str, **options: object) -> Column:
        return figure_column(key, title, **{"text": _plain, "right": False, **options})  # pyright: ignore[reportArgumentType] - passed on as given

    return [
        result("code", width=8, read_only=True),
        field_column(inputs, Evaluation, "name", part="evaluation", title=tr("Evaluation"), width=30),
        figure("state", tr("State"), width=18, text=_state_text, tone=_state_tone, icon=_state_icon),
        _value_column(result("value", width=8)),
        figure("interval", tr("95 % interval"), width=16, right=True),
        result("n", title="n", width=5),
        result("part", width=14),
        result("model", width=16),
        figure("links", tr("Evidence for"), width=14, help=tr("What it is linked to in this launch.")),
        figure("criteria", tr("Success criteria"), width=22),
        figure("method", tr("Interval by"), width=16, help=tr("How the interval was made.")),
        figure_column("k", tr("Failures"), text=_days, help=tr("Known once the direction is said.")),
        field_column(inputs, Evaluation, "polarity", part="evaluation"),
        result("status", title=tr("Run"), width=10),
        result("run_date"),
        figure_column("age", tr("Age, days"), text=_days),
        figure_column("freshness", tr("Weight for age"), text=_share, help=tr("What its age leaves of it.")),
        figure("build", tr("Build"), width=10, text=_build, help=tr("Compared with what goes out.")),
        result("harness", width=10),
        result("source", width=24),
        figure("area", tr("Risk area"), width=20, hidden=True),
        figure("warnings", tr("Notes"), width=30, hidden=True),
        figure("duplicate", tr("Repeats"), width=10, hidden=True),
        *(result(name, hidden=True) for name in ("in_place", "elicitation", "arm", "unit", "count", "n_total")),
        *(result(name, hidden=True) for name in ("n_unscored", "n_errors", "stderr", "stderr_clustered", "clusters")),
        *(result(name, hidden=True) for name in ("judge_sensitivity", "judge_specificity", "snapshot", "variant")),
        *(result(name, hidden=True) for name in ("run_id", "superseded", "file_name", "tags", "note")),
    ]
