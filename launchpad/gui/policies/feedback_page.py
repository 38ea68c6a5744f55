"""The tab of feedback: the inbox, triaged by keys; the chain from clause to re-test; cases the program found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSplitter, QTreeWidget, QTreeWidgetItem, QWidget

from launchpad.changes import Change
from launchpad.edits.feedback import WAYS, decline, give, reopen, resolve, retested, take_cases, triage
from launchpad.gui import words
from launchpad.gui.asking import Question
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, empty, label, row
from launchpad.gui.policies.page import Page
from launchpad.gui.policies.study import tr
from launchpad.gui.table_model import TableModel, plain_tip
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import TIGHT
from launchpad.records import Example, Feedback, Inputs, Policy, PolicyRun, PolicyVersion
from launchpad.records.policies import FEEDBACK_KINDS, FEEDBACK_SOURCES, FEEDBACK_STATES, TRIAGE

if TYPE_CHECKING:
    from launchpad.edits.feedback import Case
    from launchpad.results.feedback import Chain, Run

CODE = int(Qt.ItemDataRole.UserRole)
SORTS = (("operational", "O"), ("ambiguous", "A"), ("value", "V"))


def rows(inputs: Inputs, policy: Policy) -> list[Row]:
    """A row for each piece of feedback on a policy, the open ones first."""
    found = inputs.children(Feedback, "policy", policy.id)
    ordered = sorted(found, key=lambda one: (one.status != "open", one.triage != "new", one.code))
    return [Row(one.id, {"feedback": one}, _figures(inputs, one)) for one in ordered]


def _figures(inputs: Inputs, one: Feedback) -> dict[str, words.Cell]:
    return {
        "code": one.code,
        "triage": words.translate("records", TRIAGE[one.triage]).partition(":")[0],
        "status": words.translate("records", FEEDBACK_STATES[one.status]),
        "source": words.translate("records", FEEDBACK_SOURCES[one.source]),
        "kind": words.translate("records", FEEDBACK_KINDS[one.kind]),
        "clause": one.clause or "",
        "example": "" if one.example is None else inputs.part(one, "example"),
        "said": " ".join(one.said.split()),
    }


def columns() -> list[Column]:
    """The columns of the inbox."""
    titles = (
        ("code", tr("Code"), 8),
        ("status", tr("Status"), 9),
        ("triage", tr("Triage"), 15),
        ("kind", tr("What is wrong"), 17),
        ("clause", tr("Clause"), 8),
        ("example", tr("Example"), 12),
        ("source", tr("Source"), 13),
        ("said", tr("What was said"), 40),
    )
    return [figure_column(key, title, right=False, width=width) for key, title, width in titles]


class FeedbackPage(Page):
    """O, A and V triage what is chosen; a case that was found becomes feedback by a button."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.cases: tuple[Case, ...] = ()
        self._mined: tuple[str, int] | None = None
        self._job: Job | None = None
        self.model = TableModel(columns(), parent=self)
        nothing = empty(
            tr("No feedback yet"),
            tr("What annotators, enforcement, red teams and appeals run into goes here. Add it, or look for cases."),
            button(tr("A&dd feedback …"), self.ask, part="main", icon="add"),
            icon="policies",
        )
        self.pane = TablePane(self.model, tr("Feedback"), f"{document.memory}/feedback", nothing)
        self.pane.view.row_chosen.connect(self._show_chain)
        self.pane.add_tools(button(tr("A&dd …"), self.ask, icon="add"))
        self.acts = {
            "resolve": button(tr("Resolve …"), lambda: self._close("resolve")),
            "decline": button(tr("Decline …"), lambda: self._close("decline")),
            "reopen": button(tr("Open again"), self._reopen),
            "retest": button(tr("Tested by …"), self._retested),
        }
        self.sorts: dict[str, QPushButton] = {}
        for sort, key in SORTS:
            title = words.translate("records", TRIAGE[sort]).partition(":")[0]
            self.sorts[sort] = button(f"{title} ({key})", lambda sort=sort: self.ask_triage(sort))
            shortcut = QShortcut(QKeySequence(key), self.pane.view, partial(self.ask_triage, sort))
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.chain = _tree(tr("From feedback to clause to re-test"))
        self.chain.itemActivated.connect(self._seek)
        self.found = _tree(tr("Cases the program found"))
        self.found.itemActivated.connect(self._seek)
        self.add = button(tr("Add to &inbox"), self.add_cases, icon="add")
        self._lay_out()

    def _lay_out(self) -> None:
        upper, left, right = QWidget(), QWidget(), QWidget()
        inner = column(self.pane, row(*self.sorts.values(), 1, *self.acts.values(), gap=TIGHT), gap=TIGHT)
        inner.setStretch(0, 1)
        upper.setLayout(inner)
        left.setLayout(column(label(tr("Feedback, clause, re-test"), "strong"), self.chain, gap=TIGHT))
        head = row(label(tr("Edge cases found"), "strong"), 1, self.add)
        right.setLayout(column(head, self.found, gap=TIGHT))
        lower, whole = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        for part in (left, right):
            lower.addWidget(part)
        for part in (upper, lower):
            part.setMinimumHeight(150)
            whole.addWidget(part)
        whole.setSizes([270, 240])
        whole.setChildrenCollapsible(False)
        outer = column(whole)
        outer.setContentsMargins(0, TIGHT, 0, 0)
        self.setLayout(outer)

    def chosen_feedback(self) -> list[Feedback]:
        """The feedback of every selected line."""
        return [one for one in chosen_parts(self.pane.view, "feedback") if isinstance(one, Feedback)]

    def fill(self, version: PolicyVersion) -> None:
        """Show the inbox of the policy and its cases, found anew in the background."""
        inputs = self.document.inputs
        self.pane.fill(rows(inputs, inputs.get(Policy, version.policy)))
        if self.pane.view.current_row() is None and self.model.rowCount():
            self.pane.view.choose(self.model.row_at(0).id)
        self._show_chain()
        self._mine(version)

    def _mine(self, version: PolicyVersion) -> None:
        inputs, key = self.document.inputs, (self.document.inputs.head, version.id)
        if self._mined == key:
            return
        self._mined = key

        def work(progress: Progress) -> object:
            from launchpad.results.mining import mine

            progress(0.0, tr("Looking for edge cases"))
            return mine(inputs, version)

        def done(found: tuple[Case, ...]) -> None:
            if self._mined == key:
                self.show_cases(found)

        self._job = self.document.begin(tr("Looking for edge cases"), work, done)

    def show_cases(self, found: tuple[Case, ...]) -> None:
        """Show cases by the way they were found; words only of open areas are in them."""
        self.cases = found
        self.found.clear()
        for way, title in WAYS.items():
            mine = [(place, case) for place, case in enumerate(found) if case.way == way]
            if not mine:
                continue
            group = QTreeWidgetItem([f"{words.translate('feedback', title)} ({len(mine)})"])
            self.found.addTopLevelItem(group)
            for place, case in mine:
                both = " / ".join(code for code in (case.example, case.other) if code)
                item = QTreeWidgetItem([f"{both}: {case.why}"])
                item.setData(0, CODE, f"example {case.example}")
                item.setData(0, CODE + 1, place)
                item.setToolTip(0, plain_tip(item.text(0)))
                group.addChild(item)
            group.setExpanded(len(mine) <= 8)
        self.add.setEnabled(bool(found))
        if not found:
            self.found.addTopLevelItem(QTreeWidgetItem([tr("None: labels, runs and texts agree.")]))

    def add_cases(self) -> None:
        """Make feedback of the chosen cases, of a whole way where its heading is chosen."""
        version = self.version
        items = [one for chosen in self.found.selectedItems() for one in (chosen, *_children(chosen))]
        places = sorted({int(one.data(0, CODE + 1)) for one in items if one.data(0, CODE + 1) is not None})
        if version is None or not places:
            self.document.told.emit(tr("Choose cases first."))
            return
        inputs, cases = self.document.inputs, [self.cases[place] for place in places]

        def changes() -> list[Change]:
            return take_cases(inputs, inputs.get(Policy, version.policy), cases)[0]

        if self.document.act(changes, tr("Feedback on {0} cases found").format(len(cases))):
            self.document.told.emit(tr("In the inbox: {0} cases; those known before were left.").format(len(cases)))

    def ask(self) -> None:
        """Ask for feedback and put it into the inbox."""
        version, document = self.version, self.document
        if version is None:
            return
        policy = document.inputs.get(Policy, version.policy)
        asked = Question(self)
        asked.introduce(tr("Add feedback"), tr("What somebody ran into when the policy met the world."), tr("&Add"))
        said = asked.line(tr("&What was said"))
        clause = asked.line(tr("&Clause"), self.chosen, needed=False)
        kind = asked.choice(tr("What is w&rong"), _choices(FEEDBACK_KINDS))
        source = asked.choice(tr("&Source"), _choices(FEEDBACK_SOURCES))
        example = asked.line(tr("&Example"), needed=False, hint=tr("Its code, where there is one"))
        if not asked.exec():
            return

        def changes() -> list[Change]:
            code = example.text().strip()
            about = document.inputs.find(Example, code) if code else None
            fields = {"kind": kind.currentData(), "source": source.currentData()}
            named = clause.text().strip() or None
            return give(document.inputs, policy, said=said.text(), example=about, clause=named, **fields)

        document.act(changes, tr("Feedback on {0}").format(policy.code))

    def ask_triage(self, sort: str) -> None:
        """Ask why the chosen feedback is of a sort, and say so."""
        chosen = self.chosen_feedback()
        if not chosen:
            return
        reason = _reason(self, words.translate("records", TRIAGE[sort]), tr("&Why"))
        if reason is not None:
            self.triage(sort, reason)

    def triage(self, sort: str, reason: str) -> None:
        """Say of the chosen feedback what sort of problem it is, as one edit."""
        chosen = self.chosen_feedback()
        said = tr("Triage {0}").format(", ".join(one.code for one in chosen))
        self.document.act(lambda: [change for one in chosen for change in triage(one, sort, reason)], said)

    def _close(self, how: str) -> None:
        chosen, version = self.chosen_feedback(), self.version
        if not chosen or version is None:
            return
        inputs = self.document.inputs
        what = tr("Resolve in {0}").format(inputs.address(version)) if how == "resolve" else tr("Decline")
        reason = _reason(self, what, tr("&What was changed") if how == "resolve" else tr("&Why"))
        if reason is None:
            return

        def changes() -> list[Change]:
            if how == "decline":
                return [change for one in chosen for change in decline(one, reason)]
            return [change for one in chosen for change in resolve(inputs, one, version, reason)]

        self.document.act(changes, f"{what}: {', '.join(one.code for one in chosen)}")

    def _reopen(self) -> None:
        chosen = self.chosen_feedback()
        said = tr("Open again {0}").format(", ".join(one.code for one in chosen))
        self.document.act(lambda: [change for one in chosen for change in reopen(one)], said)

    def _retested(self) -> None:
        chosen, document = self.chosen_feedback(), self.document
        runs = [(row.code, row.code) for row in document.inputs.rows(PolicyRun) if row.status == "complete"]
        if not chosen or not runs:
            document.told.emit(tr("There is no complete run yet that could have tested it again."))
            return
        asked = Question(self)
        asked.introduce(tr("Tested again"), tr("The run that measured the changed clause again."), tr("&Keep"))
        named = asked.choice(tr("&Run"), runs)
        if asked.exec():
            run = document.inputs.find(PolicyRun, str(named.currentData()))
            changes = [change for one in chosen for change in retested(document.inputs, one, run)]
            document.edit(changes, tr("Tested again by {0}").format(run.code))

    def _show_chain(self, *_row: object) -> None:
        from launchpad.results.feedback import chain

        self.chain.clear()
        chosen = self.chosen_feedback()
        for one in chosen[:1]:
            for title, name, below in chain_lines(chain(self.document.inputs, one)):
                item = _item(title, name)
                self.chain.addTopLevelItem(item)
                for text, code in below:
                    item.addChild(_item(text, code))
                item.setExpanded(True)
        states = {one.status for one in chosen}
        for name, made in self.acts.items():
            wanted = {"resolve": "open", "decline": "open", "retest": "resolved"}.get(name)
            made.setEnabled(bool(states) and (states == {wanted} if wanted else "open" not in states))
        for made in self.sorts.values():
            made.setEnabled(states == {"open"})

    def _seek(self, item: QTreeWidgetItem, _place: int) -> None:
        table, _, code = str(item.data(0, CODE) or "").partition(" ")
        if table == "example":
            self.exampled.emit(code)
        elif table == "clause":
            self.named.emit(code)
        elif table:
            found = self.document.named(f"{table} {code}")
            if found is not None:
                self.document.sought.emit(found)


