"""Sections of a runbook that belong to its readers: what they wrote there survives when the rest is regenerated."""

from __future__ import annotations

import re

MARK = re.compile(r"^<!-- (?P<end>/?)keep:(?P<id>[a-z0-9-]{1,40}) -->[ \t]*$", re.MULTILINE)
_HEAD = re.compile(r"\A<!-- sddoctor runbook: (?P<name>\S+) -->$", re.MULTILINE)
_DATE = re.compile(r"^(Filled in .* on )\d{4}-\d\d-\d\d( \(UTC\)\.)$", re.MULTILINE)


class KeepError(ValueError):
    """A file is no runbook of this name, or its marks are damaged; the message is one sentence."""


def head(name: str) -> str:
    """Return the first line of the runbook of a name."""
    return f"<!-- sddoctor runbook: {name} -->"


def section(section_id: str, content: str) -> str:
    """Return a kept section with its initial content."""
    return f"<!-- keep:{section_id} -->\n{content}\n<!-- /keep:{section_id} -->"


def merged(old: str, new: str, name: str) -> str:
    """Return the new runbook with the kept sections of the old one.

    A section that the new one no longer has is appended. If nothing but the date would change, the old text
    is returned as it is. Raises :class:`KeepError`.
    """
    ends = "\r\n" if "\r\n" in old else "\n"
    plain = old.replace("\r\n", "\n")
    found = _HEAD.match(plain)
    if found is None:
        raise KeepError("it is not a runbook that sddoctor wrote: its first line is another one.")
    if found["name"] != name:
        raise KeepError(f"it is the runbook of {found['name']}.")
    kept = _sections(plain)
    made = _sections(new)
    text = new
    for section_id in made:
        if section_id in kept:
            text = _replaced(text, section_id, kept[section_id])
    for section_id, content in kept.items():
        if section_id not in made:
            text = f"{text.rstrip()}\n\n{section(section_id, content)}\n"
    if _DATE.sub(r"\1\2", text) == _DATE.sub(r"\1\2", plain):
        return old
    return text.replace("\n", ends)


def _sections(text: str) -> dict[str, str]:
    """Return the content between the marks, by id. Raises :class:`KeepError`."""
    found: dict[str, str] = {}
    opened: tuple[str, int] | None = None
    for mark in MARK.finditer(text):
        line = text.count("\n", 0, mark.start()) + 1
        if mark["end"]:
            if opened is None or opened[0] != mark["id"]:
                raise KeepError(f"line {line} ends section '{mark['id']}', which has not begun.")
            found[mark["id"]] = text[opened[1] : max(opened[1], mark.start() - 1)]
            opened = None
            continue
        if opened is not None:
            raise KeepError(f"section '{opened[0]}' has no end before line {line}.")
        if mark["id"] in found:
            raise KeepError(f"line {line} begins section '{mark['id']}' a second time.")
        opened = (mark["id"], mark.end() + 1)
    if opened is not None:
        raise KeepError(f"section '{opened[0]}' has no end.")
    return found


def _replaced(text: str, section_id: str, content: str) -> str:
    begin, end = f"<!-- keep:{section_id} -->\n", f"<!-- /keep:{section_id} -->"
    start = text.index(begin) + len(begin)
    stop = text.index(end, start)
    return f"{text[:start]}{content}{chr(10) if content else ''}{text[stop:]}"
