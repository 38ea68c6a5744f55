"""The fields of a clause, each written when it is left: a text, a line, a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from launchpad.gui import words
from launchpad.gui.columns import Option, explained, options_of
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP
from launchpad.records import Clause, Field, Inputs, Record

FEWEST_LINES, MOST_LINES = 2, 9
Policy = QSizePolicy.Policy


class LongField(QPlainTextEdit):
    """A text as high as what it holds; `left` is emitted with Ctrl+Enter and when the cursor goes elsewhere."""

    left = Signal()

    def __init__(self, name: str, fewest: int = FEWEST_LINES) -> None:
        super().__init__()
        self._fewest = fewest
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def _fit(self, *_size: object) -> None:
        lines = max(self._fewest, min(MOST_LINES, round(self.document().size().height())))
        edges = 2 * self.frameWidth() + round(2 * self.document().documentMargin()) + 2
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + edges)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the words need at the new width."""
        super().resizeEvent(event)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the field was left, unless only a menu or another window came between."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write with Ctrl+Enter; every other key as usual."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page rather than the field, unless the field is being edited."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the page asks for."""
        return QSize(80, 2 * GAP)


class Choice(QComboBox):
    """A list of words with a value each; the wheel scrolls the page, never the choice."""

    def __init__(self, name: str, entries: Sequence[Option] = ()) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(20)
        self.offer(entries)

    def offer(self, entries: Sequence[Option]) -> None:
        """Offer these words, unless they are offered already."""
        present = [(self.itemText(at), str(self.itemData(at))) for at in range(self.count())]
        if present == list(entries):
            return
        self.clear()
        for shown, typed in entries:
            self.addItem(shown, typed)
        widest = max((self.fontMetrics().horizontalAdvance(shown) for shown, _ in entries), default=0)
        self.view().setMinimumWidth(widest + 5 * GAP)

    def choose(self, typed: str) -> None:
        """Show the entry of a value."""
        self.setCurrentIndex(max(0, self.findData(typed)))

    @property
    def value(self) -> str:
        """The value of the entry that is shown."""
        return str(self.currentData() or "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the choice as it is."""
        event.ignore()


def clause_field(inputs: Inputs, declared: Field) -> QWidget:
    """The editor of a declared field of a clause."""
    name = words.translate("records", declared.label)
    if declared.long:
        made: QWidget = LongField(name)
    elif declared.refers or declared.choices:
        made = Choice(name, options_of(inputs, declared))
    elif declared.name == "severity":
        made = Choice(name, severities(words.NOTHING))
    else:
        made = QLineEdit()
        made.setAccessibleName(name)
    made.setToolTip(plain_tip(explained(declared)))
    made.setAccessibleDescription(words.translate("records", declared.help))
    return made


def severities(nothing: str) -> list[Option]:
    """The scale of severities, and what stands for none."""
    return [(nothing, ""), *((str(level), str(level)) for level in range(1, 6))]


def show_value(editor: QWidget, inputs: Inputs, row: Record, declared: Field) -> None:
    """Show what a field of a row holds."""
    typed = words.typed(inputs, row, declared)
    if isinstance(editor, Choice):
        if declared.refers or declared.choices:
            editor.offer(options_of(inputs, declared))
        editor.choose(typed)
    elif isinstance(editor, LongField):
        if editor.toPlainText() != typed:
            editor.setPlainText(typed)
    elif isinstance(editor, QLineEdit) and editor.text() != typed:
        editor.setText(typed)


def typed_value(editor: QWidget, declared: Field) -> str:
    """What was typed or chosen, as the words `edits` reads."""
    if isinstance(editor, Choice):
        typed = editor.value
    elif isinstance(editor, LongField):
        typed = editor.toPlainText().strip()
    else:
        typed = editor.text() if isinstance(editor, QLineEdit) else ""
    return words.plain(declared, typed)


def when_left(editor: QWidget, write: Callable[[], object]) -> None:
    """Call `write` when a field was left, or an entry of its list chosen by a person."""
    if isinstance(editor, Choice):
        editor.activated.connect(lambda: write())  # noqa: PLW0108 - Qt would pass the place on
    elif isinstance(editor, LongField):
        editor.left.connect(write)
    elif isinstance(editor, QLineEdit):
        editor.editingFinished.connect(write)


def lock(editor: QWidget, *, locked: bool) -> None:
    """Let a field be read only; its words can still be selected and copied."""
    if isinstance(editor, LongField | QLineEdit):
        editor.setReadOnly(locked)
    else:
        editor.setEnabled(not locked)


def record_name(field: str) -> str:
    """What a field of a clause is called where a finding names it; other names as they are."""
    from launchpad.records import field_of

    declared = field_of(Clause, field)
    return field if declared is None else words.translate("records", declared.label)
