"""Every variant against none of its mitigation, all else as in a state: what is left without it and with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.results.options import apart
from launchpad.scoring.arrays import Floats
from launchpad.scoring.mitigations import Overlap
from launchpad.scoring.model import Model, State
from launchpad.scoring.residual import base_refusal, reputation_at_means, residual
from launchpad.scoring.side_effects import burden
from launchpad.scoring.worth import switched


@dataclass(frozen=True, slots=True)
class Left:
    """What a state leaves over, summed at means.

    `technical`, reputational by what the stories are about, and `refused`, the share of benign requests refused on the
    worst surface.
    """

    technical: float
    harm_stories: float
    refusal_stories: float
    refused: float

    @property
    def parts(self) -> tuple[float, float]:
        """Technical and reputational."""
        return self.technical, self.harm_stories + self.refusal_stories


def left_in(model: Model, state: State, blamed: Floats, overlap: Overlap | None = None) -> Left:
    """What a state leaves over; `blamed` (S,) are factors of attribution, the overlap is beta without one."""
    left = residual(model, state, overlap)
    stories = np.where(model.summed, reputation_at_means(model, left, blamed), 0.0)
    return Left(
        technical=float(left.technical[model.summed].sum()),
        harm_stories=float(stories[~model.over_refusal].sum()),
        refusal_stories=float(stories[model.over_refusal].sum()),
        refused=burden(model.side, state.active, base_refusal(model, state, left)).over_refusal,
    )


def one_by_one(
    model: Model, state: State, blamed: Floats, overlap: Overlap | None = None
) -> tuple[tuple[Left, Left], ...]:
    """(without, with) by place on axis V; with a variant no other one of its mitigation is on."""
    each = switched(model, state, blamed, overlap)
    now = Left(each.now[0], *each.stories_now, each.now[2])

    def other(place: int) -> Left:
        amounts = (each.technical, each.harm_stories, each.refusal_stories, each.refused)
        return Left(*(float(amount[place]) for amount in amounts))

    found: list[tuple[Left, Left]] = []
    for place, on in enumerate(_on_beside(model, state)):
        if not on:
            found.append((now, other(place)))
        elif on == [place]:
            found.append((other(place), now))
        else:
            less, more = (left_in(model, one, blamed, overlap) for one in apart(model, state, place))
            found.append((less, more))
    return tuple(found)


def _on_beside(model: Model, state: State) -> Sequence[list[int]]:
    """By place on axis V the variants of the same mitigation that are on."""
    on: list[list[int]] = [[] for _ in model.mitigations]
    for place in np.flatnonzero(state.active):
        on[int(model.mitigation[place])].append(int(place))
    return [on[int(mitigation)] for mitigation in model.mitigation]
