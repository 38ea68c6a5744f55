"""Dependencies between mitigations: those that wait for each other in a circle can never be done."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from launchpad.records import Dependency


def circles(dependencies: Iterable[Dependency], done: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """Circles of mitigations (row ids) of which each needs the next, with an order that cannot hold.

    Mitigations that are done wait for nothing. A circle of plain needs, without order, means all or none and
    is fine.
    """
    open_ones = [row for row in dependencies if row.mitigation not in done and row.needs not in done]
    edges: dict[int, list[int]] = {}
    for row in open_ones:
        edges.setdefault(row.mitigation, []).append(row.needs)
    named: set[frozenset[int]] = set()
    for row in open_ones:
        if row.kind != "finish_to_start":
            continue
        back = [row.mitigation] if row.needs == row.mitigation else _path(edges, row.needs, row.mitigation)
        if back and frozenset(back) not in named:
            named.add(frozenset(back))
            yield (row.mitigation, *back[:-1])


def _path(edges: Mapping[int, Sequence[int]], start: int, goal: int) -> list[int]:
    """A shortest path along needs, or nothing."""
    came: dict[int, int] = {start: start}
    queue = [start]
    for here in queue:
        if here == goal:
            path = [here]
            while path[-1] != start:
                path.append(came[path[-1]])
            return path[::-1]
        for following in edges.get(here, ()):
            if following not in came:
                came[following] = here
                queue.append(following)
    return []
