"""The risk areas as the tree shows them: nodes, what lies under what, what a search leaves, what a drag may do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from launchpad.edits.handling import LEVELS
from launchpad.records import AreaParent, Inputs, RiskArea, Scenario
from launchpad.taxonomies.own import successors
from launchpad.taxonomies.tree import Tree

Below = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Node:
    """One risk area: `key` is its row id (below 0 in a kept release), `own` its scenarios, `under` with those below.

    `parents` has the one it is shown under first; `heirs` are the successors of a deprecated area, code and name;
    `handling` is the strictest of its own and of those above.
    """

    key: int
    code: str
    name: str
    area_class: str
    status: str
    handling: str
    parents: tuple[int, ...] = ()
    heirs: tuple[tuple[str, str], ...] = ()
    own: int = 0
    under: int = 0


@dataclass(frozen=True)
class Forest:
    """Nodes by key, the topmost ones, and the children of each under every parent they have.

    `circular` are those that lie on or under a circle of parents: the first of a circle is shown at the top.
    """

    nodes: Mapping[int, Node]
    roots: tuple[int, ...]
    below: Below
    circular: frozenset[int] = frozenset()

    def closure(self, keys: Iterable[int]) -> set[int]:
        """These areas and all that lie under them."""
        return _reached(self.below, keys)

    def above(self, key: int) -> set[int]:
        """Every area above one, along every parent."""
        found: set[int] = set()
        waiting = list(self.nodes[key].parents) if key in self.nodes else []
        while waiting:
            here = waiting.pop()
            if here in self.nodes and here not in found:
                found.add(here)
                waiting.extend(self.nodes[here].parents)
        return found

    def topmost(self, keys: Iterable[int]) -> list[int]:
        """Those of some areas that lie under none of the others, in the order of their codes."""
        chosen = {key for key in keys if key in self.nodes}
        return sorted((key for key in chosen if not self.above(key) & chosen), key=lambda key: self.nodes[key].code)


NOTHING = Forest({}, (), {})


def area_forest(inputs: Inputs, launch: int | None, release: int | None = None) -> Forest:
    """The risk areas as they stand, all of them or those of one release, with the scenarios of a launch."""
    areas = [area for area in inputs.rows(RiskArea) if release is None or area.release == release]
    further: dict[int, list[int]] = {}
    for row in inputs.rows(AreaParent):
        further.setdefault(row.area, []).append(row.parent)
    names = {area.code: area.name for area in areas}
    nodes = {
        area.id: Node(
            area.id,
            area.code,
            area.name,
            area.area_class,
            area.status,
            area.handling,
            tuple(dict.fromkeys([*([] if area.parent is None else [area.parent]), *further.get(area.id, ())])),
            tuple((code, names.get(code, "")) for code in _heirs(inputs, area)),
        )
        for area in areas
    }
    own = Counter(row.risk_area for row in inputs.rows(Scenario, launch)) if launch is not None else Counter[int]()
    return grown(_counted(nodes, own))


def _heirs(inputs: Inputs, area: RiskArea) -> tuple[str, ...]:
    return successors(inputs, area) if area.status == "deprecated" else ()


def tree_forest(tree: Tree) -> Forest:
    """A release as it was kept: keys are below 0, and there are no scenarios."""
    keys = {one.code: -place for place, one in enumerate(tree.concepts, start=1)}
    names = {one.code: one.name for one in tree.concepts}
    nodes = {
        keys[one.code]: Node(
            keys[one.code],
            one.code,
            one.name,
            one.area_class,
            one.status,
            one.handling,
            tuple(keys[code] for code in one.parents if code in keys),
            tuple((code, names.get(code, "")) for code in one.replaced_by),
        )
        for one in tree.concepts
    }
    return grown(nodes)


def grown(nodes: Mapping[int, Node]) -> Forest:
    """The forest of these nodes: unknown parents do not count, circles are broken, and handling goes down."""
    below: dict[int, list[int]] = {}
    roots: list[int] = []
    for node in sorted(nodes.values(), key=lambda node: (node.code, node.key)):
        parents = [parent for parent in dict.fromkeys(node.parents) if parent in nodes]
        for parent in parents:
            below.setdefault(parent, []).append(node.key)
        if not parents:
            roots.append(node.key)
    children = {key: tuple(found) for key, found in below.items()}
    reached = _reached(children, roots)
    for key in sorted(nodes.keys() - reached, key=lambda key: nodes[key].code):
        if key not in reached:
            roots.append(key)
            reached |= _reached(children, [key])
    return Forest(_handled(nodes, children), tuple(roots), children, _circular(nodes, children))


def _circular(nodes: Mapping[int, Node], below: Below) -> frozenset[int]:
    """The nodes on or under a circle of parents: those that are left when one after another without parents goes."""
    left = {key: len({*node.parents} & nodes.keys()) for key, node in nodes.items()}
    ready = [key for key, count in left.items() if count == 0]
    for key in ready:  # grows while it is walked
        del left[key]
        for child in below.get(key, ()):
            left[child] -= 1
            if left[child] == 0:
                ready.append(child)
    return frozenset(left)


def _handled(nodes: Mapping[int, Node], below: Below) -> Mapping[int, Node]:
    """The nodes with the strictest handling of those above them."""
    level = {key: LEVELS.index(node.handling) for key, node in nodes.items()}
    waiting = [key for key, place in level.items() if place > 0]
    for key in waiting:  # grows while it is walked
        for child in below.get(key, ()):
            if level[child] < level[key]:
                level[child] = level[key]
                waiting.append(child)
    risen = {key: LEVELS[place] for key, place in level.items() if LEVELS[place] != nodes[key].handling}
    return {**nodes, **{key: replace(nodes[key], handling=word) for key, word in risen.items()}} if risen else nodes


def _counted(nodes: Mapping[int, Node], own: Mapping[int, int]) -> dict[int, Node]:
    """The nodes with their scenarios; one that lies under an area along two ways counts once."""
    plain = Forest(nodes, (), {})
    under: Counter[int] = Counter()
    for key, count in own.items():
        for each in {key, *plain.above(key)}:
            under[each] += count
    return {
        key: replace(node, own=own.get(key, 0), under=under[key]) if key in under else node
        for key, node in nodes.items()
    }


def _reached(below: Below, start: Iterable[int]) -> set[int]:
    found: set[int] = set()
    waiting = list(start)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(below.get(here, ()))
    return found


def sought(forest: Forest, words: str, text: Callable[[Node], str]) -> tuple[Forest, frozenset[int]]:
    """What is left when only nodes are shown whose text has all the words, with those above them; and which have."""
    parts = words.casefold().split()
    if not parts:
        return forest, frozenset()
    hits = {key for key, node in forest.nodes.items() if all(part in text(node).casefold() for part in parts)}
    kept, waiting = set(hits), list(hits)
    while waiting:
        for parent in forest.nodes[waiting.pop()].parents:
            if parent in forest.nodes and parent not in kept:
                kept.add(parent)
                waiting.append(parent)
    below = {
        key: left
        for key, children in forest.below.items()
        if key in kept and (left := tuple(child for child in children if child in kept))
    }
    roots = tuple(key for key in forest.roots if key in kept)
    nodes = {key: node for key, node in forest.nodes.items() if key in kept}
    return Forest(nodes, roots, below, forest.circular & kept), frozenset(hits)


@dataclass(frozen=True, slots=True)
class NoDrop:
    """Why areas cannot be dropped somewhere: which stands against it, and how (`itself`, `under`, `there`, `gone`)."""

    how: str
    code: str
    target: str = ""


def no_drop(forest: Forest, keys: Iterable[int], target: int | None) -> NoDrop | None:
    """What stands against dropping areas on another (None: the top), or None when it may be done."""
    moved = forest.topmost(keys)
    codes = {key: node.code for key, node in forest.nodes.items()}
    there = codes.get(target, "") if target is not None else ""
    gone = next((key for key in moved if forest.nodes[key].status == "deprecated"), None)
    if gone is not None:
        return NoDrop("gone", codes[gone])
    if target is not None:
        if target in moved:
            return NoDrop("itself", there, there)
        for key in moved:
            if key in forest.above(target):
                return NoDrop("under", codes[key], there)
    if moved and all(_is_at(forest.nodes[key], target) for key in moved):
        return NoDrop("there", codes[moved[0]], there)
    return None


def _is_at(node: Node, target: int | None) -> bool:
    return (not node.parents) if target is None else node.parents[:1] == (target,)
