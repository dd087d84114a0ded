"""``sddoctor resolver``: what this host asks for a name, and split-DNS configurations."""

from __future__ import annotations

import click

from sddoctor.cli import flags
from sddoctor.cli.resolver_change import install, remove
from sddoctor.cli.resolver_generate import generate
from sddoctor.cli.resolver_show import show


@click.group(context_settings=flags.HELP)
def resolver() -> None:
    """Show what this host asks for a name, and write split-DNS configurations."""


for command in (show, generate, install, remove):
    resolver.add_command(command)
