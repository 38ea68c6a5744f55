"""Evidence files from strangers in, plain records out: streamed, bounded, nothing guessed."""

from launchpad.intake.reading import Refused, detect, read, read_all
from launchpad.intake.report import as_json, failures, interval_of
from launchpad.intake.table import Mapping, Preview, preview

__all__ = [
    "Mapping",
    "Preview",
    "Refused",
    "as_json",
    "detect",
    "failures",
    "interval_of",
    "preview",
    "read",
    "read_all",
]
