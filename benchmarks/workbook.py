"""A workbook of 300 mitigations and 10,000 results, against openpyxl writing the same cells plainly."""

import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import openpyxl

from launchpad.export import write
from launchpad.project import Project
from launchpad.records import EvalResult, Inputs, Launch, Mitigation, MitigationVariant
from launchpad.results import compute
from launchpad.templates import sample_project

MITIGATIONS, RESULTS = 300, 10_000
FIRST_ID = 10**12


def main() -> None:
    """Print the seconds of an export, of the same cells written plainly, their ratio, and the greatest memory."""
    with tempfile.TemporaryDirectory() as folder:
        inputs, launch = large(Path(folder))
        results = compute(inputs, launch, None, draws=1000)
        before = _memory()
        started = time.perf_counter()
        write(Path(folder) / "out.xlsx", inputs, results, None)
        ours, peak = time.perf_counter() - started, _memory()
        plainly = _plainly(Path(folder) / "out.xlsx", Path(folder) / "plain.xlsx")
    print(f"export {ours:.1f} s; the same cells plainly {plainly:.1f} s; ratio {ours / plainly:.2f}")
    print(f"memory {peak:.0f} MB at most, {peak - before:.0f} MB more than before")


def large(folder: Path) -> tuple[Inputs, int]:
    """The sample launch with copies of its mitigations and results, up to the numbers above."""
    sample_project(folder / "s.launchpad")
    with Project.open(folder / "s.launchpad") as project:
        inputs = project.inputs
    launch = inputs.rows(Launch)[0].id
    mitigations, variants = list(inputs.rows(Mitigation)), list(inputs.rows(MitigationVariant))
    for number in range(MITIGATIONS - len(mitigations)):
        row = replace(mitigations[number % 40], id=FIRST_ID + number, code=f"M-{1000 + number}")
        mitigations.append(row)
        variants.append(replace(variants[0], id=FIRST_ID + number, mitigation=row.id, code=f"{row.code}.one"))
    known = list(inputs.rows(EvalResult))
    copies = [
        replace(known[number % len(known)], id=FIRST_ID + number, code=f"Y-{number}")
        for number in range(RESULTS - len(known))
    ]
    tables = {"mitigation": mitigations, "mitigation_variant": variants, "eval_result": [*known, *copies]}
    return inputs.with_rows({name: tuple(rows) for name, rows in tables.items()}, inputs.head), launch


def _plainly(path: Path, out: Path) -> float:
    rows = [
        (sheet.title, [[cell.value for cell in row] for row in sheet.iter_rows()])
        for sheet in openpyxl.load_workbook(path).worksheets
    ]
    started = time.perf_counter()
    book = openpyxl.Workbook()
    for title, lines in rows:
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(out)
    return time.perf_counter() - started


def _memory() -> float:
    """The greatest memory of this process so far, in MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1e6 if sys.platform == "darwin" else 1e3)
