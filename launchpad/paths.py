"""Where resources and migrations lie: in a checkout, in an installed wheel, in a frozen bundle."""

import sys
from pathlib import Path


def _root(name: str) -> Path:
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [package / f"_{name}", package.parent / name]
    if frozen is not None:
        candidates.insert(0, Path(frozen) / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"{name}/ is missing from this installation of Launchpad")


def resources() -> Path:
    """The folder of bundled data: sample launch, scales, taxonomies, icons."""
    return _root("resources")


def migrations() -> Path:
    """The folder of schema migrations."""
    return _root("migrations")
