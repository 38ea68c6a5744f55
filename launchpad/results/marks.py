"""What is odd about when the rules of a launch were set: said beside them in every export and screen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from launchpad.edits.criteria import seal_state
from launchpad.records import EvalResult, EvidenceLink, Gate, Inputs, Launch, Tolerance, WeightSet
from launchpad.scoring.criteria import NEVER, standings, when_set
from launchpad.scoring.gates import links_of
from launchpad.scoring.why import named


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One thing to know of a record (`table address`) before trusting it: not sealed, changed since sealed, ..."""

    record: str
    words: str


def rule_marks(inputs: Inputs, launch: Launch, imported: Mapping[int, str] = NEVER) -> tuple[Mark, ...]:
    """What is odd about when the gates, tolerances, weights in use and success criteria of a launch were set.

    A gate is set in time when it was sealed before the first result linked for it, a tolerance and the weights when
    they were before the first result linked in the launch. `imported` says when a result (row id) came into the
    project.
    """
    return tuple(Mark(record, words) for record, said in sorted(_each(inputs, launch, imported)) for words in said)


def _each(inputs: Inputs, launch: Launch, imported: Mapping[int, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    linked = {link.result for link in inputs.rows(EvidenceLink, launch.id)}
    results = [inputs.get(EvalResult, key) for key in sorted(linked)]
    for gate in inputs.rows(Gate, launch.id):
        about = [inputs.get(EvalResult, link.result) for link in links_of(inputs, launch, gate)]
        yield named(inputs, gate), when_set(seal_state(inputs, gate), gate.sealed_at, about, imported)
    for tolerance in inputs.rows(Tolerance, launch.id):
        yield named(inputs, tolerance), when_set(seal_state(inputs, tolerance), tolerance.sealed_at, results, imported)
    for weights in inputs.rows(WeightSet, launch.id):
        if weights.code == launch.weight_set:
            yield named(inputs, weights), when_set(seal_state(inputs, weights), weights.sealed_at, results, imported)
    for one in standings(inputs, launch.id, imported):
        yield named(inputs, one.criterion), one.marks
