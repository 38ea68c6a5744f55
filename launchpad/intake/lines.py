"""Files with one JSON object a line, read line by line; a line that holds none is listed and passed over."""

import codecs
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, cast

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.source import UTF16, Source, first_keys, in_utf8
from launchpad.intake.values import as_object, shortened
from launchpad.records.imported import Problem

MAX_LINE = 64 * 1024**2
MAX_BAD = 10_000
MAX_BLANK = 100_000
MAX_KEY = 100
MAX_FIRST = 4 * 1024**2


def _nothing(_constant: str) -> None:
    """NaN, Infinity and -Infinity mean that there is no value."""


_DECODER = json.JSONDecoder(parse_constant=_nothing)


@dataclass(slots=True)
class Lines:
    """The numbered JSON objects of a stream; lines that could not be read end up in `problems`.

    Lines that `pass_over` says yes to are not even looked into. `cut` says whether the last line breaks off;
    `last` is the line just handed out, as bytes.
    """

    name: str
    stream: IO[bytes]
    problems: list[Problem] = field(default_factory=list[Problem])
    pass_over: Callable[[bytes], bool] | None = None
    cut: bool = False
    bad: int = 0
    blank: int = 0
    last: bytes = b""

    def __iter__(self) -> Iterator[tuple[int, dict[str, object]]]:
        decode, readline = _DECODER.raw_decode, self.stream.readline
        number, pass_over = 0, self.pass_over
        while line := readline(MAX_LINE):
            if number == 0 and line.startswith(UTF16) and self.stream.seekable():
                readline = _recoded(self.stream)
                line = readline(MAX_LINE)
            number += 1
            if pass_over is not None and pass_over(line):
                continue
            if len(line) > jsons.LARGE:
                jsons.refuse_crowded(line, len(line), f"{self.name}, line {number},")
            try:
                words = line.decode()
                found: tuple[object, int] = decode(words)
            except (ValueError, RecursionError):
                found, words = self._second_look(line), ""
            value, end = found
            # The usual line ends with a line feed right after the object.
            if type(value) is dict and (end + 1 >= len(words) or not words[end:].strip()):
                self.last = line
                yield number, cast("dict[str, object]", value)
            else:
                self._note(number, line)

    def check_repeats(self, number: int) -> None:
        """List the keys that the line just handed out gives twice, of which the last was read."""
        jsons.load([self.last], f"{self.name}, line {number}", repeats_into(self.problems, f"line {number}"))

    def _second_look(self, line: bytes) -> tuple[object, int]:
        """The object of a line that begins with spaces or a byte order mark; None when there is none."""
        try:
            return cast("object", _DECODER.decode(line.removeprefix(codecs.BOM_UTF8).decode())), 0
        except (ValueError, RecursionError):
            return None, 0

    def _note(self, number: int, line: bytes) -> None:
        if len(line) >= MAX_LINE:
            what = f"{self.name}, line {number}, is longer than {MAX_LINE >> 20} MB."
            raise ImportRefusedError(what, jsons.DAMAGED)
        blank = not line.strip()
        self.bad += not blank
        self.blank += blank
        if self.bad > MAX_BAD or self.blank > MAX_BLANK:
            what = f"{self.name} holds more than {MAX_BAD:,} lines that are not JSON."
            raise ImportRefusedError(what, jsons.DAMAGED)
        if blank:
            return
        self.cut = not line.endswith(b"\n")
        what = "the last line breaks off" if self.cut else "this line is not a JSON object and was left out"
        self.problems.append(Problem(f"line {number}", what))


@dataclass(slots=True)
class Foreign:
    """Lines of a log that are JSON objects but nothing its harness writes: how many, and where the first stands."""

    expected: str
    count: int = 0
    first: int = 0

    def add(self, number: int) -> None:
        """Take note of one line."""
        self.first = self.first or number
        self.count += 1

    def problems(self) -> Iterator[Problem]:
        """One problem for all of them."""
        if self.count:
            yield Problem(f"line {self.first}", f"not {self.expected}, and left out; lines of this kind: {self.count}")


def another_run(whose: str) -> str:
    """What is said where a second run begins in a file of one run; nothing from there on is read."""
    return f"another run begins here, of {whose}; it was not read: cut the file at this line and import both parts"


def _recoded(stream: IO[bytes]) -> Callable[[int], bytes]:
    """What reads the lines of a UTF-16 file, as some consoles write it, in UTF-8."""
    os.lseek(stream.fileno(), 0, os.SEEK_SET)
    text = os.fdopen(stream.fileno(), encoding="utf-16", errors="replace", newline="\n", closefd=False)
    return lambda limit: text.readline(limit).encode(errors="replace")


def first_line_keys(source: Source, hint: bytes) -> dict[str, frozenset[str]]:
    """The keys of the JSON object on the first line, as `first_keys`; empty when `hint` is not near the start.

    Of a line longer than the start of the file up to 4 MB are looked at.
    """
    if hint not in source.start:
        return {}
    line, newline, _ = source.start.lstrip().partition(b"\n")
    if not newline and source.size > len(source.start):
        with source.path.open("rb") as file:
            line = in_utf8(file.readline(MAX_FIRST))
    return first_keys(line)


def repeats_into(problems: list[Problem], where: str) -> Callable[[str], None]:
    """What to hand to a JSON reader so that keys which an object repeats are listed."""

    def note(key: str) -> None:
        problems.append(Problem(where, f"the key {shortened(key, MAX_KEY)!r} stands twice; the last one was read"))

    return note


def member(value: object, *path: str) -> object:
    """What lies at the end of a path of keys; None where an object or a key is missing."""
    for key in path:
        value = as_object(value).get(key)
    return value
