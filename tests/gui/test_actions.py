"""What the buttons and menus of each screen do to the project, and what they say when they cannot."""

import sys
from datetime import date

import pytest
from PySide6.QtWidgets import QLineEdit

from launchpad.changes import insert, new_id
from launchpad.edits.records import set_values, set_words
from launchpad.errors import ConflictError
from launchpad.gui import errands, theme
from launchpad.gui.app import _show_bugs
from launchpad.gui.dialogs import Notice, notice_of
from launchpad.gui.forms import AddForm
from launchpad.gui.overview.numbers import first_actions
from launchpad.gui.palette import Palette, matching, records_of
from launchpad.gui.workplan.numbers import chart, still_holds
from launchpad.project import Project
from launchpad.records import (
    EvalResult,
    Evaluation,
    EvidenceLink,
    Gate,
    Launch,
    LeftOut,
    Lock,
    Mitigation,
    MitigationVariant,
    Plan,
    PlanItem,
    PlanWork,
    Scenario,
    Team,
    Tolerance,
)
from launchpad.scoring.identity import plan_hash


def _choose(pane, row_id: int) -> None:
    assert pane.view.choose(row_id)


@pytest.fixture
def planned(opened):
    """The sample with a plan of two pieces of work, one with waiting days, and one mitigation left out."""
    document = opened.document
    inputs, launch = document.inputs, document.launch
    variants = inputs.rows(MitigationVariant)
    team, other = inputs.rows(Team)[:2]
    plan = Plan(
        id=new_id(),
        code="P-9",
        launch=launch.id,
        name="By hand",
        objective=0.5,
        gap=0.02,
        input_hash=plan_hash(inputs, launch.id),
    )
    items = [
        PlanItem(
            id=new_id(),
            launch=launch.id,
            plan=plan.id,
            variant=variants[place].id,
            start="2026-12-07",
            finish=finish,
            rank=place + 1,
            p_ready=0.7,
        )
        for place, finish in ((0, "2026-12-11"), (1, "2026-12-24"))
    ]
    work = [
        PlanWork(
            id=new_id(),
            launch=launch.id,
            item=item.id,
            team=who.id,
            start="2026-12-07",
            finish="2026-12-18",
            days=5.0,
        )
        for item, who in zip(items, (team, other), strict=True)
    ]
    out = LeftOut(
        id=new_id(), launch=launch.id, plan=plan.id, mitigation=inputs.rows(Mitigation)[-1].id, reason="No days left."
    )
    changes = [insert(row) for row in (plan, *items, *work, out)]
    assert document.edit([*changes, *set_values(launch, current_plan="P-9")], "Plan by hand")
    return opened


def test_that_a_plan_is_shown_by_priority_on_the_calendar_and_with_what_it_leaves_out(planned, seen):
    seen(planned, "workplan")
    screen = planned.screens["workplan"]
    assert [screen.work.row_at(place).figures["code"] for place in (0, 1)] == [
        planned.document.inputs.rows(MitigationVariant)[place].code for place in (0, 1)
    ]
    for tab in range(screen.tabs.count()):
        screen.tabs.setCurrentIndex(tab)
        assert not planned.grab().isNull()
    assert screen.out.rowCount() == 1
    assert len(screen.gantt.chart.lines) == 2
    assert "T-" in screen.gantt.told(0)


def test_that_the_load_of_a_team_is_the_work_of_its_weeks(planned):
    document = planned.document
    shown = chart(document.inputs, document.launch, document.plan)
    loads = [load for load in shown.loads if load.used]
    assert len(loads) == 2
    for load in loads:
        assert load.used == pytest.approx({date(2026, 12, 7): 2.5, date(2026, 12, 14): 2.5})
    assert shown.until <= shown.freeze <= shown.launch


def test_that_a_plan_says_when_what_it_was_made_from_has_changed(planned, seen):
    document = planned.document
    assert still_holds(document.inputs, document.plan)
    scenario = document.rows(Scenario)[0]
    assert document.edit(set_values(scenario, catastrophic=not scenario.catastrophic), "Change")
    seen(planned, "workplan")
    assert not still_holds(document.inputs, document.plan)
    assert planned.screens["workplan"]._moved_on.isVisible()


