"""The switch for how safeguards fail: apart, as usual, or all together, always with all three totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from launchpad.gui import theme, words
from launchpad.gui.overview.numbers import Level
from launchpad.gui.pieces import label, row
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP
from launchpad.gui.tradeoffs.cloud import state_words

if TYPE_CHECKING:
    from launchpad.results.moves import OverlapName

OVERLAPS: Sequence[OverlapName] = ("independent", "beta", "comonotone")


class OverlapSwitch(QWidget):
    """`switched` carries the kind of overlap a person chose."""

    switched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        title = label(self.tr("If safeguards fail"), tone="muted")
        self._names: Mapping[OverlapName, str] = {
            "independent": self.tr("&independently"),
            "beta": self.tr("with &usual overlap"),
            "comonotone": self.tr("all &together"),
        }
        self._group = QButtonGroup(self)
        self.buttons: dict[OverlapName, QRadioButton] = {}
        for place, name in enumerate(OVERLAPS):
            made = QRadioButton(self._names[name])
            made.setChecked(name == "beta")
            made.toggled.connect(self._mark)
            self._group.addButton(made, place)
            self.buttons[name] = made
        self._group.idClicked.connect(self._clicked)
        self._mark()
        self.said = label("", "small", tone="muted")
        line = row(title, *self.buttons.values(), self.said, 1, gap=GAP)
        self.setLayout(line)

    def _mark(self, _on: object = None) -> None:
        """Write the chosen one in bold: a small dot is easily missed on dark ground."""
        for made in self.buttons.values():
            made.setFont(theme.font("strong" if made.isChecked() else "body"))

    def _clicked(self, place: int) -> None:
        self.switched.emit(OVERLAPS[place])

    def show_levels(self, levels: Sequence[Level], unit: str) -> None:
        """Show the totals of all states under each kind of overlap; the last state's beside its name."""
        last = levels[-1] if levels else None
        for name, made in self.buttons.items():
            total = "" if last is None else f":  {words.number(total_of(last, name))}"
            made.setText(self._names[name] + total)
            said = "; ".join(f"{words.number(total_of(one, name))} {state_words()[one.state]}" for one in levels)
            made.setAccessibleName(f"{self._names[name].replace('&', '')}: {said}")
            made.setToolTip(plain_tip(f"{self.tr('Technical risk')}: {said}\n{unit}"))
        what = "" if last is None else self.tr("technical risk {0}, harm units").format(state_words()[last.state])
        self.said.setText(what)


def total_of(level: Level, name: OverlapName) -> float | None:
    """The total of a state under one kind of overlap."""
    return {"independent": level.apart, "beta": level.value, "comonotone": level.together}[name]
