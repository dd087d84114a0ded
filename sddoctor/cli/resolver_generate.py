"""``sddoctor resolver generate``: print a split-DNS configuration."""

from __future__ import annotations

import click

from sddoctor.cli import flags, params, streams
from sddoctor.cli.resolver_options import FORMATS, ConfigurationOptions, configuration, configuration_options, warn


@click.command(short_help="Print a split-DNS configuration.", context_settings=flags.HELP)
@click.argument("domain")
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    type=click.Choice(FORMATS),
    required=True,
    help=f"What the configuration is for: {', '.join(FORMATS)}.",
)
@configuration_options
def generate(form: str, **values: object) -> int:
    """Print the configuration that sends DOMAIN, and nothing else, to the resolver of its VPC.

    The server is the VPC's resolver (base of the primary range plus two), as AWS names it, or what --nameserver says.
    The configuration goes to standard output, what to do with it to standard error.
    """
    from sddoctor.splitdns.formats import BY_NAME
    from sddoctor.splitdns.model import SplitDnsError

    chosen = BY_NAME[form]
    config = configuration(ConfigurationOptions(**values))  # type: ignore[arg-type] # click has checked them
    try:
        text = chosen.render(config)
    except SplitDnsError as error:
        raise params.usage_error(str(error)) from error
    streams.write(text)
    streams.tell(f"{chosen.title}. {chosen.steps}")
    warn(chosen, config.domain)
    return 0
