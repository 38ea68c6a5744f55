"""Evidence in, beside the harness's own reader: `python -m benchmarks import`.

Four comparisons, each reader in a process of its own, its imports done and its first small file read before the
clock starts: a 50,000-sample Inspect log against inspect_ai's own reading of the sample summaries (installed by
`python -m benchmarks peers`); 300,000 lines of lm-evaluation-harness against a bare loop over json.loads; 1,000 logs
into a project, with the longest wait between two words of progress, and how soon it stops when cancelled.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import peers

RUNS = 5
LINES = 300_000
LOGS = 1_000
MB = 1024**2
OURS = """
from pathlib import Path
from launchpad.intake import read
def work(path):
    return read(Path(path), keep_outcomes={outcomes})
"""
SUMMARIES = "from inspect_ai.log import read_eval_log_sample_summaries as work\n"
LOOP = """
import json
def work(path):
    with open(path, encoding="utf-8") as lines:
        return sum(1 for line in lines if json.loads(line))
"""
MEASURED = """
import json, resource, sys, time
def in_use():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * resource.getpagesize()
work(sys.argv[1])
before, start, worked = in_use(), time.perf_counter(), time.process_time()
kept = work(sys.argv[2])
seconds, worked = time.perf_counter() - start, time.process_time() - worked
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps([seconds, worked, peak, peak - before]))
"""


def measured(python: Path | str, program: str, small: Path, large: Path) -> list[float]:
    """Seconds, those of the processor, peak memory, and that above what was in use before, of reading one file."""
    command = [str(python), "-c", program + MEASURED, str(small), str(large)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return json.loads(answer.stdout.splitlines()[-1])


def compare(readers: dict[str, tuple[Path | str, str]], small: Path, large: Path, unit: str) -> None:
    """Print the medians of five runs of each reader, turn by turn, and the last one's share of the processor to each's.

    Elsewhere on the machine others may be at work, which processor time hardly feels.
    """
    taken: dict[str, list[list[float]]] = {name: [] for name in readers}
    for _ in range(RUNS):
        for name, (python, program) in readers.items():
            taken[name].append(measured(python, program, small, large))
    median = {name: [statistics.median(column) for column in zip(*runs, strict=True)] for name, runs in taken.items()}
    peer = list(median.values())[-1][1]
    print(f"{unit:46}{'seconds':>9}{'processor':>11}{'peer/it':>9}{'peak':>9}{'above start':>13}   medians of {RUNS}")
    for name, (seconds, worked, peak, above) in median.items():
        ratio, memory = f"{peer / worked:.2f}x", f"{peak / MB:.0f} MB"
        print(f"  {name:44}{seconds:>9.2f}{worked:>11.2f}{ratio:>9}{memory:>9}{above / MB:>10.0f} MB")


def inspect_log(folder: Path, samples: int, log: Path | None) -> None:
    """An Inspect log, ours with and without outcomes against Inspect's own sample summaries."""
    python = peers.python()
    maker = Path(__file__).with_name("biglog.py")
    small, large = folder / "small.eval", log or folder / "large.eval"
    for path, count in ((small, 1_000), (large, samples)):
        if not path.exists():
            print(f"Making {path.name}: {count:,} samples ...", flush=True)
            subprocess.run([python, maker, path, str(count)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    readers: dict[str, tuple[Path | str, str]] = {
        "ours, outcomes kept": (sys.executable, OURS.format(outcomes=True)),
        "ours, results only": (sys.executable, OURS.format(outcomes=False)),
        "inspect_ai read_eval_log_sample_summaries": (python, SUMMARIES),
    }
    compare(readers, small, large, f"{large.name}, {large.stat().st_size / MB:.0f} MB")


def samples_lines(folder: Path, count: int) -> None:
    """The samples file of lm-evaluation-harness, ours against a loop that only decodes."""
    small, large = folder / "samples_few_2026-01-01T00-00-00.jsonl", folder / "samples_many_2026-01-01T00-00-00.jsonl"
    for path, lines in ((small, 1_000), (large, count)):
        write_samples(path, lines)
    readers: dict[str, tuple[Path | str, str]] = {
        "ours, outcomes kept": (sys.executable, OURS.format(outcomes=True)),
        "ours, results only": (sys.executable, OURS.format(outcomes=False)),
        "json.loads in a loop": (sys.executable, LOOP),
    }
    compare(readers, small, large, f"{count:,} lines, {large.stat().st_size / MB:.0f} MB")


def write_samples(path: Path, count: int) -> None:
    """A samples file of multiple choice, its lines as long as real ones are, with its results file beside it."""
    drawn, asked = random.Random(1), "[placeholder] Is this request safe?\nAnswer:"
    line: dict[str, Any] = {
        "doc": {"question": asked, "choices": ["safe to answer", "should refuse"], "answer": 1, "category": "cyber"},
        "target": "1",
        "arguments": {f"gen_args_{i}": {"arg_0": asked, "arg_1": word} for i, word in enumerate((" safe", " refuse"))},
        "resps": [[["-0.5", "False"]], [["-0.4", "False"]]],
        "filtered_resps": [["-0.5", "False"], ["-0.4", "False"]],
        "filter": "none",
        "metrics": ["acc"],
        "prompt_hash": "0" * 64,
        "target_hash": "0" * 64,
    }
    ones = 0
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            right = drawn.random() < 0.64
            ones += right
            file.write(json.dumps({"doc_id": i, **line, "doc_hash": f"{i:064x}", "acc": float(right)}) + "\n")
    task = path.name.split("_")[1]
    results = {
        "results": {task: {"alias": task, "acc,none": ones / count, "acc_stderr,none": 0.001}},
        "configs": {},
        "versions": {task: 1},
        "higher_is_better": {task: {"acc": True}},
        "config": {"model": "hf", "model_args": {"pretrained": "acme/chat-7b"}},
    }
    path.with_name(f"results_{task}_2026-01-01T00-00-00.json").write_text(json.dumps(results), encoding="utf-8")


def many_logs(folder: Path, count: int) -> None:
    """Small logs into a project, one transaction each, and once more cancelled half way."""
    logs = folder / "logs"
    logs.mkdir()
    for i in range(count):
        write_log(logs / f"{i:04}.eval", i)
    seconds, longest, told, added = imported(folder / "all.launchpad", logs, stop_after=None)
    print(f"{count:,} logs into a project{'':24}{'seconds':>9}{'a second':>10}{'longest wait':>14}{'results':>9}")
    print(f"  {'all':44}{seconds:>9.2f}{count / seconds:>10.0f}{longest * 1000:>11.0f} ms{added:>9,}")
    seconds, longest, told, added = imported(folder / "part.launchpad", logs, stop_after=told // 2)
    print(f"  {f'cancelled at the {told}th file':44}{seconds:>9.2f}{told / seconds:>10.0f}", end="")
    print(f"{longest * 1000:>11.0f} ms{added:>9,}")


def imported(project: Path, logs: Path, stop_after: int | None) -> tuple[float, float, int, int]:
    """Seconds, the longest wait between words of progress, how many there were, and the results in the project."""
    from launchpad.edits.evidence import Known, add_file
    from launchpad.intake import Refused, read_all
    from launchpad.project import Project
    from launchpad.records import EvalResult

    told: list[float] = []
    with Project.create(project, name="Benchmark") as held:
        known, start = Known(held.inputs), time.perf_counter()
        for number, file in enumerate(
            read_all([logs], progress=lambda _share, _name: told.append(time.perf_counter()))
        ):
            if number == stop_after:
                break
            if isinstance(file, Refused):
                raise file.error
            taken = add_file(known, file)
            held.edit(taken.proposal.changes, f"Import {number}", content=taken.proposal.content)
        seconds = time.perf_counter() - start
        held.refresh()
        waits = [later - earlier for earlier, later in pairwise(told)]
        return seconds, max(waits), len(told), len(held.inputs.rows(EvalResult))


def write_log(path: Path, number: int) -> None:
    """A log of 40 samples, packed as Inspect packed them until 2025."""
    drawn = random.Random(number)
    grades = [drawn.choice("CCCI") for _ in range(40)]
    share = grades.count("C") / 40
    names = {"task": f"task_{number % 25}", "model": f"acme/chat-{number % 40}b", "run_id": f"run-{number}"}
    metrics = {"accuracy": {"name": "accuracy", "value": share, "params": {}}}
    score = {"name": "refusal", "scorer": "refusal", "scored_samples": 40, "unscored_samples": 0, "metrics": metrics}
    spec = {**names, "created": "2026-11-24T05:30:15+00:00", "dataset": {"samples": 40}, "config": {"epochs": 1}}
    header = {"version": 2, "status": "success", "eval": spec, "stats": {}}
    header["results"] = {"total_samples": 40, "completed_samples": 40, "scores": [score]}
    summaries = [{"id": i, "epoch": 1, "scores": {"refusal": {"value": grade}}} for i, grade in enumerate(grades)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("summaries.json", json.dumps(summaries))
        file.writestr("header.json", json.dumps(header))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the three tables, or those asked for."""
    parts: dict[str, Callable[[Path, argparse.Namespace], None]] = {
        "inspect": lambda folder, asked: inspect_log(folder, asked.samples, asked.log),
        "lm-eval": lambda folder, asked: samples_lines(folder, asked.lines),
        "many": lambda folder, asked: many_logs(folder, asked.logs),
    }
    parser = argparse.ArgumentParser(prog="python -m benchmarks import", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(parts), help="inspect, lm-eval, many; all of them if not said")
    parser.add_argument("--samples", type=int, default=50_000)
    parser.add_argument("--log", type=Path, help="a log that is there already, in place of one made for this")
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--logs", type=int, default=LOGS)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        for part in asked.parts:
            parts[part](Path(name), asked)


if __name__ == "__main__":
    main()
