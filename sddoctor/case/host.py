"""Facts about the client host: its files, its routes, and what a program on it gets.

Which server it queries is no fact: ``sddoctor.resolution`` computes that from these.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.case.mac_extension import NetworkExtension
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Absent, Fact, NotAttempted
from sddoctor.case.surroundings import Mark, WslSettings
from sddoctor.case.vpn_client import VpnMark, VpnPolicy
from sddoctor.case.windows_host import InterfaceMetric

Platform: TypeAlias = Literal["linux", "macos", "windows"]

#: Earlier versions did not look for them.
NOT_LISTED = NotAttempted("the network extensions of this Mac", "they were not listed", "systemextensionsctl list")
#: This host cannot have it: it belongs to another platform.
OTHER_PLATFORM = Absent("a fact of another platform", "platform")
#: Cases from before they were read have no metrics of interfaces.
_NO_SUFFIXES = NotAttempted(
    "the domains that complete short names", "Get-DnsClient was not read", "a new look at this host"
)
_NO_METRICS = NotAttempted(
    "the metrics of the interfaces", "Get-NetIPInterface was not read", "a new look at this host"
)


class HostsEntry(Struct, frozen=True):
    """A line of the hosts file that carries the name. ``line`` counts from 1."""

    line: int
    address: str
    names: tuple[str, ...]


class HostsFile(Struct, frozen=True):
    """The hosts file: only the entries of the name. ``has_service_connect``: ECS has written names of Service Connect into it."""

    path: str
    entries: tuple[HostsEntry, ...] = ()
    has_service_connect: bool = False


class NssAction(Struct, frozen=True):
    """``[NOTFOUND=return]``: the action on an outcome of a source. ``negated`` for ``[!UNAVAIL=return]``."""

    status: str
    action: str
    negated: bool = False


class NssSource(Struct, frozen=True):
    """A source of the ``hosts:`` line of nsswitch.conf."""

    name: str
    actions: tuple[NssAction, ...] = ()


class Nscd(Struct, frozen=True):
    """nscd, which runs here and whom glibc asks first. ``remembers_hosts``: it has a cache for host names."""

    remembers_hosts: bool = False


class IgnoredLine(Struct, frozen=True):
    """A line that the system does not read as the author meant. ``line`` counts from 1."""

    line: int
    text: str
    why: str


class ResolvConf(Struct, frozen=True):
    """resolv.conf as a libc reads it.

    ``listed`` are all valid servers, ``effective`` those that are queried (at most three; 127.0.0.1 when there is
    none), ``ignored`` the lines that are dropped. ``generator`` is the program that wrote it, by its comments
    (``systemd-resolved-stub``, ``NetworkManager``, ``wsl``, ``docker``); ``forwards_to`` are the servers of a
    container engine's forwarder, by its comments (``host(127.0.0.53)``: queried from the host's network).
    """

    path: str
    listed: tuple[str, ...] = ()
    effective: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    ndots: int = 1
    options: tuple[str, ...] = ()
    ignored: tuple[IgnoredLine, ...] = ()
    comments: tuple[str, ...] = ()
    crlf: bool = False
    generator: str | None = None
    forwards_to: tuple[str, ...] = ()


class ResolverFile(Struct, frozen=True):
    """A file of ``/etc/resolver`` as Apple's published parser reads it.

    ``created`` is false when the file yields no resolver. ``domain`` is ``None`` for one that is an
    additional default. ``ignored`` are dropped lines; ``misread`` are addresses that are not read as written;
    ``listed`` are all servers that the file names, those after the third included. ``address_ports`` are the ports
    that the addresses carried (``10.0.0.17.55``), ``None`` without one. A ``scoped`` file applies only to lookups
    bound to its ``interface``.
    """

    path: str
    created: bool
    domain: str | None = None
    servers: tuple[Server, ...] = ()
    port: int | None = None
    search: tuple[str, ...] = ()
    search_order: int | None = None
    timeout: int | None = None
    options: tuple[str, ...] = ()
    ignored: tuple[IgnoredLine, ...] = ()
    misread: tuple[IgnoredLine, ...] = ()
    listed: tuple[Server, ...] = ()
    address_ports: tuple[int | None, ...] = ()
    scoped: bool = False
    interface: str | None = None


class ScutilResolver(Struct, frozen=True):
    """A resolver of ``scutil --dns``. ``section``: ``default``, ``scoped``, ``service``, or one that is not known.

    ``unread`` are its lines that were not understood. ``number`` is 0 for lines that stand below no resolver.
    """

    section: Literal["default", "scoped", "service", "unknown"]
    number: int
    domain: str | None = None
    search: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()
    port: int | None = None
    if_index: int | None = None
    interface: str | None = None
    flags: tuple[str, ...] = ()
    reach: tuple[str, ...] = ()
    order: int | None = None
    options: tuple[str, ...] = ()
    timeout: int | None = None
    service: str | None = None
    unread: tuple[str, ...] = ()


class ResolvedLink(Struct, frozen=True):
    """A scope of systemd-resolved: of a link, of a delegate, or, with neither, the global one.

    ``domains`` as printed: ``~example.internal`` is route-only, without ``~`` also a search domain. ``protocols`` are
    settings: ``+X``, ``-X`` or ``X=VALUE``.
    """

    interface: str | None
    servers: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    default_route: bool | None = None
    scopes: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    current_server: str | None = None
    index: int | None = None
    dnssec: str | None = None
    delegate: str | None = None


class Resolved(Struct, frozen=True):
    """systemd-resolved as ``resolvectl status`` shows it.

    ``global_demoted``: since version 257 global servers are queried only where no link is a default route.
    ``has_delegates``: it is known to be version 258 or later, which has DNS delegates. systemd.dns-delegate(5)
    """

    mode: str | None = None
    links: tuple[ResolvedLink, ...] = ()
    fallback: tuple[str, ...] = ()
    negative_trust_anchors: tuple[str, ...] = ()
    global_demoted: bool = False
    has_delegates: bool = False


class NrptRule(Struct, frozen=True):
    """A rule of the Windows Name Resolution Policy Table. ``in_force`` by the effective policy, if seen.

    A namespace with a leading dot is a whole domain. ``dnssec_required`` is ``None`` where that was not shown. ``cut``: it
    has further namespaces that were not shown.
    """

    namespaces: tuple[str, ...]
    servers: tuple[str, ...] = ()
    dnssec_required: bool | None = False
    source: str = "Get-DnsClientNrptRule"
    in_force: bool | None = None
    cut: bool = False


class InterfaceServers(Struct, frozen=True):
    """The DNS servers of a Windows interface, in order, and its index, if seen."""

    interface: str
    servers: tuple[str, ...] = ()
    index: int | None = None


class LookupResult(Struct, frozen=True):
    """What a fresh process got from the operating system.

    ``error`` is ``None`` on success, else a short reason (``not found``, ``temporary failure``); ``canonical`` is
    the canonical name, if known.
    """

    addresses: tuple[str, ...] = ()
    error: str | None = None
    canonical: str | None = None


class Lookup(Struct, frozen=True):
    """A lookup through the operating system; ``final_dot`` when made with the final dot.

    ``at`` is when it began (UTC), ``took_ms`` the time until its result; ``None`` for the recording of another tool.
    """

    name: str
    final_dot: bool
    outcome: Fact[LookupResult]
    source: str = "getaddrinfo"
    at: datetime | None = None
    took_ms: int | None = None


class InterfaceAddress(Struct, frozen=True):
    """An address of this host, with prefix length."""

    interface: str
    address: str
    prefix: int


class Route(Struct, frozen=True):
    """How a packet to ``destination`` would leave.

    ``kind``: ``tunnel`` (a VPN interface), ``default`` (the default route of the local network), ``connected`` (a
    local network contains the address), ``gateway`` (a more specific route by a gateway), ``local`` (this host),
    ``unreachable``. ``network`` is the matched prefix, if known.
    """

    kind: Literal["tunnel", "default", "connected", "gateway", "local", "unreachable"]
    interface: str | None = None
    gateway: str | None = None
    source: str | None = None
    network: str | None = None


class RouteTo(Struct, frozen=True):
    """The route to one address."""

    destination: str
    route: Fact[Route]


class HostFacts(Struct, frozen=True):
    """Everything seen of the host. ``root`` is the label of ``--root``, when files were read instead.

    ``nss_missing`` are sources of nsswitch.conf that have no module here, ``mdns_allow`` the domains of /etc/mdns.allow.
    ``unread_files`` are files of /etc/resolver that this user may not read; the system does read them.
    ``lookups`` begin with one without and one with the final dot; equal ones that were made to see whether their results
    vary follow, in the order of their beginning. ``interface_servers`` are the DNS servers of Windows interfaces,
    ``interface_metrics`` their ranks, and ``suffixes`` the domains by which Windows completes short names.
    ``marks`` show what this host itself is, a container for instance; none of them says nothing. ``wsl`` is how WSL is set,
    where this is WSL. ``programs`` are those of its resolver settings that are installed here; others may be.
    ``vpn_marks`` show VPN clients, ``vpn_policies`` are the DNS policies of those that show theirs.
    """

    platform: Platform
    version: str = ""
    libc: str | None = None
    root: str | None = None
    hosts: Fact[HostsFile] = OTHER_PLATFORM
    nss: Fact[tuple[NssSource, ...]] = OTHER_PLATFORM
    nss_missing: tuple[str, ...] = ()
    mdns_allow: Fact[tuple[str, ...]] = OTHER_PLATFORM
    nscd: Fact[Nscd] = OTHER_PLATFORM
    resolv_conf: Fact[ResolvConf] = OTHER_PLATFORM
    resolver_files: Fact[tuple[ResolverFile, ...]] = OTHER_PLATFORM
    unread_files: tuple[str, ...] = ()
    scutil: Fact[tuple[ScutilResolver, ...]] = OTHER_PLATFORM
    resolved: Fact[Resolved] = OTHER_PLATFORM
    nrpt: Fact[tuple[NrptRule, ...]] = OTHER_PLATFORM
    interface_servers: Fact[tuple[InterfaceServers, ...]] = OTHER_PLATFORM
    interface_metrics: Fact[tuple[InterfaceMetric, ...]] = _NO_METRICS
    suffixes: Fact[tuple[str, ...]] = _NO_SUFFIXES
    marks: tuple[Mark, ...] = ()
    wsl: WslSettings | None = None
    programs: tuple[str, ...] = ()
    forwarders: tuple[ForwarderConfig, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    addresses: Fact[tuple[InterfaceAddress, ...]] = OTHER_PLATFORM
    routes: tuple[RouteTo, ...] = ()
    network_extensions: Fact[tuple[NetworkExtension, ...]] = NOT_LISTED
    vpn_marks: tuple[VpnMark, ...] = ()
    vpn_policies: tuple[Fact[VpnPolicy], ...] = ()

    @property
    def search_domains(self) -> tuple[str, ...]:
        """The domains that complete short names on this host, from whichever setting was seen; lower case."""
        conf, resolved = self.resolv_conf.seen_or(None), self.resolved.seen_or(None)
        found = list(conf.search if conf else ())
        found += self.suffixes.seen_or(())
        found += [d for r in self.scutil.seen_or(()) if r.section == "default" for d in r.search]
        found += [d for link in (resolved.links if resolved else ()) for d in link.domains if not d.startswith("~")]
        return tuple(dict.fromkeys(fold_name(d) for d in found if d))
