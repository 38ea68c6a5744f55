"""A new launch from the one being looked at: asked for in a small dialog, opened, and undone in one step."""

import pytest
from PySide6.QtWidgets import QComboBox

from launchpad.gui.asking import NextLaunchQuestion
from launchpad.records import Launch, Scenario


@pytest.fixture
def answered(monkeypatch):
    """The dialog as a person fills it in; what it offered at first is kept."""
    offered = {}

    def answer(asked):
        offered.update(model=asked.model.text(), snapshot=asked.snapshot.text(), day=asked.given().launch_date)
        asked.name.setText("Autumn")
        asked.snapshot.setText("rc2")
        return True

    monkeypatch.setattr(NextLaunchQuestion, "exec", answer)
    return offered


def test_that_the_new_launch_opens_stands_in_the_switcher_and_is_undone_in_one_step(opened, answered, qtbot):
    document = opened.document
    source = document.launch
    qtbot.waitUntil(lambda: document.results is not None, timeout=30_000)
    opened.run_command("next launch")
    made = document.launch
    assert (made.name, made.snapshot, made.baseline) == ("Autumn", "rc2", source.id)
    assert answered["model"] == source.model
    assert answered["day"] > source.launch_date
    assert len(document.rows(Scenario)) == len(document.inputs.rows(Scenario, source.id))
    assert document.results is None
    switcher = next(box for box in opened.header.findChildren(QComboBox) if box.accessibleName() == "Launch")
    assert [switcher.itemText(place)[:3] for place in range(switcher.count())] == ["L-1", "L-2"]
    assert switcher.currentData() == made.id
    qtbot.waitUntil(lambda: document.results is not None, timeout=30_000)
    document.undo()
    assert document.launch == source
    assert document.results is None
    assert [row.id for row in document.inputs.rows(Launch)] == [source.id]
    assert switcher.count() == 1
    qtbot.waitUntil(lambda: document.results is not None, timeout=30_000)


def test_that_without_a_launch_there_is_nothing_to_follow(empty):
    assert not empty.commands["next launch"].isEnabled()


def test_that_the_build_of_one_model_is_not_offered_for_another(opened):
    source = opened.document.launch
    asked = NextLaunchQuestion(source, opened)
    assert asked.snapshot.text() == source.snapshot
    asked.model.setText("Other")
    asked.model.textEdited.emit("Other")
    assert asked.snapshot.text() == ""
    asked.model.setText(source.model)
    asked.model.textEdited.emit(source.model)
    assert asked.snapshot.text() == source.snapshot
    assert (asked.given().model, asked.given().under_way) == (source.model, False)
    asked.deleteLater()
