"""The taxonomy commands, through the door people use."""

import json
from pathlib import Path

import pytest

from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.files import tree_bytes
from tests.taxonomies.trees import RICH

SLUG = "mlcommons-ailuminate-1.0"
SKOS = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix t: <urn:t:> .\n"


@pytest.fixture
def own(launchpad):
    """A project started from AILuminate, with the next release drafted."""
    launchpad.json("new", launchpad.project, "--taxonomy", SLUG, "--launch", "X")
    launchpad.json("taxonomy", "draft", launchpad.project, "1.1")
    return launchpad.project


def rows(launchpad, project, table):
    return launchpad.json("show", project, table)["rows"]


def test_that_bundled_lists_are_shown_with_licence_and_verification(launchpad):
    lists = {one["code"]: one for one in launchpad.json("taxonomy", "list")["bundled"]}
    assert len(lists) == len(bundled())
    assert lists["mit-domain"]["nodes"] == 31
    assert lists["mit-domain"]["licence"]
    assert not lists["tspa-abuse-types"]["verified"]
    _, out, _ = launchpad("taxonomy", "show", "tspa-abuse-types")
    assert "UNVERIFIED" in out
    code, _, err = launchpad("taxonomy", "show", "nothing-like-it")
    assert (code, "no bundled taxonomy" in err) == (3, True)


def test_that_one_branch_can_be_shown(launchpad):
    _, out, _ = launchpad("taxonomy", "show", SLUG, "--under", "spc")
    assert "spc_hlt" in out
    assert "vcr" not in out


def test_that_a_project_started_from_an_unverified_list_keeps_the_word(launchpad):
    launchpad.json("new", launchpad.project, "--taxonomy", "harmbench")
    (release,) = rows(launchpad, launchpad.project, "taxonomy_release")
    assert release["verification"].startswith("UNVERIFIED")


def test_that_nothing_is_written_before_a_yes(launchpad, own):
    wish = ("taxonomy", "rename", own, "vcr", "Violence", "--reason", "shorter")
    assert launchpad.json(*wish, "--dry-run")["written"] is False
    assert launchpad.json(*wish, code=1)["written"] is False
    assert rows(launchpad, own, "area_change") == []
    found = launchpad.json(*wish, "--yes")
    assert found["written"] is True
    assert found["operations"][0]["effects"][0]["carried"] == "keep"
    (change,) = rows(launchpad, own, "area_change")
    assert (change["kind"], change["area"], change["reason"]) == ("rename", "vcr", "shorter")


def test_that_a_change_without_a_reason_is_wrong_use(launchpad, own):
    code, _, err = launchpad("taxonomy", "rename", own, "vcr", "x", "--yes")
    assert (code, "--reason" in err) == (2, True)


def test_that_every_operation_can_be_done_and_is_recorded(launchpad, own):
    for wish in (
        ("add", own, "new", "New one", "--under", "physical", "--plain", "Something new."),
        ("redefine", own, "hte", "plain=Other words.", "--relation", "exact"),
        ("move", own, "dfm", "--under", "contextual", "--also"),
        ("split", own, "ncr", "ncr_a=Fraud", "ncr_b=Cyber crime", "--main", "ncr_a"),
        ("merge", own, "src", "cse", "--into", "vcr"),
        ("deprecate", own, "ssh", "--successor", "new", "--relation", "narrow"),
        ("restore", own, "ssh"),
    ):
        assert launchpad.json("taxonomy", *wish, "--reason", "why", "--yes")["written"]
    kinds = [row["kind"] for row in rows(launchpad, own, "area_change")]
    assert sorted(kinds) == sorted(["add", "redefine", "move", "split", "merge", "merge", "deprecate", "restore"])
    found = launchpad.json("taxonomy", "release", own, "--yes")
    assert {one["kind"] for one in found["differences"]} >= {"add", "redefine", "move", "split", "merge"}
    again = launchpad.json("taxonomy", "diff", SLUG, f"{SLUG}@1.1", own)
    assert again["differences"] == found["differences"]


def test_that_a_released_taxonomy_is_not_changed(launchpad):
    launchpad.json("new", launchpad.project, "--taxonomy", SLUG)
    answer = launchpad.json("taxonomy", "rename", launchpad.project, "vcr", "x", "--reason", "y", "--yes", code=3)
    assert "draft" in answer["error"]["hint"]


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld", "json", "yaml", "csv"])
def test_that_a_project_goes_out_and_comes_in_again(launchpad, tmp_path, ending):
    first, second, out = (str(tmp_path / name) for name in ("a.launchpad", "b.launchpad", f"x.{ending}"))
    source = tmp_path / "own.json"
    source.write_bytes(tree_bytes(RICH, source.name))
    for project in (first, second):
        launchpad.json("new", project)
    launchpad.json("taxonomy", "import", first, str(source))
    assert launchpad.json("taxonomy", "export", first, out)["areas"] == len(RICH.concepts)
    launchpad.json("taxonomy", "import", second, out, "--as", "own")
    for table in ("risk_area", "area_parent", "area_facet"):
        assert without_release(rows(launchpad, first, table)) == without_release(rows(launchpad, second, table))


