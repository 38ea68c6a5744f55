"""policy feedback: what people ran into, triaged, resolved by a changed clause, tested again; followed both ways."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from launchpad.changes import Change
from launchpad.cli.asked import LOOK_AT_THIS, Asked, opened, project_argument, read, reading, writing
from launchpad.cli.feedback_words import chain_json, chain_words, feedback_json, inbox, story_json, story_words
from launchpad.cli.policy_words import finding_json, findings_table
from launchpad.edits.feedback import decline, give, reopen, resolve, retested, triage
from launchpad.edits.feedback_rows import take_rows
from launchpad.edits.policies import version_named
from launchpad.errors import InvalidValueError
from launchpad.intake.table import read_rows
from launchpad.records import Example, Feedback, Inputs, Policy, PolicyRun
from launchpad.records.policies import FEEDBACK_KINDS, FEEDBACK_SOURCES, FEEDBACK_STATES, TRIAGE
from launchpad.results.feedback import chain, checks, of_clause, of_run

SORTS = tuple(sort for sort in TRIAGE if sort != "new")
code_argument = click.argument("code", metavar="CODE")
words_argument = click.argument("words", metavar="WORDS")


@click.group("feedback")
def feedback_command() -> None:
    """Feedback on policies: the inbox, and from each piece to the changed clause to the run that tested it again."""


@feedback_command.command("list")
@project_argument
@click.option("--policy", metavar="CODE", help="Only of this policy.")
@click.option("--status", type=click.Choice(tuple(FEEDBACK_STATES)), help="Only what stands so.")
@click.option("--triage", "sort", type=click.Choice(tuple(TRIAGE)), help="Only of this sort.")
@click.option("--source", type=click.Choice(tuple(FEEDBACK_SOURCES)), help="Only from there.")
@reading
def list_command(asked: Asked, project: str, policy: str | None, sort: str | None, **wanted: str | None) -> None:
    """The inbox, and what is amiss with it; exit 1 when something is."""
    with read(project) as file:
        inputs = file.inputs()
    policies = [inputs.find(Policy, policy)] if policy is not None else inputs.rows(Policy)
    held = {one.id for one in policies}
    wish = {"triage": sort, **wanted}
    rows = [row for row in inputs.rows(Feedback) if row.policy in held and _fits(row, wish)]
    found = [finding for one in policies for finding in checks(inputs, one)]
    answer = {
        "feedback": [feedback_json(inputs, row) for row in rows],
        "findings": [finding_json(one) for one in found],
    }
    asked.answer(answer, inbox(inputs, rows), *([findings_table(found)] if found else []))
    if found:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _fits(row: Feedback, wish: dict[str, str | None]) -> bool:
    return all(value is None or getattr(row, name) == value for name, value in wish.items())


@feedback_command.command("add")
@project_argument
@click.argument("policy", metavar="POLICY")
@words_argument
@click.option("--kind", type=click.Choice(tuple(FEEDBACK_KINDS)), required=True, help="What is wrong.")
@click.option("--source", type=click.Choice(tuple(FEEDBACK_SOURCES)), required=True, help="Who or what it comes from.")
@click.option("--clause", metavar="CODE", help="The clause it is about.")
@click.option("--example", metavar="CODE", help="The example it was seen in.")
@click.option("--date", "given_on", metavar="YYYY-MM-DD", help="When; default: today.")
@writing
def add_command(asked: Asked, project: str, policy: str, words: str, example: str | None, **fields: str | None) -> None:
    """Add feedback on a policy in WORDS."""
    with opened(asked, project) as held:
        seen = None if example is None else held.inputs.find(Example, example)
        changes = give(held.inputs, held.inputs.find(Policy, policy), said=words, example=seen, **fields)
        held.edit(changes, f"Feedback on {fields['clause'] or policy}", reason=asked.reason)
        held.refresh()
        row = held.inputs.get(Feedback, changes[0].key)
        answer = feedback_json(held.inputs, row)
    asked.answer(answer, f"Added {row.code}.")


@feedback_command.command("import")
@project_argument
@click.argument("file", metavar="FILE.csv|xlsx")
@click.option("--policy", metavar="CODE", help="Of rows that name none.")
@click.option("--source", type=click.Choice(tuple(FEEDBACK_SOURCES)), help="Of rows that name none, such as appeal.")
@click.option("--kind", type=click.Choice(tuple(FEEDBACK_KINDS)), help="Of rows that name none.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@writing
def import_command(asked: Asked, project: str, file: str, dry_run: bool, **defaults: str | None) -> None:
    """Take in a table of feedback, such as appeals; each row gets a code, and none is taken in twice."""
    header, rows = read_rows(file)
    given = {name: value for name, value in defaults.items() if value is not None}
    if dry_run:
        with read(project) as held:
            found = take_rows(held.inputs(), header, rows, defaults=given)
    else:
        with opened(asked, project) as held:
            found = take_rows(held.inputs, header, rows, defaults=given)
            held.edit(found.changes, f"Take in {len(found.changes)} pieces of feedback", reason=asked.reason)
    refused = [{"row": one.row, "what": one.what} for one in found.refused]
    answer = {"added": list(found.codes), "unchanged": found.unchanged, "refused": refused, "dry_run": dry_run}
    said = f"{'Would add' if dry_run else 'Added'} {len(found.codes)}, {found.unchanged} there already."
    asked.answer(answer, said, *(f"  Row {one.row}: {one.what}" for one in found.refused))
    if refused:
        raise click.exceptions.Exit(LOOK_AT_THIS)


@feedback_command.command("triage")
@project_argument
@code_argument
@click.argument("sort", type=click.Choice(SORTS))
@click.option("--because", required=True, metavar="WORDS", help="Why it is of this sort.")
@click.option("--kind", type=click.Choice(tuple(FEEDBACK_KINDS)), help="What is wrong, where it was said otherwise.")
@writing
def triage_command(asked: Asked, project: str, code: str, sort: str, because: str, kind: str | None) -> None:
    """Say what sort of problem it is: operational, ambiguous, or a difference of values."""
    _done(asked, project, code, f"Triage {code}: {sort}", lambda _, row: triage(row, sort, because, kind=kind))


@feedback_command.command("resolve")
@project_argument
@code_argument
@click.argument("version", metavar="POLICY/VERSION")
@words_argument
@click.option("--clause", metavar="CODE", help="The clause that was changed; default: the one it is about.")
@writing
def resolve_command(asked: Asked, project: str, code: str, version: str, words: str, clause: str | None) -> None:
    """Close it by a clause that was changed in a version; WORDS say what was changed. Exit 1 when nothing was."""

    def wish(inputs: Inputs, row: Feedback) -> Sequence[Change]:
        return resolve(inputs, row, version_named(inputs, version), words, clause=clause)

    _done(asked, project, code, f"Resolve {code} in {version}", wish, expected=("untested",))


@feedback_command.command("decline")
@project_argument
@code_argument
@words_argument
@writing
def decline_command(asked: Asked, project: str, code: str, words: str) -> None:
    """Close it without a change of the policy; WORDS say why."""
    _done(asked, project, code, f"Decline {code}", lambda _, row: decline(row, words))


@feedback_command.command("reopen")
@project_argument
@code_argument
@writing
def reopen_command(asked: Asked, project: str, code: str) -> None:
    """Open it again; the version it was resolved in and the run that tested it are forgotten."""
    _done(asked, project, code, f"Open {code} again", lambda _, row: reopen(row))


@feedback_command.command("retest")
@project_argument
@code_argument
@click.argument("run", metavar="RUN")
@writing
def retest_command(asked: Asked, project: str, code: str, run: str) -> None:
    """Name the run by which it was tested again."""

    def wish(inputs: Inputs, row: Feedback) -> Sequence[Change]:
        return retested(inputs, row, inputs.find(PolicyRun, run))

    _done(asked, project, code, f"{code} tested again by {run}", wish)


@feedback_command.command("chain")
@project_argument
@click.argument("code", metavar="[CODE]", required=False)
@click.option("--clause", metavar="POLICY/CLAUSE", help="From a clause: its versions, and all feedback on it.")
@click.option("--run", metavar="RUN", help="From a run: the feedback it tested again.")
@reading
def chain_command(asked: Asked, project: str, code: str | None, clause: str | None, run: str | None) -> None:
    """Follow the chain from feedback CODE, from a clause, or from a run."""
    if sum(one is not None for one in (code, clause, run)) != 1:
        raise click.UsageError("Give the code of feedback, or --clause POLICY/CLAUSE, or --run RUN.")
    with read(project) as file:
        inputs = file.inputs()
    if clause is not None:
        policy, slash, name = clause.partition("/")
        if not slash:
            raise click.UsageError(f"{clause!r} is not POLICY/CLAUSE.")
        story = of_clause(inputs, inputs.find(Policy, policy), name)
        if not story.chains and not any(step.change for step in story.steps):
            _refuse_unknown(inputs, policy, name)
        asked.answer(story_json(inputs, story), *story_words(inputs, story))
        return
    found = of_run(inputs, inputs.find(PolicyRun, run)) if run else (chain(inputs, inputs.find(Feedback, str(code))),)
    answer = {"chains": [chain_json(inputs, one) for one in found]}
    none = [] if found else [f"Run {run} tested no feedback again."]
    asked.answer(answer, *none, *(words for one in found for words in chain_words(inputs, one)))


def _done(
    asked: Asked,
    project: str,
    code: str,
    label: str,
    wish: Callable[[Inputs, Feedback], Sequence[Change]],
    expected: Sequence[str] = (),
) -> None:
    """Make the edit, answer with the feedback as it is then, and exit 1 when something is amiss with it."""
    with opened(asked, project) as held:
        changes = wish(held.inputs, held.inputs.find(Feedback, code))
        held.edit(changes, label, reason=asked.reason)
        held.refresh()
        row = held.inputs.find(Feedback, code)
        found = [one for one in chain(held.inputs, row).findings if one.check not in expected]
        answer: dict[str, Any] = {**feedback_json(held.inputs, row), "findings": [finding_json(one) for one in found]}
        stands = {"triage": row.triage, "status": row.status, "resolved_in": row.resolved_in}
    said = f"{code}: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in stands.items() if value)
    asked.answer(
        answer, f"{said}." if changes else f"{code} stood so already.", *([findings_table(found)] if found else [])
    )
    if found:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _refuse_unknown(inputs: Inputs, policy: str, name: str) -> None:
    from launchpad.edits.feedback import clause_codes

    codes = clause_codes(inputs, inputs.find(Policy, policy).id)
    if name not in codes:
        raise InvalidValueError(
            f"No version of policy {policy} has a clause {name}.", f"It has {', '.join(sorted(codes))}."
        )
