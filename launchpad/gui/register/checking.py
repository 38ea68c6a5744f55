"""What the quality checks find in the taxonomies of a project, as rows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from launchpad.edits.taxonomy_effects import to_judge_anew
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.theme import Tone
from launchpad.records import Inputs, RiskArea, TaxonomyRelease
from launchpad.taxonomies.own import examples_of, tree_of
from launchpad.taxonomies.quality import MISSING, WRONG, Found, findings


def tr(text: str) -> str:
    """Words of the checks in the person's language."""
    return QCoreApplication.translate("register", text)


def found_in(inputs: Inputs) -> tuple[Found, ...]:
    """The findings of every taxonomy that has areas now, what is wrong first."""
    examples = examples_of(inputs)
    found: list[Found] = []
    for release in inputs.rows(TaxonomyRelease):
        if inputs.children(RiskArea, "release", release.id):
            found.extend(findings(tree_of(inputs, release), examples))
    found.extend(Found("relabel", MISSING, (code,), said) for code, said in to_judge_anew(inputs))
    return tuple(sorted(found, key=lambda one: one.weight != WRONG))


def kind_word(kind: str) -> str:
    """What sort of finding it is, in a word or two."""
    known = {
        "cycle": tr("Circle"),
        "orphan": tr("Orphan"),
        "dangling": tr("Successor"),
        "code": tr("Codes alike"),
        "one_meaning": tr("One meaning twice"),
        "broad": tr("Too broad"),
        "definition": tr("Definition missing"),
        "counter_example": tr("Example missing"),
        "relabel": tr("To judge anew"),
    }
    return known.get(kind, kind)


def weight_word(weight: str) -> str:
    """Whether something is wrong or only missing."""
    return tr("Wrong") if weight == WRONG else tr("Missing")


def columns() -> list[Column]:
    """How bad, of what sort, which areas, in words."""

    def tone(row: Row) -> Tone | None:
        return "bad" if row.figures["weight"] == weight_word(WRONG) else "warn"

    def icon(row: Row) -> str:
        return "notmet" if row.figures["weight"] == weight_word(WRONG) else "inconclusive"

    return [
        figure_column("weight", tr("Weight"), right=False, width=13, tone=tone, icon=icon),
        figure_column("kind", tr("Kind"), right=False, width=20),
        figure_column("codes", tr("Areas"), right=False, width=20, tone=lambda _row: "accent"),
        figure_column("words", tr("What"), right=False, width=80),
    ]


def rows(found: tuple[Found, ...], kind: str = "") -> list[Row]:
    """One row for each finding of a kind, or of all; its id is its place among them."""
    return [
        Row(
            place,
            {},
            {
                "weight": weight_word(one.weight),
                "kind": kind_word(one.kind),
                "codes": ", ".join(one.codes[:4]) + (" …" if len(one.codes) > 4 else ""),
                "words": one.words,
            },
        )
        for place, one in enumerate(found)
        if kind in ("", one.kind)
    ]
