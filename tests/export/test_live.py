"""Inputs changed in the workbook come to what the program says of the same inputs: pages that compute, cell by cell."""

import dataclasses
import functools

import pytest

from launchpad.export import addresses, write
from launchpad.project import Project
from launchpad.records import (
    Capacity,
    Gate,
    Launch,
    MitigationVariant,
    Plan,
    PlanItem,
    PlanWork,
    Standing,
    SwingWeight,
    Tolerance,
    WeightSet,
)
from launchpad.records.links import STANDINGS
from launchpad.results import compute
from launchpad.templates import sample_project
from tests.export.engine import cells, changed, differences, formulas, opened, recalculated, spoiled

pytestmark = pytest.mark.libreoffice
COMPUTED = ("Scores", "Mitigations", "Effects", "Work", "Load", "Gates", "Limits")
BURDENS = ("false_refusal", "latency", "cost", "capability")
"""Measures whose value on the page Limits is that of the day of export."""
ROUNDING = 1e-9
PLANNED, ROW = 16, 10**12


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample launch with a plan made by hand: every third variant, two stretches of work each."""
    path = tmp_path_factory.mktemp("sample") / "s.launchpad"
    sample_project(path)
    with Project.open(path) as project:
        inputs = project.inputs
    launch = inputs.rows(Launch)[0]
    standing = {row.variant for row in inputs.rows(Standing, launch.id) if row.status in ("done", "in_place")}
    free = [row for row in inputs.rows(MitigationVariant) if row.id not in standing]
    chosen = list({row.mitigation: row for row in free}.values())[:PLANNED]
    teams = [row.team for row in inputs.rows(Capacity)]
    plan = Plan(id=ROW, code="P-T", launch=launch.id, name="By hand", objective=0.7, bound=0.6, gap=0.1)
    items, work = [], []
    for number, row in enumerate(chosen, start=1):
        item = PlanItem(
            id=ROW + number,
            launch=launch.id,
            plan=plan.id,
            variant=row.id,
            start="2026-12-07",
            finish="2026-12-22",
            rank=number,
            gain=0.1 / number,
            gain_per_day=0.01 / number,
            p_ready=0.9,
        )
        items.append(item)
        for stretch, days in ((0, "2026-12-07 2026-12-11"), (1, "2026-12-14 2026-12-22")):
            first, last = days.split()
            team = teams[(number + stretch) % len(teams)]
            work.append(
                PlanWork(
                    id=ROW + 100 + 2 * number + stretch,
                    launch=launch.id,
                    item=item.id,
                    team=team,
                    start=first,
                    finish=last,
                    days=1.5 + number * 0.37 + stretch,
                )
            )
    return with_rows(inputs, plan=(plan,), plan_item=tuple(items), plan_work=tuple(work)), launch.id


def with_rows(inputs, **tables):
    return inputs.with_rows(tables, inputs.head)


def exported(inputs, launch, path):
    results = compute(inputs, launch, ROW, draws=200)
    write(path, inputs, results, ROW)
    return results


@functools.cache
def held(book):
    return opened(book, values=False)


@functools.cache
def places(book, sheet, title):
    """{code: cell} of a column of a list, by the code in its row."""
    rows = list(held(book)[sheet].iter_rows(min_row=4))
    header = next(row for row in rows if title in [cell.value for cell in row])
    names = [cell.value for cell in header]
    code = names.index("Code") if "Code" in names else 0
    below = [row for row in rows if int(row[0].row or 0) > int(header[0].row or 0) and row[code].value]
    return {str(row[code].value): (sheet, row[names.index(title)].coordinate) for row in below}


def statuses(inputs, launch, wanted):
    """Inputs in which these variants (codes) have these standings."""
    known = {row.variant: row for row in inputs.rows(Standing, launch)}
    for number, (code, status) in enumerate(wanted.items()):
        variant = inputs.find(MitigationVariant, code).id
        fresh = Standing(id=ROW + 900 + number, launch=launch, variant=variant)
        known[variant] = dataclasses.replace(known.get(variant, fresh), status=status)
    others = [row for row in inputs.rows(Standing) if row.launch != launch]
    return with_rows(inputs, standing=(*others, *known.values()))


@pytest.fixture(scope="module")
def book(sample, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "live.xlsx"
    inputs, launch = sample
    exported(inputs, launch, path)
    return path


def test_that_every_formula_of_the_sample_comes_out_the_same(book, tmp_path):
    theirs = cells(recalculated(spoiled(book, tmp_path / "given.xlsx"), tmp_path))
    live = formulas(book)
    assert len(live) > 4_000
    assert not differences(cells(book), theirs, live, absolute=ROUNDING)


def test_that_changed_inputs_come_to_what_the_program_says_of_them(sample, book, tmp_path):
    inputs, launch = sample
    codes = [inputs.get(MitigationVariant, row.variant).code for row in inputs.rows(PlanItem)]
    wanted = dict(
        zip(codes[::3], ("done", "in_place", "started", "done", "dropped", "in_place", "done", "planned"), strict=False)
    )
    typed = {places(book, "Workplan", "Status")[code]: STANDINGS[name] for code, name in wanted.items()}
    then = statuses(inputs, launch, wanted)

    efforts = places(book, "Workplan", "Effort")
    longer = {
        row.id: 1.75 for row in inputs.rows(PlanItem) if inputs.get(MitigationVariant, row.variant).code in codes[:5]
    }
    work = tuple(dataclasses.replace(row, days=row.days * longer.get(row.item, 1.0)) for row in inputs.rows(PlanWork))
    then = with_rows(then, plan_work=work)
    for code in codes[:5]:
        item = next(row.id for row in inputs.rows(PlanItem) if inputs.get(MitigationVariant, row.variant).code == code)
        typed[efforts[code]] = sum(row.days for row in work if row.item == item)

    chosen = next(row for row in inputs.rows(Launch)).weight_set
    sets = {row.code: row for row in inputs.rows(WeightSet, launch)}
    weights = dataclasses.replace(sets[chosen], technical=0.35, reputational=0.9)
    then = with_rows(then, weight_set=tuple(weights if row.code == chosen else row for row in sets.values()))
    typed[weight_cells(book, chosen)["Weight, technical"]] = 0.35
    typed[weight_cells(book, chosen)["Weight, reputational"]] = 0.9

    taken = [row[1] for row in sorted(capacity_cells(book))]
    typed |= dict.fromkeys(taken, 0.45)
    then = with_rows(then, capacity=tuple(dataclasses.replace(row, committed=0.45) for row in inputs.rows(Capacity)))

    for record, sheet, title, field in (
        (Gate, "Gates", "Threshold", "threshold"),
        (Tolerance, "Limits", "At most", "limit"),
    ):
        rows = []
        for number, row in enumerate(inputs.rows(record, launch)):
            value = getattr(row, field) * (0.2, 3.0)[number % 2]
            value = min(value, 0.99) if record is Gate else value
            if record is Gate or row.probability is None:
                typed[places(book, sheet, title)[row.code]] = value
                rows.append(dataclasses.replace(row, **{field: value}))
            else:
                rows.append(row)
        then = with_rows(then, **{record.table: tuple(rows)})

    results = exported(then, launch, tmp_path / "ours.xlsx")
    ours = cells(tmp_path / "ours.xlsx")
    theirs = cells(recalculated(changed(book, tmp_path / "theirs.xlsx", typed), tmp_path))
    fixed = {places(book, "Limits", "Today, verdict")[row.code] for row in results.tolerances if row.measure in BURDENS}
    live = [place for place in formulas(tmp_path / "ours.xlsx") if place[0] in COMPUTED and place not in fixed]
    assert len(live) > 3_000
    found = differences(ours, theirs, live, absolute=ROUNDING)
    assert not found
    assert_the_register_says(theirs, book, results)
    before = cells(book)
    assert sum(before[place] != theirs[place] for place in live if place in before) > 500


def test_that_an_item_that_does_not_count_is_a_plan_without_it(sample, book, tmp_path):
    inputs, launch = sample
    items = inputs.rows(PlanItem)
    gone = {row.id: inputs.get(MitigationVariant, row.variant).code for row in items[1::4]}
    typed = {places(book, "Workplan", "Counted")[code]: "no" for code in gone.values()}
    kept = tuple(row for row in items if row.id not in gone)
    work = tuple(row for row in inputs.rows(PlanWork) if row.item not in gone)
    results = compute(with_rows(inputs, plan_item=kept, plan_work=work), launch, ROW, draws=0)
    theirs = cells(recalculated(changed(book, tmp_path / "theirs.xlsx", typed), tmp_path))
    assert_the_register_says(theirs, book, results)


def test_that_another_weight_set_can_be_put_in_use(sample, book, tmp_path):
    inputs, launch = sample
    other = next(row for row in inputs.rows(WeightSet, launch) if row.code != inputs.rows(Launch)[0].weight_set)
    rows = {cell.value: cell for row in held(book)["Trade-offs"].iter_rows(max_col=1) for cell in row}
    typed = {("Trade-offs", f"B{rows['Weight set in use'].row}"): other.code}
    swings = {row.criterion: row for row in inputs.rows(SwingWeight) if row.weight_set == other.id}
    assert swings
    theirs = cells(recalculated(changed(book, tmp_path / "theirs.xlsx", typed), tmp_path))
    then = with_rows(inputs, launch=(dataclasses.replace(inputs.rows(Launch)[0], weight_set=other.code),))
    results = exported(then, launch, tmp_path / "ours.xlsx")
    ours = cells(tmp_path / "ours.xlsx")
    live = [place for place in formulas(tmp_path / "ours.xlsx") if place[0] in ("Mitigations", "Trade-offs")]
    found = differences(ours, theirs, live, absolute=ROUNDING)
    assert not found
    gains = places(book, "Mitigations", addresses.GAIN)
    for row in results.mitigations:
        assert theirs[gains[row.variant]] == pytest.approx(row.gain, rel=1e-6, abs=1e-12)


def weight_cells(book, code):
    sheet = held(book)["Trade-offs"]
    rows = list(sheet.iter_rows())
    header = next(row for row in rows if row[0].value == "Set")
    row = next(row for row in rows if row[0].value == code)
    return {cell.value: ("Trade-offs", row[place].coordinate) for place, cell in enumerate(header) if cell.value}


def capacity_cells(book):
    sheet = held(book)["Load"]
    top = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "Capacity")
    return [
        (row, ("Load", f"D{row}")) for row in range(top + 1, sheet.max_row + 1) if sheet[f"D{row}"].value is not None
    ]


def assert_the_register_says(theirs, book, results):
    """Technical under three overlaps, reputational and rank of every scenario, and the totals, are the program's."""
    for row in results.scenarios:
        for state, overlaps in row.states.items():
            words = state
            for overlap, title in (("beta", ""), ("independent", " (independent)"), ("comonotone", " (all coincide)")):
                place = places(book, "Register", f"Technical, {words}{title}")[row.code]
                wanted = None if overlaps is None else getattr(overlaps, overlap)
                assert theirs.get(place) == (None if wanted is None else pytest.approx(wanted, rel=1e-6, abs=1e-12)), (
                    place
                )
            place = places(book, "Register", f"Reputational, {words}")[row.code]
            wanted = row.reputational_states[state]
            assert theirs.get(place) == (None if wanted is None else pytest.approx(wanted, rel=1e-6, abs=1e-12)), place
        if row.rank is not None:
            assert theirs[places(book, "Register", "Rank")[row.code]] == row.rank.rank
