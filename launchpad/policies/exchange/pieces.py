"""What of a project's examples goes out to people who label and to other programs: chosen, ordered, and kept blind."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from launchpad.edits.handling import LEVELS
from launchpad.edits.labels import blind_id
from launchpad.edits.policies import example_handling
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Example, GoldSet, Inputs, Label, PolicyRun, PolicyVersion, RunAnswer

GOLD = "gold"
FACTS = ("language", "split", "slice", "persona", "attack")
MAX_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to go out: a gold set or all examples of a version's policy, for whom, and with what beside the items.

    With a `rater` the items are blind and in an order of that rater's own. `predictions` names raters (models), a
    run, or `gold`; `sensitive` lets texts of sensitive areas out, and nothing lets out those of restricted ones.
    """

    version: PolicyVersion
    gold_set: GoldSet | None = None
    rater: str | None = None
    seed: int = 1
    predictions: tuple[str, ...] = ()
    sensitive: bool = False
    split: str | None = None
    shape: str = "long"
    rendering: str = "chat"
    model: str = "MODEL"


@dataclass(frozen=True, slots=True)
class Prediction:
    """A label shown beside an item because it was asked for: by whom, what, and how sure from 0 to 1."""

    by: str
    said: Mapping[str, str]
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One item on its way out; `id` is its code, or for a blind rater a name that tells nothing.

    `facts` are words about it (language, split, slice). `labels` are those of the raters and `gold` the settled one;
    a blind piece has neither, and of the facts its language alone.
    """

    id: str
    facts: Mapping[str, str]
    request: str | None
    response: str | None
    labels: tuple[Label, ...] = ()
    gold: Label | None = None
    predictions: tuple[Prediction, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """The codes of the examples that stay in the project, by the reason why."""

    restricted: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    without_text: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.restricted or self.sensitive or self.without_text)

    def sentences(self) -> Iterator[str]:
        """Why each stays, one sentence for each reason, naming them."""
        if self.restricted:
            yield f"Not exported, as a restricted risk area lets none of its text out: {named(self.restricted)}."
        if self.sensitive:
            yield f"Not exported, as their risk area is sensitive (--include-sensitive): {named(self.sensitive)}."
        if self.without_text:
            yield f"Not exported, as the project holds no text of them: {named(self.without_text)}."


def pieces(inputs: Inputs, wish: Wish) -> tuple[tuple[Piece, ...], Withheld]:
    """The items that may go out, in their order, and those that may not.

    Raises InvalidValueError when none may, or there is none; UnknownRecordError when a prediction is of nobody.
    """
    rows = chosen(inputs, wish)
    if not rows:
        where = wish.gold_set.code if wish.gold_set else inputs.address(wish.version)
        raise InvalidValueError(f"There is no example in {where}.", "Add examples, or name another set.")
    known = {name: _predicted(inputs, wish, name) for name in wish.predictions}
    levels = _levels(inputs, rows)
    found: list[Piece] = []
    held: dict[str, list[str]] = {"restricted": [], "sensitive": [], "without_text": []}
    for row in rows:
        level = levels[row.id]
        if level == "restricted" or (level == "sensitive" and not wish.sensitive):
            held[level].append(row.code)
            continue
        request, response = inputs.text(row.request), inputs.text(row.response)
        # An item of which one half was removed would be judged as another item.
        if not (request or response) or (row.request and not request) or (row.response and not response):
            held["without_text"].append(row.code)
            continue
        found.append(_piece(inputs, wish, row, (request, response), known))
    withheld = Withheld(*(tuple(codes) for codes in held.values()))
    if not found:
        raise InvalidValueError(" ".join(withheld.sentences()), "There is nothing else to export.")
    return tuple(found), withheld


def chosen(inputs: Inputs, wish: Wish) -> list[Example]:
    """The examples asked for: by code, or in an order drawn from the seed and the rater."""
    if wish.gold_set is not None:
        rows: Iterable[Example] = inputs.children(Example, "gold_set", wish.gold_set.id)
    else:
        rows = inputs.children(Example, "policy", wish.version.policy)
    kept = [row for row in rows if wish.split in (None, row.split)]
    if wish.rater is None:
        return sorted(kept, key=lambda row: row.code)
    return sorted(kept, key=lambda row: _digest(f"{wish.seed}\n{wish.rater}\n{row.code}"))


def labels_of(inputs: Inputs, example: Example, version: PolicyVersion) -> tuple[list[Label], Label | None]:
    """What raters said of an example under a version, and its settled label."""
    rows = [row for row in inputs.children(Label, "example", example.id) if row.policy_version == version.id]
    rated = sorted((row for row in rows if not row.gold), key=lambda row: row.rater)
    return rated, next((row for row in rows if row.gold), None)


def said_in(label: Label) -> dict[str, str]:
    """The labels that a row gives, by field; what it leaves open is left out."""
    names = ("request_risk", "violation", "style", "severity", "clause", "defensible")
    given = ((name, getattr(label, name)) for name in names)
    return {name: str(value) for name, value in given if value is not None}


def as_text(piece: Piece) -> str:
    """Request and answer as one text, every line of theirs indented, so that neither can pass for the other."""
    parts = (("Request", piece.request), ("Answer", piece.response))
    return "\n\n".join(f"{who}:\n" + _indented(words) for who, words in parts if words)


def named(codes: Sequence[str]) -> str:
    """The codes with commas between them; of many the first, and how many more."""
    more = f" and {len(codes) - MAX_NAMED} more" if len(codes) > MAX_NAMED else ""
    return f"{', '.join(codes[:MAX_NAMED])}{more}"


def _indented(words: str) -> str:
    return "\n".join(f"  {line}" for line in words.splitlines())


def _levels(inputs: Inputs, rows: Sequence[Example]) -> Mapping[int, str]:
    """How carefully each example is to be handled: as its own areas say, and any example with one of its texts."""
    strictest: dict[str, str] = {}
    own: dict[int, str] = {}
    for row in inputs.rows(Example):
        own[row.id] = example_handling(inputs, row)
        for sha256 in filter(None, (row.request, row.response)):
            strictest[sha256] = max(strictest.get(sha256, "open"), own[row.id], key=LEVELS.index)
    return {
        row.id: max((own[row.id], *(strictest[one] for one in (row.request, row.response) if one)), key=LEVELS.index)
        for row in rows
    }


def _piece(
    inputs: Inputs,
    wish: Wish,
    row: Example,
    texts: tuple[str | None, str | None],
    known: Mapping[str, Mapping[int, Prediction]],
) -> Piece:
    shown = tuple(found[row.id] for found in known.values() if row.id in found)
    facts = {name: words for name in FACTS if (words := getattr(row, name)) is not None}
    if wish.rater is not None:
        own = {"language": row.language} if row.language else {}
        return Piece(blind_id(row.code), own, *texts, predictions=shown)
    rated, gold = labels_of(inputs, row, wish.version)
    return Piece(row.code, facts, *texts, tuple(rated), gold, shown)


def _predicted(inputs: Inputs, wish: Wish, name: str) -> Mapping[int, Prediction]:
    """What a rater, a run or the settled labels say, by example."""
    rows = inputs.children(Label, "policy_version", wish.version.id)
    labels = [row for row in rows if (row.gold if name == GOLD else row.rater == name and not row.gold)]
    if labels:
        return {row.example: Prediction(name, said_in(row)) for row in labels}
    run = next((row for row in inputs.rows(PolicyRun) if row.code == name), None)
    if run is None:
        raise UnknownRecordError(
            f"There is no label of {name!r} under {inputs.address(wish.version)}, and no run of that name.",
            "Name a rater, a run, or gold.",
        )
    answers = [row for row in inputs.children(RunAnswer, "run", run.id) if row.vote == 1 and row.label_given]
    by = f"{inputs.address(wish.version)} {run.model}"
    return {row.example: Prediction(by, _of_answer(row), row.score) for row in answers}


def _of_answer(row: RunAnswer) -> dict[str, str]:
    clause = (row.clause or "").partition(",")[0].strip()
    return {"violation": row.label_given or ""} | ({"clause": clause} if clause else {})


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
