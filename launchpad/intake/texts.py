"""What was asked and answered, sample by sample: gathered only if wanted, each text cut, the whole bounded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from launchpad.intake.values import as_list, as_object
from launchpad.records.imported import Problem, SampleTexts

MAX_TEXT = 20_000
MAX_TOTAL = 200_000_000
MAX_DEPTH = 8
MAX_WAITING = 5_000
ROW = 100
_Row = tuple[str, int, str | None, str | None, str | None]


@dataclass(slots=True)
class TextRows:
    """Texts of samples in the order met; a sample met again of the same owner is its next epoch.

    Beyond 200 million characters in all, nothing more is taken in, and `problems` says so.
    """

    keep: bool
    rows: list[_Row] = field(default_factory=list[_Row])
    size: int = 0
    left_out: int = 0
    _seen: dict[tuple[str | None, str], int] = field(default_factory=dict[tuple[str | None, str], int])

    def add(self, name: str, asked: object, answered: object, owner: str | None = None) -> None:
        """Take in one sample, its texts as the harness wrote them (see `spoken`)."""
        if self.keep:
            epoch = self._seen[owner, name] = self._seen.get((owner, name), 0) + 1
            self.put((name, epoch, spoken(asked), spoken(answered), owner))

    def put(self, row: _Row) -> None:
        """Take in one sample whose epoch is known: sample, epoch, asked, answered, owner."""
        name, epoch, asked, answered, owner = row
        asked, answered = cut(asked), cut(answered)
        size = self.size + len(name) + len(asked or "") + len(answered or "") + ROW
        if self.left_out or size > MAX_TOTAL:
            self.left_out += 1
            return
        self.size = size
        self.rows.append((name, epoch, asked, answered, owner))

    def columns(self) -> SampleTexts | None:
        """All of it, or None when there is nothing."""
        return SampleTexts(*zip(*self.rows, strict=True)) if self.rows else None

    def problems(self) -> Iterator[Problem]:
        """That there was more than is kept, where there was."""
        if self.left_out:
            what = f"more than {MAX_TOTAL // 1_000_000} MB: that of {self.left_out} samples was not kept"
            yield Problem("sample text", what)


@dataclass(slots=True)
class Said:
    """What was asked and answered, told in several lines before the sample is scored; the first words count."""

    rows: TextRows
    _waiting: dict[tuple[str | None, str], tuple[str | None, str | None]] = field(
        default_factory=dict[tuple[str | None, str], tuple[str | None, str | None]]
    )

    def say(self, name: str, asked: object = None, answered: object = None, owner: str | None = None) -> None:
        """Take in what a sample was asked, or what it answered."""
        if not self.rows.keep:
            return
        if len(self._waiting) >= MAX_WAITING:
            self.close()
        question, answer = self._waiting.get((owner, name), (None, None))
        self._waiting[owner, name] = (question or cut(spoken(asked)), answer or cut(spoken(answered)))

    def score(self, name: str, asked: object = None, answered: object = None, owner: str | None = None) -> None:
        """Take in that a sample was scored, and what this tells if nothing was told before."""
        if self.rows.keep:
            self.say(name, asked, answered, owner)
            question, answer = self._waiting.pop((owner, name))
            if question or answer:
                self.rows.add(name, question, answer, owner)

    def close(self) -> None:
        """Take in what was never scored."""
        for (owner, name), (question, answer) in self._waiting.items():
            self.rows.add(name, question, answer, owner)
        self._waiting.clear()


def whose(model: str, variant: str | None = None) -> str:
    """How the samples of one model and variant are called in `SampleTexts.whose`."""
    return model if variant is None else f"{model} / {variant}"


def bounded(texts: SampleTexts) -> TextRows:
    """Texts from anywhere within the same bounds, their epochs as they are."""
    rows = TextRows(keep=True)
    columns = (texts.sample, texts.epoch, texts.asked, texts.answered)
    for (name, epoch, asked, answered), owner in zip_longest(zip(*columns, strict=True), texts.whose):
        rows.put((name, epoch, asked, answered, owner))
    return rows


def cut(words: str | None) -> str | None:
    """The text, cut with an ellipsis when it is longer than 20,000 characters."""
    return words if words is None or len(words) <= MAX_TEXT else words[: MAX_TEXT - 1] + "…"


def spoken(written: object, depth: int = 0) -> str | None:
    """The words of a prompt or an answer: plain text, a message, a conversation turn by turn, else its JSON.

    None when there are none. A conversation of several turns names who speaks, as "user: ...".
    """
    if isinstance(written, str):
        return written or None
    if written in (None, [], {}):
        return None
    if depth > MAX_DEPTH:
        return "…"
    if turns := as_list(written):
        if len(turns) == 1:
            return spoken(turns[0], depth + 1)
        return "\n\n".join(filter(None, (_turn(turn, depth + 1) for turn in turns[:MAX_TEXT]))) or None
    message = as_object(written)
    for key in ("text", "content", "turns", "messages"):
        if key in message:
            return spoken(message[key], depth + 1)
    try:
        return json.dumps(written, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):  # deeper than anything that is said, or a number without end
        return "…"


def _turn(written: object, depth: int) -> str | None:
    said, role = spoken(written, depth), as_object(written).get("role")
    return f"{role}: {said}" if said is not None and isinstance(role, str) else said
