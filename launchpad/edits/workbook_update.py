"""What a workbook that came back would change: each cell against what was exported and what the project holds.

Three values decide: what the row was exported with (its Key), what the cell holds now, what the project holds now. Only
the cell changed: a change. Both changed to the same: nothing. Both changed differently: a conflict, for a person to
settle. Nothing is written here: `workbook_changes.changes_of` makes the changes of what was agreed to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from launchpad.changes import Edit
from launchpad.edits.workbook_effort import effort_proposals
from launchpad.edits.workbook_new import COLUMNS, NewWork, already_there, new_work, refuse_impossible
from launchpad.edits.workbook_rows import Known, Refused, in_order, known_rows, plan_items
from launchpad.edits.workbook_values import FIELDS, as_exported, field_shown, same, shown, shows, value_in, value_of
from launchpad.edits.workbook_wishes import Proposed, Wish, date_contradictions, present_value, settled_together
from launchpad.errors import ImportRefusedError, InvalidValueError
from launchpad.intake.returned import ReturnedWorkbook, WorkbookCell, unescaped
from launchpad.records import Inputs, Launch, ProjectInfo


@dataclass(frozen=True, slots=True)
class WorkbookUpdate:
    """What a workbook would change in a launch: changes, conflicts, new work, what is refused and why, and remarks."""

    launch: Launch
    changes: tuple[Proposed, ...]
    conflicts: tuple[Proposed, ...]
    new: tuple[NewWork, ...]
    refused: tuple[Refused, ...]
    remarks: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether the workbook says nothing that the project does not hold."""
        return not (self.changes or self.conflicts or self.new or self.refused)


def update_from(
    inputs: Inputs, book: ReturnedWorkbook, journal: Sequence[Edit], launch: str | None = None
) -> WorkbookUpdate:
    """What a workbook would change; `journal` holds every edit, oldest first, `launch` the code a person asked for.

    Raises ImportRefusedError for a workbook of another project or launch.
    """
    held = _launch_of(inputs, book, launch)
    since = _since(journal, book.head)
    rows, unknown, refused = known_rows(inputs, book, held, None if since is None else plan_items(journal))
    found: list[Proposed] = []
    for known in rows:
        for column in COLUMNS:
            said = _proposed(inputs, held, known, column)
            found += said[0]
            refused += said[1]
    efforts, not_taken = effort_proposals(inputs, held, book, rows, since)
    unknown, known_already = already_there(inputs, unknown)
    new, not_made = new_work(inputs, unknown)
    new, not_possible = refuse_impossible(inputs, held, new)
    proposed = settled_together([*found, *efforts])
    changes, impossible = date_contradictions(inputs, held, [one for one in proposed if not one.conflict])
    return WorkbookUpdate(
        held,
        tuple(changes),
        tuple(one for one in proposed if one.conflict),
        tuple(new),
        in_order(book, (*refused, *not_taken, *not_made, *not_possible, *impossible)),
        (*_remarks(book, since), *book.remarks, *known_already),
    )


def _launch_of(inputs: Inputs, book: ReturnedWorkbook, asked: str | None) -> Launch:
    """The launch a workbook is of; refused when it is of another project or launch."""
    own = next((row.uuid for row in inputs.rows(ProjectInfo)), "")
    if not book.project:
        raise ImportRefusedError(
            f"{book.path} has lost the mark that says which project it is of.",
            "Copy what was filled in into a workbook exported anew, or set it in Launchpad.",
        )
    if book.project != own:
        raise ImportRefusedError(
            f"{book.path} was exported from another project.", "Update that project with it, or export this one."
        )
    code = book.launch or asked or ""
    held = next((row for row in inputs.rows(Launch) if row.code == code), None)
    if held is None:
        raise ImportRefusedError(
            f"{book.path} is of launch {code or '(none named)'}, which the project does not have.",
            "Export the workbook of a launch it has.",
        )
    if asked is not None and asked != code:
        raise ImportRefusedError(
            f"{book.path} is of launch {code}, not of {asked}.", "Leave --launch out, or give that launch's workbook."
        )
    return held


