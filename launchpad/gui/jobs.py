"""Work that takes longer than a blink: in a pool thread, with progress, a time estimate and cancel."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from launchpad.errors import CancelledError, LaunchpadError
from launchpad.gui.pieces import label
from launchpad.gui.theme import GAP

Progress = Callable[[float, str], None]
SHOWN_AFTER_MS = 150
TOLD_EVERY_S = 0.05
STEPS = 1000


class Job(QObject):
    """One pure function at work: it is given a progress function, which raises when it was cancelled.

    `done` carries what the function returned, `failed` a LaunchpadError; anything else is a bug and
    is raised in the window's thread. `ended` comes last, whatever happened. Every signal arrives there.
    Work that `keeps` hands over what it has when it is stopped.
    """

    told = Signal(float, str)
    done = Signal(object)
    failed = Signal(object)
    ended = Signal()
    _returned = Signal(object)

    def __init__(
        self, title: str, work: Callable[[Progress], object], parent: QObject | None = None, *, keeps: bool = False
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.keeps = keeps
        self.started = time.monotonic()
        self.share = 0.0
        self.doing = title
        self._work = work
        self._cancelled = False
        self._told_at = 0.0
        self.told.connect(self._note)
        # Queued, also when the work was done before anybody could connect to `done`.
        self._returned.connect(self._end, Qt.ConnectionType.QueuedConnection)

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked for it to stop."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next word of progress."""
        self._cancelled = True

    def seconds_left(self) -> float | None:
        """How long it will take from here at the pace so far; None while too little is done."""
        spent = time.monotonic() - self.started
        return spent * (1 - self.share) / self.share if self.share > 0.02 and spent > 1 else None

    def progress(self, share: float, doing: str) -> None:
        """What the work calls in its thread; raises CancelledError once it was cancelled."""
        if self._cancelled:
            raise CancelledError(f"{self.title}: stopped.", "Nothing was changed.")
        if time.monotonic() - self._told_at >= TOLD_EVERY_S:
            self._told_at = time.monotonic()
            self.told.emit(share, doing)

    def run(self) -> object:
        """Do the work; called in a pool thread."""
        if self._cancelled:
            raise CancelledError(f"{self.title}: stopped.", "Nothing was changed.")
        return self._work(self.progress)

    def hand_over(self, future: Future[object]) -> None:
        """Send the outcome to the window's thread."""
        self._returned.emit(future)

    def _note(self, share: float, doing: str) -> None:
        self.share, self.doing = share, doing

    def _end(self, future: Future[object]) -> None:
        try:
            if not future.cancelled() and (self.keeps or not self._cancelled):
                self.done.emit(future.result())
        except CancelledError:
            self._cancelled = True
        except LaunchpadError as error:
            self.failed.emit(error)
        finally:
            self.ended.emit()


class Pool(QObject):
    """Runs jobs; `started` announces each so that a strip can show it."""

    started = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="launchpad")
        self._jobs: set[Job] = set()

    def start(self, title: str, work: Callable[[Progress], object], *, keeps: bool = False) -> Job:
        """The job, under way."""
        job = Job(title, work, self, keeps=keeps)
        self._jobs.add(job)
        job.ended.connect(lambda: self._forget(job))
        self.started.emit(job)
        self._threads.submit(job.run).add_done_callback(job.hand_over)
        return job

    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._jobs)

    def close(self) -> None:
        """Cancel what is under way and wait for its threads."""
        for job in self._jobs:
            job.cancel()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._jobs.clear()

    def _forget(self, job: Job) -> None:
        self._jobs.discard(job)
        job.deleteLater()


class ProgressStrip(QWidget):
    """What is under way, how far, how long still, and Cancel; hidden when nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._words = label()
        self._bar = QProgressBar()
        self._bar.setRange(0, STEPS)
        self._bar.setFixedWidth(160)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._cancel = QPushButton(self.tr("&Cancel"))
        self._cancel.setAccessibleName(self.tr("Cancel"))
        self._cancel.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._cancel.clicked.connect(self._stop)
        inner = QHBoxLayout(self)
        inner.setContentsMargins(0, 0, GAP, 0)
        for widget in (self._words, self._bar, self._cancel):
            inner.addWidget(widget)
        self.hide()

    def watch(self, job: Job) -> None:
        """Show a job once it has taken long enough to be noticed."""
        self._jobs.append(job)
        job.told.connect(self._say)
        job.ended.connect(lambda: self._drop(job))
        QTimer.singleShot(SHOWN_AFTER_MS, self, self._say)

    def _drop(self, job: Job) -> None:
        self._jobs.remove(job)
        self._say()

    def _shown(self) -> Job | None:
        """The newest job nobody has stopped, else the newest one."""
        return next((job for job in reversed(self._jobs) if not job.cancelled), self._jobs[-1] if self._jobs else None)

    def _stop(self) -> None:
        job = self._shown()
        if job is not None:
            job.cancel()
        self._say()

    def _say(self) -> None:
        job = self._shown()
        self.setVisible(job is not None)
        if job is None:
            return
        self._bar.setValue(round(STEPS * job.share))
        self._cancel.setText(self.tr("&Stop and keep") if job.keeps else self.tr("&Cancel"))
        self._cancel.setEnabled(not job.cancelled)
        self._words.setText(self.tr("Stopping …") if job.cancelled else _sentence(job))


def _sentence(job: Job) -> str:
    left = job.seconds_left()
    if left is None:
        return job.doing
    if left >= 90:
        return QCoreApplication.translate("jobs", "{0} · about {1} min left").format(job.doing, round(left / 60))
    return QCoreApplication.translate("jobs", "{0} · about {1} s left").format(job.doing, max(1, round(left)))
