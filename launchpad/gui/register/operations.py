"""What can be done to risk areas: each operation with its words, its keys, and what it needs to be chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from launchpad.edits.taxonomy import Operation
from launchpad.edits.taxonomy_effects import KEEP, MAP, RELABEL
from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.theme import Tone
from launchpad.records import TABLES, Inputs, RiskArea, TaxonomyRelease
from launchpad.records.taxonomy import RELATIONS


def tr(text: str) -> str:
    """Words of the operations in the person's language."""
    return QCoreApplication.translate("register", text)


@dataclass(frozen=True)
class Kind:
    """One operation as menus show it: it takes `least` to `most` areas, deprecated ones if `gone`."""

    name: str
    text: str
    keys: str = ""
    icon: str | None = None
    least: int = 1
    most: int | None = 1
    gone: bool = False


def kinds() -> Sequence[Kind | None]:
    """The operations in the order of the menus; None is a line between two."""
    return (
        Kind("add", tr("&Add below …"), "Ins", "add", least=0),
        Kind("rename", tr("Re&name …"), "F2"),
        Kind("redefine", tr("Re&define …")),
        None,
        Kind("move", tr("&Move to …"), most=None),
        Kind("split", tr("&Split …")),
        Kind("merge", tr("M&erge into …"), most=None),
        None,
        Kind("deprecate", tr("De&precate …"), "Del", "remove", most=None),
        Kind("restore", tr("&Restore …"), most=None, gone=True),
    )


def kind_named(name: str) -> Kind:
    """The operation of this name."""
    return next(kind for kind in kinds() if kind is not None and kind.name == name)


def may(kind: Kind, inputs: Inputs, areas: Sequence[RiskArea]) -> str:
    """Why an operation cannot be done to these areas as they are; empty when it can."""
    if len(areas) < kind.least:
        return tr("Choose a risk area first.")
    if kind.most is not None and len(areas) > kind.most:
        return tr("Choose one risk area only.")
    released = {area.release for area in areas if inputs.get(TaxonomyRelease, area.release).status != "draft"}
    if released:
        names = ", ".join(inputs.get(TaxonomyRelease, row).code for row in sorted(released))
        return tr("{0} is released and no longer changes. Draft the next release first.").format(names)
    wrong = [area.code for area in areas if (area.status == "deprecated") != kind.gone]
    if wrong and kind.gone:
        return tr("{0} is in use: only a deprecated area is restored.").format(wrong[0])
    return tr("{0} is deprecated. Restore it first.").format(wrong[0]) if wrong else ""


def relation_words(name: str) -> str:
    """A relation from the old area to the new, with what it means for labels and evidence."""
    said = {
        "exact": tr("The same: labels and evidence move"),
        "close": tr("Nearly the same: labels and evidence move"),
        "broad": tr("Broader than before: labels and evidence move"),
        "narrow": tr("Narrower than before: labels must be given anew"),
        "related": tr("Only related: labels must be given anew"),
    }
    return said[name]


def short_relation(name: str) -> str:
    """How a new area stands to the old one, in a word or two."""
    said = {
        "exact": tr("The same"),
        "close": tr("Nearly the same"),
        "broad": tr("Broader"),
        "narrow": tr("Narrower"),
        "related": tr("Only related"),
    }
    return said[name]


def meaning_words(name: str) -> str:
    """A relation of a new meaning to the old one of the same area, with what it means for labels and evidence."""
    said = {
        "exact": tr("The same, said otherwise: labels and evidence stay"),
        "close": tr("Nearly the same: labels and evidence stay"),
        "broad": tr("Broader than before: labels and evidence stay"),
        "narrow": tr("Narrower than before: labels must be given anew"),
        "related": tr("Another meaning: labels must be given anew"),
    }
    return said[name]


def relations() -> list[str]:
    """The relations from the nearest on."""
    return list(RELATIONS)


def carried_word(carried: str) -> str:
    """What becomes of a record, in a word or two."""
    return {KEEP: tr("Stays"), MAP: tr("Moves"), RELABEL: tr("Judge anew")}[carried]


def effect_columns() -> list[Column]:
    """What, which, what becomes of it, where it goes, and why."""

    def tone(row: Row) -> Tone | None:
        return "warn" if row.figures["carried"] == carried_word(RELABEL) else None

    return [
        figure_column("what", tr("What"), right=False, width=16),
        figure_column("which", tr("Which"), right=False, width=26),
        figure_column("carried", tr("Becomes"), right=False, width=11, tone=tone),
        figure_column("to", tr("Goes to"), right=False, width=11),
        figure_column("why", tr("Note"), right=False, width=30),
    ]


def effect_rows(operations: Sequence[Operation]) -> list[Row]:
    """One row for each record an operation has an effect on."""
    found = [effect for one in operations for effect in one.effects]
    return [
        Row(
            place,
            {},
            {
                "what": words.translate("records", TABLES[effect.table].label),
                "which": effect.address,
                "carried": carried_word(effect.carried),
                "to": effect.to or "",
                "why": words.translate("register", effect.words) if effect.words else "",
            },
        )
        for place, effect in enumerate(found)
    ]


def summary(operations: Sequence[Operation]) -> str:
    """How many records stay, move and must be judged anew, in a sentence."""
    counts = Counter(effect.carried for one in operations for effect in one.effects)
    if not counts:
        return tr("Nothing hangs on it: no label, no evidence and no policy is touched.")
    said = {
        KEEP: tr("{0} stay as they are"),
        MAP: tr("{0} move"),
        RELABEL: tr("{0} must be judged anew"),
    }
    parts = [said[carried].format(words.number(counts[carried])) for carried in said if counts[carried]]
    return tr("Of what hangs on it, {0}.").format(", ".join(parts))
