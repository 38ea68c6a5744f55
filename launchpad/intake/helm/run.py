"""One HELM run: the figures that are results, each with the instances behind it where these lie beside."""

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.helm import judge
from launchpad.intake.helm.files import INSTANCES
from launchpad.intake.helm.instances import Instances, Key, key_of, mean_of, read_instances
from launchpad.intake.helm.spec import Spec, Suite
from launchpad.intake.values import as_object, listed, text, whole
from launchpad.records.imported import ImportedResult, Problem, Unit
from launchpad.statistics import clustered_standard_error, standard_error

MAX_STATS = 500_000
SPLITS = ("test", "valid")
# What HELM notes of requests and machines; it says nothing of the model's answers.
_BOOKKEEPING = ("num_", "max_num_", "training_", "inference_", "finish_reason_", "estimated_num_")
_BOOKKEEPING_NAMES = frozenset({"batch_size", "prompt_truncated", "predicted_index", "max_prob"})
_JUDGE_WORKED = "_annotator_success"
_NO_SHARE = ("perplexity", "logprob", "per_byte", "distance", "difference", "bias")
TAXONOMY = "air-2024"


@dataclass(slots=True)
class Stats:
    """The figures of a run's main split, without perturbations; `value` is None where nothing was measured."""

    split: str | None
    values: dict[Key, float | None] = field(default_factory=dict[Key, float | None])
    bookkeeping: dict[str, float | None] = field(default_factory=dict[str, float | None])
    twice: list[str] = field(default_factory=list[str])
    strange: int = 0

    @property
    def n(self) -> int | None:
        """How many instances were run; HELM's own `count` is that of training trials."""
        return whole(self.bookkeeping.get("num_instances"))

    def digest(self) -> str:
        """What tells a run from another of the same name: the same for its folder and for its suite's list."""
        rows = sorted((name, part or "", repr(value)) for (name, part), value in self.values.items())
        rows += sorted((name, "", repr(value)) for name, value in self.bookkeeping.items())
        return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def stats_of(items: Iterable[object], path: Path) -> Stats:
    """The figures of the split that counts: test, or else valid, or whatever there is."""
    by_split: dict[str | None, Stats] = {}
    strange = 0
    for place, item in enumerate(items):
        if place >= MAX_STATS:
            raise ImportRefusedError(f"{path} lists more than {MAX_STATS:,} statistics.", jsons.DAMAGED)
        stat = as_object(cast("object", item)) if isinstance(item, dict) else {}
        split = text(as_object(stat.get("name")).get("split"))
        key = key_of(stat, split)
        if key is not None:
            _take(by_split.setdefault(split, Stats(split)), key, mean_of(stat))
        strange += not as_object(stat.get("name"))
    ranked = [*SPLITS, *sorted(name for name in by_split if name is not None), None]
    scored = [name for name in ranked if name in by_split and by_split[name].values]
    found = by_split[scored[0]] if scored else Stats(None)
    found.strange = strange
    return found


def results_of(
    stats: Stats, spec: Spec, suite: Suite, folder: Path | None, problems: list[Problem], *, keep: bool
) -> Iterator[ImportedResult]:
    """Every figure with a value; counts, errors and outcomes only where the instances give the same mean."""
    turned = judge.turned(folder, spec, suite) if _has_air(stats) else judge.Turned(refusal_is_one=True)
    problems.extend(_remarks(stats, spec, turned))
    instances = _instances(folder, stats, problems)
    common = ImportedResult(
        task=spec.task,
        model=spec.model,
        metric="",
        variant=None if stats.split in {"test", None} else stats.split,
        run_id=f"{spec.name} {stats.digest()}",
    )
    apart: list[str] = []
    for (name, part), value in stats.values.items():
        if value is None:
            continue
        code = judge.category_code(name)
        result = replace(
            common,
            metric=name,
            group=part or code,
            value=value,
            unit=_unit(name, value),
            higher_is_better=suite.higher_is_better.get(name),
            tags=(f"{TAXONOMY}:{code}",) if code else (),
        )
        if name == judge.SCORE or code:
            result = _as_judged(result, turned)
        yield _measured(result, (name, part), stats, instances, apart, keep=keep)
    if apart:
        what = f"these are no means of what the instances have, so without samples: {listed(apart)}"
        problems.append(Problem(INSTANCES, what))


def _take(stats: Stats, key: Key, value: float | None) -> None:
    name, part = key
    if name.startswith(_BOOKKEEPING) or name in _BOOKKEEPING_NAMES or name.endswith(_JUDGE_WORKED):
        if part is None:
            stats.bookkeeping.setdefault(name, value)
    elif key in stats.values:
        stats.twice.append(name if part is None else f"{name} of {part}")
    else:
        stats.values[key] = value


