"""Conclusions from the settings of a host. They are computed from facts, and never stored with them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from sddoctor.case.dns import Server
from sddoctor.case.seen import Gap

#: Where systemd-resolved is asked by DNS.
RESOLVED = Server("127.0.0.53")


class Entry(Struct, frozen=True):
    """A setting of this host that could send a domain to servers, in force or not.

    ``kind``: ``resolver-file``, ``supplemental`` (macOS match domain of a VPN), ``resolved-link``,
    ``resolved-global``, ``resolved-delegate``, ``nrpt``, ``default-resolver``, ``resolv.conf``, ``interface-dns``,
    ``forwarder`` (a rule of a local dnsmasq, unbound, named or coredns). ``delegate`` is the name of one of systemd-resolved.
    ``domain`` is ``""`` for a default. ``order``: lower is queried first at equal domains. ``usable`` is false when
    ordinary lookups never use it (scoped entries, files that yield nothing).
    """

    kind: str
    source: str
    domain: str
    servers: tuple[Server, ...] = ()
    order: int | None = None
    interface: str | None = None
    usable: bool = True
    why_not: str = ""
    delegate: str | None = None

    @property
    def listens(self) -> Server | None:
        """Where the resolver of this host that has the setting is asked; ``None`` where that is the system itself."""
        if self.kind.startswith("resolved-"):
            return RESOLVED
        return Server("127.0.0.1") if self.kind == "forwarder" else None


class Choice(Struct, frozen=True):
    """Which servers an ordinary program's query leaves for, and by which setting.

    ``servers`` in order, empty when no DNS query leaves the host. ``stub`` is a local forwarder between program and
    server. ``kind``: ``resolver-file``, ``supplemental`` (a VPN's match domain on macOS), ``default-resolver``,
    ``resolv.conf``, ``resolved-link``, ``resolved-global``, ``resolved-delegate``, ``nrpt``, ``interface-dns``,
    ``forwarder`` (a rule of the one on this host, whose file is ``source``), ``hosts-file``, ``multicast`` or ``nss``.
    ``together`` is true when the servers are queried at the same time, not in order, and ``rotates`` when each query begins
    with another of them. ``bypass_servers`` are the servers
    of programs that bypass the system resolver (dig, nslookup); ``None`` when not defined.
    ``scopes`` are the servers of each scope of systemd-resolved that is queried, the one in use first, and ``tls`` the servers
    that it queries over TLS only. With ``unknown`` a forwarder on this host is all that is known: why nobody can say to whom it
    forwards; ``servers`` then are those that programs query.
    """

    servers: tuple[Server, ...]
    kind: str
    source: str
    matched: str = ""
    link: str | None = None
    stub: Server | None = None
    stub_is: str | None = None
    bypass_servers: tuple[Server, ...] | None = None
    why: str = ""
    entries: tuple[Entry, ...] = ()
    together: bool = False
    rotates: bool = False
    scopes: tuple[tuple[Server, ...], ...] = ()
    tls: tuple[Server, ...] = ()
    unknown: Gap | None = None


def dns_servers(addresses: Iterable[str], port: int | None = None) -> tuple[Server, ...]:
    """Return the servers at these addresses; without a port, at the usual one."""
    return tuple(Server(address, port or 53) for address in addresses)
