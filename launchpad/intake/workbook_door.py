"""The door for a workbook that comes back from people: is it one at all, can it be opened, is it of a bearable size."""

import re
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import archive
from launchpad.intake.source import Source, look

MAX_FILE = 128 * 1024**2
MAX_XML = 96 * 1024**2
MAX_ROWS = 100_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WORKBOOK, PROPERTIES = "xl/workbook.xml", "docProps/custom.xml"
MARK, MAX_PROPERTIES = b"LaunchpadProject", 1024**2
XLSX = "Give the workbook that Launchpad exported, saved as .xlsx."
AGAIN = "Open it in a spreadsheet program and save it again as .xlsx; or ask for the file once more."
HOSTILE = "No spreadsheet program writes such a file: ask whoever sent it, and do not open it."
TOO_LARGE = "Delete what was added to it and is no part of the workplan, and save it again."
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_OVERLAP = 64


def is_returned(path: Path) -> bool:
    """Whether a file is a workbook that Launchpad exported, by its properties; False where it cannot be read."""
    if path.suffix.casefold() != ".xlsx":
        return False
    try:
        source = look(path)
        if PROPERTIES not in source.members:
            return False
        with archive.opened(source.path, source.members) as zipped:
            return MARK in b"".join(archive.read(zipped, PROPERTIES, MAX_PROPERTIES))
    except (ImportRefusedError, OSError):
        return False


def refuse_no_workbook(path: Path) -> None:
    """Raise ImportRefusedError, saying what it is and what to do, for a file that is no sound .xlsx workbook.

    Missing, of another format, protected by a password, damaged, crafted, or larger than 96 MB or 100,000 rows a sheet.
    """
    try:
        source = look(path)
    except ImportRefusedError as error:
        raise ImportRefusedError(error.message, XLSX if error.hint.startswith("Choose") else error.hint) from None
    if source.start.startswith(OLE):
        raise _of_old_format(path)
    if not source.is_zip:
        raise ImportRefusedError(f"{path} is no .xlsx workbook.", f"{XLSX} A CSV file has lost what is compared.")
    if source.size > MAX_FILE:
        raise ImportRefusedError(f"{path} is larger than a workplan can be ({MAX_FILE >> 20} MB).", TOO_LARGE)
    if WORKBOOK not in source.members:
        raise _of_other_kind(source)
    _refuse_crafted(source)


def _of_old_format(path: Path) -> ImportRefusedError:
    """A compound file: an .xlsx behind a password, or a workbook of before 2007."""
    tail = b""
    with path.open("rb") as file:
        for _ in range(MAX_FILE // archive.PIECE):
            piece = file.read(archive.PIECE)
            if ENCRYPTED in tail + piece:
                return ImportRefusedError(
                    f"{path} is protected with a password.",
                    "Open it in a spreadsheet program, save it without the password, and give that file.",
                )
            tail = piece[-len(ENCRYPTED) :]
            if not piece:
                break
    return ImportRefusedError(f"{path} is a workbook of the old .xls format.", AGAIN)


def _of_other_kind(source: Source) -> ImportRefusedError:
    members = source.members
    if "xl/workbook.bin" in members:
        return ImportRefusedError(f"{source.path} is a binary workbook (.xlsb).", AGAIN)
    if "mimetype" in members and "content.xml" in members:
        return ImportRefusedError(f"{source.path} is an OpenDocument file.", AGAIN)
    return ImportRefusedError(f"{source.path} is a zip archive, but no .xlsx workbook.", XLSX)


def _refuse_crafted(source: Source) -> None:
    """Unpack every part once, in pieces: none may define entities, and all together stay within bounds."""
    try:
        with archive.opened(source.path, source.members) as zipped:
            left = MAX_XML
            for name in zipped.members:
                if name.lower().endswith((".xml", ".rels")):
                    left -= _size_of_part(zipped, name, left)
    except ImportRefusedError as error:
        hint = {archive.HINT_DAMAGED: AGAIN, archive.HINT_HOSTILE: HOSTILE}.get(error.hint, error.hint)
        raise ImportRefusedError(error.message, hint) from error
    except OSError as error:
        raise ImportRefusedError(f"{source.path} cannot be read: {error.strerror}.", AGAIN) from error


def _size_of_part(zipped: archive.Archive, name: str, left: int) -> int:
    """How many bytes a part unpacks to; refused when that is more than `left`, or it has many rows or entities."""
    size, rows, tail = 0, 0, b""
    for piece in archive.read(zipped, name, MAX_XML + archive.PIECE):
        size += len(piece)
        if size > left:
            what = f"{zipped.path} is larger than a workplan can be ({MAX_XML >> 20} MB unpacked)."
            raise ImportRefusedError(what, TOO_LARGE)
        window = tail + piece
        rows += len(_ROW.findall(window)) - len(_ROW.findall(tail))
        if rows > MAX_ROWS:
            what = f"{zipped.path} has a sheet of more than {MAX_ROWS:,} rows, larger than a workplan can be."
            raise ImportRefusedError(what, TOO_LARGE)
        if _ENTITY.search(window):
            raise ImportRefusedError(f"{zipped.path}, part {name!r}, defines XML entities.", HOSTILE)
        tail = window[-_OVERLAP:]
    return size
