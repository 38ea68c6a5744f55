"""How a propensity is known: one answer, in the list, the sheet, the tree, the assumed share and the warnings."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from launchpad.export import write
from launchpad.records import Estimate, Inputs
from launchpad.results import PropensityRow, compute, explain
from launchpad.results.rows import known_by
from launchpad.results.sensitivity import tornado
from launchpad.scoring.why import Factor
from tests.builders import LAUNCH, grounds, inputs_of, launch, link, result, scenario

ESTIMATE = Estimate(0.1, 0.1, 0.1, "assumed")
CASES = {
    "assumed (default)": (None, 0),
    "assumed": (ESTIMATE, 0),
    "mostly assumed": (ESTIMATE, 8),
    "measured": (ESTIMATE, 40),
    "elicited": (dataclasses.replace(ESTIMATE, kind="elicited"), 0),
    "mostly elicited": (dataclasses.replace(ESTIMATE, kind="elicited"), 30),
    "stated as measured": (dataclasses.replace(ESTIMATE, kind="measured"), 0),
    "mostly stated as measured": (dataclasses.replace(ESTIMATE, kind="measured"), 30),
}


def launched(said: str) -> Inputs:
    estimate, n = CASES[said]
    seen = [result(1, n // 10, n), link(1, 1)] if n else []
    return inputs_of([launch(as_of="2026-12-01"), *grounds()[1:], *scenario(1, propensity=estimate), *seen])


def propensity_in(tree: Factor) -> Factor | None:
    if tree.label == "Propensity":
        return tree
    return next((found for part in tree.parts if (found := propensity_in(part)) is not None), None)


def in_sheet(path: Path) -> object:
    rows = list(load_workbook(path)["Register"].iter_rows(values_only=True))
    header = next(row for row in rows if "Known by" in row)
    return next(row for row in rows if "R-001" in row)[header.index("Known by")]


def in_window(row: PropensityRow) -> str:
    numbers = pytest.importorskip("launchpad.gui.register.numbers")
    return numbers.known_by(row)


@pytest.mark.parametrize("said", CASES)
def test_that_every_place_says_the_same_of_how_a_propensity_is_known(said, tmp_path):
    inputs = launched(said)
    results = compute(inputs, LAUNCH, draws=100)
    row = results.scenarios[0].propensity
    write(tmp_path / "out.xlsx", inputs, results, None)
    assert (row.known_by, in_sheet(tmp_path / "out.xlsx")) == (said, said)
    assert in_window(row).casefold() == said
    kind = said.removesuffix(" (default)").rpartition(" ")[2]
    factor = propensity_in(explain(inputs, results, "R-001"))
    assert factor is not None
    assert (row.kind, factor.kind) == (kind, kind)
    blamed = np.ones(len(results.scenarios))
    swings = tornado(results.model, results.model.current, blamed).swings
    assert {swing.kind for swing in swings if swing.name == "Propensity"} <= {kind}


def test_that_no_two_ways_of_knowing_look_alike():
    words = [compute(launched(said), LAUNCH, draws=0).scenarios[0].propensity.known_by for said in CASES]
    assert words == list(CASES)
    assert known_by("evidence", "assumed", outweighed=True) != known_by("estimate", "assumed")


def test_that_what_mostly_rests_on_an_assumption_counts_as_assumed_and_is_told():
    shares = {said: compute(launched(said), LAUNCH, draws=0).assumed_share for said in CASES}
    assert shares["mostly assumed"] == shares["assumed"] == shares["assumed (default)"]
    assert shares["mostly elicited"] == shares["measured"] == shares["elicited"]
    measured, assumed = shares["measured"], shares["mostly assumed"]
    assert measured is not None
    assert assumed is not None
    assert measured < assumed
    for said in CASES:
        messages = [row.message for row in compute(launched(said), LAUNCH, draws=0).warnings]
        assert any("mostly rests on" in message for message in messages) is said.startswith("mostly")


def test_that_the_tree_says_how_many_of_the_samples_are_evidence():
    inputs = launched("mostly assumed")
    factor = propensity_in(explain(inputs, compute(inputs, LAUNCH, draws=100), "R-001"))
    assert factor is not None
    assert factor.note.endswith("mostly assumed: of the 28 samples it rests on, 8 are evidence")
