"""The trade-offs: weights to change, options weighed by them, and charts of before and after, possible plans, load."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from launchpad.errors import ScoringError
from launchpad.export import addresses, charts, weights
from launchpad.export.addresses import Addresses
from launchpad.export.charts import Points
from launchpad.export.facts import Facts
from launchpad.export.sheet import Column, Content, Formula, Page, heading, lay_out, put, table
from launchpad.records import Mitigation, PlanPoint, Team
from launchpad.results.tradeoffs import Tradeoffs, tradeoffs

TOP, CHART_ROWS = 4, 21
WIDTHS = (26, 32, 22, 13, 15, 13, 13, 13, 13, 13, 13, 13, 13, 13)
HARM, STORIES = "Technical risk (harm units)", "Reputational risk"


def found_of(facts: Facts) -> Tradeoffs | None:
    """The trade-offs of the launch as the program has them; None where its criteria cannot be weighed."""
    if not facts.results.complete:
        return None
    try:
        found = tradeoffs(facts.inputs, facts.results)
    except ScoringError:
        return None
    return found if found.criteria.rows and found.options.codes else None


def fill(page: Page, at: Addresses, load: list[tuple[Team, Formula, Formula]]) -> None:
    """Write weights, charts with their numbers, and the options; `load` is what each team is asked and can give."""
    facts = at.wiring.facts
    found = found_of(facts)
    heading(
        page,
        "Trade-offs",
        "Change the shaded weights, or the set in use: what rests on them follows here and on the page Mitigations.",
    )
    rows = weights.rows_of(facts, found, TOP)
    chart_row = weights.fill(page, facts, found, TOP)
    data = chart_row + CHART_ROWS
    below = _scenarios(page, at, data, f"A{chart_row}")
    below = _plans(page, at, below + 2, f"E{chart_row}")
    below = _load(page, load, below + 2, f"K{chart_row}")
    _options(page, facts, found, below + 2, rows)
    lay_out(page, [Column("", "text", width) for width in WIDTHS], repeat=False)


def _scenarios(page: Page, at: Addresses, top: int, anchor: str) -> int:
    """Each summed scenario before and after; the last row."""
    columns = (
        Column("Scenario", "strong", 16),
        Column("", "text", 30),
        Column("Technical, today", "amount", 16),
        Column("Reputational, today", "amount", 13),
        Column("Technical, with the plan", "amount", 15),
        Column("Reputational, with the plan", "amount", 13),
    )
    put(page, top, 1, "Risk by scenario", "section")
    planned = at.wiring.model.planned is not None
    shown = list(_before_and_after(at))
    last = table(page, "before_after", columns, shown, top=top + 1, empty="No scenario has both risks.", sortable=False)
    if not shown:
        return last + 1
    both = [Points("Today", 3, 4, top + 2, last)]
    if planned:
        both.append(Points("With the plan", 5, 6, top + 2, last))
    numbers = [content.value for row in shown for content in row if isinstance(content, Formula)]
    log = all(isinstance(number, float) and number > 0 for number in numbers)
    charts.scatter(page.sheet, anchor, "Risk by scenario, before and after", (HARM, STORIES), both, log=log)
    return last


def _before_and_after(at: Addresses) -> Iterator[tuple[Content, ...]]:
    states = ("current", "planned") if at.wiring.model.planned is not None else ("current",)
    for row in at.wiring.facts.results.scenarios:
        known = [(row.states[state], row.reputational_states[state]) for state in states]
        if row.catastrophic or any(one is None or other is None for one, other in known):
            continue
        place = at.wiring.model.scenario_index[row.id]
        cells: list[Content] = []
        for state, (technical, reputational) in zip(states, known, strict=True):
            value = None if technical is None else technical.beta
            cells.append(Formula(f"={at.score_cell(addresses.under(state, 'beta', 'Technical'), place)}", value))
            cells.append(Formula(f"={at.score_cell(addresses.of(state, 'Reputational'), place)}", reputational))
        yield row.code, None, *cells, *([None] * (4 - len(cells)))


def _plans(page: Page, at: Addresses, top: int, anchor: str) -> int:
    """The plans that could be had instead, with today and the plan itself; the last row."""
    facts = at.wiring.facts
    columns = (
        Column("Plan", "strong", 16),
        Column("What it is", "wrap", 30),
        Column("Technical", "amount", 16),
        Column("Reputational", "amount", 13),
        Column("Effort", "days", 15),
        Column("Over-refusal", "percent", 13),
        Column("Gap", "percent", 13),
    )
    put(page, top, 1, "Possible plans", "section")
    note = "From the portfolio model, as they were stored with the plan; today and this plan are live."
    put(page, top, 3, note, "note")
    points = () if facts.plan is None else facts.inputs.children(PlanPoint, "plan", facts.plan.id)
    front = sorted((row for row in points if row.kind == "front"), key=lambda row: (row.technical, row.place))
    rows: list[tuple[Content, ...]] = [
        (f"{row.place}", "possible", row.technical, row.reputational, row.effort_days, row.over_refusal, row.gap)
        for row in front
    ]
    named = {"current": "Today", "planned": "With the plan"}
    shown = [state for state in named if facts.results.totals[state] is not None]
    for state in shown:
        total = facts.results.totals[state]
        titles = (addresses.under(state, "beta", "Technical"), addresses.of(state, "Reputational"))
        values = (None, None) if total is None else (total.technical, total.reputational)
        live = [Formula(f"={at.score_total(title)}", value) for title, value in zip(titles, values, strict=True)]
        rows.append((named[state], "scored in full", *live, None, total and total.over_refusal, None))
    last = table(page, "possible_plans", columns, rows, top=top + 1, sortable=False)
    first = top + 2
    series = [Points("Possible plans", 3, 4, first, first + len(front) - 1, joined=True)] if front else []
    series += [
        Points(named[state], 3, 4, first + len(front) + n, first + len(front) + n) for n, state in enumerate(shown)
    ]
    title = "Plans that could be had" if front else "Risk of the launch, before and after"
    charts.scatter(page.sheet, anchor, title, (HARM, STORIES), series, log=False)
    if not front:
        put(
            page,
            last + 1,
            1,
            "Plan with a look around (launchpad plan --explore) to see what else could be had.",
            "note",
        )
        return last + 1
    return last


def _load(page: Page, load: list[tuple[Team, Formula, Formula]], top: int, anchor: str) -> int:
    """What each team is asked and can give; the last row."""
    columns = (
        Column("Team", "strong", 16),
        Column("", "text", 30),
        Column("Asked", "days", 16),
        Column("Free", "days", 13),
    )
    put(page, top, 1, "Load by team", "section")
    rows = [(team.code, team.name, used, free) for team, used, free in load]
    last = table(page, "team_load", columns, rows, top=top + 1, empty="No teams yet.", sortable=False)
    if rows:
        area = (top + 2, last, 2)
        charts.bars(page.sheet, anchor, "Load by team until work must end", "Person-days", ("Asked", "Free"), area)
        return last
    return last + 1


def _options(page: Page, facts: Facts, found: Tradeoffs | None, top: int, sets: tuple[int, int]) -> None:
    """Every mitigation weighed on all criteria: what it adds in worth, and its place under the set in use."""
    put(page, top, 1, "Mitigations weighed on all criteria", "section")
    if found is None or found.acceptability is None:
        put(page, top + 1, 1, "There are no criteria with anchors and weights, so nothing is weighed.", "label")
        return
    count = len(found.criteria.rows)
    columns = (
        Column("Mitigation", "strong", 16),
        Column("", "wrap", 30),
        *(Column(row.name, "number", 13) for row in found.criteria.rows),
        Column("Weighted value", "number", 13),
        Column("Rank", "whole", 8),
        Column("Best of all weights", "share", 13),
    )
    note = (
        "Worth added on each criterion, 1 from worst to best anchor, at the statuses as exported; value and rank are "
        f"live over the weights. Best of all weights comes from {found.draws:,} draws, seed {facts.results.seed}."
    )
    put(page, top + 1, 1, note, "note")
    held = f"$F${sets[1] + 1}:${get_column_letter(5 + count)}${sets[1] + 1}"
    table(page, "options", columns, _option_rows(facts, found, top + 3, held), top=top + 2, sortable=False)


def _option_rows(facts: Facts, found: Tradeoffs, first: int, held: str) -> Iterator[tuple[Content, ...]]:
    count, last = len(found.criteria.rows), first + len(found.options.codes) - 1
    start, end, value = (get_column_letter(place) for place in (3, 2 + count, 3 + count))
    names = {row.code: row.name for row in facts.inputs.rows(Mitigation)}
    values = None if found.in_use is None else found.in_use.values
    places = None if found.in_use is None else found.in_use.places
    for place, code in enumerate(found.options.codes):
        row = first + place
        every, own = f"${value}${first}:${value}${last}", f"{value}{row}"
        rank = f"=1+SUMPRODUCT(--({every}>{own}+1E-12))"
        yield (
            code,
            names[code],
            *(float(gain) for gain in found.gains[place]),
            Formula(f"=SUMPRODUCT({start}{row}:{end}{row},{held})", 0.0 if values is None else float(values[place])),
            Formula(rank, 1.0 if places is None else float(places[place])),
            None if found.acceptability is None else float(found.acceptability.ranks[place][0]),
        )
