"""Keys, hosts, people and source code planted all over files of every format: none of it reaches project or answer."""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from launchpad.cli import main
from launchpad.errors import ImportRefusedError
from launchpad.intake import as_json, read
from launchpad.intake.reading import HARNESSES
from launchpad.intake.redaction import without_keys, without_traces
from tests.intake import mutants
from tests.intake.conftest import ZSTANDARD, zip_bytes

CANARY = "canary7f3a"
KEY = f"sk-{CANARY}0123456789"
HOME = f"/{'home'}/{CANARY}"
PLANTED = {
    "api_key": KEY,
    "OPENAI_API_KEY": KEY,
    "headers": {"Authorization": f"Bearer {CANARY}0123456789", "x-api-key": KEY},
    "env": {"HOME": HOME, "AWS_SECRET_ACCESS_KEY": f"{CANARY}0123456789"},
    "pretty_env_info": f"Hostname: {CANARY}.internal\nUser: {CANARY}",
    "process_results": f"def process_results(doc):\n    return {CANARY!r}",
    "traceback": f'Traceback (most recent call last):\n  File "{HOME}/evals/task.py", line 3',
    "hostname": f"{CANARY}.internal",
    "user": CANARY,
    "node": CANARY,
    "base_url": f"http://{CANARY}:8000/v1",
    "revision": {"origin": f"git@{CANARY}:lab/evals.git", "commit": CANARY},
    "code": {"source": f"git@{CANARY}", "libraries": [CANARY]},
}
# What a harness may tell of an error: kept for the reader, so that it must be told without what is planted in it.
ERROR = f"401 from http://{CANARY}:8000/v1 with {KEY} in {HOME}/task.py (Authorization: Bearer {CANARY}012345)"
MESSAGES = frozenset({"message", "error", "error_message", "exception"})
WITHOUT_MORE = frozenset({"scores", "metrics", "results", "groups", "versions", "n-samples", "higher_is_better"})


def planted(value: object, key: str = "") -> object:
    """The value with secrets in every object, and in every message of an error."""
    if isinstance(value, list):
        return [planted(item) for item in value]
    if isinstance(value, dict):
        found = {name: planted(item, name) for name, item in value.items()}
        found |= {name: ERROR for name in MESSAGES & found.keys() if found[name] and isinstance(found[name], str)}
        return found if key in WITHOUT_MORE else {**{k: v for k, v in PLANTED.items() if k not in found}, **found}
    return value


def with_secrets(path: Path) -> bytes | None:
    """The file with secrets planted in it; None for formats without room for any."""
    data = path.read_bytes()
    if path.suffix == ".eval":
        members = [(name, in_json(content)) for name, content in mutants.members_of(path)]
        return zip_bytes([(name, content or b"") for name, content in members], ZSTANDARD)
    if path.suffix == ".zst":
        return zstandard.compress(in_json(zstandard.decompress(data)) or b"")
    if path.suffix in (".csv", ".tsv"):
        return in_rows(data)
    return in_json(data)


def in_json(data: bytes) -> bytes | None:
    """One JSON document, or one on each line, with secrets."""
    encoding = "utf-16" if data.startswith(b"\xff\xfe") else "utf-8"
    text = data.decode(encoding, errors="replace")
    try:
        return json.dumps(planted(json.loads(text))).encode(encoding)
    except ValueError:
        pass
    try:
        return "".join(json.dumps(planted(json.loads(line))) + "\n" for line in text.splitlines()).encode(encoding)
    except ValueError:
        return None


def in_rows(data: bytes) -> bytes:
    """A table with a column of keys behind the others."""
    wide = data.startswith(b"\xff\xfe")
    encoding, mark = ("utf-16", "\t") if wide else ("latin-1", ";" if b";" in data[:60] else ",")
    lines = data.decode(encoding).splitlines()
    return "\n".join([f"{lines[0]}{mark}Authorization", *(f"{line}{mark}{KEY}" for line in lines[1:])]).encode(encoding)


@pytest.fixture(scope="module")
def leaking(tmp_path_factory):
    """The files with secrets, each in its place among the files that belong beside it."""
    folder = tmp_path_factory.mktemp("leaking")
    found = []
    for path in mutants.fixtures(folder):
        found.append(path)
        if path.suffix == ".db":
            in_every_table(path)
        elif (data := with_secrets(path)) is not None:
            path.write_bytes(data)
    return found


