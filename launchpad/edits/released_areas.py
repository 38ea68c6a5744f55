"""What is no longer edited of a released taxonomy: its risk areas with their parents and facets, and its own row."""

from collections.abc import Iterator

from launchpad.errors import InvalidValueError
from launchpad.records import AreaChange, AreaFacet, AreaParent, Inputs, Record, RiskArea, TaxonomyRelease, fields_of

OF_AN_AREA = frozenset({"handling", "owner", "capability"})
OF_A_RELEASE = frozenset({"source", "licence", "verification"})
AHEAD = (
    "Draft the next release (launchpad taxonomy draft) and change it there: launchpad taxonomy add, rename, redefine, "
    "move, split, merge, deprecate or restore."
)


def refuse_released_area(inputs: Inputs, row: Record) -> None:
    """Raise InvalidValueError when a row would change a released taxonomy, or release one.

    `row` is the row as it would be afterwards. How an area is handled, who answers for it and which capability it
    depends on is this project's own, and may change; so may where a release comes from.
    """
    if isinstance(row, TaxonomyRelease):
        _refuse_release(inputs, row)
        return
    before = inputs.get(type(row), row.id) if inputs.has(type(row), row.id) else None
    if isinstance(row, RiskArea) and before is not None and not _changed(before, row) - OF_AN_AREA:
        return
    for held in filter(None, (before, row)):
        for release in _releases(inputs, held):
            _refuse(inputs, row, release)


def refuse_removed_area(inputs: Inputs, row: Record) -> None:
    """Raise InvalidValueError when a row to be removed is a released taxonomy, or part of one."""
    if isinstance(row, TaxonomyRelease) and row.status == "released":
        raise InvalidValueError(
            f"Taxonomy release {row.code} is released; labels, evidence and later releases speak of its areas.",
            "Draft the next release and deprecate areas there, or take back the edit that brought it in: "
            "launchpad revert.",
        )
    for release in _releases(inputs, row):
        _refuse(inputs, row, release)


def _releases(inputs: Inputs, row: Record) -> Iterator[TaxonomyRelease]:
    """The release that a row is part of, if it is part of one."""
    area: int | None = row.area if isinstance(row, AreaParent | AreaFacet) else None
    if area is not None and inputs.has(RiskArea, area):
        row = inputs.get(RiskArea, area)
    if isinstance(row, RiskArea | AreaChange) and inputs.has(TaxonomyRelease, row.release):
        yield inputs.get(TaxonomyRelease, row.release)


def _refuse(inputs: Inputs, row: Record, release: TaxonomyRelease) -> None:
    if release.status == "released":
        raise InvalidValueError(
            f"{row.label} {inputs.address(row)}: {release.code} is released, so its risk areas are no longer edited.",
            AHEAD,
        )


def _refuse_release(inputs: Inputs, row: TaxonomyRelease) -> None:
    before = inputs.get(TaxonomyRelease, row.id) if inputs.has(TaxonomyRelease, row.id) else None
    if before is None or before.status == "draft":
        if row.status == "released":
            raise InvalidValueError(
                f"Taxonomy release {row.code}: a draft becomes released by its own command, which keeps its areas.",
                "Leave it a draft, then use launchpad taxonomy release.",
            )
        return
    changed = [one.label for one in fields_of(TaxonomyRelease) if one.name in _changed(before, row) - OF_A_RELEASE]
    if changed:
        raise InvalidValueError(
            f"Taxonomy release {before.code} is released; {', '.join(changed)} can no longer be changed.", AHEAD
        )


def _changed(before: Record, after: Record) -> set[str]:
    """The fields in which two states of a row differ."""
    return {one.name for one in fields_of(type(after)) if getattr(before, one.name) != getattr(after, one.name)}
