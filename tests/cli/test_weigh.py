"""weigh, and what score says of ranks and evaluations, as a script uses them."""

import json
import math

import pytest


@pytest.fixture
def weighable(launchpad, project):
    """The project with a mitigation that costs something, a gate and an evaluation."""
    for words in (
        ("mitigation", "code=M-001", "name=Filter", "kind=filter"),
        ("mitigation_variant", "code=M-001.std", "mitigation=M-001", "name=std"),
        ("mitigation", "code=M-002", "name=Training", "kind=training"),
        ("mitigation_variant", "code=M-002.std", "mitigation=M-002", "name=std"),
        ("effect", "variant=M-001.std", "scenario=R-001", "stage=propensity", "coverage=.9", "intended=.2,.5,.8"),
        ("effect", "variant=M-002.std", "scenario=R-001", "stage=propensity", "coverage=.9", "intended=.1,.2,.3"),
        ("side_effect", "variant=M-001.std", "latency_ms=40"),
        ("publicity", "scenario=R-001", "visible=.001,.01,.1"),
        ("evaluation", "code=EV-001", "name=Scams", "polarity=lower", "candidate_n=300"),
        ("gate", "code=G-1", "name=Scams", "kind=rate", "scenario=R-001", "threshold=.05", "evaluation=EV-001"),
    ):
        launchpad.json("add", project, *words)
    return project


def test_that_criteria_are_set_up_weighed_and_shown(launchpad, weighable):
    assert "no criteria yet" in launchpad.json("weigh", weighable)["notes"][0]
    proposed = launchpad.json("weigh", weighable, "--propose")
    assert [row["code"] for row in proposed["criteria"]] == ["C-1", "C-2", "C-3", "C-4"]
    assert all("Assumption" in row["basis"] for row in proposed["criteria"])
    swings = [f"C-{number}={swing}" for number, swing in ((1, 100), (2, 80), (3, 60), (4, 1))]
    found = launchpad.json("weigh", weighable, "--set", "W-1", *swings, "--use", "W-1")
    (used,) = found["weight_sets"]
    assert used["in_use"]
    assert sum(row["weight"] for row in used["weights"]) == pytest.approx(1)
    assert all(0 <= row["low"] <= row["weight"] <= row["high"] <= 1 for row in used["weights"])
    assert {row["code"]: row["ranks"]["W-1"] for row in found["options"]} == {"M-001": 1, "M-002": 2}
    code, out, _ = launchpad("weigh", weighable)
    assert code == 0
    assert "Weights W-1" in out
    assert "M-001" in out


def test_that_several_weight_sets_stand_side_by_side_with_what_contradicts(launchpad, weighable):
    launchpad.json("weigh", weighable, "--propose")
    launchpad.json("weigh", weighable, "--set", "W-1", "C-1=100", "C-2=80", "C-3=60", "C-4=20")
    launchpad.json("weigh", weighable, "--new", "Policy", "--whose", "Policy team", code=0)
    found = launchpad.json("weigh", weighable, "--set", "W-2", "--ranks", "C-1=2", "C-2=3", "C-3=1", "C-4=4")
    assert [row["origin"] for row in found["weight_sets"]] == ["swing weights", "ranks (rank-order centroid)"]
    found = launchpad.json("weigh", weighable, "--set", "W-1", "--ranks", "C-1=2", "C-2=1")
    assert "is ranked" in found["weight_sets"][0]["findings"][0]


BAD = (
    (("--set", "W-1", "C-1=-5"), "C-1"),
    (("--set", "W-1", "C-1=0"), "W-1"),
    (("--set", "W-1", "C-1=much"), "C-1=much"),
    (("--set", "W-9", "C-1=100"), "W-9"),
    (("--set", "W-1"), "C-1=100"),
    (("--ranks",), "--set"),
    (("--whose", "me"), "--new"),
)


def test_that_bad_weights_are_refused_in_a_sentence_that_names_the_record(launchpad, weighable):
    launchpad.json("weigh", weighable, "--propose")
    for arguments, named in BAD:
        code, out, err = launchpad("weigh", weighable, *arguments)
        assert (code, out, err.count("\n")) == (3, "", 1), arguments
        assert named in err


def test_that_a_criterion_without_anchors_is_refused_by_weigh_and_told_by_score(launchpad, weighable):
    launchpad.json("weigh", weighable, "--propose")
    launchpad.json("set", weighable, "criterion", "C-2", "worst=", "best=")
    code, _, err = launchpad("weigh", weighable)
    assert code == 3
    assert "C-2" in err
    answer = launchpad.json("score", weighable, "--draws", "200")
    assert {row["rank_acceptability"] for row in answer["mitigations"]} == {None}
    assert any("C-2" in row["message"] for row in answer["warnings"])


