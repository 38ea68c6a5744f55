"""policy mine, errors, link: edge cases found, labels against the settled ones, and a run made evidence."""

from collections.abc import Sequence
from typing import Any

import click

from launchpad.cli.asked import Asked, launch_id, opened, project_argument, read, reading, table, writing
from launchpad.cli.feedback_words import case_json, cases_words, linked_json, linked_words
from launchpad.edits.feedback import WAYS, Case, take_cases
from launchpad.edits.policies import version_named
from launchpad.edits.policy_evidence import link_run, sentences
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Effect, Example, Feedback, GoldSet, Inputs, Policy, PolicyRun, SideEffect
from launchpad.results.clause_errors import clause_errors
from launchpad.results.mining import LEAST_LIKE, mine
from launchpad.results.verdicts import caught, items_of

version_argument = click.argument("version", metavar="POLICY[/VERSION]")


@click.command("mine")
@project_argument
@version_argument
@click.option("--way", "ways", type=click.Choice(tuple(WAYS)), multiple=True, help="Only in this way; default: all.")
@click.option(
    *("--alike", "least"),
    type=click.FloatRange(0.3, 1),
    default=LEAST_LIKE,
    show_default=True,
    help="From which likeness two texts are near duplicates.",
)
@click.option("--add", "adds", is_flag=True, help="Make feedback of what was found.")
@click.option("--only", metavar="EXAMPLE", multiple=True, help="With --add: only cases of these examples.")
@writing
def mine_command(
    asked: Asked, project: str, version: str, adds: bool, ways: Sequence[str], least: float, only: Sequence[str]
) -> None:
    """Find edge cases: raters who split, classifiers against gold, renderings at odds, near duplicates."""
    if only and not adds:
        raise click.UsageError("--only goes with --add.")
    if not adds:
        with read(project) as file:
            inputs = file.inputs()
        _answer(asked, inputs, version, mine(inputs, version_named(inputs, version), ways or tuple(WAYS), least=least))
        return
    with opened(asked, project) as held:
        row = version_named(held.inputs, version)
        cases = mine(held.inputs, row, ways or tuple(WAYS), least=least)
        chosen = _chosen(cases, only)
        changes, there = take_cases(held.inputs, held.inputs.get(Policy, row.policy), chosen)
        held.edit(changes, f"Feedback on {len(changes)} cases found in {version}", reason=asked.reason)
        held.refresh()
        added = [held.inputs.get(Feedback, change.key).code for change in changes]
        _answer(asked, held.inputs, version, chosen, added=added, there=len(there))


def _chosen(cases: Sequence[Case], only: Sequence[str]) -> list[Case]:
    known = {code for case in cases for code in (case.example, case.other) if code}
    if missing := [code for code in only if code not in known]:
        raise UnknownRecordError(f"No case was found in example {missing[0]}.", "See them without --add.")
    return [case for case in cases if not only or {case.example, case.other}.intersection(only)]


def _answer(
    asked: Asked,
    inputs: Inputs,
    version: str,
    cases: Sequence[Case],
    *,
    added: Sequence[str] | None = None,
    there: int = 0,
) -> None:
    address = inputs.address(version_named(inputs, version))
    answer: dict[str, Any] = {"version": address, "cases": [case_json(case) for case in cases]}
    said = f"{len(cases)} cases found in {address}."
    if added is not None:
        answer |= {"added": list(added), "there_already": there}
        said += f" Added {len(added)} to the inbox; {there} were in it already."
    asked.answer(answer, *cases_words(cases), said)


@click.command("errors")
@project_argument
@version_argument
@click.option("--gold-set", metavar="CODE", help="Only items of this gold set.")
@click.option("--raters", metavar="A,B,...", help="Only labels of these; default: all.")
@reading
def errors_command(asked: Asked, project: str, version: str, gold_set: str | None, raters: str | None) -> None:
    """Labels against the settled ones, clause by clause; what can be defended is counted apart from what is wrong."""
    with read(project) as file:
        inputs = file.inputs()
    row = version_named(inputs, version)
    gold = None if gold_set is None else inputs.find(GoldSet, gold_set)
    items = items_of(inputs, row) if gold is None else inputs.children(Example, "gold_set", gold.id)
    wanted = [name for name in map(str.strip, (raters or "").split(",")) if name]
    found = clause_errors(inputs, row, items, wanted)
    answer = [
        {
            "clause": one.clause or None,
            "labels": one.labels,
            "same": one.same,
            "wrong": list(one.wrong),
            "defensible": list(one.defensible),
        }
        for one in found
    ]
    rows = [
        (one.clause or None, one.labels, one.same, len(one.wrong), len(one.defensible), ", ".join(one.wrong[:5]))
        for one in found
    ]
    titles = ("Clause", "Labels", "Same", "Wrong", "Defensible", "Wrong ones (first five)")
    asked.answer({"version": inputs.address(row), "clauses": answer}, table("Against the settled labels", titles, rows))


@click.command("link")
@project_argument
@click.argument("code", metavar="RUN")
@click.option("--efficacy", metavar="EFFECT", multiple=True, help="An effect, such as M-004.lite/R-012/propensity.")
@click.option(
    "--false-refusal", metavar="SIDE-EFFECT", multiple=True, help="A side effect: VARIANT/SURFACE, or VARIANT."
)
@click.option("--keep-estimates", is_flag=True, help="Make links only; leave efficacy and false refusal as stated.")
@writing
def link_command(
    asked: Asked, project: str, code: str, efficacy: Sequence[str], false_refusal: Sequence[str], keep_estimates: bool
) -> None:
    """Make a run's recall evidence of efficacy, and its false-positive rate evidence of false refusals."""
    if not efficacy and not false_refusal:
        raise click.UsageError("Give --efficacy EFFECT, --false-refusal SIDE-EFFECT, or both.")
    with opened(asked, project) as held:
        inputs = held.inputs
        launch = launch_id(inputs, asked.launch)
        run = inputs.find(PolicyRun, code)
        counts = caught(inputs, run)
        found = link_run(
            inputs,
            run,
            counts,
            efficacy=[inputs.find(Effect, address, launch) for address in efficacy],
            false_refusal=[_side_effect(inputs, address, launch) for address in false_refusal],
            estimates=not keep_estimates,
        )
        held.edit(found.changes, f"Policy run {code} as evidence", reason=asked.reason)
    asked.answer(linked_json(run, counts, found), *sentences(run, counts), *linked_words(found))


def _side_effect(inputs: Inputs, address: str, launch: int | None) -> SideEffect:
    """The side effect of this address; of a variant alone, the one on all surfaces, else its only one."""
    rows = [row for row in inputs.rows(SideEffect, launch) if inputs.part(row, "variant") == address]
    everywhere = [row for row in rows if row.surface is None]
    if len(everywhere or rows) == 1:
        return (everywhere or rows)[0]
    if rows:
        raise InvalidValueError(
            f"Variant {address} has side effects on several surfaces.",
            f"Name one: {', '.join(inputs.address(row) for row in rows)}.",
        )
    return inputs.find(SideEffect, address, launch)
