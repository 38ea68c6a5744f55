"""Policy packs: the same bytes each time, checked by hash, in the published form, and loaded as the docs say."""

import dataclasses
import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from launchpad import paths
from launchpad.edits.policies import version_digest
from launchpad.errors import ImportRefusedError, InvalidValueError
from launchpad.policies.compile_prompts import PROMPTS, compile_prompt, messages_for
from launchpad.policies.items import Item
from launchpad.policies.pack import MANIFEST, POLICY, pack_files, pack_zip, verify
from launchpad.policies.rulebook import rulebook
from launchpad.records import Example, GoldSet, Label, PolicyVersion

DOCS = Path(__file__).resolve().parents[2] / "docs" / "policies.md"


def released(inputs, version):
    """The same inputs with the version released."""
    made = dataclasses.replace(
        version, status="released", effective_from="2027-01-01", sha256=version_digest(inputs, version)
    )
    return inputs.with_rows({"policy_version": (made,)}, ""), made


@pytest.fixture
def files(started):
    return pack_files(*released(*started("medical")))


@pytest.fixture
def folder(files, tmp_path):
    for name, data in files.items():
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "pack"


def conforms(value, schema, where="$"):
    """What breaks the schema, for the part of JSON Schema that ours uses."""
    names = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    known = {
        *("$schema", "$comment", "title", "description", "type", "enum", "pattern", "minimum", "maximum", "minItems"),
        *("required", "properties", "additionalProperties", "items"),
    }
    assert set(schema) <= known, f"{where}: the test does not know {set(schema) - known}"
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    assert any(isinstance(value, names[kind]) for kind in kinds), f"{where}: {value!r} is no {kinds}"
    assert "enum" not in schema or value in schema["enum"], f"{where}: {value!r}"
    if isinstance(value, str) and "pattern" in schema:
        assert re.search(schema["pattern"], value), f"{where}: {value!r}"
    if isinstance(value, int):
        assert schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{where}: {value}"
    if isinstance(value, list):
        assert len(value) >= schema.get("minItems", 0), where
        for place, one in enumerate(value):
            conforms(one, schema["items"], f"{where}[{place}]")
    if isinstance(value, dict) and kinds[0] == "object":
        further = schema.get("additionalProperties", True)
        assert set(schema.get("required", ())) <= set(value), where
        for name, one in value.items():
            inner = schema.get("properties", {}).get(name, further)
            assert inner is not False, f"{where}.{name} is not in the schema"
            if isinstance(inner, dict):
                conforms(one, inner, f"{where}.{name}")


@pytest.mark.parametrize("slug", ["medical", "misinformation"])
def test_that_policy_json_has_the_published_form(started, slug):
    files = pack_files(*released(*started(slug)), metrics={"recall": 0.91})
    schema = json.loads((paths.resources() / "policies" / "policy.schema.json").read_text(encoding="utf-8"))
    told = json.loads(files[POLICY])
    conforms(told, schema)
    assert json.loads(files["policy.schema.json"]) == schema
    assert (told["state"], told["metrics"]) == ("as released", {"recall": 0.91})
    with pytest.raises(AssertionError):
        conforms({**told, "rationale": "x"}, schema)


def test_that_a_pack_has_the_same_bytes_each_time_and_whatever_the_row_ids(started):
    first, second = (pack_zip(pack_files(*released(*started("medical")))) for _ in range(2))
    assert first == second


def test_that_the_rule_ids_of_a_pack_are_those_of_its_prompts(files):
    ids = [rule["id"] for rule in json.loads(files[POLICY])["rules"]]
    for rendering in PROMPTS:
        prompt = json.loads(files[f"prompts/{rendering}.json"])
        assert list(prompt["kinds"]) == ids
        assert set(prompt["codes"].values()) <= set(ids)
        told = json.loads(files[POLICY])["prompts"][rendering]
        assert told["sha256"] == hashlib.sha256(files[told["file"]]).hexdigest()


def test_that_a_whole_pack_is_verified_in_both_forms(files, folder, tmp_path):
    (tmp_path / "pack.zip").write_bytes(pack_zip(files))
    in_folder, in_zip = verify(folder), verify(tmp_path / "pack.zip")
    assert in_folder == in_zip
    assert (in_folder.policy, in_folder.version, in_folder.problems) == ("MED", "0.1", ())
    assert in_folder.whole == json.loads(files[MANIFEST])["whole"]
    assert verify(folder, whole="0" * 64).problems == (
        f"The pack is not the one expected: its hash is {in_folder.whole}.",
    )


def test_that_every_changed_missing_or_added_file_is_named(files, folder):
    for name in files:
        data = files[name]
        if name == MANIFEST:
            continue
        (folder / name).write_bytes(data + b" ")
        assert verify(folder).problems == (f"{name} was changed.",)
        (folder / name).unlink()
        assert verify(folder).problems == (f"{name} is missing.",)
        (folder / name).write_bytes(data)
    (folder / "more.txt").write_text("x", encoding="utf-8")
    assert verify(folder).problems == ("more.txt is not in the manifest.",)


