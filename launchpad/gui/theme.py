"""Colours, spacing, fonts and icons: no other file of the window names any."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, QSettings, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from launchpad import paths

Mode = Literal["system", "light", "dark"]
Tone = Literal["good", "bad", "warn", "info", "muted", "accent", "on_accent", "text"]
TextRole = Literal["body", "small", "strong", "heading", "title", "figure", "huge"]

TIGHT, GAP, WIDE = 4, 8, 16
ROW_HEIGHT = 28
ICON_SIZES = (16, 20, 24, 32, 48, 64, 128)
NAVIGATION_ROW = 42
SCALE: dict[TextRole, tuple[float, bool]] = {
    "body": (1.0, False),
    "small": (0.9, False),
    "strong": (1.0, True),
    "heading": (1.15, True),
    "title": (1.45, True),
    "figure": (1.8, True),
    "huge": (2.6, True),
}


@dataclass(frozen=True)
class Colours:
    """One set of colours; the tones follow Okabe and Ito (2008), darkened or lightened to be read as text."""

    window: str
    surface: str
    sunken: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    selected: str
    good: str
    bad: str
    warn: str
    info: str
    good_fill: str
    bad_fill: str
    warn_fill: str
    info_fill: str
    bars: tuple[str, ...]


LIGHT = Colours(
    window="#f3f5f8",
    surface="#ffffff",
    sunken="#e9edf2",
    line="#cfd6de",
    text="#18202b",
    muted="#566273",
    accent="#00629b",
    on_accent="#ffffff",
    selected="#cfe5f5",
    good="#00704f",
    bad="#ab4300",
    warn="#7d5800",
    info="#00629b",
    good_fill="#d8f1e8",
    bad_fill="#fbe3d3",
    warn_fill="#fcefcf",
    info_fill="#dceefa",
    bars=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"),
)
DARK = Colours(
    window="#14181e",
    surface="#1c222a",
    sunken="#262e38",
    line="#3b4653",
    text="#e7ebf0",
    muted="#9eabba",
    accent="#5ab6ea",
    on_accent="#0b1620",
    selected="#1f4560",
    good="#46c99c",
    bad="#ff9259",
    warn="#f0bd4f",
    info="#6fc0ee",
    good_fill="#12392d",
    bad_fill="#4a2613",
    warn_fill="#42340f",
    info_fill="#123a54",
    bars=("#3f9ed6", "#f0803c", "#2fbf92", "#dd9ac0", "#eeb23c", "#7fc8f0", "#a0a0a0"),
)

SHEET = Template("""
QToolTip { color: $text; background: $surface; border: 1px solid $line; padding: 4px; }
QRadioButton::indicator:unchecked, QCheckBox::indicator:unchecked, QTableWidget::indicator:unchecked {
  width: 11px; height: 11px; border: 1px solid $muted; background: $surface; }
