"""The numbers and drawings of the trade-offs charts: scales, fills, curves, ranks, swings, pictures."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from launchpad.errors import ExportError
from launchpad.gui import pictures
from launchpad.gui.theme import DARK, LIGHT
from launchpad.gui.tradeoffs import bands, swings
from launchpad.gui.tradeoffs.axes import Scale, chances, fitted, losses
from launchpad.gui.tradeoffs.marks import Labels, fill
from launchpad.gui.tradeoffs.tails import Limit, sentences
from launchpad.records import Criterion, Inputs, SwingWeight, WeightSet

pytestmark = pytest.mark.usefixtures("qapp")

AMOUNTS = st.floats(-1e7, 1e7, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-6)


@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_that_a_fitted_scale_keeps_the_order_of_amounts_and_holds_them(amounts):
    scale = fitted(amounts)
    shares = [scale.share(amount) for amount in sorted(amounts)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    ticks = [scale.share(tick) for tick in scale.ticks()]
    assert ticks == sorted(ticks)
    assert len(ticks) >= 2


@given(st.floats(0.01, 0.99))
def test_that_reading_a_scale_off_gives_the_amount_that_lies_there(share):
    for scale in (Scale("plain", -2, 8), Scale("log", 1, 1000), Scale("signed", -50, 900, 1)):
        assert scale.share(scale.value(share)) == pytest.approx(share, abs=1e-9)


def test_that_amounts_far_apart_are_on_a_logarithmic_scale_and_with_negative_ones_on_both_sides():
    assert fitted([3, 4, 5]).kind == "plain"
    assert fitted([1, 1000]).kind == "log"
    assert fitted([0, 1, 1000]).share(0) == 0
    assert fitted([-1, 1000]).kind == "signed"
    assert fitted([]).kind == "plain"
    assert losses([0.0, 20.0, 400.0]).first == 20
    assert losses([]).kind == "log"
    assert chances(0.001).ticks()[0] == pytest.approx(0.001)


def _drawn(draw) -> QImage:
    image = QImage(QSize(200, 40), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    painter = QPainter(image)
    draw(painter)
    painter.end()
    return image


def test_that_measured_elicited_and_assumed_bars_differ_without_colour():
    images = [
        _drawn(lambda painter, pattern=pattern: fill(painter, QRectF(10, 10, 150, 14), QColor("#000000"), pattern))
        for pattern in ("full", "strokes", "dots")
    ]
    greys = [image.convertToFormat(QImage.Format.Format_Grayscale8) for image in images]
    assert all(greys[one] != greys[other] for one, other in ((0, 1), (0, 2), (1, 2)))


@pytest.mark.parametrize("shown", [LIGHT, DARK])
def test_that_ranks_fade_steadily_in_grey(shown):
    depths = [bands.ink_of(band, shown, stale=False).lightness() for band in range(len(bands.BANDS))]
    steps = np.diff(depths)
    assert (steps > 0).all() if shown is LIGHT else (steps < 0).all()


def test_that_labels_do_not_cover_each_other():
    found = []

    def draw(painter):
        labels = Labels(painter, QRectF(0, 0, 200, 40), LIGHT)
        found.extend(labels.write(QPointF(60, 20), "R-001") for _ in range(8))

    _drawn(draw)
    assert found[0]
    assert not all(found)


def test_that_the_chance_of_passing_a_limit_is_told_with_its_error():
    limit = Limit("TL-1", "All", 150_000, 0.1, {"current": (0.29, 0.0045), "planned": (0.065, 0.0025)})
    (now, kept), (then, within) = sentences(limit, 90)
    assert "29" in now
    assert "90 days" in now
    assert kept is False
    assert "accepted 10" in then
    assert within is True


def test_that_a_chance_within_its_error_of_what_is_accepted_is_not_judged():
    limit = Limit("TL-1", "All", 1.0, 0.1, {"current": (0.101, 0.003)})
    assert sentences(limit, 90)[0][1] is None
    assert sentences(dataclasses.replace(limit, accepted=None), 90)[0][1] is None


CRITERIA = tuple(
    Criterion(id=place, code=f"C-{place}", launch=1, name=name, measure="cost", worst=10.0, best=0.0)
    for place, name in enumerate(("Risk", "Refusals", "Cost"), start=1)
)
SET = WeightSet(id=9, code="W-1", launch=1, name="Lead")


def _stored(*answers: SwingWeight) -> swings.Stored:
    tables = {"criterion": CRITERIA, "weight_set": (SET,), "swing_weight": answers}
    return swings.stored(Inputs(tables, {}, ""), SET, CRITERIA)


def _answer(criterion: int, swing: float | None = None, rank: int | None = None) -> SwingWeight:
    return SwingWeight(id=100 + criterion, launch=1, weight_set=9, criterion=criterion, swing=swing, rank=rank)


def test_that_swings_count_where_every_criterion_has_one():
    found = _stored(_answer(1, 100), _answer(2, 40), _answer(3, 20))
    assert found.swings == (100, 40, 20)
    assert found.complete


def test_that_ranks_stand_in_for_swings_and_are_said_to():
    found = _stored(_answer(1, rank=1), _answer(2, rank=2), _answer(3, rank=3))
    # Rank-order centroid of three: 11/18, 5/18, 2/18.
    assert found.swings == (100.0, pytest.approx(100 * 5 / 11, abs=0.05), pytest.approx(100 * 2 / 11, abs=0.05))
    assert not found.complete
    assert "rank-order centroid" in found.origin


def test_that_a_set_that_says_nothing_shows_all_alike():
    assert _stored().swings == (100, 100, 100)
    assert _stored(_answer(1, 100)).swings == (100, 100, 100)


def test_that_contradicting_answers_are_told_in_words():
    known = _stored(_answer(1, 100, 1), _answer(2, 40, 3), _answer(3, 20, 2))
    told = swings.findings(CRITERIA, known, known.swings)
    assert len(told) == 1
    assert "Refusals" in told[0]
    assert "greatest swing is 80" in swings.findings(CRITERIA, known, (80, 40, 20))[0]


def test_that_a_weight_lies_at_the_swing_that_gives_it():
    given = (100.0, 60.0, 40.0)
    swing = swings.swing_at(0.25, 2, given)
    assert swing / (swing + 160) == pytest.approx(0.25)
    assert swings.swing_at(1.0, 0, given) == 100


@pytest.mark.parametrize("name", ["chart.png", "chart.svg"])
def test_that_a_chart_leaves_the_program_as_a_file(tmp_path, name):
    def draw(painter, rect):
        painter.drawText(rect, "inside")

    pictures.save(tmp_path / name, pictures.Picture("Title", QSize(300, 200), draw, "below"))
    written = (tmp_path / name).read_bytes()
    assert written.startswith(b"\x89PNG") or (b"inside" in written and b"Title" in written)


def test_that_a_place_that_cannot_be_written_is_said(tmp_path):
    nowhere = tmp_path / "none" / "chart"
    for ending in (".png", ".svg"):
        with pytest.raises(ExportError, match="could not be written"):
            pictures.save(nowhere.with_suffix(ending), pictures.Picture("T", QSize(30, 20), lambda _p, _r: None))
    with pytest.raises(ExportError, match="too high"):
        pictures.save(tmp_path / "a.png", pictures.Picture("T", QSize(30, 40_000), lambda _p, _r: None))


def test_that_a_scale_never_divides_by_nothing():
    assert math.isfinite(fitted([5.0]).share(5.0))
    assert math.isfinite(fitted([0.0]).share(0.0))
    assert math.isfinite(fitted([-3.0]).share(-3.0))
