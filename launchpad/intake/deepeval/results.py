"""The results of a deepeval run: of its cases, else of the sums it ends with."""

from collections.abc import Iterator
from dataclasses import replace

from launchpad.intake.deepeval.cases import Metric, Run
from launchpad.intake.samples import same
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.values import as_list, as_object, number, text, whole
from launchpad.records.imported import ImportedResult, Problem

PASS_RATE, SCORE, CASES = "pass_rate", "score", "test_case_pass_rate"
FLAKY = "flaky"
_MODEL_KEYS = ("model", "model name", "llm", "llm model", "target model", "generation model", "deployment")
_SUMS = ("metricsScores", "metricScores", "metrics_scores")


def results_of(run: Run, *, keep: bool) -> Iterator[ImportedResult]:
    """The share that passed and the mean score of every metric, and the share of cases that passed."""
    common = ImportedResult(_task(run), _model(run), "")
    if common.model == UNKNOWN_MODEL:
        run.problems.append(Problem("hyperparameters", NO_MODEL))
    for (name, flaky), metric in run.metrics.items():
        tags = (f"deepeval:{name}", *(f"judge:{judge}" for judge in sorted(metric.judges)))
        path = replace(common, scorer=name, variant=FLAKY if flaky else None, tags=tags)
        yield from _of_metric(run, path, metric, keep=keep)
    if run.metrics and any(value is not None for value in run.cases.values):
        whole_run = replace(common, metric=CASES, higher_is_better=True)
        yield from run.cases.results(whole_run, run.problems, keep=keep)
        _check_cases(run)
    for entry in map(as_object, as_list(_sums(run))):
        yield from _of_sums(run, common, entry)


def _of_metric(run: Run, path: ImportedResult, metric: Metric, *, keep: bool) -> Iterator[ImportedResult]:
    if path.variant == FLAKY:
        run.problems.append(Problem(f"metric {path.scorer}", "marked flaky: it does not decide whether a case passes"))
    if metric.rising and metric.falling:
        what = "some scores pass above their threshold and some below it, so which way is better is not known"
        run.problems.append(Problem(f"metric {path.scorer}", what))
    one = next(iter(metric.thresholds)) if len(metric.thresholds) == 1 and not metric.unthresholded else None
    if len(metric.thresholds) > 1:
        shown = ", ".join(f"{threshold:g}" for threshold in sorted(metric.thresholds)[:10])
        run.problems.append(Problem(f"metric {path.scorer}", f"several thresholds in one run: {shown}"))
    passes = replace(path, metric=PASS_RATE, higher_is_better=True)
    yield from metric.passes.results(passes, run.problems, keep=keep)
    score = replace(path, metric=SCORE, higher_is_better=metric.higher_is_better, threshold=one)
    yield from metric.scores.results(score, run.problems, keep=keep)


def _of_sums(run: Run, common: ImportedResult, entry: dict[str, object]) -> Iterator[ImportedResult]:
    """What the run's own sums say of a metric: results where there are no cases, else a check of ours."""
    name = text(entry.get("metric"))
    if name is None:
        return
    listed = [number(score) for score in as_list(entry.get("scores"))]
    scores = [score for score in listed if score is not None]
    passes, fails, errors = (whole(entry.get(key)) for key in ("passes", "fails", "errors"))
    ours = [metric for (found, _), metric in run.metrics.items() if found == name]
    if ours:
        passed = sum(value == 1 for metric in ours for value in metric.passes.values)
        if passes is not None and passes != passed:
            what = f"the run counts {passes} passes, its test cases {passed}; the cases were taken"
            run.problems.append(Problem(f"metricsScores {name}", what))
        return
    path = replace(common, scorer=name, tags=(f"deepeval:{name}",))
    if passes is not None and fails is not None and passes + fails:
        rate = passes / (passes + fails)
        total = passes + fails + (errors or 0)
        path_rate = replace(path, metric=PASS_RATE, value=rate, n=passes + fails, count=passes, higher_is_better=True)
        yield replace(path_rate, n_total=total, n_errors=errors, n_unscored=0)
    mean = sum(scores) / len(scores) if scores else number(entry.get("score"))
    if mean is not None:
        unit = "fraction" if 0 <= mean <= 1 else "score"
        yield replace(path, metric=SCORE, value=mean, unit=unit, n=len(scores) or None)


def _check_cases(run: Run) -> None:
    """List where our share of cases differs from the run's, as it does when judges failed."""
    passed, failed = whole(run.facts.get("testPassed")), whole(run.facts.get("testFailed"))
    if passed is None or failed is None:
        return
    ours = [value for value in run.cases.values if value is not None]
    errors = sum(run.cases.failed)
    if not same(float(passed), float(sum(ours))) or failed != len(ours) - sum(ours) + errors:
        what = f"the run says {passed} passed and {failed} failed; its cases say {sum(ours):g} of {len(ours)}"
        run.problems.append(Problem("testPassed", what))
    if errors:
        what = f"{errors} of the {failed} failures are cases whose judge failed: counted as errors"
        run.problems.append(Problem("testFailed", what))


def _sums(run: Run) -> object:
    return next((run.facts[key] for key in _SUMS if key in run.facts), None)


def _task(run: Run) -> str:
    names = (run.facts.get(key) for key in ("identifier", "datasetAlias", "testFile", "test_file", "name"))
    return next((found for name in names if (found := text(name))), "test run")


def _model(run: Run) -> str:
    """The model among the hyperparameters; the models of the metrics are judges."""
    written = as_object(run.facts.get("hyperparameters") or run.facts.get("configurations"))
    plain = {
        " ".join(key.casefold().replace("_", " ").replace("-", " ").split()): value for key, value in written.items()
    }
    found = (plain.get(key) for key in _MODEL_KEYS)
    return next((name for value in found if (name := _named(value))), UNKNOWN_MODEL)


def _named(value: object) -> str | None:
    described = as_object(value)
    return text(described.get("name") or described.get("value")) if described else text(value)
