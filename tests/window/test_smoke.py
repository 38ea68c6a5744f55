"""The real window on a real window system: opens the sample, shows every page, edits, undoes, closes."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from launchpad.gui.app import application
from launchpad.gui.main_window import MainWindow
from launchpad.gui.register.view import RegisterScreen
from launchpad.records import Scenario
from launchpad.templates import sample_project

pytestmark = pytest.mark.display
FEWEST_COLOURS = 12


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


def _colours(picture: QImage) -> int:
    places = ((x, y) for x in range(0, picture.width(), 5) for y in range(0, picture.height(), 5))
    return len({picture.pixel(x, y) for x, y in places})


def _pages_work(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    for page, title in window.pages():
        window.show_page(page)
        screen = window.screens[page]
        qtbot.waitUntil(screen.isVisible)
        QApplication.processEvents()
        picture = folder / f"{page}.png"
        assert window.grab().save(str(picture))
        assert _colours(QImage(str(picture))) >= FEWEST_COLOURS, f"{title} is blank"


def test_that_the_window_opens_shows_every_page_edits_undoes_and_closes(qtbot: QtBot, tmp_path: Path) -> None:
    QSettings().clear()
    path = tmp_path / "sample.launchpad"
    sample_project(path).close()
    window = MainWindow()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    assert QApplication.platformName() != "offscreen"
    assert window.open_project(path)
    document = window.document
    assert document is not None
    qtbot.waitUntil(lambda: document.results is not None, timeout=60_000)
    _pages_work(window, qtbot, tmp_path)

    window.show_page("register")
    register = window.screens["register"]
    assert isinstance(register, RegisterScreen)
    names = [row.name for row in document.rows(Scenario)]
    cell = register.model.index(0, register.model.column_at("scenario.name"))
    assert register.model.setData(cell, "A name nobody else has")
    assert "A name nobody else has" in [row.name for row in document.rows(Scenario)]
    window.commands["undo"].trigger()
    assert [row.name for row in document.rows(Scenario)] == names

    assert window.close()
    assert window.document is None
