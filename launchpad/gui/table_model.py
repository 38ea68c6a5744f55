"""The one table model of the program: rows and columns in, cells out, edits sent on as wishes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from launchpad.gui import theme
from launchpad.gui.columns import Column, Row, Wish
from launchpad.gui.table_order import found_anywhere, kept_by, sorted_places

Index = QModelIndex | QPersistentModelIndex
Commit = Callable[[Sequence[Wish]], bool]
ANYWHERE = ""
OPTIONS_ROLE = int(Qt.ItemDataRole.UserRole) + 1
ROOT = QModelIndex()
FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
EDITABLE = FLAGS | Qt.ItemFlag.ItemIsEditable
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)


def nothing_written(_wishes: Sequence[Wish]) -> bool:
    """The commit of a table that is only read."""
    return False


class TableModel(QAbstractTableModel):
    """Rows in the order and selection a person asked for; sorting and filtering happen in here.

    `commit` is given the cells a person typed and says whether they were written. The model never
    changes itself: the new state arrives through `show`.
    """

    filtered = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        commit: Commit = nothing_written,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.commit = commit
        self.rows: tuple[Row, ...] = ()
        self.filters: dict[str, str] = {}
        self.sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._order: list[int] = []
        # The words of cells drawn before: a table is repainted far more often than it changes.
        self._seen: dict[tuple[int, int], str] = {}
        self._texts: list[Callable[[Row], str]] = [column.text for column in self.columns]
        self._sides = [RIGHT if column.right else LEFT for column in self.columns]

    def show(self, rows: Sequence[Row]) -> None:
        """Take over the rows as they are now; selection and editors stay where the same ids stay."""
        old = [self.rows[at].id for at in self._order]
        shown = tuple(rows)
        order = self._ordered(shown)
        self._seen.clear()
        if [shown[at].id for at in order] == old:
            self.rows, self._order = shown, order
            if old:
                self.dataChanged.emit(self.index(0, 0), self.index(len(old) - 1, len(self.columns) - 1))
            return
        places = {shown[at].id: place for place, at in enumerate(order)}
        if len(order) == len(old) and places.keys() == set(old):
            self._move(shown, order, lambda place: places[old[place]])
            return
        self.beginResetModel()
        self.rows, self._order = shown, order
        self.endResetModel()

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Take over other columns, for tables whose columns depend on the data (one per team, say)."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._seen.clear()
        self._texts = [column.text for column in self.columns]
        self._sides = [RIGHT if column.right else LEFT for column in self.columns]
        self.sorted_by = None
        self._order = self._ordered(self.rows)
        self.endResetModel()

    def _move(self, rows: tuple[Row, ...], order: list[int], place_of: Callable[[int], int]) -> None:
        """Show the same rows at other places; `place_of` says where the row at an old place goes."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        moved = [self.index(place_of(index.row()), index.column()) for index in held]
        self.rows, self._order = rows, order
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def set_filter(self, key: str, words: str) -> None:
        """Show only rows whose column holds these words, or compares as in `>0.1`; blank shows all.

        The key ANYWHERE looks in every column.
        """
        if words.strip():
            self.filters[key] = words.strip()
        elif self.filters.pop(key, None) is None:
            return
        self.show(self.rows)
        self.filtered.emit()

    def clear_filters(self) -> None:
        """Show every row again."""
        self.filters.clear()
        self.show(self.rows)
        self.filtered.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the rows in the order of a column, missing values last; -1 is the order as given."""
        self.sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        shown = self._ordered(self.rows)
        places = [0] * len(self.rows)
        for place, at in enumerate(shown):
            places[at] = place
        self._move(self.rows, shown, lambda old: places[self._order[old]])

    def _ordered(self, rows: tuple[Row, ...]) -> list[int]:
        order = list(range(len(rows)))
        for column in self.columns:
            if column.key in self.filters:
                keeps = kept_by(column, self.filters[column.key])
                order = [at for at in order if keeps(rows[at])]
        if ANYWHERE in self.filters:
            order = found_anywhere(rows, order, self.columns, self.filters[ANYWHERE])
        if self.sorted_by is None:
            return order
        column, direction = self.sorted_by
        return sorted_places(rows, order, self.columns[column], backwards=direction == Qt.SortOrder.DescendingOrder)

    def row_at(self, row: int) -> Row:
        """The row shown at this place."""
        return self.rows[self._order[row]]

    def place_of(self, row_id: int) -> int | None:
        """Where a row is shown, or None when it is not."""
        return next((place for place, at in enumerate(self._order) if self.rows[at].id == row_id), None)

    def column_at(self, key: str) -> int:
        """The place of the column with this key."""
        return next(place for place, column in enumerate(self.columns) if column.key == key)

    def write(self, wishes: Sequence[Wish]) -> bool:
        """Send typed cells on, those that cannot be edited left out; whether they were written."""
        possible = [wish for wish in wishes if wish[1].editable(wish[0])]
        return bool(possible) and self.commit(possible)

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = DISPLAY) -> object:
        """What a cell shows, and how."""
        if role == DISPLAY:
            cell = (self._order[index.row()], index.column())
            text = self._seen.get(cell)
            if text is None:
                text = self._seen[cell] = self._texts[cell[1]](self.rows[cell[0]])
            return text
        if role == ALIGNMENT:
            return self._sides[index.column()]
        answer = _ANSWERS.get(role)
        if answer is None or not index.isValid():
            return None
        return answer(self.columns[index.column()], self.rows[self._order[index.row()]])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title and help of a column; the number of a row."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.right else LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{column.title}\n{column.help}".strip())
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Whether a cell can be selected and edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        editable = self.columns[index.column()].editable(self.row_at(index.row()))
        return EDITABLE if editable else FLAGS

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Send a typed cell on; nothing when it says what it said before."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        row, column, typed = self.row_at(index.row()), self.columns[index.column()], str(value)
        if typed.strip() == column.typed(row):
            return False
        return self.write([(row, column, typed)])


def _edit_text(column: Column, row: Row) -> object:
    return column.typed(row)


def _tip(column: Column, row: Row) -> object:
    shown = column.text(row)
    lines = [line for line in (shown if len(shown) > column.width else "", column.help) if line]
    return plain_tip("\n".join(lines)) if lines else None


def plain_tip(words: str) -> str:
    """Words as a tooltip shows them letter for letter: Qt takes text for markup unless it is escaped."""
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt><div style='white-space: pre-wrap'>{escaped}</div></qt>"


def _ink(column: Column, row: Row) -> object:
    tone = column.tone(row) if column.tone else None
    return None if tone is None else theme.colour(tone)


def _picture(column: Column, row: Row) -> object:
    name = column.icon(row) if column.icon else None
    if name is None:
        return None
    tone = column.tone(row) if column.tone else None
    return theme.icon(name, tone or "muted")


def _spoken(column: Column, row: Row) -> object:
    return f"{column.title}: {column.text(row)}"


def _options(column: Column, row: Row) -> object:
    return list(column.options(row)) if column.options else None


_ANSWERS: dict[int, Callable[[Column, Row], object]] = {
    int(Qt.ItemDataRole.EditRole): _edit_text,
    int(Qt.ItemDataRole.ToolTipRole): _tip,
    int(Qt.ItemDataRole.ForegroundRole): _ink,
    int(Qt.ItemDataRole.DecorationRole): _picture,
    int(Qt.ItemDataRole.AccessibleTextRole): _spoken,
    OPTIONS_ROLE: _options,
}
