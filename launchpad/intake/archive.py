"""Zip archives from strangers: members streamed in 64 KB pieces, capped in number, size and ratio.

Nothing is ever written to disk by a member's name. Of members with one name the last counts.
The table of contents is read here and kept as it is written, an entry being taken apart only when
its member is asked for: a log of 50,000 samples has as many. The data is decompressed here too,
for members compressed with zstandard (method 93, written by Inspect) are known to Python's zipfile
only from 3.14 on.
"""

import struct
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from launchpad.errors import ImportRefusedError

PIECE = 64 * 1024
MAX_MEMBERS = 1_000_000
MAX_DIRECTORY = 128 * 1024**2
MAX_DOCUMENT = 32 * 1024**2
MAX_STREAM = 512 * 1024**2
MAX_RATIO = 1_000
SMALL = 16 * 1024**2
MAX_ALL_RATIO = 50
MAX_ALL = 1024**3
STORED, DEFLATED, ZSTANDARD = 0, 8, 93
HINT_DAMAGED = "Copy it again from where it was made; the run itself may still be whole."
HINT_HOSTILE = "It does not look like what a harness writes: ask whoever sent it, and do not unpack it."
_END = b"PK\x05\x06"
_LOCATOR64 = b"PK\x06\x07"
_END64 = b"PK\x06\x06"
_ENTRY = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"
_LENGTHS = struct.Struct("<8xH18xHHH")
_FACTS = struct.Struct("<8xHH4xLLL14xL")
_UNKNOWN = 0xFFFFFFFF
_UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """One member: how it is packed, its checksum, its sizes packed and unpacked, where it begins."""

    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    start: int


class Directory(Mapping[str, Member]):
    """The members of an archive by name, in the order listed; of one name the last."""

    def __init__(self, table: bytes = b"", shift: int = 0) -> None:
        """Read from a table of contents; `shift` is by how much its offsets fall short."""
        self._table, self._shift = table, shift
        self._places: dict[str, int] = {}
        text, at = table.decode("latin-1"), 0
        while at < len(table):
            if len(table) - at < 46 or not table.startswith(_ENTRY, at):
                raise ValueError("no entry")
            flags, length, extra, comment = _LENGTHS.unpack_from(table, at)
            name = text[at + 46 : at + 46 + length]
            if not name.isascii():
                name = name.encode("latin-1").decode("utf-8" if flags & _UTF8 else "cp437", "surrogateescape")
            self._places[name] = at
            at += 46 + length + extra + comment
        if at != len(table):
            raise ValueError("a cut entry")

    def __getitem__(self, name: str) -> Member:
        at = self._places[name]
        table = self._table
        flags, method, checksum, packed, size, start = _FACTS.unpack_from(table, at)
        if _UNKNOWN in (packed, size, start):
            size, packed, start = _large(table, at, [size, packed, start])
        return Member(flags, method, checksum, packed, size, start + self._shift)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


Members = Mapping[str, Member]


@dataclass(slots=True)
class Archive:
    """An open zip archive: its path, its bytes, its members by name, and how much may still be unpacked."""

    path: Path
    file: IO[bytes]
    members: Members
    left: int


def members_of(path: Path) -> Members:
    """The archive's members by name, of one name the last; refused when damaged, cut or oversized."""
    with path.open("rb") as file:
        table, shift = _table_of_contents(file, path)
    try:
        return Directory(table, shift)
    except ValueError as error:
        raise _damaged(path, "its table of contents is broken") from error


@contextmanager
def opened(path: Path, members: Members) -> Generator[Archive]:
    """The archive, ready to be read from."""
    with path.open("rb") as file:
        allowed = max(MAX_ALL, MAX_ALL_RATIO * path.stat().st_size)
        yield Archive(path, file, members, allowed)


def read(archive: Archive, name: str, limit: int = MAX_DOCUMENT) -> Iterator[bytes]:
    """The content of a member, in pieces, its checksum verified at the end."""
    where = f"{archive.path}, member {name!r}"
    try:
        member = archive.members[name]
    except (ValueError, struct.error) as error:
        raise _damaged(archive.path, f"the entry of member {name!r} is broken") from error
    if member.flags & 1:
        raise ImportRefusedError(f"{where} is encrypted.", "Decrypt it, or export the run again without a password.")
    allowed = min(limit, max(SMALL, MAX_RATIO * member.packed))
    size, checksum = 0, 0
    for piece in _decompressed(archive, member, where):
        size += len(piece)
        archive.left -= len(piece)
        if size > allowed:
            raise ImportRefusedError(f"{where} unpacks to more than {allowed >> 20} MB.", HINT_HOSTILE)
        if archive.left < 0:
            raise ImportRefusedError(f"{archive.path} unpacks to far more than its own size.", HINT_HOSTILE)
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != member.checksum or size != member.size:
        raise _damaged(archive.path, f"member {name!r} does not match its checksum")


