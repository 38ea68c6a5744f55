"""policy start, new, draft, clause, example, release, retire: policies and their versions made and put in force."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from launchpad.changes import Change
from launchpad.cli.asked import LOOK_AT_THIS, Asked, opened, project_argument, writing
from launchpad.cli.policy_words import finding_json, findings_table
from launchpad.edits import Proposal
from launchpad.edits.policies import (
    FIRST_VERSION,
    add_clause,
    add_example,
    change_clause,
    new_draft,
    new_policy,
    release,
    retire,
    version_named,
)
from launchpad.edits.policy_starters import start_policy, starters
from launchpad.edits.records import values_from
from launchpad.errors import InvalidValueError
from launchpad.policies.lint import lint
from launchpad.project import Project
from launchpad.records import Clause, Inputs, Person, Policy, PolicyVersion, RiskArea
from launchpad.records.policies import SIDES

version_argument = click.argument("version", metavar="POLICY[/VERSION]")


@click.command("start")
@project_argument
@click.argument("name", metavar="NAME", required=False)
@click.option("--area", metavar="CODE", help="The risk area it is about.")
@writing
def start_command(asked: Asked, project: str, name: str | None, area: str | None) -> None:
    """Start from a bundled policy; without NAME, list them."""
    if name is None:
        rows = [{"name": one.slug, "title": one.name, "source": one.source} for one in starters().values()]
        asked.answer({"starters": rows}, *(f"{row['name']}: {row['title']}" for row in rows))
        return
    with opened(asked, project) as held:
        about = None if area is None else held.inputs.find(RiskArea, area)
        proposal = start_policy(held.inputs, name, about)
        _write(held, proposal, f"Start from policy {name}", asked)
        version = held.inputs.get(PolicyVersion, proposal.changes[1].key)
        address = held.inputs.address(version)
        clauses = len(held.inputs.children(Clause, "version", version.id))
    words = f"Added {address}, a draft of {clauses} clauses. Look at it, change it, then release it."
    asked.answer({"version": address, "clauses": clauses, "started_from": name}, words)


@click.command("new")
@project_argument
@click.argument("code", metavar="CODE")
@click.option("--name", required=True, help="What people call it.")
@click.option("--area", metavar="CODE", help="The risk area it is about.")
@click.option("--owner", metavar="CODE", help="The person who answers for it.")
@click.option("--purpose", help="Why there is a policy.")
@click.option("--scope", help="What is judged: the request, the answer, both.")
@click.option("--version", default=FIRST_VERSION, show_default=True)
@writing
def new_policy_command(asked: Asked, project: str, code: str, **wish: str | None) -> None:
    """Add a policy with an empty draft of its first version."""
    with opened(asked, project) as held:
        area, owner = wish.pop("area"), wish.pop("owner")
        fields: dict[str, Any] = {name: value for name, value in wish.items() if value is not None}
        if area is not None:
            fields["area"] = held.inputs.find(RiskArea, area).id
        if owner is not None:
            fields["owner"] = held.inputs.find(Person, owner).id
        changes = new_policy(held.inputs, code=code, **fields)
        _write(held, changes, f"New policy {code}", asked)
        address = held.inputs.address(held.inputs.get(PolicyVersion, changes[1].key))
    asked.answer({"version": address}, f"Added policy {code} with draft {address}.")


@click.command("draft")
@project_argument
@click.argument("source", metavar="POLICY/VERSION")
@click.argument("version", metavar="NEW")
@click.option("--changelog", help="What is to change.")
@writing
def draft_command(asked: Asked, project: str, source: str, version: str, changelog: str | None) -> None:
    """Draft version NEW with the clauses and responses of a released one."""
    with opened(asked, project) as held:
        changes = new_draft(held.inputs, version_named(held.inputs, source), version, changelog=changelog)
        _write(held, changes, f"Draft {version} from {source}", asked)
        address = held.inputs.address(held.inputs.get(PolicyVersion, changes[0].key))
    clauses = sum(change.table == Clause.table for change in changes)
    asked.answer({"version": address, "clauses": clauses}, f"Drafted {address} with {clauses} clauses.")


@click.command("clause")
@project_argument
@version_argument
@click.argument("words", metavar="FIELD=VALUE...", nargs=-1, required=True)
@writing
def clause_command(asked: Asked, project: str, version: str, words: Sequence[str]) -> None:
    """Add a clause to a draft, or change the one whose code is given: code=MED-13 kind=violates rule=... ."""
    with opened(asked, project) as held:
        row = version_named(held.inputs, version)
        fields = _fields(held.inputs, words)
        code = fields.get("code")
        known = [one for one in held.inputs.children(Clause, "version", row.id) if one.code == code]
        changes = change_clause(held.inputs, known[0], **fields) if known else add_clause(held.inputs, row, **fields)
        _write(held, changes, f"Clause {code or 'new'} of {version}", asked)
        made = held.inputs.get(Clause, changes[0].key) if changes else known[0]
        address = held.inputs.address(made)
    did = "Changed" if known and changes else "Added" if changes else "Nothing to change in"
    asked.answer({"clause": address, "added": not known, "changed": bool(changes)}, f"{did} {address}.")


@click.command("example")
@project_argument
@click.argument("policy", metavar="POLICY")
@click.argument("clause", metavar="CLAUSE")
@click.argument("side", type=click.Choice(tuple(SIDES)))
@click.option("--request", help="What was asked.")
@click.option("--response", help="What the model answered.")
@click.option("--pair-of", "pair_of", metavar="CODE", help="The example on the other side that it differs from.")
@click.option("--severity", type=click.IntRange(1, 5))
@click.option("--language", metavar="CODE")
@click.option("--code", metavar="CODE", help="Its own code; default: the next free one.")
@writing
def example_command(asked: Asked, project: str, policy: str, clause: str, side: str, **wish: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Add an example of a clause on one side of the line."""
    with opened(asked, project) as held:
        proposal = add_example(held.inputs, held.inputs.find(Policy, policy), clause, side, **wish)
        _write(held, proposal, f"Example of {clause}", asked)
        code = str((proposal.changes[0].after or {})["code"])
    kept = bool(proposal.content)
    note = "" if kept else " Its area is restricted, so that its text was not kept."
    asked.answer({"example": code, "text_kept": kept}, f"Added {code}.{note}")


