"""A mapping as a person makes it: for each column of a sheet what it means, for each sheet what a row is."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from PySide6.QtCore import QCoreApplication

from launchpad.intake import Beginning, Mapping
from launchpad.intake.table.columns import guess, plain

Shape = Literal["results", "models", "metrics", "samples", "none"]
UNUSED, MODEL_VALUES, METRIC_VALUES = "", "model values", "metric values"
LABELS = ("task", "model", "metric", "group")
OF_SAMPLES = ("sample", "outcome", "value", *LABELS, "cluster")
OF_WIDE = (*LABELS, "n", "unit", "date", "source")
OF_RESULTS = (
    *("task", "model", "metric", "value", "n", "count", "k", "group", "scorer", "unit", "higher_is_better"),
    *("date", "stderr", "stderr_clustered", "low", "high", "level", "threshold", "passed", "clusters"),
    *("n_total", "n_unscored", "n_errors", "variant", "task_version", "harness", "source"),
)
CONSTANTS = ("task", "model", "metric", "n", "unit", "higher_is_better", "date", "source")


def tr(words: str) -> str:
    """Words of the mapping step in the person's language."""
    return QCoreApplication.translate("mapping", words)


def shapes() -> dict[Shape, str]:
    """What a row can be."""
    return {
        "results": tr("One result"),
        "models": tr("Results of several models, a column each"),
        "metrics": tr("Results of several metrics, a column each"),
        "samples": tr("One sample, with its outcome"),
        "none": tr("No result: leave this sheet out"),
    }


def field_names() -> dict[str, str]:
    """What each meaning of a column is called."""
    return {
        UNUSED: tr("(not used)"),
        MODEL_VALUES: tr("Values of the model it names"),
        METRIC_VALUES: tr("Values of the metric it names"),
        "task": tr("Task or evaluation"),
        "task_version": tr("Version of the task"),
        "model": tr("Model"),
        "scorer": tr("Scorer or judge"),
        "metric": tr("Metric"),
        "variant": tr("Filter or reducer"),
        "group": tr("Category"),
        "value": tr("Value"),
        "unit": tr("Unit"),
        "n": tr("Scored samples (n)"),
        "count": tr("Samples with outcome 1"),
        "k": tr("Failures"),
        "n_total": tr("All samples"),
        "n_unscored": tr("Unscored samples"),
        "n_errors": tr("Samples with errors"),
        "stderr": tr("Standard error"),
        "stderr_clustered": tr("Clustered standard error"),
        "low": tr("Interval, low"),
        "high": tr("Interval, high"),
        "level": tr("Interval, level"),
        "clusters": tr("Clusters"),
        "threshold": tr("Threshold"),
        "passed": tr("Passed"),
        "higher_is_better": tr("Higher is better (yes or no)"),
        "source": tr("Source"),
        "date": tr("Date"),
        "harness": tr("Harness"),
        "sample": tr("Name of the sample"),
        "outcome": tr("Outcome of the sample"),
        "cluster": tr("Cluster of the sample"),
    }


def meanings_for(shape: Shape) -> tuple[str, ...]:
    """What a column can mean where a row is this."""
    return {
        "results": (UNUSED, *OF_RESULTS),
        "models": (UNUSED, MODEL_VALUES, *(name for name in OF_WIDE if name != "model")),
        "metrics": (UNUSED, METRIC_VALUES, *(name for name in OF_WIDE if name != "metric")),
        "samples": (UNUSED, *OF_SAMPLES),
        "none": (UNUSED,),
    }[shape]


@dataclass(frozen=True)
class Draft:
    """One sheet as a person understands it: the row its header is in, and the meaning of each column by its place."""

    beginning: Beginning
    header: int
    shape: Shape
    meanings: Dictionary[int, str] = field(default_factory=dict[int, str])
    constants: Dictionary[str, str] = field(default_factory=dict[str, str])
    decimal: Literal["", ".", ","] = ""

    @property
    def headers(self) -> tuple[str, ...]:
        """The texts of the header row, an empty one where a column has none."""
        return self.beginning.rows[self.header] if self.header < len(self.beginning.rows) else ()

    @property
    def usable(self) -> tuple[int, ...]:
        """The places of the columns that can be named: with a title no column before has."""
        seen: set[str] = set()
        found: list[int] = []
        for place, header in enumerate(self.headers):
            name = plain(header)
            if header.strip() and name not in seen:
                found.append(place)
                seen.add(name)
        return tuple(found)


