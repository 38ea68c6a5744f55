"""What PyRIT's identifiers name: attacks, targets, scorers; flat or nested, under the keys of each version."""

import hashlib
from collections.abc import Iterator, Mapping

from launchpad.intake.values import as_list, as_object, text

_CLASS = ("class_name", "__type__", "name", "class")
_MODEL = ("model_name", "underlying_model_name", "model", "deployment_name")
_LABELS = ("model", "model_name", "target_model", "target", "deployment")
MAX_DEPTH = 4


def attack_name(attack: Mapping[str, object]) -> str | None:
    """The class of the attack with those of its converters, which make another attack of it."""
    strategy = _strategy(attack)
    name = class_of(strategy)
    converters = _child(strategy, "request_converters") or _child(strategy, "converters")
    used = [found for converter in as_list(converters) if (found := class_of(as_object(converter)))]
    return name if name is None or not used else " + ".join((name, *used))


def model_of(attack: Mapping[str, object]) -> str | None:
    """The model that was attacked: of the target, else of the last response's target, else of the labels."""
    response = as_object(attack.get("last_response"))
    targets = (
        as_object(_child(_strategy(attack), "objective_target")),
        as_object(attack.get("objective_target_identifier")),
        as_object(response.get("prompt_target_identifier")),
    )
    named = (model_in(target) for target in targets)
    labelled = (model_labelled(as_object(holder.get("labels"))) for holder in (attack, response))
    return next((name for name in (*named, *labelled) if name), None)


def model_in(target: Mapping[str, object]) -> str | None:
    """The model that a target's identifier names; an empty name is none."""
    return next((name for key in _MODEL if (name := text(target.get(key)))), None)


def model_labelled(labels: Mapping[str, object]) -> str | None:
    """The model that labels name."""
    return next((name for key in _LABELS if (name := text(labels.get(key)))), None)


def scorer_of(attack: Mapping[str, object]) -> str | None:
    """The class of the scorer that decided the outcome."""
    decided = class_of(as_object(last_score(attack).get("scorer_class_identifier")))
    return class_of(as_object(_child(_strategy(attack), "objective_scorer"))) or decided


def last_score(attack: Mapping[str, object]) -> Mapping[str, object]:
    """The score of the last response; a person's goes before a machine's."""
    person, last, machine = (as_object(attack.get(key)) for key in ("human_score", "last_score", "automated_score"))
    return person or last or machine


def harms_of(attack: Mapping[str, object]) -> tuple[str, ...]:
    """The harms that the attack aimed at, else the categories of its score."""
    aimed = categories(attack.get("targeted_harm_categories"))
    return aimed or categories(last_score(attack).get("score_category"))


def categories(written: object) -> tuple[str, ...]:
    """One category or a list of them."""
    items = as_list(written) or [written]
    return tuple(name for item in items if isinstance(item, str) and (name := text(item)))


def class_of(identifier: Mapping[str, object]) -> str | None:
    """The class that an identifier names."""
    return next((name for key in _CLASS if (name := text(identifier.get(key)))), None)


def version_of(attack: Mapping[str, object]) -> str | None:
    """The version of PyRIT that made it, from the row or one of its identifiers."""
    holders = (attack, *_layers(attack), as_object(attack.get("scorer_class_identifier")))
    return next((found for holder in holders if (found := text(holder.get("pyrit_version")))), None)


def digest(words: object) -> str | None:
    """A name for a text that says nothing of it, the same in every file."""
    if not isinstance(words, str) or not words.strip():
        return None
    return hashlib.sha256(words.strip().encode("utf-8", "replace")).hexdigest()[:16]


def _strategy(attack: Mapping[str, object]) -> Mapping[str, object]:
    """The identifier of the attack itself, at the bottom of those that wrap it."""
    layers = list(_layers(attack))
    return layers[-1] if layers else {}


def _layers(attack: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for key in ("atomic_attack_identifier", "attack_identifier", "orchestrator_identifier"):
        layer = as_object(attack.get(key))
        if not layer:
            continue
        for _ in range(MAX_DEPTH):
            yield layer
            deeper = as_object(_child(layer, "attack_technique")) or as_object(_child(layer, "attack"))
            if not deeper:
                return
            layer = deeper
        return


def _child(identifier: Mapping[str, object], name: str) -> object:
    below = as_object(identifier.get("children")).get(name)
    return identifier.get(name) if below is None else below
