"""The examples of a clause in two columns: over the line, and on the allowed side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.clauses import change_example, remove_example
from launchpad.edits.policies import example_handling
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, icon_label, label, row
from launchpad.gui.policies.example_card import CardActs, ExampleCard
from launchpad.gui.policies.example_form import ExampleForm
from launchpad.gui.policies.study import tr
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import Clause, Example, Policy, PolicyVersion

FIRST = 12
SIDES = ("violates", "allowed")


class Column(QWidget):
    """The examples on one side, the first ones at once and the rest when asked for."""

    def __init__(self, side: str) -> None:
        super().__init__()
        over = side == "violates"
        self.side, self.shown = side, FIRST
        self.cards: dict[int, ExampleCard] = {}
        self.title = label("", "strong")
        mark = icon_label("notmet" if over else "met", "bad" if over else "good", 16)
        self.add = button(tr("Add"), part="link", icon="add")
        self.add.setAccessibleName(tr("Add an example over the line") if over else tr("Add an allowed example"))
        self.none = label(
            tr("None yet. Write one that this clause forbids, if only just.")
            if over
            else tr("None yet. Write one that looks alike and stays allowed."),
            tone="muted",
            wrap=True,
        )
        self.more = button("", part="link")
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(TIGHT + 2)
        inner.addLayout(row(mark, self.title, 1, self.add, gap=TIGHT))
        inner.addWidget(self.none)
        self.room = QVBoxLayout()
        self.room.setSpacing(TIGHT + 2)
        inner.addLayout(self.room)
        inner.addLayout(row(self.more, 1))
        inner.addStretch(1)


class Examples(QWidget):
    """Adds, changes, pairs and removes; what was revealed is forgotten when another clause is shown."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.clause: Clause | None = None
        self._asked = ""
        self.revealed: set[int] = set()
        self._acts = CardActs(
            self.edit, self.add_pair, self.turn_near, self.swap, self.remove, self.reveal, self.show_code
        )
        self.columns = {side: Column(side) for side in SIDES}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP + 4)
        for place, (side, column) in enumerate(self.columns.items()):
            column.add.clicked.connect(lambda _=False, side=side: self.add(side))
            column.more.clicked.connect(lambda _=False, column=column: self._show_more(column))
            grid.addWidget(column, 0, place)
            grid.setColumnStretch(place, 1)

    @property
    def policy(self) -> Policy | None:
        """The policy of the clause that is shown."""
        inputs, clause = self.document.inputs, self.clause
        if clause is None or not inputs.has(PolicyVersion, clause.version):
            return None
        return inputs.get(Policy, inputs.get(PolicyVersion, clause.version).policy)

    def show_clause(self, clause: Clause) -> None:
        """Show the examples of a clause, those near the line first."""
        if self.clause is None or clause.code != self.clause.code:
            self.revealed.clear()
            for column in self.columns.values():
                column.shown = FIRST
        self.clause = clause
        inputs, policy = self.document.inputs, self.policy
        rows: Sequence[Example] = () if policy is None else inputs.children(Example, "policy", policy.id)
        mine = [one for one in rows if one.clause == clause.code and one.gold_set is None]
        for side, column in self.columns.items():
            self._fill(column, sorted((one for one in mine if one.side == side), key=_near_first))

    def _fill(self, column: Column, rows: list[Example]) -> None:
        inputs = self.document.inputs
        title = tr("Over the line ({0})") if column.side == "violates" else tr("Allowed ({0})")
        column.title.setText(title.format(len(rows)))
        column.none.setVisible(not rows)
        some = rows[: column.shown]
        column.more.setVisible(len(rows) > len(some))
        column.more.setText(tr("Show {0} more").format(len(rows) - len(some)))
        for gone in column.cards.keys() - {one.id for one in some}:
            card = column.cards.pop(gone)
            card.hide()
            card.deleteLater()
        for place, example in enumerate(some):
            card = column.cards.get(example.id)
            if card is None:
                card = column.cards[example.id] = ExampleCard(example, self._acts)
            if column.room.indexOf(card) != place:
                column.room.insertWidget(place, card)
            handling = example_handling(inputs, example)
            card.show_example(inputs, example, handling, revealed=example.id in self.revealed)

    def _again(self) -> None:
        if self.clause is not None:
            self.show_clause(self.clause)
        if self._asked:
            self.show_code(self._asked)

    def _show_more(self, column: Column) -> None:
        column.shown += 4 * FIRST
        self._again()

    def reveal(self, example: Example) -> None:
        """Show the words of an example until another clause is looked at."""
        self.revealed.add(example.id)
        # The card that asked is made anew: not before its button has done.
        QTimer.singleShot(0, self, self._again)

    def hidden(self, example: Example) -> bool:
        """Whether the words of an example must not be on screen."""
        return example.id not in self.revealed and example_handling(self.document.inputs, example) != "open"

    def add(self, side: str, pair_of: str = "", given: Example | None = None) -> None:
        """Ask for a new example on a side, as the pair of another when its code is given."""
        clause, policy = self.clause, self.policy
        if clause is None or policy is None:
            return
        start = {"side": side, "pair_of": pair_of}
        if given is not None and not self.hidden(given):
            start |= self._words(given)
        ExampleForm(self.document, policy, clause.code, start, parent=self).exec()

    def add_pair(self, example: Example) -> None:
        """Ask for the example that differs from one in one thing, beginning with its words."""
        self.add("allowed" if example.side == "violates" else "violates", example.code, example)

    def _words(self, example: Example) -> dict[str, str]:
        inputs = self.document.inputs
        texts = {"request": inputs.text(example.request), "response": inputs.text(example.response)}
        held = {name: getattr(example, name) for name in ("language", "persona", "attack")}
        return {name: words for name, words in (texts | held).items() if words}

    def edit(self, example: Example) -> None:
        """Ask what is to be changed of an example."""
        clause, policy = self.clause, self.policy
        if clause is None or policy is None:
            return
        hidden = self.hidden(example)
        start = {
            "side": example.side or "",
            "severity": "" if example.severity is None else str(example.severity),
            "pair_of": example.pair_of or "",
            "near_line": "yes" if example.near_line else "",
        }
        start |= {} if hidden else self._words(example)
        start |= {name: getattr(example, name) or "" for name in ("language", "persona", "attack")}
        ExampleForm(self.document, policy, clause.code, start, example, hidden=hidden, parent=self).exec()

    def turn_near(self, example: Example) -> None:
        """Say that an example is a hard case, or is none."""
        self._change(example, tr("Near the line: {0}").format(example.code), near_line=not example.near_line)

    def swap(self, example: Example) -> None:
        """Put an example on the other side of the line; a pair is then no pair."""
        side = "allowed" if example.side == "violates" else "violates"
        self._change(example, tr("Move {0} to the other side").format(example.code), side=side, pair_of=None)

    def _change(self, example: Example, words: str, **fields: object) -> None:
        def changes() -> tuple[Change, ...]:
            return change_example(self.document.inputs, example, **fields).changes  # pyright: ignore[reportArgumentType] - fields of Example

        self.document.act(changes, words)

    def remove(self, example: Example) -> None:
        """Remove an example with its labels; refused while a run speaks of it."""
        words = tr("Remove example {0}").format(example.code)
        self.document.act(lambda: remove_example(self.document.inputs, example), words)

    def show_code(self, code: str) -> None:
        """Put the cursor on the card of an example, showing more of them where it is further down."""
        self._asked = ""
        for column in self.columns.values():
            found = next((card for card in column.cards.values() if card.example.code == code), None)
            if found is not None:
                found.mark()
                return
        policy, clause = self.policy, self.clause
        rows = () if policy is None else self.document.inputs.children(Example, "policy", policy.id)
        known = next((one for one in rows if one.code == code and clause and one.clause == clause.code), None)
        column = None if known is None else self.columns.get(known.side or "")
        if column is not None and column.more.isVisibleTo(self):
            self._asked = code
            self._show_more(column)


def _near_first(example: Example) -> tuple[bool, str]:
    return (not example.near_line, example.code)
