"""JSON from strangers, read piece by piece: an array of any length never stands in memory whole.

NaN and infinities become None. Nesting too deep, numbers too long, values too large, broken or
cut text and bytes that are not UTF-8 are refused with the name of the thing they were found in.
"""

import codecs
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from launchpad.errors import ImportRefusedError

MAX_VALUE = 64 * 1024**2
LARGE = 4 * 1024**2
MAX_NESTED = 2_000_000
MAX_PARTS = 5_000_000
DAMAGED = "Copy or export it again from where it was made."
_SPACE = re.compile(r"[ \t\r\n]*")
_NEXT_OBJECT = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?=\{)")
_NUMBER = re.compile(r"[-+.eE0-9]*")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def load(pieces: Iterable[bytes], name: str, on_duplicate: Callable[[str], None]) -> object:
    """The one JSON value that the pieces hold; `on_duplicate` is told of each key an object repeats."""
    cursor = JsonCursor(pieces, name, _watching(on_duplicate))
    value = cursor.value()
    cursor.expect_end()
    return value


def array_items(pieces: Iterable[bytes], name: str) -> Iterator[object]:
    """The elements of a JSON array, one at a time."""
    cursor = JsonCursor(pieces, name)
    yield from cursor.elements()
    cursor.expect_end()


def object_items(
    pieces: Iterable[bytes], name: str, streamed: frozenset[str], on_duplicate: Callable[[str], None] | None
) -> Iterator[tuple[str, object]]:
    """The keys and values of a JSON object; an array under a `streamed` key comes element by element.

    A streamed key such as "results.rows" lies one object deeper; the keys beside it come as "results.other".
    Without `on_duplicate`, keys that stand twice are not looked for, which is quicker.
    """
    cursor = JsonCursor(pieces, name, _watching(on_duplicate) if on_duplicate else None)
    yield from _members(cursor, "", streamed, on_duplicate or _nothing)
    cursor.expect_end()


def _members(
    cursor: "JsonCursor", path: str, streamed: frozenset[str], on_duplicate: Callable[[str], None]
) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    cursor.take("{")
    if cursor.next_is("}"):
        cursor.take("}")
        return
    while True:
        key = cursor.value()
        if not isinstance(key, str):
            raise cursor.broken()
        if key in seen:
            on_duplicate(key)
        seen.add(key)
        cursor.take(":")
        place = path + key
        if place in streamed and cursor.next_is("["):
            yield from ((place, element) for element in cursor.elements())
        elif any(deeper.startswith(f"{place}.") for deeper in streamed) and cursor.next_is("{"):
            yield from _members(cursor, f"{place}.", streamed, on_duplicate)
        else:
            yield place, cursor.value()
        if cursor.next_is("}"):
            cursor.take("}")
            return
        cursor.take(",")


