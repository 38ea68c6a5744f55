"""The figures of doubt: which uncertain numbers move the result, which are assumed, and what would tell more."""

from dataclasses import dataclass

from launchpad.export.facts import Facts
from launchpad.export.handling import called
from launchpad.records import Coefficient, Scenario
from launchpad.results.sensitivity import Swing, tornado
from launchpad.scoring.coefficients import bundled
from launchpad.scoring.next_evaluations import next_evaluations
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions

MOST_SWINGS = 12


@dataclass(frozen=True, slots=True)
class SwingFigure:
    """An uncertain number, and the weighted risk left over with it at its low and its high, as shares of today's."""

    number: str
    record: str
    scenario: str
    known_by: str
    low: float
    high: float
    at_low: float
    at_high: float
    width: float


@dataclass(frozen=True, slots=True)
class AssumptionFigure:
    """An assumed number, and the harm units between its low and its high."""

    record: str
    label: str
    swing: float


@dataclass(frozen=True, slots=True)
class NextFigure:
    """An evaluation that would tell something: samples, person-days, what its answer is worth, what it is for.

    `worth` is in harm units, None where it only settles a determination, which has no loss of its own.
    """

    code: str
    name: str
    n: int
    days: float | None
    worth: float | None
    settles: str


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A coefficient that this project set otherwise than the default."""

    code: str
    name: str
    value: float
    default: float
    basis: str | None


@dataclass(frozen=True, slots=True)
class WarningFigure:
    """Something a person should look at."""

    about: str
    what: str


@dataclass(frozen=True)
class DoubtFigures:
    """What the figures rest on; `base` is the weighted risk left over at means, as a share of today's."""

    swings: tuple[SwingFigure, ...]
    base: float
    assumptions: tuple[AssumptionFigure, ...]
    next: tuple[NextFigure, ...]
    changed: tuple[ChangedFigure, ...]
    warnings: tuple[WarningFigure, ...]


def doubt(facts: Facts) -> DoubtFigures:
    """The figures of doubt of a launch; of the planned state where there is a plan, else of today's."""
    model = facts.results.model
    state = model.planned or model.current
    moving = tornado(model, state, blame(attributions(model, state), model.coefficients), MOST_SWINGS)
    return DoubtFigures(
        swings=tuple(_swing(facts, swing) for swing in moving.swings),
        base=moving.base,
        assumptions=tuple(AssumptionFigure(row.record, row.label, row.swing) for row in facts.results.assumptions),
        next=tuple(
            NextFigure(
                code=row.evaluation,
                name=row.name,
                n=row.n,
                days=row.days,
                worth=row.evsi if row.decisions else None,
                settles=", ".join((*row.settles, *row.decisions)),
            )
            for row in next_evaluations(facts.inputs, model, state)
        ),
        changed=_changed(facts),
        warnings=tuple(WarningFigure(row.who, row.message) for row in facts.results.told),
    )


def _swing(facts: Facts, swing: Swing) -> SwingFigure:
    scenario = facts.inputs.find(Scenario, swing.scenario, facts.launch.id)
    return SwingFigure(
        number=swing.name,
        record=swing.record.partition(" ")[2],
        scenario=called(facts.inputs, scenario),
        known_by=swing.kind,
        low=swing.low,
        high=swing.high,
        at_low=swing.at_low,
        at_high=swing.at_high,
        width=swing.width,
    )


def _changed(facts: Facts) -> tuple[ChangedFigure, ...]:
    own = {row.code: row for row in facts.inputs.rows(Coefficient)}
    found: list[ChangedFigure] = []
    for code, default in bundled().items():
        row = own.get(code)
        if row is not None and row.value != default.value:
            found.append(ChangedFigure(code, default.name, row.value, default.value, row.basis))
    return tuple(found)
