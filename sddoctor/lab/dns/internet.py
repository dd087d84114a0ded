"""Public DNS: the root returns NXDOMAIN for private names, public zones of the world answer."""

from __future__ import annotations

import hashlib
import random

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.aws_names import answer_of_aws
from sddoctor.lab.dns.result import REFUSED, SERVFAIL, Result, addresses, covers
from sddoctor.lab.dns.zone import answer_from_zone
from sddoctor.lab.objects import LiveNamespace
from sddoctor.lab.records import PUBLIC_NAME_SERVERS, SOA_NUMBERS
from sddoctor.lab.state import LabState
from sddoctor.lab.zones import LiveZone

ROOT_SOA = Rr(".", "SOA", 86400, "a.root-servers.net. nstld.verisign-grs.com. 2026112400 1800 900 604800 86400")
#: Top-level domains that exist for the lab. ``internal``, ``local``, ``lan``, ``corp``, ``test`` do not exist.
TLDS = frozenset(
    [
        "com",
        "net",
        "org",
        "io",
        "dev",
        "app",
        "co",
        "cloud",
        "one",
        "ai",
        "jp",
        "de",
        "uk",
        "fr",
        "nl",
        "eu",
        "us",
        "biz",
        "info",
        "tech",
        "aws",
    ]
)
#: Addresses of the public zones' name servers, in a documentation range (RFC 5737).
NAME_SERVERS = {name: f"192.0.2.{53 + i}" for i, name in enumerate(PUBLIC_NAME_SERVERS)}
WELL_KNOWN = {"one.one.one.one": ("1.1.1.1", "1.0.0.1", "2606:4700:4700::1111")}


def answer_from_internet(state: LabState, name: str, rdtype: str, rng: random.Random) -> Result:
    """Answer as a public resolver does.

    A domain of two labels, and its ``www``, has an address; below it there is nothing but the public zones of the
    world that are delegated.
    """
    zone = public_zone(state, name)
    if zone is not None:
        return SERVFAIL if zone.lame else answer_from_zone(state, zone, name, rdtype, rng)
    if name in NAME_SERVERS:
        return addresses(name, rdtype, (NAME_SERVERS[name],), 300)
    other = next((n for n in state.namespaces.values() if n.delegated_to and covers(n.name, name)), None)
    if other is not None:
        return _other_zone(other, name, rdtype)
    if name in state.world.internet:
        return _named(name, rdtype, state.world.internet[name])
    known = answer_of_aws(state, name, rdtype, rng)
    if known is not None:
        return known
    if name in WELL_KNOWN:
        return addresses(name, rdtype, WELL_KNOWN[name], 300)
    if name.endswith(".in-addr.arpa"):
        return _reverse(name)
    labels = name.split(".")
    if labels[-1] not in TLDS:
        return Result("NXDOMAIN", authority=(ROOT_SOA,))
    if len(labels) == 1:
        return Result(authority=(_tld_soa(labels[-1]),))
    domain = ".".join(labels[-2:])
    undelegated = {n.name for n in state.namespaces.values() if n.type == "DNS_PUBLIC" and not n.delegated}
    undelegated |= {z.name for z in state.zones.values() if not z.private and not z.delegated}
    if domain in undelegated:
        return Result("NXDOMAIN", authority=(_tld_soa(labels[-1]),))
    soa = Rr(domain, "SOA", 300, f"ns1.{domain}. hostmaster.{domain}. 2026112401 7200 900 1209600 300")
    if name == domain and rdtype == "SOA":
        return Result(answers=(soa,))
    if name in (domain, f"www.{domain}"):
        found = addresses(name, rdtype, (_public_address(domain),), 300)
        return found if found.answers else Result(authority=(soa,))
    return Result("NXDOMAIN", authority=(soa,))


def _named(name: str, rdtype: str, values: tuple[str, ...]) -> Result:
    """Answer with the addresses of a public name, or with the one name that it is another one for."""
    if values[0].rsplit(".", 1)[-1].isdigit() or ":" in values[0]:
        return addresses(name, rdtype, values, 30)
    return Result(answers=(Rr(name, "CNAME", 30, values[0]),))


def _other_zone(namespace: LiveNamespace, name: str, rdtype: str) -> Result:
    """Answer from the zone that the parent delegates to instead of the namespace's: it has NS and SOA only."""
    servers = namespace.delegated_to
    if name == namespace.name and rdtype == "NS":
        return Result(answers=tuple(Rr(name, "NS", 172800, f"{s}.") for s in servers))
    soa = Rr(namespace.name, "SOA", 900, f"{servers[0]}. awsdns-hostmaster.amazon.com. {SOA_NUMBERS}")
    return Result("NOERROR" if name == namespace.name else "NXDOMAIN", authority=(soa,))


def public_zone(state: LabState, name: str) -> LiveZone | None:
    """Return the public zone of the world that answers for a name, of those that are delegated."""
    found = [z for z in state.zones.values() if not z.private and covers(z.name, name) and _is_delegated(state, z)]
    return max(found, key=lambda z: len(z.name), default=None)


def _is_delegated(state: LabState, zone: LiveZone) -> bool:
    namespace = state.namespaces.get(zone.namespace_id or "")
    delegated = zone.delegated if namespace is None else namespace.delegated and not namespace.delegated_to
    if delegated:
        return True
    return any(
        (r.name, r.type) == (zone.name, "NS") and not z.private
        for z in state.zones.values()
        if z is not zone
        for r in z.records
    )


def _tld_soa(tld: str) -> Rr:
    return Rr(tld, "SOA", 900, f"a.nic.{tld}. hostmaster.nic.{tld}. 2026112401 1800 900 604800 86400")


def _reverse(name: str) -> Result:
    """Return NXDOMAIN for a reverse name; for private ranges AS112 does (RFC 7534)."""
    octets = name.removesuffix(".in-addr.arpa").split(".")[::-1]
    private = {"10": "10", "192": "168.192", "172": f"{octets[1] if len(octets) > 1 else '16'}.172"}.get(octets[0])
    owner = f"{private}.in-addr.arpa" if private else "in-addr.arpa"
    data = "prisoner.iana.org. hostmaster.root-servers.org. 1 604800 60 604800 604800"
    return Result("NXDOMAIN", authority=(Rr(owner, "SOA", 900, data),))


def _public_address(domain: str) -> str:
    """Return an address of a documentation range (RFC 5737), always the same for a domain."""
    return f"198.51.100.{hashlib.sha256(domain.encode()).digest()[0] % 250 + 2}"


def answer_with_authority(state: LabState, name: str, rdtype: str, rng: random.Random) -> Result:
    """Answer as the name servers that are authoritative for the public zones, delegated or not; REFUSED otherwise."""
    found = [z for z in state.zones.values() if not z.private and covers(z.name, name)]
    zone = max(found, key=lambda z: len(z.name), default=None)
    return answer_from_zone(state, zone, name, rdtype, rng) if zone is not None else REFUSED
