"""PyRIT: dumped JSON and the SQLite memory."""

import json
import sqlite3
from contextlib import closing

import pytest

from launchpad.edits.evidence import identity_of
from launchpad.errors import ImportRefusedError
from launchpad.intake import Refused, detect, read, read_all

SCORER = {"class_name": "SubStringScorer", "class_module": "pyrit.score", "pyrit_version": "1.1.0"}


def target(model="acme-7b"):
    return {"class_name": "OpenAIChatTarget", "endpoint": "https://lab-host/secret", "model_name": model}


def identifier(name="PromptSendingAttack", model="acme-7b", converters=()):
    children = {"objective_target": target(model), "objective_scorer": SCORER}
    if converters:
        children["request_converters"] = [{"class_name": converter} for converter in converters]
    technique = {"class_name": "AttackTechnique", "children": {"attack": {"class_name": name, "children": children}}}
    return {"class_name": "AtomicAttack", "pyrit_version": "1.1.0", "children": {"attack_technique": technique}}


def score(value="false", kind="true_false", category=("cyber",), **more):
    found = {"id": f"s-{value}", "score_value": value, "status": "complete", "score_type": kind}
    where = {"score_category": list(category), "scorer_class_identifier": SCORER, "objective": "[asked]"}
    return {**found, **where, "timestamp": "2026-01-02T03:04:05Z", **more}


def attack(number, outcome="failure", **more):
    found = {
        "conversation_id": f"c-{number}",
        "objective": f"[asked {number}]",
        "attack_result_id": f"a-{number}",
        "atomic_attack_identifier": identifier(),
        "last_response": {"id": f"p-{number}", "converted_value": "[answered]"},
        "last_score": score("true" if outcome == "success" else "false"),
        "outcome": outcome,
        "timestamp": f"2026-01-02T03:04:0{number}Z",
        "labels": {"run": "review-1"},
        "targeted_harm_categories": [],
    }
    return {**found, **more}


ATTACKS = [
    attack(0, "success"),
    attack(1),
    attack(2, "undetermined", targeted_harm_categories=["bio", "cyber"]),
    attack(3, "error", atomic_attack_identifier=None, last_score=None, last_response=None),
]


@pytest.fixture
def dumped(tmp_path):
    def write(document, name="attacks.json"):
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document, indent=1), encoding="utf-8")
        return path

    return write


def one(file, group=None, metric="attack_success_rate", task=None):
    (found,) = [r for r in file.results if (r.group, r.metric) == (group, metric) and (task is None or r.task == task)]
    return found


def said(file):
    return " ".join(f"{problem.where}: {problem.what}" for problem in file.problems)


def test_that_the_rate_is_of_successes_and_failures_alone(dumped):
    path = dumped(ATTACKS)
    file = read(path)
    rate = one(file)
    assert detect(path) == "pyrit"
    assert (rate.value, rate.n, rate.count, rate.higher_is_better) == (0.5, 2, 1, False)
    assert (rate.n_unscored, rate.n_errors, rate.n_total) == (1, 1, 4)
    assert (rate.task, rate.model, rate.scorer) == ("PromptSendingAttack", "acme-7b", "SubStringScorer")
    assert (file.harness_version, file.started) == ("1.1.0", "2026-01-02T03:04:00+00:00")
    assert file.completed == "2026-01-02T03:04:03+00:00"
    assert file.run_id.startswith("review-1/")


def test_that_harms_are_groups_and_tags(dumped):
    file = read(dumped(ATTACKS))
    assert (one(file, "cyber").n_total, one(file, "bio").n_total) == (3, 1)
    assert one(file, "cyber").tags == ("pyrit", "pyrit:cyber")
    assert one(file).outcomes.status == ("scored", "scored", "unscored", "error")