def _table_of_contents(file: IO[bytes], path: Path) -> tuple[bytes, int]:
    """The table's bytes, and by how much its offsets fall short; refused without an end record, or oversized."""
    size = file.seek(0, 2)
    tail_start = max(0, size - 66_000)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise _damaged(path, "its table of contents is missing, so it was cut off or is still being written")
    count, length, offset = struct.unpack("<HLL", tail[at + 10 : at + 20])
    ends = tail_start + at
    locator = tail[max(0, at - 20) : at]
    if locator.startswith(_LOCATOR64):
        file.seek(min(struct.unpack("<Q", locator[8:16])[0], size))
        record = file.read(56)
        if len(record) == 56 and record.startswith(_END64):
            count, length, offset = struct.unpack("<QQQ", record[32:56])
            ends -= 76
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise ImportRefusedError(f"{path} holds more than {MAX_MEMBERS:,} members.", HINT_HOSTILE)
    shift = ends - length - offset
    if shift < 0 or length > ends:
        raise _damaged(path, "its table of contents is broken")
    file.seek(ends - length)
    return file.read(length), shift


def _large(table: bytes, at: int, known: list[int]) -> list[int]:
    """Size unpacked, size packed and offset, those too large for 32 bits taken from the entry's extra field."""
    _, name, extra, _ = _LENGTHS.unpack_from(table, at)
    field = table[at + 46 + name : at + 46 + name + extra]
    while len(field) >= 4:
        kind, length = struct.unpack_from("<HH", field)
        if kind == 1:
            content = field[4 : 4 + length]
            for place, value in enumerate(known):
                if value == _UNKNOWN:
                    (known[place],) = struct.unpack_from("<Q", content)
                    content = content[8:]
            return known
        field = field[4 + length :]
    return known


class _Slice:
    """Bytes `start` to `end` of an open file, as a file."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self._file, self._at, self._end = file, start, end

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._at
        self._file.seek(self._at)
        piece = self._file.read(left if size < 0 else min(size, left))
        self._at += len(piece)
        return piece


def _decompressed(archive: Archive, member: Member, where: str) -> Iterator[bytes]:
    raw = _raw(archive.file, member, where)
    if member.method == STORED:
        yield from iter(lambda: raw.read(PIECE), b"")
    elif member.method == DEFLATED:
        yield from _inflated(raw, where)
    elif member.method == ZSTANDARD:
        yield from _zstandard(raw, where)
    else:
        raise ImportRefusedError(
            f"{where} is compressed by method {member.method}, which no harness uses.", HINT_HOSTILE
        )


def _raw(file: IO[bytes], member: Member, where: str) -> _Slice:
    try:
        file.seek(member.start)
        header = file.read(30)
    except (OverflowError, OSError):
        header = b""
    if len(header) < 30 or not header.startswith(_LOCAL):
        raise ImportRefusedError(f"{where} is damaged.", HINT_DAMAGED)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = member.start + 30 + name_length + extra_length
    return _Slice(file, start, start + member.packed)


def _inflated(raw: _Slice, where: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting = b""
    try:
        while not inflater.eof:
            waiting = waiting or raw.read(PIECE)
            if not waiting and (piece := inflater.flush()):
                yield piece
            if not waiting:
                break
            piece = inflater.decompress(waiting, PIECE)
            waiting = inflater.unconsumed_tail
            if piece:
                yield piece
    except zlib.error as error:
        raise ImportRefusedError(f"{where} is damaged.", HINT_DAMAGED) from error


def _zstandard(raw: _Slice, where: str) -> Iterator[bytes]:
    import zstandard

    # Inspect splits large members into several frames.
    with zstandard.ZstdDecompressor().stream_reader(cast("IO[bytes]", raw), read_across_frames=True) as reader:
        try:
            yield from iter(lambda: reader.read(PIECE), b"")
        except zstandard.ZstdError as error:
            raise ImportRefusedError(f"{where} is damaged.", HINT_DAMAGED) from error


def _damaged(path: Path, what: str) -> ImportRefusedError:
    return ImportRefusedError(f"{path} is a damaged zip archive: {what}.", HINT_DAMAGED)
