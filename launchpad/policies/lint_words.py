"""Words of a rule that two people read in two ways, and escalations that name nobody or no moment."""

import csv
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from launchpad import paths
from launchpad.policies.findings import Finding
from launchpad.policies.view import View
from launchpad.records import Person

CHECKED = ("rule", "escalate_when")
WHO = re.compile(
    r"\b(?:team|lead|leads|reviewer|reviewers|specialist|specialists|clinician|clinicians|doctor|nurse|pharmacist|"
    r"lawyer|lawyers|counsel|editor|editors|officer|manager|desk|person on duty|on-call|owner|board|panel|expert|"
    r"experts|moderator|moderators|responder|responders|expert on duty|group)\b",
    re.IGNORECASE,
)
WHEN = re.compile(
    r"\b(?:when|whenever|if|once|while|until|unless|before|after|within|as soon as|where|for every|each time)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class VagueWord:
    """A word or phrase that settles nothing, and why."""

    words: str
    why: str
    pattern: re.Pattern[str]


@functools.cache
def vague_words() -> tuple[VagueWord, ...]:
    """The list in resources/policies/vague_words.csv, longest phrase first."""
    with (paths.resources() / "policies" / "vague_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [(phrase.strip(), row["why"]) for row in rows for phrase in row["words"].split(";")]
    made = [VagueWord(phrase, why, re.compile(rf"\b{re.escape(phrase)}\b", re.IGNORECASE)) for phrase, why in found]
    return tuple(sorted(made, key=lambda one: (-len(one.words), one.words)))


def vague(seen: View) -> Iterator[Finding]:
    """A finding for each vague word of a rule or an escalation; words in quotation marks are talked about, not used."""
    for clause in seen.clauses:
        for name in CHECKED:
            words = re.sub(r"\"[^\"]*\"|“[^”]*”", " ", getattr(clause, name) or "")
            for one in vague_words():
                if one.pattern.search(words):
                    words = one.pattern.sub(" ", words)
                    yield Finding("vague word", seen.name(clause), name, f"“{one.words}”: {one.why}")


def escalation(seen: View) -> Iterator[Finding]:
    """A finding for each escalation that does not say to whom, or when."""
    people = [re.escape(row.code) for row in seen.inputs.rows(Person)]
    named = re.compile(rf"\b(?:{'|'.join(people)})\b") if people else None
    for clause in seen.clauses:
        words = clause.escalate_when
        if not words:
            continue
        missing = [
            *([] if WHO.search(words) or (named and named.search(words)) else ["to whom"]),
            *([] if WHEN.search(words) else ["when"]),
        ]
        if missing:
            said = (
                f"It does not say {' nor '.join(missing)}: name a role, a team or a person's code, and the condition."
            )
            yield Finding("escalation", seen.name(clause), "escalate_when", said)
