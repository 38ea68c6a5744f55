"""What got through: mitigations that were meant to stop a scenario and were on when it happened all the same."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from launchpad.records import Effect, Incident, Inputs, Launch, MitigationVariant, Scenario
from launchpad.scoring.states import in_place_on, stated_on
from launchpad.scoring.why import named

STOPPING = frozenset({"exposure", "propensity", "detection"})


@dataclass(frozen=True, slots=True)
class Through:
    """A variant that was on in `events` events of a scenario it is meant to stop.

    In `stated` of them an incident names it; in the others none says what was on, and it stood on that day.
    """

    variant: str
    events: int
    stated: int


def got_through(
    inputs: Inputs, launch: Launch, scenario: Scenario, incidents: Iterable[Incident]
) -> tuple[Through, ...]:
    """The variants that were on in incidents they are meant to stop, those on in most events first.

    Meant to stop a scenario are those with an effect above 0 on it before harm is done: at exposure, propensity or
    detection. One that was on in many events is not shown to be weak: nobody knows how many it stopped.
    """
    meant = {
        row.variant
        for row in inputs.children(Effect, "scenario", scenario.id)
        if row.launch == launch.id and row.stage in STOPPING and row.intended.median > 0
    }
    events, stated = Counter[int](), Counter[int]()
    for row in incidents:
        said, _ = stated_on(inputs, row.in_place, named(inputs, row))
        on = in_place_on(inputs, launch, row.happened) if said is None else said
        for variant in on & meant:
            events[variant] += row.events
            stated[variant] += 0 if said is None else row.events
    found = (Through(inputs.get(MitigationVariant, key).code, count, stated[key]) for key, count in events.items())
    return tuple(sorted(found, key=lambda one: (-one.events, one.variant)))
