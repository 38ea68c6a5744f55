"""What every test stands on: folders of its own, no network, no window on the person's screen."""

import atexit
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI") == "true"


def _own_folders() -> None:
    """Point every per-user folder into one that goes with this process, so that nobody's own is touched."""
    home = Path(tempfile.mkdtemp(prefix="launchpad-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    for name in ("LOCAL_APPDATA", "APPDATA"):
        os.environ[f"WIN_PD_OVERRIDE_{name}"] = str(home / name.lower())
    if sys.platform == "darwin":
        os.environ["HOME"] = str(home)
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    # matplotlib's font list takes seconds to make, so it outlives one run.
    os.environ["MPLCONFIGDIR"] = str(ROOT / ".pytest_cache" / "matplotlib")


_own_folders()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if CI else "dev"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run; fail instead when CI=true, where nothing may be left out."""
    if item.get_closest_marker("display") and os.environ["QT_QPA_PLATFORM"] == "offscreen":
        pytest.skip("needs a real window system: python3 dev.py test runs it under Xvfb")
    if item.get_closest_marker("libreoffice") and shutil.which("soffice") is None:
        message = "needs LibreOffice (Debian: apt-get install libreoffice-calc)"
        pytest.fail(message, pytrace=False) if CI else pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]  (pytest uses it)
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # pyright: ignore[reportArgumentType]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", local_only)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of published material beside the checkout; tests that read it are skipped without it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder shared/ beside the checkout")
    return folder
