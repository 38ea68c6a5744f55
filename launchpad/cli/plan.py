"""plan: the workplan, what lies around it, and in what two of them differ."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import click

from launchpad.cli.asked import (
    Asked,
    Progress,
    launch_of,
    opened,
    plan_of,
    progress,
    project_argument,
    read,
    writing,
)
from launchpad.cli.interrupt import INTERRUPTED, stoppable
from launchpad.cli.plan_words import around_for_people, moves_for_people, plan_for_people
from launchpad.edits.plans import store, store_around
from launchpad.edits.values import parse
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.planning import Around, PlanFound, Wish, explore, make_plan, plan_json
from launchpad.planning.report import share_assumed
from launchpad.project import Project
from launchpad.records import Inputs, Launch, Plan, field_of
from launchpad.results import compute
from launchpad.results.plan_moves import moves_json, plan_moves

EXPLORING = 5.0
"""What exploring takes at most, in times the seconds of the plan itself."""
Locks = Sequence[tuple[str, str]]


@click.command("plan")
@project_argument
@click.argument("other", metavar="[PLAN]", required=False)
@click.option("--seconds", type=click.FloatRange(1), default=20.0, show_default=True, help="How long to search.")
@click.option("--seed", type=click.IntRange(0), help="Default: the launch's seed.")
@click.option("--save", metavar="NAME", help="What to call the plan.")
@click.option(
    "--lock",
    "locks",
    multiple=True,
    metavar="CODE=must|never|YYYY-MM-DD|TEAM",
    help="Force work in or out, fix its start, or say whose team does it; may be given often.",
)
@click.option("--explore", "exploring", is_flag=True, help="Look around the plan too: up to five times the seconds.")
@click.option("--compare", metavar="PLAN", help="Make no plan; say in what [PLAN] (else the current) differs from it.")
@click.option("--technical-weight", type=click.FloatRange(0, 1), help="Share of technical risk in the objective.")
@click.option("--launch-date", metavar="YYYY-MM-DD", help="As if the launch, and the freeze with it, were on that day.")
@click.option("--most-days", type=click.FloatRange(0), help="Person-days at most.")
@click.option("--most-refusal", type=click.FloatRange(0, 1), help="Share of benign requests refused at most.")
@writing
def plan_command(
    asked: Asked,
    *,
    project: str,
    other: str | None,
    seconds: float,
    seed: int | None,
    save: str | None,
    locks: Sequence[str],
    exploring: bool,
    compare: str | None,
    **wished: Any,  # noqa: ANN401 - click hands over what was declared
) -> None:
    """Make the workplan: which mitigations, by whom, when; it becomes the launch's current plan.

    Asked for another weight, date, effort or refusal than the launch's own, the plan is kept beside the current one.
    """
    wanted, wish = _locks(locks), _wish(wished)
    if compare is not None:
        _compare(asked, project, compare, other)
        return
    if other is not None:
        raise click.UsageError("A plan is named with --compare only.")
    if exploring and wish != Wish():
        raise click.UsageError("--explore looks around the launch's own plan; take away what else is asked for.")
    with opened(asked, project) as held, progress(asked) as report, stoppable(report) as tell:
        launch = launch_of(held.inputs, asked.launch)
        inputs = held.inputs
        found = make_and_store(held, launch, seconds, save, wanted, tell, seed=seed, reason=asked.reason, wish=wish)
        plan = _newest(held.inputs, launch)
        around = None
        if exploring:
            around = explore(inputs, found, seconds=EXPLORING * seconds, locks=wanted, progress=tell)
            around = _keep(held, plan, found, around)
        _answer(asked, held.inputs, plan, found, around)
    if found.stopped or (around is not None and around.stopped):
        click.echo("Stopped; what was found so far is kept.", err=True)
        raise click.exceptions.Exit(INTERRUPTED)


def _answer(asked: Asked, inputs: Inputs, plan: Plan, found: PlanFound, around: Around | None) -> None:
    results = compute(inputs, plan.launch, plan.id)
    answer = plan_json(
        inputs,
        found,
        results.totals["current"],
        results.totals["planned"],
        plan=plan.code,
        around=around,
        assumed_share=share_assumed(results.model),
    )
    launch = inputs.get(Launch, plan.launch)
    told = list(plan_for_people(plan, launch, found, around, results))
    told += [] if around is None else around_for_people(inputs, launch, around)
    asked.answer(answer, *told)


def make_and_store(
    project: Project,
    launch: Launch,
    seconds: float,
    name: str | None,
    locks: Locks,
    report: Progress,
    *,
    seed: int | None = None,
    reason: str = "",
    wish: Wish | None = None,
) -> PlanFound:
    """The plan that was found, already stored: as the current one, or beside it when more was asked for."""
    found = make_plan(
        project.inputs,
        launch.id,
        seconds=seconds,
        seed=launch.seed if seed is None else seed,
        locks=locks,
        progress=report,
        wish=wish or Wish(),
    )
    title = name or f"Plan {len(project.inputs.rows(Plan, launch.id)) + 1}"
    beside = "" if not found.basis else launch.current_plan or ""
    project.edit(store(project.inputs, launch.id, found, title, beside), f"Make {title}", reason=reason)
    project.refresh()
    return found


def _keep(project: Project, plan: Plan, found: PlanFound, around: Around) -> Around:
    """Store what was found around a plan, its alternatives beside it; their codes come back with it."""
    changes = store_around(project.inputs, plan, around.prices or (), around.points, around.core or ())
    if changes:
        project.edit(changes, f"Explore around {plan.code}")
        project.refresh()
    codes: list[str] = []
    for number, each in enumerate(around.alternatives or (), start=1):
        title = f"{plan.name}, alternative {number}"
        project.edit(store(project.inputs, found.launch_id, each, title, plan.code), f"Keep {title}")
        project.refresh()
        codes.append(_newest(project.inputs, project.inputs.get(Launch, found.launch_id)).code)
    return dataclasses.replace(around, codes=tuple(codes))


def _newest(inputs: Inputs, launch: Launch) -> Plan:
    """The plan that was stored last: codes count up."""
    return max(inputs.rows(Plan, launch.id), key=lambda row: (row.made or "", len(row.code), row.code))


def _compare(asked: Asked, project: str, first: str, second: str | None) -> None:
    with read(project) as file:
        inputs = file.inputs()
    launch = launch_of(inputs, asked.launch)
    before = inputs.find(Plan, first, launch.id)
    after = plan_of(inputs, launch, second or asked.plan)
    if after is None:
        raise UnknownRecordError(f"Launch {launch.code} has no current plan.", "Name two plans: --compare P-1 P-2.")
    moves = plan_moves(inputs, before, after)
    answer = {"launch": launch.code, "before": before.code, "after": after.code, "moves": moves_json(moves)}
    asked.answer(answer, *moves_for_people(before, after, moves))


def _locks(words: Sequence[str]) -> list[tuple[str, str]]:
    locks: list[tuple[str, str]] = []
    for word in words:
        code, equals, kind = word.partition("=")
        if not (equals and code.strip() and kind.strip()):
            raise InvalidValueError(
                f"{word!r} is not a lock.", "Write CODE=must, CODE=never, CODE=YYYY-MM-DD or CODE=TEAM."
            )
        locks.append((code.strip(), kind.strip()))
    return locks


def _wish(wished: Mapping[str, Any]) -> Wish:
    declared, day = field_of(Launch, "launch_date"), wished["launch_date"]
    parsed = None if day is None or declared is None else str(parse(declared, day))
    return Wish(wished["technical_weight"], parsed, wished["most_days"], wished["most_refusal"])
