"""Success criteria: made by hand or from a template; sealed, as gates, tolerances and weights are, before results."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from launchpad.changes import Change, Edit, insert
from launchpad.edits.criterion_templates import CriterionTemplate, template_named
from launchpad.edits.records import made_from, next_code, refuse_taken, set_values
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import (
    Criterion,
    EvalResult,
    Evaluation,
    Gate,
    Inputs,
    Launch,
    Record,
    SuccessCriterion,
    SwingWeight,
    Tolerance,
    WeightSet,
    plain_row,
)

Sealable = SuccessCriterion | Gate | Tolerance | WeightSet
SEALABLE: tuple[type[SuccessCriterion], type[Gate], type[Tolerance], type[WeightSet]] = (
    *(SuccessCriterion, Gate),
    *(Tolerance, WeightSet),
)
SEALED, CHANGED, UNSEALED = "sealed", "changed since sealed", "not sealed"
_OF_THE_SEAL = ("sealed_at", "seal")


def make(
    inputs: Inputs,
    launch: Launch,
    evaluation: Evaluation,
    *,
    name: str,
    direction: str,
    threshold: float,
    **fields: object,
) -> list[Change]:
    """The change that adds a success criterion to a launch; `fields` are further ones of SuccessCriterion.

    Refuses a threshold outside 0 to 1 where every result of the evaluation is a share: there percent is
    given as a fraction.
    """
    _refuse_percent(inputs, evaluation, threshold)
    values = {
        "code": next_code(inputs, SuccessCriterion, prefix="SC"),
        "launch": launch.id,
        "evaluation": evaluation.id,
        "name": name,
        "direction": direction,
        "threshold": threshold,
        **fields,
    }
    made = made_from(SuccessCriterion, values)
    refuse_taken(inputs, made)
    return [insert(made)]


def from_template(inputs: Inputs, launch: Launch, template: str, evaluation: Evaluation | None = None) -> list[Change]:
    """The changes that add the criterion of a bundled template to a launch.

    Without an evaluation one is added that measures what the template says. The threshold stays an assumption:
    the basis says so.
    """
    wanted = template_named(template)
    changes: list[Change] = []
    if evaluation is None:
        evaluation = evaluation_of(inputs, wanted)
        changes.append(insert(evaluation))
    changes += make(
        inputs,
        launch,
        evaluation,
        name=wanted.name,
        direction=wanted.direction,
        threshold=wanted.threshold,
        confidence=wanted.confidence,
        least_n=wanted.n,
        category=wanted.category or None,
        locale=wanted.locale or None,
        template=wanted.code,
        basis=f"Assumed: {wanted.threshold_basis} {wanted.why_n} Source: {wanted.source} ({wanted.identifier}).",
    )
    return changes


def evaluation_of(inputs: Inputs, template: CriterionTemplate) -> Evaluation:
    """A new evaluation that measures what a template says, to be run on as many samples as it asks for."""
    values = {
        "code": next_code(inputs, Evaluation, prefix="EV"),
        "name": template.name,
        "harness": template.harness or None,
        "task": template.task or None,
        "scorer": template.scorer or None,
        "metric": template.metric or None,
        "polarity": template.polarity,
        "kind": template.kind,
        "language": template.language or None,
        "candidate_n": template.n,
        "source": f"{template.source} ({template.identifier})",
    }
    made = made_from(Evaluation, values)
    if not isinstance(made, Evaluation):
        raise TypeError(made)
    return made


def seal(inputs: Inputs, row: Sealable, now: str) -> list[Change]:
    """The change that seals a row as it stands at a moment (ISO 8601, UTC); none when its seal holds.

    A row changed since it was sealed is sealed anew, at the new moment; the journal keeps the old seal.
    """
    if seal_state(inputs, row) == SEALED:
        return []
    at = _utc(now)
    return set_values(row, sealed_at=at, seal=seal_of(inputs, row, at))


def seal_of(inputs: Inputs, row: Sealable, at: str) -> str:
    """SHA-256 over a row's table, codes and values and the moment of sealing, as canonical JSON; never row ids.

    That of a weight set covers its swing weights, and the criteria with the anchors they swing between.
    """
    plain = {name: value for name, value in plain_row(inputs, row).items() if name not in _OF_THE_SEAL}
    sealed: list[object] = [row.table, at, plain]
    if isinstance(row, WeightSet):
        sealed += _of_weights(inputs, row)
    whole = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def _of_weights(inputs: Inputs, row: WeightSet) -> list[list[object]]:
    """The swing weights of a set and the criteria they are about, each in the order of their names."""
    swings = sorted(inputs.children(SwingWeight, "weight_set", row.id), key=inputs.address)
    about = {swing.criterion for swing in swings}
    criteria = sorted((inputs.get(Criterion, key) for key in about), key=lambda one: one.code)
    return [[plain_row(inputs, one) for one in swings], [plain_row(inputs, one) for one in criteria]]


def seal_state(inputs: Inputs, row: Sealable) -> str:
    """Whether a row is sealed, changed since it was sealed, or not sealed."""
    if row.seal is None or row.sealed_at is None:
        return UNSEALED if row.seal is None and row.sealed_at is None else CHANGED
    return SEALED if row.seal == seal_of(inputs, row, row.sealed_at) else CHANGED


def sealable(inputs: Inputs, code: str, launch: int | None) -> Sealable:
    """The criterion, gate, tolerance or weight set of that code; `table code` tells those of one code apart."""
    table, _, rest = code.strip().rpartition(" ")
    found: list[Record] = []
    for record in SEALABLE:
        if table in ("", record.table):
            found.extend(row for row in inputs.rows(record, launch) if row.code == rest)
    if len(found) == 1 and isinstance(found[0], SEALABLE):
        return found[0]
    if found:
        names = ", ".join(f"'{row.table} {rest}'" for row in found)
        raise UnknownRecordError(f"More than one record is called {rest!r}.", f"Say which: {names}.")
    raise UnknownRecordError(
        f"There is no success criterion, gate, tolerance or weight set called {code!r}.",
        "`launchpad criteria`, `launchpad show PROJECT gate`, `... tolerance` and `... weight_set` list them.",
    )


def first_seen(journal: Iterable[Edit]) -> Mapping[int, str]:
    """When each result came into the project: its row id and the moment of the edit that added it."""
    seen: dict[int, str] = {}
    for edit in journal:
        for change in edit.changes:
            if change.table == EvalResult.table and change.before is None:
                seen.setdefault(change.key, edit.at)
    return seen


def set_before_results(inputs: Inputs) -> bool:
    """Whether there is anything of which it matters when results came in: success criteria, or something sealed."""
    sealed = (row.sealed_at is not None for record in SEALABLE for row in inputs.rows(record))
    return bool(inputs.rows(SuccessCriterion)) or any(sealed)


def _refuse_percent(inputs: Inputs, evaluation: Evaluation, threshold: float) -> None:
    units = {row.unit for row in inputs.children(EvalResult, "evaluation", evaluation.id)}
    if units and units <= {"fraction", "percent", "count"} and not 0 <= threshold <= 1:
        raise InvalidValueError(
            f"{threshold:g} is not a share, and every result of {evaluation.code} is one.",
            f"Give a percentage as a fraction: {threshold / 100:g} for {threshold:g} %.",
        )


def _utc(moment: str) -> str:
    """A moment in UTC to the millisecond, as the journal writes it."""
    try:
        given = datetime.fromisoformat(moment)
    except ValueError as error:
        raise InvalidValueError(f"{moment!r} is not a moment.", "Write YYYY-MM-DDTHH:MM:SSZ.") from error
    given = given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    return given.isoformat(timespec="milliseconds").replace("+00:00", "Z")
