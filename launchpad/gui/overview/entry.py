"""A line that leads on, as every list of the overview is made of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from launchpad.gui.pieces import column, label
from launchpad.gui.theme import GAP, TIGHT

USUAL_WIDTH = 240


class Entry(QPushButton):
    """A line that leads on: a mark, a title with something at its right, and a sentence below."""

    def __init__(self, mark: QWidget, title: str, right: QLabel | None, below: str, go: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("part", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{title}. {right.text() if right else ''}. {below}")
        self.clicked.connect(lambda: go())  # noqa: PLW0108 - Qt would pass `checked` on
        top = QHBoxLayout()
        name = label(title, "strong", wrap=True)
        top.addWidget(name, 1)
        if right is not None:
            right.setAlignment(Qt.AlignmentFlag.AlignTop)
            top.addWidget(right)
        sentence = below.replace(" %", "\N{NARROW NO-BREAK SPACE}%")  # a line never starts with the sign
        texts = column(top, label(sentence, "small", tone="muted", wrap=True), gap=0)
        inner = QHBoxLayout(self)
        inner.setContentsMargins(TIGHT, TIGHT, TIGHT, TIGHT)
        inner.setSpacing(GAP)
        inner.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(texts, 1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """As wide as it is given, as high as its texts then are; a button knows only its own caption."""
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_WState_Created) else USUAL_WIDTH
        return QSize(0, self.heightForWidth(max(width, USUAL_WIDTH)))

    def minimumSizeHint(self) -> QSize:
        """The same: nothing is cut off."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps the texts otherwise."""
        super().resizeEvent(event)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Wrapped text is as high as its width makes it."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height the texts need at a width."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else super().heightForWidth(width)
