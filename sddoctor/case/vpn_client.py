"""Facts about VPN clients on the client host: what shows that one is there, and the DNS policy that it shows of itself.

Which client has which interface, and whose forwarder a server is, is no fact: ``sddoctor.trail.vpn_clients`` works it out.
"""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.dns import Server


class VpnMark(Struct, frozen=True):
    """One thing that shows a VPN client.

    ``product`` as its vendor writes it; ``None`` where only a tunnel interface was seen. ``source`` is where it was seen
    (``ps -axo comm``, a path), ``seen`` what. ``interface`` is set where the mark belongs to one. ``connected``: it shows
    that the client is connected, not only that it is installed or runs. ``session``: a program runs that a client has only
    while it is connected, or connects.
    """

    product: str | None
    source: str
    seen: str
    interface: str | None = None
    connected: bool = False
    session: bool = False


class PolicyRoute(Struct, frozen=True):
    """The servers to which a VPN client's forwarder sends a domain (``""``: all other names); none where they are not plain DNS servers.

    ``unavailable`` is why the client itself holds them for unavailable, and does not query them; ``""`` where it does not say so.
    """

    domain: str
    servers: tuple[Server, ...] = ()
    unavailable: str = ""


class VpnPolicy(Struct, frozen=True):
    """The DNS policy in force, as the client of ``product`` shows it. ``sets_dns``: it may set the DNS of this host."""

    product: str
    routes: tuple[PolicyRoute, ...] = ()
    sets_dns: bool = True
