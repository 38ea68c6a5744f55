"""Risks that have no home in the taxonomy yet: as rows, and which areas may take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from launchpad.gui import words
from launchpad.gui.columns import Column, Row, field_column
from launchpad.records import CrosswalkLink, Inputs, RiskArea, UnknownRisk
from launchpad.records.taxonomy import RISK_INTAKE
from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.differences import normal_name

OPEN = "open"
OPEN_STATES = ("new", "triaged")
LEAST_SHARE = 0.3
NEAREST = 4
SMALL = frozenset({"and", "or", "of", "the", "a", "an", "in", "to", "for", "with", "on", "by", "other"})


def tr(text: str) -> str:
    """Words of the intake in the person's language."""
    return QCoreApplication.translate("register", text)


def columns(inputs: Callable[[], Inputs]) -> list[Column]:
    """What it is, where it came from, what became of it; name and description can be edited."""

    def of(name: str, width: int, *, fixed: bool = False) -> Column:
        return field_column(inputs, UnknownRisk, name, width=width, read_only=fixed)

    return [
        of("code", 8, fixed=True),
        of("name", 34),
        of("status", 18, fixed=True),
        of("area", 10, fixed=True),
        of("source", 24),
        of("found_on", 12),
        of("reason", 30, fixed=True),
        of("description", 34),
    ]


def counts(inputs: Inputs) -> Mapping[str, int]:
    """How many risks there are of each status, and how many wait (new or being looked at)."""
    counted = Counter(row.status for row in inputs.rows(UnknownRisk))
    return {OPEN: sum(counted[state] for state in OPEN_STATES), **{state: counted[state] for state in RISK_INTAKE}}


def rows(inputs: Inputs, status: str) -> list[Row]:
    """The risks of a status; `open` for those that wait, nothing for all."""
    wanted = OPEN_STATES if status == OPEN else (status,)
    return [
        Row(row.id, {UnknownRisk.table: row}) for row in inputs.rows(UnknownRisk) if not status or row.status in wanted
    ]


def state_words(state: str) -> str:
    """A status as the list of statuses shows it."""
    return tr("Waiting") if state == OPEN else words.translate("records", RISK_INTAKE[state])


@dataclass(frozen=True)
class Near:
    """An area that may take a risk, and why."""

    area: RiskArea
    why: str


def near(inputs: Inputs, risk: UnknownRisk) -> list[Near]:
    """The areas that may take a risk: linked to what it lies under where it came from, then by words in common."""
    found = {one.area.id: one for one in _by_links(inputs, risk)}
    mine = _words(risk.name)
    shares: list[tuple[float, RiskArea]] = []
    for area in inputs.rows(RiskArea):
        theirs = _words(area.name)
        share = len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0
        if share >= LEAST_SHARE and area.status != "deprecated":
            shares.append((share, area))
    for share, area in sorted(shares, key=lambda pair: (-pair[0], pair[1].code)):
        found.setdefault(area.id, Near(area, tr("{0} of the words in common").format(words.percent(share))))
    return list(found.values())[:NEAREST]


def _by_links(inputs: Inputs, risk: UnknownRisk) -> list[Near]:
    taxonomy, concept = origin(risk)
    known = bundled()[taxonomy].tree.by_code() if taxonomy in bundled() else {}
    parents = known[concept].parents if concept in known else ()
    links = [
        link
        for link in inputs.rows(CrosswalkLink)
        if link.taxonomy == taxonomy and link.concept in parents and link.relation in ("exact", "close", "narrow")
    ]
    return [
        Near(area, tr("covers {0}, under which it lies").format(link.concept))
        for link in links
        if (area := inputs.get(RiskArea, link.area)).status != "deprecated"
    ]


def origin(risk: UnknownRisk) -> tuple[str, str]:
    """The published list and the code a risk came from; nothing for one that came from elsewhere."""
    taxonomy, at, rest = (risk.source or "").partition("@")
    code = rest.partition(":")[2] if at else ""
    return (taxonomy, code) if code else ("", "")


def _words(name: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in normal_name(name).split()) - SMALL
