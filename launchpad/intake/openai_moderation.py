"""OpenAI moderation: what the moderator flagged in texts of which the response says nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from launchpad.intake import jsons
from launchpad.intake.lines import Lines, repeats_into
from launchpad.intake.scored import Scored
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import PIECE, Source, keys_within
from launchpad.intake.values import as_list, as_object, text
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

HARNESS: str = "openai-moderation"
TASK = "moderation"
FLAGGED = "flagged"
UNKNOWN = "unknown moderator"
MAX_CATEGORIES = 100
VERDICT = frozenset({"flagged", "category_scores"})


@dataclass(slots=True)
class Gathered:
    """What each moderator flagged, by the order of the texts, and in which categories."""

    metrics: dict[tuple[str, str], Scored] = field(default_factory=dict[tuple[str, str], Scored])
    problems: list[Problem] = field(default_factory=list[Problem])
    runs: set[str] = field(default_factory=set[str])
    failures: list[str] = field(default_factory=list[str])
    count: int = 0

    def add(self, moderator: str, name: str | None, written: object) -> None:
        """Take in the verdict on one text."""
        place = f"results {self.count}"
        verdict = as_object(written)
        flagged = verdict.get("flagged")
        if not isinstance(flagged, bool):
            self.problems.append(Problem(place, "neither flagged nor not flagged: not scored"))
        name = name or str(self.count)
        self.count += 1
        self._metric(moderator, FLAGGED).add(name, _truth(flagged))
        for category, value in as_object(verdict.get("categories")).items():
            key = f"{FLAGGED}/{category}"
            if (moderator, key) in self.metrics or len(self.metrics) < MAX_CATEGORIES:
                self._metric(moderator, key).add(name, _truth(value))

    def close(self) -> None:
        """Put the requests that failed with the only moderator there is, or with none."""
        moderators = {moderator for moderator, _ in self.metrics}
        moderator = moderators.pop() if len(moderators) == 1 else UNKNOWN
        for name in self.failures:
            self._metric(moderator, FLAGGED).add(name, None, failed=True)

    def _metric(self, moderator: str, key: str) -> Scored:
        return self.metrics.setdefault((moderator, key), Scored())


def recognises(source: Source) -> bool:
    """Whether the JSON begins with verdicts of a moderator: flagged, with scores of categories."""
    start = source.start
    if any(keys_within(start, brackets) >= VERDICT for brackets in ("{", "[{", "{[{", "[{[{")):
        return True
    return "results" in keys_within(start, "{{{") and all(f'"{key}"'.encode() in start for key in VERDICT)


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:  # noqa: ARG001
    """The share of texts flagged, at all and in each category.

    The model named is the moderator, kept as scorer: whose texts these are the file does not say.
    """
    found = Gathered()
    for response in _responses(source, found):
        _take(found, response)
    found.close()
    results = tuple(_results(found, keep=keep_outcomes))
    found.problems.append(Problem("model", f"the model named is the moderator; {NO_MODEL}"))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        run_id=next(iter(found.runs)) if len(found.runs) == 1 else None,
        results=results,
        problems=tuple(found.problems),
    )


def _results(found: Gathered, *, keep: bool) -> Iterator[ImportedResult]:
    for (moderator, metric), scored in found.metrics.items():
        category = metric.removeprefix(f"{FLAGGED}/")
        tags = (HARNESS,) if category == metric else (HARNESS, f"{HARNESS}:{category}")
        path = ImportedResult(TASK, UNKNOWN_MODEL, metric, scorer=moderator, tags=tags)
        yield from scored.results(path, found.problems, keep=keep)


def _take(found: Gathered, written: Mapping[str, object]) -> None:
    """One response: bare, or a line of a batch, which names its request and may have failed."""
    name = text(written.get("custom_id"))
    response = as_object(written.get("response"))
    body = as_object(response.get("body")) or response or written
    moderator = text(body.get("model")) or UNKNOWN
    if (identifier := text(body.get("id"))) is not None:
        found.runs.add(identifier)
    verdicts = as_list(body.get("results"))
    if "flagged" in body:
        found.add(moderator, name, body)
    elif not verdicts:
        found.failures.append(name or str(found.count))
        found.problems.append(Problem(f"results {found.count}", "a response without verdicts: counted as an error"))
        found.count += 1
    for place, verdict in enumerate(verdicts):
        found.add(moderator, name if name is None or len(verdicts) == 1 else f"{name}/{place}", verdict)


def _responses(source: Source, found: Gathered) -> Iterator[Mapping[str, object]]:
    """The responses of a file that holds one, a list of them, or one a line."""
    name = str(source.path)
    with source.path.open("rb") as file:
        if source.start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
            pieces = iter(lambda: file.read(PIECE), b"")
            yield from map(as_object, jsons.array_items(pieces, name))
        elif _is_lines(source):
            yield from (entry for _, entry in Lines(name, file, found.problems))
        else:
            pieces = iter(lambda: file.read(PIECE), b"")
            yield as_object(jsons.load(pieces, name, repeats_into(found.problems, name)))


def _is_lines(source: Source) -> bool:
    """Whether the first line is an object of its own."""
    line, newline, rest = source.start.partition(b"\n")
    return bool(newline) and line.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _truth(value: object) -> float | None:
    return float(value) if isinstance(value, bool) else None
