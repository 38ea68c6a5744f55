"""decide: who decides on a launch, what is decided, on what conditions, and what everybody foresaw."""

from collections.abc import Sequence
from typing import Any

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, arrivals, launch_of, plan_of, project_argument, read, writing
from launchpad.cli.decide_words import record_for_people
from launchpad.cli.deciding import ProjectFirst, as_option, day_of, day_option, held, of_group, person_of, remember
from launchpad.cli.foresee import forecast_command
from launchpad.edits.decisions import Asked as AskedFor
from launchpad.edits.decisions import Wish, add_condition, close_condition, dissent, take_back
from launchpad.edits.roles import give_role, take_role
from launchpad.edits.signatures import take_back_signature
from launchpad.edits.waivers import grant, withdraw_waiver
from launchpad.edits.words_given import standing
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Condition, Decision, Dissent, Gate, Inputs, Launch, Person, SignOff, Waiver
from launchpad.records.decisions import OUTCOMES_OF_A_LAUNCH, ROLES
from launchpad.results import compute
from launchpad.results.deciding import determine, draw_up
from launchpad.results.decisions import record_json, record_of


@click.group("decide", cls=ProjectFirst, invoke_without_command=True)
@project_argument
@day_option
@click.option("--strict", is_flag=True, help="Exit with 1 when a gate is open, a signature void or a condition lapsed.")
@writing
def decide_command(asked: Asked, project: str, day: str | None, strict: bool) -> None:
    """The decision on a launch: gates, roles, what is decided, conditions, waivers, dissent, signatures, forecasts.

    Alone it shows all of that; `launchpad decide PROJECT COMMAND --help` tells of each command.
    """
    if click.get_current_context().invoked_subcommand is not None:
        remember(asked, project)
        return
    with read(project) as file:
        inputs = file.inputs()
        seen = arrivals(file, inputs)
    launch = launch_of(inputs, asked.launch)
    record = record_of(inputs, launch, compute(inputs, launch.id, draws=0), day_of(launch, day), seen)
    asked.answer(record_json(record), *record_for_people(record))
    void = any(row.state == "void" for row in record.signatures)
    lapsed = any(row.state == "lapsed" for row in record.conditions)
    if strict and (record.open_gates or void or lapsed):
        raise click.exceptions.Exit(LOOK_AT_THIS)


