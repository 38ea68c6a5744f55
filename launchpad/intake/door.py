"""The way out of every reader: nothing leaves that a file or a screen cannot hold, no list without end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import cast

from launchpad.intake.redaction import without_keys, without_traces
from launchpad.intake.texts import bounded
from launchpad.records.imported import ImportedFile, ImportedResult, Outcomes, Problem, SampleTexts, Unit

MAX_PROBLEMS = 200
NO_SHARES = frozenset({"f1", "std", "stddev", "stdev", "var", "variance", "stderr", "mcc", "bleu", "auc", "perplexity"})
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_AT_LEAST = {
    **dict.fromkeys(("n", "count", "n_total", "n_unscored", "n_errors", "stderr", "stderr_clustered"), 0),
    "clusters": 1,
}
_NEEDED = {"task": "unnamed", "model": "unknown", "metric": "value"}
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), REPLACEMENT)
_SURROGATES = dict.fromkeys(range(55296, 57344), REPLACEMENT)
_BAD = _CONTROL | _SURROGATES


def clean(file: ImportedFile) -> ImportedFile:
    """The same facts, storable: NUL, control characters and half surrogates replaced, impossible values left out.

    What was changed is listed.
    """
    washer = _Washer()
    listed = [*file.problems]
    results = tuple(_possible(_clean_result(result, washer), listed) for result in file.results)
    kept = listed[:MAX_PROBLEMS]
    problems = [Problem(washer.must(problem.where), washer.must(without_traces(problem.what))) for problem in kept]
    texts = bounded(file.texts) if file.texts else None
    problems.extend(texts.problems() if texts else ())
    spoken = texts.columns() if texts else None
    if washer.replaced:
        what = f"characters that no file can hold were replaced by {REPLACEMENT} in {len(washer.replaced)} texts"
        problems.append(Problem("text", what))
    if len(listed) > MAX_PROBLEMS:
        problems.append(Problem("problems", f"{len(listed) - MAX_PROBLEMS} more were found"))
    return replace(
        file,
        harness_version=washer.of(file.harness_version),
        run_id=washer.of(file.run_id),
        results=results,
        problems=tuple(problems),
        texts=_clean_texts(spoken, washer) if spoken else None,
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
            # Nearly every column is clean as a whole, and then is handed on as it is.
            clean = "".join(filter(None, names)).isprintable()
            known = self._columns[id(names)] = (names, names if clean else tuple(map(self.of, names)))
        return known[1]


def _possible(result: ImportedResult, problems: list[Problem]) -> ImportedResult:
    """The result without what no result can have, such as a negative error; each left-out value is listed."""
    left_out = dict(_impossible(result))
    where = " / ".join(filter(None, (result.task, result.scorer, result.metric)))
    for name in left_out:
        reason = "is no full day, as in 2026-11-24" if name == "date" else "cannot be"
        problems.append(Problem(where, f"{name}: {getattr(result, name)!r} {reason}; left out"))
    names = {name: word for name, word in _NEEDED.items() if not getattr(result, name).strip()}
    changed = {**left_out, **names}
    return replace(result, **changed) if changed else result


def _impossible(result: ImportedResult) -> Iterator[tuple[str, None]]:
    for name, least in _AT_LEAST.items():
        value = getattr(result, name)
        if value is not None and value < least:
            yield name, None
    if result.interval is not None and not 0 <= result.interval.level <= 1:
        yield "interval", None
    if result.date is not None and not _is_day(result.date[:10]):
        yield "date", None


def _is_day(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True


def _unit_of(result: ImportedResult) -> Unit:
    """The unit; how far answers spread and what is made of several rates are no share of samples."""
    name = result.metric.casefold().rpartition("/")[2]
    uncounted = result.count is None and result.unit == "fraction"
    return "score" if uncounted and not NO_SHARES.isdisjoint(name.split("_")) else result.unit


def _clean_result(result: ImportedResult, washer: _Washer) -> ImportedResult:
    return replace(
        result,
        unit=_unit_of(result),
        task=washer.must(without_keys(result.task)),
        model=washer.must(without_keys(result.model)),
        metric=washer.must(result.metric),
        task_version=washer.of(result.task_version),
        scorer=washer.of(result.scorer),
        variant=washer.of(result.variant),
        group=washer.of(result.group),
        source=washer.of(result.source),
        harness=washer.of(result.harness),
        run_id=washer.of(result.run_id),
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


def _clean_texts(texts: SampleTexts, washer: _Washer) -> SampleTexts:
    return replace(
        texts,
        sample=_present(washer.column(texts.sample)),
        asked=washer.column(texts.asked),
        answered=washer.column(texts.answered),
        whose=washer.column(texts.whose),
    )


def _present(names: tuple[str | None, ...]) -> tuple[str, ...]:
    return cast("tuple[str, ...]", names) if all(names) else tuple(name or "" for name in names)
