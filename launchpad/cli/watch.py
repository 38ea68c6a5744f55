"""watch: what came in after the launch, held against what was expected."""

from collections.abc import Iterable, Iterator

import click

from launchpad.cli.asked import Asked, launch_of, plan_of, project_argument, read, reading, table
from launchpad.results import Aftermath, aftermath_json, aftermath_of
from launchpad.results.aftermath import RateRow, ScenarioAfter
from launchpad.scoring.aftermath import verdicts
from launchpad.scoring.model import build

COLUMNS = ("Code", "Scenario", "Expected", "90 %", "Seen", "Public", "Harm", "Says", "In monitoring")


@click.command("watch")
@project_argument
@reading
def watch_command(asked: Asked, project: str) -> None:
    """After the launch: events expected against events seen, what monitors saw, and triggers that reopen gates."""
    with read(project) as file:
        inputs = file.inputs()
    launch = launch_of(inputs, asked.launch)
    plan = plan_of(inputs, launch, asked.plan)
    model = build(inputs, launch.id, plan.id if plan else None)
    found = aftermath_of(inputs, model)
    gates = [one for one in verdicts(inputs, launch, model.coefficients).values() if one.code in found.reopened]
    told = [{"code": gate.code, "verdict": gate.verdict, "reason": gate.reason} for gate in gates]
    answer = aftermath_json(found)
    answer["gates"] = told
    asked.answer(
        answer, *_for_people(found), *(f"{gate['code']} is {gate['verdict']}. {gate['reason']}" for gate in told)
    )


def _for_people(found: Aftermath) -> list[object]:
    days = "1 day" if found.days == 1 else f"{found.days} days"
    where = f"{days} of its horizon as of {found.as_of}" if found.out else f"not out as of {found.as_of}"
    triggers = table(
        "Triggers, those reached first",
        ("Trigger", "Gate", "Scenario", "Opens it at", "Most so far", "Reached on", "Decided up to"),
        [
            (one.code, one.gate, one.scenario, one.asks, one.most, one.reached_on, one.decided_on)
            for one in found.triggers
        ],
    )
    shown: list[object] = [f"{found.launch}: {where}."]
    if found.triggers:
        shown.append(triggers)
    if found.out:
        shown.append(table("Expected against seen", COLUMNS, [_row(row, row.code) for row in found.scenarios]))
    if found.baseline is not None:
        title = f"The launch before, {found.baseline}, over {found.days_before} days"
        shown.append(table(title, COLUMNS, [_row(row, f"{row.code} (now {row.now})") for row in found.before]))
    through = [*_through(found.scenarios), *_through(found.before)]
    if through:
        shown.append(
            table("On, and meant to stop it, when it happened", ("Code", "Scenario", "Mitigation", "In"), through)
        )
    shown.append("Reports are a lower bound: fewer than expected may also mean that nobody reports them.")
    aside = [f"  {record}: {reason}" for row in found.scenarios for record, reason in row.set_aside]
    return [*shown, *(["Readings that give no rate:", *aside] if aside else [])]


def _through(rows: Iterable[ScenarioAfter]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        for one in row.through:
            events = "1 event" if one.events == 1 else f"{one.events} events"
            guess = one.events - one.stated
            yield row.code, row.name, one.variant, f"{events} ({guess} by standing alone)" if guess else events


def _row(row: ScenarioAfter, code: str) -> tuple[object, ...]:
    span = None if row.low is None else f"{row.low} - {row.high}"
    return (code, row.name, row.expected, span, row.seen, row.public, row.harm, row.verdict, _monitored(row.rate))


def _monitored(rate: RateRow | None) -> str | None:
    """A rate as monitors saw it with its interval, and the prediction beside it."""
    if rate is None:
        return None
    seen = f"{rate.observed:.3g} ({rate.low:.2g} - {rate.high:.2g})"
    if rate.predicted is None:
        return seen
    return (
        f"{seen}, predicted {rate.predicted:.3g} ({rate.predicted_low:.2g} - {rate.predicted_high:.2g}): {rate.verdict}"
    )
