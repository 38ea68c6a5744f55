"""A report as plain data: headings, paragraphs, points, tables and pictures; what writers turn into .docx, .pdf, .md.

Every string is words and nothing else: no writer reads markup in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 or 2 (the title is level 0)."""

    level: int
    words: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a lead stands out, a note steps back."""

    words: str
    kind: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, its share of the width, and how its cells stand.

    A verdict is coloured by what it says, and says it in words.
    """

    title: str
    width: float
    kind: Literal["text", "number", "verdict"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under titles; each row as long as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as PNG, its width as a share of the text's, and the numbers it shows for those who cannot see it."""

    png: bytes
    width: float
    caption: str
    numbers: Table


Block = Heading | Paragraph | Points | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; `one_page` asks writers to make it fit one A4 page where they can tell."""

    name: str
    title: str
    subtitle: str
    footer: str
    blocks: tuple[Block, ...]
    one_page: bool = False

    def words(self) -> Iterator[str]:
        """Every string a reader reads, captions included, numbers behind pictures left out."""
        yield from (self.name, self.title, self.subtitle)
        for block in self.blocks:
            match block:
                case Heading(_, words) | Paragraph(words, _):
                    yield words
                case Points(points):
                    yield from points
                case Table(columns, rows):
                    yield from (column.title for column in columns)
                    yield from (cell for row in rows for cell in row)
                case Picture():
                    yield block.caption
