"""Markdown as a list of blocks: paragraphs, lists, commands, and which commands had to be left out."""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.report.markdown import code, escape
from sddoctor.runbook.values import Command, Value
from sddoctor.text.safe import clean_block, is_safe_command
from sddoctor.text.words import listed


class Blocks:
    """A growing list of blocks. Text passed in is Markdown of sddoctor's own; values go through :meth:`Value.shown`."""

    def __init__(self, *, links: bool) -> None:
        self._links = links
        self._blocks: list[str] = []

    def add(self, *lines: str) -> None:
        """Add a block of lines."""
        self._blocks.append("\n".join(lines))

    def run(self, *commands: Command) -> None:
        """Add commands as one block to paste; those that need an unknown value are listed as left out."""
        lines = [c.line for c in commands if c.line is not None and is_safe_command(c.line)]
        if lines:
            fenced = [line for text in lines for line in clean_block(text)]
            fence = "`" * max(3, max(_ticks(line) for line in fenced) + 1)
            self.add(f"{fence}sh", *fenced, fence)
        by_need: dict[str, dict[str, None]] = {}
        for command in commands:
            if command.line is None:
                by_need.setdefault(listed([v.what for v in command.needs]), {})[code(command.label)] = None
        if by_need:
            self.add(*(f"Left out for want of {escape(need)}: {listed(labels)}." for need, labels in by_need.items()))

    def outcomes(self, rows: Iterable[tuple[str, str]]) -> None:
        """Add a list of possible observations, each with the codes of the causes that it points to, separated by blanks."""
        self.add(*(f"- {seen}: {_either([self.cause(c) for c in codes.split()])}" for seen, codes in rows))

    def cause(self, name: str) -> str:
        """Return a cause's code, as a link where its page is beside this one."""
        return f"[`{name}`](../causes/{name}.md)" if self._links else f"`{name}`"

    def section(self, title: str, slug: str) -> str:
        """Return a link to the section of another symptom."""
        anchor = "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c == "-")
        return f"[{title}]({slug}.md)" if self._links else f"[{title}](#{anchor})"

    def table(self, rows: Iterable[tuple[str, str]]) -> None:
        """Add a table of two columns."""
        self.add("| | |", "|---|---|", *(f"| {left} | {right} |" for left, right in rows))

    def text(self) -> str:
        """Return the document."""
        return "\n\n".join(self._blocks) + "\n"


def cell(values: Iterable[Value]) -> str:
    """Return values as the content of a table cell."""
    return ", ".join(v.shown() for v in values).replace("|", "\\|") or "*none*"


def _either(items: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(items[:-1]), items[-1]]))


def _ticks(line: str) -> int:
    longest = now = 0
    for character in line:
        now = now + 1 if character == "`" else 0
        longest = max(longest, now)
    return longest
