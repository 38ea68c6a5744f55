"""The mapping step: what the columns of a table mean, said beside the results that would come in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSpinBox,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from launchpad.errors import LaunchpadError
from launchpad.gui import theme, words
from launchpad.gui.dialogs import notice_of
from launchpad.gui.evidence.drafts import (
    CONSTANTS,
    Draft,
    applied,
    drafts_of,
    field_names,
    first_values,
    mapping_of,
    meanings_for,
    missing,
    shapes,
    with_header,
    with_meaning,
    with_shape,
)
from launchpad.gui.evidence.grids import cell, fill_box, grid, show_lines, wide_box
from launchpad.gui.pieces import button, label, row, scrolled, toned
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP
from launchpad.intake import Beginning, Mapping, trial
from launchpad.records.imported import ImportedResult

Button = QDialogButtonBox.StandardButton
MOST_COLUMNS = 200
MOST_ROWS = 60
SETTLE_MS = 120


class MappingDialog(QDialog):
    """Asks what the columns of one table mean; `answers` are what was said, sheet by sheet."""

    def __init__(
        self, path: Path, why: str, beginnings: Sequence[Beginning], left: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What do the columns mean? {0}").format(path.name))
        self.setMinimumSize(900, 560)
        self.resize(1180, 640)
        self._path = path
        self.drafts = drafts_of(beginnings)
        self._at = _first_to_look_at(self.drafts)
        self._fits = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._try)
        self.problem = label("", wrap=True)
        inner = QVBoxLayout(self)
        inner.setSpacing(GAP)
        head = why if left == 0 else self.tr("{0} (Tables that wait: {1})").format(why, left)
        inner.addWidget(label(head, tone="muted", wrap=True))
        inner.addLayout(self._choices())
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self._left())
        both.addWidget(self._right())
        both.setSizes([560, 600])
        both.setChildrenCollapsible(False)
        inner.addWidget(both, 1)
        inner.addWidget(self.problem)
        inner.addLayout(self._buttons())
        self._show_draft()
        self._try()
        self.shape.setFocus()

    @property
    def draft(self) -> Draft:
        """The sheet being looked at."""
        return self.drafts[self._at]

    def answers(self) -> list[tuple[tuple[str, ...], str]]:
        """For each sheet its header and its mapping as JSON."""
        return [(draft.headers, mapping_of(draft).to_json()) for draft in self.drafts]

    def _choices(self) -> QHBoxLayout:
        self.sheet = QComboBox()
        for draft in self.drafts:
            self.sheet.addItem(draft.beginning.sheet.name)
        self.sheet.setCurrentIndex(self._at)
        self.sheet.activated.connect(self._choose_sheet)
        self.header = QSpinBox()
        self.header.valueChanged.connect(self._move_header)
        self.shape = QComboBox()
        for shape, title in shapes().items():
            self.shape.addItem(title, shape)
        self.shape.activated.connect(lambda: self._change(with_shape(self.draft, self.shape.currentData())))
        self.decimal = QComboBox()
        for title, mark in ((self.tr("As seen"), ""), (self.tr("1.5"), "."), (self.tr("1,5"), ",")):
            self.decimal.addItem(title, mark)
        self.decimal.activated.connect(self._choose_decimal)
        made = QHBoxLayout()
        made.setSpacing(GAP)
        titles = (self.tr("S&heet"), self.tr("Header in r&ow"), self.tr("&Each row is"), self.tr("&Decimal mark"))
        for title, editor in zip(titles, (self.sheet, self.header, self.shape, self.decimal), strict=True):
            name = label(title)
            name.setBuddy(editor)
            editor.setAccessibleName(title.replace("&", ""))
            made.addWidget(name)
            made.addWidget(editor)
            shown = editor is not self.sheet or len(self.drafts) > 1
            name.setVisible(shown)
            editor.setVisible(shown)
        made.addStretch(1)
        return made

    def _left(self) -> QWidget:
        self.columns = grid(self.tr("Columns of the table"), (self.tr("Column"), self.tr("First values")))
        self.columns.setColumnCount(3)
        self.columns.setHorizontalHeaderLabels([self.tr("Column"), self.tr("First values"), self.tr("Means")])
        for place, width in enumerate((150, 170, 200)):
            self.columns.setColumnWidth(place, width)
        self.columns.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.columns.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.columns.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._constants: dict[str, QLineEdit] = {}
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        names = field_names()
        for name in CONSTANTS:
            line = QLineEdit()
            line.setAccessibleName(self.tr("For every row: {0}").format(names[name]))
            line.textEdited.connect(partial(self._say_constant, name))
            self._constants[name] = line
            form.addRow(names[name], line)
        inside = QWidget()
        inside.setLayout(form)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(self.columns, self.tr("&Columns"))
        tabs.addTab(scrolled(inside, self.tr("The same for every row")), self.tr("Same for every &row"))
        return tabs

    def _right(self) -> QWidget:
        titles = [self.tr(title) for title in ("Task", "Model", "Metric", "Category", "Value", "n")]
        self.results = grid(self.tr("Results that would come in"), titles)
        self.problems = grid(self.tr("Problems"), (self.tr("Where"), self.tr("What")))
        self.rows = grid(self.tr("The table as it was read"), ())
        self.rows.cellDoubleClicked.connect(self._take_header)
        self.rows.setToolTip(plain_tip(self.tr("Double-click a row to take it as the header.")))
        for place, width in enumerate((130, 95, 95, 85, 65)):
            self.results.setColumnWidth(place, width)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page in (self.results, self.problems, self.rows):
            self.tabs.addTab(page, page.accessibleName())
        return self.tabs

    def _buttons(self) -> QHBoxLayout:
        read = button(
            self.tr("Read &mapping …"), self._load, tip=self.tr("A JSON file as `launchpad import --map` reads.")
        )
        save = button(self.tr("&Save mapping …"), self._save)
        for one in (read, save):
            one.setAutoDefault(False)
        made = row(read, save, 1)
        buttons = QDialogButtonBox()
        self.go = buttons.addButton(self.tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        skip = buttons.addButton(self.tr("Leave this table ou&t"), QDialogButtonBox.ButtonRole.RejectRole)
        skip.setAutoDefault(False)
        self.go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        made.addWidget(buttons)
        return made

    def _choose_sheet(self, place: int) -> None:
        self._at = place
        self._show_draft()
        self._settle.start()

    def _move_header(self, number: int) -> None:
        if number - 1 != self.draft.header:
            self._change(with_header(self.draft, number - 1))

    def _take_header(self, at: int, _column: int) -> None:
        self.header.setValue(at + 1)

    def _choose_decimal(self) -> None:
        from dataclasses import replace

        self._change(replace(self.draft, decimal=self.decimal.currentData()))

    def _say_constant(self, name: str, typed: str) -> None:
        from dataclasses import replace

        self.drafts[self._at] = replace(self.draft, constants={**self.draft.constants, name: typed})
        self._settle.start()

    def _change(self, draft: Draft) -> None:
        self.drafts[self._at] = draft
        self._show_draft()
        self._settle.start()

    def _mean(self, place: int, box: QComboBox, _chosen: int) -> None:
        self._change(with_meaning(self.draft, place, str(box.currentData())))

    def _show_draft(self) -> None:
        draft = self.draft
        self.header.blockSignals(True)
        self.header.setRange(1, max(1, min(len(draft.beginning.rows), 30)))
        self.header.setValue(draft.header + 1)
        self.header.blockSignals(False)
        self.shape.setCurrentIndex(self.shape.findData(draft.shape))
        self.decimal.setCurrentIndex(self.decimal.findData(draft.decimal))
        self._show_columns(draft)
        for name, line in self._constants.items():
            taken = name in draft.meanings.values()
            line.setEnabled(not taken)
            line.setPlaceholderText(self.tr("as its column says") if taken else "")
            if line.text() != draft.constants.get(name, ""):
                line.setText(draft.constants.get(name, ""))
        self._show_rows(draft)

    def _show_columns(self, draft: Draft) -> None:
        held = self.columns
        names, possible, usable = field_names(), meanings_for(draft.shape), set(draft.usable)
        count = min(len(draft.headers), MOST_COLUMNS)
        held.setRowCount(count)
        for place in range(count):
            header = draft.headers[place]
            title = header or self.tr("(column {0}, no title)").format(place + 1)
            held.setItem(place, 0, cell(title))
            held.setItem(place, 1, cell(" · ".join(first_values(draft, place)), muted=True))
            box = held.cellWidget(place, 2)
            if not isinstance(box, QComboBox):
                box = wide_box()
                box.activated.connect(partial(self._mean, place, box))
                held.setCellWidget(place, 2, box)
            fill_box(box, [(names[name], name) for name in possible], draft.meanings.get(place, ""))
            box.setEnabled(place in usable and draft.shape != "none")
            box.setAccessibleName(self.tr("Column {0} means").format(title))

    def _show_rows(self, draft: Draft) -> None:
        shown = draft.beginning.rows[:MOST_ROWS]
        width = min(max((len(cells) for cells in shown), default=0), MOST_COLUMNS)
        self.rows.setColumnCount(width)
        self.rows.setHorizontalHeaderLabels([str(place + 1) for place in range(width)])
        self.rows.setRowCount(len(shown))
        strong = theme.font("strong")
        for at, cells in enumerate(shown):
            for place in range(width):
                item = cell(cells[place] if place < len(cells) else "", muted=at < draft.header)
                if at == draft.header:
                    item.setFont(strong)
                self.rows.setItem(at, place, item)

    def _try(self) -> None:
        """Show the results that would come in as things are said now, and what would not be read."""
        draft = self.draft
        lacking = missing(draft)
        results: Sequence[ImportedResult] = ()
        problems: list[tuple[str, str]] = []
        if not lacking:
            try:
                found = trial(self._path, draft.beginning.sheet, mapping_of(draft))
            except LaunchpadError as error:
                lacking = str(error)
            else:
                results = found.results
                problems = [(one.where, one.what) for one in found.problems]
        self._show_results(results)
        show_lines(self.problems, problems)
        self.tabs.setTabText(0, self.tr("Results that would come in ({0})").format(len(results)))
        self.tabs.setTabText(1, self.tr("Problems ({0})").format(len(problems)))
        first = draft.header + 1
        cut = len(draft.beginning.rows) - first >= 250
        self._say(lacking, len(results), len(problems), cut=cut)

    def _say(self, lacking: str, results: int, problems: int, *, cut: bool) -> None:
        unready = [draft.beginning.sheet.name for draft in self.drafts if missing(draft)]
        nothing = all(draft.shape == "none" for draft in self.drafts)
        if lacking:
            text, tone = lacking, "warn"
        elif self.draft.shape == "none":
            text, tone = self.tr("This sheet is left out."), "warn" if nothing else None
        elif not results:
            text, tone = self.tr("No result comes out of this. Look at the header row and the columns."), "warn"
        else:
            among = self.tr("Among the first rows: results {0}, problems {1}.")
            text = among if cut else self.tr("Results: {0}, problems: {1}.")
            text, tone = text.format(results, problems), "good" if not problems else "warn"
        if not lacking and unready:
            text += " " + self.tr("Still to be said for: {0}.").format(", ".join(unready))
        self.problem.setText(text)
        toned(self.problem, tone)
        self.go.setEnabled(
            not lacking and not unready and not nothing and (bool(results) or self.draft.shape == "none")
        )

    def _show_results(self, results: Sequence[ImportedResult]) -> None:
        lines: list[tuple[str, ...]] = []
        for found in results:
            value = words.NOTHING if found.value is None else words.number(found.value)
            cells = (found.task, found.model, found.metric, found.group or "", value, words.number(found.n))
            lines.append(cells)
        show_lines(self.results, lines, right=(4, 5))

    def _load(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Read a mapping"), "", self.tr("Mappings (*.json)"))
        if chosen:
            self.load(Path(chosen))

    def load(self, path: Path) -> None:
        """Take over the mapping in a file, for the sheet being looked at."""
        try:
            self._change(applied(self.draft, Mapping.from_file(path)))
        except LaunchpadError as error:
            notice_of(error, self).open()

    def _save(self) -> None:
        start = str(self._path.with_suffix(".map.json"))
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save the mapping"), start, self.tr("Mappings (*.json)"))
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Write the mapping of the sheet being looked at to a file."""
        try:
            path.write_text(mapping_of(self.draft).to_json(), encoding="utf-8")
        except OSError as error:
            hint = self.tr("Choose another place.")
            notice_of(
                LaunchpadError(self.tr("{0} could not be written: {1}.").format(path, error.strerror), hint), self
            ).open()


def _first_to_look_at(drafts: Sequence[Draft]) -> int:
    """The place of the first sheet in doubt, else of the first that is not left out."""
    doubtful = (place for place, draft in enumerate(drafts) if draft.beginning.doubt)
    return next(doubtful, next((place for place, draft in enumerate(drafts) if draft.shape != "none"), 0))
