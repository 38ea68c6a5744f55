"""The columns of the workplan's tables: the work, what was left out, and locks."""

from __future__ import annotations

from collections.abc import Callable

from launchpad.gui.columns import Addition, Column, Row, field_column, figure_column, share_column
from launchpad.gui.theme import Tone
from launchpad.gui.words import Cell
from launchpad.gui.workplan.numbers import core_words, tr
from launchpad.records import Inputs, LeftOut, Lock, Mitigation, MitigationVariant, PlanItem, Standing

Source = Callable[[], Inputs]


def _adds_standing(row: Row) -> Addition | None:
    variant = row.parts.get("variant")
    return (Standing, {"variant": variant.code}) if isinstance(variant, MitigationVariant) else None


def _readiness(row: Row) -> Tone | None:
    item = row.parts["item"]
    likely = item.p_ready if isinstance(item, PlanItem) else None
    return "warn" if likely is not None and likely < 0.8 else None


def _locked(row: Row) -> str | None:
    return "lock" if row.figures.get("lock") else None


def _written(value: Cell) -> str:
    return str(value or "")


def lock_column() -> Column:
    """What a person fixed, in words."""
    return figure_column(
        "lock", tr("Locked"), right=False, width=14, text=_written, help=tr("What a person fixed: see Locks.")
    )


def core_column(part: str) -> Column:
    """How often a near-best plan holds it, with its standard error; sorted by the share."""

    def value(row: Row) -> float | None:
        stored: float | None = getattr(row.parts.get(part), "core_index", None)
        return stored

    def text(row: Row) -> str:
        found = row.parts.get(part)
        return core_words(getattr(found, "core_index", None), getattr(found, "core_error", None))

    return Column(
        key="core",
        title=tr("Core"),
        help=tr("Share of draws of inputs and weights in which a near-best plan holds it, with its standard error."),
        value=value,
        text=text,
        typed=text,
        right=True,
        width=12,
    )


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
        item("rank", title=tr("Priority"), width=6),
        figure_column("code", tr("Code"), right=False, width=13, icon=_locked),
        figure_column("name", tr("What is done"), right=False, width=28),
        item("start", width=13),
        item("finish", width=13),
        standing("status"),
        lock_column(),
        ready,
        item("slack_days", title=tr("Slack"), width=4),
        core_column("item"),
        share_column(
            "gain_per_day",
            tr("Gain a day"),
            "item",
            help=tr(
                "Share of today's weighted risk taken away by a scarce day of its teams: what the priority follows."
            ),
        ),
        share_column(
            "gain",
            tr("Gain"),
            "item",
            help=tr("How much worse the weighted residual would be without it, as a share of today's."),
        ),
        figure_column("teams", tr("Team and days"), right=False, width=26),
        standing("started", hidden=True),
        standing("finished", hidden=True),
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
        field_column(inputs, Mitigation, "name", width=26, read_only=True),
        share_column(
            "loss",
            tr("Loss"),
            "left_out",
            help=tr("How much worse the weighted residual would be with it, of today's."),
        ),
        field_column(inputs, LeftOut, "displaces", width=14, read_only=True),
        figure_column(
            "enters",
            tr("Comes in"),
            right=False,
            text=_written,
            width=34,
            help=tr("The smallest changes, each alone, that bring it into the plan."),
        ),
        field_column(inputs, LeftOut, "reason", width=44, read_only=True),
        lock_column(),
        core_column("left_out"),
    ]


def lock_columns(inputs: Source) -> list[Column]:
    """What must or must never be in a plan."""
    return [
        field_column(inputs, Mitigation, "code", width=8, read_only=True),
        field_column(inputs, Mitigation, "name", width=34, read_only=True),
        field_column(inputs, Lock, "kind", width=18),
        field_column(inputs, Lock, "variant", width=16),
        field_column(inputs, Lock, "start", width=12),
        field_column(inputs, Lock, "team", width=10),
        field_column(inputs, Lock, "reason", width=40),
    ]
