"""Settled labels: what the raters agree on, or what a person named decides where they do not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from launchpad.changes import Change, insert, now
from launchpad.edits.label_words import CLAUSES, LABELS, clauses_of, meaning
from launchpad.edits.records import made_from, set_values
from launchpad.errors import InvalidValueError
from launchpad.records import Example, Inputs, Label, Person, PolicyVersion

RULES = ("unanimous", "majority")
ADJUDICATED = "adjudicated"


@dataclass(frozen=True, slots=True)
class Open:
    """What stays open: of which example, which field, and why."""

    example: str
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling would write: changes, examples newly settled or changed, unchanged, kept, and what stays open.

    `kept` are the examples whose settled label is another one, decided before.
    """

    changes: tuple[Change, ...]
    raters: tuple[str, ...]
    settled: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]
    open: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """One rater against the settled answers: how many the same, defensible under the clause named, and wrong."""

    rater: str
    same: int
    defensible: int
    wrong: int


def settle(
    inputs: Inputs,
    version: PolicyVersion,
    examples: Iterable[Example],
    rule: str,
    *,
    raters: Sequence[str] = (),
    at_least: int = 2,
    replace: bool = False,
) -> Settled:
    """The labels on which all raters (`unanimous`) or more than half of them (`majority`) agree, each label by itself.

    Of these raters, else of those who are people of the project: what a model says must not settle what it is
    measured by. The clause and the severity are those of the raters who gave the settled answer. What a person
    decided stays. Raises InvalidValueError when no rater can be told to be a person, or gave no label.
    """
    if rule not in RULES:
        raise InvalidValueError(f"There is no rule {rule!r}.", f"Choose one of: {', '.join(RULES)}.")
    rows = list(examples)
    said = {row.id: _labels(inputs, row, version) for row in rows}
    counted = _raters(inputs, [label for labels in said.values() for label in labels], raters)
    changes: list[Change] = []
    found: dict[str, list[str]] = {"settled": [], "unchanged": [], "kept": []}
    left: list[Open] = []
    for row in rows:
        mine = [label for label in said[row.id] if label.rater in counted]
        values, missing = _agreed(mine, rule, at_least)
        left.extend(Open(row.code, name, why) for name, why in missing.items())
        if not any(name in values for name in LABELS):
            continue
        note = f"{rule}, of {len(mine)}: {', '.join(label.rater for label in mine)}"
        whole = {**values, "rater": rule, "note": note}
        kind, made = _write(gold_of(inputs, row, version), row, version, whole, replace=replace)
        found[kind].append(row.code)
        changes.extend(made)
    return Settled(tuple(changes), counted, *(tuple(codes) for codes in found.values()), open=tuple(left))


def adjudicate(
    inputs: Inputs, version: PolicyVersion, example: Example, by: Person, values: Mapping[str, str], note: str = ""
) -> list[Change]:
    """The changes that settle one example as a person decides; what is not decided stays as it was settled.

    Raises InvalidValueError when nothing is decided, or what is decided is no label or clause of ours.
    """
    clauses = clauses_of(inputs, version)
    decided: dict[str, object] = {}
    for name, words in values.items():
        decided |= meaning((name, words), clauses)
    if not decided.keys() & {*LABELS, *CLAUSES, "severity"}:
        raise InvalidValueError(
            f"Nothing is decided about {example.code}.", "Give --violation, --request-risk, --style or --defensible."
        )
    said = ", ".join(sorted(decided))
    told = f"{said} decided by {by.code}" + (f": {note}" if note else "")
    who = {"rater": f"{ADJUDICATED}:{by.code}", "note": told}
    return _write(gold_of(inputs, example, version), example, version, {**decided, **who}, replace=True)[1]


def gold_of(inputs: Inputs, example: Example, version: PolicyVersion) -> Label | None:
    """The settled label of an example under a version, if there is one."""
    rows = inputs.children(Label, "example", example.id)
    return next((row for row in rows if row.gold and row.policy_version == version.id), None)


