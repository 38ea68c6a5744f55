"""copy: a clean copy of a project to send."""

from dataclasses import asdict
from pathlib import Path

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, project_argument, read, reading
from launchpad.store import Copied


@click.command("copy")
@project_argument
@click.argument("out", metavar="OUT")
@click.option("--without-samples", is_flag=True, help="Leave out what was asked and answered in samples.")
@reading
def copy_command(asked: Asked, project: str, out: str, without_samples: bool) -> None:
    """Write a clean copy to send: all rows and the whole history, and nothing that was removed.

    With --without-samples no sample text goes along. Per-sample outcomes do: they hold ids, categories
    and scores, no text, and comparisons rest on them. History and signatures stay valid either way, as
    they hold only hashes. PROJECT is left alone; an older copy of it at OUT is replaced when it holds
    no edits of its own, anything else there is not.
    """
    with read(project) as file:
        copied = file.copy(Path(out), without_samples=without_samples)
    answer = {
        "project": project,
        "copy": out,
        "head": copied.head or None,
        "bytes": copied.size,
        "replaced": copied.replaced,
        "samples": "left out" if without_samples else "kept",
        "removed": {"sample_text": copied.texts, "unused": copied.unused},
        "findings": [
            {**asdict(found), "table": found.table or None, "field": found.field or None} for found in copied.findings
        ],
    }
    asked.answer(answer, *_for_people(out, copied, without_samples=without_samples))
    if copied.findings:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _for_people(out: str, copied: Copied, *, without_samples: bool) -> list[str]:
    verb = "Replaced" if copied.replaced else "Wrote"
    said = [f"{verb} {out}, {copied.size / 1e6:.1f} MB. Its history ends with {copied.head}."]
    if without_samples:
        said.append(f"Sample text was left out ({copied.texts} files); outcomes of samples, which hold no text, stay.")
    if copied.findings:
        said.append("The copy is as damaged as the project; launchpad check says more:")
        said.extend(f"  {found.message}" for found in copied.findings)
    return said
