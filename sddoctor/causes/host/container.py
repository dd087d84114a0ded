"""A container, or WSL, does not get what its host gets."""

from __future__ import annotations

from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.causes.host.place_fixes import of_place
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.words import in_order, listed
from sddoctor.trail.cluster_dns import cluster_dns
from sddoctor.trail.host_answers import can_resolve_zone, host_fails
from sddoctor.trail.host_around import host_around
from sddoctor.trail.trail import Trail, optional


@cause(
    "container-dns-forwarder",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="The container or WSL forwarder does not follow the host's DNS",
    # The host of the container was seen to resolve.
    explains=("split-dns-missing",),
)
def container_dns_forwarder(trail: Trail) -> Finding | None:
    """A container's or WSL's own list is in force here, the name fails here, and another place gets it rightly.

    https://docs.docker.com/engine/network/#dns-services
    """
    if trail.queries_srv or trail.host.platform != "linux" or cluster_dns(trail) is not None:
        return None
    server_list = trail.host.surroundings.forwarder
    if server_list is None or any(can_resolve_zone(trail, s) for s in trail.host.servers):
        return None
    if _fails_for_another_reason(trail):
        return None
    found = host_around(trail)
    if found is None:
        raise UnseenFactError(
            Gap(
                f"what the host of this {trail.host.surroundings.words or 'container'} gets",
                "it was looked at from inside only",
                "a case saved on the host, given besides (--save there, then --from)",
            )
        )
    other, is_seen = found
    place, returned = other.case.place, _right_answer(trail, other)
    if not returned:
        return None
    servers = tuple(str(s) for s in (trail.host.choice.stub, *trail.host.servers) if s is not None)
    right = optional(lambda: trail.answers.vpc_addresses)
    inside = listed(in_order(right)) if right else "not seen from inside"
    return Finding(
        summary=f"{server_list[0].upper()}{server_list[1:]} ({listed(servers)}) {'does' if is_seen else 'probably does'} not follow the host's DNS: {place.label} gets {trail.name}, and this place does not.",
        detail=_detail(trail),
        evidence=(
            Evidence(trail.host.choice.source, "servers asked from inside", servers, "a server that knows the zone"),
            Evidence(trail.client_answer.source, f"{trail.name}, inside", trail.client_answer.error or "nothing"),
            *(Evidence(m.source, "what this place is", m.observed) for m in trail.host.surroundings.marks[:3]),
            Evidence("getaddrinfo", trail.name, in_order(returned), place=place.label),
            Evidence("dns A, the VPC resolver asked from inside", trail.name, inside),
        ),
        fixes=of_place(trail, optional(lambda: trail.answers.vpc_server.address) or "VPC-RESOLVER"),
        would_tell=None if is_seen else f"whether {place.label} is the host around this place",
    )


def _detail(trail: Trail) -> str:
    text = (
        "Between a container (or WSL) and its host stands a list or a forwarder of its own, which per-domain entries of "
        "the host do not reach. No look at the host can show that."
    )
    server = optional(lambda: trail.answers.vpc_server)
    if server is not None and trail.answers.silent(server):
        text += (
            f" Asked from inside, {server} is silent too: then the way out of the container, or of its virtual machine, has "
            "to be repaired before its list."
        )
    return text


def _fails_for_another_reason(trail: Trail) -> bool:
    """Tell whether this place gets the name, or a hosts file or an overlapping bridge network decides."""
    if trail.host.hosts_entries or not host_fails(trail):
        return True
    server = optional(lambda: trail.answers.vpc_server)
    route = optional(lambda: trail.host.route(server.address)) if server is not None else None
    return route is not None and route.kind == "connected" and not trail.answers.responds(trail.answers.vpc_server)


def _right_answer(trail: Trail, other: Trail) -> frozenset[str]:
    """Return the right addresses that a program at another place gets."""
    returned = optional(lambda: other.client_answer.addresses) or frozenset()
    return returned & (trail.promise.alive | (optional(lambda: other.answers.vpc_addresses) or frozenset()))
