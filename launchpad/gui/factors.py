"""Why a number is what it is, as a tree: each factor, how it is known, and the record it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from launchpad.gui import theme, words
from launchpad.gui.document import Document
from launchpad.gui.table_model import plain_tip

if TYPE_CHECKING:
    from launchpad.scoring.why import Factor

SOURCE = Qt.ItemDataRole.UserRole


def kind_words(kind: str) -> str:
    """How a number is known, in a word."""
    known = {
        "measured": QCoreApplication.translate("why", "Measured"),
        "elicited": QCoreApplication.translate("why", "Elicited"),
        "assumed": QCoreApplication.translate("why", "Assumed"),
        "stated": QCoreApplication.translate("why", "Stated"),
        "computed": QCoreApplication.translate("why", "Computed"),
    }
    return known.get(kind, kind)


class FactorTree(QTreeWidget):
    """Shows the tree of factors last given to it; Enter or a double-click goes to where a factor comes from."""

    def __init__(self, document: Document, name: str) -> None:
        super().__init__()
        self._document = document
        self.setUniformRowHeights(True)
        self.setAccessibleName(name)
        self.setHeaderLabels(
            [self.tr("Factor"), self.tr("Value"), self.tr("Known by"), self.tr("From"), self.tr("Note")]
        )
        for place, width in enumerate((246, 76, 80, 110)):
            self.setColumnWidth(place, width)
        self.setToolTip(self.tr("Double-click or Enter goes to where a figure comes from."))
        self.itemActivated.connect(self._follow)

    def show_factor(self, factor: Factor | None, otherwise: str = "") -> None:
        """Show why a number is what it is, or these words in its place."""
        self.clear()
        if factor is None:
            item = QTreeWidgetItem([otherwise])
            item.setToolTip(0, plain_tip(otherwise))
            self.addTopLevelItem(item)
            item.setFirstColumnSpanned(True)
            return
        self.addTopLevelItem(item_of(factor))
        self.expandToDepth(1)

    def _follow(self, item: QTreeWidgetItem) -> None:
        record = self._document.named(str(item.data(0, SOURCE) or ""))
        if record is not None:
            self._document.sought.emit(record)


def item_of(factor: Factor) -> QTreeWidgetItem:
    """A factor with its parts below it."""
    source = factor.source.partition(" ")[2]
    made = QTreeWidgetItem([factor.label, words.number(factor.value, 4), kind_words(factor.kind), source, factor.note])
    made.setData(0, SOURCE, factor.source)
    made.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if factor.kind == "assumed":
        made.setForeground(2, theme.colour("warn"))
    tip = "\n".join(part for part in (factor.label, factor.note) if part)
    for place in (0, 4):
        made.setToolTip(place, plain_tip(tip))
    for part in factor.parts:
        made.addChild(item_of(part))
    return made