def test_that_objectives_are_named_without_their_words(dumped):
    file = read(dumped(ATTACKS), keep_texts=True)
    assert file.texts.sample == one(file).outcomes.sample
    assert file.texts.asked[0] == "[asked 0]"
    assert file.texts.answered == ("[answered]",) * 3 + (None,)
    assert "[asked" not in repr([read(dumped(ATTACKS)), one(file).outcomes])
    assert "lab-host" not in repr(read(dumped(ATTACKS)))


def test_that_kinds_of_attack_are_tasks_and_converters_make_another_kind(dumped):
    other = attack(4, "success", atomic_attack_identifier=identifier("CrescendoAttack"))
    coded = attack(5, "success", atomic_attack_identifier=identifier(converters=["Base64Converter"]))
    file = read(dumped([*ATTACKS[:2], other, coded]))
    assert one(file, task="PromptSendingAttack").n == 2
    assert one(file, task="CrescendoAttack").count == 1
    assert one(file, task="PromptSendingAttack + Base64Converter").count == 1


@pytest.mark.parametrize(
    ("changes", "model"),
    [
        ({"labels": {"model": "labelled"}}, "labelled"),
        ({"labels": None, "last_response": {"prompt_target_identifier": {"model_name": "older"}}}, "older"),
        ({"labels": [1], "atomic_attack_identifier": {"children": 3}}, "unknown"),
    ],
)
def test_that_an_empty_model_name_is_looked_for_elsewhere(dumped, changes, model):
    found = attack(0, "success", **{"atomic_attack_identifier": identifier(model=""), **changes})
    file = read(dumped([found]))
    assert one(file).model == model
    assert ("does not say which model" in said(file)) == (model == "unknown")


def test_that_results_of_version_0_are_read(dumped):
    found = {
        "conversation_id": "c-1",
        "objective": "[asked]",
        "attack_identifier": {"__type__": "RedTeamingAttack", "__module__": "pyrit.executor", "id": "x"},
        "last_score": score("0.9", "float_scale", scorer_class_identifier={"__type__": "SelfAskScaleScorer"}),
        "outcome": "AttackOutcome.SUCCESS",
    }
    path = dumped(found)
    result = one(read(path))
    assert detect(path) == "pyrit"
    assert (result.task, result.scorer, result.count) == ("RedTeamingAttack", "SelfAskScaleScorer", 1)


def test_that_a_scenario_names_attacks_target_and_state(dumped):
    scenario = {
        "id": "scenario-1",
        "scenario_run_state": "IN_PROGRESS",
        "scenario_identifier": {"class_name": "Cyber", "children": {"objective_target": target("acme-8b")}},
        "attack_results": {"base64": [attack(0, "success", atomic_attack_identifier=None)], "plain": [attack(1)]},
    }
    path = dumped(scenario)
    file = read(path)
    assert (detect(path), file.run_id, file.status) == ("pyrit", "scenario-1", "running")
    assert (one(file, task="base64").model, one(file, task="plain").model) == ("acme-8b", "acme-7b")


def test_that_lines_and_single_results_are_read(dumped):
    lines = "".join(json.dumps(found) + "\n" for found in ATTACKS)
    assert one(read(dumped(lines, "attacks.jsonl"))).n_total == 4
    assert one(read(dumped(ATTACKS[0]))).count == 1
    assert one(read(dumped({"attack_results": ATTACKS}))).n_total == 4


def test_that_scores_are_numbers_in_text(dumped):
    scores = [
        score("True"),
        score("false"),
        score(None, status="undetermined"),
        score("0.25", "float_scale"),
        score("0.75", "float_scale", score_category="cyber"),
    ]
    path = dumped(scores, "scores.json")
    file = read(path)
    assert detect(path) == "pyrit"
    yes, scale = one(file, metric="true_false"), one(file, metric="float_scale")
    assert (yes.value, yes.n, yes.count, yes.n_unscored, yes.higher_is_better) == (0.5, 2, 1, 1, None)
    assert (scale.value, scale.n, scale.model, scale.scorer) == (0.5, 2, "unknown", "SubStringScorer")
    assert one(file, "cyber", "float_scale").n == 2


