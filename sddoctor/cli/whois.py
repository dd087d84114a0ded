"""``sddoctor whois``: which task, service and Cloud Map instance an address belongs to."""

from __future__ import annotations

import sys
from typing import Literal

import click
from msgspec import Struct

from sddoctor import __version__
from sddoctor.cli import flags, params, streams
from sddoctor.cli.status import ExitStatus
from sddoctor.whois import addresses as found_in
from sddoctor.whois.model import Whois

Format = Literal["text", "json", "markdown"]

#: The most characters read from standard input, and addresses looked for: what a person pastes is less.
MOST_TEXT = 4_000_000
MOST_ADDRESSES = 200


class WhoisOptions(Struct, frozen=True):
    """The options of the command."""

    addresses: tuple[str, ...]
    output: Format
    region: str | None
    profile: str | None
    timeout: float
    zones: bool
    color: streams.ColourChoice


@click.command(context_settings=flags.HELP)
@click.argument("addresses", metavar="[ADDRESS... | -]", nargs=-1)
@flags.output(("text", "json", "markdown"))
@flags.region
@flags.profile
@flags.timeout()
@click.option("--zones", is_flag=True, help="Also the records of private hosted zones that name it: reads them whole.")
@flags.color
def whois(**values: object) -> int:
    """Say which task, service and Cloud Map instance, or what else in a VPC, each ADDRESS belongs to.

    With - or without ADDRESS, look for every IP address in standard input: a pasted log line, the output of dig.

    Exit status: 0 every address has an owner, 1 one has none or a registration of it is stale, 2 wrong usage,
    3 neither, but something decisive could not be seen.
    """
    options = WhoisOptions(**values)  # type: ignore[arg-type] # click has checked them
    wanted = _addresses(options.addresses)
    result = _judged(wanted, options)
    streams.write(_report(result, options))
    if result.has_problem:
        return ExitStatus.PROBLEM
    return ExitStatus.UNDECIDED if result.is_undecided else ExitStatus.FINE


def _addresses(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses that are asked for, each once. Raises :class:`click.UsageError`."""
    if not given and (sys.stdin is None or sys.stdin.isatty()):
        raise params.usage_error("An ADDRESS is missing, such as 10.10.211.50.")
    found: dict[str, None] = {}
    for text in given or ("-",):
        if text == "-":
            pasted = found_in.in_text(_standard_input())
            if not pasted:
                raise params.usage_error("There is no IP address in standard input.")
            found.update(dict.fromkeys(pasted))
            continue
        address = found_in.only(text)
        if address is None:
            raise params.usage_error(f"'{text}' is not an IP address, such as 10.10.211.50 or 2001:db8::5.")
        found[address] = None
    if len(found) > MOST_ADDRESSES:
        streams.tell(f"Warning: there are {len(found)} addresses; the first {MOST_ADDRESSES} are looked for.")
    return tuple(found)[:MOST_ADDRESSES]


def _standard_input() -> str:
    if sys.stdin is None:  # closed by whoever started the program
        return ""
    try:
        return sys.stdin.buffer.read(MOST_TEXT).decode("utf-8", errors="replace")
    except OSError as error:
        raise click.UsageError(f"Standard input cannot be read: {error.strerror or error}.") from error


def _judged(wanted: tuple[str, ...], options: WhoisOptions) -> Whois:
    from sddoctor.whois import judge

    known = [judge.special(a) for a in wanted]
    if all(known):
        from datetime import UTC, datetime

        return Whois(datetime.now(UTC), None, None, tuple(a for a in known if a), ())

    from sddoctor.cli import aws_settings

    aws_settings.check(options.profile, options.region)

    from sddoctor.observe.whois.observer import observe

    asked = tuple(a for a, answer in zip(wanted, known, strict=True) if answer is None)
    return judge.judge(wanted, observe(asked, options.region, options.profile, options.timeout, zones=options.zones))


def _report(result: Whois, options: WhoisOptions) -> str:
    if options.output == "json":
        from sddoctor.report import whois_json

        return whois_json.render(result, __version__)
    if options.output == "markdown":
        from sddoctor.report import whois_markdown

        return whois_markdown.render(result)
    from sddoctor.report import whois_text

    return whois_text.render(result, streams.style(options.color, verbose=False))
