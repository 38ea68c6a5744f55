"""Policies: new ones, drafts of the next version, clauses with their responses and examples, release, retirement."""

import hashlib
import json
from collections.abc import Iterator, Mapping

from launchpad.changes import Change, insert, update
from launchpad.edits import Proposal
from launchpad.edits.handling import LEVELS, handling_of
from launchpad.edits.records import made_from, next_code, refuse_taken, remove, set_values
from launchpad.edits.released import refuse_released
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import (
    Clause,
    ClauseResponse,
    Example,
    Inputs,
    Policy,
    PolicyVersion,
    Record,
    RiskArea,
    fields_of,
    plain_row,
)

FIRST_VERSION = "0.1"
AS_RELEASED, CHANGED, NOT_RELEASED = "as released", "changed since release", "not released"


def new_policy(
    inputs: Inputs, *, code: str, name: str, version: str = FIRST_VERSION, scope: str | None = None, **fields: object
) -> list[Change]:
    """The changes that add a policy and an empty draft of its first version; `fields` are further ones of Policy."""
    policy = made_from(Policy, {"code": code, "name": name, **fields})
    refuse_taken(inputs, policy)
    draft = made_from(PolicyVersion, {"policy": policy.id, "version": version, "scope": scope})
    return [insert(policy), insert(draft)]


def new_draft(inputs: Inputs, source: PolicyVersion, version: str, *, changelog: str | None = None) -> list[Change]:
    """The changes that add a draft with the clauses and responses of a released (or retired) version.

    Examples belong to the policy and to the code of their clause, so the draft has them without a copy.
    """
    if source.status == "draft":
        raise InvalidValueError(
            f"Version {inputs.address(source)} is itself a draft.", "Change that one, or release it first."
        )
    values = {"policy": source.policy, "version": version, "supersedes": source.version, "scope": source.scope}
    draft = made_from(PolicyVersion, {**values, "changelog": changelog})
    refuse_taken(inputs, draft)
    return [insert(draft), *_copies(inputs, source, draft.id)]


def _copies(inputs: Inputs, source: PolicyVersion, draft: int) -> Iterator[Change]:
    for clause in inputs.children(Clause, "version", source.id):
        made = made_from(Clause, {**_values(clause), "version": draft})
        yield insert(made)
        for response in inputs.children(ClauseResponse, "clause", clause.id):
            yield insert(made_from(ClauseResponse, {**_values(response), "clause": made.id}))


def release(inputs: Inputs, version: PolicyVersion, on: str) -> list[Change]:
    """The change that puts a draft in force from a day (YYYY-MM-DD) and sets the hash over what it holds.

    Raises InvalidValueError when the version is no draft, or has no clause.
    """
    if version.status != "draft":
        raise InvalidValueError(
            f"Version {inputs.address(version)} is already {version.status}.", "Draft the next one."
        )
    if not inputs.children(Clause, "version", version.id):
        raise InvalidValueError(f"Version {inputs.address(version)} has no clause.", "Add its clauses first.")
    before = version.supersedes or newest_version(inputs, version.policy, "released")
    return set_values(
        version,
        status="released",
        effective_from=on,
        supersedes=before,
        sha256=version_digest(inputs, version),
    )


def retire(inputs: Inputs, version: PolicyVersion) -> list[Change]:
    """The change that takes a released version out of force; a draft is refused."""
    if version.status != "released":
        raise InvalidValueError(
            f"Version {inputs.address(version)} is {version.status}; only a released one is retired.",
            "Remove a draft instead, or leave it.",
        )
    return set_values(version, status="retired")


def newest_version(inputs: Inputs, policy: int, status: str | None = None) -> str | None:
    """The newest version of a policy, of one status when given: none supersedes it, else the last by name."""
    rows = [row for row in inputs.children(PolicyVersion, "policy", policy) if status in (None, row.status)]
    passed = {row.supersedes for row in rows}
    ahead = [row for row in rows if row.version not in passed] or rows
    return max(ahead, key=lambda row: (row.effective_from or "", _numbers(row.version))).version if ahead else None


def version_named(inputs: Inputs, address: str) -> PolicyVersion:
    """The version called `POLICY/VERSION`; for `POLICY` alone its newest draft, else the newest of all.

    Raises UnknownRecordError when there is none.
    """
    code, slash, _ = address.partition("/")
    if slash:
        return inputs.find(PolicyVersion, address)
    policy = inputs.find(Policy, code)
    newest = newest_version(inputs, policy.id, "draft") or newest_version(inputs, policy.id)
    if newest is None:
        raise UnknownRecordError(f"Policy {code} has no version.", "Add one: launchpad policy new, or policy draft.")
    return inputs.find(PolicyVersion, f"{code}/{newest}")


def _numbers(version: str) -> tuple[tuple[int, int, str], ...]:
    """A version as something to sort by, so that 1.10 follows 1.9."""
    return tuple(
        (1, int(part), "") if part.isdigit() else (0, 0, part) for part in version.replace("-", ".").split(".")
    )


