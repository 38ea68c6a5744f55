"""What a plan may be asked for beyond the launch's own records: another date, other weights, less work or refusal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from launchpad.errors import InvalidValueError
from launchpad.planning.limits import refusal_limit
from launchpad.planning.problem import Item, Limit
from launchpad.planning.terms import Option
from launchpad.records import Inputs, Launch, Record, WeightSet
from launchpad.scoring.model import Model


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a plan; None asks for nothing.

    `technical_weight` is the share of technical risk in the objective, the rest is reputational. With another
    `launch_date` (YYYY-MM-DD) the freeze moves by as many days, and the launch with another `freeze_date`. `most_days`
    person-days in all, `most_refusal` the share of benign requests turned away on the worst surface. `avoid` are codes
    of mitigations and variants that are not done.
    """

    technical_weight: float | None = None
    launch_date: str | None = None
    most_days: float | None = None
    most_refusal: float | None = None
    freeze_date: str | None = None
    avoid: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The wish in words; empty when nothing is asked for."""
        parts = [
            "" if self.launch_date is None else f"launch on {self.launch_date}",
            "" if self.freeze_date is None else f"freeze on {self.freeze_date}",
            "" if self.technical_weight is None else f"technical risk weighs {self.technical_weight:.0%}",
            "" if self.most_days is None else f"at most {self.most_days:.4g} person-days",
            "" if self.most_refusal is None else f"at most {self.most_refusal:.3%} of benign requests refused",
            f"without {', '.join(self.avoid)}" if self.avoid else "",
        ]
        told = ", ".join(part for part in parts if part)
        return told[:1].upper() + told[1:]


NOTHING = Wish()


def asked(inputs: Inputs, launch_id: int, wish: Wish) -> Inputs:
    """The project as it would be: the launch on another date, its weights others; nothing is written.

    Raises InvalidValueError for a weight that is no share, a limit below 0, and a date that is none.
    """
    _refuse_nonsense(wish)
    changed: dict[str, tuple[Record, ...]] = {}
    launch = _moved(inputs.get(Launch, launch_id), wish)
    if wish.technical_weight is not None:
        weights = WeightSet(
            id=-1,
            code="asked",
            launch=launch_id,
            name="Asked for",
            technical=wish.technical_weight,
            reputational=1 - wish.technical_weight,
        )
        changed["weight_set"] = (*(row for row in inputs.rows(WeightSet) if row.id != weights.id), weights)
        launch = replace(launch, weight_set=weights.code)
    if launch == inputs.get(Launch, launch_id):
        return inputs
    changed["launch"] = tuple(launch if row.id == launch_id else row for row in inputs.rows(Launch))
    return inputs.with_rows(changed, inputs.head)


def _moved(launch: Launch, wish: Wish) -> Launch:
    """The launch with its freeze and its date moved together, or each to its own where both are asked for."""
    freeze, out = date.fromisoformat(launch.freeze_date), date.fromisoformat(launch.launch_date)
    new_freeze = None if wish.freeze_date is None else date.fromisoformat(wish.freeze_date)
    new_out = None if wish.launch_date is None else date.fromisoformat(wish.launch_date)
    if new_freeze is None:
        new_freeze = freeze if new_out is None else freeze + (new_out - out)
    if new_out is None:
        new_out = out + (new_freeze - freeze)
    return replace(launch, launch_date=new_out.isoformat(), freeze_date=new_freeze.isoformat())


def _refuse_nonsense(wish: Wish) -> None:
    if wish.technical_weight is not None and not 0 <= wish.technical_weight <= 1:
        raise InvalidValueError(f"A weight of {wish.technical_weight:g} was asked for.", "Give a share, from 0 to 1.")
    for what, most in (("person-days", wish.most_days), ("requests refused", wish.most_refusal)):
        if most is not None and not most >= 0:
            raise InvalidValueError(f"At most {most:g} {what} were asked for.", "Give 0 or more.")
    for day in (wish.launch_date, wish.freeze_date):
        try:
            _ = None if day is None else date.fromisoformat(day)
        except ValueError:
            raise InvalidValueError(f"{day!r} is not a date.", "Write it as YYYY-MM-DD.") from None


def limits_of(wish: Wish, model: Model, items: Sequence[Item], options: Sequence[Option]) -> Iterator[Limit]:
    """The rows that keep a selection within the person-days and the refusals asked for."""
    if wish.most_days is not None:
        weights = tuple((number, item.days) for number, item in enumerate(items) if item.days)
        words = f"At most {wish.most_days:.4g} person-days were asked for"
        yield Limit(words, weights, wish.most_days, max(1.0, wish.most_days))
    if wish.most_refusal is not None:
        words = f"At most {wish.most_refusal:.3%} of benign requests refused were asked for"
        for surface in range(len(model.side.surfaces)):
            yield refusal_limit(model, options, surface, wish.most_refusal, words)
