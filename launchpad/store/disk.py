"""Putting finished files in place: whole, lasting, and never over what was there."""

import os
import sys
from pathlib import Path
from uuid import uuid4

from launchpad.errors import ProjectFileError


def part_beside(path: Path) -> Path:
    """A name for an unfinished file in the same folder, hidden and not taken."""
    return path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")


def put_new(part: Path, path: Path) -> None:
    """Give a finished file its name; ProjectFileError when something has that name already."""
    try:
        os.link(part, path)
    except FileExistsError as error:
        raise taken(path) from error
    except OSError:
        # No hard links here (exFAT, some shares): the name is taken first, then replaced.
        _reserve(path)
        part.replace(path)
    else:
        part.unlink()
    sync_folder(path)


def _reserve(path: Path) -> None:
    try:
        path.touch(exist_ok=False)
    except FileExistsError as error:
        raise taken(path) from error


def taken(path: Path) -> ProjectFileError:
    """That a file is in the way."""
    return ProjectFileError(f"{path} is there already.", "It was left as it is. Choose another name.")


def sync(path: Path) -> None:
    """Make what a file holds last through a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make a new name last through a power cut, where the system lets folders be synced."""
    if sys.platform == "win32":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
