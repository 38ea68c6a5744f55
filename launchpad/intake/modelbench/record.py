"""The record modelbench writes of one benchmark: a score for each system under test, and one for each hazard."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import member, repeats_into
from launchpad.intake.modelbench.scores import Score, letter_of
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL, total
from launchpad.intake.source import PIECE
from launchpad.intake.values import as_list, as_object, number, text, whole
from launchpad.records.imported import ImportedResult, Interval, Problem

MAX_RESULTS = 20_000
LEVEL = 0.95
METHOD = "clopper-pearson"


def load(path: Path, problems: list[Problem]) -> Mapping[str, object]:
    """The record, of its metadata only the version; who ran it where is dropped."""
    with path.open("rb") as file:
        document = as_object(
            jsons.load(iter(lambda: file.read(PIECE), b""), str(path), repeats_into(problems, path.name))
        )
    version = text(member(document.pop("_metadata", None), "code", "libraries", "modelbench"))
    return {**document, "version": version}


def results_of(record: Mapping[str, object], problems: list[Problem]) -> Iterator[ImportedResult]:
    """For each system under test the overall score, if it has one, and the score of each hazard."""
    benchmark = as_object(record.get("benchmark"))
    made = 0
    for place, written in enumerate(as_list(record.get("scores"))):
        score = as_object(written)
        model = text(member(score, "sut", "uid")) or UNKNOWN_MODEL
        if model == UNKNOWN_MODEL:
            problems.append(Problem(f"scores[{place}].sut", NO_MODEL))
        common = ImportedResult(
            task=text(benchmark.get("uid")) or "unnamed",
            task_version=text(benchmark.get("version")),
            model=model,
            metric="",
        )
        for result in _of_system(score, common, f"scores[{place}]", problems):
            made += 1
            if made > MAX_RESULTS:
                raise ImportRefusedError(f"The record lists more than {MAX_RESULTS:,} results.", jsons.DAMAGED)
            yield result


def _of_system(
    score: Mapping[str, object], common: ImportedResult, where: str, problems: list[Problem]
) -> Iterator[ImportedResult]:
    hazards: list[tuple[str, Score]] = []
    for place, written in enumerate(as_list(score.get("hazard_scores"))):
        entry = as_object(written)
        uid = text(member(entry, "hazard_definition", "uid"))
        found = _hazard(entry)
        if uid is None or (found.value is None and found.grade is None):
            problems.append(Problem(f"{where}.hazard_scores[{place}]", "no hazard or no score; left out"))
            continue
        if found.value is not None and found.results(common, uid)[0].count is None and found.safe is not None:
            what = f"{found.safe} of {found.n} items are safe, which is not the score of {found.value}"
            problems.append(Problem(f"{where}.hazard_scores[{place}]", what))
        hazards.append((uid, found))
    overall = _overall(score, [found for _, found in hazards])
    # A benchmark may have scores of its hazards alone, as the security benchmark has.
    yield from overall.results(common, None)
    for uid, found in hazards:
        yield from found.results(common, uid)


def _hazard(entry: Mapping[str, object]) -> Score:
    score = as_object(entry.get("score"))
    estimate = number(score.get("estimate"))
    n = whole(entry.get("num_scored_items"))
    low, high = number(score.get("lower")), number(score.get("upper"))
    inside = low is not None and high is not None and 0 <= low <= high <= 1
    return Score(
        value=estimate if estimate is not None and 0 <= estimate <= 1 else None,
        n=n if n is not None else whole(score.get("samples")),
        safe=whole(entry.get("num_safe_items")),
        failed=whole(entry.get("exceptions")),
        reference=number(member(entry, "hazard_definition", "reference_standard")),
        grade=number(entry.get("numeric_grade")),
        letter=letter_of(entry.get("text_grade")),
        interval=Interval(low, high, LEVEL, METHOD) if inside and low is not None and high is not None else None,
    )


def _overall(score: Mapping[str, object], hazards: list[Score]) -> Score:
    """The score over all hazards: the safe items of all; its reference is the mean of theirs."""
    value = number(score.get("score"))
    references = [found.reference for found in hazards if found.reference is not None]
    complete = bool(references) and len(references) == len(hazards)
    return Score(
        value=value if value is not None and 0 <= value <= 1 else None,
        n=total([found.n for found in hazards]),
        safe=total([found.safe for found in hazards]),
        failed=total([found.failed for found in hazards]),
        reference=sum(references) / len(references) if complete else None,
        grade=number(score.get("numeric_grade")),
        letter=letter_of(score.get("text_grade")),
    )
