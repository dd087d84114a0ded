"""The output of the script of ``sddoctor probe``, with whatever a terminal added.

Every line of content begins with ``|``; every other line of the format with ``@``. So banners, prompts, the echo of
the script and the end of a session can be skipped. A carriage return at the end of a line is the terminal's (those
of the content are written ``%0D``), and a line that begins with neither sign, within a block, continues a line that
the terminal wrapped: one after which no further word had room. Others come from another program, as a message to all users does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sddoctor.case.dns import Server
from sddoctor.case.name import BadNameError, parse_name
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.probe.script import FORMAT, VERSION

_BEGIN = re.compile(rf"(?:^|\s){re.escape(FORMAT)}/(\d{{1,6}}) begin (\S+) (\S+) ?(\S*)$")
_END = re.compile(rf"^{re.escape(FORMAT)}/\d{{1,6}} end$")
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[^\[\]\n]")
_ESCAPED = re.compile(r"%(25|0D)")
_MOST_LINES = 200_000
#: The script reads so much of a file (bytes); the blanks and line ends after that are cut off.
_MOST_OF_A_FILE = 64 * 1024 - 16


class TranscriptError(ValueError):
    """The text is not the complete output of a probe; the message is one sentence."""


@dataclass(frozen=True)
class Question:
    """The output of a tool for one query: ``mode`` is ``udp``, ``tcp``, ``plain`` (no EDNS) or ``dnssec``.

    ``whole`` is false where its end is missing, or something else stands in it.
    """

    tool: str
    server: Server
    type: str
    mode: str
    name: str
    text: str
    whole: bool = True


@dataclass(frozen=True)
class _Block:
    """A line that begins with ``@``, with its content, or ``None`` if it has none; ``unread`` is what does not belong to it."""

    head: str
    content: tuple[str, ...] | None = None
    status: str = ""
    unread: tuple[str, ...] = ()


@dataclass
class Transcript:
    """The parsed output. ``missing`` are command lines whose tool is not installed.

    ``unread`` is what was not understood, or cut: by the path of the file or the command line, the rest under ``""``.
    """

    name: str
    at: datetime
    host: str
    given: list[Server] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    runs: dict[str, tuple[str, int]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)
    unread: dict[str, tuple[str, ...]] = field(default_factory=dict)


def looks_like(data: bytes) -> bool:
    """Tell whether a file holds the output of a probe."""
    return re.search(rb"sddoctor\.probe/\d+ begin ", _plain_bytes(data)) is not None


def parse(data: bytes) -> Transcript:
    """Read the last output in the text. Raises :class:`TranscriptError`."""
    lines = _ANSI.sub("", _plain_bytes(data).decode("utf-8", "replace")).split("\n")
    lines = [line.strip("\r") for line in lines]
    if len(lines) > _MOST_LINES:
        raise TranscriptError(f"It has more than {_MOST_LINES} lines, and no output of a probe has.")
    begins = [i for i, line in enumerate(lines) if _BEGIN.search(line)]
    if not begins:
        raise TranscriptError("It does not hold the first line of what the probe printed.")
    found = _begin(lines[begins[-1]])
    rest = lines[begins[-1] + 1 :]
    end = next((i for i, line in enumerate(rest) if _END.match(line)), None)
    if end is None:
        raise TranscriptError(f"Its end is missing: copy everything down to the line '{FORMAT}/{VERSION} end'.")
    for block in _blocks(rest[:end]):
        if not _read_block(found, block):
            found.unread[""] = (*found.unread.get("", ()), f"@{block.head}", *block.unread)
    return found


def _plain_bytes(data: bytes) -> bytes:
    """Undo the UTF-16 of a Windows console that redirected the output."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def _begin(line: str) -> Transcript:
    match = _BEGIN.search(line)
    assert match is not None  # noqa: S101 - the caller has matched it
    version, typed, when, host = match.groups()
    if int(version) > VERSION:
        raise TranscriptError(
            f"The script of a newer sddoctor printed it (format {version}): upgrade sddoctor to read it."
        )
    try:
        return Transcript(parse_name(typed), datetime.strptime(when, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC), host)
    except BadNameError as error:
        raise TranscriptError(f"The name in it cannot be used. {error}") from error
    except ValueError as error:
        raise TranscriptError(f"The time in it is none: {when[:40]!r}.") from error


def _blocks(lines: list[str]) -> Iterator[_Block]:
    """Yield every line that begins with ``@``, with its content."""
    width = max(map(len, lines), default=0)
    head, before = "", ""
    content: list[str] | None = None
    unread: list[str] = []
    for line in lines:
        if line.startswith("@end") and content is not None:
            yield _Block(head, tuple(content), line[4:].strip(), tuple(unread))
            content = None
        elif line.startswith("@"):
            if content is not None:
                yield _Block(head, tuple(content), unread=(*unread, f"the end of {head}"))
            head, unread = line[1:].rstrip(), []
            content = [] if line.startswith(("@file ", "@run ", "@dns ")) else None
            if content is None:
                yield _Block(head)
        elif content is None:
            if line.startswith("|"):
                yield _Block(line)
        elif line.startswith("|"):
            content.append(line[1:])
        elif content and line and len(before) + len(line.split(maxsplit=1)[0]) >= width:
            content[-1] += line
        elif line:
            unread.append(line)
        before = line
    if content is not None:
        yield _Block(head, tuple(content), unread=(*unread, f"the end of {head}"))


def _read_block(found: Transcript, block: _Block) -> bool:
    """Read a block, or return that it is not understood."""
    kind, _, subject = block.head.partition(" ")
    if block.content is None:
        return _read_mark(found, kind, subject)
    text = _ESCAPED.sub(lambda m: "%" if m[1] == "25" else "\r", "\n".join(block.content))
    unread = block.unread
    if kind == "file":
        if len(text.encode("utf-8", "replace")) >= _MOST_OF_A_FILE:
            unread += ("what follows its first 64 KiB",)
        found.files.setdefault(subject, text + "\n" if text else "")
    elif kind == "run":
        status = int(block.status) if block.status.isascii() and block.status.isdigit() else 0
        found.runs.setdefault(subject, (text, status))
    else:
        words = subject.split(" ")
        server = _server(words[1]) if len(words) == 5 else None
        if server is None:
            return False
        asked = Question(words[0], server, words[2], words[3], words[4].lower(), text, not unread)
        found.questions.append(asked)
    if unread and kind != "dns":
        found.unread[subject] = unread
    return True


def _read_mark(found: Transcript, kind: str, subject: str) -> bool:
    """Read a line without content, or return that it is not understood."""
    notes = {"nofile": found.absent, "unreadable": found.unreadable, "notool": found.missing, "mark": found.marks}
    if kind in notes:
        notes[kind].add(subject)
        return True
    if kind == "given" and (server := _server(subject)) is not None:
        found.given.append(server)
        return True
    return False


def _server(text: str) -> Server | None:
    address, _, port = text.partition("#")
    plain = read_full_address(address)
    if plain is None or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        return None
    return Server(plain, int(port))
