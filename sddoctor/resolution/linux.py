"""Which servers an ordinary program on Linux asks for a name: the sources of nsswitch.conf, one after the other.

glibc walks them (https://man7.org/linux/man-pages/man5/nsswitch.conf.5.html); musl reads the hosts file and then asks
the servers of resolv.conf (https://wiki.musl-libc.org/functional-differences-from-glibc.html).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, NssSource, ResolvConf
from sddoctor.case.name import fold_name, label_count
from sddoctor.case.seen import Absent, Fact, Seen, Unseen
from sddoctor.formats.host import nsswitch
from sddoctor.formats.host.names import covers, is_multicast
from sddoctor.resolution import resolved
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

    ``status`` is what nsswitch.conf calls its outcome. A source that asks servers counts as denying the name, because the
    question is which servers can be asked at all. ``leads_to`` is the choice it stands for, or why that was not seen;
    ``multicast`` is true when it keeps the name to multicast DNS.
    """

    status: str
    leads_to: Choice | Unseen | None = None
    multicast: bool = False


def _walk(name: str, facts: HostFacts) -> Choice | Unseen:
    """Go through the sources until one has the last word."""
    sources = _sources(facts)
    if not isinstance(sources, tuple):
        return sources
    asked: Choice | None = None
    multicast = False
    for source in sources:
        step = _step(name, source.name, facts)
        if step.leads_to is not None and not isinstance(step.leads_to, Choice):
            return asked or step.leads_to
        multicast = multicast or step.multicast
        if step.leads_to is not None and step.status == "NOTFOUND":
            asked = _then(asked, step.leads_to)
        if nsswitch.action_for(source, step.status) == "return":
            return asked or step.leads_to or _stopped(name, source.name, multicast=multicast)
    return asked or _stopped(name, "", multicast=multicast)


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
    # The module takes a file that cannot be opened for none.
    takes = _takes_multicast(name, module, facts.mdns_allow.seen_or(None))
    return _Step("NOTFOUND" if takes else "UNAVAIL", multicast=takes)


def _dns(name: str, _: str, facts: HostFacts) -> _Step:
    return _led(by_resolv_conf(name, facts))


def _resolve(name: str, _: str, facts: HostFacts) -> _Step:
    return _led(by_resolved_module(name, facts))


def _led(found: Choice | Unseen | None) -> _Step:
    if found is None:
        return _Step("UNAVAIL")
    answers = isinstance(found, Choice) and found.kind == "hosts-file"
    return _Step("SUCCESS" if answers else "NOTFOUND", found)


def _other(name: str, source: str, facts: HostFacts) -> _Step:  # noqa: ARG001 - one of the steps
    """Other modules (myhostname, mymachines, sss) do not know the name; a comment is no module at all."""
    return _Step("UNAVAIL" if source == "#" else "NOTFOUND")


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
    return is_multicast(name) and label_count(fold_name(name)) == 2


def _then(first: Choice | None, second: Choice) -> Choice:
    """Both are asked, one after the other, as long as both deny the name."""
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
        found += (Entry("forwarder", rule.source, rule.domain, rule.servers) for rule in forwarder.entries)
    return tuple(found)


def _bypass(conf: Fact[ResolvConf]) -> tuple[Server, ...] | None:
    """dig and others read resolv.conf with parsers of their own; not defined where the file is malformed."""
    seen = conf.seen_or(None)
    if seen is None or not seen.listed or any("nameserver" in line.text.lower() for line in seen.ignored):
        return None
    return dns_servers(seen.effective)
