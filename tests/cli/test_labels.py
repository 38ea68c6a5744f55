"""labels as people use it: out to a tool, filled in there, back in, settled, out again."""

import csv
import json
from pathlib import Path

import pytest

from launchpad.changes import insert, update
from launchpad.edits.records import made_from
from launchpad.project import Project
from launchpad.records import Example, GoldSet, Person, Policy

CANARY = "CANARY-7f3e"
PEOPLE = ("ann", "bob", "eve")
TOOL_IDS = {"ann": 3, "bob": 4, "eve": 5}


@pytest.fixture
def policy(launchpad):
    """A project with the bundled medical policy, three people, and a gold set of its first ten examples."""
    launchpad.json("new", launchpad.project)
    launchpad.json("policy", "start", launchpad.project, "medical")
    with Project.open(launchpad.project) as held:
        people = [insert(made_from(Person, {"code": code})) for code in PEOPLE]
        gold = made_from(GoldSet, {"code": "G", "name": "Gold", "policy": held.inputs.rows(Policy)[0].id})
        rows = sorted(held.inputs.rows(Example), key=lambda row: row.code)[:10]
        held.edit([*people, insert(gold), *(update(row, gold_set=gold.id) for row in rows)], "Gold")
    return launchpad


def codes(launchpad):
    rows = launchpad.json("show", launchpad.project, "example")
    rows = rows["rows"] if isinstance(rows, dict) else rows
    return sorted(row["code"] for row in rows)


def labels(launchpad):
    rows = launchpad.json("show", launchpad.project, "label")
    return rows["rows"] if isinstance(rows, dict) else rows


def export(launchpad, name, to, *options, code=0):
    out = launchpad.folder / name
    launchpad.json("labels", "export", launchpad.project, str(out), "--to", to, "--gold-set", "G", *options, code=code)
    return out


def verdict(item: str) -> str:
    return "violates" if int(item[-4:], 16) % 2 else "safe"


def in_label_studio(out: Path, who: str) -> Path:
    """What Label Studio's JSON export gives: tasks with its own ids, annotations by its own users."""
    tasks = json.loads((out / "tasks.json").read_text())
    for number, task in enumerate(tasks, start=100):
        answers = {"violation": verdict(task["data"]["item_id"]), "style": "refuse", "request_risk": "benign"}
        result = [
            {"id": "x", "from_name": name, "to_name": "dialogue", "type": "choices", "value": {"choices": [code]}}
            for name, code in answers.items()
        ]
        result.append({"from_name": "note", "to_name": "dialogue", "type": "textarea", "value": {"text": ["ok"]}})
        done = {"id": number, "completed_by": TOOL_IDS[who], "was_cancelled": False, "result": result}
        task |= {"id": number, "annotations": [done | {"updated_at": "2026-11-24T10:00:00.000000Z"}]}
    return written(out / "export.json", json.dumps(tasks))


def in_argilla(out: Path, who: str) -> Path:
    """What `dataset.records.to_json` gives."""
    records = json.loads((out / "records.json").read_text())
    user = f"00000000-0000-4000-8000-00000000000{TOOL_IDS[who]}"
    for record in records:
        answers = {"violation": verdict(record["id"]), "style": "refuse", "request_risk": "benign", "note": "ok"}
        record["responses"] = {name: [{"value": value, "user_id": user}] for name, value in answers.items()}
        record |= {"status": "completed", "_server_id": "1"}
    return written(out / "export.json", json.dumps(records))


def in_prodigy(out: Path, who: str) -> Path:
    """What `prodigy db-out` gives."""
    done = []
    for line in out.read_text().splitlines():
        task = json.loads(line)
        name = task["meta"]["question"]
        answers = {"violation": verdict(task["meta"]["item_id"]), "style": "refuse", "request_risk": "benign"}
        task |= {"accept": [answers[name]] if name in answers else [], "answer": "accept", "_timestamp": 1764000000}
        done.append(json.dumps(task | {"_annotator_id": f"set-{who}", "_session_id": f"set-{who}"}))
    return written(out.with_name("db-out.jsonl"), "\n".join(done))


