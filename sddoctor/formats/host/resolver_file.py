"""A file of /etc/resolver as macOS reads it, by Apple's published parser.

https://github.com/apple-oss-distributions/configd/blob/main/dnsinfo/dnsinfo_flatfile.c, and for the
documented part https://github.com/apple-oss-distributions/libresolv/blob/main/resolver.5
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sddoctor.case.dns import Server
from sddoctor.case.host import IgnoredLine, ResolverFile
from sddoctor.formats.host.addresses import read_address, read_full_address

_MOST_SERVERS = 3
_MOST_SUFFIXES = 6
_ONE_VALUE = ("domain", "nameserver", "port", "search_order", "timeout", "interface")
_MANY_VALUES = ("search", "options", "sortlist", "flags")
_SHORT_MARK = 60


@dataclass
class _State:
    known_keyword: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    address_ports: list[int | None] = field(default_factory=list)
    ignored: list[IgnoredLine] = field(default_factory=list)
    misread: list[IgnoredLine] = field(default_factory=list)


def parse(data: bytes, path: str) -> ResolverFile:
    """Read the file at ``path``, whose last part is the domain unless a ``domain`` line names another."""
    state = _State()
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        why = _line(line, number, state)
        if why:
            state.ignored.append(IgnoredLine(number, line.rstrip("\r"), why))
    ignored, misread = tuple(state.ignored), tuple(state.misread)
    if not state.known_keyword:
        return ResolverFile(path, created=False, ignored=ignored, misread=misread)
    port = _number(state.values.get("port"))
    port = port if port is not None and 0 < port < 65536 else None
    return ResolverFile(
        path,
        created=True,
        domain=_domain(state.values, path),
        servers=tuple(Server(address, port or 53) for address in state.addresses),
        port=port,
        search=state.lists.get("search", ())[:_MOST_SUFFIXES],
        search_order=_number(state.values.get("search_order")),
        timeout=_number(state.values.get("timeout")),
        options=state.lists.get("options", ()),
        ignored=ignored,
        misread=misread,
        listed=tuple(Server(address, port or 53) for address in (*state.addresses, *state.beyond)),
        address_ports=tuple(state.address_ports),
        scoped="scoped" in (flag.lower() for flag in state.lists.get("flags", ())),
        interface=state.values.get("interface") or None,
    )


def _line(line: str, number: int, state: _State) -> str:
    """Read a line, or return why it is dropped (``""``: it is read, or a comment)."""
    words = re.split(r"[ \t]", line)
    first = words[0]
    if first.startswith(("#", ";")) or not line.strip():
        return ""
    keyword = first.lower()
    if keyword not in _ONE_VALUE and keyword not in _MANY_VALUES:
        return _why_no_keyword(first)
    if len(words) < 2:
        return "it has no value"
    state.known_keyword = True
    limit = _MOST_SERVERS if keyword == "nameserver" else 1
    # An invalid or empty value counts too.
    state.counts[keyword] = state.counts.get(keyword, 0) + 1
    if state.counts[keyword] > limit:
        if keyword == "nameserver" and (beyond := _address(words[1])[0]):
            state.beyond.append(beyond)
        return f"only {'three lines' if limit > 1 else 'one line'} with {keyword!r} can be used"
    if keyword in _MANY_VALUES:
        state.lists[keyword] = tuple(word for word in words[1:] if word)
    elif keyword == "nameserver":
        return _nameserver(words, line, number, state)
    else:
        state.values[keyword] = words[1]
        if not words[1]:
            return _EMPTY_WORD
    return ""


_EMPTY_WORD = "two blanks follow the keyword: the empty word between them is taken as the value"


def _nameserver(words: list[str], line: str, number: int, state: _State) -> str:
    word = words[1]
    if not word:
        return _EMPTY_WORD if any(words[2:]) else "it has no value"
    address, port = _address(word)
    if address is None:
        return f"{word[:_SHORT_MARK]!r} is no numeric address"
    state.addresses.append(address)
    state.address_ports.append(port)
    intended = _intended(word)
    if intended != address:
        why = f"read as {address}" + (f" port {port}" if port is not None else "") + f": {_why_misread(word)}"
        state.misread.append(IgnoredLine(number, line.rstrip("\r"), why))
    return ""


def _address(word: str) -> tuple[str | None, int | None]:
    """Read an address; if it is invalid, the part after the last dot is taken as a port."""
    address = read_address(word)
    if address is not None or "." not in word:
        return address, None
    head, _, tail = word.rpartition(".")
    address = read_address(head)
    return address, (_leading_number(tail) if address is not None else None)


def _intended(word: str) -> str | None:
    """Return the address that the author intended, or ``None`` if that is unclear."""
    bare = word.rstrip("\r")
    if read_address(bare):
        octal = re.search(r"(?:^|\.)0\d", bare) if ":" not in bare else None
        return None if octal else read_address(bare)
    head, _, tail = bare.rpartition(".")
    # 10.0.0.17.55 is the documented way to give a port.
    return read_full_address(head) if tail.isdigit() else None


def _why_misread(word: str) -> str:
    if word.endswith("\r"):
        return "the line ends with a carriage return (Windows line end)"
    if "#" in word:
        return "'#' does not separate a port or a comment here"
    if ":" in word:
        return "':' does not separate a port here; use a line 'port N'"
    if re.search(r"(?:^|\.)0\d", word):
        return "a part with a leading zero is an octal number"
    return "what follows the last dot is taken for a port"


def _domain(values: dict[str, str], path: str) -> str | None:
    if "domain" in values:
        return values["domain"].rstrip(".") or None
    return path.rsplit("/", 1)[-1] or None


def _number(word: str | None) -> int | None:
    return None if word is None else _leading_number(word)


def _leading_number(word: str) -> int:
    """Read digits at the beginning as strtol(3) does, and ignore the rest."""
    found = re.match(r"\s*([+-]?[0-9]{1,18})", word, re.ASCII)
    return int(found.group(1)) if found else 0


def _why_no_keyword(first: str) -> str:
    if first.startswith("\ufeff"):
        return "a byte order mark is glued to the first word"
    if not first:
        return "a blank before the keyword makes it an empty word"
    word = re.split(r"[=:\r]", first, maxsplit=1)[0].lower()
    if word in _ONE_VALUE or word in _MANY_VALUES:
        return f"no blank follows the keyword {word!r}"
    if read_address(first.rstrip("\r")):
        return "the keyword 'nameserver' is missing"
    return f"{first.rstrip(chr(13))[:_SHORT_MARK]!r} is no keyword"
