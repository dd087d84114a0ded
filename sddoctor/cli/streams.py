"""Standard output and standard error, whoever reads them."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from sddoctor.report.style import Style

ColourChoice: TypeAlias = Literal["auto", "always", "never"]

_SIGNS = "✓✗▶…–"  # noqa: RUF001 - the signs of the reports
_NARROWEST, _WIDEST, _DEFAULT = 30, 100, 80


def write(text: str) -> None:
    """Write to standard output and flush. A reader that has gone away (``| head``) is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        forget_stdout()


def tell(sentence: str) -> None:
    """Write one harmless line to standard error."""
    from sddoctor.text.safe import clean

    tell_lines(f"{clean(sentence, limit=1000)}\n")


def tell_lines(text: str) -> None:
    """Write text to standard error. A failure cannot be reported anywhere, so it is ignored."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        return


def forget_stdout() -> None:
    """Discard what is still buffered, so that the interpreter does not complain when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, io.UnsupportedOperation):
        sys.stdout = io.StringIO()


def replace_closed() -> None:
    """Discard what goes to a closed stream (``>&-``), for which Python has ``None``."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open to the end


def never_fail_to_encode() -> None:
    """Let characters that a stream cannot encode appear as ``?`` instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def style(colour: ColourChoice, *, verbose: bool) -> Style:
    """Return the style of a text report on standard output."""
    from sddoctor.report.style import Style

    return Style(width=_width(), fancy=_can_encode(_SIGNS), colour=_wants_colour(colour), verbose=verbose)


def progress_wanted() -> bool:
    """Tell whether standard error is a terminal."""
    return sys.stderr.isatty()


def _width() -> int:
    if not sys.stdout.isatty():
        return _DEFAULT
    return min(max(shutil.get_terminal_size((_DEFAULT, 24)).columns, _NARROWEST), _WIDEST)


def _can_encode(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _wants_colour(colour: ColourChoice) -> bool:
    """Decide about colour; ``NO_COLOR`` by https://no-color.org."""
    if colour != "auto":
        return colour == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
