"""Set up this checkout and run it: `python3 dev.py demo`, `python3 dev.py test`.

Needs Python 3.11 with venv and nothing else; each command does the whole set-up by itself.
"""

import argparse
import ctypes
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts it with an older Python reads why it stops
    sys.exit(f"Launchpad needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")
RUNTIME, DEV = "requirements.txt", "requirements-dev.txt"
CI = os.environ.get("CI") == "true"

# Shared libraries the Qt wheel does not bring, and the Debian package of each.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


@dataclass(frozen=True)
class Outcome:
    """What one check came to: its stage in the time table, counts and seconds."""

    stage: str
    name: str
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def run(*command: str | Path, env: dict[str, str] | None = None) -> int:
    """Exit code of a command run in the checkout, its output passed through."""
    print("$", shlex.join(str(word) for word in command), flush=True)
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, check=False).returncode


def demand(*command: str | Path) -> None:
    """Run a command that set-up cannot do without; stop with a sentence when it fails."""
    if run(*command) != 0:
        sys.exit(f"Set-up stopped: `{shlex.join(str(word) for word in command)}` failed; see above.")


def lacking(libraries: dict[str, str]) -> list[str]:
    """Debian packages of the shared libraries that the system's loader does not find."""
    packages: list[str] = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    return packages


def missing_packages() -> list[str]:
    """Debian packages that bring what Qt needs and this Linux lacks; elsewhere none."""
    if not sys.platform.startswith("linux"):
        return []
    packages = lacking(QT_LIBRARIES | (X11_LIBRARIES if os.environ.get("DISPLAY") else {}))
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        packages += ["fontconfig", "fonts-dejavu-core"]
    elif not subprocess.run([fc_list], capture_output=True, check=False).stdout.strip():
        packages.append("fonts-dejavu-core")
    return packages


def system_ready() -> bool:
    """Whether Qt can run here, after installing what is missing when root; says what to do if not."""
    packages = missing_packages()
    if not packages:
        return True
    if shutil.which("apt-get") is None:
        print("Qt needs system libraries that are missing; Debian calls them:", *packages)
        return False
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        command = f"sudo apt-get update && sudo {shlex.join(install)}"
        print(f"Qt needs system libraries that are missing. Install them with:\n  {command}")
        return False
    demand("apt-get", "update", "--quiet")
    demand("env", "DEBIAN_FRONTEND=noninteractive", *install)
    return not missing_packages()


