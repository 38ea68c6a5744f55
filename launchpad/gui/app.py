"""Starting the window: painted first, everything heavy after."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from launchpad import __version__
from launchpad.gui import theme
from launchpad.gui.dialogs import notice_of_bug
from launchpad.gui.main_window import MainWindow

NAME = "Launchpad"


def application() -> QApplication:
    """The one application object, named and dressed."""
    present = QApplication.instance()
    app = present if isinstance(present, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(NAME)
    app.setOrganizationName(NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("launchpad")
    if QLocale().language() == QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English))  # a bare system groups no digits
    theme.start(app)
    app.setWindowIcon(theme.app_icon())
    return app


def run(path: Path | None) -> int:
    """Show the window, with a project when given one, until it is closed; the exit code."""
    app = application()
    window = MainWindow()
    _show_bugs(window)
    window.show()
    if path is not None:
        QTimer.singleShot(0, window, lambda: window.open_project(path))
    else:
        QTimer.singleShot(200, window, _warm_up)
    return app.exec()


def _warm_up() -> None:
    """Load what opening a project needs while the person reads the start list."""
    importlib.import_module("launchpad.gui.screens")
    importlib.import_module("launchpad.project")


def _show_bugs(window: MainWindow) -> None:
    """Show whatever nobody handled, ready to be copied into a report; the window stays open."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        notice_of_bug(kind, error, trace, window).open()

    sys.excepthook = hook
