"""Which servers an ordinary program on Linux asks for a name: nsswitch.conf, resolv.conf, systemd-resolved.

glibc walks the sources of nsswitch.conf (https://man7.org/linux/man-pages/man5/nsswitch.conf.5.html); musl
reads the hosts file and asks all servers of resolv.conf at once (https://wiki.musl-libc.org/functional-differences-from-glibc.html).
"""

from __future__ import annotations

import msgspec

from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, HostsFile, NssSource, ResolvConf, Resolved
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Absent, Fact, Seen, is_unseen
from sddoctor.formats.host import nsswitch, resolvectl
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.formats.host.names import covers, is_multicast, label_count
from sddoctor.formats.host.resolv_conf import NO_SERVER
from sddoctor.resolution import resolved as choose_resolved
from sddoctor.resolution.model import Choice, Entry

#: systemd-resolved's stub listeners.
RESOLVED_STUBS = ("127.0.0.53", "127.0.0.54")
_DOCKER = "127.0.0.11"
_MDNS = ("mdns", "mdns4", "mdns6")
_MDNS_MINIMAL = ("mdns_minimal", "mdns4_minimal", "mdns6_minimal")
_RESOLV_CONF = "/etc/resolv.conf"


def choose(name: str, facts: HostFacts) -> Fact[Choice]:
    """Return what happens to ``name`` (without a final dot), with every entry that was considered."""
    entries = _entries(facts)
    bypass = _bypass(facts.resolv_conf)
    found = _walk(name, facts)
    if not isinstance(found, Choice):
        return found
    return Seen(msgspec.structs.replace(found, entries=entries, bypass_asks=bypass), found.source)


def _walk(name: str, facts: HostFacts) -> Choice | Fact[Choice]:
    """Go through the sources of host names until one has the last word."""
    if facts.libc == "musl":
        sources: tuple[NssSource, ...] = nsswitch.DEFAULT
    elif isinstance(facts.nss, Seen):
        sources = facts.nss.value
    elif isinstance(facts.nss, Absent):
        sources = nsswitch.DEFAULT
    else:
        return facts.nss
    asked: Choice | None = None
    multicast = False
    for source in sources:
        if source.name in facts.nss_missing:
            status = "UNAVAIL"
        elif source.name == "files":
            hosts = facts.hosts.seen_or(None)
            if hosts and hosts.entries and asked is None:
                if nsswitch.action_for(source, "SUCCESS") == "return":
                    return _hosts_choice(name, hosts)
                continue
            status = "NOTFOUND"
        elif source.name in _MDNS + _MDNS_MINIMAL:
            takes = _takes_multicast(name, source.name, facts.mdns_allow.seen_or(None))
            multicast = multicast or takes
            status = "NOTFOUND" if takes else "UNAVAIL"
        elif source.name in ("dns", "resolve"):
            choice = _by_dns(name, facts) if source.name == "dns" else _by_module(name, facts)
            if choice is None:
                status = "UNAVAIL"
            elif not isinstance(choice, Choice):
                return choice if asked is None else asked
            elif choice.kind == "hosts-file":
                return choice
            else:
                asked = choice if asked is None else _then(asked, choice)
                status = "NOTFOUND"
        else:
            status = "UNAVAIL" if source.name == "#" else "NOTFOUND"
        if nsswitch.action_for(source, status) == "return":
            return asked or _stopped(name, source.name, multicast=multicast)
    return asked or _stopped(name, "", multicast=multicast)


def _hosts_choice(name: str, hosts: HostsFile) -> Choice:
    why = f"line {hosts.entries[0].line} of {hosts.path} has the name; no DNS query leaves the host"
    return Choice((), "hosts-file", hosts.path, fold_name(name), why=why)


def _stopped(name: str, source: str, *, multicast: bool) -> Choice:
    if multicast and is_multicast(name):
        why = f"{source or 'multicast'} keeps this .local name to multicast DNS; no DNS server is asked"
        return Choice((), "multicast", nsswitch.PATH, "local", why=why)
    why = f"the hosts: line ends at {source!r} before dns" if source else "the hosts: line does not name dns"
    return Choice((), "nss", nsswitch.PATH, why=f"{why}; no DNS server is asked")


def _takes_multicast(name: str, module: str, allow: tuple[str, ...] | None) -> bool:
    """nss-mdns 0.11 and later: two-label .local names, or, for the full modules, what /etc/mdns.allow lists.

    https://github.com/avahi/nss-mdns/blob/master/src/util.c
    """
    if module in _MDNS and allow is not None:
        suffixes = [domain.removeprefix(".") for domain in allow]
        return any(
            domain == "*" or (covers(domain, name) and fold_name(domain) != fold_name(name)) for domain in suffixes
        )
    return is_multicast(name) and label_count(name) == 2


def _then(first: Choice, second: Choice) -> Choice:
    """Both are asked, one after the other."""
    if not first.asks:
        return second
    return msgspec.structs.replace(
        first, asks=tuple(dict.fromkeys(first.asks + second.asks)), stub=first.stub or second.stub
    )


def _by_module(name: str, facts: HostFacts) -> Choice | Fact[Choice] | None:
    """nss-resolve asks systemd-resolved without DNS; ``None`` when it does not run."""
    if isinstance(facts.resolved, Seen):
        conf = facts.resolv_conf.seen_or(None)
        stub = next((Server(a) for a in (conf.effective if conf else ()) if a in RESOLVED_STUBS), None)
        return _by_resolved(name, facts, facts.resolved.value, stub)
    if is_unseen(facts.resolved) and _uses_stub(facts):
        return facts.resolved
    return None


