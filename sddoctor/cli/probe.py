"""``sddoctor probe``: a script that looks at a name from another place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sddoctor.case.name import BadNameError
from sddoctor.cli import flags, known_names, params, streams

if TYPE_CHECKING:
    from sddoctor.case.dns import Server


@click.command(context_settings=flags.HELP)
@click.argument("name", metavar="NAME", shell_complete=known_names.complete)
@flags.nameserver("The VPC resolver to ask as well; may be repeated.")
def probe(name: str, nameserver: tuple[Server, ...]) -> int:
    """Print a POSIX sh script that looks at NAME from another place, such as a task or a bastion.

    Paste it into a shell there, or run it as a file; it only reads. Then give its output to 'sddoctor check --from'.
    """
    from sddoctor.formats.probe.script import script

    try:
        text = script(name, nameserver)
    except BadNameError as error:
        raise params.usage_error(str(error)) from error
    streams.write(text)
    return 0
