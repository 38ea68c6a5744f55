"""The project itself, its coefficients, and the people named in it."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, moment, number, reference, text


@dataclass(frozen=True, kw_only=True)
class ProjectInfo(Record):
    """One row: what this project is called and what one unit of harm means in it."""

    table: ClassVar[str] = "project"
    label: ClassVar[str] = "Project"
    plural: ClassVar[str] = "Project"
    address: ClassVar[tuple[str, ...]] = ("uuid",)

    uuid: str = text("Identity", "Tells copies of one project from other projects.", set_by_program=True)
    name: str = text("Name", "What people call this project.", required=True)
    harm_unit: str = text(
        "Unit of harm",
        "What one unit of harm means; every severity in the project is counted in it.",
        default="one moderate harm to one person",
        required=True,
    )
    created: str | None = moment("Created", set_by_program=True)


@dataclass(frozen=True, kw_only=True)
class Coefficient(Record):
    """A number the model rests on that is nobody's measurement: an assumption to be seen and changed."""

    table: ClassVar[str] = "coefficient"
    label: ClassVar[str] = "Coefficient"
    plural: ClassVar[str] = "Coefficients"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    value: float = number("Value", required=True)
    basis: str | None = text("Basis", "Where the value comes from.", long=True)


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """Somebody who owns, rates, signs or edits; the name can be removed, the code stays."""

    table: ClassVar[str] = "person"
    label: ClassVar[str] = "Person"
    plural: ClassVar[str] = "People"

    code: str = text("Code", required=True)
    name: str | None = text("Name", "Kept apart so that it can be removed.", in_content=True)
    team: int | None = reference("Team", "team", required=False)
    roles: str | None = text("Roles", "What this person decides, advises on or is told.")
    public_key: str | None = text("Public key", "Ed25519, base64: what signatures of this person are checked against.")
