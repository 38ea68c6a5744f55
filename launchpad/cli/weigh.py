"""weigh: criteria with their anchors, weight sets, and how sure the order of mitigations is under them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from launchpad.cli import ledger
from launchpad.cli.asked import (
    LOOK_AT_THIS,
    Asked,
    Progress,
    launch_of,
    opened,
    plan_of,
    progress,
    project_argument,
    read,
    table,
    writing,
)
from launchpad.edits import weights
from launchpad.errors import InvalidValueError, ScoringError
from launchpad.records import Criterion, Inputs, Launch, SwingWeight, WeightSet
from launchpad.records.judgements import MEASURES
from launchpad.results import Results, compute
from launchpad.results.options import weighed
from launchpad.results.plan_information import PlanInformation, plan_information
from launchpad.results.tradeoffs import Tradeoffs, WeightedSet, tradeoffs

DRAWS = 2000
SHOWN = 15
SETS_SHOWN = 4


@click.command("weigh")
@project_argument
@click.argument("swings", metavar="[CRITERION=SWING]...", nargs=-1)
@click.option("--propose", is_flag=True, help="Set up criteria from the launch, with anchors that are assumptions.")
@click.option("--set", "set_", metavar="CODE", help="The weight set that gets these swings, 100 for the greatest.")
@click.option("--ranks", is_flag=True, help="With --set: the numbers are ranks, 1 the most important.")
@click.option("--new", metavar="NAME", help="Add a weight set of that name.")
@click.option("--whose", metavar="WORDS", help="With --new: who holds these weights.")
@click.option("--use", metavar="CODE", help="Put a weight set to use.")
@click.option("--ledger", is_flag=True, help="Both sides of each mitigation: what it takes away, what it adds.")
@click.option("--stress", is_flag=True, help="Whose credit collapses when safeguards fail together.")
@click.option("--pairwise", is_flag=True, help="How often each of the best mitigations beats each other one.")
@click.option("--draws", type=click.IntRange(100, 100_000), default=DRAWS, show_default=True)
@click.option("--seed", type=click.IntRange(0), help="Fixes every draw; default: the launch's seed.")
@writing
def weigh_command(asked: Asked, project: str, swings: Sequence[str], draws: int, seed: int | None, **wish: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Weigh mitigations on several criteria: weights, whether they agree, how far they may move, who ranks where."""
    _refuse_misuse(swings, wish)
    if wish["propose"] or wish["new"] is not None or wish["set_"] is not None or wish["use"] is not None:
        _write(asked, project, swings, wish)
    with read(project) as file:
        inputs = file.inputs()
    launch = launch_of(inputs, asked.launch)
    with progress(asked) as report:
        results = _results(inputs, launch, asked, seed, draws=0)
        if ledger.wanted(wish):
            answer, told = _views(inputs, results, wish, draws, report)
            asked.answer({"launch": launch.code, **answer}, *told)
            return
        ranked = tradeoffs(inputs, results, draws=draws, progress=report)
        plans = plan_information(inputs, launch.id, draws=draws, seed=seed)
    unusable = weighed(inputs, launch.id, ranked.criteria)[1]
    answer = {**_answer(inputs, launch, ranked), "plans": None if plans is None else _plans(plans)}
    asked.answer(answer, *_for_people(ranked), *(() if plans is None else (_plans_for_people(plans),)))
    if unusable:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _views(inputs: Inputs, results: Results, wish: Mapping[str, Any], draws: int, report: Progress) -> ledger.Told:
    """The views asked for, in the planned state or the current one without a plan."""
    model = results.model
    state = model.planned or model.current
    views: list[ledger.Told] = []
    if wish["ledger"]:
        views.append(ledger.ledger_view(model, state))
    if wish["stress"]:
        views.append(ledger.stress_view(model, state))
    if wish["pairwise"]:
        views.append(ledger.pairwise_view(tradeoffs(inputs, results, draws=draws, progress=report)))
    return ledger.merged(views)


def _refuse_misuse(swings: Sequence[str], wish: Mapping[str, Any]) -> None:
    if (wish["set_"] is None) != (not swings):
        raise InvalidValueError(
            "Swings and a weight set go together.", "Write, for example: --set W-1 C-1=100 C-2=60 ."
        )
    if wish["whose"] is not None and wish["new"] is None:
        raise InvalidValueError("--whose goes with --new.", "Name the weight set: --new NAME.")
    if wish["ranks"] and wish["set_"] is None:
        raise InvalidValueError("--ranks goes with --set.", "Name the weight set: --set W-1.")


