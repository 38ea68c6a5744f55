"""Link rules: which results they speak of, what they suggest, and how one is made from an example."""

import functools
import re
from collections.abc import Iterator

from launchpad.changes import Change, insert
from launchpad.edits.crosswalks import wildcards
from launchpad.edits.evidence import tags_of
from launchpad.edits.records import made_from, next_code
from launchpad.edits.suggestion import Grounds, Suggestion, Target, farther_by_rule, suggest
from launchpad.errors import InvalidValueError
from launchpad.records import (
    Effect,
    EvalResult,
    Evaluation,
    Inputs,
    Launch,
    LinkRule,
    MitigationVariant,
    RiskArea,
    Scenario,
    SideEffect,
)
from launchpad.records.links import LINK_ROLES

OF_SCENARIOS = ("propensity", "uplift")


def speaks_of(rule: LinkRule, result: EvalResult, evaluation: Evaluation) -> bool:
    """Whether every pattern of a rule fits a result; an empty category fits results over all samples only."""
    tags = tags_of(result)
    return (
        fits(rule, evaluation, result.harness)
        and (result.part is None if not rule.category else _fits(rule.category, result.part))
        and (not rule.tag or any(_fits(rule.tag, tag) for tag in tags))
    )


def fits(rule: LinkRule, evaluation: Evaluation, harness: str | None = None) -> bool:
    """Whether the patterns of a rule on harness, task, scorer and metric fit an evaluation."""
    return (
        _fits(rule.harness, evaluation.harness or harness)
        and _fits(rule.task, evaluation.task)
        and _fits(rule.scorer, evaluation.scorer)
        and _fits(rule.metric, evaluation.metric)
    )


def by_rules(inputs: Inputs, launch: Launch, result: EvalResult) -> Iterator[Suggestion]:
    """What the rules that speak of a result suggest; a candidate alone is evidence of propensity."""
    evaluation = inputs.get(Evaluation, result.evaluation)
    for rule in inputs.rows(LinkRule):
        if not speaks_of(rule, result, evaluation) or (rule.role in OF_SCENARIOS and result.arm != "candidate"):
            continue
        reason = f"Rule {rule.code} ({rule.name})" + (f": {rule.basis.rstrip('.')}." if rule.basis else ".")
        for target in _targets(inputs, launch, rule):
            made = suggest(inputs, launch, result, rule.role, target, Grounds(rule.relevance, reason, rule.code))
            yield farther_by_rule(made, rule)


def rule_from(
    inputs: Inputs,
    result: EvalResult,
    target: Target,
    *,
    role: str = "propensity",
    whole_area: bool = True,
    basis: str | None = None,
    **judgement: object,
) -> list[Change]:
    """The change that makes a rule of an example: results like this one are always evidence for that.

    Like this one are those of its harness, task, scorer, metric and category, whatever the model.
    With `whole_area` the rule speaks of every scenario of the risk area. `judgement` holds
    relevance, surface and language; the build is judged for each result anew.
    """
    evaluation = inputs.get(Evaluation, result.evaluation)
    names = {
        "harness": evaluation.harness or result.harness,
        "task": evaluation.task,
        "scorer": evaluation.scorer,
        "metric": evaluation.metric,
        "category": result.part,
    }
    values: dict[str, object] = {name: _as_pattern(value) for name, value in names.items()}
    values |= _aim(inputs, target, role, whole_area=whole_area)
    what = " / ".join(value for value in (evaluation.task or evaluation.name, result.part) if value)
    values |= {
        "code": next_code(inputs, LinkRule, prefix="LR"),
        "name": f"{what}: {LINK_ROLES[role].lower()}",
        "role": role,
        "basis": basis or f"Made from {result.code}.",
        **{name: value for name, value in judgement.items() if name in ("relevance", "surface", "language")},
    }
    return [insert(made_from(LinkRule, values))]


def _fits(patterns: str | None, value: str | None) -> bool:
    return not patterns or _compiled(patterns).fullmatch(value or "") is not None


@functools.lru_cache(maxsize=4096)
def _compiled(patterns: str) -> re.Pattern[str]:
    return wildcards(patterns)


def _as_pattern(name: str | None) -> str | None:
    """A name as a pattern that it fits; a comma, which would divide it, as one character of any kind."""
    return name.replace(",", "?").strip() if name else None


def _aim(inputs: Inputs, target: Target, role: str, *, whole_area: bool) -> dict[str, object]:
    if (role in OF_SCENARIOS) != isinstance(target, Scenario) or (role == "efficacy") != isinstance(target, Effect):
        raise InvalidValueError(
            f"{inputs.address(target)} cannot have evidence of the kind {LINK_ROLES[role].lower()!r}.",
            "Propensity and uplift are of scenarios, efficacy of effects, false refusal of side effects.",
        )
    if isinstance(target, SideEffect):
        return {"variant": target.variant}
    scenario = inputs.get(Scenario, target.scenario) if isinstance(target, Effect) else target
    aim: dict[str, object] = {"risk_area": scenario.risk_area} if whole_area else {"scenario": scenario.id}
    return {**aim, "variant": target.variant} if isinstance(target, Effect) else aim


def _targets(inputs: Inputs, launch: Launch, rule: LinkRule) -> Iterator[Target]:
    """What a rule is about in one launch; nothing when it names neither a scenario, an area nor a variant."""
    scenarios = scenarios_of(inputs, launch, rule)
    if rule.role in OF_SCENARIOS:
        yield from scenarios or ()
    elif rule.variant is not None and rule.role == "false_refusal":
        rows = inputs.children(SideEffect, "variant", inputs.get(MitigationVariant, rule.variant).id)
        yield from (row for row in rows if row.launch == launch.id)
    elif rule.variant is not None:
        wanted = None if scenarios is None else {row.id for row in scenarios}
        for row in inputs.children(Effect, "variant", rule.variant):
            if row.launch == launch.id and (wanted is None or row.scenario in wanted):
                yield row


def scenarios_of(inputs: Inputs, launch: Launch, rule: LinkRule) -> list[Scenario] | None:
    """The scenarios a rule names in this launch; one of another launch is the one with its code here."""
    if rule.scenario is not None:
        code = inputs.get(Scenario, rule.scenario).code
        return [row for row in inputs.rows(Scenario, launch.id) if row.code == code]
    if rule.risk_area is not None:
        area = inputs.get(RiskArea, rule.risk_area)
        return [row for row in inputs.children(Scenario, "risk_area", area.id) if row.launch == launch.id]
    return None