class JsonCursor:
    """A place in a JSON text of which only a window stands in memory."""

    def __init__(self, pieces: Iterable[bytes], name: str, decoder: json.JSONDecoder | None = None) -> None:
        self._more_text = _decoded(pieces, name)
        self._decoder = decoder or json.JSONDecoder(parse_constant=_nothing)
        self._name = name
        self._text = ""
        self._at = 0

    def next_is(self, character: str) -> bool:
        """Whether the next thing after white space is this character."""
        return not self._at_end() and self._text[self._at] == character

    def take(self, character: str) -> None:
        """Step over this character, which must come next."""
        if not self.next_is(character):
            raise self.broken()
        self._at += 1

    def value(self) -> object:
        """The next whole value."""
        if self._at_end():
            raise self.broken()
        while True:
            try:
                value, end = cast("tuple[object, int]", self._decoder.raw_decode(self._text, self._at))
            except RecursionError:
                raise ImportRefusedError(f"{self._name} is nested too deeply to be a result.", DAMAGED) from None
            except json.JSONDecodeError:
                if not self._read_on():
                    raise self.broken() from None
                continue
            except ValueError:
                raise ImportRefusedError(f"{self._name} holds a number of too many digits.", DAMAGED) from None
            if not isinstance(value, int | float) or not self._may_go_on(end) or not self._read_on():
                self._at = end
                return value

    def elements(self) -> Iterator[object]:
        """The elements of the array that comes next."""
        self.take("[")
        if self.next_is("]"):
            self.take("]")
            return
        while True:
            yield self.value()
            yield from self._objects()
            if self.next_is("]"):
                self.take("]")
                return
            self.take(",")

    def _objects(self) -> Iterator[object]:
        """The further elements that are objects and lie whole in the window: the quick way through a long array."""
        decode, length = self._decoder.raw_decode, 0
        while True:
            # What is left is most likely cut when it is shorter than the last one: to try it first would cost more.
            if len(self._text) - self._at <= length:
                self._read_on()
            comma = _NEXT_OBJECT.match(self._text, self._at)
            if comma is None:
                return
            try:
                found: tuple[object, int] = decode(self._text, comma.end())
            except (ValueError, RecursionError):
                return
            length, self._at = found[1] - self._at, found[1]
            yield found[0]

    def expect_end(self) -> None:
        """Refuse anything but white space from here on."""
        if not self._at_end():
            raise self.broken()

    def broken(self) -> ImportRefusedError:
        """The refusal of text that is not JSON here."""
        return ImportRefusedError(f"{self._name} is not valid JSON, or is cut off before its end.", DAMAGED)

    def _at_end(self) -> bool:
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return False
            if not self._read_on():
                return True

    def _may_go_on(self, end: int) -> bool:
        """Whether a number that ends here could have more digits in the next piece: 1 of 1.5, or of 1e5."""
        rest = _NUMBER.match(self._text, end)
        return rest is not None and rest.end() == len(self._text)

    def _read_on(self) -> bool:
        """Take in at least as much again as is waiting; False when there is no more."""
        waiting = self._text[self._at :]
        if sys.getsizeof(waiting) > MAX_VALUE:
            what = f"{self._name} holds a single value of more than {MAX_VALUE >> 20} MB."
            raise ImportRefusedError(what, "Export the run without raw messages, or as an .eval file.")
        taken, wanted = [waiting], max(len(waiting), 1)
        for piece in self._more_text:
            taken.append(piece)
            wanted -= len(piece)
            if wanted <= 0:
                break
        self._text, self._at = "".join(taken), 0
        refuse_crowded(self._text, len(waiting), self._name)
        return len(self._text) > len(waiting)


def refuse_crowded(text: str | bytes, length: int, name: str) -> None:
    """Refuse a value of this length in a text with so many brackets and commas that its parts would fill the memory."""
    if length <= LARGE:
        return
    marks = ("[", "{", ",") if isinstance(text, str) else (b"[", b"{", b",")
    arrays, objects, commas = (text.count(mark) for mark in marks)  # pyright: ignore[reportArgumentType] - of one kind
    if arrays + objects > MAX_NESTED or commas > MAX_PARTS:
        raise ImportRefusedError(f"{name} holds a single value with millions of parts.", DAMAGED)


def _decoded(pieces: Iterable[bytes], name: str) -> Iterator[str]:
    decoder: codecs.IncrementalDecoder | None = None
    try:
        for piece in pieces:
            if decoder is None:
                encoding = next((known for bom, known in _BOMS if piece.startswith(bom)), "utf-8")
                decoder = codecs.getincrementaldecoder(encoding)()
            if words := decoder.decode(piece):
                yield words
        if decoder is not None:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise ImportRefusedError(f"{name} is not UTF-8 text.", DAMAGED) from None


def _nothing(_word: str) -> None:
    """NaN, Infinity and -Infinity mean that there is no value."""


def _watching(on_duplicate: Callable[[str], None]) -> json.JSONDecoder:
    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    on_duplicate(key)
                seen.add(key)
        return found

    return json.JSONDecoder(parse_constant=_nothing, object_pairs_hook=collect)
