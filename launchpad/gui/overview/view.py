"""The overview screen: four figures, risk left, gates, first actions, news and warnings, each leading on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.header import days_left
from launchpad.gui.overview.after import AfterBlock
from launchpad.gui.overview.drawing import LevelsChart
from launchpad.gui.overview.entry import Entry
from launchpad.gui.overview.numbers import (
    BAD,
    GOOD,
    Action,
    cut,
    first_actions,
    limit,
    news,
    reputational,
    technical,
    verdict_counts,
)
from launchpad.gui.pieces import (
    LabelTone,
    button,
    card,
    cleared,
    column,
    empty,
    icon_label,
    label,
    scrolled,
    toned,
)
from launchpad.gui.screen import Screen
from launchpad.gui.theme import GAP, TIGHT, WIDE
from launchpad.records import Launch, ProjectInfo
from launchpad.records.links import STANDINGS

if TYPE_CHECKING:
    from launchpad.results import Results
    from launchpad.scoring.gates import Verdict

LISTED = 6


class OverviewScreen(Screen):
    """Everything on it leads to the thing it names."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Overview"))
        self.figures = {name: Figure() for name in ("time", "gates", "risk", "assumed")}
        self.technical = LevelsChart(self.tr("Technical risk"))
        self.reputational = LevelsChart(self.tr("Reputational risk"))
        self._unit = label("", "small", tone="muted", wrap=True)
        self._lists = {name: QVBoxLayout() for name in ("gates", "actions", "news", "warnings")}
        for listed in self._lists.values():
            listed.setSpacing(TIGHT)
        self.after = AfterBlock(document, self._seek)
        self.after.tables.connect(lambda: self._seek_table("incident"))
        self._pages = QStackedWidget()
        self._pages.addWidget(scrolled(self._whole(), self.tr("Overview")))
        self._pages.addWidget(self._nothing())
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._pages)

    def _whole(self) -> QWidget:
        titles = {
            "time": self.tr("Time"),
            "gates": self.tr("Gates"),
            "risk": self.tr("Technical risk"),
            "assumed": self.tr("Rests on assumptions"),
        }
        grid = QGridLayout()
        grid.setSpacing(GAP + 4)
        grid.setContentsMargins(WIDE, WIDE - 4, WIDE, WIDE)
        for place, (name, title) in enumerate(titles.items()):
            grid.addWidget(card(title, self.figures[name]), 0, place)
            grid.setColumnStretch(place, 1)
        risk = card(
            self.tr("Risk left"),
            label(self.tr("Technical, expected harm over the horizon"), tone="muted"),
            self.technical,
            label(self.tr("Reputational"), tone="muted"),
            self.reputational,
            self._unit,
        )
        left = column(risk, card(self.tr("Do first"), self._lists["actions"]), 1, gap=GAP + 4)
        right = column(
            self.after,
            card(self.tr("Gates"), self._lists["gates"]),
            card(self.tr("To look at"), self._lists["warnings"]),
            card(self.tr("New since your last visit"), self._lists["news"]),
            1,
            gap=GAP + 4,
        )
        grid.addLayout(left, 1, 0, 1, 2)
        grid.addLayout(right, 1, 2, 1, 2)
        grid.setRowStretch(1, 1)
        made = QWidget()
        made.setLayout(grid)
        return made

    def _nothing(self) -> QWidget:
        return empty(
            self.tr("No launch yet"),
            self.tr("A launch is a model going out: its name, its date, and a scenario for each risk area."),
            button(self.tr("New &launch …"), lambda: self.acted.emit("launch"), part="main"),
            icon="overview",
        )

    def refresh(self) -> None:
        """Show where the launch stands now."""
        launch = self.document.launch
        self._pages.setCurrentIndex(0 if launch is not None else 1)
        if launch is None:
            return
        self._show_time(launch)
        self._show_actions()
        self._show_news()
        self._show_results(self.document.results)
        self.after.refresh()

    def _show_time(self, launch: Launch) -> None:
        left = days_left(launch, date.today())  # noqa: DTZ011 - the person's own calendar
        freeze = (date.fromisoformat(launch.freeze_date) - date.today()).days  # noqa: DTZ011 - as above
        until = self.tr("{0} to the freeze").format(freeze) if freeze >= 0 else self.tr("after the freeze")
        seen = self.tr("figures as of {0}").format(words.day(launch.as_of))
        self.figures["time"].show_figure(self.tr("{0} days").format(left), f"{until} · {seen}", None)

    def _show_results(self, results: Results | None) -> None:
        stale = self.document.stale
        if results is None:
            for name in ("gates", "risk", "assumed"):
                self.figures[name].show_figure("…", self.tr("computing"), "muted")
            return
        met, unsettled, failed = verdict_counts(results)
        count = len(results.gates)
        self.figures["gates"].show_figure(
            self.tr("{0} of {1} met").format(met, count) if count else self.tr("none set"),
            self.tr("{0} not met · {1} unsettled").format(failed, unsettled) if count else "",
            "muted" if stale else "bad" if failed else "warn" if unsettled else "good" if count else None,
        )
        levels = technical(results)
        self._show_risk(results, stale=stale)
        share = results.assumed_share
        self.figures["assumed"].show_figure(
            words.percent(share), self.tr("of today's technical risk"), "muted" if stale else None
        )
        self.technical.show_levels(levels, limit(results), stale=stale)
        self.reputational.show_levels(reputational(results), None, stale=stale)
        project = self.document.inputs.rows(ProjectInfo)
        unit = project[0].harm_unit if project else ""
        spans = self.tr("One unit is {0}. In brackets: the span from safeguards failing apart to all together.")
        self._unit.setText(spans.format(unit))
        self._show_gates(results)
        self._show_warnings(results)

    def _show_risk(self, results: Results, *, stale: bool) -> None:
        levels = technical(results)
        saved = cut(levels)
        now = next((level.value for level in levels if level.state == "current"), None)
        allowed = limit(results)
        if saved is None:
            figure, below = words.number(now), self.tr("today; no plan yet")
        else:
            figure = f"{words.MINUS}{words.percent(saved)}"
            below = self.tr("by the plan, from {0} today").format(words.number(now))
        over = allowed is not None and now is not None and now > allowed
        tone: LabelTone | None = "muted" if stale else "bad" if over and saved is None else None
        self.figures["risk"].show_figure(figure, below, tone)

    def _show_gates(self, results: Results) -> None:
        listed = self._lists["gates"]
        cleared(listed)
        order = {"bad": 0, "open": 1, "good": 2}
        for gate in sorted(results.gates, key=lambda gate: order[_side(gate.verdict)]):
            listed.addWidget(self._gate(gate))
        if not results.gates:
            words_ = self.tr("No gate is set. A gate is a rule, fixed before the results, that this launch must meet.")
            listed.addWidget(label(words_, tone="muted", wrap=True))
            listed.addWidget(button(self.tr("Set gates"), lambda: self._seek_table("gate"), part="link"))

    def _gate(self, gate: Verdict) -> QPushButton:
        side = _side(gate.verdict)
        icons = {"good": "met", "bad": "notmet", "open": "inconclusive"}
        tones: dict[str, LabelTone] = {"good": "good", "bad": "bad", "open": "warn"}
        verdict = label(words.translate("gates", gate.verdict), "strong", tone=tones[side])
        needed = (
            ""
            if gate.n_needed is None
            else self.tr(" {0} samples would settle it.").format(words.number(gate.n_needed))
        )
        target = gate.worst or f"gate {gate.code}"
        return Entry(
            icon_label(icons[side], tones[side]),
            f"{gate.code}  {gate.name}",
            verdict,
            f"{gate.reason}{needed}",
            lambda: self._seek(target),
        )

    def _show_actions(self) -> None:
        listed, plan = self._lists["actions"], self.document.plan
        cleared(listed)
        if plan is None:
            listed.addWidget(label(self.tr("Make a plan to see what comes first."), tone="muted", wrap=True))
            listed.addWidget(button(self.tr("Make plan …"), lambda: self.acted.emit("plan"), part="link"))
            return
        actions = first_actions(self.document.inputs, plan, LISTED)
        for action in actions:
            listed.addWidget(self._action(action))
        if not actions:
            listed.addWidget(label(self.tr("Everything in the plan is done."), tone="muted"))

    def _action(self, action: Action) -> QPushButton:
        status = label(words.translate("records", STANDINGS[action.status]), tone="muted")
        when = f"{words.day(action.item.start)} {words.DASH} {words.day(action.item.finish)}"
        number = label("" if action.rank is None else str(action.rank), "heading")
        number.setFixedWidth(22)
        number.setAlignment(Qt.AlignmentFlag.AlignTop)
        below = f"{action.who} · {when}" if action.who else when
        return Entry(number, action.name, status, below, lambda: self.document.sought.emit(action.item))

    def _show_news(self) -> None:
        listed = self._lists["news"]
        cleared(listed)
        found = news(self.document.since_last_visit(), LISTED - 2)
        if not found.count:
            listed.addWidget(label(self.tr("Nothing has changed."), tone="muted"))
            return
        count = self.tr("{0} edits by {1}").format(found.count, ", ".join(found.authors))
        listed.addWidget(label(count, "strong", wrap=True))
        for edit in found.newest:
            listed.addWidget(label(f"{words.moment(edit.at)}  {edit.label}", tone="muted", wrap=True))
        listed.addWidget(button(self.tr("Open history"), lambda: self.acted.emit("show history"), part="link"))

    def _show_warnings(self, results: Results) -> None:
        listed = self._lists["warnings"]
        cleared(listed)
        for warning in results.told[:LISTED]:
            first = warning.records[0]
            record = first.partition(" ")[2] or first if len(warning.records) == 1 else warning.who
            listed.addWidget(
                Entry(
                    icon_label("warning", "warn"),
                    record,
                    None,
                    warning.message,
                    lambda name=first: self._seek(name),
                )
            )
        rest = len(results.told) - LISTED
        if rest > 0:
            listed.addWidget(label(self.tr("and {0} more").format(rest), tone="muted"))
        if not results.warnings:
            listed.addWidget(label(self.tr("Nothing."), tone="muted"))

    def _seek(self, named: str) -> None:
        record = self.document.named(named)
        if record is not None:
            self.document.sought.emit(record)

    def _seek_table(self, table: str) -> None:
        self.acted.emit("show tables")


def _side(verdict: str) -> str:
    return "good" if verdict in GOOD else "bad" if verdict in BAD else "open"


class Figure(QWidget):
    """A large figure and a line below it."""

    def __init__(self) -> None:
        super().__init__()
        self._figure = label("", "figure")
        self._below = label("", "small", tone="muted", wrap=True)
        self.setLayout(column(self._figure, self._below, 1, gap=2))

    def show_figure(self, figure: str, below: str, tone: LabelTone | None) -> None:
        """Show another figure."""
        self._figure.setText(figure)
        self._below.setText(below)
        toned(self._figure, tone)
