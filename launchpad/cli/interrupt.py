"""Ctrl-C while something is searched for: the first asks to stop and keep what was found, the second breaks off."""

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

from launchpad.cli.asked import Progress
from launchpad.errors import CancelledError

INTERRUPTED = 4


@contextmanager
def stoppable(report: Progress) -> Generator[Callable[[float, str], None]]:
    """A function that passes progress on, and raises CancelledError once the person has pressed Ctrl-C."""
    asked = threading.Event()
    main = threading.current_thread() is threading.main_thread()

    def tell(share: float, words: str) -> None:
        if main:  # a solver that listens for Ctrl-C itself leaves nobody listening behind it
            signal.signal(signal.SIGINT, stop)
        if asked.is_set():
            raise CancelledError("Stopped.", "What was found so far is kept.")
        if report is not None:
            report(share, words)

    def stop(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            signal.default_int_handler(number, frame)
        asked.set()

    if not main:
        yield tell
        return
    usual = signal.signal(signal.SIGINT, stop)
    try:
        yield tell
    finally:
        signal.signal(signal.SIGINT, usual)