def drafts_of(beginnings: Sequence[Beginning]) -> list[Draft]:
    """The drafts to start from: what was guessed or remembered for each sheet.

    Where something is known of one sheet, those of which nothing is known are left out.
    """
    known = any(beginning.mapping is not None for beginning in beginnings)
    return [_draft_of(one, spare=known or place > 0) for place, one in enumerate(beginnings)]


def _draft_of(beginning: Beginning, *, spare: bool) -> Draft:
    start = Draft(beginning, beginning.header, "results")
    if beginning.mapping is not None:
        return applied(start, beginning.mapping)
    return replace(start, shape="none") if spare else with_header(start, beginning.header)


def applied(draft: Draft, mapping: Mapping) -> Draft:
    """The draft with what a mapping says about the columns it has."""
    places = {plain(draft.headers[place]): place for place in draft.usable}
    meanings = {places[plain(header)]: name for name, header in mapping.columns.items() if plain(header) in places}
    role = MODEL_VALUES if mapping.models else METRIC_VALUES
    meanings |= {places[plain(header)]: role for header in mapping.wide if plain(header) in places}
    return replace(
        draft,
        shape=_shape_of(mapping),
        meanings=meanings,
        constants=dict(mapping.constants),
        decimal=mapping.decimal,
    )


def _shape_of(mapping: Mapping) -> Shape:
    if mapping.kind == "wide":
        return "models" if mapping.models else "metrics"
    return "results" if mapping.kind is None else mapping.kind


def with_header(draft: Draft, row: int) -> Draft:
    """The draft with its header in another row; columns keep their meaning where their titles say it."""
    moved = replace(draft, header=row, meanings={})
    return replace(applied(moved, guess(moved.headers)), shape=draft.shape, constants=draft.constants)


def with_shape(draft: Draft, shape: Shape) -> Draft:
    """The draft for rows of another kind; meanings that make no sense there are dropped."""
    possible = meanings_for(shape)
    kept = {place: name for place, name in draft.meanings.items() if name in possible}
    return replace(draft, shape=shape, meanings=kept)


def with_meaning(draft: Draft, place: int, name: str) -> Draft:
    """The draft in which a column means this; another column that meant the same no longer does."""
    several = name in (UNUSED, MODEL_VALUES, METRIC_VALUES)
    kept = {at: held for at, held in draft.meanings.items() if at != place and (several or held != name)}
    return replace(draft, meanings=kept if name == UNUSED else {**kept, place: name})


def mapping_of(draft: Draft) -> Mapping:
    """The mapping a draft stands for."""
    named = {place: name for place, name in draft.meanings.items() if place in draft.usable}
    values = tuple(
        draft.headers[place] for place, name in sorted(named.items()) if name in (MODEL_VALUES, METRIC_VALUES)
    )
    columns = {name: draft.headers[place] for place, name in named.items() if name not in (MODEL_VALUES, METRIC_VALUES)}
    constants = {
        name: words.strip() for name, words in draft.constants.items() if words.strip() and name not in columns
    }
    wide = draft.shape in ("models", "metrics")
    return Mapping(
        columns=columns,
        constants=constants,
        models=values if draft.shape == "models" else (),
        metrics=values if draft.shape == "metrics" else (),
        rows="wide" if wide else draft.shape,  # pyright: ignore[reportArgumentType] - the other shapes are kinds
        decimal=draft.decimal,
    )


def missing(draft: Draft) -> str:
    """What must still be said before anything can come in, in one sentence; empty when nothing."""
    meant = set(draft.meanings.values())
    if draft.shape == "results" and not (meant & {"value"} or ({"n"} <= meant and meant & {"count", "k"})):
        return tr("Say which column holds the value, or which hold n and the number of failures.")
    if draft.shape == "models" and MODEL_VALUES not in meant:
        return tr("Say which columns hold the values of a model each.")
    if draft.shape == "metrics" and METRIC_VALUES not in meant:
        return tr("Say which columns hold the values of a metric each.")
    if draft.shape == "samples" and not meant & {"outcome", "value"}:
        return tr("Say which column holds the outcome or the score of a sample.")
    return ""


def first_values(draft: Draft, place: int, count: int = 3) -> Sequence[str]:
    """The first values below a column's title that are not empty."""
    found: list[str] = []
    for row in draft.beginning.rows[draft.header + 1 :]:
        if place < len(row) and row[place].strip():
            found.append(row[place])
        if len(found) == count:
            break
    return found