def in_doccano(out: Path, who: str) -> Path:
    """What doccano's JSONL export gives: one file for each user, its own ids, columns it does not know kept."""
    done = []
    for number, line in enumerate((out / "textcls.jsonl").read_text().splitlines(), start=7):
        row = json.loads(line)
        given = [f"violation:{verdict(row['item_id'])}", "style:refuse", "request_risk:benign"]
        done.append(json.dumps(row | {"id": number, "label": given, "Comments": ["ok"]}))
    return written(out / f"{who}.jsonl", "\n".join(done))


def in_a_spreadsheet(out: Path, who: str) -> Path:
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    wide = f"violation:{who}" in rows[0]
    for row in rows:
        for name, code in (("violation", verdict(row["item_id"])), ("style", "refuse"), ("request_risk", "benign")):
            row[f"{name}:{who}" if wide else name] = code
    path = out.with_name(f"{who}-filled.csv")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def written(path: Path, text: str) -> Path:
    path.write_text(text + "\n", encoding="utf-8")
    return path


TOOLS = [
    ("label-studio", in_label_studio, ()),
    ("argilla", in_argilla, ()),
    ("prodigy", in_prodigy, ()),
    ("doccano", in_doccano, ()),
    ("csv", in_a_spreadsheet, ()),
    ("csv", in_a_spreadsheet, ("--shape", "wide")),
]


@pytest.mark.parametrize(("to", "filled_in", "options"), TOOLS)
def test_that_what_a_blind_rater_filled_in_comes_back_to_its_items_once(policy, to, filled_in, options):
    out = export(policy, "out", to, "--rater", "ann", *options)
    back = str(filled_in(out, "ann"))
    dry = policy.json("labels", "import", policy.project, back, "--dry-run")
    assert (dry["added"], dry["problems"], labels(policy)) == (10, [], [])
    found = policy.json("labels", "import", policy.project, back)
    assert (found["added"], found["unchanged"], found["problems"]) == (10, 0, [])
    rows = labels(policy)
    assert len(rows) == 10
    assert {row["rater"] for row in rows} == {"ann"}
    assert {row["style"] for row in rows} == {"refuse"}
    assert {row["violation"] for row in rows} == {"violates", "safe"}
    again = policy.json("labels", "import", policy.project, back)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 10)
    assert len(labels(policy)) == 10


def test_that_labels_go_from_raters_to_gold_to_a_dataset(policy):
    for who in PEOPLE:
        out = export(policy, f"{who}.csv", "csv", "--rater", who)
        back = in_a_spreadsheet(out, who)
        if who == "eve":
            back.write_text(back.read_text(encoding="utf-8-sig").replace("violates", "escalate", 1), "utf-8-sig")
        policy.json("labels", "import", policy.project, str(back))
    unanimous = policy.json("labels", "settle", policy.project, "--rule", "unanimous", "--gold-set", "G", code=1)
    assert (len(unanimous["settled"]), unanimous["raters"]) == (10, list(PEOPLE))
    ((item, why),) = [(one["example"], one["why"]) for one in unanimous["open"]]
    assert why == "no agreement: escalate 1, violates 2"
    settle = ("labels", "settle", policy.project, "--rule")
    code, _, err = policy(*settle, "adjudicated", "--by", "eve", "--item", item)
    assert (code, "Nothing is decided" in err) == (3, True)
    decided = policy.json(
        *settle, "adjudicated", "--by", "eve", "--item", item, "--violation", "violates", "--note", "x"
    )
    assert [one["stands"] for one in decided["against_gold"]] == ["same", "same", "wrong"]
    majority = policy.json(*settle, "majority", "--gold-set", "G")
    assert (majority["settled"], len(majority["unchanged"]), majority["open"]) == ([], 10, [])
    gold = [row for row in labels(policy) if row["gold"]]
    assert sorted(row["rater"] for row in gold) == ["adjudicated:eve", *["unanimous"] * 9]
    card = export(policy, "hub", "huggingface") / "README.md"
    assert "10 of 10 have a settled label" in card.read_text()
    assert "alpha" in card.read_text()


