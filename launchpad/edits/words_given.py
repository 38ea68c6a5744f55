"""Words given: rows people put their names to. Only their own commands add them; nothing changes or removes them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from launchpad.errors import InvalidValueError
from launchpad.records import (
    Condition,
    Decision,
    Determination,
    Dissent,
    Forecast,
    ForecastQuestion,
    Inputs,
    Launch,
    Person,
    Record,
    SignOff,
    Waiver,
    fields_of,
)

Word = Determination | Decision | SignOff | Waiver | Dissent
R = TypeVar("R", Determination, Decision, SignOff, Waiver, Dissent)

GIVEN: Mapping[type[Record], str] = MappingProxyType(
    {
        Determination: "launchpad decide PROJECT determine",
        Decision: "launchpad decide PROJECT decision",
        SignOff: "launchpad sign",
        Condition: "launchpad decide PROJECT condition",
        Waiver: "launchpad decide PROJECT waive",
        Dissent: "launchpad decide PROJECT dissent",
        Forecast: "launchpad decide PROJECT forecast give",
    }
)
"""The records that are words given, each with the command that adds one."""

MAY_CHANGE: Mapping[type[Record], frozenset[str]] = MappingProxyType(
    {
        Condition: frozenset({"status", "closed_on", "closed_because"}),
        ForecastQuestion: frozenset({"happened", "settled_because"}),
    }
)
"""The fields of such a row that move while its words stay; those of a question once somebody answered it."""


def refuse_given(inputs: Inputs, row: Record) -> None:
    """Raise InvalidValueError when a row, as it would be, adds or alters words that somebody gave.

    Or when a person or launch gives up the code by which such words name it: hashes and signatures are over codes.
    """
    if isinstance(row, Person | Launch):
        _refuse_renaming(inputs, row)
    if type(row) not in GIVEN and not isinstance(row, ForecastQuestion):
        return
    before = inputs.get(type(row), row.id) if inputs.has(type(row), row.id) else None
    if before is None:
        if type(row) in GIVEN:
            raise InvalidValueError(
                f"{row.label}: one is added by its own command, which asks who says so and keeps on what.",
                f"Use {GIVEN[type(row)]}.",
            )
        return
    changed = [one for one in fields_of(type(row)) if getattr(before, one.name) != getattr(row, one.name)]
    held = [one.label for one in changed if one.name not in MAY_CHANGE.get(type(row), ())]
    if held and not _unanswered(inputs, before):
        raise InvalidValueError(
            f"{row.label} {inputs.address(before)} is somebody's word: {', '.join(held)} can no longer be changed.",
            _instead(row),
        )


def _refuse_renaming(inputs: Inputs, row: Person | Launch) -> None:
    before = inputs.get(type(row), row.id) if inputs.has(type(row), row.id) else None
    if before is None or before.code == row.code:
        return
    name = "person" if isinstance(row, Person) else "launch"
    for record in (SignOff, Forecast):
        for word in inputs.children(record, name, row.id):
            raise InvalidValueError(
                f"{row.label} {before.code}: {word.label.lower()} {inputs.address(word)} names it by this code.",
                "Its code stays; what people call it may change.",
            )


def refuse_given_removal(inputs: Inputs, row: Record, root: Record) -> None:
    """Raise InvalidValueError when removing `root` would take away a row that is somebody's word."""
    if (type(row) in GIVEN or isinstance(row, ForecastQuestion)) and not _unanswered(inputs, row):
        first = "" if row.id == root.id else f"{root.label} {inputs.address(root)} stays: "
        raise InvalidValueError(
            f"{first}{row.label.lower() if first else row.label} {inputs.address(row)} is somebody's word and is kept.",
            _instead(row),
        )


def standing(rows: Iterable[R]) -> tuple[R, ...]:
    """Those of a launch's words of one kind that stand, oldest first: neither withdrawn nor mere withdrawals."""
    listed = sorted(rows, key=lambda row: (_given_at(row), row.code))
    gone = {(row.withdraws, whose(row)) for row in listed if row.withdraws is not None}
    return tuple(row for row in listed if (row.code, whose(row)) not in gone and not _only_withdraws(row))


def whose(row: Word) -> int | None:
    """What a word and the one that withdraws it have in common beside the code: its person, its gate, or nothing.

    Two windows may give one code to two words at the same moment; neither then withdraws the other.
    """
    if isinstance(row, SignOff | Dissent):
        return row.person
    return row.gate if isinstance(row, Determination | Waiver) else None


def _given_at(row: Word) -> str:
    return (row.signed_at if isinstance(row, SignOff) else row.made_at) or ""


def _only_withdraws(row: Word) -> bool:
    if isinstance(row, Waiver):
        return row.withdrawn
    return isinstance(row, SignOff | Dissent) and row.withdraws is not None


def _unanswered(inputs: Inputs, row: Record) -> bool:
    """Whether a row is a question that nobody has answered yet."""
    return isinstance(row, ForecastQuestion) and not inputs.children(Forecast, "question", row.id)


def _instead(row: Record) -> str:
    if isinstance(row, Condition):
        return "Close it, or decide anew: launchpad decide PROJECT close, launchpad decide PROJECT decision."
    if isinstance(row, Forecast | ForecastQuestion):
        return "Ask another question: launchpad decide PROJECT forecast ask."
    return "Withdraw it by a new one that names it: launchpad decide PROJECT withdraw."
