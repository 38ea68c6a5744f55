"""How a field of a record is declared: once, with everything anybody needs to know about it.

A record is a frozen dataclass whose fields are made by the functions below. SQL columns, table
headers, forms, Excel headers, command-line help, JSON Schema and the data dictionary are all
read from that one declaration, through `fields_of` and `columns_of`.
"""

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeVar, cast

Type = Literal["text", "whole", "number", "flag", "date", "moment"]
Scale = Literal["log", "logit", "identity"]
Value = str | int | float | bool | None
R = TypeVar("R", bound="Record")

KINDS = ("measured", "elicited", "assumed")
ESTIMATE_PARTS = ("low", "median", "high", "kind")


@dataclass(frozen=True, slots=True)
class Estimate:
    """An uncertain number: 5 %, 50 % and 95 % points, and how it is known."""

    low: float
    median: float
    high: float
    kind: str = "assumed"


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field: how it is called, what it means, which values it takes.

    `low` and `high` bound the value (inclusive). `choices` maps stored value to label. `refers`
    names the table a row id points to. `scale` is set for an estimate only. `group` ties fields
    that are guarded, merged and undone as one. `required` means never None. `in_content` means
    the row holds only the SHA-256 of a text that lies in `content`, so that it can be removed.
    `part_of` means the row goes when the row it refers to goes.
    """

    name: str
    label: str
    help: str
    type: Type
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    refers: str | None = None
    scale: Scale | None = None
    group: str | None = None
    required: bool = False
    long: bool = False
    set_by_program: bool = False
    in_content: bool = False
    part_of: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One stored column of a field; an estimate has four, every other field one."""

    name: str
    type: Type
    field: Field
    part: str | None
    nullable: bool
    group: str


def _declare(default: object, **declared: object) -> Any:  # noqa: ANN401 - typed by the attribute it is assigned to
    return dataclasses.field(default=cast("Any", default), metadata={"declared": declared})


REQUIRED = dataclasses.MISSING


def text(
    label: str,
    help: str = "",  # noqa: A002 - the word people use
    *,
    default: str | None = None,
    required: bool = False,
    long: bool = False,
    group: str | None = None,
    set_by_program: bool = False,
    in_content: bool = False,
) -> Any:  # noqa: ANN401
    """Declare words."""
    value = REQUIRED if required and default is None else default
    return _declare(
        value,
        label=label,
        help=help,
        type="text",
        required=required,
        long=long,
        group=group,
        set_by_program=set_by_program,
        in_content=in_content,
    )


def choice(
    label: str,
    help: str,  # noqa: A002
    choices: Mapping[str, str],
    *,
    default: str | None = None,
    required: bool = True,
    group: str | None = None,
) -> Any:  # noqa: ANN401
    """Declare one of a few values, each with its label."""
    value = REQUIRED if required and default is None else default
    return _declare(value, label=label, help=help, type="text", choices=choices, required=required, group=group)


def number(
    label: str,
    help: str = "",  # noqa: A002
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    default: float | None = None,
    required: bool = False,
    group: str | None = None,
) -> Any:  # noqa: ANN401
    """Declare a plain (certain) number."""
    value = REQUIRED if required and default is None else default
    return _declare(
        value,
        label=label,
        help=help,
        type="number",
        unit=unit,
        low=low,
        high=high,
        required=required,
        group=group,
    )


def whole(
    label: str,
    help: str = "",  # noqa: A002
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    default: int | None = None,
    required: bool = False,
    group: str | None = None,
) -> Any:  # noqa: ANN401
    """Declare a whole number."""
    value = REQUIRED if required and default is None else default
    return _declare(
        value,
        label=label,
        help=help,
        type="whole",
        unit=unit,
        low=low,
        high=high,
        required=required,
        group=group,
    )


def flag(label: str, help: str = "", *, default: bool | None = False) -> Any:  # noqa: A002, ANN401
    """Declare yes or no; with the default None also unknown."""
    return _declare(default, label=label, help=help, type="flag", required=default is not None)


