"""From anything a JSON file may hold to the few plain types the records know; what does not fit is None."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

MAX_EXACT = 2**53
MAX_NAME = 500


def number(value: object) -> float | None:
    """The finite number, or None for text, booleans, NaN, infinities and integers no float can hold."""
    if type(value) is float:  # by far the most, and told quickest
        return value if math.isfinite(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def whole(value: object) -> int | None:
    """The integer a count can be (0 to 2^53, also when written 40.0), or None."""
    found = number(value)
    if found is None or not found.is_integer() or not 0 <= found <= MAX_EXACT:
        return None
    return int(found)


def text(value: object) -> str | None:
    """The value as a name: text trimmed, integers written out; None when there is none."""
    if isinstance(value, str):
        return shortened(value.strip(), MAX_NAME) or None
    if isinstance(value, bool | int | float):
        return label(value)
    return None


def label(value: object) -> str | None:
    """A category or cluster as its harness groups by it: the text of a scalar, None for anything else."""
    if isinstance(value, str):
        return shortened(value, MAX_NAME)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_EXACT:
        return shortened(hex(value), MAX_NAME)  # decimal digits of a hostile integer take quadratic time
    return str(value) if isinstance(value, bool | int | float) else None


def shortened(words: str, limit: int) -> str:
    """The text, cut with an ellipsis when it is longer than `limit` characters."""
    return words if len(words) <= limit else words[: limit - 1] + "…"


def utc(value: object) -> str | None:
    """An ISO 8601 time in UTC, or None; a time without a zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        zoned = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return zoned.isoformat()


def as_object(value: object) -> dict[str, object]:
    """The JSON object, or an empty one for anything else."""
    # Keys of JSON are text; a cast would be a call, and this is asked a dozen times for each sample of a log.
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType] - see above


def as_list(value: object) -> list[object]:
    """The JSON array, or an empty one for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def listed(names: Sequence[str], limit: int = 20) -> str:
    """The names with commas between them, and how many more there are than `limit`."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return f"{', '.join(names[:limit])}{more}"
