"""Whether a server has the namespace's own zone, or passes it on."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.name import is_below
from sddoctor.text.shell import command, powershell
from sddoctor.trail.answers import Denier, denier
from sddoctor.trail.denials import is_a_copy
from sddoctor.trail.host_answers import server_answer
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


def knows_zone(trail: Trail, server: Server) -> bool | None:
    """Tell whether the server has the namespace's own zone, or passes it on; ``None`` where nothing that it said shows that.

    What it says of the zone itself counts before whose denial of the name it passes on: a filter may deny a single name.
    """
    zone = domain_to_route(trail)
    if is_a_copy(trail, server, zone):
        return False
    answer = optional(lambda: trail.answer_of(server, trail.rdtype))
    by = denier(answer, zone) if answer is not None and answer.denied else "nobody"
    addresses = frozenset(answer.carried) if answer is not None else frozenset[str]()
    if by == "zone" or addresses & (optional(lambda: trail.answers.vpc_addresses) or frozenset()):
        return True
    if addresses & _invented(trail, server, zone):
        return False
    explicit = _by_other_names(trail, server, zone)
    return {"zone": True, "public": False}.get(by if explicit == "nobody" else explicit)


def host_knows_zone(trail: Trail) -> bool:
    """Tell whether a server that the host queries is seen to have the zone: then it is no matter of which one is asked."""
    return any(knows_zone(trail, s) for s in trail.host.servers)


def first_word(trail: Trail) -> Server | None:
    """Return the server whose word programs get: the first that neither fails nor is silent. One not queried may be it.

    ``None`` where all of them fail: then nothing shows that they do not know the zone.
    """
    for server in trail.host.servers:
        if not trail.answers.was_queried(server):
            return server
        answer = server_answer(trail, server)
        if answer is not None and (answer.denied or answer.addresses):
            return server
    return None


def tells_unasked(trail: Trail) -> str | None:
    """Return the query that shows whether the host's server knows the zone, where its word counts and it was not queried."""
    decisive = first_word(trail)
    if decisive is None or trail.answers.was_queried(decisive):
        return None
    return would_tell(trail, decisive, domain_to_route(trail))


def would_tell(trail: Trail, server: Server, zone: str) -> str:
    """Return the query that shows whether the server knows the zone, in PowerShell where the host runs Windows."""
    if trail.host.platform == "windows" and server.port == 53:
        return powershell("Resolve-DnsName", "-Name", zone, "-Type", "SOA", "-Server", server.address, "-DnsOnly")
    return command("dig", f"@{server.address}", "-p", str(server.port), zone, "SOA")


def _invented(trail: Trail, server: Server, zone: str) -> frozenset[str]:
    """Return the addresses that the server gives for names of the internet that nobody has."""
    random = [p for p in trail.answers.probes if p.server == server and p.name.startswith("sddoctor-")]
    outside = [p.outcome.seen_or(None) for p in random if not is_below(p.name, zone)]
    return frozenset(a for answer in outside if answer is not None for a in answer.addresses)


def _by_other_names(trail: Trail, server: Server, zone: str) -> Denier:
    """Return whose the zone is at the server, by queries for its SOA, and for names below it that nobody has."""
    for probe in trail.answers.probes:
        if probe.server != server or probe.name == trail.name or not probe.plain or not is_below(probe.name, zone):
            continue
        said = probe.outcome.seen_or(None)
        soa = next((r for r in (*said.answers, *said.authority) if r.type == "SOA"), None) if said is not None else None
        if said is None or soa is None:
            continue
        if soa.owner == zone:
            return "zone"
        if said.denied and is_below(zone, soa.owner.removesuffix(".")):
            return "public"
    return "nobody"
