"""The answer of `launchpad update --json`, declared once: what a workbook that came back would change."""

from typing import Annotated, TypedDict


class UpdatedValue(TypedDict):
    """One value that a workbook would change, in words."""

    record: Annotated[str, "The variant by its code; with a slash and the team's code for an effort."]
    field: str
    exported: Annotated[str | None, "As the workbook was exported; null where that is not known."]
    project: Annotated[str, "What the project holds; empty for nothing."]
    workbook: Annotated[str, "What the workbook says; empty for nothing."]
    where: Annotated[list[str], "The cells that say it."]


class NewEffort(TypedDict):
    """What new work takes of one team."""

    team: str
    days: Annotated[float, "Person-days."]


class NewWorkRow(TypedDict):
    """A row that was added: a mitigation with one way of doing it."""

    mitigation: str
    variant: str
    name: str
    values: Annotated[dict[str, str], "What was filled in, by column, in words."]
    effort: list[NewEffort]
    where: list[str]


class RefusedCell(TypedDict):
    """A cell or row that is not taken, and why."""

    where: str
    what: str


class Updated(TypedDict):
    """The answer of `launchpad update --json`."""

    workbook: str
    launch: str
    written: Annotated[bool, "Whether changes and new work were written; conflicts never are."]
    changes: list[UpdatedValue]
    conflicts: Annotated[list[UpdatedValue], "Changed in the project and in the workbook, each otherwise."]
    new: list[NewWorkRow]
    refused: list[RefusedCell]
    remarks: list[str]
