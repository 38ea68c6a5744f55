"""A file written whole or not at all: what lay at the target stays until the new file is safe on the disk."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Generator
from pathlib import Path

from launchpad.errors import ExportError

UNCHANGED = "nothing at the target was changed"


def put(path: Path, data: bytes) -> None:
    """Write `data` to `path` through a file beside it, keeping the mode bits of what was there.

    A link is followed and its target replaced. Raises ExportError (what, which file, what to do) when
    that cannot be done: the old file is then unchanged and nothing is left beside it.
    """
    with _told(path):
        target = Path(os.path.realpath(path))
        mode = _mode_of(path, target)
        _refuse_open(path, target)
        beside = target.parent / f".launchpad-{secrets.token_hex(6)}.tmp"
        try:
            _write(beside, data, mode)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    _settle(target.parent)


def _mode_of(path: Path, target: Path) -> int | None:
    """The mode bits of the file that is there, None without one; refuses what is not a writable file."""
    try:
        found = target.lstat().st_mode
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise ExportError(
                f"{path} cannot be written: the folder {target.parent} does not exist.",
                "Make the folder first, or choose another one.",
            ) from None
        return None
    if stat.S_ISDIR(found):
        raise ExportError(f"{path} is a folder.", "Give the name of a file.")
    if not stat.S_ISREG(found):
        raise ExportError(f"{path} is not an ordinary file.", "Choose another name.")
    if not found & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise ExportError(f"{path} is marked read-only.", "Allow writing to it, or choose another name.")
    return stat.S_IMODE(found)


def _refuse_open(path: Path, target: Path) -> None:
    """Refuse a file that an office program has open: the person there would save over the new one, or lose it.

    LibreOffice and Microsoft Office leave a file beside it for as long; where the system locks files the write fails.
    """
    name = target.name
    for mark in (f".~lock.{name}#", f"~${name}", f"~${name[2:]}"):
        beside = target.parent / mark
        if os.path.lexists(beside):
            raise ExportError(
                f"{path} is open in another program; {UNCHANGED}.",
                f"Close it there, or choose another name. If it is open nowhere, delete {mark} beside it.",
            )


def _write(beside: Path, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(beside, flags, 0o666)
    with open(handle, "wb") as file:  # noqa: PTH123 - takes over an open descriptor
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        beside.chmod(mode)


def _settle(folder: Path) -> None:
    """Make the new name last; some network disks and Windows cannot, and the file is whole all the same."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _told(path: Path) -> Generator[None]:
    """Turn what the system says into a sentence and a way out."""
    try:
        yield
    except OSError as error:
        what, hint = _sentence(error)
        raise ExportError(f"{path} could not be written: {what}; {UNCHANGED}.", hint) from error
    except ValueError as error:  # a null byte, a character no file name can hold
        raise ExportError(f"{str(path)!r} cannot be the name of a file.", "Choose another name.") from error


def _sentence(error: OSError) -> tuple[str, str]:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full", "Free some space, or choose another folder."
        case errno.EFBIG:
            return "the file would be larger than allowed there", "Choose another folder."
        case errno.EROFS:
            return "the disk is read-only", "Choose another folder."
        case errno.EACCES | errno.EPERM | errno.EBUSY | errno.ETXTBSY:
            return (
                "the system does not allow it",
                "Close it if another program has it open; otherwise choose a folder you may write to.",
            )
        case errno.ENAMETOOLONG:
            return "its name is too long", "Choose a shorter name."
        case errno.ENOENT | errno.ENOTDIR:
            return "the folder does not exist", "Make the folder first, or choose another one."
        case errno.ELOOP:
            return "it is a link that leads to itself", "Choose another name."
        case _:
            return error.strerror or str(error), "Choose another folder, or try again."
