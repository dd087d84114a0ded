"""Which servers resolv.conf leads to: its own, those of systemd-resolved, or those of a forwarder on the host."""

from __future__ import annotations

import msgspec

from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, Resolved
from sddoctor.case.seen import Absent, NotAttempted, Seen, Unreachable, Unseen
from sddoctor.case.surroundings import OF_ENGINES
from sddoctor.formats.host import resolvectl
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.formats.host.resolv_conf import NO_SERVER
from sddoctor.resolution import resolved as resolved_routing
from sddoctor.resolution.forwarder import behind
from sddoctor.resolution.hosts import by_hosts_file
from sddoctor.resolution.model import Choice, dns_servers

#: systemd-resolved's stub listeners.
RESOLVED_STUBS = ("127.0.0.53", "127.0.0.54")
_DOCKER = "127.0.0.11"
_RESOLV_CONF = "/etc/resolv.conf"


def by_resolved_module(name: str, facts: HostFacts) -> Choice | Unseen | None:
    """Return the choice of nss-resolve, which queries systemd-resolved without DNS; ``None`` when that does not run."""
    if isinstance(facts.resolved, Seen):
        conf = facts.resolv_conf.seen_or(None)
        stub = next((Server(a) for a in (conf.effective if conf else ()) if a in RESOLVED_STUBS), None)
        return _by_resolved(name, facts, facts.resolved, stub)
    if isinstance(facts.resolved, Unreachable) and facts.resolved.kind == "malformed":
        return facts.resolved  # it runs, and what it says of itself is not understood
    if not isinstance(facts.resolved, Absent) and _uses_stub(facts) and not _is_of_the_host(facts):
        return facts.resolved
    return None


def _is_of_the_host(facts: HostFacts) -> bool:
    """Tell whether the stub can only be the host's: an engine's container has its network, and runs no systemd of its own."""
    return isinstance(facts.resolved, NotAttempted) and any(m.of in OF_ENGINES for m in facts.marks)


def _uses_stub(facts: HostFacts) -> bool:
    conf = facts.resolv_conf.seen_or(None)
    return conf is not None and (
        any(address in RESOLVED_STUBS for address in conf.effective)
        or (conf.generator or "").startswith("systemd-resolved")
    )


def _by_resolved(name: str, facts: HostFacts, status: Seen[Resolved], stub: Server | None) -> Choice | Unseen:
    # resolved reads the hosts file itself (ReadEtcHosts, on by default).
    answered = by_hosts_file(name, facts)
    if answered is not None:
        return answered
    if (gap := resolved_routing.undecided(status)) is not None:
        return gap
    routed = resolved_routing.route(name, status.value)
    return Choice(
        routed.servers,
        routed.kind,
        resolvectl.COMMAND,
        routed.matched,
        link=routed.link,
        stub=stub,
        stub_is="systemd-resolved",
        why=routed.why,
        together=len(routed.scopes) > 1,
        scopes=routed.scopes,
        tls=routed.tls,
    )


def by_resolv_conf(name: str, facts: HostFacts) -> Choice | Unseen:
    """Return the servers of resolv.conf, or those behind a local forwarder that it names."""
    if isinstance(facts.resolv_conf, Absent):
        why = "there is no /etc/resolv.conf, so this host itself is asked"
        return _behind(name, facts, Choice(dns_servers(NO_SERVER), "resolv.conf", _RESOLV_CONF, why=why))
    if not isinstance(facts.resolv_conf, Seen):
        return facts.resolv_conf
    conf = facts.resolv_conf.value
    first = conf.effective[0]
    if first in RESOLVED_STUBS and not isinstance(facts.resolved, Absent) and not _is_of_the_host(facts):
        if not isinstance(facts.resolved, Seen):
            return facts.resolved
        choice = _by_resolved(name, facts, facts.resolved, Server(first))
        if not isinstance(choice, Choice):
            return choice
        rest = tuple(Server(a) for a in conf.effective[1:] if a not in RESOLVED_STUBS)
        return msgspec.structs.replace(choice, servers=choice.servers + rest) if rest and choice.servers else choice
    several = len(conf.effective) > 1
    together = facts.libc == "musl" and several
    rotates = "rotate" in conf.options and several and not together
    if not conf.listed:
        why = "no line of the file gives a server that libc accepts, so this host itself is asked"
    elif together:
        why = "musl asks these servers all at once, and the first answer wins"
    elif rotates:
        why = "each query begins with another of these servers (options rotate); a negative answer is final"
    elif several:
        why = "these servers are asked in order; a negative answer is final"
    else:
        why = "this is the only server"
    servers = dns_servers(conf.effective)
    choice = Choice(servers, "resolv.conf", conf.path, why=why, together=together, rotates=rotates)
    return _behind(name, facts, choice)


def _behind(name: str, facts: HostFacts, choice: Choice) -> Choice:
    """Return the servers behind a forwarder on this host: Docker's, or one whose configuration was seen."""
    first = choice.servers[0]
    conf = facts.resolv_conf.seen_or(None)
    if first.address == _DOCKER and conf and conf.forwards_to:
        servers = [a.removeprefix("host(").removesuffix(")") for a in conf.forwards_to]
        of_host = [a for a, said in zip(servers, conf.forwards_to, strict=True) if said != a and is_loopback(a)]
        if of_host:  # what listens at that address here is another server
            why = f"Docker's forwarder asks {of_host[0]} of the container's host, by the comment ExtServers"
            return msgspec.structs.replace(choice, why=why)
        why = "Docker's forwarder sends the name to the servers in the comment ExtServers"
        choice = msgspec.structs.replace(choice, rotates=False)
        return msgspec.structs.replace(choice, servers=dns_servers(servers), stub=first, stub_is="docker", why=why)
    if not is_loopback(first.address) or first.address == _DOCKER or first.address in RESOLVED_STUBS:
        return choice
    found = behind(name, facts, choice)
    return msgspec.structs.replace(found, rotates=False) if found.stub is not None else found
