"""What takes a while and is asked for by name: bring evidence in, make a plan, export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QCoreApplication

from launchpad.errors import ImportRefusedError
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.records.imported import ImportedFile

if TYPE_CHECKING:
    from launchpad.planning import PlanFound


def tr(words: str) -> str:
    """Words of errands in the person's language."""
    return QCoreApplication.translate("errands", words)


def import_files(document: Document, paths: Sequence[Path]) -> Job:
    """Read evidence files in the background, then write each as one edit; all undo together."""

    def work(progress: Progress) -> object:
        from launchpad.intake import read_all

        return list(read_all(list(paths), progress=progress))

    def done(files: Sequence[object]) -> None:
        _take_files(document, files)

    return document.begin(tr("Reading evidence"), work, done)


def _take_files(document: Document, files: Sequence[object]) -> None:
    from launchpad.edits.evidence import add_file

    batch, added, known = str(uuid4()), 0, 0
    problems: list[str] = []
    for file in files:
        if not isinstance(file, ImportedFile):
            problems.append(str(getattr(file, "error", file)))
            continue
        name = Path(file.path).name
        taken = add_file(document.inputs, file)
        proposal = taken.proposal
        label = tr("Import {0}").format(name)
        if not document.edit(proposal.changes, label, content=proposal.content, batch=batch):
            return
        added, known = added + taken.added, known + taken.unchanged
        problems.extend(f"{name}, {one.where}: {one.what}" for one in file.problems)
    document.told.emit(tr("{0} results added, {1} already known.").format(added, known))
    if problems:
        said = tr("{0} results were added, {1} things could not be read or need a look.").format(added, len(problems))
        document.refused.emit(ImportRefusedError(said, "\n".join(problems)))


def make_plan(document: Document, name: str, seconds: float) -> Job | None:
    """Search a workplan in the background; what is found is stored and becomes the current plan.

    Stopped early, the best plan so far is kept, and named so.
    """
    launch, inputs = document.launch, document.inputs
    if launch is None:
        return None

    def work(progress: Progress) -> object:
        from launchpad.planning import make_plan

        return make_plan(inputs, launch.id, seconds=seconds, seed=launch.seed, progress=progress)

    def done(found: PlanFound) -> None:
        from launchpad.edits.plans import store

        title = tr("{0} (stopped early)").format(name) if found.stopped else name
        document.act(lambda: store(document.inputs, launch.id, found, title), tr("Make {0}").format(title))

    return document.begin(tr("Making a plan"), work, done, keeps=True)


def export(document: Document, path: Path) -> Job | None:
    """Write the workplan and all behind it to a file, in the background."""
    launch, plan, inputs = document.launch, document.plan, document.inputs
    ready = document.results if document.settled else None
    if launch is None:
        return None
    plan_id, doing = None if plan is None else plan.id, tr("Exporting")

    def work(progress: Progress) -> object:
        from launchpad.export import write
        from launchpad.results import compute

        progress(0.0, doing)
        write(path, inputs, ready or compute(inputs, launch.id, plan_id, progress=progress), plan_id)
        return path

    def done(_: object) -> None:
        document.told.emit(tr("Exported {0}").format(path.name))

    return document.begin(doing, work, done)
