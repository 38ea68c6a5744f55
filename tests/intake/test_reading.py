import hashlib
import os
import sys
from pathlib import Path

import pytest

from launchpad.errors import CancelledError, ImportRefusedError
from launchpad.intake import Refused, detect, read, read_all
from launchpad.intake.polarity import higher_is_better

TABLE = "task,model,metric,value,n\nT,m,asr,0.5,10\n"


@pytest.fixture
def folder(tmp_path, make_log, shapes):
    """A log, a table, a broken log, a list of logs that is passed by, a text and hidden things."""
    found = shapes.metrics(accuracy=shapes.metric(1.0))
    log = make_log(shapes.header([shapes.score("refusal", found, 1)], n=1), [shapes.summary(1, refusal="C")])
    root = tmp_path / "runs"
    (root / "b").mkdir(parents=True)
    (root / ".git").mkdir()
    log.rename(root / "b" / "good.eval")
    (root / "a.csv").write_text(TABLE)
    (root / "broken.eval").write_bytes((root / "b" / "good.eval").read_bytes()[:100])
    (root / "eval-set.json").write_text('{"eval_set_id": "x", "tasks": []}')
    (root / "package.json").write_text('{"name": "something", "version": "1"}')
    for passed_by in ("README.md", ".hidden.csv", ".git/config.json"):
        (root / passed_by).write_text("x")
    return root


def test_that_one_bad_file_stops_no_other(folder):
    found = list(read_all([folder]))
    names = [(type(item).__name__, os.path.relpath(item.path, folder)) for item in found]
    assert names == [
        ("ImportedFile", "a.csv"),
        ("Refused", "broken.eval"),
        ("Refused", "package.json"),
        ("ImportedFile", str(Path("b", "good.eval"))),
    ]
    refused = [item for item in found if isinstance(item, Refused)]
    assert all(isinstance(item.error, ImportRefusedError) for item in refused)
    assert "JSON with the keys name, version" in refused[1].error.message


def test_that_a_file_given_twice_is_read_once(folder):
    assert len(list(read_all([folder / "a.csv", folder, folder / "a.csv"]))) == len(list(read_all([folder])))


def test_that_progress_runs_from_0_by_size_and_can_stop_the_reading(folder):
    told = []
    list(read_all([folder], progress=lambda share, name: told.append((share, name))))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] < 1
    assert told[0][1] == "a.csv"

    def stop(_share, _name):
        raise CancelledError("stopped")

    with pytest.raises(CancelledError):
        list(read_all([folder], progress=stop))


def test_that_a_folder_without_results_and_a_missing_file_are_refused(tmp_path):
    found = list(read_all([tmp_path, tmp_path / "nowhere.eval"]))
    said = [str(item.error) for item in found if isinstance(item, Refused)]
    assert len(said) == len(found) == 2
    assert "no evaluation file in the folder" in said[0]
    assert "There is no file" in said[1]


def test_that_a_log_under_an_unknown_ending_is_found_in_a_folder_and_other_files_are_not(folder, files):
    log = (folder / "b" / "good.eval").rename(folder / "b" / "good.log")
    report = folder / "b" / "report"
    report.write_bytes((files / "garak" / "new.report.jsonl").read_bytes())
    (folder / "b" / "notes.txt").write_text(TABLE)
    (folder / "b" / "empty.bin").touch()
    read_in = [item.path for item in read_all([folder]) if not isinstance(item, Refused)]
    assert read_in == [str(folder / "a.csv"), str(log), str(report)]


def test_that_the_content_decides_and_not_the_name(folder, tmp_path):
    assert detect((folder / "b" / "good.eval").rename(tmp_path / "x.csv")) == "inspect"
    assert detect((folder / "a.csv").rename(tmp_path / "x.eval")) == "table"


def test_that_the_hash_is_of_the_bytes(folder):
    path = folder / "a.csv"
    assert read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"SQLite format 3\0" + bytes(200), "an SQLite database"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old Excel workbook"),
        (b"\x1f\x8b\x08" + bytes(20), "a gzip file"),
        (b'{"name": 1}', "JSON with the keys name"),
        (b"[1, 2]", "JSON of another kind"),
        (b'{"' + b'\\"' * 30_000, "JSON of another kind"),
    ],
)
def test_that_a_file_of_no_known_format_is_refused_as_what_it_is(tmp_path, content, kind):
    path = tmp_path / "results.eval"
    path.write_bytes(content)
    for door in (read, detect):
        with pytest.raises(ImportRefusedError, match=kind) as refused:
            door(path)
        assert str(path) in refused.value.message
        assert refused.value.hint


def test_that_a_zip_of_other_things_is_refused(make_zip):
    with pytest.raises(ImportRefusedError, match="a zip archive with neither a log nor a workbook"):
        read(make_zip([("notes.txt", b"x")]))


def test_that_an_empty_file_a_folder_and_a_device_are_refused(tmp_path):
    (tmp_path / "empty.csv").touch()
    for path, what in ((tmp_path / "empty.csv", "is empty"), (tmp_path, "is not a file")):
        with pytest.raises(ImportRefusedError, match=what):
            read(path)
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.csv")
        with pytest.raises(ImportRefusedError, match="is not a file"):
            read(tmp_path / "pipe.csv")


def test_that_known_directions_come_from_the_sourced_table_only(tmp_path):
    assert higher_is_better("helm", "air_category_3_score") is True
    assert higher_is_better("JailbreakBench", "Attack success rate") is False
    assert higher_is_better("inspect", "accuracy") is None
    path = tmp_path / "a.csv"
    rows = [
        "T,m,attack success rate,0.3,10,jailbreakbench,",
        "U,m,attack success rate,0.3,10,,",
        "V,m,attack success rate,0.3,10,jailbreakbench,yes",
    ]
    path.write_text("\n".join(["task,model,metric,value,n,harness,higher_is_better", *rows]))
    assert [result.higher_is_better for result in read(path).results] == [False, None, True]
