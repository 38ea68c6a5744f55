"""One tab of the trade-offs screen: it shows a study, greyed while a newer one is on its way."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.tradeoffs.numbers import Study


@dataclass(frozen=True, slots=True)
class Shown:
    """What a tab was last filled for: the newest edit, and whether figures are of an earlier state."""

    head: str
    stale: bool
    drawn_stale: bool


class Page(QWidget):
    """`acted` carries a command of the main window the page asks for, or `table NAME` for a new record of a table."""

    acted = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.study: Study | None = None
        self.shown: Shown | None = None

    @property
    def stale(self) -> bool:
        """Whether the figures are of an earlier state."""
        return self.shown is None or self.shown.stale

    @property
    def drawn_stale(self) -> bool:
        """Whether what is drawn is of an earlier state than the rest, or than now."""
        return self.shown is None or self.shown.drawn_stale

    def show_study(self, study: Study, shown: Shown) -> None:
        """Show other figures; nothing where they are shown already."""
        if study is self.study and shown == self.shown:
            return
        self.study, self.shown = study, shown
        self.fill()

    def forget(self) -> None:
        """Show everything anew the next time."""
        self.shown = None

    def fill(self) -> None:
        """Show the study."""
        raise NotImplementedError

    def picture(self) -> Picture | None:
        """The chart to be saved or copied; None where there is none."""
        return None

    def reveal(self, code: str) -> bool:
        """Choose what has a code; whether it is here."""
        return False

    def seek(self, code: str, table: str) -> None:
        """Show the record of a table with a code on its own screen."""
        record = self.document.named(f"{table} {code}")
        if record is not None:
            self.document.sought.emit(record)
