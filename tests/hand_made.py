"""Worlds in which the name is that of a hosted zone that somebody keeps by hand, made from those in which Cloud Map has it."""

from __future__ import annotations

from msgspec import structs

from sddoctor.lab.parts.cloudmap import Namespace
from sddoctor.lab.parts.route53 import Record, Zone
from sddoctor.lab.world import Expect, World


def hand_made(world: World) -> World:
    """Return the world with a zone by hand of the namespace's name, which has the addresses of the service's tasks.

    The tasks go on running, and no ECS service registers them any more.
    """
    name = world.name.rstrip(".").lower()
    namespace = next(n for n in world.namespaces if name.endswith(f".{n.name}"))
    tasks = [t for c in world.clusters for s in c.services for t in s.tasks if t.last_status == "RUNNING"]
    four, six = tuple(t.address for t in tasks if t.address), tuple(t.ipv6 for t in tasks if t.ipv6)
    zone = Zone(
        id=namespace.zone or "Z0HANDMADE0000000001",
        name=namespace.name,
        private=namespace.type != "DNS_PUBLIC",
        vpcs=namespace.vpcs,
        records=tuple(Record(name=name, type=t, ttl=10, values=v) for t, v in (("A", four), ("AAAA", six)) if v),
    )
    return structs.replace(
        world,
        title=f"{world.title}, of a zone by hand",
        namespaces=_without(world.namespaces, namespace),
        clusters=tuple(
            structs.replace(c, services=tuple(structs.replace(s, registries=()) for s in c.services))
            for c in world.clusters
        ),
        zones=(*world.zones, zone),
        expect=Expect(),
    )


def _without(namespaces: tuple[Namespace, ...], one: Namespace) -> tuple[Namespace, ...]:
    return tuple(n for n in namespaces if n != one)
