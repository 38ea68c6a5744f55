"""The cover: what is launched, what the plan does to its risk, which gates are met, and where it all came from."""

from datetime import date

from openpyxl.styles import Alignment
from openpyxl.worksheet.properties import PageSetupProperties

from launchpad import __version__
from launchpad.export import decided, gates, keys, load, register, weights, workplan
from launchpad.export.facts import Facts, at, day
from launchpad.export.handling import name_of, reason_of
from launchpad.export.sheet import A4, LINE_HEIGHT, Content, Formula, Page, colour_verdicts, lines_of_text, put
from launchpad.records import Gate
from launchpad.results import STATES

WIDTHS = (44, 19, 19, 19, 19)
LAST = len(WIDTHS)
FIRST_TASKS = 5
OVERLAP_LABELS = {
    "beta": "Technical risk (failures partly coincide)",
    "independent": "   if safeguards failed independently",
    "comonotone": "   if they all failed together",
}
TAILS = {
    "var95": "Loss passed in one draw of twenty (VaR 95 %)",
    "cvar95": "Mean loss of those draws (CVaR 95 %)",
}
Line = tuple[str, Content, str]


def fill(page: Page, facts: Facts, pages: dict[str, Page]) -> None:
    """Write the cover; its totals are live references to the other pages."""
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        page.sheet.column_dimensions[letter].width = width
    put(page, 1, 1, facts.launch.name, "title")
    page.sheet.row_dimensions[1].height = 28
    put(page, 2, 1, _summary(facts), "note")
    row = _decided(page, facts, 4)
    row = _dates(page, facts, row + 1)
    row = _risk(page, facts, pages["Register"], row + 1)
    row = _gates(page, facts, pages["Gates"], row + 1)
    row = _work(page, facts, pages["Load"], row + 1)
    row = _first(page, facts, row + 1)
    _origin(page, facts, row + 1)
    _print(page)


def _summary(facts: Facts) -> str:
    if facts.plan is None:
        return workplan.NO_PLAN
    now, then = facts.results.totals["current"], facts.results.totals["planned"]
    if now is None or then is None or now.technical <= 0:
        return f"{facts.plan.name}."
    less = 1 - then.technical / now.technical
    change = f"takes {less:.0%} off" if less >= 0 else f"adds {-less:.0%} to"
    met = sum(gate.good for gate in facts.results.gates)
    return (
        f"{facts.plan.name} {change} today's technical risk. "
        f"{met} of {len(facts.results.gates)} gates are met as things stand."
    )


def _decided(page: Page, facts: Facts, row: int) -> int:
    """What was decided, as high as its words need."""
    put(page, row, 1, "Decision", "section")
    line = row
    for line, (label, words) in enumerate(decided.lines_of(facts), start=row + 1):
        put(page, line, 1, label, "label")
        _across(page, line, 2, words)
        page.sheet.row_dimensions[line].height = LINE_HEIGHT * lines_of_text(words, sum(WIDTHS[1:]))
    return line + 1


def _dates(page: Page, facts: Facts, row: int) -> int:
    launch = facts.launch
    due, seen = day(launch.launch_date), day(launch.as_of)
    left: Content = None
    if isinstance(due, date) and isinstance(seen, date):
        left = Formula(f"=B{row + 2}-B{row + 5}", float((due - seen).days))
    model = launch.model if launch.snapshot is None else f"{launch.model}, {launch.snapshot}"
    lines: tuple[Line, ...] = (
        ("Model", model, "text"),
        ("Launch date", due, "date"),
        ("Freeze", day(launch.freeze_date), "date"),
        ("Buffer before the freeze", launch.buffer_days, "calendar"),
        ("Figures as of", seen, "date"),
        ("Days left to the launch", left, "calendar"),
    )
    return _pairs(page, row, "Launch", lines)


def _risk(page: Page, facts: Facts, source: Page, row: int) -> int:
    put(page, row, 1, "Risk before and after", "section")
    put(page, row + 1, 1, "", "header")
    for column, title in enumerate(("No safeguards", "Today", "With the plan", "Change by the plan"), start=2):
        put(page, row + 1, column, title, "header right")
    titles = [
        *((label, overlap, "technical") for overlap, label in OVERLAP_LABELS.items()),
        ("Reputational risk", "", "reputational"),
    ]
    for line, (label, overlap, kind) in enumerate(titles, start=row + 2):
        put(page, line, 1, label, "text")
        for column, state in enumerate(STATES, start=2):
            title = (
                register.technical_title(state, overlap) if kind == "technical" else f"{register.REPUTATIONAL}{state}"
            )
            _reference(page, line, column, source, title)
        _change(page, line)
    return _tails(page, facts, row + 2 + len(titles))


def _reference(page: Page, row: int, column: int, source: Page, title: str) -> None:
    cell = register.total_cell(title)
    value = source.cached.get(cell.replace("$", ""))
    put(page, row, column, None if value is None else Formula(f"={source.ref}!{cell}", value), "amount")


def _change(page: Page, row: int) -> None:
    """The planned state against today's, live; empty without a plan."""
    now, then = page.cached.get(f"C{row}"), page.cached.get(f"D{row}")
    live = None
    if isinstance(now, float) and isinstance(then, float):
        live = Formula(f"=IF(C{row}>0,D{row}/C{row}-1,0)", then / now - 1 if now > 0 else 0.0)
    put(page, row, 5, live, "share")


