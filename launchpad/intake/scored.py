"""One metric over the samples of a file that says no more than what became of each: overall, and by category."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from launchpad.intake.texts import TextRows, whose
from launchpad.intake.values import MAX_NAME, shortened
from launchpad.records.imported import ImportedResult, Outcomes, Problem, SampleTexts
from launchpad.statistics import standard_error

MAX_GROUPS = 200


@dataclass(slots=True)
class Scored:
    """The value of each sample for one metric, in the order met; a sample met again is its next epoch.

    `tagged` is the name under which categories become tags, as in "xstest:homonyms"; without it they do not.
    """

    tagged: str = ""
    names: list[str] = field(default_factory=list[str])
    epochs: list[int] = field(default_factory=list[int])
    values: list[float | None] = field(default_factory=list[float | None])
    failed: list[bool] = field(default_factory=list[bool])
    categories: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    _seen: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, name: str, value: float | None, categories: Sequence[str] = (), *, failed: bool = False) -> None:
        """Take in one sample: None is not scored, and an error when it failed."""
        epoch = self._seen[name] = self._seen.get(name, 0) + 1
        self.names.append(name)
        self.epochs.append(epoch)
        self.values.append(None if failed else value)
        self.failed.append(failed)
        self.categories.append(tuple(dict.fromkeys(shortened(category, MAX_NAME) for category in categories)))

    def results(self, common: ImportedResult, problems: list[Problem], *, keep: bool) -> Iterator[ImportedResult]:
        """The mean over all samples, with their outcomes if kept; then over those of each category.

        A sample of several categories counts in each of them. More than 200 categories are listed, not read.
        """
        groups = self._groups()
        binary = all(value in (0, 1) for value in self.values if value is not None)
        overall = self._mean(common, range(len(self.values)), binary=binary)
        yield replace(overall, outcomes=self.outcomes()) if keep else overall
        if len(groups) > MAX_GROUPS:
            problems.append(Problem(common.task, f"{len(groups)} categories are too many to be read apart"))
            return
        for group, places in groups.items():
            tags = (*common.tags, f"{self.tagged}:{group}") if self.tagged else common.tags
            yield replace(self._mean(common, places, binary=binary), group=group, tags=tags)

    def outcomes(self) -> Outcomes:
        """What became of each sample."""
        status = (
            "error" if failed else "unscored" if value is None else "scored"
            for value, failed in zip(self.values, self.failed, strict=True)
        )
        return Outcomes(
            sample=tuple(self.names),
            epoch=tuple(self.epochs),
            cluster=(None,) * len(self.names),
            category=tuple("; ".join(names) or None for names in self.categories),
            value=tuple(self.values),
            status=tuple(status),
        )

    def _groups(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, categories in enumerate(self.categories):
            for category in categories:
                found.setdefault(category, []).append(place)
        return found

    def _mean(self, common: ImportedResult, places: Sequence[int], *, binary: bool) -> ImportedResult:
        scored = [value for place in places if (value := self.values[place]) is not None]
        errors = sum(self.failed[place] for place in places)
        inside = all(0 <= value <= 1 for value in scored)
        return replace(
            common,
            value=math.fsum(scored) / len(scored) if scored else None,
            unit="fraction" if inside else "score",
            n=len(scored),
            count=sum(value == 1 for value in scored) if binary and scored else None,
            n_total=len(places),
            n_unscored=len(places) - len(scored) - errors,
            n_errors=errors,
            # Equal scores say nothing of how far the next one may lie off.
            stderr=None if binary else standard_error(scored) or None,
        )


@dataclass(slots=True)
class Texts:
    """What was asked and answered, gathered only if wanted, each text with the model that answered."""

    keep: bool
    rows: TextRows = field(init=False)

    def __post_init__(self) -> None:
        self.rows = TextRows(self.keep)

    def add(self, model: str, name: str, asked: object, answered: object) -> None:
        """Take in what one sample says; a sample met again of the same model is its next epoch."""
        self.rows.add(name, asked, answered, whose(model))

    def columns(self, problems: list[Problem]) -> SampleTexts | None:
        """All of it, or None when nothing was gathered; that there was more than is kept is listed."""
        problems.extend(self.rows.problems())
        return self.rows.columns()
