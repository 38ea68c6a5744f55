"""Which direction of a metric is good, where the harness's documentation says so; nothing is guessed."""

import csv
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache

from launchpad import paths
from launchpad.records.imported import ImportedFile


def with_known_polarity(file: ImportedFile) -> ImportedFile:
    """The file with `higher_is_better` taken from resources/metric_polarity.csv where it was not stated."""
    results = tuple(
        replace(result, higher_is_better=higher_is_better(result.harness or file.harness, result.metric))
        if result.higher_is_better is None
        else result
        for result in file.results
    )
    return replace(file, results=results)


def higher_is_better(harness: str, metric: str) -> bool | None:
    """What the sourced table says of a metric; None when it says nothing."""
    name = "_".join(metric.casefold().split())
    for known, pattern, better in _table():
        if known == harness.casefold() and fnmatchcase(name, pattern):
            return better
    return None


@cache
def _table() -> tuple[tuple[str, str, bool], ...]:
    with (paths.resources() / "metric_polarity.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return tuple((row["harness"], row["metric"], row["higher_is_better"] == "true") for row in rows)
