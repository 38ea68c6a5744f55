"""The mitigations: which are on in each state, live from status and plan, and what each is worth today."""

from collections.abc import Iterator

from launchpad.export import addresses
from launchpad.export.addresses import Addresses, on_title
from launchpad.export.sheet import Content, Formula, Page, heading, lay_out, table
from launchpad.export.wiring import MITIGATIONS, Wiring
from launchpad.export.workplan import COUNTED, EFFORT, looked_up
from launchpad.records import Effort, Mitigation, Standing
from launchpad.records.links import STANDINGS
from launchpad.scoring import estimates
from launchpad.scoring.model import State
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions
from launchpad.scoring.states import STANDS
from launchpad.scoring.worth import Switched, switched

WEIGHTS = ("weight_technical", "weight_reputational")


def fill(page: Page, at: Addresses) -> None:
    """Write one row for each variant of each mitigation, in the order of their codes."""
    heading(
        page,
        MITIGATIONS,
        "What is on in which state follows from the Workplan page. What each takes off today, all else as it is: for "
        "what is on, what would come back without it. Gain is that as a share of today's weighted risk.",
    )
    table(page, "mitigations", at.mitigations, _rows(at), empty="No mitigations yet.", sortable=False)
    lay_out(page, at.mitigations, frozen=2)


def _rows(at: Addresses) -> Iterator[tuple[Content, ...]]:
    wiring = at.wiring
    facts, model = wiring.facts, wiring.model
    standings = {row.variant: row for row in facts.standings}
    worth = switched(model, model.current, blame(attributions(model, model.current), model.coefficients))
    for place, variant in enumerate(model.variants):
        effort = _effort(wiring, place)
        yield (
            place + 1,
            variant.code,
            facts.inputs.get(Mitigation, variant.mitigation).name,
            variant.name,
            _status(wiring, place, standings.get(variant.id)),
            _in_plan(wiring, place),
            *(_on(at, place, state) for state in wiring.live),
            effort,
            *_worth(at, worth, place, effort),
        )


def _status(wiring: Wiring, place: int, standing: Standing | None) -> Content:
    words = STANDINGS["idea" if standing is None else standing.status]
    number = wiring.tasks.get(place)
    return words if number is None else Formula(f"={looked_up(wiring.facts, 'Status', str(number))}", words)


def _in_plan(wiring: Wiring, place: int) -> Content:
    number = wiring.tasks.get(place)
    return "no" if number is None else Formula(f"={looked_up(wiring.facts, COUNTED, str(number))}", "yes")


def _on(at: Addresses, place: int, state: State) -> Formula:
    """Whether a variant is on: today by its status; in a plan by that too, and by what the plan holds of its kind."""
    value, tasks = float(state.active[place]), at.wiring.tasks
    if state.name == "current":
        status = at.mitigation(addresses.STATUS, place)
        names = ",".join(f'{status}="{STANDINGS[name]}"' for name in STANDS)
        return Formula(f"=IF(OR({names}),1,0)", value)
    today = at.mitigation(on_title("current"), place)
    held = [other for other in tasks if state.name == "planned" or state.active[other]]
    if place in held:
        return Formula(f'=IF({at.mitigation(addresses.IN_PLAN, place)}="yes",1,{today})', value)
    kind = at.wiring.model.mitigation
    others = [f'{at.mitigation(addresses.IN_PLAN, other)}="yes"' for other in held if kind[other] == kind[place]]
    return Formula(f"=IF(OR({','.join(others)}),0,{today})" if others else f"={today}", value)


def _effort(wiring: Wiring, place: int) -> Content:
    """Person-days: of the workplan where it is in there, else as estimated; None where nobody said."""
    facts, number = wiring.facts, wiring.tasks.get(place)
    if number is not None:
        value = facts.effort(facts.tasks[number - 1].item)
        return Formula(f"={looked_up(facts, EFFORT, str(number))}", value)
    rows = facts.inputs.children(Effort, "variant", wiring.model.variants[place].id)
    return sum(estimates.mean(estimates.spread_of(facts.inputs, row, "days")) for row in rows) if rows else None


def _worth(at: Addresses, worth: Switched, place: int, effort: Content) -> tuple[Content, ...]:
    """What a variant takes off today, from the pages behind, and that by its effort."""
    model = at.wiring.model
    sign = -1.0 if model.current.active[place] else 1.0
    other = float(worth.technical[place]), float(worth.reputational[place])
    taken = [sign * (now - then) for now, then in zip(worth.now[:2], other, strict=True)]
    sources = (addresses.DELTA_TECHNICAL, addresses.DELTA_REPUTATIONAL)
    number = at.mitigation(addresses.NUMBER, place)
    parts = [
        Formula(f"={at.effects_sum(title, f'${number}')}", value) for title, value in zip(sources, taken, strict=True)
    ]
    cells = [at.mitigation(title, place) for title in (addresses.TAKEN_TECHNICAL, addresses.TAKEN_REPUTATIONAL)]
    whole = (addresses.under("current", "beta", "Technical"), addresses.AT_MEANS)
    terms = (
        f"IF({total}>0,{name}*{cell}/{total},0)"
        for name, cell, total in zip(WEIGHTS, cells, map(at.score_total, whole), strict=True)
    )
    shares = zip(model.weights, taken, worth.now[:2], strict=True)
    gain = sum(weight * part / now for weight, part, now in shares if now > 0)
    formula = Formula(f"=({'+'.join(terms)})/({'+'.join(WEIGHTS)})", gain)
    return (*parts, formula, _per_day(at, gain, effort, place))


def _per_day(at: Addresses, gain: float, effort: Content, place: int) -> Content:
    days = effort.value if isinstance(effort, Formula) else effort
    if not isinstance(days, float):
        return None
    part, whole = at.mitigation(addresses.GAIN, place), at.mitigation(addresses.EFFORT, place)
    return Formula(f"=IF({whole}>0,{part}/{whole},0)", gain / days if days > 0 else 0.0)