def test_that_weights_that_do_not_cover_every_criterion_are_told_with_exit_1(launchpad, weighable):
    launchpad.json("weigh", weighable, "--propose")
    found = launchpad.json("weigh", weighable, "--set", "W-1", "C-1=100", code=1)
    assert "C-2" in found["notes"][0]
    assert found["weight_sets"][0]["weights"][0] == {
        "criterion": "C-1",
        "swing": 100,
        "rank": None,
        "weight": None,
        "low": None,
        "high": None,
    }


def test_that_the_score_carries_ranks_and_next_evaluations(launchpad, weighable):
    before = launchpad.json("score", weighable, "--draws", "200")
    assert {row["confidence"] for row in before["mitigations"]} == {None}
    (row,) = before["next_evaluations"]
    assert (row["evaluation"], row["n"], row["evsi_per_day"]) == ("EV-001", 300, None)
    launchpad.json("weigh", weighable, "--propose")
    answer = launchpad.json("score", weighable, "--draws", "200")
    for row in answer["mitigations"]:
        assert math.fsum(row["rank_acceptability"]) == pytest.approx(1)
    json.dumps(answer, allow_nan=False)
    _, out, _ = launchpad("score", weighable, "--draws", "200")
    assert "What moves the objective most" in out
    assert "Evaluations to run next" in out


def test_that_both_sides_of_a_mitigation_are_listed(launchpad, weighable):
    found = launchpad.json("weigh", weighable, "--ledger")
    assert (found["launch"], found["state"]) == ("L-1", "current")
    by_code = {row["variant"]: row for row in found["ledger"]}
    assert by_code["M-001.std"]["technical"] > by_code["M-002.std"]["technical"] > 0
    assert (by_code["M-001.std"]["latency_ms"], by_code["M-001.std"]["on"]) == (40, False)
    for row in found["ledger"]:
        assert row["reputational"] == pytest.approx(row["harm_stories"] + row["refusal_stories"])
    _, out, _ = launchpad("weigh", weighable, "--ledger")
    assert "Two sides" in out
    assert "M-001.std" in out


def test_that_mitigations_whose_credit_collapses_are_named(launchpad, weighable):
    launchpad.json("add", weighable, "standing", "variant=M-001.std", "status=done")
    found = launchpad.json("weigh", weighable, "--stress")
    by_code = {row["variant"]: row for row in found["stress"]}
    gains = by_code["M-002.std"]["gains"]
    assert gains["independent"] > gains["beta"] > gains["comonotone"]
    assert [row["variant"] for row in found["stress"] if row["collapses"]] == ["M-002.std"]
    _, out, _ = launchpad("weigh", weighable, "--stress")
    assert "1 of 2 keep too little of their gain when all fail together: M-002.std." in out


def test_that_pairs_are_told_with_how_often_one_beats_the_other(launchpad, weighable):
    assert launchpad.json("weigh", weighable, "--pairwise")["pairwise"] == []
    launchpad.json("weigh", weighable, "--propose")
    found = launchpad.json("weigh", weighable, "--pairwise", "--draws", "300")
    beats = {row["option"]: row["beats"] for row in found["pairwise"]}
    assert beats["M-001"]["M-002"] + beats["M-002"]["M-001"] == pytest.approx(1)
    both = launchpad.json("weigh", weighable, "--pairwise", "--ledger", "--draws", "300")
    assert {"ledger", "pairwise"} <= set(both)
    _, out, _ = launchpad("weigh", weighable, "--pairwise", "--draws", "300")
    assert "beats the one above" in out


def test_that_each_weight_set_has_its_own_column_of_ranks(launchpad, weighable):
    launchpad.json("weigh", weighable, "--propose")
    launchpad.json("weigh", weighable, "--set", "W-1", "C-1=100", "C-2=80", "C-3=60", "C-4=20", "--use", "W-1")
    launchpad.json("weigh", weighable, "--new", "Speed")
    launchpad.json("weigh", weighable, "--set", "W-2", "C-1=1", "C-2=1", "C-3=1", "C-4=100")
    _, out, _ = launchpad("weigh", weighable)
    assert "Rank, W-1" in out
    assert "Rank, W-2" in out


UNFOLDED = {
    "C-1": "Assumption",
    "W-1": "in the objective of plans",
    "EV-001": "Propensity from which to hold",
    "technical": "Opportunities per day",
    "cvar95": "Monte Carlo error",
    "reputational": "R-001",
    "over_refusal": "1 less the product",
    "latency": "the sum of",
    "inherent/technical": "R-001",
    "M-001": "Efficacy as intended",
    "G-1": "gate G-1",
}


def test_that_any_number_unfolds(launchpad, weighable):
    launchpad.json("weigh", weighable, "--propose")
    for code, words in UNFOLDED.items():
        assert words in json.dumps(launchpad.json("score", weighable, "--draws", "200", "--explain", code)), code
    assert launchpad("score", weighable, "--draws", "200", "--explain", "EV-001")[0] == 0
    code, _, err = launchpad("score", weighable, "--draws", "200", "--explain", "nonsense")
    assert code == 3
    assert "cvar95" in err
