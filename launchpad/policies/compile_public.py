"""A policy version as a rule anybody can read: plain words, no example of what is forbidden."""

from collections.abc import Iterator

from launchpad.policies.documents import Block, Document, Heading, Listing, Paragraph
from launchpad.policies.rulebook import Rule, Rulebook, one_line

SECTIONS = (
    ("violates", "What the model does not do"),
    ("exception", "Exceptions"),
    ("allowed", "What stays allowed"),
)
PLAIN_STYLES = {
    "comply": "answers",
    "safe_complete": "answers what it can and says what it leaves out",
    "correct": "says what is not so, and what is",
    "clarify": "asks what is meant",
    "redirect": "points to help",
    "refuse": "declines",
    "cannot": "says that it is not able to",
}
WITHHELD = "The wording of this rule is not published."


def public_rule(book: Rulebook) -> Document:
    """The public form of a version: every rule by its id, how the model answers, and who decides in doubt.

    Holds no example of what is forbidden and no reasons meant for reviewers; the wording of rules in sensitive and
    restricted areas is left out, their ids stay.
    """
    return Document(f"{one_line(book.name)}: our rule", tuple(_blocks(book)))


def _blocks(book: Rulebook) -> Iterator[Block]:
    if book.purpose:
        yield Paragraph(one_line(book.purpose))
    since = f", in force from {book.effective_from}" if book.effective_from else ""
    yield Paragraph(f"Version {book.version}{since}.")
    if plain := [one_line(words) for _, words in book.areas.values() if words]:
        yield Paragraph(" ".join(plain), "In plain words.")
    for kind, title in SECTIONS:
        if rules := book.of_kind(kind):
            yield Heading(1, title)
            yield Listing(tuple(_point(rule) for rule in rules))
    yield Heading(1, "In doubt")
    if any(rule.escalate_when for rule in book.rules):
        yield Paragraph("Cases a rule cannot settle are decided by people.")
    yield Paragraph("If you think that a rule was applied wrongly, name its number when you tell us.")


def _point(rule: Rule) -> str:
    text = WITHHELD if rule.handling != "open" else rule.text
    asked = list(dict.fromkeys(PLAIN_STYLES[reply.style] for reply in rule.replies if reply.force == "must"))
    then = f" The model then {' or '.join(asked)}." if asked and rule.kind == "violates" else ""
    return f"{rule.code}. {text}{then}"
