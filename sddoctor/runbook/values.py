"""The values in a runbook: each was seen, is a shell variable, or is shown as unknown."""

from __future__ import annotations

from itertools import takewhile

from msgspec import Struct

from sddoctor.report.markdown import code, escape
from sddoctor.text import shell

_READ_AS_FILE = ("file:", "fileb:", "http:", "https:")


class Value(Struct, frozen=True):
    """A value. ``text`` is ``None`` when it was not seen or is known to be ``absent``; ``why`` says which.

    In the runbooks for any name, ``text`` is the name of a shell ``variable``.
    """

    what: str
    text: str | None
    why: str = ""
    variable: bool = False
    absent: bool = False

    def shown(self) -> str:
        """Return the value as Markdown; what is not known is never made up."""
        if self.text is None:
            return f"*{escape(self.why)}*"
        return code(f"${self.text}" if self.variable else self.text)


class Joined(Struct, frozen=True):
    """A value with fixed text before and after it, as one word of a command: ``@10.10.0.2``."""

    before: str
    value: Value
    after: str = ""


Part = str | Value | Joined


class Command(Struct, frozen=True):
    """A command line; ``line`` is ``None`` where a value that it needs is not known. ``needs`` are those."""

    line: str | None
    label: str
    needs: tuple[Value, ...] = ()


def command(*parts: Part) -> Command:
    """Return a command with each word quoted for a POSIX shell.

    It has no line if a value could be taken for an option, would be read by the AWS CLI as a file name or URL, or cannot be
    printed in full.
    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
    """
    values = [p.value if isinstance(p, Joined) else p for p in parts if isinstance(p, (Value, Joined))]
    label = " ".join(takewhile(lambda p: isinstance(p, str) and not p.startswith(("-", "+")), parts))  # type: ignore[arg-type]
    needs = tuple(v for v in values if v.text is None)
    if not needs:
        needs = tuple(v for v in values if not v.variable and _is_unsafe(v.text or ""))
    return Command(None if needs else shell.command(*(_word(p) for p in parts)), label, needs)


def _is_unsafe(text: str) -> bool:
    return text.startswith(("-", "+", "@", *_READ_AS_FILE)) or not text.isprintable()


def _word(part: Part) -> str:
    if isinstance(part, str):
        return part
    value, before, after = (part.value, part.before, part.after) if isinstance(part, Joined) else (part, "", "")
    if not value.variable:
        return f"{before}{value.text}{after}"
    # The text around a variable is fixed, and has nothing that the shell expands in double quotes.
    return shell.Syntax(f'"{before}${value.text}{after}"')
