"""Rank acceptability of 500 options on 8 criteria over 10,000 weights: `python -m benchmarks smaa`.

`plain` is numpy as one writes it down: a product in double precision, argsort, and a count of each rank. `floor` sorts
as many uint32 in place and nothing else. The peers rank one weight vector at a time; they get a few of the same
vectors, in the peers' environment, and their time is scaled up in proportion to the number of vectors. crispyn has no
weighted sum over many weights but VIKOR, which does more for each. One thread for every product; times of the
processor, so that other programs do not count; medians of five runs, each after the other so that all see the same
machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from typing import Any

from benchmarks import peers

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ |= ONE_THREAD  # before numpy is imported, which reads them once

OPTIONS, CRITERIA, DRAWS, RUNS, FEW = 500, 8, 10_000, 5, 100
GIVEN = f"""
import numpy as np
drawn = np.random.default_rng(1)
worths, weights = drawn.random(({OPTIONS}, {CRITERIA})), drawn.dirichlet(np.ones({CRITERIA}), {DRAWS})
"""
PEERS = {
    "scikit-criteria": """
import skcriteria
from skcriteria.agg.simple import WeightedSumModel
def work(few):
    for one in few:
        WeightedSumModel().evaluate(skcriteria.mkdm(worths, [1] * worths.shape[1], weights=one)).rank_
""",
    "pymcdm": """
from pymcdm.methods import WSM
def work(few):
    method, types = WSM(), np.ones(worths.shape[1])
    for one in few:
        method.rank(method(worths, one, types))
""",
    "pyDecision": """
from pyDecision.algorithm.saw import saw_method
def work(few):
    for one in few:
        flow = saw_method(worths, ["max"] * worths.shape[1], one, graph=False, verbose=False)
        flow[np.argsort(-flow[:, 1]), 0]
""",
    "crispyn": """
from crispyn.mcda_methods import VIKOR_SMAA
def work(few):
    VIKOR_SMAA()(worths, few, np.ones(worths.shape[1]))
""",
}
MEASURED = """
import json, sys, time
few = weights[:int(sys.argv[1])]
work(few[:2])
taken = []
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    work(few)
    taken.append(time.process_time() - start)
print(json.dumps(taken))
"""


def works() -> dict[str, Callable[[], object]]:
    """What is timed here: ours, plain numpy, and the floor."""
    import numpy as np

    from launchpad.scoring.tradeoffs.acceptability import acceptability

    given: dict[str, Any] = {}
    exec(GIVEN, given)  # noqa: S102 - our own text, the same that the peers get
    worths, weights = given["worths"], given["weights"]
    keys = np.random.default_rng(2).integers(0, 2**32, (DRAWS, OPTIONS), dtype=np.uint32)
    room = np.empty_like(keys)

    def plain() -> object:
        order = np.argsort(-(weights @ worths.T), axis=1)
        return [np.bincount(order[:, rank], minlength=OPTIONS) for rank in range(OPTIONS)]

    def floor() -> None:
        room[:] = keys
        room.sort(axis=1)

    return {"ours": lambda: acceptability(worths, weights), "plain numpy": plain, "floor": floor}


def peer(name: str, runs: int) -> float:
    """Median seconds of a peer, scaled up to all weight vectors."""
    command = [str(peers.python()), "-c", GIVEN + PEERS[name] + MEASURED, str(FEW), str(runs)]
    found = subprocess.run(  # noqa: S603 - our own programs
        command, capture_output=True, text=True, check=True, env={**os.environ, **ONE_THREAD}
    )
    return statistics.median(json.loads(found.stdout.splitlines()[-1])) * DRAWS / FEW


def main() -> None:
    """Print a table: milliseconds, and how many times ours."""
    parser = argparse.ArgumentParser(prog="benchmarks smaa", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--without-peers", action="store_true", help="only plain numpy and the floor")
    asked = parser.parse_args()
    taken: dict[str, list[float]] = {}
    timed = works()
    for work in timed.values():
        work()
    for _ in range(asked.runs):
        for name, work in timed.items():
            start = time.process_time()
            work()
            taken.setdefault(name, []).append(time.process_time() - start)
    rows = {name: statistics.median(times) for name, times in taken.items()}
    if not asked.without_peers:
        rows |= {f"{name} ({FEW} vectors, scaled)": peer(name, asked.runs) for name in PEERS}
    print(f"{OPTIONS} options x {CRITERIA} criteria x {DRAWS:,} weights, medians of {asked.runs}")
    for name, seconds in rows.items():
        print(f"{name:40}{seconds * 1000:>12.1f} ms{seconds / rows['ours']:>12.2f} x ours")


if __name__ == "__main__":
    main()
