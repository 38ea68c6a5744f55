"""A workbook that came back: read in the background, shown, and written as one edit when a person agrees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from launchpad.errors import LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress

if TYPE_CHECKING:
    from launchpad.edits.workbook_update import WorkbookUpdate
    from launchpad.gui.workbook_update import WorkbookUpdateDialog
    from launchpad.intake.returned import ReturnedWorkbook


def tr(words: str) -> str:
    """Words of this errand in the person's language."""
    return QCoreApplication.translate("workbook_errand", words)


def update_from_workbook(document: Document, path: Path) -> Job:
    """Read a workbook in the background, then show what it would change; a file that is none of ours is refused."""
    inputs, journal = document.inputs, [edit for _, edit in document.journal()]

    def work(progress: Progress) -> object:
        from launchpad.edits.workbook_update import update_from
        from launchpad.intake.workplan import read_workplan

        progress(0.0, tr("Reading {0}").format(path.name))
        book = read_workplan(path)
        return book, update_from(inputs, book, journal)

    def done(found: tuple[ReturnedWorkbook, WorkbookUpdate]) -> None:
        _show(document, *found)

    return document.begin(tr("Reading {0}").format(path.name), work, done)


def _show(document: Document, book: ReturnedWorkbook, update: WorkbookUpdate) -> None:
    from launchpad.gui.workbook_update import WorkbookUpdateDialog

    owner = document.parent()
    dialog = WorkbookUpdateDialog(
        document.inputs, book.path.name, update, owner if isinstance(owner, QWidget) else None
    )
    dialog.accepted.connect(lambda: _write(document, book, update, dialog))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _write(document: Document, book: ReturnedWorkbook, update: WorkbookUpdate, dialog: WorkbookUpdateDialog) -> None:
    """Write what was agreed to; where the project no longer holds what was shown, show it anew instead."""
    from launchpad.edits.workbook_changes import changes_of
    from launchpad.edits.workbook_update import update_from

    agreed = dialog.agreed()
    try:
        document.look_for_others()
        now = update_from(document.inputs, book, [edit for _, edit in document.journal()])
        offered = (*now.changes, *now.new, *now.conflicts)
        if not all(one in offered for one in agreed):
            document.told.emit(tr("The project was changed meanwhile: look again before writing."))
            _show(document, book, now)
            return
        proposal = changes_of(document.inputs, update.launch, agreed)
    except LaunchpadError as error:
        document.refused.emit(error)
        return
    if document.edit(proposal.changes, tr("Update from {0}").format(book.path.name), content=proposal.content):
        document.told.emit(tr("Taken over from {0}: {1}").format(book.path.name, len(agreed)))