def without_release(found):
    return sorted(json.dumps({**row, "address": ""}, sort_keys=True) for row in found)


def test_that_links_go_out_as_sssom_and_come_in_again(launchpad, tmp_path, own):
    launchpad.json("taxonomy", "map", "suggest", own, "--taxonomy", "mit-domain", "--take")
    out = str(tmp_path / "links.sssom.tsv")
    count = launchpad.json("taxonomy", "export", own, out)["links"]
    assert count > 5
    again = launchpad.json("taxonomy", "import", own, out)
    assert (again["links"], again["changed"], again["problems"]) == (count, 0, [])


BAD = [
    ("x.ttl", "no RDF {"),
    ("x.ttl", SKOS + 't:a a skos:Concept ; skos:prefLabel "A" ; skos:broader t:b . t:b skos:broader t:a .'),
    ("x.rdf", '<!DOCTYPE r [<!ENTITY a "ha">]><r>&a;</r>'),
    ("x.csv", "code,name\nA,a\nA,b\n"),
    ("x.json", json.dumps({"areas": [{"code": "A", "name": "x" * 50_000}]})),
    ("x.sssom.tsv", "nothing"),
]


@pytest.mark.parametrize(("name", "text"), BAD, ids=[f"{place} {name}" for place, (name, _) in enumerate(BAD)])
def test_that_a_bad_file_leaves_the_project_as_it_is(launchpad, tmp_path, own, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    before = Path(own).read_bytes()
    answer = launchpad.json("taxonomy", "import", own, str(path), code=3)
    assert answer["error"]["hint"]
    assert Path(own).read_bytes() == before


def test_that_what_was_left_out_is_listed_and_ends_with_one(launchpad, tmp_path, own):
    path = tmp_path / "x.ttl"
    path.write_text(SKOS + 't:a a skos:Concept ; skos:prefLabel "A" ; t:odd 1 ; skos:broader [] .', encoding="utf-8")
    answer = launchpad.json("taxonomy", "import", own, str(path), code=1)
    assert "a" in answer["added"]
    assert any("urn:t:odd" in problem for problem in answer["problems"])


def test_that_links_are_added_reviewed_and_rejected(launchpad, own):
    launchpad.json("taxonomy", "map", "add", own, "vcr", "broad", "mit-domain", "4.2", "--note", "read both")
    launchpad.json("taxonomy", "map", "add", own, "vcr", "related", "mit-domain", "4.1")
    assert not any(one["reviewed"] for one in launchpad.json("taxonomy", "map", "list", own)["links"])
    launchpad.json("taxonomy", "map", "review", own, "vcr/mit-domain/4.2", "--relation", "narrow")
    launchpad.json("taxonomy", "map", "review", own, "vcr/mit-domain/4.1", "--reject")
    (link,) = launchpad.json("taxonomy", "map", "list", own)["links"]
    assert (link["concept"], link["relation"], link["reviewed"]) == ("4.2", "narrow", True)


def test_that_findings_end_with_one_only_where_something_is_wrong(launchpad, own):
    found = launchpad.json("taxonomy", "check", own)["findings"]
    assert {one["weight"] for one in found} == {"missing"}
    launchpad.json("taxonomy", "check", own, "--strict", code=1)
    launchpad.json("set", own, "risk_area", "hte", "name=Violent crimes")
    wrong = launchpad.json("taxonomy", "check", own, code=1)["findings"][0]
    assert (wrong["kind"], wrong["codes"]) == ("one_meaning", ["hte", "vcr"])


def test_that_news_names_what_is_touched_and_takes_in_what_has_no_home(launchpad, own):
    launchpad.json("taxonomy", "map", "add", own, "ssh", "close", "llama-guard-2", "S10")
    wish = ("taxonomy", "news", own, "llama-guard-3-4", "--old", "llama-guard-2")
    found = launchpad.json(*wish, code=1)
    (touched,) = found["touched"]
    assert (touched["difference"]["kind"], touched["successors"]) == ("recode", ["S11"])
    new = {one["name"] for one in found["homeless"] if one["new"]}
    assert "Defamation" in new
    launchpad.json(*wish, "--take", code=1)
    risks = launchpad.json("taxonomy", "unknown", "list", own)["risks"]
    assert {risk["name"] for risk in risks} == new
    code = next(risk["code"] for risk in risks if risk["name"] == "Defamation")
    done = ("taxonomy", "unknown", "triage", own, code, "--home", "dfm", "--relation", "close", "--reason", "the same")
    assert launchpad.json(*done)["status"] == "homed"
    assert launchpad.json("taxonomy", "unknown", "list", own, "--status", "homed")["risks"][0]["area"] == "dfm"
    assert any(one["area"] == "dfm" for one in launchpad.json("taxonomy", "map", "list", own)["links"])


def test_that_a_colleagues_risk_is_taken_in_and_turned_away(launchpad, own):
    code = launchpad.json("taxonomy", "unknown", "add", own, "Odd", "--source", "a colleague")["code"]
    launchpad.json("taxonomy", "unknown", "triage", own, code, "--reject", "--reason", "covered")
    (risk,) = launchpad.json("taxonomy", "unknown", "list", own)["risks"]
    assert (risk["status"], risk["reason"]) == ("rejected", "covered")
