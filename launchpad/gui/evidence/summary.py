"""What an import did, told once: what came in, what was refused and why, what wants a look."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QVBoxLayout, QWidget

from launchpad.gui.evidence.grids import grid, show_lines
from launchpad.gui.evidence.importing import Summary
from launchpad.gui.pieces import button, icon_label, label, row, selectable
from launchpad.gui.theme import WIDE

Button = QDialogButtonBox.StandardButton


class SummaryDialog(QDialog):
    """Every file and place that wants a look, with its reason; all of it can be copied."""

    def __init__(self, summary: Summary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import of evidence"))
        self._summary = summary
        good = bool(summary.added) and not summary.refused
        top = row(
            icon_label("met" if good else "warning", "good" if good else "warn", 32),
            selectable(label(summary.sentence(), "heading", wrap=True)),
            gap=WIDE,
        )
        top.setStretch(1, 1)
        self.lines = self._lines()
        self.list = grid(self.tr("What wants a look"), (self.tr("What"), self.tr("File or place"), self.tr("Why")))
        show_lines(self.list, self.lines)
        self.list.setColumnWidth(0, 110)
        self.list.setColumnWidth(1, 230)
        self.list.setWordWrap(True)
        self.list.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.setVisible(bool(self.lines))
        inner = QVBoxLayout(self)
        inner.setSpacing(WIDE)
        inner.addLayout(top)
        inner.addWidget(label(self._next(), wrap=True, tone="muted"))
        inner.addWidget(self.list, 1)
        self.resize(*((820, 440) if self.lines else (560, 170)))
        buttons = QDialogButtonBox(Button.Close)
        buttons.rejected.connect(self.reject)
        copy = button(self.tr("&Copy all of this"), self.copy, icon="copy")
        copy.setAutoDefault(False)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.button(Button.Close).setDefault(True)
        inner.addWidget(buttons)
        buttons.button(Button.Close).setFocus()

    def _lines(self) -> list[tuple[str, str, str]]:
        found = self._summary
        return [
            *((self.tr("Refused"), name, why) for name, why in found.refused),
            *((self.tr("Left out"), one.path.name, one.why) for one in found.skipped),
            *((self.tr("Problem"), where, what) for where, what in found.problems),
        ]

    def _next(self) -> str:
        if self._summary.questions:
            return self.tr(
                "Some results count only once their direction is said: see Questions on the Evidence screen."
            )
        if self._summary.added:
            return self.tr("One undo takes the whole import back.")
        return self.tr("Nothing was changed.")

    def copy(self) -> None:
        """Put the whole summary on the clipboard, a line for each thing."""
        lines = ["\t".join(line) for line in self.lines]
        QGuiApplication.clipboard().setText("\n".join([self._summary.sentence(), *lines]))


def wants_a_look(summary: Summary) -> bool:
    """Whether more is to be said than fits the status line."""
    return bool(summary.refused or summary.skipped or summary.problems or summary.questions or summary.stopped)
