"""Zip archives from strangers: members streamed in 64 KB pieces, capped in number, size and ratio.

Nothing is ever written to disk by a member's name. Of members with one name the last counts.
Python's zipfile reads the directory; the data is decompressed here, because members compressed
with zstandard (method 93, written by Inspect) are only known to it from Python 3.14 on.
"""

import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from launchpad.errors import ImportRefusedError

PIECE = 64 * 1024
MAX_MEMBERS = 500_000
MAX_DOCUMENT = 32 * 1024**2
MAX_STREAM = 1024**3
MAX_RATIO = 1_000
SMALL = 16 * 1024**2
ZSTANDARD = 93
HINT_DAMAGED = "Copy it again from where it was made; the run itself may still be whole."
HINT_HOSTILE = "It does not look like what a harness writes: ask whoever sent it, and do not unpack it."
Members = Mapping[str, zipfile.ZipInfo]
_END = b"PK\x05\x06"
_LOCATOR64 = b"PK\x06\x07"


@dataclass(frozen=True, slots=True)
class Archive:
    """An open zip archive: its path, its bytes, its members by name."""

    path: Path
    file: IO[bytes]
    members: Members


def members_of(path: Path) -> Members:
    """The archive's members by name, of one name the last; refused when damaged, cut or oversized."""
    with path.open("rb") as file:
        _check_directory(file, path)
        try:
            with zipfile.ZipFile(file) as directory:
                return {info.filename: info for info in directory.infolist()}
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, EOFError) as error:
            raise _damaged(path, "its table of contents is broken") from error


@contextmanager
def opened(path: Path, members: Members) -> Generator[Archive]:
    """The archive, ready to be read from."""
    with path.open("rb") as file:
        yield Archive(path, file, members)


def read(archive: Archive, name: str, limit: int = MAX_DOCUMENT) -> Iterator[bytes]:
    """The content of a member, in pieces, its checksum verified at the end."""
    info = archive.members[name]
    where = f"{archive.path}, member {name!r}"
    if info.flag_bits & 1:
        raise ImportRefusedError(f"{where} is encrypted.", "Decrypt it, or export the run again without a password.")
    allowed = min(limit, max(SMALL, MAX_RATIO * info.compress_size))
    size, checksum = 0, 0
    for piece in _decompressed(archive, info, where):
        size += len(piece)
        if size > allowed:
            raise ImportRefusedError(f"{where} unpacks to more than {allowed >> 20} MB.", HINT_HOSTILE)
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != info.CRC or size != info.file_size:
        raise _damaged(archive.path, f"member {name!r} does not match its checksum")


def _check_directory(file: IO[bytes], path: Path) -> None:
    """Refuse a missing end record and a directory with more entries than any real log has."""
    size = file.seek(0, 2)
    tail_start = max(0, size - 66_000)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise _damaged(path, "its table of contents is missing, so it was cut off or is still being written")
    count, length = struct.unpack("<HL", tail[at + 10 : at + 16])
    locator = tail[max(0, at - 20) : at]
    if locator.startswith(_LOCATOR64):
        file.seek(min(struct.unpack("<Q", locator[8:16])[0], size))
        record = file.read(56)
        if len(record) == 56:
            count, length = struct.unpack("<QQ", record[32:48])
    if count > MAX_MEMBERS or length > MAX_MEMBERS * 300:
        raise ImportRefusedError(f"{path} holds more than {MAX_MEMBERS:,} members.", HINT_HOSTILE)


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


def _decompressed(archive: Archive, info: zipfile.ZipInfo, where: str) -> Iterator[bytes]:
    raw = _raw(archive.file, info, where)
    if info.compress_type == zipfile.ZIP_STORED:
        yield from iter(lambda: raw.read(PIECE), b"")
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(raw, where)
    elif info.compress_type == ZSTANDARD:
        yield from _zstandard(raw, where)
    else:
        raise ImportRefusedError(
            f"{where} is compressed by method {info.compress_type}, which no harness uses.", HINT_HOSTILE
        )


def _raw(file: IO[bytes], info: zipfile.ZipInfo, where: str) -> _Slice:
    if info.header_offset < 0:
        raise ImportRefusedError(f"{where} is damaged.", HINT_DAMAGED)
    file.seek(info.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise ImportRefusedError(f"{where} is damaged.", HINT_DAMAGED)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = info.header_offset + 30 + name_length + extra_length
    return _Slice(file, start, start + info.compress_size)


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
