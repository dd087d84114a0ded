"""Queries about the delegation of a public namespace, sent only if the name did not resolve.

A private zone has no delegation, so these never reveal a private name.
"""

from __future__ import annotations

from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.dns import Probe, Server
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.query import Query
from sddoctor.observe.work import run_all


def query_delegation(
    name: str, views: tuple[NamespaceView, ...], probes: tuple[Probe, ...], client: DnsClient, *, own_servers: bool
) -> tuple[Probe, ...]:
    """Query the servers that returned no address for the namespace's NS records, and the zone's own servers for the name.

    Nothing is sent for a private namespace, nor if any server returned an address. ``own_servers``: those of the zone may
    be queried from here. RFC 1034, section 4.2.1
    """
    view = max(views, key=lambda v: len(v.namespace.name), default=None)
    if view is None or view.namespace.type != "DNS_PUBLIC":
        return ()
    asked = [p for p in probes if p.name == name and p.type == "A" and p.transport == "udp"]
    answers = [a for p in asked if (a := p.outcome.seen_or(None)) is not None]
    if not answers or any(a.addresses for a in answers):
        return ()
    servers = list(dict.fromkeys(p.server for p in asked if p.outcome.seen_or(None) is not None))
    found = run_all([client.job(Query(s, view.namespace.name, "NS", "other")) for s in servers])
    zone = view.zone.seen_or(None)
    if not own_servers or zone is None or not zone.name_servers:
        return tuple(found)
    address = client.send(Query(servers[0], zone.name_servers[0], role="other"))
    seen = address.outcome.seen_or(None)
    found.append(address)
    if seen is not None and seen.addresses:
        found.append(client.send(Query(Server(seen.addresses[0]), name, role="other")))
    return tuple(found)
