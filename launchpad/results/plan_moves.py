"""The difference between two plans as a list of moves, each with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from launchpad.errors import InvalidValueError
from launchpad.records import Inputs, Plan
from launchpad.results import move_reasons as why
from launchpad.results.planned_work import Piece, Two, pieces

KINDS = ("done", "added", "dropped", "other way", "other team", "longer", "shorter", "earlier", "later")
"""The kinds of moves, in the order in which they are told."""
SAME_DAYS = 0.05


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that is otherwise in the second plan than in the first.

    `what` is the code of a variant or an evaluation; `before` and `after` are what changed in words (dates,
    person-days, teams, ways of doing it), None where it is not in that plan.
    """

    kind: str
    what: str
    before: str | None
    after: str | None
    reason: str


def plan_moves(inputs: Inputs, before: Plan, after: Plan) -> tuple[Move, ...]:
    """What has to be done otherwise when the second plan takes the place of the first, by kind and code.

    The reasons are read from today's records: what is done or started, locks, dates, effort, the time teams have, the
    reasons the plans themselves gave. Raises InvalidValueError for plans of two launches.
    """
    if before.launch != after.launch:
        raise InvalidValueError(
            f"{before.code} and {after.code} are plans of two launches.", "Compare plans of one launch."
        )
    two = Two(inputs, before, after, pieces(inputs, before), pieces(inputs, after))
    found = [move for key in {**two.before, **two.after} for move in _moves(two, key)]
    return tuple(sorted(found, key=lambda move: (KINDS.index(move.kind), move.what)))


def moves_json(moves: tuple[Move, ...]) -> list[dict[str, Any]]:
    """The moves as `plan --compare --json` has them."""
    return [
        {"kind": move.kind, "what": move.what, "from": move.before, "to": move.after, "reason": move.reason}
        for move in moves
    ]


def _moves(two: Two, key: tuple[str, int]) -> Iterator[Move]:
    old, new = two.before.get(key), two.after.get(key)
    if old is None and new is not None:
        yield Move("added", new.code, None, _dates(new), why.added(two, new))
    elif new is None and old is not None:
        done = why.done(two, old)
        kind = "done" if done else "dropped"
        yield Move(kind, old.code, _dates(old), None, done or why.dropped(two, old))
    elif old is not None and new is not None:
        yield from _changed(two, old, new)


def _changed(two: Two, old: Piece, new: Piece) -> Iterator[Move]:
    if old.code != new.code:
        yield Move("other way", new.code, old.code, new.code, why.other_way(two, old, new))
        return
    if old.teams != new.teams:
        yield Move("other team", new.code, _teams(two, old), _teams(two, new), why.other_team(two, new))
    if abs(old.days - new.days) > SAME_DAYS:
        kind = "longer" if new.days > old.days else "shorter"
        yield Move(kind, new.code, _effort(old), _effort(new), why.effort(two, old, new))
    if old.item.start != new.item.start:
        kind = "earlier" if new.item.start < old.item.start else "later"
        yield Move(kind, new.code, _dates(old), _dates(new), why.start(two, old, new))
    elif old.item.finish != new.item.finish and abs(old.days - new.days) <= SAME_DAYS:
        kind = "longer" if new.item.finish > old.item.finish else "shorter"
        yield Move(kind, new.code, _dates(old), _dates(new), why.pace(two, old, new))


def _dates(piece: Piece) -> str:
    return f"{piece.item.start} to {piece.item.finish}"


def _effort(piece: Piece) -> str:
    return f"{piece.days:.3g} days"


def _teams(two: Two, piece: Piece) -> str:
    return ", ".join(sorted(two.team(team) for team in piece.teams))
