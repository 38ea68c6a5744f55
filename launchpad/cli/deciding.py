"""What the commands of `decide` and `sign` have in common: the project in front of them, the person, the day."""

import dataclasses
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import click

from launchpad.cli.asked import Asked, launch_of, opened
from launchpad.edits.stamps import Stamp, stamp
from launchpad.errors import InvalidValueError
from launchpad.project import Project
from launchpad.records import Inputs, Launch, Person
from launchpad.results import Results, compute

PROJECT = "decide"


class ProjectFirst(click.Group):
    """A group whose project stands before its options and its command: `decide PROJECT [OPTIONS] [COMMAND ...]`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the project behind the options that follow it, where click looks for it."""
        options: list[str] = []
        project: list[str] = []
        rest = list(args)
        while rest:
            if rest[0].startswith("-"):
                taken = 2 if self._takes_value(ctx, rest[0]) else 1
                options += rest[:taken]
                del rest[:taken]
            elif not project:
                project.append(rest.pop(0))
            else:
                break
        return super().parse_args(ctx, [*options, *project, *rest])

    def _takes_value(self, ctx: click.Context, word: str) -> bool:
        """Whether an option asks for the word after it."""
        named = (param for param in self.get_params(ctx) if isinstance(param, click.Option) and word in param.opts)
        return any(not param.is_flag for param in named)


as_option = click.option("--as", "as_", metavar="PERSON", help="Code of the person who says it; default: --author.")
day_option = click.option(
    "--day", metavar="YYYY-MM-DD", help="The day it is seen from; default: today or the launch's as-of, the later."
)


@dataclass(frozen=True, slots=True)
class Held:
    """A project open for writing, its launch, who speaks, when and where."""

    project: Project
    launch: Launch
    stamp: Stamp

    @property
    def inputs(self) -> Inputs:
        """The rows as they are."""
        return self.project.inputs

    def results(self) -> Results:
        """The results of the launch without draws: verdicts need none."""
        return compute(self.inputs, self.launch.id, draws=0)


def remember(asked: Asked, project: str) -> None:
    """Keep the project and the options given before a subcommand for it."""
    cast("dict[str, Any]", click.get_current_context().obj)[PROJECT] = (project, asked)


def of_group(asked: Asked) -> tuple[Asked, str]:
    """The options of a subcommand, those before it standing in where it has none, and the project."""
    project, first = cast("tuple[str, Asked]", click.get_current_context().obj[PROJECT])
    return (
        dataclasses.replace(
            asked,
            json=asked.json or first.json,
            quiet=asked.quiet or first.quiet,
            launch=asked.launch or first.launch,
            plan=asked.plan or first.plan,
        ),
        project,
    )


@contextmanager
def held(asked: Asked, project: str) -> Generator[Held]:
    """The project opened for writing, with the launch asked for and the stamp of this moment and machine."""
    with opened(asked, project) as file:
        yield Held(file, launch_of(file.inputs, asked.launch), stamp(file.inputs.head))


def person_of(inputs: Inputs, asked: Asked, as_: str | None) -> Person:
    """The person who speaks: --as, else --author; never guessed."""
    code = as_ or asked.author
    if code is None:
        raise InvalidValueError("Nobody is said to say this.", "Name the person: --as P-01.")
    return inputs.find(Person, code)


def day_of(launch: Launch, given: str | None) -> str:
    """The day a record is seen from: the one given, else the later of today and the launch's own day."""
    if given is None:
        return max(launch.as_of, datetime.now(UTC).date().isoformat())
    try:
        return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError as error:
        raise InvalidValueError(f"{given!r} is no day.", "Write YYYY-MM-DD.") from error
