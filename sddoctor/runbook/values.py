"""The values that a runbook is filled in with: each was seen, is a shell variable, or is said to be unknown."""

from __future__ import annotations

from itertools import takewhile

from msgspec import Struct

from sddoctor.report.markdown import code, escape
from sddoctor.text import shell

_READ_AS_FILE = ("file:", "fileb:", "http:", "https:")


class Word(Struct, frozen=True):
    """A value. ``text`` is ``None`` when it was not seen, or is known to be ``absent``, and ``why`` says so.

    In the runbooks for any name a value is the shell ``variable`` that ``text`` names.
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
    """A value with text of ours in front and behind, as one word of a command: ``@10.10.0.2``."""

    before: str
    word: Word
    after: str = ""


Part = str | Word | Joined


class Command(Struct, frozen=True):
    """A command line; ``line`` is ``None`` where a value that it needs is not known. ``needs`` are those."""

    line: str | None
    label: str
    needs: tuple[Word, ...] = ()


def command(*parts: Part) -> Command:
    """Return a command whose words are quoted, each as a POSIX shell needs it.

    A value that could be taken for an option, or that the AWS CLI would read as the name of a file or page, makes a command
    that is left out, as one with a value that cannot be shown whole.
    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
    """
    words = [p.word if isinstance(p, Joined) else p for p in parts if isinstance(p, (Word, Joined))]
    label = " ".join(takewhile(lambda p: isinstance(p, str) and not p.startswith(("-", "+")), parts))  # type: ignore[arg-type]
    needs = tuple(w for w in words if w.text is None)
    if not needs:
        needs = tuple(w for w in words if not w.variable and _is_odd(w.text or ""))
    return Command(None if needs else shell.command(*(_word(p) for p in parts)), label, needs)


def _is_odd(text: str) -> bool:
    return text.startswith(("-", "+", "@", *_READ_AS_FILE)) or not text.isprintable()


def _word(part: Part) -> str:
    if isinstance(part, str):
        return part
    word, before, after = (part.word, part.before, part.after) if isinstance(part, Joined) else (part, "", "")
    if not word.variable:
        return f"{before}{word.text}{after}"
    # What stands around a variable is ours, and has nothing in it that double quotes would let act.
    return shell.Syntax(f'"{before}${word.text}{after}"')
