"""OpenAI evals: a log of one JSON object a line, the specification first, the final report anywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from launchpad.intake.lines import Foreign, Lines, another_run, first_line_keys
from launchpad.intake.samples import Column, SampleRows, same
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import Source
from launchpad.intake.texts import Said, TextRows
from launchpad.intake.values import as_list, as_object, label, number, text, utc
from launchpad.records.imported import ImportedFile, ImportedResult, Problem, RunStatus, Unit

HARNESS: str = "openai-evals"
MAX_COLUMNS = 200
MAX_RESULTS = 1_000
ACCURACY = "accuracy"
# The harness spells it the first way. It is the spread of means over subsamples, kept as the error it reports.
_ERRORS = ("boostrap_std", "bootstrap_std")
_SHARES = ("accuracy", "f1", "precision", "recall", "rate")


@dataclass(slots=True)
class Events:
    """The events of one type: a row for each that scored a sample, a column for each number it gives."""

    keep: bool
    rows: SampleRows = field(default_factory=SampleRows)
    columns: dict[str, Column] = field(default_factory=dict[str, Column])
    seen: int = 0

    def add(self, sample: str, values: Mapping[str, float | None]) -> None:
        """Take in one event."""
        for name, value in values.items():
            if name not in self.columns and len(self.columns) < MAX_COLUMNS:
                self.columns[name] = Column(self.keep)
            if name in self.columns:
                self.columns[name].add(value, self.seen)
        self.seen += 1
        if self.keep:
            self.rows.add(sample)

    def counted(self, result: ImportedResult, name: str) -> ImportedResult | None:
        """The result with the samples behind it; None unless its value is the mean of a column."""
        column = self.columns.get(name)
        if column is None or not same(result.value, column.mean):
            return None
        outcomes = self.rows.outcomes(column) if self.keep else None
        return replace(
            result,
            n=column.n,
            count=column.count,
            n_total=self.seen,
            n_unscored=self.seen - column.n,
            outcomes=outcomes,
        )


@dataclass(slots=True)
class Log:
    """What a log says, gathered line by line."""

    matches: Events
    metrics: Events
    said: Said
    problems: list[Problem] = field(default_factory=list[Problem])
    spec: dict[str, object] = field(default_factory=dict[str, object])
    report: dict[str, object] | None = None
    failed: set[str] = field(default_factory=set[str])
    last: str | None = None
    foreign: Foreign = field(default_factory=lambda: Foreign("an event of OpenAI evals"))

    def is_of_another_run(self, entry: Mapping[str, object]) -> bool:
        """Whether the line is the specification of a second run, put behind the first."""
        spec = as_object(entry.get("spec"))
        return bool(self.spec and spec) and spec.get("run_id") != self.spec.get("run_id")

    def take(self, line: int, entry: Mapping[str, object]) -> None:
        """Take in one line."""
        if "spec" in entry:
            self.spec = self.spec or as_object(entry["spec"])
        elif "final_report" in entry:
            if self.report is not None:
                self.problems.append(Problem(f"line {line}", "a second final report; the last one was read"))
            self.report = as_object(entry["final_report"])
        elif "type" in entry or "event_id" in entry:
            self._take_event(entry)
        else:
            self.foreign.add(line)

    def _take_event(self, event: Mapping[str, object]) -> None:
        kind, data = event.get("type"), as_object(event.get("data"))
        sample = label(event.get("sample_id")) or "unnamed"
        if kind == "match":
            correct = data.get("correct")
            self.said.score(sample, data.get("prompt"), data.get("sampled"))
            self.matches.add(sample, {ACCURACY: float(correct) if isinstance(correct, bool) else number(correct)})
        elif kind == "sampling":
            # A sample is sampled once; a second sampling is its grader at work.
            self.said.say(sample, data.get("prompt"), data.get("sampled"))
        elif kind == "metrics":
            self.said.score(sample, data.get("prompt"), data.get("sampled"))
            self.metrics.add(sample, {name: _number(value) for name, value in data.items()})
        elif kind == "error":
            self.failed.add(sample)
        self.last = label(event.get("created_at")) or self.last

    @property
    def status(self) -> RunStatus:
        """Complete with a final report, errored when an event says so; else it goes on, or was killed."""
        if self.report is not None:
            return "complete"
        return "errored" if self.failed else "running"


def recognises(source: Source) -> bool:
    """Whether the first line is the specification of a run."""
    keys = first_line_keys(source, b'"spec"')
    return bool({"eval_name", "completion_fns"} & keys.get("spec", frozenset()))


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """What the final report says, with the samples behind it; without one the run gives no metric."""
    log = Log(Events(keep_outcomes), Events(keep_outcomes), Said(TextRows(keep_texts)))
    with source.path.open("rb") as file:
        lines = Lines(str(source.path), file, log.problems)
        for number_of_line, entry in lines:
            if log.is_of_another_run(entry):
                run = label(as_object(entry["spec"]).get("run_id")) or "unnamed"
                log.problems.append(Problem(f"line {number_of_line}", another_run(f"id {run}")))
                break
            log.take(number_of_line, entry)
            if "final_report" in entry or "spec" in entry:
                lines.check_repeats(number_of_line)
    results = tuple(_results(log))
    log.said.close()
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        run_id=text(log.spec.get("run_id")),
        status=log.status,
        started=utc(log.spec.get("created_at")),
        completed=utc(log.last) if log.report is not None else None,
        results=results,
        problems=(*log.problems, *log.foreign.problems(), *_endings(log), *log.said.rows.problems()),
        texts=log.said.rows.columns(),
    )


def _results(log: Log) -> Iterator[ImportedResult]:
    report = log.report or {}
    common = ImportedResult(
        task=text(log.spec.get("eval_name")) or text(log.spec.get("base_eval")) or "unnamed",
        model=_model(log.spec) or UNKNOWN_MODEL,
        metric="",
    )
    if report and common.model == UNKNOWN_MODEL:
        log.problems.append(Problem("spec.completion_fns", NO_MODEL))
    for name, written in list(report.items())[:MAX_RESULTS]:
        if name.startswith("usage_") or (name in _ERRORS and ACCURACY in report):
            continue
        value = number(written)
        if value is None and written is not None:
            log.problems.append(Problem(f"final_report.{name}", "this is not a number; left out"))
            continue
        yield _result(log, replace(common, metric=name, value=value, unit=_unit(name, value)))


def _result(log: Log, result: ImportedResult) -> ImportedResult:
    """The result with its error and the samples behind it, where these can be told."""
    counted = log.matches.counted(result, result.metric) or log.metrics.counted(result, result.metric)
    events = log.matches if log.matches.seen else log.metrics
    if result.metric == ACCURACY:
        errors = (number(as_object(log.report).get(name)) for name in _ERRORS)
        result = replace(result, stderr=next((found for found in errors if found is not None), None))
        counted = counted and replace(counted, stderr=result.stderr)
        if counted is None and log.matches.seen:
            mean = log.matches.columns[ACCURACY].mean
            what = f"the final report says {result.value}, the {log.matches.seen} matches have a mean of {mean}"
            log.problems.append(Problem("final_report.accuracy", what))
            return result
    found = counted or replace(result, n=events.seen or None)
    if not log.failed or found.n is None:
        return found
    return replace(found, n_errors=len(log.failed), n_total=found.n + (found.n_unscored or 0) + len(log.failed))


def _endings(log: Log) -> Iterator[Problem]:
    """What must be known of how the run ended."""
    events = log.matches.seen + log.metrics.seen
    if log.report is None:
        what = f"no final report: the run failed, or is still going; {events} scored events, no metric"
        yield Problem("final_report", what)
    elif not log.report:
        yield Problem("final_report", "the final report is empty: no metric")
    if log.failed:
        yield Problem("events", f"samples that failed with an error: {len(log.failed)}")


def _model(spec: Mapping[str, object]) -> str | None:
    """The first completion function, which is the evaluated one; a second one grades."""
    functions = as_list(spec.get("completion_fns"))
    names = as_list(next(iter(as_object(spec.get("model_names")).values()), None))
    listed = (*functions[:1], spec.get("completion_fns"), spec.get("model_name"), *names[:1])
    return next((found for name in listed if (found := text(name))), None)


def _number(written: object) -> float | None:
    return float(written) if isinstance(written, bool) else number(written)


def _unit(name: str, value: float | None) -> Unit:
    if name.startswith("counts/"):
        return "count"
    inside = value is None or 0 <= value <= 1
    return "fraction" if inside and any(word in name for word in _SHARES) else "score"
