"""One page of a workbook: cells that hold exactly what is meant, and tables that read well."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from textwrap import wrap
from unicodedata import east_asian_width

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from launchpad.errors import ExportError
from launchpad.export.style import BAND, NUMBERS, VERDICT_FILLS, VERDICTS, style_name
from launchpad.export.text import TRIGGERS, cell_text

ROW_LIMIT = 1_000_000
LINE_HEIGHT, MOST_LINES = 13.5, 30
CHARACTERS, WORD_WASTE = 1.15, 1.06
TINY = 0.001
WRAPPED = frozenset({"wrap", "input wrap", "strong"})
UNBANDED = ("input", "verdict")
WIDE = 180
A3, A4 = 8, 9
TITLE, NOTE, TOTAL, HEADER, FIRST = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Formula:
    """A live cell: the formula with its equals sign, and the number the program gives for it."""

    text: str
    value: float | str | None


Content = str | float | bool | date | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its header, the kind of its cells (see `style`), its width in characters.

    The cells of kind `verdict` take the colour of their verdict. `choices` become a list to choose from, `least`
    and `most` (open where None) bounds on what may be typed. A `hidden` column is for programs.
    """

    title: str
    kind: str
    width: float
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    hidden: bool = False

    @property
    def numeric(self) -> bool:
        """Whether its cells stand to the right."""
        return self.kind.removeprefix("input ") in NUMBERS


@dataclass(frozen=True)
class Page:
    """A worksheet being filled, and the values of its formulas by cell."""

    sheet: Worksheet
    cached: dict[str, float | str] = field(default_factory=dict[str, float | str])

    @property
    def ref(self) -> str:
        """The sheet's name as a formula spells it."""
        return quote_sheetname(self.sheet.title)


def value_of(content: Content) -> float:
    """The number a cell shows; raises TypeError where it shows none."""
    number = content.value if isinstance(content, Formula) else content
    if not isinstance(number, int | float):
        raise TypeError(content)
    return float(number)


def put(page: Page, row: int, column: int, content: Content, kind: str = "text") -> Cell:
    """The cell at `row` and `column` (from 1) after it was given content and look; text is never a formula."""
    cell = page.sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError(cell)
    cell.style = style_name(_look(content, kind))
    if isinstance(content, Formula):
        cell.value = content.text
        if content.value is not None:
            page.cached[cell.coordinate] = content.value
    elif isinstance(content, str):
        _put_text(cell, content)
    elif isinstance(content, bool):
        _put_text(cell, "yes" if content else "no")
    elif isinstance(content, float) and not math.isfinite(content):
        _put_text(cell, "unbounded" if content == math.inf else "")
    else:
        cell.value = content
    return cell


def _look(content: Content, kind: str) -> str:
    """The style of a cell: a verdict in its colour, an amount with as many digits as its size asks for."""
    if kind == "verdict":
        words = content.value if isinstance(content, Formula) else content
        return f"{VERDICTS[words]} verdict" if isinstance(words, str) else "text"
    if kind != "amount" or not isinstance(content, int | float) or not -TINY < content < TINY:
        return kind
    return "tiny" if content else "whole"


def heading(page: Page, title: str, note: str) -> None:
    """Write a page's title and the sentence that says what it shows."""
    put(page, TITLE, 1, title, "title")
    put(page, NOTE, 1, note, "note")
    page.sheet.row_dimensions[TITLE].height = 28


def table(
    page: Page,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Content]],
    *,
    top: int = HEADER,
    empty: str = "None.",
    sortable: bool = True,
) -> int:
    """The number of the last row of a table whose header stands in row `top`, written row by row.

    `name` is the table's name in the workbook; with no rows the sentence `empty` stands below the header. Rows whose
    formulas rest on their order are not `sortable`: they get no filter buttons.
    """
    sheet = page.sheet
    for index, column in enumerate(columns, start=1):
        put(page, top, index, column.title, "header right" if column.numeric else "header")
    sheet.row_dimensions[top].height = 4 + LINE_HEIGHT * _header_lines(columns)
    last = top
    for last, row in enumerate(rows, start=top + 1):
        if last > ROW_LIMIT:
            raise ExportError(
                f"{sheet.title} has more than {ROW_LIMIT:,} rows, more than a workbook holds.",
                "Export to .json instead.",
            )
        for index, (content, column) in enumerate(zip(row, columns, strict=True), start=1):
            put(page, last, index, content, column.kind)
        sheet.row_dimensions[last].height = LINE_HEIGHT * lines_of(row, columns)
    if last == top:
        put(page, top + 1, 1, empty, "label")
        return top
    area = f"A{top}:{get_column_letter(len(columns))}{last}"
    if sortable:
        sheet.add_table(Table(displayName=name, name=name, ref=area))
    _band(sheet, columns, top + 1, last)
    _offer_choices(sheet, columns, top + 1, last)
    return last


def lines_of(row: Sequence[Content], columns: Sequence[Column]) -> int:
    """How many lines a row needs so that no wrapped cell of it is cut off."""
    needed = [
        lines_of_text(content, column.width)
        for content, column in zip(row, columns, strict=True)
        if isinstance(content, str) and column.kind in WRAPPED
    ]
    return min(max(needed, default=1), MOST_LINES)


def lines_of_text(text: str, width: float) -> int:
    """How many lines a text takes in a cell of that width in characters, with what breaking at words wastes."""
    room = (width - 1) * CHARACTERS
    sizes = [_broad(part) for part in text.split("\n")]
    return sum(1 if size <= room else ceil(size * WORD_WASTE / room) for size in sizes)


