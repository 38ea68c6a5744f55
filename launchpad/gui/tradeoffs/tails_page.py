"""The tab with the exceedance curves, beside what they say about every limit in words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.pieces import LabelTone, button, cleared, column, icon_label, label, row, scrolled, selectable
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.tradeoffs.cloud import state_words
from launchpad.gui.tradeoffs.page import Page
from launchpad.gui.tradeoffs.tails import BAND, TailChart, curves, sentences


class TailsPage(Page):
    """How likely each loss is in every state, and whether that is more than is accepted."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.chart = TailChart(self.tr("Chance of losing more than an amount"))
        self._said = QVBoxLayout()
        self._said.setSpacing(GAP)
        side = QWidget()
        side.setLayout(column(self._said, 1, margin=TIGHT))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.chart)
        split.addWidget(scrolled(side, self.tr("In words")))
        split.setSizes([740, 350])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split))

    def fill(self) -> None:
        """Show the curves of the study."""
        study = self.study
        if study is None:
            return
        found = curves(study)
        days = study.results.launch.horizon_days
        every = [text for limit in found.limits for text, _ in sentences(limit, days)]
        self.chart.show_curves(found, stale=self.drawn_stale, said=" ".join(every))
        cleared(self._said)
        if study.tails is None:
            self._said.addWidget(label(self.tr("Drawing losses …"), tone="muted"))
            return
        for limit in found.limits:
            self._said.addWidget(label(f"{limit.code}  {limit.name}", "heading", wrap=True))
            for text, within in sentences(limit, days):
                self._add_sentence(text, within)
        if not found.limits:
            self._say_no_limit()
        self._add_bad_ends()

    def _add_sentence(self, text: str, within: bool | None) -> None:
        tones: dict[bool | None, tuple[str, LabelTone]] = {
            True: ("met", "good"),
            False: ("notmet", "bad"),
            None: ("inconclusive", "warn"),
        }
        icon, tone = tones[within]
        mark = icon_label(icon, tone)
        line = row(mark, selectable(label(text, wrap=True)))
        line.setStretch(1, 1)
        line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        self._said.addLayout(line)

    def _say_no_limit(self) -> None:
        text = self.tr(
            "No limit is set on the technical loss of the whole launch. A limit with an accepted chance says "
        )
        text += self.tr("what may be lost, and how often at most.")
        self._said.addWidget(label(text, tone="muted", wrap=True))
        self._said.addWidget(button(self.tr("Set a &limit"), lambda: self.acted.emit("table tolerance"), part="link"))

    def _add_bad_ends(self) -> None:
        """The mean of the worst twentieth of draws in each state, at the usual overlap."""
        if self.study is None:
            return
        self._said.addWidget(label(self.tr("The worst 5 of 100"), "heading"))
        for state, total in self.study.results.totals.items():
            if total is None or total.cvar95 is None:
                continue
            sure = words.number(BAND * (total.cvar95_error or 0.0), 2)
            text = self.tr("{0}: {1} (± {2}) units on average, at the usual overlap").format(
                state_words()[state], words.number(total.cvar95), sure
            )
            self._said.addWidget(label(text, tone="muted", wrap=True))

    def picture(self) -> Picture:
        """The curves as they are shown."""
        return self.chart.picture(self.tr("Chance of losing more than an amount"))
