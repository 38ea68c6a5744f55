import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from launchpad.errors import ExportError
from launchpad.export.safe import put

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = b"yesterday's report", b"today's report" * 1000
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="asks for POSIX limits and owners")


def test_that_a_new_file_holds_exactly_the_bytes(tmp_path):
    put(tmp_path / "out.json", NEW)
    assert (tmp_path / "out.json").read_bytes() == NEW
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]


def test_that_a_replaced_file_keeps_its_mode_bits(tmp_path):
    target = tmp_path / "out.json"
    target.write_bytes(OLD)
    target.chmod(0o640)
    put(target, NEW)
    assert target.read_bytes() == NEW
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@needs_posix
def test_that_a_new_file_follows_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        put(tmp_path / "out.json", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o640


@needs_posix
def test_that_a_link_stays_a_link_and_its_target_is_replaced(tmp_path):
    (tmp_path / "real").write_bytes(OLD)
    (tmp_path / "link").symlink_to("real")
    put(tmp_path / "link", NEW)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == NEW


@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "does not allow"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_that_a_fault_at_any_point_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, call, number, words):
    target = tmp_path / "out.json"
    target.write_bytes(OLD)

    def fail(*_args, **_named):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(ExportError, match=words) as told:
            put(target, NEW)
    assert "out.json" in told.value.message
    assert told.value.hint
    assert target.read_bytes() == OLD
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]


WRITE = """
import sys
from pathlib import Path
from launchpad.errors import ExportError
from launchpad.export.safe import put
{first}
try:
    put(Path(sys.argv[1]), b"x" * 1_000_000)
except ExportError as error:
    print(error)
    raise SystemExit(3)
"""


def told_by_a_child(target: Path, first: str = "", before: tuple[str, ...] = ()) -> str:
    command = [*before, sys.executable, "-c", WRITE.format(first=first), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 3, done.stderr
    return done.stdout


@needs_posix
def test_that_a_write_cut_short_by_the_system_leaves_the_old_file(tmp_path):
    target = tmp_path / "out.json"
    target.write_bytes(OLD)
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    assert "larger than allowed" in told_by_a_child(target, limit)
    assert target.read_bytes() == OLD
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]


def test_that_a_disk_that_is_really_full_is_named_and_the_old_file_kept(tmp_path):
    mounted = (
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        (
            f'mount -t tmpfs -o size=64k none "{tmp_path}" && '
            f'printf "%s" "{OLD.decode()}" > "{tmp_path}/out.json" && "$@"; '
            f'code=$?; cat "{tmp_path}/out.json"; ls -A "{tmp_path}"; exit $code'
        ),
        "sh",
    )
    if sys.platform != "linux" or subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs Linux with user namespaces, to mount a disk of 64 kB")
    said = told_by_a_child(tmp_path / "out.json", before=mounted)
    assert "the disk is full" in said
    assert said.splitlines()[-1] == f"{OLD.decode()}out.json"


@needs_posix
def test_that_a_folder_one_may_not_write_to_is_named_and_the_old_file_kept():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shut"
        folder.mkdir()
        (folder / "out.json").write_bytes(OLD)
        (folder / "out.json").chmod(0o666)
        Path(name).chmod(0o755)
        folder.chmod(0o555)
        nobody = "import os; os.geteuid() or (os.setgid(65534), os.setuid(65534))"
        assert "does not allow" in told_by_a_child(folder / "out.json", nobody)
        assert (folder / "out.json").read_bytes() == OLD
        assert [entry.name for entry in folder.iterdir()] == ["out.json"]
        folder.chmod(0o755)


@pytest.mark.parametrize("mark", [".~lock.report.xlsx#", "~$report.xlsx", "~$port.xlsx"])
def test_that_a_file_an_office_program_has_open_is_not_replaced(tmp_path, mark):
    target = tmp_path / "report.xlsx"
    target.write_bytes(OLD)
    (tmp_path / mark).write_bytes(b"")
    with pytest.raises(ExportError, match="open in another program") as told:
        put(target, NEW)
    assert mark in told.value.hint
    assert target.read_bytes() == OLD
    (tmp_path / mark).unlink()
    put(target, NEW)
    assert target.read_bytes() == NEW


def test_that_a_read_only_file_is_not_replaced(tmp_path):
    target = tmp_path / "out.json"
    target.write_bytes(OLD)
    target.chmod(0o444)
    with pytest.raises(ExportError, match="marked read-only"):
        put(target, NEW)
    assert target.read_bytes() == OLD


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no/such/folder/out.json", "does not exist"),
        ("n" * 300 + ".json", "name is too long"),
        (".", "is a folder"),
        ("file/out.json", "folder"),
        ("nul\0byte.json", "cannot be the name"),
    ],
)
def test_that_an_impossible_target_is_named_with_a_way_out(tmp_path, name, words):
    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(ExportError, match=words) as told:
        put(tmp_path / name, NEW)
    assert told.value.hint
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@needs_posix
def test_that_a_device_is_not_replaced_by_a_file():
    with pytest.raises(ExportError, match="not an ordinary file"):
        put(Path("/dev/full"), NEW)


@needs_posix
def test_that_the_longest_possible_name_can_be_written(tmp_path):
    put(tmp_path / ("n" * 255), NEW)
    assert (tmp_path / ("n" * 255)).read_bytes() == NEW
