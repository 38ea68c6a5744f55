"""The trade-offs screen: every tab, the weights that move ranks at once, the overlap switch, pictures, empty states."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPointF, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from launchpad.changes import insert, new_id
from launchpad.edits.records import set_values
from launchpad.edits.weights import Answer, propose_criteria, set_swings
from launchpad.gui.factors import kind_words
from launchpad.gui.main_window import MainWindow
from launchpad.gui.tradeoffs.cloud import mitigations, scenarios
from launchpad.gui.tradeoffs.view import TradeoffsScreen
from launchpad.project import Project
from launchpad.records import (
    Criterion,
    Effect,
    Evaluation,
    Gate,
    Launch,
    MitigationVariant,
    Plan,
    PlanItem,
    Scenario,
    SwingWeight,
    Tolerance,
    WeightSet,
)
from launchpad.results import compute
from launchpad.templates import new_project, taxonomies

LONG = 60_000


def _words(widget) -> str:
    parts = (*widget.findChildren(QLabel), *widget.findChildren(QPushButton))
    return "\n".join(one.text() for one in parts if one.isVisible())


def _wait(milliseconds: int) -> None:
    """Let the window live for a while; unlike QTest.qWait this lets the pool's threads run, too."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _settle(screen: TradeoffsScreen) -> None:
    """Wait until a screen has worked out everything of now."""
    until = QDeadlineTimer(LONG)
    while not (
        screen._wanted() is not None and len(screen.keys) == 3 and set(screen.keys.values()) == {screen._wanted()}
    ):
        assert not until.hasExpired(), screen.keys
        _wait(10)
    screen.refresh_if_seen()
    _wait(1)


@pytest.fixture(scope="module")
def project_with_criteria(sample, tmp_path_factory) -> Path:
    """The sample with criteria, and swings in the weight set in use."""
    path = Path(shutil.copy(sample, tmp_path_factory.mktemp("weighed") / "screen.launchpad"))
    project = Project.open(path)
    launch = project.inputs.rows(Launch)[0]
    project.edit(propose_criteria(project.inputs, compute(project.inputs, launch.id, draws=0)), "Set up")
    project.refresh()
    codes = sorted(row.code for row in project.inputs.rows(Criterion))
    answers = {code: Answer(swing=100 - 15 * place) for place, code in enumerate(codes)}
    used = next(row for row in project.inputs.rows(WeightSet) if row.code == launch.weight_set)
    project.edit(set_swings(project.inputs, used, answers), "Weigh")
    project.close()
    return path


@pytest.fixture(scope="module")
def shown(qapp, project_with_criteria) -> Iterator[MainWindow]:
    """One window for the whole file, with few draws: drawing anew for each test would take minutes."""
    patch = pytest.MonkeyPatch()
    patch.setattr("launchpad.gui.document.ALL_DRAWS", 1000)
    QSettings().clear()
    made = MainWindow()
    made.resize(1280, 720)
    made.show()
    assert qapp is not None
    assert made.open_project(project_with_criteria)
    made.show_page("tradeoffs")
    yield made
    made.close()
    made.deleteLater()
    patch.undo()


@pytest.fixture
def screen(shown) -> Iterator[TradeoffsScreen]:
    """The screen with everything drawn; what a test wrote is undone after it."""
    found = shown.screens["tradeoffs"]
    _settle(found)
    found.tabs.setCurrentWidget(found.before_after)
    yield found
    while shown.document.project.can_undo is not None:
        shown.document.undo()
    found.switch.buttons["beta"].click()
    shown.show_page("tradeoffs")


@pytest.fixture
def ranking(screen):
    """The tab with the ranking, seen."""
    screen.tabs.setCurrentWidget(screen.ranking)
    screen.ranking.side.setCurrentIndex(0)
    _wait(1)
    return screen.ranking


@pytest.fixture
def document(screen):
    return screen.document


def _criteria(document) -> list[Criterion]:
    return sorted(document.rows(Criterion), key=lambda row: row.code)


