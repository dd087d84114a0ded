"""Which servers an ordinary program on Linux queries for a name: the sources of nsswitch.conf, one after the other.

glibc walks them (https://man7.org/linux/man-pages/man5/nsswitch.conf.5.html); musl reads the hosts file and then queries
the servers of resolv.conf (https://wiki.musl-libc.org/functional-differences-from-glibc.html).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, NssSource, ResolvConf
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unseen
from sddoctor.formats.host import nsswitch
from sddoctor.formats.host.names import covers, is_multicast, labels
from sddoctor.resolution import resolved
from sddoctor.resolution.forwarder import entries as forwarder_entries
from sddoctor.resolution.hosts import by_hosts_file
from sddoctor.resolution.model import Choice, Entry, dns_servers
from sddoctor.resolution.resolv_conf import by_resolv_conf, by_resolved_module

_MDNS = ("mdns", "mdns4", "mdns6")
_MDNS_MINIMAL = ("mdns_minimal", "mdns4_minimal", "mdns6_minimal")


def choose(name: str, facts: HostFacts) -> Fact[Choice]:
    """Return what happens to ``name`` (without a final dot), with every entry that was considered."""
    found = _walk(name, facts)
    if not isinstance(found, Choice):
        return found
    entries, bypass = _entries(facts), _bypass(facts.resolv_conf)
    return Seen(msgspec.structs.replace(found, entries=entries, bypass_servers=bypass), found.source)


@dataclass(frozen=True)
class _Step:
    """What one source does with the name.

    ``status`` is the outcome in the terms of nsswitch.conf. A source that queries servers counts as NOTFOUND, because the
    question is which servers can be reached at all. ``choice`` is what it contributes, or why that was not seen;
    ``multicast`` is true when it keeps the name to multicast DNS.
    """

    status: str
    choice: Choice | Unseen | None = None
    multicast: bool = False


def _walk(name: str, facts: HostFacts) -> Choice | Unseen:
    """Go through the sources until one of them ends the lookup."""
    sources = _sources(facts)
    if not isinstance(sources, tuple):
        return sources
    queried: Choice | None = None
    multicast = False
    for source in sources:
        step = _step(name, source.name, facts)
        if step.choice is not None and not isinstance(step.choice, Choice):
            return queried or step.choice
        multicast = multicast or step.multicast
        if step.choice is not None and step.status == "NOTFOUND":
            queried = _then(queried, step.choice)
        if nsswitch.action_for(source, step.status) == "return":
            return queried or step.choice or _stopped(name, source.name, multicast=multicast)
    return queried or _stopped(name, "", multicast=multicast)


def _sources(facts: HostFacts) -> tuple[NssSource, ...] | Unseen:
    """Return the sources of host names, those of a libc that knows no nsswitch.conf included."""
    if facts.libc == "musl" or isinstance(facts.nss, Absent):
        return nsswitch.DEFAULT
    return facts.nss.value if isinstance(facts.nss, Seen) else facts.nss


def _step(name: str, source: str, facts: HostFacts) -> _Step:
    if source in facts.nss_missing:
        return _Step("UNAVAIL")
    return _STEPS.get(source, _other)(name, source, facts)


def _files(name: str, _: str, facts: HostFacts) -> _Step:
    found = by_hosts_file(name, facts)
    return _Step("NOTFOUND") if found is None else _Step("SUCCESS", found)


def _multicast(name: str, module: str, facts: HostFacts) -> _Step:
    # The module treats a file that it cannot open as missing.
    takes = _takes_multicast(name, module, facts.mdns_allow.seen_or(None))
    return _Step("NOTFOUND" if takes else "UNAVAIL", multicast=takes)


def _dns(name: str, _: str, facts: HostFacts) -> _Step:
    return _dns_step(by_resolv_conf(name, facts))


def _resolve(name: str, _: str, facts: HostFacts) -> _Step:
    return _dns_step(by_resolved_module(name, facts))


def _dns_step(found: Choice | Unseen | None) -> _Step:
    if found is None:
        return _Step("UNAVAIL")
    answers = isinstance(found, Choice) and found.kind == "hosts-file"
    return _Step("SUCCESS" if answers else "NOTFOUND", found)


#: Modules that have names of their own: of this host, its machines, its users, its directory.
#: https://www.freedesktop.org/software/systemd/man/nss-myhostname.html
_OF_OTHER_NAMES = """altfiles cache compat db extrausers gw_name hesiod ldap libvirt libvirt_guest myhostname mymachines nis
    nisplus sss systemd usrfiles winbind wins"""


def _other(name: str, source: str, facts: HostFacts) -> _Step:  # noqa: ARG001 - one of the steps
    """Other modules do not have the name; a comment is no module at all. One that is not known may answer, or end it."""
    if source in _OF_OTHER_NAMES.split() or source.startswith("#"):
        return _Step("UNAVAIL" if source.startswith("#") else "NOTFOUND")
    why = f"what the source {source!r} of {nsswitch.PATH} does with the name is not known"
    return _Step("NOTFOUND", NotAttempted("the resolver asked", why, "the name, looked up on that host"))


_STEPS: dict[str, Callable[[str, str, HostFacts], _Step]] = {
    "files": _files,
    "dns": _dns,
    "resolve": _resolve,
    **dict.fromkeys(_MDNS + _MDNS_MINIMAL, _multicast),
}


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
    return is_multicast(name) and labels(name) == 2


def _then(first: Choice | None, second: Choice) -> Choice:
    """Return both as one choice: the servers of the second are queried where those of the first deny the name."""
    if first is None or not first.servers:
        return second
    return msgspec.structs.replace(
        first, servers=tuple(dict.fromkeys(first.servers + second.servers)), stub=first.stub or second.stub
    )


def _entries(facts: HostFacts) -> tuple[Entry, ...]:
    found: list[Entry] = []
    links = facts.resolved.seen_or(None)
    if links:
        found += resolved.entries(links)
    conf = facts.resolv_conf.seen_or(None)
    if conf and conf.listed:
        found.append(Entry("resolv.conf", conf.path, "", dns_servers(conf.effective)))
        beyond = conf.listed[len(conf.effective) :]
        if beyond:
            why = "only the first three servers are asked"
            found.append(Entry("resolv.conf", conf.path, "", dns_servers(beyond), usable=False, why_not=why))
    for forwarder in facts.forwarders:
        found += forwarder_entries(forwarder)
    return tuple(found)


def _bypass(conf: Fact[ResolvConf]) -> tuple[Server, ...] | None:
    """Return the servers of dig and others, whose own parsers differ where the file is malformed: ``None`` there."""
    seen = conf.seen_or(None)
    if seen is None or not seen.listed or any("nameserver" in line.text.lower() for line in seen.ignored):
        return None
    return dns_servers(seen.effective)
