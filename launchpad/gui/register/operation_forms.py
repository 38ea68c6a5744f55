"""What each operation on risk areas asks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from launchpad.edits import taxonomy
from launchpad.edits.taxonomy import Operation
from launchpad.edits.taxonomy_effects import KEEP, MAP, RELABEL
from launchpad.edits.taxonomy_several import deprecate_all, move_all, restore_all
from launchpad.gui.document import Document
from launchpad.gui.register.area_box import AreaBox
from launchpad.gui.register.operation_dialog import OperationDialog
from launchpad.gui.register.operations import relation_words, relations, tr
from launchpad.records import Inputs, RiskArea

Areas = Sequence[RiskArea]
NAMED = 6


def titles(areas: Areas) -> str:
    """Some areas by code and name, the first few."""
    more = tr(" and {0} more").format(len(areas) - NAMED) if len(areas) > NAMED else ""
    return "; ".join(f"{area.code} {area.name}" for area in areas[:NAMED]) + more


def now(inputs: Inputs, areas: Areas) -> list[RiskArea]:
    """The same areas as they are now; those that are gone are left out."""
    return [inputs.get(RiskArea, area.id) for area in areas if inputs.has(RiskArea, area.id)]


def line(start: str = "", hint: str = "") -> QLineEdit:
    """A line to type in."""
    made = QLineEdit(start)
    made.setPlaceholderText(hint)
    return made


def choice(entries: Sequence[tuple[str, str]], start: str = "") -> QComboBox:
    """A list of words with a value each."""
    made = QComboBox()
    for shown, value in entries:
        made.addItem(shown, value)
    made.setCurrentIndex(max(0, made.findData(start)))
    return made


class RenameDialog(OperationDialog):
    """Asks for another name; the code stays."""

    def __init__(self, document: Document, area: RiskArea, parent: QWidget | None = None) -> None:
        self._area = area
        what = tr("{0} {1} gets another name; its code stays").format(area.code, area.name)
        super().__init__(document, tr("Rename a risk area"), what, parent)

    def ask(self) -> None:
        """The name."""
        self.name = line(self._area.name)
        self.add(tr("&Name *"), self.name)
        self.name.textChanged.connect(self.later)
        self.name.selectAll()

    def ready(self) -> str:
        """A name that differs."""
        typed = self.name.text().strip()
        return "" if typed and typed != self._area.name else tr("Type the new name.")

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """The renaming."""
        area = inputs.get(RiskArea, self._area.id)
        return [taxonomy.rename(inputs, area, self.name.text().strip(), reason)]


class MoveDialog(OperationDialog):
    """Asks where areas go, whether they also stay where they are, and what becomes of labels and evidence."""

    def __init__(
        self,
        document: Document,
        areas: Areas,
        under: int | None = None,
        *,
        also: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._areas, self._under, self._also = areas, under, also
        super().__init__(document, tr("Move risk areas"), tr("Move {0}").format(titles(areas)), parent)

    def ask(self) -> None:
        """The parent, also, and the effect."""
        inputs = self.document.inputs
        self.under = AreaBox(inputs, tr("Under"), tr("At the top"), {area.id for area in self._areas})
        self.under.choose(self._under)
        self.also = QCheckBox(tr("It stays where it is &as well"))
        self.also.setChecked(self._also)
        effect = [
            (tr("Keep: labels and evidence stay as they are"), KEEP),
            (tr("Map: they move to a successor (a move has none)"), MAP),
            (tr("Relabel: the place changes the meaning, judge them anew"), RELABEL),
        ]
        self.carried = choice(effect, KEEP)
        self.add(tr("&Under"), self.under)
        self.add("", self.also)
        self.add(tr("&Effect"), self.carried)
        self.under.currentTextChanged.connect(self.later)
        self.carried.currentIndexChanged.connect(self.later)
        self.also.toggled.connect(self.later)

    def ready(self) -> str:
        """A place."""
        return "" if self.under.settled() else tr("Choose where it goes from the list.")

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """The moves."""
        key = self.under.key()
        under = None if key is None else inputs.get(RiskArea, key)
        carried = str(self.carried.currentData())
        also = self.also.isChecked() and under is not None
        return move_all(inputs, now(inputs, self._areas), under, reason, also=also, carried=carried)


class MergeDialog(OperationDialog):
    """Asks which area several become part of."""

    def __init__(self, document: Document, areas: Areas, parent: QWidget | None = None) -> None:
        self._areas = areas
        super().__init__(document, tr("Merge risk areas"), tr("Merge {0}").format(titles(areas)), parent)

    def ask(self) -> None:
        """The area they go into: any in use, one of them too."""
        self.into = AreaBox(self.document.inputs, tr("Into"))
        several = len(self._areas) > 1
        self.into.setCurrentIndex(self.into.findData(self._areas[0].id) if several else -1)
        self.into.setEditText(self.into.currentText() if several else "")
        self.add(tr("&Into *"), self.into)
        self.into.currentTextChanged.connect(self.later)

    def ready(self) -> str:
        """An area."""
        return "" if self.into.key() is not None else tr("Choose the area they become part of.")

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """The merge: the one is broader than each, so all that hangs on them moves."""
        into = inputs.get(RiskArea, self.into.key() or 0)
        return taxonomy.merge(inputs, now(inputs, self._areas), into, reason)


class DeprecateDialog(OperationDialog):
    """Asks for a successor and how it stands to what goes."""

    def __init__(self, document: Document, areas: Areas, parent: QWidget | None = None) -> None:
        self._areas = areas
        what = tr("Take {0} out of use").format(titles(areas))
        super().__init__(document, tr("Deprecate risk areas"), what, parent)

    def ask(self) -> None:
        """The successor and its relation."""
        without = {area.id for area in self._areas}
        self.successor = AreaBox(self.document.inputs, tr("Successor"), tr("None: nothing takes its place"), without)
        self.relation = choice([(relation_words(name), name) for name in relations()], "close")
        self.add(tr("&Successor"), self.successor)
        self.add(tr("It &is"), self.relation)
        self.relation.setAccessibleName(tr("How the successor stands to it"))
        self.successor.currentTextChanged.connect(self._chosen)
        self.relation.currentIndexChanged.connect(self.later)
        self.relation.setEnabled(False)

    def _chosen(self) -> None:
        self.relation.setEnabled(self.successor.key() is not None)
        self.later()

    def ready(self) -> str:
        """A successor from the list, or none."""
        return "" if self.successor.settled() else tr("Choose the successor from the list.")

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """The ends of the areas."""
        key = self.successor.key()
        heir = None if key is None else inputs.get(RiskArea, key)
        relation = None if heir is None else str(self.relation.currentData())
        return deprecate_all(inputs, now(inputs, self._areas), heir, relation, reason)


class RestoreDialog(OperationDialog):
    """Asks why deprecated areas come back."""

    def __init__(self, document: Document, areas: Areas, parent: QWidget | None = None) -> None:
        self._areas = areas
        what = tr("Bring {0} back into use; what has moved to a successor stays there").format(titles(areas))
        super().__init__(document, tr("Restore risk areas"), what, parent)

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """The areas in use again."""
        return restore_all(inputs, now(inputs, self._areas), reason)
