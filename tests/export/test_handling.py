import dataclasses

import pytest

from launchpad.export.handling import called, handling_of, kept_out, name_of
from launchpad.records import EvidenceLink, Gate, Mitigation, RiskArea, Scenario, Severity


def test_that_a_restricted_scenario_goes_by_its_code(small):
    scenario = small.find(Scenario, "R-002")
    assert called(small, scenario) == "R-002"
    assert name_of(small, scenario) == "(withheld: restricted)"
    assert {"name", "harm", "pathway"} <= kept_out(small, scenario)


def test_that_an_open_scenario_goes_by_code_and_name(small):
    assert called(small, small.find(Scenario, "R-001")) == "R-001 Hateful stories"
    assert kept_out(small, small.find(Scenario, "R-001")) == frozenset()


def test_that_everything_that_hangs_on_a_restricted_area_is_restricted(small):
    assert handling_of(small, small.find(Gate, "G-2")) == "restricted"
    assert handling_of(small, small.get(Severity, 341)) == "restricted"
    assert handling_of(small, small.get(EvidenceLink, 420)) == "open"
    assert handling_of(small, small.find(Mitigation, "M-01")) == "open"


def test_that_an_area_is_as_restricted_as_the_area_above_it(small):
    areas = tuple(
        dataclasses.replace(area, parent=51) if area.code == "H-01" else area for area in small.rows(RiskArea)
    )
    nested = small.with_rows({"risk_area": areas}, small.head)
    assert handling_of(nested, nested.find(Scenario, "R-001")) == "restricted"


@pytest.mark.parametrize(("handling", "shown"), [("open", True), ("sensitive", True), ("restricted", False)])
def test_that_a_name_is_withheld_only_where_restricted_and_long_texts_where_sensitive_too(small, handling, shown):
    areas = tuple(dataclasses.replace(area, handling=handling) for area in small.rows(RiskArea))
    inputs = small.with_rows({"risk_area": areas}, small.head)
    hidden = kept_out(inputs, inputs.find(Scenario, "R-002"))
    assert ("name" not in hidden) is shown
    assert ("harm" not in hidden) is (handling == "open")


def test_that_the_name_of_an_area_its_code_and_its_choices_stay(small):
    area = small.find(RiskArea, "C-01")
    assert not {"name", "code", "area_class", "handling", "status"} & kept_out(small, area)
    assert "research" in kept_out(small, area)
