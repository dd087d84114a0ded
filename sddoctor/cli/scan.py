"""``sddoctor scan``: every service-discovery name of namespaces, regions and accounts, a row for each."""

from __future__ import annotations

import re

import click

from sddoctor.cli import flags, params
from sddoctor.cli.scan_options import ScanOptions
from sddoctor.cli.status import ExitStatus

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+")


def _several(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Accept an option that is repeated, or has several values with commas between them."""
    found = [part.strip() for value in values for part in value.split(",")]
    if any(not part for part in found):
        raise click.BadParameter("an empty value is none.")
    return tuple(dict.fromkeys(found))


def _regions(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    found = _several(ctx, param, values)
    for value in found:
        params.region(ctx, param, value)
    return found


def _roles(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not _ROLE.fullmatch(value):
            raise click.BadParameter(f"'{value}' is not a role, such as arn:aws:iam::111122223333:role/sddoctor.")
    return tuple(dict.fromkeys(values))


@click.command(context_settings=flags.HELP)
@click.option(
    "--namespace", metavar="NAME", multiple=True, help="Only names of this namespace or zone; may be repeated."
)
@click.option(
    "--name", metavar="PATTERN", multiple=True, help="Only names that match, such as 'dev-*'; may be repeated."
)
@click.option(
    "--verdict",
    type=click.Choice(["broken", "degraded", "inconclusive", "healthy"]),
    multiple=True,
    help="Show only these; may be repeated. The exit status is that of all.",
)
@click.option("--api-only", is_flag=True, help="Also services that publish nothing by DNS.")
@click.option("--zones", is_flag=True, help="Also every other name of private hosted zones.")
@click.option(
    "--regions", metavar="R,...", multiple=True, callback=_regions, help="AWS regions; default: as boto3 finds it."
)
@click.option("--profiles", metavar="P,...", multiple=True, callback=_several, help="AWS profiles, each an account.")
@click.option("--role", metavar="ARN", multiple=True, callback=_roles, help="A role to take on; may be repeated.")
@click.option(
    "--asker",
    type=click.Choice(["host", "records"]),
    default="host",
    show_default=True,
    help="Judge what this host gets, or what the records say that a client in the VPC gets.",
)
@flags.nameserver()
@flags.client_vpc
@flags.root()
@flags.samples
@flags.ignore()
@flags.fail_on
@click.option(
    "--pace",
    metavar="SHARE",
    type=float,
    default=1.0,
    show_default=True,
    callback=params.seconds,
    help="The share of AWS's published request rates to use.",
)
@flags.output(
    ("text", "json", "jsonl", "markdown", "junit", "prometheus"), "The format; jsonl prints each name when it is known."
)
@click.option(
    "--output-file",
    metavar="FILE",
    type=params.FilePath(),
    callback=params.target,
    help="Write to FILE, whole or not at all, instead of standard output.",
)
@click.option(
    "--resume",
    metavar="FILE",
    type=params.FilePath(),
    callback=params.target,
    help="Keep what was seen in FILE; if it is there, go on with that scan.",
)
@flags.color
def scan(**values: object) -> int:
    """Look at every service-discovery name, and say of each whether it resolves, and why not.

    What is said of a name is what 'sddoctor check NAME' says. Exit status: 0 all is well, 1 a problem was found, 2 wrong
    usage, 3 no problem was found but something decisive could not be seen.
    """
    options = ScanOptions(**values)  # type: ignore[arg-type] # click has checked them
    from sddoctor.cli import aws_settings

    for profile in options.profiles or (None,):
        for region in options.regions or (None,):
            aws_settings.check(profile, region)

    from sddoctor.cli import known_names, scan_run

    try:
        rows = scan_run.run(options)
    except scan_run.ScanError as error:
        raise params.usage_error(str(error)) from error
    known_names.remember(row.name for row in rows)
    if any(row.problem for row in rows):
        return ExitStatus.PROBLEM
    return ExitStatus.UNDECIDED if any(row.undecided for row in rows) else ExitStatus.FINE
