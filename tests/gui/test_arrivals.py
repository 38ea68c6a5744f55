"""The window knows when a result came in, and so tells the same of criteria as the command line does."""

import dataclasses

from launchpad.changes import edit, insert, now
from launchpad.cli.asked import arrivals
from launchpad.edits.criteria import seal
from launchpad.edits.records import set_values
from launchpad.gui.arrivals import Arrivals
from launchpad.project import Project
from launchpad.records import EvalResult, EvidenceLink, Inputs, SuccessCriterion
from launchpad.results import compute
from tests.builders import grounds, inputs_of, result


def with_a_criterion_set_today(project):
    """The sample with a criterion sealed now about a result that carries no run date and was imported before."""
    with Project.open(project) as held:
        link = next(row for row in held.inputs.rows(EvidenceLink) if row.scenario is not None)
        found = held.inputs.get(EvalResult, link.result)
        row = SuccessCriterion(
            id=424242,
            code="SC-901",
            launch=link.launch,
            evaluation=found.evaluation,
            name="Set late",
            direction="at_most",
            threshold=0.5,
        )
        held.edit([*set_values(found, run_date=None), insert(row)], "Ask for it")
        held.refresh()
        held.edit(seal(held.inputs, held.inputs.get(SuccessCriterion, row.id), now()), "Seal it")
        return row.code


def test_that_the_window_warns_of_a_criterion_set_after_its_results_as_the_command_line_does(window, project, qtbot):
    code = with_a_criterion_set_today(project)
    assert window.open_project(project)
    document = window.document
    qtbot.waitUntil(lambda: document.results is not None and document.results.complete, timeout=60_000)
    shown, inputs = document.results, document.inputs
    told = compute(inputs, shown.launch.id, shown.plan_id, draws=0, imported=arrivals(document.project, inputs))
    assert shown.warnings == told.warnings
    late = [warning for warning in shown.warnings if warning.record == f"success_criterion {code}"]
    assert any("set after results" in warning.message for warning in late)
    assert shown.warnings != compute(inputs, shown.launch.id, shown.plan_id, draws=0).warnings


def test_that_the_journal_is_asked_only_for_a_result_not_met_before():
    row = SuccessCriterion(
        id=9500, code="SC-1", launch=1, evaluation=40, name="Rare", direction="at_most", threshold=0.05
    )
    asked = []

    def journal():
        asked.append(len(asked))
        return [(1, brought)]

    first, second = result(1, 1, 10), result(2, 1, 10)
    brought = edit([insert(first), insert(second)], "Import", author="ada")
    known = Arrivals()
    none = inputs_of([*grounds(), first])
    assert known.of(none, journal) == {}
    assert asked == []
    inputs = Inputs({**none.tables, "success_criterion": (row,)})
    assert known.of(inputs, journal) == {first.id: brought.at, second.id: brought.at}
    edited = Inputs({**inputs.tables, "eval_result": (dataclasses.replace(first, note="Mine"),)})
    assert known.of(edited, journal) == known.of(inputs, journal)
    assert len(asked) == 1
