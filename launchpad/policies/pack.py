"""A policy pack: everything a safety system loads at run time, in one folder or zip that is checked by its hashes."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from launchpad import paths
from launchpad.errors import ImportRefusedError, InvalidValueError
from launchpad.policies.compile_guideline import guideline
from launchpad.policies.compile_prompts import PROMPTS, compile_prompt, prompt_json
from launchpad.policies.compile_public import public_rule
from launchpad.policies.documents import as_html, as_markdown
from launchpad.policies.rulebook import Instance, Rule, Rulebook, rulebook
from launchpad.records import Example, GoldSet, Inputs, Label, PolicyVersion

FORMAT = "launchpad-policy-pack/1"
MANIFEST, POLICY, SCHEMA = "manifest.json", "policy.json", "policy.schema.json"
MOST_BYTES, MOST_FILES = 64 * 1024**2, 200
DATED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a pack says it is and what is wrong with it; `whole` is the hash over all its files, as found."""

    policy: str
    version: str
    whole: str
    problems: tuple[str, ...]


def pack_files(inputs: Inputs, version: PolicyVersion, metrics: Mapping[str, Any] | None = None) -> Mapping[str, bytes]:
    """The files of a pack by name, the manifest among them; the same inputs give the same bytes.

    `metrics` is what was measured of this version, as JSON, taken over as given. Raises InvalidValueError for a
    draft: what is enforced is what was released.
    """
    if version.status == "draft":
        raise InvalidValueError(
            f"Version {inputs.address(version)} is a draft; a pack holds a released version.",
            "Release it first: launchpad policy release.",
        )
    book = rulebook(inputs, version)
    files: dict[str, bytes] = {SCHEMA: schema_text().encode()}
    prompts: dict[str, Any] = {}
    for rendering in PROMPTS:
        prompt = compile_prompt(book, rendering)
        files[f"prompts/{rendering}.json"] = prompt_json(prompt).encode()
        files[f"prompts/{rendering}.txt"] = prompt.text.encode()
        prompts[rendering] = {"file": f"prompts/{rendering}.json", "sha256": prompt.sha256, "tokens": prompt.tokens}
    document = guideline(book)
    files["guideline.md"] = as_markdown(document).encode()
    files["guideline.html"] = as_html(document).encode()
    files["public.md"] = as_markdown(public_rule(book)).encode()
    plain = policy_json(book, gold_digests(inputs, version), prompts, metrics)
    files[POLICY] = _text(plain).encode()
    files[MANIFEST] = _text(_manifest(book, files)).encode()
    return dict(sorted(files.items()))


def pack_zip(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, stored and dated alike, so that equal packs have equal bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, DATED), data)
    return held.getvalue()


def verify(path: Path, whole: str | None = None) -> Verified:
    """What is wrong with a pack (folder or zip): a file missing, added or changed, another hash than `whole`.

    Raises ImportRefusedError when it is no pack at all, or larger than a pack can be.
    """
    files = dict(_read(path))
    if MANIFEST not in files:
        raise ImportRefusedError(f"{path} is no policy pack: it has no {MANIFEST}.", "Give a folder or a zip of one.")
    told = _manifest_of(path, files[MANIFEST])
    listed = {str(row.get("path")): str(row.get("sha256")) for row in told["files"]}
    found = {name: _sha256(data) for name, data in files.items() if name != MANIFEST}
    problems = [
        *(f"{name} is missing." for name in sorted(listed.keys() - found.keys())),
        *(f"{name} is not in the manifest." for name in sorted(found.keys() - listed.keys())),
        *(f"{name} was changed." for name in sorted(listed.keys() & found.keys()) if listed[name] != found[name]),
    ]
    over_all = _whole(found)
    if told.get("whole") != over_all and not problems:
        problems.append("The hash over all files is not the one in the manifest.")
    if whole is not None and whole != over_all:
        problems.append(f"The pack is not the one expected: its hash is {over_all}.")
    return Verified(str(told.get("policy")), str(told.get("version")), over_all, tuple(problems))


