"""What a file says of items and of their labels, before anybody asks whether the project knows them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from launchpad.intake.table.columns import plain
from launchpad.intake.values import as_list, label, number, utc
from launchpad.records.imported import Problem

# The fields of a label by the names that columns, questions and controls have; "" is a label of whichever field.
NAMES: Mapping[str, tuple[str, ...]] = {
    "request_risk": ("request risk", "risk of request", "prompt risk", "prompt harm", "risk"),
    "violation": ("violation", "response violation", "violates", "response harm"),
    "style": ("style", "response style", "refusal", "action"),
    "severity": ("severity",),
    "clause": ("clause", "clause cited", "rule", "rule id", "policy category"),
    "defensible": ("defensible", "defensible under"),
    "note": ("note", "notes", "comment", "comments", "why", "reason"),
    "": ("label", "labels", "choice", "verdict", "rating", "annotation", "category", "class"),
}
FIELD_OF: Mapping[str, str] = {name: field for field, names in NAMES.items() for name in names}
GOLD = "this is a settled label, which is set by launchpad labels settle; left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What stands at one place about one item: labels by field ("" where any field may be meant), whose, when.

    `for_rater` is the rater whom the file was made for, `rater` whom the tool names. `answer` is what a model
    answered, still to be read. An item with nothing said is one that nobody has labelled yet.
    """

    place: str
    item: str | None
    said: tuple[tuple[str, str], ...] = ()
    rater: str | None = None
    for_rater: str | None = None
    at: str | None = None
    version: str | None = None
    request: str | None = None
    response: str | None = None
    language: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file as it was read: its tool, what it says, what could not be read, predictions that were passed over."""

    path: str
    tool: str
    given: tuple[Given, ...]
    problems: tuple[Problem, ...]
    predictions: int = 0


def field_named(name: str) -> str | None:
    """The field that a column, question or control is about; None when it is about none."""
    return FIELD_OF.get(plain(name))


def words(value: object) -> str | None:
    """A value as a label or a name: trimmed, None when empty; 3 and 3.0 are one."""
    found = number(value)
    if found is not None and found.is_integer():
        return str(int(found))
    return (clean(label(value)) or "").strip() or None


def long_text(value: object) -> str | None:
    """A value as a text of an item: whole, None when it is no text or empty."""
    return clean(value) if isinstance(value, str) and value.strip() else None


def clean(value: str | None) -> str | None:
    """Text without what a file cannot hold: NUL, and halves of characters."""
    if value is None:
        return None
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    """The labels in a value, one or a list of them, for the field a name stands for; none for other names."""
    field = field_named(name)
    if field is None:
        return
    for one in as_list(value) or [value]:
        found = long_text(one) if field == "note" else words(one)
        if found is not None:
            yield field, found


def moment(value: object) -> str | None:
    """A time in UTC: ISO 8601, or seconds since 1970."""
    seconds = number(value)
    if seconds is None:
        return utc(value)
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return None
