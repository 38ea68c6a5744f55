"""One score of an Inspect header together with the samples behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from launchpad.intake.inspect import counts
from launchpad.intake.inspect.metrics import Metric, Scorers, declared_metrics, metrics_of
from launchpad.intake.inspect.samples import Raw, Samples, graded
from launchpad.intake.values import as_list, as_object, label, whole
from launchpad.records.imported import Outcomes, Problem

Names = Sequence[str | None]
MAX_KEYS = 20


@dataclass(slots=True)
class Run:
    """What all results of one log share, and the problems met while reading them."""

    task: str
    task_version: str | None
    model: str
    total_samples: int | None
    epochs: int
    scorers: Scorers
    cluster_key: str | None
    group_key: str | None
    samples: Samples
    keep_outcomes: bool
    problems: list[Problem] = field(default_factory=list[Problem])
    shared: Outcomes | None = None

    def complain(self, what: str) -> None:
        """List a problem of the header's scores."""
        self.problems.append(Problem("results.scores", what))


@dataclass(frozen=True, slots=True)
class Score:
    """One entry of `results.scores`: its metrics, the column behind it, and the units they were taken over.

    `grades` are the numbers the column stands for; `on_unit_scale` says whether all lie between 0 and 1.
    """

    name: str
    reducer: str | None
    n: int | None
    n_unscored: int | None
    metrics: Sequence[Metric]
    column: Sequence[Raw] | None
    grades: Sequence[float | None]
    on_unit_scale: bool
    reduced: bool
    units: counts.Units | None
    clusters: Names | None

    def groups(self, column: Names | None) -> Mapping[str, counts.Places]:
        """The units of each group of a metadata column; none without samples."""
        return {} if column is None or self.units is None else counts.by_group(self.units, column)

    def tally(self, places: counts.Places | None = None) -> counts.Tally | None:
        """The units at these places, or all, counted; None without samples or with a reducer not known here."""
        if self.units is None:
            return None
        return counts.tally(self.units, range(len(self.units)) if places is None else places, self.clusters)


def keys_needed(scorers: Scorers, scores: object) -> tuple[tuple[str, ...], str | None, str | None]:
    """The sample metadata keys that groups and clusters name; the first cluster key; the first group key."""
    metrics: list[Metric] = []
    for entry in map(as_object, as_list(scores)):
        scorer, name = label(entry.get("scorer")) or "", label(entry.get("name")) or ""
        declared = declared_metrics(scorers, scorer, name)
        metrics.extend((*metrics_of(entry, declared), *declared))
    clusters = list(dict.fromkeys(metric.cluster_key for metric in metrics if metric.cluster_key))
    groups = list(dict.fromkeys(metric.group_key for metric in metrics if metric.group_key))
    wanted = tuple(dict.fromkeys(["category", *clusters, *groups]))[:MAX_KEYS]
    return wanted, clusters[0] if clusters else None, groups[0] if groups else None


def read_score(run: Run, entry: Mapping[str, object]) -> Score:
    """The entry as a score of this run."""
    name = label(entry.get("name")) or ""
    scorer = label(entry.get("scorer")) or name
    metrics = metrics_of(entry, declared_metrics(run.scorers, scorer, name))
    n, n_unscored = whole(entry.get("scored_samples")), whole(entry.get("unscored_samples"))
    reducer = label(entry.get("reducer"))
    reduced = reducer is not None or not _counts_epochs(run, metrics, (n or 0) + (n_unscored or 0))
    column = _column(run.samples, scorer, name)
    grade_of = {raw: graded(raw) for raw in dict.fromkeys(column or ())}
    grades = [grade_of[raw] for raw in column or ()]
    known = [grade for grade in grade_of.values() if grade is not None]
    return Score(
        name=scorer if scorer == name else f"{scorer}/{name}",
        reducer=reducer,
        n=n,
        n_unscored=n_unscored,
        metrics=metrics,
        column=column,
        grades=grades,
        on_unit_scale=bool(known) and min(known) >= 0 and max(known) <= 1,
        reduced=reduced,
        units=_units(run, grades, reducer, reduced=reduced) if column is not None else None,
        clusters=_clusters(run, metrics, reduced=reduced),
    )


def outcomes_of(run: Run, score: Score) -> Outcomes | None:
    """The score of every sample and epoch before reduction, when outcomes are kept and there are any."""
    if not run.keep_outcomes or score.column is None or not len(run.samples):
        return None
    shared = run.shared = run.shared or _shared_columns(run)
    status = tuple(
        "scored" if value is not None else "error" if failed else "unscored"
        for value, failed in zip(score.grades, run.samples.failed, strict=True)
    )
    return Outcomes(shared.sample, shared.epoch, shared.cluster, shared.category, tuple(score.grades), status)


def _shared_columns(run: Run) -> Outcomes:
    samples = run.samples
    blank: Names = (None,) * len(samples)
    cluster = samples.metadata.get(run.cluster_key or "", blank)
    category = samples.metadata.get(run.group_key or "category", blank)
    return Outcomes(tuple(samples.ids), tuple(samples.epochs), tuple(cluster), tuple(category), (), ())


def _units(run: Run, grades: Sequence[float | None], name: str | None, *, reduced: bool) -> counts.Units | None:
    """What the score's metrics were taken over; None with a reducer not known here."""
    reduce = counts.reducer(name)
    if reduce is None:
        return None
    return counts.by_sample(run.samples, grades, reduce) if reduced else counts.each_epoch(run.samples, grades)


def _counts_epochs(run: Run, metrics: Sequence[Metric], counted: int) -> bool:
    """Whether a score without a reducer took each epoch on its own, as frequency() does."""
    if counted and run.total_samples:
        return run.epochs > 1 and counted > run.total_samples // run.epochs
    return bool(metrics) and all(metric.source == "frequency" for metric in metrics)


def _column(samples: Samples, scorer: str, name: str) -> Sequence[Raw] | None:
    for key in ((scorer, name), (name, ""), (scorer, ""), ("", "")):
        if key in samples.scores:
            return samples.scores[key]
    return None


def _clusters(run: Run, metrics: Sequence[Metric], *, reduced: bool) -> Names | None:
    """What ties items together: the key an error names, else the sample where epochs count singly."""
    key = next((metric.cluster_key for metric in metrics if metric.cluster_key), run.cluster_key)
    if key is not None:
        return run.samples.metadata.get(key)
    return run.samples.ids if run.epochs > 1 and not reduced else None
