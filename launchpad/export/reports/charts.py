"""The charts of reports as PNG, each with the numbers it shows; every word in them comes from the template."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from launchpad.export.document import Column, Table
from launchpad.export.facts import Facts
from launchpad.export.reports import panels
from launchpad.export.reports.panels import Panel

WIDTH = 174 / 25.4
"""Inches between the margins of an A4 page."""
DOTS = 220
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: the words it needs, its panels from left to right, and its height in inches (None as rows need)."""

    words: tuple[str, ...]
    panels: tuple[Callable[[Facts, Words, int], Panel | None], ...]
    height: float | None
    rows: int


CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "overview": Chart(
            (*panels.BEFORE_AFTER, *panels.EXCEEDANCE, *panels.GANTT),
            (panels.before_after, panels.exceedance, panels.gantt),
            1.75,
            7,
        ),
        "before_after": Chart(panels.BEFORE_AFTER, (panels.before_after,), None, 15),
        "exceedance": Chart(panels.EXCEEDANCE, (panels.exceedance,), 2.5, 0),
        "gantt": Chart(panels.GANTT, (panels.gantt,), None, 20),
        "swings": Chart(panels.SWINGS, (panels.swings,), None, 10),
        "layers": Chart(panels.LAYERS, (panels.layers,), 1.5, 3),
    }
)


def draw(facts: Facts, name: str, words: Words) -> tuple[bytes, Table] | None:
    """A chart as PNG and its numbers as a table; None where there is nothing to draw."""
    chart = CHARTS[name]
    found = [panel for make in chart.panels if (panel := make(facts, words, chart.rows)) is not None]
    if not found:
        return None
    tall = max(len(panel.rows) for panel in found)
    figure = Figure(figsize=(WIDTH, chart.height or 0.55 + 0.17 * tall), dpi=DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    axes: list[Axes] = figure.subplots(1, len(found), squeeze=False)[0].tolist()
    for panel, place in zip(found, axes, strict=True):
        panels.dress(place, panel)
        panel.draw(place)
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue(), _numbers(found)


def _numbers(found: list[Panel]) -> Table:
    """What the panels show, row by row: title, what, then its values."""
    rows = [(panel.title, name, values) for panel in found for name, values in panel.rows]
    columns = (Column("", 0.3), Column("", 0.2), Column("", 0.5))
    return Table(columns, tuple(rows))
