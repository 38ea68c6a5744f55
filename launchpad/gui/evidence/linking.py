"""The question what results are evidence for, asked when a person links them by hand."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from launchpad.gui import words
from launchpad.gui.asking import Question
from launchpad.records import EvidenceLink, field_of
from launchpad.records.links import NEARNESS


class LinkQuestion(Question):
    """Asks which scenario results speak about, and how near what was tested is to what goes out."""

    def __init__(self, scenarios: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            self.tr("Link to scenario"),
            self.tr(
                "The chosen results become evidence of how often this scenario's violation happens. "
                "What is only near counts half, what is different a quarter."
            ),
            self.tr("&Link"),
        )
        self._scenario = self.choice(self.tr("&Scenario"), scenarios)
        nearness = [(words.translate("records", title), name) for name, title in NEARNESS.items()]
        self._near = {name: self.choice(_title(name), nearness) for name in ("snapshot", "surface", "language")}
        self._relevance: QLineEdit = self.line(self.tr("&Relevance, 0 to 1"), "1")
        self._reason: QLineEdit = self.line(self.tr("R&eason"), needed=False)

    def scenario(self) -> str:
        """The code of the scenario."""
        return str(self._scenario.currentData())

    def judgement(self) -> dict[str, object]:
        """The other fields of the link."""
        from launchpad.edits.values import parse

        declared = field_of(EvidenceLink, "relevance")
        relevance = self._relevance.text()
        return {
            **{name: str(box.currentData()) for name, box in self._near.items()},
            "relevance": 1.0 if declared is None else parse(declared, words.plain(declared, relevance)),
            "reason": self._reason.text().strip() or None,
        }


def _title(name: str) -> str:
    declared = field_of(EvidenceLink, name)
    return name if declared is None else words.translate("records", declared.label)
