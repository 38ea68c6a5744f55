"""plan: locks, what lies around a plan, and in what two differ, as a script would use them."""

import json

import pytest

from launchpad.changes import insert
from launchpad.project import Project
from tests.planning.launches import Sketch

KEYS = {
    *("launch", "plan", "input_hash", "seed", "objective", "bound", "gap", "seconds", "selected", "left_out"),
    *("capacity", "shadow_prices", "assumed_share", "alternatives", "front", "date_curve", "before", "after"),
}
QUICK = ("--seconds", "20")  # such a small plan is proven and ends long before


@pytest.fixture
def planned(launchpad):
    """A launch with thirteen person-days of work for two teams of which one has ten and can do not all of it."""
    sketch = Sketch(freeze_date="2027-01-15", launch_date="2027-01-25")
    sketch.team("T-2")
    scenario = sketch.scenario(rate=0.2)
    for number, size in enumerate((3.0, 4.0), start=1):
        sketch.acting(f"M-{number:03}.a", size, 0.1 * number, on=scenario)
    sketch.refuses(sketch.acting("M-003.a", 6.0, 0.3, on=scenario), 0.01)
    sketch.acting("M-004.a", {"T-2": 4.0}, 0.3, on=scenario)
    sketch.variant("M-004.b", {"T-1": 9.0})
    with Project.create(launchpad.project, name="own") as project:
        project.edit([insert(row) for row in sketch.rows], "Sketch")
    return launchpad.project


def chosen(answer):
    return {item["variant"] for item in answer["selected"]}


def test_that_a_plan_has_every_key_and_null_where_nothing_was_explored(launchpad, planned):
    answer = launchpad.json("plan", planned, *QUICK)
    assert set(answer) >= KEYS
    for key in ("shadow_prices", "alternatives", "front", "date_curve"):
        assert answer[key] is None
    assert answer["plan"] == "P-1"
    assert 0 < answer["assumed_share"] <= 1
    assert all(item["core_index"] is None for item in answer["selected"])
    assert chosen(answer) == {"M-002.a", "M-003.a", "M-004.a"}
    (left,) = answer["left_out"]
    assert left["mitigation"] == "M-001"
    assert set(left["enters_if"]) == {"field", "from", "to", "estimated"}
    assert left["enters_if"]["field"] in ("effort", "freeze_date", "gain")
    assert left["enters_by"][left["enters_if"]["field"]] == left["enters_if"]
    assert answer["after"]["technical"] < answer["before"]["technical"]


def test_that_exploring_fills_every_key_and_is_stored_around_the_plan(launchpad, planned):
    answer = launchpad.json("plan", planned, *QUICK, "--explore")
    assert {row["team"] for row in answer["shadow_prices"]} == {"T-1", "T-2"}
    assert 1 <= len(answer["front"]) <= 12
    assert {"residual", "reputational", "over_refusal", "effort_days"} <= set(answer["front"][0])
    residuals = [row["residual"] for row in answer["date_curve"]]
    assert residuals == sorted(residuals, reverse=True)
    assert all(0 <= item["core_index"] <= 1 for item in answer["selected"])
    assert isinstance(answer["alternatives"], list)
    points = launchpad.json("show", planned, "plan_point", "--where", "plan=P-1")["rows"]
    assert len(points) == len(answer["front"]) + len(answer["date_curve"])
    assert len(launchpad.json("show", planned, "team_price")["rows"]) == 2
    plans = {row["code"]: row for row in launchpad.json("show", planned, "plan")["rows"]}
    for alternative in answer["alternatives"]:
        assert plans[alternative["plan"]]["alternative_to"] == "P-1"
    (launch,) = launchpad.json("show", planned, "launch")["rows"]
    assert launch["current_plan"] == "P-1"


def test_that_people_read_tables_no_wider_than_a_hundred_columns(launchpad, planned):
    launchpad.json("plan", planned, *QUICK)
    code, told, _ = launchpad("plan", planned, *QUICK, "--explore", "--lock", "M-003=never")
    assert code == 0
    assert max(len(line.rstrip()) for line in told.splitlines()) <= 100
    for words in ("Workplan", "Left out", "one more person-day", "had instead", "By launch date", "Core"):
        assert words in told
    _, told, _ = launchpad("plan", planned, "--compare", "P-1")
    assert max(len(line.rstrip()) for line in told.splitlines()) <= 100
    assert "M-003.a" in told


