"""Incidents, readings and triggers come in by the ordinary commands; `watch` holds them against the prediction."""

import pytest


@pytest.fixture
def out(launchpad, project):
    """The project's launch went out on 2099-03-01 and is seen ten days later; a gate and a trigger stand ready."""
    launchpad.json("set", project, "launch", "L-1", "as_of=2099-03-10", "status=launched")
    launchpad.json("set", project, "exposure", "R-001", "opportunities=10", "propensity=.1")
    launchpad.json("add", project, "gate", "code=G-001", "name=Letters", "kind=rate", "scenario=R-001", "threshold=.05")
    added = launchpad.json("add", project, "trigger", "gate=G-001", "scenario=R-001", "threshold=3", "window_days=7")
    assert added["added"] == "TR-001"
    return project


def test_that_incidents_and_readings_are_added_like_any_record(launchpad, out):
    words = ["scenario=R-001", "happened=2099-03-05", "events=3", "public=yes", "harm=2.5"]
    added = launchpad.json("add", out, "incident", *words)
    assert (added["added"], added["launch"], added["public"]) == ("I-001", "L-1", True)
    seen = ["scenario=R-001", "starts=2099-03-01", "days=5", "opportunities=400", "violations=10", "alerts=50"]
    assert launchpad.json("add", out, "reading", *seen)["added"] == "MR-001"


def test_that_incidents_come_in_from_a_table(launchpad, out):
    path = launchpad.folder / "incidents.csv"
    path.write_text(
        "code,scenario,happened,events\nI-1,R-001,2099-03-05,2\nI-2,R-001,yesterday,1\nI-3,R-001,2099-03-06,1\n"
    )
    answer = launchpad.json("load", out, "incidents", str(path), code=1)
    assert (answer["added"], [row["row"] for row in answer["refused"]]) == (2, [2])


def test_that_watch_tells_expected_seen_and_triggers(launchpad, out):
    launchpad.json("add", out, "incident", "scenario=R-001", "happened=2099-03-05", "events=3")
    launchpad.json("add", out, "reading", "scenario=R-001", "starts=2099-03-01", "opportunities=400", "violations=10")
    answer = launchpad.json("watch", out)
    assert (answer["days"], answer["out"], answer["reopened"]) == (10, True, ["G-001"])
    (row,) = answer["scenarios"]
    assert row["expected"] == pytest.approx(10)  # ten a day, one in ten, ten days, all of them harm
    assert (row["seen"], row["verdict"], row["rate"]["opportunities"]) == (3, "fewer than expected", 400)
    (told,) = answer["triggers"]
    assert (told["code"], told["reached_on"]) == ("TR-001", "2099-03-05")
    (gate,) = answer["gates"]
    assert gate["reason"].startswith("Reopened by TR-001: 3 incidents in 7 days, on 2099-03-05.")


def test_that_watch_reads_as_sentences_and_tables(launchpad, out):
    launchpad.json("add", out, "incident", "scenario=R-001", "happened=2099-03-05", "events=3")
    code, said, _ = launchpad("watch", out)
    assert code == 0
    assert "L-1: 10 days of its horizon as of 2099-03-10." in said
    assert "3 incidents in 7 days" in said
    assert "fewer than expected" in said


def test_that_a_launch_still_to_come_has_nothing_to_watch(launchpad, project):
    answer = launchpad.json("watch", project)
    assert (answer["out"], answer["days"], answer["triggers"], answer["baseline"]) == (False, 0, [], None)


def test_that_a_scored_launch_says_how_each_propensity_is_known(launchpad, out):
    _, said, _ = launchpad("score", out, "--draws", "200")
    assert "Known by" in said
    assert "assumed" in said


def test_that_a_decision_with_its_reason_closes_the_gate_again(launchpad, out):
    launchpad.json("add", out, "incident", "scenario=R-001", "happened=2099-03-05", "events=3")
    before = launchpad.json("watch", out)["triggers"][0]
    launchpad.json("set", out, "trigger", "TR-001", "decided_on=2099-03-10", "--reason", "Filter widened.")
    answer = launchpad.json("watch", out)
    (told,) = answer["triggers"]
    assert (before["reached_on"], told["reached_on"], told["decided_on"]) == ("2099-03-05", None, "2099-03-10")
    assert (answer["reopened"], answer["gates"]) == ([], [])
    assert launchpad.json("history", out, "--last", "1")["edits"][0]["reason"] == "Filter widened."


def test_that_mitigations_that_were_on_are_shown_beside_what_got_through(launchpad, out):
    launchpad.json("add", out, "mitigation", "code=M-001", "name=Filter", "kind=filter")
    launchpad.json("add", out, "mitigation_variant", "code=M-001.lite", "mitigation=M-001", "name=Lite")
    launchpad.json(
        "add", out, "effect", "variant=M-001.lite", "scenario=R-001", "stage=detection", "coverage=1", "intended=.5"
    )
    launchpad.json("add", out, "incident", "scenario=R-001", "happened=2099-03-05", "events=3", "in_place=M-001.lite")
    (row,) = launchpad.json("watch", out)["scenarios"]
    assert row["through"] == [{"variant": "M-001.lite", "events": 3, "stated": 3}]
    _, said, _ = launchpad("watch", out)
    assert "On, and meant to stop it, when it happened" in said
