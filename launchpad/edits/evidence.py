"""Evidence in: results of a file become records once, and links say what they are evidence for."""

import dataclasses
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from launchpad.changes import Change, insert, new_id, update
from launchpad.edits import Proposal
from launchpad.edits.records import made_from, next_code, refuse_taken, set_values
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Inputs, Scenario
from launchpad.records.imported import ImportedFile, ImportedResult, Outcomes

POLARITY_OF: Mapping[bool | None, str] = {True: "higher", False: "lower", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Added:
    """What one file would write, how many results are new, and which file had it before."""

    proposal: Proposal
    added: int
    unchanged: int
    duplicate_of: str | None


def add_file(inputs: Inputs, file: ImportedFile) -> Added:
    """The changes that bring a file's results into the project; a known result adds nothing.

    A result is known when a row has its identity: run, task, model, scorer, metric, variant,
    category, value and n. That holds for the same file again and for the same run in another
    format; a run that was graded anew comes in as new results of the same run, of which one counts.
    Outcomes that only the later file holds are added to the known result.
    """
    known = {row.identity: row for row in inputs.rows(EvalResult)}
    evaluations = {_evaluation_key(row): row for row in inputs.rows(Evaluation)}
    changes: list[Change] = []
    content: dict[str, bytes] = {}
    numbers = _Numbers(inputs)
    duplicates: list[EvalResult] = []
    added = 0
    for result in file.results:
        identity = identity_of(file, result)
        if identity in known:
            duplicates.append(known[identity])
            changes.extend(_late_outcomes(known[identity], result, content))
            continue
        evaluation = _evaluation(file, result, evaluations, numbers, changes)
        row = _result(file, result, identity, evaluation, numbers.result(), content)
        known[identity] = row
        changes.append(insert(row))
        added += 1
    return Added(Proposal(tuple(changes), content), added, len(duplicates), _duplicate_of(file, duplicates, added))


def identity_of(file: ImportedFile, result: ImportedResult) -> str:
    """SHA-256 over what makes a result the same result in whatever file it lies."""
    parts = (
        result.harness or file.harness,
        file.run_id or file.sha256,
        result.task,
        result.model,
        result.scorer,
        result.metric,
        result.variant,
        result.group,
        result.group_total,
        result.date,
        result.value,
        result.n,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def confirm_polarity(evaluation: Evaluation, polarity: str) -> list[Change]:
    """The change that says which direction of a metric is good; failures are counted from then on."""
    return set_values(evaluation, polarity=polarity)


def link(inputs: Inputs, launch: int, result: EvalResult, scenario: Scenario, **judgement: object) -> list[Change]:
    """The change that makes a result evidence for a scenario; `judgement` holds fields of EvidenceLink."""
    values = {"launch": launch, "result": result.id, "scenario": scenario.id, **judgement}
    made = made_from(EvidenceLink, values)
    refuse_taken(inputs, made)
    return [insert(made)]


def pack_outcomes(outcomes: Outcomes) -> bytes:
    """Per-sample outcomes as one compressed block, column by column."""
    columns = {name: getattr(outcomes, name) for name in outcomes.__dataclass_fields__}
    return zlib.compress(json.dumps(columns, separators=(",", ":"), allow_nan=False).encode(), level=6)


def unpack_outcomes(block: bytes) -> Outcomes:
    """The outcomes that `pack_outcomes` packed."""
    columns = cast("dict[str, list[Any]]", json.loads(zlib.decompress(block)))
    return Outcomes(**{name: tuple(values) for name, values in columns.items()})


class _Numbers:
    """Hands out codes one after another within one edit."""

    def __init__(self, inputs: Inputs) -> None:
        self._next = {
            EvalResult: next_code(inputs, EvalResult, prefix="E", width=4),
            Evaluation: next_code(inputs, Evaluation, prefix="EV"),
        }

    def result(self) -> str:
        return self._take(EvalResult, 4)

    def evaluation(self) -> str:
        return self._take(Evaluation, 3)

    def _take(self, record: type[EvalResult] | type[Evaluation], width: int) -> str:
        code = self._next[record]
        prefix, _, number = code.rpartition("-")
        self._next[record] = f"{prefix}-{int(number) + 1:0{width}d}"
        return code


def _late_outcomes(known: EvalResult, result: ImportedResult, content: dict[str, bytes]) -> list[Change]:
    """The change that gives a known result the per-sample outcomes it came in without."""
    if known.outcomes is not None or result.outcomes is None:
        return []
    change = update(known, outcomes=_keep(result.outcomes, content))
    return [] if change is None else [change]


def _keep(outcomes: Outcomes, content: dict[str, bytes]) -> str:
    """Pack outcomes into `content`; the hash they lie under."""
    block = pack_outcomes(outcomes)
    sha256 = hashlib.sha256(block).hexdigest()
    content[sha256] = block
    return sha256


def _evaluation_key(row: Evaluation) -> tuple[str | None, ...]:
    return (row.harness, row.task, row.scorer, row.metric)


def _evaluation(
    file: ImportedFile,
    result: ImportedResult,
    evaluations: dict[tuple[str | None, ...], Evaluation],
    numbers: _Numbers,
    changes: list[Change],
) -> Evaluation:
    harness = result.harness or file.harness
    key = (harness, result.task, result.scorer, result.metric)
    found = evaluations.get(key)
    if found is None:
        names = [result.task, *dict.fromkeys(name for name in (result.scorer, result.metric) if name)]
        found = Evaluation(
            id=new_id(),
            code=numbers.evaluation(),
            name=" / ".join(names),
            harness=harness,
            task=result.task,
            scorer=result.scorer,
            metric=result.metric,
            polarity=POLARITY_OF[result.higher_is_better],
        )
        changes.append(insert(found))
    elif found.polarity == "unknown" and result.higher_is_better is not None:
        polarity = POLARITY_OF[result.higher_is_better]
        changes.extend(change for change in [update(found, polarity=polarity)] if change is not None)
        found = dataclasses.replace(found, polarity=polarity)
    evaluations[key] = found
    return found


def _result(
    file: ImportedFile,
    result: ImportedResult,
    identity: str,
    evaluation: Evaluation,
    code: str,
    content: dict[str, bytes],
) -> EvalResult:
    interval = result.interval
    moment = result.date or file.started
    outcomes = None if result.outcomes is None else _keep(result.outcomes, content)
    values = {
        "code": code,
        "evaluation": evaluation.id,
        "variant": result.variant,
        "part": result.group,
        "part_total": result.group_total,
        "reported_low": None if interval is None else float(interval.low),
        "reported_high": None if interval is None else float(interval.high),
        "reported_level": None if interval is None else float(interval.level),
        "reported_method": None if interval is None else interval.method,
        "run_date": None if moment is None else moment[:10],
        "status": file.status,
        "harness": result.harness or file.harness,
        "harness_version": file.harness_version,
        "run_id": file.run_id,
        "file_name": file.path.replace("\\", "/").rpartition("/")[2],
        "file_sha256": file.sha256,
        "identity": identity,
        "outcomes": outcomes,
    }
    taken = {name: getattr(result, name) for name in _SAME_NAMES}
    return cast("EvalResult", made_from(EvalResult, {**taken, **values}))


_SAME_NAMES = (
    "model",
    "value",
    "unit",
    "n",
    "count",
    "n_total",
    "n_unscored",
    "n_errors",
    "stderr",
    "stderr_clustered",
    "clusters",
    "threshold",
    "passed",
    "task_version",
    "source",
)


def _duplicate_of(file: ImportedFile, duplicates: list[EvalResult], added: int) -> str | None:
    if not duplicates or added:
        return None
    return next((row.file_name for row in duplicates if row.file_name), file.path)
