"""Projects to start from: an empty one, one seeded from a published taxonomy, the sample launch."""

import csv
import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from launchpad import paths
from launchpad.changes import Change
from launchpad.edits.criteria import seal
from launchpad.edits.evidence import add_file
from launchpad.edits.launches import new_launch
from launchpad.edits.load import load, refuse_unknown
from launchpad.edits.records import table_named
from launchpad.edits.taxonomy_trees import seed
from launchpad.errors import ImportRefusedError
from launchpad.intake import read
from launchpad.project import Project
from launchpad.records import Inputs, Launch, Record, SuccessCriterion
from launchpad.taxonomies.bundled import bundled, bundled_tree

DEFAULT_WEEKS_AHEAD = 10
SAMPLE_NAME = "Sample launch"


def taxonomies() -> dict[str, Mapping[str, Any]]:
    """The bundled taxonomies by slug: name, version, source, licence, how far verified, number of areas."""
    return {
        slug: {
            "name": found.tree.name,
            "version": found.tree.version,
            "source": found.tree.source,
            "licence": found.tree.licence,
            "verification": found.standing,
            "verified": found.verified,
            "nodes": len(found.tree.concepts),
        }
        for slug, found in bundled().items()
    }


def new_project(
    path: Path,
    *,
    name: str,
    taxonomy: str | None = None,
    launch: str | None = None,
    launch_date: str | None = None,
) -> Project:
    """A new project file; with a taxonomy its risk areas, with a launch one scenario for each of them.

    Raises UnknownRecordError for an unknown taxonomy before anything is written.
    """
    seeds = [] if taxonomy is None else taxonomy_changes(taxonomy)
    wish = None if launch is None and launch_date is None else _wish(launch or name, launch_date)
    if wish is not None:
        new_launch(Inputs({}), **wish)  # refuses a bad date before there is a file
    project = Project.create(path, name=name)
    _do(project, seeds, f"Start from {taxonomy}")
    if wish is not None:
        _do(project, new_launch(project.inputs, **wish), f"New launch {wish['name']}")
    return project


def _wish(name: str, launch_date: str | None) -> dict[str, str]:
    today = datetime.now(UTC).date()
    day = launch_date or (today + timedelta(weeks=DEFAULT_WEEKS_AHEAD)).isoformat()
    return {"name": name, "model": name, "launch_date": day, "as_of": today.isoformat()}


def taxonomy_changes(slug: str) -> list[Change]:
    """The changes that add a bundled taxonomy and its risk areas; UnknownRecordError for an unknown slug."""
    found = bundled_tree(slug)
    return seed(dataclasses.replace(found.tree, verification=found.standing))


def sample_project(path: Path) -> Project:
    """The sample launch as a new project: tables loaded, published results imported, success criteria sealed."""
    folder = paths.resources() / "sample"
    project = Project.create(path, name=SAMPLE_NAME)
    for file in sorted(folder.glob("[0-9]*.csv")):
        record = table_named(file.stem.partition("_")[2])
        if record.table == "evidence_link":
            _import_sample_evidence(project, folder / "evidence")
        _load_sample_table(project, record, file)
    now = datetime.now(UTC).isoformat()
    seals = [change for row in project.inputs.rows(SuccessCriterion) for change in seal(project.inputs, row, now)]
    _do(project, seals, "Seal success criteria")
    return project


def _import_sample_evidence(project: Project, folder: Path) -> None:
    for file in sorted(folder.glob("*.csv")):
        added = add_file(project.inputs, read(file))
        _do(project, added.proposal.changes, f"Import {file.name}", added.proposal.content)


def _load_sample_table(project: Project, record: type[Record], file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    refuse_unknown(record, rows[0] if rows else ())
    loaded = load(project.inputs, record, rows, _only_launch(project.inputs))
    if loaded.refused:
        first = loaded.refused[0]
        raise ImportRefusedError(
            f"The bundled {file.name} has {len(loaded.refused)} bad rows; row {first.row}: {first.what}",
            "Install Launchpad again.",
        )
    _do(project, loaded.proposal.changes, f"Load {record.plural.lower()}", loaded.proposal.content)


def _do(project: Project, changes: Sequence[Change], label: str, content: Mapping[str, bytes] | None = None) -> None:
    project.edit(changes, label, content=content or {})
    project.refresh()


def _only_launch(inputs: Inputs) -> int | None:
    launches = inputs.rows(Launch)
    return launches[0].id if launches else None
