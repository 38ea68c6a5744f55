"""A forest plot as a picture that leaves the program: PNG or SVG, in light colours, with its axis and legend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter

from launchpad.errors import ExportError
from launchpad.gui import pictures, theme
from launchpad.gui.evidence.drawing import POINTER, Axis, Line, draw_axis, draw_grid, draw_line
from launchpad.gui.theme import GAP, LIGHT, WIDE

WIDTH, NAMES, FIGURES, ROW = 1400, 520, 250, 24
MOST_SVG = 20_000


def tr(words: str) -> str:
    """Words of the picture in the person's language."""
    return QCoreApplication.translate("picture", words)


def save(path: Path, lines: Sequence[Line], axis: Axis, title: str) -> None:
    """Write the lines as PNG or SVG, as the name of the file ends; raises ExportError when that cannot be done."""
    if path.suffix.lower() == ".svg" and len(lines) > MOST_SVG:
        raise ExportError(tr("{0} lines are too many for one picture.").format(len(lines)), tr("Filter the table."))
    if path.suffix.lower() != ".svg" and ROW * len(lines) > pictures.TALLEST:
        what = tr("{0} lines are too many for one PNG picture.").format(len(lines))
        raise ExportError(what, tr("Filter the table, or save an SVG picture."))
    pictures.save(path, picture(lines, axis, title))


def picture(lines: Sequence[Line], axis: Axis, title: str) -> pictures.Picture:
    """The plot as it is drawn anywhere: an axis, a row for each line, and below them what the shapes mean."""
    size = QSize(WIDTH, 2 * WIDE + ROW * (len(lines) + 4))
    return pictures.Picture(title, size, lambda painter, room: draw(painter, room, lines, axis), legend())


def draw(painter: QPainter, room: QRectF, lines: Sequence[Line], axis: Axis) -> None:
    """The axis, and below it a row for each line: name, plot, figures."""
    left = room.left() + NAMES + POINTER + GAP
    width = room.right() - left - FIGURES - WIDE
    draw_axis(painter, QRectF(left, room.top(), width, ROW), axis, LIGHT)
    top = room.top() + ROW
    for line in lines:
        rect = QRectF(left, top, width, ROW)
        if line.heading:
            painter.fillRect(QRectF(room.left(), top, room.width(), ROW), QColor(LIGHT.sunken))
        else:
            draw_grid(painter, rect, axis, LIGHT)
            draw_line(painter, rect, line, axis, LIGHT)
        _write(painter, line, QRectF(room.left(), top, NAMES, ROW), QRectF(rect.right() + WIDE, top, FIGURES, ROW))
        top += ROW


def _write(painter: QPainter, line: Line, names: QRectF, figures: QRectF) -> None:
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(theme.font("strong" if line.heading else "body"))
    side = Qt.TextElideMode.ElideRight
    painter.drawText(names, Qt.AlignmentFlag.AlignVCenter, _cut(painter, line.name, names, side))
    painter.setFont(theme.font("small"))
    painter.drawText(figures, Qt.AlignmentFlag.AlignVCenter, _cut(painter, line.figures, figures, side))


def _cut(painter: QPainter, text: str, rect: QRectF, side: Qt.TextElideMode) -> str:
    return painter.fontMetrics().elidedText(text, side, round(rect.width()))


def legend() -> str:
    """What the shapes of a plot mean."""
    return tr(
        "● meets every limit or has none   ◆ cannot be told   ■ beyond a limit   "
        "hollow, dotted: incomplete or superseded   ┊ gate   │ success criterion, flag to the good side   "
        "→ better lies there"
    )
