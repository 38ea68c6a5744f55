"""The peers' own environment: `python -m benchmarks peers` makes it, 80 packages and a minute or two, and says where.

It lies in the folder named by LAUNCHPAD_PEERS, else in the system's folder for temporary files.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def python() -> Path:
    """The Python of the peers' environment, which is made first when it is not there or its requirements changed."""
    folder = Path(os.environ.get("LAUNCHPAD_PEERS") or Path(tempfile.gettempdir()) / "launchpad-peers")
    program = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    made, wanted = folder / "requirements.txt", REQUIREMENTS.read_text(encoding="utf-8")
    if not program.exists() or not made.exists() or made.read_text(encoding="utf-8") != wanted:
        print(f"Installing the peers into {folder} ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [program, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]
        subprocess.run(install, check=True)  # noqa: S603 - our own list
        made.write_text(wanted, encoding="utf-8")
    return program


def main() -> None:
    """Say where the environment is."""
    print(python())
