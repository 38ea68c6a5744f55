"""Compiled documents written into a text view block by block: headings, lists, tables, what was removed and added.

Nothing in them is read as markup: words are inserted as words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextEdit

from launchpad.gui import theme
from launchpad.gui.theme import GAP, TIGHT, TextRole
from launchpad.policies.documents import Block, Document, Grid, Heading, Listing, Marked, Paragraph

HEADINGS: tuple[TextRole, ...] = ("title", "heading", "strong", "strong")
Lengths = QTextLength.Type


def document_view(name: str) -> QTextEdit:
    """An empty view for `write_document`, to be read and copied from only; `name` is what a screen reader says."""
    view = QTextEdit()
    view.setReadOnly(True)
    view.setAcceptRichText(False)
    view.setTabChangesFocus(True)
    view.setAccessibleName(name)
    return view


def write_document(view: QTextEdit, document: Document) -> None:
    """Show a document from its top."""
    made = view.document()
    made.clear()
    cursor = QTextCursor(made)
    cursor.beginEditBlock()
    _heading(cursor, Heading(1, document.title))
    for block in document.blocks:
        write_block(cursor, block)
    cursor.endEditBlock()
    view.moveCursor(QTextCursor.MoveOperation.Start)


def write_block(cursor: QTextCursor, block: Block) -> None:
    """One block at the end of what is written."""
    match block:
        case Heading():
            _heading(cursor, Heading(block.level + 1, block.words))
        case Paragraph(words, lead):
            _paragraph(cursor, lead, (("same", words),))
        case Marked(pieces, lead):
            _paragraph(cursor, lead, pieces)
        case Listing(points, numbered):
            _listing(cursor, points, numbered=numbered)
        case Grid(header, rows):
            _grid(cursor, header, rows)


def _block(cursor: QTextCursor, above: int, below: int) -> None:
    """Begin a paragraph; the empty one a document begins with is used first."""
    form = QTextBlockFormat()
    form.setTopMargin(above)
    form.setBottomMargin(below)
    if cursor.document().isEmpty():
        cursor.setBlockFormat(form)
    else:
        cursor.insertBlock(form)


def _heading(cursor: QTextCursor, heading: Heading) -> None:
    _block(cursor, GAP + TIGHT, TIGHT)
    cursor.insertText(heading.words, _inked(theme.font(HEADINGS[min(heading.level, len(HEADINGS)) - 1])))


def _paragraph(cursor: QTextCursor, lead: str, pieces: Sequence[tuple[str, str]]) -> None:
    _block(cursor, 0, TIGHT + 2)
    if lead:
        cursor.insertText(f"{lead} ", _inked(theme.font("strong")))
    for how, words in pieces:
        cursor.insertText(re.sub(r"\s+", " ", words), marked(how))


def _listing(cursor: QTextCursor, points: Sequence[str], *, numbered: bool) -> None:
    form = QTextListFormat()
    form.setStyle(QTextListFormat.Style.ListDecimal if numbered else QTextListFormat.Style.ListDisc)
    for place, point in enumerate(points):
        _block(cursor, 0, TIGHT)
        if place == 0:
            made = cursor.createList(form)
        else:
            made.add(cursor.block())  # pyright: ignore[reportPossiblyUnboundVariable] - the first point made it
        cursor.insertText(point, marked("same"))
    cursor.insertBlock(QTextBlockFormat())


def _grid(cursor: QTextCursor, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    form = QTextTableFormat()
    form.setCellPadding(TIGHT)
    form.setCellSpacing(0)
    form.setBorder(1)
    form.setBorderBrush(QColor(theme.colours().line))
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderCollapse(True)
    form.setHeaderRowCount(1)
    form.setWidth(QTextLength(Lengths.PercentageLength, 100))
    table = cursor.insertTable(len(rows) + 1, len(header), form)
    for down, cells in enumerate((header, *rows)):
        for across, words in enumerate(cells):
            inked = _inked(theme.font("strong")) if down == 0 else marked("same")
            table.cellAt(down, across).firstCursorPosition().insertText(words, inked)
    cursor.movePosition(QTextCursor.MoveOperation.End)


def _inked(font: QFont) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(font)
    made.setForeground(QColor(theme.colours().text))
    return made


def marked(how: str) -> QTextCharFormat:
    """How words look that stayed, were removed (struck out), or were added (underlined); never by colour alone."""
    made, colours = _inked(theme.font()), theme.colours()
    if how == "removed":
        made.setFontStrikeOut(True)
        made.setForeground(QColor(colours.bad))
        made.setBackground(QColor(colours.bad_fill))
    elif how == "added":
        made.setFontUnderline(True)
        made.setForeground(QColor(colours.good))
        made.setBackground(QColor(colours.good_fill))
    return made


def blocks_naming(document: QTextDocument, code: str) -> list[QTextCursor]:
    """A cursor over each paragraph that names a rule by its id, and no longer id that begins like it."""
    if not code:
        return []
    named = re.compile(rf"(?<![\w-]){re.escape(code)}(?![\w-])")
    found: list[QTextCursor] = []
    block = document.begin()
    while block.isValid():
        if named.search(block.text()):
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            found.append(cursor)
        block = block.next()
    return found


def mark_blocks(view: QTextEdit, found: Sequence[QTextCursor]) -> None:
    """Give these paragraphs the ground of what is chosen, and bring the first one into view."""
    made: list[QTextEdit.ExtraSelection] = []
    for cursor in found:
        chosen = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setBackground(QColor(theme.colours().selected))
        form.setProperty(QTextFormat.Property.FullWidthSelection, True)
        chosen.format = form  # pyright: ignore[reportAttributeAccessIssue] - missing in the stubs
        chosen.cursor = cursor  # pyright: ignore[reportAttributeAccessIssue] - as above
        made.append(chosen)
    view.setExtraSelections(made)
    if found:
        start = QTextCursor(found[0])
        start.setPosition(start.selectionStart())
        view.setTextCursor(start)
        rect = view.cursorRect()
        bar = view.verticalScrollBar()
        bar.setValue(bar.value() + rect.top() - 2 * GAP)
