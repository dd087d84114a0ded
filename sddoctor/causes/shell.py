"""Commands that can be pasted: every word from outside is quoted, so that no text can become syntax."""

from __future__ import annotations

import shlex


def command(*words: str) -> str:
    """Join words into a shell command line, each quoted as a POSIX shell needs it."""
    return " ".join(shlex.quote(_inert(w)) for w in words)


def aws(service: str, operation: str, /, *flags: str, **options: str | int | tuple[str, ...]) -> str:
    """Return an ``aws`` command; option names are written with ``_`` for ``-``, a tuple is several words."""
    words = ["aws", service, operation, *flags]
    for key, value in options.items():
        words.append("--" + key.replace("_", "-"))
        words += [str(v) for v in value] if isinstance(value, tuple) else [str(value)]
    return command(*words)


def write_file(path: str, content: str) -> str:
    """Return a one-line command that writes a whole text file as root; the content ends with a line end."""
    lines = content.removesuffix("\n").split("\n")
    return f"{command('printf', LINES, *lines)} | {command('sudo', 'tee', path)}"


#: printf's format for one argument a line.
LINES = "%s\\n"


def _inert(word: str) -> str:
    return "".join(c for c in word if c.isprintable())
