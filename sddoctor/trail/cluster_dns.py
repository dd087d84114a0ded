"""The DNS of a Kubernetes cluster, as a pod or a node asks it.

https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
"""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.seen import UnseenFactError
from sddoctor.trail.host import API_SERVER
from sddoctor.trail.host_answers import is_amazons
from sddoctor.trail.trail import Trail, optional


def cluster_dns(trail: Trail) -> Server | None:
    """Return the cluster's DNS if this host asks it for the name, ``None`` where nothing shows that.

    The kubelet writes search domains of the cluster only beside its DNS; a node's cache has an interface of its own. A
    server that denies the cluster's own name is another one.
    """
    facts = optional(lambda: trail.host.facts)
    if facts is None or facts.platform != "linux":
        return None
    around, servers = trail.host.surroundings, optional(lambda: trail.host.servers) or ()
    if not servers or is_amazons(servers[0]):
        return None
    asked = (trail.host.choice.stub or servers[0]).address
    cached = asked.startswith("169.254.") and around.has("kubernetes", "kubernetes-node")
    if not (around.has("cluster-dns") or cached) or answers_of_cluster(trail, servers[0]) is False:
        return None
    return servers[0]


def answers_of_cluster(trail: Trail, server: Server) -> bool | None:
    """Tell whether the server answers the cluster's own name; ``None`` where it was not asked, or did not answer."""
    for probe in trail.answers.probes:
        if probe.server == server and probe.name.startswith(API_SERVER) and probe.type == "A":
            answer = probe.outcome.seen_or(None)
            return None if answer is None else bool(answer.addresses)
    return None


def failure_of_zone(trail: Trail, server: Server) -> str | None:
    """Return the server's failure for the name (``SERVFAIL``), where it was seen; a denial is none."""
    try:
        answer = trail.answer_of(server, trail.rdtype)
    except UnseenFactError:
        return None
    return None if answer.rcode in ("NOERROR", "NXDOMAIN") else answer.rcode
