"""One table model: order, filters, what is remembered over changes, and edits of many cells at once."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from launchpad.gui.columns import Row, field_column, figure_column
from launchpad.gui.table_model import ANYWHERE, TableModel
from launchpad.gui.table_order import sorted_places
from launchpad.gui.table_view import TableView
from launchpad.records import Estimate, Inputs, Team

pytestmark = pytest.mark.usefixtures("qapp")
UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
FIGURES = figure_column("value", "Value")
EMPTY = Inputs({})


def _rows(*values):
    return [Row(place, {}, {"value": value}) for place, value in enumerate(values)]


def _model(*values) -> TableModel:
    model = TableModel([FIGURES, figure_column("other", "Other", right=False)])
    model.show(_rows(*values))
    return model


def _shown(model: TableModel):
    return [model.row_at(place).figures["value"] for place in range(model.rowCount())]


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_that_missing_values_stand_last_whichever_way_a_column_is_sorted(direction):
    model = _model(2.0, None, 1.0, math.nan, "", 3)
    model.sort(0, direction)
    shown = _shown(model)
    assert shown[:3] == sorted(shown[:3], reverse=direction == DOWN)
    assert {str(value) for value in shown[3:]} == {"None", "nan", ""}


def test_that_estimates_sort_by_their_medians_and_words_without_regard_to_case():
    model = _model(Estimate(0, 5, 9), Estimate(1, 2, 3), Estimate(0, 3, 9))
    model.sort(0)
    assert [getattr(value, "median", None) for value in _shown(model)] == [2, 3, 5]
    words = _model("b", "A", "c")
    words.sort(0, DOWN)
    assert _shown(words) == ["c", "b", "A"]


cells = st.one_of(st.none(), st.floats(), st.integers(-9, 9), st.text(max_size=3), st.booleans())


@given(st.lists(cells, max_size=30), st.booleans())
def test_that_sorting_loses_no_row_and_keeps_equals_in_order(values, backwards):
    rows = _rows(*values)
    places = sorted_places(rows, list(range(len(rows))), FIGURES, backwards=backwards)
    assert sorted(places) == list(range(len(rows)))
    equal = [at for at in places if rows[at].figures["value"] is None]
    assert equal == sorted(equal)


def test_that_a_filter_takes_words_or_a_comparison():
    model = _model(0.05, 0.2, 0.15, None)
    model.set_filter("value", ">0.1")
    assert _shown(model) == [0.2, 0.15]
    model.set_filter("value", "<= 0.15")
    assert _shown(model) == [0.05, 0.15]
    model.set_filter("value", "0.2")
    assert _shown(model) == [0.2]
    model.set_filter("value", "")
    assert model.rowCount() == 4


def test_that_words_are_found_in_any_column_and_filters_add_up():
    model = TableModel([figure_column("a", "A"), figure_column("b", "B")])
    model.show([Row(1, {}, {"a": "Fraud", "b": "x"}), Row(2, {}, {"a": "y", "b": "fraudulent"}), Row(3, {}, {})])
    model.set_filter(ANYWHERE, "FRAUD")
    assert [model.row_at(place).id for place in range(model.rowCount())] == [1, 2]
    model.set_filter("b", "x")
    assert [model.row_at(place).id for place in range(model.rowCount())] == [1]
    model.clear_filters()
    assert model.rowCount() == 3


def test_that_the_cursor_stays_on_its_row_when_rows_are_sorted_changed_and_added(qtbot: QtBot):
    model = _model(3, 1, 2)
    view = TableView(model, "Numbers")
    qtbot.addWidget(view)
    assert view.choose(2)
    model.sort(0)
    assert view.current_row().id == 2
    model.show([*_rows(3, 1, 0), Row(9, {}, {"value": 7})])
    assert view.current_row().id == 2
    assert view.currentIndex().row() == 0


def test_that_the_cursor_goes_to_the_first_row_when_its_own_is_filtered_away(qtbot: QtBot):
    model = _model(3, 1, 2)
    view = TableView(model, "Numbers")
    qtbot.addWidget(view)
    view.choose(1)
    model.set_filter("value", ">2")
    assert view.current_row().id == 0


def test_that_what_was_drawn_before_is_drawn_anew_after_a_change():
    model = _model(1, 2)
    cell = model.index(0, 0)
    assert model.data(cell) == "1"
    model.show(_rows(5, 2))
    assert model.data(cell) == "5"


def test_that_sorting_filtering_and_changing_keep_the_model_sound(qtmodeltester: ModelTester):
    model = _model(3, None, 1, "x", Estimate(1, 2, 3))
    qtmodeltester.check(model, force_py=True)
    model.sort(0, DOWN)
    model.set_filter("value", "1")
    model.clear_filters()
    model.show(_rows(1))
    model.show_columns([FIGURES])
    model.sort(0)


class Teams:
    """A table of teams whose edits are kept in memory."""

    def __init__(self) -> None:
        teams = [Team(id=n, code=f"T-{n}", name=f"Team {n}") for n in (1, 2, 3)]
        self.rows = [Row(team.id, {"team": team}) for team in teams]
        self.edits: list[list[tuple[str, str, str]]] = []
        inputs = Inputs({"team": tuple(teams)})
        columns = [field_column(lambda: inputs, Team, name) for name in ("code", "name", "weekdays")]
        self.model = TableModel(columns, self._commit)
        self.model.show(self.rows)

    def _commit(self, wishes) -> bool:
        self.edits.append([(row.parts["team"].code, column.key, words) for row, column, words in wishes])
        return True


@pytest.fixture
def teams() -> Teams:
    return Teams()


@pytest.fixture
def view(qtbot: QtBot, teams: Teams) -> TableView:
    made = TableView(teams.model, "Teams")
    qtbot.addWidget(made)
    return made


def _select(view: TableView, *cells: tuple[int, int]) -> None:
    view.clearSelection()
    for row, column in cells:
        view.selectionModel().select(view.table.index(row, column), QItemSelectionModel.SelectionFlag.Select)


def test_that_pasting_a_block_of_cells_is_one_edit(view, teams):
    QGuiApplication.clipboard().setText("Alpha\t1,2\nBeta\t3,4\n")
    _select(view, (0, 1))
    view.paste()
    assert teams.edits == [
        [
            ("T-1", "team.name", "Alpha"),
            ("T-1", "team.weekdays", "1,2"),
            ("T-2", "team.name", "Beta"),
            ("T-2", "team.weekdays", "3,4"),
        ]
    ]


def test_that_cells_pasted_beyond_the_edge_are_left_out(view, teams):
    QGuiApplication.clipboard().setText("a\tb\tc\nd\te\tf")
    _select(view, (2, 2))
    view.paste()
    assert teams.edits == [[("T-3", "team.weekdays", "a")]]


def test_that_one_pasted_cell_fills_the_whole_selection(view, teams):
    QGuiApplication.clipboard().setText("Same")
    _select(view, (0, 1), (2, 1))
    view.paste()
    assert teams.edits == [[("T-1", "team.name", "Same"), ("T-3", "team.name", "Same")]]


def test_that_filling_down_takes_the_topmost_cell_of_each_column(view, teams):
    _select(view, (0, 1), (1, 1), (2, 1))
    view.fill_down()
    assert teams.edits == [[("T-2", "team.name", "Team 1"), ("T-3", "team.name", "Team 1")]]


def test_that_clearing_cells_sends_blanks_and_copying_them_gives_a_block(view, teams):
    _select(view, (0, 0), (1, 1))
    view.copy()
    assert QGuiApplication.clipboard().text() == "T-1\t\n\tTeam 2"
    view.clear_cells()
    assert teams.edits == [[("T-1", "team.code", ""), ("T-2", "team.name", "")]]


def test_that_a_cell_without_its_record_cannot_be_edited(teams):
    teams.model.show([replace(teams.rows[0], parts={"team": None})])
    index = teams.model.index(0, 1)
    assert not teams.model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not teams.model.setData(index, "x")
    assert teams.edits == []
