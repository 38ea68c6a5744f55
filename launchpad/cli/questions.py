"""ask: what only a person can say of evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from launchpad.changes import Change
from launchpad.cli.asked import Asked, opened, project_argument, read, table, words, writing
from launchpad.cli.records import pairs
from launchpad.edits import questions
from launchpad.errors import UnknownRecordError
from launchpad.records import Inputs


@click.command("ask")
@project_argument
@click.argument("answers", metavar="[CODE=ANSWER]...", nargs=-1)
@writing
def ask_command(asked: Asked, project: str, answers: Sequence[str]) -> None:
    """Show what only a person can say of evidence, and take answers.

    EV-003=higher or EV-003=lower says which direction of a metric is good, for all its evaluations. E-0012=none,
    E-0012=M-004.lite,M-011.lite or E-0012=unknown says which mitigations were on during a run.
    """
    given = pairs(answers)
    if not given:
        with read(project) as file:
            _answer(asked, file.inputs(), 0)
        return
    with opened(asked, project) as held:
        changes = _answered(held.inputs, given)
        known = {change.key for change in changes}
        changes += [change for change in questions.recalled(held.inputs) if change.key not in known]
        held.edit(changes, f"Answer {', '.join(given)}", reason=asked.reason)
        held.refresh()
        _answer(asked, held.inputs, len(changes))


def _answer(asked: Asked, inputs: Inputs, changed: int) -> None:
    answer = {
        "changed": changed,
        "polarity": [_plain_polarity(question) for question in questions.polarity_questions(inputs)],
        "in_place": [_plain_in_place(question) for question in questions.in_place_questions(inputs)],
        "recalled": len(questions.recalled(inputs)),
    }
    asked.answer(answer, *_said(answer))


def _answered(inputs: Inputs, answers: Mapping[str, str]) -> list[Change]:
    """The changes these answers make; UnknownRecordError for a code nothing is asked about."""
    metrics, runs = questions.polarity_questions(inputs), questions.in_place_questions(inputs)
    polarity = {row.code: question for question in metrics for row in question.evaluations}
    in_place = {row.code: question for question in runs for row in question.results}
    changes: list[Change] = []
    for code, answer in answers.items():
        if code in polarity:
            changes += questions.answer_polarity(inputs, polarity[code], answer.strip().casefold())
        elif code in in_place:
            changes += questions.answer_in_place(inputs, in_place[code], answer)
        else:
            raise UnknownRecordError(
                f"Nothing is asked about {code!r}.", "See the questions with: launchpad ask PROJECT."
            )
    return changes


def _plain_polarity(question: questions.PolarityQuestion) -> dict[str, Any]:
    return {
        "code": question.code,
        "harness": question.harness,
        "scorer": question.scorer,
        "metric": question.metric,
        "evaluations": [row.code for row in question.evaluations],
        "tasks": list(question.tasks),
        "results": question.results,
        "values": list(question.values),
        "files": list(question.files),
    }


def _plain_in_place(question: questions.InPlaceQuestion) -> dict[str, Any]:
    return {
        "code": question.code,
        "harness": question.harness,
        "run": question.run,
        "model": question.model,
        "run_date": question.run_date,
        "results": [row.code for row in question.results],
        "files": list(question.files),
        "proposals": [{"launch": launch, "variants": list(codes)} for launch, codes in question.proposals],
    }


def _said(answer: Mapping[str, Any]) -> Iterable[object]:
    if answer["changed"]:
        yield f"Changed {answer['changed']} rows."
    if answer["polarity"]:
        columns = ("Answer", "Metric", "Tasks", "Results", "Values", "Files")
        yield table("Which is better, higher or lower?", columns, map(_polarity_cells, answer["polarity"]))
    if answer["in_place"]:
        columns = ("Answer", "Run", "Date", "Results", "Files", "In place that day")
        yield table("Which mitigations were on?", columns, map(_in_place_cells, answer["in_place"]))
    if answer["recalled"]:
        yield f"{answer['recalled']} evaluations take the direction already said for their metric with the next answer."
    asked = [*answer["polarity"], *answer["in_place"]]
    reply = "higher" if answer["polarity"] else "none"
    if not asked:
        yield "Nothing to ask."
        return
    yield f"{len(asked)} questions open. Answer with: launchpad ask PROJECT {asked[0]['code']}={reply}"


def _polarity_cells(one: Mapping[str, Any]) -> tuple[object, ...]:
    metric = " / ".join(name for name in (one["harness"], one["scorer"], one["metric"]) if name)
    values = ", ".join(words(value) for value in one["values"])
    return one["code"], metric, some(one["tasks"]), one["results"], values, some(one["files"])


def _in_place_cells(one: Mapping[str, Any]) -> tuple[object, ...]:
    proposed = "; ".join(f"{said['launch']}: {','.join(said['variants'])}" for said in one["proposals"])
    run = f"{one['harness']}, {one['model']}"
    return one["code"], run, one["run_date"], len(one["results"]), some(one["files"]), proposed or "none"


def some(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if names[most:] else "")
