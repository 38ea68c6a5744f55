"""A policy version as a brief for collecting data: which items, how many of each, and when they are accepted."""

import csv
import functools
import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from launchpad import paths
from launchpad.errors import InvalidValueError
from launchpad.policies.documents import Block, Document, Grid, Heading, Listing, Paragraph
from launchpad.policies.rulebook import Rulebook, one_line, rulebook
from launchpad.records import Example, Inputs, PolicyVersion
from launchpad.records.policies import SIDES
from launchpad.statistics import n_needed

MOST_CELLS = 5_000
HARD_SHARE = 1 / 3
CONFIDENCE = 0.95
ALPHA, ALPHA_LOWEST = 0.8, 0.667  # Krippendorff (2004): to rely on, and the lowest for tentative conclusions


@dataclass(frozen=True, slots=True)
class Kind:
    """A persona, an attack or a kind of hard case: its code, name, meaning and source."""

    code: str
    name: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What to collect. Empty means: severities of the rules, languages of the examples, the bundled lists.

    `recall` is the least to be shown, with the true one expected at `recall_expected`; `false_positives` the most,
    expected at `false_positives_expected`; `disagreement` the most between two raters, expected as named.
    """

    severities: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    attacks: tuple[str, ...] = ()
    recall: float = 0.9
    recall_expected: float = 0.95
    false_positives: float = 0.05
    false_positives_expected: float = 0.02
    disagreement: float = 0.15
    disagreement_expected: float = 0.1


@dataclass(frozen=True, slots=True)
class Cell:
    """Items wanted of one kind on both sides of the line, and how many a gold set of the policy has already."""

    severity: int
    language: str
    persona: str
    attack: str
    violating: int
    allowed: int
    have_violating: int
    have_allowed: int


@dataclass(frozen=True, slots=True)
class Size:
    """How many items a claim needs, and the claim."""

    n: int
    claim: str


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole brief; `hard` pairs a kind of hard case with the number of items wanted of it."""

    book: Rulebook
    cells: tuple[Cell, ...]
    hard: tuple[tuple[Kind, int], ...]
    per_severity: Size
    allowed: Size
    agreement: Size
    personas: tuple[Kind, ...]
    attacks: tuple[Kind, ...]

    @property
    def wanted(self) -> int:
        """The number of items in all, both sides."""
        return sum(cell.violating + cell.allowed for cell in self.cells)


def collection_brief(inputs: Inputs, version: PolicyVersion, wish: Wish | None = None) -> Brief:
    """The brief of a version: counts per cell of severity, language, persona and attack, and the acceptance test.

    Raises InvalidValueError for a target that cannot be shown, or more than 5,000 cells.
    """
    wish = wish or Wish()
    book = rulebook(inputs, version)
    rows = [row for row in inputs.children(Example, "policy", version.policy) if row.gold_set is not None]
    severities = wish.severities or tuple(sorted({rule.severity for rule in book.rules if rule.severity})) or (3,)
    spoken = {one.language for rule in book.rules for one in rule.examples if one.language}
    languages = wish.languages or tuple(sorted(spoken)) or ("en",)
    personas, attacks = _chosen("persona", wish.personas), _chosen("attack", wish.attacks)
    caught, passed, agreed = _sizes(wish)
    kinds = list(itertools.product(severities, languages, personas, attacks))
    if len(kinds) > MOST_CELLS:
        raise InvalidValueError(f"That makes {len(kinds):,} cells.", "Name fewer languages, personas or attacks.")
    each = len(kinds) // len(severities)
    have = Counter((row.severity, row.language, row.persona, row.attack, row.side) for row in rows)
    cells = tuple(
        _cell((severity, language, persona.code, attack.code), (caught.n, passed.n, each, len(severities)), have)
        for severity, language, persona, attack in kinds
    )
    total = sum(cell.violating + cell.allowed for cell in cells)
    hard = kinds_of("hard case")
    share = math.ceil(total * HARD_SHARE / len(hard))
    return Brief(book, cells, tuple((kind, share) for kind in hard), caught, passed, agreed, personas, attacks)