def _write(asked: Asked, project: str, swings: Sequence[str], wish: Mapping[str, Any]) -> None:
    """Make the edits asked for, each one entry of the journal, in this order: propose, new, set, use."""
    with opened(asked, project) as held:

        def edit(made: Callable[[Inputs, Launch], list[Any]], label: str) -> None:
            held.edit(made(held.inputs, launch_of(held.inputs, asked.launch)), label, reason=asked.reason)
            held.refresh()

        if wish["propose"]:
            edit(lambda inputs, launch: _proposed(inputs, launch, asked), "Set up criteria")
        if wish["new"] is not None:
            name, whose = wish["new"], wish["whose"]
            edit(lambda inputs, launch: [weights.new_weight_set(inputs, launch, name, whose)[1]], f"Add weights {name}")
        if wish["set_"] is not None:
            answers = dict(_swing(words, ranks=wish["ranks"]) for words in swings)
            edit(
                lambda inputs, launch: weights.set_swings(
                    inputs, inputs.find(WeightSet, wish["set_"], launch.id), answers
                ),
                f"Weigh criteria in {wish['set_']}",
            )
        if wish["use"] is not None:
            edit(
                lambda inputs, launch: weights.use(launch, inputs.find(WeightSet, wish["use"], launch.id)),
                f"Use weights {wish['use']}",
            )


def _proposed(inputs: Inputs, launch: Launch, asked: Asked) -> list[Any]:
    """Criteria, and a first weight set where there is none."""
    made = weights.propose_criteria(inputs, _results(inputs, launch, asked, None, draws=DRAWS))
    if not inputs.rows(WeightSet, launch.id):
        made.append(weights.new_weight_set(inputs, launch, "Weights")[1])
    return made


def _results(inputs: Inputs, launch: Launch, asked: Asked, seed: int | None, draws: int) -> Results:
    plan = plan_of(inputs, launch, asked.plan)
    return compute(inputs, launch.id, plan.id if plan else None, draws=draws, seed=seed)


def _swing(words: str, *, ranks: bool) -> tuple[str, weights.Answer]:
    code, _, given = words.partition("=")
    try:
        return code.strip(), weights.Answer(rank=int(given)) if ranks else weights.Answer(swing=float(given))
    except ValueError:
        what = "a rank" if ranks else "a swing"
        raise InvalidValueError(
            f"{words!r} gives no criterion {what}.", "Write CODE=NUMBER, such as C-1=100."
        ) from None


def _answer(inputs: Inputs, launch: Launch, ranked: Tradeoffs) -> dict[str, Any]:
    rows = sorted(inputs.rows(WeightSet, launch.id), key=lambda row: row.code)
    usable = {one.weighed.code: one for one in ranked.sets}
    return {
        "launch": launch.code,
        "state": ranked.state,
        "draws": ranked.draws,
        "criteria": [_criterion(row) for row in ranked.criteria.rows],
        "weight_sets": [_set(inputs, launch, ranked, row, usable.get(row.code)) for row in rows],
        "options": [_option(ranked, place) for place in range(len(ranked.options.codes))] if ranked.draws else [],
        "cycles": [list(cycle) for cycle in ranked.cycles],
        "reversals": [{"left_out": gone, "new_best": best} for gone, best in ranked.reversals],
        "notes": list(ranked.notes),
    }


def _criterion(row: Criterion) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("code", "name", "measure", "worst", "best", "between", "basis")}


def _set(
    inputs: Inputs, launch: Launch, ranked: Tradeoffs, row: WeightSet, found: WeightedSet | None
) -> dict[str, Any]:
    answers = {one.criterion: one for one in inputs.children(SwingWeight, "weight_set", row.id)}
    criteria: list[dict[str, Any]] = []
    for place, criterion in enumerate(ranked.criteria.rows):
        said = answers.get(criterion.id)
        criteria.append(
            {
                "criterion": criterion.code,
                "swing": None if said is None else said.swing,
                "rank": None if said is None else said.rank,
                "weight": None if found is None else float(found.weighed.weights[place]),
                "low": None if found is None else float(found.low[place]),
                "high": None if found is None else float(found.high[place]),
            }
        )
    return {
        "code": row.code,
        "name": row.name,
        "whose": row.whose,
        "in_use": row.code == launch.weight_set,
        "technical": row.technical,
        "reputational": row.reputational,
        "origin": None if found is None else found.weighed.origin,
        "weights": criteria,
        "findings": [] if found is None else list(found.weighed.disagreements),
    }


