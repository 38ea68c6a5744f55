"""What cannot hold together, brought down to a part of it of which every piece is needed for the contradiction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from launchpad.errors import InfeasiblePlanError
from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.greedy import first_plan
from launchpad.planning.irreducible import irreducible
from launchpad.planning.joint import add_limits, joint_model
from launchpad.planning.locks import Lock
from launchpad.planning.objective import Objective
from launchpad.planning.problem import Problem
from launchpad.planning.reading import Case, with_locks
from launchpad.planning.watch import Watch

TRIAL = 2.0
"""Seconds after which a part that is not shown to clash is taken to hold together."""
LATER = 366
"""Days by which the freeze moves when it is asked whether it stands in the way."""
_ENDLESS = 1_000_000
_SOFT = ("limit", "run")


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that could be given up: a lock, a limit, a run that is wanted, an exclusion, a team's time, the end.

    `kind` lock, begun, limit, run, exclusion, team or end; `place` is that of a lock or a team.
    """

    kind: str
    words: str
    place: int = 0


def conflict(read: Case, watch: Watch) -> InfeasiblePlanError | None:
    """The error that names which locks clash with what, when it is the locks that leave a launch without a plan.

    None when there are none, or when there is no plan without them either and the locks by themselves can be kept.
    """
    if not read.locks:
        return None
    pieces = list(_pieces(read))
    trial = _Trial(read, watch)
    hard = [piece for piece in pieces if piece.kind not in _SOFT]
    if not trial.clash([piece for piece in pieces if piece.kind != "lock"]):
        return _told(irreducible(pieces, trial.clash), read.problem, watch)
    return _told(irreducible(hard, trial.clash), read.problem, watch) if trial.clash(hard) else None


def contradiction(problem: Problem, watch: Watch) -> InfeasiblePlanError:
    """The same for a problem alone, whose musts clash with exclusions and with what the teams can do."""
    pieces = [Piece("begun", rule.words) for rule in problem.musts]
    pieces += [Piece("exclusion", rule.words) for rule in problem.at_most_one]
    pieces += [Piece("team", _full(calendar), team) for team, calendar in enumerate(problem.calendars)]
    return _told(irreducible(pieces, lambda some: not feasible(_with(problem, some), watch)), problem, watch)


def feasible(problem: Problem, watch: Watch) -> bool:
    """Whether there is a calendar that keeps everything; yes when time is up before it is known."""
    if not all(rule.items for rule in (*problem.musts, *problem.wanted)):
        return False
    if first_plan(problem) is not None or watch.left <= 0:
        return True
    if not problem.floors:
        problem = replace(problem, objective=Objective((), (), (0.0,) * len(problem.items)))
    made = joint_model(problem)
    add_limits(problem, made, problem.limits, problem.floors)
    search = cp_model.CpSolver()
    search.parameters.max_time_in_seconds = max(0.1, min(TRIAL, watch.left))
    search.parameters.num_workers = 2
    search.parameters.catch_sigint_signal = False  # or Ctrl-C is no longer ours afterwards
    search.parameters.stop_after_first_solution = True
    return watch.run(lambda: search.solve(made.calendar.model), search.stop_search) != cp_model.INFEASIBLE


def _pieces(read: Case) -> Iterable[Piece]:
    """Everything that could be given up, what a person asked for first: that is what is kept in the answer."""
    problem = read.problem
    said = {lock.words for lock in read.locks}
    yield from (Piece("lock", lock.words, place) for place, lock in enumerate(read.locks))
    yield from (Piece("limit", each.words) for each in (*problem.limits, *problem.floors))
    yield from (Piece("run", rule.words) for rule in problem.wanted)
    yield from (Piece("exclusion", rule.words) for rule in problem.at_most_one if _is_group(rule.words))
    yield from (Piece("begun", rule.words) for rule in problem.musts if rule.words not in said)
    yield from (Piece("team", _full(calendar), team) for team, calendar in enumerate(problem.calendars))
    yield Piece("end", f"everything is finished by {problem.last_day}")


def _is_group(words: str) -> bool:
    return not words.startswith("one variant of ")


def _full(calendar: TeamCalendar) -> str:
    return f"{calendar.name} ({calendar.code}) has no more capacity"


class _Trial:
    """Asks of some pieces whether they clash; the launch is read anew for each choice of locks and end."""

    def __init__(self, read: Case, watch: Watch) -> None:
        self.read, self.watch = read, watch
        self.known: dict[tuple[tuple[int, ...], bool], Problem] = {}

    def clash(self, pieces: Sequence[Piece]) -> bool:
        """Whether they cannot hold together; no when time is up before it is known."""
        places = tuple(sorted(piece.place for piece in pieces if piece.kind == "lock"))
        ends = any(piece.kind == "end" for piece in pieces)
        if self.watch.left <= 0:
            return False
        if (places, ends) not in self.known:
            locks: list[Lock] = [self.read.locks[place] for place in places]
            self.known[places, ends] = with_locks(self.read, locks, 0 if ends else LATER).problem
        return not feasible(_with(self.known[places, ends], pieces), self.watch)


def _with(problem: Problem, pieces: Sequence[Piece]) -> Problem:
    """A problem in which of what could be given up only these pieces hold."""
    words = {piece.words for piece in pieces}
    teams = {piece.place for piece in pieces if piece.kind == "team"}
    calendars = tuple(
        calendar if team in teams else replace(calendar, free=(_ENDLESS,) * len(calendar.days))
        for team, calendar in enumerate(problem.calendars)
    )
    return replace(
        problem,
        calendars=calendars,
        musts=tuple(rule for rule in problem.musts if rule.words in words),
        wanted=tuple(rule for rule in problem.wanted if rule.words in words),
        limits=tuple(limit for limit in problem.limits if limit.words in words),
        floors=tuple(floor for floor in problem.floors if floor.words in words),
        at_most_one=tuple(rule for rule in problem.at_most_one if rule.words in words or not _is_group(rule.words)),
    )


def _told(pieces: Sequence[Piece], problem: Problem, watch: Watch) -> InfeasiblePlanError:
    if watch.left <= 0:
        asked = [piece.words for piece in pieces if piece.kind in ("lock", "begun")]
        return InfeasiblePlanError(
            f"These cannot all hold together with every rule and limit before {problem.last_day}: {'; '.join(asked)}.",
            "There was no time to find out which of them clash: give the search more seconds, or take locks away.",
        )
    return InfeasiblePlanError(
        f"These cannot all hold before {problem.last_day}: {'; '.join(piece.words for piece in pieces)}.",
        "Without any one of them there is a plan: take a lock away, give more capacity or time, or ease a limit.",
    )