def _broad(text: str) -> int:
    """The length of a text on screen: characters of East Asia take two places (Unicode annex 11)."""
    return len(text) if text.isascii() else sum(1 + (east_asian_width(letter) in "WF") for letter in text)


def _header_lines(columns: Sequence[Column]) -> int:
    """How many lines the tallest header takes, words unbroken and a filter button beside them."""
    return max(
        len(wrap(column.title, max(int(column.width) - 2, 1), break_long_words=False))
        for column in columns
        if not column.hidden
    )


def column_range(columns: Sequence[Column], title: str, first: int, last: int) -> str:
    """The cells of one column of a table as a formula names them (`$D$5:$D$40`)."""
    letter = letter_of(columns, title)
    return f"${letter}${first}:${letter}${max(first, last)}"


def name_area(page: Page, name: str, area: str) -> None:
    """Give cells of a page a name that formulas and people can use (`$B$4`, `$F$5:$F$20`)."""
    book = page.sheet.parent
    if book is None:
        raise TypeError(page)
    book.defined_names[name] = DefinedName(name, attr_text=f"{page.ref}!{area}")


def letter_of(columns: Sequence[Column], title: str) -> str:
    """The letter of the column with this title."""
    return get_column_letter(1 + [column.title for column in columns].index(title))


def lay_out(page: Page, columns: Sequence[Column], *, frozen: int = 0, across: int = 1, repeat: bool = True) -> None:
    """Give a list page its widths and printed form, so many sheets of paper across.

    Its header and `frozen` columns stay in sight, on paper too; not the header without `repeat`, on a
    page of several tables.
    """
    sheet = page.sheet
    for index, column in enumerate(columns, start=1):
        size = sheet.column_dimensions[get_column_letter(index)]
        size.width, size.hidden = column.width, column.hidden
    if repeat:
        sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{FIRST}"
        sheet.print_title_rows = f"{HEADER}:{HEADER}"
    print_landscape(page)
    sheet.page_setup.fitToWidth = across
    if across > 1:
        sheet.print_title_cols = f"A:{get_column_letter(frozen)}"
    if sum(column.width for column in columns if not column.hidden) > WIDE * across:
        sheet.page_setup.paperSize = A3


def print_landscape(page: Page) -> None:
    """Print a page across A4, as wide as the paper, with its name and page number below."""
    sheet = page.sheet
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.7
    footer = sheet.oddFooter
    if footer is not None:
        footer.left.text, footer.left.size = "&A", 8
        footer.right.text, footer.right.size = "Page &P of &N", 8


def _put_text(cell: Cell, text: str) -> None:
    cell.value = cell_text(text)
    cell.data_type = "s"
    if text.startswith(TRIGGERS):
        cell.quotePrefix = True  # stays text when somebody edits the cell


def colour_verdicts(page: Page, area: str) -> None:
    """Let the cells of an area (`$I$5:$I$9`) take the colour of the verdict they come to."""
    first = area.partition(":")[0].replace("$", "")
    for kind, colour in VERDICT_FILLS.items():
        words = [word for word, of in VERDICTS.items() if of == kind]
        said = ",".join(f'{first}="{word}"' for word in words)
        look = DifferentialStyle(fill=PatternFill("solid", start_color=colour, end_color=colour))
        rule = Rule(type="expression", formula=[f"OR({said})"], dxf=look, stopIfTrue=True)
        page.sheet.conditional_formatting.add(area.replace("$", ""), rule)


def _band(sheet: Worksheet, columns: Sequence[Column], first: int, last: int) -> None:
    """Shade every second row, coloured cells apart; by rule, so that it is right after sorting too."""
    runs: list[str] = []
    start = 0
    for index in range(len(columns) + 1):
        plain = index < len(columns) and not columns[index].kind.startswith(UNBANDED)
        if not plain:
            if index > start:
                runs.append(f"{get_column_letter(start + 1)}{first}:{get_column_letter(index)}{last}")
            start = index + 1
    shade = PatternFill("solid", start_color=BAND, end_color=BAND)
    sheet.conditional_formatting.add(
        " ".join(runs), Rule(type="expression", formula=["MOD(ROW(),2)=0"], dxf=DifferentialStyle(fill=shade))
    )


def _offer_choices(sheet: Worksheet, columns: Sequence[Column], first: int, last: int) -> None:
    for index, column in enumerate(columns, start=1):
        if column.choices:
            letter = get_column_letter(index)
            offered = DataValidation(
                type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True, showErrorMessage=True
            )
            offered.error = "Choose one of: " + ", ".join(column.choices) + "."
            offered.errorTitle = column.title
            offered.add(f"{letter}{first}:{letter}{last}")
            sheet.add_data_validation(offered)
        elif column.least is not None or column.most is not None:
            area = f"{get_column_letter(index)}{first}:{get_column_letter(index)}{last}"
            bound(sheet, area, column.title, column.least, column.most)


def bound(sheet: Worksheet, area: str, title: str, least: float | None, most: float | None = None) -> None:
    """Let only numbers between two bounds be typed into an area; open where a bound is None."""
    ends = [f"{end:g}" for end in (least, most) if end is not None]
    only = "greaterThanOrEqual" if most is None else "lessThanOrEqual"
    checked = DataValidation(
        type="decimal",
        operator="between" if len(ends) == 2 else only,
        formula1=ends[0],
        formula2=ends[1] if len(ends) == 2 else None,
        allow_blank=True,
        showErrorMessage=True,
    )
    checked.error = f"Type a number {_between(least, most)}."
    checked.errorTitle = title
    checked.add(area)
    sheet.add_data_validation(checked)


def _between(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f"from {least:g} to {most:g}"
    return f"of {least:g} or more" if most is None else f"of {most:g} or less"
