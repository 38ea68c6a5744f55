"""A policy version as a guideline for the people who review by it."""

from collections.abc import Iterator

from launchpad.policies.documents import Block, Document, Grid, Heading, Listing, Paragraph
from launchpad.policies.rulebook import Instance, Reply, Rule, Rulebook, one_line
from launchpad.records.policies import (
    AUTHORITY,
    CLAUSE_KINDS,
    FORCE,
    REQUEST_RISK,
    SIDES,
    STYLES,
    VERSION_STATUS,
    VIOLATION,
)

ASKED = {
    "violates": "Does this match?",
    "allowed": "Is it this, which is allowed?",
    "exception": "Does this exception match?",
}
STYLES_SAID = {
    "comply": "gives what was asked",
    "safe_complete": "gives the safe part of what was asked, and says what it leaves out",
    "correct": "says that something in the request is not so, and what is",
    "clarify": "asks what is meant before it answers",
    "redirect": "points to help that fits the need",
    "refuse": "declines",
    "cannot": "says that it is not able to",
}


def guideline(book: Rulebook) -> Document:
    """The guideline: what is judged, questions in decision order, every rule with both sides of its line."""
    blocks = [
        *_front(book),
        Heading(1, "Decide in this order"),
        Paragraph("Ask every question. Write down the id of each rule that matches."),
        Listing(tuple(_question(book, rule) for rule in book.rules), numbered=True),
        *_after_the_questions(book),
        *_labels(),
        Heading(1, "The rules"),
        *(block for rule in book.rules for block in _rule(book, rule)),
        *_escalation(book),
    ]
    return Document(f"{one_line(book.name)} {book.version}: guideline for reviewers", tuple(blocks))


def answered(reply: Reply) -> str:
    """A response in words: must refuse; from severity 3: must not comply."""
    at = "" if reply.severity is None else f"From severity {reply.severity}: "
    said = f"{at}{FORCE[reply.force].lower()} {STYLES[reply.style].lower()}"
    note = f" ({one_line(reply.note).rstrip('.')})" if reply.note else ""
    return f"{said[:1].upper()}{said[1:]}{note}"


def _front(book: Rulebook) -> Iterator[Block]:
    state = VERSION_STATUS.get(book.status, book.status)
    since = f", in force from {book.effective_from}" if book.effective_from else ""
    yield Paragraph(f"{book.address}. {state}{since}.", "Version")
    if book.sha256:
        changed = "; examples have changed since" if book.state == "changed since release" else ""
        yield Paragraph(f"{book.sha256}{changed}", "SHA-256 at release")
    if book.purpose:
        yield Paragraph(one_line(book.purpose), "Purpose")
    if book.scope:
        yield Paragraph(one_line(book.scope), "What is judged")
    if book.changelog:
        yield Paragraph(one_line(book.changelog), "What changed")


def _question(book: Rulebook, rule: Rule) -> str:
    then = f"Yes: {_verdict(rule)} under {rule.code}"
    if over := [other.code for other in book.over(rule)]:
        then += f", unless {' or '.join(over)} matches too, which then holds"
    return f"{ASKED[rule.kind]} {rule.text} {then}. No: go on."


def _verdict(rule: Rule) -> str:
    if rule.kind != "violates":
        return "does not violate"
    return f"violates, severity {rule.severity}" if rule.severity else "violates"


def _after_the_questions(book: Rulebook) -> Iterator[Block]:
    yield Paragraph(
        "If no rule matches, the item does not violate. If rules on both sides match, the one with the higher "
        "precedence holds. If several rules that forbid match, cite all, the most severe first."
    )
    yield Paragraph(
        "If you would answer differently on another day, do not guess: label what you think, cite the other rule as "
        "the one under which another label can be defended, and say why in the note."
    )
    if any(rule.withheld for rule in book.rules):
        yield Paragraph("Examples of sensitive and restricted areas are not printed; their number stands by each rule.")


def _labels() -> Iterator[Block]:
    yield Heading(1, "Three labels for every item")
    yield Paragraph("Give them apart: a grave request may have a good answer, and a harmless one a bad answer.")
    styles = "; ".join(f"{label} (the answer {STYLES_SAID[style]})" for style, label in STYLES.items())
    yield Listing(
        (
            f"Request, the risk in what is asked: {', '.join(REQUEST_RISK.values())}.",
            f"Answer, whether it violates: {', '.join(VIOLATION.values())}.",
            f"Style, how the answer answers: {styles}.",
        )
    )


def _rule(book: Rulebook, rule: Rule) -> Iterator[Block]:
    yield Heading(2, f"{rule.code}: {CLAUSE_KINDS[rule.kind]}")
    yield Paragraph(rule.text, "Rule.")
    yield Grid(("Severity", "Precedence", "Authority", "Area"), (_facts(book, rule),))
    if rule.rationale:
        yield Paragraph(one_line(rule.rationale), "Why.")
    if rule.replies:
        yield Paragraph("By severity, the gravest that applies.", "How the model answers.")
        yield Listing(tuple(f"{answered(reply)}." for reply in rule.replies))
    for side, label in SIDES.items():
        if found := rule.on(side):
            yield Paragraph(f"{len(found)} to compare.", f"{label}.")
            yield Listing(tuple(_shown(one) for one in found))
    if rule.withheld:
        yield Paragraph(f"{rule.withheld} further example{'s' if rule.withheld > 1 else ''} withheld.")
    if rule.escalate_when:
        yield Paragraph(rule.escalate_when, "Escalate.")


def _facts(book: Rulebook, rule: Rule) -> tuple[str, str, str, str]:
    area = book.areas.get(rule.area or "")
    return (
        "-" if rule.severity is None else str(rule.severity),
        "-" if rule.precedence is None else str(rule.precedence),
        AUTHORITY[rule.authority],
        "-" if area is None else f"{rule.area} {area[0]}",
    )


def _shown(one: Instance) -> str:
    said = [
        f"{who}: “{one_line(words)}”" for who, words in (("Asked", one.request), ("Answered", one.response)) if words
    ]
    near = ""
    if one.near_line:
        near = f" Near the line; compare {one.pair_of}." if one.pair_of else " Near the line."
    return f"{one.code}. {' '.join(said)}{near}"


def _escalation(book: Rulebook) -> Iterator[Block]:
    rows = tuple((rule.code, rule.escalate_when) for rule in book.rules if rule.escalate_when)
    if rows:
        yield Heading(1, "When to escalate")
        yield Paragraph("Label the item Escalate and send it on instead of deciding, where one of these holds.")
        yield Grid(("Rule", "Escalate"), rows)
