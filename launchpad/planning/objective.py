"""What a plan is measured by: residual risk as a share of today's, exact for any set of items.

Every part is convex in the log of what the chosen items leave over, and what one more item takes off a family
shrinks as the family grows (it is submodular), which is what makes the cuts of `cuts.py` bounds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log, log1p, prod

LEAST_MISS = 1e-9


@dataclass(frozen=True, slots=True)
class Slot:
    """One mitigation in a cell: the miss it has today (1 when absent), and the miss of each item it may become."""

    today: float
    misses: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One family of misses at one stage of one scenario; `shared` is the share b of failures they have in common."""

    shared: float
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One scenario's part of the objective as a function of z, the log of what is taken off today's rate.

    Technical: today x exp(-z). Reputational (`nu` is given): today x ln(1 + nu exp(-z)) / ln(1 + nu).
    z is the sum of the credits of its cells and of its items' own credits.
    """

    name: str
    today: float
    nu: float | None
    cells: tuple[int, ...]
    credits: tuple[tuple[int, float], ...]

    def value(self, z: float) -> float:
        """The part that is left at z."""
        if self.nu is None:
            return self.today * exp(-z)
        return self.today * log1p(self.nu * exp(-z)) / log1p(self.nu)

    def slope(self, z: float) -> float:
        """How fast it falls at z; never above 0."""
        if self.nu is None:
            return -self.today * exp(-z)
        left = self.nu * exp(-z)
        return -self.today * left / (1 + left) / log1p(self.nu)


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most a quantity can be."""

    low: float
    high: float


@dataclass(frozen=True)
class Objective:
    """The objective over a set of items: the sum of its terms, of each item's own cost, and a constant."""

    cells: tuple[Cell, ...]
    terms: tuple[Term, ...]
    costs: tuple[float, ...]
    constant: float = 0.0

    @cached_property
    def slot_of(self) -> dict[int, tuple[tuple[int, int, float], ...]]:
        """For each item: the cell, the slot and the miss it brings."""
        found: dict[int, list[tuple[int, int, float]]] = {}
        for number, cell in enumerate(self.cells):
            for place, slot in enumerate(cell.slots):
                for item, miss in slot.misses:
                    found.setdefault(item, []).append((number, place, miss))
        return {item: tuple(places) for item, places in found.items()}

    @cached_property
    def terms_of_cell(self) -> tuple[tuple[int, ...], ...]:
        """For each cell: the terms it is part of."""
        found: list[list[int]] = [[] for _ in self.cells]
        for number, term in enumerate(self.terms):
            for cell in term.cells:
                found[cell].append(number)
        return tuple(tuple(terms) for terms in found)

    @cached_property
    def credits_of(self) -> dict[int, tuple[tuple[int, float], ...]]:
        """For each item: the terms it credits on its own, and by how much."""
        found: dict[int, list[tuple[int, float]]] = {}
        for number, term in enumerate(self.terms):
            for item, credit in term.credits:
                found.setdefault(item, []).append((number, credit))
        return {item: tuple(terms) for item, terms in found.items()}

    @cached_property
    def best(self) -> tuple[tuple[float, ...], ...]:
        """For each cell the least miss of each of its slots."""
        return tuple(
            tuple(min([slot.today, *(miss for _, miss in slot.misses)]) for slot in cell.slots) for cell in self.cells
        )

    @cached_property
    def cell_ranges(self) -> tuple[Range, ...]:
        """The least and the most credit of each cell."""
        found: list[Range] = []
        for cell, best in zip(self.cells, self.best, strict=True):
            worst = [max([slot.today, *(miss for _, miss in slot.misses)]) for slot in cell.slots]
            found.append(Range(credited(cell, worst), credited(cell, best)))
        return tuple(found)

    @cached_property
    def term_ranges(self) -> tuple[Range, ...]:
        """The least and the most z of each term."""
        found: list[Range] = []
        for term in self.terms:
            cells = [self.cell_ranges[cell] for cell in term.cells]
            low = sum(each.low for each in cells) + sum(min(0.0, credit) for _, credit in term.credits)
            high = sum(each.high for each in cells) + sum(max(0.0, credit) for _, credit in term.credits)
            found.append(Range(low, high))
        return tuple(found)

    @property
    def floor(self) -> float:
        """What no selection can go below, whatever the rules: every term at its most credit, every gain taken."""
        terms = zip(self.terms, self.term_ranges, strict=True)
        return (
            self.constant + sum(term.value(reach.high) for term, reach in terms) + sum(min(0.0, c) for c in self.costs)
        )

    def levels(self, cell: int, chosen: Iterable[int]) -> tuple[float, ...]:
        """The miss of each slot of a cell under a choice of items."""
        taken = frozenset(chosen)
        return tuple(
            min((miss for item, miss in slot.misses if item in taken), default=slot.today)
            for slot in self.cells[cell].slots
        )

    def depths(self, chosen: Iterable[int]) -> list[float]:
        """Z of every term under a choice of items."""
        taken = frozenset(chosen)
        credit = [credited(cell, self.levels(number, taken)) for number, cell in enumerate(self.cells)]
        return [
            sum(credit[cell] for cell in term.cells) + sum(own for item, own in term.credits if item in taken)
            for term in self.terms
        ]

    def value(self, chosen: Iterable[int]) -> float:
        """The objective of a choice of items; 1 with nothing chosen when every weight has a risk to act on."""
        taken = frozenset(chosen)
        left = sum(term.value(z) for term, z in zip(self.terms, self.depths(taken), strict=True))
        return self.constant + left + sum(self.costs[item] for item in taken)


