"""Ctrl-C: the first keeps what was found, the second breaks off, and afterwards all is as before."""

import os
import signal

import pytest

from launchpad.cli.interrupt import stoppable
from launchpad.errors import CancelledError
from launchpad.planning import explore, make_plan
from tests.planning.launches import Sketch, chosen


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def sketch():
    made = Sketch()
    scenario = made.scenario(rate=0.2)
    for number in range(1, 5):
        made.acting(f"M-{number:03}.a", 7.0, 0.1 * number, on=scenario)
    return made


def test_that_progress_is_passed_on_until_the_person_says_stop():
    told: list[str] = []
    with stoppable(lambda _, words: told.append(words)) as tell:
        tell(0.1, "first")
        press()
        with pytest.raises(CancelledError):
            tell(0.2, "second")
    assert told == ["first"]


def test_that_a_second_press_breaks_off_and_the_usual_way_comes_back():
    def press_twice() -> None:
        with stoppable(None) as tell:
            tell(0.1, "")
            press()
            press()

    usual = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        press_twice()
    assert signal.getsignal(signal.SIGINT) is usual


def test_that_a_plan_is_kept_when_ctrl_c_comes_while_it_is_made(sketch):
    def report(_: float, words: str) -> None:
        if words.startswith(("Best so far", "Scoring")):
            press()

    with stoppable(report) as tell:
        found = make_plan(sketch.inputs(), sketch.launch.id, seconds=60, progress=tell)
    assert found.stopped
    assert chosen(found)


def test_that_what_was_found_around_a_plan_is_kept_after_solvers_that_listen_for_ctrl_c_themselves(sketch):
    def report(_: float, words: str) -> None:
        if words.startswith("Launch on"):
            press()

    found = make_plan(sketch.inputs(), sketch.launch.id, seconds=20)
    with stoppable(report) as tell:
        around = explore(sketch.inputs(), found, seconds=60, progress=tell)
    assert around.stopped
    assert around.prices
    assert around.front
    assert around.core is None
