"""The Qt binding itself: what one of its releases got wrong, and what ended the program."""

import sys

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 200


def test_that_calls_into_qt_keep_the_count_of_references_to_none(qtbot: QtBot) -> None:
    label = QLabel("kept")
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.update()
    assert sys.getrefcount(None) > before - CALLS // 2
