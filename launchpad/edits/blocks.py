"""What results keep in `content`: per-sample outcomes and, only where asked for, sample text, each as one block."""

import json
import zlib
from collections.abc import Iterator
from typing import Any, cast

from launchpad.errors import ProjectFileError
from launchpad.records.imported import Outcomes, SampleTexts

MAX_BLOCK = 1_600_000_000  # 200 million characters at their longest in JSON, and what stands between them
PIECE = 1 << 20


def pack_outcomes(outcomes: Outcomes) -> bytes:
    """Per-sample outcomes as one compressed block, column by column."""
    columns = {name: getattr(outcomes, name) for name in outcomes.__dataclass_fields__}
    return zlib.compress(json.dumps(columns, separators=(",", ":"), allow_nan=False).encode(), level=6)


def unpack_outcomes(block: bytes) -> Outcomes:
    """The outcomes that `pack_outcomes` packed."""
    columns = cast("dict[str, list[Any]]", json.loads(zlib.decompress(block)))
    return Outcomes(**{name: tuple(values) for name, values in columns.items()})


def pack_texts(texts: SampleTexts) -> bytes:
    """Sample texts as one compressed block: a line of JSON for each sample."""
    packer = zlib.compressobj(level=3)
    whose = texts.whose or (None,) * len(texts.sample)
    columns = (texts.sample, texts.epoch, texts.asked, texts.answered, whose)
    lines = (json.dumps(row, separators=(",", ":")) + "\n" for row in zip(*columns, strict=True))
    return b"".join((*(packer.compress(line.encode()) for line in lines), packer.flush()))


def texts_of(block: bytes) -> SampleTexts:
    """The sample texts that `pack_texts` packed; ProjectFileError when the block is none of ours."""
    try:
        rows = [json.loads(line) for line in _lines(block)]
        sample, epoch, asked, answered, whose = zip(*rows, strict=True) if rows else ((),) * 5
    except (zlib.error, ValueError, TypeError, RecursionError) as error:
        raise _unreadable() from error
    return SampleTexts(sample, epoch, asked, answered, whose)


def _lines(block: bytes) -> Iterator[bytes]:
    """The lines in a block, unpacked piece by piece and no more than a block of ours can hold."""
    unpacker, waiting, size, rest = zlib.decompressobj(), b"", 0, block
    while rest and not unpacker.eof:
        piece = unpacker.decompress(rest, PIECE)
        rest, size = unpacker.unconsumed_tail, size + len(piece)
        if size > MAX_BLOCK:
            raise _unreadable()
        *whole, waiting = (waiting + piece).split(b"\n")
        yield from whole
    if waiting or not unpacker.eof:
        raise _unreadable()


def _unreadable() -> ProjectFileError:
    return ProjectFileError("The sample text of this result is damaged.", "Import its file again with --keep-samples.")