@decide_command.command("role")
@click.argument("person")
@click.argument("role", type=click.Choice([*ROLES, "none"]))
@click.option("--note", help="What it covers.")
@writing
def role_command(asked: Asked, person: str, role: str, note: str | None) -> None:
    """Give a person a role in the decision: recommend, decide or oversee; none takes it away."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        who = here.inputs.find(Person, person)
        changes = (
            take_role(here.inputs, here.launch, who)
            if role == "none"
            else give_role(here.inputs, here.launch, who, role, note)
        )
        here.project.edit(changes, f"Role of {who.code}: {role}", reason=asked.reason)
    said = "has no role any more" if role == "none" else ROLES[role].lower()
    asked.answer({"person": who.code, "role": None if role == "none" else role}, f"{who.code} {said}.")


@decide_command.command("determine")
@click.argument("gate")
@click.argument("determined", metavar="VALUE")
@as_option
@writing
def determine_command(asked: Asked, gate: str, determined: str, as_: str | None) -> None:
    """Determine a gate: met, inconclusive, not met; of a capability ruled out, cannot rule out, reached.

    --reason says why. It stands beside what the program computes, until the evidence changes.
    """
    asked, project = of_group(asked)
    with held(asked, project) as here:
        row = here.inputs.find(Gate, gate, here.launch.id)
        who = person_of(here.inputs, asked, as_)
        wish = {"determined": determined.replace("_", " "), "reason": asked.reason}
        changes = determine(here.inputs, here.results(), row, who, **wish, stamp=here.stamp)
        here.project.edit(changes, f"Determine {gate}: {wish['determined']}", reason=asked.reason)
        made = dict(changes[0].after or {})
    asked.answer(
        {"determination": made["code"], "gate": gate, "determined": made["determined"], "computed": made["computed"]},
        f"{made['code']}: {gate} is determined {made['determined']}; computed is {made['computed']}.",
    )


@decide_command.command("decision")
@click.argument("outcome", type=click.Choice([name.replace("_", "-") for name in OUTCOMES_OF_A_LAUNCH]))
@click.option("--says", required=True, metavar="TEXT", help="The decision in words, with its reasons.")
@click.option("--condition", "conditions", multiple=True, metavar="'OWNER DAY TEXT'", help="May be given often.")
@click.option("--stage", metavar="TEXT", help="How far a stage goes.")
@click.option("--despite", default="", metavar="REASON", help="Why to go on although gates are open.")
@as_option
@day_option
@writing
def decision_command(asked: Asked, outcome: str, conditions: Sequence[str], **given: Any) -> None:  # noqa: ANN401
    """Draw up a decision, to be signed: go, conditional, stage or no-go.

    It takes the place of the one that stands; --reason says why then. With gates open and no waiver, going on takes
    conditions or --despite REASON. The plan it counts on is --plan, else the current one.
    """
    asked, project = of_group(asked)
    with held(asked, project) as here:
        who = person_of(here.inputs, asked, given["as_"])
        wish = Wish(
            outcome=outcome.replace("-", "_"),
            statement=given["says"],
            conditions=[_asked_for(here.inputs, words) for words in conditions],
            stage=given["stage"],
            plan=plan_of(here.inputs, here.launch, asked.plan),
            despite=given["despite"],
            reason=asked.reason,
        )
        seen = day_of(here.launch, given["day"])
        changes = draw_up(here.inputs, here.launch, here.results(), who, wish, day=seen, stamp=here.stamp)
        here.project.edit(changes, f"Draw up decision: {OUTCOMES_OF_A_LAUNCH[wish.outcome]}", reason=asked.reason)
        codes = [str((change.after or {})["code"]) for change in changes]
    answer = {"decision": codes[0], "outcome": wish.outcome, "conditions": codes[1:]}
    also = f" with {', '.join(codes[1:])}" if codes[1:] else ""
    asked.answer(answer, f"Drew up {codes[0]}: {OUTCOMES_OF_A_LAUNCH[wish.outcome]}{also}. Sign it: launchpad sign.")


@decide_command.command("condition")
@click.argument("said", metavar="TEXT")
@click.option("--owner", required=True, metavar="PERSON", help="Who sees to it.")
@click.option("--due", required=True, metavar="YYYY-MM-DD", help="By which day.")
@as_option
@writing
def condition_command(asked: Asked, said: str, owner: str, due: str, as_: str | None) -> None:
    """Add a condition to the decision that stands; signatures given before it are void."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        wish = AskedFor(said, here.inputs.find(Person, owner), due)
        decision = decision_of(here.inputs, here.launch, None)
        changes = add_condition(here.inputs, decision, person_of(here.inputs, asked, as_), wish)
        here.project.edit(changes, f"Condition on {decision.code}", reason=asked.reason)
        code = str((changes[0].after or {})["code"])
    asked.answer({"condition": code, "decision": decision.code}, f"Added {code} to {decision.code}.")


@decide_command.command("close")
@click.argument("condition")
@click.argument("status", type=click.Choice(["met", "lapsed"]))
@as_option
@day_option
@writing
def close_command(asked: Asked, condition: str, status: str, as_: str | None, day: str | None) -> None:
    """Close a condition as met or lapsed; --reason says what shows it."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        row = here.inputs.find(Condition, condition, here.launch.id)
        who = person_of(here.inputs, asked, as_)
        changes = close_condition(
            here.inputs, row, who, status=status, because=asked.reason, day=day_of(here.launch, day)
        )
        here.project.edit(changes, f"{condition} is {status}", reason=asked.reason)
    asked.answer({"condition": condition, "status": status}, f"{condition} is {status}.")


@decide_command.command("waive")
@click.argument("gate")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="Its last day; the gate is open again after it.")
@click.option("--from", "from_", metavar="YYYY-MM-DD", help="Its first day; default: as --day of `decide`.")
@as_option
@writing
def waive_command(asked: Asked, gate: str, until: str, from_: str | None, as_: str | None) -> None:
    """Waive a gate up to a last day; --reason says why. Who decides may."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        row = here.inputs.find(Gate, gate, here.launch.id)
        who = person_of(here.inputs, asked, as_)
        first = day_of(here.launch, from_)
        changes = grant(here.inputs, row, who, reason=asked.reason, granted_on=first, expires=until, stamp=here.stamp)
        here.project.edit(changes, f"Waive {gate} until {until}", reason=asked.reason)
        code = str((changes[0].after or {})["code"])
    asked.answer({"waiver": code, "gate": gate, "until": until}, f"{code}: {gate} is waived up to and with {until}.")


