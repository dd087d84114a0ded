"""Pseudonyms of addresses that preserve prefixes.

Two addresses share as many leading bits afterwards as before (the construction of Crypto-PAn: every bit is flipped or
not, by a key and by the bits in front of it, https://www.cc.gatech.edu/computing/Networking/projects/cryptopan/). So
addresses in a range are mapped into the mapped range. These stay as well: the kind of an address (private, shared,
public, link-local, ...), the first addresses of a range (a VPC's resolver is its base plus two), and addresses that
mean the same everywhere (loopback, link-local, documentation, public resolvers).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sddoctor.case.dns64 import embedded

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Ranges whose addresses stay as they are. https://www.iana.org/assignments/iana-ipv4-special-registry
_SAME = tuple(
    ip_network(n)
    for n in (
        *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/3", "::/96", "100::/64", "3fff::/20", "fe80::/10", "ff00::/8", "2001:db8::/32"),
        # of protocols, such as PCP: single addresses among them are public
        *("2001:1::/32", "2001:4::/32"),
        # WSL's forwarder; EC2's resolver, clock and metadata; open public resolvers
        *("10.255.255.254/32", "fd00:ec2::/32", "8.8.8.8/32", "8.8.4.4/32", "1.1.1.1/32", "1.0.0.1/32"),
        *("9.9.9.9/32", "149.112.112.112/32", "208.67.222.222/32", "208.67.220.220/32", "2001:4860:4860::/48"),
        *("2606:4700:4700::/48", "2620:fe::/48", "100.100.100.100/32"),
        # forwarders of VPN clients: Tailscale by IPv6, Cloudflare WARP, Twingate
        *("fd7a:115c:a1e0::53/128", "fd01:db8:1111::2/127", "100.95.0.251/32", "100.95.0.252/31", "100.95.0.254/32"),
        # the proxy of Service Connect in an ECS task; that of IPv4 is among the loopback addresses
        "2600:f0f0::/96",
    )
)
#: Ranges of a kind: the bits in front of them stay (of 2001::/16, in which many kinds meet, 32). Elsewhere the first 8 do
#: in IPv4, or 16 next to these, and the first 16 in IPv6: they identify only the regional registry.
_KINDS = tuple(
    ip_network(n)
    for n in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "fd00::/8",
        "2001::/16",
        "64:ff9b:1::/48",
    )
)
_MIXED = (100, 169, 172, 192, 198, 203)
_HOME = f"{192:08b}{168:08b}"
#: IPv6 ranges whose last 32 bits are an IPv4 address: RFC 4291, section 2.5.5.2; RFC 6052, section 2.1.
_EMBEDDING = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))


class Addresses:
    """The mapping of addresses, for one key. ``networks`` are the ranges whose first addresses matter.

    ``translating`` are prefixes of DNS64, of the lengths of RFC 6052: the IPv4 address behind one becomes what it becomes alone.
    """

    def __init__(self, key: bytes, networks: Iterable[Network], translating: Iterable[IPv6Network] = ()) -> None:
        self._key = key
        self._translating = sorted(translating, key=lambda n: -n.prefixlen)
        self._bases = {(n.version, _bits(n.network_address)[: n.prefixlen]) for n in networks}
        self.address = lru_cache(maxsize=None)(self._address)

    def _address(self, address: Address) -> Address:
        for outer in _EMBEDDING:
            if isinstance(address, IPv6Address) and address in outer:
                inner = self.address(IPv4Address(int(address) & 0xFFFFFFFF))
                return IPv6Address(int(outer.network_address) | int(inner))
        for prefix in self._translating:
            if isinstance(address, IPv6Address) and address in prefix:
                return self._behind(address, prefix.prefixlen)
        return self._alone(address)

    def _behind(self, address: IPv6Address, length: int) -> Address:
        """Replace the prefix as in any address, and the IPv4 address behind it; what has more behind it was not translated."""
        alone, inner = self._alone(address), embedded(address, length)
        if int(address) & _mask(length) != _placed(inner, length):
            return alone
        return IPv6Address(int(alone) & ~_mask(length) | _placed(IPv4Address(int(self.address(inner))), length))

    def _alone(self, address: Address) -> Address:
        kept = kept_bits(address)
        bits = _bits(address)
        if kept == len(bits):
            return address
        mapped = bits[:kept]
        at_base = False
        for place in range(kept, len(bits)):
            prefix = bits[:place]
            at_base = (at_base and bits[place - 1] == "0") or (address.version, prefix) in self._bases
            mapped += bits[place] if self._stays(address.version, prefix, at_base) else "10"[int(bits[place])]
        return type(address)(int(mapped, 2))

    def network(self, network: Network) -> Network:
        """Return the mapped range."""
        return type(network)(f"{self.address(network.network_address)}/{network.prefixlen}", strict=False)

    def _stays(self, version: int, prefix: str, at_base: bool) -> bool:
        length = 32 if version == 4 else 128
        if at_base or len(prefix) >= length - 2:
            return True
        # A range that is not in the case may begin here: a.b.0.2 is a VPC resolver often, and ::53 a resolver.
        # Home networks are 192.168.0 or .1: their third number has to change.
        start = 64 if version == 6 else 24 if prefix.startswith(_HOME) else 16
        if len(prefix) >= start and not prefix[start:].strip("0"):
            return True
        return bool(hmac.digest(self._key, f"{version}:{prefix}".encode(), "sha256")[0] & 1)


def kept_bits(address: Address) -> int:
    """Return how many leading bits of an address stay; all of them for one that means the same everywhere."""
    for network in _SAME:
        if address.version == network.version and address in network:
            return address.max_prefixlen
    for network in _KINDS:
        if address.version == network.version and address in network:
            return 32 if network.prefixlen == 16 and address.version == 6 else network.prefixlen
    if address.version == 6:
        return 16
    return 16 if int(address) >> 24 in _MIXED else 8


def _mask(length: int) -> int:
    return (1 << 128 - length) - 1


def _placed(inner: IPv4Address, length: int) -> int:
    """Return the number of an address with zeros but for an IPv4 address behind a prefix of that length."""
    data = bytes(length // 8) + inner.packed
    return int.from_bytes((data if length == 96 else data[:8] + b"\0" + data[8:]).ljust(16, b"\0"), "big")


def _bits(address: Address) -> str:
    return f"{int(address):0{address.max_prefixlen}b}"


def read(text: str) -> Address | Network | None:
    """Read an address or a range; ``None`` for what is neither. A range with host bits is read as its address."""
    try:
        if "/" not in text:
            return ip_address(text)
        return ip_network(text)
    except ValueError:
        return None
