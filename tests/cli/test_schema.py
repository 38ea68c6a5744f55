import json
import zipfile
from pathlib import Path

import pytest

from launchpad.export.schemas import SCHEMAS, schema
from launchpad.records import RECORDS, fields_of
from launchpad.results.answers import Score
from launchpad.results.shapes import schema_of
from launchpad.templates import sample_project

jsonschema = pytest.importorskip("jsonschema")


def closed(held):
    """A schema in which no object may hold more than it declares: what an answer adds must be declared."""
    if isinstance(held, dict):
        made = {key: closed(value) for key, value in held.items()}
        if made.get("type") == "object" and "properties" in made:
            made.setdefault("additionalProperties", False)
        return made
    return [closed(each) for each in held] if isinstance(held, list) else held


def holds(name: str, answer) -> None:
    found = list(jsonschema.Draft202012Validator(closed(schema(name))).iter_errors(answer))
    assert [(list(each.absolute_path), each.message) for each in found] == []


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("sample") / "sample.launchpad"
    sample_project(path).close()
    return str(path)


def test_that_every_published_schema_is_one(launchpad):
    for name in SCHEMAS:
        code, out, _ = launchpad("schema", name)
        assert code == 0
        jsonschema.Draft202012Validator.check_schema(json.loads(out))
    assert set(launchpad.json("schema")["schemas"]) == set(SCHEMAS)


def test_that_an_unknown_schema_is_refused_with_those_there_are(launchpad):
    code, _, err = launchpad("schema", "shrug")
    assert code == 3
    assert "score" in err


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("score", ["score", "--draws", "200"]),
        ("explain", ["score", "--explain", "R-001", "--draws", "200"]),
        ("weigh", ["weigh", "--draws", "200"]),
        ("criteria", ["criteria"]),
        ("watch", ["watch"]),
        ("decision", ["decide"]),
    ],
)
def test_that_answers_of_the_sample_hold_to_their_schemas(launchpad, sample, name, words):
    holds(name, launchpad.json(words[0], sample, *words[1:]))


def test_that_the_answer_of_import_holds_to_its_schema(launchpad, project):
    folder = Path(__file__).resolve().parents[2] / "resources" / "sample" / "evidence"
    bad = launchpad.folder / "bad.eval"
    bad.write_bytes(b"not an evaluation log")
    holds("import", launchpad.json("import", project, str(next(folder.glob("*.csv")))))
    holds("import", launchpad.json("import", project, str(bad), code=1))


def test_that_plans_and_their_differences_hold_to_their_schemas(launchpad, tmp_path):
    path = tmp_path / "own.launchpad"
    sample_project(path).close()
    holds("plan", launchpad.json("plan", str(path), "--seconds", "1"))
    holds("compare", launchpad.json("plan", str(path), "--compare", "P-1"))
    out = tmp_path / "out.json"
    holds("export", launchpad.json("export", str(path), str(out)))
    holds("project", json.loads(out.read_text(encoding="utf-8")))


def test_that_agreement_holds_to_its_schema(launchpad, tmp_path):
    table = tmp_path / "ratings.csv"
    table.write_text("item,a,b\n1,x,x\n2,y,x\n3,y,y\n4,x,\n", encoding="utf-8")
    holds("agreement", launchpad.json("policy", "agreement", "--ratings", str(table), "--replicates", "100"))


def test_that_a_refusal_holds_to_its_schema(launchpad):
    holds("error", launchpad.json("score", str(launchpad.folder / "none.launchpad"), code=3))


def test_that_a_schema_refuses_what_stands_for_nothing(launchpad, sample):
    answer = launchpad.json("score", sample, "--draws", "200")
    validator = jsonschema.Draft202012Validator(schema_of(Score, "score"))
    answer["gates"][0]["n_needed"] = ""
    assert not validator.is_valid(answer)


def test_that_a_report_of_each_name_can_be_exported(launchpad, sample):
    for report in ("brief", "capabilities", "safeguards", "risk"):
        out = launchpad.folder / f"{report}.md"
        assert launchpad.json("export", sample, str(out), "--report", report)["report"] == report
        assert out.read_text(encoding="utf-8").startswith("# ")
    assert launchpad("export", sample, "x.json", "--report", "brief")[0] == 2
    assert launchpad("export", sample, "x.pdf", "--table", "gate")[0] == 2


def test_that_the_zip_holds_every_table_what_its_columns_mean_and_the_schema(launchpad, sample):
    out = launchpad.folder / "out.zip"
    holds("export", launchpad.json("export", sample, str(out)))
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        assert names == {f"{record.table}.csv" for record in RECORDS} | {"data_dictionary.csv", "project.schema.json"}
        dictionary = archive.read("data_dictionary.csv").decode("utf-8-sig")
        gates = archive.read("gate.csv").decode("utf-8-sig")
    assert gates.startswith("address,code,")
    assert all(f"{record.table},{fields_of(record)[0].name}" in dictionary for record in RECORDS)
