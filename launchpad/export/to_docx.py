"""A report as a .docx with real headings, lists and tables, described pictures and numbered pages."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement  # pyright: ignore[reportUnknownVariableType] - it declares no type
from docx.shared import Length, Mm, Pt, RGBColor

from launchpad.export.document import Block, Column, Document, Heading, Paragraph, Picture, Points, Table
from launchpad.export.style import BAND, FONT, HEADER, INK, QUIET, RULE, VERDICT_FILLS, VERDICTS
from launchpad.export.text import clean

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run

PAGE, MARGIN, TOP = (Mm(210), Mm(297)), Mm(18), Mm(15)
TEXT_WIDTH = PAGE[0] - 2 * MARGIN
PAD = 70
"""Room left and right of a cell's words, in twentieths of a point."""
TABLE_WIDTH = TEXT_WIDTH - Pt(PAD / 20)
ONE_PAGE = 0.87
"""The size of letters where one page is asked for: lets it fit also where wider letters stand in for ours."""
EPOCH = (1980, 1, 1, 0, 0, 0)
SIZES = {
    "body": 9.5,
    "title": 20.0,
    "heading 1": 12.5,
    "heading 2": 10.5,
    "lead": 11.0,
    "note": 8.5,
    "table": 8.5,
    "foot": 7.0,
}
ROOM = {"body": 4.0, "lead": 5.0, "note": 4.0}
GAPS = {"title": (0.0, 1.0), "heading 1": (9.0, 3.0), "heading 2": (6.0, 2.0)}


def as_docx(document: Document, scale: float = 1.0) -> bytes:
    """The report as a .docx, letters and gaps at this share of their usual size; equal reports give equal bytes."""
    made = docx.Document()
    about = made.core_properties
    about.title, about.subject, about.author, about.comments = clean(document.title), clean(document.name), "", ""
    about.created = about.modified = datetime(*EPOCH)  # noqa: DTZ001 - Word's dates have no zone
    _page(made, document, scale)
    _styles(made, scale)
    _title(made, document, scale)
    for place, block in enumerate(document.blocks):
        following = document.blocks[place + 1] if place + 1 < len(document.blocks) else None
        _add(made, block, scale, bound=isinstance(block, Paragraph) and isinstance(following, Table | Picture))
    held = io.BytesIO()
    made.save(held)
    return _settled(held.getvalue())


def _page(made: "Word", document: Document, scale: float) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = TOP, Mm(16)
    section.header_distance = section.footer_distance = Mm(8)
    foot = section.footer.paragraphs[0]
    size = SIZES["foot"] * scale
    _run(foot, f"{document.footer}    ", size, QUIET)
    _field(foot, "PAGE", size)
    _run(foot, " / ", size, QUIET)
    _field(foot, "NUMPAGES", size)


def _styles(made: "Word", scale: float) -> None:
    """The template's own styles in our sizes and colours, so that a person who edits on stays in them."""
    for name, size in (("Normal", "body"), ("Title", "title"), ("Heading 1", "heading 1"), ("Heading 2", "heading 2")):
        style: Any = made.styles[name]
        font, form = style.font, style.paragraph_format
        font.name, font.size = FONT, Pt(SIZES[size] * scale)
        _one_font(style.element)
        font.color.rgb = RGBColor.from_string(INK if size == "body" else HEADER)
        font.bold = size != "body"
        before, after = GAPS.get(size, (0.0, ROOM["body"]))
        form.space_before, form.space_after = Pt(before * scale), Pt(after * scale)
        form.line_spacing = 1.0
        for border in list(style.element.iter(qn("w:pBdr"))):
            border.getparent().remove(border)
    bullets: Any = made.styles["List Bullet"]
    bullets.paragraph_format.space_after = Pt(1.5 * scale)
    bullets.paragraph_format.left_indent, bullets.paragraph_format.first_line_indent = Mm(4), Mm(-4)


def _one_font(element: Any) -> None:  # noqa: ANN401 - python-docx declares no type for a style's element
    """Take away the theme's fonts of a style, which would win over the one that is named."""
    fonts = element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)


def _title(made: "Word", document: Document, scale: float) -> None:
    made.add_paragraph(clean(document.title), style="Title")
    if document.subtitle:
        _said(made.add_paragraph(), document.subtitle, "note", scale)


def _add(made: "Word", block: Block, scale: float, *, bound: bool) -> None:
    match block:
        case Heading(level, words):
            made.add_heading(clean(words), level)
        case Paragraph(words, kind):
            _said(made.add_paragraph(), words, kind, scale, bound=bound)
        case Points(points):
            for point in points:
                made.add_paragraph(clean(point), style="List Bullet")
        case Table():
            _table(made, block, scale)
        case Picture():
            _picture(made, block, scale)


