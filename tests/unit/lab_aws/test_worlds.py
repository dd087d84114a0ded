"""Every world of the package can be read through every read operation without an error of the lab itself."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from sddoctor.lab import gallery
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.world import Faults
from tests.repeats import one_in
from tests.unit.lab_aws.conftest import Running


@pytest.mark.slow
@pytest.mark.parametrize("name", one_in(3, gallery.names()))
def test_a_world_is_readable(name: str) -> None:
    world = msgspec.structs.replace(gallery.find(name), faults=Faults())
    with AwsStandIn(world) as aws:
        run = Running(aws)
        _read_ecs(run)
        _read_cloud_map(run)
        _read_network(run)
        assert "LabFailure" not in {c.code for c in aws.log.calls}
        assert "UnknownOperationException" not in {c.code for c in aws.log.calls}


def _read_ecs(run: Running) -> None:
    ecs = run.client("ecs")
    for cluster in run.state.clusters.values():
        names = list(cluster.services)[:10]
        if names:
            _call(ecs.describe_services, cluster=cluster.name, services=names)
            _call(ecs.describe_task_sets, cluster=cluster.name, service=names[0])
        if cluster.tasks:
            _call(ecs.describe_tasks, cluster=cluster.name, tasks=list(cluster.tasks)[:100])
        if cluster.container_instances:
            hosts = list(cluster.container_instances)
            _call(ecs.describe_container_instances, cluster=cluster.name, containerInstances=hosts)
        _call(ecs.list_tasks, cluster=cluster.name)
    for name in run.state.task_definitions:
        _call(ecs.describe_task_definition, taskDefinition=name)


def _read_cloud_map(run: Running) -> None:
    cloud_map = run.client("servicediscovery")
    _call(cloud_map.list_namespaces)
    for namespace in run.state.namespaces.values():
        _call(cloud_map.get_namespace, Id=namespace.arn)
    for service in run.state.services.values():
        _call(cloud_map.get_service, Id=service.arn)
        _call(cloud_map.list_instances, ServiceId=service.arn)
        _call(cloud_map.get_instances_health_status, ServiceId=service.arn)
        _call(cloud_map.list_tags_for_resource, ResourceARN=service.arn)
    _call(cloud_map.list_operations)
    for operation in run.state.operations:
        _call(cloud_map.get_operation, OperationId=operation)


def _read_network(run: Running) -> None:
    route53, resolver, ec2 = run.client("route53"), run.client("route53resolver"), run.client("ec2")
    _call(route53.list_hosted_zones)
    for zone in run.state.zones:
        _call(route53.get_hosted_zone, Id=zone)
        _call(route53.list_resource_record_sets, HostedZoneId=zone)
    for vpc in run.state.vpcs:
        _call(route53.list_hosted_zones_by_vpc, VPCId=vpc, VPCRegion=run.state.region)
        _call(resolver.get_firewall_config, ResourceId=vpc)
        _call(resolver.get_resolver_config, ResourceId=vpc)
    for listing in ("rules", "rule_associations", "endpoints"):
        _call(getattr(resolver, f"list_resolver_{listing}"))
    for group in run.state.firewall_groups:
        _call(resolver.list_firewall_rules, FirewallRuleGroupId=group)
    _call(resolver.list_firewall_rule_group_associations)
    _call(run.client("route53profiles").list_profile_associations)
    for profile in run.state.profiles:
        _call(run.client("route53profiles").list_profile_resource_associations, ProfileId=profile)
    for what in ("vpcs", "subnets", "security_groups", "network_interfaces", "dhcp_options", "vpc_peering_connections"):
        _call(getattr(ec2, f"describe_{what}"))
    _call(ec2.describe_client_vpn_endpoints)


def _call(function: Callable[..., Any], **params: Any) -> None:
    """Call a read; that a world hides something is its right."""
    with contextlib.suppress(ClientError):
        function(**params)