def set_up(lock: str) -> None:
    """Leave .venv with what the lock says and this checkout importable; instant when nothing changed."""
    stamps = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in (RUNTIME, DEV)}
    stamp = VENV / f"{lock}.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == stamps[lock]:
        return
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("Python's venv module is incomplete. On Debian: sudo apt-get install --yes python3-venv")
    print(f"Setting up .venv from {lock}; the first time takes a few minutes.")
    here = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))
    usable = PYTHON.exists() and here.exists()
    demand(sys.executable, "-m", "venv", *([] if usable else ["--clear"]), VENV)
    demand(
        *(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--only-binary", ":all:", "--require-hashes", "--requirement", ROOT / lock),
    )
    (here / "launchpad-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    for name in {RUNTIME, lock}:
        (VENV / f"{name}.sha256").write_text(stamps[name], encoding="utf-8")


def check(stage: str, name: str, *command: str | Path) -> Outcome:
    """Outcome of a check that is one command and either passes or fails."""
    start = time.monotonic()
    failed = int(run(*command) != 0)
    return Outcome(stage, name, time.monotonic() - start, passed=1 - failed, failed=failed)


def pytest(stage: str, name: str, *arguments: str, env: dict[str, str] | None = None) -> Outcome:
    """Outcome of one pytest run, counted from its own report; a run without any test has failed."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        cover = ("--cov", "--cov-append", "--cov-report=")
        code = run(PYTHON, "-m", "pytest", "--quiet", f"--junit-xml={report}", *cover, *arguments, env=env)
        head = report.read_text(encoding="utf-8")[:2000] if report.exists() else ""
    total, errors, failures, skipped = (
        int(found[1]) if (found := re.search(rf'<testsuite [^>]*\b{word}="(\d+)"', head)) else 0
        for word in ("tests", "errors", "failures", "skipped")
    )
    failed = max(errors + failures, int(code != 0))
    passed = max(total - errors - failures - skipped, 0)
    return Outcome(stage, name, time.monotonic() - start, passed, failed, skipped)


@contextmanager
def xvfb() -> Generator[str]:
    """The name of a display of its own, gone at the end."""
    read, write = os.pipe()
    screen = ["-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), *screen], pass_fds=[write])
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def real_window() -> Outcome:
    """Outcome of the smoke tests of the real window, on an X server started for them."""
    packages = ["xvfb"] if shutil.which("Xvfb") is None else []
    packages += lacking(X11_LIBRARIES) if sys.platform.startswith("linux") else []
    if packages:
        print("Not tested: the real window. It needs Xvfb; Debian calls what is missing:", *packages)
        return Outcome("window", "real window", 0.0, failed=int(CI), skipped=int(not CI))
    with xvfb() as display:
        env = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""}
        return pytest("window", "real window", "-m", "display", "tests", env=env)


def lint() -> list[Outcome]:
    """Outcomes of the checks that run nothing of the product."""
    stage = "lint and types"
    return [
        check(stage, "ruff check", PYTHON, "-m", "ruff", "check"),
        check(stage, "ruff format", PYTHON, "-m", "ruff", "format", "--check"),
        check(stage, "basedpyright", BIN / "basedpyright"),
        check(stage, "import-linter", BIN / "lint-imports"),
    ]


def tests() -> list[Outcome]:
    """Outcomes of every test but the slow ones, by stage."""
    folders = {"file layer": ["store"], "window": ["gui"], "workbook and wheel": ["export", "packaging"]}
    apart = [f"--ignore=tests/{folder}" for names in folders.values() for folder in names]
    common = ["-n", "2", "--dist", "worksteal", "-m", "not slow and not display"]
    env = {"QT_QPA_PLATFORM": "offscreen"}
    run(PYTHON, "-m", "coverage", "erase")
    outcomes = [pytest("unit and property", "pytest", *common, *apart, "tests", env=env)]
    for stage, names in folders.items():
        paths = [f"tests/{name}" for name in names]
        outcomes.append(pytest(stage, "pytest", *common, *paths, env=env))
    outcomes.append(real_window())
    run(PYTHON, "-m", "coverage", "report")
    return outcomes


def summary(outcomes: list[Outcome]) -> int:
    """Print where the minutes went and the count of checks and tests; the exit code."""
    print("\nWhere the minutes went")
    for one in outcomes:
        state = "FAILED" if one.failed else "ok" if one.passed else "skipped"
        print(f"  {one.stage:<20}{one.name:<16}{one.seconds / 60:6.1f} min  {state}")
    print(f"  {'all':<36}{sum(one.seconds for one in outcomes) / 60:6.1f} min\n")
    passed, failed, skipped = (sum(getattr(one, word) for one in outcomes) for word in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return int(failed > 0)


def prepare(lock: str, *, qt: bool = False) -> Outcome:
    """Set up and say how long it took; stops where Qt is needed and cannot run."""
    start = time.monotonic()
    if qt and not system_ready():
        sys.exit("The tests need these libraries.")
    set_up(lock)
    return Outcome("set-up", "", time.monotonic() - start, passed=1)


def demo() -> int:
    """Run the main job on the sample launch and open the window where there is a display."""
    window = system_ready()
    prepare(RUNTIME)
    return run(PYTHON, "-m", "launchpad", "demo", ROOT / "demo", *([] if window else ["--no-window"]))


def test() -> int:
    """Run every check and test; all of them run, also when one has failed."""
    return summary([prepare(DEV, qt=True), *lint(), *tests()])


def soak() -> int:
    """Run what takes too long for every day: the slow tests, and property tests with many examples."""
    ready = prepare(DEV, qt=True)
    env = {"QT_QPA_PLATFORM": "offscreen", "HYPOTHESIS_PROFILE": "soak"}
    laws = ["tests/scoring", "tests/edits", "tests/intake", "tests/records"]
    return summary(
        [
            ready,
            pytest("soak", "slow tests", "-n", "2", "-m", "slow", "tests", env=env),
            pytest("soak", "many examples", "-n", "2", "-m", "not slow and not display", *laws, env=env),
        ]
    )


def check_only() -> int:
    """Run lint, types and import rules, without the tests."""
    return summary([prepare(DEV), *lint()])


def fix() -> int:
    """Apply what ruff can repair, and its formatting."""
    prepare(DEV)
    return max(run(PYTHON, "-m", "ruff", "check", "--fix"), run(PYTHON, "-m", "ruff", "format"))


def lock() -> int:
    """Write both locks anew from pyproject.toml; the one command that needs uv."""
    options = "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header"
    compile_ = ["uv", "pip", "compile", "--quiet", "--no-annotate", *options.split(), "pyproject.toml"]
    demand(*compile_, "--upgrade", "--extra", "dev", "--output-file", DEV)
    return run(*compile_, "--constraint", DEV, "--output-file", RUNTIME)


COMMANDS = {"demo": demo, "test": test, "soak": soak, "lint": check_only, "fix": fix, "lock": lock}


def main() -> int:
    """The exit code of the command named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, function in COMMANDS.items():
        commands.add_parser(name, help=(function.__doc__ or "").partition("\n")[0])
    return COMMANDS[parser.parse_args().command]()


if __name__ == "__main__":
    sys.exit(main())
