"""Each operation on risk areas, from its dialog to the file: dry run, reason, one edit, undo."""

from typing import Any

import pytest
from PySide6.QtWidgets import QMenu

from launchpad.gui.register.doing import areas_of, dialog_for, fill_menu
from launchpad.gui.register.operation_dialog import OperationDialog
from launchpad.gui.register.operations import kind_named, kinds, may
from launchpad.gui.register.releases import next_version, release_draft, start_draft
from launchpad.records import AreaChange, AreaParent, Inputs, RiskArea, Scenario, TaxonomyRelease


@pytest.fixture
def screen(opened, seen):
    seen(opened, "register")
    return opened.screens["register"]


@pytest.fixture
def ask(screen):
    """Chooses areas, asks for an operation, and hands over its dialog."""

    def asked(name: str, *codes: str) -> OperationDialog:
        found: list[Any] = []
        screen.page.asking.connect(found.append)
        screen.page.show_area(*[area(screen, code) for code in codes])
        screen.operate(name)
        assert len(found) == 1
        return found[0]

    return asked


def area(screen, code) -> RiskArea:
    return screen.document.inputs.find(RiskArea, code)


def finish(dialog: OperationDialog, reason: str = "three teams decide") -> None:
    dialog.look()
    assert not dialog.apply.isEnabled()
    dialog.reason.setText(reason)
    assert dialog.apply.isEnabled()
    dialog.apply.click()
    assert not dialog.isVisible()


def last(screen) -> AreaChange:
    return max(screen.document.inputs.rows(AreaChange), key=lambda row: row.place)


def becomes(dialog: OperationDialog) -> set[tuple[str, str]]:
    return {(str(row.figures["what"]), str(row.figures["carried"])) for row in dialog.effects.rows}


def test_that_nothing_can_be_applied_without_a_reason(screen, ask):
    dialog = ask("rename", "A-HTE")
    dialog.look()
    assert dialog.problem.text() == "Type the new name."
    dialog.name.setText("Hate and harassment")
    dialog.look()
    assert "3 stay" in dialog.said.text() or "stay as they are" in dialog.said.text()
    assert not dialog.apply.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    assert area(screen, "A-HTE").name == "Hate"
    finish(dialog)
    assert area(screen, "A-HTE").name == "Hate and harassment"
    assert (last(screen).kind, last(screen).reason) == ("rename", "three teams decide")
    screen.document.undo()
    assert area(screen, "A-HTE").name == "Hate"
    assert screen.document.inputs.rows(AreaChange) == ()


def test_that_an_area_is_added_below_the_chosen_one(screen, ask):
    dialog = ask("add", "A-SPC")
    assert dialog.code.text() == "A-SPC-1"
    dialog.name.setText("Specialised advice: careers")
    finish(dialog)
    made = area(screen, "A-SPC-1")
    assert (made.parent, made.area_class, made.status) == (area(screen, "A-SPC").id, "policy", "draft")
    assert made.release == area(screen, "A-SPC").release
    screen.refresh_if_seen()
    assert screen.page.areas.model.first_of(made.id).isValid()


def test_that_a_code_that_is_taken_is_refused_before_it_is_applied(ask):
    dialog = ask("add", "A-SPC")
    dialog.code.setText("A-HTE")
    dialog.name.setText("Twice")
    dialog.reason.setText("x")
    dialog.look()
    assert "A-HTE" in dialog.problem.text()
    assert not dialog.apply.isEnabled()


def test_that_a_narrower_meaning_asks_for_labels_anew(screen, ask):
    dialog = ask("redefine", "A-SPC-HLT")
    dialog.editors["plain"].setPlainText("Doses only.")
    dialog.relation.setCurrentIndex(dialog.relation.findData("narrow"))
    dialog.look()
    assert becomes(dialog) == {("Scenario", "Judge anew")}
    finish(dialog)
    assert area(screen, "A-SPC-HLT").plain == "Doses only."
    assert last(screen).carried == "relabel"


