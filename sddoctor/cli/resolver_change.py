"""``sddoctor resolver install`` and ``remove``: installs a split-DNS configuration on this host, or removes it."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec import Struct

from sddoctor.cli import flags, params, streams
from sddoctor.cli.resolver_options import (
    FORMATS,
    INSTALLED,
    ConfigurationOptions,
    configuration,
    configuration_options,
    warn,
)
from sddoctor.cli.status import ExitStatus


class ChangeOptions(Struct, frozen=True):
    """How files of a host are changed, as asked for on the command line."""

    form: str | None
    dry_run: bool
    yes: bool
    force: bool
    root: Path | None


_change_options = flags.together(
    click.option(
        "--format",
        "form",
        metavar="FORMAT",
        type=click.Choice(FORMATS),
        help=f"One of {', '.join(INSTALLED)}; default: what this host uses.",
    ),
    click.option("--dry-run", is_flag=True, help="Show the change, and make none."),
    click.option("--yes", is_flag=True, help="Do not ask."),
    click.option("--force", is_flag=True, help="Also change files that sddoctor did not write."),
    flags.root("Change the files of another host, below DIR; no command is run."),
)


@click.command(short_help="Put a configuration in place on this host.", context_settings=flags.HELP)
@click.argument("domain")
@_change_options
@click.option("--verify", metavar="NAME", help="Look NAME up afterwards, as a program would.")
@click.option("--no-verify", is_flag=True, help="Look nothing up afterwards.")
@configuration_options
def install(verify: str | None, no_verify: bool, **values: object) -> int:
    """Put the configuration for DOMAIN in place on this host.

    Shows the change, asks, and makes it whole or not at all; a file that sddoctor did not write stays as it is, or is kept
    as a backup with --force. Exit status: 0 done, or nothing to change; 1 done, but the name given with --verify does not
    resolve, or the answer was no; 2 not done.
    """
    from sddoctor.cli import resolver_apply, resolver_place
    from sddoctor.install import plan
    from sddoctor.install.tree import Tree, TreeError
    from sddoctor.splitdns.model import SplitDnsError

    # click has checked the values
    how = ChangeOptions(**{f: values.pop(f) for f in ChangeOptions.__struct_fields__})  # type: ignore[arg-type]
    wanted = ConfigurationOptions(**values)  # type: ignore[arg-type]
    chosen = resolver_place.formats_of(how.form, how.root, wanted.domain)[0]
    config = configuration(wanted)
    name = None if no_verify else _checked_name(verify or _name_in(config.domain, wanted.domain), config.domain)
    resolver_place.require_read(chosen, how.root, wanted.domain)
    tree = Tree(how.root or Path("/"))
    warn(chosen, config.domain)
    try:
        changes = plan.to_install(chosen, config, tree, force=how.force)
        if not changes:
            streams.tell(f"Nothing to change: the {chosen.name} configuration for {config.domain} is already in place.")
        elif not resolver_apply.carry_out(
            changes, chosen, tree, running=how.root is None, dry_run=how.dry_run, yes=how.yes
        ):
            return ExitStatus.PROBLEM
    except plan.ForeignFileError as error:
        resolver_apply.show((error.change,))
        raise params.usage_error(str(error)) from error
    except (SplitDnsError, TreeError) as error:
        raise params.usage_error(str(error)) from error
    if how.dry_run or how.root is not None or no_verify:
        return ExitStatus.FINE
    if name is None:
        streams.tell(f"Not verified: give a name in {config.domain} with --verify.")
        return ExitStatus.FINE
    return ExitStatus.FINE if resolver_apply.verify(name) else ExitStatus.PROBLEM


@click.command(short_help="Take a configuration back.", context_settings=flags.HELP)
@click.argument("domain")
@_change_options
def remove(domain: str, **values: object) -> int:
    """Take the configuration for DOMAIN back; a file that was there before comes back.

    Without --format it is that of this host's formats which is installed. Exit status: 0 done, or nothing to change; 1 the answer was no; 2 not done.
    """
    from sddoctor.cli import resolver_apply, resolver_place
    from sddoctor.install import plan
    from sddoctor.install.tree import Tree, TreeError
    from sddoctor.splitdns.model import SplitDnsError, checked_domain

    how = ChangeOptions(**values)  # type: ignore[arg-type] # click has checked them
    formats = resolver_place.formats_of(how.form, how.root, domain)
    tree = Tree(how.root or Path("/"))
    try:
        domain = checked_domain(domain)
        chosen = next((f for f in formats if plan.installed(f, domain, tree)), formats[0])
        changes = plan.to_remove(chosen, domain, tree, force=how.force)
        if not changes:
            streams.tell(f"Nothing to change: there is no {chosen.name} configuration for {domain}.")
            return ExitStatus.FINE
        done = resolver_apply.carry_out(
            changes, chosen, tree, running=how.root is None, dry_run=how.dry_run, yes=how.yes
        )
    except (SplitDnsError, TreeError) as error:
        raise params.usage_error(str(error)) from error
    return ExitStatus.FINE if done else ExitStatus.PROBLEM


def _name_in(zone: str, domain: str) -> str | None:
    """Return the domain as a name that is to resolve, where it was a name in the zone and not the zone."""
    from sddoctor.case.name import parse_name

    return domain if parse_name(domain) != zone else None


def _checked_name(name: str | None, zone: str) -> str | None:
    from sddoctor.case.name import BadNameError, parse_name

    if name is None:
        return None
    try:
        checked = parse_name(name)
    except BadNameError as error:
        raise params.usage_error(str(error)) from error
    if not checked.endswith(f".{zone}"):
        raise params.usage_error(f"{checked} is not a name in {zone}, so it would verify nothing.")
    return checked