def _option(ranked: Tradeoffs, place: int) -> dict[str, Any]:
    found = ranked.acceptability
    return {
        "code": ranked.options.codes[place],
        "gains": dict(zip(ranked.criteria.codes, ranked.gains[place].tolist(), strict=True)),
        "values": {one.weighed.code: float(one.values[place]) for one in ranked.sets},
        "ranks": {one.weighed.code: int(one.places[place]) for one in ranked.sets},
        "first": None if found is None else float(found.ranks[place, 0]),
        "expected_rank": None if found is None else float(found.expected_rank[place]),
        "dominated": bool(ranked.dominated[place]),
    }


def _plans(found: PlanInformation) -> dict[str, Any]:
    return {
        "objectives": dict(zip(found.plans, found.objectives, strict=True)),
        "evpi": found.evpi,
        "by_propensity": [{"scenario": one.scenario, "evpi": one.evpi} for one in found.inputs],
        "draws": found.draws,
    }


def _plans_for_people(found: PlanInformation) -> str:
    best = min(zip(found.objectives, found.plans, strict=True))
    words = f"Of {len(found.plans)} stored plans {best[1]} is best on average ({best[0]:.4f} of today's objective); "
    words += f"to know everything before choosing would be worth {found.evpi:.4f} of it"
    first = [f"{one.scenario} {one.evpi:.4f}" for one in found.inputs[:3] if one.evpi > 0]
    return words + (f", of it by one propensity: {', '.join(first)}." if first else ".")


def _for_people(ranked: Tradeoffs) -> list[object]:
    if not ranked.criteria.rows:
        return ["This launch has no criteria yet: --propose sets some up from it."]
    criteria = table(
        "Criteria (worth 0 at the worst anchor, 1 at the best)",
        ("Code", "Criterion", "Worst", "Best", "Basis"),
        [
            (
                row.code,
                row.name if row.name == MEASURES[row.measure] else f"{row.name} ({MEASURES[row.measure]})",
                row.worst,
                row.best,
                row.basis,
            )
            for row in ranked.criteria.rows
        ],
    )
    return [
        criteria,
        *(_set_for_people(ranked, one) for one in ranked.sets),
        *([_options_for_people(ranked)] if ranked.acceptability is not None else []),
        *ranked.notes,
        *(f"{' beats '.join(cycle)} beats {cycle[0]}: no order in the majority of draws." for cycle in ranked.cycles),
    ]


def _set_for_people(ranked: Tradeoffs, one: WeightedSet) -> object:
    used = ", in use" if one is ranked.in_use else ""
    rows = [
        (row.code, row.name, float(one.weighed.weights[place]), f"{one.low[place]:.2f} - {one.high[place]:.2f}")
        for place, row in enumerate(ranked.criteria.rows)
    ]
    title = f"Weights {one.weighed.code}, {one.weighed.name}{used}: from {one.weighed.origin}"
    return table(title, ("Code", "Criterion", "Weight", "First three keep their order within"), rows)


def _options_for_people(ranked: Tradeoffs) -> object:
    """The best options by mean rank, with their place under each weight set; worth added is by the one in use."""
    found, used = ranked.acceptability, ranked.in_use
    if found is None:
        return ""
    sets = sorted(ranked.sets, key=lambda one: one is not used)[:SETS_SHOWN]
    order: list[int] = found.expected_rank.argsort(kind="stable")[:SHOWN].tolist()
    rows = [
        (
            ranked.options.codes[place],
            *(int(one.places[place]) for one in sets),
            None if used is None else float(used.values[place]),
            f"{found.ranks[place, 0]:.0%}",
            float(found.expected_rank[place]),
            "dominated" if ranked.dominated[place] else "",
        )
        for place in order
    ]
    title = f"Mitigations, {ranked.state}, by mean rank over {ranked.draws:,} draws (first {len(rows)})"
    places = (f"Rank, {one.weighed.code}" for one in sets)
    return table(title, ("Code", *places, "Worth added", "Best in", "Mean rank", ""), rows)


def ranked_or_warned(inputs: Inputs, results: Results, report: Progress) -> tuple[Tradeoffs | None, tuple[str, ...]]:
    """The trade-offs of a scored launch, or None with the sentence that says why there are none."""
    try:
        ranked = tradeoffs(inputs, results, progress=report)
    except ScoringError as error:
        return None, (error.message,)
    return (ranked, ranked.notes) if ranked.criteria.rows else (None, ())