def test_that_work_that_is_done_is_not_among_the_first_actions(planned, seen):
    seen(planned, "workplan")
    screen, document = planned.screens["workplan"], planned.document
    before = [action.item.id for action in first_actions(document.inputs, document.plan, 9)]
    status = screen.work.column_at("standing.status")
    assert screen.work.setData(screen.work.index(0, status), "Done")
    after = [action.item.id for action in first_actions(document.inputs, document.plan, 9)]
    assert len(before) - len(after) == 1


def test_that_choosing_another_plan_makes_it_the_current_one(planned, seen):
    seen(planned, "workplan")
    document, launch = planned.document, planned.document.launch
    second = Plan(id=new_id(), code="P-10", launch=launch.id, name="Second")
    assert document.edit([insert(second)], "Second")
    screen = planned.screens["workplan"]
    screen.refresh()
    screen.plans.setCurrentIndex(screen.plans.findData(second.id))
    screen._choose_plan(0)
    assert document.plan is not None
    assert document.plan.code == "P-10"


def test_that_a_plan_is_searched_stored_and_can_be_undone(opened, qtbot):
    job = errands.make_plan(opened.document, "Found", 1.0)
    assert job is not None
    with qtbot.waitSignal(job.ended, timeout=60_000):
        pass
    assert opened.document.plan is not None
    assert opened.document.plan.name == "Found"
    opened.commands["undo"].trigger()
    assert opened.document.plan is None


@pytest.mark.parametrize("ending", [".xlsx", ".json"])
def test_that_an_export_writes_the_file_and_says_so(opened, qtbot, tmp_path, ending):
    target = tmp_path / f"out{ending}"
    with qtbot.waitSignal(opened.document.told, timeout=60_000):
        errands.export(opened.document, target)
    assert target.stat().st_size > 0


def test_that_an_export_that_cannot_be_written_says_why(opened, qtbot, tmp_path):
    with qtbot.waitSignal(opened.document.refused, timeout=60_000) as got:
        errands.export(opened.document, tmp_path / "missing" / "out.xlsx")
    assert got.args[0].hint


def test_that_directions_are_confirmed_for_the_evaluations_of_the_chosen_results(opened, seen):
    seen(opened, "evidence")
    screen, document = opened.screens["evidence"].results, opened.document
    result = document.inputs.rows(EvalResult)[0]
    evaluation = document.inputs.get(Evaluation, result.evaluation)
    other = "higher" if evaluation.polarity == "lower" else "lower"
    _choose(screen.pane, result.id)
    screen.confirm_direction(other)
    assert document.inputs.get(Evaluation, result.evaluation).polarity == other


def test_that_a_result_is_linked_to_a_scenario_once(opened, seen):
    seen(opened, "evidence")
    screen, document = opened.screens["evidence"].results, opened.document
    linked = {link.result for link in document.rows(EvidenceLink)}
    result = next(row for row in document.inputs.rows(EvalResult) if row.id not in linked)
    _choose(screen.pane, result.id)
    screen.link_chosen("R-002", lambda: {"relevance": 0.5, "reason": "Near enough"})
    made = [link for link in document.rows(EvidenceLink) if link.result == result.id]
    assert [link.relevance for link in made] == [0.5]
    opened.screens["evidence"].refresh_if_seen()
    assert screen.pane.view.current_row().figures["state"] in ("counts", "unconfirmed")
    screen.link_chosen("R-002")
    assert opened.findChild(Notice) is not None
    assert len([link for link in document.rows(EvidenceLink) if link.result == result.id]) == 1


def test_that_results_are_marked_superseded_and_back(opened, seen):
    seen(opened, "evidence")
    screen, document = opened.screens["evidence"].results, opened.document
    result = document.inputs.rows(EvalResult)[0]
    _choose(screen.pane, result.id)
    screen.supersede.click()
    assert document.inputs.get(EvalResult, result.id).superseded
    opened.screens["evidence"].refresh_if_seen()
    _choose(screen.pane, result.id)
    screen.supersede.click()
    assert not document.inputs.get(EvalResult, result.id).superseded


