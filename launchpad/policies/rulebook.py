"""One version of a policy as everything compiled from it reads it: rules in decision order, with what may be shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from launchpad.edits.clauses import in_decision_order
from launchpad.edits.handling import LEVELS, handling_of
from launchpad.edits.policies import example_handling, release_state
from launchpad.records import Clause, ClauseResponse, Example, Inputs, Policy, PolicyVersion, RiskArea


@dataclass(frozen=True, slots=True)
class Instance:
    """An example as it may leave the project: words of open areas only."""

    code: str
    side: str
    near_line: bool
    pair_of: str | None
    request: str | None
    response: str | None
    severity: int | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """How to answer what a rule matches, from a severity on (None: at every severity)."""

    severity: int | None
    style: str
    force: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause with its responses and the examples that may be shown; `withheld` counts those that may not."""

    code: str
    kind: str
    text: str
    rationale: str | None
    authority: str
    severity: int | None
    precedence: int | None
    escalate_when: str | None
    area: str | None
    handling: str
    replies: tuple[Reply, ...]
    examples: tuple[Instance, ...]
    withheld: int

    def on(self, side: str) -> tuple[Instance, ...]:
        """Its examples on one side of the line, those near the line first."""
        return tuple(sorted((one for one in self.examples if one.side == side), key=lambda one: not one.near_line))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A policy version: names, state, and its rules in decision order."""

    policy: str
    name: str
    purpose: str | None
    version: str
    status: str
    state: str
    effective_from: str | None
    supersedes: str | None
    changelog: str | None
    scope: str | None
    sha256: str | None
    rules: tuple[Rule, ...]
    areas: Mapping[str, tuple[str, str | None]]

    @property
    def address(self) -> str:
        """Policy and version, as people name it."""
        return f"{self.policy}/{self.version}"

    @property
    def ids(self) -> tuple[str, ...]:
        """The codes of its rules in decision order."""
        return tuple(rule.code for rule in self.rules)

    def of_kind(self, *kinds: str) -> tuple[Rule, ...]:
        """The rules of these kinds in decision order."""
        return tuple(rule for rule in self.rules if rule.kind in kinds)

    def over(self, rule: Rule) -> tuple[Rule, ...]:
        """The rules of another kind that hold where they and this one both match, as their precedence is higher."""
        own = -1 if rule.precedence is None else rule.precedence
        against = {rule.kind} if rule.kind == "violates" else {"allowed", "exception"}
        return tuple(
            other
            for other in self.rules
            if other.kind not in against and other.precedence is not None and other.precedence > own
        )


def rulebook(inputs: Inputs, version: PolicyVersion) -> Rulebook:
    """A version as it may be shown outside the project.

    Words of examples in sensitive and restricted areas are left out and counted; items of gold sets are left out
    altogether, as they measure what is compiled here.
    """
    policy = inputs.get(Policy, version.policy)
    rules = tuple(_rule(inputs, policy, clause) for clause in in_decision_order(inputs, version))
    areas = {
        row.code: (row.name, row.plain) for row in inputs.rows(RiskArea) if row.code in {one.area for one in rules}
    }
    return Rulebook(
        policy=policy.code,
        name=policy.name,
        purpose=policy.purpose,
        version=version.version,
        status=version.status,
        state=release_state(inputs, version),
        effective_from=version.effective_from,
        supersedes=version.supersedes,
        changelog=version.changelog,
        scope=version.scope,
        sha256=version.sha256,
        rules=rules,
        areas=areas,
    )


def one_line(words: str | None) -> str:
    """Words on a single line, so that nothing in them can begin a new paragraph, heading or message."""
    return re.sub(r"\s+", " ", words or "").strip()


def area_of(inputs: Inputs, policy: Policy, clause: Clause) -> RiskArea | None:
    """The risk area of a clause, else that of its policy."""
    area = policy.area if clause.area is None else clause.area
    return None if area is None else inputs.get(RiskArea, area)


def examples_of(inputs: Inputs, policy: Policy, code: str) -> list[Example]:
    """The examples that illustrate a clause, those of gold sets left out, in the order of their codes."""
    rows = inputs.children(Example, "policy", policy.id)
    mine = [row for row in rows if row.clause == code and row.gold_set is None and row.side is not None]
    return sorted(mine, key=lambda row: row.code)


def _rule(inputs: Inputs, policy: Policy, clause: Clause) -> Rule:
    area = area_of(inputs, policy, clause)
    rows = examples_of(inputs, policy, clause.code)
    levels = [example_handling(inputs, row) for row in rows]
    shown = tuple(_instance(inputs, row) for row, level in zip(rows, levels, strict=True) if level == "open")
    replies = sorted(inputs.children(ClauseResponse, "clause", clause.id), key=_reply_order)
    return Rule(
        code=clause.code,
        kind=clause.kind,
        text=one_line(clause.rule),
        rationale=clause.rationale,
        authority=clause.authority,
        severity=clause.severity,
        precedence=clause.precedence,
        escalate_when=None if clause.escalate_when is None else one_line(clause.escalate_when),
        area=None if area is None else area.code,
        handling=_handling(inputs, policy, clause),
        replies=tuple(Reply(row.severity, row.style, row.force, row.note) for row in replies),
        examples=tuple(one for one in shown if one.request or one.response),
        withheld=sum(level != "open" for level in levels),
    )


def _handling(inputs: Inputs, policy: Policy, clause: Clause) -> str:
    areas = [inputs.get(RiskArea, area) for area in (policy.area, clause.area) if area is not None]
    return max((handling_of(inputs, area) for area in areas), key=LEVELS.index, default="open")


def _reply_order(row: ClauseResponse) -> tuple[int, str, str]:
    return (row.severity or 0, row.force, row.style)


def _instance(inputs: Inputs, row: Example) -> Instance:
    return Instance(
        code=row.code,
        side=row.side or "",
        near_line=row.near_line,
        pair_of=row.pair_of,
        request=inputs.text(row.request),
        response=inputs.text(row.response),
        severity=row.severity,
        language=row.language,
    )
