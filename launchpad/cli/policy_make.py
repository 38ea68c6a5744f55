"""policy lint, compile, diff, pack, verify: what is made of a policy version, and whether it can be applied."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, project_argument, read, reading, table
from launchpad.cli.policy_words import finding_json, findings_table
from launchpad.edits.policies import newest_version, version_named
from launchpad.errors import ExportError, ImportRefusedError, UnknownRecordError
from launchpad.export.safe import put
from launchpad.policies.compile_brief import Brief, Wish, brief_document, collection_brief
from launchpad.policies.compile_guideline import guideline
from launchpad.policies.compile_prompts import PROMPTS, Prompt, compile_prompt, prompt_json
from launchpad.policies.compile_public import public_rule
from launchpad.policies.documents import FORMS, Document
from launchpad.policies.lint import lint
from launchpad.policies.pack import MANIFEST, pack_files, pack_zip, verify
from launchpad.policies.redline import redline
from launchpad.policies.redline_document import redline_document, redline_json
from launchpad.policies.rulebook import Rulebook, rulebook
from launchpad.records import Inputs, Policy, PolicyVersion

DOCUMENTS: Mapping[str, Callable[[Rulebook], Document]] = {"guideline": guideline, "public": public_rule}
KINDS = (*PROMPTS, *DOCUMENTS, "brief")
OTHER_FORM = "Give the file one of these endings: .md, .html, .docx; for a prompt .txt or .json."


@click.command("lint")
@project_argument
@click.argument("version", metavar="[POLICY[/VERSION]]", required=False)
@reading
def lint_command(asked: Asked, project: str, version: str | None) -> None:
    """What keeps a policy from being applied the same way twice, and about how long its prompts are; 1 on findings."""
    with read(project) as file:
        inputs = file.inputs()
    rows = _versions(inputs, version)
    found = {inputs.address(row): lint(inputs, row) for row in rows}
    told = [_linted(inputs, row, found[inputs.address(row)]) for row in rows]
    every = [one for findings in found.values() for one in findings]
    lengths = [(one["version"], *one["tokens"].values(), len(one["findings"])) for one in told]
    columns = ("Version", "Rules", *PROMPTS, "Findings")
    shown = [findings_table(every)] if every else ["Nothing found."]
    asked.answer({"versions": told}, *shown, table("Tokens, estimated", columns, lengths))
    if every:
        raise click.exceptions.Exit(LOOK_AT_THIS)


@click.command("compile")
@project_argument
@click.argument("version", metavar="POLICY[/VERSION]")
@click.option("--to", "kind", type=click.Choice(KINDS), required=True, help="What to make of it.")
@click.option("--out", metavar="FILE", help="Write it there: .txt, .json, .md, .html or .docx; default: print it.")
@click.option("--languages", metavar="A,B,...", help="Of a brief.")
@click.option("--personas", metavar="A,B,...", help="Of a brief.")
@click.option("--attacks", metavar="A,B,...", help="Of a brief.")
@reading
def compile_command(asked: Asked, project: str, version: str, kind: str, out: str | None, **lists: str | None) -> None:
    """Make a classifier prompt, a reviewers' guideline, a data brief or a public rule of a policy version."""
    if kind != "brief" and any(lists.values()):
        raise click.UsageError("--languages, --personas and --attacks go with --to brief.")
    with read(project) as file:
        inputs = file.inputs()
    row = version_named(inputs, version)
    book = rulebook(inputs, row)
    about = {"version": book.address, "status": book.status, "state": book.state, "to": kind, "rules": list(book.ids)}
    if kind in PROMPTS:
        _prompt(asked, compile_prompt(book, kind), about, out)
        return
    brief = collection_brief(inputs, row, _wish(**lists)) if kind == "brief" else None
    document = DOCUMENTS[kind](book) if brief is None else brief_document(brief)
    told = {**about, **({} if brief is None else _brief_json(brief))}
    if out is not None:
        _put_document(Path(out), document)
        asked.answer({**told, "written": out}, f"Wrote {out}.")
        return
    text = FORMS[".md"](document).decode()
    asked.answer({**told, "text": text}, text)


@click.command("diff")
@project_argument
@click.argument("old", metavar="POLICY/OLD")
@click.argument("new", metavar="POLICY/NEW")
@click.option("--out", metavar="FILE", help="Write it there: .md, .html or .docx.")
@reading
def diff_command(asked: Asked, project: str, old: str, new: str, out: str | None) -> None:
    """What changed between two versions, rule by rule, and what to test again."""
    with read(project) as file:
        inputs = file.inputs()
    found = redline(inputs, inputs.find(PolicyVersion, old), inputs.find(PolicyVersion, new))
    document = redline_document(found)
    if out is not None:
        _put_document(Path(out), document)
    said = f"Wrote {out}." if out is not None else FORMS[".md"](document).decode()
    asked.answer({**redline_json(found), **({} if out is None else {"written": out})}, said)


