"""What the files of a host mean to its system, read by the manual pages and not by the product's parsers.

So a mistake of those parsers shows as a difference. resolv.conf(5), nsswitch.conf(5), hosts(5), resolver(5), and where
these are silent https://github.com/apple-oss-distributions/configd (dnsinfo_flatfile.c).
"""

from __future__ import annotations

import re
import socket
from ipaddress import ip_address
from pathlib import Path

from msgspec import Struct

from sddoctor.case.dns import Server

#: Servers of one list that are used; entries of /etc/resolver have the same limit.
MAX_SERVERS = 3
_STATUSES = ("SUCCESS", "NOTFOUND", "UNAVAIL", "TRYAGAIN")
_KEYWORDS = ("domain", "nameserver", "port", "search", "search_order", "timeout", "options", "sortlist", "flags")


class ResolvConf(Struct, frozen=True):
    """The servers, search suffixes, ``ndots`` and ``attempts`` of /etc/resolv.conf."""

    servers: tuple[str, ...]
    search: tuple[str, ...]
    ndots: int
    attempts: int


class ResolverEntry(Struct, frozen=True):
    """An entry that a file of /etc/resolver makes; with the domain ``None`` it is another default resolver."""

    domain: str | None
    search: tuple[str, ...]
    servers: tuple[Server, ...]
    port: int | None
    timeout: int | None
    search_order: int | None


def read(path: Path) -> str:
    """Return the text of a file, empty if there is no such file."""
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""


def resolv_conf(text: str) -> ResolvConf:
    """Read resolv.conf: keywords stand at the very beginning of a line, and the last search list counts."""
    servers: list[str] = []
    search: list[str] = []
    ndots, attempts = 1, 2
    for keyword, rest in re.findall(r"^(nameserver|search|domain|options)[ \t]+([^\n]*)", text, re.MULTILINE):
        if keyword == "nameserver":
            servers += [rest] if _is_address(rest.partition("%")[0]) else []
        elif keyword == "options":
            ndots = max([ndots, *(int(n) for n in re.findall(r"\bndots:(\d+)", rest))])
            attempts = next((int(n) for n in re.findall(r"\battempts:(\d+)", rest)), attempts)
        else:
            search = [word.rstrip(".") for word in rest.split() if word != "."]
    return ResolvConf(tuple(servers[:MAX_SERVERS]) or ("127.0.0.1",), tuple(search), ndots, attempts)


def host_sources(text: str) -> list[tuple[str, dict[str, str]]]:
    """Return the sources of the ``hosts:`` line with their actions (``NOTFOUND`` -> ``return``)."""
    line = re.search(r"^hosts:([^#\n]*)", text, re.MULTILINE)
    found: list[tuple[str, dict[str, str]]] = []
    for source, actions in re.findall(r"([^\s\[\]]+)|\[([^\]]*)\]", line.group(1) if line else "files dns"):
        if source:
            found.append((source, {"SUCCESS": "return"}))
        elif found:
            for negated, status, action in re.findall(r"(!?)(\w+)=(\w+)", actions):
                of = [s for s in _STATUSES if s != status.upper()] if negated else [status.upper()]
                found[-1][1].update(dict.fromkeys(of, action.lower()))
    return found


def hosts_addresses(text: str, name: str) -> tuple[str, ...]:
    """Return the addresses that the hosts file gives for a name."""
    rows = [line.partition("#")[0].split() for line in text.splitlines()]
    wanted = name.lower().rstrip(".")
    return tuple(dict.fromkeys(row[0] for row in rows if wanted in (word.lower() for word in row[1:])))


def resolver_entries(directory: Path) -> list[ResolverEntry]:
    """Return the entries for unscoped lookups that the files of /etc/resolver make."""
    entries = [_resolver_entry(path.name, read(path)) for path in sorted(directory.glob("*")) if path.is_file()]
    return [entry for entry in entries if entry is not None]


def _resolver_entry(name: str, text: str) -> ResolverEntry | None:
    """Read a file: each blank ends a word, the second word is the value, and the first line of a keyword counts."""
    values: dict[str, list[str]] = {}
    for line in text.split("\n"):
        keyword, *words = re.split("[ \t]", line)
        kept = values.setdefault(keyword.lower(), [])
        if (
            words
            and keyword.lower() in _KEYWORDS
            and len(kept) < (MAX_SERVERS if keyword.lower() == "nameserver" else 1)
        ):
            kept.append(" ".join(words) if keyword.lower() in ("flags", "search") else words[0])
    if not any(values.values()) or any("scoped" in line for line in values.get("flags", [])):
        return None
    numbers = {
        k: int(v[0]) if (v := values.get(k)) and v[0].isdigit() else None for k in ("port", "timeout", "search_order")
    }
    readable = [found for value in values.get("nameserver", []) if (found := _address_and_port(value))]
    servers = tuple(Server(address, port or numbers["port"] or 53) for address, port in readable)
    search = tuple(" ".join(values.get("search", [])).split())
    domain = values.get("domain") or [name]
    return ResolverEntry(domain[0].rstrip(".").lower() or None, search, servers, **numbers)


def _address_and_port(value: str) -> tuple[str, int | None] | None:
    """Read an address; where the whole is none, digits after the last dot are a port, whatever follows them."""
    if _is_address(value):
        return value, None
    head, _, tail = value.rpartition(".")
    port = re.match(r"\d+", tail)
    try:
        return (socket.inet_ntoa(socket.inet_aton(head)), int(port.group())) if port and head.strip() == head else None
    except OSError:
        return None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
