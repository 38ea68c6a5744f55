"""Every screen shows the sample, and says what to do first when there is nothing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from launchpad.gui.mitigations.view import MitigationsScreen
from launchpad.gui.register.view import RegisterScreen
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.tables.view import TablesScreen
from launchpad.records import Scenario, Team

WITH_TABLES = ("register", "evidence", "mitigations", "workplan", "history", "tables")


def _words(widget):
    found = [*widget.findChildren(QLabel), *widget.findChildren(QPushButton)]
    return [one.text() for one in found if one.isVisible() and one.text()]


def _code(row, part: str) -> str:
    return row.parts[part].code


def _register(window) -> RegisterScreen:
    screen = window.screens["register"]
    assert isinstance(screen, RegisterScreen)
    return screen


@pytest.mark.parametrize("page", WITH_TABLES)
def test_that_the_table_of_each_screen_is_a_sound_model(opened, seen, qtmodeltester, page):
    seen(opened, page)
    panes = opened.screens[page].findChildren(TablePane)
    assert panes
    for pane in panes:
        qtmodeltester.check(pane.model, force_py=True)


def test_that_every_page_can_be_shown_before_there_are_results(opened, seen):
    for page, title in opened.pages():
        seen(opened, page)
        assert opened.screens[page].accessibleName() == title


def test_that_the_start_list_shows_three_beginnings_and_the_projects_opened_last(window, project):
    assert window.start.isVisible()
    assert {"&New project", "&Open a project", "Open the &sample launch"} <= set(_words(window.start))
    assert window.open_project(project)
    assert not window.start.isVisible()
    window.close_project()
    assert window.start.isVisible()
    assert project.stem in _words(window.start)


@pytest.mark.parametrize("page", ["overview", "register", "evidence", "mitigations", "workplan"])
def test_that_an_empty_screen_says_what_to_do_first(empty, seen, page):
    seen(empty, page)
    screen = empty.screens[page]
    assert any(len(words) > 30 for words in _words(screen))
    assert [one for one in screen.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]


def test_that_an_empty_table_offers_to_add_a_row(empty, seen):
    seen(empty, "tables")
    screen = empty.screens["tables"]
    assert isinstance(screen, TablesScreen)
    assert empty.document.inputs.rows(Team) == ()
    assert "&Add" in _words(screen.pane_of(Team))


def test_that_the_register_starts_with_the_worst_scenario_and_explains_it(opened, seen, qtbot):
    seen(opened, "register")
    with qtbot.waitSignal(opened.document.computed, timeout=30_000):
        opened.document.recompute()
    register = _register(opened)
    qtbot.waitUntil(lambda: register.model.row_at(0).figures.get("rank") == 1)
    current = register.pane.view.current_row()
    assert current is not None
    assert current.id == register.model.row_at(0).id


def test_that_figures_are_shown_at_once_and_what_is_drawn_comes_after(opened, qtbot):
    document = opened.document
    qtbot.waitUntil(lambda: document.settled, timeout=30_000)
    assert document.drawn is document.results
    seen: list[tuple[bool, bool]] = []
    document.computed.connect(lambda: seen.append((document.results.complete, document.drawn_stale)))
    document.recompute()
    assert document.drawn_stale
    qtbot.waitUntil(lambda: document.settled, timeout=30_000)
    assert seen == [(False, True), (True, False)]
    assert document.drawn is document.results


def test_that_results_give_mitigations_a_gain_without_a_plan(opened, seen, qtbot):
    assert opened.document.plan is None
    seen(opened, "mitigations")
    with qtbot.waitSignal(opened.document.computed, timeout=30_000):
        opened.document.recompute()
    screen = opened.screens["mitigations"]
    assert isinstance(screen, MitigationsScreen)
    qtbot.waitUntil(lambda: any(row.figures["alone"] is not None for row in screen.model.rows))
    best = {row.variant for row in opened.document.results.mitigations}
    for row in screen.model.rows:
        assert (row.figures["alone"] is not None) == (_code(row, "variant") in best)


def test_that_a_record_is_found_on_the_screen_that_has_it(opened):
    scenario = opened.document.rows(Scenario)[4]
    opened.seek(scenario)
    register = _register(opened)
    assert register.isVisible()
    assert register.pane.view.current_row().id == scenario.id


def test_that_finding_words_leaves_only_rows_that_have_them(opened, seen):
    seen(opened, "register")
    pane = _register(opened).pane
    pane.search.setText("R-003")
    assert [_code(row, "scenario") for row in map(pane.model.row_at, range(pane.model.rowCount()))] == ["R-003"]


def test_that_copied_cells_are_what_a_spreadsheet_takes(opened, seen):
    seen(opened, "register")
    register = _register(opened)
    model: TableModel = register.model
    model.sort(model.column_at("scenario.code"), Qt.SortOrder.AscendingOrder)
    view = register.pane.view
    view.clearSelection()
    for place in (0, 1):
        for column in ("scenario.code", "scenario.name"):
            view.selectionModel().select(
                model.index(place, model.column_at(column)), view.selectionModel().SelectionFlag.Select
            )
    view.copy()
    lines = QApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["R-001", "R-002"]
