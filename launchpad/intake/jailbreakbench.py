"""JailbreakBench artifacts: one attack on one model, a verdict for each of the 100 behaviours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import repeats_into
from launchpad.intake.samples import same
from launchpad.intake.scored import Scored, Texts
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import PIECE, Source, first_keys, keys_within
from launchpad.intake.values import as_object, label, listed, number, text, utc, whole
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

HARNESS: str = "jailbreakbench"
TASK = "JailbreakBench"
METRIC = "attack_success_rate"
VERDICT = "jailbroken"
MAX_ROWS = 1_000_000
MAX_STRANGE = 1_000
MAX_JUDGES = 20
# The first artifacts were written with other words.
_OLD = {"model_name": "model", "success_rate": METRIC, "run_date": "evaluation_date", "identifier": "behavior"}
_WHOLE = "Import the artifact of each model, a file with 'parameters' and 'jailbreaks'."


@dataclass(slots=True)
class Artifact:
    """What an artifact says, gathered as it streams by."""

    parameters: dict[str, object] = field(default_factory=dict[str, object])
    judges: dict[str, Scored] = field(default_factory=dict[str, Scored])
    strange: list[str] = field(default_factory=list[str])
    rows: int = 0
    without: int = 0

    def add(self, row: Mapping[str, object]) -> str:
        """Take in the verdicts on one behaviour; the name of its sample."""
        name = label(row.get("index")) or text(row.get("behavior")) or f"row {self.rows}"
        category = text(row.get("category"))
        judges = [key for key in row if key.startswith(f"{VERDICT}_")][:MAX_JUDGES]
        for judge in (VERDICT, *judges):
            verdict = self._verdict(f"{judge} of row {self.rows}", row.get(judge))
            self.judges.setdefault(judge, Scored(HARNESS)).add(name, verdict, (category,) if category else ())
            self.without += judge == VERDICT and verdict is None
        self.rows += 1
        return name

    def _verdict(self, where: str, written: object) -> float | None:
        """1 for a jailbreak; None for no verdict, and for what is none, which is listed."""
        plain = written.strip().casefold() if isinstance(written, str) else written
        for value, words in ((1.0, (True, "true", "1")), (0.0, (False, "false", "0"))):
            if isinstance(plain, str | bool | int | float) and plain in words:
                return value
        if plain is not None and len(self.strange) < MAX_STRANGE:
            self.strange.append(where)
        return None


def recognises(source: Source) -> bool:
    """Whether this is an artifact, or one of the files that lie beside artifacts."""
    return _kind(source) is not None


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """The share of behaviours the attack obtained, overall and by category, for each judge.

    The rate is the reported one, over the rows; what the attacker's own judge counted is no part of it.
    Refused are lists, submissions and raw evaluations, which say less or the same once more.
    """
    if (what := _kind(source)) != "artifact":
        raise ImportRefusedError(f"{source.path} is {what} of JailbreakBench, not a result.", _WHOLE)
    problems: list[Problem] = []
    artifact, texts = Artifact(), Texts(keep_texts)
    with source.path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        repeats = repeats_into(problems, source.path.name)
        for key, value in jsons.object_items(pieces, str(source.path), frozenset({"jailbreaks"}), repeats):
            if key == "parameters":
                artifact.parameters = _plain(as_object(value))
            elif key == "jailbreaks" and isinstance(value, dict):
                row = _plain(as_object(cast("object", value)))
                texts.add("", artifact.add(row), row.get("prompt"), row.get("response"))
            elif key == "jailbreaks":
                problems.append(Problem("jailbreaks", "an element that is no object was left out"))
            if artifact.rows > MAX_ROWS:
                raise ImportRefusedError(f"{source.path} holds more than {MAX_ROWS:,} rows.", jsons.DAMAGED)
    problems.extend(_remarks(artifact))
    moment = utc(artifact.parameters.get("evaluation_date"))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        # An artifact is written after the last behaviour was judged.
        status="complete" if artifact.rows else "unknown",
        started=moment,
        completed=moment,
        results=tuple(_results(artifact, problems, keep=keep_outcomes)),
        problems=tuple(problems),
        texts=texts.columns(problems),
    )


def _results(artifact: Artifact, problems: list[Problem], *, keep: bool) -> Iterator[ImportedResult]:
    parameters = artifact.parameters
    method = text(parameters.get("method"))
    defense = text(parameters.get("defense"))
    ways = (text(parameters.get("attack_type")), f"defense {defense}" if defense else None)
    common = ImportedResult(
        task=f"{TASK} {method}" if method else TASK,
        model=text(parameters.get("model")) or UNKNOWN_MODEL,
        metric=METRIC,
        variant=", ".join(filter(None, ways)) or None,
    )
    for judge, scored in artifact.judges.items():
        scorer = None if judge == VERDICT else judge.removeprefix(f"{VERDICT}_")
        for result in scored.results(replace(common, scorer=scorer), problems, keep=keep):
            is_main = judge == VERDICT and result.group is None
            yield _as_reported(result, artifact, problems) if is_main else result
    if not artifact.judges and (value := number(parameters.get(METRIC))) is not None:
        yield replace(common, value=value)


def _as_reported(result: ImportedResult, artifact: Artifact, problems: list[Problem]) -> ImportedResult:
    """The result with the rate that the artifact reports, and the rows behind it where they give that rate."""
    reported = number(artifact.parameters.get(METRIC))
    ones = result.count or 0
    if reported is None or same(reported, result.value):
        return result
    if same(reported, ones / artifact.rows):
        what = f"{artifact.without} behaviours have no verdict; the reported rate counts them as not jailbroken"
        problems.append(Problem("jailbreaks", what))
        return replace(result, value=reported, n=artifact.rows, count=ones, n_unscored=0)
    what = f"the reported rate is {reported}, but {ones} of {artifact.rows} rows are jailbroken: kept without counts"
    problems.append(Problem(f"parameters.{METRIC}", what))
    return replace(result, value=reported, count=None, outcomes=None)


def _remarks(artifact: Artifact) -> Iterator[Problem]:
    """What must be known of the artifact."""
    parameters = artifact.parameters
    if text(parameters.get("model")) is None:
        yield Problem("parameters.model", NO_MODEL)
    if parameters.get(METRIC) is not None and number(parameters.get(METRIC)) is None:
        yield Problem(f"parameters.{METRIC}", "this is not a number; the rate was taken from the rows")
    if artifact.strange:
        yield Problem("jailbreaks", f"neither true nor false, so not scored: {listed(artifact.strange)}")
    if not artifact.rows:
        yield Problem("jailbreaks", "the artifact lists no behaviour")
    submitted = whole(parameters.get("number_of_submitted_prompts"))
    counted = whole(parameters.get("total_number_of_jailbreaks"))
    if submitted is not None and artifact.rows and submitted != artifact.rows:
        own = "" if counted is None else f" and the attacker's own count of jailbreaks is {counted}"
        what = f"{submitted} prompts were submitted{own}; the rate is over the {artifact.rows} behaviours listed"
        yield Problem("parameters.number_of_submitted_prompts", what)


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    """The row under the keys of today: "Number of Queries" is number_of_queries."""
    names = {key: "_".join(key.casefold().replace("-", " ").split()) for key in row}
    return {_OLD.get(name, name): row[key] for key, name in names.items()}


def _kind(source: Source) -> str | None:
    """Whether it is an artifact, or else in words what it is; None for anything else."""
    keys = first_keys(source.start)
    rows = {name.casefold() for name in keys_within(source.start, "{[{")}
    rated = bool({METRIC, "success rate", "attack_type"} & keys.get("parameters", frozenset()))
    if "jailbreaks" in keys or "parameters" in keys:
        return "artifact" if (rated and "jailbreaks" in keys) or VERDICT in rows else None
    if keys.keys() == {"models"} and _names_access(source.start):
        return "a list of the artifacts"
    if "summaries" in keys and "model_summary" in keys_within(source.start, "{{{"):
        return "the submission"
    raw = keys_within(source.start, "{{{")
    return "the raw evaluation of an attack" if {VERDICT, "response"} <= raw else None


def _names_access(start: bytes) -> bool:
    return any(word in start for word in (b'"white_box"', b'"black_box"', b'"transfer"', b'"manual"'))
