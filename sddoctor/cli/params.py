"""Option converters; every rejection is one sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sddoctor.case.dns import Server

_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VPC = re.compile(r"vpc-[0-9a-z]+")


def usage_error(sentence: str) -> click.UsageError:
    """Return an error about the command line, with the command that it is about."""
    return click.UsageError(sentence, click.get_current_context(silent=True))


def name(typed: str) -> str:
    """Return a name as DNS has it. Raises :class:`click.UsageError`."""
    from sddoctor.case.name import BadNameError, parse_name

    try:
        return parse_name(typed)
    except BadNameError as error:
        raise usage_error(str(error)) from error


class FilePath(click.Path):
    """A path, as :class:`pathlib.Path`. An empty one is an unset variable of a script, not the current directory."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse the empty text, of which :class:`pathlib.Path` would make the current directory."""
        if value == "":
            self.fail("the path is empty.", param, ctx)
        return super().convert(value, param, ctx)


def nameservers(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[Server, ...]:
    """Read ``IP[#PORT]``, as dnsmasq writes it."""
    return tuple(_server(v) for v in values)


def seconds(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    """Accept a positive, finite number of seconds."""
    if value is not None and not (math.isfinite(value) and value > 0):
        raise click.BadParameter(f"{value:g} is not a number of seconds above 0.")
    return value


def region(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Accept what has the form of a region."""
    if value is not None and not _REGION.fullmatch(value):
        raise click.BadParameter(f"'{value}' is not a region, such as eu-west-1.")
    return value


def vpc(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Accept what has the form of a VPC id."""
    if value is not None and not _VPC.fullmatch(value):
        raise click.BadParameter(f"'{value}' is not the id of a VPC, such as vpc-0a1b2c3d4e5f60718.")
    return value


def codes(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    """Accept codes of causes that exist."""
    if not values:
        return frozenset()
    from sddoctor.causes.registry import BY_CODE

    for value in values:
        if value not in BY_CODE:
            raise click.BadParameter(unknown_code(value, BY_CODE))
    return frozenset(values)


def complete_codes(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """Complete the code of a cause, as ``shell_complete`` of an argument or option."""
    from sddoctor.report import pages

    return [p.code for p in pages.all_pages() if p.code.startswith(incomplete.lower())]


def unknown_code(code: str, known: Iterable[str]) -> str:
    """Return the sentence that there is no such cause, with the most similar one."""
    from difflib import get_close_matches

    close = get_close_matches(code.lower(), sorted(known), n=1)
    meant = f" Did you mean '{close[0]}'?" if close else " 'sddoctor explain' lists them."
    return f"There is no cause '{code}'.{meant}"


def directory(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """Accept a directory that can be read."""
    if value is None:
        return None
    try:
        next(value.iterdir(), None)
    except OSError as error:
        raise click.BadParameter(f"The directory '{value}' cannot be read: {error.strerror or error}.") from error
    return value


def target(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """Accept a path at which a file can be written."""
    if value is not None and (value.is_dir() or not value.parent.is_dir()):
        why = "it is a directory" if value.is_dir() else f"there is no directory '{value.parent}'"
        raise click.BadParameter(f"'{value}' cannot be written: {why}.")
    return value


def _server(text: str) -> Server:
    from sddoctor.case.address import checked_address
    from sddoctor.case.dns import Server

    address, mark, port = text.partition("#")
    try:
        checked = checked_address(address)
    except ValueError:
        raise click.BadParameter(
            f"'{text}' is not an IP address with an optional #PORT, such as 10.10.0.2 or 127.0.0.1#5353."
        ) from None
    if not mark:
        return Server(checked)
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise click.BadParameter(f"'{port}' is not a port: it is a number from 1 to 65535.")
    return Server(checked, int(port))
