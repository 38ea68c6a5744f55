"""What keeps a policy version from being applied the same way twice, each fault with its record and field."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from launchpad.errors import UnknownRecordError
from launchpad.policies import lint_examples, lint_words
from launchpad.policies.findings import Finding
from launchpad.policies.tokens import estimated_tokens
from launchpad.policies.view import View, view
from launchpad.records import Clause, ClauseResponse, Example, Inputs, PolicyVersion

LONGEST_RULE = 120  # tokens; a fifth of the 600 that gpt-oss-safeguard's guide finds best for a whole policy
LONGEST_POLICY = 10_000  # tokens that its guide still finds usable


def lint(inputs: Inputs, version: PolicyVersion) -> tuple[Finding, ...]:
    """Everything found in a version, clause by clause in decision order; nothing when it can be applied as it stands.

    Reads all examples of the policy, those of restricted areas included; no finding repeats the words of an example.
    """
    seen = view(inputs, version)
    found = [finding for check in CHECKS for finding in check(seen)]
    order = {seen.name(clause): place for place, clause in enumerate(seen.clauses)}
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (order.get(one.record, len(order)), one.check)))


def _precedence(seen: View) -> Iterator[Finding]:
    """Siblings are the clauses of one area; two of different kinds that both match need to know which holds."""
    families: dict[int | None, list[Clause]] = defaultdict(list)
    for clause in seen.clauses:
        families[seen.area(clause)].append(clause)
    for family in families.values():
        if len({clause.kind for clause in family}) < 2:
            continue
        yield from _unranked(seen, family)
        yield from _tied(seen, family)


def _unranked(seen: View, family: Sequence[Clause]) -> Iterator[Finding]:
    for clause in family:
        others = [row.code for row in family if row.kind != clause.kind]
        if clause.precedence is None:
            said = f"It has no precedence, so nothing says whether it or {_listed(others)} holds where both match."
            yield Finding("precedence", seen.name(clause), "precedence", said)


def _tied(seen: View, family: Sequence[Clause]) -> Iterator[Finding]:
    ranks: dict[int, list[Clause]] = defaultdict(list)
    for clause in family:
        if clause.precedence is not None:
            ranks[clause.precedence].append(clause)
    for rank, tied in ranks.items():
        for clause in tied:
            others = [row.code for row in tied if _opposed(row, clause)]
            if others:
                said = f"It and {_listed(others)} have precedence {rank} and say different things; give one the higher."
                yield Finding("precedence", seen.name(clause), "precedence", said)


def _opposed(one: Clause, other: Clause) -> bool:
    return (one.kind == "violates") != (other.kind == "violates")


def _order(seen: View) -> Iterator[Finding]:
    places: dict[int, list[str]] = defaultdict(list)
    for clause in seen.clauses:
        if clause.place is None:
            said = "It has no place in the decision order, so raters may come to it first or last."
            yield Finding("decision order", seen.name(clause), "place", said)
        else:
            places[clause.place].append(clause.code)
    for clause in seen.clauses:
        others = [code for code in places.get(clause.place or 0, ()) if code != clause.code]
        if others:
            said = f"It shares place {clause.place} of the decision order with {_listed(others)}."
            yield Finding("decision order", seen.name(clause), "place", said)


def _length(seen: View) -> Iterator[Finding]:
    whole = 0
    for clause in seen.clauses:
        tokens = estimated_tokens(clause.rule)
        whole += tokens
        if tokens > LONGEST_RULE:
            said = f"About {tokens} tokens; a model applies a rule of at most {LONGEST_RULE} best: split it."
            yield Finding("length", seen.name(clause), "rule", said)
    if whole > LONGEST_POLICY:
        said = f"Its rules alone are about {whole:,} tokens; beyond {LONGEST_POLICY:,} models lose some of them."
        yield Finding("length", seen.version_name, "version", said)


def _responses(seen: View) -> Iterator[Finding]:
    for clause in seen.clauses:
        replies = seen.responses(clause)
        levels = {clause.severity, *(row.severity for row in seen.illustrating(clause.code) if row.side == "violates")}
        for level in sorted(level for level in levels if level is not None):
            if clause.kind == "violates" and not any((row.severity or 0) <= level for row in replies):
                said = f"Nothing says how to answer at severity {level}."
                yield Finding("severity without response", seen.name(clause), "severity", said)
        if clause.kind == "violates" and clause.severity is None and not replies:
            said = "It has neither a severity nor a response, so a model that meets it does not know what to do."
            yield Finding("severity without response", seen.name(clause), "severity", said)
        for reply in replies:
            if reply.force == "must" and any(_forbids(row, reply.style, reply.severity) for row in replies):
                said = f"The style {reply.style} is both asked for and forbidden at one severity."
                yield Finding("responses at odds", seen.name(clause), "style", said)


def _forbids(row: ClauseResponse, style: str, severity: int | None) -> bool:
    return row.force == "must_not" and row.style == style and (row.severity or 0) <= (severity or 0)


def _references(seen: View) -> Iterator[Finding]:
    codes = {clause.code for clause in seen.clauses}
    stems = {code.rpartition("-")[0] for code in codes if "-" in code}
    mention = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(stems)))})-\d+\b") if stems else None
    for clause in seen.clauses:
        for name in ("rule", "escalate_when", "rationale"):
            for code in mention.findall(getattr(clause, name) or "") if mention else ():
                if code not in codes:
                    yield Finding("reference", seen.name(clause), name, f"It names {code}, which this version lacks.")
    if seen.version.supersedes and seen.version.supersedes not in seen.versions:
        said = f"It follows version {seen.version.supersedes}, which this policy does not have."
        yield Finding("reference", seen.version_name, "supersedes", said)
    for feedback in seen.feedback:
        if feedback.status == "open" and feedback.clause and feedback.clause not in codes:
            said = f"It is about {feedback.clause}, which this version lacks."
            yield Finding("reference", f"feedback {feedback.code}", "clause", said)


def _pairs(seen: View) -> Iterator[Finding]:
    codes = {clause.code for clause in seen.clauses}
    for row in seen.examples:
        if row.clause is not None and row.clause not in codes and row.gold_set is None:
            said = f"It illustrates {row.clause}, which this version lacks."
            yield Finding("reference", seen.name(row), "clause", said)
        if row.pair_of is None:
            continue
        other = _example(seen.inputs, row.pair_of)
        if other is None:
            yield Finding("reference", seen.name(row), "pair_of", f"Its pair {row.pair_of} does not exist.")
        elif other.side == row.side:
            said = f"It and its pair {other.code} lie on one side of the line, so they show no line."
            yield Finding("pair", seen.name(row), "pair_of", said)


def _example(inputs: Inputs, code: str) -> Example | None:
    try:
        return inputs.find(Example, code)
    except UnknownRecordError:
        return None


def _listed(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} or {codes[-1]}"


CHECKS: tuple[Callable[[View], Iterator[Finding]], ...] = (
    lint_words.vague,
    lint_words.escalation,
    lint_examples.both_sides,
    lint_examples.two_rules,
    lint_examples.contradicting_labels,
    lint_examples.contradicting_sides,
    _responses,
    _precedence,
    _order,
    _length,
    _references,
    _pairs,
)
