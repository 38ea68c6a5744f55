"""A table of 100,000 rows and 12 columns: sorting, filtering, repainting: `python -m benchmarks table`.

The peer for sorting and filtering is Qt's own QSortFilterProxyModel over the same model (on fewer rows,
where it stands so far off that waiting for all of them serves nobody); for repainting a model of the
same shape whose `data` says nothing.
"""

import os
import random
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QApplication, QTableView

from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.table_model import ANYWHERE, TableModel
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import ROW_HEIGHT

ROWS, COLUMNS, RUNS = 100_000, 12, 5
PEER_ROWS = 5_000
SIZE = (1200, 800)
ROOT = QModelIndex()
UP = Qt.SortOrder.AscendingOrder


class Blank(QAbstractTableModel):
    """A model of the same shape that shows nothing: what drawing an empty grid costs."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = ROOT) -> int:  # noqa: ARG002, N802 - Qt fixes both
        """As many rows."""
        return ROWS

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = ROOT) -> int:  # noqa: ARG002, N802 - Qt fixes both
        """As many columns."""
        return COLUMNS

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:  # noqa: ARG002 - Qt's parameters
        """Nothing."""
        return None


def columns() -> list[Column]:
    """One column of words, the others of numbers."""
    words = figure_column("0", "Words", right=False)
    return [words, *(figure_column(str(place), f"Number {place}") for place in range(1, COLUMNS))]


def rows(count: int) -> list[Row]:
    """Rows of random words and numbers."""
    drawn = random.Random(1)
    return [
        Row(at, {}, {"0": f"row {drawn.randrange(count)}", **{str(n): drawn.random() for n in range(1, COLUMNS)}})
        for at in range(count)
    ]


def seconds(work: Callable[[], object]) -> float:
    """The median time of five calls."""
    taken: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def line(what: str, ours: float, peer: float, how: str) -> None:
    """Print one comparison."""
    print(f"{what:34}{ours * 1000:>9.1f} ms{peer * 1000:>11.1f} ms{ours / peer:>9.3f}   {how}")


def sort(model: QAbstractItemModel, column: int) -> None:
    """Sort by a column and back to the order as given, which is quick in either model."""
    model.sort(column, UP)
    model.sort(-1, UP)


def repaint(view: QTableView) -> Callable[[], object]:
    """What draws a view anew."""
    view.resize(*SIZE)
    view.show()
    QApplication.processEvents()
    return view.viewport().repaint


def main() -> None:
    """Print ours, the peer's, and their ratio."""
    app = QApplication.instance() or QApplication([])
    model, small = TableModel(columns()), TableModel(columns())
    model.show(rows(ROWS))
    small.show(rows(PEER_ROWS))
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(small)
    proxy.setFilterKeyColumn(-1)
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    part = f"peer on {PEER_ROWS:,} rows only"
    print(f"{'':34}{'ours':>12}{'peer':>14}{'ratio':>9}   medians of {RUNS}")
    for place, what in ((3, "sort by a number"), (0, "sort by words")):
        line(
            what, seconds(lambda place=place: sort(model, place)), seconds(lambda place=place: sort(proxy, place)), part
        )
    model.sort(-1)
    ours = seconds(lambda: (model.set_filter("0", "row 77"), model.clear_filters()))
    anywhere = seconds(lambda: (model.set_filter(ANYWHERE, "row 77"), model.clear_filters()))
    peer = seconds(lambda: (proxy.setFilterFixedString("row 77"), proxy.setFilterFixedString("")))
    line("filter one column", ours, peer, part)
    line("find in every column", anywhere, peer, part)
    blank = QTableView()
    blank.setModel(Blank())
    blank.verticalHeader().hide()
    blank.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    view = TableView(model, "Benchmark")
    line("repaint", seconds(repaint(view)), seconds(repaint(blank)), "an empty grid")
    del app


if __name__ == "__main__":
    main()
