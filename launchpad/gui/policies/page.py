"""One tab of the policies screen: it shows a version of a policy, and what was worked out of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from launchpad.gui.document import Document
from launchpad.gui.policies.study import Study
from launchpad.records import PolicyVersion


class Page(QWidget):
    """Filled when it is seen and something changed; `named` carries the code of a clause to be shown among clauses.

    `exampled` carries the code of an example to be shown there.
    """

    named = Signal(str)
    exampled = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.version: PolicyVersion | None = None
        self.study: Study | None = None
        self.chosen = ""
        self._shown: tuple[object, ...] | None = None

    @property
    def current(self) -> Study | None:
        """What was worked out of this version, if it was, of whatever state of the file."""
        study, version = self.study, self.version
        return study if study is not None and version is not None and study.version == version.id else None

    def show_version(self, version: PolicyVersion, study: Study | None, chosen: str) -> None:
        """Show a version, its study, and the code of the clause that is looked at; nothing where they are shown."""
        wanted = (self.document.inputs.head, version.id, id(study), chosen)
        self.version, self.study, self.chosen = version, study, chosen
        if wanted != self._shown:
            self._shown = wanted
            self.fill(version)

    def forget(self) -> None:
        """Show everything anew the next time."""
        self._shown = None

    def fill(self, version: PolicyVersion) -> None:
        """Show the version."""
        raise NotImplementedError
