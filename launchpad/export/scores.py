"""The scores: every factor of every scenario, and its risk in each state as formulas over them."""

import math

import numpy as np

from launchpad.export import addresses, stories
from launchpad.export.addresses import Addresses, evidence_title, of, under
from launchpad.export.formulas import product_of, rate_of
from launchpad.export.sheet import (
    FIRST,
    TOTAL,
    Content,
    Formula,
    Page,
    column_range,
    heading,
    lay_out,
    name_area,
    put,
    table,
)
from launchpad.export.stories import Stories
from launchpad.export.wiring import REFUSAL, SCORES, row_of
from launchpad.scoring.mitigations import DETECTION, EXPOSURE, OVERLAPS, PROPENSITY, PUBLICITY, SEVERITY, overlaps
from launchpad.scoring.reputation import blame, reputational
from launchpad.scoring.residual import attributions, evidence_misses

Row = dict[str, Content]
TECHNICAL, RATE, EVENTS, CASES, BLAME, STORY, REPUTATIONAL = (
    "Technical",
    "Rate",
    "Events",
    "Public cases",
    "Blame",
    "Story",
    "Reputational",
)


def fill(page: Page, at: Addresses, told: Stories) -> None:
    """Write one row for each scenario in the order of their codes, and the totals of those that are summed."""
    heading(
        page,
        SCORES,
        "Every factor of every scenario at its mean, and what follows from what is on. Harm units over "
        f"{at.wiring.facts.launch.horizon_days} days. The other pages look here; do not sort.",
    )
    titles = [column.title for column in at.scores]
    rows = rows_of(at, told)
    lines = ([row.get(title) for title in titles] for row in rows)
    table(page, "scores", at.scores, lines, empty="No scenarios yet.", sortable=False)
    lay_out(page, at.scores, frozen=2, across=3)
    _totals(page, at, rows)
    _coefficients(page, at, FIRST + max(1, len(rows)) + 1)


def _coefficients(page: Page, at: Addresses, top: int) -> None:
    """Below the table, the coefficients that the formulas name."""
    held = at.wiring.model.coefficients
    known = {
        "overlap_family": held.overlap_family,
        "overlap_between": held.overlap_between,
        "attribution_threshold": held.attribution_threshold,
        "blame_preventable": held.attribution_preventable,
        "blame_accident": held.attribution_accident,
    }
    put(page, top, 2, "Coefficients, see Method", "section")
    for row, (name, value) in enumerate(known.items(), start=top + 1):
        put(page, row, 2, name, "label")
        put(page, row, 5, value, "plain")
        name_area(page, name, f"$E${row}")


def rows_of(at: Addresses, told: Stories) -> list[Row]:
    """The rows by the titles of their columns; an unscored scenario has its code alone."""
    model = at.wiring.model
    rows: list[Row] = [
        {addresses.NUMBER: place + 1, "Code": scenario.code, addresses.SUMMED: int(model.summed[place])}
        for place, scenario in enumerate(model.scenarios)
    ]
    scored = [int(place) for place in np.flatnonzero(model.scored)]
    _factors(at, rows, scored)
    names = ["inherent", *(state.name for state in at.wiring.live)]
    for name in names:
        for place in scored:
            _state(at, name, place, rows[place])
    for name in names:
        if name != "by_freeze":
            _blamed(at, told, name, rows, scored)
    _at_means(at, rows, scored)
    _ranks(at, rows)
    return rows


def _factors(at: Addresses, rows: list[Row], scored: list[int]) -> None:
    model = at.wiring.model
    numbers = {
        addresses.CHANCES: model.opportunities,
        addresses.PROPENSITY: model.theta,
        addresses.REALISED: model.realised,
        addresses.NET_NEW: model.net_new,
        addresses.HARM: model.harm,
        addresses.VISIBLE: model.visible,
        addresses.IMPACT: model.impact,
        addresses.ALONE: model.refusal_in_evidence,
    }
    for name, case in overlaps(model.coefficients).items():
        numbers[evidence_title(name)] = evidence_misses(model, case)
    for place in scored:
        rows[place] |= {title: float(values[place]) for title, values in numbers.items()}


def _state(at: Addresses, name: str, place: int, row: Row) -> None:
    """One scenario in one state: its rate and technical risk under each overlap, events and public cases at beta."""
    left = at.wiring.left[name]
    alone = _left(at, name, place, "beta", REFUSAL)
    kept = f"{alone}/{at.score(addresses.ALONE, place)}" if at.wiring.model.over_refusal[place] else None
    theta = at.score(addresses.PROPENSITY, place)
    for overlap in OVERLAPS:
        found = left[overlap]
        through = _left(at, name, place, overlap, PROPENSITY, DETECTION)
        words = rate_of(theta, through, at.score(evidence_title(overlap), place), kept)
        rate = under(name, overlap, RATE)
        row[rate] = Formula(f"={words}", float(found.rate[place]))
        if name != "by_freeze":
            titles = (addresses.CHANCES, rate, addresses.REALISED, addresses.NET_NEW, addresses.HARM)
            words = product_of(
                [*(at.score(title, place) for title in titles), _left(at, name, place, overlap, EXPOSURE, SEVERITY)]
            )
            row[under(name, overlap, TECHNICAL)] = Formula(f"={words}", float(found.technical[place]))
    rate = under(name, "beta", RATE)
    titles = (addresses.CHANCES, rate, addresses.REALISED, addresses.NET_NEW)
    words = product_of([*(at.score(title, place) for title in titles), _left(at, name, place, "beta", EXPOSURE)])
    row[of(name, EVENTS)] = Formula(f"={words}", float(left["beta"].events[place]))
    if name != "by_freeze":
        titles = (addresses.CHANCES, rate, addresses.VISIBLE)
        words = product_of(
            [*(at.score(title, place) for title in titles), _left(at, name, place, "beta", EXPOSURE, PUBLICITY)]
        )
        row[of(name, CASES)] = Formula(f"={words}", float(left["beta"].visible[place]))


