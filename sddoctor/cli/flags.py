"""Options that several commands have: each is defined once, so that its meaning and help are the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from sddoctor.cli import params

F = TypeVar("F", bound=Callable[..., Any])
#: What adds an option to a command.
Option = Callable[[Any], Any]

#: For every command: help by -h, too.
HELP = {"help_option_names": ["-h", "--help"]}

region = click.option("--region", metavar="R", callback=params.region, help="AWS region; default: as boto3 finds it.")
profile = click.option("--profile", metavar="P", help="AWS profile; default: as boto3 finds it.")
client_vpc = click.option(
    "--client-vpc",
    metavar="VPC",
    callback=params.vpc,
    help="The VPC in which the client lives, when it is not this host.",
)
cluster = click.option("--cluster", metavar="C", help="A hint: the ECS cluster.")
service = click.option("--service", metavar="S", help="A hint: the ECS service.")
samples = click.option(
    "--samples",
    metavar="N",
    type=click.IntRange(1, 1000),
    default=8,
    show_default=True,
    help="How often a server is asked, to see more than one answer can show.",
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="From which severity on the exit status is 1.",
)
color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour of the text.",
)


def output(formats: Sequence[str], about: str = "The format of the report.") -> Option:
    """Add ``-o``; the first format is the default."""
    return click.option("-o", "--output", type=click.Choice(formats), default=formats[0], show_default=True, help=about)


def nameserver(about: str = "The VPC resolver to ask, instead of the computed VPC+2.") -> Option:
    """Add ``--nameserver``, which may be repeated."""
    return click.option("--nameserver", metavar="IP[#PORT]", multiple=True, callback=params.nameservers, help=about)


def root(about: str = "Read the host's files and recorded commands under DIR.") -> Option:
    """Add ``--root``: another host's files."""
    return click.option("--root", metavar="DIR", type=params.FilePath(), callback=params.directory, help=about)


def timeout(about: str = "The time for everything.") -> Option:
    """Add ``--timeout`` in seconds."""
    return click.option(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=15.0,
        show_default=True,
        callback=params.seconds,
        help=about,
    )


def ignore(about: str = "Leave a cause out.") -> Option:
    """Add ``--ignore`` with a code of a cause, which may be repeated."""
    return click.option(
        "--ignore",
        metavar="CODE",
        multiple=True,
        callback=params.codes,
        shell_complete=params.complete_codes,
        help=about,
    )


def together(*options: Option) -> Callable[[F], F]:
    """Return what adds several options, in this order."""

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


#: Where AWS is read, and for which client a name is judged.
about_a_name = together(region, profile, nameserver(), client_vpc, cluster, service)
