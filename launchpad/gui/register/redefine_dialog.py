"""Redefining a risk area: its texts for three audiences, and how the new meaning stands to the old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QComboBox, QFormLayout, QPlainTextEdit, QWidget

from launchpad.edits import taxonomy
from launchpad.edits.taxonomy import Operation
from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.register.operation_dialog import OperationDialog
from launchpad.gui.register.operation_forms import choice
from launchpad.gui.register.operations import meaning_words, relations, tr
from launchpad.gui.register.redline import RedlineView
from launchpad.records import Inputs, RiskArea, field_of
from launchpad.records.taxonomy import AREA_CLASSES

TEXTS = ("plain", "research", "prompt", "includes", "excludes", "severity_guide")
HEIGHT = 54


def title_of(name: str) -> str:
    """What a field of a risk area is called."""
    declared = field_of(RiskArea, name)
    return words.translate("records", declared.label) if declared is not None else name


class RedefineDialog(OperationDialog):
    """Asks for other words, or shows those already typed in the inspector, and how the new meaning stands to the old.

    `given` are typed texts by field; without them every text can be edited here.
    """

    def __init__(
        self,
        document: Document,
        area: RiskArea,
        given: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._area, self._given = area, given
        self.editors: dict[str, QPlainTextEdit] = {}
        what = tr("Redefine {0} {1}").format(area.code, area.name)
        super().__init__(document, tr("Redefine a risk area"), what, parent)
        self.resize(720, 640 if given is None else 520)

    def ask(self) -> None:
        """The texts or what was typed, the class, the relation."""
        inside = QWidget()
        form = QFormLayout(inside)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        if self._given is None:
            self._ask_all(form)
        else:
            for name, typed in self._given.items():
                shown = RedlineView(title_of(name))
                shown.show_difference(getattr(self._area, name) or "", typed)
                shown.setFixedHeight(2 * HEIGHT)
                form.addRow(title_of(name), shown)
        self.add_scrolled(inside, tr("Definitions"))
        self.relation = choice([(meaning_words(name), name) for name in relations()], "exact")
        self.add(tr("The new meaning &is"), self.relation)
        self.relation.currentIndexChanged.connect(self.later)

    def _ask_all(self, form: QFormLayout) -> None:
        for name in TEXTS:
            made = QPlainTextEdit(getattr(self._area, name) or "")
            made.setAccessibleName(title_of(name))
            made.setFixedHeight(HEIGHT)
            made.setTabChangesFocus(True)
            made.textChanged.connect(self.later)
            self.editors[name] = made
            form.addRow(title_of(name), made)
        labels = [(words.translate("records", word), value) for value, word in AREA_CLASSES.items()]
        self.area_class: QComboBox = choice(labels, self._area.area_class)
        self.area_class.setAccessibleName(title_of("area_class"))
        self.area_class.currentIndexChanged.connect(self.later)
        form.addRow(title_of("area_class"), self.area_class)

    def fields(self) -> dict[str, object]:
        """The fields that differ from the area as it was shown; blank texts as none."""
        if self._given is not None:
            return {name: typed.strip() or None for name, typed in self._given.items()}
        typed: dict[str, object] = {name: one.toPlainText().strip() or None for name, one in self.editors.items()}
        typed["area_class"] = self.area_class.currentData()
        return {name: value for name, value in typed.items() if value != getattr(self._area, name)}

    def ready(self) -> str:
        """Something that differs."""
        return "" if self.fields() else tr("Change at least one of the texts, or the class.")

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """The redefinition."""
        area = inputs.get(RiskArea, self._area.id)
        return [taxonomy.redefine(inputs, area, self.fields(), str(self.relation.currentData()), reason)]
