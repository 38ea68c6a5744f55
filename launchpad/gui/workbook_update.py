"""What a workbook that came back would change: each value with a tick, conflicts side by side, what is not taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from launchpad.edits.workbook_new import NewWork
from launchpad.edits.workbook_update import WorkbookUpdate
from launchpad.edits.workbook_values import field_shown, shown
from launchpad.edits.workbook_wishes import Proposed
from launchpad.gui import words
from launchpad.gui.evidence.grids import cell, grid, show_lines
from launchpad.gui.pieces import button, column, icon_label, label, note, row, selectable
from launchpad.gui.theme import GAP, ROW_HEIGHT, TIGHT, WIDE
from launchpad.records import Inputs, Mitigation, MitigationVariant, Team

Button = QDialogButtonBox.StandardButton
Check = Qt.CheckState
SIZE = (1080, 650)
LEAST_ROWS, MOST_ROWS, NOTES = 2, 7, 2
"""How many rows of a table are shown whatever else there is, how many count when room is shared out; how many remarks
stand above the tables, the others among what is not taken."""

OURS, THEIRS = "ours", "theirs"
Item = Proposed | NewWork


class WorkbookUpdateDialog(QDialog):
    """Every change a person may leave out, every conflict they may settle, and what was refused and why."""

    def __init__(self, inputs: Inputs, name: str, update: WorkbookUpdate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Update from workbook"))
        self._inputs, self._update = inputs, update
        self._items: tuple[Item, ...] = (*update.changes, *update.new)
        self._ticks: list[QTableWidgetItem] = []
        self.choices: list[QComboBox] = []
        self.changes = self._changes()
        self.conflicts = self._conflicts(name)
        self.refused = self._refused()
        inner = QVBoxLayout(self)
        inner.setSpacing(WIDE - TIGHT)
        inner.addLayout(self._head(name))
        for remark in update.remarks[:NOTES]:
            inner.addWidget(note(remark, "warn", "warning"))
        for section, stretch in self._sections():
            inner.addWidget(section, stretch)
        inner.addStretch(1 if update.nothing else 0)
        inner.addWidget(self._foot())
        self.changes.setFocus()
        self.resize(*((560, 150) if update.nothing else SIZE))
        self._count()
        self.changes.itemChanged.connect(self._count)
        for box in self.choices:
            box.currentIndexChanged.connect(self._count)

    def agreed(self) -> list[Item]:
        """What is to be written: the ticked changes, and the conflicts in which the workbook is to be right."""
        pairs = zip(self._items, self._ticks, strict=True)
        ticked = [item for item, tick in pairs if tick.checkState() == Check.Checked]
        chosen = zip(self._update.conflicts, self.choices, strict=True)
        return [*ticked, *(one for one, box in chosen if box.currentData() == THEIRS)]

    def tick_all(self, *, on: bool) -> None:
        """Tick every change, or none."""
        for tick in self._ticks:
            tick.setCheckState(Check.Checked if on else Check.Unchecked)

    def copy(self) -> None:
        """Put everything that is shown on the clipboard, a line for each row."""
        lines = [self._sentence()]
        for held in (self.changes, self.conflicts, self.refused):
            for at in range(held.rowCount()):
                items = (held.item(at, place) for place in range(held.columnCount()))
                lines.append("\t".join(item.text() for item in items if item is not None))
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _head(self, name: str) -> QVBoxLayout:
        good = not (self._update.conflicts or self._update.refused)
        top = row(
            icon_label("met" if good else "warning", "good" if good else "warn", 32),
            selectable(label(self._sentence(), "heading", wrap=True)),
            gap=WIDE,
        )
        top.setStretch(1, 1)
        launch = self._update.launch
        told = self.tr("{0}, for launch {1}.").format(name, f"{launch.code} {launch.name}")
        if not self._update.nothing:
            told += " " + self.tr("Nothing is written before you say so; one undo takes it all back.")
        return column(top, label(told, tone="muted", wrap=True), gap=GAP)

    def _sentence(self) -> str:
        update = self._update
        if update.nothing:
            return self.tr("The workbook says nothing that the project does not hold already.")
        counts = (
            (len(update.changes), self.tr("changes: {0}")),
            (len(update.new), self.tr("new work: {0}")),
            (len(update.conflicts), self.tr("conflicts: {0}")),
            (len(update.refused), self.tr("not taken: {0}")),
        )
        text = ", ".join(words.format(count) for count, words in counts if count)
        return f"{text[0].upper()}{text[1:]}."

    def _sections(self) -> list[tuple[QWidget, int]]:
        """The tables that hold anything, each with its heading, and how much of the room it may take."""
        every = button(self.tr("&All"), lambda: self.tick_all(on=True), part="link")
        none = button(self.tr("&None"), lambda: self.tick_all(on=False), part="link")
        head = row(label(self.tr("Changes"), "heading"), every, none, 1)
        conflicts = label(self.tr("Conflicts: changed in the project and in the workbook"), "heading")
        parts = (
            (self.changes, head),
            (self.conflicts, row(conflicts, 1)),
            (self.refused, row(label(self.tr("Not taken"), "heading"), 1)),
        )
        made: list[tuple[QWidget, int]] = []
        for held, heading in parts:
            if held.rowCount():
                section = QWidget()
                section.setLayout(column(heading, held, gap=TIGHT))
                made.append((section, min(max(held.rowCount(), LEAST_ROWS), MOST_ROWS)))
        return made

    def _changes(self) -> QTableWidget:
        titles = (self.tr("Work"), self.tr("Field"), self.tr("In the project"), self.tr("In the workbook"))
        made = grid(self.tr("Changes"), (*titles, self.tr("Exported as"), self.tr("Cell")))
        show_lines(made, [self._line(item) for item in self._items])
        for at in range(made.rowCount()):
            tick = made.item(at, 0) or cell("")
            tick.setFlags(tick.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            tick.setCheckState(Check.Checked)
            self._ticks.append(tick)
        _fit(made, (290, 110, 170, 220, 130))
        return made

    def _line(self, item: Item) -> Sequence[str]:
        if isinstance(item, NewWork):
            says = [f"{field_shown(name).label}: {shown(self._inputs, name, it)}" for name, it in item.values.items()]
            says += [f"{self._inputs.get(Team, team).name}: {days:g}" for team, days in item.efforts]
            return (f"{item.variant}  {item.name}", self.tr("New work"), "", "; ".join(says), "", ", ".join(item.where))
        exported = self.tr("not known") if item.exported is None else item.exported
        places = ", ".join(item.where)
        return (self._work(item.code), _field(item), item.present, item.workbook, exported, places)

    def _work(self, code: str) -> str:
        """A code with the name of the mitigation it belongs to."""
        variants = (row for row in self._inputs.rows(MitigationVariant) if row.code == code.partition("/")[0])
        variant = next(variants, None)
        return code if variant is None else f"{code}  {self._inputs.get(Mitigation, variant.mitigation).name}"

    def _conflicts(self, name: str) -> QTableWidget:
        titles = (self.tr("Work"), self.tr("Field"), self.tr("Exported as"), self.tr("In the project"))
        made = grid(self.tr("Conflicts"), (*titles, self.tr("In {0}").format(name), self.tr("What holds")))
        found = self._update.conflicts
        made.setRowCount(len(found))
        for at, one in enumerate(found):
            exported = self.tr("not known") if one.exported is None else one.exported
            for place, text in enumerate((self._work(one.code), _field(one), exported, one.present, one.workbook)):
                made.setItem(at, place, cell(text))
            box = QComboBox()
            box.addItem(self.tr("Keep the project's"), OURS)
            box.addItem(self.tr("Take the workbook's"), THEIRS)
            box.setAccessibleName(self.tr("What holds for {0}, {1}").format(one.code, _field(one)))
            made.setCellWidget(at, 5, box)
            made.setRowHeight(at, ROW_HEIGHT + GAP)
            self.choices.append(box)
        _fit(made, (290, 110, 130, 170, 170), ROW_HEIGHT + GAP)
        return made

    def _refused(self) -> QTableWidget:
        made = grid(self.tr("Not taken"), (self.tr("Where"), self.tr("Why")))
        remarks = [(self.tr("Remark"), said) for said in self._update.remarks[NOTES:]]
        show_lines(made, [*((one.where, one.what) for one in self._update.refused), *remarks])
        _fit(made, (220,))
        return made

    def _foot(self) -> QDialogButtonBox:
        self.buttons = QDialogButtonBox(Button.Ok | Button.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        if not self._update.nothing:
            copy = button(self.tr("&Copy all of this"), self.copy, icon="copy")
            copy.setAutoDefault(False)
            self.buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        return self.buttons

    def _count(self, *_: object) -> None:
        """Say on the button how much it writes."""
        count, ok = len(self.agreed()), self.buttons.button(Button.Ok)
        ok.setText(self.tr("&Write {0}").format(count) if count else self.tr("&Write"))
        ok.setEnabled(count > 0)
        if self._update.nothing:
            ok.setVisible(False)
            self.buttons.button(Button.Cancel).setText(self.tr("Close"))


def _field(one: Proposed) -> str:
    return words.translate("records", one.field)


def _fit(held: QTableWidget, widths: Sequence[int], row_height: int = ROW_HEIGHT) -> None:
    """Give a table's first columns their widths, and the table room for its first rows, never for more than it has."""
    for place, width in enumerate(widths):
        held.setColumnWidth(place, width)
    held.setMinimumHeight(ROW_HEIGHT + row_height * min(held.rowCount(), LEAST_ROWS) + GAP)
    held.setMaximumHeight(ROW_HEIGHT + row_height * held.rowCount() + WIDE)
    held.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