def test_that_a_restricted_areas_example_is_in_no_file_and_named(policy):
    policy.json("add", policy.project, "taxonomy_release", "code=TAX-1", "name=Own", "version=1")
    area = ("add", policy.project, "risk_area", "code=A-9", "name=Weapons", "release=TAX-1")
    policy.json(*area)
    policy.json(
        *("add", policy.project, "example", "code=R-1", "area=A-9", "policy=MED", "gold_set=G"), f"request={CANARY}"
    )
    # Its text came in while the area was open, so that the project may still hold it.
    policy.json("set", policy.project, "risk_area", "A-9", "handling=restricted")
    for number, (to, *options) in enumerate(
        (
            *(("label-studio",), ("argilla", "--rater", "ann"), ("prodigy",), ("doccano",), ("csv",)),
            *(("csv", "--shape", "wide"), ("openai-batch",)),
        )
    ):
        out = policy.folder / f"out-{number}"
        told = policy.json(
            *("labels", "export", policy.project, str(out), "--to", to, "--gold-set", "G", "--include-sensitive"),
            *options,
            code=1,
        )
        assert told["withheld"]["restricted"] == ["R-1"]
        files = [path for path in (out, *out.rglob("*")) if path.is_file()]
        assert files
        assert not [path for path in files if CANARY.encode() in path.read_bytes()]
    code, said, _ = policy(
        "labels", "export", policy.project, str(policy.folder / "x"), "--to", "csv", "--gold-set", "G"
    )
    assert code == 1
    assert "a restricted risk area lets none of its text out: R-1." in said
    assert not list(policy.folder.glob(".launchpad-*"))


def test_that_everything_wrong_in_a_file_is_listed_and_the_rest_taken(policy):
    first, second, third = codes(policy)[:3]
    rows = [
        "item_id,rater,violation,style,clause,note",
        f"{first},ann,safe,comply,MED-03,fine",
        "NO-SUCH,ann,safe,,,",
        f"{second},ann,VIOLATES!!,,,",
        f"{second},bob,safe,,MED-99,",
        f"{third},ann,safe,,,",
        f"{third},ann,safe,,,",
        f"{third},bob,safe,,,",
        f"{third},bob,violates,,,",
        f"{second},,safe,,,",
        f"{second},zoe@example.org,safe,,,",
        f"{second},majority,safe,,,",
        f"{second},eve,,,,",
    ]
    path = written(policy.folder / "bad.csv", "\n".join(rows))
    found = policy.json("labels", "import", policy.project, str(path), code=1)
    assert (found["added"], found["unlabelled"]) == (2, 1)
    said = [one["what"] for one in found["problems"]]
    for words in (
        *("no item NO-SUCH", "'VIOLATES!!' is no label of ours", "'MED-99' is no clause", "said the same of item"),
        *("said two things of item", "does not say who the rater is", "address of a person", "is how a settled label"),
    ):
        assert sum(words in one for one in said) == 1, words
    assert len(said) == 8
    assert {(row["rater"], row["clause"]) for row in labels(policy)} == {("ann", "MED-03"), ("ann", None)}


def test_that_nothing_is_written_when_a_later_file_cannot_be_read(policy):
    good = written(policy.folder / "good.csv", f"item_id,rater,violation\n{codes(policy)[0]},ann,safe")
    bad = written(policy.folder / "bad.csv", "this,is\nnot,labels")
    code, _, err = policy("labels", "import", policy.project, str(good), str(bad))
    assert (code, "bad.csv" in err, labels(policy)) == (3, True, [])


def test_that_another_label_is_kept_out_until_replacing_is_asked_for(policy):
    item = codes(policy)[0]
    for number, (verdict_, options, code) in enumerate(
        (("safe", (), 0), ("violates", (), 1), ("violates", ("--replace",), 0))
    ):
        path = written(policy.folder / f"{number}.csv", f"item_id,rater,violation\n{item},ann,{verdict_}")
        policy.json("labels", "import", policy.project, str(path), *options, code=code)
    assert [row["violation"] for row in labels(policy)] == ["violates"]


