"""One row of a promptfoo evaluation: one test of one prompt on one provider, as JSON has it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from launchpad.intake.lines import member
from launchpad.intake.shares import UNKNOWN_MODEL
from launchpad.intake.texts import MAX_TEXT
from launchpad.intake.values import as_list, as_object, label, number, text, whole

MAX_NAMED = 200
KEY_LENGTH = 16
FAILED, ERROR = 1, 2
BASIC = "basic"
NO_ASSERTIONS = "No assertions"
KINDS = ("plugin", "strategy", "severity", "policy")


@dataclass(frozen=True, slots=True)
class Row:
    """What counts of a row; `passed` is None for an error, `variables` a digest of the test's variables.

    `groups` are the plugin, strategy, severity and policy of a red team test, each (kind, name). `asked` and
    `answered` are as written.
    """

    provider: str
    prompt: str | None
    prompt_index: int | None
    sample: str
    variables: str
    passed: bool | None
    asserted: bool = True
    groups: tuple[tuple[str, str], ...] = ()
    named: Mapping[str, float] = field(default_factory=dict[str, float])
    asked: object = field(default=None, repr=False)
    answered: object = field(default=None, repr=False)


def row_of(written: Mapping[str, object], place: int) -> Row:
    """The row; `place` names the test where it has no index."""
    provider = written.get("provider")
    index = whole(written.get("promptIdx"))
    test = whole(written.get("testIdx"))
    return Row(
        provider=_first_name(provider, "label", "id") or text(provider) or UNKNOWN_MODEL,
        # Before 0.55 or so a prompt had no label, and `raw` is what it became with the variables put in.
        prompt=_first_name(written.get("prompt"), "label", "display", "raw"),
        prompt_index=index,
        sample=str(place if test is None else test),
        variables=digest(_variables(written)),
        passed=_passed(written),
        asserted=_asserted(written),
        groups=groups_of(_metadata(written)),
        named=named_of(written.get("namedScores")),
        asked=_conversation(member(written, "prompt", "raw")) or _variables(written),
        answered=member(written, "response", "output"),
    )


def _variables(written: Mapping[str, object]) -> object:
    return written.get("vars") or member(written, "testCase", "vars")


def _conversation(raw: object) -> object:
    """A prompt that is a list of messages, written as JSON in one text, as that list; any other as it is."""
    if isinstance(raw, str) and raw.lstrip().startswith("[") and len(raw) <= MAX_TEXT:
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            return raw
    return raw


def groups_of(metadata: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The plugin of a red team test and what else it is filed under; empty for any other test."""
    plugin = text(metadata.get("pluginId"))
    if plugin is None:
        return ()
    found = [("plugin", plugin), ("strategy", text(metadata.get("strategyId")) or BASIC)]
    if severity := text(metadata.get("severity")):
        found.append(("severity", severity))
    policy = metadata.get("policy")
    # Every policy has the plugin "policy": only its words tell one from another.
    if words := text(policy) or text(member(policy, "name")) or text(member(policy, "text")):
        found.append(("policy", words))
    return tuple(found)


def named_of(written: object) -> dict[str, float]:
    """The named scores of a row, each the mean of its assertions."""
    pairs = list(as_object(written).items())[:MAX_NAMED]
    return {name: score for name, value in pairs if (score := number(value)) is not None}


def digest(variables: object) -> str:
    """The same for the same variables: repetitions of one test have nothing else in common."""
    words = json.dumps(variables, sort_keys=True, default=str).encode()
    return hashlib.sha256(words).hexdigest()[:KEY_LENGTH]


def _first_name(written: object, *keys: str) -> str | None:
    found = as_object(written)
    return next((name for key in keys if (name := text(found.get(key)))), None)


def _passed(written: Mapping[str, object]) -> bool | None:
    """Whether the test passed; None when the provider or the grader failed instead of the test."""
    if written.get("success") is True:
        return True
    reason = written.get("failureReason")
    if reason is None:
        return None if written.get("error") and not written.get("gradingResult") else False
    return None if reason == ERROR else False


def _asserted(written: Mapping[str, object]) -> bool:
    """Whether anything was checked; promptfoo counts a test without an assertion as passed."""
    grading = as_object(written.get("gradingResult"))
    if as_list(grading.get("componentResults")) or as_list(member(written, "testCase", "assert")):
        return True
    return label(grading.get("reason")) != NO_ASSERTIONS


def _metadata(written: Mapping[str, object]) -> Mapping[str, object]:
    own = as_object(written.get("metadata"))
    return own if "pluginId" in own else as_object(member(written, "testCase", "metadata"))
