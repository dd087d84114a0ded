"""The command line: which commands there are, and how every outcome becomes an exit status.

Nothing but click is imported here. A command is loaded when it is used.
"""

from __future__ import annotations

import errno
import importlib
import sys
from collections.abc import Sequence

import click

from sddoctor import __version__
from sddoctor.cli import interrupts, streams
from sddoctor.cli.status import ExitStatus

PROGRAM = "sddoctor"
#: A full disk, one that fails, a quota or a limit of the size of files.
_NO_ROOM = {errno.ENOSPC, errno.EIO, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


#: The help of each command, which is the function of its name in the module of its name.
COMMANDS = {
    "check": "Follow names hop by hop and say why they do not resolve.",
    "scan": "Look at every name of namespaces, regions and accounts.",
    "watch": "Follow a name live through a deployment, and measure every gap.",
    "explain": "Explain a cause: how to confirm and how to fix it.",
    "iam-policy": "Print the least read-only policy that the commands need.",
    "whois": "Say which task, service and name an address belongs to.",
    "probe": "Print a script that looks at a name from another place.",
    "runbook": "Print an on-call runbook for a name, filled in.",
    "resolver": "Show what this host asks for a name; write split-DNS configurations.",
    "lint": "Find discovery mistakes in a Terraform plan or state.",
    "completion": "Print the completion script of bash, zsh or fish.",
    "lab": "Practise on broken service discovery, without AWS.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used; the list of them needs none."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command, if there is one of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = cmd_name.replace("-", "_")
        command = getattr(importlib.import_module(f"sddoctor.cli.{module}"), module)
        assert isinstance(command, click.Command)  # noqa: S101 - the table is ours
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that ``args`` begin with; for an unknown one say which may be meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            meant = f" Did you mean '{close[0]}'?" if close else ""
            raise click.UsageError(f"There is no command '{args[0]}'.{meant}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Say in one sentence why an Amazon ECS service-discovery name does not resolve."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit status. Nothing is raised, whatever happens."""
    streams.replace_closed()
    streams.never_fail_to_encode()
    try:
        status = _status_of(cli.main(args=list(argv), prog_name=PROGRAM, standalone_mode=False))
        sys.stdout.flush()
    except click.UsageError as error:
        status = _usage_error(error)
    except click.ClickException as error:
        streams.tell(f"Error: {error.format_message()}")
        status = ExitStatus.USAGE
    except (click.Abort, KeyboardInterrupt):
        interrupts.caught()
        streams.tell("Interrupted.")
        status = ExitStatus.INTERRUPTED
    except interrupts.Ended as ended:
        interrupts.caught()
        streams.tell(ended.sentence)
        return ended.status
    except BrokenPipeError:
        streams.forget_stdout()
        status = ExitStatus.FINE
    except SystemExit as end:  # click leaves so when a shell asked it to complete a word
        status = end.code if isinstance(end.code, int) else ExitStatus.FINE
    except Exception as error:  # the last resort: a sentence instead of a traceback
        streams.tell(_last_words(error))
        status = ExitStatus.UNDECIDED
        _drop_unwritable_output()
    return int(status)


def _last_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return f"Error: The output could not be written: {error.strerror}."
    return (
        f"{PROGRAM} {__version__} failed with an internal error, {type(error).__name__}: {error}. "
        "Please report this sentence and the command at the project's issue tracker."
    )


def _status_of(returned: object) -> ExitStatus | int:
    """Return the status a command returned; click itself returns one for ``--help`` and ``--version``."""
    return returned if isinstance(returned, int) else ExitStatus.FINE


def _usage_error(error: click.UsageError) -> ExitStatus:
    path = error.ctx.command_path if error.ctx is not None else PROGRAM
    message = error.format_message().strip()
    streams.tell(f"Error: {message}{'' if message.endswith(('.', '?', '!')) else '.'}")
    streams.tell(f"Try '{path} --help'")
    return ExitStatus.USAGE


def _drop_unwritable_output() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        streams.forget_stdout()
