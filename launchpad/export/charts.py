"""Native charts, told apart by shape as well as colour; their titles are ours, their names stand in cells."""

from dataclasses import dataclass
from typing import Any

import openpyxl.chart
from openpyxl.chart import BarChart, Reference, ScatterChart
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.worksheet import Worksheet

# Okabe and Ito (2008); each colour goes with a marker of its own.
LOOKS = (("D55E00", "circle"), ("0072B2", "triangle"), ("009E73", "diamond"))
WIDTH, HEIGHT = 16.5, 9.5
marker: Any = Marker
_chart: Any = openpyxl.chart  # its types leave out what charts are made of


@dataclass(frozen=True, slots=True)
class Points:
    """A series: its name, and the columns and rows in which x and y stand; `joined` draws a line through them."""

    name: str
    x: int
    y: int
    first: int
    last: int
    joined: bool = False


def scatter(
    sheet: Worksheet, anchor: str, title: str, axes: tuple[str, str], series: list[Points], *, log: bool
) -> None:
    """Put a scatter chart onto a page, on logarithmic axes where asked."""
    chart: Any = ScatterChart()
    chart.scatterStyle = "lineMarker"
    chart.title = title
    for axis, words in zip((chart.x_axis, chart.y_axis), axes, strict=True):
        _axis(axis, words, log=log)
    for (colour, symbol), points in zip(LOOKS, series, strict=False):
        x, y = (Reference(sheet, min_col=c, min_row=points.first, max_row=points.last) for c in (points.x, points.y))
        one = _chart.Series(y, x, title=points.name)
        one.marker = marker(symbol=symbol, size=8, spPr=GraphicalProperties(solidFill=colour))
        one.marker.graphicalProperties.line.solidFill = colour
        if points.joined:
            one.graphicalProperties = GraphicalProperties()
            one.graphicalProperties.line.solidFill = colour
        else:
            one.graphicalProperties = GraphicalProperties()
            one.graphicalProperties.line.noFill = True
        one.smooth = False
        chart.series.append(one)
    _place(sheet, chart, anchor)


def bars(
    sheet: Worksheet, anchor: str, title: str, axis: str, names: tuple[str, ...], area: tuple[int, int, int]
) -> None:
    """Put a chart of bars beside each other onto a page; `area` is the first and last row, and the column of labels.

    The columns after the labels hold one series each, called `names`.
    """
    first, last, labels = area
    chart: Any = BarChart()
    chart.type, chart.title = "bar", title
    _axis(chart.y_axis, axis, log=False)
    chart.x_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"
    for column, (name, (colour, _)) in enumerate(zip(names, LOOKS, strict=False), start=labels + 1):
        one = _chart.Series(Reference(sheet, min_col=column, min_row=first, max_row=last), title=name)
        one.graphicalProperties = GraphicalProperties(solidFill=colour)
        chart.series.append(one)
    chart.set_categories(Reference(sheet, min_col=labels, min_row=first, max_row=last))
    chart.gapWidth = 60
    _place(sheet, chart, anchor)


def _axis(axis: Any, title: str, *, log: bool) -> None:  # noqa: ANN401 - untyped in openpyxl
    axis.title, axis.delete = title, False
    axis.number_format, axis.majorTickMark = "#,##0.####", "out"
    axis.majorGridlines.spPr = GraphicalProperties()
    axis.majorGridlines.spPr.line.solidFill = "D9DEE3"
    if log:
        axis.scaling.logBase = 10
        axis.crosses = "min"


def _place(sheet: Worksheet, chart: Any, anchor: str) -> None:  # noqa: ANN401 - untyped in openpyxl
    chart.width, chart.height = WIDTH, HEIGHT
    chart.legend.position = "b"
    sheet.add_chart(chart, anchor)
