"""What a rater is asked of every item: three labels kept apart, the clause, and a note."""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass

from launchpad.policies.rulebook import Rulebook
from launchpad.records import Label, field_of

LABELS = ("request_risk", "violation", "style")
MAX_HINT = 240


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question: its code, what a person reads, and the rule in full where it is a clause."""

    code: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked of an item; `name` is the field of a label that the answer goes to."""

    name: str
    title: str
    help: str
    options: tuple[Option, ...]


def questions(book: Rulebook) -> tuple[Question, ...]:
    """The questions under a policy version: request, answer, style, and the clause cited."""
    clauses = tuple(Option(rule.code, rule.code, _short(rule.text)) for rule in book.rules)
    return (*(_of_field(name, ()) for name in LABELS), _of_field("clause", clauses))


def without_examples(book: Rulebook, codes: Collection[str]) -> Rulebook:
    """The rules without these examples: what is to be judged must not be shown with its answer."""
    rules = tuple(
        dataclasses.replace(rule, examples=tuple(one for one in rule.examples if one.code not in codes))
        for rule in book.rules
    )
    return dataclasses.replace(book, rules=rules)


def _of_field(name: str, options: tuple[Option, ...]) -> Question:
    declared = field_of(Label, name)
    if declared is None:
        raise KeyError(name)
    given = options or tuple(Option(code, words) for code, words in (declared.choices or {}).items())
    return Question(name, declared.label, declared.help, given)


def _short(words: str) -> str:
    return words if len(words) <= MAX_HINT else f"{words[: MAX_HINT - 1]}…"
