"""The state of a running lab: a world made mutable, shared by the AWS and the DNS stand-in."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from sddoctor.lab import derive
from sddoctor.lab.ecs_objects import build_clusters, build_task_definitions
from sddoctor.lab.named import Named
from sddoctor.lab.networks import live_security_groups, live_subnets, live_vpc
from sddoctor.lab.objects import (
    LiveClientVpn,
    LiveCluster,
    LiveDhcp,
    LiveDomainList,
    LiveEndpoint,
    LiveFirewallGroup,
    LiveNamespace,
    LiveOperation,
    LiveRule,
    LiveService,
)
from sddoctor.lab.parts.cloudmap import Namespace, Operation, Service
from sddoctor.lab.parts.network import Profile
from sddoctor.lab.parts.route53 import Zone
from sddoctor.lab.vpc_endpoints import endpoint_zones
from sddoctor.lab.world import World
from sddoctor.lab.zones import LiveZone, live_zone, record_set


class LabState:
    """Everything in a lab that can change. Hold ``lock`` while reading more than one thing, or writing.

    Ages of the world are counted from ``now``, when the state was made. ``version`` grows with every
    write, so that derived data can be kept until then.
    """

    def __init__(self, world: World, now: datetime | None = None) -> None:
        self.world = world
        self.now = now or datetime.now(UTC)
        self.lock = threading.RLock()
        self.version = 0
        self.region = world.region
        self.account = world.account
        self.named = Named(world)
        self._numbers: dict[str, int] = {}

        self.vpcs = {v.id: live_vpc(world, v) for v in world.vpcs}
        self.dhcp = {v.dhcp.id: LiveDhcp(v.dhcp.id, v.dhcp.servers, v.dhcp.domain) for v in world.vpcs}
        self.subnets = live_subnets(world, [i.address for i in self.named.interfaces])
        self.namespaces: dict[str, LiveNamespace] = {}
        self.services: dict[str, LiveService] = {}
        self.operations: dict[str, LiveOperation] = {}
        self.zones: dict[str, LiveZone] = {}
        for namespace in world.namespaces:
            self._add_namespace(namespace)
        for operation in world.operations:
            self._add_operation(operation, {})
        for zone in world.zones:
            self._add_zone(zone)
        self.zones |= {z.id: z for z in endpoint_zones(world)}

        self.rules = {
            r.id: LiveRule(
                r.id,
                r.domain.lower().rstrip("."),
                r.type,
                list(r.targets),
                list(r.vpcs),
                r.status,
                r.name,
                r.listed,
                r.endpoint,
            )
            for r in world.rules
        }
        self.firewall_groups = {
            g.id: LiveFirewallGroup(g.id, g.name, g.priority, list(g.vpcs), list(g.rules), g.listed)
            for g in world.firewall
        }
        self.domain_lists: dict[str, LiveDomainList] = {}
        for group in world.firewall:
            for rule in (r for r in group.rules if r.threat is None):
                known = self.domain_lists.setdefault(rule.list_id, LiveDomainList(rule.list_id, [], rule.managed))
                known.domains += [d for d in rule.domains if d not in known.domains]
        self.endpoints = {
            e.id: LiveEndpoint(
                e.id,
                e.vpc,
                list(e.addresses),
                e.direction,
                e.status,
                list(e.security_groups),
                list(e.protocols),
            )
            for e in world.endpoints
        }
        self.profiles: dict[str, Profile] = {p.id: p for p in world.profiles}
        self.security_groups = live_security_groups(world)
        self.client_vpns = {
            c.id: LiveClientVpn(
                c.id,
                c.vpc,
                c.client_cidr,
                list(c.dns_servers),
                c.split_tunnel,
                c.transit_gateway,
                list(c.routes),
                list(c.authorized),
            )
            for c in world.client_vpns
        }
        self.task_definitions: dict[str, dict[str, Any]] = build_task_definitions(world, self.now)
        self.clusters: dict[str, LiveCluster] = build_clusters(world, self.now)

    def ago(self, seconds: float) -> datetime:
        """Return the time so many seconds before the lab started."""
        return self.now - timedelta(seconds=seconds)

    def changed(self) -> None:
        """Record that a write changed something."""
        self.version += 1

    def fresh_id(self, kind: str, length: int = 17) -> str:
        """Return a new made-up id, the same in every run of a world."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return derive.made_up_id(self.world.title, kind, str(self._numbers[kind]), length=length)

    def arn(self, service: str, resource: str, owner: str | None = None) -> str:
        """Return an ARN of this region."""
        return f"arn:aws:{service}:{self.region}:{owner or self.account}:{resource}"

    def _add_namespace(self, namespace: Namespace) -> None:
        owner = namespace.owner or self.account
        zone_id = derive.zone_id(namespace)
        self.namespaces[namespace.id] = LiveNamespace(
            id=namespace.id,
            arn=self.arn("servicediscovery", f"namespace/{namespace.id}", owner),
            name=namespace.name,
            type=namespace.type,
            owner=owner,
            zone_id=zone_id,
            soa_ttl=namespace.soa_ttl,
            http_name=namespace.http_name or namespace.name,
            created_at=self.ago(60 * 86400),
            delegated=namespace.delegated,
            delegated_to=namespace.delegated_to,
        )
        if zone_id and namespace.zone and not namespace.zone_deleted:
            self.zones[zone_id] = LiveZone(
                id=zone_id,
                name=namespace.name.lower().rstrip("."),
                private=namespace.type == "DNS_PRIVATE",
                owner=owner,
                vpcs=list(namespace.vpcs),
                soa_ttl=namespace.soa_ttl,
                namespace_id=namespace.id,
            )
        for service in namespace.services:
            self._add_service(namespace, service, owner)

    def _add_service(self, namespace: Namespace, service: Service, owner: str) -> None:
        kind = derive.service_type(namespace.type, service)
        self.services[service.id] = LiveService(
            id=service.id,
            arn=self.arn("servicediscovery", f"service/{service.id}", owner),
            name=service.name,
            namespace_id=namespace.id,
            type=kind,
            records={} if kind == "HTTP" else {r.type: r.ttl for r in service.records},
            routing=service.routing,
            health=service.health,
            created_at=self.ago(service.created_ago),
            all_unhealthy=service.all_unhealthy,
            description=service.description,
            tags=dict(service.tags),
            instances=derive.instances_of(self.world, service),
        )
        for operation in service.operations:
            targets = {"SERVICE": service.id}
            if operation.instance_id:
                targets["INSTANCE"] = operation.instance_id
            self._add_operation(operation, targets)

    def _add_operation(self, operation: Operation, targets: dict[str, str]) -> None:
        self.operations[operation.id] = LiveOperation(
            operation.id,
            operation.type,
            operation.status,
            self.ago(operation.ago),
            targets,
            operation.error_code,
            operation.error_message,
        )

    def _add_zone(self, zone: Zone) -> None:
        live = self.zones.setdefault(zone.id, live_zone(zone, self.account))
        live.vpcs += [v for v in zone.vpcs if v not in live.vpcs]
        live.records += [record_set(r, live) for r in zone.records]
        live.other_vpcs |= zone.other_vpcs
        live.lame, live.bogus = live.lame or zone.lame, live.bogus or zone.bogus
