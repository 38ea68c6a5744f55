"""A forest plot as a picture that leaves the program: PNG or SVG, in light colours, with its axis and legend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from launchpad.errors import ExportError
from launchpad.gui import theme
from launchpad.gui.evidence.drawing import POINTER, Axis, Line, draw_axis, draw_grid, draw_line
from launchpad.gui.theme import GAP, LIGHT, WIDE

WIDTH, NAMES, FIGURES, ROW = 1400, 520, 250, 24
TALLEST_SHARP, TALLEST_PNG = 8_000, 30_000  # a picture of more than 256 MB is opened by few programs
MOST_SVG = 20_000


def tr(words: str) -> str:
    """Words of the picture in the person's language."""
    return QCoreApplication.translate("picture", words)


def save(path: Path, lines: Sequence[Line], axis: Axis, title: str) -> None:
    """Write the lines as PNG or SVG, as the name of the file ends; raises ExportError when that cannot be done."""
    size = QSize(WIDTH, 2 * WIDE + ROW * (len(lines) + 4))
    if path.suffix.lower() == ".svg":
        if len(lines) > MOST_SVG:
            raise ExportError(tr("{0} lines are too many for one picture.").format(len(lines)), tr("Filter the table."))
        _save_svg(path, size, lines, axis, title)
        return
    scale = 2 if size.height() <= TALLEST_SHARP else 1
    if size.height() > TALLEST_PNG:
        what = tr("{0} lines are too many for one PNG picture.").format(len(lines))
        raise ExportError(what, tr("Filter the table, or save an SVG picture."))
    picture = QImage(size * scale, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(scale)
    painter = QPainter(picture)
    draw(painter, size, lines, axis, title)
    painter.end()
    if not picture.save(str(path)):
        raise _unwritten(path)


def _save_svg(path: Path, size: QSize, lines: Sequence[Line], axis: Axis, title: str) -> None:
    paper = QSvgGenerator()
    paper.setFileName(str(path))
    paper.setSize(size)
    paper.setViewBox(QRect(0, 0, size.width(), size.height()))
    paper.setTitle(title)
    painter = QPainter()
    if not painter.begin(paper):
        raise _unwritten(path)
    draw(painter, size, lines, axis, title)
    painter.end()


def _unwritten(path: Path) -> ExportError:
    return ExportError(tr("{0} could not be written.").format(path), tr("Choose another place."))


def draw(painter: QPainter, size: QSize, lines: Sequence[Line], axis: Axis, title: str) -> None:
    """Title, axis, a row for each line (name, plot, figures) and what the shapes mean."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRect(0, 0, size.width(), size.height()), QColor(LIGHT.surface))
    left = WIDE + NAMES + POINTER + GAP
    width = size.width() - left - FIGURES - 2 * WIDE
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(theme.font("heading"))
    painter.drawText(QRectF(WIDE, WIDE, size.width() - 2 * WIDE, ROW), Qt.AlignmentFlag.AlignVCenter, title)
    draw_axis(painter, QRectF(left, WIDE + ROW, width, ROW), axis, LIGHT)
    top = float(WIDE + 2 * ROW)
    for line in lines:
        rect = QRectF(left, top, width, ROW)
        if line.heading:
            painter.fillRect(QRectF(WIDE, top, size.width() - 2 * WIDE, ROW), QColor(LIGHT.sunken))
        else:
            draw_grid(painter, rect, axis, LIGHT)
            draw_line(painter, rect, line, axis, LIGHT)
        _write(painter, line, QRectF(WIDE, top, NAMES, ROW), QRectF(rect.right() + WIDE, top, FIGURES, ROW))
        top += ROW
    painter.setFont(theme.font("small"))
    painter.setPen(QColor(LIGHT.muted))
    painter.drawText(QRectF(WIDE, top + GAP, size.width() - 2 * WIDE, ROW), Qt.AlignmentFlag.AlignVCenter, legend())


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