def test_that_locks_are_set_changed_and_freed(opened, seen):
    seen(opened, "mitigations")
    screen, document = opened.screens["mitigations"], opened.document
    before = len(document.rows(Lock))
    locked = {lock.mitigation for lock in document.rows(Lock)}
    variant = next(row for row in document.inputs.rows(MitigationVariant) if row.mitigation not in locked)
    _choose(screen.pane, variant.id)
    for kind in ("must", "never"):
        screen.lock(kind)
        assert [lock.kind for lock in document.rows(Lock) if lock.mitigation == variant.mitigation] == [kind]
    screen.lock(None)
    assert len(document.rows(Lock)) == before


def test_that_typing_effort_for_a_team_without_any_adds_it(opened, seen):
    seen(opened, "mitigations")
    model = opened.screens["mitigations"].model
    for place, column in enumerate(model.columns):
        if not column.key.startswith("effort "):
            continue
        empty = next((at for at in range(model.rowCount()) if not column.text(model.row_at(at))), None)
        if empty is not None:
            row_id = model.row_at(empty).id
            assert model.setData(model.index(empty, place), "2, 3, 5")
            opened.screens["mitigations"].refresh_if_seen()
            again = model.row_at(model.place_of(row_id) or 0)
            assert column.text(again).startswith("3 (2")
            return
    pytest.fail("every team works on every variant")


def test_that_the_heat_map_moves_by_arrow_keys_and_tells_its_cell(opened, seen):
    seen(opened, "mitigations")
    screen = opened.screens["mitigations"]
    screen.tabs.setCurrentIndex(1)
    assert not opened.grab().isNull()
    screen.heat._go(3, 2)
    assert screen.heat.map.scenarios[2].code in screen.heat.accessibleDescription()
    with_effect = next(iter(screen.heat.map.share))
    assert -1 <= screen.heat.map.share[with_effect] <= 1


def test_that_one_edit_of_the_history_is_taken_back_by_a_new_one(opened, seen):
    document = opened.document
    scenario = document.rows(Scenario)[0]
    assert document.edit(set_words(document.inputs, scenario, {"name": "Another"}).changes, "Rename")
    assert document.edit(set_words(document.inputs, document.rows(Scenario)[1], {"name": "Later"}).changes, "Later")
    seen(opened, "history")
    screen = opened.screens["history"]
    number = next(number for number, edit in document.journal() if edit.label == "Rename")
    _choose(screen.pane, number)
    assert screen.details.topLevelItem(0).text(4) == "Another"
    screen.revert.click()
    assert document.rows(Scenario)[0].name == scenario.name
    assert document.rows(Scenario)[1].name == "Later"
    assert document.journal()[-1][1].label == "Revert: Rename"


def test_that_a_conflict_shows_the_value_as_it_is_now(opened, seen, project):
    seen(opened, "register")
    model = opened.screens["register"].model
    scenario = model.row_at(0).parts["scenario"]
    other = Project.open(project)
    other.edit(set_words(other.inputs, other.inputs.get(Scenario, scenario.id), {"name": "Theirs"}).changes, "Theirs")
    other.close()
    assert not model.setData(model.index(0, model.column_at("scenario.name")), "Ours")
    notice = opened.findChild(Notice)
    assert notice is not None
    assert "Theirs" in notice.details.toPlainText()
    assert opened.document.inputs.get(Scenario, scenario.id).name == "Theirs"


def test_that_a_notice_copies_everything_it_says(qapp):
    notice = notice_of(ConflictError("Somebody was faster.", "Look at it again.", {"name": "Theirs"}))
    notice.copy()
    copied = qapp.clipboard().text()
    assert "Somebody was faster." in copied
    assert "Look at it again." in copied
    assert "name: Theirs" in copied


def test_that_a_bug_is_shown_with_everything_a_report_needs_and_the_window_stays(opened, monkeypatch, capsys):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    _show_bugs(opened)
    bug = ZeroDivisionError("by hand")
    sys.excepthook(type(bug), bug, bug.__traceback__)
    assert "by hand" in capsys.readouterr().err
    notice = opened.findChild(Notice)
    assert "ZeroDivisionError: by hand" in notice.details.toPlainText()
    assert opened.isVisible()


