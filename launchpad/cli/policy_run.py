"""policy run, runs, measure, compare: a compiled policy put to a model, and how well it does."""

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, cast

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, opened, progress, project_argument, read, reading, table, writing
from launchpad.cli.interrupt import INTERRUPTED, stoppable
from launchpad.cli.policy_run_words import compared_for_people, departure_json, measured_for_people
from launchpad.edits.label_maps import map_named
from launchpad.edits.policies import version_named
from launchpad.edits.policy_runs import keep_threshold
from launchpad.endpoints.endpoint import Endpoint, EndpointError, usable
from launchpad.endpoints.keys import Key, find_key
from launchpad.errors import CancelledError, InvalidValueError
from launchpad.policies.run import Batch, RunPlan, RunWish, Tell, batches, begin, departure, resume
from launchpad.project import Project
from launchpad.records import GoldSet, Inputs, PolicyRun, RunAnswer
from launchpad.records.policies import OUTCOMES, RENDERINGS, RUN_STATES, SPLITS
from launchpad.results.policy_runs import compared, compared_json, measured, measured_json

NEEDED = {"version": "POLICY[/VERSION]", "gold": "--gold SET", "url": "--url URL", "model": "--model NAME"}


@click.command("run")
@project_argument
@click.argument("version", metavar="[POLICY[/VERSION]]", required=False)
@click.option("--gold", metavar="SET", help="Code of the gold set whose items are asked about.")
@click.option("--url", metavar="URL", help="Of the endpoint, as http://localhost:11434/v1 .")
@click.option("--model", metavar="NAME", help="The model, as the endpoint calls it.")
@click.option("--rendering", type=click.Choice(tuple(RENDERINGS)), default="chat", show_default=True)
@click.option("--split", type=click.Choice(tuple(SPLITS)), help="Only the items of this split.")
@click.option(
    "--votes", type=click.IntRange(1, 100), default=1, show_default=True, help="How often each item is asked."
)
@click.option("--map", "label_map", metavar="CODE[/VERSION]", help="How categories of a moderation endpoint are read.")
@click.option("--include-sensitive", "sensitive", is_flag=True, help="Items of sensitive areas too.")
@click.option("--temperature", type=float, default=0.0, show_default=True, help="0 becomes 0.7 with several votes.")
@click.option(
    "--max-tokens", type=int, default=512, show_default=True, help="Of one answer; models that think need more."
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--key-env", metavar="NAME", help="Variable that holds the key; default: LAUNCHPAD_API_KEY, if set.")
@click.option("--key-ring", metavar="NAME", help="Entry of launchpad in the system's keyring that holds the key.")
@click.option("--rate", type=float, metavar="N", help="At most so many requests a minute.")
@click.option("--timeout", type=float, metavar="S", help="Seconds for one try; default: 60.")
@click.option("--resume", "resumed", metavar="RUN", help="Go on with a run that was stopped.")
@click.option("--retry-errors", "again", is_flag=True, help="With --resume: ask again where an error came back.")
@click.option("--dry-run", is_flag=True, help="Say what would leave, and send nothing.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option("--note", metavar="WORDS", help="Kept with the run.")
@writing
def run_command(asked: Asked, project: str, dry_run: bool, yes: bool, **wish: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Put a policy to a model, item by item of a gold set; a stopped run goes on with --resume.

    Says to which host how many items would go, and asks before the first one does. Items of restricted risk areas never
    leave. What comes back is written as it comes: nothing is asked twice.
    """
    key = find_key(env=wish["key_env"], ring=wish["key_ring"])
    with opened(asked, project) as held, progress(asked) as report, stoppable(report) as tell:
        plan, made = _planned(held.inputs, wish)
        leaving = departure(held.inputs, made, plan)
        told = departure_json(leaving)
        if dry_run or not leaving.calls:
            asked.answer({**told, "run": plan and plan.run.code, "sent": 0}, *leaving.sentences(), "Nothing was sent.")
            return
        along = [] if key.secret is None else [f"The {key} goes along."]
        _consent([*leaving.sentences(), *along], yes=yes)
        try:
            last = _carried_out(asked, held, plan or begin(held.inputs, made, key, tell), key, tell)
        except EndpointError as error:
            raise _with_run(held, error, project) from error
    asked.answer({**told, **_batch_json(last)}, *_run_sentences(last, project))
    if last.run.status == "cancelled":
        raise click.exceptions.Exit(INTERRUPTED)
    if last.outcomes.get("error"):
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _planned(inputs: Inputs, wish: Mapping[str, Any]) -> tuple[RunPlan | None, RunWish]:
    """The run to go on with, or None; and what is asked for."""
    if wish["resumed"] is not None:
        if given := [name for option, name in NEEDED.items() if wish[option] is not None]:
            raise click.UsageError(f"--resume goes on as the run was begun; leave out {given[0]}.")
        run = inputs.find(PolicyRun, wish["resumed"])
        plan = resume(inputs, run, again=wish["again"], timeout=wish["timeout"], rate=wish["rate"])
        return plan, plan.wish
    if missing := [name for option, name in NEEDED.items() if wish[option] is None]:
        raise click.UsageError(f"Give {', '.join(missing)}, or --resume RUN.")
    endpoint = usable(
        Endpoint(
            url=wish["url"],
            model=wish["model"],
            temperature=wish["temperature"],
            max_tokens=wish["max_tokens"],
            seed=wish["seed"],
            timeout=wish["timeout"] or 60.0,
            rate=wish["rate"],
        )
    )
    return None, RunWish(
        version=version_named(inputs, wish["version"]),
        gold_set=inputs.find(GoldSet, wish["gold"]),
        endpoint=endpoint,
        rendering=wish["rendering"],
        votes=wish["votes"],
        split=wish["split"],
        sensitive=wish["sensitive"],
        label_map=None if wish["label_map"] is None else map_named(inputs, wish["label_map"]),
        note=wish["note"],
    )


def _consent(sentences: list[str], *, yes: bool) -> None:
    """Ask before the first item leaves; without a terminal there is nobody to ask."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidValueError(
            f"{sentences[0]} Nobody is here to agree to that.", "Add --yes if that is what you want."
        )
    for sentence in sentences:
        click.echo(sentence, err=True)
    click.confirm("Send them?", abort=True, err=True)


def _carried_out(asked: Asked, held: Project, plan: RunPlan, key: Key, tell: Tell) -> Batch:
    """The last batch of a run, each batch written as it came."""
    last: Batch | None = None
    try:
        for batch in batches(held.inputs, plan, key, tell, partial(_latest, held)):
            reason = asked.reason
            held.edit(batch.changes, batch.label, reason=reason, content=batch.content, batch=plan.run.code)
            last = batch
    except CancelledError:
        if last is None:
            raise
    if last is None:
        raise AssertionError("a run has a first batch")
    return last


def _latest(held: Project) -> Inputs:
    held.refresh()
    return held.inputs


def _with_run(held: Project, error: EndpointError, project: str) -> EndpointError:
    """The error with the run that it stopped, when there is one by now."""
    held.refresh()
    failed = [row for row in held.inputs.rows(PolicyRun) if row.status == "failed"]
    if not failed:
        return error
    run = max(failed, key=lambda row: row.finished or "")
    n = len(held.inputs.children(RunAnswer, "run", run.id))
    kept = f"Run {run.code} keeps its {n:,} answers; go on with: launchpad policy run {project} --resume {run.code} ."
    return EndpointError(error.message, f"{error.hint} {kept}".strip())


def _batch_json(last: Batch) -> dict[str, Any]:
    return {
        "run": last.run.code,
        "status": last.run.status,
        "way": last.run.way,
        "done": last.done,
        "total": last.total,
        "sent": sum(last.outcomes.values()),
        "outcomes": {name: last.outcomes.get(name, 0) for name in OUTCOMES},
    }


def _run_sentences(last: Batch, project: str) -> list[str]:
    run = last.run
    said = ", ".join(f"{n:,} {name}" for name, n in last.outcomes.items())
    found = [
        f"Run {run.code} is {RUN_STATES[run.status].lower()}: {last.done:,} of {last.total:,} answers.",
        f"This time: {said or 'none'}.",
    ]
    if run.status == "cancelled":
        return [*found, f"Go on with: launchpad policy run {project} --resume {run.code}"]
    return [*found, f"See how well it does: launchpad policy measure {project} {run.code}"]


@click.command("runs")
@project_argument
@reading
def runs_command(asked: Asked, project: str) -> None:
    """List the runs of policies against gold sets."""
    with read(project) as file:
        inputs = file.inputs()
    rows = [_run_json(inputs, run) for run in inputs.rows(PolicyRun)]
    columns = (
        "run",
        "version",
        "gold_set",
        "rendering",
        "model",
        "host",
        "way",
        "votes",
        "status",
        "answers",
        "started",
    )
    shown = table("Runs", columns, [[row[name] for name in columns] for row in rows])
    asked.answer({"runs": rows}, shown if rows else "No run yet: launchpad policy run.")


def _run_json(inputs: Inputs, run: PolicyRun) -> dict[str, Any]:
    answers = inputs.children(RunAnswer, "run", run.id)
    outcomes = {name: sum(row.outcome == name for row in answers) for name in OUTCOMES}
    return {
        "run": run.code,
        "version": inputs.part(run, "policy_version"),
        "gold_set": inputs.part(run, "gold_set"),
        "rendering": run.rendering,
        "model": run.model,
        "host": run.host,
        "way": run.way,
        "votes": run.votes,
        "threshold": run.threshold,
        "status": run.status,
        "answers": len(answers),
        "outcomes": outcomes,
        "started": run.started,
        "finished": run.finished,
        "note": run.note,
    }


@click.command("measure")
@project_argument
@click.argument("run", metavar="RUN")
@click.option(
    "--threshold", metavar="best|X", help="On the score, in place of the label; best: chosen on split choose."
)
@click.option("--by", default="mcc", show_default=True, metavar="GOAL", help="What best means: mcc, f1, or fpr<=X.")
@click.option("--split", type=click.Choice(tuple(SPLITS)), help="Only items of this split.")
@click.option(
    "--unanswered",
    type=click.Choice(("left_out", "safe", "violates")),
    default="left_out",
    show_default=True,
    help="What items without a verdict are taken for.",
)
@click.option("--keep", is_flag=True, help="Keep the threshold with the run.")
@writing
def measure_command(asked: Asked, project: str, run: str, threshold: str | None, keep: bool, **how: Any) -> None:  # noqa: ANN401 - as above
    """Measure a run against the settled labels, whole and by clause, severity and slice."""
    if keep and threshold is None:
        raise click.UsageError("--keep keeps a threshold: give --threshold best or a number.")
    wanted = _threshold(threshold)
    if keep:
        with opened(asked, project) as held:
            row = held.inputs.find(PolicyRun, run)
            found = measured(held.inputs, row, wanted, **how)
            changes = keep_threshold(row, cast("float", found.threshold))
            held.edit(changes, f"Run {row.code}: threshold {found.threshold:.4g}", reason=asked.reason)
    else:
        with read(project) as file:
            inputs = file.inputs()
        found = measured(inputs, inputs.find(PolicyRun, run), wanted, **how)
    asked.answer(measured_json(found), *measured_for_people(found))


def _threshold(words: str | None) -> float | Literal["best"] | None:
    if words is None or words == "best":
        return words
    try:
        return float(words)
    except ValueError:
        raise click.UsageError(f"--threshold is best or a number, not {words!r}.") from None


@click.command("compare")
@project_argument
@click.argument("first", metavar="RUN")
@click.argument("second", metavar="RUN")
@reading
def compare_command(asked: Asked, project: str, first: str, second: str) -> None:
    """Compare two runs on the items of both: exact McNemar, and how often their verdicts differ."""
    with read(project) as file:
        inputs = file.inputs()
    found = compared(inputs, inputs.find(PolicyRun, first), inputs.find(PolicyRun, second))
    asked.answer(compared_json(found), *compared_for_people(found))
