"""What a forecast hides until all have spoken, on the machine of who gave it and nowhere else."""

import json
import os
from pathlib import Path
from typing import Any, cast

import platformdirs

from launchpad.edits.forecasts import Hidden
from launchpad.errors import ProjectFileError


def folder() -> Path:
    """Where they lie, for this person alone."""
    return platformdirs.user_data_path("launchpad", appauthor=False) / "forecasts"


def keep(hidden: Hidden) -> Path:
    """The file that now holds a chance and its salt, readable by this person alone.

    Raises ProjectFileError when it cannot be written: without it the forecast could never be opened.
    """
    path = folder() / f"{hidden.sha256}.json"
    block = json.dumps(
        {"question": hidden.question, "person": hidden.person, "probability": hidden.probability, "salt": hidden.salt}
    )
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ProjectFileError(
            f"The salt of the forecast cannot be kept in {path.parent}: {error.strerror}.",
            "Nothing was written: without the salt the forecast could never be opened.",
        ) from error
    return path


def known(sha256: str) -> Hidden | None:
    """What the forecast of that hash hides, where this machine knows it; None when it does not, or it was altered."""
    try:
        found: object = json.loads((folder() / f"{sha256}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict):
        return None
    told = cast("dict[str, Any]", found)
    try:
        hidden = Hidden(str(told["question"]), str(told["person"]), float(told["probability"]), str(told["salt"]))
    except (KeyError, TypeError, ValueError):
        return None
    return hidden if hidden.sha256 == sha256 else None
