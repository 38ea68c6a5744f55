"""CSV: a row for each item and rater, or a row for each item with a column for each rater and label."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from launchpad.policies.exchange.pieces import Piece, Wish, said_in
from launchpad.policies.exchange.questions import Question
from launchpad.policies.rulebook import Rulebook

FIELDS = ("request_risk", "violation", "style", "severity", "clause", "defensible")
ABOUT = ("item_id", "policy_version", "language", "split", "slice", "request", "response")
# What a spreadsheet would calculate, also behind spaces it drops.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def table(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """labels.csv, long or wide as wished; no text from data can be a formula."""
    del asked
    header, rows = _wide(book, pieces, wish) if wish.shape == "wide" else _long(book, pieces, wish)
    return {"labels.csv": csv_bytes(header, rows)}


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A header and rows as CSV with a byte order mark, an apostrophe before what a spreadsheet would calculate."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_cell(name) for name in header])
    writer.writerows([_cell(words) for words in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(words: str) -> str:
    clean = _UNSPEAKABLE.sub("\N{REPLACEMENT CHARACTER}", words)
    return f"'{clean}" if _FORMULA.match(clean) else clean


def _about(book: Rulebook, piece: Piece) -> list[str]:
    facts = (piece.facts.get(name, "") for name in ("language", "split", "slice"))
    return [piece.id, book.address, *facts, piece.request or "", piece.response or ""]


def _long(book: Rulebook, pieces: Sequence[Piece], wish: Wish) -> tuple[list[str], Iterator[list[str]]]:
    header = [*ABOUT, "rater", *FIELDS, "kind", "given_at", "note"]

    def rows() -> Iterator[list[str]]:
        for piece in pieces:
            about = _about(book, piece)
            for label in (*piece.labels, *filter(None, (piece.gold,))):
                said = said_in(label)
                end = ["gold" if label.gold else "label", label.given_at or "", label.note or ""]
                yield [*about, label.rater, *(said.get(name, "") for name in FIELDS), *end]
            for one in piece.predictions:
                yield [*about, one.by, *(one.said.get(name, "") for name in FIELDS), "prediction", "", ""]
            if wish.rater is not None or not (piece.labels or piece.gold):
                yield [*about, wish.rater or "", *("" for _ in FIELDS), "", "", ""]

    return header, rows()


def _wide(book: Rulebook, pieces: Sequence[Piece], wish: Wish) -> tuple[list[str], Iterator[list[str]]]:
    """A column `violation:P-001` for each label and rater; the settled ones under `gold`, never taken for a rater."""
    by = {label.rater: None for piece in pieces for label in piece.labels}
    raters = [wish.rater] if wish.rater is not None else sorted(by)
    shown = [f"prediction:{one}" for one in dict.fromkeys(one.by for piece in pieces for one in piece.predictions)]
    gold = ["gold"] if any(piece.gold for piece in pieces) else []
    columns = [(name, who) for who in (*raters, *gold, *shown) for name in FIELDS[:5]]
    header = [*ABOUT, *(f"{name}:{who}" for name, who in columns)]

    def rows() -> Iterator[list[str]]:
        for piece in pieces:
            said = {label.rater: said_in(label) for label in piece.labels}
            said |= {f"prediction:{one.by}": dict(one.said) for one in piece.predictions}
            said |= {"gold": said_in(piece.gold)} if piece.gold else {}
            yield [*_about(book, piece), *(said.get(who, {}).get(name, "") for name, who in columns)]

    return header, rows()
