import pytest

from launchpad.edits.launches import new_launch
from launchpad.edits.taxonomy_trees import seed
from launchpad.errors import InvalidValueError
from launchpad.records import TABLES, Exposure, Inputs, Launch, Scenario, WeightSet, record_from
from launchpad.taxonomies.tree import Concept, Tree


def taken(changes):
    tables = {}
    for change in changes:
        tables.setdefault(change.table, []).append(record_from(TABLES[change.table], change.key, change.after))
    return Inputs({name: tuple(rows) for name, rows in tables.items()})


AREAS = (Concept("child", "Child", ("parent",)), Concept("parent", "Parent"), Concept("alone", "Alone"))
SEEDED = seed(Tree("own", "Own", concepts=AREAS))


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
