"""What people are promised of the file: confirmed edits survive kills, two people never lose one silently."""

import multiprocessing
import os
import random
import signal
import sys
import time

import pytest

from launchpad.changes import edit, insert, new_id, update
from launchpad.errors import ConflictError
from launchpad.records import Mitigation, Team
from launchpad.store import ProjectFile

KILLS, SOAK_KILLS = 200, 5000
ROWS_AN_EDIT = 3


def _change(path, row_id, field, value, seen, answers):
    """Wait until both have read the row, then change one field of it."""
    with ProjectFile.open(path) as file:
        row = file.inputs().get(Mitigation, row_id)
        seen.wait(20)
        try:
            file.write(edit([update(row, **{field: value})], "Change", author=field))
            answers.put((field, value, "written"))
        except ConflictError as error:
            answers.put((field, value, error.present))


def two_processes(path, row_id, wishes):
    context = multiprocessing.get_context("spawn")
    seen, answers = context.Barrier(2), context.Queue()
    processes = [
        context.Process(target=_change, args=(path, row_id, field, value, seen, answers)) for field, value in wishes
    ]
    for process in processes:
        process.start()
    found = [answers.get(timeout=60) for _ in wishes]
    for process in processes:
        process.join(20)
    return found


@pytest.fixture
def work(write):
    made = Mitigation(id=new_id(), code="M-001", name="Filter", kind="filter")
    write(insert(made))
    return made


def test_that_two_processes_changing_different_fields_of_one_row_both_land(path, file, work):
    answers = two_processes(path, work.id, [("name", "Better"), ("family", "f")])
    assert [answer[2] for answer in answers] == ["written", "written"]
    row = file.inputs().get(Mitigation, work.id)
    assert (row.name, row.family) == ("Better", "f")


def test_that_of_two_processes_changing_one_field_the_second_is_refused_and_writes_nothing(path, file, work):
    answers = two_processes(path, work.id, [("name", "Mine"), ("name", "Yours")])
    (written,) = [value for _, value, said in answers if said == "written"]
    (present,) = [said for _, _, said in answers if said != "written"]
    assert present["name"] == written
    assert file.inputs().get(Mitigation, work.id).name == written
    assert len(file.journal()) == 3
    assert file.check() == []


def _edit_until_killed(path, said):
    """Add three rows an edit and say so once each edit is confirmed; never returns."""
    try:
        with ProjectFile.open(path) as file:
            while True:
                rows = [Team(id=new_id(), code=f"T-{new_id()}", name="x") for _ in range(ROWS_AN_EDIT)]
                made = file.write(edit([insert(row) for row in rows], "Add", author="ann"))
                os.write(said, f"{made.uuid}\n".encode())
    finally:
        os._exit(1)


def _killed_while_editing(path, wait):
    """What a child confirmed before it was killed, `wait` seconds after its first word (or from its start)."""
    listen, said = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(listen)
        _edit_until_killed(path, said)
    os.close(said)
    heard = b""
    if wait > 0:
        heard = os.read(listen, 37)
    time.sleep(abs(wait))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(listen, "rb") as rest:
        lines = (heard + rest.read()).decode().split("\n")
    return set(lines[:-1])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork and no SIGKILL")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("kills", [KILLS, pytest.param(SOAK_KILLS, marks=pytest.mark.slow)])
def test_that_kills_lose_no_confirmed_edit_and_leave_no_half_one(path, kills):
    ProjectFile.open(path).close()  # warm: everything is imported before the first fork
    chance, confirmed, cut_short = random.Random(7), set(), 0
    for n in range(kills):
        # One in ten is killed while it still opens the file, the others amid their edits.
        confirmed |= _killed_while_editing(path, chance.uniform(0.0005, 0.02) * (-1 if n % 10 == 0 else 1))
        cut_short += path.with_name(f"{path.name}-journal").exists()
    with ProjectFile.open(path) as file:
        written = {made.uuid: made for _, made in file.journal()}
        assert cut_short > kills / 10, "the children were not killed amid their writes"
        assert len(confirmed) >= kills * 0.9
        assert confirmed <= set(written)
        adds = [made for made in written.values() if made.label == "Add"]
        assert len(file.inputs().rows(Team)) == ROWS_AN_EDIT * len(adds)
        assert file.check() == []
