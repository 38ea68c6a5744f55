"""The workplan screen: moving items, locks, what else could be had, two plans side by side."""

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest

from launchpad.changes import insert, new_id
from launchpad.edits.locks import set_lock
from launchpad.edits.plans import FoundPoint, FoundPrice, store, store_around
from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.errands import explore, made_already, plan_point
from launchpad.gui.theme import LIGHT
from launchpad.gui.workplan.compare import ComparePage
from launchpad.gui.workplan.comparison import Left, alternative_rows, side_by_side
from launchpad.gui.workplan.fills import fill_of
from launchpad.gui.workplan.frame import Frame, load_heights
from launchpad.gui.workplan.left_out_page import LeftOutPage, reasons
from launchpad.gui.workplan.lock_question import LockQuestion
from launchpad.gui.workplan.moving import reach, tried
from launchpad.gui.workplan.moving_gantt import MovableGantt
from launchpad.gui.workplan.numbers import Chart, Line, chart, enters_words, left_out, lock_words
from launchpad.gui.workplan.picture_menu import save_picture
from launchpad.gui.workplan.points import dates, front, points_of, shape_of
from launchpad.gui.workplan.possible import PossiblePage, point_rows, price_rows
from launchpad.gui.workplan.view import WorkplanScreen
from launchpad.planning import make_plan
from launchpad.project import Project
from launchpad.records import RECORDS, LeftOut, Lock, Mitigation, Plan, PlanItem, PlanPoint, Team, TeamPrice
from tests.planning.launches import Sketch


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def sketched() -> Sketch:
    """Three mitigations of one team, the third after the first."""
    sketch = Sketch()
    for number, days in ((1, 3.0), (2, 4.0), (3, 2.0)):
        sketch.acting(f"M-00{number}.a", days, 0.2 + 0.1 * number)
    sketch.needs("M-003", "M-001")
    return sketch


@pytest.fixture(scope="module")
def planned(tmp_path_factory) -> Path:
    """A project with a plan, what lies around it, and a second plan."""
    path = tmp_path_factory.mktemp("workplan") / "plan.launchpad"
    sketch = sketched()
    order = {record: place for place, record in enumerate(RECORDS)}
    with Project.create(path, name="Workplan") as project:
        project.edit([insert(row) for row in sorted(sketch.rows, key=lambda row: order[type(row)])], "Sketch")
        project.refresh()
        for name in ("First", "Second"):
            found = make_plan(project.inputs, sketch.launch.id, seconds=2.0)
            project.edit(store(project.inputs, sketch.launch.id, found, name), f"Make {name}")
            project.refresh()
        plan = next(row for row in project.inputs.rows(Plan) if row.code == "P-2")
        team = sketch.teams["T-1"]
        points = [
            FoundPoint("front", 0.5, 0.01, 40.0, 3.0, 0.01, 9.0, technical_weight=0.9),
            FoundPoint("front", 0.6, None, 50.0, 2.0, 0.0, 5.0, most_days=5.0),
            FoundPoint("date", 0.8, 0.0, 60.0, 4.0, 0.0, 3.0, launch_date="2027-01-25", gates_met=1, gates=2),
            FoundPoint("date", 0.5, 0.0, 40.0, 3.0, 0.0, 9.0, launch_date="2027-02-08", gates_met=2, gates=2),
        ]
        project.edit(store_around(project.inputs, plan, [FoundPrice("T-1", team.id, 0.02, 0.0)], points), "Explore")
    return path


@pytest.fixture
def document(qapp, planned, tmp_path) -> Iterator[Document]:
    assert qapp is not None
    path = tmp_path / "own.launchpad"
    path.write_bytes(planned.read_bytes())
    from launchpad.gui.jobs import Pool

    pool = Pool()
    made = Document(Project.open(path), pool)
    yield made
    made.close()
    pool.close()


