"""link: which results are evidence for what in a launch."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import click

from launchpad.changes import Change
from launchpad.cli.asked import Asked, launch_of, opened, project_argument, read, table, writing
from launchpad.cli.questions import some
from launchpad.cli.records import pairs
from launchpad.edits import links
from launchpad.edits.links import Suggestion
from launchpad.edits.records import add_words, field_named, next_code
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import (
    Effect,
    EvalResult,
    EvidenceLink,
    Inputs,
    Launch,
    LinkRule,
    Scenario,
    SideEffect,
    record_from,
)

MOST_SHOWN = 40
ALL, STRONG = "all", "strong"
PATTERNS = ("harness", "task", "scorer", "metric", "category", "tag")
AIMS = frozenset({"risk_area", "scenario", "variant"})


@click.command("link")
@project_argument
@click.option("--suggest", is_flag=True, help="Show what could be linked; also what is done without other options.")
@click.option(
    "--confirm",
    multiple=True,
    metavar="all|strong|CODE",
    help="Make links of suggestions: all, the strong ones, or those that this result, scenario, rule or variant is in.",
)
@click.option("--rule", "rules", multiple=True, metavar="FIELD=VALUE|LINK", help="Make a rule, or one of a link.")
@writing
def link_command(asked: Asked, project: str, suggest: bool, confirm: Sequence[str], rules: Sequence[str]) -> None:
    """Say which results are evidence for what in a launch; suggestions come from rules and bundled crosswalks.

    A rule is made of fields, such as --rule harness=garak --rule tag=owasp:llm01 --rule risk_area=A-INJ, or of an
    example: --rule E-0012/propensity/R-003 says always what that link says.
    """
    if not (confirm or rules):
        with read(project) as file:
            inputs = file.inputs()
        _answer(asked, inputs, launch_of(inputs, asked.launch), [], [], show=True)
        return
    batch = str(uuid4())
    with opened(asked, project) as held:
        launch = launch_of(held.inputs, asked.launch)
        made, ruled = _ruled(held.inputs, launch, rules)
        chosen = _chosen(ruled, links.suggestions(ruled, launch.id), confirm)
        linked = links.confirm(ruled, launch.id, chosen)
        held.edit(made, _counted("Add", made, "link rule"), reason=asked.reason, batch=batch)
        held.edit(linked, _counted("Make", linked, "evidence link"), reason=asked.reason, batch=batch)
        held.refresh()
        _answer(asked, held.inputs, launch, made, chosen, show=suggest)


def _counted(verb: str, changes: Sequence[Change], what: str) -> str:
    return f"{verb} {len(changes)} {what}s" if len(changes) > 1 else f"{verb} {what}"


def _answer(
    asked: Asked,
    inputs: Inputs,
    launch: Launch,
    made: Sequence[Change],
    chosen: Sequence[Suggestion],
    *,
    show: bool,
) -> None:
    left = links.suggestions(inputs, launch.id)
    answer = {
        "launch": launch.code,
        "rules": [inputs.get(LinkRule, change.key).code for change in made],
        "confirmed": [_plain(inputs, one) for one in chosen],
        "suggestions": [_plain(inputs, one) for one in left],
        "unlinked": [_plain_result(inputs, row) for row in links.unlinked(inputs, launch.id)],
    }
    asked.answer(answer, *_said(inputs, answer, left, show=show))


def _ruled(inputs: Inputs, launch: Launch, given: Sequence[str]) -> tuple[list[Change], Inputs]:
    """The changes that add the rules asked for, and the inputs as they will be with them."""
    fields = pairs([word for word in given if "=" in word])
    changes: list[Change] = []
    for word in (word for word in given if "=" not in word):
        changes += _rule_of_link(inputs, launch, word)
        inputs = _with_rule(inputs, changes[-1])
    if fields:
        changes += _rule_of_fields(inputs, launch, fields)
        inputs = _with_rule(inputs, changes[-1])
    return changes, inputs


def _with_rule(inputs: Inputs, change: Change) -> Inputs:
    rule = record_from(LinkRule, change.key, change.after or {})
    return inputs.with_rows({LinkRule.table: (*inputs.rows(LinkRule), rule)}, inputs.head)


def _rule_of_fields(inputs: Inputs, launch: Launch, fields: Mapping[str, str]) -> Sequence[Change]:
    given = {field_named(LinkRule, name).name: value for name, value in fields.items()}
    if not AIMS.intersection(given):
        raise InvalidValueError(
            "The rule does not say what results are evidence for.", "Give it risk_area=, scenario= or variant=."
        )
    patterns = [value for name, value in given.items() if name in PATTERNS and value.strip()]
    if not patterns:
        raise InvalidValueError(
            "The rule does not say which results it speaks of.", f"Give it one of {', '.join(PATTERNS)}."
        )
    named = {"code": next_code(inputs, LinkRule, prefix="LR"), "name": " ".join(patterns)}
    return add_words(inputs, LinkRule, {**named, **given}, launch.id).changes


def _rule_of_link(inputs: Inputs, launch: Launch, word: str) -> list[Change]:
    for link in inputs.rows(EvidenceLink, launch.id):
        if word in (_link_address(inputs, link), inputs.address(link)):
            target = _target(inputs, link)
            return links.rule_from(
                inputs,
                inputs.get(EvalResult, link.result),
                target,
                role=link.role,
                relevance=link.relevance,
                surface=link.surface,
                language=link.language,
                basis=link.reason,
            )
    raise UnknownRecordError(
        f"There is no link {word!r} in launch {launch.code}.",
        "Name it by its parts, such as E-0012/propensity/R-003, or give FIELD=VALUE.",
    )


def _target(inputs: Inputs, link: EvidenceLink) -> Scenario | Effect | SideEffect:
    if link.scenario is not None:
        return inputs.get(Scenario, link.scenario)
    if link.effect is not None:
        return inputs.get(Effect, link.effect)
    if link.side_effect is not None:
        return inputs.get(SideEffect, link.side_effect)
    raise InvalidValueError(f"The link {inputs.address(link)} leads nowhere.", "Give it a scenario first.")


def _link_address(inputs: Inputs, link: EvidenceLink) -> str:
    return f"{inputs.get(EvalResult, link.result).code}/{link.role}/{inputs.address(_target(inputs, link))}"


def _chosen(inputs: Inputs, found: Sequence[Suggestion], wanted: Sequence[str]) -> list[Suggestion]:
    """The suggestions that words name; UnknownRecordError for a word that names none."""
    chosen: dict[tuple[int, str, int], Suggestion] = {}
    for word in wanted:
        named = [one for one in found if _is_named(inputs, one, word)]
        if not named and word not in (ALL, STRONG):
            raise UnknownRecordError(
                f"No suggestion is called {word!r}.", "See them with: launchpad link PROJECT --suggest."
            )
        chosen.update((one.key, one) for one in named)
    return list(chosen.values())


def _is_named(inputs: Inputs, one: Suggestion, word: str) -> bool:
    if word == ALL:
        return True
    if word == STRONG:
        return one.strong
    parts = (links.address(inputs, one), one.result.code, inputs.address(one.target), one.source)
    variants = () if one.scenario is not None else (inputs.part(one.target, "variant"),)
    return word in (*parts, *variants)


def _plain(inputs: Inputs, one: Suggestion) -> dict[str, Any]:
    return {
        "address": links.address(inputs, one),
        "result": one.result.code,
        "role": one.role,
        "scenario": None if one.scenario is None else one.scenario.code,
        "effect": None if one.effect is None else inputs.address(one.effect),
        "side_effect": None if one.side_effect is None else inputs.address(one.side_effect),
        "relevance": one.relevance,
        "snapshot": one.snapshot,
        "surface": one.surface,
        "language": one.language,
        "strong": one.strong,
        "reason": one.reason,
        "source": one.source,
    }


def _plain_result(inputs: Inputs, row: EvalResult) -> dict[str, Any]:
    return {
        "result": row.code,
        "evaluation": inputs.part(row, "evaluation"),
        "model": row.model,
        "category": row.part,
        "value": row.value,
        "n": row.n,
        "status": row.status,
        "file": row.file_name,
    }


def _said(inputs: Inputs, answer: Mapping[str, Any], left: Sequence[Suggestion], *, show: bool) -> Iterable[object]:
    if answer["rules"]:
        yield f"Made {', '.join(answer['rules'])}."
    if answer["confirmed"]:
        names = [one["address"] for one in answer["confirmed"]]
        yield f"Linked {len(names)}: {some(names, 10)}."
    if show and left:
        rows = [
            (
                links.address(inputs, one),
                one.relevance,
                f"{one.snapshot} / {one.surface} / {one.language}",
                "strong" if one.strong else "weak",
                one.reason,
            )
            for one in left[:MOST_SHOWN]
        ]
        columns = ("Link", "Relevance", "Build / surface / language", "", "Why")
        yield table(f"Suggested links ({len(left)})", columns, rows)
        if left[MOST_SHOWN:]:
            yield f"{len(left) - MOST_SHOWN} more; --json lists all."
    alone = len(answer["unlinked"])
    yield f"{len(left)} links suggested; {alone} results are evidence for nothing yet in {answer['launch']}."
    if show and left:
        yield "Confirm with --confirm all, --confirm strong, or codes."