def test_that_several_areas_move_together_and_one_undo_takes_it_back(screen, ask):
    before = {code: area(screen, code).parent for code in ("A-HTE", "A-PRV")}
    dialog = ask("move", "A-HTE", "A-PRV")
    dialog.under.choose(area(screen, "A-CTX").id)
    finish(dialog)
    assert {area(screen, code).parent for code in before} == {area(screen, "A-CTX").id}
    screen.document.undo()
    assert {code: area(screen, code).parent for code in before} == before


def test_that_a_move_says_that_nothing_maps_and_may_ask_for_labels_anew(screen, ask):
    dialog = ask("move", "A-HTE")
    dialog.under.choose(area(screen, "A-CTX").id)
    dialog.carried.setCurrentIndex(dialog.carried.findData("map"))
    dialog.look()
    assert "nothing can move" in dialog.problem.text()
    dialog.carried.setCurrentIndex(dialog.carried.findData("relabel"))
    finish(dialog)
    assert last(screen).carried == "relabel"


def test_that_dragged_areas_are_asked_about_with_the_place_filled_in(screen):
    found: list[Any] = []
    screen.page.asking.connect(found.append)
    moved, under = area(screen, "A-SXC"), area(screen, "A-PHY")
    screen.page.areas.tree.dropped.emit((moved.id,), under.id, True)
    dialog = found[0]
    assert dialog.under.key() == under.id
    assert dialog.also.isChecked()
    finish(dialog)
    (row,) = screen.document.inputs.rows(AreaParent)
    assert (row.area, row.parent) == (moved.id, under.id)
    assert area(screen, "A-SXC").parent == moved.parent


def test_that_a_split_without_an_heir_leaves_labels_to_be_judged_anew(screen, ask):
    dialog = ask("split", "A-SPC-HLT")
    for one, name in zip(dialog.parts, ("Dosing", "Triage"), strict=True):
        one.name.setText(name)
    dialog.look()
    assert becomes(dialog) == {("Scenario", "Judge anew")}
    finish(dialog)
    assert area(screen, "A-SPC-HLT").status == "deprecated"
    assert (last(screen).kind, last(screen).others) == ("split", "A-SPC-HLT-1, A-SPC-HLT-2")
    screen.refresh_if_seen()
    node = screen.page.areas.model.forest.nodes[area(screen, "A-SPC-HLT").id]
    assert [code for code, _ in node.heirs] == ["A-SPC-HLT-1", "A-SPC-HLT-2"]


def test_that_a_split_moves_all_to_the_one_part_that_stands_for_it(screen, ask):
    dialog = ask("split", "A-SPC-HLT")
    dialog.add_part()
    for one, name in zip(dialog.parts, ("Dosing", "Triage", "Wellness"), strict=True):
        one.name.setText(name)
    dialog.parts[1].relation.setCurrentIndex(dialog.parts[1].relation.findData("close"))
    finish(dialog)
    heir = area(screen, "A-SPC-HLT-2").id
    assert [row.risk_area for row in screen.document.inputs.rows(Scenario)].count(heir) == 1


def test_that_a_merge_moves_scenarios_to_the_area_they_become_part_of(screen, ask):
    dialog = ask("merge", "A-DFM", "A-PRV")
    dialog.into.choose(area(screen, "A-PRV").id)
    dialog.look()
    assert ("Scenario", "Moves") in becomes(dialog)
    finish(dialog)
    assert area(screen, "A-DFM").status == "deprecated"
    assert area(screen, "A-DFM").replaced_by == area(screen, "A-PRV").id
    assert not screen.document.inputs.children(Scenario, "risk_area", area(screen, "A-DFM").id)


def test_that_an_area_is_deprecated_for_a_successor_and_restored(screen, ask):
    dialog = ask("deprecate", "A-DFM")
    assert not dialog.relation.isEnabled()
    dialog.successor.choose(area(screen, "A-PRV").id)
    assert dialog.relation.isEnabled()
    dialog.relation.setCurrentIndex(dialog.relation.findData("related"))
    dialog.look()
    assert becomes(dialog) == {("Scenario", "Judge anew")}
    dialog.relation.setCurrentIndex(dialog.relation.findData("close"))
    finish(dialog)
    assert area(screen, "A-DFM").replaced_by == area(screen, "A-PRV").id
    finish(ask("restore", "A-DFM"), "needed after all")
    assert (area(screen, "A-DFM").status, area(screen, "A-DFM").replaced_by) == ("active", None)


