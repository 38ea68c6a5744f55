"""The launch brief as it will be sent, as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launchpad.records import Inputs, Launch, Plan
    from launchpad.results import Results


def brief_of(inputs: Inputs, launch: Launch, results: Results, plan: Plan | None, imported: Mapping[int, str]) -> str:
    """The brief as Markdown; `imported` says when each result (row id) came into the project."""
    from launchpad.export.facts import Facts
    from launchpad.export.reports import report
    from launchpad.export.to_markdown import as_markdown

    return as_markdown(report(Facts(inputs, launch, results, plan, datetime.now(UTC), imported))).decode()
