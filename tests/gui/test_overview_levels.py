"""The line of a level on the overview: always the right way up, in figures and in the drawing."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from launchpad.gui.overview.drawing import LevelsChart, said
from launchpad.gui.overview.numbers import Level

UPRIGHT = Level("current", 20.0, 10.0, 40.0)
TURNED = Level("inherent", 20.0, 40.0, 10.0)


@pytest.mark.parametrize("level", [UPRIGHT, TURNED, Level("planned", 50.0, 40.0, 10.0)])
def test_that_a_span_rises_and_holds_the_usual_overlap(level):
    low, high = level.span
    assert low < high
    assert low <= level.value <= high


def test_that_a_level_says_the_lower_end_first():
    assert said(UPRIGHT) == said(TURNED)
    assert said(TURNED).index("10") < said(TURNED).index("40")


def test_that_a_level_without_overlap_has_no_span():
    assert Level("current", 20.0).span is None
    assert said(Level("current", 20.0)) == "20"


def test_that_a_turned_level_reaches_as_far_and_is_drawn_as_the_upright_one(qtbot):
    pictures = []
    for level in (UPRIGHT, Level("current", 20.0, 40.0, 10.0)):
        chart = LevelsChart("Technical risk")
        qtbot.addWidget(chart)
        chart.resize(600, 60)
        chart.show_levels([level], None, stale=False)
        picture = QImage(600, 60, QImage.Format.Format_RGB32)
        picture.fill(0xFFFFFF)
        painter = QPainter(picture)
        chart.render(painter, QPoint())
        painter.end()
        pictures.append(picture)
    assert pictures[0] == pictures[1]