def test_that_what_is_handled_carefully_never_goes_to_an_open_area(screen, ask):
    dialog = ask("deprecate", "A-BIO")
    dialog.successor.choose(area(screen, "A-PRV").id)
    dialog.reason.setText("x")
    dialog.look()
    assert "less carefully" in dialog.problem.text()
    assert "launchpad" not in dialog.problem.text()
    assert not dialog.apply.isEnabled()


def test_that_what_cannot_be_done_is_greyed_and_told(screen, qtbot):
    inputs = screen.document.inputs
    menu = QMenu()
    fill_menu(menu, inputs, [], lambda _name: None)
    able = {action.text().partition("\t")[0] for action in menu.actions()}
    assert {kind.text for kind in kinds() if kind is not None} <= able
    assert [action.isEnabled() for action in menu.actions() if not action.isSeparator()] == [True, *[False] * 7]
    with qtbot.waitSignal(screen.document.told) as told:
        assert dialog_for(screen.document, "rename", [], None, None) is None
    assert told.args == ["Choose a risk area first."]
    assert may(kind_named("split"), inputs, areas_of(inputs, [row.id for row in inputs.rows(RiskArea)][:2]))


def test_that_every_operation_is_in_the_menu_bar_and_in_the_palette(opened, seen, qtbot):
    seen(opened, "overview")
    assert {f"area {kind.name}" for kind in kinds() if kind is not None} <= opened.commands.keys()
    with qtbot.waitSignal(opened.document.told):
        opened.commands["area rename"].trigger()
    assert opened.screens["register"].isVisible()


def test_that_a_released_taxonomy_is_drafted_before_it_changes(screen, ask, qtbot, monkeypatch):
    document, pane = screen.document, screen.page.areas
    own = document.inputs.find(TaxonomyRelease, "TX-AIL")
    monkeypatch.setattr(
        "launchpad.gui.register.releases.ReleaseQuestion.exec", lambda asked: _fill(asked.reason, "agreed")
    )
    release_draft(document, own, screen)
    own = document.inputs.find(TaxonomyRelease, "TX-AIL")
    assert (own.status, own.snapshot is None) == ("released", False)
    with qtbot.waitSignal(document.told) as told:
        screen.page.show_area(area(screen, "A-HTE"))
        screen.operate("rename")
    assert "Draft the next release" in told.args[0]
    assert next_version("1.0") == "1.1"
    monkeypatch.setattr("launchpad.gui.register.releases.DraftQuestion.exec", lambda asked: bool(asked.version.text()))
    start_draft(document, own, screen)
    assert area(screen, "A-HTE").release == document.inputs.find(TaxonomyRelease, "TX-AIL@1.1").id
    dialog = ask("rename", "A-HTE")
    dialog.name.setText("Hate and harassment")
    finish(dialog)
    kept = pane.releases.findText("AILuminate hazards 1.0 · released")
    pane.releases.setCurrentIndex(kept)
    pane.releases.activated.emit(kept)
    assert not pane.model.movable
    assert "Hate" in [node.name for node in pane.model.forest.nodes.values()]


def _fill(line, words: str) -> bool:
    line.setText(words)
    return True


def test_that_an_empty_project_starts_with_a_taxonomy_of_its_own(empty, seen):
    seen(empty, "register")
    screen = empty.screens["register"]
    found: list[Any] = []
    screen.page.asking.connect(found.append)
    screen.operate("add")
    found[0].code.setText("A-1")
    found[0].name.setText("Advice")
    finish(found[0], "to begin with")
    inputs: Inputs = empty.document.inputs
    assert [row.code for row in inputs.rows(RiskArea)] == ["A-1"]
    assert [(row.status, row.version) for row in inputs.rows(TaxonomyRelease)] == [("draft", "0.1")]
    empty.document.undo()
    assert empty.document.inputs.rows(TaxonomyRelease) == ()
