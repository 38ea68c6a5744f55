"""Why a result is what it is: its counts, interval, run, judge, criteria and links, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from launchpad.edits.criteria import seal_state
from launchpad.gui import words
from launchpad.gui.evidence.numbers import interval, method_words, tr, value_text
from launchpad.records import (
    Effect,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Inputs,
    Launch,
    Record,
    Scenario,
    SideEffect,
    SuccessCriterion,
    field_of,
)
from launchpad.results.evidence import EvidenceRow


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what is told, its figure, a remark, and the record a person is taken to."""

    name: str
    value: str = ""
    remark: str = ""
    record: Record | None = None


Section = tuple[str, list[Fact]]


def sections(inputs: Inputs, launch: Launch | None, result: EvalResult, fact: EvidenceRow | None) -> list[Section]:
    """Everything behind a result in sections with a title; sections without a line are left out."""
    evaluation = inputs.get(Evaluation, result.evaluation)
    found: list[Section] = [
        (tr("Value"), list(_value(result, evaluation, fact))),
        (tr("Counts"), list(_counts(result, evaluation, fact))),
        (tr("As the harness reported it"), list(_reported(result))),
        (tr("Success criteria"), list(_criteria(inputs, launch, fact))),
        (tr("Evidence for"), list(_links(inputs, launch, result))),
        (tr("Run"), list(_run(result, fact))),
        (tr("Judge and conditions"), list(_conditions(result))),
        (tr("Notes"), [Fact(warning.message) for warning in fact.warnings] if fact else []),
    ]
    return [(title, facts) for title, facts in found if facts]


def _value(result: EvalResult, evaluation: Evaluation, fact: EvidenceRow | None) -> Iterator[Fact]:
    better = {"higher": tr("higher is better"), "lower": tr("lower is better"), "unknown": tr("direction not said yet")}
    yield Fact(tr("Value"), value_text(result.value, result.unit), better[evaluation.polarity], evaluation)
    if fact is not None and fact.low is not None:
        title = tr("{0} interval").format(words.percent(fact.level, 3))
        yield Fact(title, interval(fact), tr("by {0}").format(method_words(fact.method)))
    elif result.value is not None:
        why = "" if fact is None else fact.method.removeprefix("none: ")
        yield Fact(tr("Interval"), words.NOTHING, why or tr("no counts and no error: nobody can tell how sure it is"))
    if fact is not None and fact.duplicate_of is not None:
        yield Fact(tr("Repeats"), fact.duplicate_of, tr("the same finding of the same run"))
    if result.superseded:
        yield Fact(tr("Superseded"), "", tr("a newer result stands in its place"))


def _counts(result: EvalResult, evaluation: Evaluation, fact: EvidenceRow | None) -> Iterator[Fact]:
    failures = None if fact is None else fact.k
    which = {"higher": tr("those without outcome 1"), "lower": tr("those with outcome 1")}.get(evaluation.polarity, "")
    lines = (
        (tr("Scored samples (n)"), result.n, ""),
        (tr("With outcome 1"), result.count, ""),
        (tr("Failures"), failures, which if failures is not None else tr("known once the direction is said")),
        (tr("All samples"), result.n_total, ""),
        (tr("Unscored"), result.n_unscored, tr("left out of n")),
        (tr("Errors"), result.n_errors, tr("left out of n")),
        (tr("Clusters"), result.clusters, tr("samples in one are not independent")),
    )
    for name, number, remark in lines:
        if number is not None or (name == tr("Failures") and result.count is not None):
            yield Fact(name, words.number(number), remark)


def _reported(result: EvalResult) -> Iterator[Fact]:
    for name in ("stderr", "stderr_clustered"):
        error, declared = getattr(result, name), field_of(EvalResult, name)
        if error is not None and declared is not None:
            yield Fact(words.translate("records", declared.label), value_text(error, result.unit))
    if result.reported_low is not None and result.reported_high is not None:
        ends = f"{value_text(result.reported_low, result.unit)} {words.DASH} "
        level = "" if result.reported_level is None else words.percent(result.reported_level, 3)
        method = result.reported_method or tr("method not named")
        yield Fact(tr("Interval"), ends + value_text(result.reported_high, result.unit), f"{level} {method}".strip())
    if result.threshold is not None:
        passed = "" if result.passed is None else tr("passed: {0}").format(words.yes_no(result.passed))
        yield Fact(tr("Threshold in the run"), value_text(result.threshold, result.unit), passed)


