"""Attacks and scores gathered one by one, and the shares that come of them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from launchpad.intake.pyrit import names
from launchpad.intake.scored import Scored
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.texts import TextRows, whose
from launchpad.intake.values import as_object, number, shortened, text, utc
from launchpad.records.imported import ImportedResult, Problem, RunStatus

RATE = "attack_success_rate"
ATTACK, SCORES = "attack", "scores"
OUTCOMES = {"success": 1.0, "failure": 0.0, "undetermined": None, "error": None}
SCORE_TYPES = ("true_false", "float_scale")
_TRUTH = {"true": 1.0, "false": 0.0}
_RUN_LABELS = ("run", "run_id", "operation", "op_name", "memory_label")
Key = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Sample:
    """One attack: a digest of its objective, what came of it, its harms, and its texts if these are kept."""

    name: str
    value: float | None
    failed: bool
    harms: tuple[str, ...]
    asked: object = None
    answered: object = None


@dataclass(slots=True)
class Gathered:
    """Every attack and score of a file by what was measured; times, labels and texts beside them."""

    keep_texts: bool
    attacks: dict[Key, list[Sample]] = field(default_factory=dict[Key, list[Sample]])
    scores: dict[tuple[str, str, str | None], Scored] = field(default_factory=dict[tuple[str, str, str | None], Scored])
    problems: list[Problem] = field(default_factory=list[Problem])
    moments: set[str] = field(default_factory=set[str])
    labels: set[str] = field(default_factory=set[str])
    ids: set[str] = field(default_factory=set[str])
    version: str | None = None
    status: RunStatus = "unknown"
    own_id: str | None = None
    texts: TextRows = field(init=False)

    def __post_init__(self) -> None:
        self.texts = TextRows(self.keep_texts)

    def attack(self, where: str, found: Mapping[str, object], task: str | None = None) -> None:
        """Take in one attack result, as PyRIT dumps it; `task` names the kind of attack where the file does."""
        outcome = _outcome(found.get("outcome"))
        if outcome not in OUTCOMES:
            shown = shortened(_words(found.get("outcome")), 60)
            self.problems.append(Problem(where, f"the outcome {shown!r} is none of PyRIT's: not scored"))
        name = names.digest(found.get("objective")) or text(found.get("objective_sha256")) or where
        model = names.model_of(found)
        key = (task or names.attack_name(found), model, names.scorer_of(found))
        texts = (found.get("objective"), as_object(found.get("last_response")).get("converted_value"))
        kept = texts if self.keep_texts else (None, None)
        sample = Sample(name, OUTCOMES.get(outcome), outcome == "error", names.harms_of(found), *kept)
        self.attacks.setdefault(key, []).append(sample)
        self._note(found, text(found.get("attack_result_id")) or text(found.get("conversation_id")))

    def score(self, where: str, found: Mapping[str, object], model: str | None = None) -> None:
        """Take in one score."""
        kind = text(found.get("score_type")) or "unknown"
        scorer = names.class_of(as_object(found.get("scorer_class_identifier")))
        value = self._score_value(where, kind, found.get("score_value"))
        failed = text(found.get("status")) == "error"
        name = names.digest(found.get("objective") or found.get("task")) or text(_piece_of(found)) or where
        key = (kind, model or UNKNOWN_MODEL, scorer)
        scored = self.scores.setdefault(key, Scored("pyrit"))
        scored.add(name, value, names.categories(found.get("score_category")), failed=failed)
        self._note(found, text(found.get("id")))

    def _score_value(self, where: str, kind: str, written: object) -> float | None:
        """The number in a score: its value is text, as in "true" and "0.5", or nothing when undetermined."""
        if written is None:
            return None
        words = _words(written).casefold()
        value = _TRUTH.get(words) if kind == "true_false" else None
        if value is None and kind != "true_false":
            value = number(written) if not isinstance(written, str) else _number(words)
        if value is None:
            self.problems.append(Problem(where, f"the score {shortened(words, 60)!r} is not a {kind}: not scored"))
        return value

    def _note(self, found: Mapping[str, object], identity: str | None) -> None:
        self.version = self.version or names.version_of(found)
        self.moments.update(filter(None, [utc(found.get("timestamp"))]))
        labels = as_object(found.get("labels"))
        self.labels.update(name for key in _RUN_LABELS if (name := text(labels.get(key))))
        self.ids.update(filter(None, [identity]))

    @property
    def run_id(self) -> str | None:
        """The scenario's id; else the run's label and a digest of the ids: a dump and the memory are one run."""
        if self.own_id is not None or not self.ids:
            return self.own_id
        mark = hashlib.sha256("\n".join(sorted(self.ids)).encode("utf-8", "replace")).hexdigest()[:12]
        return f"{next(iter(self.labels))}/{mark}" if len(self.labels) == 1 else mark


def results_of(found: Gathered, *, keep: bool) -> Iterator[ImportedResult]:
    """The share of successful attacks by kind, target and scorer; without attacks the mean of each kind of score."""
    if found.attacks:
        merged = _merged(found.attacks)
        unknown = any(model is None for _, model, _ in merged)
        for (task, model, scorer), samples in merged.items():
            scored = Scored("pyrit")
            for sample in samples:
                name = f"{task or ATTACK}/{sample.name}"
                scored.add(name, sample.value, sample.harms, failed=sample.failed)
                found.texts.add(name, sample.asked, sample.answered, whose(model or UNKNOWN_MODEL))
            path = ImportedResult(task or ATTACK, model or UNKNOWN_MODEL, RATE, scorer=scorer, tags=("pyrit",))
            yield from scored.results(path, found.problems, keep=keep)
        if found.scores:
            count = sum(len(scored.values) for scored in found.scores.values())
            found.problems.append(Problem("scores", f"{count} scores were left: the outcomes of attacks rest on them"))
    else:
        unknown = any(model == UNKNOWN_MODEL for _, model, _ in found.scores)
        for (kind, model, scorer), scored in found.scores.items():
            path = ImportedResult(SCORES, model, kind, scorer=scorer, tags=("pyrit",))
            yield from scored.results(path, found.problems, keep=keep)
    if unknown:
        found.problems.append(Problem("target", NO_MODEL))


def _merged(attacks: Mapping[Key, list[Sample]]) -> dict[Key, list[Sample]]:
    """The same, attacks that failed before they named all three put with the only ones they can belong to."""
    merged: dict[Key, list[Sample]] = {}
    for key in sorted(attacks, key=lambda key: key.count(None)):
        near = [known for known in merged if all(mine in (None, its) for mine, its in zip(key, known, strict=True))]
        merged.setdefault(near[0] if len(near) == 1 else key, []).extend(attacks[key])
    return merged


def _outcome(written: object) -> str:
    """The word for an outcome, also when written as a member of an enumeration."""
    return (text(written) or "undetermined").rpartition(".")[2].casefold()


def _piece_of(score: Mapping[str, object]) -> object:
    return next((score[key] for key in ("message_piece_id", "prompt_request_response_id") if score.get(key)), None)


def _words(written: object) -> str:
    """A scalar as text; of anything else the kind of thing it is."""
    return text(written) or type(written).__name__


def _number(words: str) -> float | None:
    try:
        return number(float(words))
    except ValueError:
        return None
