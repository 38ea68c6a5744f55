"""A table whose rows stand in groups, each under a heading that can be closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from launchpad.gui import theme
from launchpad.gui.columns import Column, Row
from launchpad.gui.evidence.plot import ForestPlot, beside
from launchpad.gui.table_model import DISPLAY, Commit, TableModel, nothing_written
from launchpad.gui.table_pane import TablePane

Index = QModelIndex | QPersistentModelIndex
FONT = int(Qt.ItemDataRole.FontRole)
GROUND = int(Qt.ItemDataRole.BackgroundRole)
HEADING = "heading"
OPEN, CLOSED = "▾", "▸"


class GroupedModel(TableModel):
    """A TableModel that puts rows under headings; sorting and filters work within the groups.

    A heading is a row without parts, with an id below 0; `group_of` gives the name of a row's group.
    """

    def __init__(
        self, columns: Sequence[Column], commit: Commit = nothing_written, parent: QObject | None = None
    ) -> None:
        super().__init__(columns, commit, parent)
        self.group_of: Callable[[Row], str] | None = None
        self.closed: set[str] = set()
        self._sizes: dict[str, int] = {}
        self._passing = 0

    def headed(self, rows: Sequence[Row], group_of: Callable[[Row], str] | None) -> list[Row]:
        """The rows to be shown next, with a heading for each group when `group_of` is given."""
        self.group_of = group_of
        names = [] if group_of is None else sorted({group_of(row) for row in rows}, key=str.casefold)
        return [*rows, *(Row(-1 - place, {}, {HEADING: name}) for place, name in enumerate(names))]

    def members(self) -> int:
        """How many rows there are, headings apart."""
        return sum(row.id >= 0 for row in self.rows)

    def shown(self) -> int:
        """How many rows pass the filters, those of closed groups too."""
        return self._passing

    def turn(self, row: Row) -> None:
        """Close an open group, or open a closed one."""
        name = heading_of(row)
        if name is not None:
            self.closed ^= {name}
            self.show(self.rows)

    def _ordered(self, rows: tuple[Row, ...]) -> list[int]:
        order = [at for at in super()._ordered(rows) if rows[at].id >= 0]
        self._passing = len(order)
        if self.group_of is None:
            return order
        groups: dict[str, list[int]] = {}
        for at in order:
            groups.setdefault(self.group_of(rows[at]), []).append(at)
        self._sizes = {name: len(places) for name, places in groups.items()}
        found: list[int] = []
        for at, row in enumerate(rows):
            name = heading_of(row)
            if name in groups:
                found.append(at)
                found.extend(() if name in self.closed else groups[name])
        return found

    def data(self, index: Index, role: int = DISPLAY) -> object:
        """What a cell shows; the heading of a group stands in its first cell."""
        row = self.row_at(index.row()) if index.isValid() else None
        name = None if row is None else heading_of(row)
        if name is None:
            return super().data(index, role)
        if role == DISPLAY or role == int(Qt.ItemDataRole.AccessibleTextRole):
            mark = CLOSED if name in self.closed else OPEN
            return f"{mark} {name}  ({self._sizes.get(name, 0)})" if index.column() == 0 else ""
        if role == FONT:
            return theme.font("strong")
        if role == GROUND:
            return QBrush(QColor(theme.colours().sunken))
        return None


def heading_of(row: Row) -> str | None:
    """The name of the group a heading stands over; None for any other row."""
    name = row.figures.get(HEADING) if row.id < 0 else None
    return None if name is None else str(name)


class GroupedPane(TablePane):
    """A TablePane over a GroupedModel: headings span the table, Enter and a double click close and open them."""

    def __init__(self, model: GroupedModel, *rest: object) -> None:
        self.grouped = model
        super().__init__(model, *rest)  # pyright: ignore[reportArgumentType] - as TablePane takes them
        for signal in (model.modelReset, model.layoutChanged, model.dataChanged):
            signal.connect(self._span)
        self.view.row_opened.connect(model.turn)

    def add_beside(self, plot: ForestPlot, sizes: Sequence[int]) -> None:
        """Put a plot at the right of the table, under the line of tools."""
        self._pages.removeWidget(self.view)
        self._pages.insertWidget(0, beside(self.view, self.view, plot, sizes))
        self.view.show()
        plot.turned.connect(self.grouped.turn)

    def fill_groups(self, rows: Sequence[Row], group_of: Callable[[Row], str] | None) -> None:
        """Show these rows in their groups, or the message for an empty table."""
        self.fill(self.grouped.headed(rows, group_of))

    def _say_count(self) -> None:
        shown, all_ = self.grouped.shown(), self.grouped.members()
        self._count.setText((self.tr("{0} of {1}").format(shown, all_) if shown != all_ else str(all_)) if all_ else "")
        self._none.setVisible(all_ > 0 and shown == 0)

    def _span(self, *_what: object) -> None:
        self.view.clearSpans()
        if self.grouped.group_of is None:
            return
        width = self.grouped.columnCount()
        for place in range(self.grouped.rowCount()):
            if self.grouped.row_at(place).id < 0:
                self.view.setSpan(place, 0, 1, width)
