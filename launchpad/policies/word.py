"""A document as a .docx; imported late, as python-docx is needed for nothing else."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import docx

from launchpad.policies.documents import Block, Document, Grid, Heading, Listing, Marked, Paragraph

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def as_docx(document: Document) -> bytes:
    """The document as a .docx with real headings, lists and tables, the same bytes each time."""
    made = docx.Document()
    about = made.core_properties
    about.title, about.author, about.comments = _plain(document.title), "", ""
    about.created = about.modified = datetime(*EPOCH)  # noqa: DTZ001 - Word's dates have no zone
    made.add_heading(_plain(document.title), 0)
    for block in document.blocks:
        _add(made, block)
    held = io.BytesIO()
    made.save(held)
    return _settled(held.getvalue())


def _add(made: "WordDocument", block: Block) -> None:
    match block:
        case Heading(level, words):
            made.add_heading(_plain(words), level)
        case Paragraph(words, lead):
            _runs(made, lead, (("same", words),))
        case Marked(pieces, lead):
            _runs(made, lead, pieces)
        case Listing(points, numbered):
            # Word's own numbering runs on from list to list, so numbers are written out.
            for number, point in enumerate(points, start=1):
                said = f"{number}. {_plain(point)}" if numbered else _plain(point)
                made.add_paragraph(said, style=None if numbered else "List Bullet")
        case Grid(header, rows):
            grid = made.add_table(rows=0, cols=len(header), style="Table Grid")
            for row in (header, *rows):
                for cell, words in zip(grid.add_row().cells, row, strict=True):
                    cell.text = _plain(words)


def _runs(made: "WordDocument", lead: str, pieces: Sequence[tuple[str, str]]) -> None:
    paragraph = made.add_paragraph()
    if lead:
        paragraph.add_run(f"{_plain(lead)} ").bold = True
    for how, words in pieces:
        run = paragraph.add_run(_plain(words))
        run.font.strike = True if how == "removed" else None
        run.underline = True if how == "added" else None


def _settled(archive: bytes) -> bytes:
    """A zip archive with the same members, each dated alike, so that equal documents have equal bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name))
    return held.getvalue()


def _plain(words: str) -> str:
    """Words without the control characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", words)
