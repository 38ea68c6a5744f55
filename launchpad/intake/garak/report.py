"""garak's report: one JSON object a line, from the setup through attempts and evaluations to the digest."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.garak import digest
from launchpad.intake.garak.attempts import ProbeAttempts, is_announced, is_evaluated
from launchpad.intake.garak.names import Tally, interval, model_of, plain, prompts_of, tags_of
from launchpad.intake.lines import Foreign, Lines, another_run, member, repeats_into
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import PIECE
from launchpad.intake.texts import TextRows
from launchpad.intake.values import as_object, label, number, text, utc, whole
from launchpad.records.imported import ImportedResult, Problem, RunStatus

MAX_EVALS = 20_000
MAX_PROBES = 5_000
DEFAULT_THRESHOLD = 0.5
_KINDS = {
    **{kind: kind for kind in ("attempt", "eval", "plugin_cache", "init", "completion", "digest")},
    **dict.fromkeys(("start_run setup", "config"), "setup"),
}


@dataclass(slots=True)
class Report:
    """What a report says, gathered line by line; attempts and texts are kept only where they are wanted."""

    name: str
    keep_outcomes: bool
    texts: TextRows = field(default_factory=lambda: TextRows(keep=False))
    problems: list[Problem] = field(default_factory=list[Problem])
    heads: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    attempts: dict[str, ProbeAttempts] = field(default_factory=dict[str, ProbeAttempts])
    evals: list[tuple[int, dict[str, object]]] = field(default_factory=list[tuple[int, dict[str, object]]])
    foreign: Foreign = field(default_factory=lambda: Foreign("an entry of garak"))

    def take(self, line: int, entry: dict[str, object]) -> None:
        """Take in one line."""
        kind = _KINDS.get(label(entry.get("entry_type")) or "")
        if kind == "attempt":
            self._take_attempt(entry)
        elif kind == "eval":
            if len(self.evals) >= MAX_EVALS:
                raise ImportRefusedError(f"{self.name} holds more than {MAX_EVALS:,} evaluations.", jsons.DAMAGED)
            self.evals.append((line, entry))
        elif kind == "plugin_cache":
            for probe, facts in as_object(member(entry, "plugin_cache", "probes")).items():
                self.tags[plain(probe) or probe] = tags_of(member(facts, "tags"))
        elif kind is not None:
            self.heads.setdefault(kind, entry)
        elif "entry_type" not in entry:
            self.foreign.add(line)

    def is_of_another_model(self, entry: Mapping[str, object]) -> bool:
        """Whether the line sets up another model than the lines before: another run, put behind this one."""
        if _KINDS.get(label(entry.get("entry_type")) or "") != "setup" or not self.setup:
            return False
        return model_of(entry) != model_of(self.setup)

    @property
    def setup(self) -> Mapping[str, object]:
        """The configuration of the run; empty where the file has none."""
        return self.heads.get("setup", {})

    @property
    def digest(self) -> Mapping[str, object] | None:
        """The digest, which garak writes last."""
        return self.heads.get("digest")

    def _take_attempt(self, entry: dict[str, object]) -> None:
        probe = plain(entry.get("probe_classname")) if is_evaluated(entry) else None
        if probe is None:
            return
        attempts = self.attempts.get(probe)
        if attempts is None:
            if len(self.attempts) >= MAX_PROBES:
                raise ImportRefusedError(f"{self.name} names more than {MAX_PROBES:,} probes.", jsons.DAMAGED)
            attempts = self.attempts[probe] = ProbeAttempts(self.keep_outcomes)
        threshold = number(self.setup.get("run.eval_threshold"))
        attempts.add(entry, DEFAULT_THRESHOLD if threshold is None else threshold, self.texts, probe)

    @property
    def version(self) -> str | None:
        """The version of garak."""
        return text(self.setup.get("_config.version")) or text(self._begun("garak_version"))

    @property
    def run_id(self) -> str | None:
        """The run, of reports put together the id they were given then."""
        return text(self._begun("run")) or text(self._begun("run_uuid")) or text(self.setup.get("transient.run_id"))

    @property
    def started(self) -> str | None:
        """The start of the run, of the first one where reports were put together."""
        moments = (*map(self._begun, ("orig_start_time", "start_time")), self.setup.get("transient.starttime_iso"))
        return next(filter(None, map(utc, moments)), None)

    def _begun(self, key: str) -> object:
        """What the line at the start of the run says, else the digest's copy of it."""
        begun = as_object(self.heads.get("init"))
        return begun[key] if key in begun else member(self.digest, "meta", key)

    @property
    def completed(self) -> str | None:
        """The end of the run."""
        end = utc(member(self.heads.get("completion"), "end_time"))
        return end or utc(member(self.digest, "meta", "report_digest_time"))

    @property
    def status(self) -> RunStatus:
        """Complete with an end or a digest; else the run goes on, or was killed."""
        return "complete" if {"completion", "digest"} & self.heads.keys() else "running"


