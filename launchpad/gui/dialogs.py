"""What the program tells a person in a window of its own: what happened, to which thing, what to do."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Mapping
from types import TracebackType

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from launchpad import __version__
from launchpad.errors import ConflictError, LaunchpadError
from launchpad.gui import theme
from launchpad.gui.pieces import button, icon_label, label, row, selectable
from launchpad.gui.theme import WIDE

Button = QDialogButtonBox.StandardButton


class Notice(QDialog):
    """What happened, what to do, and details that can be copied."""

    def __init__(self, title: str, what: str, to_do: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        head = label(what, "heading", wrap=True)
        self.what, self.to_do = selectable(head), selectable(label(to_do, wrap=True))
        top = row(icon_label("warning", "warn", 32), self.what, gap=WIDE)
        top.setStretch(1, 1)
        inner = QVBoxLayout(self)
        inner.setSpacing(WIDE)
        inner.addLayout(top)
        if to_do:
            inner.addWidget(self.to_do)
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(self.tr("Details"))
        self.details.setVisible(bool(details))
        self.details.setMinimumHeight(120)
        inner.addWidget(self.details)
        buttons = QDialogButtonBox(Button.Close)
        buttons.rejected.connect(self.reject)
        copy = button(self.tr("&Copy details"), self.copy, icon="copy")
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        copy.setAutoDefault(False)
        buttons.button(Button.Close).setDefault(True)
        buttons.button(Button.Close).setFocus()
        inner.addWidget(buttons)

    def copy(self) -> None:
        """Put everything that is said on the clipboard."""
        parts = (self.what.text(), self.to_do.text(), self.details.toPlainText())
        QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))


def notice_of(error: LaunchpadError, parent: QWidget | None = None) -> Notice:
    """The notice that shows an error a person can act on; a conflict shows the value as it is now."""
    details = _present(error.present) if isinstance(error, ConflictError) else ""
    title = parent.tr("Launchpad") if parent is not None else "Launchpad"
    hint, extra = error.hint, ""
    if "\n" in hint:
        hint, extra = "", hint
    return Notice(title, error.message, hint, "\n".join(part for part in (details, extra) if part), parent)


def _present(row_now: Mapping[str, object] | None) -> str:
    if row_now is None:
        return ""
    return "\n".join(f"{name}: {'' if value is None else value}" for name, value in row_now.items())


def notice_of_bug(
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    parent: QWidget | None = None,
) -> Notice:
    """The notice for what should not have happened: everything a report needs, ready to copy."""
    lines = "".join(traceback.format_exception(kind, error, trace))
    where = f"Launchpad {__version__}, Qt {qVersion()}, Python {platform.python_version()}, {platform.platform()}"
    made = Notice("Launchpad", "", "", f"{where}\n\n{lines}", parent)
    made.what.setText(made.tr("Something went wrong inside Launchpad."))
    made.to_do.setText(made.tr("Your project is saved up to the last edit. Copy the details into a report."))
    layout = made.layout()
    if isinstance(layout, QVBoxLayout):
        layout.insertWidget(1, made.to_do)
    return made


class About(QDialog):
    """What the program is, which version, and under which licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Launchpad"))
        picture = label()
        picture.setPixmap(theme.app_icon().pixmap(64, 64))
        words = (
            label("Launchpad", "title"),
            label(self.tr("Version {0}").format(__version__), tone="muted"),
            label(self.tr("Decide which safety work comes first before a model launch, and prove it.")),
            label(self.tr("Free software under the Apache Licence 2.0.")),
            label(f"Qt {qVersion()}, Python {platform.python_version()}", "small", tone="muted"),
        )
        inner = QVBoxLayout(self)
        inner.addWidget(picture, alignment=Qt.AlignmentFlag.AlignLeft)
        for part in words:
            inner.addWidget(selectable(part))
        buttons = QDialogButtonBox(Button.Close)
        buttons.rejected.connect(self.reject)
        inner.addWidget(buttons)
