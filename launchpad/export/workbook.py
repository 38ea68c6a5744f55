"""The workbook: everything a person without Launchpad needs, its totals live."""

import io
import re
from datetime import UTC, datetime

from openpyxl import Workbook

from launchpad.export import cover, dictionary, evidence, gates, load, method, register, workplan
from launchpad.export.cached import with_values
from launchpad.export.facts import Facts
from launchpad.export.sheet import Page
from launchpad.export.style import styles
from launchpad.export.text import clean
from launchpad.records import Inputs, Plan
from launchpad.results import Results

_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
SHEET_NAME_LIMIT = 31


def workbook(inputs: Inputs, results: Results, plan_id: int | None, *, author: str = "") -> bytes:
    """The workbook of a launch and, where there is one, its plan, as the bytes of an .xlsx file."""
    plan = None if plan_id is None else inputs.get(Plan, plan_id)
    facts = Facts(inputs, results.launch, results, plan, datetime.now(UTC))
    book = Workbook()
    del book[book.active.title if book.active else "Sheet"]
    for style in styles():
        book.add_named_style(style)
    pages = _fill(book, facts)
    book.properties.title = clean(f"Workplan: {results.launch.name}")
    book.properties.creator = clean(author) or "Launchpad"
    book.properties.created = book.properties.modified = facts.made.replace(tzinfo=None, microsecond=0)
    saved = io.BytesIO()
    book.save(saved)
    places = {f"xl/worksheets/sheet{number}.xml": page.cached for number, page in enumerate(pages, start=1)}
    return with_values(saved.getvalue(), places)


def _fill(book: Workbook, facts: Facts) -> list[Page]:
    """Make every page in the order of the tabs; the cover is written last, from the others' totals."""
    pages: dict[str, Page] = {}

    def page(title: str) -> Page:
        pages[title] = Page(book.create_sheet(sheet_name(title, list(pages))))
        return pages[title]

    front = page("Cover")
    workplan.fill(page("Workplan"), facts)
    for team in facts.teams:
        workplan.fill_team(page(sheet_name(team.name, list(pages))), facts, team)
    load_page = page("Load")
    load.fill(load_page, facts, load.load_of(facts))
    register.fill(page("Register"), facts)
    evidence.fill(page("Evidence"), facts)
    gates.fill(page("Gates"), facts)
    workplan.fill_left_out(page("Left out"), facts)
    method.fill(page("Method"), facts)
    dictionary.fill(page("Data dictionary"))
    cover.fill(front, facts, pages, load.used_cell(facts, None))
    return list(pages.values())


def sheet_name(title: str, taken: list[str]) -> str:
    """The title as a sheet may be called: without forbidden characters, short, and unlike any other."""
    plain = _FORBIDDEN.sub("-", clean(title)).strip("' ")[:SHEET_NAME_LIMIT] or "Sheet"
    name, number = plain, 1
    known = {other.casefold() for other in taken}
    while name.casefold() in known or name.casefold() == "history":
        number += 1
        name = f"{plain[: SHEET_NAME_LIMIT - 4]} ({number})"
    return name
