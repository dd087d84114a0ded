"""What a host's settings and addresses show of where its queries go."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.vpc import ClientVpn
from sddoctor.trail.host_answers import server_answer
from sddoctor.trail.trail import Trail, optional

#: Docker's resolver inside user-defined networks, and the one that WSL puts into its resolv.conf with DNS tunneling.
#: https://docs.docker.com/engine/network/#dns-services https://learn.microsoft.com/windows/wsl/networking
_FORWARDERS = {"127.0.0.11": "Docker's forwarder", "10.255.255.254": "WSL's forwarder"}

_GENERATORS = {
    "docker": "the list that Docker wrote",
    "docker-desktop": "the forwarder of Docker Desktop's virtual machine",
    "wsl": "the list that WSL wrote",
}


def search_domains(trail: Trail) -> tuple[str, ...]:
    """Return the search domains of the client: this host's, or those that DHCP assigns in the client's VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html
    """
    if trail.client_is_in_vpc:
        dhcp = optional(lambda: trail.vpc.dns.dhcp.value)
        return tuple((dhcp.domain_name or "").lower().split()) if dhcp else ()
    facts = optional(lambda: trail.host.facts)
    return facts.search_domains if facts is not None else ()


def own_server_list(trail: Trail) -> str | None:
    """Return what stands between this place and its host's DNS, in words; ``None`` when nothing shows it."""
    conf = trail.host.facts.resolv_conf.value
    named = next((_FORWARDERS[a] for a in conf.effective if a in _FORWARDERS), None)
    if is_podman(trail):
        return "Podman's forwarder"
    if is_pod(trail):
        return "the DNS of the cluster"
    copied = trail.host.facts.in_container and not trail.host.facts.in_aws
    return named or _GENERATORS.get(
        conf.generator or "", "the list that was copied into the container" if copied else None
    )


def is_podman(trail: Trail) -> bool:
    """Tell whether Podman wrote the list: its networks have this search domain. https://github.com/containers/netavark/pull/188"""
    return "dns.podman" in trail.host.facts.resolv_conf.value.search


def is_pod(trail: Trail) -> bool:
    """Tell whether the place is a pod: the kubelet writes this search domain. https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"""
    return any(d.startswith("svc.") and ".svc." not in d for d in trail.host.facts.resolv_conf.value.search)


def is_kept_from_dns(trail: Trail) -> bool:
    """Tell whether the settings of this host keep the name from DNS."""
    choice = trail.host.choice
    if choice.kind in ("multicast", "nss") or not choice.servers:
        return True
    if trail.host.platform == "macos":
        scutil = trail.host.facts.scutil.seen_or(())
        return not scutil or any(r.domain == "local" and "mdns" in r.options for r in scutil)
    refused = [a for s in choice.servers if (a := server_answer(trail, s)) is not None and a.rcode == "REFUSED"]
    return bool(refused)


def client_vpn_in_use(trail: Trail) -> ClientVpn | None:
    """Return the endpoint whose client range an address of this host is in, or ``None``. Raises when not seen."""
    own = [a.address for a in trail.host.facts.addresses.whole]
    return next((v for v in trail.vpc.facts.client_vpns.value if any(contains(v.client_cidr, a) for a in own)), None)
