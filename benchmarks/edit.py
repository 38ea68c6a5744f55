"""One edit of a large launch until its figures are there: `python -m benchmarks edit`.

300 scenarios x 300 mitigations (six effects and four side effects each), five results a scenario, a plan. For each kind
of edit of a single field: the first stage (means, ranks, totals, gates) and the second (intervals, tails) with what was
kept of before, against the same with nothing kept; a spreadsheet without uncertainty does the first alone. Times are of
the processor.
"""

import argparse
import dataclasses
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.launches import LAUNCH, PLAN, launch_inputs
from launchpad.records import Estimate, Inputs
from launchpad.results import Kept, compute

RUNS = 5
EDITS: dict[str, Callable[[int], tuple[str, dict[str, object]]]] = {
    "one estimate": lambda number: ("exposure", {"opportunities": Estimate(1.0, 20.0 + number, 300.0)}),
    "one effect": lambda number: ("effect", {"intended": Estimate(0.1, 0.2 + number / 100, 0.5)}),
    "one standing": lambda number: ("standing", {"status": "done" if number % 2 else "idea"}),
    "one evidence link": lambda number: ("evidence_link", {"relevance": 0.4 + number / 100}),
    "one side effect": lambda number: ("side_effect", {"false_refusal": Estimate(0.001, 0.002 + number / 1e4, 0.01)}),
    "one name": lambda number: ("scenario", {"name": f"Other {number}"}),
}


def edited(inputs: Inputs, table: str, values: dict[str, object], place: int) -> Inputs:
    """The inputs after an edit of one row."""
    rows = list(inputs.tables[table])
    rows[place] = dataclasses.replace(rows[place], **values)  # pyright: ignore[reportArgumentType] - fields of its own
    return inputs.with_rows({table: tuple(rows)}, str(time.monotonic_ns()))


def seconds(work: Callable[[], object]) -> float:
    """How long one call keeps the processor busy."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the medians of five edits of each kind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks edit", description=__doc__)
    parser.add_argument("--scenarios", type=int, default=300)
    parser.add_argument("--mitigations", type=int, default=300)
    parser.add_argument("--results", type=int, default=0, help="further results that are linked to nothing")
    asked = parser.parse_args(arguments)
    inputs, kept = launch_inputs(asked.scenarios, asked.mitigations, spare=asked.results), Kept()
    compute(launch_inputs(8, 8), LAUNCH, PLAN, draws=100)
    first = seconds(lambda: compute(inputs, LAUNCH, PLAN, draws=0, kept=kept))
    second = seconds(lambda: compute(inputs, LAUNCH, PLAN, kept=kept))
    print(f"{'':20}{'first stage':>13}{'second stage':>14}   medians of {RUNS}")
    print(f"{'nothing kept':20}{first * 1e3:>10.0f} ms{second * 1e3:>11.0f} ms")
    for name, edit in EDITS.items():
        taken: list[tuple[float, float]] = []
        for number in range(RUNS):
            inputs = edited(inputs, *edit(number), place=7 + number % 2)
            after = inputs
            early = seconds(lambda after=after: compute(after, LAUNCH, PLAN, draws=0, kept=kept))
            taken.append((early, seconds(lambda after=after: compute(after, LAUNCH, PLAN, kept=kept))))
        early, late = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"{name:20}{early * 1e3:>10.0f} ms{late * 1e3:>11.0f} ms", flush=True)


if __name__ == "__main__":
    main()
