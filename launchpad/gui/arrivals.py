"""When results came into the project, asked of the journal only when one is there that was not before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from launchpad.changes import Edit
from launchpad.records import EvalResult, Inputs


class Arrivals:
    """The moment of each result's first edit, as the command line has it."""

    def __init__(self) -> None:
        self._seen: Mapping[int, str] = {}

    def of(self, inputs: Inputs, journal: Callable[[], Sequence[tuple[int, Edit]]]) -> Mapping[int, str]:
        """When each result (row id) came in; nothing where nothing could have been set after it."""
        from launchpad.edits.criteria import first_seen, set_before_results

        if not set_before_results(inputs):
            return {}
        if any(row.id not in self._seen for row in inputs.rows(EvalResult)):
            self._seen = first_seen(edit for _, edit in journal())
        return self._seen