def version_digest(inputs: Inputs, version: PolicyVersion) -> str:
    """SHA-256 over the clauses, responses and examples of a version by codes and values, never row ids.

    Its examples are those of its policy that name one of its clauses. Items of a gold set are left out: they measure
    a policy and are no part of it. The text of an example counts by its own SHA-256.
    """
    lines = [
        json.dumps([row.table, plain_row(inputs, row)], sort_keys=True, ensure_ascii=False)
        for row in _parts(inputs, version)
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def release_state(inputs: Inputs, version: PolicyVersion) -> str:
    """Whether a version holds what it held when released: as released, changed since release, not released.

    Clauses cannot change after release; examples can, and then this says so.
    """
    if version.status == "draft" or version.sha256 is None:
        return NOT_RELEASED
    return AS_RELEASED if version.sha256 == version_digest(inputs, version) else CHANGED


def _parts(inputs: Inputs, version: PolicyVersion) -> Iterator[Record]:
    clauses = inputs.children(Clause, "version", version.id)
    codes = {clause.code for clause in clauses}
    for clause in clauses:
        yield clause
        yield from inputs.children(ClauseResponse, "clause", clause.id)
    for example in inputs.children(Example, "policy", version.policy):
        if example.clause in codes and example.gold_set is None:
            yield example


def add_clause(inputs: Inputs, version: PolicyVersion, **fields: object) -> list[Change]:
    """The change that adds a clause to a draft; without a code the next free one, without a place the last place.

    Raises InvalidValueError when the version is released, or a clause of that code is there.
    """
    values: dict[str, object] = {"version": version.id, **fields}
    siblings = inputs.children(Clause, "version", version.id)
    if not values.get("code"):
        values["code"] = next_code(inputs, Clause, prefix=inputs.get(Policy, version.policy).code, width=2)
    if values.get("place") is None:
        values["place"] = 1 + max((row.place or 0 for row in siblings), default=0)
    made = made_from(Clause, values)
    refuse_released(inputs, made)
    refuse_taken(inputs, made)
    return [insert(made)]


def change_clause(inputs: Inputs, clause: Clause, **fields: object) -> list[Change]:
    """The changes that give fields of a clause new values; refused once its version is released, and for its code.

    A code stays the same from version to version: labels, examples and prompts know a rule by it.
    """
    refuse_released(inputs, clause)
    if fields.get("code", clause.code) != clause.code:
        raise InvalidValueError(
            f"Clause {inputs.address(clause)} keeps its code: examples, labels and prompts know it by that.",
            "Remove it and add another one.",
        )
    return set_values(clause, **fields)


def remove_clause(inputs: Inputs, clause: Clause) -> list[Change]:
    """The changes that remove a clause of a draft with its responses; its examples stay with the policy."""
    refuse_released(inputs, clause)
    return remove(inputs, clause)


def add_response(inputs: Inputs, clause: Clause, **fields: object) -> list[Change]:
    """The change that adds how to answer, from a severity on, what a clause of a draft matches."""
    made = made_from(ClauseResponse, {"clause": clause.id, **fields})
    refuse_released(inputs, clause)
    refuse_taken(inputs, made)
    return [insert(made)]


def add_example(
    inputs: Inputs,
    policy: Policy,
    clause: str,
    side: str,
    *,
    request: str | None = None,
    response: str | None = None,
    **fields: object,
) -> Proposal:
    """The change that adds an example of a clause on one side of the line, and its texts for `content`.

    With `pair_of` (a code) it is near the line, and so is the other one, which then names this one. The texts of a
    restricted area are not kept: the row holds their hashes only. Raises InvalidValueError for an unknown clause, an
    example without text, or a pair on one side; UnknownRecordError for an unknown pair.
    """
    _refuse_unknown_clause(inputs, policy, clause)
    texts = {"request": (request or "").strip(), "response": (response or "").strip()}
    if not any(texts.values()):
        raise InvalidValueError(
            f"An example of {clause} needs a request or an answer.", "Give --request or --response."
        )
    content = {_digest(words): words.encode() for words in texts.values() if words}
    values: dict[str, object] = {
        "code": fields.get("code") or next_code(inputs, Example, prefix=f"{clause}-X", width=2),
        "policy": policy.id,
        "clause": clause,
        "side": side,
        "near_line": bool(fields.get("pair_of")),
        **{name: words and _digest(words) for name, words in texts.items() if words},
    }
    made = made_from(Example, {**values, **{name: value for name, value in fields.items() if value is not None}})
    if not isinstance(made, Example):
        raise TypeError(made)
    refuse_taken(inputs, made)
    kept = {} if example_handling(inputs, made) == "restricted" else content
    return Proposal((insert(made), *_paired(inputs, made)), kept)


def example_handling(inputs: Inputs, example: Example) -> str:
    """The strictest handling of the areas an example belongs to: its own, its policy's, those of its clause."""
    areas = {example.area}
    if example.policy is not None:
        areas.add(inputs.get(Policy, example.policy).area)
        for version in inputs.children(PolicyVersion, "policy", example.policy):
            rows = inputs.children(Clause, "version", version.id)
            areas.update(row.area for row in rows if row.code == example.clause)
    found = (handling_of(inputs, inputs.get(RiskArea, area)) for area in areas if area is not None)
    return max(found, key=LEVELS.index, default="open")


def _paired(inputs: Inputs, made: Example) -> list[Change]:
    """The change that makes the other half of a pair name this one."""
    if made.pair_of is None:
        return []
    other = inputs.find(Example, made.pair_of)
    if other.side == made.side:
        raise InvalidValueError(
            f"Example {made.code} and {other.code} would lie on one side of the line.",
            "A pair has one example on each side, which differ in one thing.",
        )
    change = update(other, near_line=True, pair_of=other.pair_of or made.code)
    return [] if change is None else [change]


def _refuse_unknown_clause(inputs: Inputs, policy: Policy, code: str) -> None:
    versions = inputs.children(PolicyVersion, "policy", policy.id)
    known = {row.code: None for version in versions for row in inputs.children(Clause, "version", version.id)}
    if code not in known:
        said = f"It has {', '.join(sorted(known))}." if known else "Add the clause first."
        raise InvalidValueError(f"No version of policy {policy.code} has a clause {code}.", said)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _values(row: Record) -> Mapping[str, object]:
    return {declared.name: getattr(row, declared.name) for declared in fields_of(type(row))}
