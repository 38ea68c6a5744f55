"""modelbench's journal: everything a run did, one JSON object a line, as a rule compressed with zstandard."""

import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, cast

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.archive import HINT_HOSTILE
from launchpad.intake.lines import Lines, member
from launchpad.intake.modelbench.scores import SAFE, Score, hazard_code, letter_of
from launchpad.intake.samples import Column, SampleRows
from launchpad.intake.texts import Said, TextRows
from launchpad.intake.values import as_list, as_object, label, number, text, utc, whole
from launchpad.records.imported import ImportedResult, Problem, RunStatus

ZSTANDARD_MAGIC = b"\x28\xb5\x2f\xfd"
SMALL = 64 * 1024**2
MAX_RATIO = 300
MAX_STRANGE = 100_000
MAX_HAZARDS = 5_000
MAX_SHARING = 50
# The annotators' requests and responses are not among them: they quote and judge.
_SAID = frozenset({"queuing item", "fetched sut response", "using cached sut response", "translated sut response"})
Key = tuple[str, str, str]


@dataclass(slots=True)
class Items:
    """The items of one system under test and hazard: whether each answer is safe, which ones failed."""

    keep: bool
    rows: SampleRows = field(default_factory=SampleRows)
    column: Column = field(init=False)
    seen: int = 0
    failed: list[bool] = field(default_factory=list[bool])
    failures: int = 0

    def __post_init__(self) -> None:
        self.column = Column(self.keep)

    def add(self, entry: Mapping[str, object], category: str | None, *, failed: bool) -> None:
        """Take in one item."""
        safe = None if failed else number(member(entry, "measurements", "is_safe"))
        self.column.add(safe, self.seen)
        self.seen += 1
        self.failures += failed
        if self.keep:
            self.rows.add(label(entry.get("prompt_id")) or "unnamed", category=category)
            self.failed.append(failed)


@dataclass(slots=True)
class Journal:
    """What a journal says, gathered line by line."""

    path: Path
    keep: bool
    said: Said
    problems: list[Problem] = field(default_factory=list[Problem])
    heads: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    hazards_of: dict[str, list[tuple[str, str]]] = field(default_factory=dict[str, list[tuple[str, str]]])
    items: dict[Key, Items] = field(default_factory=dict[Key, Items])
    scored: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    strange: int = 0

    def take(self, entry: dict[str, object]) -> None:
        """Take in one line."""
        message = label(entry.get("message"))
        if message == "measured item quality":
            self._take_item(entry, failed=False)
        elif message == "item failed":
            self._take_item(entry, failed=True)
        elif message in _SAID:
            self._take_words(entry)
        elif message == "hazard info":
            place = (text(entry.get("benchmark")) or "unnamed", text(entry.get("hazard")) or "unnamed")
            for test in as_list(entry.get("tests")):
                places = self.hazards_of.setdefault(label(test) or "unnamed", [])
                if place not in places and len(places) < MAX_SHARING:
                    places.append(place)
        elif message in {"hazard scored", "benchmark scored"} and len(self.scored) < MAX_HAZARDS:
            self.scored.append(entry)
        elif message in {"starting run", "finished run", "exception stopping run"}:
            self.heads.setdefault(str(message), entry)
        elif message is None:
            self._take_stranger()

    def _take_words(self, entry: dict[str, object]) -> None:
        asked = entry.get("prompt_text") or entry.get("request")
        answered = entry.get("response_text") or entry.get("response")
        self.said.say(label(entry.get("prompt_id")) or "unnamed", asked, answered, text(entry.get("sut")))

    def _take_item(self, entry: dict[str, object], *, failed: bool) -> None:
        system = text(entry.get("sut")) or "unnamed"
        self.said.score(label(entry.get("prompt_id")) or "unnamed", owner=text(entry.get("sut")))
        for benchmark, hazard in self.hazards_of.get(label(entry.get("test")) or "unnamed", ()):
            items = self.items.get((system, benchmark, hazard))
            if items is None:
                if len(self.items) >= MAX_HAZARDS:
                    raise ImportRefusedError(f"{self.path} names more than {MAX_HAZARDS:,} hazards.", jsons.DAMAGED)
                items = self.items[system, benchmark, hazard] = Items(self.keep)
            items.add(entry, hazard_code(hazard), failed=failed)

    def _take_stranger(self) -> None:
        self.strange += 1
        if self.strange > MAX_STRANGE:
            raise ImportRefusedError(f"{self.path} is no journal: its lines have no message.", HINT_HOSTILE)

    @property
    def benchmarks(self) -> list[str]:
        """The benchmarks of the run."""
        listed = as_list(member(self.heads.get("starting run"), "benchmarks"))
        return [name for found in listed if (name := text(found))]

    @property
    def status(self) -> RunStatus:
        """How the run ended; without a word about it, it goes on, or was killed."""
        if "exception stopping run" in self.heads:
            return "errored"
        return "complete" if "finished run" in self.heads else "running"

    def moment(self, message: str) -> str | None:
        """When the run started or finished."""
        return utc(member(self.heads.get(message), "timestamp"))


