"""The project file: the only room that knows SQL."""

from launchpad.store.copies import Copied
from launchpad.store.file import ProjectFile
from launchpad.store.finding import Finding
from launchpad.store.repair import repair

__all__ = ["Copied", "Finding", "ProjectFile", "repair"]
