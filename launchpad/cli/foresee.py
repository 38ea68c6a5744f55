"""decide forecast: questions asked, answered behind a hash, opened once all have spoken, and settled."""

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, writing
from launchpad.cli.deciding import as_option, day_of, held, of_group, person_of
from launchpad.edits.forecasts import Hidden, ask, forecast_of, give, open_forecast, settle
from launchpad.edits.values import parse
from launchpad.errors import InvalidValueError, LaunchpadError
from launchpad.records import Forecast, ForecastQuestion, Inputs, Launch, Person, Scenario, field_of
from launchpad.store import salts

LOST = "This machine does not know its salt, so it stays closed; open it where it was given."


@click.group("forecast")
def forecast_command() -> None:
    """Forecasts by those who sign: hidden until all have spoken, scored once they are settled."""


@forecast_command.command("ask")
@click.argument("question", metavar="TEXT")
@click.option("--settles", required=True, metavar="YYYY-MM-DD", help="The day it is known by.")
@click.option("--scenario", metavar="CODE", help="The scenario it is about.")
@as_option
@writing
def ask_command(asked: Asked, question: str, settles: str, scenario: str | None, as_: str | None) -> None:
    """Ask something that will have happened, or not, by a day."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        about = None if scenario is None else here.inputs.find(Scenario, scenario, here.launch.id)
        who = person_of(here.inputs, asked, as_)
        changes = ask(here.inputs, here.launch, who, question=question, settles_on=settles, scenario=about)
        here.project.edit(changes, "Ask for forecasts", reason=asked.reason)
        code = str((changes[0].after or {})["code"])
    asked.answer({"question": code, "settles_on": settles}, f"Asked {code}: {question}")


@forecast_command.command("give")
@click.argument("question", metavar="CODE")
@click.argument("chance")
@as_option
@writing
def give_command(asked: Asked, question: str, chance: str, as_: str | None) -> None:
    """Give your chance (0.15 or 15%): the project holds a salted hash, this machine the number and its salt."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        row = here.inputs.find(ForecastQuestion, question, here.launch.id)
        who = person_of(here.inputs, asked, as_)
        hidden, changes = give(here.inputs, row, who, _chance(chance), here.stamp)
        salts.keep(hidden)
        here.project.edit(changes, f"Forecast of {who.code} on {question}", reason=asked.reason)
    asked.answer(
        {"question": question, "person": who.code, "sha256": hidden.sha256},
        f"{who.code} has answered {question}, hidden behind {hidden.sha256[:12]}. Its salt is on this machine only.",
    )


@forecast_command.command("open")
@click.argument("question", metavar="[CODE]", required=False)
@click.option("--chance", help="With --salt: the number, where this machine does not know it.")
@click.option("--salt", help="With --chance: its salt.")
@as_option
@writing
def open_command(asked: Asked, question: str | None, chance: str | None, salt: str | None, as_: str | None) -> None:
    """Open your forecasts, all or of one question, once all with a role have answered."""
    asked, project = of_group(asked)
    if (chance is None) != (salt is None):
        raise InvalidValueError("--chance and --salt go together.", "Give both, or none.")
    opened: list[dict[str, object]] = []
    closed: list[dict[str, str]] = []
    with held(asked, project) as here:
        who = person_of(here.inputs, asked, as_)
        for row in _own_closed(here.inputs, here.launch, who, question):
            about = here.inputs.get(ForecastQuestion, row.question).code
            hidden = salts.known(row.sha256)
            if chance is not None and salt is not None:
                hidden = Hidden(about, who.code, _chance(chance), salt)
            try:
                if hidden is None:
                    raise InvalidValueError(f"The forecast of {who.code} on {about} cannot be opened here.", LOST)
                changes = open_forecast(here.inputs, row, hidden, here.stamp)
            except LaunchpadError as error:
                if question is not None:
                    raise
                closed.append({"question": about, "why": str(error)})
                continue
            here.project.edit(changes, f"Open the forecast of {who.code} on {about}", reason=asked.reason)
            opened.append({"question": about, "person": who.code, "probability": hidden.probability})
    lines = [f"{one['question']}: {one['person']} said {one['probability']:.0%}." for one in opened]
    lines += [f"{one['question']}: {one['why']}" for one in closed]
    asked.answer({"opened": opened, "closed": closed}, *(lines or ["Nothing to open."]))
    if closed:
        raise click.exceptions.Exit(LOOK_AT_THIS)


@forecast_command.command("settle")
@click.argument("question", metavar="CODE")
@click.argument("happened", type=click.Choice(["yes", "no"]))
@click.option("--day", metavar="YYYY-MM-DD", help="The day it is known on; default: today or the launch's as-of.")
@writing
def settle_command(asked: Asked, question: str, happened: str, day: str | None) -> None:
    """Say whether it happened; --reason says where that can be looked up. Forecasts are then scored (Brier)."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        row = here.inputs.find(ForecastQuestion, question, here.launch.id)
        changes = settle(row, happened=happened == "yes", because=asked.reason, day=day_of(here.launch, day))
        here.project.edit(changes, f"Settle {question}", reason=asked.reason)
    said = "happened" if happened == "yes" else "did not happen"
    asked.answer({"question": question, "happened": happened == "yes"}, f"{question} {said}.")


def _own_closed(inputs: Inputs, launch: Launch, person: Person, question: str | None) -> list[Forecast]:
    if question is not None:
        asked = inputs.find(ForecastQuestion, question, launch.id)
        row = forecast_of(inputs, asked, person)
        if row is None:
            raise InvalidValueError(f"{person.code} has not answered {question}.", "Nothing to open.")
        return [row]
    rows = inputs.rows(Forecast, launch.id)
    mine = [row for row in rows if row.person == person.id and row.probability is None]
    return sorted(mine, key=inputs.address)


def _chance(words: str) -> float:
    declared = field_of(Forecast, "probability")
    found = None if declared is None else parse(declared, words)
    if not isinstance(found, float):
        raise InvalidValueError(f"{words!r} is no chance.", "Give one from 0 to 1, such as 0.15 or 15%.")
    return found
