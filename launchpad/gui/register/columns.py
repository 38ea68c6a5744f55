"""The columns of the register and of its inspector."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from launchpad.gui import words
from launchpad.gui.columns import Addition, Column, Row, field_column, figure_column
from launchpad.gui.theme import Tone
from launchpad.gui.words import Cell
from launchpad.records import (
    Effect,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Exposure,
    Inputs,
    MitigationVariant,
    Publicity,
    Record,
    Scenario,
    Severity,
    Standing,
)

Source = Callable[[], Inputs]


def tr(text: str) -> str:
    """Words of the register in the person's language."""
    return QCoreApplication.translate("register", text)


def part_of_scenario(record: type[Record]) -> Callable[[Row], Addition | None]:
    """Typing into a missing part adds it to the scenario."""

    def creates(row: Row) -> Addition | None:
        scenario = row.parts.get("scenario")
        return (record, {"scenario": scenario.code}) if isinstance(scenario, Scenario) else None

    return creates


def share(value: Cell) -> str:
    """A share of assumptions as a percentage."""
    return words.percent(value) if isinstance(value, float) else words.NOTHING


def scenario_columns(inputs: Source, stale: Callable[[], bool]) -> list[Column]:
    """The register: the scenario, its figures, then exposure, severity and publicity to edit."""

    def of(
        record: type[Record], name: str, title: str | None = None, *, width: int | None = None, hidden: bool = False
    ) -> Column:
        adds = part_of_scenario(record)
        return field_column(inputs, record, name, title=title, width=width, hidden=hidden, creates=adds)

    return [
        field_column(inputs, Scenario, "code", width=8, read_only=True),
        field_column(inputs, Scenario, "name", width=40),
        *_scenario_figures(stale),
        of(Exposure, "opportunities", width=31),
        of(Exposure, "propensity", title=tr("Stated propensity")),
        of(Severity, "level", title=tr("Severity")),
        of(Severity, "realised", title=tr("Becomes harm")),
        of(Severity, "net_new"),
        of(Publicity, "visible", title=tr("Becomes public")),
        field_column(inputs, Scenario, "owner", width=8),
        field_column(inputs, Scenario, "risk_area", width=10, hidden=True),
        figure_column("area", tr("Area"), right=False, width=24, hidden=True),
        field_column(inputs, Scenario, "surface", hidden=True),
        field_column(inputs, Scenario, "actor", hidden=True),
        field_column(inputs, Scenario, "catastrophic", hidden=True),
        field_column(inputs, Scenario, "pathway", hidden=True),
        field_column(inputs, Scenario, "harm", hidden=True),
        of(Exposure, "unit", hidden=True),
        of(Exposure, "rollout", hidden=True),
        of(Exposure, "basis", title=tr("Basis of exposure"), hidden=True),
        of(Severity, "harm_units", hidden=True),
        of(Severity, "reversibility", hidden=True),
        of(Severity, "vulnerable", hidden=True),
        of(Severity, "basis", title=tr("Basis of severity"), hidden=True),
        of(Publicity, "reach", hidden=True),
        of(Publicity, "salience", hidden=True),
        of(Publicity, "history", title=tr("Earlier incidents"), hidden=True),
        of(Publicity, "promise_gap", hidden=True),
        of(Publicity, "response_readiness", hidden=True),
        of(Publicity, "disclosed", hidden=True),
        of(Publicity, "basis", title=tr("Basis of publicity"), hidden=True),
    ]


def _scenario_figures(stale: Callable[[], bool]) -> list[Column]:
    """What was computed for a scenario, greyed while it is being computed anew."""

    def greyed(_row: Row) -> Tone | None:
        return "muted" if stale() else None

    return [
        figure_column("rank", tr("Rank"), help=tr("1 is the largest technical risk."), width=5, tone=greyed),
        figure_column(
            "technical",
            tr("Technical"),
            help=tr("Expected harm over the horizon as things stand, in the project's unit of harm."),
            tone=greyed,
        ),
        figure_column(
            "reputational",
            tr("Reputation"),
            help=tr("Expected damage to standing from violations that become public."),
            tone=greyed,
        ),
        figure_column(
            "measured",
            tr("Fails now"),
            help=tr("Median chance that an opportunity gets a violating output, from evidence or estimate."),
            tone=greyed,
        ),
        figure_column(
            "known_by",
            tr("Known by"),
            help=tr("Measured, elicited from experts, or assumed; mostly so where its evidence weighs less than that."),
            right=False,
            width=12,
            tone=greyed,
        ),
        figure_column(
            "assumed",
            tr("Assumed"),
            help=tr("How much of this figure rests on assumptions rather than on evidence."),
            text=share,
            tone=greyed,
        ),
    ]


def evidence_columns(inputs: Source) -> list[Column]:
    """The results linked to one scenario; how near each is can be edited."""
    return [
        field_column(inputs, EvalResult, "code", part="result", width=8, read_only=True),
        field_column(inputs, Evaluation, "name", part="evaluation", width=26, read_only=True),
        field_column(inputs, EvalResult, "model", part="result", width=16, read_only=True),
        field_column(inputs, EvalResult, "value", part="result", read_only=True),
        field_column(inputs, EvalResult, "n", part="result", title="n", read_only=True),
        field_column(inputs, EvidenceLink, "role", part="link", width=14),
        field_column(inputs, EvidenceLink, "relevance", part="link"),
        field_column(inputs, EvidenceLink, "snapshot", part="link"),
        field_column(inputs, EvidenceLink, "surface", part="link"),
        field_column(inputs, EvidenceLink, "language", part="link"),
        field_column(inputs, EvidenceLink, "reason", part="link"),
    ]


def effect_columns(inputs: Source) -> list[Column]:
    """What each variant does to one scenario."""
    return [
        field_column(inputs, MitigationVariant, "code", part="variant", width=12, read_only=True),
        field_column(inputs, MitigationVariant, "name", part="variant", width=22, read_only=True),
        field_column(inputs, Standing, "status", part="standing", read_only=True),
        field_column(inputs, Effect, "stage", part="effect"),
        field_column(inputs, Effect, "coverage", part="effect"),
        field_column(inputs, Effect, "intended", part="effect"),
        field_column(inputs, Effect, "degraded", part="effect", hidden=True),
        field_column(inputs, Effect, "variance_frequency", part="effect", hidden=True),
        field_column(inputs, Effect, "variance_days", part="effect", hidden=True),
        field_column(inputs, Effect, "evidence_level", part="effect"),
        field_column(inputs, Effect, "basis", part="effect"),
    ]
