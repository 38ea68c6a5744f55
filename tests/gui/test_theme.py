"""What can be read, heard and kept: contrast, names for screen readers, plain text, the source of colours."""

import ast
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

import launchpad.gui
from launchpad.gui import theme

SOURCES = sorted(Path(launchpad.gui.__file__).parent.rglob("*.py"))
READABLE = 4.5
MARKUP = {"setHtml", "insertHtml", "setMarkdown", "insertMarkdown"}
RICH = {"QMessageBox", "QTextBrowser", "QTextEdit", "QErrorMessage", "QWhatsThis"}
PAGES = ("overview", "register", "evidence", "mitigations", "workplan", "history", "tables")


def _light(name: str) -> float:
    found = QColor(name)
    parts = (found.redF(), found.greenF(), found.blueF())
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("shown", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_that_every_tone_can_be_read_on_every_ground(shown):
    colours = asdict(shown)
    for ground in ("surface", "window"):
        for ink in ("text", "muted", "accent", "good", "bad", "warn", "info"):
            assert _contrast(colours[ink], colours[ground]) >= READABLE, (ink, ground)
    assert _contrast(colours["text"], colours["selected"]) >= READABLE


@pytest.mark.parametrize("shown", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_that_notes_and_the_main_button_can_be_read(shown):
    colours = asdict(shown)
    assert _contrast(colours["on_accent"], colours["accent"]) >= READABLE
    for tone in ("good", "bad", "warn", "info"):
        assert _contrast(colours[tone], colours[f"{tone}_fill"]) >= READABLE


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            made = node.func
            yield (made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")), node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_that_text_from_data_is_never_taken_for_markup(path):
    """Labels are made in one place, as plain text; tooltips are escaped or words of our own."""
    for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
        assert name not in RICH or (name == "QTextEdit" and path.stem == "written")
        assert name not in MARKUP
        assert name != "QLabel" or path.stem == "pieces"
        if name == "setToolTip":
            said = call.args[-1]
            assert isinstance(said, ast.Call | ast.IfExp)
            assert any(found in ("plain_tip", "tr") for found, _ in _calls(ast.Module([ast.Expr(said)], [])))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_that_only_the_theme_names_colours(path):
    if path.stem == "theme":
        return
    words = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [word for word in words if word.startswith("#") and QColor(word).isValid()] == []


def _visible(parent: QWidget, *kinds: type[QWidget]) -> Iterator[QWidget]:
    for kind in kinds:
        for found in parent.findChildren(kind):
            if found.isVisible() and not found.objectName().startswith("qt_"):
                yield found


@pytest.mark.parametrize("page", PAGES)
def test_that_every_control_has_a_name_for_screen_readers(opened, seen, page):
    seen(opened, page)
    for control in _visible(opened.screens[page], QLineEdit, QComboBox, QAbstractItemView, QAbstractButton):
        inner = isinstance(control.parent(), QComboBox | QLineEdit) or type(control).__name__ == "QTableCornerButton"
        if inner or isinstance(control, QHeaderView):
            continue
        assert control.accessibleName(), f"{type(control).__name__} on {page}"


@pytest.mark.parametrize("page", PAGES)
def test_that_no_words_are_cut_off_at_1280_by_720(opened, seen, page):
    opened.resize(1280, 720)
    seen(opened, page)
    QApplication.processEvents()
    assert opened.width() == 1280
    for control in _visible(opened, QPushButton, QLabel):
        if isinstance(control, QLabel) and control.wordWrap():
            assert control.height() + 1 >= control.heightForWidth(control.width()), control.text()
        else:
            assert control.width() + 1 >= control.sizeHint().width(), repr(control)
