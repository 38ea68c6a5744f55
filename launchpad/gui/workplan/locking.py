"""Locks from any table or the calendar: a button, the context menu and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from launchpad.changes import Change
from launchpad.edits.locks import lock_of, set_lock, unlock
from launchpad.gui.document import Document
from launchpad.gui.pieces import button
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.workplan.lock_question import LockQuestion
from launchpad.records import Mitigation

MUST, NEVER, MORE, FREE = "Ctrl+L", "Ctrl+Shift+L", "Ctrl+Alt+L", "Ctrl+Alt+U"


class Locking(QObject):
    """Locks the mitigations that are chosen where the keys go; every act is one edit, and can be undone."""

    def __init__(self, document: Document, where: QWidget, chosen: Callable[[], Sequence[Mitigation]]) -> None:
        super().__init__(where)
        self._document, self._where, self._mitigations = document, where, chosen
        self.actions = [
            self._action(self.tr("&Must be done"), MUST, partial(self.lock, kind="must")),
            self._action(self.tr("Must &never be done"), NEVER, partial(self.lock, kind="never")),
            self._action(self.tr("&Start, team and way …"), MORE, self.ask),
            self._action(self.tr("&Take the lock away"), FREE, self.unlock),
        ]
        where.addActions(self.actions)

    def _action(self, text: str, keys: str, act: Callable[[], object]) -> QAction:
        made = QAction(text, self)
        made.setShortcut(QKeySequence(keys))
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.triggered.connect(lambda: act())  # noqa: PLW0108 - Qt would pass `checked` on
        return made

    def lock_button(self) -> QPushButton:
        """The button with all of it."""
        shown = button(self.tr("&Lock"), icon="lock")
        menu = QMenu(shown)
        menu.addActions(self.actions)
        shown.setMenu(menu)
        return shown

    def chosen(self) -> list[Mitigation]:
        """The mitigations chosen, each once; none says so."""
        found = list({one.id: one for one in self._mitigations()}.values())
        if not found:
            self._document.told.emit(self.tr("Choose a mitigation first; a run of an evaluation cannot be locked."))
        return found

    def lock(self, **values: object) -> None:
        """Give the lock on each mitigation chosen these values, as one edit."""
        self.lock_all(self.chosen(), **values)

    def lock_all(self, mitigations: Sequence[Mitigation], **values: object) -> None:
        """Give the lock on each of these mitigations these values, as one edit."""
        launch, inputs = self._document.launch, self._document.inputs
        if launch is None or not mitigations:
            return

        def changes() -> list[Change]:
            return [change for each in mitigations for change in set_lock(inputs, launch.id, each.id, **values)]

        self._document.act(changes, self.tr("Lock {0}").format(_codes(mitigations)))

    def unlock(self) -> None:
        """Take the locks away, as one edit."""
        launch, chosen, inputs = self._document.launch, self.chosen(), self._document.inputs
        if launch is None or not chosen:
            return

        def changes() -> list[Change]:
            return [change for each in chosen for change in unlock(inputs, launch.id, each.id)]

        self._document.act(changes, self.tr("Unlock {0}").format(_codes(chosen)))

    def ask(self) -> None:
        """Ask for everything a lock can say, and lock the mitigations chosen so."""
        launch, chosen, inputs = self._document.launch, self.chosen(), self._document.inputs
        if launch is None or not chosen:
            return
        known = lock_of(inputs, launch.id, chosen[0].id)
        asked = LockQuestion(inputs, launch, chosen, known, self._where)
        if asked.exec():
            self.lock_all(chosen, **asked.given())
        asked.deleteLater()


def _codes(mitigations: Sequence[Mitigation]) -> str:
    return ", ".join(each.code for each in mitigations)


def of_table(document: Document, pane: TablePane) -> Locking:
    """Locking for a table of which rows have a part `mitigation`, with its button in the line of tools."""

    def chosen() -> list[Mitigation]:
        return [found for found in chosen_parts(pane.view, "mitigation") if isinstance(found, Mitigation)]

    made = Locking(document, pane.view, chosen)
    pane.add_tools(made.lock_button())
    return made
