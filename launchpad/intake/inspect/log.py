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
from launchpad.intake.source import PIECE, Source
from launchpad.intake.values import as_list, as_object, label
from launchpad.records.imported import Problem

HEADER = "header.json"
START = "_journal/start.json"
SUMMARIES = "summaries.json"
MAX_SAMPLES = 1_000_000
MAX_COUNTED = 10_000_000
_JOURNAL = re.compile(r"_journal/summaries/(\d{1,9})\.json")
_SAMPLE = re.compile(r"samples/.+_epoch_\d+(?:/sample)?\.json", re.DOTALL)
_STREAMED = frozenset({"samples", "reductions"})


@dataclass(frozen=True, slots=True)
class Log:
    """A header, whether the run got as far as writing one, the samples, and problems met on the way.

    `scorers` are those announced before the run, `scores` the entries of `results.scores`.
    """

    header: Mapping[str, object]
    closed: bool
    scorers: Scorers
    scores: Sequence[object]
    samples: Samples
    problems: Sequence[Problem]


def open_archive(source: Source) -> Log:
    """The log in an .eval archive; without a header, what the journal holds."""
    with archive.opened(source.path, source.members) as zipped:
        name = HEADER if HEADER in zipped.members else START
        repeats: list[str] = []
        header = as_object(jsons.load(archive.read(zipped, name), f"{source.path}, member {name!r}", repeats.append))
        log = _without_samples(header, _repeats(name, repeats), closed=name == HEADER)
        log = _with_samples(log, _summaries(zipped))
        if header.get("invalidated") or header.get("log_updates"):
            _take_edits(zipped, log.samples)
        return log


def open_json(path: Path) -> Log:
    """The log in a .json file: the header up to the samples, then the samples one at a time."""
    repeats: list[str] = []
    header: dict[str, object] = {}
    for key, value in _items(path, repeats):
        if key in _STREAMED and {"status", "eval", "results", "stats"} <= header.keys():
            break
        if key not in _STREAMED:
            header[key] = value
    log = _without_samples(header, _repeats(path.name, repeats), closed=True)
    return _with_samples(log, (value for key, value in _items(path, []) if key == "samples" and value is not None))


def _items(path: Path, repeats: list[str]) -> Iterator[tuple[str, object]]:
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        yield from jsons.object_items(pieces, str(path), _STREAMED, repeats.append)


def _without_samples(header: Mapping[str, object], problems: Sequence[Problem], *, closed: bool) -> Log:
    scorers = scorers_by_name(as_object(header.get("eval")).get("scorers"))
    scores = _scores(header) if closed else []
    wanted, _, _ = keys_needed(scorers, scores)
    return Log(header, closed, scorers, scores, Samples(wanted), problems)


def _with_samples(log: Log, elements: Iterator[object]) -> Log:
    """The log with its samples, or with none where counting each score over all of them would take minutes."""
    samples = log.samples
    for element in elements:
        samples.add(element)
        if len(samples) * max(len(samples.scores), len(log.scores)) > MAX_COUNTED:
            what = "too many scores and samples to count them; the header's n is used"
            return replace(log, samples=Samples(samples.wanted), problems=(*log.problems, Problem("samples", what)))
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
    taken = 0
    for name in names:
        pieces = archive.read(zipped, name, archive.MAX_STREAM)
        for element in jsons.array_items(pieces, f"{zipped.path}, member {name!r}"):
            taken += 1
            if taken > MAX_SAMPLES:
                what = f"{zipped.path} lists more than {MAX_SAMPLES:,} samples."
                raise ImportRefusedError(what, archive.HINT_HOSTILE)
            yield element
    if not names:
        yield from _whole_samples(zipped)


def _journal(zipped: archive.Archive) -> list[str]:
    matches = [match for match in map(_JOURNAL.fullmatch, zipped.members) if match]
    return [match[0] for match in sorted(matches, key=lambda match: int(match[1]))]


def _whole_samples(zipped: archive.Archive) -> Iterator[object]:
    for name in filter(_SAMPLE.fullmatch, zipped.members):
        pieces = archive.read(zipped, name, jsons.MAX_VALUE)
        yield jsons.load(pieces, f"{zipped.path}, member {name!r}", lambda _: None)


def _take_edits(zipped: archive.Archive, samples: Samples) -> None:
    """Note which samples were edited or invalidated afterwards: the summaries do not say."""
    noted = Samples(())
    for sample in _whole_samples(zipped):
        noted.add(sample)
    samples.edited[:] = noted.edited or samples.edited
    samples.invalidated[:] = noted.invalidated or samples.invalidated


def _repeats(where: str, keys: list[str]) -> tuple[Problem, ...]:
    what = "the key {!r} stands twice; the last one was read"
    return tuple(Problem(where, what.format(key)) for key in dict.fromkeys(keys))
