"""Labels as tools give them back: Label Studio, Argilla, Prodigy, doccano, OpenAI's Batch API, tables, JSON lines."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.archive import PIECE
from launchpad.intake.labelled import rows
from launchpad.intake.labelled.given import Given, Labelled
from launchpad.intake.labelled.tools import READERS, predictions_in, tool_of
from launchpad.intake.lines import Lines
from launchpad.intake.ratings import read_table
from launchpad.intake.source import Source, look
from launchpad.records.imported import Problem

__all__ = ["Given", "Labelled", "read_labelled"]

KINDS = (
    "Give an export of Label Studio (JSON), Argilla (records as JSON), Prodigy (db-out), doccano (JSONL), "
    "the output of an OpenAI batch, or a CSV, TSV, XLSX or JSONL table."
)
MAX_GIVEN = 1_000_000
Entries = Iterator[tuple[str, Mapping[str, object]]]


def read_labelled(path: str | Path, raters: Sequence[str] = ()) -> Labelled:
    """What a file says of items and labels; what could not be read is in its problems.

    `raters` names columns of a table that each hold one rater's label. Raises ImportRefusedError when the file
    cannot be read, or holds nothing about items.
    """
    source = look(Path(path))
    if source.start.lstrip()[:1] in (b"{", b"["):
        found = _from_json(source, raters)
    else:
        table = read_table(source.path)
        problems = list(table.problems)
        known = rows.layout(str(path), table.header, raters)
        given = [one for place, cells in table.rows for one in rows.row(place, cells, known, problems)]
        found = Labelled(str(path), "table", tuple(given), tuple(problems))
    if not found.given and not found.problems:
        raise ImportRefusedError(f"{path} says nothing of any item.", KINDS)
    return found


def _from_json(source: Source, raters: Sequence[str]) -> Labelled:
    problems: list[Problem] = []
    given: list[Given] = []
    plain: list[tuple[str, Mapping[str, object]]] = []
    tools: dict[str, None] = {}
    predictions = 0
    for place, entry in _entries(source, problems):
        tool = None if raters else tool_of(entry)
        tools[tool or "table"] = None
        if tool is None:
            plain.append((place, entry))
        else:
            predictions += predictions_in(entry)
            given.extend(READERS[tool](place, entry, problems))
        if len(given) + len(plain) > MAX_GIVEN:
            raise ImportRefusedError(f"{source.path} holds more than {MAX_GIVEN:,} labels.", "Split the file.")
    if plain:
        header = tuple(dict.fromkeys(name for _, entry in plain for name in entry))
        known = rows.layout(str(source.path), header, raters)
        given.extend(one for place, entry in plain for one in rows.row(place, entry, known, problems))
    return Labelled(str(source.path), ", ".join(tools) or "nothing", tuple(given), tuple(problems), predictions)


def _entries(source: Source, problems: list[Problem]) -> Entries:
    with source.path.open("rb") as file:
        if source.start.lstrip().startswith(b"{"):
            yield from ((f"line {number}", entry) for number, entry in Lines(str(source.path), file, problems))
            return
        items = jsons.array_items(iter(lambda: file.read(PIECE), b""), str(source.path))
        for number, item in enumerate(items, start=1):
            if isinstance(item, dict):
                yield f"entry {number}", {str(key): value for key, value in item.items()}  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType] - any JSON
            else:
                problems.append(Problem(f"entry {number}", "not an object, and left out"))
