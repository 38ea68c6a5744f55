"""Work done before, kept for as long as every question it asked of the inputs has the same answer."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar, TypeVarTuple, cast

from launchpad.errors import UnknownRecordError
from launchpad.records import Inputs, Record, field_of

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

ROOM = 128 * 2**20
MOST_ANSWERS = 200_000


@dataclass(frozen=True, slots=True)
class _Question:
    """One call on the inputs, the tables its answer rests on, and that answer."""

    tables: frozenset[str]
    name: str
    arguments: tuple[Any, ...]
    answer: object

    def same(self, inputs: Inputs) -> bool:
        """Whether these inputs give the same answer."""
        try:
            return bool(getattr(inputs, self.name)(*self.arguments) == self.answer)
        except (KeyError, UnknownRecordError):
            return False


class Asked(Inputs):
    """The same inputs, noting what was asked of them; whole tables cannot be asked for."""

    real: Inputs
    questions: dict[Hashable, _Question]

    def __init__(self, real: Inputs) -> None:
        super().__init__(MappingProxyType({}), real.texts, real.head)
        self.__dict__.update(real=real, questions={})

    def rows(self, record: type[R], launch: int | None = None) -> tuple[R, ...]:
        """All rows of a record, or those of one launch."""
        return self._note((record.table,), "rows", record, launch)

    def get(self, record: type[R], row_id: int) -> R:
        """The row with this id."""
        return self._note((record.table,), "get", record, row_id)

    def has(self, record: type[Record], row_id: int) -> bool:
        """Whether a row with this id exists."""
        return self._note((record.table,), "has", record, row_id)

    def children(self, record: type[R], by: str, row_id: int) -> tuple[R, ...]:
        """The rows of a record whose reference `by` points to this row."""
        return self._note((record.table,), "children", record, by, row_id)

    def find(self, record: type[R], address: str, launch: int | None = None) -> R:
        """The row people call by this address."""
        return self._note(self.real.named_by(record.table), "find", record, address, launch)

    def address(self, row: Record) -> str:
        """How people name a row."""
        return self._note(self.real.named_by(row.table), "address", row)

    def part(self, row: Record, name: str) -> str:
        """One field of a row as people read it in an address."""
        declared = field_of(type(row), name)
        refers = None if declared is None else declared.refers
        return self._note(() if refers is None else self.real.named_by(refers), "part", row, name)

    def _note(self, tables: Iterable[str], name: str, *arguments: Any) -> Any:  # noqa: ANN401 - the answer of `real`
        key = (name, *(id(each) if isinstance(each, Record) else each for each in arguments))
        if key not in self.questions:
            answer = getattr(self.real, name)(*arguments)
            self.questions[key] = _Question(frozenset(tables), name, arguments, answer)
        return self.questions[key].answer


@dataclass(frozen=True, slots=True)
class _Answer:
    """What some work returned, what it was given, what it asked, and the tables as they were then."""

    given: tuple[object, ...]
    questions: tuple[_Question, ...]
    tables: Mapping[str, tuple[Record, ...]]
    value: Any

    def changed(self, inputs: Inputs) -> set[str]:
        """The tables asked that are no longer the same."""
        return {name for name, rows in self.tables.items() if inputs.tables.get(name, ()) is not rows}


class Kept:
    """Work of earlier computations; give the same one to `compute` again and only what changed is done anew.

    Results never depend on it. Numbers drawn take at most `room` bytes, the least recently used
    going first; everything else is small.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._answers: dict[Hashable, _Answer] = {}
        self._drawn: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._room = room
        self._used = 0
        self._lock = threading.Lock()

    def once(self, name: Hashable, inputs: Inputs, work: Callable[[Inputs, *Ts], T], *given: *Ts) -> T:
        """What `work(inputs, *given)` returns, done anew only if what it asked has other answers now.

        `name` says which piece of work it is. What comes out equal is the same object as before.
        """
        known = self._answers.get(name)
        if known is not None and known.given == given:
            changed = known.changed(inputs)
            if not changed:
                return cast("T", known.value)
            if all(asked.same(inputs) for asked in known.questions if not changed.isdisjoint(asked.tables)):
                return self._keep(name, inputs, given, known.questions, cast("T", known.value))
        asked = Asked(inputs)
        value = work(asked, *given)
        if known is not None and known.value == value:
            value = cast("T", known.value)
        return self._keep(name, inputs, given, tuple(asked.questions.values()), value)

    def same(self, name: Hashable, work: Callable[[*Ts], T], *given: *Ts) -> T:
        """What `work(*given)` returns, done anew only if it is given something else."""
        known = self._answers.get(name)
        if known is None or known.given != given:
            known = self._answers[name] = _Answer(given, (), {}, work(*given))
        return cast("T", known.value)

    def has(self, key: Hashable) -> bool:
        """Whether numbers go by this key."""
        return key in self._drawn

    def drawn(self, key: Hashable, work: Callable[[], T], size: Callable[[T], int]) -> T:
        """The numbers that go by this key, which holds everything they depend on; `size` is in bytes."""
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return cast("T", self._drawn[key][1])
        value = work()
        with self._lock:
            if key not in self._drawn and size(value) <= self._room:
                self._drawn[key] = size(value), value
                self._used += size(value)
            while self._used > self._room:
                self._used -= self._drawn.popitem(last=False)[1][0]
        return value

    def _keep(
        self, name: Hashable, inputs: Inputs, given: tuple[object, ...], questions: tuple[_Question, ...], value: T
    ) -> T:
        tables = {table: inputs.tables.get(table, ()) for asked in questions for table in asked.tables}
        if len(self._answers) > MOST_ANSWERS:
            self._answers.clear()
        self._answers[name] = _Answer(given, questions, tables, value)
        return value
