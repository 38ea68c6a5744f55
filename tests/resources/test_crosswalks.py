"""The bundled crosswalks: every row well formed, every code known, every maker and licence named."""

import csv
import re

import pytest

from launchpad import paths
from launchpad.edits.crosswalks import normal, relations, topics
from launchpad.taxonomies.bundled import bundled

FOLDER = paths.resources() / "crosswalks"
TABLES = sorted(
    path
    for path in FOLDER.glob("*.csv")
    if path.stem not in ("schemes", "relations", "topics", "taxonomies", "nomatch")
)
MATCHES = {"exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"}
# Lists no taxonomy file holds: ours, or the harness's own, with where they are described in SOURCES.md.
OWN = {
    "garak-payload-tags": "garak tags",
    "jailbreakbench": "JBB-Behaviors",
    "launchpad-topics": "topics.csv",
    "over-refusal-suites": "OR-Bench",
    "owasp-llm-2023": "OWASP Top 10 for LLM applications 2023",
    "promptfoo": "promptfoo plugins",
    "xstest": "XSTest",
}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sources():
    return (FOLDER / "SOURCES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_that_every_row_has_a_relation_a_source_and_a_maker(path):
    for row in rows(path):
        assert row["relation"].removeprefix("skos:") in MATCHES
        assert row["reviewed"] in ("yes", "no")
        assert re.search(r"\[(own|llm|embedding|lexical|manual|in-file)\b[^\]]*\]$", row["source"]), row
        assert all(value is not None and value.strip() for value in row.values()), row


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_that_no_row_stands_twice(path):
    seen = [tuple(row.values()) for row in rows(path)]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_that_no_pair_of_codes_has_two_relations_by_one_maker(path):
    seen = {}
    for row in rows(path):
        pair = (row["from_taxonomy"], row["from_id"], row["to_taxonomy"], row["to_id"], row["source"])
        assert seen.setdefault(pair, row["relation"]) == row["relation"], row


def test_that_what_no_human_made_is_never_called_reviewed():
    machine = [row for path in TABLES for row in rows(path) if re.search(r"\[(llm|embedding|lexical)", row["source"])]
    assert machine
    assert {row["reviewed"] for row in machine} == {"no"}


def test_that_every_table_and_list_is_named_with_source_and_licence():
    text = sources()
    for path in FOLDER.glob("*.csv"):
        assert path.name in text
    for name in OWN.values():
        assert name in text
    assert "Apache-2.0" in text
    assert "CC-BY-SA-4.0" in text


def test_that_every_relation_used_has_a_worth():
    assert set(relations()) == MATCHES
    for relation in relations().values():
        assert 0 < relation.relevance <= 1
        assert relation.strong is (relation.relevance >= 0.5)


def test_that_every_scheme_has_rows_or_is_a_bundled_taxonomy():
    named = {row["from_taxonomy"] for path in TABLES for row in rows(path)} | set(bundled())
    for row in rows(FOLDER / "schemes.csv"):
        assert row["taxonomy"] in named
        assert row["where"] in ("tag", "category", "task", "metric")
        assert re.compile(row["pattern"]).groups >= 1


def test_that_every_code_of_a_bundled_taxonomy_and_every_topic_exists():
    known = {("launchpad-topics", normal(topic)) for topic in topics()}
    for slug, found in bundled().items():
        known.update((slug, normal(one.code)) for one in found.tree.concepts)
    taxonomies = {taxonomy for taxonomy, _ in known}
    for path in TABLES:
        for row in rows(path):
            for side in ("from", "to"):
                if row[f"{side}_taxonomy"] in taxonomies:
                    assert (row[f"{side}_taxonomy"], normal(row[f"{side}_id"])) in known, row


def test_that_every_code_named_exists_in_the_list_it_is_from(shared):
    nodes = {}
    for path in (shared / "taxonomies").glob("*.yaml"):
        found = re.findall(r"^- id: (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        nodes[path.stem] = {node.strip().strip("'\"") for node in found}
    for path in TABLES:
        for row in rows(path):
            for side in ("from", "to"):
                taxonomy, code = row[f"{side}_taxonomy"], row[f"{side}_id"]
                assert taxonomy in nodes or taxonomy in OWN, row
                assert taxonomy in OWN or code in nodes[taxonomy], row


def test_that_rows_taken_from_elsewhere_are_as_they_were_there(shared):
    with (shared / "taxonomies" / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        theirs = {tuple(row.values()) for row in csv.DictReader(file)}
    back = {"skos:broadMatch": "skos:narrowMatch", "skos:narrowMatch": "skos:broadMatch"}
    for path in TABLES:
        for row in rows(path):
            if row["source"].startswith("Launchpad,"):
                continue
            ends = (row["from_taxonomy"], row["from_id"]), (row["to_taxonomy"], row["to_id"])
            forward = (*ends[0], row["relation"], *ends[1], row["source"])
            turned = (*ends[1], back.get(row["relation"], row["relation"]), *ends[0], row["source"])
            assert forward in theirs or turned in theirs, row


def test_that_no_row_of_the_published_crosswalk_is_lost_but_those_to_a_list_left_out(shared):
    with (shared / "taxonomies" / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))
    pairs = {
        (row["from_taxonomy"], row["from_id"], row["to_taxonomy"], row["to_id"]) for p in TABLES for row in rows(p)
    }
    pairs |= {(*pair[2:], *pair[:2]) for pair in pairs}
    for row in theirs:
        pair = (row["from_taxonomy"], row["from_id"], row["to_taxonomy"], row["to_id"])
        left_out = "who-lmm-health" in (row["from_taxonomy"], row["to_taxonomy"])
        assert (pair in pairs) is not left_out, row
