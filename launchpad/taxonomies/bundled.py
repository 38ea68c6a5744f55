"""The published taxonomies that come along: codes, names and hierarchy, with source, licence and what was verified."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from launchpad import paths
from launchpad.errors import UnknownRecordError
from launchpad.taxonomies.plain import tree_from
from launchpad.taxonomies.tree import Tree, settled

SCHEMA = "taxonomy.schema.json"


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundled taxonomy: its tree, who published it when, whether its names were read at the source, and remarks.

    `defined` says that its areas carry plain definitions of ours: such a list can be started from as it is.
    """

    tree: Tree
    publisher: str | None
    date: str | None
    verified: bool
    remarks: str | None
    defined: bool

    @property
    def standing(self) -> str:
        """How far its names were verified, in words."""
        said = self.tree.verification or "not said"
        return said if self.verified else f"UNVERIFIED: {said}"


@functools.cache
def bundled() -> Mapping[str, Bundled]:
    """The bundled taxonomies by slug: first those with definitions to start from, then the rest, each by name."""
    found = [_read(path) for path in sorted(_folder().glob("*.json")) if path.name != SCHEMA]
    found.sort(key=lambda one: (not one.defined, one.tree.code))
    return {one.tree.code: one for one in found}


def bundled_tree(slug: str) -> Bundled:
    """The bundled taxonomy of that slug; UnknownRecordError names those there are."""
    if slug not in bundled():
        raise UnknownRecordError(
            f"There is no bundled taxonomy called {slug!r}.", f"Choose one of: {', '.join(bundled())}."
        )
    return bundled()[slug]


def schema_text() -> str:
    """The JSON Schema of a taxonomy in JSON or YAML, as published."""
    return (_folder() / SCHEMA).read_text(encoding="utf-8")


def _folder() -> Path:
    return paths.resources() / "taxonomies"


def _read(path: Path) -> Bundled:
    data = cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
    return Bundled(
        tree=settled(tree_from(data, path.name, path.stem), path.name),
        publisher=data.get("publisher"),
        date=data.get("date"),
        verified=bool(data.get("verified", True)),
        remarks=data.get("remarks"),
        defined="definitions" in data,
    )