def in_every_table(path: Path) -> None:
    """A database with a column of secrets in each of its tables."""
    with closing(sqlite3.connect(path)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            database.execute(f'ALTER TABLE "{table}" ADD COLUMN endpoint_and_key')
            database.execute(f'UPDATE "{table}" SET endpoint_and_key = ?', [json.dumps(PLANTED)])
        database.commit()


@pytest.fixture
def run(capsys):
    def command(*arguments):
        code = main(list(arguments), open_window=lambda _: 0)
        return code, capsys.readouterr()

    return command


def contents(project: Path) -> Iterator[bytes]:
    """All bytes of a project file, and what its compressed blocks unpack to."""
    yield project.read_bytes()
    with closing(sqlite3.connect(f"file:{project}?mode=ro", uri=True)) as database:
        for (block,) in database.execute("SELECT bytes FROM content"):
            try:
                yield zlib.decompress(block)
            except zlib.error:
                yield block


def test_that_no_secret_of_any_format_reaches_the_project_or_the_answer(leaking, run, tmp_path):
    project = tmp_path / "own.launchpad"
    assert run("new", str(project), "--launch", "Spring", "--date", "2099-03-01")[0] == 0
    code, said = run("import", str(project), *map(str, leaking), "--json")
    answer = json.loads(said.out)
    assert code in (0, 1)
    assert {file["harness"] for file in answer["files"]} >= {harness.HARNESS for harness in HARNESSES}
    assert answer["added"] > 100
    assert CANARY not in said.out + said.err
    for content in contents(project):
        assert CANARY.encode() not in content


def test_that_the_canaries_were_really_planted(leaking):
    holding = [
        path
        for path in leaking
        if path.suffix in (".json", ".jsonl", ".csv", ".db") and CANARY.encode() in path.read_bytes()
    ]
    assert len(holding) > 40


@pytest.mark.parametrize(
    ("arguments", "model"),
    [
        (f"pretrained={HOME}/models/tiny,api_key={KEY}", HOME.replace(CANARY, "…") + "/models/tiny"),
        ({"api_key": KEY, "model": "acme/tiny", "base_url": PLANTED["base_url"]}, "acme/tiny"),
        ({"pretrained": f"https://{CANARY}:{KEY}@models.example/tiny"}, "https://…@models.example/tiny"),
    ],
)
def test_that_a_model_is_named_without_the_key_or_the_person_beside_it(files, tmp_path, arguments, model):
    document = json.loads((files / "lm_eval" / "random_name.json").read_text())
    document["config"] = {"model": "local-completions", "model_args": arguments}
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document))
    assert {result.model for result in read(path).results} == {model}


def test_that_the_text_of_an_error_is_told_without_key_host_and_person(make_log, shapes):
    head = shapes.header(None, status="error", error={"message": ERROR, "traceback": PLANTED["traceback"]})
    (said,) = [p.what for p in read(make_log(head, [])).problems if p.where == "error"]
    assert said.startswith(f"the run failed: 401 from http://… with … in {HOME.replace(CANARY, '…')}/task.py")
    assert CANARY not in said


@pytest.mark.parametrize(
    "words",
    [
        "refusal_two_scorers_acme-7b",
        "openai/gpt-4o-mini",
        "task-risk-2024",
        "the tokens: 5",
        "basic understanding of 3 things",
        "ask-me-anything-12345678",
        "hf/acme",
        "C:/users",
        "key: value",
    ],
)
def test_that_ordinary_names_are_left_as_they_are(words):
    assert without_traces(words) == words


@pytest.mark.parametrize(
    "words",
    [
        "sk-proj-a1b2c3d4e5f6g7h8",
        "hf_abcdefghijklmnop",
        "AKIAABCDEFGHIJKLMNOP",
        "Authorization: Basic dXNlcjpwYXNz",
        "{'x-api-key': 'abcdef123456'}",
        "ANTHROPIC_API_KEY=abcdef123456",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abcd-efgh",
        rf"C:\{'Users'}\abcdef\evals",
        f"/{'Users'}/abcdef/evals",
    ],
)
def test_that_keys_and_home_folders_are_made_unreadable(words):
    found = without_keys(words)
    assert "…" in found
    assert "abcdef" not in found
    assert "a1b2c3" not in found


def test_that_damaged_files_with_secrets_are_refused_without_them(leaking):
    for path in leaking:
        data = path.read_bytes()
        path.write_bytes(data[: len(data) * 2 // 3])
        assert CANARY not in said_of(path), path
        path.write_bytes(data)


def said_of(path: Path) -> str:
    """All that is told of a file, whether it is read or refused."""
    try:
        return json.dumps(as_json(read(path)))
    except ImportRefusedError as error:
        return f"{error} {error.hint}"
