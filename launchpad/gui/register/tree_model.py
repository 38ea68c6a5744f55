"""The tree of risk areas as Qt asks for it: an area stands under each of its parents, made when it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont

from launchpad.gui import theme
from launchpad.gui.register.badges import TEXTS, badges, explained, tr
from launchpad.gui.register.forest import NOTHING, Forest, Node, sought
from launchpad.gui.table_model import plain_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROOT = QModelIndex()
TOP = -1
KEY_ROLE = int(Role.UserRole) + 1
BADGES_ROLE = int(Role.UserRole) + 2
DISPLAY = int(Role.DisplayRole)
AREAS = "application/x-launchpad-areas"
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
MOVABLE = FLAGS | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsDropEnabled


@dataclass(slots=True)
class _Place:
    """One line of the tree: an area under one parent; its children are made when they are first asked for."""

    key: int
    parent: int
    row: int
    children: list[int] | None = None


class AreaTreeModel(QAbstractItemModel):
    """Shows a forest; `movable` says whether its areas may be dragged. The model never changes itself."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("name", "code", "scenarios", "area_class", "status", "handling")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.forest = NOTHING
        self.shown = NOTHING
        self.hits: frozenset[int] = frozenset()
        self.movable = False
        self._words = ""
        self._places: list[_Place] = []
        self._tops: list[int] = []
        self._texts: dict[int, str] = {}
        self._struck = QFont()

    def show(self, forest: Forest, *, movable: bool) -> None:
        """Take over a forest; where only what its nodes say has changed, lines and selection stay."""
        self.movable = movable
        same = forest.roots == self.forest.roots and forest.below == self.forest.below and not self._words
        changed = {key for key, node in forest.nodes.items() if self.forest.nodes.get(key) != node}
        self._texts.clear()
        if not (same and self._places):
            self._reset(forest)
            return
        self.forest = self.shown = forest
        for number, place in enumerate(self._places):
            if place.key in changed:
                first = self.createIndex(place.row, 0, number)
                self.dataChanged.emit(first, first.siblingAtColumn(len(self.COLUMNS) - 1))

    def search(self, typed: str) -> None:
        """Show only areas whose line has all these words, and those above them; blank shows all."""
        if typed.strip() != self._words:
            self._words = typed.strip()
            self._reset(self.forest)

    def _reset(self, forest: Forest) -> None:
        self.beginResetModel()
        self.forest = forest
        self.shown, self.hits = sought(forest, self._words, self.line_of)
        self._places = []
        self._tops = self._make(self.shown.roots, TOP)
        self._struck = QFont(theme.font())
        self._struck.setStrikeOut(True)
        self.endResetModel()

    def _make(self, keys: Sequence[int], parent: int) -> list[int]:
        first = len(self._places)
        self._places.extend(_Place(key, parent, row) for row, key in enumerate(keys))
        return list(range(first, len(self._places)))

    def _children(self, index: Index) -> list[int]:
        if not index.isValid():
            return self._tops
        number = index.internalId()
        place = self._places[number]
        if place.children is None:
            keys = self.shown.below.get(place.key, ())
            if keys and place.key in self.shown.circular:
                path = set(self._path(number))
                keys = tuple(key for key in keys if key not in path)
            place.children = self._make(keys, number)
        return place.children

    def _path(self, number: int) -> list[int]:
        found: list[int] = []
        while number != TOP:
            found.append(self._places[number].key)
            number = self._places[number].parent
        return found[::-1]

    def line_of(self, node: Node) -> str:
        """All that a line says, for searching."""
        known = self._texts.get(node.key)
        if known is None:
            parts = [TEXTS[name](node) for name in self.COLUMNS if name != "scenarios"]
            known = self._texts[node.key] = " ".join(
                [*parts, *(badge.words for badge in badges(self.forest, node, None))]
            )
        return known

    def node(self, index: Index) -> Node:
        """The area a line shows."""
        return self.shown.nodes[self._places[index.internalId()].key]

    def path_of(self, index: Index) -> tuple[int, ...]:
        """The keys from the top down to a line: what it is known by when the tree changes."""
        return tuple(self._path(index.internalId())) if index.isValid() else ()

    def at_path(self, path: Iterable[int]) -> QModelIndex:
        """The line of a path; an invalid index where it is not shown."""
        here = QModelIndex()
        for key in path:
            numbers = self._children(here)
            found = next((number for number in numbers if self._places[number].key == key), None)
            if found is None:
                return QModelIndex()
            here = self.createIndex(self._places[found].row, 0, found)
        return here

    def first_of(self, key: int) -> QModelIndex:
        """The line of an area under its first parents; an invalid index where it is not shown."""
        path: list[int] = []
        here: int | None = key if key in self.shown.nodes else None
        while here is not None and here not in path:
            path.append(here)
            if here in self.shown.roots:
                break
            here = next((parent for parent in self.shown.nodes[here].parents if parent in self.shown.nodes), None)
        return self.at_path(reversed(path))

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        """The cell at a place under a line."""
        if parent.isValid() and parent.column() != 0:
            return QModelIndex()
        children = self._children(parent)
        if 0 <= row < len(children) and 0 <= column < len(self.COLUMNS):
            return self.createIndex(row, column, children[row])
        return QModelIndex()

    def parent(self, child: Index = ROOT) -> QModelIndex:  # pyright: ignore[reportIncompatibleMethodOverride] - the other overload is QObject's
        """The line above a cell's line."""
        number = self._places[child.internalId()].parent if child.isValid() else TOP
        return QModelIndex() if number == TOP else self.createIndex(self._places[number].row, 0, number)

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many lines stand under one."""
        return 0 if parent.column() > 0 else len(self._children(parent))

    def hasChildren(self, parent: Index = ROOT) -> bool:
        """Whether anything stands under a line; makes nothing."""
        if not parent.isValid():
            return bool(self._tops)
        place = self._places[parent.internalId()]
        if place.children is not None or place.key in self.shown.circular:
            return self.rowCount(parent) > 0
        return parent.column() == 0 and place.key in self.shown.below

    def columnCount(self, parent: Index = ROOT) -> int:
        """The same columns everywhere."""
        return len(self.COLUMNS)

    def data(self, index: Index, role: int = DISPLAY) -> object:
        """What a cell shows, and how."""
        if not index.isValid():
            return None
        node, name = self.node(index), self.COLUMNS[index.column()]
        if role == DISPLAY:
            return TEXTS[name](node)
        if role == Role.TextAlignmentRole:
            return RIGHT if name == "scenarios" else None
        if role == Role.FontRole:
            return self._struck if name == "name" and node.status == "deprecated" else None
        if role == Role.ForegroundRole:
            return (
                theme.colour("muted")
                if node.status == "deprecated" or (self.hits and node.key not in self.hits)
                else None
            )
        return self._more(index, node, name, role)

    def _more(self, index: Index, node: Node, name: str, role: int) -> object:
        if role == KEY_ROLE:
            return node.key
        if role == BADGES_ROLE:
            above = self._places[index.internalId()].parent
            return (
                badges(self.forest, node, None if above == TOP else self._places[above].key) if name == "name" else ()
            )
        if role == Role.ToolTipRole:
            return plain_tip(explained(self.forest, node))
        if role == Role.AccessibleTextRole:
            said = [f"{self._title(name)}: {TEXTS[name](node)}"]
            return ", ".join(
                [*said, *(badge.words for badge in badges(self.forest, node, None))] if name == "name" else said
            )
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> object:
        """The title of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.COLUMNS):
            return None
        if role == DISPLAY:
            return self._title(self.COLUMNS[section])
        if role == Role.TextAlignmentRole:
            return RIGHT if self.COLUMNS[section] == "scenarios" else None
        if role == Role.ToolTipRole and self.COLUMNS[section] == "scenarios":
            return plain_tip(tr("How many scenarios it has in this launch, with those of the areas under it"))
        return None

    def _title(self, name: str) -> str:
        return {
            "name": tr("Risk area"),
            "code": tr("Code"),
            "area_class": tr("Class"),
            "status": tr("Status"),
            "scenarios": tr("n"),
            "handling": tr("Handling"),
        }[name]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every line can be chosen; dragged and dropped on where the release is edited."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled if self.movable else Qt.ItemFlag.NoItemFlags
        return MOVABLE if self.movable else FLAGS

    def mimeTypes(self) -> list[str]:
        """Areas only go to this tree, and as words anywhere else."""
        return [AREAS, "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The dragged areas by key, and by code and name as text."""
        nodes = list({self.node(index).key: self.node(index) for index in indexes}.values())
        made = QMimeData()
        made.setData(AREAS, ",".join(str(node.key) for node in nodes).encode())
        made.setText("\n".join(f"{node.code}\t{node.name}" for node in nodes))
        return made

    def supportedDropActions(self) -> Qt.DropAction:
        """Moving, or with Ctrl standing there as well."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction


def dragged(data: QMimeData) -> tuple[int, ...]:
    """The keys of the areas that are dragged; none for anything else."""
    said = bytes(data.data(AREAS).data()).decode("ascii", "replace")
    return tuple(int(part) for part in said.split(",") if part.lstrip("-").isdigit())
