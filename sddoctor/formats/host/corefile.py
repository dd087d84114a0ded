"""How a CoreDNS on this host resolves a name (https://coredns.io/manual/configuration/)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import structs

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import EVERYWHERE, LOOPBACK, ForwarderConfig, ForwarderRule
from sddoctor.case.name import fold_name
from sddoctor.formats.host.addresses import read_server
from sddoctor.formats.host.config_lines import ConfigLine, Include, Syntax, plain_lines
from sddoctor.formats.host.names import covers

#: Plugins that neither answer nor change a name. https://coredns.io/plugins/
_OTHERS = frozenset((
    "any", "bind", "bufsize", "cache", "cancel", "debug", "dns64", "dnssec", "erratic", "errors", "expire", "header",
    "health", "loadbalance", "local", "log", "loop", "metadata", "minimal", "nsid", "pprof", "prometheus", "ready",
    "reload", "root", "timeouts", "tls", "trace", "tsig", "whoami",
))  # fmt: skip
_DEFAULT_PORT = {"tls": 853, "https": 443, "quic": 853}


def parse(lines: Iterable[ConfigLine], name: str, path: str) -> tuple[ForwarderConfig, list[str]]:
    """Return what the Corefile does with the name, and what of it is not understood."""
    found: list[tuple[int, ForwarderRule, set[str]]] = []
    unread: list[str] = []
    for head, body in _blocks(lines):
        if head.text.startswith("("):
            continue  # a snippet: where it is imported, it is not followed
        zones = [_zone(word) for word in re.split(r"[\s,]+", head.text) if word]
        rule = _rule(head, body, name)
        if any(scheme not in ("", "dns") for scheme, _, _ in zones):
            continue
        bound = [w for line in body if line.text.startswith("bind ") for w in line.text.split()[1:]]
        listens = {LOOPBACK if w in ("lo", "lo0") else w for w in bound} or {EVERYWHERE}
        found += [(port, structs.replace(rule, domain=domain), listens) for _, domain, port in zones]
        unread += [f"{line.where} {line.text}" for line in body if line.text.split()[0] == "import"]
    # A block answers at its own port only: those of the port that programs query.
    ports = {port for port, _, _ in found}
    port = ports.pop() if len(ports) == 1 else 53
    return ForwarderConfig(
        "coredns",
        path,
        entries=tuple(rule for at, rule, _ in found if at == port),
        listens=tuple(sorted({w for at, _, listens in found if at == port for w in listens})) or (EVERYWHERE,),
        port=port,
        together=True,
    ), unread


def _blocks(lines: Iterable[ConfigLine]) -> Iterator[tuple[ConfigLine, list[ConfigLine]]]:
    """Yield each server block: its line, and the lines of its plugins, those within the blocks of plugins left out."""
    depth = 0
    head, body = ConfigLine("", 0, ""), list[ConfigLine]()
    for line in lines:
        text = line.text.rstrip("{").strip()
        if depth == 0 and text and text != "}":
            head, body = line._replace(text=f"{head.text} {text}".strip()), []
        elif depth == 1 and text not in ("", "}"):
            body.append(line._replace(text=text))
        depth += line.text.endswith("{") - (line.text == "}")
        if depth == 0 and line.text == "}":
            yield head, body
            head = ConfigLine("", 0, "")


def _zone(word: str) -> tuple[str, str, int]:
    """Read ``dns://example.internal:1053``."""
    scheme, _, rest = word.rpartition("://")
    zone, _, port = rest.partition(":")
    return scheme, fold_name(zone), int(port) if port.isdigit() and len(port) < 6 else 53


def _rule(head: ConfigLine, body: list[ConfigLine], name: str) -> ForwarderRule:
    unknown, servers, where = "", tuple[Server, ...](), head.where
    for line in body:
        plugin, *words = line.text.split()
        if plugin == "forward" and words and covers(words[0], name):
            where = line.where
            found = [_upstream(word) for word in words[1:]]
            servers = tuple(s for s in found if s is not None)
            if None in found:
                unknown = unknown or f"the servers are those of {words[1 + found.index(None)]}"
        elif plugin not in _OTHERS and plugin != "forward":
            unknown = unknown or f"the plugin {plugin} may answer ({line.where})"
    return ForwarderRule(where, "", () if unknown else servers, unknown=unknown)


def _upstream(word: str) -> Server | None:
    scheme, _, rest = word.rpartition("://")
    server = read_server(rest.partition("%")[0])
    usual = _DEFAULT_PORT.get(scheme)
    return Server(server.address, usual) if server is not None and usual and server.port == 53 else server


def _include(line: str) -> Include | None:
    found = re.fullmatch(r"import\s+(\S*[/*.]\S*)", line)
    if found is None:
        return None
    return Include("pattern" if set("*?[") & set(found.group(1)) else "file", found.group(1))


SYNTAX = Syntax(plain_lines, _include)
