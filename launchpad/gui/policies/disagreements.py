"""The list of examples on which raters differ: what was settled, who said what, and whether that can be defended."""

from __future__ import annotations

from collections.abc import Sequence

from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.policies.agreement_map import clause_words
from launchpad.gui.policies.agreement_numbers import Item
from launchpad.gui.policies.study import tr
from launchpad.gui.theme import Tone
from launchpad.records.policies import REQUEST_RISK, STYLES, VIOLATION

STANDS: dict[str, tuple[str, Tone]] = {
    "wrong": ("notmet", "bad"),
    "open": ("inconclusive", "warn"),
    "defensible": ("fit", "info"),
    "same": ("met", "good"),
}


def stands_words(stands: str, under: str | None = None) -> str:
    """How an answer stands to the settled one, in words."""
    return {
        "wrong": tr("Wrong"),
        "open": tr("Not settled"),
        "defensible": tr("Defensible under {0}").format(under) if under else tr("Defensible"),
        "same": tr("As settled"),
    }[stands]


def label_words(value: str | None) -> str:
    """A label as people read it, whichever of the three it is."""
    for choices in (VIOLATION, REQUEST_RISK, STYLES):
        if value in choices:
            return words.translate("records", choices[value])
    return value or words.NOTHING


def worst(item: Item) -> str:
    """How the answers to an example stand at worst."""
    found = {item.stands(rater) for rater in item.said}
    return next((stands for stands in STANDS if stands in found), "same")


def said_by(item: Item) -> str:
    """Who said what of an example, each answer once with those who gave it."""
    by_label: dict[str, list[str]] = {}
    for rater, label in item.said.items():
        by_label.setdefault(label, []).append(rater)
    return "; ".join(f"{label_words(label)}: {', '.join(raters)}" for label, raters in by_label.items())


def rows(items: Sequence[Item]) -> list[Row]:
    """A row for each example."""
    return [
        Row(
            item.example.id,
            {"example": item.example},
            {
                "code": item.example.code,
                "clause": clause_words(item.clause),
                "stands": stands_words(worst(item), item.defensible),
                "worst": worst(item),
                "gold": label_words(item.gold),
                "said": said_by(item),
            },
        )
        for item in items
    ]


def columns() -> list[Column]:
    """The columns of the list."""
    return [
        figure_column("code", tr("Example"), right=False, width=11),
        figure_column("clause", tr("Clause"), right=False, width=9),
        figure_column(
            "stands",
            tr("At worst"),
            right=False,
            width=16,
            help=tr(
                "Wrong: another answer than the settled one. Defensible: it cites the clause that is named for it."
            ),
            tone=lambda row: STANDS[str(row.figures["worst"])][1],
            icon=lambda row: STANDS[str(row.figures["worst"])][0],
        ),
        figure_column("gold", tr("Settled as"), right=False, width=16),
        figure_column("said", tr("Who said what"), right=False, width=46),
    ]