def test_that_a_label_edited_to_another_text_is_left_out(policy):
    out = export(policy, "ls", "label-studio", "--rater", "ann")
    back = in_label_studio(out, "ann")
    tasks = json.loads(back.read_text())
    tasks[0]["data"]["messages"][0]["content"] = "Something else"
    found = policy.json("labels", "import", policy.project, str(written(back, json.dumps(tasks))), code=1)
    assert found["added"] == 9
    assert "another text than in the project" in found["problems"][0]["what"]


def test_that_labels_of_another_scheme_come_in_by_a_map_of_the_project(policy):
    pairs = written(policy.folder / "map.csv", "from-label,to-label\n0,refuse\n1,correct\n9,")
    made = policy.json("labels", "map", policy.project, "DNA", str(pairs), "--source", "Wang et al. 2023")
    assert (made["map"], made["added"]) == ("DNA/1", True)
    assert policy.json("labels", "map", policy.project, "DNA", str(pairs))["added"] is False
    written(pairs, "from-label,to-label\n0,refuse\n1,correct\n2,comply\n9,")
    assert policy.json("labels", "map", policy.project, "DNA", str(pairs))["map"] == "DNA/2"
    one, two, three, four = codes(policy)[:4]
    table = written(policy.folder / "t.csv", f"id,human,gpt\n{one},0,1\n{two},1,0\n{three},2,9\n{four},7,0")
    found = policy.json(
        *("labels", "import", policy.project, str(table), "--raters", "human,gpt", "--map", "DNA/1"),
        *("--as", "style"),
        code=1,
    )
    assert found["map"] == {
        "map": "DNA/1",
        "labels": 8,
        "mapped": 5,
        "taken_out": 1,
        "coverage": 0.75,
        "unmapped": [{"label": "2", "n": 1}, {"label": "7", "n": 1}],
    }
    assert found["added"] == 5
    assert sorted(one["what"].partition(": ")[2] for one in found["problems"]) == [
        "'2' is no label of ours.",
        "'7' is no label of ours.",
    ]
    assert {row["style"] for row in labels(policy)} == {"refuse", "correct"}


BAD_MAPS = [
    ("from-label,to-label\n0,refuse\n0,comply", "both"),
    ("from-label,to-label\n0,nonsense", "no label of ours"),
    ("from-label,to-label,rater\n0,refuse,ann", "single raters"),
    ("from-label,to-label\n0,", "takes every label out"),
]


@pytest.mark.parametrize(("text", "words"), BAD_MAPS)
def test_that_a_map_that_cannot_be_kept_is_refused(policy, text, words):
    code, _, err = policy("labels", "map", policy.project, "M", str(written(policy.folder / "m.csv", text)))
    assert (code, words in err) == (3, True)


def test_that_new_examples_come_in_only_when_asked_for(policy):
    rows = [
        {"item_id": "N-1", "rater": "ann", "request": "May I?", "response": "No.", "label": "MED-03.violates"},
        {"item_id": "N-2", "rater": "ann", "label": "safe"},
    ]
    path = written(policy.folder / "new.jsonl", "\n".join(map(json.dumps, rows)))
    assert policy.json("labels", "import", policy.project, str(path), code=1)["added"] == 0
    found = policy.json("labels", "import", policy.project, str(path), "--add-examples", "--gold-set", "G", code=1)
    assert (found["added"], found["examples_added"]) == (1, ["N-1"])
    assert "neither its request nor its answer" in found["problems"][0]["what"]
    (row,) = labels(policy)
    assert (row["violation"], row["clause"]) == ("violates", "MED-03")
    rows = export(policy, "all.csv", "csv").read_text(encoding="utf-8-sig")
    assert "May I?" in rows
    again = policy.json("labels", "import", policy.project, str(path), "--add-examples", "--gold-set", "G", code=1)
    assert (again["added"], again["unchanged"], again["examples_added"]) == (0, 1, [])


