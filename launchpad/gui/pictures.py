"""Charts that leave the program: as PNG at twice the size, as SVG, or on the clipboard; always in light colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSettings, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from launchpad.errors import ExportError
from launchpad.gui import theme
from launchpad.gui.theme import GAP, LIGHT, WIDE

SHARP = 2
TALLEST, LARGEST = 30_000, 256 * 2**20
"""Lines of pixels, and bytes of four a pixel; what is beyond is opened by few programs."""


@dataclass(frozen=True)
class Picture:
    """A chart ready to be drawn anywhere: its title, its size, a line below it, and the drawing of its inside."""

    title: str
    size: QSize
    draw: Callable[[QPainter, QRectF], None]
    below: str = ""


def tr(words: str) -> str:
    """Words of pictures in the person's language."""
    return QCoreApplication.translate("pictures", words)


def paint(painter: QPainter, picture: Picture) -> None:
    """The title, the chart and the line below it on light ground."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    whole = QRectF(0, 0, picture.size.width(), picture.size.height())
    painter.fillRect(whole, QColor(LIGHT.surface))
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(theme.font("heading"))
    top = painter.fontMetrics().height() + GAP
    line = whole.adjusted(WIDE, GAP, -WIDE, 0)
    painter.drawText(QRectF(line.left(), GAP, line.width(), top), Qt.AlignmentFlag.AlignVCenter, picture.title)
    painter.setFont(theme.font("small"))
    wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
    room = QRect(0, 0, round(line.width()), round(whole.height()))
    bottom = painter.fontMetrics().boundingRect(room, wrap, picture.below).height() if picture.below else 0
    painter.setPen(QColor(LIGHT.muted))
    painter.drawText(QRectF(line.left(), whole.bottom() - bottom - GAP, line.width(), bottom), wrap, picture.below)
    picture.draw(painter, QRectF(line.left(), GAP + top, line.width(), whole.height() - top - bottom - 3 * GAP))


def image(picture: Picture) -> QImage:
    """The picture as pixels; raises ExportError when it would be too high."""
    sharp = picture.size * SHARP
    scale = SHARP if sharp.height() <= TALLEST and 4 * sharp.width() * sharp.height() <= LARGEST else 1
    if picture.size.height() > TALLEST:
        raise ExportError(tr("The picture would be too high."), tr("Filter the table, or save an SVG picture."))
    made = QImage(picture.size * scale, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(scale)
    painter = QPainter(made)
    paint(painter, picture)
    painter.end()
    return made


def save(path: Path, picture: Picture) -> None:
    """Write the picture as PNG or SVG, as the name of the file ends; raises ExportError when that cannot be done."""
    if path.suffix.lower() != ".svg":
        if not image(picture).save(str(path)):
            raise _unwritten(path)
        return
    paper = QSvgGenerator()
    paper.setFileName(str(path))
    paper.setSize(picture.size)
    paper.setViewBox(QRect(0, 0, picture.size.width(), picture.size.height()))
    paper.setResolution(round(QGuiApplication.primaryScreen().logicalDotsPerInch()))  # or words come out too small
    paper.setTitle(picture.title)
    painter = QPainter()
    if not painter.begin(paper):
        raise _unwritten(path)
    paint(painter, picture)
    painter.end()


def copy(picture: Picture) -> None:
    """Put the picture on the clipboard."""
    QGuiApplication.clipboard().setImage(image(picture))


def ask_where(parent: QWidget, name: str) -> Path | None:
    """Ask for a file to write a picture to, with its ending; None when nothing was chosen."""
    start = Path(str(QSettings().value("folder", str(Path.home())))) / f"{name}.png"
    kinds = tr("PNG picture (*.png);;SVG picture (*.svg)")
    chosen, kind = QFileDialog.getSaveFileName(parent, tr("Save the picture"), str(start), kinds)
    if not chosen:
        return None
    path = Path(chosen)
    wanted = ".svg" if "svg" in kind else ".png"
    return path if path.suffix.lower() in (".png", ".svg") else path.with_name(path.name + wanted)


def _unwritten(path: Path) -> ExportError:
    return ExportError(tr("{0} could not be written.").format(path), tr("Choose another place."))
