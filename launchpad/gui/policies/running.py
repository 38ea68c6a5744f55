"""A run under way: asked in a pool thread, written in the window's thread as answers come, stopped at any time."""

from __future__ import annotations

from queue import Empty, Queue

from PySide6.QtCore import QObject, Signal

from launchpad.endpoints.keys import Key
from launchpad.errors import CancelledError, LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.jobs import Progress
from launchpad.gui.policies.study import tr
from launchpad.policies.run import Batch, RunPlan, RunWish, batches, begin

WAITING_S = 0.1


class Running(QObject):
    """`ended` carries the code of the run, or nothing where it did not begin. Each batch is written before the next."""

    ended = Signal(str)
    _ready = Signal(object)

    def __init__(self, document: Document, wish: RunWish, key: Key, plan: RunPlan | None = None) -> None:
        super().__init__(document)
        self.document = document
        self.code = "" if plan is None else plan.run.code
        self._written: Queue[bool] = Queue()
        self._ready.connect(self._write)
        inputs = document.inputs

        def work(progress: Progress) -> object:
            made = plan or begin(inputs, wish, key, progress)
            stopped: LaunchpadError | None = None
            try:
                for batch in batches(inputs, made, key, progress):
                    self._ready.emit(batch)
                    self._wait()
            except CancelledError:
                stopped = None
            except LaunchpadError as error:
                stopped = error
            return stopped

        self.job = document.begin(tr("Running the policy"), work, self._done, keeps=True)
        self.job.ended.connect(lambda: self.ended.emit(self.code))

    def _wait(self) -> None:
        """In the pool thread: wait until the batch was written; a project closed meanwhile ends the run."""
        while True:
            try:
                if self._written.get(timeout=WAITING_S):
                    return
            except Empty:
                if self.job.cancelled:
                    return
            else:
                said = tr("The answers could not be written.")
                raise CancelledError(said, tr("Nothing more was sent."))

    def _write(self, batch: Batch) -> None:
        self.code = batch.run.code
        written = self.document.edit(batch.changes, batch.label, content=batch.content, batch=batch.run.code)
        self._written.put(written)

    def _done(self, stopped: LaunchpadError | None) -> None:
        if stopped is not None:
            self.document.refused.emit(stopped)
        elif self.job.cancelled:
            self.document.told.emit(tr("Run {0} was stopped; its answers are kept.").format(self.code))
        else:
            self.document.told.emit(tr("Run {0} is complete.").format(self.code))