def read_journal(path: Path, *, keep_outcomes: bool, keep_texts: bool) -> Journal:
    """The journal at this path, in one pass."""
    journal = Journal(path, keep_outcomes, Said(TextRows(keep_texts)))
    with _opened(path) as stream:
        lines = Lines(str(path), stream, journal.problems)
        for number_of_line, entry in lines:
            journal.take(entry)
            if label(entry.get("message")) in {"hazard scored", "benchmark scored"}:
                lines.check_repeats(number_of_line)
    journal.said.close()
    return journal


def results_of(journal: Journal) -> Iterator[ImportedResult]:
    """The scores the run came to, with the items behind each hazard; none for a run that did not get there."""
    for entry in journal.scored:
        benchmark, system = text(entry.get("benchmark")) or "unnamed", text(entry.get("sut")) or "unnamed"
        common = ImportedResult(task=benchmark, model=system, metric="")
        if entry.get("message") == "benchmark scored":
            failed = [items.failures for key, items in journal.items.items() if key[:2] == (system, benchmark)]
            yield from _overall(entry, sum(failed)).results(common, None)
            continue
        hazard = text(entry.get("hazard")) or "unnamed"
        items = journal.items.get((system, benchmark, hazard))
        yield from _hazard_results(journal, entry, items, common, hazard)


def endings(journal: Journal) -> Iterator[Problem]:
    """What must be known of how the run ended, and of text that was not kept."""
    yield from journal.said.rows.problems()
    measured = sum(items.column.n for items in journal.items.values())
    if journal.status == "errored":
        yield Problem("journal", f"the run was stopped by an exception; {measured} items had been measured")
    elif journal.status == "running":
        what = f"the run is still going, or was killed: {measured} items measured, {len(journal.scored)} scores"
        yield Problem("journal", what)
    elif not journal.scored:
        yield Problem("journal", f"the run came to no score; {measured} items were measured")


def _hazard_results(
    journal: Journal, entry: Mapping[str, object], items: Items | None, common: ImportedResult, hazard: str
) -> Iterator[ImportedResult]:
    value, n = number(entry.get("score")), whole(entry.get("samples"))
    value = value if value is not None and 0 <= value <= 1 else None
    fits = items is not None and items.column.n == n
    safe = items.column.count if items is not None and fits else None
    if safe is None and value is not None and n:
        safe = round(value * n)
    score = Score(
        value=value,
        n=n,
        safe=safe,
        failed=items.failures if items is not None else None,
        reference=number(entry.get("reference")),
        grade=number(entry.get("numeric_grade")),
        letter=letter_of(entry.get("text_grade")),
    )
    outcomes = None
    if items is not None and fits and items.keep:
        outcomes = items.rows.outcomes(items.column, items.failed)
    for result in score.results(common, hazard):
        yield replace(result, outcomes=outcomes) if result.metric == SAFE else result
    if items is not None and not fits:
        what = f"{hazard}: scored on {n} items, {items.column.n} were measured"
        journal.problems.append(Problem("hazard scored", what))


def _overall(entry: Mapping[str, object], failed: int) -> Score:
    log = as_object(entry.get("scoring_log"))
    value = number(log.get("frac_safe"))
    return Score(
        value=value if value is not None and 0 <= value <= 1 else None,
        n=whole(log.get("total_scored")),
        safe=whole(log.get("total_safe")),
        failed=failed,
        reference=number(log.get("reference_safe")),
        grade=number(entry.get("numeric_grade")),
        letter=letter_of(entry.get("text_grade")),
    )


@contextmanager
def _opened(path: Path) -> Generator[IO[bytes]]:
    """The journal's text as bytes, decompressed on the way and bounded."""
    with path.open("rb") as file:
        compressed = file.read(len(ZSTANDARD_MAGIC)) == ZSTANDARD_MAGIC
        file.seek(0)
        if not compressed:
            yield file
            return
        import zstandard

        allowed = max(SMALL, MAX_RATIO * path.stat().st_size)
        with zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as reader:
            bounded = _Bounded(cast("IO[bytes]", reader), allowed, path)
            try:
                yield cast("IO[bytes]", io.BufferedReader(bounded, 1 << 20))
            except zstandard.ZstdError as error:
                raise ImportRefusedError(f"{path} is a damaged zstandard file.", jsons.DAMAGED) from error


class _Bounded(io.RawIOBase):
    """A stream that gives out so many bytes and no more."""

    def __init__(self, stream: IO[bytes], allowed: int, path: Path) -> None:
        super().__init__()
        self._stream, self._left, self._allowed, self._path = stream, allowed, allowed, path

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] - narrower here
        piece = self._stream.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            what = f"{self._path} unpacks to more than {self._allowed >> 20} MB."
            raise ImportRefusedError(what, HINT_HOSTILE)
        buffer[: len(piece)] = piece
        return len(piece)
