"""Tables with one sample a row: what was asked and answered, where columns hold it and a person wants it kept."""

from collections import Counter

from launchpad.intake.table.cells import words
from launchpad.intake.table.columns import plain
from launchpad.intake.table.rows import UNKNOWN_MODEL, Reader
from launchpad.intake.texts import TextRows, cut, whose

ASKED = ("prompt", "prompt text", "question", "input", "instruction", "query", "request", "frage")
ANSWERED = (
    *("response", "response text", "model response", "completion", "output", "model output", "answer"),
    *("model answer", "generation", "antwort"),
)


def take_texts(reader: Reader, texts: TextRows) -> None:
    """Take in the texts of a sheet of samples, named and counted as its outcomes are."""
    layout = reader.layout
    asked, answered = _column(reader, ASKED), _column(reader, ANSWERED)
    if not texts.keep or layout.mapping.kind != "samples" or (asked is None and answered is None):
        return
    seen: Counter[tuple[str, str, str]] = Counter()
    for row in layout.rows():
        task, model = reader.text(row, "task") or reader.default_task, reader.text(row, "model") or UNKNOWN_MODEL
        name = reader.text(row, "sample") or layout.sheet.where(row)
        seen[task, model, name] += 1
        said = [None if column is None else cut(words(layout.at(row, column))) for column in (asked, answered)]
        texts.put((name, seen[task, model, name], said[0], said[1], whose(model)))


def _column(reader: Reader, names: tuple[str, ...]) -> int | None:
    """The first column called so that holds nothing else."""
    layout = reader.layout
    taken = {*layout.column_of.values(), *layout.wide.values()}
    header = layout.sheet.rows[layout.header]
    called = {plain(found): column for column, cell in reversed([*enumerate(header)]) if (found := words(cell))}
    return next((column for name in names if (column := called.get(name)) is not None and column not in taken), None)
