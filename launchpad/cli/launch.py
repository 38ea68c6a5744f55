"""score and export: the numbers of a launch, and the files they leave in."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import click

from launchpad.cli.asked import (
    LOOK_AT_THIS,
    Asked,
    arrivals,
    launch_of,
    plan_of,
    progress,
    project_argument,
    read,
    reading,
    table,
)
from launchpad.cli.weigh import ranked_or_warned
from launchpad.export import OF_REPORTS, REPORTS, write
from launchpad.results import Factor, ModelWarning, Results, compute, explain, score_json
from launchpad.results.sensitivity import tornado
from launchpad.scoring.model import Model
from launchpad.scoring.next_evaluations import NextEvaluation, next_evaluations
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions

MOST_MOVING = 10


@click.command("score")
@project_argument
@click.option("--draws", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), help="Fixes every draw; default: the launch's seed.")
@click.option("--explain", "explain_", metavar="CODE", help="Unfold one number to what it rests on.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a gate is not met.")
@reading
def score_command(asked: Asked, project: str, draws: int, seed: int | None, explain_: str | None, strict: bool) -> None:
    """Score the risks of a launch: technical, reputational, gates, and what rests on assumptions."""
    with read(project) as file:
        inputs = file.inputs()
        seen = arrivals(file, inputs)
    launch = launch_of(inputs, asked.launch)
    plan = plan_of(inputs, launch, asked.plan)
    with progress(asked) as report:
        plan_id = plan.id if plan else None
        results = compute(inputs, launch.id, plan_id, draws=draws, seed=seed, progress=report, imported=seen)
        ranked, notes = (None, ()) if explain_ is not None else ranked_or_warned(inputs, results, report)
        if notes:
            told = [ModelWarning(f"launch {launch.code}", "weight_set", words) for words in notes]
            results = dataclasses.replace(results, warnings=(*results.warnings, *told))
    if explain_ is not None:
        tree = explain(inputs, results, explain_)
        asked.answer(dataclasses.asdict(tree), *_unfolded(tree))
        return
    model = results.model
    worth_most = next_evaluations(inputs, model, model.planned or model.current)
    asked.answer(
        score_json(inputs, results, ranked, worth_most),
        *_score_for_people(results),
        *_next_for_people(model, worth_most),
    )
    if strict and not all(gate.good for gate in results.gates):
        raise click.exceptions.Exit(LOOK_AT_THIS)


@click.command("export")
@project_argument
@click.argument("out", metavar="OUT.xlsx|.docx|.pdf|.md|.json|.zip|.csv")
@click.option("--report", type=click.Choice(REPORTS), help="Which report a .docx, .pdf or .md holds; default: brief.")
@click.option("--table", "table_", metavar="TABLE", help="Which table a .csv holds; default: the workplan.")
@reading
def export_command(asked: Asked, project: str, out: str, report: str | None, table_: str | None) -> None:
    """Export the workplan and all that stands behind it; the file's ending says the format.

    A workbook (.xlsx), a report (.docx, .pdf, .md), the whole project (.json, or .zip with a CSV for each table), or
    one table (.csv).
    """
    ending = Path(out).suffix.casefold()
    _refuse_lost(ending, report, table_)
    with read(project) as file:
        inputs = file.inputs()
        seen = arrivals(file, inputs)
    launch = launch_of(inputs, asked.launch)
    plan = plan_of(inputs, launch, asked.plan)
    told = (report or REPORTS[0]) if ending in OF_REPORTS else None
    with progress(asked) as tell:
        plan_id = plan.id if plan else None
        results = compute(inputs, launch.id, plan_id, progress=tell, imported=seen)
        write(Path(out), inputs, results, plan_id, table=table_, report=told or REPORTS[0], imported=seen)
    asked.answer({"wrote": out, "plan": plan.code if plan else None, "report": told}, f"Wrote {out}.")


def _refuse_lost(ending: str, report: str | None, table: str | None) -> None:
    """Refuse an option that the format would pass over without a word."""
    if report is not None and ending not in OF_REPORTS:
        raise click.UsageError(f"--report goes with {', '.join(OF_REPORTS)}.")
    if table is not None and ending != ".csv":
        raise click.UsageError("--table goes with .csv.")


def _unfolded(factor: Factor, depth: int = 0) -> list[str]:
    """One line a factor, its parts below it and further in."""
    value = "" if factor.value is None else f" = {factor.value:.4g}"
    source = f", {factor.source}" if factor.source else ""
    note = f". {factor.note}" if factor.note else ""
    line = f"{'    ' * depth}{factor.label}{value} ({factor.kind}{source}){note}"
    return [line, *(line for part in factor.parts for line in _unfolded(part, depth + 1))]


def _score_for_people(results: Results) -> list[object]:
    risks = table(
        "Risks, worst first (harm units over the horizon; 90 % interval)",
        ("Rank", "Code", "Scenario", "Propensity", "Known by", "Technical", "90 %", "Reputational", "Assumed"),
        [
            (
                row.rank.rank if row.rank else None,
                row.code,
                row.name,
                row.propensity.median,
                row.propensity.known_by,
                row.technical and row.technical.mean,
                row.technical and f"{row.technical.low:.4g} - {row.technical.high:.4g}",
                row.reputational and row.reputational.mean,
                None if row.assumed_share is None else f"{row.assumed_share:.0%}",
            )
            for row in sorted(results.scenarios, key=lambda row: (row.rank is None, row.rank.rank if row.rank else 0))
        ],
    )
    gates = table(
        "Gates",
        ("Gate", "Verdict", "Why"),
        [(gate.code, gate.verdict, gate.reason) for gate in results.gates],
    )
    totals = table(
        "Totals (technical at beta; then with all mitigations independent, and with all failing together)",
        ("State", "Technical", "Independent", "Together", "Reputational", "VaR 95", "CVaR 95", "Passes its limit"),
        [
            (
                *(state, total.technical, *_overlap_ends(results, state), total.reputational),
                *(total.var95, total.cvar95, None if total.p_exceeds is None else f"{total.p_exceeds:.1%}"),
            )
            for state, total in results.totals.items()
            if total is not None
        ],
    )
    limits = table(
        "Tolerances (the chance of passing the limit where one is accepted, else the amount)",
        ("Code", "Tolerance", "Limit", "Accepted chance", "Current", "Kept", "Planned", "Kept then"),
        [
            (row.code, row.name, row.limit, row.probability, row.current, row.within, row.planned, row.within_planned)
            for row in results.tolerances
        ],
    )
    warnings = [f"  {warning.who}: {warning.message}" for warning in results.told]
    kept = [limits] if results.tolerances else []
    return [risks, gates, totals, *kept, *(["To look at:", *warnings] if warnings else [])]


def _overlap_ends(results: Results, state: str) -> tuple[float, float]:
    """Technical risk of a state with every mitigation independent, and with all of them failing together."""
    rows = [row.states[state] for row in results.scenarios if not row.catastrophic]
    return sum(row.independent for row in rows if row), sum(row.comonotone for row in rows if row)


def _next_for_people(model: Model, worth_most: Sequence[NextEvaluation]) -> list[object]:
    """What moves the decision most, and which evaluations are worth running next."""
    state = model.planned or model.current
    found = tornado(model, state, blame(attributions(model, state), model.coefficients), first=MOST_MOVING)
    rows = [
        (swing.record, swing.name, swing.kind, swing.low, swing.high, swing.at_low, swing.at_high)
        for swing in found.swings
    ]
    title = f"What moves the objective most, {state.name} (share of today's; {found.base:.4g} at means)"
    columns = ("Number", "", "Known by", "Low", "High", "Objective at low", "At high")
    moving = [table(title, columns, rows)] if rows else []
    runs = [
        (row.evaluation, row.name, row.n, row.days, row.evsi, row.per_day, ", ".join((*row.settles, *row.decisions)))
        for row in worth_most[:MOST_MOVING]
    ]
    title = "Evaluations to run next (expected value of what they tell, harm units)"
    return [
        *moving,
        *([table(title, ("Code", "Evaluation", "n", "Days", "Worth", "A day", "For"), runs)] if runs else []),
    ]