def _since(journal: Sequence[Edit], head: str | None) -> tuple[Edit, ...] | None:
    """The edits made after a workbook was exported; None when the journal does not know that moment."""
    place = next((place for place, edit in enumerate(journal) if edit.sha256 == head), None)
    return None if place is None else tuple(journal[place + 1 :])


def _remarks(book: ReturnedWorkbook, since: tuple[Edit, ...] | None) -> Iterator[str]:
    if since is None:
        yield (
            f"{book.path.name} was exported at a moment this file's history does not know: from another copy of the "
            "project, or the history was cut. Look at each change before agreeing."
        )
    if any((cell := row.cells.get("counted")) and cell.value == "no" for table in book.tables for row in table.rows):
        yield "Counted is for trying things within the workbook; it changes nothing here."


@dataclass(frozen=True, slots=True)
class _Voice:
    """A cell that was changed: where, its value, and what it was exported with.

    Empty where that is not known; two where a text may be spelled with escapes that some program did not undo.
    """

    where: str
    value: object
    base: tuple[object, ...]


def _proposed(inputs: Inputs, launch: Launch, known: Known, column: str) -> tuple[list[Proposed], list[Refused]]:
    """What the rows of one variant say of one column."""
    voices: list[_Voice] = []
    refused: list[Refused] = []
    for row in known.rows:
        cell = row.cells.get(column)
        if cell is None or (row.key is not None and _untouched(cell, row.key, column)):
            continue
        long = column == "note" and row.key is not None and row.key.get("note_cut")
        if long and shows(cell, present_value(inputs, launch, known.variant, column)):
            continue
        try:
            value = value_in(inputs, column, cell)
        except InvalidValueError as error:
            refused.append(Refused(cell.where, f"{known.code}: {error}"))
            continue
        base = () if row.key is None or long else _base(inputs, column, row.key)
        if not any(same(value, one) for one in base):
            voices.append(_Voice(cell.where, value, base))
    if not voices:
        return [], refused
    if known.evaluation:
        what = f"{known.code} is an evaluation: the project keeps no {field_shown(column).label.lower()} of it."
        return [], [*refused, *(Refused(voice.where, what) for voice in voices)]
    return _weighed(inputs, launch, known, column, voices, refused)


def _untouched(cell: WorkbookCell, key: Mapping[str, object], column: str) -> bool:
    """Whether a cell holds what it was exported with; of a note too long for the Key this cannot be told."""
    base = key.get(column)
    known = column in key and not (column == "note" and key.get("note_cut"))
    return known and as_exported(cell, base if isinstance(base, str | int | float | bool) else None)


def _base(inputs: Inputs, column: str, key: Mapping[str, object]) -> tuple[object, ...]:
    """The value a row was exported with; empty when its Key does not say, or says what nobody can read any more."""
    plain = key.get(column)
    if column not in key or not isinstance(plain, str | int | float | bool | None):
        return ()
    spellings = (unescaped(plain), plain) if isinstance(plain, str) and unescaped(plain) != plain else (plain,)
    try:
        return tuple(value_of(inputs, column, one) for one in spellings)
    except InvalidValueError:
        return ()


def _weighed(
    inputs: Inputs, launch: Launch, known: Known, column: str, voices: Sequence[_Voice], refused: list[Refused]
) -> tuple[list[Proposed], list[Refused]]:
    first, places = voices[0], [voice.where for voice in voices]
    if other := next((voice for voice in voices if not same(voice.value, first.value)), None):
        label = field_shown(column).label
        words = [shown(inputs, column, voice.value) or "nothing" for voice in (first, other)]
        what = f"{known.code}: {label} is {words[0]} in {first.where} and {words[1]} in {other.where}."
        return [], [*refused, Refused(" and ".join(places), f"{what} Make them the same.")]
    present = present_value(inputs, launch, known.variant, column)
    if same(first.value, present):
        return [], refused
    base = next((voice.base for voice in voices if voice.base), ())
    record, name = FIELDS[column]
    made = Proposed(
        code=known.code,
        column=column,
        field=field_shown(column).label,
        exported=shown(inputs, column, base[0]) if base else None,
        workbook=shown(inputs, column, first.value),
        present=shown(inputs, column, present),
        where=tuple(places),
        conflict=not any(same(one, present) for one in base),
        wish=Wish(record.table, known.variant, None, name, first.value),
    )
    return [made], refused
