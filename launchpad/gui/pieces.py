"""Small pieces every screen is built from: labels of plain text, buttons, cards, notes, empty states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from launchpad.gui import theme
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, TIGHT, WIDE, TextRole, Tone

Policy = QSizePolicy.Policy
READING_WIDTH = 480
LabelTone = Literal["muted", "good", "bad", "warn", "info"]


def label(text: str = "", role: TextRole = "body", *, tone: LabelTone | None = None, wrap: bool = False) -> QLabel:
    """Words shown letter for letter, whatever they hold."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(theme.font(role))
    made.setText(text)
    made.setWordWrap(wrap)
    if tone is not None:
        made.setProperty("tone", tone)
    if wrap:
        policy = QSizePolicy(Policy.Preferred, Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


def selectable(made: QLabel) -> QLabel:
    """The label with text that can be selected and copied by mouse and keyboard."""
    flags = Qt.TextInteractionFlag
    made.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
    return made


def toned(made: QWidget, tone: LabelTone | None) -> None:
    """Give a label or frame another tone."""
    if made.property("tone") != tone:
        made.setProperty("tone", tone)
        made.style().unpolish(made)
        made.style().polish(made)


def icon_label(name: str, tone: Tone, size: int = 18) -> QLabel:
    """An icon on its own; the words beside it carry the meaning."""
    made = QLabel()
    made.setPixmap(theme.icon(name, tone).pixmap(QSize(size, size), made.devicePixelRatio()))
    made.setFixedSize(size, size)
    return made


def button(
    text: str,
    slot: Callable[[], object] | None = None,
    *,
    part: Literal["main", "link", "row", ""] = "",
    icon: str | None = None,
    tip: str = "",
) -> QPushButton:
    """A push button; `main` is the one a screen invites to press, `link` looks like a link."""
    made = QPushButton(text)
    made.setAccessibleName(text.replace("&", ""))
    if part:
        made.setProperty("part", part)
    if icon is not None:
        made.setIcon(theme.icon(icon, "on_accent" if part == "main" else "text"))
    if tip:
        made.setToolTip(plain_tip(tip))
    if part in ("link", "row"):
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if slot is not None:
        made.clicked.connect(lambda: slot())  # noqa: PLW0108 - Qt would pass `checked` on
    return made


def tool(text: str, icon: str, slot: Callable[..., object], *, checkable: bool = False) -> QToolButton:
    """A small button with an icon; its words are its tooltip and its accessible name."""
    made = QToolButton()
    made.setIcon(theme.icon(icon, "text"))
    made.setToolTip(plain_tip(text))
    made.setAccessibleName(text)
    made.setCheckable(checkable)
    made.setAutoRaise(True)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    (made.toggled if checkable else made.clicked).connect(slot)
    return made


def row(*items: QWidget | int, gap: int = GAP) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch."""
    made = QHBoxLayout()
    _fill(made, items, gap)
    return made


def column(*items: QWidget | QLayout | int, gap: int = GAP, margin: int = 0) -> QVBoxLayout:
    """Widgets under each other; a number is a stretch."""
    made = QVBoxLayout()
    _fill(made, items, gap)
    made.setContentsMargins(margin, margin, margin, margin)
    return made


def _fill(layout: QBoxLayout, items: tuple[QWidget | QLayout | int, ...], gap: int) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(0, 0, 0, 0)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


def card(title: str = "", *items: QWidget | QLayout | int, part: str = "card") -> QFrame:
    """A bordered group with a heading."""
    made = QFrame()
    made.setProperty("part", part)
    made.setAccessibleName(title)
    inner = column(*items, gap=TIGHT + 2, margin=WIDE - 4)
    if title:
        inner.insertWidget(0, label(title, "heading"))
    made.setLayout(inner)
    return made


def note(text: str, tone: LabelTone, icon: str = "info") -> QFrame:
    """A coloured line with an icon and words."""
    made = QFrame()
    made.setProperty("tone", tone)
    words = selectable(label(text, wrap=True, tone=tone))
    mark = icon_label(icon, tone)
    inner = row(mark, words)
    inner.setStretch(1, 1)
    inner.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
    inner.setContentsMargins(GAP, GAP - 2, GAP, GAP - 2)
    made.setLayout(inner)
    return made


def empty(title: str, what: str, *buttons: QPushButton, icon: str = "info") -> QWidget:
    """What a screen shows when it has nothing: why, and what to do first."""
    made = QWidget()
    heading, body = label(title, "title"), label(what, tone="muted", wrap=True)
    for part in (heading, body):
        part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    body.setFixedWidth(READING_WIDTH)
    body.setMinimumHeight(body.heightForWidth(READING_WIDTH))
    mark = icon_label(icon, "muted", 48)
    inner = column(2, mark, heading, body, row(1, *buttons, 1), 3, gap=GAP + 4)
    for part in (mark, heading, body):
        inner.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
    made.setLayout(inner)
    return made


def scrolled(inner: QWidget, name: str) -> QScrollArea:
    """A widget that scrolls upwards and downwards when the window is small."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setAccessibleName(name)
    made.setWidget(inner)
    return made


def cleared(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            cleared(inner)