def _said(paragraph: "WordParagraph", words: str, kind: str, scale: float, *, bound: bool = False) -> None:
    colour = QUIET if kind == "note" else INK
    _run(paragraph, words, SIZES[kind] * scale, colour, bold=kind == "lead")
    paragraph.paragraph_format.space_after = Pt(ROOM[kind] * scale)
    paragraph.paragraph_format.keep_with_next = bound


def _picture(made: "Word", block: Picture, scale: float) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(1 * scale)
    paragraph.paragraph_format.keep_with_next = bool(block.caption)
    shown: Any = paragraph.add_run().add_picture(io.BytesIO(block.png), width=int(TEXT_WIDTH * block.width))
    shown._inline.docPr.set("descr", clean(f"{block.caption} {_told(block.numbers)}".strip()))  # noqa: SLF001 - as above
    if block.caption:
        _said(made.add_paragraph(), block.caption, "note", scale)


def _told(numbers: Table) -> str:
    """The numbers of a picture in words, for those who hear it."""
    titles = [column.title for column in numbers.columns]
    return " ".join(f"{', '.join(map(': '.join, zip(titles, row, strict=True)))}." for row in numbers.rows)


def _table(made: "Word", table: Table, scale: float) -> None:
    grid = made.add_table(rows=0, cols=len(table.columns))
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for held, column in zip(grid.columns, table.columns, strict=True):
        held.width = Length(round(TABLE_WIDTH * column.width))
    _margins(grid)
    _row(grid, table.columns, [column.title for column in table.columns], scale, header=True)
    for number, row in enumerate(table.rows):
        _row(grid, table.columns, row, scale, band=number % 2 == 1)
    after = made.add_paragraph()
    after.paragraph_format.space_after = Pt(0)
    after.paragraph_format.line_spacing = Pt(5 * scale)


def _row(
    grid: "WordTable",
    columns: Iterable[Column],
    words: Iterable[str],
    scale: float,
    *,
    header: bool = False,
    band: bool = False,
) -> None:
    row: Any = grid.add_row()
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - no public door to a row's properties
    properties.append(_element("w:cantSplit"))
    if header:
        properties.append(_element("w:tblHeader"))
    for cell, column, said in zip(row.cells, columns, words, strict=True):
        cell.width = Length(round(TABLE_WIDTH * column.width))
        verdict = VERDICTS.get(said) if column.kind == "verdict" and not header else None
        fill = HEADER if header else VERDICT_FILLS[verdict] if verdict else BAND if band else None
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = header
        if column.kind == "number":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(paragraph, said, SIZES["table"] * scale, "FFFFFF" if header else INK, bold=header or verdict is not None)
        _dress(cell, fill)


def _dress(cell: Any, fill: str | None) -> None:  # noqa: ANN401 - python-docx keeps the type of a cell to itself
    """A thin rule below a cell, and its colour."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - no public door to a cell's borders and colour
    borders = _element("w:tcBorders")
    borders.append(_element("w:bottom", val="single", sz="4", color=RULE))
    properties.append(borders)
    if fill is not None:
        properties.append(_element("w:shd", val="clear", color="auto", fill=fill))


def _margins(grid: "WordTable") -> None:
    """Cells with a little room around their words."""
    margins = _element("w:tblCellMar")
    for side, width in (("top", 25), ("left", PAD), ("bottom", 25), ("right", PAD)):
        margins.append(_element(f"w:{side}", w=str(width), type="dxa"))
    held: Any = grid
    properties = held._tbl.tblPr  # noqa: SLF001 - no public door to a table's margins
    properties.insert_element_before(
        _element("w:tblInd", w=str(PAD), type="dxa"), "w:tblBorders", "w:tblLayout", "w:tblLook"
    )
    properties.insert_element_before(margins, "w:tblLook")


def _element(name: str, **attributes: str) -> Any:  # noqa: ANN401 - python-docx declares no type for its elements
    made = cast("Any", OxmlElement(name))
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _run(paragraph: "WordParagraph", words: str, size: float, colour: str, *, bold: bool = False) -> "Run":
    """Words of one look, in a run of their own."""
    run = paragraph.add_run(clean(words))
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _field(paragraph: "WordParagraph", name: str, size: float) -> None:
    """A field that Word fills in (PAGE, NUMPAGES); its name is ours, never words from data."""
    instruction = _element("w:instrText")
    instruction.text = name
    parts = (_element("w:fldChar", fldCharType="begin"), instruction, _element("w:fldChar", fldCharType="separate"))
    for part in (*parts, None, _element("w:fldChar", fldCharType="end")):
        run: Any = _run(paragraph, "1" if part is None else "", size, QUIET)
        if part is not None:
            run._r.append(part)  # noqa: SLF001 - python-docx has no fields


def _settled(archive: bytes) -> bytes:
    """A zip archive with the same members, each dated alike, so that equal reports have equal bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return held.getvalue()
