"""A taxonomy apart from any project: concepts with codes, one or several parents each, and links to other lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from launchpad.errors import ImportRefusedError

LONGEST_TEXT = 20_000
MOST_CONCEPTS = 50_000
SHOWN = 5
WORDS = ("plain", "research", "prompt", "includes", "excludes", "severity_guide")


@dataclass(frozen=True, slots=True)
class Said:
    """What else is said of a concept: another label, a note, its address; `kind` is the SKOS term or `uri`."""

    kind: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """One node; the first parent is the one it is shown under, facets are (facet, value) on side lists."""

    code: str
    name: str
    parents: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    area_class: str = "policy"
    plain: str | None = None
    research: str | None = None
    prompt: str | None = None
    includes: str | None = None
    excludes: str | None = None
    severity_guide: str | None = None
    capability: str | None = None
    owner: str | None = None
    handling: str = "open"
    status: str = "active"
    introduced_in: str | None = None
    replaced_by: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()

    @property
    def parent(self) -> str | None:
        """The code of the concept it is shown under."""
        return self.parents[0] if self.parents else None


@dataclass(frozen=True, slots=True)
class Link:
    """How a concept of ours stands to one of another taxonomy; `relation` is exact, close, broad, narrow or related."""

    code: str
    taxonomy: str
    concept: str
    relation: str
    version: str | None = None
    concept_name: str | None = None
    confidence: float | None = None
    justification: str = "unspecified"
    asserted_by: str | None = None
    asserted_on: str | None = None
    reviewed: bool = False
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """A taxonomy with where it is from; `problems` says what in a file was left out or guessed."""

    code: str
    name: str
    version: str = "1"
    source: str | None = None
    licence: str | None = None
    verification: str | None = None
    released_on: str | None = None
    previous: str | None = None
    concepts: tuple[Concept, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[str, ...] = ()

    def by_code(self) -> dict[str, Concept]:
        """The concepts by code."""
        return {concept.code: concept for concept in self.concepts}


def children_of(concepts: Iterable[Concept]) -> Mapping[str, tuple[str, ...]]:
    """The codes of the children of each concept, under every parent they have."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept in concepts:
        for parent in concept.parents:
            found[parent].append(concept.code)
    return {code: tuple(codes) for code, codes in found.items()}


def cycle_of(concepts: Iterable[Concept]) -> tuple[str, ...]:
    """The codes that lie on or below a circle of parents, sorted; empty when there is none."""
    waiting = {concept.code: concept for concept in concepts}
    below = children_of(waiting.values())
    left = {code: sum(parent in waiting for parent in concept.parents) for code, concept in waiting.items()}
    ready = [code for code, count in left.items() if count == 0]
    while ready:
        code = ready.pop()
        del left[code]
        for child in below.get(code, ()):
            left[child] -= 1
            if left[child] == 0:
                ready.append(child)
    return tuple(sorted(left))


def depths(tree: Tree) -> Iterator[tuple[Concept, int]]:
    """Every concept under its main parent, depth first, with how deep it lies; for showing."""
    known = tree.by_code()
    below: dict[str | None, list[Concept]] = defaultdict(list)
    for concept in tree.concepts:
        below[concept.parent if concept.parent in known else None].append(concept)
    waiting = [(concept, 0) for concept in reversed(below[None])]
    while waiting:
        concept, depth = waiting.pop()
        yield concept, depth
        waiting.extend((child, depth + 1) for child in reversed(below[concept.code]))


def settled(tree: Tree, where: str) -> Tree:
    """The tree as it can be taken into a project; what was left out is among its problems.

    Raises ImportRefusedError for codes that stand twice or are missing, circles of parents, texts without end, more
    concepts than a project holds, and a file without any concept.
    """
    _refuse_size(tree, where)
    _refuse_doubled(tree, where)
    known = tree.by_code()
    problems = list(tree.problems)
    concepts = tuple(_known_only(concept, known, problems) for concept in tree.concepts)
    if circle := cycle_of(concepts):
        raise ImportRefusedError(
            f"{where}: these concepts are each other's parents: {shown(circle)}.", "Break the circle in the file."
        )
    links = tuple(link for link in tree.links if link.code in known)
    if len(links) < len(tree.links):
        problems.append(f"{len(tree.links) - len(links)} links are of concepts the file does not have; left out")
    return replace(tree, concepts=concepts, links=links, problems=tuple(problems))


def shown(codes: Iterable[str]) -> str:
    """The first few codes, and how many more there are."""
    listed = list(codes)
    more = f" and {len(listed) - SHOWN:,} more" if len(listed) > SHOWN else ""
    return ", ".join(_cut(code) for code in listed[:SHOWN]) + more


def _cut(code: str) -> str:
    return code if len(code) <= 60 else f"{code[:57]}..."


def _refuse_size(tree: Tree, where: str) -> None:
    if not tree.concepts:
        raise ImportRefusedError(f"{where} has no concept.", "Give a file that lists risk areas.")
    if len(tree.concepts) > MOST_CONCEPTS:
        raise ImportRefusedError(
            f"{where} has {len(tree.concepts):,} concepts; at most {MOST_CONCEPTS:,} are taken.", "Take a part of it."
        )
    for concept in tree.concepts:
        texts = (concept.code, concept.name, *(getattr(concept, name) or "" for name in WORDS))
        longest = max(len(text) for text in (*texts, *(said.text for said in concept.said)))
        if longest > LONGEST_TEXT:
            raise ImportRefusedError(
                f"{where}: {_cut(concept.code)} has a text of {longest:,} characters; at most {LONGEST_TEXT:,} are "
                "taken.",
                "Shorten it, or leave it out.",
            )


def _refuse_doubled(tree: Tree, where: str) -> None:
    seen: set[str] = set()
    doubled: dict[str, None] = {}
    for concept in tree.concepts:
        if not concept.code or not concept.name:
            raise ImportRefusedError(
                f"{where}: a concept has no {'name' if concept.code else 'code'}: {concept.code or concept.name!r}.",
                "Every concept needs both.",
            )
        if concept.code in seen:
            doubled[concept.code] = None
        seen.add(concept.code)
    if doubled:
        raise ImportRefusedError(f"{where}: these codes stand twice: {shown(doubled)}.", "Give each concept its own.")


def _known_only(concept: Concept, known: Mapping[str, Concept], problems: list[str]) -> Concept:
    """The concept without parents and successors that the tree does not have, or that are itself; each is told."""
    changed: dict[str, tuple[str, ...]] = {}
    for name, word in (("parents", "parent"), ("replaced_by", "successor")):
        codes: tuple[str, ...] = getattr(concept, name)
        kept = tuple(dict.fromkeys(code for code in codes if code in known and code != concept.code))
        if kept != codes:
            gone = [code for code in codes if code not in kept or code == concept.code]
            if gone:
                problems.append(f"{concept.code}: its {word} {shown(gone)} is not in the file, or itself; left out")
            changed[name] = kept
    return replace(concept, **changed) if changed else concept
