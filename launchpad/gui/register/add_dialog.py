"""Adding a risk area: its code, its name, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from launchpad.changes import insert
from launchpad.edits import taxonomy
from launchpad.edits.records import made_from
from launchpad.edits.taxonomy import Operation
from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.register.area_box import AreaBox
from launchpad.gui.register.operation_dialog import OperationDialog
from launchpad.gui.register.operation_forms import choice, line
from launchpad.gui.register.operations import tr
from launchpad.gui.register.releases import said
from launchpad.records import Inputs, RiskArea, TaxonomyRelease
from launchpad.records.taxonomy import AREA_CLASSES, HANDLING


class AddDialog(OperationDialog):
    """Asks for a new risk area, at first under the chosen one.

    At the top it belongs to the taxonomy that is chosen; a project that has none gets one of its own with it.
    """

    def __init__(
        self,
        document: Document,
        under: RiskArea | None,
        release: TaxonomyRelease | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._under, self._release, self._name = under, release, name
        what = tr("A new risk area; it is a draft until the release")
        super().__init__(document, tr("Add a risk area"), what, parent)

    def ask(self) -> None:
        """Code, name, parent, taxonomy, class, handling."""
        inputs, under = self.document.inputs, self._under
        self.code = line(_free_code(inputs, under), tr("Short, and for good"))
        self.name = line(self._name, tr("A short noun phrase"))
        self.under = AreaBox(inputs, tr("Under"), tr("At the top"))
        self.under.choose(None if under is None else under.id)
        releases = [(said(row), row.code) for row in _current(inputs)]
        self.taxonomy = choice(releases, "" if self._release is None else self._release.code)
        labels = [(words.translate("records", word), value) for value, word in AREA_CLASSES.items()]
        self.area_class = choice(labels, "policy" if under is None else under.area_class)
        levels = [(words.translate("records", word), value) for value, word in HANDLING.items()]
        self.handling = choice(levels, "open" if under is None else under.handling)
        self.add(tr("&Code *"), self.code)
        self.add(tr("&Name *"), self.name)
        self.add(tr("&Under"), self.under)
        if len(releases) > 1:
            self.add(tr("&Taxonomy"), self.taxonomy)
        self.add(tr("C&lass"), self.area_class)
        self.add(tr("&Handling"), self.handling)
        for each in (self.code, self.name):
            each.textChanged.connect(self.later)
        self.under.currentTextChanged.connect(self._placed)
        self.taxonomy.currentIndexChanged.connect(self.later)
        self._placed()
        self.name.setFocus()

    def _placed(self, *_typed: object) -> None:
        """Under an area, the taxonomy is that area's."""
        key = self.under.key()
        self.taxonomy.setEnabled(key is None)
        if key is not None:
            inputs = self.document.inputs
            release = inputs.get(TaxonomyRelease, inputs.get(RiskArea, key).release)
            self.taxonomy.setCurrentIndex(self.taxonomy.findData(release.code))
        self.later()

    def ready(self) -> str:
        """A code and a name."""
        typed = self.code.text().strip() and self.name.text().strip()
        return "" if typed and self.under.settled() else tr("Give it a code and a name.")

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """The new area, with a taxonomy to hold it where there is none."""
        fields = {
            "parent": self.under.key(),
            "area_class": self.area_class.currentData(),
            "handling": self.handling.currentData(),
        }
        code = self.taxonomy.currentData()
        release = own_taxonomy() if code is None else inputs.find(TaxonomyRelease, str(code))
        made = taxonomy.add(inputs, release, self.code.text().strip(), self.name.text().strip(), reason, **fields)
        return [made if code is not None else replace(made, changes=(insert(release), *made.changes))]


def own_taxonomy() -> TaxonomyRelease:
    """A taxonomy of the project's own, as a first draft."""
    values = {"code": "own", "name": tr("Our risk areas"), "version": "0.1", "status": "draft"}
    made = made_from(TaxonomyRelease, values)
    if not isinstance(made, TaxonomyRelease):
        raise TypeError(made)
    return made


def _current(inputs: Inputs) -> list[TaxonomyRelease]:
    """The newest release of every taxonomy, drafts first."""
    followed = {row.previous for row in inputs.rows(TaxonomyRelease)}
    newest = [row for row in inputs.rows(TaxonomyRelease) if row.code not in followed]
    return sorted(newest, key=lambda row: (row.status != "draft", row.code))


def _free_code(inputs: Inputs, under: RiskArea | None) -> str:
    """A code under another's that nothing has yet."""
    if under is None:
        return ""
    taken = {area.code for area in inputs.rows(RiskArea)}
    numbers = (f"{under.code}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in numbers if code not in taken)
