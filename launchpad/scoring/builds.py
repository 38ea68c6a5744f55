"""Whether a result is of the build that goes out, and how old it is: what its link says, else what its names say."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from launchpad.edits.nearness import NEAR, SAME, snapshot_of
from launchpad.records import EvalResult, EvidenceLink, Inputs, Launch
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.why import ModelWarning, named

STALE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class BuildMatch:
    """How near a result's build is to the one that goes out (same, near, different or unknown), and why."""

    nearness: str
    words: str


def build_match(launch: Launch, result: EvalResult, link: EvidenceLink | None = None) -> BuildMatch:
    """What a person said when linking the result, else a comparison of the names of models and builds.

    Unknown where the model is the launch's but only one of the two names a build.
    """
    if link is not None:
        return BuildMatch(link.snapshot, f"Its link calls the build {link.snapshot}.")
    guess = snapshot_of(launch, result)
    if (launch.snapshot is None) != (result.snapshot is None) and guess.nearness == NEAR:
        alike = dataclasses.replace(launch, snapshot=None), dataclasses.replace(result, snapshot=None)
        if snapshot_of(*alike).nearness == SAME:
            return BuildMatch("unknown", guess.why)
    return BuildMatch(guess.nearness, guess.why)


def age_days(launch: Launch, result: EvalResult) -> int | None:
    """Days from the run to the day the figures are seen from, never below 0; None without a run date."""
    if result.run_date is None:
        return None
    return max(0, (date.fromisoformat(launch.as_of) - date.fromisoformat(result.run_date)).days)


def freshness(launch: Launch, result: EvalResult, coefficients: Coefficients) -> float | None:
    """The weight a result keeps for its age, 2^(-age / half-life); None without a run date."""
    age = age_days(launch, result)
    return None if age is None else float(2 ** (-age / coefficients.half_life_days))


def build_warnings(
    inputs: Inputs, launch: Launch, result: EvalResult, match: BuildMatch, coefficients: Coefficients
) -> Iterator[ModelWarning]:
    """What to tell about a result that is of another build, or older than its half-life."""
    record = named(inputs, result)
    if match.nearness != "same":
        yield ModelWarning(record, "snapshot", match.words)
    elif launch.snapshot and result.snapshot and snapshot_of(launch, result).nearness != SAME:
        words = f"Its link calls the build the same, yet it is of {result.snapshot} and {launch.snapshot} goes out."
        yield ModelWarning(record, "snapshot", words)
    weight, age = freshness(launch, result, coefficients), age_days(launch, result)
    if weight is None:
        yield ModelWarning(record, "run_date", "It has no run date, so nobody can tell how old it is.")
    elif weight < STALE_WEIGHT:
        words = f"It is {age} days old on {launch.as_of}: past the half-life of {coefficients.half_life_days:g} days."
        yield ModelWarning(record, "run_date", words)
