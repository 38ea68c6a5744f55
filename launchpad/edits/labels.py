"""Labels that come in: matched to the examples they are of, put into our words, and checked before any is written."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from launchpad.changes import Change, insert
from launchpad.edits import Proposal
from launchpad.edits.label_words import LABELS, Covered, Said, clauses_of, meaning, mentioned, names_of, renamed
from launchpad.edits.policies import example_handling
from launchpad.edits.records import made_from, set_values
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.intake.labelled.given import Given, Labelled
from launchpad.records import Example, GoldSet, Inputs, Label, LabelMap, PolicyVersion
from launchpad.records.imported import Problem

_BLIND = re.compile(r"item-[0-9a-f]{16}")
SETTLED_BY = ("unanimous", "majority", "adjudicated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """How labels are to be read: under which version (where a file does not say), whose, by which map.

    `rater` is whose all of them are; `who` says whom a tool means by a name of its own. `field` is what labels are
    whose column does not tell. `add_examples` takes in items that the project does not have; `replace` lets a label
    that is there be changed.
    """

    version: PolicyVersion | None = None
    gold_set: GoldSet | None = None
    rater: str | None = None
    who: Mapping[str, str] = field(default_factory=dict[str, str])
    label_map: LabelMap | None = None
    field: str | None = None
    add_examples: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import would write, and all that it does not: what was there already, nobody labelled, or is wrong."""

    proposal: Proposal
    added: int
    changed: int
    unchanged: int
    unlabelled: int
    examples: tuple[str, ...]
    hashed_only: tuple[str, ...]
    problems: tuple[Problem, ...]
    covered: Covered | None


Key = tuple[int, int, str]


def blind_id(code: str) -> str:
    """What a blind rater knows an item by: its code could name the clause, or be odd for one side of the line."""
    return f"item-{hashlib.sha256(f'launchpad item {code}'.encode()).hexdigest()[:16]}"


def import_labels(inputs: Inputs, files: Sequence[Labelled], wish: Incoming) -> Imported:
    """The changes that add what these files say, all of them read before any is made.

    Raises InvalidValueError when a file does not say under which policy version its labels were given and `wish`
    does not either.
    """
    taking = _Taking(inputs, wish)
    for file in files:
        prefix = f"{file.path}, " if len(files) > 1 else ""
        taking.problems.extend(Problem(f"{prefix}{one.where}", one.what) for one in file.problems)
        for one in file.given:
            taking.take(one, f"{prefix}{one.place}")
    return taking.done()


