"""Makes a small project file of the present schema; run once before a release, kept for ever.

python tests/released/make.py
"""

from pathlib import Path

from launchpad.edits.records import add_words
from launchpad.project import Project
from launchpad.records import Team
from launchpad.store import schema


def main() -> None:
    """Write schema-N.launchpad beside this file."""
    target = Path(__file__).parent / f"schema-{schema.newest()}.launchpad"
    target.unlink(missing_ok=True)
    with Project.create(target, name="Released", author="release") as project:
        project.edit(add_words(project.inputs, Team, {"code": "T-1", "name": "Red team"}).changes, "Add team")


if __name__ == "__main__":
    main()
