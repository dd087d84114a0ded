"""A cache on this host still answers with what was true before."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.seen import Gap, Unreachable, UnseenFactError
from sddoctor.causes.host.evidence import host_evidence
from sddoctor.causes.host.split_dns_fixes import FLUSH_MACOS
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.formats.host.resolve_dnsname import UNKNOWN_FAILURE
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import command
from sddoctor.text.words import age, in_order, listed
from sddoctor.trail.answers import denier
from sddoctor.trail.host_answers import agrees_with_vpc_resolver
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.thresholds import REGISTRATION_GRACE
from sddoctor.trail.trail import Trail
from sddoctor.trail.ttls import negative_ttl

_LOOKS_THE_SAME = (
    " If a flush changes nothing, it was not the cache: encrypted DNS (a profile, a DNS proxy, a resolver that the network "
    "designates) looks the same."
)
#: How to empty a cache of the system.
_FLUSH = {
    "macos": FLUSH_MACOS,
    "windows": "Clear-DnsClientCache",
    "systemd-resolved": "sudo resolvectl flush-caches",
    "nscd": "sudo nscd --invalidate hosts",
}


@cause(
    "os-cache-stale",
    hop="host",
    at=("stub", "program"),
    symptoms=(*DENIED, "foreign"),
    kind="transient",
    severity="warning",
    title="This host remembers an answer from before",
)
def os_cache_stale(trail: Trail) -> Finding | None:
    """What the cache of this host gives was true before: an address of a task that stopped, or the zone's own denial.

    The server behind it is right. A failure is never remembered like that, and a host without a cache remembers nothing.
    """
    if trail.queries_srv or not trail.host.servers:
        return None
    returned = trail.client_answer.addresses
    old = returned - trail.answers.vpc_addresses - trail.promise.possible
    by_forwarder = _forwarder_gives(trail, old)
    cache = _cache(trail, by_forwarder=by_forwarder)
    if cache is None:
        return None
    server = trail.host.servers[0]
    answer = trail.answer_of(server, "A")
    if (returned and not old) or not answer.addresses or not agrees_with_vpc_resolver(trail, answer):
        return None
    before = _stopped_lately(trail, old) if returned else _denied_before(trail, cache, by_forwarder=by_forwarder)
    if not before:
        return None
    nscd = trail.host.facts.nscd
    if cache == "nscd" and isinstance(nscd, Unreachable):
        raise UnseenFactError(Gap(nscd.what, nscd.why, _look_again(trail, cache)))
    how = "still" if by_forwarder else "probably still"
    return Finding(
        summary=f"{server} answers {trail.name} rightly now, and {cache} on this host {how} remembers an answer from before ({listed(in_order(old)) or 'not found'}).",
        detail=(
            "It passes with the TTL, or at once with a flush. It is usual after a VPN came up or a task was replaced."
            + (_LOOKS_THE_SAME if trail.host.platform == "macos" else "")
        ),
        evidence=(Evidence(f"dns @{server} A", trail.name, in_order(answer.addresses)), host_evidence(trail), *before),
        fixes=(
            Fix(
                "Flush the cache",
                trail.host.platform,
                _flush(trail, cache),
                f"Empties {cache}.",
                "A fresh look-up is right.",
            ),
        ),
        would_tell=None if by_forwarder else _look_again(trail, cache),
        addresses=in_order(old),
    )


def _forwarder_gives(trail: Trail, old: frozenset[str]) -> bool:
    """Tell whether the forwarder on this host was seen to give the old addresses, or, where programs get none, a denial."""
    stub = trail.host.choice.stub
    said = [p.outcome.seen_or(None) for p in trail.answers.probes_for(stub)] if stub is not None else []
    return any(a is not None and (old & frozenset(a.addresses) if old else a.denied) for a in said)


def _cache(trail: Trail, *, by_forwarder: bool) -> str | None:
    """Return the cache that answers programs on this host, as far as is seen; musl and plain glibc have none."""
    if trail.host.platform == "macos":
        return "the cache"
    if trail.host.platform == "windows":
        return "the DNS client service"
    choice, fact = trail.host.choice, trail.host.facts.nscd
    nscd = fact.seen_or(None)
    may_be_nscd = isinstance(fact, Unreachable) or (nscd is not None and nscd.remembers_hosts)
    if may_be_nscd and not by_forwarder:
        return "nscd"
    if choice.stub is None or (trail.answers.was_queried(choice.stub) and not by_forwarder):
        return None
    return choice.stub_is or "the forwarder"


def _stopped_lately(trail: Trail, old: frozenset[str]) -> tuple[Evidence, ...]:
    """Return when the tasks stopped that had the addresses, if every one had: within the TTL of their records."""
    ttl = max((r.ttl for r in trail.cloudmap.service.records if r.type in ("A", "AAAA")), default=0)
    ages = {a: (t, trail.ecs.age(t.stopped_at) or 0) for t in trail.ecs.stopped if t.stopped_at for a in t.addresses}
    if not all(a in ages and ages[a][1] < ttl + REGISTRATION_GRACE for a in old):
        return ()
    return tuple(
        Evidence("ecs:DescribeTasks tasks[].stoppedAt", f"{task.id} ({a})", f"{age(seconds)} ago", f"TTL {ttl} s")
        for a, (task, seconds) in sorted(ages.items())
        if a in old
    )


def _denied_before(trail: Trail, cache: str, *, by_forwarder: bool) -> tuple[Evidence, ...]:
    """Return what shows that the denial is the zone's own from before, in the answer of this host's forwarder.

    Its TTL has run down since, or a query for signatures, which goes past what is remembered, is answered rightly. Raises
    where the cache cannot be queried, for nobody saw what it holds.
    """
    stub = trail.host.choice.stub
    if trail.client_answer.error not in ("not found", "NXDOMAIN", "empty answer", UNKNOWN_FAILURE):
        return ()
    if stub is None or not by_forwarder:
        raise UnseenFactError(Gap("what the cache of this host holds", "it cannot be read", _look_again(trail, cache)))
    answer = trail.answers.answer(stub, "A")
    if not answer.denied:
        return ()
    if _answers_signed(trail, stub):
        return (Evidence(f"dns @{stub} A with DO", trail.name, "the addresses", answer.rcode),)
    full = negative_ttl(trail)
    if answer.soa is None or denier(answer, domain_to_route(trail)) != "zone" or full is None or answer.soa.ttl >= full:
        return ()
    seen = f"{answer.rcode}, SOA of the zone, TTL {answer.soa.ttl} s"
    return (Evidence(f"dns @{stub} A", trail.name, seen, f"TTL {full} s in a fresh denial"),)


def _answers_signed(trail: Trail, stub: Server) -> bool:
    answers = [p.outcome.seen_or(None) for p in trail.answers.probes_for(stub, rdtype="A") if p.signed]
    return any(a is not None and agrees_with_vpc_resolver(trail, a) for a in answers)


def _look_again(trail: Trail, cache: str) -> str:
    """Return the commands that show whether a flush changes what programs get."""
    looks = {
        "macos": command("dscacheutil", "-q", "host", "-a", "name", trail.name),
        "windows": f"Resolve-DnsName {trail.name}",
    }
    look = looks.get(trail.host.platform, command("getent", "ahosts", trail.name))
    return "; ".join((*_flush(trail, cache), look))


def _flush(trail: Trail, cache: str) -> tuple[str, ...]:
    program = "nscd" if cache == "nscd" else trail.host.choice.stub_is
    if program in ("dnsmasq", "unbound"):
        restart = f"sudo systemctl restart {program}"
        # Both empty their cache on SIGHUP. dnsmasq(8), unbound(8)
        return (restart if "systemctl" in trail.host.facts.programs else f'sudo kill -HUP "$(pidof {program})"',)
    known = _FLUSH.get(program or trail.host.platform)
    return (known,) if known else ()
