import pytest

from launchpad.edits.launches import Area, new_launch, parents_first, seed_taxonomy
from launchpad.errors import InvalidValueError
from launchpad.records import TABLES, Exposure, Inputs, Launch, RiskArea, Scenario, WeightSet, record_from


def taken(changes):
    tables = {}
    for change in changes:
        tables.setdefault(change.table, []).append(record_from(TABLES[change.table], change.key, change.after))
    return Inputs({name: tuple(rows) for name, rows in tables.items()})


AREAS = [Area("child", "Child", parent="parent"), Area("parent", "Parent"), Area("alone", "Alone")]
SEEDED = seed_taxonomy(AREAS, code="own", name="Own", version="1", source="here", licence="CC0-1.0")


def test_that_a_taxonomy_comes_in_parents_first():
    codes = [change.after["code"] for change in SEEDED if change.table == "risk_area" and change.after]
    assert codes.index("parent") < codes.index("child")


def test_that_a_new_launch_has_a_scenario_for_each_leaf_of_the_taxonomy():
    inputs = taken(SEEDED)
    made = taken(new_launch(inputs, name="Next", model="m-2", launch_date="2027-02-01", as_of="2026-12-01"))
    assert {row.name for row in made.rows(Scenario)} == {"Child", "Alone"}
    assert len(made.rows(Exposure)) == 2
    assert all(row.opportunities.kind == "assumed" for row in made.rows(Exposure))
    (launch,) = made.rows(Launch)
    assert (launch.code, launch.freeze_date) == ("L-1", "2027-01-25")
    assert made.rows(WeightSet)[0].code == launch.weight_set


def test_that_a_launch_in_the_past_is_refused():
    with pytest.raises(InvalidValueError, match="not after"):
        new_launch(Inputs({}), name="x", model="m", launch_date="2026-11-01", as_of="2026-12-01")


def test_that_areas_which_are_each_others_parents_are_named():
    one = RiskArea(id=1, code="A-1", name="x", release=3, parent=2)
    two = RiskArea(id=2, code="A-2", name="y", release=3, parent=1)
    with pytest.raises(InvalidValueError, match="A-1, A-2"):
        parents_first([one, two])
