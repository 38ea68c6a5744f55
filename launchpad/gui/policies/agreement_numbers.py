"""How far raters agree under each clause: the cells of the heat map, the raters one by one, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from launchpad.edits.clauses import in_decision_order
from launchpad.edits.settle import Tally, gold_of, tallies
from launchpad.errors import LaunchpadError
from launchpad.gui.jobs import Progress
from launchpad.gui.policies.study import tr
from launchpad.intake.ratings import Ratings
from launchpad.records import Example, Inputs, Label, PolicyVersion
from launchpad.statistics import wilson

if TYPE_CHECKING:
    from launchpad.results.agreement import Agreement
    from launchpad.results.labels import LabelField
    from launchpad.statistics.classification import Measures

Against = Literal["gold", "others", "pairs"]
Measure = Literal["percent", "kappa"]
ALL, NO_CLAUSE = "", "\N{EM DASH}"
MOST_PAIRS = 28


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled example: its clause, what each rater said, what was settled, and who is right or defensible."""

    example: Example
    clause: str
    said: Mapping[str, str]
    cited: Mapping[str, str]
    gold: str | None
    defensible: str | None

    @property
    def differs(self) -> bool:
        """Whether two raters, or a rater and the settled label, say different things."""
        return len({*self.said.values(), *([self.gold] if self.gold else [])}) > 1

    def stands(self, rater: str) -> str:
        """How a rater's answer stands to the settled one: same, defensible, wrong, or open while nothing is settled."""
        if self.gold is None:
            return "open"
        if self.said[rater] == self.gold:
            return "same"
        cites = self.cited.get(rater)
        return "defensible" if self.defensible is not None and cites == self.defensible else "wrong"


