"""Evidence coming in: read in a pool thread, written file by file, and told of once at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from launchpad.edits.evidence import Added, Known, add_file
from launchpad.edits.mappings import mapping_for
from launchpad.edits.questions import in_place_questions, polarity_questions, recalled
from launchpad.errors import CancelledError, ConflictError, ImportRefusedError, LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.jobs import Progress
from launchpad.records import Inputs
from launchpad.records.imported import ImportedFile

if TYPE_CHECKING:
    from launchpad.intake import Refused

SHOWN_EVERY_MS = 4000
WAITING_S = 0.1
TABLE = "table"


def tr(words: str) -> str:
    """Words of the import in the person's language."""
    return QCoreApplication.translate("importing", words)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A table whose columns a person must explain before it comes in, and why."""

    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """One file read, and what it would write."""

    file: ImportedFile
    added: Added


@dataclass
class Summary:
    """What one import did; `refused` and `problems` hold a file or place and what is the matter with it."""

    files: int = 0
    added: int = 0
    known: int = 0
    passed: int = 0
    stopped: bool = False
    questions: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    skipped: list[Unclear] = field(default_factory=list[Unclear])
    problems: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def sentence(self) -> str:
        """What came in, in one line."""
        parts = [tr("Results added: {0}, from files: {1}").format(self.added, self.files)]
        for count, words in (
            (self.known, tr("already known: {0}")),
            (self.passed, tr("files seen before: {0}")),
            (len(self.refused), tr("files refused: {0}")),
            (len(self.skipped), tr("tables left out: {0}")),
            (len(self.problems), tr("problems: {0}")),
            (self.questions, tr("new questions: {0}")),
        ):
            if count:
                parts.append(words.format(count))
        text = ", ".join(parts) + "."
        return tr("Stopped early: {0}").format(text) if self.stopped else text


class Import(QObject):
    """One import under way; `unclear` asks about a table (answer by `go_on`), `ended` carries the Summary.

    Each file is one edit, all of them undo together. Reading waits for writing, so that no more than
    two files are held in memory.
    """

    unclear = Signal(object)
    ended = Signal(object)
    _ready = Signal(object)

    def __init__(
        self,
        document: Document,
        paths: Sequence[Path],
        *,
        keep_texts: bool = False,
        known: Collection[str] = (),
    ) -> None:
        super().__init__(document)
        self.document = document
        self.summary = Summary()
        self._paths = list(paths)
        self._keep_texts = keep_texts
        self._known = frozenset(known)
        self._batch = str(uuid4())
        self._waiting: list[Unclear] = []
        self._tables: set[str] = set()
        self._questions = open_questions(document.inputs)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SHOWN_EVERY_MS)
        self._soon.timeout.connect(self._show)
        self._ready.connect(self._take)
        self._begin()

    @property
    def waiting(self) -> int:
        """How many tables are still to be explained."""
        return len(self._waiting)

    def _begin(self) -> None:
        """Read the paths that are left, with the mappings remembered by now."""
        self._waiting = []
        inputs = self.document.inputs
        self._head, self._written_to = inputs.head, False
        self._turns: Queue[Inputs | None] = Queue()
        recall = mapping_for(inputs)
        paths, known = self._paths, self._known

        def work(progress: Progress) -> object:
            return self._read(paths, recall, inputs, known, progress)

        self.job = self.document.begin(tr("Reading evidence"), work, self._read_all, self._failed, keeps=True)

    def _read(
        self,
        paths: Sequence[Path],
        recall: Callable[[Sequence[str]], str | None],
        inputs: Inputs,
        seen_before: Collection[str],
        progress: Progress,
    ) -> bool:
        """In the pool thread: read file after file and hand each on; whether it was stopped early."""
        from launchpad.intake import read_all
        from launchpad.intake.source import sha256

        def seen(path: Path) -> bool:
            with suppress(OSError):
                if seen_before and path.is_file() and sha256(path) in seen_before:
                    self._ready.emit(path)
                    return True
            return False

        known, waits = Known(inputs), False
        try:
            for item in read_all(paths, keep_texts=self._keep_texts, recall=recall, skip=seen, progress=progress):
                ready = _prepared(item, recall)
                if isinstance(ready, ImportedFile):
                    changed = self._written(progress) if waits else None
                    known = known if changed is None else Known(changed)
                    ready, waits = _Taken(ready, add_file(known, ready, keep_texts=self._keep_texts)), True
                self._ready.emit(ready)
        except CancelledError:
            return True
        return False

    def _written(self, progress: Progress) -> Inputs | None:
        """In the pool thread: wait until the file before was written; what the project holds if others wrote too."""
        while True:
            try:
                return self._turns.get(timeout=WAITING_S)
            except Empty:
                progress(self.job.share, self.job.doing)

    def _take(self, ready: object) -> None:
        if isinstance(ready, Path):
            self.summary.passed += 1
        elif isinstance(ready, Unclear):
            self._waiting.append(ready)
        elif isinstance(ready, _Taken):
            if not self.job.cancelled:
                self._write(ready)
        else:
            self._note_refused(ready)

    def _note_refused(self, refused: Refused | object) -> None:
        error = getattr(refused, "error", refused)
        self.summary.refused.append((Path(getattr(refused, "path", "")).name, str(error)))

    def _write(self, ready: _Taken) -> None:
        name, added = Path(ready.file.path).name, ready.added
        changed = None if self._written_to else self._changed_by_others()
        try:
            try:
                if changed is not None:
                    added = add_file(changed, ready.file, keep_texts=self._keep_texts)
                alone = self._edit(name, added)
            except ConflictError:
                added = add_file(self._refreshed(), ready.file, keep_texts=self._keep_texts)
                alone = not self._edit(name, added)
            if changed is not None or not alone:
                changed = self._refreshed()
        except LaunchpadError as error:
            self.summary.refused.append((name, str(error)))
            self.job.cancel()
            return
        self._turns.put(changed)
        self.summary.files += 1
        self.summary.added += added.added
        self.summary.known += added.unchanged
        told = (*ready.file.problems, *added.problems)
        self.summary.problems += [(f"{name}, {one.where}", one.what) for one in told]
        if not self._soon.isActive():
            self._soon.start()

    def _changed_by_others(self) -> Inputs | None:
        """What the project holds, when somebody else has written since reading began."""
        before = self.document.project.inputs.head
        now = self._refreshed()
        return None if now.head == before else now

    def _edit(self, name: str, added: Added) -> bool:
        """Write one file; whether nobody else has written since the one before."""
        label, proposal = tr("Import {0}").format(name), added.proposal
        made = self.document.project.edit(proposal.changes, label, content=proposal.content, batch=self._batch)
        if made is None:
            return True
        alone = made.parents == (self._head,)
        self._head, self._written_to = made.sha256, True
        return alone

    def _refreshed(self) -> Inputs:
        self._tables |= self.document.project.refresh()
        return self.document.project.inputs

    def _show(self) -> None:
        """Take in what was written so far, and tell every screen."""
        with suppress(LaunchpadError):
            self._refreshed()
        tables, self._tables = self._tables, set()
        if tables:
            self.document.changed.emit(tables)

    def _failed(self, error: LaunchpadError) -> None:
        self.summary.refused.append(("", str(error)))
        self._end()

    def _read_all(self, stopped: bool) -> None:
        if stopped:
            self.summary.stopped = True
            self.summary.skipped += self._waiting
            self._end()
        elif self._waiting:
            self._show()
            self.unclear.emit(self._waiting[0])
        else:
            self._end()

    def go_on(self, *, skip: bool) -> None:
        """Go on after a question about a table: without that table, or with it and what was said about it."""
        first, *others = self._waiting
        if skip:
            self.summary.skipped.append(first)
            self._waiting = others
        if skip and others:
            self.unclear.emit(others[0])
        elif self._waiting:
            self._paths = [one.path for one in self._waiting]
            self._begin()
        else:
            self._end()

    def remember(self, headers: Sequence[str], mapping: str, name: str) -> bool:
        """Keep what the columns of a table mean; whether that could be written."""
        from launchpad.edits.mappings import remember

        try:
            changes = remember(self.document.inputs, headers, mapping, name)
        except LaunchpadError as error:
            self.document.refused.emit(error)
            return False
        return self.document.edit(changes, tr("Remember the columns of {0}").format(name), batch=self._batch)

    def _recall_directions(self) -> None:
        """Give new evaluations the direction that was said for their metric before."""
        with suppress(LaunchpadError):
            changes = recalled(self.document.inputs)
            self.document.edit(changes, tr("Recall directions said before"), batch=self._batch)

    def _end(self) -> None:
        self._soon.stop()
        self._show()
        if self.summary.files:
            self._recall_directions()
            self.document.recompute()
        self.summary.questions = max(0, open_questions(self.document.inputs) - self._questions)
        self.document.told.emit(self.summary.sentence())
        self.ended.emit(self.summary)
        self.deleteLater()


def open_questions(inputs: Inputs) -> int:
    """How many questions only a person can answer are open."""
    return len(polarity_questions(inputs)) + len(in_place_questions(inputs))


def _prepared(
    item: ImportedFile | Refused, recall: Callable[[Sequence[str]], str | None]
) -> ImportedFile | Refused | Unclear:
    """The file as it is, or the question about its columns that must be answered first."""
    from launchpad.intake import Refused, doubts

    if isinstance(item, Refused):
        return Unclear(item.path, str(item.error)) if _unknown_columns(item.path, recall) else item
    if item.harness != TABLE:
        return item
    why = doubts(Path(item.path), recall)
    return Unclear(Path(item.path), why) if why else item


def _unknown_columns(path: Path, recall: Callable[[Sequence[str]], str | None]) -> bool:
    """Whether a refused file is a sound table of which no column is known."""
    from launchpad.intake import beginnings, detect

    try:
        if not path.is_file() or detect(path) != TABLE:
            return False
        found = beginnings(path, recall)
    except (ImportRefusedError, OSError):
        return False
    return any(len(row) > 1 for one in found for row in one.rows) and all(one.mapping is None for one in found)
