"""The command palette: type a few letters to find any action or record, Enter to go there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from launchpad.gui import words
from launchpad.gui.pieces import label
from launchpad.records import (
    EvalResult,
    Evaluation,
    Gate,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Plan,
    Policy,
    Record,
    RiskArea,
    Scenario,
    Team,
)

SHOWN = 60
FOUND_BY_CODE = (
    RiskArea,
    Scenario,
    Policy,
    Mitigation,
    MitigationVariant,
    Evaluation,
    EvalResult,
    Gate,
    Team,
    Plan,
    Launch,
)


@dataclass(frozen=True)
class Entry:
    """One thing the palette finds: how it is called, what it is, and what choosing it does."""

    name: str
    what: str
    go: Callable[[], object]


def records_of(inputs: Inputs, launch_id: int | None, seek: Callable[[Record], object]) -> list[Entry]:
    """An entry for every record with a code that belongs to this launch or to all."""
    entries: list[Entry] = []
    for record in FOUND_BY_CODE:
        what = words.translate("records", record.label)
        for found in inputs.rows(record, launch_id):
            title = getattr(found, "name", None) or getattr(found, "model", "")
            entries.append(Entry(f"{found.code}  {title}", what, lambda found=found: seek(found)))
    return entries


def matching(entries: Iterable[Entry], typed: str) -> list[Entry]:
    """The entries that hold every typed word, those that begin with the text first; at most SHOWN."""
    parts = typed.casefold().split()
    found = [entry for entry in entries if all(part in f"{entry.name} {entry.what}".casefold() for part in parts)]
    found.sort(key=lambda entry: not entry.name.casefold().startswith(typed.casefold()))
    return found[:SHOWN]


class Palette(QDialog):
    """The dialog; it closes when something was chosen."""

    def __init__(self, entries: list[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setWindowTitle(self.tr("Find actions and records"))
        self._entries = entries
        self._found: list[Entry] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Type an action, a code or a name"))
        self.line.setAccessibleName(self.windowTitle())
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Matches"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QVBoxLayout(self)
        inner.addWidget(self.line)
        inner.addWidget(self.list, 1)
        inner.addWidget(label(self.tr("↑ ↓ to move, Enter to go, Esc to close"), "small", tone="muted"))
        self.resize(560, 380)
        self.line.textChanged.connect(self._search)
        self.line.returnPressed.connect(self._go)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._go)
        self._search("")

    def _search(self, typed: str) -> None:
        self._found = matching(self._entries, typed.strip())
        self.list.clear()
        for entry in self._found:
            self.list.addItem(QListWidgetItem(f"{entry.name}   ·   {entry.what}"))
        self.list.setCurrentRow(0)

    def _go(self) -> None:
        place = self.list.currentRow()
        if 0 <= place < len(self._found):
            self.accept()
            self._found[place].go()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move in the list while the line keeps the cursor."""
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = moves.get(Qt.Key(event.key()), 0)
            if step:
                last = self.list.count() - 1
                self.list.setCurrentRow(min(max(0, self.list.currentRow() + step), last))
                return True
        return super().eventFilter(watched, event)