def _criteria(inputs: Inputs, launch: Launch | None, fact: EvidenceRow | None) -> Iterator[Fact]:
    rows = {} if launch is None else {row.code: row for row in inputs.rows(SuccessCriterion, launch.id)}
    for mark in () if fact is None else fact.criteria:
        criterion = rows.get(mark.code)
        if criterion is None:
            continue
        side = tr("at most {0}") if criterion.direction == "at_most" else tr("at least {0}")
        asked = side.format(words.percent(criterion.threshold, 3))
        seal = seal_state(inputs, criterion)
        when = f" {words.moment(criterion.sealed_at)}" if criterion.sealed_at and seal == "sealed" else ""
        remark = ", ".join(dict.fromkeys((asked, seal + when, *mark.marks)))
        yield Fact(f"{criterion.code} {criterion.name}", mark.standing, remark, criterion)


def _links(inputs: Inputs, launch: Launch | None, result: EvalResult) -> Iterator[Fact]:
    for link in inputs.children(EvidenceLink, "result", result.id):
        if launch is None or link.launch != launch.id:
            continue
        role = words.shown(inputs, link, field_of(EvidenceLink, "role")) if field_of(EvidenceLink, "role") else ""  # pyright: ignore[reportArgumentType] - just asked
        near = tr("build {0}, surface {1}, language {2}").format(link.snapshot, link.surface, link.language)
        remark = ". ".join(part for part in (near, link.reason) if part)
        target: Record | None = None
        for record, row_id in ((Scenario, link.scenario), (Effect, link.effect), (SideEffect, link.side_effect)):
            if row_id is not None:
                target = inputs.get(record, row_id)
        name = "" if target is None else inputs.address(target)
        yield Fact(f"{name} {getattr(target, 'name', '')}".strip(), role, remark, target)


def _run(result: EvalResult, fact: EvidenceRow | None) -> Iterator[Fact]:
    yield Fact(tr("Status"), "" if fact is None else fact.state, tr("a run that did not complete satisfies nothing"))
    yield Fact(tr("Model"), result.model, "" if fact is None else fact.build_words)
    harness = " ".join(part for part in (result.harness, result.harness_version) if part)
    yield Fact(tr("Harness"), harness)
    for name in ("run_id", "task_version", "variant", "file_name", "file_sha256", "tags", "source"):
        value, declared = getattr(result, name), field_of(EvalResult, name)
        if value is not None and declared is not None:
            yield Fact(words.translate("records", declared.label), str(value))
    if result.run_date is not None:
        age = tr("{0} days old").format(fact.age_days) if fact is not None and fact.age_days is not None else ""
        left = tr("; its age leaves {0} of its weight").format(words.percent(fact.freshness)) if fact and age else ""
        yield Fact(tr("Run date"), words.day(result.run_date), age + left)


def _conditions(result: EvalResult) -> Iterator[Fact]:
    remark = tr("unknown counts as on") if result.in_place == "unknown" else ""
    yield Fact(tr("Mitigations on"), result.in_place, remark)
    for name in ("judge_sensitivity", "judge_specificity"):
        share, declared = getattr(result, name), field_of(EvalResult, name)
        if share is not None and declared is not None:
            yield Fact(words.translate("records", declared.label), words.percent(share, 3))
    for name in ("elicitation", "tries", "surface", "language"):
        value, declared = getattr(result, name), field_of(EvalResult, name)
        if value is not None and declared is not None:
            shown = words.translate("records", declared.choices.get(str(value), str(value)))
            yield Fact(words.translate("records", declared.label), shown)
