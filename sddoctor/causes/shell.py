"""Commands that can be pasted: every word from outside is quoted, so that no text can become syntax."""

from __future__ import annotations

import shlex


class Syntax(str):
    """A word that is shell syntax on purpose, such as a variable; nothing from outside may be in it unquoted."""

    __slots__ = ()


def variable(name: str) -> Syntax:
    """Return a variable that an earlier command of the same fix has set, as a word."""
    return Syntax(f'"${name}"')


def keep(name: str, command_line: str, query: str) -> str:
    """Return a command that keeps what another prints (of its answer the ``query``) in a variable."""
    return f'{name}="$({command_line} --query {shlex.quote(query)} --output text)"'


def command(*words: str) -> str:
    """Join words into a shell command line, each quoted as a POSIX shell needs it."""
    return " ".join(w if isinstance(w, Syntax) else shlex.quote(_inert(w)) for w in words)


def aws(service: str, operation: str, /, *flags: str, **options: str | int | tuple[str, ...]) -> str:
    """Return an ``aws`` command; option names are written with ``_`` for ``-``, a tuple is several words."""
    words = ["aws", service, operation, *flags]
    for key, value in options.items():
        words.append("--" + key.replace("_", "-"))
        words += [v if isinstance(v, str) else str(v) for v in (value if isinstance(value, tuple) else (value,))]
    return command(*words)


def write_file(path: str, content: str) -> str:
    """Return a one-line command that writes a whole text file as root; the content ends with a line end."""
    lines = content.removesuffix("\n").split("\n")
    return f"{command('printf', LINES, *lines)} | {command('sudo', 'tee', path)}"


#: printf's format for one argument a line.
LINES = "%s\\n"


def _inert(word: str) -> str:
    return "".join(c for c in word if c.isprintable())
