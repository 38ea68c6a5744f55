"""How far the raters of some items agreed, label by label, with what the figures rest on."""

from collections.abc import Sequence
from dataclasses import dataclass

from launchpad.edits.label_words import choices
from launchpad.policies.exchange.pieces import Piece
from launchpad.policies.exchange.questions import LABELS
from launchpad.statistics.bootstrap import BootstrapInterval, bootstrap

REPLICATES = 2_000


@dataclass(frozen=True, slots=True)
class Figure:
    """Agreement about one label: raters, items rated at all and at least twice; None is what is not defined."""

    label: str
    raters: int
    rated: int
    twice: int
    percent: float | None
    alpha: float | None
    ac1: float | None
    interval: BootstrapInterval | None


def figures(pieces: Sequence[Piece], seed: int = 1) -> tuple[Figure, ...]:
    """Percent, Krippendorff's alpha (nominal) with a 95 % interval over items, and AC1, of each of the three labels."""
    return tuple(_figure(pieces, label, seed) for label in LABELS)


def _figure(pieces: Sequence[Piece], label: str, seed: int) -> Figure:
    import numpy as np

    from launchpad.statistics.agreement import gwet_ac1, label_counts, percent_agreement, value_of
    from launchpad.statistics.krippendorff import alpha_statistic

    said = [{row.rater: getattr(row, label) for row in piece.labels if getattr(row, label)} for piece in pieces]
    rated = [row for row in said if row]
    raters = sorted({rater for row in rated for rater in row})
    used = list(choices(label))
    twice = sum(len(row) > 1 for row in rated)
    if not twice:
        return Figure(label, len(raters), len(rated), 0, None, None, None, None)
    codes = np.array([[used.index(row[who]) if who in row else -1 for who in raters] for row in rated], dtype=np.int64)
    counts = label_counts(codes, len(used))
    alpha = alpha_statistic(codes, np.arange(len(used)))
    drawn = bootstrap({"alpha": alpha}, range(len(rated)), replicates=REPLICATES, seed=seed)
    return Figure(
        label,
        len(raters),
        len(rated),
        twice,
        percent_agreement(counts),
        value_of(alpha, len(rated)),
        gwet_ac1(counts),
        drawn["alpha"],
    )
