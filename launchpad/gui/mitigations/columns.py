"""The columns of the mitigations table; one for the effort of each team."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from launchpad.gui import words
from launchpad.gui.columns import Addition, Column, Row, field_column, figure_column
from launchpad.gui.mitigations.numbers import effort_part
from launchpad.gui.theme import Tone
from launchpad.gui.words import Cell
from launchpad.records import (
    Effort,
    Inputs,
    Mitigation,
    MitigationVariant,
    SideEffect,
    Standing,
    Team,
)

Source = Callable[[], Inputs]


def tr(text: str) -> str:
    """Words of the mitigations screen in the person's language."""
    return QCoreApplication.translate("mitigations", text)


def _variant_code(row: Row) -> str:
    variant = row.parts["variant"]
    return variant.code if isinstance(variant, MitigationVariant) else ""


def _adds_standing(row: Row) -> Addition:
    return Standing, {"variant": _variant_code(row)}


def _adds_side_effect(row: Row) -> Addition:
    return SideEffect, {"variant": _variant_code(row)}


def _effort_column(inputs: Source, team: Team) -> Column:
    def adds(row: Row) -> Addition:
        return Effort, {"variant": _variant_code(row), "team": team.code}

    title = tr("{0} days").format(team.code)
    return field_column(inputs, Effort, "days", part=effort_part(team.id), title=title, width=15, creates=adds)


def _share(value: Cell) -> str:
    return words.percent(value if isinstance(value, float) else None)


def _plan_text(value: Cell) -> str:
    return {"in": tr("In"), "out": tr("Left out")}.get(str(value), "")


def _plan_tone(row: Row) -> Tone | None:
    return {"in": "good", "out": "muted"}.get(str(row.figures["plan"]))  # pyright: ignore[reportReturnType] - both are tones


def _lock_text(value: Cell) -> str:
    return {"must": tr("Must"), "never": tr("Never")}.get(str(value), "")


def variant_columns(inputs: Source) -> list[Column]:
    """The variant and its mitigation, how far it has come, what the plan says, and the work of each team."""
    return [
        field_column(inputs, MitigationVariant, "code", part="variant", width=12, read_only=True),
        field_column(inputs, Mitigation, "name", width=38),
        field_column(inputs, MitigationVariant, "name", part="variant", title=tr("Variant"), width=24),
        field_column(inputs, Standing, "status", part="standing", creates=_adds_standing),
        figure_column(
            "plan",
            tr("Plan"),
            right=False,
            width=9,
            text=_plan_text,
            tone=_plan_tone,
            help=tr("Whether the current plan does it."),
        ),
        figure_column("rank", tr("Priority"), width=6, help=tr("Place in the current plan; 1 is first.")),
        figure_column(
            "gain",
            tr("Gain in plan"),
            text=_share,
            help=tr("How much worse the plan's weighted residual would be without it, as a share of today's."),
        ),
        figure_column(
            "alone",
            tr("Gain alone"),
            text=_share,
            help=tr(
                "What it takes off today's weighted residual on its own: the mitigation's best variant, or its own."
            ),
        ),
        figure_column("lock", tr("Lock"), right=False, width=7, text=_lock_text),
        field_column(inputs, Mitigation, "kind", width=16),
        field_column(inputs, Mitigation, "family", width=14),
        *(_effort_column(inputs, team) for team in inputs().rows(Team)),
        field_column(inputs, MitigationVariant, "waiting_days", part="variant"),
        field_column(inputs, MitigationVariant, "earliest_start", part="variant", hidden=True),
        field_column(inputs, MitigationVariant, "verified_by", part="variant", width=12),
        figure_column("needs", tr("Needs"), right=False, width=12),
        figure_column("excludes", tr("Excludes"), right=False, width=12),
        field_column(inputs, SideEffect, "false_refusal", part="side_effect", width=18, creates=_adds_side_effect),
        field_column(inputs, SideEffect, "latency_ms", part="side_effect", creates=_adds_side_effect, hidden=True),
        field_column(inputs, Mitigation, "owner"),
        field_column(inputs, Standing, "started", part="standing", creates=_adds_standing, hidden=True),
        field_column(inputs, Standing, "finished", part="standing", creates=_adds_standing, hidden=True),
        field_column(inputs, Standing, "remaining_days", part="standing", creates=_adds_standing, hidden=True),
        field_column(inputs, Mitigation, "description", hidden=True),
        field_column(inputs, Standing, "note", part="standing", creates=_adds_standing, hidden=True),
        figure_column("effects", tr("Effects"), width=7, help=tr("How many effects it has in this launch.")),
    ]
