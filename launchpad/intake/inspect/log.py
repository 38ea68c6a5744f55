"""An Inspect log opened, from an archive or JSON: its header as written, its samples as columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import archive, jsons
from launchpad.intake.inspect.metrics import Scorers, scorers_by_name
from launchpad.intake.inspect.samples import Samples
from launchpad.intake.inspect.scores import keys_needed
from launchpad.intake.inspect.texts import read_archive, take
from launchpad.intake.inspect.whole import WholeSamples
from launchpad.intake.source import PIECE, Source
from launchpad.intake.texts import TextRows
from launchpad.intake.values import as_list, as_object, label, whole
from launchpad.records.imported import Problem

HEADER = "header.json"
START = "_journal/start.json"
SUMMARIES = "summaries.json"
MAX_SAMPLES = 1_000_000
MAX_COUNTED = 10_000_000
_JOURNAL = re.compile(r"_journal/summaries/(\d{1,9})\.json")
_STREAMED = frozenset({"samples", "reductions"})
_NOTED = frozenset({"id", "epoch", "scores", "score", "metadata", "error", "limit", "invalidation"})


@dataclass(frozen=True, slots=True)
class Log:
    """A header, whether the run got as far as writing one, the samples, and problems met on the way.

    `scorers` are those announced before the run, `scores` the entries of `results.scores`; `texts` is
    empty unless texts are wanted.
    """

    header: Mapping[str, object]
    closed: bool
    scorers: Scorers
    scores: Sequence[object]
    samples: Samples
    texts: TextRows
    problems: Sequence[Problem]


def open_archive(source: Source, *, keep_texts: bool) -> Log:
    """The log in an .eval archive; without a header, what the journal holds."""
    with archive.opened(source.path, source.members) as zipped:
        name = HEADER if HEADER in zipped.members else START
        repeats: list[str] = []
        header = as_object(jsons.load(archive.read(zipped, name), f"{source.path}, member {name!r}", repeats.append))
        log = _without_samples(header, TextRows(keep_texts), _repeats(name, repeats), closed=name == HEADER)
        log = _with_samples(log, source.path, _summaries(zipped))
        if _hides_errors(header, log.samples):
            _take_errors(zipped, log.samples)
        if header.get("invalidated") or header.get("log_updates"):
            _take_edits(zipped, log.samples)
        if keep_texts:
            log = replace(log, problems=(*log.problems, *read_archive(WholeSamples(zipped), log.texts)))
        return log


def open_json(path: Path, *, keep_texts: bool) -> Log:
    """The log in a .json file: the header up to the samples, then the samples one at a time."""
    repeats: list[str] = []
    header: dict[str, object] = {}
    for key, value in _items(path, repeats):
        if key in _STREAMED and {"status", "eval", "results", "stats"} <= header.keys():
            break
        if key not in _STREAMED:
            header[key] = value
    log = _without_samples(header, TextRows(keep_texts), _repeats(path.name, repeats), closed=True)
    return _with_samples(log, path, _samples_of(path, log.texts))


def _samples_of(path: Path, texts: TextRows) -> Iterator[object]:
    for key, value in _items(path, None):
        if key == "samples" and value is not None:
            take(texts, as_object(value))
            yield value


def _items(path: Path, repeats: list[str] | None) -> Iterator[tuple[str, object]]:
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        note = None if repeats is None else repeats.append
        yield from jsons.object_items(pieces, str(path), _STREAMED, note)


def _without_samples(
    header: Mapping[str, object], texts: TextRows, problems: Sequence[Problem], *, closed: bool
) -> Log:
    scorers = scorers_by_name(as_object(header.get("eval")).get("scorers"))
    scores = _scores(header) if closed else []
    wanted, _, _ = keys_needed(scorers, scores)
    return Log(header, closed, scorers, scores, Samples(wanted), texts, problems)


def _with_samples(log: Log, path: Path, elements: Iterator[object]) -> Log:
    """The log with its samples, or with none where counting each score over all of them would take minutes."""
    samples = log.samples
    for place, element in enumerate(elements):
        if place >= MAX_SAMPLES:
            raise ImportRefusedError(f"{path} lists more than {MAX_SAMPLES:,} samples.", archive.HINT_HOSTILE)
        samples.add(element)
        if len(samples) * max(len(samples.scores), len(log.scores)) > MAX_COUNTED:
            what = "too many scores and samples to count them; the header's n is used"
            return replace(log, samples=Samples(samples.wanted), problems=(*log.problems, Problem("samples", what)))
    samples.settle()
    return log


def _scores(header: Mapping[str, object]) -> list[object]:
    """The scores; a log from before there could be several has one scorer and its metrics."""
    results = as_object(header.get("results"))
    if "scores" in results or not results.get("metrics"):
        return as_list(results.get("scores"))
    scorer = label(as_object(results.get("scorer")).get("name")) or label(results.get("scorer"))
    return [{"name": scorer, "scorer": scorer, "metrics": results["metrics"]}]


def _summaries(zipped: archive.Archive) -> Iterator[object]:
    """The sample summaries: the final list, else the journal's pieces, else the samples themselves."""
    names = [SUMMARIES] if SUMMARIES in zipped.members else _journal(zipped)
    for name in names:
        pieces = archive.read(zipped, name, archive.MAX_STREAM)
        yield from jsons.array_items(pieces, f"{zipped.path}, member {name!r}")
    if not names:
        yield from _whole_samples(zipped)


def _journal(zipped: archive.Archive) -> list[str]:
    matches = [match for match in map(_JOURNAL.fullmatch, zipped.members) if match]
    return [match[0] for match in sorted(matches, key=lambda match: int(match[1]))]


def _whole_samples(zipped: archive.Archive) -> Iterator[object]:
    whole = WholeSamples(zipped)
    for name in whole.names():
        sample = whole.sample(name, _NOTED)
        yield sample if "metadata" in sample else {**sample, "metadata": whole.metadata(name)}


def _take_edits(zipped: archive.Archive, samples: Samples) -> None:
    """Note which samples were edited or invalidated afterwards: the summaries do not say."""
    noted = Samples(())
    for sample in _whole_samples(zipped):
        noted.add(sample)
    samples.edited[:] = noted.edited or samples.edited
    samples.invalidated[:] = noted.invalidated or samples.invalidated


def _hides_errors(header: Mapping[str, object], samples: Samples) -> bool:
    """Whether samples failed and the summaries do not say which, as before 0.3.50 or so."""
    results = as_object(header.get("results"))
    total, completed = whole(results.get("total_samples")), whole(results.get("completed_samples"))
    short = total is not None and completed is not None and completed < total
    return short and header.get("status") == "success" and len(samples) > 0 and not any(samples.failed)


def _take_errors(zipped: archive.Archive, samples: Samples) -> None:
    """Note which samples failed: they say so themselves."""
    rows = {place: row for row, place in enumerate(zip(samples.ids, samples.epochs, strict=True))}
    for written in _whole_samples(zipped):
        sample = as_object(written)
        row = rows.get((label(sample.get("id")) or "", whole(sample.get("epoch")) or 1))
        if row is not None and sample.get("error"):
            samples.failed[row] = True


def _repeats(where: str, keys: list[str]) -> tuple[Problem, ...]:
    what = "the key {!r} stands twice; the last one was read"
    return tuple(Problem(where, what.format(key)) for key in dict.fromkeys(keys))
