"""What is wrong with a taxonomy, or missing in it, so that two people would not decide alike."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from launchpad.taxonomies.tree import Concept, Tree, children_of, cycle_of, shown

MANY_CHILDREN = 15
MANY_NARROWER = 5
AUDIENCES: Mapping[str, str] = {"plain": "in plain words", "research": "for researchers", "prompt": "for a model"}
WRONG, MISSING = "wrong", "missing"
_AND = re.compile(r",|;|/|\band\b|\bor\b|&")


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: its kind, whether something is wrong or only missing, the codes it is about, in words."""

    kind: str
    weight: str
    codes: tuple[str, ...]
    words: str


def findings(tree: Tree, examples: Mapping[str, frozenset[str]] | None = None) -> tuple[Found, ...]:
    """Everything found in a tree, what is wrong first.

    `examples` says on which sides of the line (violates, allowed) an area by code has examples; with None, nothing is
    said about them.
    """
    wrong = [*_circles(tree), *_orphans(tree), *_dangling(tree), *_doubled(tree), *_one_meaning(tree)]
    missing = [*_broad(tree), *_undefined(tree)]
    if examples is not None:
        missing.extend(_one_sided(tree, examples))
    return (*wrong, *missing)


def _in_use(tree: Tree) -> list[Concept]:
    return [one for one in tree.concepts if one.status != "deprecated"]


def _leaves(tree: Tree) -> list[Concept]:
    used = _in_use(tree)
    below = children_of(used)
    return [one for one in used if one.code not in below]


def _circles(tree: Tree) -> Iterator[Found]:
    if codes := cycle_of(tree.concepts):
        yield Found("cycle", WRONG, codes, f"These are, or lie under, each other's parents: {shown(codes)}.")


def _orphans(tree: Tree) -> Iterator[Found]:
    known = tree.by_code()
    for one in tree.concepts:
        for parent in one.parents:
            if parent not in known:
                yield Found("orphan", WRONG, (one.code,), f"{one.code} lies under {parent}, which is not there.")
            elif known[parent].status == "deprecated" and one.status != "deprecated":
                yield Found("orphan", WRONG, (one.code,), f"{one.code} lies under {parent}, which is deprecated.")


def _dangling(tree: Tree) -> Iterator[Found]:
    known = tree.by_code()
    for one in tree.concepts:
        if one.replaced_by and one.status != "deprecated":
            what = f"{one.code} is in use and yet replaced by {shown(one.replaced_by)}."
            yield Found("dangling", WRONG, (one.code,), what)
        for heir in one.replaced_by:
            if heir not in known or heir == one.code:
                yield Found("dangling", WRONG, (one.code,), f"{one.code} is replaced by {heir}, which is not there.")
            elif known[heir].status == "deprecated" and not known[heir].replaced_by:
                what = f"{one.code} is replaced by {heir}, which is deprecated without a successor."
                yield Found("dangling", WRONG, (one.code,), what)


def _doubled(tree: Tree) -> Iterator[Found]:
    """Codes that differ only in case and punctuation: people and evidence take them for one."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in tree.concepts:
        found[_normal(one.code)].append(one.code)
    for codes in found.values():
        if len(codes) > 1:
            yield Found("code", WRONG, tuple(codes), f"These codes are easily taken for one: {shown(codes)}.")


def _one_meaning(tree: Tree) -> Iterator[Found]:
    for field, word in (("name", "name"), *((field, f"definition {said}") for field, said in AUDIENCES.items())):
        found: dict[str, list[str]] = defaultdict(list)
        for one in _in_use(tree):
            text = _normal(getattr(one, field) or "")
            if text:
                found[text].append(one.code)
        for codes in found.values():
            if len(codes) > 1:
                yield Found("one_meaning", WRONG, tuple(codes), f"{shown(codes)} have the same {word}.")


def _broad(tree: Tree) -> Iterator[Found]:
    below = children_of(_in_use(tree))
    leaves = {one.code for one in _leaves(tree)}
    narrower: dict[tuple[str, str], int] = defaultdict(int)
    for link in tree.links:
        narrower[link.code, link.taxonomy] += link.relation == "narrow"
    for one in _in_use(tree):
        if len(below.get(one.code, ())) > MANY_CHILDREN:
            count = len(below[one.code])
            yield Found("broad", MISSING, (one.code,), f"{one.code} has {count} children: group them.")
        if one.code in leaves and len(_AND.findall(one.name)) > 1:
            yield Found("broad", MISSING, (one.code,), f"{one.code} names several things in one: {one.name}.")
    for (code, taxonomy), count in narrower.items():
        if code in leaves and count >= MANY_NARROWER:
            what = f"{code} is not divided and yet covers {count} concepts of {taxonomy}: it may be too broad."
            yield Found("broad", MISSING, (code,), what)


def _undefined(tree: Tree) -> Iterator[Found]:
    for one in _leaves(tree):
        missing = [said for field, said in AUDIENCES.items() if not getattr(one, field)]
        if missing:
            what = f"{one.code} has no definition {', none '.join(missing)}."
            yield Found("definition", MISSING, (one.code,), what)


def _one_sided(tree: Tree, examples: Mapping[str, frozenset[str]]) -> Iterator[Found]:
    for one in _leaves(tree):
        sides = examples.get(one.code, frozenset())
        if "allowed" not in sides:
            also = "" if "violates" in sides else ", and none over it"
            what = f"{one.code} has no counter-example, on the allowed side of the line{also}."
            yield Found("counter_example", MISSING, (one.code,), what)
        elif "violates" not in sides:
            yield Found("counter_example", MISSING, (one.code,), f"{one.code} has no example over the line.")


def _normal(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