def gantt_of(document: Document) -> MovableGantt:
    assert document.launch is not None
    assert document.plan is not None
    made = MovableGantt(lambda: document.inputs)
    made.resize(1000, 400)
    made.show_chart(chart(document.inputs, document.launch, document.plan))
    made.show()
    return made


def line_of(gantt: MovableGantt, code: str) -> int:
    return next(place for place, line in enumerate(gantt.chart.lines) if line.code == code)


def test_that_an_item_may_move_between_what_it_waits_for_and_what_waits_for_it(document):
    gantt = gantt_of(document)
    first, third = (gantt.chart.lines[line_of(gantt, code)] for code in ("M-001.a", "M-003.a"))
    assert third.after == (line_of(gantt, "M-001.a"),)
    room = reach(document.inputs, gantt.chart, third)
    assert room.first > first.finish
    assert "M-001.a" in room.why_first
    assert reach(document.inputs, gantt.chart, first).last < date.fromisoformat(third.item.start)


def test_that_a_move_says_what_stands_against_it(document):
    gantt = gantt_of(document)
    third = gantt.chart.lines[line_of(gantt, "M-003.a")]
    early = tried(document.inputs, gantt.chart, third, date(2027, 1, 4))
    assert any("Not before" in each and "M-001.a" in each for each in early.against)
    second = gantt.chart.lines[line_of(gantt, "M-002.a")]
    crowded = tried(document.inputs, gantt.chart, third, date.fromisoformat(second.item.start))
    assert any("T-1 has" in each for each in crowded.against)
    late = tried(document.inputs, gantt.chart, third, date(2027, 1, 29))
    assert any("work ends" in each for each in late.against)
    free = tried(document.inputs, gantt.chart, third, date(2027, 1, 20))
    assert free.against == ()
    assert (free.start, free.finish) == (date(2027, 1, 20), date(2027, 1, 21))


