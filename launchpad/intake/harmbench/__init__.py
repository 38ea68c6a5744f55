"""HarmBench: a classifier's verdict on every test case of every behaviour; categories lie in a table beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.harmbench.behaviors import Kinds, categories, is_table
from launchpad.intake.harmbench.verdicts import MAX_STRANGE, Verdicts
from launchpad.intake.lines import repeats_into
from launchpad.intake.scored import Texts
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import PIECE, Source, keys_within
from launchpad.intake.values import as_list, as_object, listed, text
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

HARNESS: str = "harmbench"
TASK = "HarmBench"
METRIC = "attack_success_rate"
ADVBENCH = "advbench_label"
MAX_ROWS = 2_000_000
_STEM = re.compile(r"(?:harm[_-]?bench[_-])?(?:results?[_-])?(.*?)(?:[_-](?:results?|eval(?:uated)?))?", re.IGNORECASE)
_NO_NAME = frozenset({"", "results", "result", "harmbench", "output", "completions"})


def recognises(source: Source) -> bool:
    """Whether this is a file of results or completions, or the table of behaviours."""
    return is_table(source) or "test_case" in keys_within(source.start, "{[{")


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """The attack success rate over all test cases and as a mean over behaviours, and by category.

    The model stands only in the file's name, the attack only in the folders of HarmBench's own layout.
    """
    if is_table(source):
        raise ImportRefusedError(
            f"{source.path} lists the behaviours of HarmBench and their categories: it is not a result.",
            "Import the results; the categories are taken from this table where it lies beside them.",
        )
    problems: list[Problem] = []
    kinds = categories(source.path, problems)
    judges, texts = {"label": Verdicts(), ADVBENCH: Verdicts()}, Texts(keep_texts)
    unknown, used = set[str](), set[str]()
    rows = 0
    for behavior, place, row in _rows(source, problems):
        rows += 1
        if rows > MAX_ROWS:
            raise ImportRefusedError(f"{source.path} holds more than {MAX_ROWS:,} test cases.", jsons.DAMAGED)
        known = kinds.get(behavior) or Kinds("", "")
        if kinds and behavior not in kinds:
            unknown.add(behavior)
        for judge, verdicts in judges.items():
            verdicts.add(behavior, place, row.get(judge), known)
        used |= judges.keys() & row.keys()
        texts.add("", behavior, _words(row.get("test_case")), row.get("generation"))
    judges = {judge: verdicts for judge, verdicts in judges.items() if judge in used}
    if rows and not judges:
        raise ImportRefusedError(
            f"{source.path} holds completions of HarmBench that no classifier has judged.",
            "Import the file with a 'label' for each, from the folder results.",
        )
    problems.extend(_remarks(source.path, judges, unknown, has_kinds=bool(kinds)))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        # The classifier writes its file after the last behaviour.
        status="complete" if rows else "unknown",
        results=tuple(_results(source.path, judges, problems, keep=keep_outcomes)),
        problems=tuple(problems),
        texts=texts.columns(problems),
    )


def _results(
    path: Path, judges: Mapping[str, Verdicts], problems: list[Problem], *, keep: bool
) -> Iterator[ImportedResult]:
    method = _method(path)
    common = ImportedResult(
        task=f"{TASK} {method}" if method else TASK, model=_model(path) or UNKNOWN_MODEL, metric=METRIC
    )
    for judge, verdicts in judges.items():
        by_judge = replace(common, scorer="advbench" if judge == ADVBENCH else None)
        results = verdicts.results(by_judge, problems, keep=keep)
        yield next(results)
        yield verdicts.by_behavior(by_judge)
        yield from results


def _remarks(path: Path, judges: Mapping[str, Verdicts], unknown: set[str], *, has_kinds: bool) -> Iterator[Problem]:
    """What must be known of the file."""
    model, method = _model(path), _method(path)
    taken = f"the file does not say which model was evaluated; its name gives {model!r}"
    yield Problem("file name", taken if model else NO_MODEL)
    if method:
        yield Problem("folders", f"the attack {method!r} was taken from the folder, where HarmBench puts it")
    if not has_kinds:
        yield Problem("harmbench_behaviors", "no table of behaviours lies near the file: read without categories")
    elif unknown:
        what = f"{len(unknown)} behaviours are not in the table of behaviours: {listed(sorted(unknown))}"
        yield Problem("harmbench_behaviors", what)
    for judge, verdicts in judges.items():
        if verdicts.undecided:
            what = (
                f"{verdicts.undecided} answers were judged neither way (-1), so not scored; HarmBench counts them as 0"
            )
            yield Problem(judge, what)
        if verdicts.written_as_text:
            yield Problem(judge, f"{verdicts.written_as_text} labels are written as text and were read as numbers")
        if verdicts.strange:
            yield Problem(judge, f"neither 0 nor 1, so not scored: {listed(verdicts.strange)}")
    if not judges:
        yield Problem("behaviours", "the file holds no test case")


def _rows(source: Source, problems: list[Problem]) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Behaviour, place and row of each test case; what has another shape is listed."""
    strange: list[str] = []
    with source.path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        repeats = repeats_into(problems, source.path.name)
        for behavior, cases in jsons.object_items(pieces, str(source.path), frozenset(), repeats):
            name = text(behavior) or "unnamed"
            if not isinstance(cases, list) and len(strange) < MAX_STRANGE:
                strange.append(name)
            for number_of_case, case in enumerate(as_list(cast("object", cases))):
                if isinstance(case, dict):
                    yield name, f"{name}[{number_of_case}]", as_object(cast("object", case))
                elif len(strange) < MAX_STRANGE:
                    strange.append(f"{name}[{number_of_case}]")
    if strange:
        problems.append(Problem("behaviours", f"these are no test cases and were left out: {listed(strange)}"))


def _words(written: object) -> str | None:
    """A test case as text; one with an image is a list of the image's place and the text."""
    if isinstance(written, list):
        return "\n".join(part for part in as_list(cast("object", written)) if isinstance(part, str)) or None
    return written if isinstance(written, str) else None


def _model(path: Path) -> str | None:
    """The model that the file is named after; None for a name that is only what it holds."""
    found = _STEM.fullmatch(path.stem)
    name = found[1].strip("_-. ") if found else ""
    return None if name.casefold() in _NO_NAME else name


def _method(path: Path) -> str | None:
    """The attack, from results/{attack}/{experiment}/results/{model}.json."""
    parents = path.absolute().parents
    if len(parents) < 4 or parents[0].name != "results" or parents[3].name != "results":
        return None
    return text(parents[2].name)
