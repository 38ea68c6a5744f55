"""garak's digest: the last line of a report, or that line in a file of its own. Its scores are pass rates."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.garak.names import METRIC, Tally, interval, model_of, plain, prompts_of, tags_of
from launchpad.intake.lines import member
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.values import as_object, number, whole
from launchpad.records.imported import ImportedResult, Interval, Problem

MAX_RESULTS = 20_000
_SUMMARY = "_summary"


def results_of(digest: Mapping[str, object], problems: list[Problem]) -> Iterator[ImportedResult]:
    """The attack's success for each probe and detector, with counts where the version writes them."""
    meta = as_object(digest.get("meta"))
    model = model_of(meta) or model_of(as_object(meta.get("setup"))) or UNKNOWN_MODEL
    if model == UNKNOWN_MODEL:
        problems.append(Problem("meta", NO_MODEL))
    method = member(meta, "setup", "reporting.confidence_interval_method")
    known, made = tags(digest), 0
    for probe, detectors in _probes(digest):
        for written, facts in detectors.items():
            detector = plain(written)
            if written == _SUMMARY or detector is None:
                continue
            made += 1
            if made > MAX_RESULTS:
                raise ImportRefusedError(f"The digest lists more than {MAX_RESULTS:,} results.", jsons.DAMAGED)
            result = _result(probe, detector, model, as_object(facts))
            if result is None:
                where = f"eval.{probe}.{detector}"
                problems.append(Problem(where, "no score and no sensible counts; left out"))
                continue
            bounds = _flipped(as_object(facts), method)
            prompts = prompts_of(as_object(facts))
            yield replace(result, interval=bounds, clusters=prompts, tags=known.get(probe, ()))


def tags(digest: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """The tags of each probe that has some."""
    found = {probe: tags_of(member(detectors, _SUMMARY, "probe_tags")) for probe, detectors in _probes(digest)}
    return {probe: names for probe, names in found.items() if names}


def _probes(digest: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for group in as_object(digest.get("eval")).values():
        for written, detectors in as_object(group).items():
            probe = plain(written)
            if written != _SUMMARY and probe is not None:
                yield probe, as_object(detectors)


def _result(probe: str, detector: str, model: str, facts: Mapping[str, object]) -> ImportedResult | None:
    passed, evaluated = whole(facts.get("passed")), whole(facts.get("total_evaluated"))
    if passed is not None and evaluated is not None:
        return Tally(passed, evaluated, None).result(probe, detector, model) if passed <= evaluated else None
    score = number(facts.get("absolute_score"))
    if score is None or not 0 <= score <= 1:
        return None
    return ImportedResult(task=probe, model=model, scorer=detector, metric=METRIC, value=1 - score)


def _flipped(facts: Mapping[str, object], method: object) -> Interval | None:
    """The reported interval of the pass rate, turned into one of the attack's success."""
    low, high = facts.get("absolute_confidence_lower"), facts.get("absolute_confidence_upper")
    found = interval(low, high, facts.get("confidence"), method)
    return replace(found, low=1 - found.high, high=1 - found.low) if found else None