def _left(at: Addresses, name: str, place: int, overlap: str, *stages: int) -> str:
    """What gets through some stages in a state, as a formula's words."""
    if name == "inherent":
        return "1"
    return product_of(at.stage_cell(place, stage, name, overlap) for stage in stages)


def _blamed(at: Addresses, told: Stories, name: str, rows: list[Row], scored: list[int]) -> None:
    """Who is blamed in a state, what its public cases come to, and both together."""
    model = at.wiring.model
    state = {each.name: each for each in model.states}[name]
    factors = blame(attributions(model, state), model.coefficients)
    counting = "by_freeze" if name == "planned" and "by_freeze" in at.wiring.left else name
    for place in scored:
        if model.risks[place].publicity is None:
            continue
        row = rows[place]
        row[of(name, BLAME)] = _blame(at, counting, place, float(factors[place]))
        value = told.now[name][place]
        row[addresses.HOW] = told.how(place)
        row[of(name, STORY)] = _story(at, told, name, place)
        titles = (addresses.IMPACT, of(name, BLAME), of(name, STORY))
        words = product_of(at.score(title, place) for title in titles)
        row[of(name, REPUTATIONAL)] = Formula(f"={words}", float(model.impact[place] * factors[place]) * value)


def _blame(at: Addresses, state: str, place: int, factor: float) -> Content:
    """The factor of whoever is blamed: fixed where a person or a disclosure settles it, else by the share cut."""
    publicity = at.wiring.model.risks[place].publicity
    said = publicity is not None and publicity.attribution == "victim" and publicity.attribution_reason
    if said or (publicity is not None and publicity.disclosed):
        return factor
    now, before = (at.score(of(name, EVENTS), place) for name in (state, "inherent"))
    cut = f"IF({before}>0,1-{now}/{before},0)"
    return Formula(f"=IF({cut}>=attribution_threshold,blame_accident,blame_preventable)", factor)


def _story(at: Addresses, told: Stories, name: str, place: int) -> Content:
    """The expected logarithm of 1 + public cases: looked up, or about, in step with its value at the means."""
    value, table_of = told.now[name][place], told.tables.get((place, name))
    if table_of is not None:
        return Formula(f"={stories.looked_up(at, table_of, name)}", value)
    cases = float(at.wiring.left[name]["beta"].visible[place])
    if name == "inherent" or not told.switches[place] or cases <= 0:
        return value
    return Formula(f"={value / math.log1p(cases)!r}*LN(1+{at.score(of(name, CASES), place)})", value)


def _at_means(at: Addresses, rows: list[Row], scored: list[int]) -> None:
    """Today's reputational risk at the means of all inputs: what planning and the worth of mitigations rest on."""
    model = at.wiring.model
    factors = blame(attributions(model, model.current), model.coefficients)
    values = reputational(model.impact * factors, at.wiring.left["current"]["beta"].visible)
    for place in scored:
        if model.risks[place].publicity is not None:
            weight = product_of(at.score(title, place) for title in (addresses.IMPACT, of("current", BLAME)))
            words = f"={weight}*LN(1+{at.score(of('current', CASES), place)})"
            rows[place][addresses.AT_MEANS] = Formula(words, float(values[place]))
        else:
            rows[place][addresses.AT_MEANS] = 0.0


def _ranks(at: Addresses, rows: list[Row]) -> None:
    """Places by today's technical risk, 1 the worst; alike ones in the order of their codes."""
    ranks = {row.id: row.rank.rank for row in at.wiring.facts.results.scenarios if row.rank is not None}
    title = under("current", "beta", TECHNICAL)
    last = row_of(max(0, len(rows) - 1))
    summed, values = (column_range(at.scores, each, FIRST, last) for each in (addresses.SUMMED, title))
    for place, scenario in enumerate(at.wiring.model.scenarios):
        if scenario.id not in ranks:
            continue
        own = at.score(title, place)
        words = f"=1+SUMPRODUCT({summed}*({values}>{own}*(1+1E-12)))"
        if place:
            before, alike = (
                column_range(at.scores, each, FIRST, row_of(place - 1)) for each in (addresses.SUMMED, title)
            )
            words += f"+SUMPRODUCT({before}*({alike}>={own}*(1-1E-12))*({alike}<={own}*(1+1E-12)))"
        rows[place][addresses.RANK] = Formula(words, float(ranks[scenario.id]))


def _totals(page: Page, at: Addresses, rows: list[Row]) -> None:
    """The totals over the scenarios that are summed, above the header."""
    last = row_of(max(0, len(rows) - 1))
    summed = column_range(at.scores, addresses.SUMMED, FIRST, last)
    for index, column in enumerate(at.scores, start=1):
        put(page, TOTAL, index, "Total" if index == 1 else None, "total text")
        if not column.title.startswith((TECHNICAL, REPUTATIONAL)):
            continue
        values = [row.get(column.title) for row in rows if row[addresses.SUMMED]]
        total = sum(_number(content) for content in values)
        cells = column_range(at.scores, column.title, FIRST, last)
        put(page, TOTAL, index, Formula(f"=SUMIF({summed},1,{cells})", total), "total amount")


def _number(content: Content) -> float:
    number = content.value if isinstance(content, Formula) else content
    return float(number) if isinstance(number, int | float) else 0.0
