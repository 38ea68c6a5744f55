"""From a wish ("merge these") to its dialog: what menus, keys and drags of the register call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtWidgets import QMenu, QWidget

from launchpad.gui.document import Document
from launchpad.gui.register.add_dialog import AddDialog
from launchpad.gui.register.operation_dialog import OperationDialog
from launchpad.gui.register.operation_forms import (
    DeprecateDialog,
    MergeDialog,
    MoveDialog,
    RenameDialog,
    RestoreDialog,
)
from launchpad.gui.register.operations import kind_named, kinds, may
from launchpad.gui.register.redefine_dialog import RedefineDialog
from launchpad.gui.register.split_dialog import SplitDialog
from launchpad.records import Inputs, RiskArea, TaxonomyRelease

Areas = Sequence[RiskArea]


def areas_of(inputs: Inputs, keys: Iterable[int]) -> list[RiskArea]:
    """The risk areas of these row ids; kept releases (below 0) have none."""
    return [inputs.get(RiskArea, key) for key in keys if inputs.has(RiskArea, key)]


def dialog_for(
    document: Document, name: str, areas: Areas, release: TaxonomyRelease | None, parent: QWidget | None
) -> OperationDialog | None:
    """The dialog of an operation on these areas; None when it cannot be done, which is told in the status line."""
    why = may(kind_named(name), document.inputs, areas)
    if why:
        document.told.emit(why)
        return None
    if name == "add":
        return AddDialog(document, areas[0] if areas else None, release, parent=parent)
    if name in ONE:
        return ONE[name](document, areas[0], parent)
    return SEVERAL[name](document, areas, parent)


def _one(document: Document, area: RiskArea, parent: QWidget | None) -> OperationDialog:
    return RedefineDialog(document, area, None, parent)


def _move(document: Document, areas: Areas, parent: QWidget | None) -> OperationDialog:
    return MoveDialog(document, areas, areas[0].parent, parent=parent)


ONE: dict[str, Callable[[Document, RiskArea, QWidget | None], OperationDialog]] = {
    "rename": RenameDialog,
    "redefine": _one,
    "split": SplitDialog,
}
SEVERAL: dict[str, Callable[[Document, Areas, QWidget | None], OperationDialog]] = {
    "move": _move,
    "merge": MergeDialog,
    "deprecate": DeprecateDialog,
    "restore": RestoreDialog,
}


def fill_menu(menu: QMenu, inputs: Inputs, areas: Areas, do: Callable[[str], object]) -> None:
    """The operations as entries of a menu; those that cannot be done now are greyed."""
    for kind in kinds():
        if kind is None:
            menu.addSeparator()
            continue
        entry = menu.addAction(f"{kind.text}\t{kind.keys}" if kind.keys else kind.text)
        entry.setEnabled(not may(kind, inputs, areas))
        entry.triggered.connect(lambda _=False, name=kind.name: do(name))
