"""The tab with both sides of every mitigation: what it takes away, and what it adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.pieces import column, empty, label
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import TIGHT, Tone
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.gui.tradeoffs.numbers import Study
from launchpad.gui.tradeoffs.page import Page
from launchpad.gui.tradeoffs.ranking import row_id
from launchpad.gui.words import Cell
from launchpad.records import MitigationVariant

if TYPE_CHECKING:
    from launchpad.results.ledger import LedgerRow
    from launchpad.scoring.side_effects import Alerts

NEXT_TO_NOTHING = 1e-9


class SidesPage(Page):
    """One line for each variant; what it makes worse is in red with its sign."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.model = TableModel(columns(), parent=self)
        nothing = empty(
            self.tr("No mitigations yet"),
            self.tr("Add mitigations with their effects and side effects; both their sides are then weighed here."),
            icon="mitigations",
        )
        self.pane = TablePane(self.model, self.tr("Both sides"), f"{document.memory}/sides", nothing)
        self.pane.view.tell_opened("variant", document.sought.emit)
        self._said = label("", "small", tone="muted", wrap=True)
        inner = column(self.pane, gap=TIGHT)
        inner.setStretch(0, 1)
        inner.addWidget(self._said)
        self.setLayout(inner)

    def fill(self) -> None:
        """Show the ledger of the study."""
        if self.study is None:
            return
        variants = {row.code: row for row in self.document.inputs.rows(MitigationVariant)}
        self.pane.fill([_row(self.study, one, variants) for one in self.study.ledger])
        against = self.tr("with the plan") if self.study.state == "planned" else self.tr("as things stand")
        said = self.tr("Each against none of its mitigation, all else {0}. What is negative is made worse.")
        self._said.setText(said.format(against))

    def reveal(self, code: str) -> bool:
        """Choose the first variant of a mitigation, or a variant."""
        found = next((one for one in self.model.rows if code in (one.figures["code"], one.figures["of"])), None)
        return found is not None and self.pane.view.choose(found.id)


def _row(study: Study, one: LedgerRow, variants: dict[str, MitigationVariant]) -> Row:
    lost = sum(-change for change in one.capability.values() if change < 0)
    suites = ", ".join(f"{suite} {words.number(change)}" for suite, change in one.capability.items() if change)
    per_day, precision = _alerts(one.alerts)
    return Row(
        row_id(one.variant),
        {"variant": variants.get(one.variant)},
        {
            "code": one.variant,
            "of": one.mitigation,
            "name": study.names.get(one.mitigation, ""),
            "on": one.on,
            "technical": one.technical,
            "harm_stories": one.harm_stories,
            "refusal_stories": one.refusal_stories,
            "reputational": one.reputational,
            "false_refusal": one.false_refusal or None,
            "latency_ms": one.latency_ms or None,
            "capability": lost or None,
            "suites": suites,
            "cost": one.cost or None,
            "alerts": per_day,
            "precision": precision,
        },
    )


def _alerts(alerts: tuple[Alerts, ...]) -> tuple[float | None, float | None]:
    """Alerts a day over all surfaces, and the share of them that is true."""
    per_day = sum(one.per_day for one in alerts)
    if not per_day:
        return None, None
    true = [one.per_day * one.precision for one in alerts if one.precision is not None]
    return per_day, sum(true) / per_day if len(true) == len(alerts) else None


def columns() -> list[Column]:
    """What it takes away first, then what it adds."""
    away = tr("Takes away")
    adds = tr("Adds")
    return [
        figure_column("code", tr("Variant"), right=False, width=12),
        figure_column("name", tr("Mitigation"), right=False, width=26),
        figure_column("on", tr("On"), right=False, width=4, text=_on),
        _signed("technical", tr("Technical"), f"{away}: {tr('expected harm over the horizon, in harm units')}"),
        _signed("harm_stories", tr("Stories of harm"), f"{away}: {tr('reputational risk of violations made public')}"),
        _signed(
            "refusal_stories",
            tr("Stories of refusal"),
            f"{away}: {tr('reputational risk of benign requests turned away; a safeguard that refuses adds to it')}",
        ),
        _signed("reputational", tr("Reputational"), f"{away}: {tr('both kinds of stories together')}"),
        figure_column(
            "false_refusal", tr("+ Refusals"), text=_share, width=8, help=f"{adds}: {tr('on the worst surface')}"
        ),
        figure_column("latency_ms", tr("+ ms"), width=6, help=f"{adds}: {tr('p95 latency on the slowest surface')}"),
        figure_column("capability", tr("Capability lost"), width=9, help=tr("Points over all suites.")),
        figure_column("cost", tr("+ Cost"), width=8, help=f"{adds}: {tr('run cost a month')}"),
        figure_column("alerts", tr("+ Alerts a day"), width=9, help=f"{adds}: {tr('what it raises as a monitor')}"),
        figure_column("precision", tr("True alerts"), text=_share, width=8, help=tr("Share of alerts that are true.")),
        figure_column("suites", tr("Suites"), right=False, width=30, hidden=True),
    ]


def _signed(key: str, title: str, explained: str) -> Column:
    def tone(row: Row) -> Tone | None:
        value = row.figures[key]
        return "bad" if isinstance(value, float) and value < -NEXT_TO_NOTHING else None

    return figure_column(key, title, help=explained, width=10, tone=tone, text=_amount)


def _amount(value: Cell) -> str:
    if not isinstance(value, float):
        return words.NOTHING
    return "0" if abs(value) < NEXT_TO_NOTHING else words.number(value).replace("-", words.MINUS)


def _share(value: Cell) -> str:
    return words.percent(value).replace("-", words.MINUS) if isinstance(value, float) else words.NOTHING


def _on(value: Cell) -> str:
    return tr("yes") if value else ""