def _set(document, code: str) -> WeightSet:
    return next(row for row in document.rows(WeightSet) if row.code == code)


def _places(screen) -> dict[str, int]:
    return {str(row.figures["code"]): row.figures["place"] for row in screen.ranking.model.rows}


def test_that_every_scenario_that_is_summed_is_a_dot_with_intervals(screen, document):
    cloud = screen.before_after.chart.cloud
    summed = {row.code for row in document.results.scenarios if row.technical and not row.catastrophic}
    assert {dot.code for dot in cloud.dots} == summed
    assert all(dot.now[0].low is not None and dot.before is not None for dot in cloud.dots)
    assert "catastrophic scenarios are in no sum" in _words(screen)


def test_that_the_planned_state_unfolds_below_today(screen, document, qtbot):
    launch, variant = document.launch, next(row for row in document.rows(MitigationVariant) if row.code == "M-005.full")
    plan = Plan(id=new_id(), code="P-9", launch=launch.id, name="Trial")
    days = {"start": "2026-12-07", "finish": "2027-01-08"}
    item = PlanItem(id=new_id(), launch=launch.id, plan=plan.id, variant=variant.id, **days)
    chosen = set_values(launch, current_plan="P-9")
    assert document.act(lambda: [insert(plan), insert(item), *chosen], "Plan by hand")
    _settle(screen)
    why = screen.before_after.why
    acted = next(row for row in document.rows(Effect) if row.variant == variant.id)
    assert screen.before_after.reveal(next(row.code for row in document.rows(Scenario) if row.id == acted.scenario))
    qtbot.waitUntil(lambda: "as planned" in "".join(_labels(why.tree)), timeout=5_000)
    assert any(label.startswith("Technical risk today") for label in _labels(why.tree))
    assert sum(label == "Efficacy of M-005.full" for label in _labels(why.tree)) >= 1


def _labels(tree) -> list[str]:
    found = tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive, 0)
    return [item.text(0) for item in found]


def test_that_a_click_and_the_keys_choose_a_dot_and_tell_why(screen, qtbot, document):
    chart, why = screen.before_after.chart, screen.before_after.why
    second = chart.cloud.dots[1].code
    spot = chart.spot_of(second)
    assert chart.code_at(spot) is not None
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=spot.toPoint())
    chosen = chart.code
    qtbot.waitUntil(lambda: chosen in why._title.text(), timeout=5_000)
    assert why.tree.topLevelItemCount() == 1
    assert why.tree.topLevelItem(0).childCount() > 0
    chart.choose(chart.cloud.dots[0].code)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.code == second
    assert second in chart.accessibleDescription()
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.code == chart.cloud.dots[-1].code
    with qtbot.waitSignal(document.sought):
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert chart.code_at(QPointF(-50, -50)) is None


def test_that_mitigations_are_the_other_view_and_lead_to_their_own_screen(screen, qtbot, document):
    page = screen.before_after
    page.choices.setCurrentIndex(page.choices.count() - 1)
    page.fill()
    assert {dot.code for dot in page.chart.cloud.dots} == {row.code for row in document.results.mitigations}
    assert page.chart.cloud.dots == mitigations(screen.study).dots
    with qtbot.waitSignal(document.sought) as found:
        page.chart.opened.emit(page.chart.cloud.dots[0].code)
    assert found.args[0].table == "mitigation"


def test_that_the_chance_of_passing_the_limit_is_said_and_the_curve_read_off(screen):
    screen.tabs.setCurrentWidget(screen.tails)
    _wait(1)
    said = _words(screen.tails)
    assert "that more than 150,000 units are lost in 90 days" in said
    assert "Above the accepted 10" in said
    chart = screen.tails.chart
    assert "as things stand" in chart.told_at(chart.width() / 2)
    assert chart.told_at(-5) == ""
    assert chart.accessibleDescription()


def test_that_without_a_limit_the_curve_says_how_to_set_one(screen, document):
    screen.tabs.setCurrentWidget(screen.tails)
    whole = [row for row in document.rows(Tolerance) if row.measure == "technical" and row.scenario is None]
    assert document.remove(whole)
    _settle(screen)
    assert "No limit is set" in _words(screen.tails)


