"""Runs a comparison by name: `python -m benchmarks NAME [ARGUMENTS]`; `list` names them all."""

import importlib
import pkgutil
import sys

import benchmarks


def main() -> int:
    """Run what was asked; 2 for a name that is none."""
    names = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__")
    asked = sys.argv[1] if len(sys.argv) > 1 else "list"
    if asked not in names:
        print("\n".join(names))
        return 0 if asked == "list" else 2
    sys.argv = [f"benchmarks {asked}", *sys.argv[2:]]
    importlib.import_module(f"benchmarks.{asked}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
