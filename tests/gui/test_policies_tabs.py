"""The other tabs of the policies screen: what is compiled, agreement, redline, runs against a server, feedback."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from launchpad.changes import insert, now
from launchpad.edits.policies import new_draft, release, version_named
from launchpad.edits.records import made_from, set_values
from launchpad.endpoints.endpoint import Endpoint, usable
from launchpad.endpoints.keys import NO_KEY
from launchpad.gui.main_window import MainWindow
from launchpad.gui.policies.agreement_numbers import ALL, Cell, kappa_of
from launchpad.gui.policies.labelling import Wanted, settle_by, take_labels
from launchpad.gui.policies.run_question import Leaving, RunQuestion
from launchpad.gui.policies.running import Running
from launchpad.gui.policies.view import PoliciesScreen
from launchpad.policies.run import RunWish, departure
from launchpad.records import Clause, Example, Feedback, GoldSet, Label, Person, Policy, PolicyRun, RunAnswer

LONG = 30_000


def wait(milliseconds: int) -> None:
    """Let the window live for a while; unlike QTest.qWait this lets the pool's threads run, too."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(met: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = QDeadlineTimer(LONG)
    while not met():
        assert not deadline.hasExpired()
        wait(10)


def settle(screen: PoliciesScreen) -> None:
    """Wait until the screen shows and has worked out what the file holds."""
    wait(1)
    until(
        lambda: (
            screen.version is None
            or (screen.study is not None and screen.study.head == screen.document.inputs.head and screen._job is None)
        )
    )
    screen.refresh_if_seen()
    wait(1)


def words(widget) -> str:
    """Everything that is on screen in a widget, whether its label is hidden or not."""
    parts = (*widget.findChildren(QLabel), *widget.findChildren(QPushButton))
    return "\n".join(one.text() for one in parts if one.isVisibleTo(widget))


@pytest.fixture
def screen(empty: MainWindow, seen) -> PoliciesScreen:
    """The screen of a project with the medical starter."""
    seen(empty, "policies")
    found = empty.screens["policies"]
    assert isinstance(found, PoliciesScreen)
    found.begin("medical")
    settle(found)
    return found


def clause(screen: PoliciesScreen, code: str) -> Clause:
    version = screen.version
    assert version is not None
    rows = screen.document.inputs.children(Clause, "version", version.id)
    return next(row for row in rows if row.code == code)


def show(screen, page) -> None:
    screen.tabs.setCurrentWidget(page)
    settle(screen)


def test_that_three_forms_stand_side_by_side_with_the_clause_marked_in_each(screen, tmp_path):
    page = screen.renderings
    screen.clauses.view.choose("MED-03")
    show(screen, page)
    until(lambda: all(pane.shown is not None for pane in page.panes))
    assert [pane.choice.value for pane in page.panes] == ["chat", "guideline", "brief"]
    assert all(pane.marked > 0 and pane.length.text() for pane in page.panes)
    page.panes[0].choice.choose("llama_guard")
    until(lambda: page.panes[0].shown.name == "llama_guard")
    page.panes[2].choice.choose("public")
    until(lambda: page.panes[2].shown.name == "public")
    page.panes[0].copy()
    assert "UNSAFE CONTENT CATEGORIES" in QApplication.clipboard().text()
    page.panes[1].save_to(tmp_path / "guideline.docx")
    page.panes[0].save_to(tmp_path / "prompt.json")
    assert (tmp_path / "guideline.docx").stat().st_size > 0
    assert json.loads((tmp_path / "prompt.json").read_text())["rendering"] == "llama_guard"