def test_that_the_overlap_switch_moves_every_technical_figure_and_keeps_all_three_totals(screen, document):
    totals = [made.text() for made in screen.switch.buttons.values()]
    assert len({total.rpartition(":")[2] for total in totals}) == 3
    before = scenarios(screen.study, "inherent", "current")
    usual = {dot.code: dot.now[0].mean for dot in before.dots}
    curve = screen.study.tails.curves["current"].loss
    screen.switch.buttons["comonotone"].click()
    _settle(screen)
    assert screen.study.overlap == "comonotone"
    after = {code: pairs["current"][0].mean for code, pairs in screen.study.moves.scenarios.items()}
    stated = {row.code: row.states["current"] for row in document.results.scenarios if row.code in after}
    assert all(after[code] == pytest.approx(stated[code].comonotone) for code in after)
    assert any(after[code] != usual[code] for code in after)
    assert (screen.study.tails.curves["current"].loss != curve).any()
    assert [made.text() for made in screen.switch.buttons.values()] == totals


def test_that_the_tornado_tells_how_each_number_is_known(screen, qtmodeltester):
    screen.tabs.setCurrentWidget(screen.tornado)
    qtmodeltester.check(screen.tornado.model, force_py=True)
    kinds = {row.figures["kind"] for row in screen.tornado.model.rows}
    assert kinds == {kind_words(swing.kind) for swing in screen.study.tornado.swings}
    assert "Assumed" in kinds
    widths = [row.figures["swing"] for row in screen.tornado.model.rows]
    assert widths == sorted(widths, reverse=True)
    assert "of today's weighted risk" in screen.tornado.model.columns[4].text(screen.tornado.model.rows[0])


def test_that_without_criteria_the_ranking_offers_to_set_them_up(screen, document, qtbot):
    screen.tabs.setCurrentWidget(screen.ranking)
    assert document.remove(document.rows(Criterion))
    _settle(screen)
    assert "No criteria yet" in _words(screen.ranking)
    qtbot.mouseClick(screen.ranking.set_up, Qt.MouseButton.LeftButton)
    _settle(screen)
    assert document.rows(Criterion)
    assert len(screen.ranking.weights.rows) == len(document.rows(Criterion))
    assert "says nothing yet" in _words(screen.ranking.weights)
    assert document.project.can_undo == "Set up criteria"


def test_that_dragging_moves_values_and_ranks_at_once_and_writes_one_edit_when_let_go(screen, ranking, document):
    panel = ranking.weights
    head, before = document.inputs.head, _places(screen)
    slider, first = panel.rows[-1].slider, panel.rows[-1].swing
    slider.setSliderDown(True)
    for value in (300, 600, 1000):
        slider.setValue(value)
    assert document.inputs.head == head
    assert _places(screen) != before
    at = panel.now.weights
    values = screen.study.tradeoffs.gains @ at
    best = screen.study.tradeoffs.options.codes[int(values.argmax())]
    assert _places(screen)[best] == 1
    moved = next(row for row in ranking.model.rows if row.figures["risen"])
    assert "(" in ranking.model.columns[0].text(moved)
    slider.setSliderDown(False)
    edits = len(document.journal())
    _settle(screen)
    assert document.project.can_undo.startswith("Weigh ")
    stored = {row.criterion: row.swing for row in document.rows(SwingWeight)}
    assert stored[panel.rows[-1].criterion.id] == 100
    document.undo()
    _settle(screen)
    assert len(document.journal()) == edits + 1
    assert _places(screen) == before
    assert panel.rows[-1].swing == first


