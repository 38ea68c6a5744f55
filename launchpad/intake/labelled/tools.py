"""One entry of a tool's file -> what it says: Label Studio, Argilla, Prodigy, doccano, OpenAI's Batch API."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from launchpad.intake.labelled.given import GOLD, Given, field_named, long_text, moment, pairs, words
from launchpad.intake.lines import member
from launchpad.intake.values import as_list, as_object
from launchpad.records.imported import Problem

Entry = Mapping[str, object]
Reader = Callable[[str, Entry, list[Problem]], Iterator[Given]]
OK = 200


def tool_of(entry: Entry) -> str | None:
    """The tool that wrote an entry; None when it is a plain row."""
    keys = entry.keys()
    if "custom_id" in keys and keys & {"response", "error"}:
        return "openai-batch"
    if "data" in keys and keys & {"annotations", "predictions", "completions", "id"}:
        return "label-studio"
    if "fields" in keys and keys & {"responses", "suggestions", "metadata"}:
        return "argilla"
    if "options" in keys or ("answer" in keys and keys & {"accept", "_input_hash", "_task_hash"}):
        return "prodigy"
    return "doccano" if isinstance(entry.get("label", entry.get("labels")), list) else None


def predictions_in(entry: Entry) -> int:
    """How many predictions an entry holds: what a model said there is nobody's label."""
    return len(as_list(entry.get("predictions"))) + len(as_object(entry.get("suggestions")))


def label_studio(place: str, entry: Entry, problems: list[Problem]) -> Iterator[Given]:
    """Each annotation of a task; one that was skipped, or marked as ground truth, is listed."""
    data = as_object(entry.get("data"))
    about = _about(data, item=data.get("item_id", entry.get("id")))
    turns = [as_object(turn) for turn in as_list(data.get("messages"))]
    said = {str(turn.get("role")): long_text(turn.get("content")) for turn in turns}
    about |= {"request": about["request"] or said.get("user"), "response": about["response"] or said.get("assistant")}
    found = [as_object(one) for one in as_list(entry.get("annotations", entry.get("completions")))]
    if not found:
        yield Given(place=place, **about)
    for number, one in enumerate(found, start=1):
        where = f"{place}, annotation {number}"
        if one.get("was_cancelled") or one.get("skipped"):
            problems.append(Problem(where, "the annotator skipped this item"))
        elif one.get("ground_truth"):
            problems.append(Problem(where, GOLD))
        else:
            at = moment(one.get("updated_at") or one.get("created_at"))
            results = _results(as_list(one.get("result")), where, problems)
            yield Given(place=where, said=tuple(results), rater=_annotator(one), at=at, **about)


def _annotator(one: Entry) -> str | None:
    by = one.get("rater", one.get("completed_by", one.get("annotator")))
    whole = as_object(by)
    return words(whole.get("email") or whole.get("id")) if whole else words(by)


def _results(results: Sequence[object], where: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    for one in map(as_object, results):
        name = words(one.get("from_name")) or ""
        value = as_object(one.get("value"))
        held = next((value[key] for key in ("choices", "text", "rating", "number") if key in value), None)
        if field_named(name) is None:
            if one.get("type") == "choices":
                problems.append(Problem(where, f"the control {name!r} is about no label of ours; left out"))
            continue
        yield from pairs(name, held)


def argilla(place: str, entry: Entry, problems: list[Problem]) -> Iterator[Given]:
    """The responses of each user to a record; drafts and discarded ones are listed."""
    about = _about(as_object(entry.get("metadata")) | as_object(entry.get("fields")), item=entry.get("id"))
    by: dict[str, list[tuple[str, str]]] = {}
    unfinished: dict[str, str] = {}
    for name, responses in as_object(entry.get("responses")).items():
        for one in map(as_object, as_list(responses)):
            user = words(one.get("user_id")) or ""
            status = words(one.get("status")) or "submitted"
            if status != "submitted":
                unfinished[user] = status
            by.setdefault(user, []).extend(pairs(name, one.get("value")))
    for user, status in unfinished.items():
        by.pop(user, None)
        problems.append(Problem(place, f"the response of user {user} is {status}; left out"))
    if not by and not unfinished:
        yield Given(place=place, **about)
    for user, said in by.items():
        yield Given(place=f"{place}, user {user}", said=tuple(said), rater=user or None, **about)


def prodigy(place: str, entry: Entry, problems: list[Problem]) -> Iterator[Given]:
    """The options accepted; an answer that is rejected or ignored is listed."""
    meta = as_object(entry.get("meta"))
    about = _about(as_object(entry) | meta, item=meta.get("item_id", entry.get("item_id")))
    rater = words(entry.get("_annotator_id") or entry.get("_session_id"))
    answer, name = words(entry.get("answer")), words(meta.get("question")) or "label"
    if answer in ("reject", "ignore"):
        problems.append(Problem(place, f"{rater or 'the annotator'} answered {answer}; left out"))
        return
    if meta.get("gold"):
        problems.append(Problem(place, GOLD))
        return
    # Options accepted in a task that nobody answered are a prediction.
    said = tuple(pairs(name, entry.get("accept"))) if answer == "accept" else ()
    yield Given(place=place, said=said, rater=rater, at=moment(entry.get("_timestamp")), **about)


def doccano(place: str, entry: Entry, problems: list[Problem]) -> Iterator[Given]:
    """The labels of a text; a marked span is no label of an item, and listed."""
    if entry.get("gold"):
        problems.append(Problem(place, GOLD))
        return
    said: list[tuple[str, str]] = []
    for one in as_list(entry.get("label", entry.get("labels"))):
        found = words(one)
        if found is None:
            problems.append(Problem(place, "a marked span is no label of the item; left out"))
        else:
            said.append(("", found))
    notes = pairs("note", entry.get("Comments", entry.get("comments")))
    yield Given(
        place=place,
        said=(*said, *notes),
        rater=words(entry.get("username") or entry.get("annotator")),
        **_about(entry, item=entry.get("item_id", entry.get("id"))),
    )


def openai_batch(place: str, entry: Entry, problems: list[Problem]) -> Iterator[Given]:
    """What a model answered to a request, to be read by the policy's contract; errors and refusals are listed."""
    item, error = words(entry.get("custom_id")), as_object(entry.get("error"))
    status = member(entry, "response", "status_code")
    body = as_object(member(entry, "response", "body"))
    if error or status != OK:
        why = words(error.get("message") or error.get("code") or member(body, "error", "message"))
        problems.append(Problem(place, f"item {item}: no answer, {why or f'status {status}'}"))
        return
    choices = as_list(body.get("choices"))
    message = as_object(as_object(choices[0]).get("message")) if choices else {}
    answer = long_text(message.get("content"))
    if message.get("refusal") or answer is None:
        problems.append(Problem(place, f"item {item}: the model {'refused' if message else 'gave no answer'}"))
        return
    at = moment(body.get("created"))
    yield Given(place=place, item=item, rater=words(body.get("model")), at=at, answer=answer)


def _about(row: Entry, item: object) -> dict[str, Any]:
    return {
        "item": words(item),
        "version": words(row.get("policy_version")),
        "for_rater": words(row.get("rater")),
        "request": long_text(row.get("request", row.get("prompt"))),
        "response": long_text(row.get("response")),
        "language": words(row.get("language")),
    }


READERS: Mapping[str, Reader] = {
    "label-studio": label_studio,
    "argilla": argilla,
    "prodigy": prodigy,
    "doccano": doccano,
    "openai-batch": openai_batch,
}
