"""What was asked and answered in a HELM run, read only when a person wants it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.helm.files import PREDICTIONS, REQUESTS, STATE
from launchpad.intake.lines import member
from launchpad.intake.source import PIECE
from launchpad.intake.values import as_list, as_object, label, whole
from launchpad.records.imported import Problem, SampleTexts

MAX_CHARACTERS = 256 * 1024**2
Place = tuple[str, int]


@dataclass(slots=True)
class Said:
    """What was asked and answered by instance and trial, up to 256 million characters."""

    asked: dict[Place, str | None] = field(default_factory=dict[Place, str | None])
    answered: dict[Place, str | None] = field(default_factory=dict[Place, str | None])
    held: int = 0
    left_out: int = 0

    def keep(self, where: dict[Place, str | None], place: Place, words: str | None) -> None:
        """Take in one text; of several requests for one instance the first counts."""
        if place in where:
            return
        size = len(words or "")
        if self.held + size > MAX_CHARACTERS:
            self.left_out += 1
            return
        self.held += size
        where[place] = words

    def columns(self) -> SampleTexts | None:
        """All of it, column by column; None when there is nothing."""
        places = list(dict.fromkeys((*self.asked, *self.answered)))
        if not places:
            return None
        return SampleTexts(
            sample=tuple(name for name, _ in places),
            epoch=tuple(epoch for _, epoch in places),
            asked=tuple(self.asked.get(place) for place in places),
            answered=tuple(self.answered.get(place) for place in places),
        )


def texts_of(folder: Path, problems: list[Problem]) -> SampleTexts | None:
    """The texts of a run's folder, from its state or from what is kept of it for the web page."""
    said = Said()
    try:
        if (folder / STATE).is_file():
            _from_state(folder / STATE, said)
        else:
            _from_display(folder, said)
    except ImportRefusedError as error:
        problems.append(
            Problem("texts", f"what was asked and answered is kept as far as it could be read: {error.message}")
        )
    if said.left_out:
        problems.append(Problem("texts", f"{said.left_out} texts were left out: there is more than can be kept"))
    return said.columns()


def _from_state(path: Path, said: Said) -> None:
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        for key, value in jsons.object_items(pieces, str(path), frozenset({"request_states"}), lambda _key: None):
            instance = as_object(member(value, "instance")) if key == "request_states" else {}
            if not instance or as_object(instance.get("perturbation")):
                continue
            place = _place(instance.get("id"), as_object(value))
            said.keep(said.asked, place, _asked(as_object(member(value, "request"))) or _text(instance.get("input")))
            completions = as_list(member(value, "result", "completions"))
            said.keep(said.answered, place, _text(completions[0]) if completions else None)


def _from_display(folder: Path, said: Said) -> None:
    for entry in _entries(folder / REQUESTS):
        said.keep(said.asked, _place(entry.get("instance_id"), entry), _asked(as_object(entry.get("request"))))
    for entry in _entries(folder / PREDICTIONS):
        words = entry.get("predicted_text")
        place = _place(entry.get("instance_id"), entry)
        said.keep(said.answered, place, words if isinstance(words, str) else None)


def _entries(path: Path) -> Iterator[Mapping[str, object]]:
    if not path.is_file():
        return
    with path.open("rb") as file:
        for item in jsons.array_items(iter(lambda: file.read(PIECE), b""), str(path)):
            entry = as_object(item)
            if entry and not as_object(entry.get("perturbation")):
                yield entry


def _place(name: object, entry: Mapping[str, object]) -> Place:
    trial = whole(entry.get("train_trial_index", entry.get("trial_index"))) or 0
    return label(name) or "unnamed", trial + 1


def _asked(request: Mapping[str, object]) -> str | None:
    """The prompt, or the turns of a conversation one below the other."""
    prompt = request.get("prompt")
    if isinstance(prompt, str) and prompt:
        return prompt
    turns = [as_object(turn) for turn in as_list(request.get("messages"))]
    said = [f"{turn.get('role')}: {turn.get('content')}" for turn in turns if isinstance(turn.get("content"), str)]
    return "\n".join(said) or None


def _text(thing: object) -> str | None:
    words = as_object(thing).get("text")
    return words if isinstance(words, str) else None
