"""The columns of the workplan's tables: the work, what was left out, and locks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from launchpad.gui.columns import Addition, Column, Row, field_column, figure_column, share_column
from launchpad.gui.theme import Tone
from launchpad.records import Inputs, LeftOut, Lock, Mitigation, MitigationVariant, PlanItem, Standing

Source = Callable[[], Inputs]


def tr(text: str) -> str:
    """Words of the workplan screen in the person's language."""
    return QCoreApplication.translate("workplan", text)


def _adds_standing(row: Row) -> Addition | None:
    variant = row.parts.get("variant")
    return (Standing, {"variant": variant.code}) if isinstance(variant, MitigationVariant) else None


def _readiness(row: Row) -> Tone | None:
    item = row.parts["item"]
    likely = item.p_ready if isinstance(item, PlanItem) else None
    return "warn" if likely is not None and likely < 0.8 else None


def work_columns(inputs: Source) -> list[Column]:
    """The work in order of priority; status, dates and notes are edited in place."""

    def item(name: str, **options: object) -> Column:
        return field_column(inputs, PlanItem, name, part="item", read_only=True, **options)  # pyright: ignore[reportArgumentType] - passed on as given

    def standing(name: str, *, hidden: bool = False) -> Column:
        return field_column(inputs, Standing, name, part="standing", creates=_adds_standing, hidden=hidden)

    ready = share_column(
        "p_ready",
        tr("Ready"),
        "item",
        help=tr("Chance that it is finished by the freeze, given how unsure the effort is."),
        tone=_readiness,
    )
    return [
        item("rank", title=tr("Priority"), width=7),
        figure_column("code", tr("Code"), right=False, width=13),
        figure_column("name", tr("What is done"), right=False, width=44),
        figure_column("teams", tr("Team and days"), right=False, width=26),
        item("start", width=12),
        item("finish", width=12),
        ready,
        share_column(
            "gain",
            tr("Gain"),
            "item",
            help=tr("How much worse the weighted residual would be without it, as a share of today's."),
        ),
        item("gain_per_day", hidden=True),
        standing("status"),
        field_column(inputs, Mitigation, "owner", width=8),
        standing("note"),
        standing("remaining_days", hidden=True),
        standing("actual_days", hidden=True),
        item("reason", width=24),
    ]


def left_out_columns(inputs: Source) -> list[Column]:
    """What the plan leaves out, why, and what it would push aside."""
    return [
        field_column(inputs, Mitigation, "code", width=8, read_only=True),
        field_column(inputs, Mitigation, "name", width=34, read_only=True),
        field_column(inputs, LeftOut, "loss", read_only=True),
        field_column(inputs, LeftOut, "displaces", width=20, read_only=True),
        field_column(inputs, LeftOut, "reason", width=60, read_only=True),
    ]


def lock_columns(inputs: Source) -> list[Column]:
    """What must or must never be in a plan."""
    return [
        field_column(inputs, Mitigation, "code", width=8, read_only=True),
        field_column(inputs, Mitigation, "name", width=34, read_only=True),
        field_column(inputs, Lock, "kind", width=18),
        field_column(inputs, Lock, "variant", width=16),
        field_column(inputs, Lock, "reason", width=40),
    ]
