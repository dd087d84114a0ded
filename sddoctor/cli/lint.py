"""``sddoctor lint``: find discovery mistakes before they are deployed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sddoctor.cli import flags, params, streams
from sddoctor.cli.status import ExitStatus
from sddoctor.report.outcome import FailOn

#: A plan of many thousand resources is smaller.
_LARGEST = 512 * 2**20


@click.command(context_settings=flags.HELP)
@click.argument("file", type=params.FilePath())
@flags.output(("text", "json"))
@flags.ignore("Leave a kind of mistake out.")
@flags.fail_on
@flags.color
def lint(file: Path, output: str, ignore: frozenset[str], fail_on: FailOn, color: streams.ColourChoice) -> int:
    """Find mistakes of service discovery in FILE, which `terraform show -json` printed of a plan or a state.

    FILE may be - for standard input: terraform show -json plan.out | sddoctor lint -

    Exit status: 0 no mistake, 1 a mistake was found, 2 wrong usage.
    """
    from sddoctor.causes.registry import BY_CODE
    from sddoctor.lint import rules
    from sddoctor.lint.model import discovered
    from sddoctor.lint.terraform import TerraformError, read
    from sddoctor.report import lint_report

    try:
        resources = read(_content(file))
    except TerraformError as error:
        raise params.usage_error(f"'{file}' cannot be used. {error}") from error
    rated = [
        lint_report.RatedMistake(m, BY_CODE[m.code].severity) for m in rules.mistakes(resources) if m.code not in ignore
    ]
    services = len({d.ecs.address for d in discovered(resources)})
    if output == "json":
        streams.write(lint_report.as_json(rated, services))
    else:
        streams.write(lint_report.text(rated, services, streams.style(color, verbose=False)))
    counts = ("error",) if fail_on == "error" else ("error", "warning")
    return ExitStatus.PROBLEM if any(m.severity in counts for m in rated) else ExitStatus.FINE


def _content(file: Path) -> bytes:
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(_LARGEST)
        with file.open("rb") as opened:
            return opened.read(_LARGEST)
    except OSError as error:
        raise params.usage_error(f"'{file}' cannot be read: {error.strerror or error}.") from error
