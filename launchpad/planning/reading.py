"""From the rows of a project to a planning problem."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from launchpad.errors import InfeasiblePlanError
from launchpad.planning.calendar import calendars, window
from launchpad.planning.draft import Draft, gather
from launchpad.planning.limits import budgets, floors, watched
from launchpad.planning.locks import Lock, locks_of
from launchpad.planning.objective import Objective
from launchpad.planning.problem import Item, Need, Problem, Rule
from launchpad.planning.terms import Option, objective_of_launch
from launchpad.planning.tighten import possible, tightened
from launchpad.records import (
    Dependency,
    ExclusionGroup,
    ExclusionMember,
    Inputs,
    Launch,
    MitigationVariant,
)
from launchpad.scoring import aftermath
from launchpad.scoring.gates import NOT_MET, REACHED
from launchpad.scoring.model import Model, build


@dataclass(frozen=True)
class Case:
    """A launch as a planning problem, with what is needed to score and explain a plan for it.

    `options` say what each item puts on or verifies. `urgent` are the items a failing gate needs. `notes` are
    sentences a person should read beside any plan.
    """

    inputs: Inputs
    launch: Launch
    model: Model
    problem: Problem
    options: tuple[Option, ...]
    urgent: frozenset[int]
    notes: tuple[str, ...]


def case(inputs: Inputs, launch_id: int, locks: Iterable[tuple[str, str]] = ()) -> Case:
    """The planning problem of a launch with everything around it.

    Raises InfeasiblePlanError when no day is left, when locks contradict each other, or when what is locked as a
    must cannot be done at all; ScoringError when the launch cannot be scored.
    """
    launch = inputs.get(Launch, launch_id)
    _, last_day = window(launch)
    model = build(inputs, launch_id)
    verdicts = aftermath.verdicts(inputs, launch, model.coefficients)
    draft = Draft(
        inputs,
        launch,
        model,
        calendars(inputs, launch),
        last_day,
        locks_of(inputs, launch, locks),
        {gate: found.verdict for gate, found in verdicts.items() if not found.good},
    )
    while True:
        gather(draft)
        bare = _rules(draft)
        lost = [item for item in bare.items if not possible(item)]
        if not lost:
            break
        for item in lost:
            draft.refused[item.code] = _why_late(draft, item)
    _refuse_impossible_musts(draft)
    return _with_objective(draft, bare)


def problem(inputs: Inputs, launch_id: int, locks: Iterable[tuple[str, str]] = ()) -> Problem:
    """The planning problem of a launch alone; raises as `case` does."""
    return case(inputs, launch_id, locks).problem


def _rules(draft: Draft) -> Problem:
    """The items with the rules between them, windows narrowed; the objective comes later."""
    needs, after = _dependencies(draft)
    musts: list[Rule] = []
    wanted = list(_gate_runs(draft))
    for number, item in enumerate(draft.items):
        run = draft.run_behind(item)
        if run is not None:
            after.append((number, run))
            words = f"{item.code} needs {draft.items[run].code} to be verified"
            if item.started:
                wanted.append(Rule(words, (run,)))
            else:
                needs.append(Need(number, (run,), words))
        if item.started:
            musts.append(Rule(f"{item.code} has been started", (number,)))
    musts += [rule for lock in draft.locks if (rule := _must(draft, lock)) is not None]
    return tightened(
        Problem(
            items=tuple(draft.items),
            calendars=draft.calendars,
            objective=Objective((), (), (0.0,) * len(draft.items)),
            last_day=draft.last_day,
            needs=tuple(needs),
            at_most_one=tuple(_exclusions(draft)),
            after=tuple(dict.fromkeys(after)),
            musts=tuple(musts),
            wanted=tuple(wanted),
            impossible=dict(draft.reasons),
        )
    )


def _dependencies(draft: Draft) -> tuple[list[Need], list[tuple[int, int]]]:
    needs: list[Need] = []
    after: list[tuple[int, int]] = []
    items_of = draft.by_mitigation()
    for row in sorted(draft.inputs.rows(Dependency), key=draft.inputs.address):
        needed = items_of.get(row.needs, ())
        if row.needs in draft.done:
            continue
        words = f"{draft.code(row.mitigation)} needs {draft.code(row.needs)}"
        for number in items_of.get(row.mitigation, ()):
            if draft.items[number].started:
                continue
            needs.append(Need(number, needed, words))
            if row.kind == "finish_to_start":
                after += [(other, number) for other in needed]
    return needs, after


def _exclusions(draft: Draft) -> Iterator[Rule]:
    """One variant of each mitigation, and the exclusion groups."""
    items_of = draft.by_mitigation()
    for mitigation, mine in items_of.items():
        if len(mine) > 1:
            yield Rule(f"one variant of {draft.code(mitigation)}", mine)
    for group in sorted(draft.inputs.rows(ExclusionGroup), key=lambda row: row.code):
        members = draft.inputs.children(ExclusionMember, "exclusion_group", group.id)
        mine = tuple(number for row in members for number in items_of.get(row.mitigation, ()))
        if len(mine) > 1:
            yield Rule(f"{group.code} ({group.name}) allows one", mine)


def _must(draft: Draft, lock: Lock) -> Rule | None:
    """The rule of a must, or None when it is done already."""
    if lock.kind != "must":
        return None
    for variant, active in zip(draft.model.variants, draft.model.current.active, strict=True):
        if active and variant.mitigation == lock.mitigation and lock.variant in (None, variant.id):
            return None
    mine = draft.by_mitigation().get(lock.mitigation, ())
    return Rule(lock.words, tuple(number for number in mine if lock.variant in (None, draft.items[number].row)))


def _gate_runs(draft: Draft) -> Iterator[Rule]:
    for gate in draft.gates:
        run = draft.runs.get(gate.verified_by or 0)
        if run is not None:
            yield Rule(f"gate {gate.code} needs {draft.items[run].code}", (run,))


def _why_late(draft: Draft, item: Item) -> str:
    """Why an item that would fit alone does not fit with what has to come before and after it."""
    late = f"cannot be finished before {draft.last_day}"
    if item.mitigation is None:
        return f"it {late}"
    waits = [
        draft.code(row.needs)
        for row in draft.inputs.rows(Dependency)
        if row.mitigation == item.mitigation and row.kind == "finish_to_start"
    ]
    run = draft.run_behind(item)
    parts = [f"after {', '.join(waits)}"] if waits else []
    parts += [] if run is None else [f"with {draft.items[run].code} run behind it"]
    return " ".join(["It", late, *[" and ".join(parts)] * bool(parts)]) + "."


def _refuse_impossible_musts(draft: Draft) -> None:
    for lock in draft.locks:
        rule = _must(draft, lock)
        if rule is None or rule.items:
            continue
        reason = draft.reasons.get(lock.mitigation)
        if lock.variant is not None:
            code = draft.inputs.get(MitigationVariant, lock.variant).code
            reason = draft.refused.get(code) or reason
        raise InfeasiblePlanError(
            f"{lock.words}, but it cannot be. {reason or 'It is not among the ways of doing it.'}",
            "Take the lock away, or change what stands against it.",
        )


def _with_objective(draft: Draft, bare: Problem) -> Case:
    options = tuple(_options(draft, bare))
    measured = watched(draft.inputs, draft.model)
    objective, places = objective_of_launch(draft.model, options, len(bare.items), measured)
    whole = replace(
        bare,
        objective=objective,
        limits=tuple(budgets(draft.inputs, draft.model, options)),
        floors=tuple(floors(draft.inputs, draft.model, places)),
    )
    return Case(
        inputs=draft.inputs,
        launch=draft.launch,
        model=draft.model,
        problem=whole,
        options=options,
        urgent=_urgent(draft, bare),
        notes=tuple(draft.notes),
    )


def _options(draft: Draft, bare: Problem) -> Iterator[Option]:
    model = draft.model
    plannable = {item.mitigation for item in bare.items}
    for number, item in enumerate(bare.items):
        if item.mitigation is not None:
            place = model.variant_index[item.row]
            verified = bool(model.current.verified[place]) or draft.run_behind(item) is not None
            yield Option(number, place, verified)
            continue
        on = [
            place
            for place, variant in enumerate(model.variants)
            if model.current.active[place]
            and not model.current.verified[place]
            and variant.verified_by == item.row
            and variant.mitigation not in plannable
        ]
        yield Option(number, None, verifies=tuple(on))


def _urgent(draft: Draft, bare: Problem) -> frozenset[int]:
    """The runs that gates ask for and what these verify; where a gate has failed, also what acts on its scenario."""
    found: set[int] = set()
    effects = draft.model.effects
    for gate, verdict in draft.gates.items():
        run = draft.runs.get(gate.verified_by or 0)
        if run is not None:
            found |= {run, *bare.before.get(run, ())}
        if verdict not in (NOT_MET, REACHED) or gate.scenario is None:
            continue
        index = draft.model.scenario_index.get(gate.scenario)
        acting = set(effects.variant[effects.scenario == index].tolist())
        for number, item in enumerate(bare.items):
            if item.mitigation is not None and draft.model.variant_index[item.row] in acting:
                found.add(number)
    return frozenset(found)
