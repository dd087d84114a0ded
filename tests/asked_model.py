"""Whom a host asks for a name, by a small model that has nothing of the code under test but the facts.

Only simple kinds of hosts are worked out; of all others it is known which servers could be asked at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import TypeVar

from sddoctor.case.host import HostFacts, Resolved, ResolvedLink
from sddoctor.case.seen import Absent, Fact, Seen

T = TypeVar("T")

STUBS = ("127.0.0.53", "127.0.0.54")
DOCKER = "127.0.0.11"
#: Sources of nsswitch.conf that have no names of the DNS.
_OTHERS = ("files", "myhostname", "mymachines", "compat", "db", "systemd", "sss", "libvirt", "libvirt_guest", "wins")


def bare(server: str) -> str:
    """Return the address of a server as printed anywhere: without its port, its name, its zone and brackets."""
    text = server.partition("#")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return str(ip_address(text.partition("%")[0]))


def asked(name: str, facts: HostFacts) -> frozenset[str] | None:
    """Return the servers that a program's query for the name can get to, ``None`` for hosts that are not simple."""
    name = name.lower().rstrip(".")
    if not isinstance(facts.hosts, Seen) or facts.hosts.unread:
        return None
    if facts.hosts.value.entries:
        return frozenset() if facts.platform != "linux" else None
    found = {"macos": _macos, "windows": _windows, "linux": _linux}[facts.platform](name, facts)
    return None if found is None else frozenset(map(bare, found))


def could_be_asked(facts: HostFacts) -> frozenset[str]:
    """Return the servers of every list that is in force on the host, for whatever name."""
    return frozenset(map(bare, _all(facts)))


def _all(facts: HostFacts) -> Iterator[str]:
    conf = _of(facts.resolv_conf)
    if conf is not None and facts.platform != "windows":
        yield from conf.listed[:3] or ("127.0.0.1",)
        yield from (s.removeprefix("host(").removesuffix(")") for s in conf.forwards_to)
    elif facts.platform == "linux":
        yield "127.0.0.1"
    resolved = _of(facts.resolved)
    if resolved is not None:
        yield from (s for link in resolved.links if _is_up(link) for s in link.servers)
        yield from resolved.fallback
        yield from STUBS
    yield from (str(s) for forwarder in facts.forwarders for rule in forwarder.entries for s in rule.servers)
    resolvers = _of(facts.scutil)
    if resolvers is not None:
        usable = (r for r in resolvers if r.section == "default" and "Scoped" not in r.flags)
        yield from (s for r in usable for s in r.nameservers)
    else:
        yield from (str(s) for f in _of(facts.resolver_files) or () if f.created and not f.scoped for s in f.servers)
    yield from (s for rule in _of(facts.nrpt) or () if rule.in_force is not False for s in rule.servers)
    off = {m.interface for m in _of(facts.interface_metrics) or () if m.connected is False}
    on = {m.interface for m in _of(facts.interface_metrics) or () if m.connected is not False}
    yield from (s for i in _of(facts.interface_servers) or () if i.interface not in off - on for s in i.servers)


def _of(fact: Fact[T]) -> T | None:
    return fact.value if isinstance(fact, Seen) else None


def _is_below(name: str, domain: str) -> bool:
    domain = domain.lower().strip(".")
    return not domain or name == domain or name.endswith(f".{domain}")


def _longest(name: str, pairs: Iterable[tuple[str, T]]) -> list[T]:
    matching = [(d.lower().strip("."), item) for d, item in pairs if _is_below(name, d)]
    longest = max((len(d) for d, _ in matching), default=0)
    return [item for d, item in matching if len(d) == longest]


def _macos(name: str, facts: HostFacts) -> Iterable[str] | None:
    fact = facts.scutil
    if isinstance(fact, Absent):
        return ()
    if not isinstance(fact, Seen) or fact.unread:
        return None
    usable = [r for r in fact.value if r.section == "default" and not {"Scoped", "Service-specific"} & {*r.flags}]
    if any(not r.nameservers and "mdns" not in r.options for r in usable):
        return None
    best = _longest(name, ((r.domain or "", r) for r in usable))
    if any("mdns" in r.options for r in best):
        return None if len(best) > 1 else ()
    return [s for r in best for s in r.nameservers]


def _windows(name: str, facts: HostFacts) -> Iterable[str] | None:
    rules, servers, metrics = facts.nrpt, facts.interface_servers, facts.interface_metrics
    if any(not isinstance(f, Seen) or f.unread for f in (rules, servers, metrics)):
        return None
    in_force = [r for r in rules.value if r.in_force is not False]
    if any(r.cut or not r.servers for r in in_force):
        return None
    covering = [
        (len(n), r)
        for r in in_force
        for n in (n.lower() for n in r.namespaces)
        if n in (name, ".") or (n.startswith(".") and f".{name}".endswith(n))
    ]
    if covering:
        longest = max(length for length, _ in covering)
        best = {r.servers for length, r in covering if length == longest}
        return best.pop() if len(best) == 1 else None
    if any(m.connected is None for m in metrics.value):
        return None
    on = {m.interface for m in metrics.value if m.connected}
    return [s for i in servers.value if i.interface in on for s in i.servers]


def _linux(name: str, facts: HostFacts) -> Iterable[str] | None:
    if name.endswith(".local") or name == "local":
        return None
    if facts.libc == "musl":
        return _by_resolv_conf(name, facts)
    if isinstance(facts.nss, Absent):
        sources: tuple[str, ...] = ("files", "dns")
    elif isinstance(facts.nss, Seen):
        sources = tuple(s.name for s in facts.nss.value)
    else:
        return None
    if (
        not {*sources} <= {"dns", *_OTHERS}
        or sources.count("dns") != 1
        or "files" not in sources[: sources.index("dns")]
    ):
        return None
    if isinstance(facts.nss, Seen) and any(s.actions for s in facts.nss.value):
        return None
    return _by_resolv_conf(name, facts)


def _by_resolv_conf(name: str, facts: HostFacts) -> Iterable[str] | None:
    conf = facts.resolv_conf
    if not isinstance(conf, Seen) or conf.unread or not conf.value.listed:
        return None
    servers = conf.value.listed[:3]
    if DOCKER in servers:
        return None
    if servers[0] in STUBS:
        return _by_resolved(name, facts) if len(servers) == 1 else None
    if ip_address(servers[0].partition("%")[0]).is_loopback:
        return None if facts.forwarders else servers
    return servers


def _by_resolved(name: str, facts: HostFacts) -> Iterable[str] | None:
    if not isinstance(facts.resolved, Seen) or facts.resolved.unread:
        return None
    resolved: Resolved = facts.resolved.value
    used = [link for link in resolved.links if link.servers and _is_up(link)]
    if any(link.delegate for link in used) or any(link.default_route is None and link.interface for link in used):
        return None
    of_domains = [(d.lstrip("~"), link) for link in used for d in link.domains]
    if any(_is_below(name, d) for d, _ in of_domains):
        return [s for link in _longest(name, of_domains) for s in link.servers]
    if any(link.interface is None for link in used):
        return None  # versions differ in whether global servers are asked beside those of links
    return [s for link in used if link.default_route for s in link.servers] or resolved.fallback


def _is_up(link: ResolvedLink) -> bool:
    return link.interface is None or "DNS" in link.scopes
