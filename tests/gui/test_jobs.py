"""Work in the background: what comes back, in which thread, and what happens when it is stopped or fails."""

import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from launchpad.errors import ScoringError
from launchpad.gui.jobs import Pool, ProgressStrip

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def pool():
    made = Pool()
    yield made
    made.close()


def test_that_the_outcome_of_quick_work_arrives_even_when_it_was_done_before_anybody_listened(pool, qtbot: QtBot):
    for _ in range(20):
        got: list[object] = []
        job = pool.start("Quick", lambda _progress: 7)
        time.sleep(0.002)
        job.done.connect(got.append)
        qtbot.waitUntil(lambda got=got: got == [7])


def test_that_the_outcome_arrives_in_the_windows_thread(pool, qtbot: QtBot):
    seen: list[int] = []
    job = pool.start("Where", lambda _progress: threading.get_ident())
    job.done.connect(lambda worker: seen.extend((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[0] != seen[1] == threading.get_ident()


def _until_stopped(progress) -> str:
    while True:
        progress(0.5, "Going on")
        time.sleep(0.001)


def test_that_stopped_work_ends_without_an_outcome_and_without_an_error(pool, qtbot: QtBot):
    outcomes: list[object] = []
    job = pool.start("Long", _until_stopped)
    job.done.connect(outcomes.append)
    job.failed.connect(outcomes.append)
    with qtbot.waitSignal(job.ended):
        job.cancel()
    assert outcomes == []
    assert not pool.busy()


def test_that_work_which_keeps_hands_over_what_it_has_when_it_is_stopped(pool, qtbot: QtBot):
    stopped = threading.Event()

    def search(_progress):
        stopped.wait(5)
        return "best so far"

    job = pool.start("Search", search, keeps=True)
    with qtbot.waitSignal(job.done) as got:
        job.cancel()
        stopped.set()
    assert got.args == ["best so far"]


def test_that_an_error_a_person_can_act_on_is_handed_over_and_a_bug_is_raised(pool, qtbot: QtBot):
    def refuse(_progress):
        raise ScoringError("No scenario has exposure.", "Add one.")

    errors: list[object] = []
    pool.start("Refuse", refuse).failed.connect(errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], ScoringError)

    def fall(_progress):
        raise ZeroDivisionError

    with qtbot.captureExceptions() as raised:
        job = pool.start("Fall", fall)
        with qtbot.waitSignal(job.ended):
            pass
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]


def test_that_the_strip_shows_work_with_a_way_to_stop_it_and_hides_afterwards(pool, qtbot: QtBot):
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    pool.started.connect(strip.watch)
    job = pool.start("Long", _until_stopped)
    qtbot.waitUntil(strip.isVisible)
    strip._cancel.click()
    qtbot.waitSignal(job.ended)
    qtbot.waitUntil(lambda: not strip.isVisible())
