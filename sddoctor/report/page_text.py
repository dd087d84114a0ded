"""A page of a cause on a terminal: Markdown as it is meant to be read.

The pages use a small part of Markdown: headings, paragraphs, lists, tables and indented commands.
"""

from __future__ import annotations

import re
from itertools import groupby

from sddoctor.report.style import Style

_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]+\)")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")


def render(markdown: str, style: Style) -> str:
    """Return the page broken to the width of the style; commands stay as they are, so that they can be copied."""
    blocks = [
        "\n".join(lines)
        for blank, group in groupby(markdown.split("\n"), key=lambda line: not line)
        if not blank and (lines := list(group))
    ]
    return "\n".join(_spaced([(b, _block(b, style)) for b in blocks])) + "\n"


def _spaced(blocks: list[tuple[str, str]]) -> list[str]:
    """Put an empty line between blocks, and none below a section's heading."""
    lines: list[str] = []
    below_a_heading = True
    for source, text in blocks:
        lines += [text] if below_a_heading else ["", text]
        below_a_heading = source.startswith("## ")
    return lines


def _block(block: str, style: Style) -> str:
    if block.startswith("#"):
        return "\n".join(style.paint(line, "strong") for line in style.wrap(_plain(_joined(block.lstrip("# ")))))
    if block.startswith("    "):
        return block
    if block.startswith("|"):
        return "\n".join(_plain(line) for line in _table(block, style))
    if block.startswith("- "):
        items = re.split(r"\n(?=- )", block)
        return "\n".join(line for item in items for line in style.wrap(_plain(_joined(item[2:])), "  - ", "    "))
    return "\n".join(style.wrap(_plain(_joined(block)), "  "))


def _table(block: str, style: Style) -> list[str]:
    rows = [[_plain(cell.strip()) for cell in line.strip("|").split("|")] for line in block.split("\n")]
    rows = [r for r in rows if not all(set(cell) <= set("-: ") for cell in r)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [style.paint(lines[0], "dim"), *lines[1:]]


def _joined(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n"))


def _plain(text: str) -> str:
    return _STRONG.sub(r"\1", _LINK.sub(r"\1", text))
