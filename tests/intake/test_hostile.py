"""Files crafted to fill memory, disk or time: read or refused in a child of 1 GB and half a minute."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake import hostile

ROOT = Path(__file__).parents[2]
# What is odd about these does no harm, or comes after all that is read.
HARMLESS = {
    *("scores_without_end.eval", "leading_out.eval", "whole.xlsx", "without_styles.xlsx", "without_Content_Types.xlsx"),
    *("utf16_cut.jsonl", "utf16_one_line.jsonl", "one_cell.csv", "window.jsonl.zst", "attempts.report.jsonl"),
    *("behaviours.json", "items.jsonl.zst"),
}


@pytest.fixture(scope="module")
def ask():
    """What asks a limited child about a file: read, refused or fault, and what it said."""
    pytest.importorskip("resource", reason="limits of memory and time are set as on POSIX systems")
    command = [sys.executable, "-W", "error", "-m", "tests.intake.limited"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:

        def answer(path):
            program.stdin.write(f"{path}\n")
            program.stdin.flush()
            return json.loads(program.stdout.readline())

        yield answer


@pytest.mark.parametrize("files", [hostile.archives, hostile.workbooks, hostile.texts], ids=lambda made: made.__name__)
def test_that_the_worst_files_are_read_or_refused_by_name(files, ask, tmp_path):
    seen, wrong = 0, []
    for name, data in files():
        path = tmp_path / name
        path.write_bytes(data)
        outcome, said = ask(path)
        path.unlink()
        expected = "read" if name in HARMLESS else "refused"
        if outcome != expected or (outcome == "refused" and name not in said):
            wrong.append((name, outcome, said))
        seen += 1
    assert not wrong
    assert seen >= 13
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_that_the_largest_files_are_read_or_refused_too(ask, tmp_path):
    for name, data in hostile.largest():
        path = tmp_path / name
        path.write_bytes(data)
        assert ask(path)[0] in ("read", "refused"), name
        path.unlink()