def test_that_a_form_stays_and_says_why_until_the_values_fit(opened, qtbot):
    form = AddForm(opened.document, Team, parent=opened)
    before = len(opened.document.inputs.rows(Team))
    form.accept()
    assert form.problem.text()
    assert len(opened.document.inputs.rows(Team)) == before
    name = next(line for line in form.findChildren(QLineEdit) if line.accessibleName() == "Name")
    name.setText("Interpretability")
    with qtbot.waitSignal(form.accepted):
        form.accept()
    assert "Interpretability" in [team.name for team in opened.document.inputs.rows(Team)]


def test_that_rows_others_name_are_not_removed_and_the_reason_is_shown(opened, seen):
    seen(opened, "tables")
    document = opened.document
    before = document.inputs.rows(Mitigation)
    assert not document.remove([document.inputs.rows(Evaluation)[0]])
    assert opened.findChild(Notice) is not None
    assert document.inputs.rows(Mitigation) == before


def test_that_a_scenario_is_removed_with_its_parts_and_comes_back_whole(opened):
    document = opened.document
    before = document.inputs
    named = {row.scenario for record in (Gate, Tolerance) for row in document.rows(record)}
    assert document.remove([row for row in document.rows(Scenario) if row.id not in named][:1])
    assert len(document.rows(Scenario)) == len(before.rows(Scenario)) - 1
    opened.commands["undo"].trigger()
    assert {table: set(rows) for table, rows in document.inputs.tables.items()} == {
        table: set(rows) for table, rows in before.tables.items()
    }


def test_that_the_palette_finds_actions_and_records_and_goes_there(opened):
    document = opened.document
    found = matching(records_of(document.inputs, document.launch.id, opened.seek), "r-004")
    assert found[0].name.startswith("R-004")
    opened.show_palette()
    palette = opened.findChild(Palette)
    palette.line.setText("heat of nothing at all")
    assert palette.list.count() == 0
    palette.line.setText("R-004")
    palette._go()
    assert opened.screens["register"].isVisible()


@pytest.mark.parametrize("record", [Gate, Team, Launch, EvalResult, MitigationVariant, Evaluation])
def test_that_every_record_a_person_may_look_for_has_a_place(opened, record):
    for found in opened.document.inputs.rows(record)[:3]:
        opened.seek(found)
        shown = [name for name, screen in opened.screens.items() if screen.isVisible()]
        assert shown != ["overview"]


def test_that_without_a_launch_there_is_nothing_to_plan_or_export(empty):
    assert not empty.commands["plan"].isEnabled()
    assert not empty.commands["export"].isEnabled()
    assert empty.commands["import"].isEnabled()
    assert errands.make_plan(empty.document, "None", 1.0) is None
    assert errands.export(empty.document, empty.document.project.path) is None


def test_that_a_new_launch_gets_scenarios_and_is_looked_at(opened):
    opened.document.add_launch("Autumn", "m-3", "2099-01-01")
    launch = opened.document.launch
    assert launch is not None
    assert launch.name == "Autumn"
    assert opened.document.rows(Scenario)
    opened.commands["undo"].trigger()
    assert opened.document.launch is not None
    assert opened.document.launch.name != "Autumn"


def test_that_colours_can_be_switched_while_a_project_is_open(opened, seen):
    for mode, dark in (("dark", True), ("light", False)):
        opened.commands[f"colours {mode}"].trigger()
        assert theme.is_dark() == dark
        for page, _ in opened.pages():
            seen(opened, page)
            assert not opened.grab().isNull()
    opened.commands["colours system"].trigger()


def test_that_what_was_chosen_in_a_table_is_remembered_for_the_project(opened, seen, project):
    seen(opened, "register")
    pane = opened.screens["register"].pane
    place = pane.model.column_at("scenario.owner")
    pane._show_column(place, False)
    opened.close_project()
    assert opened.open_project(project)
    seen(opened, "register")
    assert opened.screens["register"].pane.view.isColumnHidden(place)