Line = tuple[str, str, list[tuple[str, str]]]


def chain_lines(found: Chain) -> list[Line]:
    """A chain as headings with lines below, each with the record it leads to: feedback, clause, re-test, findings."""
    feedback = found.feedback
    said: list[tuple[str, str]] = [(feedback.said, "")]
    said += [(feedback.resolution, "")] if feedback.resolution else []
    lines: list[Line] = [(f"{feedback.code}: {FEEDBACK_STATES[feedback.status]}", "", said)]
    if found.clause is not None:
        state = tr("Clause {0} in {1}").format(found.clause, found.version or words.NOTHING)
        changed = (
            [(f"{one.label}: {one.before or ''} → {one.after or ''}", "") for one in found.change.fields]
            if found.change
            else []
        )
        lines.append((state, f"clause {found.clause}", changed))
    if found.gold_items:
        items = [(code, f"example {code}") for code in found.gold_items]
        lines.append((tr("Gold items to test again ({0})").format(len(items)), "", items[:50]))
    for one in found.tested:
        mark = tr("Tested again by {0}") if one.named else tr("Run since: {0}")
        below = [(_run_words(tr("before"), one.before), f"policy_run {one.before.code}")] if one.before else []
        below.append((_run_words(tr("after"), one.after), f"policy_run {one.after.code}"))
        lines.append((mark.format(one.after.code), f"policy_run {one.after.code}", below))
    lines += [(one.sentence, "", []) for one in found.findings]
    return lines


def _run_words(when: str, run: Run) -> str:
    verdict = (
        tr(", of this example: {0}, settled {1}").format(run.said, run.settled or words.NOTHING) if run.said else ""
    )
    return f"{when}: {run.code} ({run.model}, {run.version}){verdict}"


def _item(text: str, code: str) -> QTreeWidgetItem:
    made = QTreeWidgetItem([" ".join(text.split())])
    made.setToolTip(0, plain_tip(text))
    made.setData(0, CODE, code)
    return made


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(place) for place in range(item.childCount()))
    return [one for one in found if one is not None]


def _tree(name: str) -> QTreeWidget:
    made = QTreeWidget()
    made.setHeaderHidden(True)
    made.setAccessibleName(name)
    made.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
    return made


def _choices(said: dict[str, str]) -> list[tuple[str, str]]:
    return [(words.translate("records", title), name) for name, title in said.items() if name != "mining"]


def _reason(parent: QWidget, title: str, asks: str) -> str | None:
    """What a person gave as the reason; None when nothing was."""
    asked = Question(parent)
    asked.introduce(title, QCoreApplication.translate("policies", "Kept with the feedback."), tr("&Keep"))
    line = asked.line(asks)
    return line.text().strip() if asked.exec() else None
