"""The queries to one server that tell apart why it denies a name, fails, or differs from another server."""

from __future__ import annotations

import secrets

from sddoctor.case.dns import PUBLIC_NAME, Role, Server
from sddoctor.observe.dns.query import Query


def invented(parent: str) -> str:
    """Return a name below ``parent`` that nobody has."""
    return f"sddoctor-{secrets.token_hex(5)}.{parent}"


def zone_of(name: str, namespaces: tuple[str, ...]) -> str:
    """Return the name of the zone that should have the name: its longest namespace, or what the name is right below."""
    return namespaces[0] if namespaces else name.partition(".")[2]


def of_zone(server: Server, role: Role, zone: str) -> tuple[Query, ...]:
    """Return the queries for whose the zone and its parent are there.

    A denial from a cache may come without the SOA, and another server may have a zone of the same name of its own.
    """
    return tuple(Query(server, z, "SOA", role) for z in (zone, zone.partition(".")[2]) if z)


def telling_apart(server: Server, role: Role, name: str, zone: str) -> tuple[Query, ...]:
    """Return the queries, without those for addresses by UDP that are sent first.

    Validation shows by CD with DO (RFC 4035, section 3.2.2), a cache by DO alone, a filter of addresses by other types,
    what is on the way by TCP, and a server without any way out by a public name.
    """
    return (
        Query(server, name, role=role, dnssec=True),
        Query(server, name, role=role, signed=True),
        Query(server, name, role=role, transport="tcp"),
        Query(server, name, "SOA", role),
        *of_zone(server, role, zone),
        *((Query(server, invented(zone), role=role),) if zone else ()),
        Query(server, PUBLIC_NAME, role="other"),
    )
