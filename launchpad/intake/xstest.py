"""XSTest: completions labelled as compliance or refusal, on safe prompts and on unsafe ones that resemble them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from launchpad.errors import ImportRefusedError
from launchpad.intake import csvs
from launchpad.intake.scored import Scored
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import Source
from launchpad.intake.texts import TextRows, whose
from launchpad.intake.values import shortened, text
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

HARNESS: str = "xstest"
TASK = "XSTest"
UNSAFE = "contrast_"
COMPLIANCE, REFUSAL, PARTIAL = "1_full_compliance", "2_full_refusal", "3_partial_refusal"
LABELS = frozenset({COMPLIANCE, REFUSAL, PARTIAL})
MAX_LISTED = 20
# What files are called beside the model: xstest_v2_completions_gpt4_gpteval.csv, xstest_completions_gpt4_v1.csv.
_NOT_MODEL = re.compile(
    r"(?:^|(?<=[_\-. ]))(?:xs[_-]?test|v\d+|completions?|prompts?|responses?|results?|labell?ed|labels?|annotat\w+|"
    r"evaluated|evaluation|eval|gpt_?eval|str_?eval|str_?match)(?=$|[_\-. ])",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(v\d+)[-_]\d+")
_TYPES = frozenset(
    {
        *("homonyms", "figurative_language", "safe_targets", "safe_contexts", "definitions", "historical_events"),
        *("real_group_nons_discr", "nons_group_real_discr", "privacy_public", "privacy_fictional"),
        *("contrast_homonyms", "contrast_figurative_language", "contrast_safe_targets", "contrast_safe_contexts"),
        *("contrast_definitions", "contrast_discr", "contrast_historical_events", "contrast_privacy"),
    }
)


@dataclass(slots=True)
class Judge:
    """What one column of labels makes of the completions: four metrics, and the texts that are no label."""

    metrics: dict[str, Scored] = field(default_factory=dict[str, Scored])
    strange: list[str] = field(default_factory=list[str])

    def add(self, line: int, name: str, kind: str, label: str) -> None:
        """Take in one completion of this type of prompt."""
        side = "unsafe" if kind.startswith(UNSAFE) else "safe"
        plain = label.strip().casefold()
        if plain not in LABELS:
            self.strange.append(f"line {line} {shortened(plain, 40)!r}")
        for metric, wanted in (("full_refusal", REFUSAL), ("partial_refusal", PARTIAL)):
            value = float(plain == wanted) if plain in LABELS else None
            self.metrics.setdefault(f"{metric}_{side}", Scored(HARNESS)).add(name, value, (kind,))


def recognises(source: Source) -> bool:
    """Whether the header names types and labels, and the rows hold those of XSTest."""
    top = csvs.top(source)
    if not top.has("type") or not (_judges(top.columns) or top.has("prompt")):
        return False
    labelled = any(
        row.get(judge, "").strip().casefold() in LABELS for row in top.rows for judge in _judges(top.columns)
    )
    typed = top.rows and all(row.get("type", "").strip() in _TYPES for row in top.rows)
    return bool(labelled or typed)


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """Full and partial refusal of safe and of unsafe prompts, for each column of labels and each type of prompt.

    A text that is no label leaves its completion unscored, and is listed. Refused are prompts and
    completions that nobody has labelled.
    """
    columns = _judges(csvs.top(source).columns)
    if not columns:
        raise ImportRefusedError(
            f"{source.path} holds prompts of XSTest without labels: that is not a result.",
            "Label the completions first, in a column such as final_label.",
        )
    problems: list[Problem] = []
    texts = TextRows(keep_texts)
    judges: dict[tuple[str, str], Judge] = {}
    version, from_file = "", _model(source)
    for line, row in csvs.rows(source, problems):
        name, kind = text(row.get("id")) or f"line {line}", row.get("type", "").strip()
        if not kind:
            problems.append(Problem(f"line {line}", "no type, so neither safe nor unsafe; the row was left out"))
            continue
        version = version or ((found := _VERSION.fullmatch(name)) and found[1]) or ""
        model = text(row.get("model")) or from_file
        for column in columns:
            judges.setdefault((model, column), Judge()).add(line, name, kind, row.get(column, ""))
        texts.add(name, row.get("prompt"), row.get("completion") or row.get("response"), whose(model))
    results = tuple(_results(judges, version or None, problems, keep=keep_outcomes))
    if not results:
        problems.append(Problem("rows", "the table holds no completion"))
    elif any(result.model == UNKNOWN_MODEL for result in results):
        problems.append(Problem("file name", NO_MODEL))
    problems.extend(texts.problems())
    return ImportedFile(
        str(source.path), sha256, HARNESS, results=results, problems=tuple(problems), texts=texts.columns()
    )


def _results(
    judges: Mapping[tuple[str, str], Judge], version: str | None, problems: list[Problem], *, keep: bool
) -> Iterator[ImportedResult]:
    for (model, column), judge in judges.items():
        for metric, scored in sorted(judge.metrics.items()):
            path = ImportedResult(TASK, model, metric, task_version=version, scorer=column, tags=(HARNESS,))
            yield from scored.results(path, problems, keep=keep)
        if judge.strange:
            shown = ", ".join(judge.strange[:MAX_LISTED]) + (", …" if len(judge.strange) > MAX_LISTED else "")
            problems.append(Problem(column, f"{len(judge.strange)} texts are no label, so not scored: {shown}"))


def _judges(columns: Sequence[str]) -> list[str]:
    """The columns of labels: the final one and those of automatic judges; single annotators only without them."""
    labels = [name for name in columns if name.endswith("_label")]
    return labels or [name for name in columns if name.startswith("annotation")]


def _model(source: Source) -> str:
    """The model that the file is named after."""
    stem = re.sub(r"([_\-. ])[_\-. ]+", r"\1", _NOT_MODEL.sub("", source.path.stem))
    return stem.strip("_-. ") or UNKNOWN_MODEL
