"""What only a person can say of evidence: which direction is good, and which mitigations were on."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from launchpad.changes import Change
from launchpad.edits.records import set_values
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import EvalResult, Evaluation, Inputs, Launch, MitigationVariant, Standing

UNKNOWN, NONE = "unknown", "none"
STANDS = ("done", "in_place")
DIRECTIONS = ("higher", "lower")
SPREADS = frozenset({"std", "stddev", "stdev", "variance", "var"})
MOST_EXAMPLES = 5
Metric = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class PolarityQuestion:
    """Is more of this metric better or worse? Asked once for its harness, scorer and name.

    `code` is that of its first evaluation, by which people answer. `values` are examples as
    reported; `tasks` and `files` are where the metric occurs.
    """

    code: str
    harness: str
    scorer: str | None
    metric: str | None
    evaluations: tuple[Evaluation, ...]
    results: int
    values: tuple[float, ...]
    tasks: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InPlaceQuestion:
    """Which mitigations were on during this run? `code` is that of its first result, by which people answer.

    `proposals` are launches with the variants that were done or in place in them on the day of the
    run, the launches of its model first.
    """

    code: str
    harness: str
    run: str
    model: str
    run_date: str | None
    results: tuple[EvalResult, ...]
    files: tuple[str, ...]
    proposals: tuple[tuple[str, tuple[str, ...]], ...]


def polarity_questions(inputs: Inputs) -> tuple[PolarityQuestion, ...]:
    """The metrics whose direction nobody has said, those with the most results first.

    A metric is not asked about when one of its evaluations, of whatever task, is confirmed:
    `recalled` says the same of the others. Where confirmed evaluations of a metric differ, and
    where it has no name, each evaluation is asked about by itself. How far answers spread has no
    good direction and is not asked about.
    """
    said = _said(inputs.rows(Evaluation))
    unknown: dict[object, list[Evaluation]] = defaultdict(list)
    for row in sorted(inputs.rows(Evaluation), key=lambda row: row.code):
        metric = _metric(row)
        if row.polarity == UNKNOWN and len(said[metric]) != 1 and (row.metric or "").casefold() not in SPREADS:
            unknown[(row.code, metric) if said[metric] or row.metric is None else metric].append(row)
    asked = [_polarity_question(inputs, rows) for rows in unknown.values()]
    return tuple(sorted(asked, key=lambda question: (-question.results, question.code)))


def answer_polarity(inputs: Inputs, question: PolarityQuestion, polarity: str) -> list[Change]:
    """The changes that give every evaluation of the question that is still unconfirmed this direction."""
    if polarity not in DIRECTIONS:
        raise InvalidValueError(f"{polarity!r} is no direction.", "Say higher or lower: which is better?")
    rows = (inputs.get(Evaluation, row.id) for row in question.evaluations if inputs.has(Evaluation, row.id))
    return [change for row in rows if row.polarity == UNKNOWN for change in set_values(row, polarity=polarity)]


def recalled(inputs: Inputs) -> list[Change]:
    """The changes that give unconfirmed evaluations the direction already said for their metric."""
    said = _said(inputs.rows(Evaluation))
    rows = [row for row in inputs.rows(Evaluation) if row.polarity == UNKNOWN and len(said[_metric(row)]) == 1]
    return [change for row in rows for change in set_values(row, polarity=next(iter(said[_metric(row)])))]


def in_place_questions(inputs: Inputs) -> tuple[InPlaceQuestion, ...]:
    """The runs of which nobody has said which mitigations were on, the newest first."""
    runs: dict[tuple[str, str, str], list[EvalResult]] = defaultdict(list)
    for result in sorted(inputs.rows(EvalResult), key=lambda row: row.code):
        if _unsaid(result) and not result.superseded:
            runs[_run(result)].append(result)
    asked = [_in_place_question(inputs, run, rows) for run, rows in runs.items()]
    asked.sort(key=lambda question: question.code)
    return tuple(sorted(asked, key=lambda question: question.run_date or "", reverse=True))


def answer_in_place(inputs: Inputs, question: InPlaceQuestion, answer: str | Sequence[str]) -> list[Change]:
    """The changes that say of every result of a run which variants were on: their codes, "none" or "unknown".

    Raises UnknownRecordError for a code that is no variant's.
    """
    words = _in_place_words(inputs, answer)
    run = (question.harness, question.run, question.model)
    rows = (row for row in inputs.rows(EvalResult) if _run(row) == run and _unsaid(row))
    return [change for row in rows for change in set_values(row, in_place=words)]


def _metric(row: Evaluation) -> Metric:
    return (row.harness or "").casefold(), row.scorer, row.metric


def _said(evaluations: Iterable[Evaluation]) -> dict[Metric, set[str]]:
    """The directions confirmed for each metric that has a name."""
    said: dict[Metric, set[str]] = defaultdict(set)
    for row in evaluations:
        if row.polarity in DIRECTIONS and row.metric is not None:
            said[_metric(row)].add(row.polarity)
    return said


def _polarity_question(inputs: Inputs, rows: Sequence[Evaluation]) -> PolarityQuestion:
    results = [result for row in rows for result in inputs.children(EvalResult, "evaluation", row.id)]
    values = dict.fromkeys(result.value for result in results if result.value is not None)
    first = rows[0]
    return PolarityQuestion(
        code=first.code,
        harness=first.harness or "",
        scorer=first.scorer,
        metric=first.metric,
        evaluations=tuple(rows),
        results=len(results),
        values=tuple(values)[:MOST_EXAMPLES],
        tasks=_once(row.task or row.name for row in rows),
        files=_once(result.file_name for result in results),
    )


def _once(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _unsaid(result: EvalResult) -> bool:
    return result.in_place.strip().casefold() in ("", UNKNOWN)


def _run(result: EvalResult) -> tuple[str, str, str]:
    run = result.run_id or result.file_sha256 or result.file_name or result.code
    return result.harness, run, result.model


def _in_place_question(inputs: Inputs, run: tuple[str, str, str], rows: Sequence[EvalResult]) -> InPlaceQuestion:
    days = Counter(row.run_date for row in rows if row.run_date)
    day = days.most_common(1)[0][0] if days else None
    harness, name, model = run
    files = _once(row.file_name for row in rows)
    return InPlaceQuestion(rows[0].code, harness, name, model, day, tuple(rows), files, _proposals(inputs, model, day))


def _proposals(inputs: Inputs, model: str, day: str | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each launch with what stood in it on a day; what has no dates, or a day unknown, counts as standing."""
    found: list[tuple[bool, str, tuple[str, ...]]] = []
    for launch in inputs.rows(Launch):
        on = sorted(
            inputs.get(MitigationVariant, row.variant).code
            for row in inputs.rows(Standing, launch.id)
            if row.status in STANDS and (day is None or (row.finished or row.started or "") <= day)
        )
        if on:
            found.append((model not in (launch.model, launch.snapshot), launch.code, tuple(on)))
    return tuple((code, on) for _, code, on in sorted(found))


def _in_place_words(inputs: Inputs, answer: str | Sequence[str]) -> str:
    """An answer as `in_place` keeps it."""
    given = answer.split(",") if isinstance(answer, str) else list(answer)
    codes = list(dict.fromkeys(code.strip() for code in given if code.strip()))
    special = [code.casefold() for code in codes if code.casefold() in (NONE, UNKNOWN)]
    if special and len(codes) == 1:
        return special[0]
    if special or not codes:
        raise InvalidValueError(
            f"{answer!r} does not say which mitigations were on.",
            "Give codes of variants with commas, or none, or unknown.",
        )
    known = {row.code.casefold(): row.code for row in inputs.rows(MitigationVariant)}
    missing = [code for code in codes if code.casefold() not in known]
    if missing:
        raise UnknownRecordError(
            f"There is no variant called {', '.join(map(repr, missing))}.",
            "The first ones are: " + ", ".join(sorted(known.values())[:5]) + ".",
        )
    return ",".join(sorted(known[code.casefold()] for code in codes))