def read_digest(path: Path) -> Report:
    """The digest that a file of its own holds, as a report of which nothing else is left."""
    report = Report(str(path), keep_outcomes=False)
    with path.open("rb") as file:
        found = as_object(
            jsons.load(iter(lambda: file.read(PIECE), b""), str(path), repeats_into(report.problems, path.name))
        )
    report.heads["digest"] = found
    return report


def read_report(path: Path, *, keep_outcomes: bool, keep_texts: bool) -> Report:
    """The report at this path, in one pass."""
    report = Report(str(path), keep_outcomes, TextRows(keep_texts))
    with path.open("rb") as file:
        lines = Lines(str(path), file, report.problems, is_announced)
        for line, entry in lines:
            if report.is_of_another_model(entry):
                report.problems.append(Problem(f"line {line}", another_run(f"model {model_of(entry) or 'unnamed'}")))
                break
            report.take(line, entry)
            if label(entry.get("entry_type")) in {"eval", "digest"}:
                lines.check_repeats(line)
    if report.digest is not None:
        report.tags.update(digest.tags(report.digest))
    return report


def results_of(report: Report) -> Iterator[ImportedResult]:
    """The attack's success for each probe and detector, overall and by intent; of several runs each on its own."""
    if not report.evals and report.digest is not None:
        yield from digest.results_of(report.digest, report.problems)
        return
    model = model_of(report.setup) or model_of(as_object(member(report.digest, "meta"))) or UNKNOWN_MODEL
    if report.evals and model == UNKNOWN_MODEL:
        report.problems.append(Problem("start_run setup", NO_MODEL))
    pairs = Counter(_names(entry) for _, entry in report.evals)
    seen: Counter[tuple[str | None, str | None]] = Counter()
    for line, entry in report.evals:
        names = _names(entry)
        seen[names] += 1
        where = f"line {line}"
        result = _overall(report, entry, model, where, alone=pairs[names] == 1)
        if result is None:
            continue
        if seen[names] > 1:
            what = f"{names[0]} under {names[1]} was evaluated before in this file; kept apart, not added up"
            report.problems.append(Problem(where, what))
            result = replace(result, variant=f"repeat {seen[names]}")
        yield result
        yield from _by_intent(result, as_object(entry.get("intents")))


def endings(report: Report) -> Iterator[Problem]:
    """What must be known of how the run ended, and of text that was not kept."""
    yield from report.texts.problems()
    yield from report.foreign.problems()
    if report.status == "running":
        seen = sum(attempts.prompts for attempts in report.attempts.values())
        what = (
            f"the run is still going, or was killed: no completion and no digest, "
            f"{seen} evaluated attempts, {len(report.evals)} evaluations"
        )
        yield Problem("end of file", what)
    elif not report.evals and not as_object(member(report.digest, "eval")):
        yield Problem("end of file", "the run ended without any evaluation")


def _names(entry: Mapping[str, object]) -> tuple[str | None, str | None]:
    return plain(entry.get("probe")), plain(entry.get("detector"))


def _overall(
    report: Report, entry: Mapping[str, object], model: str, where: str, *, alone: bool
) -> ImportedResult | None:
    """The result of one evaluation; None, and a problem listed, when its counts make no sense."""
    probe, detector = _names(entry)
    tally = _tally(entry)
    if probe is None or detector is None or tally is None:
        what = "an evaluation without probe, detector or sensible counts was left out"
        report.problems.append(Problem(where, what))
        return None
    result = tally.result(probe, detector, model)
    attempts = report.attempts.get(probe) if alone else None
    outcomes = None
    prompts = prompts_of(entry)
    if attempts is not None:
        outcomes = attempts.outcomes(detector, tally.evaluated, tally.evaluated - tally.passed)
        fits = attempts.outputs == tally.evaluated + (tally.nones or 0)
        prompts = prompts or (attempts.prompts if fits else None)
    return replace(
        result,
        interval=interval(
            entry.get("confidence_lower"),
            entry.get("confidence_upper"),
            entry.get("confidence"),
            entry.get("confidence_method"),
        ),
        clusters=prompts if prompts and tally.evaluated else None,
        tags=report.tags.get(probe, ()),
        outcomes=outcomes,
    )


def _tally(entry: Mapping[str, object]) -> Tally | None:
    passed, evaluated = whole(entry.get("passed")), whole(entry.get("total_evaluated"))
    if evaluated is None:
        evaluated = whole(entry.get("total"))
    if passed is None or evaluated is None or passed > evaluated:
        return None
    return Tally(passed, evaluated, whole(entry.get("nones")))


def _by_intent(overall: ImportedResult, intents: Mapping[str, object]) -> Iterator[ImportedResult]:
    """A result for each intent, where there are several."""
    for name, counts in intents.items() if len(intents) > 1 else ():
        tally = _tally(as_object(counts))
        if tally is not None:
            part = tally.result(overall.task, overall.scorer or "", overall.model)
            yield replace(part, group=text(name), variant=overall.variant, tags=overall.tags)
