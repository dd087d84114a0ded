"""The DNS of the Kubernetes cluster does not send the namespace to the VPC resolver."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.name import is_below
from sddoctor.causes.host.cluster_fixes import of_cluster, shown_by
from sddoctor.causes.host.evidence import choice_evidence, host_evidence
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.words import in_order
from sddoctor.trail.cluster_dns import answers_of_cluster, cluster_dns, failure_of_zone
from sddoctor.trail.host_answers import host_fails, server_answer, vpc_resolver_answers_as_zone
from sddoctor.trail.known_zone import knows_zone
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


@cause(
    "cluster-dns-forwards-elsewhere",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    ceiling="likely",
    title="The Kubernetes cluster's DNS does not forward the domain to the VPC resolver",
)
def cluster_dns_forwards_elsewhere(trail: Trail) -> Finding | None:
    """A pod or node asks the cluster's DNS, which denies the name or fails for it, and answers names of the cluster.

    https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/
    """
    server = cluster_dns(trail)
    if server is None or trail.host.hosts_entries or not host_fails_here(trail):
        return None
    if optional(lambda: vpc_resolver_answers_as_zone(trail)) is False or knows_zone(trail, server):
        return None
    answer, own = server_answer(trail, server), answers_of_cluster(trail, server)
    if trail.answers.was_queried(server) and answer is None:
        return None  # silence: whether it works at all comes first
    if failure_of_zone(trail, server) is not None and own is not True:
        return None
    zone = domain_to_route(trail)
    said = answer.rcode if answer is not None else "not asked from here"
    right = optional(lambda: trail.answers.vpc_server.address)
    return Finding(
        summary=f"The cluster's DNS ({server}) {_does(trail, server)} {zone}: it has no block that sends the domain to the VPC resolver.",
        detail=(
            "A pod asks the cluster's DNS (CoreDNS, often behind a cache on its node), which sends all but the cluster's own "
            f"domain to the servers of its node, or to public ones. What the node itself can resolve helps no pod.{_own(zone)}"
        ),
        evidence=(
            choice_evidence(trail)
            if right is not None
            else Evidence(trail.host.choice.source, "servers asked", str(server)),
            *(Evidence(m.source, "what this place is", m.observed) for m in trail.host.surroundings.marks[:3]),
            Evidence(f"dns @{server} A", trail.name, said, "addresses"),
            *((Evidence(f"dns @{server} A", "kubernetes.default.svc", "addresses"),) if own else ()),
            *_of_vpc(trail),
            host_evidence(trail)
            if optional(lambda: trail.answers.vpc_addresses) is not None
            else Evidence(trail.client_answer.source, trail.name, trail.client_answer.error or "nothing"),
        ),
        fixes=of_cluster(trail, right or "VPC-RESOLVER"),
        would_tell=shown_by(trail),
    )


def host_fails_here(trail: Trail) -> bool:
    """Tell whether a program here gets no right address, also where the VPC resolver does not answer this place."""
    if not trail.client_answer.addresses:
        return True
    return bool(optional(lambda: host_fails(trail)))


def _does(trail: Trail, server: Server) -> str:
    answer = server_answer(trail, server)
    if answer is None:
        return "probably does not forward"
    return "denies" if answer.denied else "fails for" if not answer.addresses else "gives other addresses for"


def _of_vpc(trail: Trail) -> tuple[Evidence, ...]:
    addresses = optional(lambda: trail.answers.vpc_addresses)
    if not addresses:
        return ()
    return (Evidence(f"dns @{trail.answers.vpc_server} A", trail.name, in_order(addresses)),)


def _own(zone: str) -> str:
    """Say that a domain below the cluster's own is never forwarded by default."""
    if not is_below(zone, "cluster.local"):
        return ""
    return (
        f" {zone} lies below the cluster's own domain, so CoreDNS itself denies its names until it has a block for it."
    )