def policy_json(
    book: Rulebook, gold: list[Mapping[str, Any]], prompts: Mapping[str, Any], metrics: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """A version as plain data, in the form of policy.schema.json; reasons meant for people are left out."""
    return {
        "format": FORMAT,
        "policy": book.policy,
        "name": book.name,
        "version": book.version,
        "status": book.status,
        "state": book.state,
        "effective_from": book.effective_from,
        "supersedes": book.supersedes,
        "scope": book.scope,
        "sha256": book.sha256,
        "rules": [_rule(rule, place) for place, rule in enumerate(book.rules, start=1)],
        "prompts": prompts,
        "gold_sets": gold,
        "metrics": metrics,
    }


def gold_digests(inputs: Inputs, version: PolicyVersion) -> list[Mapping[str, Any]]:
    """Each gold set of the policy with its number of items and a SHA-256 over their codes, text hashes and labels."""
    found: list[Mapping[str, Any]] = []
    for gold in inputs.children(GoldSet, "policy", version.policy):
        lines = sorted(
            json.dumps([row.code, row.request, row.response, row.split, *_settled(inputs, row)], ensure_ascii=False)
            for row in inputs.children(Example, "gold_set", gold.id)
        )
        found.append({"code": gold.code, "items": len(lines), "sha256": _sha256("\n".join(lines).encode())})
    return sorted(found, key=lambda one: str(one["code"]))


def schema_text() -> str:
    """The JSON Schema of policy.json, as published."""
    return (paths.resources() / "policies" / SCHEMA).read_text(encoding="utf-8")


def _settled(inputs: Inputs, example: Example) -> Iterator[str | None]:
    rows = [label for label in inputs.children(Label, "example", example.id) if label.gold]
    said = [(label.rater, label.request_risk, label.violation, label.style, label.clause) for label in rows]
    for parts in sorted(said, key=str):
        yield from parts


def _rule(rule: Rule, place: int) -> Mapping[str, Any]:
    return {
        "id": rule.code,
        "kind": rule.kind,
        "rule": rule.text,
        "place": place,
        "precedence": rule.precedence,
        "severity": rule.severity,
        "authority": rule.authority,
        "area": rule.area,
        "escalate_when": rule.escalate_when,
        "responses": [
            {"severity": reply.severity, "style": reply.style, "force": reply.force, "note": reply.note}
            for reply in rule.replies
        ],
        "examples": [_example(one) for side in ("violates", "allowed") for one in rule.on(side)],
        "withheld": rule.withheld,
    }


def _example(one: Instance) -> Mapping[str, Any]:
    return {
        "code": one.code,
        "side": one.side,
        "near_line": one.near_line,
        "pair_of": one.pair_of,
        "request": one.request,
        "response": one.response,
    }


def _manifest(book: Rulebook, files: Mapping[str, bytes]) -> Mapping[str, Any]:
    hashes = {name: _sha256(data) for name, data in files.items()}
    return {
        "format": FORMAT,
        "policy": book.policy,
        "version": book.version,
        "files": [{"path": name, "sha256": hashes[name], "bytes": len(files[name])} for name in sorted(files)],
        "whole": _whole(hashes),
    }


def _whole(hashes: Mapping[str, str]) -> str:
    """One hash over all: SHA-256 of the lines `hash, two spaces, name`, sorted by name."""
    return _sha256("".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode())


def _manifest_of(path: Path, data: bytes) -> Mapping[str, Any]:
    try:
        told: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ImportRefusedError(f"The {MANIFEST} of {path} is damaged.", "Get the pack again.") from error
    if not isinstance(told, dict):
        raise ImportRefusedError(f"The {MANIFEST} of {path} is no manifest.", "Get the pack again.")
    manifest = cast("dict[str, Any]", told)
    rows: object = manifest.get("files")
    if manifest.get("format") != FORMAT or not isinstance(rows, list):
        raise ImportRefusedError(f"{path} is not of the form {FORMAT}.", "Make it with a program of this version.")
    if not all(isinstance(row, dict) for row in cast("list[object]", rows)):
        raise ImportRefusedError(f"The {MANIFEST} of {path} is no manifest.", "Get the pack again.")
    return manifest


def _read(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a pack; refused when there are too many, too much, one name twice, or a name that leads outside."""
    try:
        found = list(_from_folder(path) if path.is_dir() else _from_zip(path))
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise ImportRefusedError(
            f"{path} cannot be read as a policy pack.", "Give a folder or a zip of one."
        ) from error
    if len({name for name, _ in found}) < len(found):
        raise ImportRefusedError(f"{path} holds one name twice.", "Get the pack again.")
    yield from found


def _from_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    names = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
    _refuse_large(path, len(names), sum(one.stat().st_size for one in names))
    for one in names:
        yield one.relative_to(path).as_posix(), one.read_bytes()


def _from_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _refuse_large(path, len(members), sum(member.file_size for member in members))
        for member in members:
            with archive.open(member) as file:
                yield member.filename, file.read(member.file_size)


def _refuse_large(path: Path, files: int, size: int) -> None:
    if files > MOST_FILES or size > MOST_BYTES:
        raise ImportRefusedError(
            f"{path} holds {files:,} files of {size:,} bytes, more than a policy pack does.", "Give another one."
        )


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
