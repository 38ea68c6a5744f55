"""Texts that are nearly the same: the share of five-character pieces two of them have in common."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
PIECE = 5
ROWS, BANDS = 4, 24
WINDOW, KEPT = 40, 3
_SEED = 20_240_229
_MULTIPLIER = np.uint64(0x100000001B3)
_MIX = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))


class Near(NamedTuple):
    """Two texts by their places, the earlier one first, and how like they are: 0 to 1."""

    first: int
    second: int
    likeness: float


def likeness(one: str, other: str) -> float:
    """The share of pieces of five characters that two texts have in common, of all that either has (Jaccard 1901).

    Case, spacing and compatibility forms of characters make no difference; two empty texts are alike.
    """
    a, b = (np.unique(_pieces(plain(words))) for words in (one, other))
    return _jaccard(a, b)


def near_across(texts: Sequence[str], sides: Sequence[int], least: float = 0.7) -> tuple[Near, ...]:
    """Pairs of texts on different sides that are at least so like, the most alike first.

    Found by MinHash in bands (Broder 1997), each likeness then counted exactly: at .7 about one pair in seven hundred
    is missed. Of each text about three nearest are kept, and of more than 40 that hardly differ only some pairs. Empty
    texts are like none. The same texts in another order give the same pairs. Linear in the length of all texts.
    """
    words = [plain(text) for text in texts]
    filled = _in_order(words, sides)
    if len(filled) < 2:
        return ()
    pieces = [_pieces(words[place]) for place in filled]
    prints = _prints(pieces)
    pairs = _nearest(prints, _candidates(prints, np.asarray(sides, dtype=np.int64)[filled]))
    sets = [np.unique(each) for each in pieces]
    found = (Near(filled[a], filled[b], _jaccard(sets[a], sets[b])) for a, b in pairs)
    ordered = (Near(min(near[:2]), max(near[:2]), near.likeness) for near in found if near.likeness >= least)
    return tuple(sorted(ordered, key=lambda near: (-near.likeness, near.first, near.second)))


def _in_order(words: Sequence[str], sides: Sequence[int]) -> list[int]:
    """The places of texts that are not empty, by their content and, where that is the same, with sides in turn."""
    times: Counter[tuple[str, int]] = Counter()
    keys: dict[int, tuple[str, int, int]] = {}
    for place, (text, side) in enumerate(zip(words, sides, strict=True)):
        if text:
            keys[place] = (text, times[text, side], side)
            times[text, side] += 1
    return sorted(keys, key=keys.__getitem__)


def plain(words: str) -> str:
    """A text without what makes no difference: case, spacing, compatibility forms."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def _pieces(words: str) -> Hashes:
    """A hash of each piece of five characters in order; of a shorter text, of the whole."""
    signs = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    length = min(PIECE, max(signs.size, 1))
    if signs.size == 0:
        return np.zeros(0, dtype=np.uint64)
    found = np.zeros(signs.size - length + 1, dtype=np.uint64)
    for place in range(length):
        found = found * _MULTIPLIER + signs[place : place + found.size] + np.uint64(1)
    return _mixed(found)


def _mixed(values: Hashes) -> Hashes:
    """Hashes whose every bit depends on every bit of the value (the finaliser of MurmurHash3)."""
    for factor in _MIX:
        values = (values ^ (values >> np.uint64(33))) * factor
    return values ^ (values >> np.uint64(33))


def _prints(pieces: Sequence[Hashes]) -> Hashes:
    """(texts, ROWS x BANDS) the least hash of each text's pieces under each of so many hash functions."""
    starts = np.cumsum([0, *(each.size for each in pieces[:-1])])
    every = np.concatenate(pieces)
    draws = np.random.default_rng(_SEED).integers(1, 2**63, size=(2, ROWS * BANDS), dtype=np.uint64)
    found = np.empty((len(pieces), ROWS * BANDS), dtype=np.uint64)
    for column, (factor, shift) in enumerate(draws.T):
        hashed = every * (factor | np.uint64(1)) + shift
        hashed ^= hashed >> np.uint64(32)
        found[:, column] = np.minimum.reduceat(hashed, starts)
    return found


def _candidates(prints: Hashes, side: NDArray[np.int64]) -> NDArray[np.int64]:
    """(pairs, 2) texts of different sides that agree in all rows of some band; in a crowd those next to each other."""
    found: list[NDArray[np.int64]] = []
    for band in range(BANDS):
        rows = prints[:, band * ROWS : (band + 1) * ROWS]
        key = rows[:, 0].copy()
        for column in range(1, ROWS):
            key = _mixed(key * _MULTIPLIER + rows[:, column])
        by_key = np.argsort(key, kind="stable")
        for step in range(1, min(WINDOW, by_key.size - 1) + 1):
            a, b = by_key[:-step], by_key[step:]
            same = key[a] == key[b]
            if not same.any():
                break
            same &= side[a] != side[b]
            found.append(np.stack([a[same], b[same]], axis=1))
    if not found:
        return np.zeros((0, 2), dtype=np.int64)
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)


def _nearest(prints: Hashes, pairs: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Of each text the few pairs whose prints agree most."""
    if not pairs.size:
        return
    agree = np.concatenate([(prints[part[:, 0]] == prints[part[:, 1]]).sum(axis=1) for part in _parts(pairs)])
    taken: dict[int, int] = {}
    for place in np.argsort(-agree, kind="stable"):
        a, b = (int(one) for one in pairs[place])
        if min(taken.get(a, 0), taken.get(b, 0)) < KEPT:
            taken[a], taken[b] = taken.get(a, 0) + 1, taken.get(b, 0) + 1
            yield a, b


def _parts(pairs: NDArray[np.int64], size: int = 1 << 15) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(pairs), size):
        yield pairs[start : start + size]


def _jaccard(one: Hashes, other: Hashes) -> float:
    """The share of hashes that two sorted sets have in common, of all in either."""
    if not one.size and not other.size:
        return 1.0
    both = np.intersect1d(one, other, assume_unique=True).size
    return both / (one.size + other.size - both)
