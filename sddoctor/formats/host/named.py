"""How a BIND on this host resolves a name (https://bind9.readthedocs.io/en/stable/reference.html)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import EVERYWHERE, ForwarderConfig, ForwarderRule
from sddoctor.case.name import fold_name
from sddoctor.formats.host.addresses import read_full_address, server_at
from sddoctor.formats.host.config_lines import ConfigLine, Include, Syntax

_COMMENT = re.compile(r"/\*.*?\*/|(?://|(?<!\S)#)[^\n]*|(\"[^\"\n]*\")", re.DOTALL)
_WORD = re.compile(r"\"[^\"]*\"|[{};]|[^\s{};\"]+")
_INCLUDE = re.compile(r"include\s+\"([^\"]+)\"\s*;?")
_DIRECTORY = re.compile(r"(?:options\s*\{\s*)?directory\s+\"([^\"]+)\"\s*;")
#: Statements that do not say where a name is sent.
_OTHERS = frozenset((
    "acl", "controls", "dnssec-policy", "http", "key", "key-store", "logging", "managed-keys", "masters",
    "parental-agents", "primaries", "remote-servers", "server", "statistics-channels", "tls", "trust-anchors",
    "trusted-keys",
))  # fmt: skip
#: Types of zone from which named answers itself, and those with which it goes on to other servers.
_OWN = ("primary", "master", "secondary", "slave", "mirror", "redirect")
_ITSELF = "named queries the name servers of the internet itself"


class _Statement(NamedTuple):
    """A statement: its words, its block if it has one, and where it begins."""

    words: tuple[str, ...]
    block: tuple[_Statement, ...]
    where: str

    @property
    def key(self) -> str:
        return self.words[0] if self.words else ""


def parse(lines: Iterable[ConfigLine], name: str, path: str) -> tuple[ForwarderConfig, list[str]]:  # noqa: ARG001 - one of the parsers
    """Return what the configuration does with the name, and what of it is not understood."""
    tokens = [(word, line.where) for line in lines for word in _WORD.findall(line.text)]
    statements = tuple(_block(iter(tokens)))
    settings = [s for o in statements if o.key == "options" for s in o.block]
    default = next((s for s in settings if s.key == "forwarders"), None)
    known = {*_OTHERS, "options", "zone"}
    unread = [f"{s.where} {' '.join(s.words)}" for s in statements if s.key and s.key not in known]
    zones = [r for s in statements if s.key == "zone" and len(s.words) > 1 for r in _zone(s, default)]
    entries = [*zones, _forwarding(default, "", path)] if not any(not z.domain for z in zones) else zones
    listens = [s for s in settings if s.key == "listen-on"]
    return ForwarderConfig(
        "named", path, entries=tuple(entries), listens=_listens(listens), port=_port(listens), together=True
    ), unread


def _block(tokens: Iterable[tuple[str, str]]) -> Iterator[_Statement]:
    """Yield the statements up to the end of the block."""
    words: list[str] = []
    block: tuple[_Statement, ...] = ()
    where = ""
    for word, place in tokens:
        if word == "}":
            return
        if word == "{":
            block = (*block, *_block(tokens))
        elif word == ";":
            yield _Statement(tuple(words), block, where or place)
            words, block, where = [], (), ""
        else:
            where = where or place
            words.append(word.strip('"'))


def _zone(zone: _Statement, default: _Statement | None) -> Iterator[ForwarderRule]:
    domain, options = fold_name(zone.words[1]), {s.key: s for s in zone.block}
    kind = options["type"].words[-1] if "type" in options else ""
    if kind in _OWN:
        yield ForwarderRule(zone.where, domain)
    elif kind == "forward":
        yield _forwarding(options.get("forwarders", default), domain, zone.where)
    elif kind in ("stub", "static-stub"):
        servers = _servers(options.get("server-addresses") or options.get("primaries") or options.get("masters"))
        unknown = "" if servers else "its servers are not addresses"
        yield ForwarderRule(zone.where, domain, servers, unknown=unknown)
    elif kind != "hint":
        yield ForwarderRule(zone.where, domain, unknown=f"the type of its zone is {kind or 'not given'}")


def _forwarding(statement: _Statement | None, domain: str, where: str) -> ForwarderRule:
    """Return the rule for a list of forwarders; without one, or with an empty one, named resolves itself."""
    servers = _servers(statement)
    unknown = "" if servers else f"no forwarders are given, so {_ITSELF}"
    return ForwarderRule(where if domain or statement is None else statement.where, domain, servers, unknown=unknown)


def _servers(statement: _Statement | None) -> tuple[Server, ...]:
    """Read ``forwarders port 53 { 10.10.0.2; 10.10.1.2 port 5353; }``."""
    if statement is None:
        return ()
    usual = _after("port", statement.words)
    found = (server_at(s.key, _after("port", s.words) or usual) for s in statement.block)
    return tuple(s for s in found if s is not None)


def _after(word: str, words: tuple[str, ...]) -> str:
    return words[words.index(word) + 1] if word in words[:-1] else ""


def _listens(lists: list[_Statement]) -> tuple[str, ...]:
    """Return the addresses of listen-on; anything but addresses may be any address of the host."""
    words = [s.key for one in lists for s in one.block]
    addresses = tuple(a for w in words if (a := read_full_address(w)) is not None)
    return addresses if words and len(addresses) == len(words) else (EVERYWHERE,)


def _port(lists: list[_Statement]) -> int:
    ports = {_after("port", one.words) or "53" for one in lists}
    word = next(iter(ports)) if len(ports) == 1 else "53"
    return int(word) if word.isdigit() and len(word) < 6 else 53


def _lines(text: str, file: str) -> list[ConfigLine]:
    """Return the lines without comments, of which there are three kinds."""

    def kept(found: re.Match[str]) -> str:
        return found.group(1) or "\n" * found.group().count("\n")

    rows = enumerate(_COMMENT.sub(kept, text).splitlines(), 1)
    return [ConfigLine(file, number, line.strip()) for number, line in rows if line.strip()]


def _include(line: str) -> Include | None:
    found = _INCLUDE.match(line)
    if found is None:
        return None
    return Include("pattern" if set("*?[") & set(found.group(1)) else "file", found.group(1))


def _directory(line: str) -> str | None:
    found = _DIRECTORY.match(line)
    return found.group(1) if found is not None else None


SYNTAX = Syntax(_lines, _include, _directory)
