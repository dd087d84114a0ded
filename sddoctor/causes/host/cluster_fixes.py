"""Sending one domain to one server from the DNS of a Kubernetes cluster: by the file that its distribution lets one change.

https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/ (CoreDNS, and stubDomains of kube-dns)
https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
https://docs.redhat.com/en/documentation/openshift_container_platform/4.21/html/networking_operators/dns-operator
https://learn.microsoft.com/azure/aks/coredns-custom https://docs.k3s.io/networking/networking-services#coredns
https://cloud.google.com/kubernetes-engine/docs/how-to/kube-dns
"""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.causes.commands import vpc_option
from sddoctor.causes.model import Fix
from sddoctor.text.shell import aws, command
from sddoctor.trail.cluster_dns import cluster_dns
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional

_BY_KUBECTL = "with kubectl, where the cluster is administered"


def of_cluster(trail: Trail, server: str) -> tuple[Fix, ...]:
    """Return how the cluster's DNS sends the domain there, then the setting of one pod, then the zone's own way in AWS.

    A pod without the cluster's search domains has servers of its own or of its node: the cluster's DNS is not asked.
    """
    if not trail.host.surroundings.has("cluster-dns") and cluster_dns(trail) is None:
        return (_of_pod(trail, server),)
    return (*_of_node_cache(trail, server), *_of_dns(trail, server), _of_pod(trail, server), *_of_aws(trail))


def shown_by(trail: Trail) -> str:
    """Return the command that shows what the cluster's DNS sends where: in the file of its distribution."""
    around, cache = trail.host.surroundings, _address_of_cache(trail)
    if around.has("openshift"):
        return command("oc", "get", "dns.operator/default", "-o", "yaml")
    named = "kube-dns" if around.has("gcp") else "node-local-dns" if cache is not None else "coredns"
    custom = ("coredns-custom",) if around.has("azure") else ()
    return command("kubectl", "-n", "kube-system", "get", "configmap", named, *custom, "-o", "yaml")


def block(zone: str, server: str, *, bind: str = "") -> str:
    """Return the block for a Corefile, as ``resolver generate --format coredns`` has it; a node's cache binds its address."""
    cache = f"    cache 30\n    bind {bind}\n" if bind else "    cache 10\n"
    return f"{zone}:53 {{\n    errors\n{cache}    forward . {server}\n}}\n"


def _of_node_cache(trail: Trail, server: str) -> Iterator[Fix]:
    asked = _address_of_cache(trail)
    if asked is None or cluster_dns(trail) is None:
        return
    zone = domain_to_route(trail)
    yield Fix(
        f"Add a block to the Corefile of NodeLocal DNSCache, which this pod asks at {asked} ({_BY_KUBECTL})",
        "container",
        (_edit("node-local-dns"),),
        f"Pods then ask {server} for {zone}, past CoreDNS; all other names keep their resolver.",
        _verify(trail),
        config=block(zone, server, bind=asked),
    )


def _of_dns(trail: Trail, server: str) -> Iterator[Fix]:
    around, zone = trail.host.surroundings, domain_to_route(trail)
    asked = cluster_dns(trail)
    start = "Add" if asked is not None else "Or, if it is the cluster whose DNS this is, add"
    changes = f"Pods then ask {server} for {zone}; all other names keep their resolver."
    if around.has("openshift"):
        name = zone.replace(".", "-")
        config = f'spec:\n  servers:\n  - name: {name}\n    zones: ["{zone}"]\n    forwardPlugin:\n      upstreams: ["{server}"]\n'
        title = f"{start} a server to OpenShift's DNS operator, which writes the Corefile (with oc, where the cluster is administered)"
        yield Fix(
            title, "container", (command("oc", "edit", "dns.operator/default"),), changes, _verify(trail), config=config
        )
        return
    managed = tuple(_of_managed(trail, server, start))
    yield from managed
    if managed:
        title = f"Or, if it is no such cluster, a block in the Corefile of its CoreDNS ({_BY_KUBECTL})"
    else:
        title = f"{start} a block to the Corefile of the cluster's CoreDNS ({_BY_KUBECTL})"
    printed = command("sddoctor", "resolver", "generate", zone, "--nameserver", server, "--format", "coredns")
    says = f"{changes} '{printed}' prints the block."
    yield Fix(title, "container", (_edit("coredns"),), says, _verify(trail), config=block(zone, server))
    if asked is not None and around.has("k3s"):
        again = "Or, if it is k3s, which writes that Corefile anew at each start: in its ConfigMap coredns-custom"
        yield Fix(f"{again} ({_BY_KUBECTL})", "container", (), changes, _verify(trail), config=_custom(zone, server))