@click.command("pack")
@project_argument
@click.argument("version", metavar="POLICY[/VERSION]")
@click.argument("out", metavar="OUT")
@click.option("--metrics", metavar="FILE.json", help="What was measured of this version.")
@reading
def pack_command(asked: Asked, project: str, version: str, out: str, metrics: str | None) -> None:
    """Write a policy pack: a zip where OUT ends in .zip, else a folder."""
    with read(project) as file:
        inputs = file.inputs()
    row = _released(inputs, version)
    files = pack_files(inputs, row, None if metrics is None else _metrics(Path(metrics)))
    target = Path(out)
    if target.suffix.casefold() == ".zip":
        put(target, pack_zip(files))
    else:
        _put_folder(target, files)
    whole = json.loads(files[MANIFEST])["whole"]
    answer = {"version": inputs.address(row), "written": out, "files": list(files), "whole": whole}
    asked.answer(answer, f"Wrote {out}: {len(files)} files. Hash over all: {whole}.")


@click.command("verify")
@click.argument("pack", metavar="PACK")
@click.option("--whole", metavar="SHA256", help="The hash the pack must have.")
@reading
def verify_command(asked: Asked, pack: str, whole: str | None) -> None:
    """Check every file of a policy pack against its hashes; 1 when something differs."""
    found = verify(Path(pack), whole)
    answer = {
        "policy": found.policy,
        "version": found.version,
        "whole": found.whole,
        "problems": list(found.problems),
    }
    good = f"{found.policy}/{found.version} is whole. Hash over all: {found.whole}."
    asked.answer(answer, *(found.problems or (good,)))
    if found.problems:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _versions(inputs: Inputs, address: str | None) -> Sequence[PolicyVersion]:
    if address is not None:
        return [version_named(inputs, address)]
    policies = inputs.rows(Policy)
    if not policies:
        raise UnknownRecordError("The project has no policy yet.", "Start one: launchpad policy start PROJECT NAME.")
    return [version_named(inputs, row.code) for row in policies if inputs.children(PolicyVersion, "policy", row.id)]


def _released(inputs: Inputs, address: str) -> PolicyVersion:
    """The version asked for; for a policy alone its newest released one, where it has any."""
    if "/" not in address:
        newest = newest_version(inputs, inputs.find(Policy, address).id, "released")
        if newest is not None:
            return inputs.find(PolicyVersion, f"{address}/{newest}")
    return version_named(inputs, address)


def _linted(inputs: Inputs, row: PolicyVersion, found: Sequence[Any]) -> dict[str, Any]:
    book = rulebook(inputs, row)
    forbids = bool(book.of_kind("violates"))
    tokens = {name: compile_prompt(book, name).tokens if forbids else None for name in PROMPTS}
    return {
        "version": inputs.address(row),
        "state": book.state,
        "findings": [finding_json(one) for one in found],
        "tokens": {"rules": len(book.rules), **tokens},
    }


def _prompt(asked: Asked, prompt: Prompt, about: Mapping[str, Any], out: str | None) -> None:
    told = {**about, "tokens": prompt.tokens, "sha256": prompt.sha256}
    if out is None:
        asked.answer({**told, "prompt": json.loads(prompt_json(prompt))}, prompt.text)
        return
    forms = {".txt": prompt.text, ".json": prompt_json(prompt)}
    ending = Path(out).suffix.casefold()
    if ending not in forms:
        raise ExportError(f"A prompt is not written to {out}.", OTHER_FORM)
    put(Path(out), forms[ending].encode())
    asked.answer({**told, "written": out}, f"Wrote {out}: about {prompt.tokens:,} tokens.")


def _brief_json(brief: Brief) -> Mapping[str, Any]:
    import dataclasses

    return {
        "items": brief.wanted,
        "cells": [dataclasses.asdict(cell) for cell in brief.cells],
        "hard_cases": [{"kind": kind.code, "items": n} for kind, n in brief.hard],
        "acceptance": {
            "per_severity": brief.per_severity.n,
            "allowed": brief.allowed.n,
            "rated_twice": brief.agreement.n,
        },
    }


def _wish(languages: str | None, personas: str | None, attacks: str | None) -> Wish:
    parted = [[part.strip() for part in (words or "").split(",")] for words in (languages, personas, attacks)]
    chosen = [tuple(part for part in parts if part) for parts in parted]
    return Wish(languages=chosen[0], personas=chosen[1], attacks=chosen[2])


def _put_document(path: Path, document: Document) -> None:
    form = FORMS.get(path.suffix.casefold())
    if form is None:
        raise ExportError(f"A document is not written to {path}.", OTHER_FORM)
    put(path, form(document))


def _put_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a pack into an empty folder; the manifest last, so that half a pack is seen to be none."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(f"{folder} is there already and not an empty folder.", "Name a new one.")
    for name in sorted(files, key=lambda name: (name == MANIFEST, name)):
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"The folder {path.parent} could not be made.", "Choose another place.") from error
        put(path, files[name])


def _metrics(path: Path) -> Mapping[str, Any]:
    try:
        found: object = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except (OSError, ValueError, RecursionError) as error:
        raise ImportRefusedError(f"{path} cannot be read as JSON.", "Give a file with one JSON object.") from error
    if not isinstance(found, dict):
        raise ImportRefusedError(f"{path} holds no JSON object.", "Give a file with one JSON object.")
    return cast("dict[str, Any]", found)


def _refuse_constant(constant: str) -> object:
    raise ValueError(constant)
