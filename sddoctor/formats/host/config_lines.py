"""The configuration of a forwarder as lines with their place, and what a line includes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

#: A line that stands before and after a file that begins at the top of the configuration, wherever it is included.
TOP = "\0"
#: What comes before a comment: ``#`` begins one at the start of a word, and not within quotes.
_CODE = re.compile(r'(?:"[^"\n]*"|(?<=\S)#|[^"#\n]|"(?![^"\n]*"))*')


class ConfigLine(NamedTuple):
    """A line without its comment; ``number`` counts from 1, and is 0 where there are no lines (a command line)."""

    file: str
    number: int
    text: str

    @property
    def where(self) -> str:
        """The file and line, as reports name it."""
        return f"{self.file}:{self.number}" if self.number else self.file


class Include(NamedTuple):
    """What a line takes in: one file, the files of a directory that ``wanted`` accepts, or those of a pattern.

    With ``top`` the program begins anew with each file, whatever it is in the middle of.
    """

    kind: Literal["file", "directory", "pattern"]
    path: str
    wanted: Callable[[str], bool] = lambda _name: True
    top: bool = False


class Syntax(NamedTuple):
    """How a program's files are read: their lines, what a line includes, which directory it makes the current one."""

    lines: Callable[[str, str], list[ConfigLine]]
    include: Callable[[str], Include | None]
    directory: Callable[[str], str | None] = lambda _line: None


def plain_lines(text: str, file: str) -> list[ConfigLine]:
    """Return the lines that are not empty, without their comments."""
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        code = _CODE.match(raw)
        line = code.group().strip() if code is not None else ""
        if line:
            found.append(ConfigLine(file, number, line))
    return found
