"""The bundled taxonomies can seed a project, and say where they come from."""

import json
import re

import pytest

from launchpad import paths
from launchpad.records.taxonomy import AREA_CLASSES

SLUGS = ("mlcommons-ailuminate-1.0", "openai-preparedness-2")


def bundled(slug):
    return json.loads((paths.resources() / "taxonomies" / f"{slug}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("slug", SLUGS)
def test_that_source_and_licence_stand_beside_the_areas(slug):
    found = bundled(slug)
    assert found["slug"] == slug
    for name in ("name", "version", "source", "licence", "taken", "definitions"):
        assert found[name]


@pytest.mark.parametrize("slug", SLUGS)
def test_that_every_area_is_defined_and_its_parent_comes_before_it(slug):
    seen: set[str] = set()
    for area in bundled(slug)["areas"]:
        assert area["code"] not in seen
        assert area["parent"] is None or area["parent"] in seen
        assert area["name"]
        assert area["plain"]
        assert area["area_class"] in AREA_CLASSES
        seen.add(area["code"])


def test_that_ailuminate_has_its_twelve_hazards():
    areas = bundled("mlcommons-ailuminate-1.0")["areas"]
    groups = {area["code"] for area in areas if area["parent"] is None}
    assert sum(area["parent"] in groups for area in areas) == 12


@pytest.mark.parametrize("slug", SLUGS)
def test_that_codes_names_and_hierarchy_are_those_of_the_publisher(slug, shared):
    text = (shared / "taxonomies" / f"{slug}.yaml").read_text(encoding="utf-8")
    nodes = re.findall(r"^- id: (.+)\n  name: (.+)\n  parent: (.+)$", text, flags=re.MULTILINE)
    plain = [tuple(word.strip("'") for word in node) for node in nodes]
    expected = [node for node in plain if not node[0].startswith("level")]
    found = [(area["code"], area["name"], area["parent"] or "null") for area in bundled(slug)["areas"]]
    assert found == expected
