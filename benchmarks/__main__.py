"""Runs a comparison by name: `python -m benchmarks NAME [ARGUMENTS]`; `list` names them all."""

import importlib
import sys
from pathlib import Path


def main() -> int:
    """Run what was asked; 2 for a name that is none."""
    files = sorted(Path(__file__).parent.glob("[!_]*.py"))
    # A name that Python keeps for itself has an underscore behind it in the name of its file.
    names = {file.stem.removesuffix("_"): file.stem for file in files if "\ndef main(" in file.read_text("utf-8")}
    asked = sys.argv[1] if len(sys.argv) > 1 else "list"
    if asked not in names:
        print("\n".join(names))
        return 0 if asked == "list" else 2
    sys.argv = [f"benchmarks {asked}", *sys.argv[2:]]
    importlib.import_module(f"benchmarks.{names[asked]}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