def test_that_an_exported_conversation_gives_its_scores(dumped):
    piece = {"role": "assistant", "conversation_id": "c", "original_value": "[x]", "converted_value": "[x]"}
    pieces = [piece, {**piece, "prompt_target_identifier": {"model_name": "older"}, "scores": [score("true")]}]
    path = dumped(pieces)
    assert detect(path) == "pyrit"
    assert (one(read(path), metric="true_false").count, one(read(path), metric="true_false").model) == (1, "older")


@pytest.mark.parametrize(
    "items",
    [
        [attack(0, "won"), attack(1, 7), attack(2, None)],
        [attack(0, objective=None, labels="x", timestamp="soon", targeted_harm_categories={"a": 1})],
        [attack(0), None, 3, [], {}],
        [attack(0, last_score=[1], last_response="x", atomic_attack_identifier="y")],
        [score("maybe"), score("x", "float_scale"), score({"a": 1}), score("nan", "float_scale"), score("1", 7)],
    ],
)
def test_that_wrong_types_are_listed_or_unscored(dumped, items):
    file = read(dumped(items))
    assert file.results
    assert all(result.value is None or 0 <= result.value <= 1 for result in file.results)


def test_that_a_dump_cut_off_is_refused(dumped):
    with pytest.raises(ImportRefusedError):
        read(dumped(json.dumps(ATTACKS)[:-40]))


# The memory


NEW = """
CREATE TABLE "PromptMemoryEntries" (id CHAR(36) PRIMARY KEY, role VARCHAR, conversation_id VARCHAR, sequence INTEGER,
    timestamp DATETIME, original_value VARCHAR, converted_value VARCHAR);
CREATE TABLE "Conversations" (conversation_id VARCHAR PRIMARY KEY, target_identifier JSON);
CREATE TABLE "ScoreEntries" (id CHAR(36) PRIMARY KEY, score_value VARCHAR, status VARCHAR, score_type VARCHAR,
    score_category JSON, scorer_class_identifier JSON, prompt_request_response_id CHAR(36), timestamp DATETIME,
    scored_expectation JSON, pyrit_version VARCHAR);
CREATE TABLE "AttackResultEntries" (id CHAR(36) PRIMARY KEY, conversation_id VARCHAR, objective VARCHAR,
    atomic_attack_identifier JSON, last_response_id CHAR(36), automated_score_id CHAR(36), human_score_id CHAR(36),
    outcome VARCHAR, labels JSON, targeted_harm_categories JSON, timestamp DATETIME, pyrit_version VARCHAR);
CREATE TRIGGER "trg_immutable" BEFORE UPDATE ON "PromptMemoryEntries" BEGIN SELECT RAISE(ABORT, 'no'); END;
"""
OLD = """
CREATE TABLE "PromptMemoryEntries" (id CHAR(32) PRIMARY KEY, conversation_id VARCHAR, labels JSON,
    prompt_target_identifier JSON, converted_value VARCHAR);
CREATE TABLE "ScoreEntries" (id CHAR(32) PRIMARY KEY, score_value VARCHAR, score_type VARCHAR, score_category VARCHAR,
    scorer_class_identifier JSON, prompt_request_response_id CHAR(32), timestamp DATETIME, task VARCHAR);
"""


@pytest.fixture
def memory(tmp_path):
    """Makes an SQLite file of these statements and gives its path."""

    def make(script, rows=(), name="pyrit.db"):
        path = tmp_path / name
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
            for table, values in rows:
                columns = ", ".join(f'"{column}"' for column in values)
                marks = ", ".join("?" * len(values))
                cells = [json.dumps(cell) if isinstance(cell, dict | list) else cell for cell in values.values()]
                connection.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', cells)
            connection.commit()
        return path

    return make


