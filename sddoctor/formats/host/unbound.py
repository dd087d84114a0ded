"""How an unbound on this host resolves a name (https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import EVERYWHERE, LOOPBACK, ForwarderConfig, ForwarderRule
from sddoctor.case.name import fold_name
from sddoctor.formats.host.addresses import server_at
from sddoctor.formats.host.config_lines import TOP, ConfigLine, Include, Syntax, plain_lines
from sddoctor.formats.host.names import covers, most_specific

#: Clauses; those for zones may stand several times, each for one zone.
_ZONES = ("forward-zone", "stub-zone", "auth-zone")
_CLAUSES = (
    "server",
    "remote-control",
    "python",
    "dynlib",
    "dnstap",
    "dnscrypt",
    "cachedb",
    "ipset",
    "rpz",
    "view",
    *_ZONES,
)
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s\"']+")
_KEY = re.compile(r"([a-z][a-z0-9-]*):(?!:)")
_INCLUDE = re.compile(r"(include|include-toplevel):\s*[\"']?([^\"'\s]+)")
#: Types of local-zone with which unbound goes on to resolve what it has no data for.
_PASSED_ON = ("transparent", "typetransparent", "inform", "nodefault", "always_transparent", "block_a")
_ANCHORS = ("auto-trust-anchor-file", "trust-anchor-file", "trust-anchor", "trusted-keys-file")
_TLS_PORT = 853
_MOST_ENTRIES = 500


class _Clause:
    """A clause with its options, and where it begins."""

    def __init__(self, kind: str, where: str) -> None:
        self.kind, self.where = kind, where
        self.options: dict[str, list[tuple[str, str]]] = {}

    def values(self, key: str) -> list[str]:
        return [value for value, _ in self.options.get(key, [])]

    def says(self, key: str) -> bool:
        return self.values(key)[-1:] == ["yes"]


def parse(lines: Iterable[ConfigLine], name: str, path: str) -> tuple[ForwarderConfig, list[str]]:
    """Return what the configuration does with the name, and what of its lines is not understood."""
    clauses, unread = _clauses(lines)
    server = _Clause("server", path)
    for clause in clauses:
        if clause.kind == "server":
            for key, values in clause.options.items():
                server.options.setdefault(key, []).extend(values)
    zones = [rule for clause in clauses for rule in _zone(clause, by_tls=server.says("tls-upstream"))]
    if not any(not rule.domain for rule in zones):
        why = "no forward-zone has the name, so unbound queries the name servers of the internet itself"
        zones.append(ForwarderRule(path, "", unknown=why))
    modules = (server.values("module-config") or ["validator iterator"])[-1]
    config = ForwarderConfig(
        "unbound",
        path,
        rebind_filter="private-address" in server.options,
        rebind_exempt=any(covers(domain, name) for domain in server.values("private-domain")),
        entries=(*_local(server, name), *zones)[:_MOST_ENTRIES],
        validates="validator" in modules
        and any(key in server.options for key in _ANCHORS)
        and not server.says("val-permissive-mode"),
        insecure=any(covers(domain, name) for domain in server.values("domain-insecure")),
        listens=tuple(_listens(server)),
        port=_port(server),
        together=True,
    )
    return config, unread


def of_texts(files: Iterable[tuple[str, str]], name: str, path: str) -> ForwarderConfig:
    """Return what files (path and text) that include nothing do with the name."""
    lines = [line for file, text in files for line in (ConfigLine(file, 0, TOP), *plain_lines(text, file))]
    return parse(lines, name, path)[0]


def _clauses(lines: Iterable[ConfigLine]) -> tuple[list[_Clause], list[str]]:
    found: list[_Clause] = []
    unread: list[str] = []
    clause: _Clause | None = None
    for line in lines:
        if line.text == TOP:
            clause = None
            continue
        for key, values in _options(line.text):
            if key in _CLAUSES and not values:
                clause = _Clause(key, line.where)
                found.append(clause)
                if key == "view":
                    unread.append(f"{line.where} {line.text}: which clients it is for")
            elif clause is None or not key:
                unread.append(f"{line.where} {line.text}")
            else:
                clause.options.setdefault(key, []).append((" ".join(values), line.where))
    return found, unread


def _options(line: str) -> list[tuple[str, list[str]]]:
    """Return the keys of a line with the words after each; what stands before the first has the key ``""``."""
    found: list[tuple[str, list[str]]] = []
    for word in _WORD.findall(line):
        key = _KEY.match(word)
        if key is not None and (not found or key.end() == len(word)):
            found.append((key.group(1), [word[key.end() :]] if key.end() < len(word) else []))
        elif found:
            found[-1][1].append(word.strip("\"'"))
        else:
            found.append(("", [word]))
    return found


def _zone(clause: _Clause, *, by_tls: bool) -> Iterator[ForwarderRule]:
    names = clause.values("name")
    if clause.kind not in _ZONES or not names:
        return
    domain = fold_name(names[-1])
    if clause.kind == "auth-zone":
        if clause.values("for-downstream")[-1:] != ["no"]:
            yield ForwarderRule(clause.where, domain, first=True)
        return
    kind = clause.kind.removesuffix("zone")
    encrypted = by_tls or any(clause.says(f"{kind}{word}-upstream") for word in ("tls", "ssl"))
    addresses = clause.values(f"{kind}addr")
    servers = tuple(s for s in (_address(a, encrypted=encrypted) for a in addresses) if s is not None)
    unknown = ""
    if clause.values(f"{kind}host") or len(servers) < len(addresses):
        unknown = "a server of the zone is given by its name"
    elif not servers:
        unknown = "the zone has no server, so unbound queries the name servers of the internet itself"
    yield ForwarderRule(clause.where, domain, servers, unknown=unknown, tls=encrypted)


def _local(server: _Clause, name: str) -> Iterator[ForwarderRule]:
    """Yield what unbound answers from data of its own, before any zone is forwarded."""
    zones = []
    for value, where in server.options.get("local-zone", []):
        domain, _, kind = value.partition(" ")
        if covers(domain, name):
            zones.append((fold_name(domain), kind, where))
    for domain, kind, where in most_specific(zones, lambda zone: zone[0])[-1:]:
        if kind not in _PASSED_ON and not kind.startswith("inform"):
            yield ForwarderRule(where, domain, first=True)
    for value, where in server.options.get("local-data", []):
        if fold_name(value.partition(" ")[0]) == name:
            yield ForwarderRule(where, name, first=True)


def _listens(server: _Clause) -> Iterator[str]:
    """Yield where it listens: at the loopback addresses where nothing is said."""
    given = [*server.values("interface"), *server.values("ip-address")]
    for word in given or ["lo"]:
        address = word.partition("@")[0]
        if address in ("0.0.0.0", "::0", "::") or server.says("interface-automatic"):  # noqa: S104 - what a file says
            yield EVERYWHERE
        else:
            yield LOOPBACK if address in ("lo", "lo0") else address


def _port(server: _Clause) -> int:
    """Return the port: one that stands with the only interface, or that of all."""
    given = {word.partition("@")[2] for word in (*server.values("interface"), *server.values("ip-address"))}
    words = given if given != {""} and len(given) == 1 else set(server.values("port")[-1:])
    word = next(iter(words), "")
    return int(word) if word.isdigit() and len(word) < 6 else 53


def _address(text: str, *, encrypted: bool) -> Server | None:
    """Read ``10.10.0.2@5353#name.of.certificate``."""
    word, _, port = text.partition("#")[0].partition("@")
    return server_at(word, port or (str(_TLS_PORT) if encrypted else ""))


def _include(line: str) -> Include | None:
    found = _INCLUDE.fullmatch(line.rstrip("\"'")) or _INCLUDE.match(line)
    if found is None:
        return None
    kind, path = found.groups()
    return Include("pattern" if set("*?[") & set(path) else "file", path, top=kind == "include-toplevel")


def _directory(line: str) -> str | None:
    """Return the directory that unbound changes to, where includes that are relative begin from then on."""
    found = re.match(r"(?:server:\s*)?directory:\s*[\"']?([^\"'\s]+)", line)
    return found.group(1) if found is not None else None


SYNTAX = Syntax(plain_lines, _include, _directory)