def test_that_the_output_of_a_batch_is_the_labels_of_its_model(policy):
    out = export(policy, "batch.jsonl", "openai-batch", "--model", "modelX")
    back = []
    for number, line in enumerate(out.read_text().splitlines()):
        said = '{"label": "violates", "clauses": ["MED-03", "MED-04"]}' if number else "It depends."
        message = {"role": "assistant", "content": said, "refusal": "I cannot" if number == 1 else None}
        body = {"model": "modelX-2026", "created": 1764000000, "choices": [{"index": 0, "message": message}]}
        response = {"status_code": 500 if number == 2 else 200, "request_id": "r", "body": body}
        row = {"id": f"b{number}", "custom_id": json.loads(line)["custom_id"], "response": response, "error": None}
        back.append(json.dumps(row))
    path = written(policy.folder / "output.jsonl", "\n".join(back))
    found = policy.json("labels", "import", policy.project, str(path), "--gold-set", "G", code=1)
    assert (found["added"], len(found["problems"])) == (7, 3)
    row = labels(policy)[0]
    assert (row["rater"], row["violation"], row["clause"], row["note"]) == (
        *("modelX-2026", "violates", "MED-03"),
        "also cites MED-04",
    )
    code, _, err = policy("labels", "settle", policy.project, "--rule", "majority", "--gold-set", "G")
    assert (code, "is a person of the project" in err) == (3, True)


def test_that_refusals_are_told_to_scripts_and_nothing_is_written_for_them(policy):
    out = policy.folder / "there"
    out.write_text("mine")
    found = policy.json("labels", "export", policy.project, str(out), "--to", "argilla", code=3)
    assert found["error"]["kind"] == "export"
    assert out.read_text() == "mine"
    found = policy.json("labels", "export", policy.project, str(out), "--to", "inspect", "--rater", "ann", code=3)
    assert "for no rater" in found["error"]["message"]
    assert policy("labels", "settle", policy.project, "--rule", "adjudicated")[0] == 2
    assert policy("labels", "settle", policy.project, "--rule", "majority", "--by", "ann")[0] == 2
    assert policy("labels", "import", policy.project, str(out), "--who", "x")[0] in (2, 3)


def test_that_a_dry_run_and_a_look_at_a_map_write_nothing(policy):
    path = written(policy.folder / "l.csv", f"item_id,rater,violation\n{codes(policy)[0]},ann,safe")
    policy.json("labels", "map", policy.project, "M", str(written(policy.folder / "m.csv", "from,to\n1,safe")))
    before = Path(policy.project).read_bytes()
    policy.json("labels", "import", policy.project, str(path), "--dry-run")
    assert policy.json("labels", "map", policy.project, "M")["labels"] == {"1": "safe"}
    assert Path(policy.project).read_bytes() == before


def test_that_new_examples_of_a_restricted_area_come_in_as_hashes_only(policy):
    policy.json("add", policy.project, "taxonomy_release", "code=TAX-1", "name=Own", "version=1")
    area = ("code=A-9", "name=Weapons", "release=TAX-1", "handling=restricted")
    policy.json("add", policy.project, "risk_area", *area)
    policy.json("set", policy.project, "policy", "MED", "area=A-9")
    path = written(
        policy.folder / "new.csv", f"item_id,rater,request,violation\nN-1,ann,{CANARY},violates\nN-2,bob,,safe"
    )
    found = policy.json("labels", "import", policy.project, str(path), "--add-examples", code=1)
    assert (found["added"], found["examples_added"], found["hashed_only"]) == (1, ["N-1"], ["N-1"])
    assert CANARY.encode() not in Path(policy.project).read_bytes()
    told = policy.json("labels", "export", policy.project, str(policy.folder / "o.csv"), "--to", "csv", code=3)
    assert "a restricted risk area lets none of its text out" in told["error"]["message"]
    assert not (policy.folder / "o.csv").exists()


def test_that_whom_a_tool_means_is_said_by_name(policy):
    item = codes(policy)[0]
    path = written(policy.folder / "l.csv", f"item_id,rater,violation\n{item},a@example.org,safe\n{item},4,safe")
    who = ("--who", "a@example.org=ann", "--who", "4=bob")
    assert policy.json("labels", "import", policy.project, str(path), *who)["added"] == 2
    assert {row["rater"] for row in labels(policy)} == {"ann", "bob"}
    assert b"example.org" not in Path(policy.project).read_bytes()
