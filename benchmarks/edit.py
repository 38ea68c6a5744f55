"""One edit of a large launch until its figures are there: `python -m benchmarks edit`.

300 scenarios x 300 mitigations (six effects and four side effects each), five results a scenario, a plan, eight
criteria with their weights. For each kind of edit of a single field, in a real file: writing it and reading it back,
the first stage (means, ranks, totals, gates), the second (intervals, tails), and what the Trade-offs screen works out
after it: at once (tornado, both sides, overlap stress, evaluations), intervals before and after, rank acceptability;
each with what was kept of before, against the same with nothing kept. A spreadsheet without uncertainty does the first
stage alone. Times are of the processor, so that other programs do not count.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.launches import LAUNCH, PLAN, launch_inputs
from launchpad.changes import Change, insert
from launchpad.edits.records import set_values
from launchpad.edits.weights import Answer, new_weight_set, propose_criteria, set_swings, use
from launchpad.project import Project
from launchpad.records import Criterion, Estimate, Inputs, Launch, Record, WeightSet
from launchpad.results import Kept, Results, compute
from launchpad.results.ledger import ledger, stress
from launchpad.results.moves import DRAWS, moves
from launchpad.results.sensitivity import tornado
from launchpad.results.tradeoffs import tradeoffs
from launchpad.scoring.next_evaluations import next_evaluations
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions

T = TypeVar("T")
RUNS = 5
EDITS: dict[str, Callable[[int], tuple[str, dict[str, object]]]] = {
    "one estimate": lambda number: ("exposure", {"opportunities": Estimate(1.0, 20.0 + number, 300.0)}),
    "one effect": lambda number: ("effect", {"intended": Estimate(0.1, 0.2 + number / 100, 0.5)}),
    "one standing": lambda number: ("standing", {"status": "done" if number % 2 else "idea"}),
    "one evidence link": lambda number: ("evidence_link", {"relevance": 0.4 + number / 100}),
    "one side effect": lambda number: ("side_effect", {"false_refusal": Estimate(0.001, 0.002 + number / 1e4, 0.01)}),
    "one name": lambda number: ("scenario", {"name": f"Other {number}"}),
}


COLUMNS = ("written", "first", "second", "at once", "intervals", "ranks", "all")


class Clock:
    """How long calls keep the processor busy, in order."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def timed(self, work: Callable[[], T]) -> T:
        """What a call returns."""
        start = time.process_time()
        found = work()
        self.taken.append(time.process_time() - start)
        return found


def project_of(path: Path, inputs: Inputs) -> Project:
    """A project file that holds these inputs, with criteria and weights."""
    project = Project.create(path, name="Made up")

    def do(changes: Sequence[Change], label: str) -> None:
        project.edit(changes, label)
        project.refresh()

    do([insert(row) for rows in inputs.tables.values() for row in rows], "Fill")
    do(propose_criteria(project.inputs, compute(project.inputs, LAUNCH, PLAN, draws=1000)), "Set up criteria")
    weight_set, change = new_weight_set(project.inputs, project.inputs.get(Launch, LAUNCH), "Weights")
    do([change], "Add weights")
    weight_set = project.inputs.get(WeightSet, weight_set.id)
    codes = [row.code for row in project.inputs.rows(Criterion, LAUNCH)]
    swings = {code: Answer(swing=100.0 - 10 * place) for place, code in enumerate(codes)}
    do(set_swings(project.inputs, weight_set, swings), "Weigh")
    do(use(project.inputs.get(Launch, LAUNCH), weight_set), "Use weights")
    return project


def write(project: Project, table: str, values: dict[str, object], place: int) -> None:
    """Edit one row in the file, and read back what it touched."""
    row: Record = project.inputs.tables[table][place]
    project.edit(set_values(row, **values), "Edit")
    project.refresh()


def at_once(inputs: Inputs, results: Results) -> None:
    """What the Trade-offs screen shows without drawing."""
    model = results.model
    state = model.planned or model.current
    moves(model, results)
    tornado(model, state, blame(attributions(model, state), model.coefficients), first=40)
    ledger(model, state)
    stress(model, state)
    next_evaluations(inputs, model, state)


def figures(clock: Clock, inputs: Inputs, kept: Kept, drawn: Kept) -> None:
    """Everything on screen, stage by stage."""
    clock.timed(lambda: compute(inputs, LAUNCH, PLAN, draws=0, kept=kept))
    results = clock.timed(lambda: compute(inputs, LAUNCH, PLAN, kept=kept))
    clock.timed(lambda: at_once(inputs, results))
    clock.timed(lambda: moves(results.model, results, draws=DRAWS, kept=drawn))
    clock.timed(lambda: tradeoffs(inputs, results, kept=drawn))


def edits_timed(project: Project, name: str, kept: Kept, drawn: Kept) -> Iterator[list[float]]:
    """The times of some edits of one kind."""
    for number in range(RUNS):
        clock, (table, values) = Clock(), EDITS[name](number)
        clock.timed(lambda table=table, values=values, number=number: write(project, table, values, 7 + number))
        figures(clock, project.inputs, kept, drawn)
        yield clock.taken


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the medians of five edits of each kind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks edit", description=__doc__)
    parser.add_argument("--scenarios", type=int, default=300)
    parser.add_argument("--mitigations", type=int, default=300)
    parser.add_argument("--results", type=int, default=0, help="further results that are linked to nothing")
    asked = parser.parse_args(arguments)
    compute(launch_inputs(8, 8), LAUNCH, PLAN, draws=100)
    with tempfile.TemporaryDirectory() as folder:
        inputs = launch_inputs(asked.scenarios, asked.mitigations, spare=asked.results)
        project = project_of(Path(folder) / "large.launchpad", inputs)
        kept, drawn, clock = Kept(), Kept(), Clock()
        figures(clock, project.inputs, kept, drawn)
        print(f"{'ms, medians of ' + str(RUNS):20}" + "".join(f"{name:>11}" for name in COLUMNS))
        print(_line("nothing kept", [0.0, *clock.taken]), flush=True)
        for name in EDITS:
            columns = zip(*edits_timed(project, name, kept, drawn), strict=True)
            print(_line(name, [statistics.median(column) for column in columns]), flush=True)
        project.close()


def _line(name: str, seconds: Sequence[float]) -> str:
    return f"{name:20}" + "".join(f"{each * 1e3:>11.0f}" for each in (*seconds, sum(seconds)))


if __name__ == "__main__":
    main()
