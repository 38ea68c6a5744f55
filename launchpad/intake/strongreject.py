"""StrongREJECT: how useful answers to forbidden prompts are, for each jailbreak, evaluator and model."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from launchpad.errors import ImportRefusedError
from launchpad.intake import csvs, jsons
from launchpad.intake.lines import Lines
from launchpad.intake.scored import Scored
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import PIECE, Source, keys_within
from launchpad.intake.table.cells import NotANumberError
from launchpad.intake.texts import TextRows, whose
from launchpad.intake.values import as_object, number, shortened, text
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

HARNESS: str = "strongreject"
TASK = "StrongREJECT"
SCORE, REFUSAL = "strongreject_score", "refusal_rate"
# The package writes the first name; people who merge its scores into tables of their own, the second.
_SCORE = ("score", SCORE)
_REFUSAL = ("refusal", "strongreject_refusal")
_PROMPT = ("forbidden_prompt", "original_prompt", "prompt", "goal")
_ANSWER = ("response", "target_response", "raw_response")
Row = Mapping[str, object]
Key = tuple[str | None, str | None, str]


@dataclass(slots=True)
class Gathered:
    """The scores and refusals of each jailbreak, evaluator and model."""

    decimal: str = ","
    scores: dict[Key, Scored] = field(default_factory=dict[Key, Scored])
    refusals: dict[Key, Scored] = field(default_factory=dict[Key, Scored])
    problems: list[Problem] = field(default_factory=list[Problem])
    texts: TextRows = field(default_factory=lambda: TextRows(keep=False))
    told: dict[tuple[str | None, str], str | None] = field(default_factory=dict[tuple[str | None, str], str | None])

    def add(self, where: str, row: Row) -> None:
        """Take in one row: a response as one evaluator scored it."""
        jailbreak = text(row.get("jailbreak"))
        model = text(row.get("model")) or UNKNOWN_MODEL
        key = (jailbreak, text(row.get("evaluator")), model)
        prompt = _first(row, _PROMPT)
        name = _digest(prompt) if isinstance(prompt, str) and prompt.strip() else where
        name = name if jailbreak is None else f"{jailbreak}/{name}"
        category = text(row.get("category"))
        groups = () if category is None else (category,)
        score = self.unit(where, "score", _first(row, _SCORE))
        self.scores.setdefault(key, Scored(HARNESS)).add(name, score, groups)
        refused = self.unit(where, "refusal", _first(row, _REFUSAL))
        if refused is not None or any(column in row for column in _REFUSAL):
            self.refusals.setdefault(key, Scored(HARNESS)).add(name, refused, groups)
        # Several evaluators stack as rows: the texts of the first one's rows are all there are.
        if self.told.setdefault((jailbreak, model), key[1]) == key[1]:
            self.texts.add(name, row.get("jailbroken_prompt") or prompt, _first(row, _ANSWER), whose(model))

    def unit(self, where: str, what: str, written: object) -> float | None:
        """A number from 0 to 1; nothing where there is none; anything else is listed."""
        try:
            found = csvs.value(written, self.decimal) if isinstance(written, str) else number(written)
        except NotANumberError:
            found = -1.0
        if found is None or 0 <= found <= 1:
            return found
        self.problems.append(
            Problem(
                where, f"{what}: {shortened(text(written) or type(written).__name__, 60)!r} is no number from 0 to 1"
            )
        )
        return None


def recognises(source: Source) -> bool:
    """Whether rows or JSON objects have the columns of the package, or rows are its means by jailbreak."""
    top = csvs.top(source)
    if top.columns:
        return "forbidden_prompt" in top.columns or SCORE in top.columns or _is_summary(top)
    keys = _keys(source)
    return "forbidden_prompt" in keys and bool(keys & {"jailbreak", "jailbroken_prompt", "evaluator", "score"})


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """The mean score and share of refusals for each jailbreak, evaluator and model, and in each category.

    A score that the judge failed to give leaves its response unscored. Means by jailbreak come without n
    and without a model. Refused are prompts and responses that were not scored.
    """
    top = csvs.top(source)
    gathered = Gathered(top.delimiter, texts=TextRows(keep_texts))
    if top.columns and _is_summary(top):
        results = tuple(_means(source, gathered))
    else:
        for where, row in _rows(source, gathered.problems):
            gathered.add(where, row)
        if not any(scored.values for scored in gathered.scores.values()) or not _is_scored(source, gathered):
            raise ImportRefusedError(
                f"{source.path} holds prompts or responses of StrongREJECT without scores: that is not a result.",
                "Import what evaluate_dataset made of them.",
            )
        results = tuple(_results(gathered, keep=keep_outcomes))
    if any(result.model == UNKNOWN_MODEL for result in results):
        gathered.problems.append(Problem("model", NO_MODEL))
    problems = (*gathered.problems, *gathered.texts.problems())
    texts = gathered.texts.columns()
    return ImportedFile(str(source.path), sha256, HARNESS, results=results, problems=problems, texts=texts)


def _results(gathered: Gathered, *, keep: bool) -> Iterator[ImportedResult]:
    for metric, found in ((SCORE, gathered.scores), (REFUSAL, gathered.refusals)):
        for (jailbreak, evaluator, model), scored in found.items():
            path = _path(jailbreak, evaluator, model, metric)
            yield from scored.results(path, gathered.problems, keep=keep)


def _means(source: Source, gathered: Gathered) -> Iterator[ImportedResult]:
    """One result for each row of means, with no n."""
    for line, row in csvs.rows(source, gathered.problems):
        for metric, column in ((SCORE, "score"), (REFUSAL, "refusal")):
            if column in row:
                value = gathered.unit(f"line {line}", column, row[column])
                model = text(row.get("model")) or UNKNOWN_MODEL
                path = _path(text(row.get("jailbreak")), text(row.get("evaluator")), model, metric)
                yield replace(path, value=value, group=text(row.get("category")))
    gathered.problems.append(Problem("n", "these are means without the number of responses: no interval can be given"))


def _path(jailbreak: str | None, evaluator: str | None, model: str, metric: str) -> ImportedResult:
    task = TASK if jailbreak is None else f"{TASK}/{jailbreak}"
    return ImportedResult(task, model, metric, scorer=evaluator, tags=(HARNESS,))


def _rows(source: Source, problems: list[Problem]) -> Iterator[tuple[str, Row]]:
    """The rows of a table, the objects of a list or of lines, each with its place."""
    if csvs.top(source).columns:
        yield from ((f"line {line}", row) for line, row in csvs.rows(source, problems))
        return
    with source.path.open("rb") as file:
        if source.start.lstrip().startswith(b"["):
            items = jsons.array_items(iter(lambda: file.read(PIECE), b""), str(source.path))
            yield from ((f"row {place}", as_object(item)) for place, item in enumerate(items, 1))
        else:
            yield from ((f"line {line}", row) for line, row in Lines(str(source.path), file, problems))


def _is_scored(source: Source, gathered: Gathered) -> bool:
    """Whether there is a column of scores at all, even one in which every judgement failed."""
    columns = csvs.top(source).columns or _keys(source)
    return bool(set(_SCORE) & set(columns)) or any(
        value is not None for scored in gathered.scores.values() for value in scored.values
    )


def _is_summary(top: csvs.Top) -> bool:
    """Whether these are means by jailbreak, as pandas writes them: nothing beside the keys and the means."""
    known = {"jailbreak", "model", "evaluator", "category", "score", "refusal", "convincingness", "specificity"}
    named = {column for column in top.columns if column and not column.startswith("unnamed")}
    return {"jailbreak", "score"} <= named <= known and bool(top.rows) and all(map(_is_mean, top.rows))


def _is_mean(row: Mapping[str, str]) -> bool:
    try:
        found = csvs.value(row.get("score"))
    except NotANumberError:
        return False
    return found is None or 0 <= found <= 1


def _keys(source: Source) -> frozenset[str]:
    """The keys of the first objects in a list, or on lines."""
    return keys_within(source.start, "[{") or keys_within(source.start, "{")


def _first(row: Row, columns: Iterable[str]) -> object:
    return next((found for column in columns if (found := row.get(column)) is not None), None)


def _digest(prompt: str) -> str:
    """A name for a prompt that says nothing of it, the same in every file."""
    return hashlib.sha256(prompt.strip().encode("utf-8", "replace")).hexdigest()[:16]
