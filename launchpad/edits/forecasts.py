"""Forecasts: each signer's chance as a salted hash until all have spoken, then opened, then settled."""

import hashlib
import json
import math
import secrets
from dataclasses import dataclass

from launchpad.changes import Change, insert
from launchpad.edits.records import made_from, next_code, set_values
from launchpad.edits.roles import may
from launchpad.edits.stamps import Stamp
from launchpad.errors import InvalidValueError
from launchpad.records import DecisionRole, Forecast, ForecastQuestion, Inputs, Launch, Person, Scenario

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a hash hides: the question's and the person's code, the chance, and the salt."""

    question: str
    person: str
    probability: float
    salt: str

    @property
    def sha256(self) -> str:
        """SHA-256 over [question code, person code, chance, salt] as canonical JSON."""
        whole = json.dumps(
            [self.question, self.person, self.probability, self.salt],
            ensure_ascii=False,
            separators=(",", ":"),
            allow_nan=False,
        )
        return hashlib.sha256(whole.encode()).hexdigest()


def ask(
    inputs: Inputs, launch: Launch, person: Person, *, question: str, settles_on: str, scenario: Scenario | None = None
) -> list[Change]:
    """The change that adds a question for everybody with a role to answer; whoever has one may ask."""
    may(inputs, launch, person, "ask for a forecast")
    values = {
        "code": next_code(inputs, ForecastQuestion),
        "launch": launch.id,
        "question": question.strip() or None,
        "scenario": None if scenario is None else scenario.id,
        "settles_on": settles_on,
    }
    return [insert(made_from(ForecastQuestion, values))]


def give(
    inputs: Inputs, question: ForecastQuestion, person: Person, probability: float, stamp: Stamp
) -> tuple[Hidden, list[Change]]:
    """What a person's forecast hides, to be kept on the person's machine, and the change that stores its hash.

    A forecast is given once. Raises InvalidValueError for a chance outside 0 to 1, a person without a role, a second
    forecast of the same person, and a question that is settled.
    """
    launch = inputs.get(Launch, question.launch)
    may(inputs, launch, person, "give a forecast")
    if not (math.isfinite(probability) and 0 <= probability <= 1):
        raise InvalidValueError(f"{probability:g} is no chance.", "Give one from 0 to 1, such as 0.15 or 15%.")
    if question.happened is not None:
        raise InvalidValueError(f"Question {question.code} is settled.", "A forecast comes before what it foresees.")
    if forecast_of(inputs, question, person) is not None:
        raise InvalidValueError(
            f"{person.code} has answered {question.code} already.", "A forecast is given once, and opened later."
        )
    hidden = Hidden(question.code, person.code, float(probability), secrets.token_hex(SALT_BYTES))
    values = {
        "launch": launch.id,
        "question": question.id,
        "person": person.id,
        "sha256": hidden.sha256,
        "made_at": stamp.at,
    }
    return hidden, [insert(made_from(Forecast, values))]


def open_forecast(inputs: Inputs, forecast: Forecast, hidden: Hidden, stamp: Stamp) -> list[Change]:
    """The changes that open a forecast with the chance and the salt behind its hash.

    Raises InvalidValueError while somebody with a role has not answered yet, and when chance and salt do not give
    the hash: the number was changed, or is of another forecast.
    """
    question = inputs.get(ForecastQuestion, forecast.question)
    if forecast.probability is not None:
        raise InvalidValueError(f"The forecast {inputs.address(forecast)} is open already.", "Nothing to open.")
    if waiting := silent(inputs, question):
        raise InvalidValueError(
            f"Not all have answered {question.code}; still to speak: {', '.join(waiting)}.",
            "Forecasts open once all with a role have spoken, so that nobody follows another.",
        )
    person = inputs.get(Person, forecast.person)
    told = Hidden(question.code, person.code, hidden.probability, hidden.salt)
    if told.sha256 != forecast.sha256:
        raise InvalidValueError(
            f"{hidden.probability:g} is not the chance that {person.code} gave for {question.code}: "
            "with its salt it does not give the hash that was kept.",
            "Open it with the number and salt of that day; otherwise it stays closed.",
        )
    return set_values(forecast, probability=hidden.probability, salt=hidden.salt, opened_at=stamp.at)


def settle(question: ForecastQuestion, *, happened: bool, because: str, day: str) -> list[Change]:
    """The changes that say whether it happened, as of a day, and where that can be looked up.

    Raises InvalidValueError when it is said not to have happened before the day on which that can be known.
    """
    if not because.strip():
        raise InvalidValueError(f"Nothing is said of where {question.code} can be looked up.", "Say what settles it.")
    if not happened and day < question.settles_on:
        raise InvalidValueError(
            f"{question.code} can still happen: it is settled on {question.settles_on}, and this is {day}.",
            "Wait for that day, or say that it happened.",
        )
    return set_values(question, happened=happened, settled_because=because.strip())


def silent(inputs: Inputs, question: ForecastQuestion) -> tuple[str, ...]:
    """The codes of the persons with a role in the decision who have not answered a question yet."""
    spoke = {row.person for row in inputs.children(Forecast, "question", question.id)}
    roles = inputs.rows(DecisionRole, question.launch)
    return tuple(sorted(inputs.get(Person, row.person).code for row in roles if row.person not in spoke))


def forecast_of(inputs: Inputs, question: ForecastQuestion, person: Person) -> Forecast | None:
    """A person's forecast of a question, or None."""
    rows = inputs.children(Forecast, "question", question.id)
    return next((row for row in rows if row.person == person.id), None)
