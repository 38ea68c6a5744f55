"""Risks without a home in the taxonomy: taken in, looked at, given a home or turned away."""

from collections.abc import Sequence
from datetime import UTC, datetime

from launchpad.changes import Change, insert
from launchpad.edits.own_links import add_link
from launchpad.edits.records import made_from, next_code, refuse_taken, set_values
from launchpad.errors import InvalidValueError
from launchpad.records import Inputs, RiskArea, UnknownRisk
from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.tree import Concept

PREFIX = "UR"


def take_in(
    inputs: Inputs, name: str, *, source: str, description: str | None = None, code: str | None = None
) -> Change:
    """The change that takes in one risk, as new."""
    made = made_from(
        UnknownRisk,
        {
            "code": code or next_code(inputs, UnknownRisk, prefix=PREFIX),
            "name": name,
            "description": description,
            "source": source,
            "found_on": datetime.now(UTC).date().isoformat(),
        },
    )
    refuse_taken(inputs, made)
    return insert(made)


def take_in_concepts(inputs: Inputs, taxonomy: str, version: str, concepts: Sequence[Concept]) -> list[Change]:
    """The changes that take in concepts of an external taxonomy; those taken in before, at any version, are left."""
    there = {_concept_of(row) for row in inputs.rows(UnknownRisk)}
    new = [one for one in concepts if (taxonomy, one.code) not in there]
    first = int(next_code(inputs, UnknownRisk, prefix=PREFIX).rpartition("-")[2])
    return [
        take_in(
            inputs,
            one.name,
            source=f"{taxonomy}@{version.replace(':', ' ')}:{one.code}",
            description=one.plain,
            code=f"{PREFIX}-{number:03d}",
        )
        for number, one in enumerate(new, first)
    ]


def triage(
    inputs: Inputs,
    risk: UnknownRisk,
    reason: str,
    *,
    status: str | None = None,
    home: RiskArea | None = None,
    relation: str | None = None,
) -> list[Change]:
    """The changes that say what became of a risk: being looked at, at home in an area, or no risk of ours.

    With `relation`, a concept it came from is linked to its home as reviewed. Raises InvalidValueError without a
    reason, for a home that is deprecated, and for a relation where it came from no concept.
    """
    if not reason.strip():
        raise InvalidValueError(f"What became of {risk.code} needs a reason.", "Say it with --reason.")
    if (home is None) == (status is None):
        raise InvalidValueError(f"What became of {risk.code} is not said.", "Give it a home, or a status.")
    if home is None:
        if relation is not None:
            raise InvalidValueError("A relation goes with a home.", "Say --home CODE.")
        return set_values(risk, status=status, area=None, reason=reason)
    if home.status == "deprecated":
        raise InvalidValueError(f"{home.code} is deprecated.", "Choose an area in use.")
    changes = set_values(risk, status="homed", area=home.id, reason=reason)
    if relation is not None:
        taxonomy, concept = _concept_of(risk)
        if not concept:
            raise InvalidValueError(f"{risk.code} came from no concept of a taxonomy.", "Leave --relation out.")
        named = {} if taxonomy in bundled() else {"version": _version_of(risk), "concept_name": risk.name}
        changes.append(add_link(inputs, home, taxonomy, concept, relation, reviewed=True, note=reason, **named))
    return changes


def _concept_of(risk: UnknownRisk) -> tuple[str, str]:
    """The taxonomy and code a risk came from; its source and nothing where it came from elsewhere."""
    taxonomy, at, rest = (risk.source or "").partition("@")
    return (taxonomy, rest.partition(":")[2]) if at and ":" in rest else (risk.source or "", "")


def _version_of(risk: UnknownRisk) -> str | None:
    return (risk.source or "").partition("@")[2].partition(":")[0] or None
