"""PyRIT: attack results and scores, as JSON that people dump or in the SQLite memory itself."""

from launchpad.intake.pyrit import dumps, memory
from launchpad.intake.pyrit.results import Gathered, results_of
from launchpad.intake.source import Source
from launchpad.records.imported import ImportedFile, Problem

HARNESS: str = "pyrit"


def recognises(source: Source) -> bool:
    """Whether the JSON begins with attack results, scores or pieces of conversations, or PyRIT's tables are there."""
    return memory.recognises(source) or dumps.recognises(source)


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """The share of attacks that succeeded, for each kind of attack, target and harm; without attacks, of scores.

    Errors and undetermined attacks stay out of the share. Raises ImportRefusedError for a memory that
    is damaged, or whose schema is not what PyRIT makes.
    """
    found = Gathered(keep_texts)
    if memory.recognises(source):
        memory.gather(source, found)
    else:
        dumps.gather(source, found)
    results = tuple(results_of(found, keep=keep_outcomes))
    if not results:
        found.problems.append(Problem("attacks", "neither an attack result nor a score in it"))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        harness_version=found.version,
        run_id=found.run_id,
        status=found.status,
        started=min(found.moments, default=None),
        completed=max(found.moments, default=None),
        results=results,
        problems=(*found.problems, *found.texts.problems()),
        texts=found.texts.columns(),
    )
