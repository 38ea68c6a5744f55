"""Two releases compared: a row for each thing that happened to a risk area, with why where that is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from launchpad.edits.areas import lineage
from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.register.releases import tree_at
from launchpad.records import AreaChange, Inputs, RiskArea, TaxonomyRelease, field_of
from launchpad.taxonomies.differences import KINDS, Difference, differences
from launchpad.taxonomies.tree import Concept, Tree

OPERATION_OF = {"add": "add", "remove": "deprecate"}


def tr(text: str) -> str:
    """Words of the comparison in the person's language."""
    return QCoreApplication.translate("register", text)


@dataclass(frozen=True)
class Compared:
    """Two releases as trees, what differs, and the operations recorded on the way from the one to the other."""

    before: Tree
    after: Tree
    found: tuple[Difference, ...]
    recorded: Mapping[str, tuple[AreaChange, ...]]

    def counts(self) -> Mapping[str, int]:
        """How many of each kind, in the order of the kinds."""
        counted = Counter(one.kind for one in self.found)
        return {kind: counted[kind] for kind in KINDS if counted[kind]}

    def why(self, one: Difference) -> AreaChange | None:
        """The operation behind a difference; None where none was recorded."""
        wanted = OPERATION_OF.get(one.kind, one.kind)
        known = [row for row in self.recorded.get(one.code, ()) if row.kind == wanted]
        if not known and one.kind == "add":
            splits = [row for rows in self.recorded.values() for row in rows if row.kind == "split"]
            known = [row for row in splits if one.code in [part.strip() for part in (row.others or "").split(",")]]
        return known[-1] if known else None


def comparable(inputs: Inputs) -> list[TaxonomyRelease]:
    """The releases whose areas are known: kept ones and those of now."""
    return [
        row
        for row in inputs.rows(TaxonomyRelease)
        if row.snapshot is not None or inputs.children(RiskArea, "release", row.id)
    ]


def first_pair(inputs: Inputs) -> tuple[TaxonomyRelease, TaxonomyRelease] | None:
    """A release that follows another, with that other before it; the newest draft first."""
    rows = {row.code: row for row in comparable(inputs)}
    pairs = [(rows[row.previous], row) for row in rows.values() if row.previous in rows]
    return max(pairs, key=lambda pair: (pair[1].status == "draft", len(lineage(inputs, pair[1]))), default=None)


def compared(inputs: Inputs, before: TaxonomyRelease, after: TaxonomyRelease) -> Compared:
    """What led from one release to another."""
    old, new = tree_at(inputs, before), tree_at(inputs, after)
    recorded: dict[str, list[AreaChange]] = {}
    for release in reversed(lineage(inputs, after)):
        if release.id == before.id:
            recorded.clear()
            continue
        for row in sorted(inputs.children(AreaChange, "release", release.id), key=lambda one: one.place):
            recorded.setdefault(inputs.get(RiskArea, row.area).code, []).append(row)
    return Compared(old, new, differences(old, new), {code: tuple(rows) for code, rows in recorded.items()})


def kind_word(kind: str) -> str:
    """What happened, in a word."""
    return words.translate("records", KINDS[kind])


def field_word(name: str | None) -> str:
    """What a field of a risk area is called; parents and codes are no fields of their own."""
    if name is None:
        return ""
    special = {"parents": tr("Parents"), "code": tr("Code"), "status": tr("Status")}
    declared = field_of(RiskArea, name)
    return special.get(name) or (words.translate("records", declared.label) if declared is not None else name)


def columns() -> list[Column]:
    """What happened, to which area, in which field, and which others take part."""
    return [
        figure_column("kind", tr("What"), right=False, width=14),
        figure_column("code", tr("Code"), right=False, width=13),
        figure_column("name", tr("Name"), right=False, width=30),
        figure_column("field", tr("Field"), right=False, width=16),
        figure_column("others", tr("Others"), right=False, width=22),
    ]


def rows(shown: Compared, kind: str = "") -> list[Row]:
    """One row for each difference of a kind, or of all; its id is its place among them."""
    return [
        Row(
            place,
            {},
            {
                "kind": kind_word(one.kind),
                "code": one.code,
                "name": one.name,
                "field": field_word(one.field) if one.kind == "redefine" else "",
                "others": ", ".join(one.others),
            },
        )
        for place, one in enumerate(shown.found)
        if kind in ("", one.kind)
    ]


def sides(shown: Compared, one: Difference) -> tuple[str, str]:
    """The two texts of a difference: of the field, the places with their names, or the whole definition."""
    old, new = shown.before.by_code(), shown.after.by_code()
    if one.kind == "move":
        return _places(one.before, old, new), _places(one.after, new, old)
    if one.kind == "add":
        return "", _defined(one.code, new)
    if one.kind in ("remove", "merge", "split", "deprecate"):
        heirs = "\n".join(f"{code}  {new[code].name}" for code in one.others if code in new)
        return f"{one.code}  {old[one.code].name}" if one.code in old else one.name, heirs
    return one.before or "", one.after or ""


def _places(codes: str | None, first: Mapping[str, Concept], second: Mapping[str, Concept]) -> str:
    parts = [code.strip() for code in (codes or "").split(",") if code.strip()]
    named = [(code, first.get(code) or second.get(code)) for code in parts]
    return "\n".join(f"{code}  {one.name}" if one is not None else code for code, one in named) or tr("At the top")


def _defined(code: str, known: Mapping[str, Concept]) -> str:
    if code not in known:
        return ""
    one = known[code]
    return "\n".join(text for text in (f"{one.code}  {one.name}", one.plain, one.research, one.prompt) if text)
