"""The tab of clauses: their list in decision order, the editor of the chosen one, and everything the check found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QSplitter, QStackedWidget, QWidget

from launchpad.edits.clauses import in_decision_order, reorder_clauses
from launchpad.edits.policies import add_clause, remove_clause
from launchpad.gui import theme
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, column, empty, label, row, tool
from launchpad.gui.policies.clause_list import ClauseList, ClauseListView
from launchpad.gui.policies.editor import ClauseEditor
from launchpad.gui.policies.lines import clause_lines
from launchpad.gui.policies.page import Page
from launchpad.gui.policies.study import tr
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import TIGHT
from launchpad.records import Clause, Example, PolicyVersion

FINDINGS_HEIGHT = 132
NEW_RULE = "Describe what this clause matches."


class ClausesPage(Page):
    """`chose` carries the code of the clause that is looked at, `typing` the tokens a rule grows by while typed."""

    chose = Signal(str)
    typing = Signal(int)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.model = ClauseList(self._reorder, self)
        self.view = ClauseListView(self.model)
        self.view.clause_chosen.connect(self._choose)
        self.search = QLineEdit()
        self.search.setObjectName("find")
        self.search.setPlaceholderText(tr("Find (Ctrl+F)"))
        self.search.setAccessibleName(tr("Find a clause"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.view.find_words)
        self.add = button(tr("&Add"), self.add_clause, icon="add", tip=tr("Add a clause at the end"))
        self.gone = tool(tr("Remove this clause"), "remove", self.remove_clause)
        self.order = label(
            tr("Asked from top to bottom. Drag, or Ctrl+↑ and Ctrl+↓, to move one."), "small", tone="muted", wrap=True
        )
        self.editor = ClauseEditor(document)
        self.editor.typing.connect(self.typing)
        self.found = QListWidget()
        self.found.setAccessibleName(tr("Findings of the check"))
        self.found.setFixedHeight(FINDINGS_HEIGHT)
        self.found.itemActivated.connect(self._go)
        self.found.itemClicked.connect(self._go)
        self._found_title = label("", "strong")
        self.found_pane = QWidget()
        self.found_pane.setLayout(
            column(row(self._found_title, 1, tool(tr("Close"), "remove", self._close)), self.found, gap=TIGHT)
        )
        self.found_pane.hide()
        self._right = QStackedWidget()
        self._right.addWidget(self.editor)
        self._right.addWidget(
            empty(
                tr("No clause yet"),
                tr("A clause says what is matched, so that two people agree. Start with one that forbids."),
                button(tr("&Add a clause"), self.add_clause, part="main", icon="add"),
                icon="policies",
            )
        )
        self._lay_out()

    def _lay_out(self) -> None:
        left = QWidget()
        inner = column(row(self.search, self.add, self.gone), self.view, self.order, self.found_pane, gap=TIGHT)
        inner.setStretch(1, 1)
        left.setLayout(inner)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(left)
        self.split.addWidget(self._right)
        self.split.setSizes([390, 680])
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        outer = column(self.split)
        outer.setContentsMargins(0, TIGHT, 0, 0)
        self.setLayout(outer)

    @property
    def locked(self) -> bool:
        """Whether the version can no longer be edited."""
        return self.version is None or self.version.status != "draft"

    def fill(self, version: PolicyVersion) -> None:
        """Show the clauses of a version, and the one that was looked at."""
        lines = clause_lines(self.document.inputs, version, self.current)
        place = self.view.currentIndex().row()
        self.view.blockSignals(True)
        self.model.show(lines, locked=self.locked)
        self.view.find_words(self.search.text())
        codes = [line.clause.code for line in lines]
        if codes and not (self.chosen in codes and self.view.choose(self.chosen)):
            self.chosen = codes[max(0, min(place, len(codes) - 1))]
            self.view.choose(self.chosen)
        self.view.blockSignals(False)
        self.view.viewport().update()
        for widget in (self.add, self.gone):
            widget.setVisible(not self.locked)
        self.gone.setEnabled(bool(codes))
        self.order.setText(
            tr("Asked from top to bottom.")
            if self.locked
            else tr("Asked from top to bottom. Drag, or Ctrl+↑ and Ctrl+↓, to move one.")
        )
        self._show_editor()
        self._show_found()
        if codes:
            self.chose.emit(self.chosen)

    def _clause(self) -> Clause | None:
        place = self.model.place_of(self.chosen)
        return None if place is None else self.model.lines[place].clause

    def _show_editor(self) -> None:
        clause, study = self._clause(), self.current
        self._right.setCurrentIndex(0 if clause is not None or self.locked else 1)
        self.editor.setVisible(clause is not None)
        if clause is not None:
            name = f"clause {self.document.inputs.address(clause)}"
            self.editor.show_clause(clause, study.of(name) if study is not None else (), locked=self.locked)

    def _choose(self, code: str) -> None:
        if code != self.chosen:
            self.editor.write_all()
            self.chosen = code
            self._show_editor()
            self.chose.emit(code)

    def show_clause(self, code: str) -> bool:
        """Put the cursor on a clause; whether this version has it."""
        return self.view.choose(code)

    def show_example(self, code: str) -> bool:
        """Show the clause of an example, and its card; whether it has one here."""
        version = self.version
        rows = () if version is None else self.document.inputs.children(Example, "policy", version.policy)
        found = next((one for one in rows if one.code == code), None)
        if found is None or found.clause is None or not self.show_clause(found.clause):
            return False
        self.editor.show_example(code)
        return True

    def _reorder(self, order: Sequence[str]) -> bool:
        version = self.version
        if version is None:
            return False
        inputs = self.document.inputs
        words = tr("Reorder clauses of {0}").format(inputs.address(version))
        return self.document.act(lambda: reorder_clauses(inputs, version, order), words)

    def add_clause(self) -> None:
        """Add a clause at the end, and put the cursor into its rule."""
        version = self.version
        if version is None or self.locked:
            return
        inputs = self.document.inputs
        known = {row.code for row in in_decision_order(inputs, version)}
        words = tr("Add a clause to {0}").format(inputs.address(version))
        if self.document.act(lambda: add_clause(inputs, version, kind="violates", rule=tr(NEW_RULE)), words):
            added = [row.code for row in in_decision_order(self.document.inputs, version) if row.code not in known]
            self.chosen = next(iter(added), self.chosen)
            self.fill(version)
            rule = self.editor.fields["rule"]
            rule.setFocus(Qt.FocusReason.OtherFocusReason)
            select = getattr(rule, "selectAll", None)
            if callable(select):
                select()

    def remove_clause(self) -> None:
        """Remove the chosen clause with its responses; its examples stay with the policy."""
        clause = self._clause()
        if clause is not None and not self.locked:
            words = tr("Remove clause {0}").format(clause.code)
            self.document.act(lambda: remove_clause(self.document.inputs, clause), words)

    def show_findings(self) -> None:
        """Open the list of everything that was found."""
        self.found_pane.show()
        self._show_found()
        self.found.setFocus(Qt.FocusReason.OtherFocusReason)
        self.found.setCurrentRow(0)

    def _close(self) -> None:
        self.found_pane.hide()

    def _show_found(self) -> None:
        study = self.current
        if self.found_pane.isHidden() or study is None:
            return
        from launchpad.gui.policies.study import told_findings

        self._found_title.setText(told_findings(study.findings))
        self.found.clear()
        for one in study.findings:
            table, _, address = one.record.partition(" ")
            where = address.rpartition("/")[2] if table in ("clause", "example") else address
            item = QListWidgetItem(theme.icon("warning", "warn"), f"{where}: {one.sentence}")
            item.setToolTip(plain_tip(f"{one.record}, {one.field}\n{one.sentence}"))
            item.setData(Qt.ItemDataRole.UserRole, (one.record, one.field))
            self.found.addItem(item)
        if not study.findings:
            self.found.addItem(QListWidgetItem(theme.icon("met", "good"), tr("Two people can apply it alike.")))

    def _go(self, item: QListWidgetItem) -> None:
        told = item.data(Qt.ItemDataRole.UserRole)
        if not told:
            return
        record, field = told
        table, _, address = record.partition(" ")
        if table == "clause" and self.show_clause(address.rpartition("/")[2]):
            self.editor.show_field(field)
        elif table == "example":
            self.show_example(address)
        elif table == "label":
            self.show_example(address.partition("/")[0])

    def use_theme(self) -> None:
        """Draw anew in other colours."""
        for place in range(self.found.count()):
            self.found.item(place).setIcon(theme.icon("warning", "warn"))
