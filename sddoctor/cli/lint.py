"""``sddoctor lint``: find discovery mistakes before they are deployed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sddoctor.cli import params, streams
from sddoctor.cli.status import ExitStatus
from sddoctor.report.outcome import FailOn

#: A plan of many thousand resources is smaller.
_LARGEST = 512 * 2**20


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=params.FilePath())
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the report.",
)
@click.option(
    "--ignore", metavar="CODE", multiple=True, callback=params.codes, shell_complete=params.complete_codes,
    help="Leave a kind of mistake out.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(["error", "warning"]), default="error", show_default=True,
    help="From which severity on the exit status is 1.",
)  # fmt: skip
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="Colour of the text.",
)  # fmt: skip
def lint(file: Path, output: str, ignore: frozenset[str], fail_on: FailOn, color: streams.ColourChoice) -> int:
    """Find mistakes of service discovery in FILE, which `terraform show -json` printed of a plan or a state.

    FILE may be - for standard input: terraform show -json plan.out | sddoctor lint -

    Exit status: 0 no mistake, 1 a mistake was found, 2 wrong usage.
    """
    from sddoctor.causes.registry import BY_CODE
    from sddoctor.lint import rules
    from sddoctor.lint.model import discovered
    from sddoctor.lint.terraform import TerraformError, read
    from sddoctor.report import linted

    try:
        resources = read(_content(file))
    except TerraformError as error:
        raise click.UsageError(f"'{file}' cannot be used. {error}", click.get_current_context()) from error
    found = [linted.Judged(m, BY_CODE[m.code].severity) for m in rules.mistakes(resources) if m.code not in ignore]
    looked_at = len({d.ecs.address for d in discovered(resources)})
    if output == "json":
        streams.write(linted.as_json(found, looked_at))
    else:
        streams.write(linted.text(found, looked_at, streams.look(color, verbose=False)))
    counts = ("error",) if fail_on == "error" else ("error", "warning")
    return ExitStatus.PROBLEM if any(f.severity in counts for f in found) else ExitStatus.FINE


def _content(file: Path) -> bytes:
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(_LARGEST)
        with file.open("rb") as opened:
            return opened.read(_LARGEST)
    except OSError as error:
        raise click.UsageError(
            f"'{file}' cannot be read: {error.strerror or error}.", click.get_current_context()
        ) from error
