"""Two texts word by word: what was taken out is struck, what came in is underlined; colour only helps."""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from launchpad.gui import theme
from launchpad.gui.register.tree_model import tr
from launchpad.policies.redline import Piece, word_difference

LONGEST = 6000


class RedlineView(QPlainTextEdit):
    """Shows a difference; screen readers hear the two texts one after the other."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.pieces: tuple[Piece, ...] = ()

    def show_difference(self, before: str, after: str) -> None:
        """Show what led from one text to the other; very long texts whole, one after the other."""
        long = max(len(before), len(after)) > LONGEST
        both = (Piece("removed", before), Piece("added", after))
        self.show_pieces(tuple(piece for piece in both if piece.words) if long else word_difference(before, after))
        self.setAccessibleDescription(
            tr("Before: {0} After: {1}").format(before or tr("nothing"), after or tr("nothing"))
        )

    def show_pieces(self, pieces: tuple[Piece, ...]) -> None:
        """Show these pieces one after another."""
        self.pieces = pieces
        self.clear()
        cursor = QTextCursor(self.document())
        for piece in pieces:
            cursor.insertText(piece.words, _looks(piece.how))
        self.moveCursor(QTextCursor.MoveOperation.Start)


def _looks(how: str) -> QTextCharFormat:
    made = QTextCharFormat()
    if how == "removed":
        made.setFontStrikeOut(True)
        made.setForeground(theme.colour("bad"))
    elif how == "added":
        made.setFontUnderline(True)
        made.setForeground(theme.colour("good"))
    else:
        made.setForeground(theme.colour("text"))
    return made
