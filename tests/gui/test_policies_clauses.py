"""The policies screen: starters, clauses, responses, examples on both sides of the line, the check, release."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton

from launchpad.changes import insert
from launchpad.edits.policies import add_example, release, version_named
from launchpad.edits.records import made_from, set_values
from launchpad.gui.main_window import MainWindow
from launchpad.gui.policies import acts
from launchpad.gui.policies.clause_list import ClauseList
from launchpad.gui.policies.example_form import ExampleForm
from launchpad.gui.policies.lines import clause_lines
from launchpad.gui.policies.questions import ReleaseQuestion, StarterQuestion, next_name
from launchpad.gui.policies.view import PoliciesScreen
from launchpad.project import Project
from launchpad.records import Clause, ClauseResponse, Example, Policy, PolicyVersion, RiskArea, TaxonomyRelease

LONG = 30_000
HIDDEN = "a request nobody should see by chance"


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


def order(screen: PoliciesScreen) -> list[str]:
    return [line.clause.code for line in screen.clauses.model.lines]


def test_that_without_a_policy_the_screen_says_what_to_do_first(empty, seen, qtbot):
    seen(empty, "policies")
    found = empty.screens["policies"]
    assert "No policy yet" in words(found)
    start = next(one for one in found.findChildren(QPushButton) if "Answers about health" in one.text())
    qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    settle(found)
    assert [row.code for row in found.document.inputs.rows(Policy)] == ["MED"]
    assert order(found)[:2] == ["MED-01", "MED-02"]
    assert found.document.project.can_undo is not None
    found.document.undo()
    wait(5)
    assert "No policy yet" in words(found)


def test_that_the_policy_is_found_by_the_palette_and_in_the_navigation(screen, empty):
    from launchpad.gui.palette import records_of

    assert ("policies", "Policies") in empty.pages()
    assert "show policies" in empty.commands
    entries = records_of(screen.document.inputs, None, empty.seek)
    assert any(entry.name == "MED  Answers about health" for entry in entries)
    empty.show_page("overview")
    empty.seek(clause(screen, "MED-03"))
    assert screen.isVisible()
    assert screen.clauses.editor.heading.text() == "MED-03"


def test_that_clauses_are_a_model_in_decision_order(screen, qtmodeltester):
    qtmodeltester.check(screen.clauses.model, force_py=True)
    line = screen.clauses.model.lines[0]
    assert (line.kind, line.over, line.allowed) == ("Violates", 2, 2)
    assert line.about == "severity 5 · precedence 100 · Root"
    assert "must redirect to help" in line.answers
    assert line.spoken.startswith("1, MED-01, Violates, The user describes")


def test_that_a_clause_moves_by_keys_and_by_dragging_and_back_by_undo(screen, qtbot):
    view, model = screen.clauses.view, screen.clauses.model
    before = order(screen)
    assert view.choose("MED-02")
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    settle(screen)
    assert order(screen)[:3] == ["MED-02", "MED-01", "MED-03"]
    assert screen.clauses.chosen == "MED-02"
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    settle(screen)
    assert order(screen) == before
    assert model.moveRows(model.index(-1), 0, 1, model.index(-1), 4)
    settle(screen)
    assert order(screen)[:5] == ["MED-02", "MED-03", "MED-04", "MED-01", "MED-05"]
    assert clause(screen, "MED-01").place == 4
    screen.document.undo()
    settle(screen)
    assert order(screen) == before


def test_that_moving_past_the_ends_writes_nothing(screen, qtbot):
    head = screen.document.inputs.head
    assert screen.clauses.view.choose("MED-01")
    qtbot.keyClick(screen.clauses.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert screen.clauses.view.choose(order(screen)[-1])
    qtbot.keyClick(screen.clauses.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert screen.document.inputs.head == head


def test_that_a_field_is_written_when_it_is_left_and_taken_back_by_undo(screen, qtbot):
    editor = screen.clauses.editor
    rule, severity = editor.fields["rule"], editor.fields["severity"]
    assert isinstance(rule, QPlainTextEdit)
    was = clause(screen, "MED-01").rule
    rule.setPlainText("The answer names a dose for a child.")
    qtbot.keyClick(rule, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert clause(screen, "MED-01").rule == "The answer names a dose for a child."
    severity.choose("3")
    severity.activated.emit(severity.currentIndex())
    assert clause(screen, "MED-01").severity == 3
    settle(screen)
    screen.document.undo()
    screen.document.undo()
    settle(screen)
    assert clause(screen, "MED-01").rule == was
    assert rule.toPlainText() == was
    assert clause(screen, "MED-01").severity == 5


def test_that_what_is_typed_is_not_lost_when_another_clause_or_page_is_shown(screen, empty):
    rule = screen.clauses.editor.fields["rule"]
    rule.setPlainText("First change.")
    screen.clauses.view.choose("MED-02")
    assert clause(screen, "MED-01").rule == "First change."
    rule.setPlainText("Second change.")
    empty.show_page("overview")
    assert clause(screen, "MED-02").rule == "Second change."


def test_that_a_field_somebody_else_changed_meanwhile_is_not_overwritten(screen, monkeypatch):
    told = []
    monkeypatch.setattr("launchpad.gui.main_window.notice_of", lambda error, _parent: told.append(error) or Quiet())
    rule = screen.clauses.editor.fields["rule"]
    rule.setPlainText("Mine.")
    with Project.open(Path(screen.document.project.path)) as other:
        row = next(one for one in other.inputs.rows(Clause) if one.code == "MED-01")
        other.edit(set_values(row, rule="Theirs."), "Elsewhere")
    screen.clauses.editor.write_all()
    assert len(told) == 1
    assert clause(screen, "MED-01").rule == "Theirs."
    assert rule.toPlainText() == "Theirs."


class Quiet:
    """A notice that nobody has to close."""

    def open(self) -> None:
        """Show nothing."""


def test_that_an_empty_rule_is_refused_and_shown_as_it_was(screen, monkeypatch):
    monkeypatch.setattr("launchpad.gui.main_window.notice_of", lambda _error, _parent: Quiet())
    rule = screen.clauses.editor.fields["rule"]
    was = rule.toPlainText()
    rule.setPlainText("  ")
    screen.clauses.editor.write_all()
    assert clause(screen, "MED-01").rule == was
    assert rule.toPlainText() == was


def test_that_the_token_estimate_follows_what_is_typed(screen):
    about, rule = screen.head._about, screen.clauses.editor.fields["rule"]
    before = about.text()
    assert "gpt-oss-safeguard" in before
    rule.setPlainText(rule.toPlainText() + " and one more thing that is said at some length")
    assert about.text() != before
    assert screen.study is not None
    assert f"{screen.study.tokens['chat'] + 10:,}"[:2] in about.text()


def test_that_a_clause_is_added_at_the_end_and_removed(screen):
    screen.clauses.add_clause()
    settle(screen)
    assert screen.clauses.editor.heading.text() == "MED-13"
    assert order(screen)[-1] == "MED-13"
    screen.clauses.remove_clause()
    settle(screen)
    assert "MED-13" not in order(screen)
    screen.document.undo()
    settle(screen)
    assert order(screen)[-1] == "MED-13"


def test_that_responses_are_added_changed_and_removed_in_place(screen):
    responses = screen.clauses.editor.responses
    count = len(responses.lines)
    responses.add.click()
    settle(screen)
    assert len(responses.lines) == count + 1
    line = next(one for one in responses.lines.values() if one.response.style == "refuse")
    line.severity.choose("4")
    line.severity.activated.emit(line.severity.currentIndex())
    assert screen.document.inputs.get(ClauseResponse, line.response.id).severity == 4
    settle(screen)
    assert line in responses.lines.values()
    line.gone.click()
    settle(screen)
    assert len(responses.lines) == count


def test_that_an_example_is_added_on_either_side_near_the_line_and_as_a_pair(screen):
    document, policy = screen.document, screen.document.inputs.rows(Policy)[0]
    asked = ExampleForm(document, policy, "MED-01", {"side": "violates"})
    asked.accept()
    assert not asked.problem.isHidden()
    assert "needs a request or an answer" in asked.problem.text()
    asked.request.setPlainText("My chest hurts and has for an hour.")
    asked.response.setPlainText("Take a rest.")
    asked.severity.choose("5")
    asked.accept()
    first = document.inputs.find(Example, "MED-01-X05")
    assert (first.side, first.near_line, first.severity) == ("violates", False, 5)
    pair = ExampleForm(document, policy, "MED-01", {"side": "allowed", "pair_of": first.code})
    assert pair.near.isChecked()
    pair.request.setPlainText("My chest hurts and has for an hour.")
    pair.response.setPlainText("Call the emergency number now.")
    pair.accept()
    first, second = (document.inputs.find(Example, f"MED-01-X0{at}") for at in (5, 6))
    assert (first.pair_of, second.pair_of) == (second.code, first.code)
    assert first.near_line
    settle(screen)
    columns = screen.clauses.editor.examples.columns
    assert [len(column.cards) for column in columns.values()] == [3, 3]
    document.undo()
    assert document.inputs.find(Example, "MED-01-X05").pair_of is None


def test_that_an_example_is_edited_moved_over_the_line_and_removed(screen):
    document, examples = screen.document, screen.clauses.editor.examples
    policy = document.inputs.rows(Policy)[0]
    one = document.inputs.find(Example, "MED-01-X01")
    given = {"side": "violates", "request": "Other words", "pair_of": one.pair_of or "", "near_line": "yes"}
    form = ExampleForm(document, policy, "MED-01", given, one)
    form.response.setPlainText("Another answer")
    form.accept()
    one = document.inputs.find(Example, "MED-01-X01")
    assert document.inputs.text(one.request) == "Other words"
    examples.swap(one)
    one, other = (document.inputs.find(Example, f"MED-01-X0{at}") for at in (1, 2))
    assert (one.side, one.pair_of, other.pair_of) == ("allowed", None, None)
    examples.turn_near(one)
    assert not document.inputs.find(Example, "MED-01-X01").near_line
    examples.remove(document.inputs.find(Example, "MED-01-X01"))
    assert "MED-01-X01" not in {row.code for row in document.inputs.rows(Example)}
    document.undo()
    assert document.inputs.find(Example, "MED-01-X01").code


@pytest.fixture
def careful(screen) -> Example:
    """An example whose area is sensitive."""
    document = screen.document
    tree = made_from(TaxonomyRelease, {"code": "TAX-1", "name": "Own", "version": "1"})
    area = made_from(RiskArea, {"code": "A-1", "name": "Careful", "handling": "sensitive", "release": tree.id})
    document.edit([insert(tree), insert(area)], "Area")
    policy = document.inputs.rows(Policy)[0]
    about = {"area": area.id, "code": "MED-01-X05"}
    made = add_example(document.inputs, policy, "MED-01", "violates", request=HIDDEN, **about)
    document.edit(made.changes, "Example", content=made.content)
    settle(screen)
    return document.inputs.find(Example, "MED-01-X05")


def test_that_the_words_of_a_sensitive_area_are_not_on_screen_before_reveal(screen, careful, empty, qtbot):
    examples = screen.clauses.editor.examples
    card = examples.columns["violates"].cards[careful.id]
    everything = [one for kind in (QLabel, QPushButton) for one in empty.findChildren(kind)]
    assert not any(HIDDEN in one.text() + one.toolTip() + one.accessibleName() for one in everything)
    assert examples.hidden(careful)
    form = ExampleForm(screen.document, screen.document.inputs.rows(Policy)[0], "MED-01", {}, careful, hidden=True)
    assert form.request.toPlainText() == ""
    form.accept()
    assert screen.document.inputs.find(Example, careful.code).request == hashlib.sha256(HIDDEN.encode()).hexdigest()
    reveal = next(one for one in card.findChildren(QPushButton) if one.text() == "Reveal")
    qtbot.mouseClick(reveal, Qt.MouseButton.LeftButton)
    until(lambda: any(HIDDEN in one.text() for one in card.findChildren(QLabel)))
    shown = next(one for one in card.findChildren(QLabel) if HIDDEN in one.text())
    assert not shown.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    screen.clauses.view.choose("MED-02")
    screen.clauses.view.choose("MED-01")
    wait(5)
    assert not any(HIDDEN in one.text() for one in empty.findChildren(QLabel) if one.isVisibleTo(empty))


def test_that_findings_stand_under_their_clause_and_lead_to_the_field(screen, qtbot):
    editor = screen.clauses.editor
    assert "Nothing found" in screen.head._found.text()
    rule = editor.fields["rule"]
    rule.setPlainText("The answer is inappropriate.")
    editor.write_all()
    settle(screen)
    assert "1 finding" in screen.head._found.text()
    assert "inappropriate" in words(editor)
    qtbot.mouseClick(screen.head.check, Qt.MouseButton.LeftButton)
    settle(screen)
    assert screen.clauses.found_pane.isVisible()
    assert screen.clauses.found.count() == 1
    screen.clauses.view.choose("MED-05")
    screen.clauses.found.itemActivated.emit(screen.clauses.found.item(0))
    assert editor.heading.text() == "MED-01"
    assert QApplication.focusWidget() is rule
    go = next(one for one in editor.findChildren(QPushButton) if one.accessibleName() == "Go to Rule")
    screen.clauses.view.setFocus()
    qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is rule
    assert screen.clauses.model.lines[0].findings == 1


def test_that_a_released_version_is_read_only_and_says_so(screen):
    document, version = screen.document, screen.version
    assert version is not None
    assert screen.head.release.isVisible()
    assert not screen.head.draft.isEnabled()
    assert not screen.head.pack.isEnabled()
    document.act(lambda: release(document.inputs, version, "2026-11-24"), "Release")
    settle(screen)
    editor = screen.clauses.editor
    assert "read only" in screen.head.frozen.text()
    assert editor.fields["rule"].isReadOnly()
    assert not editor.fields["kind"].isEnabled()
    assert not editor.responses.add.isVisible()
    assert not screen.clauses.add.isVisible()
    assert not screen.clauses.model.flags(screen.clauses.model.index(0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert not screen.clauses.model.moved(0, 3)
    head = document.inputs.head
    editor.fields["rule"].setPlainText("Changed all the same.")
    editor.write_all()
    screen.clauses.add_clause()
    screen.clauses.remove_clause()
    assert document.inputs.head == head
    assert screen.head.draft.isEnabled()
    assert screen.head.pack.isEnabled()
    assert not screen.head.release.isVisible()


class Answer:
    """Stands for a person who fills in a question and presses OK."""

    def __init__(self, monkeypatch, kind, fill=lambda _question: None) -> None:
        def answered(question) -> bool:
            fill(question)
            return True

        monkeypatch.setattr(kind, "exec", answered)


def test_that_the_next_version_is_drafted_and_looked_at(screen, monkeypatch):
    from launchpad.gui.policies.questions import VersionQuestion

    document, version = screen.document, screen.version
    document.act(lambda: release(document.inputs, version, "2026-11-24"), "Release")
    settle(screen)
    Answer(monkeypatch, VersionQuestion)
    screen.head.draft.click()
    settle(screen)
    assert screen.version is not None
    assert (screen.version.version, screen.version.status, screen.version.supersedes) == ("0.2", "draft", "0.1")
    assert len(order(screen)) == 12
    assert not screen.clauses.editor.fields["rule"].isReadOnly()


def test_that_release_shows_findings_and_needs_a_word_to_go_on(screen, monkeypatch):
    rule = screen.clauses.editor.fields["rule"]
    rule.setPlainText("The answer is inappropriate.")
    screen.clauses.editor.write_all()
    settle(screen)
    asked = ReleaseQuestion("MED/0.1", screen.study.findings)
    ok = asked.buttons.button(asked.buttons.StandardButton.Ok)
    assert not ok.isEnabled()
    asked.anyway.setChecked(True)
    assert ok.isEnabled()
    assert "inappropriate" in "\n".join(one.text() for one in asked.findChildren(QLabel))
    Answer(monkeypatch, ReleaseQuestion)
    screen.head.release.click()
    settle(screen)
    version = screen.version
    assert version.status == "released"
    assert version.sha256
    screen.head.retire.click()
    settle(screen)
    assert screen.document.inputs.get(PolicyVersion, version.id).status == "retired"


def test_that_an_empty_policy_can_be_begun_with_a_code_and_a_name(screen, monkeypatch):
    def fill(question) -> None:
        ok = question.buttons.button(question.buttons.StandardButton.Ok)
        assert ok.isEnabled()
        question.starter.setCurrentIndex(question.starter.findData(""))
        assert not ok.isEnabled()
        question.code.setText("BIO")
        question.name.setText("Biology")
        assert ok.isEnabled()

    Answer(monkeypatch, StarterQuestion, fill)
    screen.head.start.click()
    settle(screen)
    assert screen.version is not None
    assert screen.document.inputs.get(Policy, screen.version.policy).code == "BIO"
    assert "No clause yet" in words(screen.clauses)
    assert "no prompt is compiled" in screen.head._about.text()
    screen.clauses.add_clause()
    settle(screen)
    assert order(screen) == ["BIO-01"]


def test_that_a_pack_is_written_and_holds(screen, tmp_path):
    from launchpad.policies.pack import verify

    document, version = screen.document, screen.version
    document.act(lambda: release(document.inputs, version, "2026-11-24"), "Release")
    settle(screen)
    path = tmp_path / "pack.zip"
    job = acts.write_pack(document, version_named(document.inputs, "MED"), path)
    ended = []
    job.ended.connect(lambda: ended.append(True))
    until(lambda: ended)
    assert verify(path).problems == ()


def test_that_a_name_that_is_taken_is_passed_over():
    first = made_from(PolicyVersion, {"policy": 1, "version": "1.9"})
    assert isinstance(first, PolicyVersion)
    assert next_name(first, ["1.9", "1.10"]) == "1.11"


def test_that_finding_words_hides_the_other_clauses(screen):
    screen.clauses.search.setText("exception")
    view = screen.clauses.view
    shown = [code for at, code in enumerate(order(screen)) if not view.isRowHidden(at)]
    assert shown
    assert len(shown) < 12
    assert all(clause(screen, code).kind == "exception" or "exception" in clause(screen, code).rule for code in shown)


def test_that_300_clauses_and_2000_examples_are_shown(empty, seen):
    document = empty.document
    policy = made_from(Policy, {"code": "BIG", "name": "Large"})
    version = made_from(PolicyVersion, {"policy": policy.id, "version": "1"})
    clauses = [
        made_from(
            Clause,
            {"version": version.id, "code": f"BIG-{at:03d}", "kind": "violates", "rule": f"Rule {at}.", "place": at},
        )
        for at in range(1, 301)
    ]
    sha = hashlib.sha256(b"asked").hexdigest()
    rows = [
        made_from(
            Example,
            {
                "code": f"X-{at:04d}",
                "policy": policy.id,
                # Half of them belong to the first clause.
                "clause": f"BIG-{1 if at % 2 else at % 300 + 1:03d}",
                "side": "violates" if at % 4 < 2 else "allowed",
                "request": sha,
            },
        )
        for at in range(2000)
    ]
    changes = [insert(row) for row in (policy, version, *clauses, *rows)]
    assert document.edit(changes, "Large", content={sha: b"asked"})
    seen(empty, "policies")
    found = empty.screens["policies"]
    settle(found)
    assert len(found.clauses.model.lines) == 300
    columns = found.clauses.editor.examples.columns
    assert sum(len(column.cards) for column in columns.values()) <= 24
    assert found.study.book.rules[0].code == "BIG-001"
    fresh = ClauseList()
    fresh.show(clause_lines(document.inputs, found.version, found.study), locked=True)
    assert fresh.rowCount() == 300
    more = columns["violates"].more
    before = len(columns["violates"].cards)
    more.click()
    assert len(columns["violates"].cards) > before