@dataclass(frozen=True, slots=True)
class Cell:
    """Agreement under one clause in one column: of `n` items `same` have one label; kappa None where not defined."""

    n: int
    same: float
    kappa: float | None

    @property
    def percent(self) -> float | None:
        """The share that agrees; None without an item."""
        return self.same / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share (Wilson 1927)."""
        low, high = wilson(self.same, self.n)
        return float(low), float(high)

    def value(self, measure: Measure) -> float | None:
        """What the map shows."""
        return self.percent if measure == "percent" else self.kappa


@dataclass(frozen=True, slots=True)
class Map:
    """A heat map: clauses down (all of them first), raters or pairs across, and the cells that have items."""

    clauses: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    cells: Mapping[tuple[str, tuple[str, ...]], Cell]


@dataclass(frozen=True, slots=True)
class AgreementStudy:
    """All there is to show of one label under one version; `refused` says why there are no statistics."""

    items: tuple[Item, ...]
    raters: tuple[str, ...]
    maps: Mapping[Against, Map]
    summary: Agreement | None
    refused: str
    tallies: Mapping[str, Tally]
    measures: Mapping[str, Measures]

    @property
    def disagreements(self) -> list[Item]:
        """Items on which raters differ: those with a wrong answer first, then what is not settled, then defensible."""
        order = {"wrong": 0, "open": 1, "defensible": 2, "same": 3}

        def rank(item: Item) -> tuple[int, str]:
            return min(order[item.stands(rater)] for rater in item.said), item.example.code

        return sorted((item for item in self.items if item.differs and item.said), key=rank)


def agreement_study(inputs: Inputs, version: PolicyVersion, field: LabelField) -> AgreementStudy:
    """What the labels of a version say of its clauses and of those who gave them, the drawn statistics left out."""
    items = labelled(inputs, version, field)
    raters = tuple(sorted({rater for item in items for rater in item.said}))
    codes = [row.code for row in in_decision_order(inputs, version)]
    order = (ALL, *codes, *sorted({item.clause for item in items} - {*codes}))
    maps: dict[Against, Map] = {
        "gold": mapped(items, order, [(rater,) for rater in raters], _with_gold),
        "others": mapped(items, order, [(rater,) for rater in raters], _with_others),
        "pairs": mapped(items, order, list(combinations(raters, 2))[:MOST_PAIRS], _with_each_other),
    }
    rows = [item.example for item in items]
    counted = {one.rater: one for one in tallies(inputs, version, rows)} if field == "violation" else {}
    found = measured(items, raters) if field == "violation" else {}
    return AgreementStudy(items, raters, maps, None, "", counted, found)


def with_summary(study: AgreementStudy, progress: Progress | None = None) -> AgreementStudy:
    """The same with the statistics over all raters, their intervals drawn; or why there are none."""
    summary, refused = _summary(study.items, study.raters, progress)
    return replace(study, summary=summary, refused=refused)


def labelled(inputs: Inputs, version: PolicyVersion, field: str) -> tuple[Item, ...]:
    """The examples of the policy that anyone labelled in this field under this version."""
    found: list[Item] = []
    for example in inputs.children(Example, "policy", version.policy):
        rows = [row for row in inputs.children(Label, "example", example.id) if row.policy_version == version.id]
        given = [row for row in rows if not row.gold and getattr(row, field) is not None]
        gold = gold_of(inputs, example, version)
        settled = None if gold is None else getattr(gold, field)
        if given or settled is not None:
            said = {row.rater: str(getattr(row, field)) for row in given}
            cited = {row.rater: row.clause for row in given if row.clause is not None}
            clause = example.clause or (gold.clause if gold is not None else None) or NO_CLAUSE
            defensible = None if gold is None else gold.defensible
            found.append(Item(example, clause, said, cited, None if settled is None else str(settled), defensible))
    return tuple(found)


Pairs = list[tuple[str, str]]


def mapped(
    items: Sequence[Item],
    clauses: Sequence[str],
    columns: Sequence[tuple[str, ...]],
    pairs: Callable[[Item, tuple[str, ...]], Pairs],
) -> Map:
    """The map whose cells compare the pairs of labels that `pairs` gives of an item in a column."""
    found: dict[tuple[str, tuple[str, ...]], Pairs] = {}
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for item in items:
        for column in columns:
            compared = pairs(item, column)
            for clause in (ALL, item.clause) if compared else ():
                found.setdefault((clause, column), []).extend(compared)
                counts[clause, column] += 1
    kept = tuple(clause for clause in clauses if clause == ALL or any((clause, one) in found for one in columns))
    cells = {place: _cell(compared, counts[place]) for place, compared in found.items()}
    return Map(kept, tuple(columns), cells)


def _cell(compared: Pairs, items: int) -> Cell:
    """A cell from its pairs of labels; where an item gives several, its share of them that agree counts."""
    same = sum(one == other for one, other in compared)
    return Cell(items, same * items / len(compared), kappa_of(compared))


def kappa_of(compared: Pairs) -> float | None:
    """Agreement beyond chance of pairs of labels (Cohen 1960); None where it is not defined."""
    from launchpad.statistics.agreement import cohen_kappa

    labels = {label: place for place, label in enumerate(sorted({label for pair in compared for label in pair}))}
    table = [[0] * len(labels) for _ in labels]
    for one, other in compared:
        table[labels[one]][labels[other]] += 1
    return cohen_kappa(table)


def _with_gold(item: Item, column: tuple[str, ...]) -> Pairs:
    (rater,) = column
    return [(item.said[rater], item.gold)] if rater in item.said and item.gold is not None else []


def _with_others(item: Item, column: tuple[str, ...]) -> Pairs:
    (rater,) = column
    if rater not in item.said:
        return []
    return [(item.said[rater], said) for other, said in item.said.items() if other != rater]


def _with_each_other(item: Item, column: tuple[str, ...]) -> Pairs:
    one, other = column
    return [(item.said[one], item.said[other])] if one in item.said and other in item.said else []


def _summary(items: Iterable[Item], raters: tuple[str, ...], progress: Progress | None) -> tuple[Agreement | None, str]:
    from launchpad.results.agreement import agreement

    rows = [item for item in items if item.said]
    if not rows:
        return None, tr("Nobody has labelled an example under this version yet.")
    labels = tuple(tuple(item.said.get(rater) for rater in raters) for item in rows)
    given = Ratings(tuple(item.example.code for item in rows), raters, labels)

    def tell(share: float) -> None:
        if progress is not None:
            progress(share, tr("Drawing items anew"))

    try:
        return agreement(given, progress=tell), ""
    except LaunchpadError as error:
        return None, str(error)


def measured(items: Sequence[Item], raters: Sequence[str]) -> dict[str, Measures]:
    """Recall, false-positive rate and the others of each rater against the settled answers."""
    from launchpad.statistics.classification import confusion, measures

    code = {"violates": 1, "safe": 0}
    found: dict[str, Measures] = {}
    for rater in raters:
        mine = [item for item in items if rater in item.said and item.gold in code]
        if mine:
            truth = [code[item.gold or ""] for item in mine]
            found[rater] = measures(confusion(truth, [code.get(item.said[rater], -1) for item in mine]))
    return found


def under(study: AgreementStudy, clause: str, column: tuple[str, ...]) -> list[Item]:
    """The disagreements in one cell of a map: of a clause (all where ALL), that one of these raters has a part in."""
    return [
        item
        for item in study.disagreements
        if clause in (ALL, item.clause) and (not column or any(rater in item.said for rater in column))
    ]
