"""What lies around a plan, one part after the other within one time: prices, trade-offs, dates, alternatives, core."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from launchpad.edits.plans import FoundPrice, PlanFound
from launchpad.errors import CancelledError, InfeasiblePlanError
from launchpad.planning.alternatives import alternatives
from launchpad.planning.core import core_index
from launchpad.planning.dates import date_curve, rises
from launchpad.planning.front import front
from launchpad.planning.prices import team_prices
from launchpad.planning.reading import case
from launchpad.planning.report import Around
from launchpad.planning.watch import Progress, Watch
from launchpad.records import Inputs

T = TypeVar("T")
SHARES = {"prices": 0.05, "front": 0.25, "dates": 0.2, "alternatives": 0.2, "core": 0.3}


def around(
    inputs: Inputs,
    found: PlanFound,
    *,
    seconds: float,
    locks: Iterable[tuple[str, str]],
    progress: Progress | None,
) -> Around:
    """See `planning.explore`."""
    locks, launch, seed = tuple(locks), found.launch_id, found.seed
    parts = _Parts(seconds, progress)
    prices = parts.part(
        "prices", lambda time, tell: shadow_prices(inputs, found, seconds=time, locks=locks, progress=tell)
    )
    trade_offs = parts.part(
        "front", lambda time, tell: front(inputs, launch, seconds=time, seed=seed, locks=locks, progress=tell)
    )
    dates = parts.part(
        "dates", lambda time, tell: date_curve(inputs, launch, seconds=time, seed=seed, locks=locks, progress=tell)
    )
    notes = () if dates is None else rises(inputs, launch, dates, locks)
    others = parts.part(
        "alternatives",
        lambda time, tell: alternatives(inputs, launch, found, seconds=time, seed=seed, locks=locks, progress=tell),
    )
    core = parts.part(
        "core", lambda time, tell: core_index(inputs, launch, seconds=time, seed=seed, locks=locks, progress=tell)
    )
    return Around(prices, trade_offs, dates, others, core, (*notes, *parts.notes), parts.watch.stopped)


class _Parts:
    """Shares one time among the parts, and one progress."""

    def __init__(self, seconds: float, progress: Progress | None) -> None:
        self.watch = Watch(seconds, progress)
        self.notes: list[str] = []
        self.open = dict(SHARES)

    def part(self, name: str, work: Callable[[float, Progress], T]) -> T | None:
        """What a part comes to with its share of the time left; None when it was stopped or came to nothing."""
        share = self.open.pop(name) / (self.open_share + SHARES[name])
        self.watch.say()
        if self.watch.stopped:
            return None
        try:
            return work(max(1.0, share * self.watch.left), self._tell)
        except CancelledError:
            self.watch.stopped = True
        except InfeasiblePlanError as error:
            self.notes.append(str(error))
        return None

    @property
    def open_share(self) -> float:
        """The shares of the parts still to come."""
        return sum(self.open.values())

    def _tell(self, _: float, words: str) -> None:
        self.watch.say(words)
        if self.watch.stopped:
            raise CancelledError("Looking around the plan was stopped.")


def shadow_prices(
    inputs: Inputs,
    found: PlanFound,
    *,
    seconds: float = 5.0,
    locks: Iterable[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> tuple[FoundPrice, ...]:
    """What one more person-day of each team would take off the objective, near a plan; teams without time left out."""
    watch = Watch(seconds, progress)
    problem = case(inputs, found.launch_id, locks).problem
    rows = {row.variant_id or row.evaluation_id for row in found.selected}
    chosen = frozenset(number for number, item in enumerate(problem.items) if item.row in rows)
    return team_prices(problem, watch, watch.left, chosen)
