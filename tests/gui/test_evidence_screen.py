"""The evidence screen: the forest plot beside its table, groups, why a number, samples, comparison, links."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from launchpad.changes import insert, new_id
from launchpad.edits import evidence as evidence_edits
from launchpad.edits.blocks import pack_outcomes, pack_texts
from launchpad.edits.records import set_values
from launchpad.errors import ExportError
from launchpad.gui.evidence import picture
from launchpad.gui.evidence.differences import p_value, points
from launchpad.gui.evidence.drawing import Axis, Line, Mark, draw_line, fitted, spread, standing_of
from launchpad.gui.evidence.numbers import states, value_text
from launchpad.gui.evidence.samples import tallies
from launchpad.gui.theme import DARK, LIGHT
from launchpad.records import (
    EvalResult,
    Evaluation,
    EvidenceLink,
    LinkRule,
    RiskArea,
    Scenario,
    SuccessCriterion,
)
from launchpad.records.imported import Outcomes, SampleTexts

OUTCOMES = Outcomes(
    sample=("a", "b", "c", "d"),
    epoch=(1, 1, 1, 1),
    cluster=(None,) * 4,
    category=("x", "x", "y", None),
    value=(1.0, 0.0, 1.0, None),
    status=("scored", "scored", "scored", "error"),
)
CANARY = "how to canary"
TEXTS = SampleTexts(("a", "b"), (1, 1), (CANARY, "two"), ("an answer", None))


@pytest.fixture
def screen(opened, seen):
    seen(opened, "evidence")
    return opened.screens["evidence"]


@pytest.fixture
def kept(opened, screen):
    """A result with outcomes and texts, chosen on the screen."""
    document = opened.document
    outcomes, texts = pack_outcomes(OUTCOMES), pack_texts(TEXTS)
    import hashlib

    hashes = [hashlib.sha256(block).hexdigest() for block in (outcomes, texts)]
    result = document.inputs.rows(EvalResult)[1]
    changes = set_values(result, outcomes=hashes[0], texts=hashes[1])
    assert document.edit(changes, "Keep", content=dict(zip(hashes, (outcomes, texts), strict=True)))
    screen.refresh_if_seen()
    assert screen.results.pane.view.choose(result.id)
    return document.inputs.get(EvalResult, result.id)


def _all_words(widget) -> str:
    parts = (*widget.findChildren(QLabel), *widget.findChildren(QPushButton))
    found = [one.text() for one in parts if one.isVisible()]
    return "\n".join(found)


def test_that_every_result_has_its_line_beside_it_in_the_order_of_the_table(screen):
    page = screen.results
    assert page.model.rowCount() == len(page.lines) > 0
    page.pane.view.horizontalHeader().setSortIndicator(
        page.model.column_at("result.value"), Qt.SortOrder.DescendingOrder
    )
    values = [line.value for line in page.plot.lines() if line.value is not None]
    assert values == sorted(values, reverse=True)


def test_that_a_click_on_the_plot_chooses_the_row_and_hovering_tells_its_figures_and_method(screen, qtbot):
    page = screen.results
    view, plot = page.pane.view, page.plot
    at = plot._top() + view.rowViewportPosition(3) + 5
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(60, at))
    chosen = view.current_row()
    assert chosen.id == page.model.row_at(3).id
    told = plot.told_at(at)
    assert page.lines[chosen.id].told == told
    assert "Wilson" in told
    assert "n " in told
    assert plot.accessibleDescription() == told.replace("\n", ", ")
    assert plot.told_at(2) == ""


def test_that_only_rows_in_view_are_drawn(screen, monkeypatch):
    page = screen.results
    asked = []
    monkeypatch.setattr(page.plot, "_line_of", lambda row: asked.append(row.id) or page.lines.get(row.id))
    page.plot.grab()
    assert 0 < len(asked) < page.model.rowCount()


def test_that_rows_stand_in_groups_that_close_and_open(screen):
    page = screen.results
    page.by.setCurrentIndex(page.by.findData("model"))
    headings = [page.model.row_at(place) for place in range(page.model.rowCount()) if page.model.row_at(place).id < 0]
    models = {row.parts["result"].model for row in page.rows}
    assert {row.figures["heading"] for row in headings} == models
    before = page.model.rowCount()
    page.model.turn(headings[0])
    assert page.model.rowCount() < before
    assert page.model.index(0, 0).data().startswith("▸")
    page.model.turn(page.model.row_at(0))
    assert page.model.rowCount() == before
    page.pane.search.setText("no such words")
    assert page.model.rowCount() == 0


@pytest.mark.parametrize("by", ["evaluation", "area", "model", "run", "harness"])
def test_that_every_grouping_shows_every_result_once(screen, by):
    page = screen.results
    page.by.setCurrentIndex(page.by.findData(by))
    ids = [page.model.row_at(place).id for place in range(page.model.rowCount())]
    assert sorted(row for row in ids if row >= 0) == sorted(row.id for row in page.rows)
    assert not page.grab().isNull()


@pytest.mark.parametrize(
    ("changes", "state"), [({"superseded": True}, "superseded"), ({"status": "errored"}, "partial")]
)
def test_that_what_does_not_count_is_marked_in_words_with_an_icon_and_hollow(opened, screen, changes, state):
    page, result = screen.results, opened.document.inputs.rows(EvalResult)[0]
    assert opened.document.edit(set_values(result, **changes), "Mark")
    screen.refresh_if_seen()
    place = page.model.place_of(result.id)
    index = page.model.index(place, page.model.column_at("state"))
    assert index.data() == states()[state]
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert page.lines[result.id].faint


def test_that_the_why_of_a_number_names_method_file_run_and_criteria_with_their_seals(opened, screen):
    document = opened.document
    result = document.inputs.rows(EvalResult)[0]
    evaluation = document.inputs.get(Evaluation, result.evaluation)
    criterion = SuccessCriterion(
        id=new_id(),
        code="SC-1",
        launch=document.launch.id,
        evaluation=evaluation.id,
        name="Few refusals",
        direction="at_most",
        threshold=0.05,
    )
    link = next(row for row in document.rows(EvidenceLink) if row.result == result.id)
    assert document.edit([insert(criterion), *set_values(link, snapshot="same")], "Set")
    screen.refresh_if_seen()
    page = screen.results
    assert page.pane.view.choose(result.id)
    inspector = page.inspector
    tops = [inspector.why.topLevelItem(place) for place in range(inspector.why.topLevelItemCount())]
    lines = [
        (item.text(0), item.text(1), item.text(2)) for top in tops for item in map(top.child, range(top.childCount()))
    ]
    told = "\n".join(" | ".join(line) for line in lines)
    assert "by Wilson" in told
    assert "SC-1 Few refusals" in told
    assert "not sealed" in told
    assert inspector.seal.isVisible()
    inspector.seal.click()
    assert document.inputs.find(SuccessCriterion, "SC-1").seal is not None
    assert any(mark.criterion for mark in page.lines[result.id].marks) or "criterion" in told.casefold()


def test_that_outcomes_are_counted_by_category():
    found = {one.category: (one.samples, one.scored, one.ones, one.errors) for one in tallies(OUTCOMES)[:-1]}
    assert found == {"x": (2, 2, 1, 0), "y": (1, 1, 1, 0), "": (1, 0, 0, 1)}
    assert (tallies(OUTCOMES)[-1].samples, tallies(OUTCOMES)[-1].mean) == (4, pytest.approx(2 / 3))


@pytest.mark.usefixtures("kept")
def test_that_the_samples_of_a_result_are_summed_up(screen, qtbot):
    inspector = screen.results.inspector
    inspector.setCurrentIndex(1)
    qtbot.waitUntil(lambda: inspector.samples.list.rowCount() == 4, timeout=10_000)
    assert inspector.samples.list.item(3, 0).text() == "All samples"


def test_that_sample_text_is_hidden_until_revealed_and_hidden_again_with_the_next_result(kept, screen, qtbot):
    page = screen.results
    inspector = page.inspector
    inspector.setCurrentIndex(2)
    texts = inspector.texts
    assert texts.reveal.isVisible()
    assert texts.asked.toPlainText() == ""
    texts.reveal.click()
    qtbot.waitUntil(lambda: texts.asked.toPlainText() == CANARY, timeout=10_000)
    texts.asked.selectAll()
    texts.asked.copy()
    assert CANARY not in QApplication.clipboard().text()
    assert all(CANARY not in line.told for line in page.lines.values())
    other = next(row for row in page.rows if row.id != kept.id)
    assert page.pane.view.choose(other.id)
    assert page.pane.view.choose(kept.id)
    assert texts.asked.toPlainText() == ""
    assert texts.currentIndex() == 0


def test_that_the_text_of_a_restricted_area_is_never_offered(opened, kept, screen):
    document = opened.document
    scenario = document.rows(Scenario)[0]
    area = document.inputs.get(RiskArea, scenario.risk_area)
    link = evidence_edits.link(document.inputs, document.launch.id, kept, scenario)
    assert document.edit([*link, *set_values(area, handling="restricted")], "Restrict")
    screen.refresh_if_seen()
    page = screen.results
    assert page.pane.view.choose(kept.id)
    texts = page.inspector.texts
    page.inspector.setCurrentIndex(2)
    texts.hide_text()
    assert not texts.reveal.isVisible()
    texts._reveal()
    assert texts.asked.toPlainText() == ""


def test_that_two_models_are_compared_and_the_difference_told_in_words(opened, screen, qtbot):
    document = opened.document
    evaluation = document.inputs.rows(Evaluation)[0]
    rows = [
        EvalResult(
            id=new_id(),
            code=f"E-9{place}",
            evaluation=evaluation.id,
            model=model,
            part="compared",
            value=count / 200,
            n=200,
            count=count,
            status="complete",
            harness="inspect",
        )
        for place, (model, count) in enumerate((("new", 20), ("old", 60)))
    ]
    assert document.edit([insert(row) for row in rows], "Two")
    screen.tabs.setCurrentWidget(screen.comparison)
    page = screen.comparison
    page.candidate.setCurrentIndex(page.candidate.findText("new"))
    page.baseline.setCurrentIndex(page.baseline.findText("old"))
    page.refresh()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=10_000)
    (line,) = page.lines.values()
    assert line.value == pytest.approx(-0.2)
    assert "percentage points" in page.words.text()
    assert "not paired" in page.words.text().casefold()
    verdict = page.model.index(0, page.model.column_at("verdict")).data()
    assert verdict == ("Better" if evaluation.polarity == "lower" else "Worse")


def test_that_questions_are_answered_by_one_click(opened, screen):
    document = opened.document
    evaluation = Evaluation(id=new_id(), code="EV-900", name="Odd", harness="odd", task="t", metric="wobble")
    result = EvalResult(
        id=new_id(), code="E-900", evaluation=evaluation.id, model="m", value=0.2, n=10, count=2,
        status="complete", harness="odd", in_place="none",
    )  # fmt: skip
    assert document.edit([insert(evaluation), insert(result)], "Odd")
    screen.refresh_if_seen()
    assert screen.banner.isVisibleTo(screen)
    screen.tabs.setCurrentWidget(screen.questions)
    card = next(one for one in screen.questions.findChildren(QPushButton) if "wobble" in one.accessibleDescription())
    assert card.text() == "Higher is better"
    card.click()
    assert document.inputs.get(Evaluation, evaluation.id).polarity == "higher"
    screen.refresh_if_seen()
    screen.questions.refresh()
    assert "wobble" not in _all_words(screen.questions)


def test_that_suggestions_are_accepted_dismissed_and_made_rules(opened, screen, qtbot):
    page = screen.suggestions
    screen.tabs.setCurrentWidget(page)
    qtbot.waitUntil(lambda: page.model.rowCount() > 2, timeout=20_000)
    assert page.reason.text()
    document = opened.document
    links = len(document.rows(EvidenceLink))
    page.accept.click()
    assert len(document.rows(EvidenceLink)) == links + 1
    screen.refresh_if_seen()
    qtbot.waitUntil(lambda: page._job is None, timeout=20_000)
    count = page.model.rowCount()
    page.pane.view.setCurrentIndex(page.model.index(0, 0))
    page.dismiss.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == count - 1, timeout=20_000)
    assert page.back.isVisible()
    page.pane.view.setCurrentIndex(page.model.index(0, 0))
    page.always.click()
    assert len(document.inputs.rows(LinkRule)) == 1
    assert len(document.rows(EvidenceLink)) == links + 2


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_that_the_plot_is_saved_with_its_groups(screen, tmp_path, ending):
    page = screen.results
    page.by.setCurrentIndex(page.by.findData("model"))
    path = tmp_path / f"plot{ending}"
    page.save_picture(path)
    assert path.stat().st_size > 1000
    if ending == ".svg":
        assert page.rows[0].parts["evaluation"].name in path.read_text(encoding="utf-8")


@pytest.mark.usefixtures("qapp")
def test_that_a_picture_that_would_be_too_tall_says_what_to_do(tmp_path):
    lines = [Line(name="x", told="")] * 2000
    with pytest.raises(ExportError) as refused:
        picture.save(tmp_path / "tall.png", lines, Axis(), "Tall")
    assert "SVG" in refused.value.hint
    with pytest.raises(ExportError):
        picture.save(tmp_path / "missing" / "plot.svg", lines[:2], Axis(), "Lost")


@pytest.mark.usefixtures("qapp")
def test_that_words_in_a_saved_plot_are_as_large_as_on_the_screen(tmp_path):
    path = tmp_path / "plot.svg"
    picture.save(path, [Line(name="Refusals", told="")], Axis(), "Plot")
    drawn = re.search(r'<svg width="([\d.]+)mm".*?viewBox="0 0 (\d+)', path.read_text(encoding="utf-8"), re.DOTALL)
    assert drawn is not None
    dots = QGuiApplication.primaryScreen().logicalDotsPerInch()
    assert float(drawn[1]) / 25.4 * dots == pytest.approx(float(drawn[2]), rel=0.01)


def test_that_an_interval_is_within_beyond_or_unsure_against_its_limits():
    most, least = Mark(0.1, at_most=True, criterion=False, told=""), Mark(0.9, at_most=False, criterion=True, told="")
    assert standing_of(0.01, 0.09, [most]) == "within"
    assert standing_of(0.11, 0.2, [most]) == "beyond"
    assert standing_of(0.05, 0.2, [most]) == "unsure"
    assert standing_of(0.91, 0.95, [least]) == "within"
    assert standing_of(0.5, 0.8, [least]) == "beyond"
    assert standing_of(0.05, 0.08, [most, least]) == "beyond"
    assert standing_of(None, None, [most]) == "none"
    assert standing_of(0.1, 0.2, []) == "none"


def test_that_an_axis_fits_its_values_and_its_ticks_lie_on_it():
    line = Line(name="", told="", value=0.03, low=0.01, high=0.07)
    assert fitted([line]) == Axis(0.0, 0.1)
    assert fitted([]) == Axis()
    both = spread([Line(name="", told="", value=-0.15, low=-0.3, high=0.01)])
    assert (both.first, both.last, both.signed) == (-0.4, 0.4, True)
    for axis in (Axis(), fitted([line]), both, Axis(-0.8, 0.8, signed=True)):
        ticks = axis.ticks()
        assert 3 <= len(ticks) <= 9
        assert all(axis.first - 1e-9 <= tick <= axis.last + 1e-9 for tick in ticks)
    assert both.written(-0.2) == "\N{MINUS SIGN}20"


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.usefixtures("qapp")
def test_that_standings_are_told_apart_in_grey(colours):
    pictures = set()
    for standing in ("within", "beyond", "unsure"):
        for faint in (False, True):
            image = QImage(200, 28, QImage.Format.Format_Grayscale8)
            image.fill(Qt.GlobalColor.white if colours is LIGHT else Qt.GlobalColor.black)
            painter = QPainter(image)
            line = Line(name="", told="", value=0.5, low=0.4, high=0.6, better="lower", standing=standing, faint=faint)
            draw_line(painter, QRectF(40, 0, 150, 28), line, Axis(), colours)
            painter.end()
            shape = image.copy(108, 6, 14, 16).convertToFormat(QImage.Format.Format_Mono)
            pictures.add(bytes(shape.constBits()))
    assert len(pictures) >= 5


def test_that_figures_are_written_on_their_own_scale():
    assert value_text(0.064, "fraction") == "6.4\N{NARROW NO-BREAK SPACE}%"
    assert value_text(6.4, "percent") == "6.4\N{NARROW NO-BREAK SPACE}%"
    assert value_text(3.25, "score") == "3.25"
    assert value_text(None, "score") == "\N{EM DASH}"
    assert points(-0.215) == "\N{MINUS SIGN}21.5"
    assert p_value(1e-7) == "< 0.0001"


def test_that_an_empty_screen_offers_files_and_folders(empty, seen):
    seen(empty, "evidence")
    words = _all_words(empty.screens["evidence"])
    assert "No evidence yet" in words
    assert "Impor&t a folder …" in words
    for place in range(4):
        empty.screens["evidence"].tabs.setCurrentIndex(place)
        assert not empty.grab().isNull()
    assert Path(empty.document.project.path).exists()
