"""What `compute` returns: one frozen row for everything a screen, a workbook or an answer shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from launchpad.records import Launch
from launchpad.scoring.assumed import Assumption
from launchpad.scoring.gates import Verdict
from launchpad.scoring.model import Model
from launchpad.scoring.side_effects import Alerts
from launchpad.scoring.technical import Exceedance
from launchpad.scoring.why import Gathered, Kind, ModelWarning, gathered

STATES = ("inherent", "current", "planned")


@dataclass(frozen=True, slots=True)
class PropensityRow:
    """The propensity a scenario is scored with: 5, 50, 95 % points, mean, what it rests on.

    `n` scored samples behind it, 0 without evidence; `stale` None without evidence. `upper_bound`
    marks a campaign formed from single tries. `origin` is evidence, estimate or default; `outweighed`
    marks evidence that weighs less than the estimate it started from.
    """

    low: float
    median: float
    high: float
    mean: float
    n: int
    stale: bool | None
    kind: Kind
    origin: str
    upper_bound: bool
    outweighed: bool

    @property
    def known_by(self) -> str:
        """How it is known, in words; no two ways look alike, and evidence a prior outweighs is not called measured."""
        return known_by(self.origin, self.kind, outweighed=self.outweighed)


def known_by(origin: str, kind: str, *, outweighed: bool = False) -> str:
    """How a propensity is known, in words: the one table that every list, sheet and tree reads from."""
    if origin == "evidence" and outweighed:
        return f"mostly {_KNOWN_BY['estimate', kind]}"
    return _KNOWN_BY[origin, kind]


_KNOWN_BY = MappingProxyType(
    {
        ("evidence", "measured"): "measured",
        ("estimate", "measured"): "stated as measured",
        ("estimate", "elicited"): "elicited",
        ("estimate", "assumed"): "assumed",
        ("default", "assumed"): "assumed (default)",
    }
)


@dataclass(frozen=True, slots=True)
class TechnicalRow:
    """Expected loss over the horizon in the current state: closed-form mean, 5 and 95 % points over our ignorance.

    The points are None until drawn. `events` are expected events. `limit` is the scenario's
    tolerance, of loss or, for a catastrophic one, of expected events; `p_exceeds` the chance of
    passing it with its Monte Carlo error; None without a tolerance.
    """

    mean: float
    low: float | None
    high: float | None
    events: float
    limit: float | None
    p_exceeds: float | None
    p_exceeds_error: float | None


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """Mean technical loss of one state under the three kinds of overlap."""

    independent: float
    beta: float
    comonotone: float


@dataclass(frozen=True, slots=True)
class ReputationalRow:
    """E[Impact ln(1 + nu)] today with its 5 and 95 % points; P(any story) and who is blamed, at means.

    The points are None until drawn.
    """

    mean: float
    low: float | None
    high: float | None
    p_public: float
    attribution: str


@dataclass(frozen=True, slots=True)
class RankRow:
    """Place by mean technical loss, 1 is worst, and the 5 and 95 % points of its place over the draws, if any."""

    rank: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One scenario.

    What cannot be known is None: without exposure technical and states, without publicity
    reputational, and the rank of a catastrophic one.
    """

    id: int
    code: str
    name: str
    risk_area: str
    catastrophic: bool
    over_refusal: bool
    propensity: PropensityRow
    technical: TechnicalRow | None
    states: Mapping[str, OverlapRow | None]
    reputational: ReputationalRow | None
    reputational_states: Mapping[str, float | None]
    rank: RankRow | None
    assumed_share: float | None


@dataclass(frozen=True, slots=True)
class MitigationRow:
    """One mitigation by its best variant (or the one that is on): what it is worth on its own today.

    `gain` is the objective without it less with it, the objective being the weighted residual as a
    share of today's; `technical` and `reputational` are the same differences in their own units.
    """

    code: str
    variant: str
    on: bool
    gain: float
    technical: float
    reputational: float
    false_refusal: float


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One state summed over scenarios that are not catastrophic, at beta; Monte Carlo errors beside the tail.

    `over_refusal` and `latency_ms` are those of the worst surface, `cost` a month, `capability`
    points by suite. `p_exceeds` is the chance of passing the launch's tolerance, None without one.
    What is drawn is None until then.
    """

    technical: float
    reputational: float
    var95: float | None
    var95_error: float | None
    cvar95: float | None
    cvar95_error: float | None
    p_exceeds: float | None
    p_exceeds_error: float | None
    over_refusal: float
    latency_ms: float
    cost: float
    capability: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ToleranceRow:
    """A limit against what the current and the planned state have; `within` None when nothing can be said.

    `value` is the chance of passing the limit where an accepted chance is stated, else the
    expected amount.
    """

    code: str
    name: str
    measure: str
    limit: float
    probability: float | None
    current: float | None
    planned: float | None
    within: bool | None
    within_planned: bool | None


@dataclass(frozen=True)
class Results:
    """The scores of one launch, and with a plan those of its planned state.

    `draws` is 0 in the first stage: means, ranks, totals and gates are final, everything drawn
    (intervals, tails, chances of passing a limit, curves) is still None or empty. `exceedance`
    holds a curve for each state. `assumptions` are the five that matter most.
    `model` is what everything was computed from; screens read arrays there.
    """

    launch: Launch
    plan_id: int | None
    seed: int
    draws: int
    input_hash: str
    scenarios: tuple[ScenarioRow, ...]
    mitigations: tuple[MitigationRow, ...]
    totals: Mapping[str, TotalRow | None]
    assumed_share: float | None
    assumptions: tuple[Assumption, ...]
    gates: tuple[Verdict, ...]
    tolerances: tuple[ToleranceRow, ...]
    alerts: tuple[Alerts, ...]
    exceedance: Mapping[str, Exceedance]
    warnings: tuple[ModelWarning, ...]
    model: Model

    @property
    def told(self) -> tuple[Gathered, ...]:
        """The warnings for people: what is the same for many records is said once."""
        return gathered(self.warnings)

    @property
    def complete(self) -> bool:
        """Whether it holds what is drawn."""
        return self.draws > 0
