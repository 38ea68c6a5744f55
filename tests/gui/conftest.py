"""Windows without a screen, each with a copy of one sample project."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from launchpad.changes import delete
from launchpad.gui.app import application
from launchpad.gui.main_window import MainWindow
from launchpad.project import Project
from launchpad.records import Criterion, Reading, SuccessCriterion, SwingWeight, Trigger
from launchpad.templates import sample_project


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


LEFT_OUT = (Trigger, Reading, SwingWeight, Criterion, SuccessCriterion)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample launch before anybody set criteria or triggers, or tried it out: tests set their own."""
    path = tmp_path_factory.mktemp("sample") / "sample.launchpad"
    with sample_project(path) as project:
        gone = [row for record in LEFT_OUT for row in project.inputs.rows(record)]
        project.edit([delete(row) for row in gone], "Start without criteria")
    return path


@pytest.fixture
def project(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sample, tmp_path / "launch.launchpad"))


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    QSettings().clear()
    assert qapp.applicationName() == "Launchpad"
    made = MainWindow()
    made.resize(1280, 720)
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def opened(window: MainWindow, project: Path) -> MainWindow:
    assert window.open_project(project)
    return window


@pytest.fixture
def empty(window: MainWindow, tmp_path: Path) -> MainWindow:
    path = tmp_path / "empty.launchpad"
    Project.create(path, name="Nothing yet").close()
    assert window.open_project(path)
    return window


@pytest.fixture
def seen(qtbot: QtBot) -> Callable[[MainWindow, str], None]:
    """Shows a page and waits until it has caught up."""

    def show(window: MainWindow, page: str) -> None:
        window.show_page(page)
        qtbot.waitUntil(window.screens[page].isVisible)
        window.screens[page].refresh_if_seen()

    return show
