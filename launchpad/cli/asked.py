"""What every command is asked beside its own arguments, and how every command answers."""

import functools
import json
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from launchpad.edits.criteria import first_seen, set_before_results
from launchpad.errors import UnknownRecordError
from launchpad.project import Project
from launchpad.records import Inputs, Launch, Plan
from launchpad.store import ProjectFile

LOOK_AT_THIS = 1

Command = Callable[..., None]
Progress = Callable[[float, str], None] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The options every command has."""

    json: bool
    quiet: bool
    launch: str | None
    plan: str | None
    author: str | None = None
    reason: str = ""

    def answer(self, data: object, *human: object) -> None:
        """Print the answer: `data` as JSON when asked for, otherwise what is meant for people."""
        if self.json:
            click.echo(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))
        elif not self.quiet:
            show(*human)


def show(*things: object) -> None:
    """Print tables and sentences for people, as wide as the terminal or the pipe needs."""
    from rich.console import Console

    console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False, markup=False)
    if not sys.stdout.isatty():
        console.width = 200
    for thing in things:
        console.print(thing)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> object:
    """A table for people; numbers stand to the right, None shows as a dash."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    listed = [list(row) for row in rows]
    made = Table(title=Text(title, style="bold"), box=SIMPLE_HEAD, title_justify="left")
    for place, column in enumerate(columns):
        numeric = any(isinstance(row[place], int | float) for row in listed)
        made.add_column(Text(column), justify="right" if numeric else "left")
    for row in listed:
        made.add_row(*(Text(words(value)) for value in row))
    return made


def words(value: object) -> str:
    """A value as people read it in a table."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)


def reading(function: Command) -> Command:
    """Give a command the options of one that only reads."""
    return _with_options(function, writes=False)


def writing(function: Command) -> Command:
    """Give a command the options of one that writes."""
    return _with_options(function, writes=True)


_READING = (
    click.option("--json", "json_", is_flag=True, help="Answer with JSON."),
    click.option("--quiet", is_flag=True, help="Print nothing but errors."),
    click.option("--launch", help="Code of the launch; default: the only one, else the newest open one."),
    click.option("--plan", help="Code of the plan; default: the launch's current plan."),
)
_WRITING = (
    click.option("--author", help="Code of the person who makes the edit."),
    click.option("--reason", default="", help="Why the edit is made."),
)


def _with_options(function: Command, *, writes: bool) -> Command:
    @functools.wraps(function)
    def run(**given: Any) -> None:  # noqa: ANN401 - click hands over what was declared
        asked = Asked(
            given.pop("json_"),
            given.pop("quiet"),
            given.pop("launch"),
            given.pop("plan"),
            given.pop("author", None),
            given.pop("reason", ""),
        )
        function(asked, **given)

    for option in reversed(_READING + (_WRITING if writes else ())):
        run = option(run)
    return run


project_argument = click.argument("project", metavar="PROJECT")


@contextmanager
def opened(asked: Asked, path: str) -> Generator[Project]:
    """The project opened for writing, closed again whatever happens."""
    with Project.open(path, author=asked.author) as project:
        yield project


@contextmanager
def read(path: str) -> Generator[ProjectFile]:
    """The project file opened for reading only: nothing is written anywhere."""
    with ProjectFile.open(Path(path), read_only=True) as file:
        yield file


def arrivals(file: ProjectFile | Project, inputs: Inputs) -> Mapping[int, str]:
    """When each result (row id) came into the project; nothing where nothing could have been set after it."""
    return first_seen(edit for _, edit in file.journal()) if set_before_results(inputs) else {}


def launch_of(inputs: Inputs, code: str | None) -> Launch:
    """The launch asked for: by code, else the only one, else the newest open one."""
    launches = inputs.rows(Launch)
    if code is not None:
        return inputs.find(Launch, code)
    if not launches:
        raise UnknownRecordError(
            "The project has no launch yet.", "Add one: launchpad add PROJECT launch name=... model=... ."
        )
    candidates = [row for row in launches if row.status == "open"] or list(launches)
    return max(candidates, key=lambda row: (row.launch_date, row.code))


def launch_id(inputs: Inputs, code: str | None) -> int | None:
    """The row id of the launch asked for; None when the project has none and none was named."""
    return launch_of(inputs, code).id if code is not None or inputs.rows(Launch) else None


def plan_of(inputs: Inputs, launch: Launch, code: str | None) -> Plan | None:
    """The plan asked for, else the launch's current one, else None."""
    wanted = code or launch.current_plan
    return None if wanted is None else inputs.find(Plan, wanted, launch.id)


@contextmanager
def progress(asked: Asked) -> Generator[Progress]:
    """A function that shows progress on a terminal, and does nothing in a pipe."""
    if asked.quiet or asked.json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def report(done: float, what: str) -> None:
            bar.update(task, completed=done, description=what)

        yield report
