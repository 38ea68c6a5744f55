"""The tab with technical against reputational risk, before and after, beside why the chosen figure is what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSplitter, QWidget

from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.pieces import column, label, row
from launchpad.gui.theme import TIGHT
from launchpad.gui.tradeoffs.chart import CloudChart
from launchpad.gui.tradeoffs.cloud import comparisons, mitigations, scenarios, state_words
from launchpad.gui.tradeoffs.page import Page
from launchpad.gui.tradeoffs.why import WhyPanel

Choice = tuple[str, str]
MITIGATIONS: Choice = ("", "")


class BeforeAfterPage(Page):
    """Scenarios in two states, or what each mitigation takes away."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.choices = QComboBox()
        self.choices.setAccessibleName(self.tr("What the chart shows"))
        self.choices.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choices.activated.connect(self.fill)
        self.chart = CloudChart(self.tr("Technical against reputational risk"))
        self.chart.chosen.connect(self._explain)
        self.chart.opened.connect(self._open)
        self.legend = label("", "small", tone="muted", wrap=True)
        self.aside = label("", "small", tone="muted", wrap=True)
        self.why = WhyPanel(document)
        title = label(self.tr("&Show"))
        title.setBuddy(self.choices)
        left = QWidget()
        top = row(title, self.choices, 1)
        inner = column(top, gap=TIGHT)
        inner.addWidget(self.chart, 1)
        inner.addWidget(self.legend)
        inner.addWidget(self.aside)
        left.setLayout(inner)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.why)
        split.setSizes([690, 400])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split))

    def fill(self) -> None:
        """Show the chart of the comparison that is chosen."""
        study = self.study
        if study is None:
            return
        self._fill_choices()
        before, after = self.choice
        cloud = mitigations(study) if (before, after) == MITIGATIONS else scenarios(study, before, after)
        self.chart.show_cloud(cloud, stale=self.stale)
        self.legend.setText(cloud.legend)
        apart = sum(1 for one in study.results.scenarios if one.catastrophic)
        said = self.tr("{0} catastrophic scenarios are in no sum and not shown: limits on their events judge them.")
        self.aside.setText(said.format(apart))
        self.aside.setVisible(apart > 0 and (before, after) != MITIGATIONS)
        self._explain(self.chart.code)

    @property
    def choice(self) -> Choice:
        """The two states that are compared; two empty words for mitigations."""
        found = self.choices.currentData()
        return MITIGATIONS if found is None else (str(found[0]), str(found[1]))

    def _fill_choices(self) -> None:
        if self.study is None:
            return
        states = state_words()
        wanted = [
            (self.tr("Scenarios: {0} → {1}").format(states[one], states[other]), (one, other))
            for one, other in comparisons(self.study)
        ]
        wanted.append((self.tr("Mitigations: what each takes away"), MITIGATIONS))
        if [self.choices.itemText(at) for at in range(self.choices.count())] == [text for text, _ in wanted]:
            return
        self.choices.clear()
        for text, data in wanted:
            self.choices.addItem(text, data)

    def _explain(self, code: str | None) -> None:
        self.why.show_code(self.study, code)

    def _open(self, code: str) -> None:
        self.seek(code, "mitigation" if self.choice == MITIGATIONS else "scenario")

    def picture(self) -> Picture:
        """The chart as it is shown."""
        return self.chart.picture(self.choices.currentText())

    def reveal(self, code: str) -> bool:
        """Choose a dot."""
        return self.chart.choose(code)
