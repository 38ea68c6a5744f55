"""From the rows of a project to a planning problem."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from launchpad.errors import InfeasiblePlanError
from launchpad.planning.before import Before, places_before, plan_before
from launchpad.planning.calendar import TeamCalendar, calendars, window
from launchpad.planning.draft import Draft, gather
from launchpad.planning.irreducible import irreducible
from launchpad.planning.limits import budgets, floors, watched
from launchpad.planning.locks import Lock, locks_of
from launchpad.planning.objective import Objective, Term
from launchpad.planning.problem import Item, Need, Problem, Rule
from launchpad.planning.serial import Placement, Schedule
from launchpad.planning.terms import Option, objective_of_launch
from launchpad.planning.tighten import possible, tightened
from launchpad.planning.urgency import distances_to_gates
from launchpad.planning.wish import NOTHING, Wish, asked, limits_of
from launchpad.planning.worth import Told, terms_of_runs, told_by_runs
from launchpad.records import (
    Dependency,
    ExclusionGroup,
    ExclusionMember,
    Gate,
    Inputs,
    Launch,
    MitigationVariant,
)
from launchpad.scoring import aftermath
from launchpad.scoring.gates import Verdict
from launchpad.scoring.model import Model, build


@dataclass(frozen=True)
class Case:
    """A launch as a planning problem, with what is needed to score and explain a plan for it.

    `options` say what each item puts on or verifies. `urgent` are the items a failing gate needs, `distances` how far
    off that gate is for each, as the log of how many times its rate has to come down (0 where no rate is known).
    `untold` are the terms of decisions about which runs tell something; `locks` what a person said; `before` where
    the current plan has the items; `wish` what was asked for. `notes` are sentences to be read beside any plan.
    """

    inputs: Inputs
    launch: Launch
    model: Model
    problem: Problem
    options: tuple[Option, ...]
    urgent: frozenset[int]
    notes: tuple[str, ...]
    distances: Mapping[int, float] = field(default_factory=dict[int, float])
    untold: tuple[Term, ...] = ()
    locks: tuple[Lock, ...] = ()
    before: Schedule = field(default_factory=dict[int, tuple[Placement, ...]])
    wish: Wish = NOTHING

    def informed(self, items: Iterable[int]) -> float:
        """What the runs among some items take off the objective by what they tell, as a negative change."""
        chosen = frozenset(items)
        return sum(
            term.value(sum(credit for item, credit in term.credits if item in chosen)) - term.today
            for term in self.untold
        )


def case(inputs: Inputs, launch_id: int, locks: Iterable[tuple[str, str]] = (), wish: Wish = NOTHING) -> Case:
    """The planning problem of a launch with everything around it.

    Raises InfeasiblePlanError when no day is left, when locks contradict each other, or when what is locked as a
    must cannot be done at all; ScoringError when the launch cannot be scored.
    """
    inputs = asked(inputs, launch_id, wish)
    launch = inputs.get(Launch, launch_id)
    window(launch)
    given = locks_of(inputs, launch, (*locks, *((code, "never") for code in wish.avoid)))
    grounds = _grounds(inputs, launch)
    draft, bare = _gathered(grounds, given)
    _refuse_impossible_musts(grounds, draft)
    return _with_objective(draft, bare, wish)


def with_locks(read: Case, locks: Sequence[Lock], later: int = 0) -> Case:
    """The same launch with these locks in place of its own, and its freeze so many days later.

    A must that nothing can keep stands as a rule without items.
    """
    launch, inputs = read.launch, read.inputs
    if later:
        freeze = date.fromisoformat(launch.freeze_date) + timedelta(days=later)
        launch = replace(launch, freeze_date=freeze.isoformat())
        rows = tuple(launch if row.id == launch.id else row for row in inputs.rows(Launch))
        inputs = inputs.with_rows({Launch.table: rows}, inputs.head)
    draft, bare = _gathered(_grounds(inputs, launch, read.model), tuple(locks))
    return _with_objective(draft, bare, read.wish)


def problem(inputs: Inputs, launch_id: int, locks: Iterable[tuple[str, str]] = ()) -> Problem:
    """The planning problem of a launch alone; raises as `case` does."""
    return case(inputs, launch_id, locks).problem


@dataclass(frozen=True)
class _Grounds:
    """What a draft is made from, whatever is locked."""

    inputs: Inputs
    launch: Launch
    model: Model
    calendars: tuple[TeamCalendar, ...]
    last_day: date
    gates: Mapping[Gate, Verdict]
    told: tuple[Told, ...]
    before: Before


def _grounds(inputs: Inputs, launch: Launch, model: Model | None = None) -> _Grounds:
    known = build(inputs, launch.id) if model is None else model
    verdicts = aftermath.verdicts(inputs, launch, known.coefficients)
    return _Grounds(
        inputs=inputs,
        launch=launch,
        model=known,
        calendars=calendars(inputs, launch),
        last_day=window(launch)[1],
        gates={gate: found for gate, found in verdicts.items() if not found.good},
        told=told_by_runs(inputs, known),
        before=plan_before(inputs, launch),
    )


def _gathered(grounds: _Grounds, locks: tuple[Lock, ...]) -> tuple[Draft, Problem]:
    """The items that can be done and the rules between them: what has no room is taken out until the rest has."""
    draft = Draft(
        grounds.inputs,
        grounds.launch,
        grounds.model,
        grounds.calendars,
        grounds.last_day,
        locks,
        grounds.gates,
        grounds.told,
        grounds.before,
    )
    while True:
        gather(draft)
        bare = _rules(draft)
        lost = [item for item in bare.items if not possible(item)]
        if not lost:
            return draft, bare
        for item in lost:
            draft.refused[item.code] = _why_late(draft, item)


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
        if active and lock.on(variant.mitigation, variant.id):
            return None
    mine = draft.by_mitigation().get(lock.mitigation, ())
    return Rule(lock.words, tuple(number for number in mine if lock.variant in (None, draft.items[number].row)))


def _gate_runs(draft: Draft) -> Iterator[Rule]:
    """The runs that gates need: those they name, and where a determination beside every sum is open what settles it."""
    for gate in draft.gates:
        run = draft.runs.get(draft.settling(gate) or 0)
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


def _refuse_impossible_musts(grounds: _Grounds, draft: Draft) -> None:
    """Refuse a must that nothing can keep, with the other locks that stand against it where it is them."""
    broken = [lock for lock in draft.locks if (rule := _must(draft, lock)) is not None and not rule.items]
    if not broken:
        return
    must = broken[0]

    def clash(others: Sequence[Lock]) -> bool:
        tried, _ = _gathered(grounds, (*others, must))
        rule = _must(tried, must)
        return rule is not None and not rule.items

    reason = _why_impossible(draft, must)
    others = irreducible([lock for lock in draft.locks if lock != must], clash)
    if others:
        words = "; ".join(sorted(lock.words for lock in (must, *others)))
        raise InfeasiblePlanError(
            f"These locks cannot all hold: {words}. {reason}",
            "Without any one of them there is a way: take one away.",
        )
    raise InfeasiblePlanError(
        f"{must.words}, but it cannot be. {reason}", "Take the lock away, or change what stands against it."
    )


def _why_impossible(draft: Draft, must: Lock) -> str:
    reason = draft.reasons.get(must.mitigation)
    if must.variant is not None:
        code = draft.inputs.get(MitigationVariant, must.variant).code
        reason = draft.refused.get(code) or reason
    return reason or "It is not among the ways of doing it."


def _with_objective(draft: Draft, bare: Problem, wish: Wish) -> Case:
    options = tuple(_options(draft, bare))
    measured = watched(draft.inputs, draft.model)
    objective, places = objective_of_launch(draft.model, options, len(bare.items), measured)
    untold = tuple(terms_of_runs(draft.told, bare.items, _counted(draft)))
    objective = replace(
        objective,
        terms=(*objective.terms, *untold),
        constant=objective.constant - sum(term.today for term in untold),
    )
    whole = replace(
        bare,
        objective=objective,
        limits=(*budgets(draft.inputs, draft.model, options), *limits_of(wish, draft.model, bare.items, options)),
        floors=tuple(floors(draft.inputs, draft.model, places)),
    )
    distances = distances_to_gates(draft, bare)
    return Case(
        inputs=draft.inputs,
        launch=draft.launch,
        model=draft.model,
        problem=whole,
        options=options,
        urgent=frozenset(distances),
        notes=tuple(draft.notes),
        distances=distances,
        untold=untold,
        locks=draft.locks,
        before=places_before(whole, draft.before),
        wish=wish,
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


def _counted(draft: Draft) -> frozenset[int]:
    """The evaluations that count by what they verify, in the plan or today, and so not by what else they tell."""
    model = draft.model
    there = {item.row for item in draft.items}
    return frozenset(
        variant.verified_by
        for place, variant in enumerate(model.variants)
        if variant.verified_by is not None
        and not model.current.verified[place]
        and (variant.id in there or model.current.active[place])
    )
