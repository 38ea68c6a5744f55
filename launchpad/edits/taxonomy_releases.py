"""Releases of the project's own taxonomy: a draft that follows the last one, released with a snapshot for good."""

import dataclasses
import hashlib
from datetime import UTC, datetime

from launchpad.changes import Change, insert, update
from launchpad.edits import Proposal
from launchpad.edits.areas import lineage
from launchpad.edits.records import made_from, refuse_taken
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Inputs, RiskArea, TaxonomyRelease
from launchpad.taxonomies.own import snapshot, tree_of
from launchpad.taxonomies.tree import settled


def current(inputs: Inputs, code: str | None = None) -> TaxonomyRelease:
    """The release of that code, else the one the risk areas belong to now; the draft, where there is one.

    Raises UnknownRecordError when there is none, or several taxonomies and none was named.
    """
    if code is not None:
        return inputs.find(TaxonomyRelease, code)
    followed = {row.previous for row in inputs.rows(TaxonomyRelease)}
    newest = [row for row in inputs.rows(TaxonomyRelease) if row.code not in followed]
    if not newest:
        raise UnknownRecordError(
            "The project has no taxonomy yet.", "Import one (launchpad taxonomy import), or start with --taxonomy."
        )
    drafts = [row for row in newest if row.status == "draft"]
    if len(newest) > 1 and len(drafts) != 1:
        codes = ", ".join(sorted(row.code for row in newest))
        raise UnknownRecordError("The project has several taxonomies.", f"Name one with --release: {codes}.")
    return (drafts or newest)[0]


def draft(inputs: Inputs, release: TaxonomyRelease, version: str, code: str | None = None) -> Proposal:
    """The changes that start the next release: its areas are edited there; the one before keeps its snapshot."""
    if release.status != "released":
        raise InvalidValueError(f"{release.code} is a draft already.", "Release it first: launchpad taxonomy release.")
    follower = next((row for row in inputs.rows(TaxonomyRelease) if row.previous == release.code), None)
    if follower is not None:
        raise InvalidValueError(f"{release.code} is already followed by {follower.code}.", "Draft from that one.")
    first = lineage(inputs, release)[-1]
    values = {name: getattr(release, name) for name in ("name", "source", "licence", "verification")}
    about = {"code": code or f"{first.code}@{version}", "version": version, "previous": release.code, "status": "draft"}
    made = made_from(TaxonomyRelease, {**values, **about})
    refuse_taken(inputs, made)
    kept, content = _kept(inputs, release)
    areas = inputs.children(RiskArea, "release", release.id)
    moved = [update(area, release=made.id) for area in areas]
    changes = [*kept, insert(made), *(change for change in moved if change is not None)]
    return Proposal(tuple(changes), content)


def release(inputs: Inputs, drafted: TaxonomyRelease, on: str | None = None) -> Proposal:
    """The changes that release a draft: its areas as they stand are kept for good, new ones come into use.

    Raises ImportRefusedError for a circle of parents, InvalidValueError for what is released already.
    """
    if drafted.status == "released":
        raise InvalidValueError(f"{drafted.code} is released already.", "Draft the next one: launchpad taxonomy draft.")
    areas = [area for area in inputs.children(RiskArea, "release", drafted.id) if area.status == "draft"]
    used = [change for area in areas if (change := update(area, status="active")) is not None]
    rows = {area.id for area in areas}
    table = tuple(area if area.id not in rows else _active(area) for area in inputs.rows(RiskArea))
    after = inputs.with_rows({RiskArea.table: table}, inputs.head)
    day = on or datetime.now(UTC).date().isoformat()
    tree = settled(tree_of(after, drafted), drafted.code)
    block = snapshot(tree)
    digest = hashlib.sha256(block).hexdigest()
    change = update(drafted, status="released", released_on=day, snapshot=digest)
    return Proposal((*used, *([] if change is None else [change])), {digest: block})


def _active(area: RiskArea) -> RiskArea:
    return dataclasses.replace(area, status="active")


def _kept(inputs: Inputs, release: TaxonomyRelease) -> tuple[list[Change], dict[str, bytes]]:
    """The snapshot of a release that has none yet, such as one a project was started from."""
    if release.snapshot is not None:
        return [], {}
    block = snapshot(tree_of(inputs, release))
    digest = hashlib.sha256(block).hexdigest()
    change = update(release, snapshot=digest)
    return [] if change is None else [change], {digest: block}