@decide_command.command("dissent")
@click.argument("said", metavar="TEXT")
@click.option("--decision", metavar="CODE", help="Default: the one that stands.")
@as_option
@writing
def dissent_command(asked: Asked, said: str, decision: str | None, as_: str | None) -> None:
    """Say that you do not agree with a decision, and why; it is kept whatever is decided."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        row = decision_of(here.inputs, here.launch, decision)
        who = person_of(here.inputs, asked, as_)
        changes = dissent(here.inputs, row, who, said=said, stamp=here.stamp)
        here.project.edit(changes, f"Dissent on {row.code}", reason=asked.reason)
        code = str((changes[0].after or {})["code"])
    asked.answer({"dissent": code, "decision": row.code, "person": who.code}, f"Kept {code} beside {row.code}.")


@decide_command.command("withdraw")
@click.argument("code")
@as_option
@writing
def withdraw_command(asked: Asked, code: str, as_: str | None) -> None:
    """Withdraw a waiver, a signature or a dissent by a new row that names it; --reason says why."""
    asked, project = of_group(asked)
    with held(asked, project) as here:
        who = person_of(here.inputs, asked, as_)
        row = _withdrawable(here.inputs, here.launch, code, who)
        if isinstance(row, Waiver):
            changes = withdraw_waiver(here.inputs, row, who, reason=asked.reason, stamp=here.stamp)
        elif isinstance(row, SignOff):
            changes = take_back_signature(here.inputs, row, who, reason=asked.reason, stamp=here.stamp)
        else:
            changes = take_back(here.inputs, row, who, said=asked.reason, stamp=here.stamp)
        here.project.edit(changes, f"Withdraw {code}", reason=asked.reason)
        by = str((changes[0].after or {})["code"])
    asked.answer({"withdrawn": code, "by": by}, f"{code} is withdrawn by {by}; both are kept.")


decide_command.add_command(forecast_command)


def decision_of(inputs: Inputs, launch: Launch, code: str | None) -> Decision:
    """The decision asked for, else the one that stands."""
    if code is not None:
        return inputs.find(Decision, code, launch.id)
    stands = standing(inputs.rows(Decision, launch.id))
    if not stands:
        raise UnknownRecordError(
            f"Nothing is decided of {launch.code} yet.", "Draw a decision up: launchpad decide PROJECT decision."
        )
    return stands[-1]


def _withdrawable(inputs: Inputs, launch: Launch, code: str, person: Person) -> Waiver | SignOff | Dissent:
    """The waiver, signature or dissent of that code; the person's own where several have it."""
    rows = (*inputs.rows(Waiver, launch.id), *inputs.rows(SignOff, launch.id), *inputs.rows(Dissent, launch.id))
    found = sorted((row for row in rows if row.code == code), key=lambda row: row.person != person.id)
    if found:
        return found[0]
    if any(row.code == code for row in inputs.rows(Decision, launch.id)):
        raise InvalidValueError(
            f"Decision {code} is not withdrawn but replaced.",
            "Draw up the one that takes its place, no-go if need be: launchpad decide PROJECT decision.",
        )
    raise UnknownRecordError(
        f"There is no waiver, signature or dissent called {code!r}.", "`launchpad decide PROJECT` lists them."
    )


def _asked_for(inputs: Inputs, words: str) -> AskedFor:
    parts = words.split(maxsplit=2)
    if len(parts) < 3:
        raise InvalidValueError(
            f"{words!r} is no condition.", "Write owner, day and what: 'P-01 2027-02-01 Monitoring is on.'"
        )
    return AskedFor(parts[2], inputs.find(Person, parts[0]), parts[1])
