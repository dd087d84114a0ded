"""The host that sddoctor runs on, and the name servers, as a world describes them."""

from __future__ import annotations

from typing import Literal

from sddoctor.lab.parts.answers import AnswerRule
from sddoctor.lab.parts.base import Part


class OwnZone(Part, frozen=True):
    """A zone that a name server has itself: its names with their addresses, and the data of its SOA."""

    names: dict[str, tuple[str, ...]] = {}
    soa: str = "ns1.corp.example. hostmaster.corp.example. 2026112401 7200 900 1209600 300"


class NameServer(Part, frozen=True):
    """A name server that is not a VPC resolver: a home router, a company's server, a forwarder.

    It forwards queries by ``forwards`` (domain -> address of another server of the world) and answers others by
    ``kind``: ``public`` like the internet, ``refuses``, ``servfail`` and ``silent`` in the same way for all, ``hijacks``
    with ``address_for_unknown`` in place of NXDOMAIN. ``rebind_filter`` removes private addresses from answers,
    ``records`` are its own (name -> addresses), ``zones`` are zones of its own, from which it
    answers with authority; ``remembers`` are cached NXDOMAINs (name -> seconds left). ``validates``:
    it checks DNSSEC, so that what it forwards, and what is in a public zone that is ``bogus``, is SERVFAIL (unsigned below a
    signed parent) unless the query has CD.
    ``designates`` is the SVCB record by which it names an encrypted resolver (RFC 9462).
    """

    address: str
    kind: Literal["public", "refuses", "servfail", "silent", "hijacks"] = "public"
    forwards: dict[str, str] = {}
    rebind_filter: Literal["no", "empty", "refused"] = "no"
    address_for_unknown: str = "203.0.113.80"
    records: dict[str, tuple[str, ...]] = {}
    zones: dict[str, OwnZone] = {}
    remembers: dict[str, int] = {}
    validates: bool = False
    designates: str = ""


class VpcDns(Part, frozen=True):
    """Caches and faults of the VPC resolvers.

    ``remembers_denial`` (name -> seconds left) and ``remembers`` (name -> addresses, with ``remembered_ttl`` seconds
    left) are caches; ``loses`` is the share of queries without a reply, ``loses_every`` the same by count (3: every third by UDP);
    queries by UDP that offer more than ``largest_edns`` are dropped; ``intercepted_by`` (a server's address) answers in
    their place by UDP, with ``intercepts_tcp`` by TCP as well; ``silent_udp`` and ``silent_tcp`` block a transport.
    ``cached_without_soa``: denials from the cache have no SOA, which are those of ``remembers_denial`` and every one that
    repeats another within its TTL.
    """

    remembers_denial: dict[str, int] = {}
    remembers: dict[str, tuple[str, ...]] = {}
    remembered_ttl: int = 8
    loses: float = 0.0
    loses_every: int = 0
    largest_edns: int | None = None
    intercepted_by: str | None = None
    intercepts_tcp: bool = False
    silent_udp: bool = False
    silent_tcp: bool = False
    cached_without_soa: bool = False


class Interface(Part, frozen=True):
    """A network interface of the host. On Windows it has a ``metric``, and may have ``nameservers`` of its own."""

    name: str
    address: str
    prefix: int = 24
    tunnel: bool = False
    metric: int = 25
    nameservers: tuple[str, ...] = ()


class Host(Part, frozen=True):
    """The host that sddoctor runs on.

    ``vpn`` up: VPC ranges in ``vpn_routes`` (default: all VPCs with ``reachable``) go into the tunnel. ``in_vpc``: the host is
    an instance or task of that VPC. ``files`` (absolute path -> content) and ``commands`` (command line -> output)
    replace what the lab derives. ``nameservers`` is what resolv.conf, or the default resolver, lists.
    ``resolver_files`` are files of /etc/resolver on macOS (name -> content), ``nrpt`` the rules of Windows (namespace ->
    server; with a leading dot also for names below it), which demand signatures with ``nrpt_dnssec``. ``hosts`` are lines at the end of the
    hosts file (name -> address). ``answers`` change what programs get from the operating system, lookup by lookup.
    """

    platform: Literal["linux", "macos", "windows"] = "macos"
    version: str = ""
    vpn: Literal["up", "down", "none"] = "up"
    vpn_routes: tuple[str, ...] | None = None
    in_vpc: str | None = None
    nameservers: tuple[str, ...] = ("192.168.1.1",)
    search: tuple[str, ...] = ()
    resolver_files: dict[str, str] | None = None
    nrpt: dict[str, str] = {}
    nrpt_dnssec: bool = False
    hosts: dict[str, str] = {}
    interfaces: tuple[Interface, ...] = (Interface(name="en0", address="192.168.1.23"),)
    files: dict[str, str] = {}
    commands: dict[str, str] = {}
    answers: tuple[AnswerRule, ...] = ()

    @property
    def adapters(self) -> tuple[tuple[Interface, tuple[str, ...]], ...]:
        """Return the interfaces with their servers, on Windows: the first one that is no tunnel has those of the host."""
        local = next((i for i in self.interfaces if not i.tunnel), None)
        return tuple((i, i.nameservers or (self.nameservers if i is local else ())) for i in self.interfaces)
