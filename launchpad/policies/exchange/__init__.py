"""Examples and labels on their way out: to people who label, to programs that measure, to those who learn from them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from launchpad.errors import InvalidValueError
from launchpad.policies.exchange.argilla import argilla
from launchpad.policies.exchange.doccano import doccano
from launchpad.policies.exchange.hugging_face import hugging_face
from launchpad.policies.exchange.inspect_task import inspect_task
from launchpad.policies.exchange.label_studio import label_studio
from launchpad.policies.exchange.openai import FEWEST_EXAMPLES, batch, finetune
from launchpad.policies.exchange.pieces import Piece, Wish, Withheld, chosen, pieces
from launchpad.policies.exchange.prodigy import prodigy
from launchpad.policies.exchange.questions import Question, questions, without_examples
from launchpad.policies.exchange.tables import table
from launchpad.policies.rulebook import Rulebook, rulebook
from launchpad.records import Inputs

__all__ = ["FORMATS", "TOOLS", "Made", "Wish", "export"]

Writer = Callable[[Rulebook, Sequence[Question], Sequence[Piece], Wish], Mapping[str, bytes]]
FORMATS: Mapping[str, Writer] = {
    "label-studio": label_studio,
    "argilla": argilla,
    "prodigy": prodigy,
    "doccano": doccano,
    "csv": table,
    "openai-batch": batch,
    "openai-finetune": finetune,
    "huggingface": hugging_face,
    "inspect": inspect_task,
}
# What people label with, so that a blind rater can be sent it.
TOOLS = ("label-studio", "argilla", "prodigy", "doccano", "csv")
ONE_FILE = frozenset({"prodigy", "csv", "openai-batch", "openai-finetune"})


@dataclass(frozen=True, slots=True)
class Made:
    """An export: its files by name, how many items went in, what stayed behind, what else to know.

    `alone` says that it is one file, whose name whoever writes it chooses.
    """

    files: Mapping[str, bytes]
    items: int
    withheld: Withheld
    notes: tuple[str, ...]
    alone: bool


def export(inputs: Inputs, to: str, wish: Wish) -> Made:
    """The files of an export to one of FORMATS; the same inputs and wish give the same bytes.

    Raises InvalidValueError when nothing may or can go out, or a blind rater is named for what is not for raters.
    """
    if wish.rater is not None and to not in TOOLS:
        raise InvalidValueError(
            f"An export to {to} is for no rater, and would hold settled labels.",
            f"Leave out the rater, or choose one of: {', '.join(TOOLS)}.",
        )
    found, withheld = pieces(inputs, wish)
    judged = {row.code for row in chosen(inputs, wish)}
    book = without_examples(rulebook(inputs, wish.version), judged)
    files = FORMATS[to](book, questions(book), found, wish)
    return Made(files, len(found), withheld, tuple(_notes(to, found, files)), len(files) == 1 and to in ONE_FILE)


def _notes(to: str, found: Sequence[Piece], files: Mapping[str, bytes]) -> Iterator[str]:
    if to == "argilla" and any(piece.labels or piece.gold for piece in found):
        yield "Argilla keeps answers under its own users: the labels of raters are not in it; --to csv has them."
    if to == "huggingface" and (left := sum(piece.gold is None for piece in found)):
        yield f"{left} of {len(found)} items have no settled label and are left out."
    if to == "inspect" and (left := len(found) - files["gold.jsonl"].count(b"\n")):
        yield f"{left} of {len(found)} items have no settled answer and are left out."
    if to == "openai-finetune":
        lines = files["finetune.jsonl"].count(b"\n")
        if lines < len(found):
            yield (
                f"{len(found) - lines} of {len(found)} items are no examples to learn from: not settled, kept for "
                "reporting, or settled without a clause that the answer must cite."
            )
        if lines < FEWEST_EXAMPLES:
            yield f"Fine-tuning takes at least {FEWEST_EXAMPLES} examples; these are {lines}."
