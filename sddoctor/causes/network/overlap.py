"""A local network uses the same addresses as the VPC."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.dns import Answer
from sddoctor.case.host import Route
from sddoctor.case.vpc import Vpc
from sddoctor.causes.host.evidence import answer_in_words
from sddoctor.causes.host.vpn_fixes import push_route
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command
from sddoctor.text.words import in_order, listed
from sddoctor.trail.known_zone import knows_zone
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import acceptable_addresses

DAEMON_JSON = (
    '{\n  "bip": "192.168.200.1/24",\n  "default-address-pools": [{"base": "192.168.201.0/24", "size": 26}]\n}\n'
)


@cause(
    "cidr-overlap",
    hop="network",
    at=("vpc-answer", "path", "servers"),
    symptoms=(*FAILED, "foreign"),
    title="A local network uses the same addresses as the VPC",
)
def cidr_overlap(trail: Trail) -> Finding | None:
    """A route that is not the tunnel's contains the resolver, or an address of the answer, and what answers is not it.

    A more specific or connected route wins over the tunnel's. ip-route(8), route(8)
    """
    if trail.vpc.host_is_inside:
        return None
    return _resolver_taken(trail) or _answer_taken(trail)


def _resolver_taken(trail: Trail) -> Finding | None:
    queried = optional(lambda: trail.host.servers) or ()
    for server in dict.fromkeys((*(r.server for r in trail.answers.resolvers), *queried)):
        vpc = trail.vpc.holding(server.address)
        if vpc is None:
            continue
        route = trail.host.route(server.address)
        if route.kind not in ("connected", "gateway"):
            continue
        answer = optional(lambda s=server: trail.answers.answer(s, "A"))  # type: ignore[misc]
        if answer is not None and (_is_right(trail, answer) or (not answer.carried and knows_zone(trail, server))):
            return None
        if not trail.answers.was_queried(server) and trail.client_answer.addresses:
            continue
        reply = _reply(answer) if answer is not None else answer_in_words(trail, server)
        evidence = (
            _route_evidence(server.address, route),
            Evidence("ec2:DescribeVpcs", vpc.id, vpc.cidr),
            Evidence(f"dns @{server} A", trail.name, reply, "an answer of the VPC resolver"),
        )
        return _finding(trail, f"the VPC resolver {server}", vpc, route, evidence, answered=answer is not None)
    return None


def _is_right(trail: Trail, answer: Answer) -> bool:
    """Tell whether the answer may be the VPC resolver's: a local device may well answer with addresses of its own."""
    acceptable = optional(lambda: acceptable_addresses(trail)) or frozenset()
    return bool(acceptable.intersection(answer.carried)) or bool(answer.carried and not acceptable)


def _reply(answer: Answer) -> str:
    return listed(answer.carried) or f"{answer.rcode}, not by the zone"


def _answer_taken(trail: Trail) -> Finding | None:
    """The name resolves, and packets to its address stay on the local network."""
    for address in in_order(trail.client_answer.addresses):
        vpc = trail.vpc.holding(address)
        route = optional(lambda a=address: trail.host.route(a))  # type: ignore[misc]
        if vpc is None or route is None or route.kind != "connected":
            continue
        evidence = (_route_evidence(address, route), Evidence("ec2:DescribeVpcs", vpc.id, vpc.cidr))
        return structs.replace(_finding(trail, address, vpc, route, evidence), kind="risk")
    return None


def _who_is_there(vpc: Vpc) -> str:
    """Return the command that shows by which way, and to which hardware address, packets for the resolver leave."""
    return f"{command('traceroute', '-n', '-m', '3', vpc.resolver)}; {command('arp', '-n', vpc.resolver)}"


def _route_evidence(address: str, route: Route) -> Evidence:
    observed = f"{route.network or 'a local network'} on {route.interface or 'an interface of this host'}"
    return Evidence(f"route to {address}", "this host", observed, "a tunnel into the VPC")


def _finding(
    trail: Trail,
    what: str,
    vpc: Vpc,
    route: Route,
    evidence: tuple[Evidence, ...],
    *,
    answered: bool = False,
) -> Finding:
    network = f"{route.network} on {route.interface}" if route.network else f"a network on {route.interface}"
    fixes = [
        structs.replace(
            push_route(trail, vpc.resolver, f"{vpc.resolver}/32"),
            verified_by=f"The route to {vpc.resolver} names the tunnel's interface, not {route.interface or 'the local network'}.",
        ),
    ]
    if route.interface and route.interface.startswith(("docker", "br-")):
        fixes.insert(
            0,
            Fix(
                "Move Docker's networks out of the way, then restart Docker",
                "linux",
                changes="Replaces /etc/docker/daemon.json: merge by hand if it exists.",
                file="/etc/docker/daemon.json",
                content=DAEMON_JSON,
            ),
        )
    else:
        fixes.append(Fix("Or change the range of the local network", "vpn"))
    return Finding(
        summary=f"A local network ({network}) takes packets for {what}, so they never reach {vpc.id} ({vpc.cidr}).",
        detail=(
            "The home or office network, or a container bridge, uses the same addresses as the VPC, and its route wins over "
            "the tunnel's. A device there that has the resolver's address may be silent, or deny the name like any server "
            "that does not know the zone. The name may even resolve, and the connection still goes to the wrong machine."
        ),
        evidence=evidence,
        fixes=tuple(fixes),
        would_tell=None if route.kind == "connected" and not answered else _who_is_there(vpc),
    )
