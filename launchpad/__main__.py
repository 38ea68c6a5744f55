"""`launchpad`: no arguments or a project alone open the window; anything else is the command line."""

import os
import sys
from pathlib import Path

SUFFIX = ".launchpad"


def main() -> int:
    """Run what was asked and return the exit code."""
    arguments = sys.argv[1:]
    if not arguments or (len(arguments) == 1 and _is_project(arguments[0])):
        return _open_window(arguments[0] if arguments else None)
    from launchpad import cli

    return cli.main(arguments, open_window=_open_window_if_display)


def _is_project(word: str) -> bool:
    return not word.startswith("-") and (word.endswith(SUFFIX) or Path(word).is_file())


def _open_window(project: str | None) -> int:
    from launchpad.gui.app import run

    return run(None if project is None else Path(project))


def _open_window_if_display(project: str) -> int:
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        sys.stdout.write("There is no display, so the window stays closed.\n")
        return 0
    return _open_window(project)


if __name__ == "__main__":
    sys.exit(main())
