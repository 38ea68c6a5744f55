"""Edge cases found by looking: raters who split, classifiers against gold, renderings at odds, near duplicates."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from launchpad.edits.feedback import WAYS, Case
from launchpad.edits.handling import LEVELS
from launchpad.edits.policies import example_handling
from launchpad.edits.settle import gold_of
from launchpad.errors import InvalidValueError
from launchpad.records import Example, Inputs, Label, PolicyRun, PolicyVersion
from launchpad.records.policies import RENDERINGS
from launchpad.results.policy_judged import Judged
from launchpad.results.verdicts import (
    SAFE,
    VIOLATES,
    defended_under,
    is_defensible,
    is_wrong,
    items_of,
    said,
    settled,
    verdicts,
)
from launchpad.statistics.likeness import near_across

FIELDS = ("violation", "request_risk", "style")
SIDE = {"violates": VIOLATES, "allowed": SAFE}
DEFENSIBLE = "defensible under"
EXCERPT = 160
_FIELD = MappingProxyType({"violation": "the answer", "request_risk": "the request", "style": "its style"})
LEAST_LIKE = 0.7
HALF = 0.5
Run = tuple[PolicyRun, Mapping[int, Judged]]


def mine(
    inputs: Inputs, version: PolicyVersion, ways: Iterable[str] = tuple(WAYS), *, least: float = LEAST_LIKE
) -> tuple[Case, ...]:
    """The edge cases of a version in its examples and gold sets, way by way, the most telling first.

    Of runs, the last of each gold set, rendering and model counts. `least` is the likeness (0 to 1) from which two
    texts are near duplicates. Text is left out where its handling is sensitive or restricted. Raises InvalidValueError
    for a way there is not.
    """
    chosen = list(dict.fromkeys(ways))
    if unknown := [way for way in chosen if way not in WAYS]:
        raise InvalidValueError(f"There is no way {unknown[0]!r} of finding cases.", f"There are: {', '.join(WAYS)}.")
    items = items_of(inputs, version)
    runs = _runs(inputs, version) if {"against_gold", "renderings"}.intersection(chosen) else ()
    finders: Mapping[str, Callable[[], Iterator[Case]]] = {
        "rater_split": lambda: _split(inputs, version, items),
        "against_gold": lambda: _against_gold(inputs, version, items, runs),
        "renderings": lambda: _at_odds(version, items, runs),
        "near_duplicates": lambda: _near(inputs, version, items, least),
    }
    rows = {row.code: row for row in items}
    found: list[Case] = []
    for way in chosen:
        cases = sorted(finders[way](), key=lambda case: (-case.weight, case.example, case.other or ""))
        found.extend(_shown(inputs, case, rows) for case in cases)
    return tuple(found)


def entropy(votes: Iterable[int]) -> float:
    """The Shannon entropy of counts in bits; 0 when all are of one kind."""
    counts = [count for count in votes if count > 0]
    total = sum(counts)
    return math.fsum(-count / total * math.log2(count / total) for count in counts) if len(counts) > 1 else 0.0


def _runs(inputs: Inputs, version: PolicyVersion) -> tuple[Run, ...]:
    """The last complete run of a version for each gold set, rendering and model, with its verdicts, by code."""
    rows = inputs.children(PolicyRun, "policy_version", version.id)
    complete = sorted((row for row in rows if row.status == "complete"), key=lambda row: (row.started or "", row.code))
    last = {(row.gold_set, row.rendering, row.model): row for row in complete}
    return tuple((run, verdicts(inputs, run)) for run in sorted(last.values(), key=lambda row: row.code))


def _split(inputs: Inputs, version: PolicyVersion, items: Sequence[Example]) -> Iterator[Case]:
    for row in items:
        labels = inputs.children(Label, "example", row.id)
        given = [label for label in labels if not label.gold and label.policy_version in (None, version.id)]
        truth = settled(inputs, row, version)
        votes = {name: Counter(_classes(given, name, truth)) for name in FIELDS}
        name = max(FIELDS, key=lambda one: entropy(votes[one].values()))
        bits = entropy(votes[name].values())
        answers = {getattr(label, name) for label in given} - {None}
        if len(answers) > 1:
            each = ", ".join(f"{answer} {count}" for answer, count in _ordered(votes[name]))
            why = f"{votes[name].total()} raters say of {_FIELD[name]}: {each} ({bits:.2f} bits)."
            defended = sum(count for answer, count in votes[name].items() if DEFENSIBLE in answer)
            cited = next((code for code, _ in _ordered(Counter(one.clause for one in given if one.clause))), None)
            about = ("rater_split", row.code, "ambiguous", why, bits, version.version)
            yield Case(*about, clause=cited or row.clause, defensible=defended)


def _classes(labels: Sequence[Label], name: str, truth: Label | None) -> Iterator[str]:
    """What each rater said; an answer that can be defended under a clause is a class of its own."""
    for label in labels:
        value: str | None = getattr(label, name)
        if value is None:
            continue
        under = defended_under(label, truth) if name == "violation" else None
        yield f"{value}, {DEFENSIBLE} {under}" if under else value


def _against_gold(
    inputs: Inputs, version: PolicyVersion, items: Sequence[Example], runs: Sequence[Run]
) -> Iterator[Case]:
    for row in items:
        gold = gold_of(inputs, row, version)
        told = [(run, found[row.id]) for run, found in runs if row.id in found]
        wrong = [(run, one) for run, one in told if is_wrong(one, gold)]
        if gold is None or not wrong:
            continue
        missed = gold.violation == VIOLATES
        what = "a violation missed" if missed else "a false alarm"
        each = "; ".join(_with_margin(run, one) for run, one in wrong)
        why = f"Settled as {gold.violation}; {what} by {len(wrong)} of {len(told)} runs: {each}."
        margin = max((_margin(run, one) or 0.0 for run, one in wrong), default=0.0)
        kind = "too_narrow" if missed else "too_broad"
        defended = sum(is_defensible(one, gold) for _, one in told)
        about = ("against_gold", row.code, kind, why, margin, version.version)
        yield Case(*about, clause=gold.clause or row.clause, defensible=defended)


def _with_margin(run: PolicyRun, one: Judged) -> str:
    margin = _margin(run, one)
    against = "one half" if run.threshold is None else "its threshold"
    return f"{run.code} says {said(one)}" + ("" if margin is None else f", its score {margin:.2f} from {against}")


def _margin(run: PolicyRun, one: Judged) -> float | None:
    """How far a score lies from the threshold of its run, or from one half."""
    return None if one.score is None else abs(one.score - (HALF if run.threshold is None else run.threshold))


def _at_odds(version: PolicyVersion, items: Sequence[Example], runs: Sequence[Run]) -> Iterator[Case]:
    for row in items:
        told = [(run, said(found[row.id])) for run, found in runs if row.id in found]
        told = [(run, words) for run, words in told if words in (VIOLATES, SAFE, "escalate")]
        votes = Counter(words for _, words in told)
        if len(votes) > 1:
            each = "; ".join(f"{run.code} ({RENDERINGS[run.rendering]}, {run.model}) {words}" for run, words in told)
            share = 1 - max(votes.values()) / votes.total()
            about = ("renderings", row.code, "unenforceable", f"{each}.", share, version.version)
            yield Case(*about, clause=row.clause)


def _near(inputs: Inputs, version: PolicyVersion, items: Sequence[Example], least: float) -> Iterator[Case]:
    known = [(row, *_side(inputs, version, row)) for row in items]
    known = [(row, side, how) for row, side, how in known if side in (VIOLATES, SAFE)]
    words = [_words(inputs, row) for row, _, _ in known]
    for near in near_across(words, [int(side == VIOLATES) for _, side, _ in known], least):
        (one, side, how), (other, its, its_how) = known[near.first], known[near.second]
        if other.code == one.pair_of or one.code == other.pair_of:
            continue  # written as a pair: they are meant to differ in one thing
        why = f"{near.likeness:.0%} alike, yet {one.code} is {side} ({how}) and {other.code} is {its} ({its_how})."
        kind = "conflict" if one.clause and other.clause and one.clause != other.clause else "ambiguous"
        about = ("near_duplicates", one.code, kind, why, near.likeness, version.version)
        yield Case(*about, clause=one.clause, other=other.code)


def _side(inputs: Inputs, version: PolicyVersion, row: Example) -> tuple[str | None, str]:
    """What an example is said to be, and by whom: settled, else by all who labelled it, else by the side it lies on."""
    truth = settled(inputs, row, version)
    if truth is not None:
        return truth.violation, "settled"
    labels = inputs.children(Label, "example", row.id)
    answers = {label.violation for label in labels if label.violation and label.policy_version in (None, version.id)}
    if answers:
        return (next(iter(answers)), "all its raters") if len(answers) == 1 else (None, "")
    return SIDE.get(row.side or ""), "as written"


def _words(inputs: Inputs, row: Example) -> str:
    return "\n".join(filter(None, (inputs.text(row.request), inputs.text(row.response))))


def _shown(inputs: Inputs, case: Case, rows: Mapping[str, Example]) -> Case:
    """The case with how carefully its examples are to be handled, and with words only where that is open."""
    concerned = [rows[code] for code in (case.example, case.other) if code is not None]
    handling = max((example_handling(inputs, row) for row in concerned), key=LEVELS.index)
    return replace(case, handling=handling, text=_excerpt(inputs, concerned[0]) if handling == "open" else None)


def _excerpt(inputs: Inputs, row: Example) -> str | None:
    words = " ".join(_words(inputs, row).split())
    return f"{words[: EXCERPT - 1]}…" if len(words) > EXCERPT else words or None


def _ordered(votes: Counter[str]) -> list[tuple[str, int]]:
    """Counts, the most frequent first and else by name, whatever order they came in."""
    return sorted(votes.items(), key=lambda one: (-one[1], one[0]))
