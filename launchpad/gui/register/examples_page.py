"""The examples of a risk area on both sides of the line; their words are hidden where they are sensitive."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from launchpad.edits.handling import handling_of
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.pieces import button, card, cleared, label, row, scrolled, selectable
from launchpad.gui.register.area_numbers import Illustration, examples
from launchpad.gui.register.tree_model import tr
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import Example, RiskArea

SHOWN = 20


class ExamplesPage(QWidget):
    """One group for each side; an area needs both, or two people will not decide alike."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.area: RiskArea | None = None
        self._revealed: set[int] = set()
        inside = QWidget()
        self._groups = QVBoxLayout(inside)
        self._groups.setSpacing(GAP)
        self._groups.setContentsMargins(TIGHT, TIGHT, TIGHT, TIGHT)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(scrolled(inside, tr("Examples")))

    def show_area(self, area: RiskArea) -> None:
        """Show the examples of an area as they are now."""
        self.area = area
        cleared(self._groups)
        found = examples(self._document.inputs, area)
        hidden = handling_of(self._document.inputs, area) != "open" and area.id not in self._revealed
        if hidden and any(one.request or one.response for one in found):
            self._groups.addWidget(label(tr("The words of these examples are sensitive and hidden."), wrap=True))
            self._groups.addLayout(row(button(tr("Show &them"), self._reveal), 1))
        for side, title, missing in (
            ("violates", tr("Over the line"), tr("None yet: nobody can see where the line is.")),
            ("allowed", tr("On the allowed side"), tr("No counter-example yet: everything near it may be refused.")),
        ):
            mine = [one for one in found if one.example.side == side]
            self._groups.addWidget(label(f"{title} ({len(mine)})", "strong"))
            self._list(mine, missing, hidden=hidden)
        rest = [one for one in found if one.example.side is None]
        if rest:
            self._groups.addWidget(label(tr("Side not said yet ({0})").format(len(rest)), "strong"))
            self._list(rest, "", hidden=hidden)
        self._groups.addLayout(row(button(tr("Add an e&xample …"), self._add, icon="add"), 1))
        self._groups.addStretch(1)

    def _list(self, found: Sequence[Illustration], missing: str, *, hidden: bool) -> None:
        for one in found[:SHOWN]:
            self._groups.addWidget(self._card(one, hidden=hidden))
        if len(found) > SHOWN:
            self._groups.addWidget(label(tr("and {0} more").format(len(found) - SHOWN), tone="muted"))
        if not found and missing:
            self._groups.addWidget(label(missing, tone="muted", wrap=True))

    def _card(self, one: Illustration, *, hidden: bool) -> QWidget:
        facts = [one.example.code, *([one.example.clause] if one.example.clause else [])]
        if one.example.near_line:
            facts.append(tr("near the line"))
        parts: list[QWidget] = [label(" · ".join(facts), "small", tone="muted", wrap=True)]
        for said, text in ((tr("Asked: {0}"), one.request), (tr("Answered: {0}"), one.response)):
            if text and not hidden:
                parts.append(selectable(label(said.format(text), wrap=True)))
        if not one.request and not one.response:
            parts.append(label(tr("Its words are not kept."), tone="muted", wrap=True))
        made = card("", *parts)
        made.setAccessibleName(one.example.code)
        return made

    def _reveal(self) -> None:
        if self.area is not None:
            self._revealed.add(self.area.id)
            self.show_area(self.area)

    def _add(self) -> None:
        if self.area is not None:
            AddForm(self._document, Example, {"area": self.area.code, "side": "violates"}, self).exec()
