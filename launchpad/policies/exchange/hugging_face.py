"""Hugging Face: a dataset folder of settled items, the ratings behind them, and a card that says how good they are."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from launchpad.errors import InvalidValueError
from launchpad.policies.documents import Block, Document, Grid, Heading, Listing, Paragraph, as_markdown
from launchpad.policies.exchange.figures import Figure, figures
from launchpad.policies.exchange.pieces import Piece, Wish, said_in
from launchpad.policies.exchange.questions import LABELS, Question
from launchpad.policies.rulebook import Rulebook
from launchpad.records import Label, field_of

SPLITS: Mapping[str, str] = {"choose": "validation"}
TEXTS = ("item_id", "request", "response", "policy_version", "language", "slice", "clause", "defensible", "decided_by")
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def hugging_face(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """README.md, data/test.jsonl (and validation.jsonl for items that choose thresholds), data/ratings.jsonl.

    Raters are numbered, not named. Raises InvalidValueError when no item has a settled label.
    """
    del asked
    settled = [piece for piece in pieces if piece.gold is not None]
    if not settled:
        raise InvalidValueError(
            f"No item of {book.address} has a settled label, so there is no dataset yet.",
            "Settle them first: launchpad labels settle.",
        )
    by_split: dict[str, list[Mapping[str, Any]]] = {}
    for piece in settled:
        split = SPLITS.get(piece.facts.get("split", ""), "test")
        by_split.setdefault(split, []).append(_row(book, piece))
    files = {f"data/{split}.jsonl": _lines(rows) for split, rows in sorted(by_split.items())}
    ratings = list(_ratings(pieces))
    if ratings:
        files["data/ratings.jsonl"] = _lines(ratings)
    card = "\n".join(_front(book, settled, sorted(by_split), ratings=bool(ratings), wish=wish))
    body = as_markdown(Document(f"{_title(book, wish)}", tuple(_card(book, pieces, settled, wish))))
    return {"README.md": f"{card}\n{body}".encode(), **files}


def _title(book: Rulebook, wish: Wish) -> str:
    return f"{book.name}: gold set {wish.gold_set.code}" if wish.gold_set else f"{book.name}: settled items"


def _row(book: Rulebook, piece: Piece) -> Mapping[str, Any]:
    gold = piece.gold
    return {
        "item_id": piece.id,
        "request": piece.request,
        "response": piece.response,
        "policy_version": book.address,
        "language": piece.facts.get("language"),
        "slice": piece.facts.get("slice"),
        **{name: getattr(gold, name) for name in (*LABELS, "severity", "clause", "defensible")},
        "decided_by": None if gold is None else _decided(gold),
    }


def _decided(gold: Label) -> str:
    """By which rule a label was settled; who decided is not said outside the project."""
    return gold.rater.partition(":")[0]


def _ratings(pieces: Sequence[Piece]) -> Iterator[Mapping[str, Any]]:
    raters = sorted({label.rater for piece in pieces for label in piece.labels})
    number = {rater: f"rater-{place}" for place, rater in enumerate(raters, start=1)}
    for piece in pieces:
        for label in piece.labels:
            said = {name: getattr(label, name) for name in (*LABELS, "severity", "clause", "defensible")}
            yield {"item_id": piece.id, "rater": number[label.rater], **said}


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _front(book: Rulebook, settled: Sequence[Piece], splits: Sequence[str], *, ratings: bool, wish: Wish) -> list[str]:
    """The head of the card in YAML, every value written as JSON, which YAML includes."""
    languages = sorted({piece.facts["language"] for piece in settled if "language" in piece.facts})
    size = next((words for limit, words in SIZES if len(settled) < limit), "1M<n<10M")
    files = [{"split": split, "path": f"data/{split}.jsonl"} for split in splits]
    features = [
        *({"name": name, "dtype": "string"} for name in TEXTS[:6]),
        *({"name": name, "dtype": {"class_label": {"names": _names(name)}}} for name in LABELS),
        {"name": "severity", "dtype": "int64"},
        *({"name": name, "dtype": "string"} for name in TEXTS[6:]),
    ]
    configs: list[Mapping[str, Any]] = [{"config_name": "default", "data_files": files}]
    if ratings:
        configs.append({"config_name": "ratings", "data_files": [{"split": "ratings", "path": "data/ratings.jsonl"}]})
    told: dict[str, Any] = {
        "pretty_name": _title(book, wish),
        "license": "unknown",
        **({"language": languages} if languages else {}),
        "task_categories": ["text-classification"],
        "size_categories": [size],
        "tags": ["safety", "policy", "gold-set"],
        "configs": configs,
        "dataset_info": [{"config_name": "default", "features": features}],
    }
    return ["---", *(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()), "---"]


def _names(name: str) -> Mapping[str, str]:
    declared = field_of(Label, name)
    return {str(place): code for place, code in enumerate(declared.choices if declared else ())}


def _card(book: Rulebook, pieces: Sequence[Piece], settled: Sequence[Piece], wish: Wish) -> Iterator[Block]:
    yield Paragraph(f"{book.address}, {book.status}.", "Policy")
    if book.sha256:
        yield Paragraph(book.sha256, "SHA-256 of the version")
    yield Paragraph(f"{len(settled)} of {len(pieces)} have a settled label and are in this folder.", "Items")
    yield Heading(1, "How the labels were settled")
    yield Listing(tuple(_settlement(settled)))
    yield Paragraph(
        "A label that differs from the settled one and cites the clause named under defensible can be defended under "
        "that clause; it is not counted as wrong."
    )
    yield Heading(1, "Agreement of the raters")
    yield from _agreement(figures(pieces, wish.seed))
    yield Heading(1, "Labels")
    yield Grid(("Label", "Code", "Items"), tuple(_counted(settled)))
    gold = wish.gold_set
    yield Heading(1, "Source, consent and licence")
    yield Paragraph((gold.source if gold else None) or "Not stated in the project.")
    yield Heading(1, "Known gaps and uses")
    yield Paragraph((gold.note if gold else None) or "Not stated in the project.")
    yield Paragraph(
        "Items may describe harmful things. They measure how a policy is applied; what trains on them can no longer "
        "be measured by them. Items of restricted risk areas are not in this folder."
    )


def _settlement(settled: Sequence[Piece]) -> Iterator[str]:
    how: dict[str, int] = {}
    for piece in settled:
        if piece.gold is not None:
            how[_decided(piece.gold)] = how.get(_decided(piece.gold), 0) + 1
    yield from (f"{words}: {count}" for words, count in sorted(how.items()))


def _agreement(found: Sequence[Figure]) -> Iterator[Block]:
    rows = tuple(
        (
            one.label,
            str(one.raters),
            f"{one.twice} of {one.rated}",
            _number(one.percent),
            _number(one.alpha),
            "not defined" if one.interval is None else f"{one.interval.low:.2f} to {one.interval.high:.2f}",
            _number(one.ac1),
        )
        for one in found
    )
    header = ("Label", "Raters", "Items rated twice or more", "Percent", "Krippendorff's alpha", "95 %", "AC1")
    yield Grid(header, rows)
    if not any(one.twice for one in found):
        yield Paragraph("No item was labelled by two raters, so that nothing can be said about agreement.")
    yield Paragraph(
        "Alpha is nominal; its interval is a percentile bootstrap over items. Figures are over all items exported, "
        "settled or not. Whether the raters knew of each other's labels is not recorded."
    )


def _number(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.2f}"


def _counted(settled: Sequence[Piece]) -> Iterator[tuple[str, str, str]]:
    for name in LABELS:
        said = [said_in(piece.gold).get(name, "(open)") for piece in settled if piece.gold is not None]
        for code in sorted(set(said)):
            yield name, code, str(said.count(code))
