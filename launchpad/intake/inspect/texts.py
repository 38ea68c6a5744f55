"""What a sample was asked last and what the model answered, as plain words; only read when somebody asks for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from launchpad.errors import ImportRefusedError
from launchpad.intake.inspect.whole import Starts, WholeSamples
from launchpad.intake.texts import TextRows
from launchpad.intake.values import as_list, as_object, label, whole
from launchpad.records.imported import Problem

_ATTACHED = "attachment://"
_WANTED = frozenset({"id", "epoch", "input", "messages", "output", "attachments", "message_refs"})
_NEEDED = frozenset({"id", "epoch", "input", "output"})
Fetch = Callable[[str], object]


def take(rows: TextRows, sample: Mapping[str, object], fetch: Fetch | None = None) -> None:
    """Take in one full sample; `fetch` gives what stands behind the number of an attachment."""
    name = label(sample.get("id"))
    if name is None or not rows.keep:
        return
    attachments = as_object(sample.get("attachments"))
    found = [_resolved(words, fetch or attachments.get) for words in (_asked(sample), _answered(sample))]
    rows.put((name, whole(sample.get("epoch")) or 1, found[0], found[1], None))


def read_archive(samples: WholeSamples, rows: TextRows) -> Iterator[Problem]:
    """Take in the full samples of an archive; those that cannot be read are listed."""
    starts = samples.starts()
    for name in samples.names():
        if rows.left_out:
            rows.left_out += 1
            continue
        try:
            sample = samples.sample(name, _WANTED, _is_enough)
            if (name, "messages") in starts and not _is_enough(sample):
                sample["messages"] = _conversation(samples, name, starts, as_list(sample.get("message_refs")))
            take(rows, sample, _fetcher(samples, name, starts))
        except ImportRefusedError as error:
            yield Problem(name, f"its text cannot be read: {error}")
            if samples.zipped.left < 0:
                return


def _is_enough(sample: Mapping[str, object]) -> bool:
    """Whether what has been read holds both texts, and neither of them elsewhere."""
    if not sample.keys() >= _NEEDED:
        return False
    texts = (_asked(sample), _answered(sample))
    return all(words is not None and not words.startswith(_ATTACHED) for words in texts)


def _asked(sample: Mapping[str, object]) -> str | None:
    """The last thing a user said in the sample's input; without an input, in its messages."""
    written = sample.get("input")
    if isinstance(written, str):
        return written
    return _last(as_list(written), "user") or _last(as_list(sample.get("messages")), "user")


def _answered(sample: Mapping[str, object]) -> str | None:
    """The completion of the model; without one its first choice, or its last message."""
    output = as_object(sample.get("output"))
    completion = output.get("completion")
    if isinstance(completion, str) and completion:
        return completion
    choices = [as_object(as_object(choice).get("message")) for choice in as_list(output.get("choices"))[:1]]
    return _last(choices, "") or _last(as_list(sample.get("messages")), "assistant")


def _last(messages: Sequence[object], role: str) -> str | None:
    for message in map(as_object, reversed(messages)):
        if role in ("", message.get("role")) and (words := _words(message.get("content"))):
            return words
    return None


def _words(content: object) -> str | None:
    """The words of a message; of a picture or a sound only that there is one."""
    if isinstance(content, str):
        return content
    parts = [as_object(part) for part in as_list(content)]
    return "\n".join(filter(None, map(_part, parts))) or None


def _part(part: Mapping[str, object]) -> str | None:
    kind, text = label(part.get("type")) or "part", part.get("text")
    if isinstance(text, str):
        return text
    return None if kind == "reasoning" else f"[{kind}]"


def _resolved(words: str | None, fetch: Fetch) -> str | None:
    """The text itself where only a reference to an attachment stands."""
    if words is None or not words.startswith(_ATTACHED):
        return words
    found = fetch(words.removeprefix(_ATTACHED))
    return found if isinstance(found, str) else words


def _fetcher(samples: WholeSamples, name: str, starts: Starts) -> Fetch | None:
    """What looks an attachment of a sample in chunks up by its number."""
    if (name, "attachments") not in starts:
        return None

    def fetch(reference: str) -> object:
        if not reference.isdecimal() or len(reference) > 9:
            return None
        wanted = int(reference)
        items = samples.items(name, "attachments", starts, wanted)
        return next((item for number, item in items if number >= wanted), None)

    return fetch


def _conversation(samples: WholeSamples, name: str, starts: Starts, refs: Sequence[object]) -> list[object]:
    """The last message of user and of model in the final conversation of a sample in chunks, as `refs` give it."""
    ranges = [(whole(pair[0]), whole(pair[1])) for pair in map(as_list, refs) if len(pair) == 2]
    last: dict[object, object] = {}
    for number, message in samples.items(name, "messages", starts):
        if any(start is not None and end is not None and start <= number < end for start, end in ranges):
            role = as_object(message).get("role")
            if role in ("user", "assistant"):
                last[role] = message
    return list(last.values())
