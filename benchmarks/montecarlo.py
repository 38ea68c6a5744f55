"""200 risks, 60 mitigations, 100,000 draws: `python -m benchmarks montecarlo`.

Each risk is a frequency times a severity, each mitigation stops an uncertain share of about half of the risks; asked
for are the mean and the 5 and 95 % points of what is left of each risk, and VaR and CVaR of all of them. `plain` is
numpy in double precision as one writes it down; `ours` the product's own streams, estimates and products in log space;
`draws` the same deviates from numpy in single precision and nothing else; pyfair does the frequencies and severities,
and has no mitigations; it is asked for in the peers' environment. riskquant is not to be had from the package index.
Each runs in a process of its own, for its peak memory above what it had when it began; seconds are of the processor.
"""

import argparse
import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import peers

RISKS, MITIGATIONS, DRAWS, RUNS, BLOCK = 200, 60, 100_000, 5, 8
FREQUENCY, SEVERITY, STOPPED = (2.0, 10.0, 30.0), (1.0, 5.0, 40.0), (0.02, 0.06, 0.15)
Outcome = tuple[float, float, float]


def plain() -> Outcome:
    """Plain numpy: every array whole, in double precision."""
    import numpy as np

    rng = np.random.default_rng(1)
    acts = np.random.default_rng(2).random((RISKS, MITIGATIONS)) < 0.5

    def amount(shape: tuple[int, int], low: float, median: float, high: float) -> Any:  # noqa: ANN401 - an array
        z = rng.standard_normal(shape)
        below, above = (float(np.log(ratio)) / 1.6449 for ratio in (median / low, high / median))
        width = np.where(z < 0, below, above)
        return median * np.exp(width * z)

    def share(shape: tuple[int, int], low: float, median: float, high: float) -> Any:  # noqa: ANN401 - an array
        z: Any = rng.standard_normal(shape)
        low, median, high = (np.log(p / (1 - p)) for p in (low, median, high))
        width: Any = np.where(z < 0, median - low, high - median) / 1.6449
        return 1 / (1 + np.exp(-(median + width * z)))

    residual = amount((RISKS, DRAWS), *FREQUENCY) * amount((RISKS, DRAWS), *SEVERITY)
    stopped = share((MITIGATIONS, DRAWS), *STOPPED)
    for mitigation in range(MITIGATIONS):
        residual *= 1 - acts[:, mitigation, None] * stopped[mitigation]
    points = np.quantile(residual, [0.05, 0.95], axis=1)
    total = residual.sum(axis=0)
    worst = np.quantile(total, 0.95)
    return float(residual.mean()), float(points[1].mean()), float(total[total >= worst].mean())


def ours() -> Outcome:
    """The product's streams, estimates and products in log space, a few risks at a time."""
    import numpy as np

    from launchpad.records import Estimate
    from launchpad.scoring.estimates import at, spread
    from launchpad.scoring.refusals import log_left
    from launchpad.scoring.streams import singles
    from launchpad.scoring.technical import points

    acts = (np.random.default_rng(2).random((RISKS, MITIGATIONS)) < 0.5).astype(np.float32)
    frequency, severity = (spread(Estimate(*points), "log", 0.0) for points in (FREQUENCY, SEVERITY))
    stopped = spread(Estimate(*STOPPED), "logit", 0.0, 1.0)
    left = np.stack([log_left(at(stopped, singles(1, f"M-{m}", "efficacy", DRAWS))) for m in range(MITIGATIONS)])
    total, means, highs = np.zeros(DRAWS), np.zeros(RISKS), np.zeros(RISKS)
    for first in range(0, RISKS, BLOCK):
        share = np.exp(acts[first : first + BLOCK] @ left)
        for risk, mine in enumerate(share, start=first):
            loss = at(frequency, singles(1, f"R-{risk}", "frequency", DRAWS))
            loss *= at(severity, singles(1, f"R-{risk}", "severity", DRAWS))
            loss *= mine
            total += loss
            means[risk] = loss.mean()
            highs[risk] = points(loss, (0.05, 0.95))[1]
    worst = np.quantile(total, 0.95)
    return float(means.mean()), float(highs.mean()), float(total[total >= worst].mean())


def draws() -> Outcome:
    """Numpy's own deviates in single precision, as many as the problem has, and nothing done with them."""
    import numpy as np

    rng = np.random.default_rng(1)
    for _ in range(2 * RISKS + MITIGATIONS):
        rng.standard_normal(DRAWS, dtype=np.float32)
    return 0.0, 0.0, 0.0


def pyfair() -> Outcome:
    """A FairModel for each risk, calculated; without mitigations."""
    module: Any = importlib.import_module("pyfair")
    mean = high = 0.0
    for risk in range(RISKS):
        model = module.FairModel(name=f"R-{risk}", n_simulations=DRAWS)
        for name, (low, mode, most) in (("Loss Event Frequency", FREQUENCY), ("Loss Magnitude", SEVERITY)):
            model.input_data(name, low=low, mode=mode, high=most)
        model.calculate_all()
        found = model.export_results()["Risk"]
        mean, high = mean + found.mean() / RISKS, high + found.quantile(0.95) / RISKS
    return float(mean), float(high), 0.0


WAYS: dict[str, Callable[[], Outcome]] = {
    "plain": plain,
    "ours": ours,
    "draws": draws,
    "pyfair": pyfair,
}


def measured(name: str) -> None:
    """Print seconds, megabytes above the start, and the outcome of one way, as JSON."""
    import numpy as np

    np.random.default_rng(1).standard_normal(10)
    if name == "ours":  # Reading the modules is no part of it.
        importlib.import_module("launchpad.scoring.simulation")
    if name == "pyfair":
        importlib.import_module("pyfair")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    outcome = WAYS[name]()
    taken = time.process_time() - start
    print(json.dumps([taken, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, *outcome]))


def run(python: Path, name: str, runs: int) -> list[float]:
    """Medians over some runs of one way, each in a process of its own with one thread."""
    found: list[list[float]] = []
    words = [str(python), "-m", "benchmarks.montecarlo", "--run", name]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    for _ in range(runs):
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=env)  # noqa: S603 - our own program
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return [statistics.median(column) for column in zip(*found, strict=True)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print seconds, ratio to plain numpy and peak memory of each way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks montecarlo", description=__doc__)
    parser.add_argument("--run", choices=sorted(WAYS), help="one way only, in this process")
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args(arguments)
    if asked.run:
        measured(asked.run)
        return
    print(
        f"{'':10}{'seconds':>9}{'plain /':>9}{'MB':>7}{'mean':>10}{'95 %':>10}{'CVaR 95':>11}   medians of {asked.runs}"
    )
    base = 0.0
    for name in WAYS:
        found = run(peers.python() if name == "pyfair" else Path(sys.executable), name, asked.runs)
        base = base or found[0]
        taken, memory, *outcome = found
        said = "".join(f"{value:>10.4g}" for value in outcome)
        print(f"{name:10}{taken:>9.2f}{base / taken:>8.1f}x{memory:>7.0f}{said}", flush=True)


if __name__ == "__main__":
    main()