@pytest.mark.parametrize(
    ("locks", "there", "gone"),
    [
        (["M-001=must"], "M-001.a", "M-002.a"),
        (["M-003.a=never"], "M-001.a", "M-003.a"),
        (["M-004=T-1", "M-004=must"], "M-004.b", "M-004.a"),
    ],
)
def test_that_locks_are_kept(launchpad, planned, locks, there, gone):
    answer = launchpad.json("plan", planned, *QUICK, *(part for lock in locks for part in ("--lock", lock)))
    assert there in chosen(answer)
    assert gone not in chosen(answer)


def test_that_a_start_is_fixed_by_its_date(launchpad, planned):
    answer = launchpad.json("plan", planned, *QUICK, "--lock", "M-004=2027-01-06", "--lock", "M-004=must")
    assert {item["start"] for item in answer["selected"] if item["mitigation"] == "M-004"} == {"2027-01-06"}


@pytest.mark.parametrize("lock", ["M-001", "=must", "M-001=", "M-001=maybe", "M-999=must"])
def test_that_what_is_no_lock_is_refused_in_words(launchpad, planned, lock):
    code, out, err = launchpad("plan", planned, *QUICK, "--lock", lock, "--json")
    assert code == 3
    assert json.loads(out)["error"]["message"]
    assert "Traceback" not in err


def test_that_a_freeze_in_the_past_is_refused_and_nothing_stored(launchpad, planned):
    launchpad.json("set", planned, "launch", "L-1", "as_of=2027-02-01")
    code, _, err = launchpad("plan", planned, *QUICK)
    assert code == 3
    assert "2027-01-15" in err
    assert launchpad.json("show", planned, "plan")["rows"] == []


def test_that_a_plan_asked_for_otherwise_stays_beside_the_current_one(launchpad, planned):
    launchpad.json("plan", planned, *QUICK)
    answer = launchpad.json("plan", planned, *QUICK, "--most-days", "7")
    assert sum(team["days"] for item in answer["selected"] for team in item["teams"]) <= 7 + 1e-6
    assert answer["asked_for"] == "At most 7 person-days"
    plans = {row["code"]: row for row in launchpad.json("show", planned, "plan")["rows"]}
    assert plans[answer["plan"]]["alternative_to"] == "P-1"
    (launch,) = launchpad.json("show", planned, "launch")["rows"]
    assert launch["current_plan"] == "P-1"
    later = launchpad.json("plan", planned, *QUICK, "--launch-date", "2027-02-01")
    assert "M-001.a" in chosen(later)
    assert launchpad("plan", planned, "--launch-date", "soon")[0] == 3
    assert launchpad("plan", planned, "--most-days", "7", "--explore")[0] == 2


def test_that_two_plans_are_compared_without_making_one(launchpad, planned):
    launchpad.json("plan", planned, *QUICK)
    launchpad.json("plan", planned, *QUICK, "--lock", "M-001=must")
    answer = launchpad.json("plan", planned, "--compare", "P-1")
    assert (answer["before"], answer["after"]) == ("P-1", "P-2")
    kinds = {(move["kind"], move["what"]) for move in answer["moves"]}
    assert ("added", "M-001.a") in kinds
    assert all(set(move) == {"kind", "what", "from", "to", "reason"} and move["reason"] for move in answer["moves"])
    assert launchpad.json("plan", planned, "--compare", "P-1", "P-1")["moves"] == []
    assert len(launchpad.json("show", planned, "plan")["rows"]) == 2
    assert launchpad("plan", planned, "--compare", "P-9")[0] == 3
    assert launchpad("plan", planned, "P-1")[0] == 2


def test_that_comparing_without_a_current_plan_says_what_to_do(launchpad, planned):
    launchpad.json("plan", planned, *QUICK)
    launchpad.json("set", planned, "launch", "L-1", "current_plan=")
    code, _, err = launchpad("plan", planned, "--compare", "P-1")
    assert code == 3
    assert "no current plan" in err
