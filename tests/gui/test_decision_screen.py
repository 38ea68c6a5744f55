"""The decision screen: words given reach the file, signatures are seen to fall, and undo passes all of it by."""

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QComboBox

from launchpad.edits.decisions import dissent
from launchpad.edits.records import set_words
from launchpad.edits.stamps import stamp
from launchpad.edits.waivers import grant
from launchpad.gui.decision.numbers import headline
from launchpad.gui.decision.questions import DecideQuestion, SignQuestion
from launchpad.records import Decision, Dissent, Gate, Person, SignOff


def until(ready, patience: int = 20_000) -> None:
    loop, tick, last = QEventLoop(), QTimer(), QTimer()
    tick.timeout.connect(lambda: loop.quit() if ready() else None)
    last.setSingleShot(True)
    last.timeout.connect(loop.quit)
    tick.start(20)
    last.start(patience)
    loop.exec()
    assert ready()


@pytest.fixture
def screen(opened):
    opened.show_page("decision")
    made = opened.screens["decision"]
    until(lambda: made.record is not None)
    return made


def choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))


def no_go(screen) -> None:
    asked = DecideQuestion(screen.document.inputs, screen.document.launch, 7)
    choose(asked.who, "P-13")
    choose(asked.outcome, "no_go")
    asked.statement.setPlainText("Four gates are not met.")
    assert screen.draw_up(asked)
    screen.refresh()


def signed(screen, person: str = "P-13") -> bool:
    asked = SignQuestion(screen.document.inputs, screen.document.launch, "D-001", [])
    choose(asked.who, person)
    done = screen.sign_as(asked, [])
    screen.refresh()
    return done


def test_that_before_a_decision_the_open_gates_are_counted(screen):
    title, sentence, _ = headline(screen.record)
    assert title == "Not decided yet"
    assert sentence.startswith(f"{len(screen.record.open_gates)} of {len(screen.record.gates)} gates")
    assert screen.gates.topLevelItemCount() == len(screen.document.rows(Gate))
    assert not screen.sign.isEnabled()


def test_that_a_go_with_open_gates_is_refused_and_nothing_is_written(screen):
    refused: list[object] = []
    screen.document.refused.disconnect()
    screen.document.refused.connect(refused.append)
    asked = DecideQuestion(screen.document.inputs, screen.document.launch, 7)
    choose(asked.who, "P-13")
    asked.statement.setPlainText("We go.")
    assert not screen.draw_up(asked)
    assert len(refused) == 1
    assert screen.document.rows(Decision) == ()


def test_that_a_signature_holds_until_what_it_rests_on_changes(screen):
    no_go(screen)
    assert headline(screen.record)[0] == "No-go"
    assert signed(screen)
    assert screen.record.decided
    assert [row.state for row in screen.record.signatures] == ["valid"]
    gate = screen.document.rows(Gate)[0]
    inputs = screen.document.inputs
    assert screen.document.edit(set_words(inputs, gate, {"threshold": "0.5"}).changes, "Threshold")
    screen.refresh()
    assert [row.state for row in screen.record.signatures] == ["void"]
    fields = {screen.since.topLevelItem(at).text(2) for at in range(screen.since.topLevelItemCount())}
    assert "Threshold" in fields
    assert headline(screen.record)[2] == "warn"


def test_that_undo_passes_decisions_signatures_and_dissent_by(screen):
    no_go(screen)
    assert signed(screen)
    inputs, decision = screen.document.inputs, screen.document.rows(Decision)[0]
    person = inputs.find(Person, "P-12")
    words = dissent(inputs, decision, person, said="Too early.", stamp=stamp(inputs.head))
    assert screen.document.edit(words, "Dissent")
    screen.document.undo()
    screen.refresh()
    assert len(screen.document.rows(Decision)) == len(screen.document.rows(SignOff)) == 1
    assert [row.said for row in screen.document.rows(Dissent)] == ["Too early."]
    assert screen.dissents.topLevelItemCount() == 1


def test_that_a_waived_gate_is_shown_as_waived_with_its_last_day(screen):
    inputs, gate = screen.document.inputs, screen.record.open_gates[0]
    row = inputs.find(Gate, gate.code, screen.document.launch.id)
    who = inputs.find(Person, "P-13")
    made = grant(
        inputs, row, who, reason="Known", granted_on=screen.day, expires="2027-01-31", stamp=stamp(inputs.head)
    )
    assert screen.document.edit(made, "Waive")
    screen.refresh()
    item = next(
        screen.gates.topLevelItem(at)
        for at in range(screen.gates.topLevelItemCount())
        if screen.gates.topLevelItem(at).text(0).startswith(gate.code)
    )
    assert item.text(1) == "waived"
    assert "2027-01-31" in item.text(3)


def test_that_the_brief_is_shown_as_it_will_be_sent(screen):
    screen.tabs.setCurrentIndex(screen.tabs.count() - 1)
    until(lambda: bool(screen.brief.toPlainText()))
    assert "Gates" in screen.brief.toPlainText()
    assert screen.brief.isReadOnly()


def test_that_another_decision_takes_the_place_of_one_that_stands_with_its_reason(screen):
    no_go(screen)
    document = screen.document
    asked = DecideQuestion(document.inputs, document.launch, 7, document.rows(Decision)[0])
    choose(asked.who, "P-13")
    choose(asked.outcome, "no_go")
    asked.statement.setPlainText("Still not.")
    asked.reason.setText("Gate G-5 was judged anew.")
    assert screen.draw_up(asked)
    screen.refresh()
    assert [row.code for row in screen.record.earlier] == ["D-001"]
    assert screen.record.decision.statement.startswith("Still not.")