@pytest.fixture
def labelled(screen):
    """Two people and a model who labelled the examples; the model is wrong about one, defensibly about another."""
    document, version = screen.document, screen.version
    inputs = document.inputs
    people = [made_from(Person, {"code": code}) for code in ("ANA", "BEN")]
    rows = []
    for example in inputs.rows(Example):
        truth = "violates" if example.side == "violates" else "safe"
        for rater in ("ANA", "BEN", "model"):
            turned = rater == "model" and example.code in ("MED-01-X01", "MED-02-X01")
            said = "safe" if turned else truth
            cited = "MED-08" if turned and example.code == "MED-02-X01" else None
            fields = {"rater": rater, "violation": said, "clause": cited, "given_at": now()}
            rows.append(made_from(Label, {"example": example.id, "policy_version": version.id, **fields}))
    assert document.edit([insert(row) for row in (*people, *rows)], "Labels")
    assert settle_by(document, version, "unanimous", ["ANA", "BEN"], 2)
    inputs = document.inputs
    one = inputs.find(Example, "MED-02-X01")
    gold = next(row for row in inputs.children(Label, "example", one.id) if row.gold)
    document.edit(set_values(gold, defensible="MED-08"), "Defensible")
    show(screen, screen.agreement)
    until(lambda: screen.agreement.found is not None and screen.agreement.found.summary is not None)
    settle(screen)
    return screen.agreement


def test_that_the_map_holds_a_cell_for_each_clause_and_rater(labelled, qtmodeltester):
    found = labelled.found
    cell = found.maps["gold"].cells["MED-01", ("model",)]
    assert (cell.n, cell.same) == (4, 3)
    assert found.maps["gold"].cells[ALL, ("ANA",)].percent == 1.0
    assert found.maps["pairs"].columns == (("ANA", "BEN"), ("ANA", "model"), ("BEN", "model"))
    assert found.maps["others"].cells["MED-01", ("model",)].same == pytest.approx(3.0)
    assert found.summary.coefficients["percent"] == pytest.approx(1 - 2 * 2 / 3 / 48)
    assert "3 of 4 items agree" in labelled.map.told(1, 2)
    qtmodeltester.check(labelled.model, force_py=True)


def test_that_wrong_stands_apart_from_defensible_and_a_click_opens_the_example(labelled, screen):
    stands = {row.figures["code"]: row.figures["stands"] for row in labelled.model.rows}
    assert stands == {"MED-01-X01": "Wrong", "MED-02-X01": "Defensible under MED-08"}
    tally = labelled.found.tallies["model"]
    assert (tally.same, tally.defensible, tally.wrong) == (46, 1, 1)
    labelled.map.go(2, 2)
    assert [item.example.code for item in labelled.items()] == ["MED-02-X01"]
    labelled._widen()
    labelled.pane.view.choose(screen.document.inputs.find(Example, "MED-01-X01").id)
    assert labelled.example.example.code == "MED-01-X01"
    wait(1)
    assert "model: Does not violate" in words(labelled.example)
    labelled.example.answer.choose("safe")
    labelled.example.note.setText("seen again")
    labelled.example.settle.click()
    one = screen.document.inputs.find(Example, "MED-01-X01")
    gold = next(row for row in screen.document.inputs.children(Label, "example", one.id) if row.gold)
    assert (gold.violation, gold.rater) == ("safe", "adjudicated:ANA")
    labelled.example.sought.emit("MED-01-X01")
    assert screen.page is screen.clauses


def test_that_agreement_numbers_are_those_of_cohen():
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert kappa_of(pairs) == pytest.approx(0.4)  # Cohen (1960), 35 of 50 agree, .5 by chance
    assert Cell(0, 0, None).percent is None


