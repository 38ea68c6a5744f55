"""How many tokens a text is for a model, roughly, with no tokenizer at hand and no network.

A text is cut where byte-pair tokenizers cut it: words with the space before them, up to three digits, runs of signs,
line breaks. A piece costs one token and more as it grows; how fast depends on the script. The rates below were set by
hand against two published vocabularies (cl100k and o200k): see docs/policies.md for the error.
"""

import math
import re
import unicodedata

FREE_LETTERS = 8
LETTERS_PER_TOKEN = 4.0
SIGNS_PER_TOKEN = 2.0
# Characters to a token in scripts that tokenizers know less well than Latin.
SCRIPTS = {
    "CYRILLIC": 2.9,
    "GREEK": 1.7,
    "ARABIC": 2.2,
    "HEBREW": 1.6,
    "DEVANAGARI": 2.4,
    "BENGALI": 1.9,
    "THAI": 1.5,
    "HANGUL": 1.0,
    "HIRAGANA": 1.2,
    "KATAKANA": 1.2,
    "CJK": 0.9,
}
OTHER_SCRIPTS = 1.0
ACCENT = 0.35
# Marks on letters, which \w leaves out: accents, vowel signs of Hebrew, Arabic, the Indic scripts and Thai.
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e00-\u0e7f"
_PIECES = re.compile(
    rf"(?P<word>[^\W\d_][\w'\u2019{_MARKS}]*)|(?P<digits>\d{{1,3}})|"
    r"(?P<breaks>\s*\n\s*|[ \t]{2,})|(?P<signs>[^\w\s]+|_+)"
)


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is; within 10 % for English prose, a third for most other languages."""
    return round(sum(_cost(match) for match in _PIECES.finditer(text)))


def _cost(piece: re.Match[str]) -> float:
    match piece.lastgroup:
        case "word":
            return _word(piece[0])
        case "signs":
            return max(1.0, len(piece[0]) / SIGNS_PER_TOKEN)
        case _:
            return 1.0


def _word(word: str) -> float:
    if word.isascii():
        return 1.0 + max(0, len(word) - FREE_LETTERS) / LETTERS_PER_TOKEN
    rate = _rate(word)
    if rate is None:
        accents = sum(not letter.isascii() for letter in word)
        return 1.0 + max(0, len(word) - FREE_LETTERS / 2) / LETTERS_PER_TOKEN + ACCENT * accents
    return max(1.0, math.fsum([len(word) / rate]))


def _rate(word: str) -> float | None:
    """Characters to a token in the script of a word; None for Latin letters with accents."""
    first = next((letter for letter in word if not letter.isascii()), "")
    name = unicodedata.name(first, "")
    if name.startswith("LATIN"):
        return None
    return next((rate for script, rate in SCRIPTS.items() if name.startswith(script)), OTHER_SCRIPTS)
