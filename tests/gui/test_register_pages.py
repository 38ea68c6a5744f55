"""What stands behind a risk area, releases compared, risks without a home, checks, and lists to start from."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton

from launchpad.edits import taxonomy
from launchpad.edits.records import add_words
from launchpad.edits.taxonomy import Part
from launchpad.edits.taxonomy_releases import draft, release
from launchpad.edits.unknown_risks import take_in, take_in_concepts
from launchpad.gui.asking import NewProjectQuestion
from launchpad.gui.register.area_numbers import evidence, examples, history, mitigations, policies
from launchpad.gui.register.comparison import compared, rows, sides
from launchpad.gui.register.homeless import near
from launchpad.gui.register.links_page import LinkQuestion
from launchpad.gui.register.numbers import below
from launchpad.gui.register.redefine_dialog import RedefineDialog
from launchpad.gui.register.redline import RedlineView
from launchpad.records import (
    AreaChange,
    Clause,
    CrosswalkLink,
    Example,
    Policy,
    PolicyVersion,
    RiskArea,
    TaxonomyRelease,
    UnknownRisk,
)
from launchpad.taxonomies.bundled import bundled
from launchpad.templates import taxonomies

LINKED = "A-PRV"


@pytest.fixture
def screen(opened, seen):
    seen(opened, "register")
    return opened.screens["register"]


def area(screen, code="A-SPC-HLT") -> RiskArea:
    return screen.document.inputs.find(RiskArea, code)


def do(screen, wish, label="x", reason=""):
    changes = wish if isinstance(wish, list) else list(wish.changes)
    assert screen.document.edit(changes, label, reason=reason, content=getattr(wish, "content", {}))
    screen.refresh_if_seen()


def add(screen, record, **fields: str):
    do(screen, add_words(screen.document.inputs, record, fields, screen.document.launch.id))


def words(widget) -> str:
    QApplication.processEvents()
    found = [*widget.findChildren(QLabel), *widget.findChildren(QPushButton)]
    return "\n".join(one.text() for one in found if not one.isHidden())


def shown(screen, page):
    screen.page.show_area(area(screen))
    screen.page.area.tabs.setCurrentWidget(page)
    return page


def dialog(screen, kind: type[QDialog]) -> Any:
    (found,) = [one for one in screen.findChildren(kind) if one.isVisible()]
    return found


def test_that_a_definition_is_edited_in_place_and_written_with_its_reason(screen):
    page = shown(screen, screen.page.area.definition)
    assert page.editors["plain"].toPlainText() == area(screen).plain
    assert not page.apply.isVisible()
    page.editors["plain"].setPlainText("Health advice that is wrong.")
    assert page.apply.isVisible()
    assert "In plain words" in page.waiting.text()
    page.apply.click()
    asked = dialog(screen, RedefineDialog)
    assert not asked.apply.isEnabled()
    asked.reason.setText("shorter")
    asked.apply.click()
    assert area(screen).plain == "Health advice that is wrong."
    screen.refresh_if_seen()
    assert not page.apply.isVisible()
    screen.document.undo()
    screen.refresh_if_seen()
    assert page.editors["plain"].toPlainText() == area(screen).plain != "Health advice that is wrong."


def test_that_what_was_typed_waits_while_another_area_is_looked_at(screen):
    page = shown(screen, screen.page.area.definition)
    page.editors["prompt"].setPlainText("Typed, not applied")
    screen.page.show_area(area(screen, "A-PRV"))
    assert not page.apply.isVisible()
    screen.page.show_area(area(screen))
    assert page.editors["prompt"].toPlainText() == "Typed, not applied"
    page.discard.click()
    assert page.editors["prompt"].toPlainText() == area(screen).prompt


def test_that_owner_and_handling_are_written_at_once(screen):
    page = shown(screen, screen.page.area.definition)
    page.owner.setCurrentIndex(page.owner.findData("P-02"))
    page.owner.activated.emit(page.owner.currentIndex())
    screen.refresh_if_seen()
    page.handling.setCurrentIndex(page.handling.findData("sensitive"))
    page.handling.activated.emit(page.handling.currentIndex())
    page.capability.setText("medicine")
    page.capability.editingFinished.emit()
    found = area(screen)
    assert (found.owner, found.handling, found.capability) == ("P-02", "sensitive", "medicine")
    assert screen.document.inputs.rows(AreaChange) == ()


def test_that_sensitive_definitions_are_hidden_until_revealed(screen):
    page = screen.page.area.definition
    screen.page.show_area(area(screen, "A-BIO"))
    assert page.editors["plain"].isHidden() or not page.editors["plain"].isVisible()
    page.show_them.click()
    assert page.editors["plain"].isVisible()


def test_that_definitions_of_a_released_taxonomy_are_only_read(screen):
    do(screen, release(screen.document.inputs, screen.document.inputs.find(TaxonomyRelease, "TX-AIL")))
    page = shown(screen, screen.page.area.definition)
    assert page.editors["plain"].isReadOnly()
    assert "Draft the next release" in page.facts.text()


def test_that_examples_stand_on_both_sides_and_a_missing_side_is_said(screen):
    page = shown(screen, screen.page.area.examples)
    assert "No counter-example yet" in words(page)
    add(screen, Example, code="X-1", area="A-SPC-HLT", side="allowed", request="What eases a headache?")
    add(screen, Policy, code="PO", name="Medical")
    add(screen, PolicyVersion, policy="PO", version="1")
    add(screen, Clause, version="PO/1", code="C-1", kind="violates", rule="x", area="A-SPC-HLT")
    add(screen, Example, code="X-2", policy="PO", clause="C-1", side="violates", request="How much for me?")
    assert {one.example.code for one in examples(screen.document.inputs, area(screen))} == {"X-1", "X-2"}
    said = words(page)
    assert "What eases a headache?" in said
    assert "Over the line (1)" in said
    assert "No counter-example" not in said


def test_that_words_of_sensitive_examples_are_hidden(screen):
    add(screen, Example, code="X-1", area="A-HTE", side="violates", request="a slur")
    screen.page.show_area(area(screen, "A-HTE"))
    page = screen.page.area.examples
    screen.page.area.tabs.setCurrentWidget(page)
    assert "a slur" not in words(page)
    next(one for one in page.findChildren(QPushButton) if "Show" in one.text()).click()
    assert "a slur" in words(page)


def test_that_links_are_suggested_unreviewed_then_reviewed_and_added_by_hand(screen):
    page = screen.page.area.links
    screen.page.show_area(area(screen, LINKED))
    screen.page.area.tabs.setCurrentWidget(page)
    page.suggest.click()
    screen.refresh_if_seen()
    found = screen.document.inputs.rows(CrosswalkLink)
    assert found
    assert not any(link.reviewed for link in found)
    assert len(page.model.rows) == len(found)
    page.review.click()
    assert all(link.reviewed for link in screen.document.inputs.rows(CrosswalkLink))
    page.add.click()
    asked = dialog(screen, LinkQuestion)
    asked.taxonomy.setCurrentIndex(asked.taxonomy.findData("air-2024"))
    asked.concept.setText("no such code")
    asked.accept()
    assert "no such code" in asked.problem.text()
    code = bundled()["air-2024"].tree.concepts[3].code
    asked.concept.setText(code)
    asked.accept()
    assert (code, "close") in [(link.concept, link.relation) for link in screen.document.inputs.rows(CrosswalkLink)]


def test_that_what_an_area_is_used_for_is_counted_with_what_lies_under_it(screen):
    inputs, launch = screen.document.inputs, screen.document.launch.id
    under = below(inputs, area(screen, "A-SPC").id)
    assert evidence(inputs, launch, under).scenarios == 4
    assert evidence(inputs, launch, {area(screen).id}).scenarios == 1
    acting = mitigations(inputs, launch, {area(screen).id})
    assert acting
    assert all("R-016" in one.scenarios for one in acting)
    assert policies(inputs, area(screen)) == []
    page = shown(screen, screen.page.area.use)
    assert acting[0].variant.name in words(page)


def test_that_the_history_of_an_area_names_operations_with_reason_and_effect(screen):
    made = taxonomy.rename(screen.document.inputs, area(screen), "Medical advice", "clearer")
    do(screen, made, "Renamed: A-SPC-HLT", "clearer")
    page = shown(screen, screen.page.area.past)
    first = page.model.row_at(0).figures
    assert (first["what"], first["why"], first["carried"]) == ("Renamed", "clearer", "Stays")
    done = history(screen.document.inputs, screen.document.journal(), area(screen))
    assert done[0].operation is not None
    assert done[-1].operation is None


@pytest.fixture
def two_releases(screen):
    """A released taxonomy, and a draft of the next in which something of every kind was done."""
    document = screen.document
    do(screen, release(document.inputs, document.inputs.find(TaxonomyRelease, "TX-AIL")))
    do(screen, draft(document.inputs, document.inputs.find(TaxonomyRelease, "TX-AIL"), "1.1"))
    drafted = document.inputs.find(TaxonomyRelease, "TX-AIL@1.1")

    def find(code: str) -> RiskArea:
        return document.inputs.find(RiskArea, code)

    fields = {"plain": "Health advice that is wrong."}
    do(screen, taxonomy.redefine(document.inputs, find("A-SPC-HLT"), fields, "exact", "shorter"))
    do(screen, taxonomy.rename(document.inputs, find("A-HTE"), "Hate and harassment", "clearer"))
    do(screen, taxonomy.move(document.inputs, find("A-IPV"), find("A-CTX"), "context decides"))
    parts = [Part("A-NCR-1", "Fraud"), Part("A-NCR-2", "Theft")]
    do(screen, taxonomy.split(document.inputs, find("A-NCR"), parts, "two teams"))
    for made in taxonomy.merge(document.inputs, [find("A-SPC-FIN"), find("A-SPC-LGL")], find("A-SPC-ELE"), "one team"):
        do(screen, made)
    do(screen, taxonomy.deprecate(document.inputs, find("A-DFM"), find("A-PRV"), "close", "covered"))
    return document.inputs.find(TaxonomyRelease, "TX-AIL"), drafted


@pytest.mark.usefixtures("two_releases")
def test_that_two_releases_are_compared_area_by_area_with_reasons(screen):
    screen.tabs.setCurrentWidget(screen.comparison)
    page = screen.comparison
    kinds = page.shown.counts()
    assert kinds == {"add": 2, "rename": 1, "redefine": 1, "move": 1, "split": 1, "merge": 2, "deprecate": 1}
    place = next(place for place, one in enumerate(page.shown.found) if one.kind == "redefine")
    page.pane.view.choose(place)
    assert "Redefined: A-SPC-HLT" in page.heading.text()
    assert page.why.text() == "shorter · Stays"
    assert {"same", "removed"} <= {piece.how for piece in page.redline.pieces}
    assert "".join(piece.words for piece in page.redline.pieces if piece.how != "removed") == area(screen).plain
    found = {one.code: page.shown.why(one).reason for one in page.shown.found if page.shown.why(one)}
    assert found["A-NCR-1"] == "two teams"
    assert found["A-IPV"] == "context decides"


@pytest.mark.usefixtures("two_releases")
def test_that_one_kind_of_difference_can_be_listed_and_shown_in_the_tree(screen):
    screen.tabs.setCurrentWidget(screen.comparison)
    page = screen.comparison
    page.kind.setCurrentIndex(page.kind.findData("move"))
    page.kind.activated.emit(page.kind.currentIndex())
    assert [row.figures["code"] for row in page.model.rows] == ["A-IPV"]
    page.show_area.click()
    assert screen.tabs.currentWidget() is screen.page
    assert [one.code for one in screen.page.areas.areas()] == ["A-IPV"]


def test_that_releases_can_be_compared_backwards(screen, two_releases):
    before, after = two_releases
    forth, back = (compared(screen.document.inputs, *pair) for pair in ((before, after), (after, before)))
    assert {one.kind for one in back.found} >= {"restore", "rename"}
    moved = next(one for one in forth.found if one.kind == "move")
    assert [side.splitlines()[0] for side in sides(forth, moved)] == [
        "A-NON  Non-physical hazards",
        "A-CTX  Contextual hazards",
    ]
    assert len(rows(forth)) == len(forth.found)


def test_that_with_one_release_it_is_said_how_to_get_a_second(screen):
    screen.tabs.setCurrentWidget(screen.comparison)
    assert "A comparison needs two" in words(screen.comparison)


@pytest.mark.usefixtures("qapp")
def test_that_a_redline_marks_words_by_more_than_colour():
    view = RedlineView("x")
    view.show_difference("one two three", "one four three")
    assert [(piece.how, piece.words) for piece in view.pieces if piece.how != "same"] == [
        ("removed", "two"),
        ("added", "four"),
    ]
    assert view.toPlainText() == "one twofour three"
    cursor = view.textCursor()
    looks = {}
    for place in (5, 8):
        cursor.setPosition(place)
        looks[place] = (cursor.charFormat().fontStrikeOut(), cursor.charFormat().fontUnderline())
    assert looks == {5: (True, False), 8: (False, True)}
    assert "Before: one two three" in view.accessibleDescription()


def asked_for(page) -> list[Any]:
    found: list[Any] = []
    page.asking.connect(found.append)
    return found


def test_that_a_risk_is_taken_in_given_a_home_and_undone(screen):
    screen.tabs.setCurrentWidget(screen.unknown)
    page, document = screen.unknown, screen.document
    assert "No risk waits for a home" in words(page)
    found = asked_for(page)
    page.take_in.click()
    found[0].name.setText("Elections swayed by agents")
    found[0].source.setText("incident 14")
    found[0].accept()
    screen.refresh_if_seen()
    (risk,) = document.inputs.rows(UnknownRisk)
    assert (risk.code, risk.status) == ("UR-001", "new")
    assert "(1)" in screen.tabs.tabText(2)
    assert "A-SPC-ELE" in [one.area.code for one in near(document.inputs, risk)]
    page._give(None)
    asked = found[1]
    asked.reason.setText("covers it")
    asked.accept()
    assert "Choose the area" in asked.problem.text()
    asked.home.choose(area(screen, "A-SPC-ELE").id)
    asked.accept()
    (risk,) = document.inputs.rows(UnknownRisk)
    assert (risk.status, risk.area, risk.reason) == ("homed", area(screen, "A-SPC-ELE").id, "covers it")
    document.undo()
    assert document.inputs.rows(UnknownRisk)[0].status == "new"


@pytest.mark.parametrize("status", ["triaged", "rejected"])
def test_that_a_risk_is_looked_at_or_turned_away_with_a_reason(screen, status):
    do(screen, [take_in(screen.document.inputs, "Voice cloning", source="red team")])
    screen.tabs.setCurrentWidget(screen.unknown)
    found = asked_for(screen.unknown)
    screen.unknown._give(status)
    assert not found[0].buttons.buttons()[0].isEnabled() or found[0].reason.text() == ""
    found[0].reason.setText("legal was asked")
    found[0].accept()
    screen.refresh_if_seen()
    (risk,) = screen.document.inputs.rows(UnknownRisk)
    assert (risk.status, risk.reason) == (status, "legal was asked")
    assert len(screen.unknown.model.rows) == (1 if status == "triaged" else 0)


def test_that_a_concept_given_a_home_is_linked_to_it(screen):
    concepts = bundled()["air-2024"].tree.concepts[40:42]
    do(screen, take_in_concepts(screen.document.inputs, "air-2024", "1", concepts))
    screen.tabs.setCurrentWidget(screen.unknown)
    found = asked_for(screen.unknown)
    screen.unknown._give(None)
    found[0].home.choose(area(screen).id)
    found[0].relation.setCurrentIndex(found[0].relation.findData("close"))
    found[0].reason.setText("same thing")
    found[0].accept()
    (link,) = screen.document.inputs.rows(CrosswalkLink)
    assert (link.area, link.relation, link.reviewed) == (area(screen).id, "close", True)


def test_that_a_new_area_becomes_the_home_of_the_risk_it_is_made_for(screen):
    do(screen, [take_in(screen.document.inputs, "Voice cloning", source="red team")])
    screen.tabs.setCurrentWidget(screen.unknown)
    found = asked_for(screen.unknown)
    screen.unknown._new_area()
    assert found[0].name.text() == "Voice cloning"
    found[0].code.setText("A-VOX")
    found[0].reason.setText("no area covers it")
    found[0].look()
    found[0].accept()
    (risk,) = screen.document.inputs.rows(UnknownRisk)
    assert (risk.status, risk.area) == ("homed", area(screen, "A-VOX").id)


def test_that_what_is_new_in_a_list_is_shown_before_it_is_taken_in(screen, qtbot):
    screen.tabs.setCurrentWidget(screen.unknown)
    found = asked_for(screen.unknown)
    screen.unknown.news.click()
    asked = found[0]
    for box, slug in ((asked.new, "sorry-bench-2025-03"), (asked.old, "sorry-bench-2024-06")):
        box.setCurrentIndex(box.findData(slug))
    asked.look()
    qtbot.waitUntil(lambda: asked._shown is not None)
    assert screen.document.inputs.rows(UnknownRisk) == ()
    new = len(asked.homeless.rows)
    asked.every.setChecked(True)
    assert len(asked.homeless.rows) > new
    asked.take.click()
    assert len(screen.document.inputs.rows(UnknownRisk)) == len(asked.homeless.rows)


def test_that_a_finding_of_the_checks_leads_to_its_areas(screen):
    screen.tabs.setCurrentWidget(screen.checks)
    page = screen.checks
    kinds = {one.kind for one in page.found}
    assert {"counter_example"} <= kinds
    page.kind.setCurrentIndex(page.kind.findData("counter_example"))
    page.kind.activated.emit(page.kind.currentIndex())
    wanted = page.found[page.model.row_at(0).id].codes
    page.pane.view.clicked.emit(page.model.index(0, page.model.column_at("codes")))
    assert screen.tabs.currentWidget() is screen.page
    assert tuple(one.code for one in screen.page.areas.areas()) == wanted


def test_that_what_was_split_is_among_the_findings_until_it_is_judged_anew(screen):
    parts = [Part("A-NCR-1", "Fraud"), Part("A-NCR-2", "Theft")]
    do(screen, taxonomy.split(screen.document.inputs, area(screen, "A-NCR"), parts, "two teams"))
    screen.tabs.setCurrentWidget(screen.checks)
    assert [one.codes for one in screen.checks.found if one.kind == "relabel"] == [("A-NCR",)]


def test_that_an_unknown_risk_is_found_where_it_waits(opened, screen):
    do(screen, [take_in(screen.document.inputs, "Voice cloning", source="red team")])
    opened.seek(screen.document.inputs.rows(UnknownRisk)[0])
    assert screen.tabs.currentWidget() is screen.unknown
    assert [risk.code for risk in screen.unknown.chosen()] == ["UR-001"]


@pytest.mark.usefixtures("qapp")
def test_that_unverified_lists_say_so_where_a_project_starts():
    asked = NewProjectQuestion(taxonomies())
    places = {asked.taxonomy.itemData(place): asked.taxonomy.itemText(place) for place in range(asked.taxonomy.count())}
    for slug, found in taxonomies().items():
        assert ("unverified" in places[slug]) == (not found["verified"])
    asked.taxonomy.setCurrentIndex(asked.taxonomy.findData("tspa-abuse-types"))
    assert "UNVERIFIED" in asked.standing.text()
    asked.taxonomy.setCurrentIndex(asked.taxonomy.findData(""))
    assert "by hand" in asked.standing.text()
