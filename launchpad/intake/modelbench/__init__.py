"""MLCommons modelbench (AILuminate): records and journals; standards and annotations are no results."""

import re

from launchpad.errors import ImportRefusedError
from launchpad.intake.lines import first_line_keys
from launchpad.intake.modelbench import journal, record
from launchpad.intake.modelbench.scores import record_id, start_in
from launchpad.intake.source import Source, first_keys
from launchpad.intake.values import as_list, text, utc
from launchpad.records.imported import ImportedFile, Problem

HARNESS: str = "modelbench"
FIRST_BYTES = 4096
_START = re.compile(rb'"message"\s*:\s*"starting journal"')


def recognises(source: Source) -> bool:
    """Whether this is a record, a journal, or one of the files modelbench keeps beside them."""
    return _kind(source) is not None


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """The share of safe answers and the grade, overall and for each hazard.

    Refused are standards, which are what others are measured against, and annotations, which cover only
    the prompts that may be shared, so that a rate of them is not the benchmark's.
    """
    kind = _kind(source)
    if kind == "standards":
        raise ImportRefusedError(
            f"{source.path} holds the standards of a benchmark: reference values, not a result.",
            "Import the benchmark_record of the run.",
        )
    if kind == "annotations":
        raise ImportRefusedError(
            f"{source.path} holds annotations of the shareable prompts only: their rate is not the benchmark's.",
            "Import the benchmark_record or the journal of the run.",
        )
    if kind == "record":
        return _record(source, sha256)
    return _journal(source, sha256, keep_outcomes=keep_outcomes, keep_texts=keep_texts)


def _record(source: Source, sha256: str) -> ImportedFile:
    problems: list[Problem] = []
    found = record.load(source.path, problems)
    results = tuple(record.results_of(found, problems))
    if not results:
        problems.append(Problem("scores", "the record holds no score"))
    run_id = text(found.get("run_uid"))
    ends = [utc(score.get("end_time")) for score in map(record.as_object, as_list(found.get("scores")))]
    completed = max(filter(None, ends), default=None)
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        harness_version=text(found.get("version")),
        run_id=run_id,
        # modelbench writes a record only of a benchmark it has scored.
        status="complete" if results else "unknown",
        started=utc(start_in(run_id)) or completed,
        completed=completed,
        results=results,
        problems=tuple(problems),
    )


def _journal(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool) -> ImportedFile:
    found = journal.read_journal(source.path, keep_outcomes=keep_outcomes, keep_texts=keep_texts)
    results = tuple(journal.results_of(found))
    run_id = text(found.heads.get("starting run", {}).get("run_id"))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        run_id=record_id(run_id, found.benchmarks),
        status=found.status,
        started=found.moment("starting run"),
        completed=found.moment("finished run"),
        results=results,
        problems=(*found.problems, *journal.endings(found)),
        texts=found.said.rows.columns(),
    )


def _kind(source: Source) -> str | None:
    if source.start.startswith(journal.ZSTANDARD_MAGIC):
        return "journal" if _begins_journal(source) else None
    if _START.search(source.start) and "message" in first_line_keys(source, b'"message"'):
        return "journal"
    keys = first_keys(source.start)
    if "reference_standards" in keys.get("standards", ()):
        return "standards"
    if "annotations" in keys and "job_id" in keys:
        return "annotations"
    is_record = "uid" in keys.get("benchmark", ()) and bool({"run_uid", "scores"} & keys.keys())
    return "record" if is_record else None


def _begins_journal(source: Source) -> bool:
    """Whether what is compressed begins as a journal does."""
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(source.start) as reader:
            begin = reader.read(FIRST_BYTES)
    except zstandard.ZstdError:
        return False
    return bool(_START.search(begin.partition(b"\n")[0]))
