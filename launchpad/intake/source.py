"""The first look at a file somebody handed over: is it a file, how large, how does it begin."""

import codecs
import hashlib
import re
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake.archive import PIECE, Directory, Members, members_of

MAX_FILE = 64 * 1024**3
ZIP_MAGIC = b"PK\x03\x04"
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MAX_DEPTH = 4

# An unclosed string runs to the end, so that hostile input is walked once, not once per quote.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[{}\[\]:]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """One file as first looked at: where it lies, its size in bytes, its first 64 KB, a zip's members.

    The start of JSON in UTF-16 or with a byte order mark, as some consoles write it, is given in plain UTF-8.
    """

    path: Path
    size: int
    start: bytes
    members: Members

    @property
    def is_zip(self) -> bool:
        """Whether it begins as a zip archive does."""
        return self.start.startswith(ZIP_MAGIC)


def look(path: Path) -> Source:
    """The file's size and beginning; refused when it is missing, no file, empty or unreadable."""
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise ImportRefusedError(f"{path} is not a file.", "Choose a file with evaluation results.")
        with path.open("rb") as file:
            start = file.read(PIECE)
    except FileNotFoundError:
        raise ImportRefusedError(f"There is no file {path}.", "Check the name and the folder.") from None
    except OSError as error:
        raise unreadable(path, error) from error
    if not start:
        raise ImportRefusedError(f"{path} is empty.", "Copy or export it again.")
    if facts.st_size > MAX_FILE:
        raise ImportRefusedError(f"{path} is larger than 64 GB.", "Split the run, or import its summary instead.")
    members = members_of(path) if start.startswith(ZIP_MAGIC) else Directory()
    return Source(path, facts.st_size, in_utf8(start), members)


def in_utf8(start: bytes) -> bytes:
    """The start of JSON in UTF-16 or with a byte order mark, in plain UTF-8; anything else as it is."""
    found = start.removeprefix(codecs.BOM_UTF8)
    if start.startswith(UTF16):
        found = start.decode("utf-16", errors="ignore").encode()
    return found if found.lstrip().startswith((b"{", b"[")) else start


def unreadable(path: Path, error: OSError) -> ImportRefusedError:
    """The refusal of a file the operating system would not let us read."""
    reason = error.strerror or type(error).__name__
    return ImportRefusedError(f"{path} cannot be read: {reason}.", "Check that it is there and yours to read.")


def sha256(path: Path) -> str:
    """The SHA-256 of the file's bytes in hexadecimal, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=8)
def first_keys(start: bytes) -> dict[str, frozenset[str]]:
    """The keys of a JSON object, each with the keys of the object below it, as far as the start shows them.

    Empty when the text does not begin with an object. Tolerant: nothing is decoded or checked.
    """
    text = start.decode("utf-8-sig", errors="replace")
    if not text.lstrip().startswith("{"):
        return {}
    found: dict[str, set[str]] = {}
    open_brackets: list[str] = []
    last = outer = ""
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark in "{[":
            open_brackets.append(mark)
        elif mark in "}]":
            if open_brackets:
                open_brackets.pop()
        elif mark != ":":
            last = mark.strip('"')
        elif open_brackets == ["{"]:
            outer = last
            found.setdefault(outer, set())
        elif open_brackets == ["{", "{"]:
            found.setdefault(outer, set()).add(last)
    return {key: frozenset(below) for key, below in found.items()}


def keys_within(start: bytes, brackets: str) -> frozenset[str]:
    """The keys met where exactly these brackets are open, as far as the start shows: "[{" for objects in an array.

    Tolerant as `first_keys`; at most four brackets deep.
    """
    return _keys_by_depth(start).get(brackets, frozenset())


@lru_cache(maxsize=8)
def _keys_by_depth(start: bytes) -> dict[str, frozenset[str]]:
    text = start.decode("utf-8-sig", errors="replace")
    if not text.lstrip().startswith(("{", "[")):
        return {}
    found: dict[str, set[str]] = {}
    open_brackets: list[str] = []
    last = ""
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark in "{[":
            open_brackets.append(mark)
        elif mark in "}]":
            if open_brackets:
                open_brackets.pop()
        elif mark != ":":
            last = mark.strip('"')
        elif len(open_brackets) <= MAX_DEPTH and open_brackets[-1:] == ["{"]:
            found.setdefault("".join(open_brackets), set()).add(last)
    return {brackets: frozenset(keys) for brackets, keys in found.items()}