def tallies(inputs: Inputs, version: PolicyVersion, examples: Iterable[Example]) -> tuple[Tally, ...]:
    """How each rater's answers stand to the settled ones.

    Another answer is defensible when the settled label names the clause that it cites; else it is wrong.
    """
    counts: dict[str, Counter[str]] = {}
    for row in examples:
        gold = gold_of(inputs, row, version)
        if gold is None or gold.violation is None:
            continue
        for label in _labels(inputs, row, version):
            if label.violation is not None:
                counts.setdefault(label.rater, Counter())[_stands(label, gold)] += 1
    return tuple(Tally(who, one["same"], one["defensible"], one["wrong"]) for who, one in sorted(counts.items()))


def _stands(label: Label, gold: Label) -> str:
    if label.violation == gold.violation:
        return "same"
    return "defensible" if gold.defensible is not None and label.clause == gold.defensible else "wrong"


def _labels(inputs: Inputs, example: Example, version: PolicyVersion) -> list[Label]:
    rows = inputs.children(Label, "example", example.id)
    mine = (row for row in rows if not row.gold and row.policy_version == version.id)
    return sorted(mine, key=lambda row: row.rater)


def _raters(inputs: Inputs, labels: Sequence[Label], wanted: Sequence[str]) -> tuple[str, ...]:
    there = sorted({label.rater for label in labels})
    if not there:
        raise InvalidValueError("There is no label of any rater to settle by.", "Import some: launchpad labels import.")
    if missing := [one for one in wanted if one not in there]:
        raise InvalidValueError(f"There is no label of rater {missing[0]}.", f"There are those of {', '.join(there)}.")
    people = {row.code for row in inputs.rows(Person)}
    found = tuple(dict.fromkeys(wanted)) or tuple(one for one in there if one in people)
    if not found:
        raise InvalidValueError(
            f"None of the raters {', '.join(there)} is a person of the project.",
            "Say who settles: --raters A,B . A model must not settle what it is measured by.",
        )
    return found


def _agreed(labels: Sequence[Label], rule: str, at_least: int) -> tuple[dict[str, object], dict[str, str]]:
    """The values that are agreed on by field, and why those that anyone gave are not."""
    found: dict[str, object] = {}
    missing: dict[str, str] = {}
    for name in LABELS:
        _vote(labels, name, rule, at_least, found, missing)
    behind = [label for label in labels if label.violation == found.get("violation")]
    if "violation" in found:
        for name in ("clause", "severity", "defensible"):
            # A rater who names no other clause does not contradict one who does.
            _vote(behind, name, rule, 1, found, missing)
    return found, missing


def _vote(
    labels: Sequence[Label],
    name: str,
    rule: str,
    at_least: int,
    found: dict[str, object],
    missing: dict[str, str],
) -> None:
    votes = Counter(value for label in labels if (value := getattr(label, name)) is not None)
    total = votes.total()
    if not total:
        return
    value, count = votes.most_common(1)[0]
    if total < at_least:
        missing[name] = f"{total} rater{'s' if total > 1 else ''}, {at_least} needed"
    elif (count == total) if rule == "unanimous" else (2 * count > total):
        found[name] = value
    else:
        said = ", ".join(f"{one} {times}" for one, times in sorted(votes.items(), key=str))
        missing[name] = f"no {'agreement' if rule == 'unanimous' else 'majority'}: {said}"


def _write(
    gold: Label | None, example: Example, version: PolicyVersion, values: Mapping[str, object], *, replace: bool
) -> tuple[str, list[Change]]:
    """Whether a settled label is new or another (settled), the same (unchanged) or stays (kept), and the changes."""
    if gold is None:
        whole = {"example": example.id, "policy_version": version.id, "gold": True, "given_at": now(), **values}
        return "settled", [insert(made_from(Label, whole))]
    differs = [name for name in values if name != "note" and getattr(gold, name) != values[name]]
    if set(differs) <= {"rater"} and not (differs and replace):
        return "unchanged", []
    # An empty field may be filled; what was decided before is changed only when asked for.
    contradicts = any(getattr(gold, name) is not None for name in differs if name != "rater")
    if (contradicts or gold.rater.startswith(ADJUDICATED)) and not replace:
        return "kept", []
    return "settled", set_values(gold, given_at=now(), **values)