def rows_of(attacks):
    """The rows in which PyRIT 1.x keeps these attacks."""
    for found in attacks:
        number = found["attack_result_id"]
        last, response = found["last_score"], found["last_response"]
        if last:
            kept = {key: last[key] for key in ("score_value", "status", "score_type", "score_category")}
            identity = {"id": f"s{number}", "scorer_class_identifier": last["scorer_class_identifier"]}
            yield "ScoreEntries", {**kept, **identity, "timestamp": "2026-01-02 03:04:05.000000"}
        if response:
            values = {"id": response["id"], "conversation_id": found["conversation_id"]}
            yield "PromptMemoryEntries", {**values, "converted_value": response["converted_value"]}
        same = ("conversation_id", "objective", "atomic_attack_identifier", "outcome", "labels")
        yield (
            "AttackResultEntries",
            {
                **{key: found[key] for key in same},
                "id": number,
                "automated_score_id": f"s{number}",
                "last_response_id": (response or {}).get("id"),
                "targeted_harm_categories": found["targeted_harm_categories"] or None,
                "timestamp": found["timestamp"].replace("T", " ").rstrip("Z"),
                "pyrit_version": "1.1.0",
            },
        )


def test_that_the_memory_says_what_its_dump_says(memory, dumped):
    path = memory(NEW, rows_of(ATTACKS))
    file, dump = read(path, keep_texts=True), read(dumped(ATTACKS), keep_texts=True)
    assert (detect(path), file.run_id, file.results) == ("pyrit", dump.run_id, dump.results)
    assert (file.started, file.harness_version, file.texts) == (dump.started, "1.1.0", dump.texts)
    assert [identity_of(file, r) for r in file.results] == [identity_of(dump, r) for r in dump.results]


def test_that_a_memory_without_attacks_gives_its_scores(memory):
    piece = {"id": "p1", "conversation_id": "c", "prompt_target_identifier": {"__type__": "T", "model_name": "older"}}
    entries = [("PromptMemoryEntries", piece)] + [
        (
            "ScoreEntries",
            {
                "id": f"s{number}",
                "score_value": value,
                "score_type": "true_false",
                "score_category": "cyber",
                "scorer_class_identifier": {"__type__": "SelfAskTrueFalseScorer"},
                "prompt_request_response_id": "p1",
            },
        )
        for number, value in enumerate(("True", "False", "False"))
    ]
    file = read(memory(OLD, entries))
    rate = one(file, metric="true_false")
    assert (rate.n, rate.count, rate.model, rate.scorer) == (3, 1, "older", "SelfAskTrueFalseScorer")
    assert one(file, "cyber", "true_false").n == 3


def test_that_the_target_of_a_conversation_names_the_model(memory):
    found = attack(0, "success", atomic_attack_identifier=None, labels=None)
    talk = ("Conversations", {"conversation_id": "c-0", "target_identifier": target("of-conversation")})
    assert one(read(memory(NEW, [talk, *rows_of([found])]))).model == "of-conversation"


def test_that_nothing_is_written_beside_a_memory(memory, tmp_path):
    path = memory(NEW + "PRAGMA journal_mode=WAL;", rows_of(ATTACKS))
    before = path.read_bytes()
    (tmp_path / "pyrit.db-wal").write_bytes(b"x" * 40)
    listed = {found.name for found in tmp_path.iterdir()}
    assert "close PyRIT" in said(read(path))
    assert path.read_bytes() == before
    assert {found.name for found in tmp_path.iterdir()} == listed


def test_that_a_schema_spread_over_many_pages_is_known(memory):
    many = "".join(f'CREATE TABLE "t{n}" (a, b, c, d, e, f);' for n in range(150))
    assert detect(memory(many + NEW, rows_of(ATTACKS))) == "pyrit"


def test_that_cells_of_other_types_raise_nothing(memory):
    odd = {
        "id": 5,
        "objective": b"\xff\x00",
        "outcome": 3.5,
        "labels": "{broken",
        "atomic_attack_identifier": "[" * 99999,
    }
    file = read(memory(NEW, [("AttackResultEntries", odd), ("ScoreEntries", {"id": "s", "score_value": b"\x01"})]))
    assert one(file).n == 0
    assert "none of PyRIT's" in said(file)


