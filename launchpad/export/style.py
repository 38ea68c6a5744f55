"""How a workbook looks: one place for colours, fonts and number formats."""

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

FONT = "Calibri"
INK = "1B2733"
QUIET = "5B6770"
HEADER = "1F3A5F"
RULE = "C9D1D9"
BAND = "F3F6F9"
INPUT = "FFF6DD"
BAR = "8FB4D9"
WORKING, WAITING, REST = "5B8DBE", "DCE8F4", "ECEFF2"
FREEZE, LAUNCH = "B35C00", "7A1F1F"
# Okabe and Ito (2008) blue, orange and vermilion, lightened: told apart by every common colour vision and in grey.
VERDICT_FILLS = {"good": "C6E0F2", "open": "FBE7B8", "bad": "F4C3A6"}
VERDICTS = {
    "met": "good",
    "ruled out": "good",
    "inconclusive": "open",
    "cannot rule out": "open",
    "not run": "open",
    "not met": "bad",
    "reached": "bad",
    "within": "good",
    "not known": "open",
    "over": "bad",
}

LEFT, RIGHT = "left", "right"
NUMBERS = {
    "whole": "#,##0",
    "number": "[=0]0;[<=1]0.0000;#,##0.00",
    "plain": "General",
    "amount": "[>=1000]#,##0;[>=1]#,##0.00;0.0000",
    "tiny": "0.0E+00",
    "days": '#,##0.0" d"',
    "calendar": '#,##0" d"',
    "share": "0%",
    "percent": "0.00%",
    "date": "d mmm yyyy",
}
OF_TOTALS = {"of": '"of "#,##0.0" d"', "load": '"load "0%'}


def styles() -> list[NamedStyle]:
    """The named styles of a workbook; a cell's kind is the name of its style without the prefix."""
    body = [_body(kind, RIGHT, form) for kind, form in NUMBERS.items()]
    body += [_body("text", LEFT), _body("wrap", LEFT, wrap=True), _body("strong", LEFT, wrap=True, bold=True)]
    body += [_body(f"{name} verdict", LEFT, fill=fill, bold=True) for name, fill in VERDICT_FILLS.items()]
    inputs = [_body(f"input {kind}", LEFT, fill=INPUT, wrap=kind == "wrap") for kind in ("text", "wrap")]
    inputs += [_body(f"input {kind}", RIGHT, form, fill=INPUT) for kind, form in NUMBERS.items()]
    totals = [_total(f"total {kind}", form) for kind, form in {**NUMBERS, **OF_TOTALS}.items()]
    totals.append(_total("total text", "@"))
    return [*body, *inputs, *totals, *_headings()]


def style_name(kind: str) -> str:
    """The name under which a kind of cell is registered."""
    return f"Launchpad {kind}"


def _font(*, size: float = 10, bold: bool = False, colour: str = INK) -> Font:
    return Font(name=FONT, size=size, bold=bold, color=colour)


def _filled(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def _body(
    kind: str,
    side: str,
    form: str = "General",
    *,
    fill: str | None = None,
    wrap: bool = False,
    bold: bool = False,
) -> NamedStyle:
    return NamedStyle(
        style_name(kind),
        font=_font(bold=bold),
        fill=_filled(fill) if fill else PatternFill(),
        border=Border(bottom=Side("hair", color=RULE)),
        alignment=Alignment(horizontal=side, vertical="top", wrap_text=wrap, indent=1),
        number_format=form,
    )


def _total(kind: str, form: str) -> NamedStyle:
    return NamedStyle(
        style_name(kind),
        font=_font(bold=True),
        border=Border(bottom=Side("thin", color=HEADER)),
        alignment=Alignment(horizontal=LEFT if form == "@" else RIGHT, vertical="center", indent=1),
        number_format="General" if form == "@" else form,
    )


def _headings() -> list[NamedStyle]:
    middle = Alignment(horizontal=LEFT, vertical="center", wrap_text=True, indent=1)
    plain = Alignment(horizontal=LEFT, vertical="center")
    return [
        NamedStyle(
            style_name("header"),
            font=_font(bold=True, colour="FFFFFF"),
            fill=_filled(HEADER),
            alignment=middle,
        ),
        NamedStyle(
            style_name("header right"),
            font=_font(bold=True, colour="FFFFFF"),
            fill=_filled(HEADER),
            alignment=Alignment(horizontal=RIGHT, vertical="center", wrap_text=True, indent=1),
            number_format="d mmm",
        ),
        NamedStyle(style_name("title"), font=_font(size=18, bold=True, colour=HEADER), alignment=plain),
        NamedStyle(style_name("section"), font=_font(size=12, bold=True, colour=HEADER), alignment=plain),
        NamedStyle(style_name("note"), font=_font(colour=QUIET), alignment=plain),
        NamedStyle(style_name("label"), font=_font(colour=QUIET), alignment=Alignment(LEFT, "top", indent=1)),
    ]
