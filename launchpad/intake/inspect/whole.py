"""The samples of an .eval archive in full, one at a time: a member each, or a shell with its parts in chunks."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from launchpad.intake import archive, jsons
from launchpad.intake.values import as_object

# Ids may hold slashes, so that only the end of a name tells what a member is.
_SAMPLE = re.compile(r"samples/.+_epoch_\d+(?:/sample)?\.json", re.DOTALL)
_SHELL = "/sample.json"
_CHUNK = re.compile(r"(samples/.+_epoch_\d+)/(messages|attachments)/(\d{1,9})\.json", re.DOTALL)
# What may be longer than a value can be comes piece by piece, and is dropped unless it is wanted.
_STREAMED = frozenset({"messages", "events", "events_data.messages", "events_data.calls", "attachments.any"})
Starts = Mapping[tuple[str, str], list[int]]
Enough = Callable[[Mapping[str, object]], bool]


@dataclass(frozen=True, slots=True)
class WholeSamples:
    """The full samples in an open archive, by the names of their members."""

    zipped: archive.Archive

    def names(self) -> Iterator[str]:
        """The member of each sample; of one in chunks its shell."""
        return filter(_SAMPLE.fullmatch, self.zipped.members)

    def sample(self, name: str, wanted: frozenset[str], enough: Enough | None = None) -> dict[str, object]:
        """The keys wanted of a sample, read until `enough`; its messages and attachments only where they are wanted.

        Messages come as a list, attachments as an object; those of a sample in chunks are not among them.
        """
        pieces = archive.read(self.zipped, name, archive.MAX_STREAM)
        found: dict[str, object] = {}
        messages: list[object] = []
        attachments: dict[str, object] = {}
        for key, value in jsons.object_items(pieces, self._called(name), _STREAMED, None):
            if key == "messages" and key in wanted:
                messages.append(value)
                found[key] = messages
            elif key.startswith("attachments.") and "attachments" in wanted:
                attachments[key.removeprefix("attachments.")] = value
                found["attachments"] = attachments
            elif key in wanted and key not in _STREAMED:
                found[key] = value
            if enough is not None and enough(found):
                break
        # The checksum holds for the whole member.
        for _ in pieces:
            pass
        return found

    def metadata(self, name: str) -> dict[str, object]:
        """The metadata of a sample in chunks, which lie beside its shell."""
        beside = f"{name.removesuffix(_SHELL)}/metadata.json"
        if not name.endswith(_SHELL) or beside not in self.zipped.members:
            return {}
        return as_object(jsons.load(archive.read(self.zipped, beside), self._called(beside), lambda _: None))

    def starts(self) -> Starts:
        """For each sample in chunks and kind of chunk, the number of the first item in each, in order."""
        found: dict[tuple[str, str], list[int]] = {}
        for match in filter(None, map(_CHUNK.fullmatch, self.zipped.members)):
            found.setdefault((f"{match[1]}{_SHELL}", match[2]), []).append(int(match[3]))
        for numbers in found.values():
            numbers.sort()
        return found

    def items(self, name: str, kind: str, starts: Starts, first: int = 0) -> Iterator[tuple[int, object]]:
        """The numbered items of one kind in the chunks of a sample, from the chunk that holds `first` on."""
        numbers = starts.get((name, kind), [])
        begin = max((place for place, start in enumerate(numbers) if start <= first), default=0)
        for start in numbers[begin:]:
            member = f"{name.removesuffix(_SHELL)}/{kind}/{start}.json"
            pieces = archive.read(self.zipped, member, archive.MAX_STREAM)
            yield from enumerate(jsons.array_items(pieces, self._called(member)), start=start)

    def _called(self, member: str) -> str:
        return f"{self.zipped.path}, member {member!r}"
