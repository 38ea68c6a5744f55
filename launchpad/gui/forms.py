"""A form made from a record's declared fields: how anything is added by hand."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from launchpad.changes import Change
from launchpad.edits import Proposal
from launchpad.edits.records import add_words, next_code
from launchpad.errors import LaunchpadError
from launchpad.gui import words
from launchpad.gui.columns import explained, options_of
from launchpad.gui.document import Document
from launchpad.gui.pieces import label, scrolled
from launchpad.gui.table_model import plain_tip
from launchpad.records import Field, Record, field_of, fields_of

Button = QDialogButtonBox.StandardButton
LONG_HEIGHT = 64


class AddForm(QDialog):
    """Asks for the fields of a new record; it stays open, saying why, while the values do not fit."""

    def __init__(
        self,
        document: Document,
        record: type[Record],
        given: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._record = document, record
        self.proposal = Proposal()
        self.setWindowTitle(self.tr("Add: {0}").format(words.translate("records", record.label)))
        self.setMinimumSize(520, 360)
        self._editors: dict[str, QWidget] = {}
        inside = QWidget()
        form = QFormLayout(inside)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for declared in fields_of(record):
            if declared.set_by_program or declared.name == "launch":
                continue
            editor = self._editor(declared, (given or {}).get(declared.name, self._default(declared)))
            self._editors[declared.name] = editor
            title = words.translate("records", declared.label)
            form.addRow(f"{title} *" if declared.required else title, editor)
        self.problem = label("", tone="bad", wrap=True)
        self.problem.hide()
        buttons = QDialogButtonBox(Button.Ok | Button.Cancel)
        buttons.button(Button.Ok).setText(self.tr("&Add"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        inner = QVBoxLayout(self)
        inner.addWidget(scrolled(inside, self.tr("Fields")), 1)
        inner.addWidget(self.problem)
        inner.addWidget(buttons)

    def _default(self, declared: Field) -> str:
        if declared.name == "code":
            return next_code(self._document.inputs, self._record)
        default = next(
            item.default for name, item in self._record.__dataclass_fields__.items() if name == declared.name
        )
        if isinstance(default, str | bool | int | float):
            if declared.choices:
                return words.translate("records", declared.choices.get(str(default), str(default)))
            return words.yes_no(default) if declared.type == "flag" else str(default)
        return ""

    def _editor(self, declared: Field, start: str) -> QWidget:
        launch = self._document.launch
        if declared.refers or declared.choices or declared.type == "flag":
            made = QComboBox()
            for shown, typed in options_of(self._document.inputs, declared, launch.id if launch else None):
                made.addItem(shown, typed)
            made.setCurrentIndex(max(0, made.findData(start)))
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        elif declared.type == "date" and declared.required:
            made = QDateEdit(QDate.currentDate())
            made.setCalendarPopup(True)
            made.setDisplayFormat("yyyy-MM-dd")
        elif declared.long:
            made = QPlainTextEdit(start)
            made.setFixedHeight(LONG_HEIGHT)
            made.setTabChangesFocus(True)
        else:
            made = QLineEdit(start)
            made.setPlaceholderText(_hint(declared))
        made.setAccessibleName(words.translate("records", declared.label))
        made.setToolTip(plain_tip(explained(declared)))
        return made

    def given(self) -> dict[str, str]:
        """What was filled in, as the words `edits` reads; blank fields left out."""
        found: dict[str, str] = {}
        for name, editor in self._editors.items():
            declared = field_of(self._record, name)
            typed = _typed(editor)
            if declared is not None and typed.strip():
                found[name] = words.plain(declared, typed)
        return found

    def accept(self) -> None:
        """Write the record; when it is refused, say why and stay."""
        launch = self._document.launch
        try:
            self.proposal = add_words(self._document.inputs, self._record, self.given(), launch.id if launch else None)
        except LaunchpadError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        added = self.proposal.changes
        if self._document.edit(added, _title(self._record, added), content=self.proposal.content):
            super().accept()


def _title(record: type[Record], changes: tuple[Change, ...]) -> str:
    code = (changes[0].after or {}).get("code") if changes else None
    return f"Add {record.label.lower()} {code or ''}".strip()


def _hint(declared: Field) -> str:
    if declared.scale is not None:
        return "low, median, high"
    return {"date": "YYYY-MM-DD", "moment": ""}.get(declared.type, declared.unit)


def _typed(editor: QWidget) -> str:
    if isinstance(editor, QComboBox):
        return str(editor.currentData())
    if isinstance(editor, QDateEdit):
        return editor.date().toString(Qt.DateFormat.ISODate)
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    return editor.text() if isinstance(editor, QLineEdit) else ""
