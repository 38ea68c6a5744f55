"""Files of every harness and format made bad in a hundred ways, with a fixed seed: read with problems, or refused."""

import hashlib
import json
import random
import shutil
from pathlib import Path

import pytest

from launchpad.cli import main
from launchpad.errors import ImportRefusedError
from launchpad.intake import as_json, read
from launchpad.intake.reading import HARNESSES
from launchpad.project import Project
from launchpad.records import EvalResult
from tests.intake import mutants

SEED = "2026-11-24"
TABLE = "table"
MAX_SHARED = 200_000
# What says what must come out of the files it lies beside.
BESIDE = {"README.md", "expected.tsv"}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A good file of each harness and format, with what belongs beside it."""
    return [path for path in mutants.fixtures(tmp_path_factory.mktemp("good")) if path.name not in BESIDE]


def made_bad(paths, root):
    """Each file made bad in each way, one after another in its own place, and put right again after that.

    Real files, of which there are many of a kind, are made bad in three ways each.
    """
    for path in paths:
        whole, few = path.read_bytes(), random.Random(f"{SEED} {path.name}")
        real = root.name == "samples" or "real" in path.parts
        for mutate in few.sample(mutants.MUTATIONS, 3) if real else mutants.MUTATIONS:
            chance = random.Random(f"{SEED} {path.relative_to(root)} {mutate.__name__}")
            bad = mutants.mutated(path, mutate, chance)
            path.write_bytes(bad)
            if chance.random() < 0.2:
                other = path.with_name(f"renamed{chance.choice(mutants.ENDINGS)}")
                shutil.copy(path, other)
                yield other, mutate.__name__
                other.unlink()
            else:
                yield path, mutate.__name__
            path.write_bytes(whole)


def answer(path):
    """What comes out of a file, which JSON and UTF-8 must be able to hold; None when it is refused by its name."""
    try:
        file = read(path, keep_texts=True)
    except ImportRefusedError as error:
        if path.name not in str(error) and path.parent.name not in str(error):
            raise AssertionError(f"names no file: {error}") from error
        return None
    for result in file.results:
        if (outcomes := result.outcomes) is not None:
            lengths = {len(getattr(outcomes, name)) for name in outcomes.__dataclass_fields__}
            assert len(lengths) == 1
            assert set(outcomes.status) <= {"scored", "unscored", "error"}
            assert all(
                (value is None) != (mark == "scored")
                for value, mark in zip(outcomes.value, outcomes.status, strict=True)
            )
    if file.texts is not None:
        assert len(file.texts.sample) == len(file.texts.epoch) == len(file.texts.asked) == len(file.texts.answered)
    return json.dumps(as_json(file), allow_nan=False).encode().decode()


def survived(paths, root, kept=None):
    """How many bad files were read (True) and refused (False); every fourth is copied into a folder of its kind."""
    counts = {True: 0, False: 0}
    for number, (path, how) in enumerate(made_bad(paths, root)):
        try:
            outcome = answer(path) is not None
        except Exception as error:
            raise AssertionError(f"{path.relative_to(root)}, {how}") from error
        counts[outcome] += 1
        if kept is not None and number % 4 == 0:
            target = kept / ("read" if outcome else "refused") / f"{number}_{how}_{path.name}"
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
    return counts


@pytest.fixture(scope="module")
def bad(good, tmp_path_factory):
    """A folder of bad files that are refused and of those that are read, and how many there were of both."""
    folder = tmp_path_factory.mktemp("bad")
    return folder, survived(good, good[-1].parent, folder)


def test_that_there_is_a_good_file_of_every_harness(good):
    read_in = set()
    for path in good:
        try:
            read_in.add(read(path).harness)
        except ImportRefusedError:
            continue
    assert read_in == {harness.HARNESS for harness in HARNESSES} | {TABLE}


def test_that_every_bad_file_is_read_or_refused(bad):
    _, counts = bad
    assert min(counts.values()) > 100
    assert sum(counts.values()) >= 300


def test_that_real_files_made_bad_are_read_or_refused(shared, tmp_path):
    copied = shutil.copytree(shared / "evidence" / "samples", tmp_path / "samples", copy_function=shutil.copyfile)
    for path in (copied, *copied.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    paths = [path for path in sorted(copied.rglob("*")) if path.is_file() and path.stat().st_size < MAX_SHARED]
    assert len(paths) > 30
    assert sum(survived(paths, copied).values()) == len(paths) * 3


class TestProject:
    @pytest.fixture
    def run(self, capsys):
        """Runs a command as a shell would; its exit code and what it printed."""

        def command(*arguments):
            code = main(list(arguments), open_window=lambda _: 0)
            return code, capsys.readouterr().out

        return command

    @pytest.fixture
    def project(self, tmp_path, run):
        path = tmp_path / "own.launchpad"
        assert run("new", str(path), "--launch", "Spring", "--date", "2099-03-01")[0] == 0
        return path

    def test_that_a_project_is_unchanged_by_files_that_are_refused(self, bad, project, run):
        before = hashlib.sha256(project.read_bytes()).hexdigest()
        files = [str(path) for path in sorted((bad[0] / "refused").iterdir())]
        assert len(files) > 50
        code, answer = run("import", str(project), *files, "--json")
        assert (code, json.loads(answer)["refused"]) == (1, len(files))
        assert hashlib.sha256(project.read_bytes()).hexdigest() == before
        assert [path.name for path in project.parent.iterdir()] == [project.name]

    def test_that_whatever_is_read_can_be_written_and_is_intact(self, bad, project, run):
        code, answer = run("import", str(project), str(bad[0] / "read"), "--keep-samples", "--json")
        added = json.loads(answer)["added"]
        assert code in (0, 1)
        assert added > 200
        assert run("check", str(project))[0] == 0
        with Project.open(project, read_only=True) as held:
            assert len(held.inputs.rows(EvalResult)) == added


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_that_lines_and_documents_of_other_encodings_say_the_same(good, tmp_path, encoding):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    compared = 0
    for place, path in enumerate(good):
        if path.suffix not in (".json", ".jsonl") or path.read_bytes().startswith(b"\xff\xfe"):
            continue
        other = Path(shutil.copytree(path.parent, tmp_path / str(place))) / path.name
        other.write_bytes((mark + path.read_text(encoding="utf-8")).encode(encoding))
        if (usual := answer(path)) is not None:
            same = json.loads(usual)["results"]
            found = answer(other)
            assert found is not None, path
            assert json.loads(found)["results"] == same, path
            compared += 1
    assert compared > 20
