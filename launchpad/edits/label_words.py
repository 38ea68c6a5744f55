"""What a label is called, in a file or by a person, and which of our labels it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from launchpad.errors import InvalidValueError
from launchpad.records import Clause, Inputs, Label, LabelMap, LabelMapEntry, PolicyVersion, field_of

LABELS = ("request_risk", "violation", "style")
CLAUSES = ("clause", "defensible")
Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Covered:
    """What a map said of the labels it met: how many in all, renamed, taken out, and those it does not mention."""

    map: str
    labels: int = 0
    mapped: int = 0
    taken_out: int = 0
    unmapped: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def share(self) -> float | None:
        """The share of the labels that the map mentions; None without a label."""
        return (self.mapped + self.taken_out) / self.labels if self.labels else None


def meaning(said: Said, clauses: frozenset[str]) -> dict[str, object]:
    """The fields that a label stands for, `clauses` being the codes that may be cited.

    The field of a label may be open (""): then its name tells it, alone (`refuse`), after its field (`style:refuse`)
    or after the clause it rests on (`MED-01.violates`). Raises InvalidValueError for what is no label of ours.
    """
    name, words = said
    if name == "note":
        return {"note": words}
    if name == "severity":
        return {"severity": _severity(words)}
    if name in CLAUSES:
        return {name: _clause(words, clauses)}
    if name in LABELS:
        code = _code(name, words)
        return {name: code} if code else _with_clause(name, words, clauses)
    before, mark, after = words.partition(":")
    if not mark:
        before, mark, after = words.partition("=")
    if mark and field_of(Label, before.strip()) is not None and before.strip() in (*LABELS, *CLAUSES, "severity"):
        return meaning((before.strip(), after.strip()), clauses)
    found = [(name, code) for name in LABELS if (code := _code(name, words))]
    return dict(found) if found else _with_clause("", words, clauses)


def clauses_of(inputs: Inputs, version: PolicyVersion) -> frozenset[str]:
    """The codes of the clauses of a version."""
    return frozenset(row.code for row in inputs.children(Clause, "version", version.id))


def names_of(inputs: Inputs, label_map: LabelMap) -> dict[str, str | None]:
    """What each label of a map is called here, None where it has no place here."""
    return {row.theirs: row.ours for row in inputs.children(LabelMapEntry, "label_map", label_map.id)}


def renamed(said: Said, names: Mapping[str, str | None]) -> Said | None:
    """A label by a map: in our words, None where the map takes it out, as it was where the map does not mention it."""
    name, words = said
    for key in (f"{name}:{words}", words):
        if key in names:
            ours = names[key]
            return None if ours is None else ("", ours)
    return said


def mentioned(said: Said, names: Mapping[str, str | None]) -> bool:
    """Whether a map says anything of a label."""
    return said[1] in names or f"{said[0]}:{said[1]}" in names


def choices(name: str) -> Mapping[str, str]:
    """The codes of a label and what people call them."""
    declared = field_of(Label, name)
    return {} if declared is None else declared.choices


def _code(name: str, words: str) -> str | None:
    wanted = _bare(words)
    return next((code for code, label in choices(name).items() if wanted in (_bare(code), _bare(label))), None)


def _with_clause(name: str, words: str, clauses: frozenset[str]) -> dict[str, object]:
    """`MED-01.violates`, and a clause's code alone where any field may be meant."""
    if name == "" and words in clauses:
        return {"clause": words}
    clause, mark, verdict = words.rpartition(".")
    code = _code("violation", verdict) if mark else None
    if code and name in ("", "violation") and clause in clauses:
        return {"violation": code, "clause": clause}
    raise InvalidValueError(f"{words!r} is no label of ours.", f"The labels are: {', '.join(_all(name))}.")


def _all(name: str) -> Iterator[str]:
    for one in (name,) if name in LABELS else LABELS:
        yield from choices(one)


def _severity(words: str) -> int:
    if words not in ("1", "2", "3", "4", "5"):
        raise InvalidValueError(f"{words!r} is no severity.", "It is 1 to 5.")
    return int(words)


def _clause(words: str, clauses: frozenset[str]) -> str:
    if words not in clauses:
        known = ", ".join(sorted(clauses)) or "none"
        raise InvalidValueError(f"{words!r} is no clause of this version.", f"It has: {known}.")
    return words


def _bare(words: str) -> str:
    return " ".join(words.replace("_", " ").replace("-", " ").casefold().split())
