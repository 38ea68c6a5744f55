"""A released taxonomy is changed by no door but the operations on the draft that follows it."""

import dataclasses

import pytest

from launchpad.edits.load import load
from launchpad.edits.records import add_words, remove, set_words
from launchpad.edits.taxonomy_releases import draft, release
from launchpad.errors import InvalidValueError
from launchpad.records import AreaChange, AreaFacet, AreaParent, RiskArea, TaxonomyRelease
from tests.builders import inputs_of
from tests.results.judged_policy import applied

AREAS = [
    RiskArea(id=2, code="A-1", name="Fraud", release=1),
    RiskArea(id=3, code="A-2", name="Scams", release=1, parent=2),
    RiskArea(id=4, code="A-3", name="Other", release=1),
]
OTHERS = [
    AreaParent(id=5, area=3, parent=4),
    AreaFacet(id=6, area=3, facet="modality", value="text"),
    AreaChange(id=7, release=1, place=1, kind="rename", area=2, reason="shorter"),
]


def project(status="released"):
    return inputs_of([TaxonomyRelease(id=1, code="TAX", name="Own", version="1", status=status), *AREAS, *OTHERS])


def refused(wish, match=r"TAX is released.*taxonomy draft.*redefine"):
    with pytest.raises(InvalidValueError, match=match):
        wish()


@pytest.mark.parametrize("field", ["name", "code", "plain", "research", "prompt", "includes", "excludes", "parent"])
def test_that_what_defines_an_area_is_not_set_once_it_is_released(field):
    words = {field: "A-3" if field == "parent" else "x"}
    refused(lambda: set_words(project(), AREAS[1], words))
    assert set_words(project("draft"), AREAS[1], words).changes


def test_that_no_door_adds_changes_or_removes_what_is_released():
    inputs = project()
    parent, facet, change = OTHERS
    for wish in (
        lambda: set_words(inputs, AREAS[0], {"status": "deprecated"}),
        lambda: set_words(inputs, AREAS[0], {"area_class": "quality"}),
        lambda: set_words(inputs, parent, {"parent": "A-1"}),
        lambda: set_words(inputs, facet, {"value": "audio"}),
        lambda: set_words(inputs, change, {"reason": "other"}),
        lambda: add_words(inputs, RiskArea, {"code": "A-9", "name": "New", "release": "TAX"}),
        lambda: add_words(inputs, AreaFacet, {"area": "A-1", "facet": "modality", "value": "text"}),
        lambda: add_words(inputs, AreaParent, {"area": "A-3", "parent": "A-1"}),
        *(lambda row=row: remove(inputs, row) for row in (AREAS[2], parent, facet, change)),
    ):
        refused(wish)
    rows = [{"code": "A-1", "name": "Other words"}, {"code": "A-2", "handling": "restricted"}]
    loaded = load(inputs, RiskArea, [{"release": "TAX", **row} for row in rows])
    assert (loaded.changed, [one.row for one in loaded.refused]) == (1, [1])


@pytest.mark.parametrize("words", [{"handling": "restricted"}, {"owner": "ann"}, {"capability": "cyber"}])
def test_that_what_is_the_projects_own_may_change(words):
    assert set_words(project(), AREAS[0], words).changes
    refused(lambda: set_words(project(), AREAS[0], {**words, "name": "x"}))


def test_that_areas_do_not_come_into_or_go_out_of_a_release_by_another_way():
    second = TaxonomyRelease(id=8, code="NEW", name="New", version="2", status="draft")
    inputs = inputs_of(
        [*project().rows(TaxonomyRelease), second, *AREAS, RiskArea(id=9, code="B-1", name="B", release=8)]
    )
    refused(lambda: set_words(inputs, AREAS[0], {"release": "NEW"}))
    refused(lambda: set_words(inputs, inputs.find(RiskArea, "B-1"), {"release": "TAX"}))
    assert set_words(inputs, inputs.find(RiskArea, "B-1"), {"name": "Better"}).changes


def test_that_a_release_is_made_and_unmade_by_no_other_way():
    inputs = project()
    (row,) = inputs.rows(TaxonomyRelease)
    for words in ({"status": "draft"}, {"version": "2"}, {"code": "X"}, {"previous": "TAX-0"}):
        refused(lambda words=words: set_words(inputs, row, words), "can no longer be changed.*taxonomy draft")
    assert set_words(inputs, row, {"licence": "CC-BY-4.0", "source": "There"}).changes
    with pytest.raises(InvalidValueError, match="its own command"):
        set_words(project("draft"), dataclasses.replace(row, status="draft"), {"status": "released"})
    with pytest.raises(InvalidValueError, match="its own command"):
        add_words(inputs, TaxonomyRelease, {"code": "T", "name": "T", "version": "1", "status": "released"})
    with pytest.raises(InvalidValueError, match="launchpad revert"):
        remove(inputs_of([row]), row)


def test_that_the_draft_that_follows_is_edited_and_released():
    inputs = project()
    inputs = applied(inputs, draft(inputs, inputs.rows(TaxonomyRelease)[0], "2").changes)
    area = inputs.find(RiskArea, "A-2")
    inputs = applied(inputs, set_words(inputs, area, {"plain": "Cheating by letter."}).changes)
    inputs = applied(inputs, release(inputs, inputs.find(TaxonomyRelease, "TAX@2")).changes)
    with pytest.raises(InvalidValueError, match="TAX@2 is released"):
        set_words(inputs, inputs.find(RiskArea, "A-2"), {"plain": "Again."})
