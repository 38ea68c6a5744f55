"""What is no longer edited: a released policy version with its clauses, and a released taxonomy with its areas."""

from launchpad.edits.released_areas import refuse_released_area, refuse_removed_area
from launchpad.errors import InvalidValueError
from launchpad.records import Clause, ClauseResponse, Inputs, PolicyVersion, Record, fields_of

MAY_CHANGE = frozenset({"changelog"})
AHEAD = "Draft the next version and change it there: launchpad policy draft."


def refuse_released(inputs: Inputs, row: Record) -> None:
    """Raise InvalidValueError when a row is part of what was released (or retired), or would release something.

    `row` is the row as it would be afterwards. Releasing is `launchpad policy release` and `launchpad taxonomy
    release`, which also keep what was released.
    """
    refuse_released_area(inputs, row)
    if isinstance(row, PolicyVersion):
        _refuse_version(inputs, row)
        return
    version = version_of(inputs, row)
    if version is not None and version.status != "draft":
        raise InvalidValueError(
            f"{row.label} {inputs.address(row)}: version {inputs.address(version)} is {version.status}, "
            "so its clauses are no longer edited.",
            AHEAD,
        )


def refuse_removal(inputs: Inputs, row: Record) -> None:
    """Raise InvalidValueError when a row to be removed is something released (or retired), or part of it."""
    refuse_removed_area(inputs, row)
    if isinstance(row, PolicyVersion) and row.status != "draft":
        raise InvalidValueError(
            f"Policy version {inputs.address(row)} is {row.status}; labels, runs and packs speak of it.",
            "Retire it instead: launchpad policy retire.",
        )
    refuse_released(inputs, row)


def version_of(inputs: Inputs, row: Record) -> PolicyVersion | None:
    """The policy version that a clause or a response is part of; None for any other row."""
    if isinstance(row, ClauseResponse) and inputs.has(Clause, row.clause):
        row = inputs.get(Clause, row.clause)
    if isinstance(row, Clause) and inputs.has(PolicyVersion, row.version):
        return inputs.get(PolicyVersion, row.version)
    return None


def _refuse_version(inputs: Inputs, row: PolicyVersion) -> None:
    before = inputs.get(PolicyVersion, row.id) if inputs.has(PolicyVersion, row.id) else None
    if before is None or before.status == "draft":
        if row.status != "draft":
            raise InvalidValueError(
                f"Policy version {inputs.address(row)}: a version becomes {row.status} by its own command.",
                "Use launchpad policy release, then launchpad policy retire.",
            )
        return
    changed = [one for one in fields_of(PolicyVersion) if getattr(before, one.name) != getattr(row, one.name)]
    if held := [one.label for one in changed if one.name not in MAY_CHANGE]:
        raise InvalidValueError(
            f"Policy version {inputs.address(before)} is {before.status}; {', '.join(held)} can no longer be changed.",
            AHEAD,
        )
