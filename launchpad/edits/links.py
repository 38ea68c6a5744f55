"""Which results are evidence for what: suggested by rules and crosswalks, confirmed by a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from launchpad.changes import Change, insert
from launchpad.edits import evidence
from launchpad.edits.areas import Areas, Found
from launchpad.edits.crosswalks import Key, Match, keys_of, matches, relations, worth
from launchpad.edits.pairs import Pair, by_pairs, by_verification, pairs
from launchpad.edits.records import made_from, refuse_taken
from launchpad.edits.rules import OF_SCENARIOS, by_rules, rule_from
from launchpad.edits.suggestion import Grounds, Suggestion, address, measures, run_of, suggest, task_of
from launchpad.errors import InvalidValueError
from launchpad.records import Effect, EvalResult, Evaluation, EvidenceLink, Inputs, Launch, RiskArea

BY_NAME_WORTH = 0.5
TRACKED = "tracked"


def suggestions(inputs: Inputs, launch_id: int) -> tuple[Suggestion, ...]:
    """The links a person may want to confirm in a launch, by result, the more relevant first.

    Rules of the project go first; where none speaks of a result, the bundled crosswalks do. What
    is linked already is left out, and so is what would count twice: of a run one result for each
    scenario, never a group and its total, never two filters. Pairs of runs that differ in one
    variant are suggested as evidence of its efficacy or its false refusals.
    """
    launch = inputs.get(Launch, launch_id)
    areas = Areas(inputs, launch_id)
    found: list[Suggestion] = []
    roles: dict[int, set[str]] = defaultdict(set)
    for result in inputs.rows(EvalResult):
        if not measures(inputs, result):
            continue
        ruled = list(by_rules(inputs, launch, result))
        roles[result.id] = {made.role for made in ruled}
        found.extend(ruled)
        if not roles[result.id].intersection(OF_SCENARIOS) and result.arm == "candidate":
            found.extend(_by_crosswalks(inputs, launch, result, areas))
    found.extend(made for made in _of_mitigations(inputs, launch, found) if made.role not in roles[made.result.id])
    chosen = _one_per_run(inputs, launch_id, found)
    return tuple(sorted(chosen, key=lambda made: (made.result.code, -made.relevance, address(inputs, made))))


def confirm(inputs: Inputs, launch_id: int, suggested: Iterable[Suggestion]) -> list[Change]:
    """The changes that make suggestions links of a launch; InvalidValueError when one is taken or of another launch."""
    changes: list[Change] = []
    done: set[tuple[int, str, int]] = set()
    for made in suggested:
        if made.target.launch != launch_id:
            raise InvalidValueError(
                f"{address(inputs, made)} is of another launch.", "Ask for suggestions of this launch."
            )
        if made.key in done:
            continue
        done.add(made.key)
        if made.scenario is not None:
            changes.extend(evidence.link(inputs, launch_id, made.result, made.scenario, **made.values))
            continue
        aim = {"effect" if isinstance(made.target, Effect) else "side_effect": made.target.id}
        link = made_from(EvidenceLink, {"launch": launch_id, "result": made.result.id, **aim, **made.values})
        refuse_taken(inputs, link)
        changes.append(insert(link))
    return changes


def unlinked(inputs: Inputs, launch_id: int) -> tuple[EvalResult, ...]:
    """The results that are evidence for nothing in a launch, by code.

    Left out are superseded results and those that a linked result is compared with.
    """
    linked = {link.result for link in inputs.rows(EvidenceLink, launch_id)}
    compared = {inputs.get(EvalResult, result).control for result in linked}
    rows = (row for row in inputs.rows(EvalResult) if not row.superseded)
    return tuple(sorted((row for row in rows if row.id not in linked | compared), key=lambda row: row.code))


def _by_crosswalks(inputs: Inputs, launch: Launch, result: EvalResult, areas: Areas) -> Iterator[Suggestion]:
    """What the categories of a result lead to, the strongest for each scenario.

    A task, a metric or a kind speaks of all samples, so it leads nowhere from a category. What a
    machine mapped is offered only where nothing else leads anywhere.
    """
    evaluation = inputs.get(Evaluation, result.evaluation)
    best: dict[int, Suggestion] = {}
    for key in keys_of(result, evaluation):
        if result.part is not None and key.where not in ("tag", "category"):
            continue
        for match in matches(key):
            for found in areas.scenarios(match):
                made = _by_match(inputs, launch, result, key, match, found)
                known = best.get(found.scenario.id)
                if known is None or (made.by_machine, -made.relevance) < (known.by_machine, -known.relevance):
                    best[found.scenario.id] = made
    by_people = [made for made in best.values() if not made.by_machine]
    yield from by_people or best.values()


def _by_match(inputs: Inputs, launch: Launch, result: EvalResult, key: Key, match: Match, found: Found) -> Suggestion:
    relation = relations()[found.relation]
    share = worth(match) / relations()[match.relation].relevance
    relevance = relation.relevance * share * (BY_NAME_WORTH if found.by_name else 1.0)
    name = ", known by its name alone" if found.by_name else ""
    among = f", one of its {found.among} scenarios" if found.among > 1 else ""
    area = f"the risk area {found.area.code} {found.area.name}{name}{among}"
    reason = f"{key.said[0].upper()}{key.said[1:]}, which {relation.words} {area} ({found.through or match.said})."
    grounds = Grounds(
        relevance=relevance,
        reason=reason,
        source=match.source,
        strong=relation.strong and not found.by_name and not match.by_machine,
        by_machine=match.by_machine,
    )
    return suggest(inputs, launch, result, _role(inputs, result, found.area), found.scenario, grounds)


def _role(inputs: Inputs, result: EvalResult, area: RiskArea) -> str:
    """Uplift for what a capability evaluation says of a tracked area, else propensity."""
    kind = inputs.get(Evaluation, result.evaluation).kind
    return "uplift" if area.area_class == TRACKED and kind == "capability" else "propensity"


def _of_mitigations(inputs: Inputs, launch: Launch, found: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Evidence of efficacy and of false refusals, by pairs of runs and by verifying evaluations; none twice."""
    spoken: dict[int, set[int]] = defaultdict(set)
    for made in found:
        if made.scenario is not None and made.strong:
            spoken[made.result.id].add(made.scenario.id)
    for link in inputs.rows(EvidenceLink, launch.id):
        if link.scenario is not None:
            spoken[link.result].add(link.scenario)
    seen: set[tuple[int, str, int]] = set()
    for made in _about_mitigations(inputs, launch, spoken):
        if made.key not in seen:
            seen.add(made.key)
            yield made