def date(
    label: str,
    help: str = "",  # noqa: A002
    *,
    required: bool = False,
    group: str | None = None,
) -> Any:  # noqa: ANN401
    """Declare a calendar day, kept as YYYY-MM-DD."""
    value = REQUIRED if required else None
    return _declare(value, label=label, help=help, type="date", required=required, group=group)


def moment(
    label: str,
    help: str = "",  # noqa: A002
    *,
    group: str | None = None,
    set_by_program: bool = False,
) -> Any:  # noqa: ANN401
    """Declare a point in time, kept as ISO 8601 in UTC."""
    return _declare(None, label=label, help=help, type="moment", group=group, set_by_program=set_by_program)


def reference(
    label: str,
    refers: str,
    help: str = "",  # noqa: A002
    *,
    required: bool = True,
    part_of: bool = False,
) -> Any:  # noqa: ANN401
    """Declare a link to a row of the table `refers`, kept as its row id; people see its code."""
    value = REQUIRED if required else None
    return _declare(value, label=label, help=help, type="whole", refers=refers, required=required, part_of=part_of)


def estimate(
    label: str,
    help: str = "",  # noqa: A002
    *,
    scale: Scale,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    default: Estimate | None = None,
    required: bool = False,
) -> Any:  # noqa: ANN401
    """Declare an uncertain number (three points and how it is known), guarded as one."""
    value = REQUIRED if required and default is None else default
    return _declare(
        value,
        label=label,
        help=help,
        type="number",
        scale=scale,
        unit=unit,
        low=low,
        high=high,
        required=required,
    )


@dataclass(frozen=True, kw_only=True)
class Record:
    """A row of one table; every record has a row id made by the program.

    `table` is its name in the file and on the command line, `label` and `plural` are its names
    for people, `address` the fields by which people name a row (its code, or its parts). The
    fields in `beside` say where a row came from and change no number: fingerprints leave them out.
    """

    table: ClassVar[str]
    label: ClassVar[str]
    plural: ClassVar[str]
    address: ClassVar[tuple[str, ...]] = ("code",)
    beside: ClassVar[frozenset[str]] = frozenset()

    id: int


@functools.cache
def fields_of(record: type[Record]) -> tuple[Field, ...]:
    """The declared fields of a record in order; the row id is not one of them."""
    return tuple(
        Field(name=item.name, **item.metadata["declared"]) for item in dataclasses.fields(record) if item.name != "id"
    )


@functools.cache
def field_of(record: type[Record], name: str) -> Field | None:
    """The declared field of that name, or None if the record has none."""
    return next((field for field in fields_of(record) if field.name == name), None)


@functools.cache
def columns_of(record: type[Record]) -> tuple[Column, ...]:
    """The stored columns of a record in order; the row id is not one of them."""
    columns: list[Column] = []
    for field in fields_of(record):
        group = field.group or field.name
        if field.scale is None:
            columns.append(Column(field.name, field.type, field, None, not field.required, group))
            continue
        for part in ESTIMATE_PARTS:
            kind: Type = "text" if part == "kind" else "number"
            name = f"{field.name}_{part}"
            columns.append(Column(name, kind, field, part, not field.required, group))
    return tuple(columns)


def values_of(record: Record) -> dict[str, Value]:
    """The record as column values, an estimate spread over its four columns; no row id."""
    values: dict[str, Value] = {}
    for field in fields_of(type(record)):
        value = getattr(record, field.name)
        if field.scale is None:
            values[field.name] = value
            continue
        for part in ESTIMATE_PARTS:
            values[f"{field.name}_{part}"] = None if value is None else getattr(value, part)
    return values


def record_from(record: type[R], row_id: int, values: Mapping[str, Value]) -> R:
    """The record of these column values; an estimate with an empty median is None."""
    found: dict[str, Any] = {}
    for field in fields_of(record):
        if field.scale is None:
            found[field.name] = values[field.name]
            continue
        parts = [values[f"{field.name}_{part}"] for part in ESTIMATE_PARTS]
        found[field.name] = None if parts[1] is None else Estimate(*cast("Any", parts))
    return record(id=row_id, **found)
