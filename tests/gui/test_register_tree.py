"""The tree of risk areas: a sound model under every shape, a search, a drag, and what stays over a change."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from launchpad.changes import insert, new_id, update
from launchpad.gui.register.badges import TEXTS, badges
from launchpad.gui.register.forest import Node, area_forest, grown, no_drop, sought, tree_forest
from launchpad.gui.register.tree_model import BADGES_ROLE, KEY_ROLE, AreaTreeModel, dragged
from launchpad.gui.register.tree_view import AreaTree
from launchpad.records import AreaParent, Inputs, RiskArea, Scenario
from tests.taxonomies.trees import RICH

pytestmark = pytest.mark.usefixtures("qapp")


def _node(key: int, *parents: int, status: str = "active", handling: str = "open", name: str = "") -> Node:
    return Node(key, f"C-{key:02d}", name or f"Area {key}", "policy", status, handling, parents)


def _forest(*nodes: Node):
    return grown({node.key: node for node in nodes})


SMALL = _forest(_node(1), _node(2, 1), _node(3, 1, 2), _node(4, 2, handling="restricted"), _node(5, 4), _node(6))


def _model(forest, *, movable: bool = True) -> AreaTreeModel:
    made = AreaTreeModel()
    made.show(forest, movable=movable)
    return made


def _lines(model: AreaTreeModel, above: QModelIndex | None = None) -> list[tuple[int, ...]]:
    """The paths of every line, depth first."""
    found: list[tuple[int, ...]] = []
    here = above or QModelIndex()
    for row in range(model.rowCount(here)):
        index = model.index(row, 0, here)
        found.append(model.path_of(index))
        found.extend(_lines(model, index))
    return found


@pytest.mark.parametrize(
    "forest",
    [
        _forest(),
        SMALL,
        _forest(_node(1, 3), _node(2, 1), _node(3, 2), _node(4, 3)),
        _forest(_node(1, 1), _node(2, 99)),
        tree_forest(RICH),
    ],
    ids=["empty", "several parents", "circle", "its own parent", "kept release"],
)
def test_that_the_tree_is_a_sound_model(forest, qtmodeltester):
    model = _model(forest)
    qtmodeltester.check(model, force_py=True)
    model.search("area")
    qtmodeltester.check(model, force_py=True)


def test_that_an_area_stands_under_each_of_its_parents_and_says_so():
    model = _model(SMALL)
    assert [path for path in _lines(model) if path[-1] == 3] == [(1, 2, 3), (1, 3)]
    under_one, under_two = model.at_path((1, 3)), model.at_path((1, 2, 3))
    assert [badge.words for badge in under_one.data(BADGES_ROLE)] == ["also C-02"]
    assert [badge.words for badge in under_two.data(BADGES_ROLE)] == ["also C-01"]
    assert model.first_of(3) == under_one


def test_that_every_area_of_a_circle_is_shown_once_on_each_way():
    model = _model(_forest(_node(1, 3), _node(2, 1), _node(3, 2), _node(4)))
    assert _lines(model) == [(4,), (1,), (1, 2), (1, 2, 3)]
    assert "circle" in [badge.words for badge in badges(model.forest, model.forest.nodes[2], None)]


def test_that_handling_goes_down_to_what_lies_below():
    assert {key: node.handling for key, node in SMALL.nodes.items() if node.handling != "open"} == {
        4: "restricted",
        5: "restricted",
    }


def test_that_a_deprecated_area_is_struck_and_names_its_successor():
    gone = replace(_node(7, status="deprecated"), heirs=(("C-01", "Area 1"),))
    model = _model(_forest(_node(1), gone))
    index = model.first_of(7)
    assert index.data(Qt.ItemDataRole.FontRole).strikeOut()
    assert [badge.words for badge in index.data(BADGES_ROLE)] == ["→ C-01"]
    status = index.siblingAtColumn(AreaTreeModel.COLUMNS.index("status"))
    assert status.data() == "Deprecated, see C-01 Area 1"
    assert "→ C-01" in index.data(Qt.ItemDataRole.AccessibleTextRole)


parents = st.lists(st.lists(st.integers(0, 11), max_size=2), min_size=1, max_size=12)


@given(parents)
def test_that_every_area_has_a_line_whatever_its_parents_are(shape):
    forest = _forest(*(_node(key, *above) for key, above in enumerate(shape)))
    paths = _lines(_model(forest))
    assert {path[-1] for path in paths} == set(range(len(shape)))
    assert all(len(set(path)) == len(path) for path in paths)


@given(parents, st.text("C-0123", max_size=3))
def test_that_a_search_keeps_what_matches_and_what_leads_to_it(shape, words):
    forest = _forest(*(_node(key, *above) for key, above in enumerate(shape)))
    found, hits = sought(forest, words, lambda node: node.code)
    assert hits <= found.nodes.keys()
    for key in found.nodes.keys() - hits if hits else ():
        assert found.closure([key]) & hits


def test_that_a_search_looks_in_every_column():
    model = _model(SMALL)
    model.search("restricted")
    assert model.hits == {4, 5}
    assert _lines(model) == [(1,), (1, 2), (1, 2, 4), (1, 2, 4, 5)]
    model.search("c-06")
    assert _lines(model) == [(6,)]
    model.search("nothing like it")
    assert _lines(model) == []
    model.search("")
    assert len(_lines(model)) == 7


def test_that_words_alone_change_without_the_lines_changing(qtbot):
    model = _model(SMALL)
    index = model.first_of(4)
    changed = {**SMALL.nodes, 4: replace(SMALL.nodes[4], name="Another name")}
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.show(grown(changed), movable=True)
    assert index.data() == "Another name"


def test_that_what_was_open_and_chosen_stays_when_an_area_moves():
    view = AreaTree(_model(SMALL))
    view.expand(view.areas.at_path((1,)))
    view.expand(view.areas.at_path((1, 2)))
    view.choose([4])
    moved = {**SMALL.nodes, 6: replace(SMALL.nodes[6], parents=(2,))}
    view.areas.show(grown(moved), movable=True)
    assert view.keys() == [4]
    assert view.isExpanded(view.areas.at_path((1, 2)))
    assert view.areas.at_path((1, 2, 6)).isValid()


def test_that_ten_thousand_areas_are_made_only_where_they_are_looked_at():
    chance = random.Random(7)
    nodes = [
        _node(key, *((chance.randint(key // 12 + 1, key // 10 + 1),) if key > 20 else ())) for key in range(10_000)
    ]
    view = AreaTree(_model(_forest(*nodes)))
    assert len(view.areas._places) < 500
    assert view.choose([9_999])
    assert view.keys() == [9_999]
    assert len(view.areas._places) < 1_000
    view.areas.search("area 99")
    assert view.areas.hits == {key for key in range(10_000) if "99" in str(key)}


@pytest.mark.parametrize(
    ("keys", "target", "how"),
    [
        ([2], 4, "under"),
        ([2], 2, "itself"),
        ([2], 1, "there"),
        ([6], None, "there"),
        ([2, 4], 6, None),
        ([4], None, None),
        ([3], 2, None),
    ],
)
def test_that_a_drag_into_what_lies_below_is_refused_and_says_why(keys, target, how):
    found = no_drop(SMALL, keys, target)
    assert (found.how if found else None) == how


def test_that_of_an_area_and_what_is_under_it_only_the_area_is_dragged():
    assert SMALL.topmost([5, 2, 4, 6]) == [2, 6]


def _event(kind, view: AreaTree, data: QMimeData, at):
    action = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    place = view.visualRect(at).center() if at.isValid() else view.viewport().rect().bottomLeft()
    where = place if kind is QDragMoveEvent else QPointF(place)
    return kind(where, action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def view(qtbot):
    made = AreaTree(_model(SMALL))
    qtbot.addWidget(made)
    made.resize(420, 400)
    made.expandAll()
    made.show()
    QApplication.processEvents()
    return made


def _data(view: AreaTree, *keys: int) -> QMimeData:
    return view.areas.mimeData([view.areas.first_of(key) for key in keys])


def test_that_several_areas_dropped_on_another_are_asked_about_once(view, qtbot):
    data = _data(view, 2, 4)
    assert dragged(data) == (2, 4)
    assert data.text().splitlines() == ["C-02\tArea 2", "C-04\tArea 4"]
    with qtbot.waitSignal(view.dropped) as asked:
        view.dropEvent(_event(QDropEvent, view, data, view.areas.first_of(6)))
    assert asked.args == [(2,), 6, False]


def test_that_a_refused_drag_says_why_while_it_is_dragged_and_asks_nothing(view, qtbot):
    data = _data(view, 2)
    moving = _event(QDragMoveEvent, view, data, view.areas.first_of(4))
    with qtbot.waitSignal(view.told) as told:
        view.dragMoveEvent(moving)
    assert not moving.isAccepted()
    assert told.args == ["C-04 lies under C-02; C-02 cannot move into what is under it."]
    with qtbot.assertNotEmitted(view.dropped, wait=30), qtbot.waitSignal(view.told):
        view.dropEvent(_event(QDropEvent, view, data, view.areas.first_of(4)))


def test_that_a_drop_beside_every_line_is_a_move_to_the_top(view, qtbot):
    data = _data(view, 4)
    with qtbot.waitSignal(view.dropped) as asked:
        view.dropEvent(_event(QDropEvent, view, data, QModelIndex()))
    assert asked.args == [(4,), None, False]


def test_that_a_kept_release_cannot_be_dragged():
    model = _model(tree_forest(RICH), movable=False)
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled


@pytest.mark.parametrize(
    ("key", "name"), [(Qt.Key.Key_F2, "rename"), (Qt.Key.Key_Insert, "add"), (Qt.Key.Key_Delete, "deprecate")]
)
def test_that_keys_ask_for_operations(view, qtbot, key, name):
    with qtbot.waitSignal(view.operated) as asked:
        qtbot.keyClick(view, key)
    assert asked.args == [name]


def test_that_escape_chooses_nothing(view, qtbot):
    view.choose([4])
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.keys() == []


def test_that_areas_can_be_copied(view):
    view.choose([4, 6])
    view.copy()
    assert QApplication.clipboard().text() == "C-04\tArea 4\nC-06\tArea 6"
    assert view.areas.first_of(6).data(KEY_ROLE) == 6


def test_that_scenarios_are_counted_once_for_an_area_in_two_places():
    areas = [
        RiskArea(id=key, code=f"A-{key}", name=f"{key}", release=1, parent=parent)
        for key, parent in ((1, None), (2, 1), (3, 1), (4, 2))
    ]
    also = AreaParent(id=9, area=4, parent=3)
    rows = [Scenario(id=20 + place, launch=1, code=f"R-{place}", name="x", risk_area=4) for place in range(2)]
    tables = {RiskArea.table: tuple(areas), AreaParent.table: (also,), Scenario.table: tuple(rows)}
    forest = area_forest(Inputs(tables), 1)
    assert {key: (node.own, node.under) for key, node in forest.nodes.items()} == {
        1: (0, 2),
        2: (0, 2),
        3: (0, 2),
        4: (2, 2),
    }
    assert TEXTS["scenarios"](forest.nodes[1]) == "2"


def test_that_the_register_filters_its_scenarios_by_the_chosen_areas(opened, seen):
    seen(opened, "register")
    screen = opened.screens["register"]
    inputs = opened.document.inputs
    every = len(inputs.rows(Scenario, opened.document.launch.id))
    assert screen.model.rowCount() == every
    chosen = [inputs.find(RiskArea, code) for code in ("A-SPC", "A-HTE")]
    assert screen.page.show_area(*chosen)
    shown = {inputs.get(RiskArea, row.parts["scenario"].risk_area).code for row in screen.model.rows}
    assert shown == {"A-SPC-ELE", "A-SPC-FIN", "A-SPC-HLT", "A-SPC-LGL", "A-HTE"}
    assert screen.page.behind.currentWidget() is screen.page.area
    assert screen.page.all.isVisible()
    screen.page.all.click()
    assert screen.model.rowCount() == every
    assert screen.page.behind.currentWidget() is screen.inspector


def test_that_an_area_with_a_further_parent_brings_its_scenarios_there_too(opened, seen):
    seen(opened, "register")
    document, screen = opened.document, opened.screens["register"]
    inner, under = (document.inputs.find(RiskArea, code) for code in ("A-SXC", "A-PHY"))
    assert document.edit([insert(AreaParent(id=new_id(), area=inner.id, parent=under.id))], "Also")
    screen.refresh_if_seen()
    screen.page.show_area(under)
    assert {row.parts["scenario"].risk_area for row in screen.model.rows} >= {inner.id}


def test_that_a_circle_in_the_file_is_still_shown(opened, seen):
    seen(opened, "register")
    document, screen = opened.document, opened.screens["register"]
    top, child = (document.inputs.find(RiskArea, code) for code in ("A-SPC", "A-SPC-HLT"))
    assert document.edit([update(top, parent=child.id)], "By hand")
    screen.refresh_if_seen()
    assert screen.page.show_area(child)
    screen.tabs.setCurrentWidget(screen.checks)
    assert any(found.kind == "cycle" for found in screen.checks.found)


def test_that_filtering_the_tree_leaves_the_way_to_what_matches(opened, seen):
    seen(opened, "register")
    pane = opened.screens["register"].page.areas
    pane.search.setText("elections")
    pane.find_now()
    shown = [node.code for node in pane.model.shown.nodes.values()]
    assert sorted(shown) == ["A-CTX", "A-SPC", "A-SPC-ELE"]
    assert pane.tree.isExpanded(pane.model.first_of(opened.document.inputs.find(RiskArea, "A-SPC").id))
    pane.search.setText("zzz")
    pane.find_now()
    assert not pane.model.shown.nodes
    assert pane.choose([opened.document.inputs.find(RiskArea, "A-HTE").id])
    assert pane.search.text() == ""


def test_that_the_release_chooser_shows_one_taxonomy_or_all(opened, seen):
    seen(opened, "register")
    pane = opened.screens["register"].page.areas
    assert pane.releases.count() == 4
    every = len(pane.model.forest.nodes)
    place = pane.releases.findText("Preparedness tracked categories 2 · draft")
    pane.releases.setCurrentIndex(place)
    pane.releases.activated.emit(place)
    assert {node.code[:5] for node in pane.model.forest.nodes.values()} <= {"A-TRK", "A-BIO", "A-CYB", "A-ASI"}
    assert 0 < len(pane.model.forest.nodes) < every
