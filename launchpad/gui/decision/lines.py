"""The lists of the decision screen, and how its pages are put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from launchpad.edits.signatures import WITHOUT_A_KEY
from launchpad.gui import theme
from launchpad.gui.decision.numbers import Line, tr
from launchpad.gui.pieces import column, label, row
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.words import translate

RECORD = int(Qt.ItemDataRole.UserRole)


class Lines(QTreeWidget):
    """A list of lines of words, coloured in the column of their state; what is chosen is told as `table code`."""

    def __init__(self, name: str, titles: Sequence[str], widths: Sequence[int], state: int = 1) -> None:
        super().__init__()
        self._state = state
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHeaderLabels(list(titles))
        for place, width in enumerate(widths):
            self.setColumnWidth(place, width)
        self.whole = label("", tone="muted", wrap=True)
        self.currentItemChanged.connect(self._tell)

    def _tell(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None = None) -> None:
        """Say below the list what its cells have no room for."""
        cells = [] if item is None else [item.text(place) for place in range(self.columnCount())]
        self.whole.setText("  \N{MIDDLE DOT}  ".join(cell for cell in cells if cell))

    def fill(self, lines: Iterable[Line]) -> None:
        """Show these lines, and choose the one that was chosen before."""
        before = self.chosen
        self.clear()
        for line in lines:
            item = QTreeWidgetItem(list(line.cells))
            item.setData(0, RECORD, line.record)
            for place, words in enumerate(line.cells):
                item.setToolTip(place, plain_tip(words))
            if line.tone is not None:
                item.setForeground(self._state, QColor(theme.colour(line.tone)))
            self.addTopLevelItem(item)
            if line.record == before:
                self.setCurrentItem(item)

    def choose(self, record: str) -> bool:
        """Choose the line about a record; whether there is one."""
        items = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        found = next((item for item in items if item is not None and item.data(0, RECORD) == record), None)
        if found is not None:
            self.setCurrentItem(found)
        return found is not None

    @property
    def chosen(self) -> str:
        """The record of the chosen line as `table code`; empty when none is."""
        item = self.currentItem()
        return "" if item is None else str(item.data(0, RECORD))

    @property
    def code(self) -> str:
        """The code of the chosen record."""
        return self.chosen.partition(" ")[2]


def page(main: QWidget, *tools: QWidget) -> QWidget:
    """A page of one list or text, its tools above and what the chosen line says in full below."""
    made = QWidget()
    inner = column(*([row(*tools, 1, gap=GAP)] if tools else []), main, gap=TIGHT)
    inner.setStretch(inner.count() - 1, 1)
    if isinstance(main, Lines):
        inner.addWidget(main.whole)
    inner.setContentsMargins(0, TIGHT, 0, 0)
    made.setLayout(inner)
    return made


def halves(upper: QWidget, between: QWidget, lower: QWidget) -> QWidget:
    """Two lists, one below the other."""
    made = QWidget()
    inner = column(upper, between, lower, gap=TIGHT)
    inner.setStretch(0, 1)
    inner.setStretch(2, 1)
    inner.setContentsMargins(0, TIGHT, 0, 0)
    made.setLayout(inner)
    return made


def between() -> QWidget:
    """What stands between signatures and what changed since."""
    worth = label(translate("records", WITHOUT_A_KEY), "small", tone="muted", wrap=True)
    made = QWidget()
    made.setLayout(column(worth, label(tr("What changed since"), "strong"), gap=TIGHT))
    return made


def gate_titles() -> tuple[str, ...]:
    """The columns of gates."""
    return (tr("Gate"), tr("State"), tr("Held to be"), tr("Waiver"), tr("Why"))


def condition_titles() -> tuple[str, ...]:
    """The columns of conditions."""
    return (tr("Condition"), tr("Owner"), tr("Due"), tr("Status"), tr("Shown by"))


def signature_titles() -> tuple[str, ...]:
    """The columns of signatures."""
    return (tr("Signature"), tr("Person"), tr("Role"), tr("When"), tr("Key"), tr("Holds"), tr("Why"))


def since_titles() -> tuple[str, ...]:
    """The columns of what changed since a signature."""
    return (tr("Where"), tr("Record"), tr("What"), tr("Before"), tr("After"))


def forecast_titles() -> tuple[str, ...]:
    """The columns of forecasts."""
    return (tr("Question"), tr("Settles"), tr("Answered"), tr("Silent"), tr("Mean"), tr("Happened"), tr("Brier"))
