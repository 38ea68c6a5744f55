"""A run graded again: both results stand, the clearly later one is pooled, and a person is told."""

import dataclasses

from launchpad.records import Scenario
from launchpad.scoring import coefficients as known
from launchpad.scoring.checks import check
from launchpad.scoring.evidence import evidence_for
from launchpad.scoring.regraded import regraded
from tests.builders import LAUNCH, grounds, inputs_of, launch, link, result, scenario

FIRST = result(1, 14, 300, run_id="same", file_sha256="a" * 64)
AGAIN = result(2, 40, 300, run_id="same", file_sha256="b" * 64)
LATER = dataclasses.replace(AGAIN, run_date="2026-12-02")


def inputs(*records):
    return inputs_of([*grounds(), *scenario(1), *records])


def pooled(*records):
    made = inputs(*records)
    found = evidence_for(made, launch(), made.rows(Scenario)[0].id, known.of(made))
    return [seen.reading.result.code for seen in found.observations], dict(found.set_aside)


def told(*records):
    return [row for row in check(inputs(*records), LAUNCH) if row.field == "superseded"]


def test_that_the_grading_of_a_later_day_is_pooled_whichever_way_round_they_came():
    codes, aside = pooled(FIRST, LATER, link(1, 1), link(2, 1))
    assert codes == ["E-0002"]
    assert aside == {"eval_result E-0001": "Another result of the same run counts."}
    older = dataclasses.replace(AGAIN, run_date="2026-11-30")
    assert pooled(FIRST, older, link(1, 1), link(2, 1))[0] == ["E-0001"]


def test_that_without_a_clear_order_both_codes_are_named_and_one_is_to_be_marked():
    for again in (AGAIN, dataclasses.replace(AGAIN, run_date=None)):
        assert pooled(FIRST, again, link(1, 1), link(2, 1))[0] == ["E-0001"]
        (warning,) = told(FIRST, again, link(1, 1), link(2, 1))
        assert warning.record == "eval_result E-0001"
        assert "E-0001 and E-0002" in warning.message
        assert "which is newer cannot be told: mark one superseded" in warning.message


def test_that_a_later_grading_is_told_of_even_before_it_is_linked():
    assert pooled(FIRST, LATER, link(1, 1))[0] == ["E-0001"]
    (warning,) = told(FIRST, LATER, link(1, 1))
    assert "the later counts where both are linked: mark one superseded" in warning.message


def test_that_marking_one_settles_it():
    gone = dataclasses.replace(FIRST, superseded=True)
    assert told(gone, AGAIN) == []
    assert pooled(gone, AGAIN, link(1, 1), link(2, 1))[0] == ["E-0002"]


def test_that_what_says_the_same_or_is_another_figure_is_no_second_grading():
    same = result(2, 14, 300, run_id="same", file_sha256="b" * 64)
    assert regraded([FIRST, same]) == []
    for fields in ({"run_id": "other"}, {"run_id": None}, {"part": "fraud"}, {"variant": "strict"}, {"tries": 10}):
        assert regraded([FIRST, dataclasses.replace(AGAIN, **fields)]) == []
    assert regraded([FIRST, dataclasses.replace(AGAIN, file_sha256="a" * 64)]) == []
    assert regraded([FIRST, AGAIN]) == [[FIRST, AGAIN]]