def test_that_the_keys_move_a_slider_and_are_written_once_they_rest(ranking, document, qtbot):
    panel = ranking.weights
    head = document.inputs.head
    row = panel.rows[1]
    row.slider.setFocus()
    for _ in range(3):
        qtbot.keyClick(row.slider, Qt.Key.Key_Left)
    assert row.swing == 82
    assert document.inputs.head == head
    qtbot.waitUntil(lambda: document.inputs.head != head, timeout=5_000)
    assert next(one.swing for one in document.rows(SwingWeight) if one.criterion == row.criterion.id) == 82


def test_that_each_weight_says_how_far_it_may_move(ranking):
    panel = ranking.weights
    for place, row in enumerate(panel.rows):
        low, high = panel.now.low[place], panel.now.high[place]
        assert low <= panel.now.weights[place] <= high
        assert row.reach.ends is not None
        assert "keep their order" in row.slider.accessibleDescription()


def test_that_swings_that_are_all_nothing_are_refused_in_words(ranking, document):
    head = document.inputs.head
    panel = ranking.weights
    for row in panel.rows:
        row.box.setValue(0)
    panel.write()
    assert document.inputs.head == head
    _wait(20)
    assert "sum to 0" in _words(panel)


def test_that_another_set_of_ranks_shows_their_weights_and_can_be_put_to_use(screen, ranking, document):
    panel = ranking.weights
    ranks = {row.code: Answer(rank=place) for place, row in enumerate(_criteria(document), start=1)}
    assert document.act(lambda: set_swings(document.inputs, _set(document, "W-2"), ranks), "Rank")
    _settle(screen)
    panel.sets.setCurrentIndex(panel.sets.findData(_set(document, "W-2").id))
    panel.sets.activated.emit(panel.sets.currentIndex())
    assert "rank-order centroid" in _words(panel)
    assert panel.rows[0].swing == 100
    panel.use.click()
    _settle(screen)
    assert document.launch.weight_set == "W-2"
    assert screen.study.tradeoffs.in_use.weighed.code == "W-2"


def test_that_a_criterion_without_anchors_is_refused_with_its_name(screen, ranking, document, qtbot):
    first = _criteria(document)[0]
    assert document.act(lambda: set_values(first, worst=None, best=None), "Clear")
    _settle(screen)
    assert f"{first.code} ({first.name}) has no anchors" in _words(ranking)
    with qtbot.waitSignal(document.sought) as found:
        button = next(one for one in ranking.weights.findChildren(QPushButton) if "criteria" in one.text())
        button.click()
    assert found.args[0].id == first.id


def test_that_the_chosen_one_is_compared_with_each_other_and_told_in_words(screen, ranking):
    page = ranking
    page.side.setCurrentIndex(1)
    best = next(row for row in page.model.rows if row.figures["place"] == 1)
    assert page.pane.view.choose(best.id)
    assert page.duels.rowCount() == min(60, len(page.model.rows)) - 1
    assert all(0 <= row.figures["wins"] <= 1 for row in page.duels.rows)
    assert str(best.figures["code"]) in _words(page.side)
    found = screen.study.tradeoffs
    for row in page.model.rows:
        option = found.options.codes.index(row.figures["code"])
        assert bool(row.figures["dominated"]) == bool(found.dominated[option])


def test_that_both_sides_and_the_stress_of_every_variant_are_listed(screen, qtmodeltester):
    for page in (screen.sides, screen.stress):
        screen.tabs.setCurrentWidget(page)
        qtmodeltester.check(page.model, force_py=True)
        assert page.model.rowCount() == len(screen.study.model.variants)
    falling = [one.variant for one in screen.study.stress if one.collapses]
    assert falling
    assert falling[0] in _words(screen.stress)
    screen.stress.only.setChecked(True)
    assert {row.figures["code"] for row in screen.stress.model.rows} == set(falling)


def test_that_next_evaluations_unfold_to_their_gate(screen):
    screen.tabs.setCurrentWidget(screen.evaluations)
    page = screen.evaluations
    assert page.model.rowCount() == len(screen.study.evaluations) > 0
    decided = next(one for one in screen.study.evaluations if one.decisions)
    assert page.reveal(decided.evaluation)
    root = page.why.topLevelItem(0)
    labels = [root.child(place).text(0) for place in range(root.childCount())]
    assert any(label.startswith(decided.decisions[0]) for label in labels)
    assert any(label.startswith("Samples") for label in labels)