HOSTILE = {
    "a view for a table": 'CREATE VIEW "AttackResultEntries" AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL '
    "SELECT x+1 FROM r) SELECT x AS id, 'success' AS outcome FROM r;",
    "a virtual table": 'CREATE VIRTUAL TABLE "AttackResultEntries" USING fts5(id, outcome);',
    "a generated column that works without end": 'CREATE TABLE "AttackResultEntries" (id, outcome AS '
    '(hex(zeroblob(100000000)))); INSERT INTO "AttackResultEntries"(id) VALUES (1);',
}


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE.keys())
def test_that_a_crafted_schema_is_refused(memory, script):
    try:
        path = memory(script)
    except sqlite3.OperationalError:
        pytest.skip("this SQLite cannot make such a file")
    with pytest.raises(ImportRefusedError):
        read(path)


def test_that_a_table_of_too_many_rows_is_refused(memory, monkeypatch):
    monkeypatch.setattr("launchpad.intake.pyrit.database.MAX_ROWS", 2)
    with pytest.raises(ImportRefusedError, match="more than 2 rows"):
        read(memory(NEW, rows_of(ATTACKS)))


def test_that_reading_without_end_is_stopped(memory, monkeypatch):
    monkeypatch.setattr("launchpad.intake.pyrit.database.STEPS", 10)
    monkeypatch.setattr("launchpad.intake.pyrit.database.MAX_STEPS", 200)
    many = [("AttackResultEntries", {"id": str(n), "outcome": "failure"}) for n in range(500)]
    with pytest.raises(ImportRefusedError, match="takes too long"):
        read(memory(NEW, many))


@pytest.mark.parametrize("place", [16, 100, 2000, 4096, 5000, 9000])
def test_that_a_damaged_memory_is_refused_or_read(memory, place):
    path = memory(NEW, rows_of(ATTACKS))
    raw = bytearray(path.read_bytes())
    raw[place : place + 900] = b"\xa5" * 900
    path.write_bytes(raw)
    try:
        read(path)
    except ImportRefusedError as error:
        assert str(path) in str(error)  # noqa: PT017 - either way is right, a traceback is not


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7])
def test_that_a_memory_cut_off_is_refused_or_read(memory, share):
    path = memory(NEW, rows_of(ATTACKS))
    raw = path.read_bytes()
    path.write_bytes(raw[: max(20, int(len(raw) * share))])
    (found,) = read_all([path])
    assert isinstance(found, Refused) or found.harness == "pyrit"


def test_that_other_databases_are_refused_by_what_they_are(memory, tmp_path):
    with pytest.raises(ImportRefusedError, match="an SQLite database, but no memory of PyRIT"):
        read(memory("CREATE TABLE t (a);"))
    with pytest.raises(ImportRefusedError, match="a Launchpad project"):
        read(memory("PRAGMA application_id=0x4C504144; CREATE TABLE t (a);", name="p.launchpad"))
    duck = tmp_path / "old.db"
    duck.write_bytes(b"\x01" * 8 + b"DUCK" + b"\0" * 500)
    with pytest.raises(ImportRefusedError, match="DuckDB"):
        read(duck)


def test_that_the_real_dumps_say_what_the_manifest_says(shared, manifest):
    folder = shared / "evidence" / "samples" / "pyrit"
    assert "success(=attack worked)=2 failure=5 error=1 -> ASR 2/7" in manifest["pyrit/attack_results.json"]
    rate = one(read(folder / "attack_results.json"))
    assert (rate.value, rate.n, rate.count, rate.n_errors, rate.n_total) == (2 / 7, 7, 2, 1, 8)
    assert (rate.model, rate.higher_is_better) == ("acme-chat-7b", False)
    assert "7 true_false scores as strings 'true'/'false': true=2" in manifest["pyrit/scores.json"]
    scores = one(read(folder / "scores.json"), metric="true_false")
    assert (scores.n, scores.count, scores.higher_is_better) == (7, 2, None)
