"""A report as a PDF: letters embedded, an outline, numbered pages; every word is escaped, so that none is markup."""

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Words
from reportlab.platypus import Table as Grid
from reportlab.platypus.tables import TableStyle

from launchpad.export.document import Block, Document, Heading, Paragraph, Picture, Points, Table
from launchpad.export.style import BAND, HEADER, INK, QUIET, RULE, VERDICT_FILLS, VERDICTS
from launchpad.export.text import clean

SIDE, TOP, BOTTOM = 18 * mm, 14 * mm, 15 * mm
TEXT_WIDTH = A4[0] - 2 * SIDE
PLAIN, BOLD, CHINESE, KOREAN = "Launchpad", "Launchpad-Bold", "STSong-Light", "HYSMyeongJo-Medium"
SIZES = {"title": 18.0, "1": 11.0, "2": 9.0, "lead": 9.6, "body": 8.2, "note": 7.2, "table": 7.2, "foot": 6.5}
AFTER = {"title": 3.0, "1": 3.5, "2": 2.5, "lead": 5.0, "body": 4.0, "note": 4.0}
_CHINESE = re.compile("([\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]+)")
_KOREAN = re.compile("([\u1100-\u11ff\uac00-\ud7af]+)")
SMALLEST, STEP = 0.7, 0.03


def as_pdf(document: Document) -> bytes:
    """The report as a PDF, smaller where it is asked to fit one page; equal reports give equal bytes."""
    scale = fitting(document)
    _, pages = _built(document, scale, 0)
    return _built(document, scale, pages)[0]


def pages_of(document: Document, scale: float = 1.0) -> int:
    """How many pages the report takes with letters at this share of their usual size."""
    return _built(document, scale, 0)[1]


def fitting(document: Document) -> float:
    """The share of their usual size at which the letters of a report fit its one page; 1 where any number will do."""
    scale = 1.0
    while document.one_page and scale > SMALLEST and pages_of(document, scale) > 1:
        scale -= STEP
    return round(scale, 2)


class _Titled(Words):
    """A heading, which the outline names."""

    def __init__(self, level: int, title: str, style: ParagraphStyle) -> None:
        super().__init__(_marked(title), style)
        self.level, self.title = level, clean(title)


class _Report(BaseDocTemplate):
    """A document that knows its headings for the outline, and draws the foot of each page."""

    def __init__(self, held: io.BytesIO, document: Document, scale: float, pages: int) -> None:
        self._headings = 0
        super().__init__(
            held,
            pagesize=A4,
            title=clean(document.title),
            subject=clean(document.name),
            creator="Launchpad",
            author="",
            lang="en-GB",
            invariant=1,
        )
        self._foot, self._scale, self._pages = document.footer, scale, pages
        frame = Frame(SIDE, BOTTOM, TEXT_WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate(frames=[frame], onPage=self._draw_foot))

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - called by reportlab
        """Put a heading into the outline."""
        if isinstance(flowable, _Titled):
            self._headings += 1
            key = f"h{self._headings}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.title, key, flowable.level - 1)

    def _draw_foot(self, canvas: Canvas, _: object) -> None:
        words = f"{self._foot}    {canvas.getPageNumber()} / {self._pages}" if self._pages else self._foot
        foot = Words(_marked(words), _style("foot", self._scale, QUIET))
        _, height = foot.wrap(TEXT_WIDTH, BOTTOM)
        foot.drawOn(canvas, SIDE, BOTTOM - 2 * mm - height)


def _built(document: Document, scale: float, pages: int) -> tuple[bytes, int]:
    _letters()
    held = io.BytesIO()
    made = _Report(held, document, scale, pages)
    made.build([*_front(document, scale), *_flow(document.blocks, scale)])
    return held.getvalue(), made.page