def test_that_a_manifest_changed_with_its_file_shows_against_the_hash_expected(files, folder):
    whole = verify(folder).whole
    (folder / POLICY).write_bytes(b"{}\n")
    told = json.loads(files[MANIFEST])
    for row in told["files"]:
        if row["path"] == POLICY:
            row["sha256"] = hashlib.sha256(b"{}\n").hexdigest()
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    assert verify(folder).problems == ("The hash over all files is not the one in the manifest.",)
    assert len(verify(folder, whole).problems) == 2


def test_that_what_is_no_pack_is_refused(tmp_path, files):
    (tmp_path / "empty").mkdir()
    (tmp_path / "not.zip").write_bytes(b"PK no")
    bad = dict(files)
    for name, manifest in (
        ("a", b"["),
        ("b", b"[]"),
        ("c", b'{"format": "other", "files": []}'),
        ("d", b'{"format": "launchpad-policy-pack/1", "files": [1]}'),
    ):
        (tmp_path / f"{name}.zip").write_bytes(pack_zip({**bad, MANIFEST: manifest}))
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr(MANIFEST, files[MANIFEST])
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(MANIFEST, files[MANIFEST])
    with zipfile.ZipFile(tmp_path / "large.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b"0" * (65 * 1024**2))
    names = ("empty", "not.zip", "missing", "a.zip", "b.zip", "c.zip", "d.zip", "twice.zip", "large.zip")
    for name in names:
        with pytest.raises(ImportRefusedError):
            verify(tmp_path / name)


def test_that_a_draft_is_not_packed(started):
    with pytest.raises(InvalidValueError, match="is a draft"):
        pack_files(*started("medical"))


def test_that_withheld_words_and_gold_texts_are_in_no_file_of_a_pack(small):
    small.sound()
    small.add(GoldSet, id=70, code="G-1", name="Gold", policy=10)
    small.example("X3", "P-01", "violates", "CANARY three", area=3)
    small.example("X4", "P-01", "violates", "CANARY four", area=5)
    gold = small.example("G1", "P-01", "violates", "CANARY gold", gold_set=70)
    small.add(Label, example=gold.id, rater="ann", violation="violates", clause="P-01", gold=True)
    files = pack_files(*released(small.inputs, small.version))
    assert not any(b"CANARY" in data for data in files.values())
    told = json.loads(files[POLICY])
    assert [rule["withheld"] for rule in told["rules"]] == [2, 0]
    assert [(row["code"], row["items"]) for row in told["gold_sets"]] == [("G-1", 1)]


def test_that_a_relabelled_gold_item_changes_the_digest_of_its_set(small):
    small.sound()
    small.add(GoldSet, id=70, code="G-1", name="Gold", policy=10)
    gold = small.example("G1", "P-01", "violates", "An item", gold_set=70)
    before = json.loads(pack_files(*released(small.inputs, small.version))[POLICY])["gold_sets"]
    small.add(Label, example=gold.id, rater="ann", violation="violates", clause="P-01", gold=True)
    after = json.loads(pack_files(*released(small.inputs, small.version))[POLICY])["gold_sets"]
    assert before[0]["sha256"] != after[0]["sha256"]


def test_that_a_pack_says_when_examples_changed_since_the_release(small):
    inputs, version = released(small.sound().inputs, small.version)
    rows = tuple(dataclasses.replace(row, note=None) if hasattr(row, "note") else row for row in inputs.rows(Example))
    again = inputs.with_rows({"example": rows[:-1], "policy_version": (version,)}, "")
    assert json.loads(pack_files(again, again.rows(PolicyVersion)[0])[POLICY])["state"] == "changed since release"


def example_in_docs():
    """The loading example of docs/policies.md."""
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    (found,) = [block for block in blocks if "def load" in block]
    return found


def test_that_the_loading_example_of_the_docs_loads_asks_and_reads(folder, started):
    code = example_in_docs()
    assert len(code.strip().splitlines()) <= 30
    names: dict[str, Any] = {}
    exec(compile(code, "docs/policies.md", "exec"), names)  # noqa: S102 - the documentation under test
    prompt = names["load"](folder)
    item = {"request": 'Say "hi" </x> | # [a] `b`\nEND ITEM', "response": "\u202ex"}
    ours = messages_for(compile_prompt(rulebook(*started("medical")), "chat"), Item(**item))
    assert names["messages"](prompt, **item) == ours
    assert names["verdict"](prompt, '{"label": "violates", "clauses": ["MED-01"]}') == ("violates", ["MED-01"])
    assert names["verdict"](prompt, "It is fine.") == ("unparsable", [])
    (folder / POLICY).write_bytes(b"{}")
    with pytest.raises(ValueError, match="changed"):
        names["load"](folder)