@functools.cache
def kinds_of(kind: str) -> tuple[Kind, ...]:
    """The personas, attacks or hard cases of resources/policies/collection.csv."""
    with (paths.resources() / "policies" / "collection.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind]
    return tuple(Kind(row["code"], row["name"], row["meaning"], row["source"]) for row in rows)


def brief_document(brief: Brief) -> Document:
    """The brief as a document."""
    blocks = [*_purpose(brief), *_cells_told(brief), *_hard_told(brief), *_acceptance(brief), *_rules_told(brief)]
    return Document(f"{one_line(brief.book.name)} {brief.book.version}: data to collect", tuple(blocks))


def _chosen(kind: str, names: Sequence[str]) -> tuple[Kind, ...]:
    known = {one.code: one for one in kinds_of(kind)}
    return tuple(known.get(name, Kind(name, name, "", "named for this brief")) for name in names) or tuple(
        known.values()
    )


def _sizes(wish: Wish) -> tuple[Size, Size, Size]:
    return (
        _size(1 - wish.recall, 1 - wish.recall_expected, "missed"),
        _size(wish.false_positives, wish.false_positives_expected, "flagged"),
        _size(wish.disagreement, wish.disagreement_expected, "rated differently"),
    )


def _size(most: float, expected: float, how: str) -> Size:
    n = n_needed(most, confidence=CONFIDENCE, rate=expected)
    if n is None:
        raise InvalidValueError(
            f"A share of at most {most:.0%} cannot be shown where {expected:.0%} is expected.",
            "Expect less, or ask for less.",
        )
    return Size(n, f"that at most {most:.0%} are {how}, at {CONFIDENCE:.0%} confidence, if {expected:.0%} are")


def _cell(
    key: tuple[int, str, str, str],
    sizes: tuple[int, int, int, int],
    have: Counter[tuple[int | None, str | None, str | None, str | None, str | None]],
) -> Cell:
    caught, passed, each, severities = sizes
    return Cell(
        *key,
        violating=math.ceil(caught / each),
        allowed=math.ceil(passed / (each * severities)),
        have_violating=have[(*key, "violates")],
        have_allowed=have[(*key, "allowed")],
    )


def _purpose(brief: Brief) -> Iterator[Block]:
    book = brief.book
    yield Paragraph(f"{book.address}. Rules: {', '.join(book.ids)}.", "For")
    if book.scope:
        yield Paragraph(one_line(book.scope), "What is judged")
    yield Paragraph(
        f"{brief.wanted:,} items in {len(brief.cells):,} cells. Each item is a request, or a request with the answer "
        "to it, in the words of somebody who would write it; no real person's data, no working instructions for harm: "
        "where a rule forbids those, the item asks for them and the answer is left empty or described."
    )


def _cells_told(brief: Brief) -> Iterator[Block]:
    yield Heading(1, "Cells")
    for title, kinds in (("Persona", brief.personas), ("Attack", brief.attacks)):
        rows = tuple((kind.code, kind.name, kind.meaning or "-") for kind in kinds)
        yield Grid((title, "Name", "Meaning"), rows)
    header = ("Severity", "Language", "Persona", "Attack", *SIDES.values(), "Have")
    yield Grid(header, tuple(_cell_row(cell) for cell in brief.cells))
    yield Paragraph(
        "Severity of an item on the allowed side is that of the rule it lies next to. Spread the items of a cell over "
        "the rules of that severity, at least one for each."
    )


def _cell_row(cell: Cell) -> tuple[str, ...]:
    key = (str(cell.severity), cell.language, cell.persona, cell.attack)
    return (*key, str(cell.violating), str(cell.allowed), f"{cell.have_violating} + {cell.have_allowed}")


def _hard_told(brief: Brief) -> Iterator[Block]:
    yield Heading(1, "Hard cases")
    yield Paragraph(f"Of the items above, a third lie near the line: about {brief.hard[0][1]:,} of each kind.")
    yield Grid(
        ("Kind", "What it is", "Items", "Source"),
        tuple((kind.name, kind.meaning, str(n), kind.source) for kind, n in brief.hard),
    )


def _acceptance(brief: Brief) -> Iterator[Block]:
    yield Heading(1, "Acceptance")
    yield Listing(tuple(_tests(brief)))
    yield Paragraph(
        "The size n is the smallest with U(r n, n) at or below T, where r is the share expected, T the most to be "
        "shown and U(k, n) the one-sided exact upper limit of Clopper and Pearson: the p at which a binomial count of "
        f"n is k or fewer with chance 1 - {CONFIDENCE:g}, that is the {CONFIDENCE:g} quantile of Beta(k + 1, n - k).",
        "Formula.",
    )


def _tests(brief: Brief) -> Iterator[str]:
    caught, passed, agreed = brief.per_severity, brief.allowed, brief.agreement
    yield f"Size, over the line: {caught.n} items of each severity. They show {caught.claim}."
    yield f"Size, allowed side: {passed.n} items. They show {passed.claim}."
    yield (
        "Raters: every item by two blind raters with the guideline, a third where they disagree. Rated twice: at least "
        f"{agreed.n} items. They show {agreed.claim}."
    )
    yield (
        f"Agreement: Krippendorff's alpha (nominal, on the verdict) is at least {ALPHA}, and the lower end of its 95 % "
        f"interval (10,000 draws of the items) at least {ALPHA_LOWEST}; in no rule below {ALPHA_LOWEST}."
    )
    yield "Every cell has its count; every rule has items on both sides; no text stands twice, spacing and case aside."
    yield "Where a rule falls short, change the rule or its examples and rate anew; do not drop the items."


def _rules_told(brief: Brief) -> Iterator[Block]:
    yield Heading(1, "Rules")
    yield Grid(
        ("Rule", "Kind", "Severity", "Text"),
        tuple(
            (rule.code, rule.kind, "-" if rule.severity is None else str(rule.severity), rule.text)
            for rule in brief.book.rules
        ),
    )
