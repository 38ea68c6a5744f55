"""Examples and labels that show no line, or show two."""

import re
from collections import defaultdict
from collections.abc import Iterator

from launchpad.policies.findings import Finding
from launchpad.policies.view import View
from launchpad.records import Example
from launchpad.records.policies import SIDES

SAID = {"violates": "violates", "safe": "allowed"}


def both_sides(seen: View) -> Iterator[Finding]:
    """A finding for each clause that lacks an example on one side of the line, or on both."""
    for clause in seen.clauses:
        sides = {row.side for row in seen.illustrating(clause.code)}
        missing = [label.lower() for side, label in SIDES.items() if side not in sides]
        if missing:
            said = f"It has no example {' and none '.join(missing)}; a line is shown from both sides."
            yield Finding("examples", seen.name(clause), "code", said)


def two_rules(seen: View) -> Iterator[Finding]:
    """A finding where one text is an example under two clauses on different sides, or labels cite two clauses."""
    by_text: dict[str, list[Example]] = defaultdict(list)
    for row in seen.examples:
        if row.clause is not None and (key := _key(seen, row)):
            by_text[key].append(row)
    for rows in by_text.values():
        for row in rows:
            others = [other for other in rows if other.side != row.side and other.side and row.side]
            if others:
                told = ", ".join(f"{other.code} ({other.clause})" for other in others)
                said = f"Its text also stands on the other side of the line as {told}."
                yield Finding("two rules", seen.name(row), "clause", said)
    for row in seen.examples:
        cited = sorted({label.clause for label in seen.labels(row) if label.clause})
        if len(cited) > 1:
            said = f"Its labels cite {' and '.join(cited)}: two rules match it, and raters do not know which holds."
            yield Finding("two rules", seen.name(row), "clause", said)


def contradicting_labels(seen: View) -> Iterator[Finding]:
    """A finding for each label that says the opposite of the clause it cites."""
    kinds = {clause.code: clause.kind for clause in seen.clauses}
    for row in seen.examples:
        for label in seen.labels(row):
            kind = kinds.get(label.clause or "")
            if label.clause and kind is None:
                said = f"It cites {label.clause}, which this version lacks."
                yield Finding("reference", seen.name(label), "clause", said)
            elif label.violation == "violates" and kind in ("allowed", "exception"):
                said = f"It says that {row.code} violates, and cites {label.clause}, which allows."
                yield Finding("label against clause", seen.name(label), "violation", said)
            elif label.violation == "safe" and kind == "violates":
                said = f"It says that {row.code} does not violate, and cites {label.clause}, which forbids."
                yield Finding("label against clause", seen.name(label), "violation", said)


def contradicting_sides(seen: View) -> Iterator[Finding]:
    """A finding for each example whose settled label puts it on the other side than the clause does."""
    for row in seen.examples:
        for label in seen.labels(row):
            said = SAID.get(label.violation or "")
            if label.gold and said and row.side and row.clause and said != row.side:
                told = f"It stands {SIDES[row.side].lower()} of {row.clause}; its settled label says the opposite."
                yield Finding("label against clause", seen.name(row), "side", told)


def _key(seen: View, row: Example) -> str:
    """The words of an example without case, signs and spacing; where no text is kept, its hashes."""
    given = (row.request, row.response)
    words = [seen.inputs.text(sha) or sha or "" for sha in given]
    return "|".join(re.sub(r"[\W_]+", " ", part.casefold()).strip() for part in words).strip("|")
