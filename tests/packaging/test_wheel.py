"""The built wheel holds everything and runs where the checkout is out of sight."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"


@dataclass(frozen=True)
class Installation:
    """A wheel installed into an environment of its own."""

    wheel: Path
    bin: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> str:
        """What the program prints, started in an empty folder with nothing of the checkout in sight."""
        env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        command = [str(self.bin / program), *arguments]
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    built = subprocess.run(build, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")

    environment = folder / "venv"
    venv.create(environment, with_pip=True)
    # The dependencies are seen, not installed again; a .pth inside a folder named by a .pth is not read,
    # so the line that makes the checkout importable stays behind.
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment)}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (folder / "empty").mkdir()
    installation = Installation(wheel, environment / SCRIPTS, folder / "empty")
    installation.run("python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel))
    return installation


def _data_files(name: str) -> set[str]:
    paths = (ROOT / name).rglob("*")
    kept = (path for path in paths if path.is_file() and "__pycache__" not in path.parts)
    return {f"launchpad/_{name}/{path.relative_to(ROOT / name).as_posix()}" for path in kept}


@pytest.mark.parametrize("name", ["resources", "migrations"])
def test_that_the_wheel_holds_every_file_of(installed: Installation, name: str) -> None:
    held = {entry for entry in zipfile.ZipFile(installed.wheel).namelist() if f"/_{name}/" in entry}
    assert held == _data_files(name)
    assert held


def test_that_the_wheel_holds_no_test_and_no_compiled_file(installed: Installation) -> None:
    entries = zipfile.ZipFile(installed.wheel).namelist()
    assert {entry.split("/")[0].partition("-")[0] for entry in entries} == {"launchpad"}
    assert not [entry for entry in entries if entry.endswith(".pyc")]


def test_that_the_installed_package_finds_its_own_resources_and_migrations(installed: Installation) -> None:
    code = "import launchpad.paths as p; print(p.resources()); print(p.migrations())"
    folders = [Path(line) for line in installed.run("python", "-c", code).splitlines()]
    assert [folder.name for folder in folders] == ["_resources", "_migrations"]
    assert all(folder.is_relative_to(installed.bin.parent) for folder in folders)


def test_that_the_installed_command_says_what_it_can_do(installed: Installation) -> None:
    assert "plan" in installed.run("launchpad", "--help")


def test_that_the_installed_command_makes_and_checks_a_project(installed: Installation) -> None:
    installed.run("launchpad", "new", "fresh.launchpad")
    installed.run("launchpad", "check", "fresh.launchpad")
    assert (installed.folder / "fresh.launchpad").stat().st_size > 0
