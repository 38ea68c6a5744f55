"""The cover: what is launched, what the plan does to its risk, which gates are met, and where it all came from."""

from datetime import date

from openpyxl.styles import Alignment
from openpyxl.worksheet.properties import PageSetupProperties

from launchpad import __version__
from launchpad.export import register, workplan
from launchpad.export.facts import Facts, at, day
from launchpad.export.sheet import Content, Formula, Page, put
from launchpad.export.style import VERDICTS
from launchpad.results import STATES

WIDTHS = (30, 20, 20, 20, 20)
OVERLAP_LABELS = {
    "beta": "Technical risk (failures partly coincide)",
    "independent": "  if safeguards failed independently",
    "comonotone": "  if they all failed together",
}


def fill(page: Page, facts: Facts, pages: dict[str, Page], used: str) -> None:
    """Write the cover; its totals are live references to the other pages, `used` the cell of all planned effort."""
    sheet = page.sheet
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    put(page, 1, 1, facts.launch.name, "title")
    put(page, 2, 1, _summary(facts), "note")
    row = _dates(page, facts, 4)
    row = _risk(page, facts, pages["Register"], row + 1)
    row = _work(page, facts, pages["Load"], used, row + 1)
    row = _gates(page, facts, row + 1)
    _origin(page, facts, row + 1)
    _print(page)


def _summary(facts: Facts) -> str:
    if facts.plan is None:
        return workplan.NO_PLAN
    now, then = facts.results.totals["current"], facts.results.totals["planned"]
    if now is None or then is None or now.technical <= 0:
        return f"{facts.plan.name}."
    less = 1 - then.technical / now.technical
    met = sum(gate.good for gate in facts.results.gates)
    return (
        f"{facts.plan.name} takes {less:.0%} off today's technical risk. "
        f"{met} of {len(facts.results.gates)} gates are met as things stand."
    )


def _dates(page: Page, facts: Facts, row: int) -> int:
    launch = facts.launch
    due, seen = day(launch.launch_date), day(launch.as_of)
    left = (due - seen).days if isinstance(due, date) and isinstance(seen, date) else None
    return _pairs(
        page,
        row,
        "Launch",
        (
            ("Model", launch.model, "text"),
            ("Launch date", due, "date"),
            ("Freeze", day(launch.freeze_date), "date"),
            ("Buffer before the freeze", launch.buffer_days, "calendar"),
            ("Figures as of", seen, "date"),
            ("Days left to the launch", left, "calendar"),
        ),
    )


def _risk(page: Page, facts: Facts, source: Page, row: int) -> int:
    put(page, row, 1, "Risk before and after", "section")
    for column, title in enumerate(("", "No safeguards", "Today", "With the plan"), start=1):
        put(page, row + 1, column, title, "header right" if column > 1 else "header")
    lines = [(label, overlap) for overlap, label in OVERLAP_LABELS.items()]
    for offset, (label, overlap) in enumerate(lines, start=2):
        put(page, row + offset, 1, label, "text")
        for column, state in enumerate(STATES, start=2):
            _reference(page, row + offset, column, source, register.technical_title(state, overlap))
    last = row + 2 + len(lines)
    put(page, last, 1, "Reputational risk", "text")
    for column, state in enumerate(STATES, start=2):
        _reference(page, last, column, source, f"{register.REPUTATIONAL}{state}")
    put(
        page,
        last + 1,
        1,
        f"In units of harm ({facts.harm_unit}) over {facts.launch.horizon_days} days.",
        "note",
    )
    return last + 2


def _reference(page: Page, row: int, column: int, source: Page, title: str) -> None:
    cell = register.total_cell(title)
    value = source.cached.get(cell.replace("$", ""))
    put(page, row, column, "-" if value is None else Formula(f"={source.ref}!{cell}", value), "amount")


def _work(page: Page, facts: Facts, load: Page, used: str, row: int) -> int:
    plan, share = facts.plan, facts.results.assumed_share
    days = load.cached.get(used.replace("$", ""))
    lines: tuple[tuple[str, Content, str], ...] = (
        ("Plan", plan and f"{plan.code} {plan.name}", "text"),
        ("Planned effort", None if days is None else Formula(f"={load.ref}!{used}", days), "days"),
        ("Objective (share of today's risk left)", plan and plan.objective, "percent"),
        ("No plan can do better than", plan and plan.bound, "percent"),
        ("Gap", plan and plan.gap, "percent"),
        ("Share that rests on assumptions", share, "share"),
    )
    return _pairs(page, row, "Plan", lines)


def _gates(page: Page, facts: Facts, row: int) -> int:
    put(page, row, 1, "Gates", "section")
    for column, title in enumerate(("Gate", "Verdict", "Why"), start=1):
        put(page, row + 1, column, title, "header")
    page.sheet.merge_cells(start_row=row + 1, end_row=row + 1, start_column=3, end_column=5)
    last = row + 1
    for last, gate in enumerate(facts.results.gates, start=row + 2):
        put(page, last, 1, f"{gate.code} {gate.name}", "wrap")
        put(page, last, 2, gate.verdict, f"{VERDICTS[gate.verdict]} verdict")
        put(page, last, 3, gate.reason, "wrap")
        page.sheet.merge_cells(start_row=last, end_row=last, start_column=3, end_column=5)
        page.sheet.row_dimensions[last].height = 14 * (1 + len(gate.reason) // 66)
    if not facts.results.gates:
        put(page, last + 1, 1, "No gates were set.", "label")
        last += 1
    return last + 1


def _origin(page: Page, facts: Facts, row: int) -> int:
    plan = facts.plan
    lines: tuple[tuple[str, Content, str], ...] = (
        ("Project", facts.project, "text"),
        ("Journal head", facts.inputs.head, "text"),
        ("Hash of the scored inputs", facts.results.input_hash, "text"),
        ("Hash of the planned inputs", plan and plan.input_hash, "text"),
        ("Draws and seed", f"{facts.results.draws:,} draws, seed {facts.results.seed}", "text"),
        ("Program", f"Launchpad {__version__}", "text"),
        ("Exported", at(facts.made), "text"),
    )
    return _pairs(page, row, "Where this came from", lines)


def _pairs(page: Page, row: int, title: str, lines: tuple[tuple[str, Content, str], ...]) -> int:
    put(page, row, 1, title, "section")
    for offset, (label, content, kind) in enumerate(lines, start=1):
        put(page, row + offset, 1, label, "label")
        cell = put(page, row + offset, 2, "-" if content is None else content, kind)
        cell.alignment = Alignment(horizontal="left", vertical="top")
    return row + len(lines) + 1


def _print(page: Page) -> None:
    sheet = page.sheet
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
