"""Evidence files from strangers in, plain records out: streamed, bounded, nothing guessed."""

from launchpad.intake.reading import Refused, detect, read, read_all
from launchpad.intake.report import as_json, failures, interval_of
from launchpad.intake.table import Mapping, Preview, Recall, preview
from launchpad.intake.table.trial import Beginning, Trial, beginnings, doubts, trial

__all__ = [
    "Beginning",
    "Mapping",
    "Preview",
    "Recall",
    "Refused",
    "Trial",
    "as_json",
    "beginnings",
    "detect",
    "doubts",
    "failures",
    "interval_of",
    "preview",
    "read",
    "read_all",
    "trial",
]
