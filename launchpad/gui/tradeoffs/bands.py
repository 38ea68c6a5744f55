"""How often an option takes the first ranks, as a bar from dark to pale: told apart in grey, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from launchpad.gui import theme, words
from launchpad.gui.mitigations.drawing import blended
from launchpad.gui.pictures import Picture
from launchpad.gui.theme import GAP, LIGHT, TIGHT, WIDE, Colours
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.gui.tradeoffs.marks import ALIGN
from launchpad.gui.tradeoffs.ranking import BANDS, band_shares

if TYPE_CHECKING:
    from launchpad.results.tradeoffs import Tradeoffs

DEPTHS = (1.0, 0.72, 0.5, 0.3, 0.14)
PICTURE_ROW, PICTURE_WIDTH, NAMES, MOST = 26, 1200, 430, 60


def band_words() -> list[str]:
    """What the parts of a bar stand for."""
    return [tr("rank {0}").format(first if first == last else f"{first}{words.DASH}{last}") for first, last in BANDS]


def ink_of(band: int, shown: Colours, *, stale: bool) -> QColor:
    """The colour of a part: the better the rank, the further from the ground."""
    return blended(shown.surface, shown.muted if stale else shown.accent, DEPTHS[band])


def told(shares: Sequence[float]) -> str:
    """A bar in words."""
    parts = [f"{name} {words.percent(share)}" for name, share in zip(band_words(), shares, strict=True) if share > 0]
    return ", ".join(parts) or tr("never among the first ten")


def draw_bar(painter: QPainter, rect: QRectF, shares: Sequence[float], shown: Colours, *, stale: bool) -> None:
    """One stacked bar over the whole width; what is left over is ranks beyond the tenth."""
    bar = rect.adjusted(TIGHT, rect.height() * 0.2, -TIGHT, -rect.height() * 0.2)
    painter.fillRect(bar, QColor(shown.window))
    left = bar.left()
    painter.setFont(theme.font("small"))
    for band, share in enumerate(shares):
        part = QRectF(left, bar.top(), share * bar.width(), bar.height())
        ground = ink_of(band, shown, stale=stale)
        painter.fillRect(part, ground)
        if share > 0:
            painter.setPen(QPen(QColor(shown.surface), 1))
            painter.drawLine(part.topRight(), part.bottomRight())
        text = words.percent(share)
        if painter.fontMetrics().horizontalAdvance(text) + TIGHT < part.width():
            painter.setPen(theme.ink_on(ground))
            painter.drawText(part, ALIGN.AlignCenter, text)
        left = part.right()


def draw_legend(painter: QPainter, rect: QRectF, shown: Colours) -> None:
    """A swatch for each part."""
    painter.setFont(theme.font("small"))
    left = rect.left()
    for band, name in enumerate(band_words()):
        swatch = QRectF(left, rect.center().y() - 5, 22, 10)
        painter.fillRect(swatch, ink_of(band, shown, stale=False))
        painter.setPen(QPen(QColor(shown.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(swatch)
        painter.setPen(QColor(shown.text))
        room = QRectF(
            swatch.right() + TIGHT, rect.top(), painter.fontMetrics().horizontalAdvance(name) + 2, rect.height()
        )
        painter.drawText(room, ALIGN.AlignVCenter, name)
        left = room.right() + WIDE


class BandLegend(QWidget):
    """What the parts of the bars stand for, below the table."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("From dark to pale: {0}").format(", ".join(band_words())))

    def sizeHint(self) -> QSize:
        """One line of small text."""
        return QSize(420, self.fontMetrics().height() + TIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the swatches."""
        draw_legend(QPainter(self), QRectF(self.rect()), theme.colours())


def picture(found: Tradeoffs, order: Sequence[int], names: Sequence[str], title: str, below: str) -> Picture:
    """The bars of these options, in this order, to be saved or copied."""
    some = list(order)[:MOST]
    size = QSize(PICTURE_WIDTH, 80 + PICTURE_ROW * (len(some) + 1))

    def draw(painter: QPainter, rect: QRectF) -> None:
        for place, option in enumerate(some):
            top = rect.top() + place * PICTURE_ROW
            painter.setFont(theme.font())
            painter.setPen(QColor(LIGHT.text))
            room = QRectF(rect.left(), top, NAMES - GAP, PICTURE_ROW)
            cut = painter.fontMetrics().elidedText(names[option], Qt.TextElideMode.ElideRight, round(room.width()))
            painter.drawText(room, ALIGN.AlignVCenter, cut)
            bar = QRectF(rect.left() + NAMES, top, rect.width() - NAMES, PICTURE_ROW)
            draw_bar(painter, bar, band_shares(found, option), LIGHT, stale=False)
        room = QRectF(rect.left() + NAMES, rect.top() + len(some) * PICTURE_ROW, rect.width() - NAMES, PICTURE_ROW)
        draw_legend(painter, room, LIGHT)

    return Picture(title, size, draw, below)