@click.command("release")
@project_argument
@version_argument
@click.option("--date", "date_", metavar="YYYY-MM-DD", help="In force from; default: today.")
@click.option("--anyway", is_flag=True, help="Release although lint finds something.")
@writing
def release_command(asked: Asked, project: str, version: str, date_: str | None, anyway: bool) -> None:
    """Release a draft: its clauses are then no longer edited, and a hash over them is kept."""
    with opened(asked, project) as held:
        row = version_named(held.inputs, version)
        found = lint(held.inputs, row)
        first = next(iter(found), None)
        if first is not None and not anyway:
            raise InvalidValueError(
                f"{held.inputs.address(row)} has {len(found)} finding{'s' if len(found) > 1 else ''}, the first in "
                f"{first.record}: {first.sentence}",
                "Look at all with launchpad policy lint; release it all the same with --anyway.",
            )
        changes = release(held.inputs, row, date_ or datetime.now(UTC).date().isoformat())
        _write(held, changes, f"Release {held.inputs.address(row)}", asked)
        made = held.inputs.get(PolicyVersion, row.id)
        address = held.inputs.address(made)
    answer = {"version": address, "effective_from": made.effective_from, "sha256": made.sha256}
    said = f"Released {address}, in force from {made.effective_from}. SHA-256 {made.sha256}."
    tables = [findings_table(found)] if found else []
    asked.answer({**answer, "findings": [finding_json(one) for one in found]}, said, *tables)
    if found:
        raise click.exceptions.Exit(LOOK_AT_THIS)


@click.command("retire")
@project_argument
@version_argument
@writing
def retire_command(asked: Asked, project: str, version: str) -> None:
    """Take a released version out of force."""
    with opened(asked, project) as held:
        row = version_named(held.inputs, version)
        _write(held, retire(held.inputs, row), f"Retire {held.inputs.address(row)}", asked)
        address = held.inputs.address(row)
    asked.answer({"version": address, "status": "retired"}, f"Retired {address}.")


def _write(held: Project, wish: Proposal | Sequence[Change], label: str, asked: Asked) -> None:
    proposal = wish if isinstance(wish, Proposal) else Proposal(tuple(wish))
    held.edit(proposal.changes, label, reason=asked.reason, content=proposal.content)
    held.refresh()


def _fields(inputs: Inputs, words: Sequence[str]) -> Mapping[str, Any]:
    given: dict[str, str] = {}
    for pair in words:
        name, mark, value = pair.partition("=")
        if not mark:
            raise click.UsageError(f"{pair!r} is not FIELD=VALUE.")
        given[name] = value
    values, _ = values_from(inputs, Clause, given, None)
    if "version" in values:
        raise click.UsageError("The version is named before the fields.")
    return values