def _tails(page: Page, facts: Facts, row: int) -> int:
    """What the draws say of a bad case: fixed numbers, said to be so."""
    for line, (name, label) in enumerate(TAILS.items(), start=row):
        put(page, line, 1, label, "text")
        for column, state in enumerate(STATES, start=2):
            total = facts.results.totals[state]
            put(page, line, column, None if total is None else float(getattr(total, name)), "amount")
        put(page, line, 5, None, "text")
    note = (
        f"Units of harm ({facts.harm_unit}) over {facts.launch.horizon_days} days, catastrophic scenarios apart. "
        f"The bad case comes from {facts.results.draws:,} draws, seed {facts.results.seed}, and is not live."
    )
    below = row + len(TAILS)
    put(page, below, 1, note, "note")
    return below + 1


def _gates(page: Page, facts: Facts, source: Page, row: int) -> int:
    results = facts.results.gates
    met = Formula(f"={source.ref}!{gates.met_cell()}", float(sum(gate.good for gate in results)))
    put(page, row, 1, "Gates", "section")
    put(page, row + 1, 1, "Met as things stand", "label")
    count = put(page, row + 1, 2, met, "whole")
    count.number_format = f'0" of {len(results)}"'
    count.alignment = Alignment(horizontal="left", indent=1)
    for column, title in enumerate(("Gate", "Verdict", "Why", "", ""), start=1):
        put(page, row + 2, column, title, "header")
    last = row + 2
    for number, result in enumerate(results, start=1):
        last = row + 2 + number
        gate = facts.inputs.find(Gate, result.code, facts.launch.id)
        name = f"{gate.code} {name_of(facts.inputs, gate)}"
        put(page, last, 1, name, "wrap")
        reason = reason_of(facts.inputs, gate, result)
        put(page, last, 2, gates.verdict_of(source, number, facts), "verdict")
        _across(page, last, 3, reason)
        lines = max(lines_of_text(name, WIDTHS[0]), lines_of_text(reason, sum(WIDTHS[2:])))
        page.sheet.row_dimensions[last].height = LINE_HEIGHT * lines
    if results:
        colour_verdicts(page, f"$B${row + 3}:$B${last}")
    else:
        last += 1
        put(page, last, 1, "No gates were set.", "label")
    return last + 1


def _work(page: Page, facts: Facts, source: Page, row: int) -> int:
    plan, share = facts.plan, facts.results.assumed_share
    used = load.used_cell(facts)
    days = source.cached.get(used.replace("$", ""))
    lines: tuple[Line, ...] = (
        ("Plan", plan and f"{plan.code} {plan.name}", "text"),
        ("Weight set in use", Formula("=weight_set", facts.launch.weight_set or weights.DEFAULTS), "text"),
        ("Planned effort", None if days is None else Formula(f"={source.ref}!{used}", days), "days"),
        ("Weighted risk left, as a share of today's", plan and plan.objective, "percent"),
        ("No plan can leave less than", plan and plan.bound, "percent"),
        ("Gap between the two, as a share of the first", plan and plan.gap, "percent"),
        ("Share of today's technical risk that rests on assumptions", share, "share"),
    )
    return _pairs(page, row, "Plan", lines)


def _first(page: Page, facts: Facts, row: int) -> int:
    """The first tasks of the plan: what, by whom, from when to when."""
    if not facts.tasks:
        return row - 1
    put(page, row, 1, "First in priority", "section")
    for column, (title, kind) in enumerate(
        (
            ("What", "header"),
            ("Teams", "header"),
            ("", "header"),
            ("Start", "header right"),
            ("Finish", "header right"),
        ),
        start=1,
    ):
        put(page, row + 1, column, title, kind)
    line = row + 1
    for line, task in enumerate(facts.tasks[:FIRST_TASKS], start=row + 2):
        what, teams = f"{task.code} {task.name}", facts.teams_of(task.item)
        put(page, line, 1, what, "wrap")
        _across(page, line, 2, teams, until=3)
        put(page, line, 4, day(task.item.start), "date")
        put(page, line, 5, day(task.item.finish), "date")
        lines = max(lines_of_text(what, WIDTHS[0]), lines_of_text(teams, sum(WIDTHS[1:3])))
        page.sheet.row_dimensions[line].height = LINE_HEIGHT * lines
    return line + 1


def _origin(page: Page, facts: Facts, row: int) -> int:
    plan = facts.plan
    lines: tuple[Line, ...] = (
        ("Project", facts.project, "text"),
        ("Journal head", facts.inputs.head, "text"),
        ("Hash of the scored inputs", facts.results.input_hash, "text"),
        ("Hash of the planned inputs", plan and plan.input_hash, "text"),
        ("Draws and seed", f"{facts.results.draws:,} draws, seed {facts.results.seed}", "text"),
        ("Program", f"Launchpad {__version__}, workbook format {keys.FORMAT}", "text"),
        ("Exported", at(facts.made), "text"),
    )
    return _pairs(page, row, "Where this came from", lines)


def _pairs(page: Page, row: int, title: str, lines: tuple[Line, ...]) -> int:
    put(page, row, 1, title, "section")
    for offset, (label, content, kind) in enumerate(lines, start=1):
        put(page, row + offset, 1, label, "label")
        cell = put(page, row + offset, 2, content, kind)
        cell.alignment = Alignment(horizontal="left", vertical="top", indent=1)
        _across(page, row + offset, 3, None)
    return row + len(lines) + 1


def _across(page: Page, row: int, column: int, content: Content, until: int = LAST) -> None:
    """Put content into a cell and, where there is any, let it run over those to its right."""
    for each in range(column, until + 1):
        put(page, row, each, content if each == column else None, "wrap" if content else "text")
    if content is not None:
        page.sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=until)


def _print(page: Page) -> None:
    sheet = page.sheet
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
