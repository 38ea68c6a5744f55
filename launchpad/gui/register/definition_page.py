"""The definition of a risk area for three audiences, edited in place; what was typed waits until it is applied."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from launchpad.edits.handling import handling_of
from launchpad.gui import words
from launchpad.gui.columns import Row, field_column
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, column, label, note, row, scrolled
from launchpad.gui.register.growing_text import GrowingText
from launchpad.gui.register.operations import kind_named, may
from launchpad.gui.register.redefine_dialog import TEXTS, RedefineDialog, title_of
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import Inputs, Person, RiskArea, field_of
from launchpad.records.taxonomy import AREA_CLASSES, HANDLING
from launchpad.taxonomies.own import successors


def tr(text: str) -> str:
    """Words of this page in the person's language."""
    return QCoreApplication.translate("register", text)


class DefinitionPage(QWidget):
    """Texts go through the redefinition's dialog; owner, capability and handling are written at once."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.area: RiskArea | None = None
        self._revealed: set[int] = set()
        self._typed: dict[int, dict[str, str]] = {}
        self.editors = {name: GrowingText(title_of(name)) for name in TEXTS}
        for editor in self.editors.values():
            editor.textChanged.connect(self._changed)
        self.facts = label("", "small", tone="muted", wrap=True)
        self.owner, self.handling, self.capability = QComboBox(), QComboBox(), QLineEdit()
        self._lay_out()

    def _lay_out(self) -> None:
        self.hidden = note(tr("These definitions are sensitive and hidden."), "warn", "lock")
        self.show_them = button(tr("&Show them"), self._reveal)
        self._cover = QWidget()
        self._cover.setLayout(column(self.hidden, row(self.show_them, 1)))
        self._texts = QWidget()
        texts = QVBoxLayout(self._texts)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.setSpacing(TIGHT)
        for name, editor in self.editors.items():
            title = label(title_of(name), "strong")
            title.setToolTip(plain_tip(_help(name)))
            texts.addWidget(title)
            texts.addWidget(editor)
        inside = QWidget()
        inside.setLayout(column(self.facts, self._cover, self._texts, self._plain_fields(), 1, gap=GAP, margin=TIGHT))
        self.waiting = label("", "small", tone="warn", wrap=True)
        self.apply = button(tr("Re&define …"), self._redefine, part="main")
        self.discard = button(tr("Discar&d"), self._discard)
        self._bar = QWidget()
        self._bar.setLayout(column(self.waiting, row(self.apply, self.discard, 1), gap=TIGHT))
        self._bar.hide()
        outer = column(scrolled(inside, tr("Definition")), self._bar, gap=TIGHT)
        outer.setStretch(0, 1)
        self.setLayout(outer)

    def _plain_fields(self) -> QWidget:
        made = QWidget()
        form = QFormLayout(made)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, editor in (("owner", self.owner), ("handling", self.handling), ("capability", self.capability)):
            editor.setAccessibleName(title_of(name))
            editor.setToolTip(plain_tip(_help(name)))
            form.addRow(title_of(name), editor)
        for box in (self.owner, self.handling):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
        self.owner.activated.connect(self._owned)
        self.handling.activated.connect(self._handled)
        self.capability.editingFinished.connect(lambda: self._write("capability", self.capability.text()))
        return made

    def _owned(self, *_place: object) -> None:
        self._write("owner", str(self.owner.currentData() or ""))

    def _handled(self, *_place: object) -> None:
        self._write("handling", self.handling.currentText())

    def show_area(self, area: RiskArea) -> None:
        """Show an area as it is now, with what was typed about it and not applied yet."""
        self.area = area
        inputs = self._document.inputs
        why = may(kind_named("redefine"), inputs, [area])
        typed = self._typed.get(area.id, {})
        for name, editor in self.editors.items():
            shown = typed.get(name, getattr(area, name) or "")
            if editor.toPlainText() != shown:
                editor.blockSignals(True)
                editor.setPlainText(shown)
                editor.blockSignals(False)
            editor.setReadOnly(bool(why))
            editor.setPlaceholderText(tr("Not written yet") if not why else "")
        self.facts.setText("\n".join([facts(inputs, area), *([why] if why else [])]))
        closed = handling_of(inputs, area) != "open" and area.id not in self._revealed
        self._cover.setVisible(closed)
        self._texts.setVisible(not closed)
        self._show_plain_fields(area)
        self._changed()

    def _show_plain_fields(self, area: RiskArea) -> None:
        self.owner.clear()
        self.owner.addItem(tr("Nobody yet"), "")
        inputs = self._document.inputs
        for person in inputs.rows(Person):
            self.owner.addItem(f"{person.code}  {inputs.text(person.name) or ''}".strip(), person.code)
        if area.owner and self.owner.findData(area.owner) < 0:
            self.owner.addItem(area.owner, area.owner)
        self.owner.setCurrentIndex(max(0, self.owner.findData(area.owner or "")))
        self.handling.clear()
        for value, word in HANDLING.items():
            self.handling.addItem(words.translate("records", word), value)
        self.handling.setCurrentIndex(self.handling.findData(area.handling))
        if not self.capability.hasFocus():
            self.capability.setText(area.capability or "")

    def _write(self, name: str, typed: str) -> None:
        area = self.area
        if area is None or not self._document.inputs.has(RiskArea, area.id):
            return
        now = self._document.inputs.get(RiskArea, area.id)
        wanted = field_column(lambda: self._document.inputs, RiskArea, name)
        line = Row(now.id, {RiskArea.table: now})
        if typed.strip() != wanted.typed(line):
            self._document.write([(line, wanted, typed)])

    def given(self) -> dict[str, str]:
        """The texts that were typed and differ from the area's."""
        if self.area is None:
            return {}
        shown = {name: editor.toPlainText() for name, editor in self.editors.items()}
        return {name: text for name, text in shown.items() if text.strip() != (getattr(self.area, name) or "").strip()}

    def _changed(self) -> None:
        if self.area is None:
            return
        given = self.given()
        if given:
            self._typed[self.area.id] = given
        else:
            self._typed.pop(self.area.id, None)
        names = ", ".join(title_of(name) for name in given)
        self.waiting.setText(tr("Typed, not applied yet: {0}.").format(names))
        self._bar.setVisible(bool(given))

    def _redefine(self) -> None:
        if self.area is None:
            return
        asked = RedefineDialog(self._document, self.area, self.given(), self)
        asked.accepted.connect(lambda key=self.area.id: self._typed.pop(key, None))
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def _discard(self) -> None:
        if self.area is not None:
            self._typed.pop(self.area.id, None)
            self.show_area(self.area)

    def _reveal(self) -> None:
        if self.area is not None:
            self._revealed.add(self.area.id)
            self.show_area(self.area)


def _help(name: str) -> str:
    declared = field_of(RiskArea, name)
    return words.translate("records", declared.help) if declared is not None and declared.help else title_of(name)


def facts(inputs: Inputs, area: RiskArea) -> str:
    """Class, standing, where it came in, and what takes its place, on one line."""
    said = [words.translate("records", AREA_CLASSES[area.area_class])]
    if area.status == "deprecated":
        heirs = ", ".join(successors(inputs, area))
        said.append(tr("deprecated, replaced by {0}").format(heirs) if heirs else tr("deprecated, without a successor"))
    elif area.status == "draft":
        said.append(tr("draft until the release"))
    if area.introduced_in:
        said.append(tr("since {0}").format(area.introduced_in))
    strict = handling_of(inputs, area)
    if strict != area.handling:
        said.append(tr("{0} through an area above it").format(words.translate("records", HANDLING[strict]).lower()))
    return " · ".join(said)
