"""How the labels of one scheme are read in another: a table of pairs, applied all at once, its coverage counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from launchpad.errors import ImportRefusedError, InvalidValueError, UnknownRecordError
from launchpad.intake.ratings import Ratings, read_table
from launchpad.intake.values import listed

THEIRS = ("from label", "from", "theirs", "label there", "source label", "old", "old label")
OURS = ("to label", "to", "ours", "label here", "target label", "new", "new label")
RATER = ("rater", "annotator", "coder", "judge")
COLUMNS = "Give a table with the columns from-label and to-label (and rater, where the map is for one of them)."


@dataclass(frozen=True, slots=True)
class Renaming:
    """What each label of a scheme is called in ours, None where it has no place here; `rater` None: of any rater."""

    labels: Mapping[str, str | None]
    rater: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a map said of some raters' labels: ratings in all, renamed, taken out, and those it does not mention.

    `unmapped` counts, by label, the ratings that stay as they are because the map says nothing of them.
    """

    raters: tuple[str, ...]
    ratings: int
    mapped: int
    taken_out: int
    unmapped: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """The share of the ratings whose label the map mentions; None without a rating."""
        return (self.ratings - sum(self.unmapped.values())) / self.ratings if self.ratings else None


def read_label_map(path: str | Path, rater: str | None = None) -> tuple[Renaming, ...]:
    """The pairs in a table, one map for each rater it names; with `rater`, all of them for that one.

    An empty to-label takes the label out: those ratings count as not given. Refused when one label is to become
    two.
    """
    table = read_table(path)
    theirs, ours, whose = table.column(THEIRS), table.column(OURS), table.column(RATER)
    if theirs is None or ours is None:
        raise ImportRefusedError(f"{path} is no label map: it has the columns {listed(table.header)}.", COLUMNS)
    if rater is not None and whose is not None:
        what = f"{path} says itself whose labels it maps (column {whose!r}), and is given for {rater}."
        raise InvalidValueError(what, "Give it without a rater.")
    found: dict[str | None, dict[str, str | None]] = {}
    for place, row in table.rows:
        old, new = table.label(place, row, theirs), table.label(place, row, ours)
        of = rater if whose is None else table.label(place, row, whose)
        if old is None:
            raise ImportRefusedError(f"{path}, {place}: there is no label to map from.", COLUMNS)
        if found.setdefault(of, {}).setdefault(old, new) != new:
            what = f"{path}, {place}: the label {old!r} is to become both {found[of][old]!r} and {new!r}."
            raise InvalidValueError(what, "One label can become only one: split it by rating those items again.")
    return tuple(Renaming(labels, of) for of, labels in found.items())


def renamed(ratings: Ratings, renamings: Sequence[Renaming]) -> tuple[Ratings, tuple[Coverage, ...]]:
    """The ratings in our labels, and what each map covered; labels a map does not mention stay.

    All labels are renamed at once, so that 6 -> 5 beside 5 -> 4 shifts a scheme. Such a map must say whose labels it
    is for: applied to a rater who already uses the new ones it would shift those as well, and is refused.
    """
    _check(ratings, renamings)
    columns = dict(zip(ratings.raters, map(list, zip(*ratings.labels, strict=True)), strict=True))
    covered: list[Coverage] = []
    for renaming in renamings:
        raters = ratings.raters if renaming.rater is None else (renaming.rater,)
        given = Counter(label for rater in raters for label in columns[rater] if label is not None)
        covered.append(_coverage(renaming, raters, given))
    for renaming in renamings:
        for rater in ratings.raters if renaming.rater is None else (renaming.rater,):
            columns[rater] = [_renamed(renaming, label) for label in columns[rater]]
    return replace(ratings, labels=tuple(zip(*columns.values(), strict=True))), tuple(covered)


def _check(ratings: Ratings, renamings: Sequence[Renaming]) -> None:
    for_all = [renaming for renaming in renamings if renaming.rater is None]
    named = [renaming.rater for renaming in renamings if renaming.rater is not None]
    for rater in named:
        if rater not in ratings.raters:
            raise UnknownRecordError(
                f"A label map is for {rater}, who is not among the raters compared.",
                f"They are {listed(ratings.raters)}.",
            )
    if len(set(named)) < len(named) or (for_all and len(renamings) > 1):
        raise InvalidValueError("Two label maps are for one rater.", "Put them into one.")
    for renaming in for_all:
        moved = {old for old, new in renaming.labels.items() if new != old}
        if both := sorted(moved & set(filter(None, renaming.labels.values()))):
            raise InvalidValueError(
                f"The label map renames {both[0]!r} and also renames something to it, so it cannot be for every rater.",
                "Say whose labels it is for: --map RATER=FILE, or a column rater.",
            )


def _coverage(renaming: Renaming, raters: tuple[str, ...], given: Counter[str]) -> Coverage:
    known = renaming.labels
    unmapped = {label: given[label] for label in sorted(given) if label not in known}
    taken_out = sum(count for label, count in given.items() if label in known and known[label] is None)
    total = given.total()
    return Coverage(raters, total, total - taken_out - sum(unmapped.values()), taken_out, unmapped)


def _renamed(renaming: Renaming, label: str | None) -> str | None:
    return label if label is None else renaming.labels.get(label, label)
