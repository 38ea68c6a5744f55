"""import: evaluation results into a project."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, opened, progress, project_argument, table, writing
from launchpad.edits.evidence import Added, add_file
from launchpad.intake import Mapping as TableMapping
from launchpad.intake import Refused, as_json, read_all
from launchpad.project import Project
from launchpad.records.imported import ImportedFile


@click.command("import")
@project_argument
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would come in; write nothing.")
@click.option("--map", "map_", metavar="FILE.json", help="Which column of a table means what.")
@writing
def import_command(asked: Asked, project: str, paths: Sequence[str], dry_run: bool, map_: str | None) -> None:
    """Bring evaluation results in: files and folders; each file is one edit, all undo together."""
    mapping = None if map_ is None else TableMapping.from_file(Path(map_))
    batch = str(uuid4())
    answers: list[dict[str, Any]] = []
    added = unchanged = refused = 0
    with opened(asked, project) as held, progress(asked) as report:
        for read in read_all([Path(path) for path in paths], mapping=mapping, progress=report):
            if isinstance(read, Refused):
                refused += 1
                answers.append(_refused(read))
                continue
            taken = add_file(held.inputs, read)
            if not dry_run:
                _take(held, read, taken, batch, asked.reason)
            added, unchanged = added + taken.added, unchanged + taken.unchanged
            answers.append(as_json(read, duplicate_of=taken.duplicate_of))
    answer = {"files": answers, "added": added, "unchanged": unchanged, "refused": refused}
    asked.answer(answer, *_for_people(answer, dry_run=dry_run))
    if refused or any(file["problems"] for file in answers):
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _take(held: Project, file: ImportedFile, taken: Added, batch: str, reason: str) -> None:
    if taken.proposal.changes:
        label = f"Import {Path(file.path).name}"
        held.edit(taken.proposal.changes, label, reason=reason, content=taken.proposal.content, batch=batch)
        held.refresh()


def _refused(read: Refused) -> dict[str, Any]:
    return {
        "path": str(read.path),
        "sha256": None,
        "harness": None,
        "harness_version": None,
        "run_id": None,
        "status": "unknown",
        "started": None,
        "completed": None,
        "duplicate_of": None,
        "results": [],
        "problems": [{"where": str(read.path), "what": str(read.error)}],
    }


def _for_people(answer: dict[str, Any], *, dry_run: bool) -> list[object]:
    rows = [
        (
            Path(file["path"]).name,
            result["task"],
            result["scorer"] or result["metric"],
            result["group"],
            result["value"],
            result["n"],
            None
            if result["interval"] is None
            else f"{result['interval']['low']:.3f} - {result['interval']['high']:.3f}",
            file["status"],
        )
        for file in answer["files"]
        for result in file["results"]
    ]
    columns = ("File", "Task", "Scorer", "Category", "Value", "n", "95 % interval", "Run")
    verb = "would be added" if dry_run else "added"
    total = f"{answer['added']} results {verb}, {answer['unchanged']} known, {answer['refused']} files refused."
    problems = [
        f"  {Path(file['path']).name}, {problem['where']}: {problem['what']}"
        for file in answer["files"]
        for problem in file["problems"]
    ]
    return [*([table("Results", columns, rows)] if rows else []), total, *problems]
