"""Figures in words: how a value is written where a template names it; what is not known says so."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from launchpad.errors import ExportError
from launchpad.export.text import clean

NOT_KNOWN = "not known"
CUT = "…"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# Characters that turn the direction of what follows them: words from data never rearrange words around them.
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))

Format = Callable[[object, str], str]


def said(value: object, formats: str = "") -> str:
    """The value in words by formats joined with colons (`date`, `cut 80`, `or nobody`); None says it is not known.

    Raises ExportError for a format there is none of, which only a wrong template asks for.
    """
    missing, words = NOT_KNOWN, None
    for one in filter(None, formats.split(":")):
        name, _, detail = one.partition(" ")
        if name == "or":
            missing = detail
        elif name not in FORMATS:
            raise ExportError(f"A report template asks for the format {name!r}, which there is not.", REINSTALL)
        elif _known(value):
            words = FORMATS[name](value if words is None else words, detail)
    if not _known(value):
        return missing
    return plain(_usual(value) if words is None else words)


REINSTALL = "Install Launchpad again, or mend the template."


def plain(words: str) -> str:
    """Words on one line, without characters that files cannot hold or that turn the text around them."""
    return " ".join(clean(words).translate(_TURNING).split())


def amount(value: float) -> str:
    """A number with three digits that count: 12,300; 4.56; 0.0123; below a ten-thousandth by powers of ten."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) < 1e-4:
        digits, _, power = f"{value:.1e}".partition("e")
        return f"{digits} \N{MULTIPLICATION SIGN} 10{str(int(power)).translate(_SUPERSCRIPT)}"
    places = 2 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    words = f"{rounded:,.{max(0, places)}f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def share(value: float) -> str:
    """A share as a percentage: 34%, 4.2%, 0.031%; what is not quite nothing or not quite all never reads so."""
    percent = 100 * value
    size = abs(percent)
    if size == 0 or 10 <= size <= 99 or size >= 100:
        return f"{percent:.0f}%"
    if size > 99:
        return f"{percent:.1f}%" if size <= 99.9 else f"{percent:.3g}%"
    return f"{percent:.2g}%" if size >= 1e-3 else f"{amount(percent)}%"


def day(iso: object) -> str:
    """A day as people write it: 16 Nov 2026; words that are no day stay as they are."""
    try:
        found = date.fromisoformat(str(iso)[:10])
    except ValueError:
        return str(iso)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def _known(value: object) -> bool:
    return value is not None and value != "" and not (isinstance(value, float) and math.isnan(value))


def _usual(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return amount(value) if isinstance(value, float) else str(value)


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise ExportError(f"A report template writes {value!r} as a number, which it is not.", REINSTALL)


def _count(value: object, nouns: str) -> str:
    """`count day days`: 1 day, 46 days."""
    one, _, many = nouns.partition(" ")
    number = _number(value)
    return f"{number:,.0f} {one if number == 1 else many}"


def _either(value: object, pair: str) -> str:
    """`either on/off`."""
    yes, _, no = pair.partition("/")
    return yes if value else no


def _cut(value: object, length: str) -> str:
    """At most so many characters, cut between words and marked."""
    words, most = plain(str(value)), int(length)
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    whole, _, _ = kept.rpartition(" ")
    return f"{(whole if len(whole) > most // 2 else kept).rstrip(' ,;.')}{CUT}"


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "amount": lambda value, _: amount(_number(value)),
        "share": lambda value, _: share(_number(value)),
        "size": lambda value, _: share(abs(_number(value))),
        "days": lambda value, _: f"{_number(value):,.1f}".removesuffix(".0"),
        "date": lambda value, _: day(value),
        "count": _count,
        "either": _either,
        "cut": _cut,
        "lower": lambda value, _: str(value)[:1].lower() + str(value)[1:],
    }
)
