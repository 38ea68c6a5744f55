"""The numbers of the chart of technical against reputational risk: a dot for each scenario or mitigation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from launchpad.gui import words
from launchpad.gui.tradeoffs.axes import Scale, fitted
from launchpad.gui.tradeoffs.numbers import Study, tr

if TYPE_CHECKING:
    from launchpad.results.moves import Amount, Pair

Shape = Literal["full", "hollow"]


def state_words() -> Mapping[str, str]:
    """What the three states are called, in the course of a sentence."""
    return {
        "inherent": tr("without safeguards"),
        "current": tr("as things stand"),
        "planned": tr("with the plan"),
    }


@dataclass(frozen=True, slots=True)
class Dot:
    """One scenario or mitigation: where it is now, where it came from if it moved, and both in words."""

    code: str
    name: str
    now: Pair
    before: Pair | None
    shape: Shape
    told: str


@dataclass(frozen=True, slots=True)
class Cloud:
    """Dots by falling technical amount, the scales that hold them all, and what is written beside."""

    dots: tuple[Dot, ...]
    scales: tuple[Scale, Scale]
    titles: tuple[str, str]
    legend: str

    def place_of(self, code: str | None) -> int | None:
        """The place of a dot, None when it is not there."""
        return next((place for place, dot in enumerate(self.dots) if dot.code == code), None)


NOTHING = Cloud((), (Scale(), Scale()), ("", ""), "")


def comparisons(study: Study) -> list[tuple[str, str]]:
    """The pairs of states that can be compared, the most telling first."""
    if study.state == "planned":
        return [("current", "planned"), ("inherent", "current"), ("inherent", "planned")]
    return [("inherent", "current")]


def scenarios(study: Study, before: str, after: str) -> Cloud:
    """Every scenario that is summed, in two states."""
    names, states = study.names, state_words()
    dots = [
        Dot(
            code,
            names[code],
            pairs[after],
            pairs[before],
            "full",
            _moved(f"{code}  {names[code]}", pairs, before, after),
        )
        for code, pairs in study.moves.scenarios.items()
        if after in pairs and before in pairs
    ]
    legend = tr("○ {0}   ● {1}   lines: 90 % intervals").format(states[before], states[after])
    return _cloud(dots, (tr("Technical risk, harm units →"), tr("↑ Reputational risk")), legend)


def mitigations(study: Study) -> Cloud:
    """Every mitigation by what it takes away on its own."""
    names = study.names
    on = {row.code: row.on for row in study.results.mitigations}
    dots = [
        Dot(
            code,
            names[code],
            pair,
            None,
            "full" if on[code] else "hollow",
            _taken(code, names[code], pair, on=on[code]),
        )
        for code, pair in study.moves.mitigations.items()
    ]
    titles = (tr("Technical risk it takes away, harm units →"), tr("↑ Reputational risk it takes away"))
    legend = tr("● in place or done   ○ not yet   below 0: it adds   lines: 90 % intervals")
    return _cloud(dots, titles, legend)


def _cloud(dots: list[Dot], titles: tuple[str, str], legend: str) -> Cloud:
    dots.sort(key=lambda dot: (-dot.now[0].mean, dot.code))
    return Cloud(tuple(dots), (fitted(_ends(dots, 0)), fitted(_ends(dots, 1))), titles, legend)


def _ends(dots: Iterable[Dot], side: int) -> list[float | None]:
    """What the scale must hold: means and high ends. Low ends near 0 may be cut, or the dots would have no room."""
    pairs = [pair for dot in dots for pair in (dot.now, dot.before) if pair is not None]
    least = min((pair[side].mean for pair in pairs), default=0.0)
    floor = least / 3 if least > 0 else None
    lows = [low for pair in pairs if (low := pair[side].low) is not None and (floor is None or low >= floor)]
    return [*lows, floor, *(end for pair in pairs for end in (pair[side].mean, pair[side].high))]


def amount_words(amount: Amount) -> str:
    """An amount with its interval."""
    spread = words.span(amount.low, amount.high)
    return f"{words.number(amount.mean)} ({spread})" if spread else words.number(amount.mean)


def _moved(title: str, pairs: Mapping[str, Pair], before: str, after: str) -> str:
    states = state_words()
    lines = [title]
    for side, name in enumerate((tr("Technical"), tr("Reputational"))):
        lines.append(
            f"{name}: {amount_words(pairs[before][side])} {states[before]} → "
            f"{amount_words(pairs[after][side])} {states[after]}"
        )
    return "\n".join(lines)


def _taken(code: str, name: str, pair: Pair, *, on: bool) -> str:
    stands = tr("in place or done") if on else tr("not yet")
    technical = tr("Takes away technical: {0}").format(amount_words(pair[0]))
    reputational = tr("Takes away reputational: {0}").format(amount_words(pair[1]))
    return f"{code}  {name} ({stands})\n{technical}\n{reputational}"
