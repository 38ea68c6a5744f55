"""The test cases of a deepeval run, gathered one by one under the names that each version gave their parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from launchpad.intake.scored import Scored
from launchpad.intake.texts import TextRows
from launchpad.intake.values import as_list, as_object, number, text
from launchpad.records.imported import Problem

METRICS = ("metricsData", "metrics_data", "metricsMetadata", "metrics_metadata")
CASES = frozenset({"testCases", "test_cases", "testResults", "test_results"})
CONVERSATIONS = frozenset({"conversationalTestCases"})
CATEGORIES = ("category", "risk_category", "riskCategory", "vulnerability", "group")
MAX_METRICS = 500
Key = tuple[str, bool]


@dataclass(slots=True)
class Metric:
    """What one metric made of the cases: verdicts, scores, and how these go together with the thresholds."""

    passes: Scored = field(default_factory=Scored)
    scores: Scored = field(default_factory=Scored)
    thresholds: set[float] = field(default_factory=set[float])
    unthresholded: bool = False
    judges: set[str] = field(default_factory=set[str])
    rising: int = 0
    falling: int = 0

    def add(self, case: str, entry: Mapping[str, object], category: tuple[str, ...]) -> str:
        """Take in the metric of one case; "pass", "fail", "error" or, when there is no verdict, ""."""
        score = _score(entry.get("score"))
        threshold = number(_first(entry, "threshold", "minimumScore", "minimum_score"))
        success = _verdict(entry, score, threshold)
        failed = score is None and (entry.get("error") is not None or success is not True)
        self.passes.add(case, None if success is None else float(success), category, failed=failed)
        self.scores.add(case, score, category, failed=failed)
        if failed:
            return "error"
        if threshold is None:
            self.unthresholded = True
        else:
            self.thresholds.add(threshold)
        if (judge := text(_first(entry, "evaluationModel", "evaluation_model"))) is not None:
            self.judges.add(judge)
        if success is not None and score is not None and threshold is not None and score != threshold:
            self.rising += success == (score > threshold)
            self.falling += success == (score < threshold)
        return "" if success is None else "pass" if success else "fail"

    @property
    def higher_is_better(self) -> bool | None:
        """Which way scores must lie from their thresholds to pass, where every verdict says the same."""
        if bool(self.rising) == bool(self.falling):
            return None
        return bool(self.rising)


@dataclass(slots=True)
class Run:
    """What a file says of a run, gathered key by key."""

    keep_texts: bool
    metrics: dict[Key, Metric] = field(default_factory=dict[Key, Metric])
    cases: Scored = field(default_factory=Scored)
    facts: dict[str, object] = field(default_factory=dict[str, object])
    problems: list[Problem] = field(default_factory=list[Problem])
    trail: list[str] = field(default_factory=list[str])
    texts: TextRows = field(init=False)

    def __post_init__(self) -> None:
        self.texts = TextRows(self.keep_texts)

    def take(self, key: str, value: object) -> None:
        """Take in one key; of those that hold test cases, one case."""
        case = as_object(value)
        if key in CASES | CONVERSATIONS and case:
            self._case(key, case)
        elif key in CASES | CONVERSATIONS and value not in (None, []):
            self.problems.append(Problem(key, "a test case that is no JSON object was left out"))
        else:
            self.facts[key] = value

    def _case(self, key: str, case: Mapping[str, object]) -> None:
        place = len(self.cases.names)
        name = text(case.get("name")) or f"{key} {place}"
        category = _category(case)
        verdicts: list[str] = []
        for entry in map(as_object, self._entries(key, case, place)):
            flaky = entry.get("flaky") is True
            metric = text(_first(entry, "name", "metric"))
            if metric is None or ((metric, flaky) not in self.metrics and len(self.metrics) >= MAX_METRICS):
                self.problems.append(
                    Problem(f"{key} {place}", "a metric without a name, or one too many, was left out")
                )
                continue
            verdict = self.metrics.setdefault((metric, flaky), Metric()).add(name, entry, category)
            verdicts.extend(() if flaky else (verdict,))
            facts = (_score(entry.get("score")), entry.get("success") is True, number(case.get("runDuration")))
            self.trail.append(f"{name} {metric} {facts}")
        self.cases.add(name, _passed(case, verdicts), category, failed=_failed(case, verdicts))
        self.texts.add(name, _asked(case), _answered(case))

    def _entries(self, key: str, case: Mapping[str, object], place: int) -> list[object]:
        """The metrics of a case; in old versions those of a conversation stand with its messages."""
        written = _first(case, *METRICS)
        entries = as_list(written)
        if not entries and written not in (None, []):
            self.problems.append(Problem(f"{key} {place}", "its metrics are no list, so they were left out"))
        if key in CONVERSATIONS and written is None:
            messages = map(as_object, as_list(case.get("messages")))
            return [entry for message in messages for entry in as_list(_first(message, *METRICS))]
        return entries


def _passed(case: Mapping[str, object], verdicts: list[str]) -> float | None:
    """Whether the case passed: by its metrics where a judge failed, else as the run says."""
    if "fail" in verdicts:
        return 0.0
    success = case.get("success")
    if isinstance(success, bool):
        return float(success)
    return 1.0 if "pass" in verdicts else None


def _failed(case: Mapping[str, object], verdicts: list[str]) -> bool:
    """Whether only a judge that failed kept the case from passing."""
    return "error" in verdicts and "fail" not in verdicts and case.get("success") is not True


def _verdict(entry: Mapping[str, object], score: float | None, threshold: float | None) -> bool | None:
    """Success as written; the first versions wrote none, and passed what reached the minimum score."""
    written = entry.get("success")
    if isinstance(written, bool):
        return written
    minimum = number(_first(entry, "minimumScore", "minimum_score"))
    return None if minimum is None or score is None or threshold is None else score >= minimum


def _score(value: object) -> float | None:
    return float(value) if isinstance(value, bool) else number(value)


def _category(case: Mapping[str, object]) -> tuple[str, ...]:
    """The category that the case was given in the metadata of its golden."""
    metadata = as_object(_first(case, "metadata", "additionalMetadata", "additional_metadata"))
    found = text(_first(metadata, *CATEGORIES))
    return () if found is None else (found,)


def _asked(case: Mapping[str, object]) -> object:
    return case.get("input") or case.get("scenario")


def _answered(case: Mapping[str, object]) -> object:
    """What was answered; of a conversation the last turn."""
    turns = as_list(case.get("turns")) or as_list(case.get("messages"))
    last = as_object(turns[-1]) if turns else {}
    return _first(case, "actualOutput", "actual_output") or _first(last, "content", "actualOutput")


def _first(item: Mapping[str, object], *names: str) -> object:
    return next((found for name in names if (found := item.get(name)) is not None), None)