def left_over(shared: float, misses: Sequence[float]) -> float:
    """What a family lets through: (1 - b) x product + b x smallest (IEC 61508-6, beta factor)."""
    return (1 - shared) * prod(misses) + shared * min(misses)


def credited(cell: Cell, levels: Sequence[float]) -> float:
    """The log of what a cell takes off today's rate when its slots have these misses."""
    today = [slot.today for slot in cell.slots]
    return log(left_over(cell.shared, today)) - log(left_over(cell.shared, levels))


@dataclass(frozen=True, slots=True)
class Step:
    """What adding items would change: the misses of cells, z of terms, and the objective by how much."""

    levels: dict[int, tuple[float, ...]]
    depths: dict[int, float]
    change: float


class Tally:
    """A choice of items that grows, with its objective kept up to date."""

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self.chosen: set[int] = set()
        self.levels = [tuple(slot.today for slot in cell.slots) for cell in objective.cells]
        self.depths = [0.0] * len(objective.terms)
        self.value = objective.value(())

    def step(self, added: Iterable[int]) -> Step:
        """What adding these items would change; nothing changes yet."""
        levels: dict[int, tuple[float, ...]] = {}
        depths: dict[int, float] = {}
        change = 0.0
        for item in set(added) - self.chosen:
            change += self.objective.costs[item]
            for cell, place, miss in self.objective.slot_of.get(item, ()):
                now = levels.get(cell, self.levels[cell])
                levels[cell] = (*now[:place], miss, *now[place + 1 :])
            for term, credit in self.objective.credits_of.get(item, ()):
                depths[term] = depths.get(term, self.depths[term]) + credit
        for number, after in levels.items():
            shared = self.objective.cells[number].shared
            credit = log(left_over(shared, self.levels[number])) - log(left_over(shared, after))
            for term in self.objective.terms_of_cell[number]:
                depths[term] = depths.get(term, self.depths[term]) + credit
        for term, z in depths.items():
            change += self.objective.terms[term].value(z) - self.objective.terms[term].value(self.depths[term])
        return Step(levels, depths, change)

    def add(self, added: Iterable[int]) -> None:
        """Add items."""
        taken = set(added)
        step = self.step(taken)
        for cell, levels in step.levels.items():
            self.levels[cell] = levels
        for term, z in step.depths.items():
            self.depths[term] = z
        self.value += step.change
        self.chosen |= taken