def _instances(folder: Path | None, stats: Stats, problems: list[Problem]) -> Instances:
    """What the instances have, as far as it can be had: a cut file would give wrong counts and gives none."""
    if folder is None or not (folder / INSTANCES).is_file():
        where = "beside the statistics" if folder is not None else "with a list of runs"
        problems.append(Problem(INSTANCES, f"no figures of single instances {where}: no counts and no outcomes"))
        return Instances()
    try:
        found = read_instances(folder / INSTANCES, stats.split, stats.values)
        there = len(set(found.names))
        if stats.n is not None and there not in {0, stats.n}:
            problems.append(Problem(INSTANCES, f"{there} instances have figures, and HELM counts {stats.n}"))
        return found  # noqa: TRY300 - what was read belongs to what may fail
    except (ImportRefusedError, OSError) as error:
        problems.append(Problem(INSTANCES, f"not read, so no counts and no outcomes: {error}"))
        return Instances()


def _measured(
    result: ImportedResult, key: Key, stats: Stats, instances: Instances, apart: list[str], *, keep: bool
) -> ImportedResult:
    """The result with its numbers of instances, and what became of each."""
    figures = instances.columns.get(key)
    whole_split = result.group is None
    if figures is None or not figures.fits(result.value):
        if figures is not None:
            apart.append(result.metric if whole_split else f"{result.metric} of {result.group}")
        return replace(result, n=(stats.n or len(instances.names) or None) if whole_split else None)
    scored = figures.scored
    # A log probability of 0 is no failure: only of shares are zeros and ones counted.
    binary = result.unit == "fraction" and all(value in (0, 1) for value in scored)
    there = len(instances.names) if whole_split else len(figures.places)
    found = replace(
        result,
        n=len(scored),
        count=sum(value == 1 for value in scored) if binary else None,
        n_total=there,
        n_unscored=there - len(scored),
        outcomes=instances.outcomes(figures, judge.category_code) if keep else None,
    )
    if instances.trials > 1:
        names = [
            instances.names[place]
            for place, value in zip(figures.places, figures.numbers, strict=True)
            if not math.isnan(value)
        ]
        clustered = clustered_standard_error(scored, names) if len(set(names)) > 1 else None
        return replace(found, clusters=len(set(names)), stderr_clustered=clustered)
    return found if binary or len(scored) < 2 else replace(found, stderr=standard_error(scored))


def _as_judged(result: ImportedResult, turned: judge.Turned) -> ImportedResult:
    """A score of AIR-Bench; one of the judge of before July 2024 is kept apart, since its 1 means the opposite."""
    if turned.refusal_is_one is False:
        return replace(result, scorer=judge.OLD_JUDGE, higher_is_better=False)
    return replace(result, higher_is_better=turned.refusal_is_one or None)


def _has_air(stats: Stats) -> bool:
    return any(name == judge.SCORE or judge.category_code(name) for name, _ in stats.values)


def _remarks(stats: Stats, spec: Spec, turned: judge.Turned) -> Iterator[Problem]:
    """What must be known of the figures."""
    empty = [name for (name, _), value in stats.values.items() if value is None]
    if not any(value is not None for value in stats.values.values()):
        yield Problem("stats", f"the run {spec.name} has no figure of its answers: no metric")
    elif empty:
        yield Problem("stats", f"nothing was measured, so left out: {listed(empty)}")
    if stats.split not in {"test", None}:
        yield Problem("stats", f"there are no figures of the split 'test'; those of {stats.split!r} were read")
    if stats.twice:
        yield Problem("stats", f"stand more than once, of which the first was read: {listed(stats.twice)}")
    if stats.strange:
        yield Problem("stats", f"{stats.strange} elements are no statistics and were left out")
    for name, value in stats.bookkeeping.items():
        if name.endswith(_JUDGE_WORKED) and value is not None and value < 1:
            yield Problem(name, f"a judge gave a score for {value:.1%} of the answers only")
    if spec.limit is not None and stats.n is not None and stats.n >= spec.limit:
        what = f"the run was limited to {spec.limit} instances; the scenario may hold more"
        yield Problem("run_spec.adapter_spec.max_eval_instances", what)
    yield from _of_judge(turned)


def _of_judge(turned: judge.Turned) -> Iterator[Problem]:
    if turned.refusal_is_one is False:
        what = f"1 means that the model helped, not that it refused: {turned.why}; kept under {judge.OLD_JUDGE!r}"
        yield Problem(judge.SCORE, what)
    elif turned.refusal_is_one is None:
        what = (
            f"read as a share of refusals; HELM scored the other way round before {judge.TURNED}, and nothing here "
            "tells when this run was judged: compare one answer with its score"
        )
        yield Problem(judge.SCORE, what)


def _unit(name: str, value: float) -> Unit:
    return "fraction" if 0 <= value <= 1 and not any(word in name for word in _NO_SHARE) else "score"
