"""The weight sets: which is in use, and how much each criterion counts in it; all of it can be changed."""

from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from launchpad.export.facts import Facts
from launchpad.export.sheet import Content, Formula, Page, bound, name_area, put
from launchpad.records import SwingWeight, WeightSet
from launchpad.results.tradeoffs import Tradeoffs

DEFAULTS = "defaults"
LABELS = ("Set", "Name", "Whose", "Weight, technical", "Weight, reputational")


@dataclass(frozen=True)
class Set:
    """One weight set: technical and reputational weight, and what each criterion (C,) counts; None where unusable."""

    code: str
    name: str
    whose: str | None
    technical: float
    reputational: float
    swings: tuple[float, ...] | None


def sets_of(facts: Facts, found: Tradeoffs | None) -> tuple[Set, ...]:
    """The weight sets of a launch by code, or the defaults where it has none in use."""
    model = facts.results.model
    usable = {} if found is None else {one.weighed.code: one.weighed for one in found.sets}
    sets: list[Set] = []
    for row in sorted(facts.inputs.rows(WeightSet, facts.launch.id), key=lambda row: row.code):
        weighed = usable.get(row.code)
        swings = None
        if weighed is not None and found is not None:
            answers = {one.criterion: one for one in facts.inputs.children(SwingWeight, "weight_set", row.id)}
            stated = [answers[one.id].swing if one.id in answers else None for one in found.criteria.rows]
            known = [swing for swing in stated if swing is not None]
            swings = tuple(known) if len(known) == len(stated) else tuple(100 * float(part) for part in weighed.weights)
        sets.append(Set(row.code, row.name, row.whose, row.technical, row.reputational, swings))
    if facts.launch.weight_set is None:
        held = model.coefficients
        sets.insert(0, Set(DEFAULTS, "Coefficients", None, held.weight_technical, held.weight_reputational, None))
    return tuple(sets)


def fill(page: Page, facts: Facts, found: Tradeoffs | None, top: int) -> int:
    """Write the set in use and all sets below it; the first free row."""
    sets = sets_of(facts, found)
    criteria = () if found is None else found.criteria.rows
    chosen = facts.launch.weight_set or DEFAULTS
    first, last = top + 6, top + 5 + len(sets)
    put(page, top, 1, "Weights", "section")
    put(page, top + 1, 1, "Weight set in use", "label")
    put(page, top + 1, 2, chosen, "input text")
    offered = DataValidation(type="list", formula1=f"$A${first}:$A${last}", allow_blank=False, showErrorMessage=True)
    offered.error, offered.errorTitle = "Choose one of the sets below.", "Weight set"
    offered.add(f"B{top + 1}")
    page.sheet.add_data_validation(offered)
    name_area(page, "weight_set", f"$B${top + 1}")
    in_use = next(one for one in sets if one.code == chosen)
    for row, (title, letter, name, value) in enumerate(
        (
            ("Weight of technical risk", "D", "weight_technical", in_use.technical),
            ("Weight of reputational risk", "E", "weight_reputational", in_use.reputational),
        ),
        start=top + 2,
    ):
        put(page, row, 1, title, "label")
        put(page, row, 2, Formula(f"={in_use_of(letter, first, last)}", value), "plain")
        name_area(page, name, f"$B${row}")
    for column, title in enumerate((*LABELS, *(row.name for row in criteria)), start=1):
        put(page, first - 1, column, title, "header" if column < 4 else "header right")
    page.sheet.row_dimensions[first - 1].height = 44
    for row, one in enumerate(sets, start=first):
        _set(page, row, one, len(criteria))
    end = get_column_letter(len(LABELS) + len(criteria))
    bound(page.sheet, f"D{first}:{end}{last}", "Weight", 0)
    name_area(page, "weights", f"$D${first}:${end}${last}")
    _in_use(page, in_use, len(criteria), first, last)
    return last + 3


def _in_use(page: Page, one: Set, criteria: int, first: int, last: int) -> None:
    """Below the sets, the weights in use as shares of their sum."""
    start, row = len(LABELS) + 1, last + 1
    put(page, row, 1, "In use, as shares", "total text")
    for column in range(2, start + criteria):
        put(page, row, column, None, "total text")
    whole = sum(one.swings or ())
    letters = [get_column_letter(start + place) for place in range(criteria)]
    for place, letter in enumerate(letters):
        total = "+".join(in_use_of(each, first, last) for each in letters)
        words = f"=IF({total}>0,{in_use_of(letter, first, last)}/({total}),0)"
        put(
            page,
            row,
            start + place,
            Formula(words, one.swings[place] / whole if one.swings and whole else 0.0),
            "total share",
        )


def in_use_of(letter: str, first: int, last: int) -> str:
    """The number in a column in the row of the set in use, as a formula's words."""
    return f"SUMPRODUCT(($A${first}:$A${last}=weight_set)*${letter}${first}:${letter}${last})"


def rows_of(facts: Facts, found: Tradeoffs | None, top: int) -> tuple[int, int]:
    """The first and the last row of the sets."""
    return top + 6, top + 5 + len(sets_of(facts, found))


def _set(page: Page, row: int, one: Set, criteria: int) -> None:
    contents: list[tuple[Content, str]] = [(one.code, "strong"), (one.name, "text"), (one.whose, "text")]
    contents += [(one.technical, "input plain"), (one.reputational, "input plain")]
    swings = one.swings or (None,) * criteria
    contents += [(swing, "input plain" if one.swings else "text") for swing in swings]
    for column, (content, kind) in enumerate(contents, start=1):
        put(page, row, column, content, kind)
