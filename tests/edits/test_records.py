import pytest

from launchpad.changes import insert
from launchpad.edits.records import add_words, next_code, remove, set_words, table_named, with_article
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import (
    TABLES,
    Effort,
    Estimate,
    Exposure,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Person,
    RiskArea,
    Scenario,
    TaxonomyRelease,
    Team,
    record_from,
)


def launch(row_id, code):
    return Launch(
        id=row_id,
        code=code,
        name=code,
        model="m",
        launch_date="2027-02-01",
        freeze_date="2027-01-25",
        as_of="2026-12-01",
    )


RELEASE = TaxonomyRelease(id=1, code="TAX-1", name="Own", version="1")
AREA = RiskArea(id=2, code="A-001", name="Fraud", release=1)
SCENARIOS = tuple(
    Scenario(id=10 + place, code="R-001", launch=3 + place, name="Fraud", risk_area=2) for place in range(2)
)
EXPOSURES = tuple(
    Exposure(id=20 + place, launch=3 + place, scenario=10 + place, opportunities=Estimate(1.0, 2.0, 3.0))
    for place in range(2)
)
INPUTS = Inputs(
    {
        "taxonomy_release": (RELEASE,),
        "risk_area": (AREA,),
        "launch": (launch(3, "L-1"), launch(4, "L-2")),
        "scenario": SCENARIOS,
        "exposure": EXPOSURES,
        "mitigation": (Mitigation(id=30, code="M-004", name="Filter", kind="filter"),),
        "mitigation_variant": (MitigationVariant(id=31, code="M-004.lite", mitigation=30, name="Lite"),),
        "team": (Team(id=32, code="T-1", name="Red team"),),
        "effort": (Effort(id=33, variant=31, team=32, days=Estimate(1.0, 2.0, 3.0)),),
    }
)


@pytest.mark.parametrize("name", ["scenario", "scenarios", "Scenarios", "risk areas", "risk-area", "team"])
def test_that_a_table_is_found_by_singular_plural_and_label(name):
    assert table_named(name).table in TABLES


def test_that_an_unknown_table_or_field_is_refused_with_those_there_are():
    with pytest.raises(UnknownRecordError, match=r"scenario"):
        table_named("scenery")
    with pytest.raises(UnknownRecordError, match=r"pathway"):
        set_words(INPUTS, SCENARIOS[0], {"path": "x"})


def test_that_setting_an_estimate_changes_its_four_columns_together():
    proposal = set_words(INPUTS, EXPOSURES[0], {"opportunities": "1, 2, 4"})
    (change,) = proposal.changes
    names = ["opportunities_low", "opportunities_median", "opportunities_high", "opportunities_kind"]
    assert change.before == dict(zip(names, [1.0, 2.0, 3.0, "assumed"], strict=True))
    assert change.after == dict(zip(names, [1.0, 2.0, 4.0, "assumed"], strict=True))


def test_that_setting_a_field_to_what_it_is_changes_nothing():
    assert set_words(INPUTS, SCENARIOS[0], {"name": "Fraud", "risk_area": "A-001"}).changes == ()


def test_that_a_new_record_of_a_launch_gets_that_launch_and_the_next_code():
    proposal = add_words(INPUTS, Scenario, {"name": "Hate", "risk_area": "A-001"}, launch=4)
    row = record_from(Scenario, proposal.changes[0].key, proposal.changes[0].after or {})
    assert (row.launch, row.code) == (4, "R-002")


def test_that_a_code_is_unique_within_its_launch_only():
    with pytest.raises(InvalidValueError, match=r"already a scenario R-001"):
        add_words(INPUTS, Scenario, {"code": "R-001", "name": "x", "risk_area": "A-001"}, launch=4)
    fresh = add_words(INPUTS, Scenario, {"code": "R-002", "name": "x", "risk_area": "A-001"}, launch=4)
    assert len(fresh.changes) == 1


def test_that_a_code_two_launches_have_must_be_named_with_its_launch():
    with pytest.raises(UnknownRecordError, match="More than one"):
        INPUTS.find(Scenario, "R-001")
    assert INPUTS.find(Scenario, "R-001", 4).launch == 4


def test_that_the_name_of_a_person_goes_to_content_and_only_its_hash_to_the_row():
    proposal = add_words(INPUTS, Person, {"code": "P-1", "name": "Ada Example"})
    (change,) = proposal.changes
    assert change.after is not None
    assert list(proposal.content.values()) == [b"Ada Example"]
    assert change.after["name"] in proposal.content


def test_that_a_missing_value_is_named():
    with pytest.raises(InvalidValueError, match=r"needs: .*Risk area"):
        add_words(INPUTS, Scenario, {"name": "x"}, launch=3)


def test_that_removing_a_record_removes_its_parts_first():
    changes = remove(INPUTS, INPUTS.get(Mitigation, 30))
    assert [change.table for change in changes] == ["effort", "mitigation_variant", "mitigation"]


def test_that_a_record_others_refer_to_is_not_removed():
    with pytest.raises(InvalidValueError, match=r"scenario R-001"):
        remove(INPUTS, AREA)


def test_that_removing_a_launch_takes_its_own_records_and_no_others():
    changes = remove(INPUTS, INPUTS.get(Launch, 4))
    assert [(change.table, change.key) for change in changes] == [
        ("exposure", 21),
        ("scenario", 11),
        ("launch", 4),
    ]


def test_that_the_next_code_follows_the_manner_of_those_there_are():
    assert next_code(INPUTS, Scenario) == "R-002"
    assert next_code(INPUTS, Team) == "T-2"
    assert next_code(Inputs({}), Scenario) == "R-001"


def test_that_an_insert_of_every_column_is_what_a_new_record_writes():
    change = insert(AREA)
    assert change.before is None
    assert record_from(RiskArea, change.key, change.after or {}) == AREA


def test_that_a_label_has_the_article_that_fits():
    assert with_article("Gate") == "a gate"
    assert with_article("Expert estimate") == "an expert estimate"
