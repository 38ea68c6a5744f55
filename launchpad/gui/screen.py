"""A page of the main window: it shows the document whenever it is seen and something has changed."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from launchpad.gui.document import Document
from launchpad.records import Record


class Screen(QWidget):
    """Calls `refresh` once per turn of the event loop, and only while the page is visible.

    `acted` carries the name of a command of the main window that the page asks for.
    """

    acted = Signal(str)

    def __init__(self, document: Document, name: str) -> None:
        super().__init__()
        self.document = document
        self.setAccessibleName(name)
        self._outdated = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh_if_seen)
        for signal in (document.changed, document.switched, document.computed, document.outdated):
            signal.connect(self._mark)

    def _mark(self, *_what: object) -> None:
        self._outdated = True
        self._soon.start(0)

    def refresh_if_seen(self) -> None:
        """Show what the document holds now, if the page is visible; else when it is next shown."""
        if self._outdated and self.isVisible():
            self._outdated = False
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the page was hidden."""
        super().showEvent(event)
        self.refresh_if_seen()

    def refresh(self) -> None:
        """Show what the document holds now."""
        raise NotImplementedError

    def reveal(self, record: Record) -> bool:
        """Bring a record into view; whether this page has it."""
        return False

    def use_theme(self) -> None:
        """Draw anew in other colours."""
        self._mark()
