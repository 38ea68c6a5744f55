"""Selection and calendar together on made-up launches: `python -m benchmarks joint --seconds 60 --seeds 1 2 3`.

For each seed: the best plan, the proven bound, the gap, and when the first plan was there. A plan by the greedy rule
alone stands beside it.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import log

from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.greedy import first_plan
from launchpad.planning.objective import Cell, Objective, Slot, Term
from launchpad.planning.problem import Item, Need, Problem, Rule, Work, hundredths, shapes
from launchpad.planning.search import search
from launchpad.planning.tighten import possible, tightened
from launchpad.planning.watch import Watch

MONDAY = date(2027, 1, 4)
STAGES = ("exposure", "propensity", "detection", "severity", "publicity")
ACTS_ON = 4
Effects = dict[tuple[int, str], list[tuple[int, float]]]


def launch(seed: int, mitigations: int, scenarios: int, teams: int, days: int) -> Problem:
    """A launch of plausible proportions: half of the mitigations have a second variant, a quarter needs another."""
    drawn = random.Random(seed)
    dates = [MONDAY + timedelta(days=offset) for offset in range(2 * days)]
    working = tuple(day for day in dates if day.weekday() < 5)[:days]
    calendars = tuple(_team(drawn, team, working) for team in range(teams))
    owners = sorted(list(range(mitigations)) + drawn.sample(range(mitigations), mitigations // 2))
    items = tuple(_item(drawn, place, owner, calendars) for place, owner in enumerate(owners))
    of = {owner: tuple(place for place, one in enumerate(owners) if one == owner) for owner in range(mitigations)}
    rules = [Rule(f"variants of M-{owner}", mine) for owner, mine in of.items() if len(mine) > 1]
    rules += [Rule("one of two", (*of[a], *of[b])) for a, b in _pairs(drawn, mitigations, mitigations // 15)]
    needs: list[Need] = []
    after: list[tuple[int, int]] = []
    for owner in range(1, mitigations):
        if drawn.random() < 0.25:
            needed = of[drawn.randrange(owner)]
            needs += [Need(place, needed) for place in of[owner]]
            after += [(other, place) for other in needed for place in of[owner]]
    objective = _objective(drawn, owners, scenarios)
    whole = Problem(items, calendars, objective, working[-1], tuple(needs), tuple(rules), tuple(after))
    return _without_impossible(tightened(whole))


def _team(drawn: random.Random, team: int, days: tuple[date, ...]) -> TeamCalendar:
    free = (drawn.choice((120, 150, 200, 240, 300)),) * len(days)
    return TeamCalendar(team, f"T-{team}", f"Team {team}", days, free, free)


def _item(drawn: random.Random, place: int, owner: int, calendars: tuple[TeamCalendar, ...]) -> Item:
    works: list[Work] = []
    for team in sorted(drawn.sample(range(len(calendars)), drawn.choice((1, 1, 2, 3)))):
        effort = hundredths(drawn.uniform(1.5, 15.0))
        made = shapes(effort, drawn.choice((100, 100, 200)), calendars[team].free, team)
        works.append(Work(team, made, 0, len(calendars[team].days), drawn.choice((1, 1, 1, 3)), (), effort))
    days = sum(work.effort for work in works) / 100
    return Item(f"M-{owner:03d}.{place}", tuple(works), drawn.choice((0, 0, 0, 3, 7)), days, place, owner)


def _pairs(drawn: random.Random, count: int, pairs: int) -> list[tuple[int, int]]:
    return [(found[0], found[1]) for found in (drawn.sample(range(count), 2) for _ in range(pairs))]


def _objective(drawn: random.Random, owners: Sequence[int], scenarios: int) -> Objective:
    families = {owner: drawn.randrange(len(set(owners)) // 4) for owner in owners}
    acting: dict[tuple[int, str, int], dict[int, list[tuple[int, float]]]] = {}
    for owner in sorted(set(owners)):
        for scenario in drawn.sample(range(scenarios), ACTS_ON):
            stage, efficacy = drawn.choice(STAGES), drawn.uniform(0.1, 0.85)
            mine = [place for place, one in enumerate(owners) if one == owner]
            misses = [(place, 1 - efficacy * (1 - 0.2 * number)) for number, place in enumerate(mine)]
            acting.setdefault((scenario, stage, families[owner]), {})[owner] = misses
    families_at = {key: slots for key, slots in acting.items() if len(slots) > 1}
    cells = tuple(
        Cell(0.5, tuple(Slot(1.0, tuple(misses)) for misses in slots.values())) for slots in families_at.values()
    )
    terms: list[Term] = []
    worth = [
        (drawn.lognormvariate(0, 1.2), drawn.lognormvariate(0, 1), drawn.lognormvariate(0, 1.5))
        for _ in range(scenarios)
    ]
    technical = sum(loss for loss, _, _ in worth)
    reputational = sum(impact * log(1 + nu) for _, impact, nu in worth)
    for scenario, (loss, impact, nu) in enumerate(worth):
        for name, out, share in (
            ("technical", "publicity", 0.7 * loss / technical),
            ("reputational", "severity", 0.3 * impact * log(1 + nu) / reputational),
        ):
            shared = tuple(
                number for number, (where, stage, _) in enumerate(families_at) if where == scenario and stage != out
            )
            alone = tuple(
                (place, -log(miss))
                for (where, stage, _), slots in acting.items()
                if where == scenario and stage != out and len(slots) == 1
                for misses in slots.values()
                for place, miss in misses
            )
            terms.append(Term(f"R-{scenario} {name}", share, nu if name == "reputational" else None, shared, alone))
    return Objective(cells, tuple(terms), tuple(drawn.choice((0.0, 0.0, 0.0, 0.001)) for _ in owners))


def _without_impossible(problem: Problem) -> Problem:
    """What cannot be done at all may not be chosen."""
    lost = [place for place, item in enumerate(problem.items) if not possible(item)]
    items = tuple(replace(item, works=()) if place in lost else item for place, item in enumerate(problem.items))
    return replace(problem, items=items, needs=(*problem.needs, *(Need(place, ()) for place in lost)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print value, bound, gap, when the first plan was there, and the value of the greedy rule alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks joint", description=__doc__)
    parser.add_argument("--mitigations", type=int, default=200)
    parser.add_argument("--scenarios", type=int, default=100)
    parser.add_argument("--teams", type=int, default=6)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    asked = parser.parse_args(arguments)
    print(f"{'seed':>5}{'items':>7}{'value':>9}{'bound':>9}{'gap':>8}{'first':>7}{'greedy':>9}{'seconds':>9}")
    for seed in asked.seeds:
        made = launch(seed, asked.mitigations, asked.scenarios, asked.teams, asked.days)
        watch = Watch(asked.seconds)
        greedy = made.objective.value(first_plan(made) or ())
        first = watch.elapsed
        found = search(made, watch, asked.seconds, seed)
        print(
            f"{seed:>5}{len(made.items):>7}{found.value:>9.4f}{found.bound:>9.4f}{found.gap:>8.2%}"
            f"{first:>6.1f}s{greedy:>9.4f}{watch.elapsed:>9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
