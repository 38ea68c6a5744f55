"""criteria, seal: what an evaluation must show, whether it does, and the seal that shows when it was said."""

from collections.abc import Sequence
from typing import Any

import click

from launchpad import changes
from launchpad.cli.asked import (
    LOOK_AT_THIS,
    Asked,
    arrivals,
    launch_id,
    launch_of,
    opened,
    project_argument,
    read,
    table,
    writing,
)
from launchpad.edits.criteria import SEALED, from_template, seal, seal_state, sealable
from launchpad.edits.criterion_templates import CriterionTemplate, template_named, templates
from launchpad.errors import InvalidValueError
from launchpad.records import Evaluation, Inputs, SuccessCriterion, Team
from launchpad.scoring.criteria import MET, Shown, Standing, effort_of, standings


@click.command("criteria")
@project_argument
@click.option("--templates", "list_templates", is_flag=True, help="List the bundled templates instead.")
@click.option("--from", "template", metavar="TEMPLATE", help="Add the criterion of a template.")
@click.option("--evaluation", metavar="CODE", help="With --from: the evaluation it asks about; without, a new one.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a criterion is not met.")
@writing
def criteria_command(
    asked: Asked, project: str, list_templates: bool, template: str | None, evaluation: str | None, strict: bool
) -> None:
    """Success criteria with their standing: met, not met, inconclusive or not run, and how they were set."""
    if list_templates:
        found = list(templates().values())
        asked.answer({"templates": [_template(row) for row in found]}, _templates_for_people(found))
        return
    if template is not None:
        _add(asked, project, template, evaluation)
        return
    if evaluation is not None:
        raise InvalidValueError("--evaluation goes with --from.", "Name a template: --from TEMPLATE.")
    with read(project) as file:
        inputs = file.inputs()
        seen = arrivals(file, inputs)
    launch = launch_of(inputs, asked.launch)
    shown = standings(inputs, launch.id, seen)
    warnings = [
        {"record": warning.record, "field": warning.field, "message": warning.message}
        for warning in sorted({warning for one in shown for warning in one.warnings})
    ]
    answer = {"launch": launch.code, "criteria": [_standing(inputs, one) for one in shown], "warnings": warnings}
    asked.answer(answer, *_for_people(shown, warnings))
    if strict and not all(one.standing == MET and not one.marks for one in shown):
        raise click.exceptions.Exit(LOOK_AT_THIS)


@click.command("seal")
@project_argument
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@writing
def seal_command(asked: Asked, project: str, codes: Sequence[str]) -> None:
    """Seal success criteria, gates, tolerances and weight sets as they stand: any later change shows."""
    sealed: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    with opened(asked, project) as held:
        launch = launch_id(held.inputs, asked.launch)
        rows = list({row.id: row for row in (sealable(held.inputs, code, launch) for code in codes)}.values())
        now = changes.now()
        made = [change for row in rows for change in seal(held.inputs, row, now)]
        held.edit(made, f"Seal {', '.join(codes)}", reason=asked.reason)
        before = {row.id: seal_state(held.inputs, row) for row in rows}
        held.refresh()
        for row in (held.inputs.get(type(row), row.id) for row in rows):
            entry = {"table": row.table, "code": row.code, "sealed_at": row.sealed_at, "seal": row.seal}
            (kept if before[row.id] == SEALED else sealed).append({**entry, "was": before[row.id]})
    lines = [f"Sealed {entry['code']} at {entry['sealed_at']} ({entry['seal'][:12]})." for entry in sealed]
    asked.answer(
        {"sealed": sealed, "unchanged": kept}, *lines, *(f"{entry['code']} is sealed already." for entry in kept)
    )


def _add(asked: Asked, project: str, template: str, evaluation: str | None) -> None:
    wanted = template_named(template)
    with opened(asked, project) as held:
        launch = launch_of(held.inputs, asked.launch)
        about = None if evaluation is None else held.inputs.find(Evaluation, evaluation)
        made = from_template(held.inputs, launch, wanted.code, about)
        held.edit(made, f"Add criterion {wanted.code}", reason=asked.reason)
        held.refresh()
        added = held.inputs.get(SuccessCriterion, made[-1].key)
        code = held.inputs.get(Evaluation, added.evaluation).code
    words = f"Added {added.code} to {code}: {added.name}. Its threshold is an assumption; look at it, then seal it."
    asked.answer({"added": added.code, "evaluation": code, "template": wanted.code}, words)


def _standing(inputs: Inputs, one: Standing) -> dict[str, Any]:
    row = one.criterion
    n = one.n_needed or one.evaluation.candidate_n
    return {
        "code": row.code,
        "name": row.name,
        "evaluation": one.evaluation.code,
        "category": row.category,
        "direction": row.direction,
        "threshold": row.threshold,
        "confidence": row.confidence,
        "least_n": row.least_n,
        "locale": row.locale,
        "template": row.template,
        "standing": one.standing,
        "reason": one.reason,
        "n_needed": one.n_needed,
        "worst": one.worst,
        "sealed_at": row.sealed_at,
        "marks": list(one.marks),
        "results": [_shown(shown) for shown in one.shown],
        "effort": [
            {"team": inputs.get(Team, team).code, "days": days}
            for team, days in effort_of(inputs, one.evaluation, n).items()
        ],
        "waiting_days": one.evaluation.waiting_days,
    }


def _shown(shown: Shown) -> dict[str, Any]:
    return {
        "result": shown.result.code,
        "value": shown.measured.value,
        "n": shown.result.n,
        "n_effective": shown.measured.n,
        "lower": shown.lower,
        "upper": shown.upper,
        "method": shown.method or None,
        "build": shown.build.nearness,
        "status": shown.result.status,
    }


def _template(row: CriterionTemplate) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in CriterionTemplate.__dataclass_fields__}
    return {name: None if value == "" else value for name, value in fields.items()} | {"why_n": row.why_n}


def _asked_for(direction: str, threshold: float, confidence: float) -> str:
    return f"{'>=' if direction == 'at_least' else '<='} {threshold:g} at {100 * confidence:g} %"


def _templates_for_people(found: Sequence[CriterionTemplate]) -> object:
    rows = [
        (row.code, row.name, row.kind, row.locale, _asked_for(row.direction, row.threshold, row.confidence), row.n)
        for row in found
    ]
    title = "Templates of success criteria (thresholds are assumptions)"
    return table(title, ("Code", "Name", "Kind", "Locale", "Asked for", "n"), rows)


def _for_people(shown: Sequence[Standing], warnings: Sequence[dict[str, str]]) -> list[object]:
    rows = [
        (
            one.code,
            one.criterion.name,
            one.evaluation.code,
            _asked_for(one.criterion.direction, one.criterion.threshold, one.criterion.confidence),
            one.standing,
            one.n_needed,
            "; ".join(one.marks) or "sealed",
            one.reason,
        )
        for one in shown
    ]
    columns = ("Code", "Name", "Evaluation", "Asked for", "Standing", "Needs n", "Set", "Why")
    said = [f"  {warning['record']}: {warning['message']}" for warning in warnings]
    nothing = "No success criteria yet: `launchpad criteria PROJECT --templates` lists some to start from."
    return [table("Success criteria", columns, rows) if rows else nothing, *(["To look at:", *said] if said else [])]
