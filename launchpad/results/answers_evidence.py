"""What the answers about evidence hold: import, success criteria, agreement of raters."""

from typing import Annotated, Literal, TypedDict

from launchpad.results.answers import Warned


class IntervalKnown(TypedDict):
    """An interval of a value, and how it was found."""

    low: float
    high: float
    level: float | None
    method: str | None


class ResultRead(TypedDict):
    """One number that one run of an evaluation found."""

    task: str | None
    task_version: str | None
    model: str
    scorer: str | None
    metric: str | None
    variant: Annotated[str | None, "Reducer or filter."]
    group: Annotated[str | None, "A category; null is all."]
    value: float | None
    unit: Literal["fraction", "percent", "count", "score"]
    higher_is_better: bool | None
    n: Annotated[int | None, "Scored samples."]
    count: Annotated[int | None, "Those with outcome 1, whatever it means."]
    k: Annotated[int | None, "Failures among n, where the direction is known."]
    n_total: int | None
    n_unscored: int | None
    n_errors: int | None
    stderr: float | None
    stderr_clustered: float | None
    interval: IntervalKnown | None
    reported_interval: IntervalKnown | None
    clusters: int | None
    threshold: float | None
    passed: bool | None


class Problem(TypedDict):
    """Something in a file that could not be read, and where."""

    where: str
    what: str


class FileRead(TypedDict):
    """One file; a refused one has no results, and its problem says why."""

    path: str
    sha256: str | None
    harness: str | None
    harness_version: str | None
    run_id: str | None
    status: Literal["complete", "cancelled", "errored", "running", "unknown"]
    started: str | None
    completed: str | None
    duplicate_of: str | None
    results: list[ResultRead]
    problems: list[Problem]


class Imported(TypedDict):
    """The answer of `launchpad import --json`."""

    files: list[FileRead]
    added: int
    unchanged: int
    refused: Annotated[int, "Files."]


class ResultAgainst(TypedDict):
    """One result against a criterion: its value and one-sided bounds."""

    result: str
    value: float
    n: int | None
    n_effective: float | None
    lower: float | None
    upper: float | None
    method: str | None
    build: str
    status: str


class TeamDays(TypedDict):
    """Person-days of one team."""

    team: str
    days: float


class CriterionStanding(TypedDict):
    """What an evaluation must show, where that stands, and what running it would take."""

    code: str
    name: str
    evaluation: str
    category: str | None
    direction: Literal["at_least", "at_most"]
    threshold: float
    confidence: float
    least_n: int | None
    locale: str | None
    template: str | None
    standing: Literal["not run", "met", "not met", "inconclusive"]
    reason: str
    n_needed: int | None
    worst: str | None
    sealed_at: str | None
    marks: list[str]
    results: list[ResultAgainst]
    effort: list[TeamDays]
    waiting_days: int


class Criteria(TypedDict):
    """The answer of `launchpad criteria --json`."""

    launch: str
    criteria: list[CriterionStanding]
    warnings: list[Warned]


class BootstrapKnown(TypedDict):
    """The interval of Krippendorff's alpha, and how it was drawn."""

    low: float
    high: float
    level: float
    method: str


class PairAgreed(TypedDict):
    """Two raters on the n items both rated."""

    a: str
    b: str
    n: int
    percent: float | None
    cohen: float | None
    linear: float | None
    quadratic: float | None


class LabelAgreed(TypedDict):
    """One label: how often it was given, and how far the raters agree on it."""

    label: str
    n: int
    agreement: float | None


class Agreed(TypedDict):
    """The answer of `launchpad policy agreement --json`."""

    items: int
    raters: list[str]
    level: Literal["nominal", "ordinal", "interval", "ratio"]
    percent: float | None
    fleiss: float | None
    krippendorff: float | None
    ac1: float | None
    interval: BootstrapKnown | None
    pairs: list[PairAgreed]
    per_label: list[LabelAgreed]
