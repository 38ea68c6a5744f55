"""The start list: recent projects, and the three ways to begin."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from launchpad.gui import theme, words
from launchpad.gui.pieces import button, card, cleared, column, label, row
from launchpad.gui.start.recent import recent
from launchpad.gui.theme import GAP, WIDE


class StartView(QWidget):
    """`chosen` carries the path of a project to open; `wanted` the name of a command: new, open, sample."""

    chosen = Signal(object)
    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Start"))
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        mark = label()
        mark.setPixmap(theme.app_icon().pixmap(QSize(64, 64), self.devicePixelRatioF()))
        names = column(
            label("Launchpad", "huge"),
            label(self.tr("Decide which safety work comes first before a model launch."), tone="muted"),
            gap=0,
        )
        top = QHBoxLayout()
        top.setSpacing(WIDE)
        top.addWidget(mark)
        top.addLayout(names, 1)
        inner = column(2, top, self._beginnings(), self._recent_card(), 3, gap=WIDE + GAP, margin=WIDE)
        middle = QWidget()
        middle.setLayout(inner)
        middle.setMaximumWidth(760)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(middle, 8)
        outer.addStretch(1)
        self.show_recent()

    def _beginnings(self) -> QHBoxLayout:
        ways = (
            ("new", "new", self.tr("&New project"), self.tr("From a published taxonomy, or empty")),
            ("open", "open", self.tr("&Open a project"), self.tr("A file ending in .launchpad")),
            (
                "sample",
                "sample",
                self.tr("Open the &sample launch"),
                self.tr("Published results, scored; yours to change"),
            ),
        )
        made = row(gap=WIDE)
        for name, icon, title, what in ways:
            way = button(title, lambda name=name: self.wanted.emit(name), icon=icon)
            way.setIconSize(QSize(20, 20))
            way.setMinimumHeight(40)
            way.setAccessibleDescription(what)
            if name == "sample":
                way.setProperty("part", "main")
                way.setIcon(theme.icon(icon, "on_accent"))
            hint = label(what, "small", tone="muted", wrap=True)
            hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            made.addLayout(column(way, hint), 1)
        return made

    def _recent_card(self) -> QWidget:
        made = card(self.tr("Recent projects"))
        layout = made.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addLayout(self._list)
        return made

    def show_recent(self) -> None:
        """List what was opened last."""
        cleared(self._list)
        paths = recent()
        for path in paths:
            self._list.addWidget(self._entry(path))
        if not paths:
            words = self.tr("Projects you open are listed here. New here? Open the sample launch.")
            self._list.addWidget(label(words, tone="muted", wrap=True))

    def _entry(self, path: Path) -> QPushButton:
        changed = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        made = button("", lambda: self.chosen.emit(path), part="row")
        made.setAccessibleName(self.tr("Open {0}").format(path.stem))
        made.setMinimumHeight(44)
        inner = QHBoxLayout(made)
        inner.setContentsMargins(GAP, 2, GAP, 2)
        names = column(label(path.stem, "strong"), label(str(path.parent), "small", tone="muted"), gap=0)
        when = label(words.moment(changed.isoformat()), "small", tone="muted")
        inner.addLayout(names, 1)
        inner.addWidget(when)
        for part in made.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return made
