"""The columns of the evidence table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from launchpad.gui import words
from launchpad.gui.columns import Column, Row, field_column, figure_column
from launchpad.gui.evidence.drawing import forest
from launchpad.gui.theme import Tone
from launchpad.gui.words import Cell
from launchpad.records import EvalResult, Evaluation, Inputs


def tr(text: str) -> str:
    """Words of the evidence screen in the person's language."""
    return QCoreApplication.translate("evidence", text)


def states() -> dict[str, str]:
    """What each state of a result is called."""
    return {
        "counts": tr("Counts"),
        "unlinked": tr("Not linked"),
        "unconfirmed": tr("Confirm direction"),
        "superseded": tr("Superseded"),
    }


def _state_text(value: Cell) -> str:
    return states().get(str(value), str(value))


def _state_tone(row: Row) -> Tone | None:
    tones: dict[str, Tone] = {"unlinked": "warn", "unconfirmed": "warn", "superseded": "muted"}
    return tones.get(str(row.figures["state"]), "good")


def _state_icon(row: Row) -> str | None:
    icons = {"unlinked": "warning", "unconfirmed": "inconclusive", "superseded": "remove"}
    return icons.get(str(row.figures["state"]), "met")


def _forest_text(row: Row) -> str:
    rate, low, high, limit = (row.figures.get(name) for name in ("rate", "low", "high", "threshold"))
    if not isinstance(rate, float) or not isinstance(low, float) or not isinstance(high, float):
        return str(row.figures.get("why") or "")
    text = tr("{0} fail, 95 % interval {1} to {2}").format(words.percent(rate), words.percent(low), words.percent(high))
    if isinstance(limit, float):
        verdicts = {
            "within": tr("within the limit of {0}"),
            "above": tr("above the limit of {0}"),
            "unsure": tr("cannot tell against the limit of {0}"),
        }
        text += ", " + verdicts[str(row.figures["against"])].format(words.percent(limit))
    return text


def result_columns(inputs: Callable[[], Inputs]) -> list[Column]:
    """The result, how often it failed and how sure that is, and what it is evidence for."""

    def result(name: str, **options: object) -> Column:
        return field_column(inputs, EvalResult, name, part="result", **options)  # pyright: ignore[reportArgumentType] - passed on as given

    return [
        result("code", width=8, read_only=True),
        field_column(inputs, Evaluation, "name", part="evaluation", title=tr("Evaluation"), width=36),
        result("part", width=16),
        figure_column(
            "state", tr("State"), right=False, width=17, text=_state_text, tone=_state_tone, icon=_state_icon
        ),
        result("value"),
        result("n", title="n", width=6),
        Column(
            key="forest",
            title=tr("Failure rate, 0 to 100 %"),
            help=tr(
                "Dot: share of failures. Line: 95 % interval. Dashed: strictest limit a gate sets. "
                "A square is above the limit for certain."
            ),
            value=lambda row: row.figures.get("rate"),
            text=_forest_text,
            typed=_forest_text,
            paint=forest,
            width=28,
        ),
        figure_column(
            "links",
            tr("Evidence for"),
            right=False,
            width=16,
            help=tr("Scenarios of this launch it is linked to."),
        ),
        result("model", width=18),
        field_column(inputs, Evaluation, "polarity", part="evaluation"),
        result("in_place", width=14, hidden=True),
        result("elicitation", hidden=True),
        result("run_date"),
        result("harness", width=10),
        result("status", hidden=True),
        result("arm", hidden=True),
        result("unit", hidden=True),
        result("count", hidden=True),
        result("clusters", hidden=True),
        result("judge_sensitivity", hidden=True),
        result("judge_specificity", hidden=True),
        result("snapshot", hidden=True),
        result("superseded", hidden=True),
        result("file_name", hidden=True),
        result("source", width=24),
        result("note", hidden=True),
    ]
