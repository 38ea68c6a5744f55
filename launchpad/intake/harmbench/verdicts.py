"""The verdicts of one judge of HarmBench: over all test cases, over behaviours, and by category."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from launchpad.intake.harmbench.behaviors import FUNCTIONAL, Kinds
from launchpad.intake.scored import Scored
from launchpad.intake.values import label, number, shortened
from launchpad.records.imported import ImportedResult, Problem
from launchpad.statistics import clustered_standard_error

BY_BEHAVIOR = "attack_success_rate_behavior_mean"
TAXONOMY = "harmbench"
NO_VERDICT = -1
MAX_STRANGE = 1_000


@dataclass(slots=True)
class Verdicts:
    """The labels of one judge, gathered as the file streams by; a test case is an epoch of its behaviour."""

    scored: Scored = field(default_factory=Scored)
    semantic: list[str | None] = field(default_factory=list[str | None])
    strange: list[str] = field(default_factory=list[str])
    undecided: int = 0
    written_as_text: int = 0

    def add(self, name: str, place: str, written: object, kinds: Kinds) -> None:
        """Take in one verdict."""
        self.scored.add(name, self._value(place, written), kinds.groups)
        self.semantic.append(kinds.semantic or None)

    def _value(self, place: str, written: object) -> float | None:
        """1 when the behaviour was shown; None where the classifier said neither yes nor no, or there is no label."""
        if isinstance(written, str) and written.strip() in {"0", "1", "-1"}:
            self.written_as_text += 1
            written = int(written)
        found = float(written) if isinstance(written, bool) else number(written)
        if found in (0, 1):
            return found
        if found == NO_VERDICT:
            self.undecided += 1
        elif written is not None and len(self.strange) < MAX_STRANGE:
            self.strange.append(f"{place} {shortened(label(written) or 'no label', 40)!r}")
        return None

    def results(self, common: ImportedResult, problems: list[Problem], *, keep: bool) -> Iterator[ImportedResult]:
        """The share of test cases, then that of each category, with the error of whole behaviours drawn."""
        parts = self._parts()
        for result in self.scored.results(common, problems, keep=keep):
            values, names = parts.get(result.group, ([], []))
            clusters = len(set(names))
            outcomes = result.outcomes and replace(
                result.outcomes, cluster=tuple(self.scored.names), category=tuple(self.semantic)
            )
            yield replace(
                result,
                clusters=clusters or None,
                stderr_clustered=clustered_standard_error(values, names) if clusters > 1 else None,
                tags=_tags(result),
                outcomes=outcomes,
            )

    def by_behavior(self, common: ImportedResult) -> ImportedResult:
        """The mean over behaviours of the share of their test cases, which is the rate that HarmBench itself prints."""
        shares: dict[str, list[float]] = {}
        for name, value in zip(self.scored.names, self.scored.values, strict=True):
            if value is not None:
                shares.setdefault(name, []).append(value)
        means = Scored()
        for name, values in shares.items():
            means.add(name, sum(values) / len(values))
        result = next(means.results(replace(common, metric=BY_BEHAVIOR), [], keep=False))
        there = len(set(self.scored.names))
        return replace(result, n_total=there, n_unscored=there - len(shares))

    def _parts(self) -> dict[str | None, tuple[list[float], list[str]]]:
        """Values and behaviours of what was scored, for all and for each category."""
        found: dict[str | None, tuple[list[float], list[str]]] = {}
        for value, name, groups in zip(self.scored.values, self.scored.names, self.scored.categories, strict=True):
            for group in (None, *groups) if value is not None else ():
                values, names = found.setdefault(group, ([], []))
                values.append(value or 0.0)
                names.append(name)
        return found


def _tags(result: ImportedResult) -> tuple[str, ...]:
    """The category as the HarmBench taxonomy has it, where functional ones begin with f-."""
    if result.group is None:
        return ()
    functional = result.group.removeprefix(FUNCTIONAL)
    return (f"{TAXONOMY}:{result.group}" if functional == result.group else f"{TAXONOMY}:f-{functional}",)