def test_that_labels_come_in_from_a_file(screen, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("item,ANA,BEN\nMED-01-X01,violates,safe\nMED-01-X02,safe,safe\nNONE,safe,safe\n")
    notices = []
    job = take_labels(screen.document, screen.version, [path], Wanted(columns=("ANA", "BEN"), field="violation"))
    job.ended.connect(lambda: notices.append(True))
    until(lambda: notices)
    assert len(screen.document.inputs.rows(Label)) == 4
    for one in QApplication.topLevelWidgets():
        if one.windowTitle() == "Import labels":
            one.close()


def test_that_without_labels_the_tab_says_what_to_do_first(screen):
    show(screen, screen.agreement)
    until(lambda: screen.agreement.found is not None)
    assert "No labels under this version yet" in words(screen.agreement)


def test_that_a_redline_shows_words_and_what_to_test_again(screen, tmp_path):
    show(screen, screen.redline)
    assert "One version so far" in words(screen.redline)
    document, version = screen.document, screen.version
    document.act(lambda: release(document.inputs, version, "2026-11-24"), "Release")
    document.act(lambda: new_draft(document.inputs, version_named(document.inputs, "MED"), "0.2"), "Draft")
    settle(screen)
    row = clause(screen, "MED-03")
    document.edit(set_values(row, rule=f"{row.rule} Always."), "Change")
    settle(screen)
    until(lambda: screen.redline.line is not None and screen.redline.line.changes)
    assert screen.redline.line.touched == ("MED-03",)
    assert (screen.redline.old.value, screen.redline.new.value) != ("", "")
    assert "Always" in screen.redline.text.toPlainText()
    screen.redline.list.setCurrentRow(0)
    assert screen.redline.text.extraSelections()
    screen.redline.save_to(tmp_path / "redline.html")
    assert "<ins>" in (tmp_path / "redline.html").read_text()


class Says(BaseHTTPRequestHandler):
    """An endpoint that finds everything safe."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": '{"label": "safe", "clauses": []}'}
        said = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "model": "m"}
        block = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(block)))
        self.end_headers()
        self.wfile.write(block)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Says)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.fixture
def gold(labelled, screen) -> GoldSet:
    """Four of the settled examples as a gold set."""
    assert labelled.found is not None
    document = screen.document
    made = made_from(GoldSet, {"code": "G-1", "name": "Gold", "policy": screen.version.policy})
    document.edit([insert(made)], "Gold set")
    for at in range(1, 5):
        document.edit(set_values(document.inputs.find(Example, f"MED-04-X0{at}"), gold_set=made.id), "Into it")
    settle(screen)
    return document.inputs.find(GoldSet, "G-1")


def test_that_what_would_leave_is_shown_before_the_first_item_does(screen, gold, address):
    asked = RunQuestion(screen.document.inputs, screen.version)
    asked.url.setText(address)
    asked.model.setText("m")
    leaving = departure(screen.document.inputs, asked.wish())
    shown = Leaving(leaving)
    assert "4 items go to 127.0.0.1:" in shown.said
    assert "4 calls" in shown.said
    assert asked.key_name.text() == ""
    assert not any("password" in one.text().casefold() for one in asked.findChildren(QLabel))
    assert gold.code == asked.gold_set.currentData()


def test_that_a_run_is_carried_out_written_and_measured(screen, gold, address, qtmodeltester):
    document = screen.document
    wish = RunWish(version=screen.version, gold_set=gold, endpoint=usable(Endpoint(url=address, model="m")))
    running, ended = Running(document, wish, NO_KEY), []
    running.ended.connect(ended.append)
    until(lambda: ended)
    run = document.inputs.find(PolicyRun, ended[0])
    assert run.status == "complete"
    assert len(document.inputs.children(RunAnswer, "run", run.id)) == 4
    show(screen, screen.runs)
    until(lambda: run.id in screen.runs.known)
    row = screen.runs.model.rows[0]
    assert str(row.figures["recall"]).startswith("0")
    assert row.figures["n"] == 4
    qtmodeltester.check(screen.runs.model, force_py=True)


def test_that_feedback_is_triaged_by_a_key_and_followed_to_its_clause(screen, labelled, qtbot, monkeypatch):
    from launchpad.gui.policies import feedback_page

    show(screen, screen.feedback)
    page, document = screen.feedback, screen.document
    assert labelled.found is not None
    until(lambda: page.cases)
    page.found.setCurrentItem(page.found.topLevelItem(0))
    page.add_cases()
    settle(screen)
    rows = document.inputs.rows(Feedback)
    assert rows
    assert all(row.source == "mining" and row.triage == "new" for row in rows)
    monkeypatch.setattr(feedback_page, "_reason", lambda *_what: "the clause can be read two ways")
    page.pane.view.choose(rows[0].id)
    page.pane.view.setFocus()
    qtbot.keyClick(page.pane.view, Qt.Key.Key_A)
    wait(5)
    assert document.inputs.get(Feedback, rows[0].id).triage == "ambiguous"
    settle(screen)
    page.pane.view.choose(rows[0].id)
    top = [page.chain.topLevelItem(at).text(0) for at in range(page.chain.topLevelItemCount())]
    assert any(text.startswith("Clause MED-0") for text in top)
    page.acts["decline"].click()
    settle(screen)
    assert document.inputs.get(Feedback, rows[0].id).status == "declined"
    assert document.inputs.rows(Policy)
