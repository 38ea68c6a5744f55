"""The time a plan may take, who is told how far it is, and how it is stopped."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from launchpad.errors import CancelledError

T = TypeVar("T")
Progress = Callable[[float, str], None]
_EVERY = 0.1


class Watch:
    """Seconds left of those asked for; passes progress on, and remembers that the person said stop."""

    def __init__(self, seconds: float, progress: Progress | None = None) -> None:
        self.seconds = seconds
        self.progress = progress
        self.began = time.monotonic()
        self.stopped = False
        self.words = "Reading the inputs"

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds left; 0 once the person said stop."""
        return 0.0 if self.stopped else max(0.0, self.seconds - self.elapsed)

    def until(self, seconds: float) -> "Watch":
        """The same watch with fewer seconds since the start; what it hears of a stop stays with it."""
        found = Watch(max(0.0, seconds), self.progress)
        found.began, found.stopped, found.words = self.began, self.stopped, self.words
        return found

    def say(self, words: str = "") -> None:
        """Tell how far it is."""
        self.words = words or self.words
        if self.progress is None or self.stopped:
            return
        try:
            self.progress(min(1.0, self.elapsed / max(self.seconds, _EVERY)), self.words)
        except CancelledError:
            self.stopped = True

    def run(self, solve: Callable[[], T], stop: Callable[[], None]) -> T:
        """What `solve` returns; meanwhile progress is told here, in the caller's thread.

        `stop` is called until `solve` ends when the person says stop: a solver hears it only while it searches.
        """
        found: list[T] = []
        failed: list[BaseException] = []

        def work() -> None:
            try:
                found.append(solve())
            except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
                failed.append(error)

        thread = threading.Thread(target=work, name="solver", daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_EVERY)
                self.say()
                if self.stopped:
                    stop()
        finally:
            while thread.is_alive():  # something else was raised here: nobody waits for the answer any more
                stop()
                thread.join(_EVERY)
        if failed:
            raise failed[0]
        return found[0]
