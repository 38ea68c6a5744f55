"""The command line: everything the window does, for scripts and for people who prefer it.

Exit codes: 0 done; 1 done, but something a person must look at; 2 wrong use; 3 refused input;
4 interrupted.
"""

from launchpad.cli.main import COMMANDS, main

__all__ = ["COMMANDS", "main"]
