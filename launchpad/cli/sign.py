"""sign: put a name under a decision, see whether a signature still holds, and what changed since."""

import dataclasses
from typing import Any

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, launch_of, project_argument, read, writing
from launchpad.cli.decide import decision_of
from launchpad.cli.decide_words import signatures_for_people
from launchpad.cli.deciding import as_option, held, person_of
from launchpad.edits.signatures import WITHOUT_A_KEY, keep_public_key
from launchpad.edits.words_given import standing
from launchpad.errors import InvalidValueError
from launchpad.records import Decision, Person, SignOff, Value
from launchpad.results.deciding import sign
from launchpad.results.signed import VOID, signatures_of
from launchpad.results.since import FieldChange, PartChange, Since, what_changed
from launchpad.store import keys


@click.command("sign")
@project_argument
@click.option("--decision", metavar="CODE", help="Default: the decision that stands.")
@as_option
@click.option("--key", is_flag=True, help="Sign with the person's key in the keyring of this machine.")
@click.option("--note", default="", metavar="TEXT", help="Kept with the signature.")
@click.option("--despite", default="", metavar="REASON", help="Why to sign although the file check found something.")
@click.option("--make-key", metavar="PERSON", help="Instead: make a key and keep its public half on record.")
@click.option("--verify", is_flag=True, help="Instead: say which signatures hold; exit with 1 when one is void.")
@click.option("--what-changed", metavar="SIGNATURE", help="Instead: list what changed since a signature.")
@writing
def sign_command(
    asked: Asked,
    project: str,
    make_key: str | None,
    verify: bool,
    what_changed: str | None,
    **wish: Any,  # noqa: ANN401
) -> None:
    """Sign a decision: the name is bound to a hash over everything the decision rests on.

    Any later change to that voids the signature; a change elsewhere leaves it valid. Without a key a signature is a
    claim by whoever holds the file.
    """
    if sum((make_key is not None, verify, what_changed is not None)) > 1:
        raise InvalidValueError("--make-key, --verify and --what-changed go one at a time.", "Give one of them.")
    if make_key is not None:
        _make_key(asked, project, make_key)
    elif verify:
        _verify(asked, project)
    elif what_changed is not None:
        _since(asked, project, what_changed)
    else:
        _sign(asked, project, **wish)


def _sign(
    asked: Asked, project: str, *, decision: str | None, as_: str | None, key: bool, note: str, despite: str
) -> None:
    with held(asked, project) as here:
        row = decision_of(here.inputs, here.launch, decision)
        who = person_of(here.inputs, asked, as_)
        signer = keys.signer(who.public_key, who.code) if key else None
        findings = [finding.message for finding in here.project.check()]
        made = sign(
            here.inputs, row, who, findings=findings, stamp=here.stamp, note=note, despite=despite, signer=signer
        )
        label = f"Sign {row.code} as {who.code}"
        here.project.edit(made.changes, label, reason=asked.reason, content=made.content)
        plain = dict(made.changes[0].after or {})
    answer = {
        **{name: plain[name] for name in ("code", "role", "signed_at", "os_user", "host", "head", "rests_on")},
        "decision": row.code,
        "person": who.code,
        "key": key,
    }
    worth = [] if key else [WITHOUT_A_KEY]
    asked.answer(answer, f"{who.code} signed {row.code} ({plain['code']}), bound to {answer['rests_on']}.", *worth)


def _make_key(asked: Asked, project: str, person: str) -> None:
    with held(asked, project) as here:
        who = here.inputs.find(Person, person)
        public = keys.make()
        here.project.edit(keep_public_key(who, public), f"Public key of {who.code}", reason=asked.reason)
    said = f"The key of {who.code} is in the keyring of this machine; its public half {public} is on record."
    asked.answer({"person": who.code, "public_key": public}, said)


def _verify(asked: Asked, project: str) -> None:
    with read(project) as file:
        inputs = file.inputs()
        findings = [finding.message for finding in file.check()]
        heads = {edit.sha256 for _, edit in file.journal()}
    launch = launch_of(inputs, asked.launch)
    stands = standing(inputs.rows(Decision, launch.id))
    rows = signatures_of(inputs, launch, stands[-1] if stands else None)
    findings += [
        f"Signature {row.code} names a journal row that is not here: the history was cut off or written anew."
        for row in rows
        if row.head not in heads
    ]
    answer = {"launch": launch.code, "signatures": [dataclasses.asdict(row) for row in rows], "findings": findings}
    told = [f"  {finding}" for finding in findings]
    shown = [*signatures_for_people(rows)] or [f"Nobody has signed anything of {launch.code}."]
    asked.answer(answer, *shown, *(["The file check found:", *told] if told else []))
    if findings or any(row.state == VOID for row in rows):
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _since(asked: Asked, project: str, code: str) -> None:
    with read(project) as file:
        inputs = file.inputs()
        journal = file.journal()
    launch = launch_of(inputs, asked.launch)
    found = what_changed(inputs, inputs.find(SignOff, code, launch.id), journal)
    asked.answer(dataclasses.asdict(found), *_since_for_people(found))
    if found.inside:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _since_for_people(found: Since) -> list[str]:
    inside = [line for part in found.inside for line in _part(part)]
    outside = [
        f"  {one.at[:16]} {one.author}: {one.label} ({', '.join(one.records[:5])}"
        f"{f' and {len(one.records) - 5} more' if len(one.records) > 5 else ''})"
        for one in found.outside
    ]
    return [
        f"Since {found.signature}, inside what was signed: {len(found.inside)}.",
        *inside,
        f"Since {found.signature}, beside it: {len(found.outside)}.",
        *outside,
        *found.notes,
    ]


def _part(part: PartChange) -> list[str]:
    alone = "without an edit of its own" if part.how == "changed" else "through a record that names it"
    by = f"by {'; '.join(part.edits)}" if part.edits else alone
    fields = [] if part.how == "added" else [_field(one) for one in part.fields]
    return [f"  {part.record} was {part.how} {by}.", *fields]


def _field(one: FieldChange) -> str:
    return f"    {one.label}: {_words(one.before)} -> {_words(one.after)}"


def _words(value: Value | list[Value]) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "-" if value is None else str(value)
