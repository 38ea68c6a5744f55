"""What the charts of reports show: one panel each, its numbers first and then how they are drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ft2font import FT2Font
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from launchpad.export.facts import Facts, day
from launchpad.export.reports.doubt import doubt
from launchpad.export.reports.risk import RiskFigures, risk
from launchpad.export.reports.words import amount, plain, share
from launchpad.export.reports.words import day as day_words
from launchpad.export.style import HEADER, INK, QUIET, RULE

# Okabe and Ito (2008): told apart by every common colour vision; shape and words say the same.
TODAY, PLANNED, LIMIT = "#D55E00", "#0072B2", "#1B2733"
SMALL, SMALLER = 6.5, 6.0
BEFORE_AFTER = ("before_after", "today", "plan", "harm")
EXCEEDANCE = ("exceedance", "today", "plan", "harm", "chance", "limit")
GANTT = ("gantt", "freeze", "launch")
SWINGS = ("swings", "low", "high", "base", "left")
LAYERS = ("layers", "hopeful", "beta", "cautious", "inherent", "today", "plan", "harm")
Words = Mapping[str, str]


@dataclass(frozen=True)
class Panel:
    """One chart: its title, the numbers it shows as (name, values in words), and how it is drawn."""

    title: str
    rows: tuple[tuple[str, str], ...]
    draw: Callable[[Axes], None]


def dress(axes: Axes, panel: Panel) -> None:
    """Give axes the look all charts share: quiet lines, small letters, the title on the left."""
    axes.set_title(panel.title, fontsize=7.5, color=f"#{HEADER}", loc="left", fontweight="bold", pad=11)
    axes.tick_params(labelsize=SMALLER, colors=f"#{INK}", length=2, width=0.4)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(f"#{RULE}")
        spine.set_linewidth(0.6)
    axes.grid(visible=True, axis="x", color=f"#{RULE}", linewidth=0.4)
    axes.set_axisbelow(True)


def before_after(facts: Facts, words: Words, most: int) -> Panel | None:
    """Expected loss of the worst scenarios today and with the plan, on a logarithmic scale."""
    known = risk(facts).scenarios[:most]
    shown = [(row.code, row.now, row.then) for row in known if row.now is not None and row.now > 0]
    if not shown:
        return None

    def values(now: float, then: float | None) -> str:
        after = "" if then is None else f", {words['plan']} {amount(then)}"
        return f"{words['today']} {amount(now)}{after}"

    rows = tuple((code, values(now, then)) for code, now, then in shown)
    return Panel(words["before_after"], rows, partial(_draw_before_after, shown, words))


def _draw_before_after(shown: list[tuple[str, float, float | None]], words: Words, axes: Axes) -> None:
    places = np.arange(len(shown))[::-1]
    for place, (_, now, then) in zip(places, shown, strict=True):
        if then is not None and then > 0:
            axes.plot([now, then], [place, place], color=f"#{RULE}", linewidth=2, solid_capstyle="round", zorder=1)
    axes.scatter([now for _, now, _ in shown], places, 16, color=TODAY, marker="o", label=words["today"], zorder=3)
    after = [(then, place) for place, (_, _, then) in zip(places, shown, strict=True) if then is not None and then > 0]
    if after:
        across, up = zip(*after, strict=True)
        axes.scatter(across, up, 18, color=PLANNED, marker="D", label=words["plan"], zorder=4)
    axes.set_xscale("log")
    axes.set_yticks(places, [_shown(code) for code, _, _ in shown], parse_math=False)
    axes.set_ylim(-0.7, len(shown) - 0.3)
    _amounts(axes)
    axes.set_xlabel(words["harm"], fontsize=SMALLER, color=f"#{QUIET}")
    _legend(axes)


def exceedance(facts: Facts, words: Words, _: int) -> Panel | None:
    """The chance of losing more than each amount, today and with the plan, beside the limit and the chance accepted."""
    curves = {
        words[label]: facts.results.exceedance[state]
        for state, label in (("current", "today"), ("planned", "plan"))
        if state in facts.results.exceedance
    }
    if not curves:
        return None
    found = risk(facts)
    rows: list[tuple[str, str]] = []
    if found.limit is not None:
        for label, chance in ((words["today"], found.passes_now), (words["plan"], found.passes_then)):
            if chance is not None:
                rows.append((label, f"{words['chance']} {amount(found.limit)}: {share(chance)}"))
    for label, low, high in (
        (words["today"], found.now_low, found.now_high),
        (words["plan"], found.then_low, found.then_high),
    ):
        if low is not None and high is not None:
            rows.append((label, f"90%: {amount(low)} to {amount(high)}"))
    lines = [(label, curve.loss, curve.probability) for label, curve in curves.items()]
    return Panel(words["exceedance"], tuple(rows), partial(_draw_exceedance, lines, found, words))


def _draw_exceedance(
    lines: list[tuple[str, np.ndarray, np.ndarray]], found: RiskFigures, words: Words, axes: Axes
) -> None:
    for (label, loss, probability), colour, dash in zip(lines, (TODAY, PLANNED), ("-", "--"), strict=False):
        axes.plot(loss, probability, color=colour, linestyle=dash, linewidth=1.4, label=label)
    if found.limit is not None and found.accepted is not None:
        axes.axvline(found.limit, color=LIMIT, linewidth=0.8)
        axes.plot([found.limit], [found.accepted], marker="s", markersize=4, color=LIMIT, linestyle="", zorder=5)
        at_most = f"{words['limit']} {share(found.accepted)}"
        axes.annotate(
            at_most, (found.limit, found.accepted), (3, 3), textcoords="offset points", fontsize=SMALLER, color=LIMIT
        )
    axes.set_ylim(0, 1)
    axes.set_xscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(_percent))
    _amounts(axes)
    axes.set_xlabel(words["harm"], fontsize=SMALLER, color=f"#{QUIET}")
    axes.set_ylabel(words["chance"], fontsize=SMALLER, color=f"#{QUIET}")
    _legend(axes)


def gantt(facts: Facts, words: Words, most: int) -> Panel | None:
    """When the first pieces of planned work are done, the freeze and the launch."""
    found: list[tuple[str, date, date]] = []
    for task in facts.tasks[:most]:
        start, finish = day(task.item.start), day(task.item.finish)
        if isinstance(start, date) and isinstance(finish, date):
            found.append((task.code, start, finish))
    if not found:
        return None
    rows = tuple((code, f"{day_words(start)} to {day_words(finish)}") for code, start, finish in found)
    ends = [(words["freeze"], day(facts.launch.freeze_date)), (words["launch"], day(facts.launch.launch_date))]
    lines = [(label, at) for label, at in ends if isinstance(at, date)]
    return Panel(words["gantt"], rows, partial(_draw_gantt, found, lines))


def _draw_gantt(found: list[tuple[str, date, date]], lines: list[tuple[str, date]], axes: Axes) -> None:
    places = np.arange(len(found))[::-1]
    starts = [_place(start) for _, start, _ in found]
    spans = [max(1.0, _place(finish) + 1 - start) for start, (_, _, finish) in zip(starts, found, strict=True)]
    axes.barh(places, spans, left=starts, height=0.55, color=PLANNED)
    for (label, at), dash in zip(lines, ("--", "-"), strict=False):
        x = _place(at)
        axes.axvline(x, color=LIMIT, linewidth=0.8, linestyle=dash)
        axes.annotate(
            label,
            (x, 0),
            (-1.5, 3),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=SMALLER,
            rotation=90,
            ha="right",
            va="bottom",
            color=LIMIT,
        )
    axes.set_yticks(places, [_shown(code) for code, _, _ in found], parse_math=False)
    axes.set_ylim(-0.9, len(found) - 0.4)
    axes.xaxis_date()
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=4))
    axes.xaxis.set_major_formatter(DateFormatter("%d %b"))


def swings(facts: Facts, words: Words, most: int) -> Panel | None:
    """The uncertain numbers that move the weighted risk most, at their low and at their high."""
    found = doubt(facts)
    shown = found.swings[:most]
    if not shown:
        return None
    rows = tuple(
        (
            f"{row.number}, {row.record}",
            f"{words['low']} {share(row.at_low)}, {words['high']} {share(row.at_high)}",
        )
        for row in shown
    )
    bars = [(f"{row.number}, {row.record}", row.at_low, row.at_high) for row in shown]
    return Panel(words["swings"], rows, partial(_draw_swings, bars, found.base, words))


def _draw_swings(bars: list[tuple[str, float, float]], base: float, words: Words, axes: Axes) -> None:
    places = np.arange(len(bars))[::-1]
    lows, highs = [low - base for _, low, _ in bars], [high - base for _, _, high in bars]
    for ends, label, colour, hatch in ((lows, words["low"], PLANNED, ""), (highs, words["high"], TODAY, "///")):
        axes.barh(
            places, ends, left=base, height=0.6, color=colour, label=label, hatch=hatch, edgecolor="white", linewidth=0
        )
    axes.axvline(base, color=LIMIT, linewidth=0.8)
    axes.set_yticks(places, [_shown(name) for name, _, _ in bars], parse_math=False)
    axes.set_xlabel(words["left"], fontsize=SMALLER, color=f"#{QUIET}")
    axes.xaxis.set_major_formatter(FuncFormatter(_percent))
    _legend(axes)


def layers(facts: Facts, words: Words, _: int) -> Panel | None:
    """Technical risk of each state with safeguards failing independently, partly together, all together."""
    found = risk(facts)
    states = (
        (words["inherent"], found.inherent_hopeful, found.inherent, found.inherent_cautious),
        (words["today"], found.now_hopeful, found.now, found.now_cautious),
        (words["plan"], found.then_hopeful, found.then, found.then_cautious),
    )
    shown = [
        (label, low, mid, high)
        for label, low, mid, high in states
        if low is not None and mid is not None and high is not None
    ]
    if not shown:
        return None
    ends = (words["hopeful"], words["beta"], words["cautious"])
    rows = tuple(
        (label, ", ".join(f"{end} {amount(value)}" for end, value in zip(ends, values, strict=True)))
        for label, *values in shown
    )
    return Panel(words["layers"], rows, partial(_draw_layers, shown, ends, words))


def _draw_layers(
    shown: list[tuple[str, float, float, float]], ends: tuple[str, str, str], words: Words, axes: Axes
) -> None:
    places = np.arange(len(shown))[::-1]
    for place, (_, low, _, high) in zip(places, shown, strict=True):
        axes.plot([low, high], [place, place], color=f"#{RULE}", linewidth=3, solid_capstyle="round", zorder=1)
    looks = (("<", PLANNED), ("o", LIMIT), (">", TODAY))
    for which, (label, (marker, colour)) in enumerate(zip(ends, looks, strict=True), start=1):
        axes.scatter([row[which] for row in shown], places, 24, color=colour, marker=marker, label=label, zorder=3)
    axes.set_yticks(places, [label for label, *_ in shown])
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.set_xlim(left=0)
    _amounts(axes)
    axes.set_xlabel(words["harm"], fontsize=SMALLER, color=f"#{QUIET}")
    _legend(axes)


def _place(at: date) -> float:
    """Where a day lies on an axis of days, which counts from the start of 1970."""
    return float((at - date(1970, 1, 1)).days)


def _amounts(axes: Axes) -> None:
    """Amounts along a scale, a logarithmic one marked at 1, 2, 5 or, where it is long, at powers of ten only."""
    if axes.get_xscale() == "log":
        low, high = axes.get_xlim()
        steps = (1.0, 2.0, 5.0) if high < 200 * low else (1.0,)
        axes.xaxis.set_major_locator(LogLocator(10, steps, numticks=6))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(_amount))


def _amount(value: float, _: int) -> str:
    return amount(value)


def _percent(value: float, _: int) -> str:
    return f"{value:.0%}"


def _legend(axes: Axes) -> None:
    axes.legend(
        fontsize=SMALLER,
        frameon=False,
        loc="lower right",
        bbox_to_anchor=(1.0, 0.99),
        ncols=3,
        handlelength=1.3,
        handletextpad=0.4,
        columnspacing=0.8,
        borderpad=0.0,
        borderaxespad=0.2,
    )


@cache
def _letters() -> frozenset[int]:
    """The characters that the letters of charts can show."""
    return frozenset(FT2Font(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf").get_charmap())


def _shown(words: str) -> str:
    """Words from data as a chart can show them."""
    return "".join(sign if ord(sign) in _letters() else "\N{WHITE SQUARE}" for sign in plain(words))
