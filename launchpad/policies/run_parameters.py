"""What a run was asked with, as it is kept in the project and read back: plain values, and never a key."""

from collections.abc import Mapping
from typing import Any, cast

from launchpad.endpoints.asking import CHAT, TEXT, Manner
from launchpad.endpoints.endpoint import Endpoint, usable
from launchpad.errors import InvalidValueError
from launchpad.records import PolicyRun

PATIENCE = ("timeout", "rate", "retries")
SAMPLING = ("temperature", "max_tokens", "seed")
FIELDS = ("", "structured_outputs", "guided_choice", "grammar", "response_format")


def kept(endpoint: Endpoint, manner: Manner | None, **chosen: object) -> Mapping[str, Any]:
    """The parameters of a run as plain values: where, how patiently, and as they are sent with every item.

    `manner` is None for a moderation endpoint, which takes no sampling.
    """
    found: dict[str, Any] = {"url": endpoint.url, **chosen}
    found |= {name: getattr(endpoint, name) for name in PATIENCE}
    if manner is None:
        return found
    found |= {name: getattr(endpoint, name) for name in SAMPLING}
    found |= {"path": manner.path, "field": manner.field, "without": sorted(manner.without)}
    return found | {"told": list(manner.told)}


def endpoint_of(run: PolicyRun, told: Mapping[str, Any]) -> Endpoint:
    """The endpoint a run was begun with; InvalidValueError where its row was changed into something else."""
    numbers = {name: told[name] for name in (*PATIENCE, *SAMPLING) if name in told}
    url = told.get("url")
    odd = [name for name, value in numbers.items() if not _fits(name, value)]
    if odd or not isinstance(url, str):
        raise _damaged(run)
    found = usable(Endpoint(url=url, model=run.model, **numbers))
    if found.host != run.host:
        raise _damaged(run)
    return found


def manner_kept(run: PolicyRun, told: Mapping[str, Any]) -> Manner:
    """How a run asks, as it found out when it began; raises as `endpoint_of`."""
    path, name, without = told.get("path"), told.get("field"), told.get("without")
    if path not in (CHAT, TEXT) or name not in FIELDS or not isinstance(without, list):
        raise _damaged(run)
    return Manner(path, run.way or "parsing", name, frozenset(map(str, cast("list[object]", without))))


def _fits(name: str, value: object) -> bool:
    if value is None:
        return name in ("rate", "seed")
    kinds = (int,) if name in ("retries", "max_tokens", "seed") else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool)


def _damaged(run: PolicyRun) -> InvalidValueError:
    return InvalidValueError(
        f"The parameters of run {run.code} are not as a run keeps them, so it cannot go on.", "Begin another run."
    )
