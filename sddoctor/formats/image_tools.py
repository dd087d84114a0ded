"""Which programs an image variant has, by its name: a hint, never proof.

Alpine has busybox (sh, wget, nc) but no curl; Debian's slim has a shell and none of the three; distroless has no
shell, but its debug variant has busybox.
https://github.com/GoogleContainerTools/distroless https://github.com/nodejs/docker-node/issues/1970
"""

from __future__ import annotations

import re

from msgspec import Struct

from sddoctor.formats.health_command import SHELLS, HealthCommand, parse

TOOLS = ("curl", "wget", "nc")
_BUSYBOX = frozenset({"wget", "nc", *SHELLS[:1], "ash"})
#: Official images whose Alpine variant includes curl.
_WITH_CURL = ("nginx", "php")
#: A tool at the start of a command, with or without a path: not in a URL, an option or its value.
_TOOL = re.compile(
    r"(?:^|[;&|(`'\"]|\b(?:exec|time|env|sudo|nice|not|!|timeout(?:\s+-\S+)*\s+\S+))\s*(?:\S*/)?(curl|wget|nc)(?=\s|$)"
)
#: Fails whatever was tried before.
_GIVE_UP = re.compile(r"^\s*(?:\(?\s*exit\s+[1-9]\d*\s*\)?|false|kill\b.*)\s*[;)'\"]*\s*$")
#: The command checks for the tool first, so it may handle its absence.
_PREPARED = re.compile(r"\bcommand\s+-v\b|\bwhich\b|\btype\b|^\s*if\b")


class Variant(Struct, frozen=True):
    """A kind of image, in words, and which relevant programs it has."""

    kind: str
    has: frozenset[str]


def variant(image: str) -> Variant | None:
    """Return the slim variant that the name of the image indicates, or ``None``."""
    path, tag = _split(image.lower())
    repository = path.rsplit("/", 1)[-1]
    words = re.split(r"[-_.]", repository) + re.split(r"[-_.]", tag)
    if "distroless" in path or "distroless" in words:
        debug = "debug" in words
        return Variant("distroless", _BUSYBOX if debug else frozenset())
    slim = "slim" in re.split(r"[-_.]", tag) or repository.endswith("-slim")
    if any(re.fullmatch(r"alpine\d*", w) for w in words):
        more = {"curl"} if repository in _WITH_CURL and not slim else set()
        return Variant("Alpine", _BUSYBOX | more)
    return Variant("slim", frozenset(SHELLS)) if slim else None


def _split(image: str) -> tuple[str, str]:
    """Return path and tag of an image reference; a colon before a slash belongs to a port."""
    name = image.partition("@")[0]
    head, colon, tag = name.rpartition(":")
    return (head, tag) if colon and "/" not in tag else (name, "")


def missing_tool(command: tuple[str, ...], image: str) -> tuple[str, str] | None:
    """Return the tool without which the command can never succeed and the kind of image, or ``None``.

    ``None`` also when the command has an alternative, or does something unknown.
    """
    parsed, kind = parse(command), variant(image)
    if parsed is None or kind is None:
        return None
    tool = _needed_shell(parsed, kind) or _needed_tool(parsed, kind)
    return (tool, kind.kind) if tool else None


def _needed_shell(parsed: HealthCommand, kind: Variant) -> str | None:
    """Return the shell if the command needs one and the image has none."""
    shell = parsed.program or "sh"
    return shell if parsed.shell and not kind.has & set(SHELLS) else None


def _needed_tool(parsed: HealthCommand, kind: Variant) -> str | None:
    if not parsed.shell:
        return parsed.program if parsed.program in TOOLS and parsed.program not in kind.has else None
    if _PREPARED.search(parsed.line):
        return None
    first: str | None = None
    for alternative in parsed.line.split("||"):
        if _GIVE_UP.match(alternative):
            continue
        lacking = next((t for t in _TOOL.findall(alternative) if t not in kind.has), None)
        if lacking is None:
            return None
        first = first or lacking
    return first
