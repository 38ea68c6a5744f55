"""The block "After the launch" on the overview, and the tables behind it."""

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPushButton

from launchpad.edits.records import add_words, set_words
from launchpad.gui.asking import DecisionQuestion
from launchpad.gui.overview.entry import Entry
from launchpad.gui.overview.numbers import surprising
from launchpad.gui.overview.view import OverviewScreen
from launchpad.gui.register.numbers import known_by
from launchpad.records import Effect, ExpertEstimate, Incident, Launch, Reading, Trigger
from launchpad.results import compute


def write(document, record, **words):
    launch = document.launch
    assert document.edit(add_words(document.inputs, record, words, launch.id).changes, "Add")


def went_out(document, as_of):
    (launch,) = document.inputs.rows(Launch)
    change = set_words(document.inputs, launch, {"as_of": as_of, "status": "launched"}, launch.id)
    assert document.edit(change.changes, "Set")


@pytest.fixture
def overview(opened):
    opened.show_page("overview")
    return next(page for page in opened.findChildren(OverviewScreen))


def entries(block):
    return [made.accessibleName() for made in block.findChildren(Entry) if not made.isHidden()]


def test_that_a_launch_still_to_come_has_no_such_block(overview, qtbot):
    qtbot.waitUntil(lambda: overview.document.results is not None, timeout=20_000)
    overview.refresh()
    assert overview.after.isHidden()


def test_that_reached_triggers_come_first_then_what_surprises(overview, qtbot):
    document, block = overview.document, overview.after
    went_out(document, "2027-03-01")
    write(document, Trigger, gate="G-6", scenario="R-022", threshold="3", window_days="7")
    write(document, Incident, scenario="R-022", happened="2027-02-10", events="3")
    write(document, Incident, scenario="R-003", happened="2027-02-20", events="400")
    write(document, Reading, scenario="R-001", starts="2027-02-08", days="14", opportunities="4000", violations="900")
    qtbot.waitUntil(lambda: block.found is not None and len(entries(block)) == 3, timeout=30_000)
    assert block.isVisible()
    first, second, third = entries(block)
    assert first.startswith("TR-001 opened G-6 again. reached. TR-001: 3 incidents in 7 days, on 2027-02-10.")
    assert second.startswith("R-003  Help with planning an attack on a person. more than expected. 400 events seen")
    assert third.startswith("R-001")
    assert "higher than predicted" in third
    said = [shown.text() for shown in block.findChildren(QLabel)]
    assert any(text.startswith("22 days of the horizon") for text in said)
    assert any("reports are a lower bound" in text for text in said)
    qtbot.waitUntil(lambda: not document.stale, timeout=30_000)
    reopened = next(gate for gate in document.results.gates if gate.code == "G-6")
    assert reopened.verdict == "inconclusive"


def test_that_every_entry_leads_on_and_all_incidents_are_one_click_away(overview, qtbot):
    document, block = overview.document, overview.after
    went_out(document, "2027-03-01")
    write(document, Incident, scenario="R-003", happened="2027-02-20", events="400")
    qtbot.waitUntil(lambda: len(entries(block)) == 1, timeout=30_000)
    sought = []
    document.sought.connect(sought.append)
    block.findChildren(Entry)[0].click()
    assert sought[-1].code == "R-003"
    block._all()
    assert isinstance(sought[-1], Incident)


def decided(document):
    (trigger,) = document.rows(Trigger)
    return trigger.decided_on


def test_that_deciding_on_a_trigger_asks_why_closes_its_gate_and_can_be_undone(overview, qtbot, monkeypatch):
    document, block = overview.document, overview.after
    went_out(document, "2027-03-01")
    write(document, Trigger, gate="G-6", scenario="R-022", threshold="3", window_days="7")
    write(document, Incident, scenario="R-022", happened="2027-02-10", events="3")
    qtbot.waitUntil(lambda: block.found is not None and len(block.found.reached) == 1, timeout=30_000)
    offered = [made for made in block.findChildren(QPushButton) if made.accessibleName() == "Decided on TR-001"]

    def answer(asked):
        assert not asked.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
        asked.reason.setText("One account, closed.")
        assert asked.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
        return True

    monkeypatch.setattr(DecisionQuestion, "exec", answer)
    offered[-1].click()
    assert decided(document) == "2027-03-01"
    assert document.journal()[-1][1].reason == "One account, closed."
    qtbot.waitUntil(lambda: not document.stale and not block.found.reached, timeout=30_000)
    assert next(gate for gate in document.results.gates if gate.code == "G-6").verdict == "met"
    document.undo()
    assert decided(document) is None


def test_that_mitigations_that_were_on_stand_beside_what_got_through(overview, qtbot):
    document, block = overview.document, overview.after
    went_out(document, "2027-03-01")
    launch, inputs = document.launch, document.inputs
    acting = next(row for row in inputs.rows(Effect, launch.id) if row.stage == "detection")
    code, scenario = inputs.part(acting, "variant"), inputs.part(acting, "scenario")
    write(document, Incident, scenario=scenario, happened="2027-02-20", events="900000", in_place=code)
    qtbot.waitUntil(lambda: len(entries(block)) == 1, timeout=30_000)
    assert f"{code}, meant to stop it, on in 900" in entries(block)[0]


def test_that_incidents_readings_triggers_and_experts_have_their_tables(opened):
    document = opened.document
    write(document, Incident, scenario="R-003", happened="2027-02-20")
    write(document, ExpertEstimate, scenario="R-001", expert="P-01", low="0.01", median="0.02", high="0.05")
    for record in (Incident, ExpertEstimate):
        opened.seek(document.rows(record)[0])
        assert opened.findChildren(OverviewScreen)[0].isHidden()


def test_that_fewer_reports_than_expected_surprise_nobody():
    assert surprising([]) == []


def test_that_no_two_kinds_of_knowing_look_alike(opened):
    document = opened.document
    write(document, ExpertEstimate, scenario="R-002", expert="P-01", low="0.01", median="0.02", high="0.05")
    results = compute(document.inputs, document.launch.id, draws=200)
    told = {row.code: known_by(row.propensity) for row in results.scenarios}
    assert told["R-002"] == "Elicited"
    assert len(set(told.values())) > 1
    assert {"Measured", "Assumed", "Elicited"} <= set(told.values())
