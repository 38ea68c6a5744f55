"""One criterion in the weights panel: its slider, its number, and how far it may move before the first ranks change."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDoubleSpinBox, QSizePolicy, QSlider, QStyle, QWidget

from launchpad.gui import theme, words
from launchpad.gui.pieces import column, label, row
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.records import Criterion
from launchpad.records.judgements import MEASURES

STEPS = 10
STRIP = 9


class Reach(QWidget):
    """A strip under a slider: the swings between which the first three keep their order."""

    def __init__(self, slider: QSlider) -> None:
        super().__init__()
        self._slider = slider
        self.ends: tuple[float, float] | None = None
        self.setFixedHeight(STRIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_ends(self, ends: tuple[float, float] | None) -> None:
        """Draw other ends, as swings of 0 to 100."""
        self.ends = ends
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the strip where the slider's handle would be at its ends."""
        painter = QPainter(self)
        shown, handle = theme.colours(), self._handle()
        width = max(self.width() - handle, 1)
        painter.fillRect(QRectF(handle / 2, STRIP / 2 - 1, width, 2), QColor(shown.sunken))
        if self.ends is None:
            return
        left, right = (handle / 2 + end / 100 * width for end in self.ends)
        painter.fillRect(QRectF(left, STRIP / 2 - 2, max(right - left, 2.0), 4), QColor(shown.muted))
        painter.setPen(QPen(QColor(shown.text), 2))
        for x in (left, max(right, left + 2.0)):
            painter.drawLine(round(x), 0, round(x), STRIP - 1)

    def _handle(self) -> int:
        return self._slider.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self._slider)


class CriterionRow(QWidget):
    """`moved` says that the swing changed, `settled` that a person let go of it."""

    moved = Signal()
    settled = Signal()

    def __init__(self, criterion: Criterion) -> None:
        super().__init__()
        self.criterion = criterion
        name = label(criterion.name, "strong")
        name.setMinimumWidth(60)
        name.setToolTip(plain_tip(_anchors(criterion)))
        self._weight = label("", "small", tone="muted")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100 * STEPS)
        self.slider.setSingleStep(STEPS)
        self.slider.setPageStep(10 * STEPS)
        self.slider.setMinimumHeight(20)
        self.slider.setAccessibleName(tr("Swing of {0}").format(criterion.name))
        self.box = QDoubleSpinBox()
        self.box.setRange(0, 100)
        self.box.setDecimals(1)
        self.box.setSingleStep(1)
        self.box.setAccessibleName(tr("Swing of {0} as a number").format(criterion.name))
        self.reach = Reach(self.slider)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.settled)
        self.box.valueChanged.connect(self._typed)
        self.box.editingFinished.connect(self.settled)
        top = row(name, 1, self._weight, gap=TIGHT)
        under = column(self.slider, self.reach, gap=0)
        middle = row(gap=GAP)
        middle.addLayout(under, 1)
        middle.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(top, middle, gap=0))

    @property
    def swing(self) -> float:
        """The swing as it stands, 0 to 100."""
        return self.box.value()

    @property
    def held(self) -> bool:
        """Whether a person holds the slider at present."""
        return self.slider.isSliderDown()

    def show_swing(self, swing: float) -> None:
        """Show a swing without telling anybody."""
        for widget, value in ((self.slider, round(swing * STEPS)), (self.box, swing)):
            widget.blockSignals(True)
            widget.setValue(value)  # pyright: ignore[reportArgumentType] - each takes its own type
            widget.blockSignals(False)

    def show_weight(self, weight: float | None, reach: tuple[float, float] | None, ends: tuple[float, float]) -> None:
        """Show the weight, between which weights (`reach`) and swings (`ends`) the first three keep their order."""
        said = words.NOTHING if weight is None else words.percent(weight)
        if reach is not None:
            said += f"  ({_share(reach[0])}{words.DASH}{_share(reach[1])})"
        self._weight.setText(said)
        self.reach.show_ends(None if reach is None else ends)
        held = (
            "" if reach is None else tr("The first three keep their order from {0} to {1}.").format(*map(_share, reach))
        )
        self.slider.setAccessibleDescription(f"{tr('Weight')} {said}. {held}")
        self.reach.setToolTip(plain_tip(held))

    def sizeHint(self) -> QSize:
        """As high as its two lines."""
        return QSize(300, super().sizeHint().height())

    def _slid(self, value: int) -> None:
        self.box.blockSignals(True)
        self.box.setValue(value / STEPS)
        self.box.blockSignals(False)
        self.moved.emit()

    def _typed(self, value: float) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(value * STEPS))
        self.slider.blockSignals(False)
        self.moved.emit()


def _share(weight: float) -> str:
    return words.percent(weight)


def _anchors(criterion: Criterion) -> str:
    measure = words.translate("records", MEASURES[criterion.measure])
    ends = tr("Worst {0}, best {1}.").format(words.number(criterion.worst), words.number(criterion.best))
    return "\n".join(part for part in (criterion.name, measure, ends, criterion.basis or "") if part)
