"""What an operation on a risk area does to all that hangs on it: labels, evidence links, policies, scenarios."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from launchpad.changes import Change, update
from launchpad.edits.handling import LEVELS, handling_of
from launchpad.edits.released import version_of
from launchpad.errors import InvalidValueError
from launchpad.records import (
    RECORDS,
    AreaChange,
    AreaFacet,
    AreaParent,
    CrosswalkLink,
    EvidenceLink,
    Example,
    Inputs,
    Label,
    Record,
    RiskArea,
    Scenario,
    fields_of,
)

KEEP, MAP, RELABEL = "keep", "map", "relabel"
MOVES = frozenset({"exact", "close", "broad"})
OF_THE_TREE = (RiskArea, AreaParent, AreaFacet, AreaChange, CrosswalkLink)
KEPT_RELEASED = "part of a released policy version; follow it in the next draft"


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one record: it stays, moves to the area `to`, or must be judged anew (relabel); and why."""

    table: str
    address: str
    carried: str
    to: str | None = None
    words: str = ""


def carries(relation: str) -> str:
    """Whether labels and evidence go from an area to one that stands to it so: only if the same, close or broader."""
    return MAP if relation in MOVES else RELABEL


def effects(inputs: Inputs, area: RiskArea, carried: str, to: RiskArea | None = None) -> Iterator[Effect]:
    """What becomes of every record that hangs on an area, in the order of the tables."""
    code = None if to is None or carried != MAP else to.code
    for row, _ in attached(inputs, area):
        if carried == MAP and _is_released(inputs, row):
            yield Effect(row.table, inputs.address(row), KEEP, None, KEPT_RELEASED)
            continue
        yield Effect(row.table, inputs.address(row), carried, code)
        if isinstance(row, Scenario):
            for link in inputs.children(EvidenceLink, "scenario", row.id):
                yield Effect(link.table, inputs.address(link), carried, code, "through its scenario")
        if isinstance(row, Example):
            for label in inputs.children(Label, "example", row.id):
                yield Effect(label.table, inputs.address(label), carried, code, "through its example")
    for link in inputs.children(CrosswalkLink, "area", area.id) if carried != KEEP else ():
        yield Effect(link.table, inputs.address(link), KEEP, None, "stays with the old area; judge its successor anew")


def moved(inputs: Inputs, area: RiskArea, to: RiskArea) -> list[Change]:
    """The changes that move what hangs on an area to another; clauses of released policy versions stay.

    Raises InvalidValueError when the other area is handled less carefully: restricted evidence never becomes open.
    """
    before, after = handling_of(inputs, area), handling_of(inputs, to) if inputs.has(RiskArea, to.id) else to.handling
    if LEVELS.index(after) < LEVELS.index(before):
        raise InvalidValueError(
            f"{area.code} is {before} and {to.code} only {after}; what hangs on it would be handled less carefully.",
            f"Set the handling of {to.code} to {before} first.",
        )
    changes = [update(row, **{name: to.id}) for row, name in attached(inputs, area) if not _is_released(inputs, row)]
    return [change for change in changes if change is not None]


def to_judge_anew(inputs: Inputs) -> Iterator[tuple[str, str]]:
    """The deprecated areas on which something still hangs, each with a sentence saying what."""
    for area in inputs.rows(RiskArea):
        if area.status != "deprecated":
            continue
        found = Counter(row.plural.lower() for row, _ in attached(inputs, area) if not _is_released(inputs, row))
        if found:
            counts = ", ".join(f"{count} {what}" for what, count in found.items())
            yield area.code, f"On {area.code}, which is deprecated, still hang: {counts}. Judge them anew."


def attached(inputs: Inputs, area: RiskArea) -> Iterator[tuple[Record, str]]:
    """Every record outside the taxonomy that names an area, with the field that does."""
    for record in RECORDS:
        if record in OF_THE_TREE:
            continue
        for declared in fields_of(record):
            if declared.refers == RiskArea.table:
                for row in inputs.children(record, declared.name, area.id):
                    yield row, declared.name


def _is_released(inputs: Inputs, row: Record) -> bool:
    version = version_of(inputs, row)
    return version is not None and version.status != "draft"
