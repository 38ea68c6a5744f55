"""What a newer release of an external taxonomy means for one's own: which areas it touches, what has no home yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from launchpad.taxonomies.differences import KINDS, Difference, became, differences, normal_name
from launchpad.taxonomies.tree import Concept, Link, Tree

CHANGING = frozenset({"redefine", "split", "merge", "deprecate", "remove", "recode"})
UPWARD = ("exact", "close", "broad")


@dataclass(frozen=True, slots=True)
class Touched:
    """A link of ours to a concept that changed: what happened, and where the link could go, if anywhere."""

    link: Link
    difference: Difference
    successors: tuple[str, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class Homeless:
    """A concept that nothing of ours stands for; `near` are areas of ours that may cover it, and why."""

    concept: Concept
    near: tuple[tuple[str, str], ...]
    new: bool


@dataclass(frozen=True, slots=True)
class News:
    """What is new, and how many concepts of the newer release have a home."""

    differences: tuple[Difference, ...]
    touched: tuple[Touched, ...]
    homeless: tuple[Homeless, ...]
    housed: int


def news(own: Tree, links: Sequence[Link], old: Tree | None, new: Tree) -> News:
    """What a release means for our areas through our links to it.

    `links` are the links of ours to that taxonomy, at any version. Without an older release everything is new. A
    concept has a home when a link of any relation but `related` leads to it, or to what it was before.
    """
    found = () if old is None else differences(old, new)
    touched = tuple(_touched(links, found))
    before = {} if old is None else {code: was for was, code in became(old, new).items()}
    housed = {link.concept for link in links if link.relation != "related"}
    homeless: list[Homeless] = []
    for one in new.concepts:
        known = one.code if old is None else before.get(one.code)
        if one.status != "deprecated" and known not in housed:
            homeless.append(Homeless(one, tuple(_near(own, links, one)), new=one.code not in before))
    used = sum(one.status != "deprecated" for one in new.concepts)
    return News(found, touched, tuple(homeless), used - len(homeless))


def _touched(links: Sequence[Link], found: Sequence[Difference]) -> Iterator[Touched]:
    by_concept: dict[str, list[Difference]] = {}
    for one in found:
        by_concept.setdefault(one.code, []).append(one)
    for link in links:
        for one in by_concept.get(link.concept, ()):
            yield Touched(link, one, one.others if one.kind in CHANGING else (), _advice(link, one))


def _advice(link: Link, one: Difference) -> str:
    others = ", ".join(one.others)
    if one.kind == "recode":
        return f"the link goes to {others} from now on"
    if one.kind in ("deprecate", "merge") and one.others:
        return f"look at {others}, which takes its place, and link to it"
    if one.kind == "split":
        return f"choose among {others}: it was split, so evidence no longer moves by this link"
    if one.kind in ("deprecate", "remove"):
        return "nothing takes its place: remove the link, or keep it with the old version"
    if one.kind == "redefine":
        return f"read the new words and review the relation ({link.relation}) again"
    return f"the relation stands ({KINDS[one.kind].lower()})"


def _near(own: Tree, links: Sequence[Link], one: Concept) -> Iterator[tuple[str, str]]:
    """Areas of ours that may cover a concept: of one name, or linked to a parent of it as the same or as broader."""
    by_name: Mapping[str, str] = {normal_name(area.name): area.code for area in own.concepts}
    if (code := by_name.get(normal_name(one.name))) is not None:
        yield code, "has the same name"
    for link in links:
        if link.concept in one.parents and link.relation in (*UPWARD[:2], "narrow"):
            yield link.code, f"covers {link.concept}, under which it lies"
