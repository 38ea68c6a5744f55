"""The workbook: everything a person without Launchpad needs, its totals live."""

import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from launchpad.export import (
    cover,
    dictionary,
    effects,
    evidence,
    gantt,
    gates,
    keys,
    left_out,
    limits,
    load,
    method,
    register,
    scores,
    stories,
    switches,
    teams,
    tradeoffs,
    work,
    workplan,
)
from launchpad.export.addresses import Addresses
from launchpad.export.cached import with_values
from launchpad.export.facts import Facts
from launchpad.export.loads import Load, load_of
from launchpad.export.sheet import Formula, Page
from launchpad.export.stories import stories_of
from launchpad.export.style import styles
from launchpad.export.text import clean
from launchpad.export.wiring import wired
from launchpad.records import Team

_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
SHEET_NAME_LIMIT = 31
BEFORE_TEAMS = ("Cover", "Workplan")
AFTER_TEAMS = (
    "Gantt",
    "Load",
    "Register",
    "Evidence",
    "Trade-offs",
    "Gates",
    "Limits",
    "Left out",
    "Method",
    "Data dictionary",
    "Mitigations",
    "Effects",
    "Scores",
    "Stories",
    "Work",
)


def workbook(facts: Facts, author: str = "") -> bytes:
    """The workbook of a launch and, where there is one, its plan, as the bytes of an .xlsx file."""
    book = Workbook()
    del book[book.active.title if book.active else "Sheet"]
    for style in styles():
        book.add_named_style(style)
    pages = _fill(book, facts)
    book.properties.title = clean(f"Workplan: {facts.launch.name}")
    book.properties.creator = clean(author) or "Launchpad"
    book.properties.created = book.properties.modified = facts.made.replace(tzinfo=None, microsecond=0)
    keys.sign(book, facts)
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    places = {f"xl/worksheets/sheet{number}.xml": page.cached for number, page in enumerate(pages, start=1)}
    return with_values(saved.getvalue(), places)


def _fill(book: Workbook, facts: Facts) -> list[Page]:
    """Make every page in the order of the tabs; the cover is written last, from the others' totals."""
    names = [*BEFORE_TEAMS, *_team_names(facts), *AFTER_TEAMS]
    pages = {name: Page(book.create_sheet(name)) for name in names}
    asked = load_of(facts)
    at = Addresses(wired(facts))
    told = stories_of(at.wiring)
    workplan.fill(pages["Workplan"], facts)
    for team, name in zip(facts.teams, _team_names(facts), strict=True):
        teams.fill(pages[name], facts, team, load.available_to(facts, asked, team, pages["Load"]))
    gantt.fill(pages["Gantt"], facts)
    load.fill(pages["Load"], facts, asked)
    register.fill(pages["Register"], facts, at)
    evidence.fill(pages["Evidence"], facts)
    tradeoffs.fill(pages["Trade-offs"], at, _loads(facts, asked, pages["Load"]))
    gates.fill(pages["Gates"], facts)
    limits.fill(pages["Limits"], facts, at)
    left_out.fill(pages["Left out"], facts)
    method.fill(pages["Method"], facts)
    dictionary.fill(pages["Data dictionary"])
    switches.fill(pages["Mitigations"], at)
    effects.fill(pages["Effects"], at)
    scores.fill(pages["Scores"], at, told)
    stories.fill(pages["Stories"], at, told)
    work.fill(pages["Work"], facts, asked)
    cover.fill(pages["Cover"], facts, pages)
    return list(pages.values())


def _loads(facts: Facts, asked: Load, page: Page) -> list[tuple[Team, Formula, Formula]]:
    """What each team is asked and can give, as live references to the load."""
    return [
        (team, load.used_by(facts, asked, team, page), load.available_to(facts, asked, team, page))
        for team in facts.teams
    ]


def _team_names(facts: Facts) -> list[str]:
    names: list[str] = []
    for team in facts.teams:
        names.append(sheet_name(team.name, [*BEFORE_TEAMS, *AFTER_TEAMS, *names]))
    return names


def sheet_name(title: str, taken: list[str]) -> str:
    """The title as a sheet may be called: without forbidden characters, short, and unlike any other."""
    plain = _FORBIDDEN.sub("-", clean(title)).strip("' ")[:SHEET_NAME_LIMIT] or "Sheet"
    name, number = plain, 1
    known = {other.casefold() for other in taken}
    while name.casefold() in known or name.casefold() == "history":
        number += 1
        name = f"{plain[: SHEET_NAME_LIMIT - 4]} ({number})"
    return name