QRadioButton::indicator:unchecked { border-radius: 6px; }
QFrame[part="card"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[part="header"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[part="line"] { background: $line; border: none; }
QListWidget[part="navigation"] { background: $sunken; border: none; border-right: 1px solid $line; outline: 0; }
QListWidget[part="navigation"]::item { padding: 4px 10px; margin: 2px 8px; border-radius: 6px; color: $text;
    border: 2px solid transparent; }
QListWidget[part="navigation"]::item:selected { background: $selected; color: $text; }
QListWidget[part="navigation"]::item:selected:focus { border: 2px solid $accent; }
QLineEdit { background: $surface; border: 1px solid $line; border-radius: 4px; padding: 2px 4px; }
QLineEdit:focus { border: 1px solid $accent; }
QLineEdit:disabled { background: $window; color: $muted; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QTableView QLineEdit { border: none; border-radius: 0;
    padding: 0 2px; }
QTableView, QTreeView, QListWidget, QTextEdit, QPlainTextEdit { background: $surface; border: 1px solid $line; }
QTableView { gridline-color: $sunken; selection-background-color: $selected; selection-color: $text; }
QTableView:focus, QTreeView:focus { border: 1px solid $accent; }
QTreeView { selection-background-color: $selected; selection-color: $text; }
QHeaderView::section { background: $sunken; color: $text; border: none; border-right: 1px solid $line;
    border-bottom: 1px solid $line; padding: 4px 5px; }
QTreeView::item { min-height: 24px; }
QPushButton[part="main"] { background: $accent; color: $on_accent; border: 1px solid $accent;
    border-radius: 5px; padding: 5px 14px; font-weight: bold; }
QPushButton[part="main"]:disabled { background: $sunken; color: $muted; border-color: $line; }
QPushButton[part="main"]:focus { border: 2px solid $text; }
QPushButton[part="link"], QToolButton[part="link"] { border: none; background: transparent; color: $accent;
    text-align: left; padding: 3px; }
QPushButton[part="link"]:hover { text-decoration: underline; }
QPushButton[part="link"]:focus { border: 1px dotted $accent; }
QPushButton[part="row"] { border: none; background: transparent; color: $text; text-align: left;
    padding: 4px 6px; border-radius: 4px; }
QPushButton[part="row"]:hover { background: $sunken; }
QPushButton[part="row"]:focus { border: 1px solid $accent; }
QFrame[tone="good"] { background: $good_fill; border: 1px solid $good; border-radius: 6px; }
QFrame[tone="bad"] { background: $bad_fill; border: 1px solid $bad; border-radius: 6px; }
QFrame[tone="warn"] { background: $warn_fill; border: 1px solid $warn; border-radius: 6px; }
QFrame[tone="info"] { background: $info_fill; border: 1px solid $info; border-radius: 6px; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="good"] { color: $good; background: transparent; border: none; }
QLabel[tone="bad"] { color: $bad; background: transparent; border: none; }
QLabel[tone="warn"] { color: $warn; background: transparent; border: none; }
QLabel[tone="info"] { color: $info; background: transparent; border: none; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QSplitter::handle { background: $window; }
QStatusBar { background: $surface; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
""")


def is_dark() -> bool:
    """Whether the window is shown in dark colours at present."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def colours() -> Colours:
    """The colours shown at present."""
    return DARK if is_dark() else LIGHT


def colour(tone: Tone) -> QColor:
    """The colour of a tone as text or line."""
    return QColor(getattr(colours(), tone))


def ink_on(ground: QColor) -> QColor:
    """Black or white, whichever is easier to read on a ground."""
    return QColor("#ffffff" if ground.lightness() < 128 else "#101010")


def font(role: TextRole = "body") -> QFont:
    """The application's font at the size and weight of a role."""
    size, bold = SCALE[role]
    made = QFont(QApplication.font())
    made.setPointSizeF(made.pointSizeF() * size)
    made.setBold(bold)
    return made


def chosen() -> Mode:
    """What the person chose: follow the system, light, or dark."""
    stored = str(QSettings().value("theme", "system"))
    modes: dict[str, Mode] = {"light": "light", "dark": "dark"}
    return modes.get(stored, "system")


def choose(mode: Mode) -> None:
    """Remember a choice and show it at once."""
    QSettings().setValue("theme", mode)
    apply()


def apply() -> None:
    """Dress the whole application in the chosen colours, or in the system's."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    mode, hints = chosen(), app.styleHints()
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    hints.setColorScheme(schemes.get(mode, Qt.ColorScheme.Unknown))
    dark = mode == "dark" or (mode == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    found = DARK if dark else LIGHT  # not every platform can turn its own scheme
    app.setPalette(_palette(found))
    app.setStyleSheet(SHEET.substitute(asdict(found)))
    _drawn.cache_clear()


def start(app: QApplication) -> None:
    """Use one style everywhere, and follow the system when it turns light or dark."""
    app.setStyle("Fusion")
    apply()
    app.styleHints().colorSchemeChanged.connect(_system_turned)


def _system_turned() -> None:
    if chosen() == "system":
        apply()


def _palette(shown: Colours) -> QPalette:
    role = QPalette.ColorRole
    parts = {
        role.Window: shown.window,
        role.WindowText: shown.text,
        role.Base: shown.surface,
        role.AlternateBase: shown.window,
        role.Text: shown.text,
        role.Button: shown.surface,
        role.ButtonText: shown.text,
        role.ToolTipBase: shown.surface,
        role.ToolTipText: shown.text,
        role.Highlight: shown.accent,
        role.HighlightedText: shown.on_accent,
        role.Link: shown.accent,
        role.PlaceholderText: shown.muted,
        role.Mid: shown.line,
        role.Accent: shown.accent,
    }
    made = QPalette(QColor(shown.surface), QColor(shown.window))
    for part, name in parts.items():
        made.setColor(part, QColor(name))
    for part in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, part, QColor(shown.muted))
    return made


def icon(name: str, tone: Tone = "text") -> QIcon:
    """A hand-drawn icon of resources/icons in the colour of a tone."""
    return _drawn(name, getattr(colours(), tone))


def app_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    return _drawn("launchpad", "")


@functools.cache
def _svg(name: str) -> str:
    return Path(paths.resources(), "icons", f"{name}.svg").read_text(encoding="utf-8")


@functools.cache
def _drawn(name: str, ink: str) -> QIcon:
    picture = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", ink).encode()))
    made = QIcon()
    for size in ICON_SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        picture.render(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made
