"""Small random planning problems, a checker that shares no code with the planner, and the best plan by trying all."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from math import log

from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.objective import Cell, Objective, Slot, Term
from launchpad.planning.problem import Item, Limit, Need, Problem, Rule, Shape, Work, shapes
from launchpad.planning.serial import Placement, Schedule

MONDAY = date(2027, 1, 4)


def team_calendar(place: int, free: list[int], skip: frozenset[int] = frozenset()) -> TeamCalendar:
    """A team that works Monday to Friday but on the days of `skip`, with so much free on each of its days."""
    days = [MONDAY + timedelta(days=offset) for offset in range(100)]
    working = [day for offset, day in enumerate(days) if day.weekday() < 5 and offset not in skip][: len(free)]
    return TeamCalendar(place, f"T-{place}", f"Team {place}", tuple(working), tuple(free), tuple(free))


def item(code: str, *works: Work, waiting: int = 0, days: float | None = None, mitigation: int | None = None) -> Item:
    effort = sum(work.effort for work in works) / 100
    return Item(code, works, waiting, effort if days is None else days, mitigation=mitigation)


def work(team: int, size: int, demand: int, last: int, *, first: int = 0, parts: int = 1) -> Work:
    return Work(team, (Shape(size, ((team, demand),)),), first, last, parts, (), size * demand)


def plain(items: list[Item], teams: list[TeamCalendar], gains: list[float], **rules: object) -> Problem:
    """A problem in which each item takes its own share off one scenario of its own."""
    terms = tuple(Term(f"R-{place}", gain, None, (), ((place, 50.0),)) for place, gain in enumerate(gains) if gain > 0)
    objective = Objective((), terms, (0.0,) * len(items))
    last_day = max(day for team in teams for day in team.days)
    return Problem(tuple(items), tuple(teams), objective, last_day, **rules)  # pyright: ignore[reportArgumentType]


def random_problem(seed: int, mitigations: int = 8, days: int = 8, teams: int = 2) -> Problem:
    """Variants, families, exclusions, needs, orders, waiting, pauses, days off, uneven capacity, a limit."""
    drawn = random.Random(seed)
    calendars = [
        team_calendar(
            place,
            [drawn.choice([100, 150, 200]) if drawn.random() < 0.2 else 150 for _ in range(days)],
            frozenset({drawn.randrange(7)}) if drawn.random() < 0.5 else frozenset(),
        )
        for place in range(teams)
    ]
    owners = [place for place in range(mitigations) for _ in range(drawn.choice([1, 1, 1, 2]))]
    items = [_random_item(drawn, place, owner, calendars) for place, owner in enumerate(owners)]
    by_owner = {owner: [place for place, one in enumerate(owners) if one == owner] for owner in set(owners)}
    groups = [Rule(f"variants of {owner}", tuple(mine)) for owner, mine in by_owner.items() if len(mine) > 1]
    first, second = drawn.sample(range(mitigations), 2)
    groups.append(Rule("one of two", (*by_owner[first], *by_owner[second])))
    needs, after = _random_needs(drawn, mitigations, by_owner)
    return Problem(
        items=tuple(items),
        calendars=tuple(calendars),
        objective=_random_objective(drawn, owners),
        last_day=max(day for calendar in calendars for day in calendar.days),
        needs=tuple(needs),
        at_most_one=tuple(groups),
        after=tuple(after),
        limits=(Limit("latency", tuple((place, drawn.uniform(0, 1)) for place in range(len(items))), 2.5, 2.5),),
    )


def _random_item(drawn: random.Random, place: int, owner: int, calendars: list[TeamCalendar]) -> Item:
    works: list[Work] = []
    waiting = drawn.choice([0, 0, 0, 2])
    for team in drawn.sample(range(len(calendars)), drawn.choice([1, 1, 2])):
        effort = drawn.randint(60, 400)
        made = shapes(effort, drawn.choice([50, 100, 200]), calendars[team].free, team)
        count = len(calendars[team].days) - waiting
        kept = tuple(shape for shape in made if shape.size <= count)
        if kept:
            works.append(Work(team, kept, 0, count, drawn.choice([1, 1, 3]), (), effort))
    return item(f"M-{owner}.{place}", *works, waiting=waiting, mitigation=owner)


def _random_needs(
    drawn: random.Random, mitigations: int, by_owner: dict[int, list[int]]
) -> tuple[list[Need], list[tuple[int, int]]]:
    needs: list[Need] = []
    after: list[tuple[int, int]] = []
    for later in range(1, mitigations):
        if drawn.random() < 0.3:
            earlier = drawn.randrange(later)
            ordered = drawn.random() < 0.6
            for one in by_owner[later]:
                needs.append(Need(one, tuple(by_owner[earlier])))
                after += [(other, one) for other in by_owner[earlier]] if ordered else []
    return needs, after


def _random_objective(drawn: random.Random, owners: list[int]) -> Objective:
    """Four scenarios, each with a technical and a reputational part, and families that overlap."""
    cells: list[Cell] = []
    terms: list[Term] = []
    for scenario in range(4):
        acting = [place for place in range(len(owners)) if drawn.random() < 0.5]
        family = acting[: len(acting) // 2]
        slots: dict[int, list[tuple[int, float]]] = {}
        for place in family:
            slots.setdefault(owners[place], []).append((place, drawn.uniform(0.1, 0.9)))
        mine: tuple[int, ...] = ()
        if len(slots) > 1:
            held = drawn.choice([1.0, 1.0, 0.6])
            made = [Slot(held if number == 0 else 1.0, tuple(misses)) for number, misses in enumerate(slots.values())]
            mine = (len(cells),)
            cells.append(Cell(0.5, tuple(made)))
        own = tuple((place, -log(drawn.uniform(0.3, 1.05))) for place in acting[len(acting) // 2 :])
        terms.append(Term(f"R-{scenario} technical", drawn.uniform(0.05, 0.3), None, mine, own))
        terms.append(Term(f"R-{scenario} reputational", drawn.uniform(0.02, 0.1), drawn.uniform(0.1, 9), mine, own))
    costs = tuple(drawn.choice([0.0, 0.0, 0.004]) for _ in owners)
    return Objective(tuple(cells), tuple(terms), costs)


def broken(problem: Problem, schedule: Schedule) -> Iterator[str]:
    """Everything a calendar breaks, in words: worked out from dates and hundredths alone."""
    used: dict[tuple[int, date], int] = {}
    spans: dict[int, tuple[date, date]] = {}
    for number, placements in schedule.items():
        planned = problem.items[number]
        worked = [MONDAY + timedelta(days=999)], [MONDAY]
        for one, placement in zip(planned.works, placements, strict=True):
            yield from _broken_work(planned, one, placement)
            _use(problem.calendars[one.team].days, placement, used, worked)
        if not planned.works:
            continue
        spans[number] = min(worked[0]), max(worked[1]) + timedelta(days=planned.waiting)
        if spans[number][1] > problem.last_day:
            yield f"{planned.code} is finished after {problem.last_day}"
    for (team, day), amount in used.items():
        free = dict(zip(problem.calendars[team].days, problem.calendars[team].free, strict=True))
        if amount > free[day]:
            yield f"team {team} gives {amount} on {day} and has {free[day]}"
    for earlier, later in problem.after:
        if earlier in spans and later in spans and spans[later][0] <= spans[earlier][1]:
            yield f"{problem.items[later].code} starts before {problem.items[earlier].code} is finished"
    yield from broken_rules(problem, frozenset(schedule))


def _use(
    days: tuple[date, ...],
    placement: Placement,
    used: dict[tuple[int, date], int],
    worked: tuple[list[date], list[date]],
) -> None:
    """Book what a placement takes of each team on each day, and note its first and last days."""
    for start, size in placement.stretches:
        for day in days[start : start + size]:
            for team, demand in placement.shape.demands:
                used[team, day] = used.get((team, day), 0) + demand
        worked[0].append(days[start])
        worked[1].append(days[start + size - 1])


def _broken_work(planned: Item, one: Work, placement: Placement) -> Iterator[str]:
    if placement.shape not in one.shapes:
        yield f"{planned.code} has a shape of its own making"
    if sum(size for _, size in placement.stretches) != placement.shape.size:
        yield f"{planned.code} lasts another time than its shape"
    if len(placement.stretches) > max(one.parts, 1):
        yield f"{planned.code} pauses too often"
    last = -1
    for start, size in placement.stretches:
        if start <= last and last >= 0:
            yield f"{planned.code} has stretches that touch or overlap"
        last = start + size
    if placement.stretches[0][0] < one.first or last > one.last:
        yield f"{planned.code} lies outside its window"


def broken_rules(problem: Problem, chosen: frozenset[int]) -> Iterator[str]:
    """The rules between items that a selection breaks."""
    for rule in problem.at_most_one:
        if len(chosen.intersection(rule.items)) > 1:
            yield f"more than one of {rule.words}"
    for need in problem.needs:
        if need.item in chosen and not chosen.intersection(need.one_of):
            yield f"{problem.items[need.item].code} lacks what it needs"
    for rule in (*problem.musts, *problem.wanted):
        if not chosen.intersection(rule.items):
            yield f"{rule.words} is not kept"
    for limit in problem.limits:
        if sum(weight for number, weight in limit.weights if number in chosen) > limit.room + 1e-4:
            yield f"{limit.words} is passed"


def selections(problem: Problem) -> list[tuple[float, frozenset[int]]]:
    """Every selection that keeps the rules, the best objective first."""
    found = [
        (problem.objective.value(chosen), chosen)
        for size in range(len(problem.items) + 1)
        for chosen in map(frozenset, combinations(range(len(problem.items)), size))
        if not any(broken_rules(problem, chosen))
    ]
    return sorted(found, key=lambda pair: (pair[0], sorted(pair[1])))


def fits(problem: Problem, chosen: frozenset[int]) -> bool:
    """Whether some calendar holds a selection: every start of every shape is tried. For unbroken work only."""
    free = {
        (team, place): size
        for team, calendar in enumerate(problem.calendars)
        for place, size in enumerate(calendar.free)
    }
    pieces = [(number, one) for number in sorted(chosen) for one in problem.items[number].works]
    return _try(problem, pieces, free, {})


def _try(
    problem: Problem,
    pieces: list[tuple[int, Work]],
    free: dict[tuple[int, int], int],
    spans: dict[int, list[tuple[date, date]]],
) -> bool:
    if not pieces:
        return True
    number, one = pieces[0]
    days = problem.calendars[one.team].days
    for shape in one.shapes:
        demand = shape.demands[0][1]
        for start in range(one.first, one.last - shape.size + 1):
            span = days[start], days[start + shape.size - 1] + timedelta(days=problem.items[number].waiting)
            places = [(one.team, place) for place in range(start, start + shape.size)]
            if any(free[place] < demand for place in places) or not _ordered(problem, number, span, spans):
                continue
            for place in places:
                free[place] -= demand
            spans.setdefault(number, []).append(span)
            if _try(problem, pieces[1:], free, spans):
                return True
            spans[number].pop()
            for place in places:
                free[place] += demand
    return False


def _ordered(problem: Problem, number: int, span: tuple[date, date], spans: dict[int, list[tuple[date, date]]]) -> bool:
    for earlier, later in problem.after:
        if later == number and any(span[0] <= end for _, end in spans.get(earlier, ())):
            return False
        if earlier == number and any(start <= span[1] for start, _ in spans.get(later, ())):
            return False
    return True
