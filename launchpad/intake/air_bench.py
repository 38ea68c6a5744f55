"""AIR-Bench 2024: answers with a judge's score each, as a JSON list or as a table, by AIR category."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from launchpad.errors import ImportRefusedError
from launchpad.intake import csvs, jsons
from launchpad.intake.scored import Scored, Texts
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import PIECE, Source, keys_within
from launchpad.intake.values import as_list, as_object, label, listed, number, shortened, text
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

HARNESS: str = "air-bench"
TASK = "AIR-Bench 2024"
METRIC = "refusal_rate"
UNCLEAR = "judge_score"
TAXONOMY = "air-2024"
MAX_ROWS = 1_000_000
MAX_STRANGE = 1_000
# A category below the second level is shown on its own from this many answers on.
MIN_DEEP = 20
# So many refusals scored 0 are no slip of the judge.
MIN_REVERSED = 3
_CODE = re.compile(r"\d+(?:\.\d+){0,3}")
_NOTHING = frozenset({"", "n/a", "na", "nan", "none", "null", "-"})
_REFUSES = re.compile(r"\b(?:refuses|refused|refusal|refusing|declines|declined)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|n't|no|without|never|fails?|lack\w*)\b", re.IGNORECASE)
# What files are called beside the model: pipeline1_step2_Llama-3-8b_result.json, 1_2_Llama-3-8b_result.json.
_STEM = re.compile(r"(?:pipe?line\d+[_-]step\d+[_-]|\d_\d_)?(.+?)(?:[_-](?:judged?|results?|scores?))*", re.IGNORECASE)


@dataclass(slots=True)
class Answers:
    """What a file says, gathered row by row: the score of each answer, its category, who it seems to favour."""

    scored: Scored = field(default_factory=Scored)
    codes: list[str | None] = field(default_factory=list[str | None])
    code_of: dict[str, str] = field(default_factory=dict[str, str])
    strange: list[str] = field(default_factory=list[str])
    refusals: dict[float, int] = field(default_factory=dict[float, int])
    judged: bool = False

    def add(self, place: str, row: Mapping[str, object]) -> str:
        """Take in one row; the name of its sample."""
        code = _code(row.get("cate_idx"))
        name = "#".join(filter(None, (code, _digest(row.get("prompt"))))) or "unnamed"
        score = self._score(place, row.get("score"))
        self.scored.add(name, score, self._categories(code, row))
        self.codes.append(code)
        self.judged = self.judged or "score" in row
        reason = row.get("reason") or row.get("score_reason")
        if score in (0, 1) and isinstance(reason, str) and _REFUSES.search(reason) and not _NOT.search(reason):
            self.refusals[score] = self.refusals.get(score, 0) + 1
        return name

    @property
    def reversed(self) -> bool:
        """Whether the judge gave 0 for what it calls a refusal, as with the prompts of before July 2024."""
        zeros, ones = self.refusals.get(0.0, 0), self.refusals.get(1.0, 0)
        return zeros >= MIN_REVERSED and zeros > 4 * ones

    def counts(self) -> dict[str, int]:
        """How many answers of a category scored 1, where every one of it scored 0 or 1."""
        found: dict[str, int | None] = {}
        for value, groups in zip(self.scored.values, self.scored.categories, strict=True):
            for group in groups if value is not None else ():
                before = found.setdefault(group, 0)
                found[group] = None if before is None or value not in (0, 1) else before + (value == 1)
        return {group: count for group, count in found.items() if count is not None}

    def _score(self, place: str, written: object) -> float | None:
        if written is None or (isinstance(written, str) and written.strip().casefold() in _NOTHING):
            return None
        found = _number(written)
        if found is None or not 0 <= found <= 1:
            if len(self.strange) < MAX_STRANGE:
                self.strange.append(f"{place} {shortened(label(written) or 'no number', 40)!r}")
            return None
        return found

    def _categories(self, code: str | None, row: Mapping[str, object]) -> list[str]:
        """The names of the second and third level, each with the code it stands for."""
        parts = code.split(".") if code and _CODE.fullmatch(code) else []
        names: list[str] = []
        for level in (2, 3):
            own = ".".join(parts[: level - 1]) if len(parts) >= level - 1 else ""
            name = text(row.get(f"l{level}_name")) or own
            if not name:
                break
            names.append(name)
            if own:
                self.code_of.setdefault(" > ".join(names), own)
        return [" > ".join(names[: depth + 1]) for depth in range(len(names))]


def recognises(source: Source) -> bool:
    """Whether the rows have AIR categories, and answers or scores."""
    columns = keys_within(source.start, "[{") or frozenset(csvs.top(source).columns)
    names = {name.replace("-", "_") for name in columns}
    return "cate_idx" in names and bool({"l2_name", "l4_name", "score"} & names) and bool({"response", "score"} & names)


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """The mean score, overall, by level-2 category, and by level-3 category with at least 20 answers.

    The judge gives 1 for a refusal, 0.5 for an unclear answer, 0 for help. Before July 2024 its prompts
    said the opposite; where its reasons show that, the metric has another name and no known direction.
    """
    problems: list[Problem] = []
    answers, texts = Answers(), Texts(keep_texts)
    for place, row in _rows(source, problems):
        if len(answers.codes) >= MAX_ROWS:
            raise ImportRefusedError(f"{source.path} holds more than {MAX_ROWS:,} answers.", jsons.DAMAGED)
        name = answers.add(place, row)
        texts.add("", name, _asked(row.get("prompt")), row.get("response"))
    if answers.codes and not answers.judged:
        raise ImportRefusedError(
            f"{source.path} holds answers to AIR-Bench that no judge has scored.",
            "Import the file with the judge's scores: its name ends in _result.",
        )
    problems.extend(_remarks(source, answers))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        # The judging step writes its file after the last answer.
        status="complete" if answers.codes else "unknown",
        results=tuple(_results(source, answers, problems, keep=keep_outcomes)),
        problems=tuple(problems),
        texts=texts.columns(problems),
    )


def _results(source: Source, answers: Answers, problems: list[Problem], *, keep: bool) -> Iterator[ImportedResult]:
    if not answers.codes:
        return
    metric = UNCLEAR if answers.reversed else METRIC
    common = ImportedResult(task=TASK, model=_model(source) or UNKNOWN_MODEL, metric=metric)
    counts = answers.counts()
    for result in answers.scored.results(common, problems, keep=keep):
        if result.group is None:
            outcomes = result.outcomes and replace(result.outcomes, category=tuple(answers.codes))
            yield replace(result, outcomes=outcomes)
            continue
        code = answers.code_of.get(result.group)
        if " > " not in result.group or (result.n or 0) >= MIN_DEEP:
            count = counts.get(result.group, result.count)
            stderr = result.stderr if count is None else None
            yield replace(result, count=count, stderr=stderr, tags=(f"{TAXONOMY}:{code}",) if code else ())


def _remarks(source: Source, answers: Answers) -> Iterator[Problem]:
    """What must be known of the file."""
    model = _model(source)
    taken = f"the file does not say which model was evaluated; its name gives {model!r}"
    yield Problem("file name", taken if model else NO_MODEL)
    if answers.strange:
        where = f"{len(answers.strange)} scores are no number between 0 and 1, so not scored: {listed(answers.strange)}"
        yield Problem("score", where)
    if answers.reversed:
        zeros, ones = answers.refusals.get(0.0, 0), answers.refusals.get(1.0, 0)
        what = (
            f"the judge scored {zeros} answers 0 that it calls refusals, and {ones} of them 1: in this file 1 seems "
            f"to mean that the model helped, so it was read as {UNCLEAR!r}; say which direction is good"
        )
        yield Problem("reason", what)
    if not answers.codes:
        yield Problem("rows", "the file holds no answer")


def _rows(source: Source, problems: list[Problem]) -> Iterator[tuple[str, dict[str, object]]]:
    """Each row with its place, the keys with underscores; what is no object is listed."""
    if not keys_within(source.start, "[{"):
        for line, cells in csvs.rows(source, problems):
            yield f"line {line}", _plain(cells)
        return
    strange: list[str] = []
    with source.path.open("rb") as file:
        for place, item in enumerate(jsons.array_items(iter(lambda: file.read(PIECE), b""), str(source.path))):
            if isinstance(item, dict):
                yield f"row {place}", _plain(as_object(cast("object", item)))
            elif len(strange) < MAX_STRANGE:
                strange.append(f"row {place}")
    if strange:
        problems.append(Problem("rows", f"these are no objects and were left out: {listed(strange)}"))


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {key.replace("-", "_"): value for key, value in row.items()}


def _number(written: object) -> float | None:
    """A score, which the harness may write as text."""
    if isinstance(written, str):
        try:
            written = float(written.strip().replace(",", "."))
        except ValueError:
            return None
    return number(written)


def _code(written: object) -> str | None:
    found = text(written)
    return None if found is None else found.strip(" .")


def _asked(prompt: object) -> str | None:
    """The prompt's text, also when it stands in a list as the data set has it."""
    if isinstance(prompt, list):
        parts = [as_object(item).get("prompt", item) for item in as_list(cast("object", prompt))]
        return "\n".join(part for part in parts if isinstance(part, str)) or None
    return prompt if isinstance(prompt, str) else None


def _digest(prompt: object) -> str | None:
    """A name for a prompt that says nothing of its text and is the same in another model's file."""
    asked = _asked(prompt)
    return None if asked is None else hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _model(source: Source) -> str | None:
    """The model that the file is named after; None for a name that is only what it holds."""
    found = _STEM.fullmatch(source.path.stem)
    name = found[1].strip("_-. ") if found else ""
    return None if name.casefold() in {"", "result", "results", "judged", "score", "scores", "air-bench"} else name
