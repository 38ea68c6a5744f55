"""One example as a card: what was asked and answered, hidden until revealed where its area asks for care."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from launchpad.gui.pieces import button, cleared, label, row, selectable, tool
from launchpad.gui.policies.study import tr
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import Example, Inputs

LONGEST = 4_000
HANDLING = {"sensitive": "Sensitive area", "restricted": "Restricted area"}


@dataclass(frozen=True, slots=True)
class CardActs:
    """What the buttons of a card do, each given the example."""

    edit: Callable[[Example], object]
    pair: Callable[[Example], object]
    near: Callable[[Example], object]
    move: Callable[[Example], object]
    remove: Callable[[Example], object]
    reveal: Callable[[Example], object]
    show: Callable[[str], object]


class ExampleCard(QFrame):
    """Words of a sensitive or restricted area are in no widget before they are revealed, and cannot be copied."""

    def __init__(self, example: Example, acts: CardActs) -> None:
        super().__init__()
        self.example, self._acts = example, acts
        self._state: tuple[object, ...] = ()
        self.setProperty("part", "card")
        self._inner = QVBoxLayout(self)
        self._inner.setContentsMargins(GAP, GAP - 2, GAP, GAP - 2)
        self._inner.setSpacing(TIGHT)

    def show_example(self, inputs: Inputs, example: Example, handling: str, *, revealed: bool) -> None:
        """Show an example as it is now."""
        open_ = handling == "open" or revealed
        texts = tuple(inputs.text(sha) for sha in (example.request, example.response)) if open_ else ()
        state = (example, handling, open_, texts)
        if state == self._state:
            return
        self.example, self._state = example, state
        self.setAccessibleName(tr("Example {0}").format(example.code))
        cleared(self._inner)
        self._inner.addWidget(self._head(handling))
        if open_:
            self._words(texts, handling)
        else:
            self._cover(inputs)
        self._inner.addLayout(self._buttons())

    def _head(self, handling: str) -> QLabel:
        example = self.example
        parts = (
            tr("severity {0}").format(example.severity) if example.severity is not None else "",
            example.language or "",
            tr("near the line") if example.near_line else "",
            tr(HANDLING[handling]).lower() if handling in HANDLING else "",
        )
        said = " · ".join(part for part in (example.code, *parts) if part)
        return selectable(label(said, "small", tone="muted", wrap=True))

    def _words(self, texts: tuple[str | None, ...], handling: str) -> None:
        """What was asked and answered; None where nothing is kept."""
        example = self.example
        pairs = ((tr("Asked"), example.request, texts[0]), (tr("Answered"), example.response, texts[1]))
        for title, sha, words in pairs:
            if sha is None:
                continue
            said = tr("Not kept; its hash is.") if words is None else words[:LONGEST]
            if words is not None and len(words) > LONGEST:
                said += tr(" … ({0} characters more)").format(len(words) - LONGEST)
            self._inner.addWidget(label(title, "small", tone="muted"))
            made = label(said, wrap=True, tone="muted" if words is None else None)
            self._inner.addWidget(selectable(made) if handling == "open" else made)

    def _cover(self, inputs: Inputs) -> None:
        kept = any(inputs.text(sha) is not None for sha in (self.example.request, self.example.response))
        if not kept:
            self._inner.addWidget(label(tr("Its words are not kept; their hashes are."), tone="muted", wrap=True))
            return
        said = tr("What was asked and answered may be hazardous or upsetting. It is hidden.")
        self._inner.addWidget(label(said, tone="muted", wrap=True))
        self._inner.addLayout(row(button(tr("Reveal"), lambda: self._acts.reveal(self.example), part="link"), 1))

    def _buttons(self) -> QVBoxLayout:
        acts, example = self._acts, self.example
        other = tr("to the allowed side") if example.side == "violates" else tr("over the line")
        near = tr("Not near the line") if example.near_line else tr("Near the line")
        made = QVBoxLayout()
        made.setSpacing(0)
        tools: list[QWidget | int] = [
            button(tr("Edit"), lambda: acts.edit(example), part="link"),
            button(near, lambda: acts.near(example), part="link"),
            1,
            tool(tr("Move {0} {1}").format(example.code, other), "redo", lambda: acts.move(example)),
            tool(tr("Remove {0}").format(example.code), "remove", lambda: acts.remove(example)),
        ]
        made.addLayout(row(*tools, gap=TIGHT))
        pair = example.pair_of
        if pair:
            said = tr("Pair of {0}").format(pair)
            made.addLayout(row(button(said, lambda: acts.show(pair), part="link"), 1))
        else:
            said = tr("Add its pair on the other side")
            made.addLayout(row(button(said, lambda: acts.pair(example), part="link"), 1))
        return made

    def mark(self) -> None:
        """Put the cursor on the card."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
