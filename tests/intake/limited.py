"""Reads the files named on its standard input, each in a child with little memory and time, and tells how it went.

Run as a program: it imports everything once and then forks, so that no file pays for another or for start-up.
"""

import importlib
import json
import os
import resource
import sys
import traceback
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import as_json, read

# What readers load only when they need it, loaded once for all children.
for name in ("openpyxl", "zstandard", "yaml", "launchpad.intake.table.workbook"):
    importlib.import_module(name)

MEMORY = 1 << 30
SECONDS = 30


def told(path: Path) -> tuple[str, str]:
    """Whether the file was read or refused, and what was said of it; a fault with its traceback."""
    try:
        file = read(path)
        json.dumps(as_json(file), allow_nan=False).encode()
    except ImportRefusedError as error:
        return "refused", str(error)
    except BaseException:  # noqa: BLE001 - whatever it is, the test must hear of it
        return "fault", traceback.format_exc()
    return "read", " | ".join(problem.what for problem in file.problems[:5])


def in_a_child(path: Path) -> tuple[str, str]:
    """As `told`, with a gigabyte beyond what is in use now, and half a minute."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 1 << 18
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        os.write(writer, json.dumps(told(path))[:60_000].encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        words = answer.read()
    _, status = os.waitpid(child, 0)
    return tuple(json.loads(words)) if words and status == 0 else ("fault", f"ended with status {status}: {words}")


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(in_a_child(Path(line.rstrip("\n")))), flush=True)  # noqa: T201 - its answer