def _about_mitigations(inputs: Inputs, launch: Launch, spoken: dict[int, set[int]]) -> Iterator[Suggestion]:
    def about(pair: Pair) -> Collection[int]:
        return spoken[pair.on.id] | spoken[pair.off.id]

    for pair in pairs(inputs):
        yield from by_pairs(inputs, launch, pair, about(pair))
    for result in inputs.rows(EvalResult):
        if measures(inputs, result) and result.arm == "candidate":
            yield from by_verification(inputs, launch, result, spoken[result.id])


def _one_per_run(inputs: Inputs, launch_id: int, found: Iterable[Suggestion]) -> list[Suggestion]:
    """One suggestion of each run and task for each target, none where the run is linked to it already."""
    runs: dict[tuple[object, ...], list[Suggestion]] = defaultdict(list)
    linked = _results_linked(inputs, launch_id)
    for made in found:
        runs[_place(made), task_of(inputs, made.result)].append(made)
    taken = {(place, task_of(inputs, result)) for place, results in linked.items() for result in results}
    open_ = (same for place, same in runs.items() if place not in taken)
    best = [min(same, key=lambda made: _preference(inputs, made)) for same in open_]
    beside = defaultdict(list, {place: list(results) for place, results in linked.items()})
    for made in best:
        beside[_place(made)].append(made.result)
    return [made for made in best if not _counts_twice(made.result, beside[_place(made)])]


def _place(made: Suggestion) -> tuple[object, ...]:
    return run_of(made.result), made.role, made.target.id


def _counts_twice(total: EvalResult, others: Iterable[EvalResult]) -> bool:
    """Whether a result is a total over tasks of a run that are taken one by one; a larger one is no part of it."""
    if not _over_tasks(total):
        return False
    return any(not _over_tasks(other) and (other.n or 0) <= (total.n or 0) for other in others)


def _results_linked(inputs: Inputs, launch_id: int) -> dict[tuple[object, ...], list[EvalResult]]:
    """The results linked in a launch by run, role and target."""
    found: dict[tuple[object, ...], list[EvalResult]] = defaultdict(list)
    for link in inputs.rows(EvidenceLink, launch_id):
        result = inputs.get(EvalResult, link.result)
        found[run_of(result), link.role, link.scenario or link.effect or link.side_effect].append(result)
    return found


def _over_tasks(result: EvalResult) -> bool:
    """Whether it is a total over tasks rather than over the categories of one."""
    return result.part_total and result.part is None


def _preference(inputs: Inputs, made: Suggestion) -> tuple[float, bool, bool, bool, bool, int, str]:
    """Most relevant first, then what is no total, all samples, counted, of known direction, larger."""
    result = made.result
    return (
        -made.relevance,
        result.part_total,
        result.part is not None,
        result.count is None,
        inputs.get(Evaluation, result.evaluation).polarity == "unknown",
        -(result.n or 0),
        result.code,
    )


__all__ = ["Suggestion", "address", "confirm", "rule_from", "suggestions", "unlinked"]
