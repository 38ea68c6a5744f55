"""The bundled starter policies, and how one becomes a policy of a project."""

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import yaml

from launchpad import paths
from launchpad.changes import Change, insert
from launchpad.edits import Proposal
from launchpad.edits.records import made_from, refuse_taken
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Clause, ClauseResponse, Example, Inputs, Policy, PolicyVersion, RiskArea

SIDES = (("over", "violates"), ("allowed", "allowed"))


@dataclass(frozen=True, slots=True)
class Starter:
    """A bundled policy: its name on the command line, and what its file says."""

    slug: str
    name: str
    source: str
    licence: str
    told: Mapping[str, Any]


@functools.cache
def starters() -> Mapping[str, Starter]:
    """The starter policies in resources/policies by name."""
    found: dict[str, Starter] = {}
    for path in sorted((paths.resources() / "policies").glob("*.yaml")):
        told = cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))
        found[path.stem] = Starter(path.stem, told["name"], told["source"], told["licence"], told)
    return found


def start_policy(inputs: Inputs, slug: str, area: RiskArea | None = None) -> Proposal:
    """The changes that add a starter policy with a draft of its first version, and its examples' texts.

    Raises UnknownRecordError for an unknown name, InvalidValueError where its code is taken or the area is restricted:
    there the texts of examples are not kept.
    """
    if slug not in starters():
        names = ", ".join(starters())
        raise UnknownRecordError(f"There is no starter policy called {slug!r}.", f"Choose one of: {names}.")
    if area is not None and area.handling == "restricted":
        raise InvalidValueError(
            f"Area {area.code} is restricted, and the texts of a starter's examples would not be kept.",
            "Choose another area, or start without one.",
        )
    told = starters()[slug].told
    values = {"code": told["code"], "name": told["name"], "purpose": told["purpose"]}
    policy = made_from(Policy, {**values, "area": None if area is None else area.id})
    refuse_taken(inputs, policy)
    version = made_from(
        PolicyVersion,
        {
            "policy": policy.id,
            "version": told["version"],
            "scope": told["scope"],
            "changelog": f"Started from the bundled policy {slug}. Sources: {'; '.join(told['sources'])}.",
        },
    )
    changes: list[Change] = [insert(policy), insert(version)]
    content: dict[str, bytes] = {}
    for place, clause in enumerate(told["clauses"], start=1):
        changes.extend(_clause(clause, version.id, place))
        for example, texts in _examples(clause, policy.id, told["language"]):
            refuse_taken(inputs, example)
            changes.append(insert(example))
            content.update(texts)
    return Proposal(tuple(changes), content)


def _clause(told: Mapping[str, Any], version: int, place: int) -> Iterator[Change]:
    names = ("code", "kind", "rule", "rationale", "severity", "precedence", "authority", "escalate_when")
    values = {name: told[name] for name in names if name in told}
    clause = made_from(Clause, {**values, "version": version, "place": place})
    yield insert(clause)
    for response in cast("Sequence[Mapping[str, Any]]", told.get("responses", ())):
        yield insert(made_from(ClauseResponse, {**response, "clause": clause.id}))


def _examples(told: Mapping[str, Any], policy: int, language: str) -> Iterator[tuple[Example, Mapping[str, bytes]]]:
    """The examples of a clause: pairs first, then those that stand alone, numbered in that order."""
    number = 0
    for pair in cast("Sequence[Mapping[str, Any]]", told.get("pairs", ())):
        first, second = (f"{told['code']}-X{number + step:02d}" for step in (1, 2))
        number += 2
        for (name, side), own, other in zip(SIDES, (first, second), (second, first), strict=True):
            made, texts = _example(told, policy, language, own, (side, pair[name]))
            yield replace(made, near_line=True, pair_of=other, slice=pair["differs"]), texts
    for name, side in SIDES:
        for said in cast("Sequence[Mapping[str, str]]", told.get(name, ())):
            number += 1
            yield _example(told, policy, language, f"{told['code']}-X{number:02d}", (side, said))


def _example(
    told: Mapping[str, Any], policy: int, language: str, code: str, said: tuple[str, Mapping[str, str]]
) -> tuple[Example, Mapping[str, bytes]]:
    side, words = said
    texts = {name: words[key].strip().encode() for name, key in (("request", "asked"), ("response", "answered"))}
    hashes = {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}
    values = {"code": code, "policy": policy, "clause": told["code"], "side": side, "language": language, **hashes}
    if side == "violates" and told.get("severity"):
        values["severity"] = told["severity"]
    made = made_from(Example, {**values, "source": "starter policy"})
    if not isinstance(made, Example):
        raise TypeError(made)
    return made, {hashes[name]: text for name, text in texts.items()}
