"""One item of a run: put to the model in its delimiters, and what comes back read as an outcome."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from launchpad.changes import now
from launchpad.edits.label_words import names_of
from launchpad.edits.policy_runs import Heard
from launchpad.endpoints.answers import Said, Scores
from launchpad.endpoints.asking import CHAT, Manner, Question, Told, ask, ask_moderation
from launchpad.endpoints.calling import Connection
from launchpad.policies.compile_prompts import Prompt, completion_for, messages_for
from launchpad.policies.exchange.pieces import Piece
from launchpad.policies.items import Item
from launchpad.policies.run_labels import choices_of, read_said, score_of
from launchpad.records import Inputs, LabelMap

VIOLATES = "violates"
LONGEST_ERROR = 2_000
MODERATED = "the answer, or the request where there is none"


@dataclass(frozen=True, slots=True)
class Asking:
    """How every item of a run is asked: by a prompt and a manner, or (without a prompt) of a moderation endpoint.

    `names` says what each category is called here, None where it is not looked at; empty: every category counts.
    `sha256` is that of all that is the same for every item.
    """

    prompt: Prompt | None
    manner: Manner | None
    choices: Sequence[str] = ()
    names: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    sha256: str = ""


def asking_of(inputs: Inputs, label_map: LabelMap | None, prompt: Prompt | None, manner: Manner | None) -> Asking:
    """How the items of a run are asked."""
    if prompt is not None:
        return Asking(prompt, manner, choices_of(prompt), sha256=prompt.sha256)
    names = {} if label_map is None else names_of(inputs, label_map)
    told = json.dumps({"input": MODERATED, "names": names}, sort_keys=True, ensure_ascii=False)
    return Asking(None, None, names=names, sha256=hashlib.sha256(told.encode()).hexdigest())


def judge(connection: Connection, asking: Asking, piece: Piece, vote: int) -> Heard:
    """What a model says of one item, as an outcome with all that is kept of the call; raises as `ask`."""
    item, at = Item(piece.request, piece.response), now()
    if asking.prompt is None or asking.manner is None:
        told = ask_moderation(connection, item.response or item.request or "")
        return _kept(told, at, **_of_scores(asking, told.said))
    told = ask(connection, asking.manner, _question(asking, asking.prompt, asking.manner, item), vote=vote)
    return _kept(told, at, **_of_words(asking.prompt, asking.manner, told.said))


def _question(asking: Asking, prompt: Prompt, manner: Manner, item: Item) -> Question:
    chat = manner.path == CHAT
    messages = messages_for(prompt, item) if chat else ()
    return Question(messages, "" if chat else completion_for(prompt, item), asking.choices, prompt.schema)


def _kept(told: Told[Any], at: str, **outcome: Any) -> Heard:  # noqa: ANN401 - fields of Heard
    return Heard(
        **outcome,
        request_sha256=hashlib.sha256(told.body).hexdigest(),
        latency_ms=told.latency_ms,
        asked_at=at,
    )


def _of_words(prompt: Prompt, manner: Manner, said: Said) -> Mapping[str, Any]:
    if said.kind == "error":
        return {"outcome": "error", "error": said.why, "raw": said.raw[:LONGEST_ERROR]}
    if said.kind == "refused":
        return {"outcome": "refused", "error": "The endpoint declined to answer.", "raw": said.raw}
    found = read_said(prompt, said.text, strict=manner.way != "parsing")
    if found.outcome == "label":
        score = score_of(prompt.rendering, said.tokens)
        return {
            "outcome": "label",
            "label": found.label,
            "clauses": found.clauses,
            "score": score,
            "raw": said.raw,
        }
    why = "It was cut off at the limit of tokens." if said.kind == "cut" else _why(found.why)
    outcome = "unparsable" if said.kind == "cut" else found.outcome
    return {"outcome": outcome, "error": why, "raw": said.raw}


def _why(why: str) -> str:
    """Why an answer has no label, without words of its own: those belong into `content`."""
    if why.startswith("no clause"):
        return "It cites a clause that the version does not have."
    return f"{why[:1].upper()}{why[1:]}." if why else "It is no answer by the contract."


def _of_scores(asking: Asking, said: Said | Scores) -> Mapping[str, Any]:
    """The highest score of the categories that mean a violation here, and whether the endpoint flags one of them."""
    if isinstance(said, Said):
        return {
            "outcome": said.kind if said.kind == "refused" else "error",
            "error": said.why,
            "raw": said.raw[:LONGEST_ERROR],
        }
    counted = {name: _clause(asking.names, name) for name in said.scores if _counts(asking.names, name)}
    if not counted:
        why = "The label map takes none of its categories for a violation."
        return {"outcome": "error", "error": why, "raw": said.raw}
    order = sorted(counted, key=lambda name: -said.scores[name])
    flagged = [name for name in order if name in said.flagged]
    cited = dict.fromkeys(clause for name in flagged if (clause := counted[name]))
    return {
        "outcome": "label",
        "label": VIOLATES if flagged else "safe",
        "clauses": tuple(cited),
        "score": said.scores[order[0]],
        "raw": said.raw,
    }


def _counts(names: Mapping[str, str | None], category: str) -> bool:
    return not names or (names.get(category) or "").rpartition(".")[2].rpartition(":")[2].strip() == VIOLATES


def _clause(names: Mapping[str, str | None], category: str) -> str | None:
    return (names.get(category) or "").rpartition(".")[0] or None
