"""What a reader in `intake/` hands back: plain facts of one evidence file, nothing interpreted."""

from dataclasses import dataclass, field
from typing import Literal

RunStatus = Literal["complete", "cancelled", "errored", "running", "unknown"]
Unit = Literal["fraction", "percent", "count", "score"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that could not be read or must be looked at: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a value, with its level (0-1) and the name of its method."""

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Per-sample outcomes of one result, column by column and of one length; no text.

    `value` is None where a sample was not scored; `status` is "scored", "unscored" or "error".
    """

    sample: tuple[str, ...]
    epoch: tuple[int, ...]
    cluster: tuple[str | None, ...]
    category: tuple[str | None, ...]
    value: tuple[float | None, ...]
    status: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleTexts:
    """What was asked and answered in each sample of a file, column by column and of one length.

    Read only when a person asks for it: it may be hazardous. `sample` and `epoch` are those of `Outcomes`.
    `whose` tells samples of one name apart where a file holds several models or tasks: the model, the
    task, or the model and the variant with " / " between them; it may be left empty.
    """

    sample: tuple[str, ...]
    epoch: tuple[int, ...]
    asked: tuple[str | None, ...]
    answered: tuple[str | None, ...]
    whose: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedResult:
    """One number of one run: its metric path, value, counts and uncertainty as read.

    `count` is the number of items with outcome 1, whatever that means; `higher_is_better` is
    None unless the file itself or a sourced table says. Missing numbers are None, never 0.
    `variant` is a reducer or filter, `group` a category (None = all samples); a group that
    the harness calls its aggregate over groups is marked by `group_total`. `harness`, `run_id` and `date`
    (ISO 8601) are given only where one file holds results of several harnesses or runs. With a
    reducer as `variant`, `outcomes` holds the epochs before reduction, so that it is longer than n.
    `tags` are what the harness files its task under, such as "owasp:llm01": keys to risk areas.
    """

    task: str
    model: str
    metric: str
    task_version: str | None = None
    scorer: str | None = None
    variant: str | None = None
    group: str | None = None
    group_total: bool = False
    value: float | None = None
    unit: Unit = "fraction"
    higher_is_better: bool | None = None
    n: int | None = None
    count: int | None = None
    n_total: int | None = None
    n_unscored: int | None = None
    n_errors: int | None = None
    stderr: float | None = None
    stderr_clustered: float | None = None
    interval: Interval | None = None
    clusters: int | None = None
    threshold: float | None = None
    passed: bool | None = None
    source: str | None = None
    harness: str | None = None
    run_id: str | None = None
    date: str | None = None
    tags: tuple[str, ...] = ()
    outcomes: Outcomes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One evidence file as read: which harness wrote it, the run's state, results, problems."""

    path: str
    sha256: str
    harness: str
    harness_version: str | None = None
    run_id: str | None = None
    status: RunStatus = "unknown"
    started: str | None = None
    completed: str | None = None
    results: tuple[ImportedResult, ...] = ()
    problems: tuple[Problem, ...] = ()
    texts: SampleTexts | None = field(default=None, repr=False)
