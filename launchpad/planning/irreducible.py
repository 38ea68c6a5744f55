"""From what cannot hold together to a part of it of which every piece is needed for the contradiction."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
Clash = Callable[[Sequence[T]], bool]


def irreducible(parts: Sequence[T], clash: Clash[T]) -> list[T]:
    """A part of what clashes that still does, and without any one of its pieces does not (QuickXplain, Junker 2004).

    `clash` says of some of them, in any order, whether they cannot hold together; of all of them it is taken as said.
    Of several such parts it prefers those made of pieces that come first. About 2 k log2(n / k) questions for k of n.
    """
    if clash(()):
        return []
    return _explained((), parts, clash, fresh=False)


def _explained(given: Sequence[T], parts: Sequence[T], clash: Clash[T], *, fresh: bool) -> list[T]:
    """The pieces of `parts` that clash with `given`; `fresh` when something was given since that was last asked."""
    if fresh and clash(given):
        return []
    if len(parts) == 1:
        return list(parts)
    half = len(parts) // 2
    first, second = parts[:half], parts[half:]
    of_second = _explained((*given, *first), second, clash, fresh=bool(first))
    of_first = _explained((*given, *of_second), first, clash, fresh=bool(of_second))
    return of_first + of_second
