"""How near what a run measured is to what goes out: its build, its surface, its language."""

from collections.abc import Iterable
from dataclasses import dataclass

from launchpad.edits.crosswalks import normal
from launchpad.records import EvalResult, Inputs, Launch, Scenario, Surface
from launchpad.records.launches import SURFACE_KINDS

SAME, NEAR, DIFFERENT = "same", "near", "different"
_ORDER = (SAME, NEAR, DIFFERENT)
_CHATS = frozenset({"consumer", "api", "internal"})
_LANGUAGES = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "hi": "hindi",
    "it": "italian",
    "ja": "japanese",
    "ko": "korean",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
    "zh": "chinese",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A nearness and the sentence that says why."""

    nearness: str
    why: str


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a result is to a launch in each of the three respects."""

    snapshot: Guess
    surface: Guess
    language: Guess

    @property
    def why(self) -> str:
        """The three sentences."""
        return " ".join(guess.why for guess in (self.snapshot, self.surface, self.language) if guess.why)


def farther(one: str, other: str) -> str:
    """The farther of two nearnesses."""
    return max(one, other, key=_ORDER.index)


def nearness_of(inputs: Inputs, launch: Launch, result: EvalResult, scenario: Scenario | None) -> Nearness:
    """How near a result is to what goes out where the scenario happens, everywhere without one."""
    surfaces = inputs.rows(Surface, launch.id)
    if scenario is not None and scenario.surface is not None:
        surfaces = (inputs.get(Surface, scenario.surface),)
    return Nearness(snapshot_of(launch, result), surface_of(surfaces, result), language_of(surfaces, result))


def snapshot_of(launch: Launch, result: EvalResult) -> Guess:
    """Same: the build that goes out. Near: its model, the build another or unsaid, or a model of its name. Else not.

    Providers before a slash are left out ("openai/gpt-4o"); case and punctuation do not matter.
    """
    model, wanted = _model(result.model), _model(launch.model)
    build = None if result.snapshot is None else normal(result.snapshot)
    going = None if launch.snapshot is None else normal(launch.snapshot)
    if going is not None and going in (build, model):
        return Guess(SAME, "It is of the build that goes out.")
    if model == wanted and build is None and going is None:
        return Guess(SAME, "It is of the model that goes out.")
    if model == wanted:
        what = "which build it is of is not said" if build is None or going is None else "but of another build"
        return Guess(NEAR, f"It is of the model that goes out, {what}.")
    names = [name for name in (wanted, going) if name is not None]
    if any(_family(model, name) for name in names):
        return Guess(NEAR, f"It is of {result.model}, a model of the same name.")
    return Guess(DIFFERENT, f"It is of another model, {result.model}.")


def surface_of(surfaces: Iterable[Surface], result: EvalResult) -> Guess:
    """Same: the surface, or neither says one. Near: one of several, one unsaid, or chat of another kind. Else not."""
    known = list(surfaces)
    if result.surface is None or not known:
        if result.surface is None and not known:
            return Guess(SAME, "")
        return Guess(NEAR, "On which surface it was run is not said." if result.surface is None else "")
    words = normal(result.surface)
    fitting = [row for row in known if words in _names(row)]
    if fitting:
        several = len(known) > len(fitting)
        return Guess(NEAR if several else SAME, "It was run on one of several surfaces." if several else "")
    kinds = {kind for kind, label in SURFACE_KINDS.items() if words in (normal(kind), normal(label))}
    if kinds & _CHATS and any(row.kind in _CHATS for row in known):
        return Guess(NEAR, f"It was run as {result.surface}, chat as well but another surface.")
    return Guess(DIFFERENT, f"It was run as {result.surface}, another kind of surface.")


def language_of(surfaces: Iterable[Surface], result: EvalResult) -> Guess:
    """Same: what is mostly spoken there, or neither says one. Near: one of several, or one unsaid. Else different."""
    spoken = [_spoken(row.languages) for row in surfaces if row.languages]
    if result.language is None or not spoken:
        if result.language is None and not spoken:
            return Guess(SAME, "")
        return Guess(NEAR, "Its language is not said." if result.language is None else "")
    language = _language(result.language)
    if all(words == [language] for words in spoken):
        return Guess(SAME, "")
    if any(language in words for words in spoken):
        return Guess(NEAR, f"{result.language} is one of several languages spoken there.")
    return Guess(DIFFERENT, f"{result.language} is not spoken there.")


def _model(name: str) -> str:
    return normal(name.rpartition("/")[2])


def _family(one: str, other: str) -> bool:
    """Whether one name goes on where the other ends."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _names(surface: Surface) -> set[str]:
    label = SURFACE_KINDS.get(surface.kind, surface.kind)
    return {normal(name) for name in (surface.code, surface.name, surface.kind, label)}


def _spoken(languages: str) -> list[str]:
    """The languages of a surface; "mostly English" is English."""
    parts = [part.strip() for part in languages.replace(";", ",").split(",")]
    mostly = [part.casefold().removeprefix("mostly ") for part in parts if part.casefold().startswith("mostly ")]
    return [_language(part) for part in mostly or parts if part]


def _language(name: str) -> str:
    """A language by its name: "en", "en-GB", "en_us" and "English" are one."""
    first = normal(name).partition(".")[0]
    return _LANGUAGES.get(first, first)
