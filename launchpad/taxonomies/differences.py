"""Two states of a taxonomy compared concept by concept: what was added, renamed, redefined, moved, split, merged ..."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from launchpad.taxonomies.tree import WORDS, Concept, Tree

KINDS: Mapping[str, str] = {
    "add": "Added",
    "rename": "Renamed",
    "redefine": "Redefined",
    "move": "Moved",
    "split": "Split",
    "merge": "Merged",
    "deprecate": "Deprecated",
    "restore": "Restored",
    "recode": "Has another code",
    "remove": "No longer there",
}
DEFINING = (*WORDS, "area_class", "handling", "capability")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that happened to a concept: its code (the old one, where it is gone), the others, before and after."""

    kind: str
    code: str
    name: str
    others: tuple[str, ...] = ()
    field: str | None = None
    before: str | None = None
    after: str | None = None


def differences(old: Tree, new: Tree) -> tuple[Difference, ...]:
    """What led from one tree to another, by code.

    Where a list was numbered anew (more names stand under other codes than under their own), concepts are followed
    by their names, and told as recoded.
    """
    before, after = old.by_code(), new.by_code()
    followed = became(old, new)
    found = [one for code, other in followed.items() for one in _of_pair(before[code], after[other], followed)]
    merged = _merged(before, after)
    for code in before:
        if code not in followed:
            heirs = merged.get(code, ())
            found.append(Difference("merge" if heirs else "remove", code, before[code].name, heirs))
    taken = set(followed.values())
    found.extend(Difference("add", code, one.name, one.parents) for code, one in after.items() if code not in taken)
    order = list(KINDS)
    return tuple(sorted(_with_merges(found), key=lambda one: (order.index(one.kind), one.code)))


def renumbered(old: Tree, new: Tree) -> bool:
    """Whether the codes of two lists do not mean the same: most names that stay stand under other codes."""
    before, after = old.by_code(), new.by_code()
    codes = {normal_name(one.name): code for code, one in after.items()}
    named = [(code, codes.get(normal_name(one.name))) for code, one in before.items()]
    elsewhere = sum(other is not None and other != code for code, other in named)
    same = sum(other == code for code, other in named)
    return elsewhere > same


def normal_name(name: str) -> str:
    """A name without case, punctuation and the numbers before it."""
    return re.sub(r"[\W_]+", " ", re.sub(r"^[\W\d_]+", "", name.casefold())).strip()


def became(old: Tree, new: Tree) -> dict[str, str]:
    """The code in the new tree of each concept of the old that is still there."""
    before, after = old.by_code(), new.by_code()
    if not renumbered(old, new):
        return {code: code for code in before if code in after}
    codes = {normal_name(one.name): code for code, one in after.items()}
    named = {code: codes.get(normal_name(one.name)) for code, one in before.items()}
    return {code: other for code, other in named.items() if other is not None}


def _of_pair(old: Concept, new: Concept, followed: Mapping[str, str]) -> Iterator[Difference]:
    if old.code != new.code:
        yield Difference("recode", old.code, new.name, (new.code,), "code", old.code, new.code)
    if old.name != new.name:
        yield Difference("rename", new.code, new.name, (), "name", old.name, new.name)
    for field in DEFINING:
        then, now = getattr(old, field), getattr(new, field)
        if then != now:
            yield Difference("redefine", new.code, new.name, (), field, then, now)
    then = tuple(followed.get(code, code) for code in old.parents)
    if (then[:1], set(then)) != (new.parents[:1], set(new.parents)):
        yield Difference(
            "move", new.code, new.name, new.parents, "parents", ", ".join(then) or None, ", ".join(new.parents) or None
        )
    yield from _of_standing(old, new)


def _of_standing(old: Concept, new: Concept) -> Iterator[Difference]:
    gone = new.status == "deprecated"
    if gone and (old.status != "deprecated" or old.replaced_by != new.replaced_by):
        kind = "split" if len(new.replaced_by) > 1 else "deprecate"
        yield Difference(kind, new.code, new.name, new.replaced_by, "status", old.status, new.status)
    elif old.status == "deprecated" and not gone:
        yield Difference("restore", new.code, new.name, (), "status", old.status, new.status)


def _merged(before: Mapping[str, Concept], after: Mapping[str, Concept]) -> Mapping[str, tuple[str, ...]]:
    """What became of codes that are gone, where a concept of the new tree says that it replaces them."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, one in before.items():
        if code not in after:
            found[code].extend(heir for heir in one.replaced_by if heir in after)
    return {code: tuple(heirs) for code, heirs in found.items() if heirs}


def _with_merges(found: list[Difference]) -> Iterator[Difference]:
    """The same, with several that were deprecated for one successor told as a merge."""
    heirs: dict[str, int] = defaultdict(int)
    for one in found:
        if one.kind == "deprecate" and len(one.others) == 1:
            heirs[one.others[0]] += 1
    for one in found:
        merged = one.kind == "deprecate" and len(one.others) == 1 and heirs[one.others[0]] > 1
        yield Difference("merge", one.code, one.name, one.others, one.field, one.before, one.after) if merged else one