def _of_managed(trail: Trail, server: str, start: str) -> Iterator[Fix]:
    """Yield the setting of the provider's own distribution: its machines may run another one too."""
    around, zone = trail.host.surroundings, domain_to_route(trail)
    changes = f"Pods then ask {server} for {zone}; all other names keep their resolver."
    if around.has("gcp"):
        config = f'data:\n  stubDomains: |\n    {{"{zone}": ["{server}"]}}\n'
        title = f"{start} a stub domain to kube-dns, if the cluster is GKE's ({_BY_KUBECTL}); with Cloud DNS for GKE, a forwarding zone there"
        yield Fix(title, "container", (_edit("kube-dns"),), changes, _verify(trail), config=config)
    elif around.has("azure"):
        title = f"{start} a block to the ConfigMap coredns-custom, if the cluster is AKS's, then restart CoreDNS ({_BY_KUBECTL})"
        again = command("kubectl", "-n", "kube-system", "rollout", "restart", "deployment", "coredns")
        commands = (_edit("coredns-custom"), again)
        yield Fix(title, "container", commands, changes, _verify(trail), config=_custom(zone, server))


def _of_pod(trail: Trail, server: str) -> Fix:
    return Fix(
        f"{'Or for' if cluster_dns(trail) is not None else 'For'} this pod alone, in its specification: cluster names then need their full form",
        "container",
        config=f'dnsPolicy: "None"\ndnsConfig:\n  nameservers: ["{server}"]\n',
        verified_by=_verify(trail),
    )


def _of_aws(trail: Trail) -> Iterator[Fix]:
    """Yield the association with the VPC of a cluster that is in AWS: its CoreDNS asks the resolver of that VPC."""
    zone_id = optional(lambda: trail.zone.id)
    if cluster_dns(trail) is None or not trail.host.surroundings.in_aws or not zone_id:
        return
    vpc = vpc_option(trail, "VPC-OF-THE-CLUSTER")
    yield Fix(
        "Or, if the cluster's nodes ask the resolver of their own VPC, associate the zone with that VPC, in its region",
        "aws",
        config=aws("route53", "associate-vpc-with-hosted-zone", hosted_zone_id=zone_id, vpc=vpc),
        changes="Every host in that VPC can then resolve the zone.",
        verified_by=_verify(trail),
    )


def _address_of_cache(trail: Trail) -> str | None:
    """Return the link-local address of NodeLocal DNSCache that is asked. With GKE it is the one of Cloud DNS."""
    found = next((s.address for s in trail.host.servers if s.address.startswith("169.254.")), None)
    return None if trail.host.surroundings.has("gcp") else found


def _custom(zone: str, server: str) -> str:
    lines = "".join(f"    {line}\n" for line in block(zone, server).splitlines())
    return f"data:\n  {zone}.server: |\n{lines}"


def _edit(config_map: str) -> str:
    return command("kubectl", "-n", "kube-system", "edit", "configmap", config_map)


def _verify(trail: Trail) -> str:
    return f"In a new pod {command('getent', 'ahosts', trail.name)} prints the addresses."
