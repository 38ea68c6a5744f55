"""What changed between two versions of a policy, rule by rule, and what has to be tested again for it."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from launchpad.errors import InvalidValueError
from launchpad.policies.retest import Retest, retest
from launchpad.policies.view import View, view
from launchpad.records import Clause, Inputs, PolicyVersion, field_of

COMPARED = ("kind", "rule", "area", "severity", "precedence", "authority", "escalate_when", "rationale")
FOR_PEOPLE_ONLY = frozenset({"rationale"})
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words: same, removed or added."""

    how: str
    words: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a clause before and after; `pieces` is the difference word by word where it is a text."""

    field: str
    label: str
    before: str | None
    after: str | None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """What became of a clause: `how` is added, removed, changed or moved (its place alone).

    `moved` says that it stands elsewhere among the clauses both versions have. `applies` is False where only the
    rationale changed, which no model and no verdict rests on.
    """

    code: str
    how: str
    moved: bool
    fields: tuple[FieldChange, ...]
    responses_added: tuple[str, ...]
    responses_removed: tuple[str, ...]
    applies: bool


@dataclass(frozen=True, slots=True)
class Redline:
    """The difference of two versions: changed clauses in the order of the newer one, and what to test again."""

    policy: str
    old: str
    new: str
    changes: tuple[ClauseChange, ...]
    unchanged: tuple[str, ...]
    retest: Retest

    @property
    def touched(self) -> tuple[str, ...]:
        """The codes of the clauses under which a verdict may have changed."""
        return tuple(change.code for change in self.changes if change.applies)


def redline(inputs: Inputs, old: PolicyVersion, new: PolicyVersion) -> Redline:
    """What changed from one version to another of the same policy; InvalidValueError when they belong to two."""
    if old.policy != new.policy:
        raise InvalidValueError(
            f"{inputs.address(old)} and {inputs.address(new)} are versions of two policies.", "Name two of one."
        )
    before, after = view(inputs, old), view(inputs, new)
    olds, news = ({clause.code: clause for clause in seen.clauses} for seen in (before, after))
    moved = _moved([code for code in olds if code in news], [code for code in news if code in olds])
    changes = [
        *(_came(after, clause) for code, clause in news.items() if code not in olds),
        *(_went(before, clause) for code, clause in olds.items() if code not in news),
        *(
            change
            for code, clause in news.items()
            if code in olds and (change := _changed((before, olds[code]), (after, clause), moved=code in moved))
        ),
    ]
    order = {code: place for place, code in enumerate(dict.fromkeys([*news, *olds]))}
    changes.sort(key=lambda change: order[change.code])
    named = {change.code for change in changes}
    touched = [change.code for change in changes if change.applies]
    clauses = [row[code] for code in touched for row in (olds, news) if code in row]
    return Redline(
        before.policy.code,
        old.version,
        new.version,
        tuple(changes),
        tuple(code for code in news if code not in named),
        retest(inputs, before.policy, clauses),
    )


def word_difference(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts word by word; the same and removed pieces together are the first, same and added ones the second."""
    a, b = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for how, start, end, new_start, new_end in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Piece("same", "".join(a[start:end])))
            continue
        if end > start:
            found.append(Piece("removed", "".join(a[start:end])))
        if new_end > new_start:
            found.append(Piece("added", "".join(b[new_start:new_end])))
    return tuple(found)


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest codes that must move for the one order to become the other."""
    kept = set(_longest_rising([old.index(code) for code in new]))
    return {code for place, code in enumerate(new) if place not in kept}


def _longest_rising(places: Sequence[int]) -> list[int]:
    """The indexes of one longest rising part of a sequence."""
    length, before = [1] * len(places), [-1] * len(places)
    for here in range(len(places)):
        for earlier in range(here):
            if places[earlier] < places[here] and length[earlier] + 1 > length[here]:
                length[here], before[here] = length[earlier] + 1, earlier
    found: list[int] = []
    at = max(range(len(places)), key=lambda place: length[place], default=-1)
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]


def _came(seen: View, clause: Clause) -> ClauseChange:
    fields = tuple(one for name in COMPARED if (one := _field(name, None, seen.inputs.part(clause, name) or None)))
    return ClauseChange(clause.code, "added", False, fields, _replies(seen, clause), (), True)  # noqa: FBT003


def _went(seen: View, clause: Clause) -> ClauseChange:
    fields = tuple(one for name in COMPARED if (one := _field(name, seen.inputs.part(clause, name) or None, None)))
    return ClauseChange(clause.code, "removed", False, fields, (), _replies(seen, clause), True)  # noqa: FBT003


def _changed(old: tuple[View, Clause], new: tuple[View, Clause], *, moved: bool) -> ClauseChange | None:
    """What changed of a clause that both versions have; None where nothing did."""
    before, after = ({name: seen.inputs.part(clause, name) or None for name in COMPARED} for seen, clause in (old, new))
    fields = tuple(one for name in COMPARED if (one := _field(name, before[name], after[name])))
    was, now = _replies(*old), _replies(*new)
    added = tuple(reply for reply in now if reply not in was)
    removed = tuple(reply for reply in was if reply not in now)
    if not (fields or added or removed or moved):
        return None
    how = "changed" if fields or added or removed else "moved"
    applies = moved or bool(added or removed) or any(one.field not in FOR_PEOPLE_ONLY for one in fields)
    return ClauseChange(new[1].code, how, moved, fields, added, removed, applies)


def _field(name: str, before: str | None, after: str | None) -> FieldChange | None:
    declared = field_of(Clause, name)
    if before == after or declared is None:
        return None
    pieces = word_difference(before or "", after or "") if declared.long and before and after else ()
    return FieldChange(name, declared.label, before, after, pieces)


def _replies(seen: View, clause: Clause) -> tuple[str, ...]:
    """The responses of a clause in words, in order."""
    rows = sorted(seen.responses(clause), key=lambda row: (row.severity or 0, row.force, row.style))
    return tuple(_reply(row.severity, row.force, row.style, row.note) for row in rows)


def _reply(severity: int | None, force: str, style: str, note: str | None) -> str:
    return " ".join(_parts(severity, force, style, note))


def _parts(severity: int | None, force: str, style: str, note: str | None) -> Iterator[str]:
    yield "at every severity" if severity is None else f"from severity {severity}"
    yield force.replace("_", " ")
    yield style.replace("_", " ")
    if note:
        yield f"({note})"
