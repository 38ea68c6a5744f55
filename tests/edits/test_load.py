import pytest

from launchpad.edits.load import load, refuse_unknown
from launchpad.errors import InvalidValueError
from launchpad.records import (
    Effort,
    Estimate,
    Inputs,
    MitigationVariant,
    RiskArea,
    TaxonomyRelease,
    Team,
    record_from,
)

RELEASE = TaxonomyRelease(id=1, code="TAX-1", name="Own", version="1")
AREA = RiskArea(id=2, code="A-001", name="Fraud", release=1)
VARIANT = MitigationVariant(id=5, code="M-1.std", mitigation=4, name="Standard")
EFFORT = Effort(id=6, variant=5, team=7, days=Estimate(1.0, 2.0, 3.0))
INPUTS = Inputs(
    {
        "taxonomy_release": (RELEASE,),
        "risk_area": (AREA,),
        "mitigation_variant": (VARIANT,),
        "team": (Team(id=7, code="T-1", name="Red team"),),
        "effort": (EFFORT,),
    }
)


def area(change):
    return record_from(RiskArea, change.key, change.after)


def test_that_a_known_code_changes_its_row_and_a_new_one_adds_one():
    rows = [
        {"code": "A-001", "name": "Fraud and scams"},
        {"code": "A-002", "name": "Hate", "release": "TAX-1"},
        {"code": "A-001", "name": "Fraud and scams"},
    ]
    loaded = load(INPUTS, RiskArea, rows)
    assert (loaded.added, loaded.changed, loaded.unchanged, loaded.refused) == (1, 1, 1, ())
    added, changed = loaded.proposal.changes
    assert area(added).name == "Hate"
    assert (changed.before, changed.after) == ({"name": "Fraud"}, {"name": "Fraud and scams"})


def test_that_a_row_may_refer_to_a_row_above_it():
    rows = [
        {"code": "A-010", "name": "Parent", "release": "TAX-1"},
        {"code": "A-011", "name": "Child", "release": "TAX-1", "parent": "A-010"},
    ]
    parent, child = load(INPUTS, RiskArea, rows).proposal.changes
    assert area(child).parent == parent.key


def test_that_a_link_record_is_matched_by_its_parts():
    loaded = load(INPUTS, Effort, [{"variant": "M-1.std", "team": "T-1", "days": "1,2,9"}])
    assert (loaded.added, loaded.changed) == (0, 1)
    assert loaded.proposal.changes[0].key == EFFORT.id


def test_that_a_bad_row_is_listed_with_its_number_and_the_others_come_in():
    rows = [
        {"code": "A-002", "name": "", "release": "TAX-1"},
        {"code": "A-003", "name": "Hate", "release": "TAX-9"},
        {"code": "A-004", "name": "Good", "release": "TAX-1"},
    ]
    loaded = load(INPUTS, RiskArea, rows)
    assert loaded.added == 1
    assert [refusal.row for refusal in loaded.refused] == [1, 2]
    assert "Name" in loaded.refused[0].what
    assert "TAX-9" in loaded.refused[1].what


def test_that_an_unknown_column_or_a_missing_address_is_refused_before_any_row():
    with pytest.raises(InvalidValueError, match="colour"):
        refuse_unknown(RiskArea, ["code", "colour"])
    with pytest.raises(InvalidValueError, match="code"):
        refuse_unknown(RiskArea, ["name"])


def test_that_a_column_left_out_keeps_what_was_there_and_a_blank_one_clears_it():
    described = RiskArea(id=2, code="A-001", name="Fraud", release=1, plain="Cheating people.")
    inputs = Inputs({**INPUTS.tables, "risk_area": (described,)})
    assert load(inputs, RiskArea, [{"code": "A-001"}]).unchanged == 1
    cleared = load(inputs, RiskArea, [{"code": "A-001", "plain": ""}])
    assert cleared.proposal.changes[0].after == {"plain": None}
