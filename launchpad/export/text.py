"""Text from data on its way out: always words, never a formula, and only characters that files can hold."""

import re

CELL_LIMIT = 32_767
CUT = "… (cut)"
GONE = "\N{REPLACEMENT CHARACTER}"
TRIGGERS = ("=", "+", "-", "@", "\t", "\r")
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def clean(text: str) -> str:
    """The text with each character that XML cannot hold replaced by a mark, and plain line ends."""
    return _UNSPEAKABLE.sub(GONE, text.replace("\r\n", "\n").replace("\r", "\n"))


def cell_text(text: str) -> str:
    """The text as a spreadsheet cell shows it: clean, at most 32,767 UTF-16 units, a cut marked.

    A run that a spreadsheet would read as an escaped character (`_x003D_`) is itself escaped
    (ECMA-376, part 1, 22.9.2.19).
    """
    kept = clean(text)
    if len(kept) * 2 > CELL_LIMIT and _units(kept) > CELL_LIMIT:
        kept = _first_units(kept, CELL_LIMIT - _units(CUT)) + CUT
    return _ESCAPE_LOOKALIKE.sub("_x005F_", kept)


def csv_text(text: str) -> str:
    """The text as a CSV field: clean, with an apostrophe before what a spreadsheet would calculate."""
    return f"'{clean(text)}" if text.startswith(TRIGGERS) else clean(text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _first_units(text: str, count: int) -> str:
    return text.encode("utf-16-le")[: 2 * count].decode("utf-16-le", "ignore")
