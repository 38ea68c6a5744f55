"""The scheduler and the selector on instances with known answers: two written here, published ones where they lie."""

import csv
from pathlib import Path

import pytest

from benchmarks import nrp, rcpsp

SHARED = Path(__file__).resolve().parents[3] / "shared" / "instances"
PROJECT = """
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           6
   5        1          1           6
   6        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     3       2    1
  3      1     2       2    0
  4      1     2       1    2
  5      1     4       1    1
  6      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    3    2
************************************************************************
"""
# Requirements of 3, 4 and 5; the third needs the first; three customers.
RELEASE = "1 3 3 4 5 1 1 3 3 10 1 2 12 1 3 5 2 1 2"


def known(family: str, *, most: int) -> list[tuple[str, int]]:
    """The smallest published instances of a family with a proven answer."""
    table = SHARED / "optima.tsv"
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["family"] == family]
    proven = [row for row in rows if row["status"].startswith("proved") and row["best_known"] == row["proven_bound"]]
    return [(row["file"], int(row["best_known"])) for row in proven][:most]


def test_that_a_small_project_is_done_as_early_as_can_be():
    makespan, bound, first, _ = rcpsp.solved(PROJECT, 10)
    # 2 and 3 together take more than there is of R 1, and 4 and 5 more than there is of R 2: 3, 2 and 5 beside, 4.
    assert (makespan, bound) == (8, 8)
    assert first >= 8


def test_that_a_small_release_pays_the_most_within_its_budget():
    made = nrp.release(RELEASE)
    assert made.budget(0.58) == 7
    assert nrp.solved(RELEASE, 0.58, 10)[:2] == (15, 15)
    assert nrp.solved(RELEASE, 1.0, 10)[:2] == (27, 27)


def test_that_a_budget_is_rounded_half_up():
    assert nrp.Release((1, 2, 2), (), ()).budget(0.5) == 3


@pytest.mark.parametrize(("file", "best"), known("rcpsp", most=6))
def test_that_published_projects_come_out_at_their_optimum(file, best):
    makespan, bound, first, _ = rcpsp.solved((SHARED / file).read_text(encoding="latin-1"), 20)
    assert bound <= best <= makespan <= first
    assert makespan == best


@pytest.mark.parametrize(("file", "best"), [row for row in known("nrp", most=99) if "nrp1" in row[0]])
def test_that_published_releases_come_out_at_their_optimum(file, best):
    name, _, rest = file.partition("#ratio=")
    text = (SHARED / name).read_text(encoding="latin-1")
    assert nrp.solved(text, float(rest.partition(";")[0]), 20)[:2] == (best, best)
