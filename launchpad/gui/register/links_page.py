"""How a risk area stands to published lists: its links, whether anybody looked at them, and what may be added."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QCompleter, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.own_links import add_link, review, suggested, take
from launchpad.errors import LaunchpadError
from launchpad.gui import words
from launchpad.gui.asking import Question
from launchpad.gui.columns import Column, field_column
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, label, row
from launchpad.gui.register.area_numbers import link_rows
from launchpad.gui.register.operation_dialog import words_of
from launchpad.gui.register.tree_model import tr
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_view import TableView, chosen_parts
from launchpad.gui.theme import TIGHT
from launchpad.records import CrosswalkLink, Inputs, RiskArea
from launchpad.records.taxonomy import RELATIONS
from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.tree import Link


def columns(inputs: Callable[[], Inputs]) -> list[Column]:
    """Where it leads, how it stands, whether reviewed; then who says so and why."""

    def of(name: str, width: int | None = None, *, read_only: bool = False) -> Column:
        return field_column(inputs, CrosswalkLink, name, part="link", width=width, read_only=read_only)

    return [
        of("concept", 12, read_only=True),
        of("concept_name", 20, read_only=True),
        of("relation", 14),
        of("reviewed", 9),
        of("taxonomy", 20, read_only=True),
        of("version", 8, read_only=True),
        of("confidence", 10),
        of("justification", 18),
        of("asserted_by", 10),
        of("asserted_on", 12),
        of("source", 20),
        of("note", 24),
    ]


class LinksPage(QWidget):
    """Only a reviewed link leads evidence to scenarios; suggestions come in unreviewed."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.area: RiskArea | None = None
        self.model = TableModel(columns(lambda: document.inputs), document.write, self)
        self.view = TableView(self.model, tr("Links to published lists"))
        self.view.say_when_empty(
            tr("No link yet. A link lets evidence that is sorted by a published list find its way here.")
        )
        self.add = button(tr("&Add …"), self._add)
        self.suggest = button(tr("&Suggest"), self._suggest, tip=tr("From the bundled crosswalks, and by names"))
        self.review = button(tr("Re&viewed"), self._review, tip=tr("Say of the chosen links that you agree with them"))
        self.remove = button(tr("Re&move"), lambda: document.remove(self._chosen()))
        self.said = label("", "small", tone="muted", wrap=True)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, TIGHT, 0, 0)
        inner.setSpacing(TIGHT)
        inner.addLayout(row(self.add, self.suggest, 1, gap=TIGHT))
        inner.addWidget(self.view, 1)
        inner.addLayout(row(self.review, self.remove, 1, gap=TIGHT))
        inner.addWidget(self.said)

    def show_area(self, area: RiskArea) -> None:
        """Show the links of an area as they are now."""
        if self.area is None or self.area.id != area.id:
            self.said.setText("")
        self.area = area
        self.model.show(link_rows(self._document.inputs, area))
        for each in (self.review, self.remove):
            each.setEnabled(bool(self.model.rows))

    def _chosen(self) -> list[CrosswalkLink]:
        return [link for link in chosen_parts(self.view, "link") if isinstance(link, CrosswalkLink)]

    def _review(self) -> None:
        chosen = self._chosen() or [
            link for one in self.model.rows if isinstance(link := one.parts["link"], CrosswalkLink)
        ]
        self._document.act(lambda: review(chosen), f"Review {len(chosen)} links")

    def _suggest(self) -> None:
        area = self.area
        if area is None:
            return
        found = suggestions(self._document.inputs, area)
        if not found:
            self.said.setText(tr("Nothing to suggest that is not here already."))
            return
        done = self._document.act(
            lambda: take(self._document.inputs, found), f"Add {len(found)} suggested links of {area.code}"
        )
        if done:
            self.said.setText(tr("{0} links suggested. None is reviewed: look at each.").format(len(found)))

    def _add(self) -> None:
        if self.area is None:
            return
        asked = LinkQuestion(self._document, self.area, self)
        asked.finished.connect(asked.deleteLater)
        asked.open()


def suggestions(inputs: Inputs, area: RiskArea) -> Sequence[Link]:
    """The links that are suggested for one area."""
    return suggested(inputs.with_rows({RiskArea.table: (area,)}, inputs.head))


class LinkQuestion(Question):
    """Asks for a list, a concept of it, and how it stands to the area."""

    def __init__(self, document: Document, area: RiskArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._area = document, area
        self.introduce(
            tr("Link {0} to a published list").format(area.code),
            tr("“Broader” says that the concept there is broader than {0} {1}.").format(area.code, area.name),
            tr("&Add link"),
        )
        lists = [(f"{one.tree.name} {one.tree.version}", slug) for slug, one in bundled().items()]
        self.taxonomy = self.choice(tr("&List"), lists)
        self.taxonomy.setSizeAdjustPolicy(self.taxonomy.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.concept = self.line(tr("&Concept"), hint=tr("Its code, or a part of its name"))
        labels = [(words.translate("records", word), name) for name, word in RELATIONS.items()]
        self.relation = self.choice(tr("&Relation"), labels)
        self.relation.setCurrentIndex(self.relation.findData("close"))
        self.note = self.line(tr("&Note"), needed=False, hint=tr("Why"))
        self.reviewed = QCheckBox(tr("I have &looked at it and agree"))
        self.form.addRow("", self.reviewed)
        self.problem = label("", tone="bad", wrap=True)
        self.form.addRow(self.problem)
        self.taxonomy.currentIndexChanged.connect(self._complete)
        self._complete()

    def _complete(self, *_place: object) -> None:
        concepts = bundled()[str(self.taxonomy.currentData())].tree.concepts
        completer = QCompleter([f"{one.code}  {one.name}" for one in concepts], self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.concept.setCompleter(completer)

    def change(self) -> Change:
        """The change that adds the link; LaunchpadError for a concept that is not in the list."""
        inputs = self._document.inputs
        concept = self.concept.text().partition("  ")[0].strip()
        return add_link(
            inputs,
            inputs.get(RiskArea, self._area.id),
            str(self.taxonomy.currentData()),
            concept,
            str(self.relation.currentData()),
            note=self.note.text().strip() or None,
            reviewed=self.reviewed.isChecked(),
        )

    def accept(self) -> None:
        """Write the link; when it cannot be, say why and stay."""
        try:
            change = self.change()
        except LaunchpadError as error:
            self.problem.setText(words_of(error))
            return
        if self._document.edit([change], f"Link {self._area.code} to {self.taxonomy.currentText()}"):
            super().accept()
