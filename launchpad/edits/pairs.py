"""Two runs that differ in one safeguard alone: what they say of its efficacy and of its false refusals."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from launchpad.edits.crosswalks import OVER_REFUSAL, TOPICS, keys_of, matches, normal
from launchpad.edits.suggestion import Grounds, Suggestion, measures, suggest
from launchpad.records import (
    Effect,
    EvalResult,
    Evaluation,
    Inputs,
    Launch,
    MitigationVariant,
    SideEffect,
)

STAGES = ("propensity", "detection")
UNSURE = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """A result with a variant on, and one of the same evaluation without it, all else being equal."""

    on: EvalResult
    off: EvalResult
    variant: MitigationVariant


def pairs(inputs: Inputs) -> tuple[Pair, ...]:
    """Every candidate's result with its best counterpart for each variant that alone tells them apart.

    Both are of one evaluation, model, build, category, filter, language, surface and number of
    tries. The control a file names goes first, then the run nearest in time.
    """
    variants = {row.code: row for row in inputs.rows(MitigationVariant)}
    alike: dict[tuple[object, ...], list[EvalResult]] = defaultdict(list)
    for result in inputs.rows(EvalResult):
        if measures(inputs, result):
            alike[*_conditions(result), _codes(result)].append(result)
    found: list[Pair] = []
    for same in list(alike.values()):
        for on in same:
            codes = _codes(on) if on.arm == "candidate" else None
            for code in sorted(variants.keys() & (codes or ())):
                others = alike.get((*_conditions(on), (codes or frozenset()) - {code}), [])
                off = min(_offered(inputs, on, code, others), key=lambda off: _closeness(on, off), default=None)
                if off is not None:
                    found.append(Pair(on, off, variants[code]))
    return tuple(found)


def by_pairs(inputs: Inputs, launch: Launch, pair: Pair, scenarios: Collection[int]) -> Iterator[Suggestion]:
    """What a pair is evidence for: effects of the variant, or its side effects when benign requests were refused.

    `scenarios` (row ids) are those the two results speak of; without any, every effect of the
    variant is offered at half the relevance.
    """
    grounds = Grounds(1.0, _told(inputs, pair), f"pair with {pair.off.code}")
    if measures_over_refusal(inputs, pair.on):
        for row in inputs.children(SideEffect, "variant", pair.variant.id):
            if row.launch == launch.id:
                yield suggest(inputs, launch, pair.on, "false_refusal", row, grounds)
        return
    yield from _efficacy(inputs, launch, pair.on, pair.variant, scenarios, grounds)


def by_verification(
    inputs: Inputs, launch: Launch, result: EvalResult, scenarios: Collection[int]
) -> Iterator[Suggestion]:
    """The effects of the variants that were on and are verified by the evaluation of this result."""
    on = _codes(result)
    for variant in inputs.children(MitigationVariant, "verified_by", result.evaluation):
        if on is not None and variant.code not in on:
            continue
        evaluation = inputs.get(Evaluation, result.evaluation)
        unsaid = " Whether it was on during the run is not said." if on is None else ""
        reason = f"{evaluation.code} is the evaluation that verifies {variant.code}.{unsaid}"
        grounds = Grounds(1.0, reason, f"verification of {variant.code}")
        yield from _efficacy(inputs, launch, result, variant, scenarios, grounds)


def measures_over_refusal(inputs: Inputs, result: EvalResult) -> bool:
    """Whether a result counts refusals of benign requests."""
    keys = keys_of(result, inputs.get(Evaluation, result.evaluation))
    wanted = (TOPICS, normal(OVER_REFUSAL))
    return any((match.taxonomy, match.code) == wanted for key in keys for match in matches(key))


def _efficacy(
    inputs: Inputs,
    launch: Launch,
    result: EvalResult,
    variant: MitigationVariant,
    scenarios: Collection[int],
    grounds: Grounds,
) -> Iterator[Suggestion]:
    rows = inputs.children(Effect, "variant", variant.id)
    effects = [row for row in rows if row.launch == launch.id and row.stage in STAGES]
    fitting = [row for row in effects if row.scenario in scenarios]
    if not fitting:
        reason = f"{grounds.reason} Which scenario the evaluation speaks of is not known."
        grounds = replace(grounds, relevance=UNSURE, reason=reason, strong=False)
    for row in fitting or effects:
        yield suggest(inputs, launch, result, "efficacy", row, grounds)


def _conditions(result: EvalResult) -> tuple[object, ...]:
    return (
        result.evaluation,
        result.model,
        result.snapshot,
        result.part,
        result.part_total,
        result.variant,
        result.language,
        result.surface,
        result.tries,
    )


def _offered(inputs: Inputs, on: EvalResult, code: str, others: Iterable[EvalResult]) -> Iterator[EvalResult]:
    """The results to compare with: those of the same conditions without the variant, and the control named.

    A control that does not say what was on is taken as the same without it, if that is one variant.
    """
    yield from others
    if on.control is not None:
        control = inputs.get(EvalResult, on.control)
        with_it, without = _codes(on) or frozenset[str](), _codes(control)
        if without == with_it - {code} or (without is None and len(with_it) == 1):
            yield control


def _codes(result: EvalResult) -> frozenset[str] | None:
    """The variants that were on; None when that is unknown."""
    words = result.in_place.strip()
    if words.casefold() in ("", "unknown"):
        return None
    if words.casefold() == "none":
        return frozenset()
    return frozenset(code.strip() for code in words.split(",") if code.strip())


def _closeness(on: EvalResult, off: EvalResult) -> tuple[bool, int, str]:
    return on.control != off.id, abs(_day(on) - _day(off)), off.code


def _day(result: EvalResult) -> int:
    return 0 if result.run_date is None else date.fromisoformat(result.run_date).toordinal()


def _told(inputs: Inputs, pair: Pair) -> str:
    polarity = inputs.get(Evaluation, pair.on.evaluation).polarity
    rates = [_failures(pair.on, polarity), _failures(pair.off, polarity)]
    seen = f" Failures {rates[0]} with it, {rates[1]} without." if all(rates) else ""
    return f"It and {pair.off.code} differ in {pair.variant.code} alone.{seen}"


def _failures(result: EvalResult, polarity: str) -> str:
    if result.count is None or not result.n or polarity not in ("higher", "lower"):
        return ""
    return f"{result.count if polarity == 'lower' else result.n - result.count} of {result.n}"