@cache
def _letters() -> None:
    """Register the letters: DejaVu, embedded; for Chinese, Japanese and Korean those every reader brings."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    pdfmetrics.registerFont(TTFont(PLAIN, folder / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, folder / "DejaVuSans-Bold.ttf"))
    for name in (CHINESE, KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def _front(document: Document, scale: float) -> Iterator[Flowable]:
    yield Words(_marked(document.title), _style("title", scale, HEADER, bold=True))
    if document.subtitle:
        yield Words(_marked(document.subtitle), _style("note", scale, QUIET))


def _flow(blocks: tuple[Block, ...], scale: float) -> Iterator[Flowable]:
    for place, block in enumerate(blocks):
        match block:
            case Heading(level, words):
                yield CondPageBreak(_needs(blocks[place + 1 : place + 3], scale))
                yield _heading(level, words, scale)
            case Paragraph(words, kind):
                colour = QUIET if kind == "note" else INK
                yield Words(_marked(words), _style(kind, scale, colour, bold=kind == "lead"))
            case Points(points):
                style = _style("body", scale, INK, indent=9 * scale)
                for point in points:
                    yield Words(_marked(point), style, bulletText="•")
                yield Spacer(0, 2 * scale)
            case Table():
                yield _table(block, scale)
                yield Spacer(0, 5 * scale)
            case Picture():
                yield KeepTogether([*_picture(block, scale)])


def _needs(following: tuple[Block, ...], scale: float) -> float:
    """The room a heading needs below it, so that it never stands alone at the foot of a page."""
    rooms = {Picture: 0.0, Table: 16 * mm, Points: 8 * mm, Paragraph: 8 * mm, Heading: 8 * mm}
    room = 10 * mm
    for block in following:
        room += (
            sum(part.wrap(TEXT_WIDTH, A4[1])[1] for part in _picture(block, scale))
            if isinstance(block, Picture)
            else rooms[type(block)]
        )
        if not isinstance(block, Heading | Paragraph):
            break
    return min(room * scale, 0.6 * A4[1])


def _heading(level: int, words: str, scale: float) -> _Titled:
    return _Titled(level, words, _style(str(level), scale, HEADER, bold=True, before=(9, 6)[level - 1]))


def _picture(block: Picture, scale: float) -> Iterator[Flowable]:
    wide, high = ImageReader(io.BytesIO(block.png)).getSize()
    width = TEXT_WIDTH * block.width
    yield Image(io.BytesIO(block.png), width=width, height=width * high / wide, hAlign="LEFT")
    if block.caption:
        yield Words(_marked(block.caption), _style("note", scale, QUIET))


def _table(table: Table, scale: float) -> Grid:
    plain, bold = (_style("table", scale, INK, bold=heavy) for heavy in (False, True))
    right = _style("table", scale, INK, right=True)
    heads = {
        kind: _style("table", scale, "FFFFFF", bold=True, right=kind == "number")
        for kind in ("text", "number", "verdict")
    }
    styles = {"text": plain, "number": right, "verdict": bold}
    rows = [[Words(_marked(column.title), heads[column.kind]) for column in table.columns]]
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        rows.append([Words(_marked(words), styles[column.kind]) for words, column in cells])
    widths = [TEXT_WIDTH * column.width for column in table.columns]
    return Grid(rows, colWidths=widths, repeatRows=1, hAlign="LEFT", style=_look(table, scale))


def _look(table: Table, scale: float) -> TableStyle:
    look: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(f"#{HEADER}")),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(f"#{RULE}")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((side, (0, 0), (-1, -1), 3.5 * scale) for side in ("LEFTPADDING", "RIGHTPADDING")),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6 * scale),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4 * scale),
    ]
    for number, row in enumerate(table.rows, start=1):
        if number % 2 == 0:
            look.append(("BACKGROUND", (0, number), (-1, number), HexColor(f"#{BAND}")))
        for place, column in enumerate(table.columns):
            verdict = VERDICTS.get(row[place]) if column.kind == "verdict" else None
            if verdict is not None:
                fill = HexColor(f"#{VERDICT_FILLS[verdict]}")
                look.append(("BACKGROUND", (place, number), (place, number), fill))
    return TableStyle(look)


def _style(
    kind: str,
    scale: float,
    colour: str,
    *,
    bold: bool = False,
    right: bool = False,
    indent: float = 0,
    before: float = 0,
) -> ParagraphStyle:
    size = SIZES[kind] * scale
    return ParagraphStyle(
        kind,
        fontName=BOLD if bold else PLAIN,
        fontSize=size,
        leading=size * 1.28,
        textColor=HexColor(f"#{colour}"),
        spaceBefore=before * scale,
        spaceAfter=(AFTER.get(kind, 0.0) if not indent else 1.5) * scale,
        leftIndent=indent,
        bulletFontName=PLAIN,
        bulletFontSize=size,
        alignment=TA_RIGHT if right else 0,
        splitLongWords=1,
    )


def _marked(words: str) -> str:
    """Words as reportlab's markup has them: all of them escaped, letters that DejaVu lacks in others."""
    escaped = escape(clean(words))
    far = _CHINESE.sub(rf'<font name="{CHINESE}">\1</font>', escaped)
    return _KOREAN.sub(rf'<font name="{KOREAN}">\1</font>', far)
