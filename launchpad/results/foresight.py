"""Forecasts of a launch as they stand, and how well earlier ones foresaw: the Brier score, 0 is best, 1 worst."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from launchpad.edits.forecasts import Hidden, silent
from launchpad.records import Forecast, ForecastQuestion, Inputs, Launch, Person, Scenario

CLOSED, OPEN, ALTERED = "closed", "open", "altered after it was given"


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """One person's forecast: closed while only its hash is known, else the chance and, once settled, its score."""

    person: str
    made_at: str | None
    sha256: str
    state: str
    probability: float | None
    opened_at: str | None
    brier: float | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question with its forecasts; `silent` are the persons with a role who have not answered yet.

    `mean` and `brier` are over the open forecasts, None where there are none or it is not settled.
    """

    code: str
    question: str
    scenario: str | None
    settles_on: str
    happened: bool | None
    settled_because: str | None
    forecasts: tuple[ForecastRow, ...]
    silent: tuple[str, ...]
    mean: float | None
    brier: float | None

    def due(self, day: str) -> bool:
        """Whether it could have been settled by a day and is not."""
        return self.happened is None and self.settles_on <= day


@dataclass(frozen=True, slots=True)
class PersonScore:
    """How well one person foresaw: the mean Brier score over so many settled forecasts."""

    person: str
    brier: float
    forecasts: int


@dataclass(frozen=True, slots=True)
class LaunchScore:
    """How well the signers of a launch foresaw: each of them, and the mean over all settled forecasts."""

    launch: str
    persons: tuple[PersonScore, ...]
    brier: float
    forecasts: int


def brier(probability: float, *, happened: bool) -> float:
    """(probability - outcome)^2 (Brier 1950, of one event): 0 for a sure and right forecast, 1 for a sure wrong one."""
    return (probability - float(happened)) ** 2


def questions(inputs: Inputs, launch: Launch) -> tuple[QuestionRow, ...]:
    """The questions of a launch with their forecasts, in the order of their codes."""
    rows = sorted(inputs.rows(ForecastQuestion, launch.id), key=lambda row: row.code)
    return tuple(_question(inputs, row) for row in rows)


def score(launch: str, rows: Iterable[QuestionRow]) -> LaunchScore | None:
    """How well the signers of a launch foresaw; None while nothing of it is settled and open."""
    found: dict[str, list[float]] = {}
    for row in rows:
        for one in row.forecasts:
            if one.brier is not None:
                found.setdefault(one.person, []).append(one.brier)
    if not found:
        return None
    each = [value for values in found.values() for value in values]
    persons = tuple(PersonScore(person, fmean(found[person]), len(found[person])) for person in sorted(found))
    return LaunchScore(launch, persons, fmean(each), len(each))


def earlier_scores(inputs: Inputs, launch: Launch) -> tuple[LaunchScore, ...]:
    """How well the signers of each launch before this one foresaw, the latest first."""
    others = [row for row in inputs.rows(Launch) if row.id != launch.id and _is_before(row, launch)]
    newest_first = sorted(others, key=lambda row: (row.launch_date, row.code), reverse=True)
    scores = (score(row.code, questions(inputs, row)) for row in newest_first)
    return tuple(one for one in scores if one is not None)


def _is_before(other: Launch, launch: Launch) -> bool:
    return other.id == launch.baseline or other.launch_date < launch.launch_date


def _question(inputs: Inputs, row: ForecastQuestion) -> QuestionRow:
    given = sorted(inputs.children(Forecast, "question", row.id), key=inputs.address)
    forecasts = tuple(_forecast(inputs, row, one) for one in given)
    known = [one.probability for one in forecasts if one.probability is not None]
    scores = [one.brier for one in forecasts if one.brier is not None]
    return QuestionRow(
        code=row.code,
        question=row.question,
        scenario=None if row.scenario is None else inputs.get(Scenario, row.scenario).code,
        settles_on=row.settles_on,
        happened=row.happened,
        settled_because=row.settled_because,
        forecasts=forecasts,
        silent=silent(inputs, row),
        mean=fmean(known) if known else None,
        brier=fmean(scores) if scores else None,
    )


def _forecast(inputs: Inputs, question: ForecastQuestion, row: Forecast) -> ForecastRow:
    """A forecast as it stands; an open number that does not give the hash counts for nothing."""
    person = inputs.get(Person, row.person).code
    state, probability = CLOSED, None
    if row.probability is not None:
        whole = Hidden(question.code, person, row.probability, row.salt or "")
        state = OPEN if whole.sha256 == row.sha256 else ALTERED
        probability = row.probability if state == OPEN else None
    settled = probability is not None and question.happened is not None
    return ForecastRow(
        person=person,
        made_at=row.made_at,
        sha256=row.sha256,
        state=state,
        probability=probability,
        opened_at=row.opened_at,
        brier=brier(probability, happened=bool(question.happened)) if settled and probability is not None else None,
    )
