"""Commands that can be pasted: every word from outside is quoted, so that no text can become syntax."""

from __future__ import annotations

import shlex


class Syntax(str):
    """A word that is shell syntax on purpose, such as a variable; nothing from outside may be in it unquoted."""

    __slots__ = ()


def variable(name: str, before: str = "", after: str = "") -> Syntax:
    """Return a variable that an earlier command of the same fix has set, as a word; what surrounds it is quoted."""
    if all(not text or shlex.quote(text) == text for text in (before, after)):
        return Syntax(f'"{before}${{{name}}}{after}"' if after else f'"{before}${name}"')
    quoted = [shlex.quote(_shown_whole(text)) if text else "" for text in (before, after)]
    return Syntax(f'{quoted[0]}"${name}"{quoted[1]}')


def keep(name: str, command_line: str, query: str) -> str:
    """Return a command that keeps what another prints (of its answer the ``query``) in a variable."""
    return f'{name}="$({command_line} --query {shlex.quote(_shown_whole(query))} --output text)"'


def command(*words: str) -> str:
    """Join words into a shell command line, each quoted as a POSIX shell needs it."""
    return " ".join(w if isinstance(w, Syntax) else shlex.quote(_shown_whole(w)) for w in words)


def aws(service: str, operation: str, /, *flags: str, **options: str | int | tuple[str, ...]) -> str:
    """Return an ``aws`` command; option names are written with ``_`` for ``-``, a tuple is several words.

    A value that begins with a hyphen is joined to its option by ``=``, so that it cannot be another option, and one that
    the CLI would read as the name of a file or page makes a command that is not shown.
    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
    """
    words: list[str] = ["aws", service, operation, *flags]
    for key, value in options.items():
        option = "--" + key.replace("_", "-")
        values = [v if isinstance(v, str) else str(v) for v in (value if isinstance(value, tuple) else (value,))]
        if any(v.startswith(_PARAMETER_FILES) for v in values) and key != "cli_input_json":
            values = [NOT_SHOWN]
        words += [f"{option}={v}" for v in values] if _like_an_option(values) else [option, *values]
    return command(*words)


def write_file(path: str, content: str) -> str:
    """Return a one-line command that writes a whole text file as root; the content ends with a line end."""
    lines = content.removesuffix("\n").split("\n")
    return f"{command('printf', LINES, *lines)} | {command('sudo', 'tee', path)}"


#: printf's format for one argument a line.
LINES = "%s\\n"


#: No argument can hold it, so that no report shows a command with it.
NOT_SHOWN = "\0"

_PARAMETER_FILES = ("file://", "fileb://", "http://", "https://")


def _like_an_option(values: list[str]) -> bool:
    return len(values) == 1 and values[0].startswith("-")


def _shown_whole(word: str) -> str:
    """Return the word, or what keeps its command from being shown: a hidden character names something else than one sees."""
    return word if word.isprintable() else NOT_SHOWN
