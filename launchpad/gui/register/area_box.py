"""A list from which one risk area is chosen: typing any part of a code or name narrows it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QSizePolicy, QWidget

from launchpad.records import Inputs, RiskArea

LETTERS = 24


class AreaBox(QComboBox):
    """The areas in use; `nothing` are words for choosing none, left out where one must be chosen."""

    def __init__(
        self,
        inputs: Inputs,
        name: str,
        nothing: str | None = None,
        without: Collection[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LETTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(16)
        if nothing is not None:
            self.addItem(nothing, None)
        for area in inputs.rows(RiskArea):
            if area.status != "deprecated" and area.id not in without:
                self.addItem(f"{area.code}  {area.name}", area.id)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        line = self.lineEdit()
        if line is not None:
            line.setAccessibleName(name)
            line.editingFinished.connect(self._settle)

    def choose(self, key: int | None) -> None:
        """Show this area as the chosen one."""
        self.setCurrentIndex(self.findData(key))

    def key(self) -> int | None:
        """The row id of the chosen area; None for none, and for words that are no area."""
        place = self.findText(self.currentText())
        found = self.itemData(place) if place >= 0 else None
        return int(found) if found is not None else None

    def settled(self) -> bool:
        """Whether what stands there is one of the choices."""
        return self.findText(self.currentText()) >= 0

    def _settle(self) -> None:
        """Take over a code that was typed without its name."""
        typed = self.currentText().strip().casefold()
        for place in range(self.count()):
            if self.itemText(place).casefold().partition("  ")[0] == typed:
                self.setCurrentIndex(place)
                return
