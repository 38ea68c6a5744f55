"""What takes a while and is asked for by name: bring evidence in, make a plan, export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from launchpad.edits.criteria import first_seen
from launchpad.errors import LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.evidence.folders import folders_of, remember_folders
from launchpad.gui.evidence.importing import Import, Summary, Unclear
from launchpad.gui.jobs import Job, Progress
from launchpad.records import EvalResult, Plan, PlanItem, PlanPoint, SuccessCriterion

if TYPE_CHECKING:
    from launchpad.intake import Beginning
    from launchpad.planning import Around, PlanFound


def tr(words: str) -> str:
    """Words of errands in the person's language."""
    return QCoreApplication.translate("errands", words)


def import_files(document: Document, paths: Sequence[Path], *, keep_texts: bool = False) -> Import:
    """Bring evidence in while the window stays usable; folders among the paths are remembered.

    What the columns of an unknown table mean is asked after everything else was read; what came of it
    all is told once, at the end.
    """
    remember_folders(document, paths)
    return _begin(document, Import(document, paths, keep_texts=keep_texts))


def scan_folders(document: Document) -> Import | None:
    """Look through the remembered folders again: only files not seen before come in."""
    folders = folders_of(document)
    if not folders:
        return None
    known = {row.file_sha256 for row in document.inputs.rows(EvalResult) if row.file_sha256 is not None}
    return _begin(document, Import(document, folders, known=known))


def _begin(document: Document, under_way: Import) -> Import:
    under_way.unclear.connect(partial(_ask, document, under_way))
    under_way.ended.connect(partial(_tell, document))
    return under_way


def _ask(document: Document, under_way: Import, table: Unclear) -> None:
    """Read how a table begins, then ask what its columns mean."""

    def work(_progress: Progress) -> object:
        from launchpad.intake import beginnings

        return beginnings(table.path)

    def show(found: Sequence[Beginning]) -> None:
        from launchpad.gui.evidence.mapping import MappingDialog

        asked = MappingDialog(table.path, table.why, found, under_way.waiting - 1, _window_of(document))
        asked.accepted.connect(lambda: _answered(under_way, table, asked.answers()))
        asked.rejected.connect(lambda: under_way.go_on(skip=True))
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def failed(_error: LaunchpadError) -> None:
        under_way.go_on(skip=True)

    document.begin(tr("Reading {0}").format(table.path.name), work, show, failed)


def _answered(under_way: Import, table: Unclear, answers: Sequence[tuple[Sequence[str], str]]) -> None:
    kept = all(under_way.remember(headers, mapping, table.path.name) for headers, mapping in answers)
    under_way.go_on(skip=not kept)


def _tell(document: Document, summary: Summary) -> None:
    from launchpad.gui.evidence.summary import SummaryDialog, wants_a_look

    if wants_a_look(summary):
        shown = SummaryDialog(summary, _window_of(document))
        shown.finished.connect(shown.deleteLater)
        shown.open()


def _window_of(document: Document) -> QWidget | None:
    owner = document.parent()
    return owner if isinstance(owner, QWidget) else None


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


def explore(document: Document, seconds: float) -> Job | None:
    """Look around the current plan in the background: worth of teams' days, trade-offs, dates, others, core index."""
    launch, plan, inputs = document.launch, document.plan, document.inputs
    if launch is None or plan is None:
        return None

    def work(progress: Progress) -> object:
        from launchpad.edits.plans import stored
        from launchpad.planning import explore

        return explore(inputs, stored(inputs, plan), seconds=seconds, progress=progress)

    def done(found: Around) -> None:
        from launchpad.edits.plans import store, store_around

        if not document.inputs.has(Plan, plan.id):
            return
        around = (found.prices or (), found.points, found.core or ())
        document.act(lambda: store_around(document.inputs, plan, *around), tr("Explore around {0}").format(plan.code))
        fresh = [each for each in found.alternatives or () if not _kept_already(document, each)]
        for number, each in enumerate(fresh, start=1):
            title = tr("{0}, alternative {1}").format(plan.name, number)
            document.act(
                partial(store, document.inputs, launch.id, each, title, plan.code), tr("Keep {0}").format(title)
            )
        for words in found.notes:
            document.told.emit(words)

    return document.begin(tr("Exploring around the plan"), work, done, keeps=True)


def _kept_already(document: Document, found: PlanFound) -> bool:
    """Whether a plan of the launch does exactly what this one does."""
    does = {(each.variant_id, each.evaluation_id) for each in found.selected}
    return any(
        does == {(item.variant, item.evaluation) for item in document.inputs.children(PlanItem, "plan", plan.id)}
        for plan in document.rows(Plan)
    )


def made_already(document: Document, point: PlanPoint) -> Plan | None:
    """The plan that was made for a possible one from what the project still holds."""
    from launchpad.planning import wish_of
    from launchpad.scoring.identity import plan_hash

    words, launch = wish_of(point).words, document.launch
    if launch is None or not words:
        return None
    asked = [plan for plan in document.rows(Plan) if plan.basis == words]
    now = plan_hash(document.inputs, launch.id) if asked else ""
    return next((plan for plan in reversed(asked) if plan.input_hash == now), None)


def plan_point(document: Document, point: PlanPoint, seconds: float, shown: Callable[[Plan], object]) -> Job | None:
    """Make the joint plan behind a possible one in the background, and keep it beside the current one.

    `shown` is given the plan once it is stored.
    """
    launch, inputs = document.launch, document.inputs
    if launch is None:
        return None
    beside = launch.current_plan or ""

    def work(progress: Progress) -> object:
        from launchpad.planning import make_plan, wish_of

        return make_plan(inputs, launch.id, seconds=seconds, seed=launch.seed, progress=progress, wish=wish_of(point))

    def done(found: PlanFound) -> None:
        from launchpad.edits.plans import store

        title = found.basis or tr("Possible plan {0}").format(point.place)
        known = {plan.id for plan in document.inputs.rows(Plan)}
        if document.act(lambda: store(document.inputs, launch.id, found, title, beside), tr("Keep {0}").format(title)):
            for plan in document.inputs.rows(Plan):
                if plan.id not in known:
                    shown(plan)

    return document.begin(tr("Making the plan"), work, done)


def export(document: Document, path: Path, report: str = "brief") -> Job | None:
    """Write the workplan and all behind it, or that report, to a file, in the background."""
    launch, plan, inputs = document.launch, document.plan, document.inputs
    ready = document.results if document.settled else None
    if launch is None:
        return None
    plan_id, doing = None if plan is None else plan.id, tr("Exporting")
    seen: Mapping[int, str] = {}
    if inputs.rows(SuccessCriterion):
        seen = first_seen(edit for _, edit in document.journal())

    def work(progress: Progress) -> object:
        from launchpad.export import write
        from launchpad.results import compute

        progress(0.0, doing)
        results = ready or compute(inputs, launch.id, plan_id, progress=progress, imported=seen)
        write(path, inputs, results, plan_id, report=report, imported=seen)
        return path

    def done(_: object) -> None:
        document.told.emit(tr("Exported {0}").format(path.name))

    return document.begin(doing, work, done)
