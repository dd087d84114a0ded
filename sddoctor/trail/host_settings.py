"""What a host's settings and addresses show of where its queries go."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.vpc import ClientVpn
from sddoctor.trail.host_answers import server_answer
from sddoctor.trail.trail import Trail, optional


def search_domains(trail: Trail) -> tuple[str, ...]:
    """Return the search domains of the client: this host's, or those that DHCP assigns in the client's VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html
    """
    if trail.client_is_in_vpc:
        dhcp = optional(lambda: trail.vpc.dns.dhcp.value)
        return tuple((dhcp.domain_name or "").lower().split()) if dhcp else ()
    facts = optional(lambda: trail.host.facts)
    return facts.search_domains if facts is not None else ()


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