def test_that_without_a_gate_or_limit_no_evaluation_is_worth_anything_and_that_is_said(screen, document):
    rows = [*document.rows(Gate), *(row for row in document.rows(Tolerance) if row.scenario is not None)]
    assert document.remove(rows)
    screen.tabs.setCurrentWidget(screen.evaluations)
    _settle(screen)
    assert "No decision to inform" in _words(screen.evaluations)
    assert document.inputs.rows(Evaluation)


@pytest.mark.parametrize("name", ["before_after", "tails", "tornado", "ranking", "stress"])
@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_that_every_chart_is_saved_as_a_picture(screen, tmp_path, name, ending):
    screen.tabs.setCurrentWidget(getattr(screen, name))
    path = tmp_path / f"chart{ending}"
    screen.save_picture(path)
    written = path.read_bytes()
    assert written.startswith(b"\x89PNG") if ending == ".png" else b"</svg>" in written


def test_that_a_chart_is_copied_as_an_image_and_the_keys_for_it_are_shown(screen):
    QApplication.clipboard().clear()
    copying, saving = screen.picture_button.menu().actions()
    assert "Ctrl+Shift+C" in copying.text()
    assert "Ctrl+Shift+E" in saving.text()
    copying.trigger()
    assert QApplication.clipboard().image().width() > 1000


def test_that_figures_of_an_earlier_state_are_greyed_until_they_are_replaced(screen, document):
    assert not screen.before_after.stale
    document.recompute()
    screen.refresh_if_seen()
    assert screen.before_after.stale
    _settle(screen)
    screen.refresh_if_seen()
    assert not screen.before_after.stale
    assert not screen.before_after.drawn_stale


def test_that_nothing_is_worked_out_while_another_page_is_seen(screen, shown, document, qtbot):
    shown.show_page("history")
    keys = dict(screen.keys)
    with qtbot.waitSignal(document.computed, timeout=LONG):
        assert document.act(lambda: set_values(document.launch, buffer_days=document.launch.buffer_days + 1), "Later")
    _wait(50)
    assert screen.keys == keys
    shown.show_page("tradeoffs")
    _settle(screen)
    assert screen.keys != keys


def test_that_stopped_work_is_not_begun_again_by_itself(screen, qtbot):
    screen.switch.buttons["independent"].click()
    job = screen._job
    assert job is not None
    job.cancel()
    qtbot.waitUntil(lambda: screen._job is None, timeout=LONG)
    screen.refresh_if_seen()
    assert screen._job is None
    assert "Stopped" in _words(screen)


def test_that_an_empty_project_says_what_to_do_first(empty, seen):
    seen(empty, "tradeoffs")
    screen = empty.screens["tradeoffs"]
    screen.refresh_if_seen()
    assert "No launch yet" in _words(screen)
    assert "New &launch …" in _words(screen)


@pytest.mark.parametrize("taxonomy", [None, "first"])
def test_that_a_launch_without_scenarios_or_mitigations_is_told_so(window, seen, tmp_path, taxonomy):
    slug = next(iter(taxonomies())) if taxonomy else None
    new_project(tmp_path / "bare.launchpad", name="Bare", taxonomy=slug, launch="First").close()
    assert window.open_project(tmp_path / "bare.launchpad")
    seen(window, "tradeoffs")
    screen = window.screens["tradeoffs"]
    screen.refresh_if_seen()
    if taxonomy is None:
        assert "No scenarios yet" in _words(screen)
        return
    _settle(screen)
    for page, said in ((screen.sides, "No mitigations yet"), (screen.stress, "Nothing to stress")):
        screen.tabs.setCurrentWidget(page)
        assert said in _words(page)
    screen.tabs.setCurrentWidget(screen.ranking)
    screen.ranking.set_up.click()
    _settle(screen)
    assert "No mitigations to weigh" in _words(screen.ranking)
