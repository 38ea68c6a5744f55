"""The entry: which command was asked, and what happens when it is refused or interrupted."""

import json
from collections.abc import Callable, Sequence

import click

from launchpad import __version__
from launchpad.cli import evidence, journal, launch, records, start
from launchpad.errors import CancelledError, LaunchpadError

WRONG_USE, REFUSED, INTERRUPTED = 2, 3, 4


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="launchpad")
def launchpad() -> None:
    """Decide which safety work comes first before a model launch, and prove it.

    Without a command, opens the window.
    """


for _module in (start, evidence, records, launch, journal):
    for _command in _module.COMMANDS:
        launchpad.add_command(_command)

COMMANDS = frozenset(launchpad.commands)


def main(arguments: Sequence[str], open_window: Callable[[str], int]) -> int:
    """Run one command and return its exit code; `open_window` shows a project when there is a display."""
    try:
        launchpad.main(
            list(arguments), prog_name="launchpad", standalone_mode=False, obj={"open_window": open_window}
        )
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as misuse:
        misuse.show()
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt, CancelledError):
        click.echo("Stopped; nothing was left half-written.", err=True)
        return INTERRUPTED
    except LaunchpadError as error:
        return _refused(error, as_json="--json" in arguments)
    return 0


def _refused(error: LaunchpadError, *, as_json: bool) -> int:
    if as_json:
        answer = {"error": {"kind": error.kind, "message": error.message, "hint": error.hint}}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    click.echo(" ".join(str(error).split()), err=True)
    return REFUSED
