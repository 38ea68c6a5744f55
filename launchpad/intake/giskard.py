"""giskard 2.x scans: issues in sentences, sorted by detector and severity; findings, not measurements."""

from collections import Counter
from collections.abc import Iterator, Mapping

from launchpad.intake import csvs, jsons
from launchpad.intake.lines import repeats_into
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import PIECE, Source, first_keys
from launchpad.intake.values import as_list, as_object, shortened, text
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

HARNESS: str = "giskard"
TASK = "giskard scan"
MAX_SENTENCE = 300
MAX_RESULTS = 1_000
_END = "Detector"


def recognises(source: Source) -> bool:
    """Whether every key names a detector, or the columns are those of a scan as a data frame."""
    keys = first_keys(source.start)
    if keys:
        return all(key.endswith(_END) for key in keys)
    return csvs.top(source).has("slicing_fn", "transformation_fn", "deviation")


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:  # noqa: ARG001
    """How many issues each detector found at each severity, or in each domain of a data frame.

    Each issue's sentence is listed as a finding. There is no n, no model and no date in a scan, and an
    issue is found only where a detector looked: no count of zero is given.
    """
    problems: list[Problem] = []
    from_json = bool(first_keys(source.start))
    results = tuple(_of_json(source, problems) if from_json else _of_table(source, problems))[:MAX_RESULTS]
    problems.insert(
        0, Problem("scan", "these are findings in words, with counts of issues: no rate can be taken from them")
    )
    if results:
        problems.append(Problem("model", NO_MODEL))
    else:
        problems.append(Problem("scan", "the scan found no issue"))
    return ImportedFile(str(source.path), sha256, HARNESS, results=results, problems=tuple(problems))


def _of_json(source: Source, problems: list[Problem]) -> Iterator[ImportedResult]:
    name = str(source.path)
    silent: list[str] = []
    with source.path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        for detector, written in jsons.object_items(pieces, name, frozenset(), repeats_into(problems, name)):
            severities = as_object(written)
            if written == {}:
                silent.append(detector)
            elif not severities:
                problems.append(Problem(detector, "this is no object of severities; left out"))
            yield from _of_detector(detector, severities, problems)
    if silent:
        problems.append(Problem("scan", f"detectors that found nothing: {', '.join(silent)}"))


def _of_detector(detector: str, severities: Mapping[str, object], problems: list[Problem]) -> Iterator[ImportedResult]:
    for severity, written in severities.items():
        sentences = [sentence for item in as_list(written) if (sentence := text(item))]
        if not sentences:
            problems.append(Problem(f"{detector}/{severity}", "no list of sentences; left out"))
            continue
        place = f"{detector}/{severity}"
        problems.extend(Problem(place, f"finding: {shortened(sentence, MAX_SENTENCE)}") for sentence in sentences)
        yield _count(detector, f"issues/{severity}", len(sentences))


def _of_table(source: Source, problems: list[Problem]) -> Iterator[ImportedResult]:
    """A data frame says neither detector nor severity: its issues are counted by domain."""
    domains: Counter[str] = Counter()
    for line, row in csvs.rows(source, problems):
        domain = text(row.get("domain")) or "issue"
        domains[domain] += 1
        said = [text(row.get(column)) for column in ("description", "metric", "deviation")]
        words = "; ".join(word for word in said if word)
        problems.append(Problem(f"line {line}", f"finding, {domain}: {shortened(words, MAX_SENTENCE)}"))
    for domain, issues in domains.items():
        yield _count(domain, "issues", issues)


def _count(scorer: str, metric: str, issues: int) -> ImportedResult:
    tags = (HARNESS, f"{HARNESS}:{scorer}")
    return ImportedResult(TASK, UNKNOWN_MODEL, metric, scorer=scorer, value=float(issues), unit="count", tags=tags)