def test_that_keys_move_an_item_and_escape_leaves_it(document):
    gantt = gantt_of(document)
    gantt.go(line_of(gantt, "M-003.a"))
    heard: list[tuple[str, str]] = []
    gantt.moved.connect(lambda item, day: heard.append((item.start, day)))
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(gantt, Qt.Key.Key_Right, alt)
    assert gantt.trial is not None
    QTest.keyClick(gantt, Qt.Key.Key_Escape)
    assert (gantt.trial, heard) == (None, [])
    QTest.keyClick(gantt, Qt.Key.Key_Right, alt | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(gantt, Qt.Key.Key_Return)
    (moved,) = heard
    assert (date.fromisoformat(moved[1]) - date.fromisoformat(moved[0])).days == 7


def test_that_a_bar_is_dragged_to_another_day_and_dropped_there(document):
    gantt = gantt_of(document)
    place = line_of(gantt, "M-003.a")
    bar = gantt.chart.lines[place].bars[0]
    heard: list[str] = []
    gantt.moved.connect(lambda _item, day: heard.append(day))
    start = QPoint(round(gantt.x_of(bar.first)) + 3, gantt.y_of(place) + 10)
    end = QPoint(start.x() + round(7 * gantt.day_width), start.y())
    QTest.mousePress(gantt.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(gantt.viewport(), end)
    _wait(20)
    assert gantt.trial is not None
    assert gantt.words().startswith("M-003.a")
    gantt.grab()
    QTest.mouseRelease(gantt.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert [(date.fromisoformat(day) - bar.first).days for day in heard] == [7]


def test_that_a_moved_item_gets_a_lock_on_its_start_which_one_undo_takes_away(document):
    screen = WorkplanScreen(document)
    screen.resize(1200, 700)
    screen.tabs.setCurrentWidget(screen.calendar)
    screen.show()
    screen.refresh()
    item = screen.gantt.chart.lines[line_of(screen.gantt, "M-003.a")].item
    screen.gantt.moved.emit(item, "2027-01-20")
    (lock,) = document.rows(Lock)
    assert (lock.kind, lock.start) == ("must", "2027-01-20")
    assert "from 20 Jan 2027" in lock_words(document.inputs, lock)
    found = make_plan(document.inputs, item.launch, seconds=2.0)
    assert next(each for each in found.selected if each.variant == "M-003.a").start == "2027-01-20"
    document.undo()
    assert document.rows(Lock) == ()


def test_that_the_lock_button_locks_what_is_chosen(document):
    screen = WorkplanScreen(document)
    screen.show()
    screen.refresh()
    screen.work_pane.view.selectRow(0)
    screen.locking[0].lock(kind="never")
    assert [lock.kind for lock in document.rows(Lock)] == ["never"]
    screen.refresh()
    screen.work_pane.view.selectRow(0)
    screen.locking[0].unlock()
    assert document.rows(Lock) == ()


def test_that_possible_plans_are_drawn_where_their_figures_lie(document):
    inputs, plan, launch = document.inputs, document.plan, document.launch
    plot = front(points_of(inputs, plan, "front"), (45.0, 2.5))
    assert [(spot.x, spot.y) for spot in plot.spots] == [(40.0, 3.0), (50.0, 2.0)]
    assert "gap not known" in plot.spots[1].told
    assert "technical 90" in plot.spots[0].told
    curve = dates(points_of(inputs, plan, "date"), launch)
    assert [spot.text for spot in curve.spots] == ["1/2, gap 0\u202f%", "2/2, gap 0\u202f%"]
    assert plot.spots[1].text == "5 d, gap ?"
    assert curve.now == (curve.spots[1].x, curve.spots[1].y)
    assert len(point_rows(inputs, plan)) == len(inputs.rows(PlanPoint))
    assert [row.figures["share"] for row in price_rows(inputs, plan)] == [1.0]
    assert len(inputs.rows(TeamPrice)) == 1


def test_that_opening_a_point_asks_for_its_plan(document):
    screen = WorkplanScreen(document)
    screen.tabs.setCurrentWidget(screen.possible)
    screen.show()
    screen.refresh()
    heard: list[object] = []
    screen.possible.wanted.disconnect()
    screen.possible.wanted.connect(heard.append)
    screen.possible.front.setFocus()
    QTest.keyClick(screen.possible.front, Qt.Key.Key_Right)
    QTest.keyClick(screen.possible.front, Qt.Key.Key_Return)
    (point,) = heard
    assert isinstance(point, PlanPoint)
    assert point.technical_weight == 0.9


def test_that_two_plans_stand_side_by_side(document):
    one, other = sorted(document.rows(Plan), key=lambda plan: plan.code)
    rows = {row.figures["name"]: row.figures for row in side_by_side(document.inputs, one, other)}
    assert rows["Mitigations"]["one"] == rows["Mitigations"]["other"] == "3"
    page = ComparePage(document)
    page.refresh()
    page.compare(one, other)
    assert page.moves.rows == ()
    heard: list[object] = []
    page.used.connect(heard.append)
    page.used.emit(one)
    assert heard == [one]


def test_that_what_would_let_something_in_is_said_in_words():
    row = LeftOut(id=1, launch=1, plan=1, mitigation=1, reason="No time.", effort=10.0, enters_effort=6.5)
    assert enters_words(row) == "at 6.5 person-days instead of 10"
    said = enters_words(dataclasses.replace(row, enters_freeze="2027-02-03", estimated=True))
    assert said == "about: at 6.5 person-days instead of 10 or with the freeze on 3 Feb 2027"
    assert enters_words(dataclasses.replace(row, enters_effort=None)) == ""


def test_that_the_shape_of_a_point_tells_how_much_it_refuses():
    assert [shape_of(share, 0.0, 0.03) for share in (0.0, 0.015, 0.03)] == [0, 4, 3]
    assert shape_of(0.01, 0.01, 0.01) == 0


def test_that_a_click_on_a_point_asks_for_its_plan(document):
    page = PossiblePage(document)
    page.resize(1000, 600)
    page.show()
    page.refresh(document.launch, document.plan, None)
    heard: list[object] = []
    page.wanted.connect(heard.append)
    chart_ = page.dates
    at = next(
        QPoint(x, y)
        for x in range(0, chart_.width(), 3)
        for y in range(0, chart_.height(), 3)
        if chart_.place_at(QPointF(x, y)) == 1
    )
    QTest.mouseClick(chart_, Qt.MouseButton.LeftButton, pos=at)
    assert [point.launch_date for point in heard if isinstance(point, PlanPoint)] == ["2027-02-08"]
    assert page.table.current_row().parts["plan_point"] == heard[0]


def test_that_the_plan_of_a_point_is_kept_beside_the_current_one_and_made_once(document, qtbot):
    current = document.plan
    point = points_of(document.inputs, current, "front")[1]
    assert made_already(document, point) is None
    made: list[Plan] = []
    job = plan_point(document, point, 2.0, made.append)
    with qtbot.waitSignal(job.ended, timeout=60_000):
        pass
    (plan,) = made
    assert plan.alternative_to == current.code
    assert document.plan.code == current.code
    assert made_already(document, point) == plan
    (row,) = alternative_rows(document.inputs, current)
    assert row.figures["code"] == plan.code
    assert row.figures["worse"] == plan.objective - current.objective


def test_that_what_is_under_way_is_said_and_not_begun_twice(document, qtbot):
    screen = WorkplanScreen(document)
    screen.tabs.setCurrentWidget(screen.possible)
    screen.show()
    screen.refresh()
    point = points_of(document.inputs, document.plan, "front")[1]
    screen._make_point(point)
    assert screen._making is not None
    job = screen._making[0]
    assert "Making the plan" in screen.possible.hint.text()
    screen._make_point(point)
    assert screen._making[0] is job
    job.cancel()
    qtbot.waitUntil(lambda: screen._making is None, timeout=60_000)
    assert "Making the plan" not in screen.possible.hint.text()
    assert len(document.rows(Plan)) == 2


def test_that_exploring_stores_what_it_found(document, qtbot):
    job = explore(document, 4.0)
    with qtbot.waitSignal(job.ended, timeout=120_000):
        pass
    assert {point.kind for point in document.inputs.rows(PlanPoint)} <= {"front", "date"}
    assert document.inputs.rows(TeamPrice)
    assert document.project.can_undo is not None


def test_that_figures_left_over_stand_beside_each_other_with_their_change(document):
    one, other = sorted(document.rows(Plan), key=lambda plan: plan.code)
    left = Left(100.0, 20.0, 0.01, 1, 3), Left(80.0, 20.0, 0.01, 2, 3)
    rows_ = {row.figures["name"]: row.figures for row in side_by_side(document.inputs, one, other, left)}
    assert rows_["Technical risk"]["change"] == "\N{MINUS SIGN}20"
    assert rows_["Reputational risk"]["change"] == "="
    assert (rows_["Gates met"]["one"], rows_["Gates met"]["other"]) == ("1 / 3", "2 / 3")


def test_that_a_plan_that_is_not_the_current_one_is_weighed_in_the_background(document, qtbot):
    page = ComparePage(document)
    page.show()
    page.refresh()
    place = [row.figures["name"] for row in page.figures.rows].index("Technical risk")
    qtbot.waitUntil(lambda: words.NOTHING not in page.figures.rows[place].figures.values(), timeout=30_000)


def test_that_what_was_left_out_is_told_with_what_lets_it_in():
    inputs = sketched().inputs()
    row = LeftOut(
        id=1,
        launch=1,
        plan=1,
        mitigation=1,
        reason="No time before 2027-01-29.",
        displaces="M-001.a, EV-1",
        loss=0.02,
        effort=10.0,
        enters_effort=6.5,
        enters_freeze="2027-02-03",
        enters_gain=0.01,
        estimated=True,
        core_index=0.25,
    )
    told = reasons(inputs, row)
    said = "\n".join(f"{heading} {text}" for heading, text in told)
    assert "No time before 29 Jan 2027." in said
    assert "M-001.a  " in said
    assert "• if its effort is 6.5 person-days or less (it is 10)" in said
    assert "• if the freeze is on 3 Feb 2027 or later" in said
    assert "An estimate" in said
    proven = reasons(inputs, dataclasses.replace(row, estimated=False, enters_effort=None, enters_freeze=None))
    assert not any("An estimate" in text for _, text in proven)


def test_that_one_click_makes_what_was_left_out_a_must(document):
    launch, plan = document.launch, document.plan
    mitigation = document.inputs.rows(Mitigation)[0]
    out = LeftOut(id=new_id(), launch=launch.id, plan=plan.id, mitigation=mitigation.id, reason="No days left.")
    assert document.edit([insert(out)], "Leave out")
    page = LeftOutPage(document)
    page.fill(left_out(document.inputs, plan))
    page.must.click()
    assert [(lock.mitigation, lock.kind) for lock in document.rows(Lock)] == [(mitigation.id, "must")]


def test_that_a_lock_is_asked_for_with_its_day_team_way_and_reason(document):
    inputs, launch = document.inputs, document.launch
    mitigation = inputs.rows(Mitigation)[0]
    asked = LockQuestion(inputs, launch, [mitigation], None)
    start = next(item.start for item in inputs.children(PlanItem, "plan", document.plan.id) if item.rank == 1)
    assert asked.given() == {"kind": "must", "variant": None, "start": None, "team": None, "reason": None}
    asked.on_day.setChecked(True)
    asked.team.setCurrentIndex(1)
    asked.variant.setCurrentIndex(1)
    asked.reason.setText("Promised")
    given = asked.given()
    assert given["team"] == inputs.rows(Team)[0].id
    assert given["start"] >= start
    assert document.act(lambda: set_lock(inputs, launch.id, mitigation.id, **given), "Lock")
    (lock,) = document.rows(Lock)
    again = LockQuestion(document.inputs, launch, [mitigation], lock).given()
    assert again == given


def test_that_only_what_is_in_view_is_drawn():
    item = PlanItem(id=1, launch=1, plan=1, start="2027-01-04", finish="2027-01-04")
    line = Line(item, "M-1", "Some work", (), date(2027, 1, 4))
    day = date(2027, 6, 1)
    shown = Chart(date(2027, 1, 4), date(2028, 1, 2), day, day, day, (line,) * 300, ())
    frame = Frame(shown, 14.0, 1000, 500, across=1400, down=24 * 100)
    assert len(frame.lines()) <= 500 // 24 + 2
    assert frame.lines()[0] == 100
    assert len(frame.weeks()) <= 1000 // (7 * 14) + 2
    assert frame.weeks()[0] <= date(2027, 1, 4) + timedelta(days=100)


def test_that_loads_leave_room_for_lines_however_many_teams_there_are():
    for teams in (1, 6, 15, 40):
        each, whole = load_heights(teams, 500)
        assert 15 <= each <= 28
        assert whole <= 500 - 46 - 4 * 24
    assert load_heights(0, 500)[1] == 0


def test_that_teams_are_told_apart_without_colour():
    fills = [fill_of(place, LIGHT) for place in range(28)]
    assert len(set(fills)) == 28
    assert all(one.pattern != other.pattern for one, other in pairwise(fills))


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_that_the_calendar_is_saved_as_a_picture(document, tmp_path, ending):
    target = tmp_path / f"calendar{ending}"
    picture = gantt_of(document).picture("P-2")
    save_picture(document, target, picture)
    assert target.stat().st_size > 1000
    assert gantt_of(document).chart.lines
    assert MovableGantt(lambda: document.inputs).picture("Nothing") is None
