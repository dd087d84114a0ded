"""Commands for pasting: every word is quoted, so that no text from outside can become syntax."""

from __future__ import annotations

import re
import shlex


class Syntax(str):
    """A word that is shell syntax on purpose, such as a variable; text from outside in it must be quoted."""

    __slots__ = ()


def variable(name: str, before: str = "", after: str = "") -> Syntax:
    """Return a word with a variable that an earlier command of the fix has set; ``before`` and ``after`` are quoted."""
    if all(not text or shlex.quote(text) == text for text in (before, after)):
        return Syntax(f'"{before}${{{name}}}{after}"' if after else f'"{before}${name}"')
    quoted = [shlex.quote(_visible(text)) if text else "" for text in (before, after)]
    return Syntax(f'{quoted[0]}"${name}"{quoted[1]}')


def keep(name: str, command_line: str, query: str) -> str:
    """Return a command that assigns the output of another one, reduced by ``query``, to a variable."""
    return f'{name}="$({command_line} --query {shlex.quote(_visible(query))} --output text)"'


def command(*words: str) -> str:
    """Join words into a POSIX shell command line, each quoted as needed."""
    return " ".join(w if isinstance(w, Syntax) else shlex.quote(_visible(w)) for w in words)


def aws(service: str, operation: str, /, *flags: str, **options: str | int | tuple[str, ...]) -> str:
    """Return an ``aws`` command; option names are written with ``_`` for ``-``, a tuple makes several words.

    A value that begins with a hyphen is joined to its option by ``=``, so that it is not read as an option. A value that
    the CLI would read as a file or URL makes a command that is not shown.
    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
    """
    words: list[str] = ["aws", service, operation, *flags]
    for key, value in options.items():
        option = "--" + key.replace("_", "-")
        values = [v if isinstance(v, str) else str(v) for v in (value if isinstance(value, tuple) else (value,))]
        if any(v.startswith(_PARAMETER_FILES) for v in values) and key != "cli_input_json":
            values = [NOT_SHOWN]
        words += [f"{option}={v}" for v in values] if _is_like_option(values) else [option, *values]
    return command(*words)


def powershell(*words: str) -> str:
    """Join words into a PowerShell command line, each in single quotes as needed. about_Quoting_Rules"""
    return " ".join(w if _PLAIN.fullmatch(w) else f"'{_visible(w).translate(_QUOTES)}'" for w in words)


def write_file(path: str, content: str, *, at_end: bool = False) -> str:
    """Return a one-line command that writes a whole text file as root, or adds to its end; the content ends with a line end."""
    lines = content.removesuffix("\n").split("\n")
    return f"{command('printf', LINES, *lines)} | {command('sudo', 'tee', *(('-a',) if at_end else ()), path)}"


#: printf's format for one argument a line.
LINES = "%s\\n"


#: What PowerShell takes for one word, and every character that closes a string in single quotes, which doubled does not.
_PLAIN = re.compile(r"-?[A-Za-z0-9_][A-Za-z0-9_.-]*")
_QUOTES = {ord(q): q * 2 for q in "'\u2018\u2019\u201a\u201b"}

#: No argument can contain it, and no report shows a command with it.
NOT_SHOWN = "\0"

_PARAMETER_FILES = ("file://", "fileb://", "http://", "https://")


def _is_like_option(values: list[str]) -> bool:
    return len(values) == 1 and values[0].startswith("-")


def _visible(word: str) -> str:
    """Return the word, or ``NOT_SHOWN`` if it has hidden characters: then it is not what the reader sees."""
    return word if word.isprintable() else NOT_SHOWN
