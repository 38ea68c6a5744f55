"""Feedback from a table, such as a list of appeals: each row added once, refused by itself with the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchpad.changes import Change
from launchpad.edits.feedback import PREFIX, following, give
from launchpad.edits.load import Refusal, refuse_unknown
from launchpad.edits.records import field_named, next_code, values_from
from launchpad.errors import InvalidValueError, LaunchpadError
from launchpad.records import Example, Feedback, Inputs, Policy, record_from

GIVEN = ("policy", "clause", "example", "source", "kind", "said", "given_on")
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TakenRows:
    """What a table of feedback would write: changes, how many rows are new or were there already, and those refused."""

    changes: tuple[Change, ...]
    codes: tuple[str, ...]
    unchanged: int
    refused: tuple[Refusal, ...]


def take_rows(
    inputs: Inputs,
    header: Iterable[str],
    rows: Iterable[Mapping[str, str]],
    *,
    defaults: Mapping[str, str] | None = None,
) -> TakenRows:
    """The changes that add the rows of a table as feedback not looked at yet, with codes of their own.

    Columns are fields of Feedback by name or label: policy, clause, example, source, kind, said, given_on; `defaults`
    fill those that a row leaves empty. What says the same of the same, from the same source on the same day, is there
    already. Raises InvalidValueError when a column is none of these.
    """
    names = [name for name in header if name.strip()]
    refuse_unknown(Feedback, [*names, "code"])
    if others := [name for name in names if field_named(Feedback, name).name not in GIVEN]:
        raise InvalidValueError(
            f"These columns are not for feedback that comes in: {', '.join(others)}.",
            "Leave them out, or use launchpad load PROJECT feedback, which matches rows by code.",
        )
    known = {_key(row) for row in inputs.rows(Feedback)}
    changes: list[Change] = []
    refused: list[Refusal] = []
    codes: list[str] = []
    unchanged = 0
    code = next_code(inputs, Feedback, prefix=PREFIX)
    for number, words in enumerate(rows, start=1):
        try:
            change = _row(inputs, words, defaults or {}, code)
        except LaunchpadError as error:
            refused.append(Refusal(number, str(error)))
            continue
        made = record_from(Feedback, change.key, change.after or {})
        if _key(made) in known:
            unchanged += 1
            continue
        known.add(_key(made))
        changes.append(change)
        codes.append(code)
        code = following(code)
    return TakenRows(tuple(changes), tuple(codes), unchanged, tuple(refused))


def _row(inputs: Inputs, words: Mapping[str, str], defaults: Mapping[str, str], code: str) -> Change:
    given = {field_named(Feedback, name).name: said for name, said in words.items() if name.strip() and said.strip()}
    whole = {**defaults, **given}
    if missing := [name for name in ("policy", "source", "kind", "said") if name not in whole]:
        raise InvalidValueError(f"It does not give {', '.join(missing)}.", "Fill it in, or give one for all rows.")
    values, _ = values_from(inputs, Feedback, whole, None)
    policy, example = values.pop("policy"), values.pop("example", None)
    about = inputs.get(Policy, policy) if isinstance(policy, int) else inputs.find(Policy, str(policy))
    seen = inputs.get(Example, example) if isinstance(example, int) else None
    (made,) = give(inputs, about, said=str(values.pop("said")), example=seen, code=code, **values)
    return made


def _key(row: Feedback) -> Key:
    """What tells one piece of feedback from another, whatever its code."""
    return row.policy, row.clause, row.example, row.source, row.given_on, " ".join(row.said.split())
