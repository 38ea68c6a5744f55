"""import: evaluation results into a project."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, launch_of, opened, progress, project_argument, table, writing
from launchpad.edits.evidence import Added, Known, add_file
from launchpad.edits.links import unlinked
from launchpad.edits.mappings import mapping_for, remember
from launchpad.edits.questions import in_place_questions, polarity_questions
from launchpad.errors import ConflictError
from launchpad.intake import Mapping as TableMapping
from launchpad.intake import Refused, as_json, preview, read_all
from launchpad.project import Project
from launchpad.records import Launch
from launchpad.records.imported import ImportedFile, ImportedResult

TABLE = "table"


@click.command("import")
@project_argument
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would come in; write nothing.")
@click.option("--keep-samples", is_flag=True, help="Keep what was asked and answered, except for restricted areas.")
@click.option("--map", "map_", metavar="FILE.json", help="Which column of a table means what.")
@writing
def import_command(
    asked: Asked, project: str, paths: Sequence[str], dry_run: bool, keep_samples: bool, map_: str | None
) -> None:
    """Bring evaluation results in: files and folders; each file is one edit, all undo together.

    Sample text may be hazardous: it stays out unless --keep-samples is given, is hidden until a person
    asks to see it, and leaves with no export. Ctrl-C keeps the files that are in; the same command goes on.
    A mapping given is remembered for the next table with the same header.
    """
    mapping = None if map_ is None else TableMapping.from_file(Path(map_))
    with opened(asked, project) as held, progress(asked) as report:
        coming = _Coming(held, asked.reason, mapping, dry_run=dry_run, keep_texts=keep_samples)
        files = read_all(
            [Path(path) for path in paths],
            keep_texts=keep_samples,
            mapping=mapping,
            recall=mapping_for(held.inputs),
            progress=report,
        )
        try:
            for file in files:
                coming.take(file)
        except KeyboardInterrupt:
            if not dry_run:
                click.echo(f"Stopped after {len(coming.answers)} files; {coming.added} results are in.", err=True)
            raise
        still_open = [] if dry_run else _still_open(asked, held)
    asked.answer(coming.answer(), *_for_people(coming.answer(), dry_run=dry_run), *still_open)
    if coming.refused or any(file["problems"] for file in coming.answers):
        raise click.exceptions.Exit(LOOK_AT_THIS)


class _Coming:
    """Files coming into a project one after another, each written before the next is read."""

    def __init__(
        self, held: Project, reason: str, mapping: TableMapping | None, *, dry_run: bool, keep_texts: bool
    ) -> None:
        self._held, self._reason, self._dry_run, self._keep_texts = held, reason, dry_run, keep_texts
        self._mapping = mapping
        self._batch = str(uuid4())
        self._known = Known(held.inputs)
        self.answers: list[dict[str, Any]] = []
        self.added = self.unchanged = self.refused = 0

    def take(self, read: ImportedFile | Refused) -> None:
        """Take in one file, or that it was refused."""
        if isinstance(read, Refused):
            self.refused += 1
            self.answers.append(_refused(read))
            return
        taken = add_file(self._known, read, keep_texts=self._keep_texts)
        if taken.proposal.changes and not self._dry_run:
            taken = self._write(read, taken)
        if self._mapping is not None and read.harness == TABLE and not self._dry_run:
            self._remember(read, self._mapping)
        self.added, self.unchanged = self.added + taken.added, self.unchanged + taken.unchanged
        results = tuple(self._with_direction(result, read.harness) for result in read.results)
        told = replace(read, results=results, problems=(*read.problems, *taken.problems))
        self.answers.append(as_json(told, duplicate_of=taken.duplicate_of))

    def answer(self) -> dict[str, Any]:
        """What came of all of them."""
        counts = {"added": self.added, "unchanged": self.unchanged, "refused": self.refused}
        return {"files": self.answers, **counts}

    def _with_direction(self, result: ImportedResult, harness: str) -> ImportedResult:
        """The result with the direction that was said in the project, whose word counts."""
        key = (result.harness or harness, result.task, result.scorer, result.metric)
        evaluation = self._known.evaluations.get(key)
        if evaluation is None or evaluation.polarity == "unknown":
            return result
        return replace(result, higher_is_better=evaluation.polarity == "higher")

    def _write(self, file: ImportedFile, taken: Added) -> Added:
        """Write a file's changes, worked out anew when somebody else was quicker; what was written."""
        try:
            self._edit(file, taken)
        except ConflictError:
            self._read_again()
            taken = add_file(self._known, file, keep_texts=self._keep_texts)
            self._edit(file, taken)
        if self._held.others_wrote:
            self._read_again()
        return taken

    def _edit(self, file: ImportedFile, taken: Added) -> None:
        label = f"Import {Path(file.path).name}"
        changes, content = taken.proposal.changes, taken.proposal.content
        self._held.edit(changes, label, reason=self._reason, content=content, batch=self._batch)

    def _remember(self, file: ImportedFile, mapping: TableMapping) -> None:
        """Keep the mapping for the headers of the sheets that were read by it."""
        for sheet in preview(Path(file.path), mapping):
            if sheet.mapping is None:
                continue
            headers, name = [header for header in sheet.headers if header], Path(file.path).name
            self._held.refresh()
            changes = remember(self._held.inputs, headers, mapping.to_json(), name)
            if changes:
                label = f"Remember the columns of {name}"
                self._held.edit(changes, label, reason=self._reason, batch=self._batch)

    def _read_again(self) -> None:
        self._held.refresh()
        self._known = Known(self._held.inputs)


def _still_open(asked: Asked, held: Project) -> list[str]:
    """What a person has to say before the results count, in words."""
    held.refresh()
    inputs = held.inputs
    questions = len(polarity_questions(inputs)) + len(in_place_questions(inputs))
    found = [f"{questions} questions are open: `launchpad ask`."] if questions else []
    if inputs.rows(Launch):
        waiting = len(unlinked(inputs, launch_of(inputs, asked.launch).id))
        found += [f"{waiting} results are evidence for nothing yet: `launchpad link`."] if waiting else []
    return found


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
