"""The block "After the launch": triggers that were reached, then scenarios that surprise, then how the rest stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.overview.entry import Entry
from launchpad.gui.overview.numbers import AS_EXPECTED, has_aftermath, surprising
from launchpad.gui.pieces import button, cleared, column, icon_label, label, row
from launchpad.gui.theme import TIGHT, WIDE
from launchpad.records import Incident, Trigger

if TYPE_CHECKING:
    from launchpad.errors import LaunchpadError
    from launchpad.gui.jobs import Progress
    from launchpad.results import Aftermath, Results
    from launchpad.results.aftermath import ScenarioAfter, TriggerRow

LISTED = 5
INDENT = 24


class AfterBlock(QFrame):
    """Hidden for a launch that is still to come and follows none that anything came in about.

    `tables` asks for the screen of all tables.
    """

    tables = Signal()

    def __init__(self, document: Document, seek: Callable[[str], None]) -> None:
        super().__init__()
        self._document, self._seek = document, seek
        self._for: Results | None = None
        self.found: Aftermath | None = None
        self.setProperty("part", "card")
        self.setAccessibleName(self.tr("After the launch"))
        self._listed = QVBoxLayout()
        self._listed.setSpacing(TIGHT)
        self._days = label("", "small", tone="muted", wrap=True)
        heading = label(self.tr("After the launch"), "heading")
        self._actions = self._buttons()
        self.setLayout(column(heading, self._days, self._listed, self._actions, gap=TIGHT + 2, margin=WIDE - 4))
        self.hide()

    def _buttons(self) -> QWidget:
        made = QWidget()
        add = button(self.tr("Add an incident …"), self._add, part="link")
        made.setLayout(row(add, button(self.tr("All incidents"), self._all, part="link"), 1))
        return made

    def _add(self) -> None:
        AddForm(self._document, Incident, parent=self).exec()

    def _all(self) -> None:
        """Show the newest incident in its table, or where that table is while there is none."""
        known = sorted(self._document.rows(Incident), key=lambda row: (row.happened, row.code))
        if known:
            self._document.sought.emit(known[-1])
        else:
            self.tables.emit()

    def refresh(self) -> None:
        """Show what came in, worked out in the background for results that are new."""
        launch, results = self._document.launch, self._document.results
        if launch is None or not has_aftermath(self._document.inputs, launch):
            self.found = None
            self.hide()
            return
        self.show()
        if results is None or results is self._for:
            return
        self._for = results
        inputs = self._document.inputs

        def work(_progress: Progress) -> object:
            from launchpad.results import aftermath

            return aftermath(inputs, results)

        self._document.begin(self.tr("Holding incidents against the prediction"), work, self._show, self._fail)

    def _fail(self, error: LaunchpadError) -> None:
        """Say why nothing can be held against anything, such as a launch before that cannot be scored."""
        cleared(self._listed)
        self._say(str(error))

    def _show(self, found: Aftermath) -> None:
        if self._document.results is not self._for:
            return
        self.found = found
        cleared(self._listed)
        self._actions.setVisible(found.out)
        if found.out:
            self._days.setText(self.tr("{0} days of the horizon, as of {1}").format(found.days, words.day(found.as_of)))
        else:
            self._days.setText(self.tr("Not out yet, as of {0}").format(words.day(found.as_of)))
        for trigger in found.reached:
            self._listed.addWidget(self._trigger(trigger))
            below = row(self._decided(trigger), 1)
            below.setContentsMargins(INDENT, 0, 0, 0)
            self._listed.addLayout(below)
        if found.out:
            self._list(found.scenarios)
            waiting = len(found.triggers) - len(found.reached)
            if waiting:
                self._say(self.tr("Triggers not reached: {0}").format(waiting))
        if found.baseline is not None and found.before:
            title = self.tr("The launch before, {0}, over {1} days").format(found.baseline, found.days_before)
            self._listed.addWidget(label(title, "strong", wrap=True))
            self._list(found.before)

    def _list(self, rows: Sequence[ScenarioAfter]) -> None:
        odd = surprising(rows)
        for scenario in odd[:LISTED]:
            self._listed.addWidget(self._scenario(scenario))
        if len(odd) > LISTED:
            self._say(self.tr("and {0} more").format(len(odd) - LISTED))
        fewer = sum(row.verdict == "fewer than expected" and row not in odd for row in rows)
        calm = len(rows) - len(odd) - fewer
        if calm:
            self._say(self.tr("{0} scenarios as expected, or too early to say").format(calm))
        if fewer:
            self._say(self.tr("{0} with fewer reports than expected; reports are a lower bound").format(fewer))

    def _say(self, text: str) -> None:
        self._listed.addWidget(label(text, "small", tone="muted", wrap=True))

    def _trigger(self, trigger: TriggerRow) -> QPushButton:
        below = self.tr("{0}. The gate is open again until somebody decides.").format(trigger.words)
        return Entry(
            icon_label("notmet", "bad"),
            self.tr("{0} opened {1} again").format(trigger.code, trigger.gate),
            label(self.tr("reached"), "strong", tone="bad"),
            below,
            lambda: self._seek(f"trigger {trigger.code}"),
        )

    def _decided(self, trigger: TriggerRow) -> QPushButton:
        made = button(self.tr("Decided …"), lambda: self._decide(trigger), part="link")
        made.setAccessibleName(self.tr("Decided on {0}").format(trigger.code))
        return made

    def _decide(self, trigger: TriggerRow) -> None:
        """Ask why what reached a trigger needs nothing more, and say so."""
        from launchpad.edits.aftermath import decide
        from launchpad.gui.asking import DecisionQuestion

        found = self._document.named(f"trigger {trigger.code}")
        if not isinstance(found, Trigger) or self.found is None:
            return
        asked = DecisionQuestion(trigger.code, trigger.gate, words.day(self.found.as_of), self)
        if asked.exec():
            reason = asked.reason.text().strip()
            title = self.tr("Decide on {0}").format(trigger.code)
            self._document.act(lambda: decide(self._document.inputs, found), title, reason=reason)

    def _scenario(self, scenario: ScenarioAfter) -> QPushButton:
        said = [self._events(scenario), *self._through(scenario), *self._monitored(scenario)]
        calm = scenario.verdict in AS_EXPECTED and scenario.rate is not None and scenario.rate.verdict is not None
        told = scenario.rate.verdict if calm and scenario.rate is not None else scenario.verdict
        verdict = label(words.translate("after", str(told)), tone="warn")
        code = scenario.now or scenario.code
        return Entry(
            icon_label("warning", "warn"),
            f"{scenario.code}  {scenario.name}",
            verdict,
            "; ".join(said),
            lambda: self._seek(f"scenario {code}"),
        )

    def _events(self, scenario: ScenarioAfter) -> str:
        if scenario.expected is None:
            return self.tr("{0} events seen; it has no exposure, so none were predicted").format(scenario.seen)
        return self.tr("{0} events seen, {1} expected by now (nine times in ten {2}{3}{4})").format(
            words.number(scenario.seen),
            words.number(scenario.expected),
            words.number(scenario.low),
            words.DASH,
            words.number(scenario.high),
        )

    def _through(self, scenario: ScenarioAfter) -> list[str]:
        """The mitigation meant to stop it that was on in most of its events, and how many more there are."""
        if not scenario.through:
            return []
        first, *rest = scenario.through
        more = self.tr(" and {0} more").format(len(rest)) if rest else ""
        return [
            self.tr("{0}{1}, meant to stop it, on in {2} of them").format(
                first.variant, more, words.number(first.events)
            )
        ]

    def _monitored(self, scenario: ScenarioAfter) -> list[str]:
        rate = scenario.rate
        if rate is None or rate.predicted is None or rate.verdict is None:
            return []
        seen = f"{words.percent(rate.observed)} ({words.percent(rate.low)}{words.DASH}{words.percent(rate.high)})"
        verdict = words.translate("after", rate.verdict)
        return [self.tr("in monitoring {0}, {1} predicted: {2}").format(seen, words.percent(rate.predicted), verdict)]