def _uses_stub(facts: HostFacts) -> bool:
    conf = facts.resolv_conf.seen_or(None)
    return conf is not None and (
        any(address in RESOLVED_STUBS for address in conf.effective)
        or (conf.generator or "").startswith("systemd-resolved")
    )


def _by_resolved(name: str, facts: HostFacts, resolved: Resolved, stub: Server | None) -> Choice:
    hosts = facts.hosts.seen_or(None)
    if hosts and hosts.entries:
        # resolved reads the hosts file itself (ReadEtcHosts, on by default).
        return _hosts_choice(name, hosts)
    routed = choose_resolved.route(name, resolved)
    return Choice(
        routed.asks,
        "multicast" if routed.multicast else "resolved-link",
        resolvectl.COMMAND,
        routed.matched,
        link=routed.link,
        stub=stub,
        stub_is="systemd-resolved",
        why=routed.why,
        together=routed.together,
    )


def _by_dns(name: str, facts: HostFacts) -> Choice | Fact[Choice]:
    """The servers of resolv.conf, or those behind a local forwarder that it names."""
    if isinstance(facts.resolv_conf, Absent):
        why = "there is no /etc/resolv.conf, so this host itself is asked"
        return _behind(name, facts, Choice(_servers(NO_SERVER), "resolv.conf", _RESOLV_CONF, why=why))
    if not isinstance(facts.resolv_conf, Seen):
        return facts.resolv_conf
    conf = facts.resolv_conf.value
    first = conf.effective[0]
    if first in RESOLVED_STUBS and not isinstance(facts.resolved, Absent):
        if not isinstance(facts.resolved, Seen):
            return facts.resolved
        choice = _by_resolved(name, facts, facts.resolved.value, Server(first))
        rest = tuple(Server(a) for a in conf.effective[1:] if a not in RESOLVED_STUBS)
        return msgspec.structs.replace(choice, asks=choice.asks + rest) if rest and choice.asks else choice
    if not conf.listed:
        why = "no line of the file gives a server that libc accepts, so this host itself is asked"
    elif (facts.libc == "musl") and len(conf.effective) > 1:
        why = "musl asks these servers all at once, and the first answer wins"
    elif len(conf.effective) > 1:
        why = "these servers are asked in order; a negative answer is final"
    else:
        why = "this is the only server"
    choice = Choice(
        _servers(conf.effective),
        "resolv.conf",
        conf.path,
        why=why,
        together=(facts.libc == "musl") and len(conf.effective) > 1,
    )
    return _behind(name, facts, choice)


def _behind(name: str, facts: HostFacts, choice: Choice) -> Choice:
    """Look behind a forwarder on this host: Docker's, or a dnsmasq or unbound whose configuration was seen."""
    first = choice.asks[0]
    conf = facts.resolv_conf.seen_or(None)
    if first.address == _DOCKER and conf and conf.forwards_to:
        servers = [a.removeprefix("host(").removesuffix(")") for a in conf.forwards_to]
        why = "Docker's forwarder sends the name to the servers in the comment ExtServers"
        return msgspec.structs.replace(choice, asks=_servers(tuple(servers)), stub=first, stub_is="docker", why=why)
    if not is_loopback(first.address) or first.address == _DOCKER or first.address in RESOLVED_STUBS:
        return choice
    for forwarder in facts.forwarders:
        matching = [e for e in forwarder.entries if covers(e.domain, name)]
        if not matching:
            continue
        longest = max(label_count(e.domain) for e in matching)
        best = [e for e in matching if label_count(e.domain) == longest]
        asks = tuple(dict.fromkeys(server for e in best for server in e.servers if server != first))
        why = f"{forwarder.program} on this host forwards {best[0].domain or 'all names'} ({best[0].source})"
        if not asks:
            why = f"{forwarder.program} on this host never forwards {best[0].domain} ({best[0].source})"
        return msgspec.structs.replace(
            choice, asks=asks, stub=first, stub_is=forwarder.program, why=why, matched=best[0].domain
        )
    return choice


def _servers(addresses: tuple[str, ...]) -> tuple[Server, ...]:
    return tuple(Server(address) for address in addresses)


def _entries(facts: HostFacts) -> tuple[Entry, ...]:
    found: list[Entry] = []
    resolved = facts.resolved.seen_or(None)
    if resolved:
        found += choose_resolved.entries(resolved)
    conf = facts.resolv_conf.seen_or(None)
    if conf and conf.listed:
        found.append(Entry("resolv.conf", conf.path, "", _servers(conf.effective)))
        beyond = conf.listed[len(conf.effective) :]
        if beyond:
            why = "only the first three servers are asked"
            found.append(Entry("resolv.conf", conf.path, "", _servers(beyond), usable=False, why_not=why))
    for forwarder in facts.forwarders:
        found += (Entry("forwarder", rule.source, rule.domain, rule.servers) for rule in forwarder.entries)
    return tuple(found)


def _bypass(conf: Fact[ResolvConf]) -> tuple[Server, ...] | None:
    """dig and others read resolv.conf with parsers of their own; not defined where the file is malformed."""
    seen = conf.seen_or(None)
    if seen is None or not seen.listed or any("nameserver" in line.text.lower() for line in seen.ignored):
        return None
    return _servers(seen.effective)
