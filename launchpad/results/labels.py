"""The labels of a project as a table of ratings."""

from typing import Literal, cast

from launchpad.errors import InvalidValueError
from launchpad.intake.ratings import Ratings
from launchpad.records import Example, Inputs, Label

LabelField = Literal["violation", "request_risk", "style", "severity"]


def ratings_of(inputs: Inputs, field: LabelField, raters: tuple[str, ...] = ()) -> Ratings:
    """What each rater said in this field, a row for each example under each policy version that anyone labelled.

    Of these raters in this order, else of all; raises InvalidValueError when the project has no labels, or one of
    these gave none.
    """
    given = [row for row in inputs.rows(Label) if not row.gold]  # a settled label is nobody's rating
    if not given:
        raise InvalidValueError("The project holds no labels yet.", "Add some, or give a table: --ratings FILE .")
    known = tuple(dict.fromkeys(label.rater for label in given))
    if missing := [rater for rater in raters if rater not in known]:
        raise InvalidValueError(
            f"The project has no labels of rater {missing[0]}.", f"It has those of {', '.join(known)}."
        )
    chosen = raters or known
    if len(set(chosen)) < max(len(chosen), 2):
        raise InvalidValueError(
            f"Agreement needs two different raters, not {', '.join(chosen)}.", "Add the labels of another."
        )
    said: dict[tuple[int, int | None], dict[str, str | None]] = {}
    for label in given:
        value = cast("str | int | None", getattr(label, field))
        said.setdefault((label.example, label.policy_version), {})[label.rater] = None if value is None else str(value)
    codes = {example.id: example.code for example in inputs.rows(Example)}
    rows = tuple(tuple(row.get(rater) for rater in chosen) for row in said.values())
    return Ratings(tuple(codes[example] for example, _ in said), chosen, rows)
