"""Label maps of a project: versions of how the labels of another scheme are read here."""

from collections.abc import Mapping

from launchpad.changes import Change, insert
from launchpad.edits.label_words import LABELS, choices, names_of
from launchpad.edits.records import made_from
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Inputs, LabelMap, LabelMapEntry


def add_map(
    inputs: Inputs, code: str, names: Mapping[str, str | None], *, name: str | None = None, source: str | None = None
) -> list[Change]:
    """The changes that add a map, as its next version when there is one; none when the newest says the same already.

    `names` is what each of their labels is called here, None where it has no place. Raises InvalidValueError for an
    empty map, or one that names what is no label of ours.
    """
    if not names:
        raise InvalidValueError(f"The label map {code} maps nothing.", "Give at least one pair of labels.")
    ours = {_known(code, theirs, said) for theirs, said in names.items()}
    if ours == {None}:
        raise InvalidValueError(f"The label map {code} takes every label out.", "Say what at least one is called here.")
    before = versions_of(inputs, code)
    if before and names_of(inputs, before[-1]) == dict(names):
        return []
    known = (before[-1].name, before[-1].source) if before else (code, None)
    version = str(1 + max((int(row.version) for row in before if row.version.isdigit()), default=len(before)))
    values = {"code": code, "version": version, "name": name or known[0], "source": source or known[1]}
    made = made_from(LabelMap, values)
    entries = (made_from(LabelMapEntry, {"label_map": made.id, "theirs": one, "ours": names[one]}) for one in names)
    return [insert(made), *map(insert, entries)]


def map_named(inputs: Inputs, address: str) -> LabelMap:
    """The map called `CODE/VERSION`, or the newest version of CODE; raises UnknownRecordError when there is none."""
    code, slash, _ = address.partition("/")
    if slash:
        return inputs.find(LabelMap, address)
    found = versions_of(inputs, code)
    if not found:
        there = ", ".join(sorted({row.code for row in inputs.rows(LabelMap)})) or "none"
        hint = f"There are: {there}. Add one: launchpad labels map PROJECT {code} FILE.csv ."
        raise UnknownRecordError(f"There is no label map {code!r}.", hint)
    return found[-1]


def versions_of(inputs: Inputs, code: str) -> list[LabelMap]:
    """The versions of a map, oldest first."""
    rows = [row for row in inputs.rows(LabelMap) if row.code == code]
    return sorted(rows, key=lambda row: (int(row.version) if row.version.isdigit() else -1, row.version))


def _known(code: str, theirs: str, said: str | None) -> str | None:
    """What a label becomes, once it is sure that it is one of ours; a clause may stand before a verdict."""
    if said is None:
        return None
    name, mark, rest = said.partition(":")
    wanted = rest.strip() if mark else said
    fields = (name.strip(),) if mark else LABELS
    if any(wanted in choices(one) for one in fields):
        return said
    if not mark and said.rpartition(".")[2] in choices("violation"):
        return said
    raise InvalidValueError(
        f"The label map {code} calls {theirs!r} {said!r}, which is no label of ours.",
        f"The labels are: {', '.join(label for one in LABELS for label in choices(one))}.",
    )
