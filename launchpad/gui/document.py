"""The open project as the window sees it: what it holds, what was computed from it, and how it is edited.

Screens show what this gives them and send wishes back. Computation happens in pool threads; only
frozen records and results cross over. The project file itself is touched in the window's thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from launchpad.changes import Change, Edit
from launchpad.edits.records import remove
from launchpad.errors import LaunchpadError
from launchpad.gui.arrivals import Arrivals
from launchpad.gui.columns import Wish, wanted
from launchpad.gui.jobs import Job, Pool, Progress
from launchpad.records import RECORDS, TABLES, Inputs, Launch, Plan, ProjectInfo, Record, field_of

if TYPE_CHECKING:
    from launchpad.edits.next_launch import NextLaunch
    from launchpad.project import Project
    from launchpad.results import Kept, Results

R = TypeVar("R", bound=Record)
POLL_MS = 1000
SETTLE_MS = 40
NAMED = 6
ALL_DRAWS = 10_000


class Document(QObject):
    """One open project.

    `changed` carries the names of tables that changed, by this window or another one; `computed`
    says that results were replaced; `outdated` that those shown no longer fit, or could not be
    computed (`trouble` says why). `results` are the newest, at first without what is drawn;
    `drawn` the newest with it, to be shown greyed while `drawn_stale`. `refused` carries a
    LaunchpadError, `told` a sentence for the status line, `sought` a record a person wants to see.
    """

    changed = Signal(object)
    switched = Signal()
    computed = Signal()
    outdated = Signal()
    refused = Signal(object)
    told = Signal(str)
    sought = Signal(object)

    def __init__(self, project: Project, pool: Pool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.pool = pool
        self.results: Results | None = None
        self.drawn: Results | None = None
        self.stale = True
        self._kept: Kept | None = None
        self.trouble: LaunchpadError | None = None
        self._computing: Job | None = None
        self._jobs: set[Job] = set()
        self._journal: tuple[str, list[tuple[int, Edit]]] | None = None
        self._arrivals = Arrivals()
        self._launch_id = self._remembered_launch()
        self.seen_before = self._seen()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._compute)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self.look_for_others)
        self._poll.start()

    @property
    def inputs(self) -> Inputs:
        """Everything in the file as of the last look."""
        return self.project.inputs

    @property
    def name(self) -> str:
        """What people call this project."""
        rows = self.inputs.rows(ProjectInfo)
        return rows[0].name if rows else Path(self.project.path).stem

    @property
    def memory(self) -> str:
        """The group of settings that belong to this project."""
        rows = self.inputs.rows(ProjectInfo)
        return f"projects/{rows[0].uuid if rows else 'unnamed'}"

    @property
    def launch(self) -> Launch | None:
        """The launch being looked at; None while the project has none."""
        launches = self.inputs.rows(Launch)
        chosen = next((launch for launch in launches if launch.id == self._launch_id), None)
        return chosen or _first_choice(launches)

    @property
    def plan(self) -> Plan | None:
        """The plan in use for that launch."""
        launch = self.launch
        if launch is None or launch.current_plan is None:
            return None
        plans = self.inputs.rows(Plan, launch.id)
        return next((plan for plan in plans if plan.code == launch.current_plan), None)

    def rows(self, record: type[R]) -> tuple[R, ...]:
        """The rows of a record that belong to this launch or to all launches."""
        launch = self.launch
        return () if launch is None else self.inputs.rows(record, launch.id)

    def named(self, name: str) -> Record | None:
        """The record that warnings and factors call `table address`, or None when it is gone."""
        table, _, address = name.partition(" ")
        record, launch = TABLES.get(table), self.launch
        if record is None:
            return None
        owned = launch is not None and field_of(record, "launch") is not None
        try:
            return self.inputs.find(record, address, launch.id if owned and launch else None)
        except LaunchpadError:
            return None

    def choose_launch(self, launch_id: int) -> None:
        """Look at another launch."""
        if self.launch is None or self.launch.id != launch_id:
            self._launch_id = launch_id
            QSettings().setValue(f"{self.memory}/launch", str(launch_id))
            self.results = self.drawn = None
            self.switched.emit()
            self.recompute()

    def edit(
        self,
        changes: Sequence[Change],
        label: str,
        *,
        reason: str = "",
        content: Mapping[str, bytes] | None = None,
        batch: str | None = None,
    ) -> bool:
        """Write these changes as one edit; whether they were written. Nothing to write is fine."""
        if not changes:
            return True
        return self._attempt(
            lambda: self.project.edit(changes, label, reason=reason, content=content or {}, batch=batch)
        )

    def write(self, wishes: Sequence[Wish]) -> bool:
        """Write typed cells as one edit: the commit of every table."""
        try:
            proposal = wanted(self.inputs, wishes, self.launch.id if self.launch else None)
        except LaunchpadError as error:
            self.refused.emit(error)
            return False
        return self.edit(proposal.changes, _label(self.inputs, wishes), content=proposal.content)

    def act(self, make: Callable[[], Sequence[Change]], label: str, *, reason: str = "") -> bool:
        """Write the changes an action of `edits` returns; its refusal is shown."""
        try:
            changes = make()
        except LaunchpadError as error:
            self.refused.emit(error)
            return False
        return self.edit(changes, label, reason=reason)

    def remove(self, rows: Sequence[Record]) -> bool:
        """Remove these rows and what is part of them, as one edit; refused while others name them."""
        if not rows:
            return False
        label = self.tr("Remove {0}").format(", ".join(self.inputs.address(row) for row in rows[:NAMED]))
        order = {record.table: place for place, record in enumerate(RECORDS)}

        def gone() -> list[Change]:
            changes = {(one.table, one.key): one for row in rows for one in remove(self.inputs, row)}
            return sorted(changes.values(), key=lambda change: order[change.table], reverse=True)

        return self.act(gone, label)

    def add_launch(self, name: str, model: str, day: str) -> None:
        """Add a launch with a scenario for each risk area, seen from today, and look at it."""
        from datetime import UTC, datetime

        from launchpad.edits.launches import new_launch

        today = datetime.now(UTC).date().isoformat()
        self._add_launch(
            lambda: new_launch(self.inputs, name=name, model=model, launch_date=day, as_of=today),
            self.tr("New launch {0}").format(name),
        )

    def follow_launch(self, source: Launch, wish: NextLaunch) -> None:
        """Add a launch that follows one, with a copy of its records, and look at it."""
        from launchpad.edits.next_launch import copy_launch

        label = self.tr("New launch {0} from {1}").format(wish.name, source.code)
        self._add_launch(lambda: copy_launch(self.inputs, source, wish), label)

    def _add_launch(self, make: Callable[[], Sequence[Change]], label: str) -> None:
        known = {launch.id for launch in self.inputs.rows(Launch)}
        if self.launch is not None:
            self._launch_id = self.launch.id
        if self.act(make, label):
            added = [launch.id for launch in self.inputs.rows(Launch) if launch.id not in known]
            for launch_id in added:
                self.choose_launch(launch_id)

    def undo(self) -> None:
        """Take back this window's newest edit."""
        self._step(self.project.can_undo, self.project.undo, self.tr("Undone: {0}"))

    def redo(self) -> None:
        """Make again what was undone last."""
        self._step(self.project.can_redo, self.project.redo, self.tr("Done again: {0}"))

    def revert(self, edit: Edit, reason: str = "") -> bool:
        """Take back one edit of the history, whoever made it; whether that was possible."""
        return self._attempt(lambda: self.project.revert(edit.uuid, reason=reason))

    def _step(self, label: str | None, step: Callable[[], object], words: str) -> None:
        if label is not None and self._attempt(step):
            self.told.emit(words.format(label))

    def _attempt(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except LaunchpadError as error:
            self.refused.emit(error)
            return False
        finally:
            self._take(self.project.refresh())
        return True

    def look_for_others(self) -> None:
        """Take over what other windows and programs wrote."""
        try:
            tables = self.project.refresh()
        except LaunchpadError as error:
            self._poll.stop()
            self.refused.emit(error)
            return
        if tables:
            self.told.emit(self.tr("Somebody else changed: {0}").format(", ".join(sorted(tables))))
        self._take(tables)

    def _take(self, tables: set[str]) -> None:
        if tables:
            if self.results is not None and not self.inputs.has(Launch, self.results.model.launch.id):
                self.results = self.drawn = None
            self.changed.emit(tables)
            self.recompute()

    @property
    def computing(self) -> bool:
        """Whether new results are on their way; without them stale ones stay until `recompute`."""
        return self._computing is not None or self._settle.isActive()

    def recompute(self) -> None:
        """Compute results anew shortly; those shown count as outdated until then."""
        self.stale = True
        if self._computing is not None:
            self._computing.cancel()
            self._computing = None
        self._settle.start()
        self.outdated.emit()

    @property
    def settled(self) -> bool:
        """Whether the results shown are those of now, with every draw."""
        return not self.stale and self.results is not None and self.results.draws >= ALL_DRAWS

    @property
    def drawn_stale(self) -> bool:
        """Whether intervals, tails and other drawn figures are of an earlier state than the rest."""
        return self.stale or self.drawn is not self.results

    def _compute(self) -> None:
        try:
            seen = self._arrivals.of(self.inputs, self.journal)
        except LaunchpadError as error:
            self.trouble = error
            self.outdated.emit()
        else:
            self._compute_with(0, seen)

    def _compute_with(self, draws: int, seen: Mapping[int, str]) -> None:
        """Compute with so many draws: none first, for means, ranks, totals and gates, then all for the rest."""
        launch, plan, inputs = self.launch, self.plan, self.inputs
        if launch is None:
            return

        def work(progress: Progress) -> object:
            from launchpad.results import Kept, compute

            self._kept = kept = self._kept or Kept()
            plan_id = None if plan is None else plan.id
            return compute(inputs, launch.id, plan_id, draws=draws, progress=progress, kept=kept, imported=seen)

        def show(results: Results) -> None:
            if self._computing is job:
                self.results, self.stale, self.trouble = results, False, None
                self._computing = None
                if results.complete:
                    self.drawn = results
                else:
                    self._compute_with(ALL_DRAWS, seen)
                self.computed.emit()

        def fail(error: LaunchpadError) -> None:
            if self._computing is job:
                self.trouble = error

        def over() -> None:
            if self._computing is job:
                self._computing = None
                self.outdated.emit()

        job = self.begin(self.tr("Computing"), work, show, fail)
        job.ended.connect(over)
        self._computing = job

    def begin(
        self,
        title: str,
        work: Callable[[Progress], object],
        done: Callable[[Any], object],
        failed: Callable[[LaunchpadError], object] | None = None,
        *,
        keeps: bool = False,
    ) -> Job:
        """Work for this project in the background; it is stopped when the project is closed.

        A LaunchpadError is shown in a notice unless `failed` takes it. Work that `keeps` is done
        with what it has when a person stops it.
        """
        job = self.pool.start(title, work, keeps=keeps)

        def finish(outcome: object) -> None:
            if job in self._jobs:
                done(outcome)

        self._jobs.add(job)
        job.ended.connect(lambda: self._jobs.discard(job))
        job.done.connect(finish)
        job.failed.connect(failed or self.refused)
        return job

    def journal(self) -> list[tuple[int, Edit]]:
        """Every edit with its number, oldest first; read again only when something was written."""
        if self._journal is None or self._journal[0] != self.inputs.head:
            self._journal = (self.inputs.head, self.project.journal())
        return self._journal[1]

    def since_last_visit(self) -> list[tuple[int, Edit]]:
        """Edits that came after this person last closed the project; none on the first visit."""
        if self.seen_before is None:
            return []
        return [(number, edit) for number, edit in self.journal() if number > self.seen_before]

    def _seen(self) -> int | None:
        stored = str(QSettings().value(f"{self.memory}/seen", ""))
        return int(stored) if stored.isdigit() else None

    def _remembered_launch(self) -> int | None:
        stored = str(QSettings().value(f"{self.memory}/launch", ""))
        return int(stored) if stored.isdigit() else None

    def close(self) -> None:
        """Remember what was seen, stop what is under way, and close the file."""
        self._poll.stop()
        self._settle.stop()
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self._computing = None
        journal = self.journal()
        if journal:
            QSettings().setValue(f"{self.memory}/seen", str(journal[-1][0]))
        self.project.close()


def _first_choice(launches: Sequence[Launch]) -> Launch | None:
    candidates = [launch for launch in launches if launch.status == "open"] or launches
    return max(candidates, key=lambda launch: (launch.launch_date, launch.code), default=None)


def _label(inputs: Inputs, wishes: Sequence[Wish]) -> str:
    """What an edit of cells is called in the history: `Set Owner of R-003`, `Set 12 cells`."""
    if len(wishes) != 1:
        return f"Set {len(wishes)} cells"
    row, column, _ = wishes[0]
    record = row.parts.get(column.part)
    return f"Set {column.title} of {inputs.address(record)}" if record is not None else column.title
