"""What journalled, guarded writes cost against bare sqlite3: `python -m benchmarks.store`.

The same rows go into the same tables of the same kind of file twice, once through the project
file and once through one `executemany`; a bare figure would only measure the disk.
"""

import hashlib
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import zstandard

from launchpad.changes import edit, insert, new_id
from launchpad.records import EvalResult, Evaluation, columns_of, values_of
from launchpad.store import ProjectFile

ROWS = 10_000
OUTCOMES = 50_000
RUNS = 5


def results(evaluation: Evaluation) -> list[EvalResult]:
    """Plausible rows of the widest table there is."""
    drawn = random.Random(1)
    return [
        EvalResult(
            id=new_id(),
            code=f"E-{i:05}",
            evaluation=evaluation.id,
            model="acme-7b",
            part=f"category {i % 40}",
            value=drawn.random(),
            n=200,
            count=drawn.randrange(200),
            stderr=drawn.random() / 10,
            status="complete",
            harness="inspect",
            file_name="run.eval",
        )
        for i in range(ROWS)
    ]


def outcomes() -> bytes:
    """Per-sample outcomes of one run as one compressed block."""
    drawn = random.Random(2)
    return zstandard.compress(bytes(drawn.randrange(2) for _ in range(OUTCOMES)), 3)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ours(folder: Path, evaluation: Evaluation, rows: list[EvalResult], block: bytes) -> tuple[float, float]:
    """Seconds for the rows and for the block, through the project file."""
    with ProjectFile.create(folder / f"{new_id()}.launchpad", name="Benchmark", author="benchmark") as file:
        file.write(edit([insert(evaluation)], "Evaluation", author="benchmark"))
        made = edit([insert(row) for row in rows], "Results", author="benchmark")
        content = {hashlib.sha256(block).hexdigest(): block}
        alone = edit([], "Outcomes", author="benchmark")
        return seconds(lambda: file.write(made)), seconds(lambda: file.write(alone, content))


def raw(folder: Path, evaluation: Evaluation, rows: list[EvalResult], block: bytes) -> tuple[float, float]:
    """Seconds for the same with one executemany each."""
    path = folder / f"{new_id()}.launchpad"
    with ProjectFile.create(path, name="Benchmark", author="benchmark") as file:
        file.write(edit([insert(evaluation)], "Evaluation", author="benchmark"))
    names = ["id", *(column.name for column in columns_of(EvalResult))]
    sql = f"INSERT INTO eval_result ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    plain = [(row.id, *values_of(row).values()) for row in rows]
    with closing(sqlite3.connect(path)) as connection:
        return (
            seconds(lambda: (connection.executemany(sql, plain), connection.commit())),
            seconds(
                lambda: (
                    connection.execute("INSERT INTO content VALUES (?, ?)", ("0" * 64, block)),
                    connection.commit(),
                )
            ),
        )


def main() -> None:
    """Print the medians of five runs and their ratios."""
    evaluation = Evaluation(id=new_id(), code="xstest", name="XSTest")
    rows, block = results(evaluation), outcomes()
    with tempfile.TemporaryDirectory() as name:
        pairs = [
            (ours(Path(name), evaluation, rows, block), raw(Path(name), evaluation, rows, block)) for _ in range(RUNS)
        ]
    print(f"{'':32}{'ours':>10}{'sqlite3':>10}{'ratio':>8}   medians of {RUNS}")
    for i, what in enumerate((f"{ROWS:,} journalled rows", f"one block of {OUTCOMES:,} outcomes")):
        mine = statistics.median(pair[0][i] for pair in pairs)
        peer = statistics.median(pair[1][i] for pair in pairs)
        print(f"{what:32}{mine * 1000:>7.0f} ms{peer * 1000:>7.0f} ms{mine / peer:>7.1f}x")


if __name__ == "__main__":
    main()
