"""The way out of every reader: no text leaves that a file or a screen cannot hold, no list without end."""

from collections.abc import Iterable
from dataclasses import replace

from launchpad.records.imported import ImportedFile, ImportedResult, Outcomes, Problem

MAX_PROBLEMS = 200
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), REPLACEMENT)
_SURROGATES = dict.fromkeys(range(55296, 57344), REPLACEMENT)
_BAD = _CONTROL | _SURROGATES


def clean(file: ImportedFile) -> ImportedFile:
    """The same facts in storable text: NUL, control characters and half surrogates replaced and listed."""
    washer = _Washer()
    results = tuple(_clean_result(result, washer) for result in file.results)
    problems = [Problem(washer.must(p.where), washer.must(p.what)) for p in file.problems[:MAX_PROBLEMS]]
    if washer.replaced:
        what = f"characters that no file can hold were replaced by {REPLACEMENT} in {len(washer.replaced)} texts"
        problems.append(Problem("text", what))
    if len(file.problems) > MAX_PROBLEMS:
        problems.append(Problem("problems", f"{len(file.problems) - MAX_PROBLEMS} more were found"))
    return replace(
        file,
        harness_version=washer.of(file.harness_version),
        run_id=washer.of(file.run_id),
        results=results,
        problems=tuple(problems),
    )


class _Washer:
    """Replaces characters, remembering what it replaced; columns shared by several results stay shared."""

    def __init__(self) -> None:
        self.replaced: set[str] = set()
        self._columns: dict[int, tuple[object, tuple[str | None, ...]]] = {}

    def of(self, words: str | None) -> str | None:
        if words is None or (words.isascii() and words.isprintable()):
            return words
        found = words.translate(_BAD)
        if found != words:
            self.replaced.add(found)
        return found

    def must(self, words: str) -> str:
        return self.of(words) or ""

    def column(self, names: tuple[str | None, ...]) -> tuple[str | None, ...]:
        known = self._columns.get(id(names))
        if known is None:
            known = self._columns[id(names)] = (names, tuple(map(self.of, names)))
        return known[1]


def _clean_result(result: ImportedResult, washer: _Washer) -> ImportedResult:
    return replace(
        result,
        task=washer.must(result.task),
        model=washer.must(result.model),
        metric=washer.must(result.metric),
        task_version=washer.of(result.task_version),
        scorer=washer.of(result.scorer),
        variant=washer.of(result.variant),
        group=washer.of(result.group),
        source=washer.of(result.source),
        harness=washer.of(result.harness),
        tags=tuple(map(washer.must, result.tags)),
        outcomes=_clean_outcomes(result.outcomes, washer) if result.outcomes else None,
    )


def _clean_outcomes(outcomes: Outcomes, washer: _Washer) -> Outcomes:
    return replace(
        outcomes,
        sample=_present(washer.column(outcomes.sample)),
        cluster=washer.column(outcomes.cluster),
        category=washer.column(outcomes.category),
    )


def _present(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(name or "" for name in names)
