"""The entry: which command was asked, and what happens when it is refused or interrupted."""

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import click

from launchpad import __version__
from launchpad.errors import CancelledError, LaunchpadError

WRONG_USE, REFUSED, INTERRUPTED = 2, 3, 4


COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "start",
        "new": "start",
        "launch": "next_launch",
        "import": "evidence",
        "ask": "questions",
        "link": "links",
        "show": "records",
        "set": "records",
        "add": "records",
        "remove": "records",
        "load": "records",
        "criteria": "criteria",
        "seal": "criteria",
        "decide": "decide",
        "sign": "sign",
        "score": "launch",
        "weigh": "weigh",
        "watch": "watch",
        "plan": "plan",
        "taxonomy": "taxonomy",
        "policy": "policy",
        "labels": "labels",
        "export": "launch",
        "update": "workbook",
        "schema": "schema",
        "copy": "copy",
        "check": "journal",
        "history": "journal",
        "revert": "journal",
    }
)


class Launchpad(click.Group):
    """The commands; the module of one is imported when it is asked for, so that the others cost nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click fixes the parameters
        """The names of the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"launchpad.cli.{COMMANDS[cmd_name]}")
        return getattr(module, f"{cmd_name}_command")


@click.group(cls=Launchpad, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="launchpad")
def launchpad() -> None:
    """Decide which safety work comes first before a model launch, and prove it.

    Without a command, or with a project alone, opens the window.
    """


def main(arguments: Sequence[str], open_window: Callable[[str], int]) -> int:
    """Run one command and return its exit code; `open_window` shows a project when there is a display."""
    try:
        code = launchpad.main(
            list(arguments), prog_name="launchpad", standalone_mode=False, obj={"open_window": open_window}
        )
    except click.ClickException as misuse:
        misuse.show()
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt, CancelledError):
        click.echo("Stopped; nothing was left half-written.", err=True)
        return INTERRUPTED
    except LaunchpadError as error:
        return _refused(error, as_json="--json" in arguments)
    return code if isinstance(code, int) else 0


def _refused(error: LaunchpadError, *, as_json: bool) -> int:
    if as_json:
        answer = {"error": {"kind": error.kind, "message": error.message, "hint": error.hint}}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    click.echo(" ".join(str(error).split()), err=True)
    return REFUSED