class _Taking:
    """The labels taken so far, by example, version and rater, with where each was said."""

    def __init__(self, inputs: Inputs, wish: Incoming) -> None:
        self.problems: list[Problem] = []
        self._inputs = inputs
        self._wish = wish
        self._examples: dict[str, Example] = {}
        for row in inputs.rows(Example):
            self._examples |= {row.code: row, blind_id(row.code): row}
        self._made: dict[str, Example] = {}
        self._content: dict[str, bytes] = {}
        self._hashed: list[str] = []
        self._names = names_of(inputs, wish.label_map) if wish.label_map else {}
        self._counts = {"labels": 0, "mapped": 0, "taken_out": 0}
        self._unmapped: dict[str, int] = {}
        self._clauses: dict[int, frozenset[str]] = {}
        self._taken: dict[Key, dict[str, object]] = {}
        self._places: dict[Key, str] = {}
        self._spoiled: set[Key] = set()
        self._unlabelled = 0

    def take(self, one: Given, where: str) -> None:
        """Take one entry in, or list why not."""
        try:
            version = self._version(one)
            example = self._example(one, version)
            if not one.said:
                self._unlabelled += 1
                return
            key = (example.id, version.id, self._rater(one))
            self._merge(key, self._values(one, version), one, where)
        except (_LeftOut, UnknownRecordError) as reason:
            self.problems.append(Problem(where, str(reason)))

    def done(self) -> Imported:
        """All that was taken, as changes against what the project holds."""
        held = {(row.example, row.policy_version, row.rater): row for row in self._inputs.rows(Label) if not row.gold}
        changes: list[Change] = [insert(row) for row in self._made.values()]
        added = changed = unchanged = 0
        for key, values in self._taken.items():
            if key in self._spoiled:
                continue
            row = held.get(key)
            if row is None:
                example, version, rater = key
                changes.append(
                    insert(made_from(Label, {"example": example, "policy_version": version, "rater": rater, **values}))
                )
                added += 1
                continue
            made = self._changes(row, values, self._places[key])
            changes.extend(made)
            changed, unchanged = changed + bool(made), unchanged + (not made)
        covered = None
        if self._wish.label_map is not None:
            covered = Covered(self._inputs.address(self._wish.label_map), **self._counts, unmapped=self._unmapped)
        return Imported(
            Proposal(tuple(changes), self._content),
            *(added, changed, unchanged, self._unlabelled),
            examples=tuple(self._made),
            hashed_only=tuple(self._hashed),
            problems=tuple(self.problems),
            covered=covered,
        )

    def _version(self, one: Given) -> PolicyVersion:
        if one.version is not None:
            return self._inputs.find(PolicyVersion, one.version)
        if self._wish.version is None:
            raise InvalidValueError(
                "The labels do not say under which policy version they were given.", "Say it: --policy POLICY/VERSION ."
            )
        return self._wish.version

    def _example(self, one: Given, version: PolicyVersion) -> Example:
        if one.item is None:
            raise _LeftOut("it does not say which item it is about")
        found = self._examples.get(one.item)
        if found is None:
            return self._new_example(one, one.item, version)
        gold = self._wish.gold_set
        if gold is not None and found.gold_set != gold.id:
            raise _LeftOut(f"item {one.item} is not in gold set {gold.code}")
        for name, words in (("request", one.request), ("response", one.response)):
            own = self._inputs.text(getattr(found, name))
            if words is not None and own is not None and own.split() != words.split():
                raise _LeftOut(f"the {name} of item {one.item} is another text than in the project")
        return found

    def _new_example(self, one: Given, item: str, version: PolicyVersion) -> Example:
        if not self._wish.add_examples or _BLIND.fullmatch(item):
            raise _LeftOut(f"the project has no item {item}")
        texts = {"request": one.request, "response": one.response}
        if not any(texts.values()):
            raise _LeftOut(f"item {item} is new, and neither its request nor its answer is given")
        hashes = {name: _sha256(words) for name, words in texts.items() if words}
        gold = self._wish.gold_set
        values = {"code": item, "policy": version.policy, "gold_set": gold and gold.id, "language": one.language}
        made = made_from(Example, {**values, **hashes})
        if not isinstance(made, Example):
            raise TypeError(made)
        if example_handling(self._inputs, made) == "restricted":
            self._hashed.append(item)
        else:
            self._content |= {hashes[name]: words.encode() for name, words in texts.items() if words}
        self._examples[item] = self._made[item] = made
        return made

    def _rater(self, one: Given) -> str:
        rater = self._wish.rater or self._wish.who.get(one.rater or "") or one.for_rater or one.rater
        if rater is None:
            raise _LeftOut("it does not say who the rater is (--rater CODE)")
        if "@" in rater:
            raise _LeftOut("its rater is an address of a person; say which code that is (--who ADDRESS=CODE)")
        if rater.partition(":")[0] in SETTLED_BY:
            raise _LeftOut(f"the rater {rater!r} is how a settled label is called")
        return rater

    def _values(self, one: Given, version: PolicyVersion) -> dict[str, object]:
        clauses = self._clauses.setdefault(version.id, clauses_of(self._inputs, version))
        found: dict[str, object] = {}
        for said in self._renamed(one.said):
            name, words = said
            try:
                meant = meaning((self._wish.field or "", words) if name == "" and self._wish.field else said, clauses)
            except InvalidValueError as error:
                raise _LeftOut(f"item {one.item}: {error.message}") from None
            for into, value in meant.items():
                if found.setdefault(into, value) != value:
                    raise _LeftOut(f"item {one.item} has two labels for {into}, {found[into]!r} and {value!r}")
        if one.at and found:
            found["given_at"] = one.at
        return found

    def _renamed(self, said: Iterable[Said]) -> Iterable[Said]:
        for one in said:
            if self._wish.label_map is None or one[0] not in ("", *LABELS):
                yield one
                continue
            self._counts["labels"] += 1
            new = renamed(one, self._names)
            if not mentioned(one, self._names):
                self._unmapped[one[1]] = self._unmapped.get(one[1], 0) + 1
            else:
                self._counts["taken_out" if new is None else "mapped"] += 1
            if new is not None:
                yield new

    def _merge(self, key: Key, values: dict[str, object], one: Given, where: str) -> None:
        """Add to what this rater said of this item, at most once for each field."""
        if not values:
            self._unlabelled += 1
            return
        before = self._taken.setdefault(key, {})
        again = {name for name in values if name in before and name != "given_at"}
        if differs := sorted(name for name in again if before[name] != values[name]):
            self._spoiled.add(key)
            first = self._places[key]
            what = f"{key[2]} said two things of item {one.item} ({', '.join(differs)}; see {first}); neither was taken"
            self.problems.append(Problem(where, what))
        elif again:
            self.problems.append(Problem(where, f"{key[2]} said the same of item {one.item} at {self._places[key]}"))
        self._taken[key] = {**values, **before}
        self._places.setdefault(key, where)

    def _changes(self, row: Label, values: Mapping[str, object], where: str) -> list[Change]:
        mine = {name: value for name, value in values.items() if name != "given_at"}
        other = {name: value for name, value in mine.items() if getattr(row, name) != value}
        if not other:
            return []
        said = [name for name in other if getattr(row, name) is not None]
        if said and not self._wish.replace:
            names = ", ".join(f"{name} {getattr(row, name)!r}, now {other[name]!r}" for name in said)
            what = f"label {self._inputs.address(row)} says already: {names}; kept as it was (--replace)"
            self.problems.append(Problem(where, what))
            return []
        return set_values(row, **values)


class _LeftOut(Exception):  # noqa: N818 - a reason, not a fault: it becomes a line of the report
    """Why an entry is left out."""


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
