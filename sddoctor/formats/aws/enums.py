"""Values of AWS's enumerations that are known: another one is not understood, and never taken for the usual one.

AWS adds values at any time, and botocore passes on those that it does not know.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Types.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_Types.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_HEALTH = ("HEALTHY", "UNHEALTHY", "UNKNOWN")
_LAUNCH = ("EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES")
_RANGE = ("associating", "associated", "disassociating", "disassociated", "failing", "failed")
_PROFILE = ("COMPLETE", "DELETING", "UPDATING", "CREATING", "DELETED", "FAILED")
_RULE = ("COMPLETE", "DELETING", "UPDATING", "FAILED")
_RULE_TYPES = ("FORWARD", "SYSTEM", "RECURSIVE", "DELEGATE")
#: By operation and path (``tasks[].healthStatus``): the values whose meaning is known.
KNOWN: dict[str, dict[str, tuple[str, ...]]] = {
    "ec2:DescribeClientVpnAuthorizationRules": {
        "AuthorizationRules[].Status.Code": ("authorizing", "active", "failed", "revoking"),
    },
    "ec2:DescribeClientVpnEndpoints": {
        "ClientVpnEndpoints[].Status.Code": ("pending-associate", "available", "deleting", "deleted", "pending"),
    },
    "ec2:DescribeClientVpnRoutes": {"Routes[].Status.Code": ("creating", "active", "failed", "deleting")},
    "ec2:DescribeSubnets": {"Subnets[].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlockState.State": _RANGE},
    "ec2:DescribeVpcs": {
        "Vpcs[].CidrBlockAssociationSet[].CidrBlockState.State": _RANGE,
        "Vpcs[].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlockState.State": _RANGE,
    },
    "ec2:DescribeVpcEndpoints": {
        "VpcEndpoints[].State": (
            "PendingAcceptance", "Pending", "Available", "Deleting", "Deleted", "Rejected", "Failed", "Expired", "Partial",
            "pendingAcceptance", "pending", "available", "deleting", "deleted", "rejected", "failed", "expired", "partial",
        ),
    },
    "ecs:DescribeContainerInstances": {
        "containerInstances[].status": (
            "REGISTERING", "REGISTRATION_FAILED", "ACTIVE", "INACTIVE", "DEREGISTERING", "DRAINING",
        ),
    },
    "ecs:DescribeServices": {
        "services[].status": ("ACTIVE", "DRAINING", "INACTIVE"),
        "services[].launchType": _LAUNCH,
        "services[].schedulingStrategy": ("REPLICA", "DAEMON"),
        "services[].deploymentController.type": ("ECS", "CODE_DEPLOY", "EXTERNAL"),
        "services[].deploymentConfiguration.strategy": ("ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"),
        "services[].deployments[].status": ("PRIMARY", "ACTIVE", "INACTIVE"),
        "services[].deployments[].rolloutState": ("COMPLETED", "FAILED", "IN_PROGRESS"),
        "services[].taskSets[].status": ("PRIMARY", "ACTIVE", "DRAINING"),
    },
    "ecs:DescribeTaskDefinition": {
        "taskDefinition.networkMode": ("bridge", "host", "awsvpc", "none"),
        "taskDefinition.containerDefinitions[].dependsOn[].condition": ("START", "COMPLETE", "SUCCESS", "HEALTHY"),
        "taskDefinition.containerDefinitions[].portMappings[].protocol": ("tcp", "udp"),
    },
    "ecs:DescribeTasks": {
        "tasks[].lastStatus": (
            "PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED",
            "DELETED",
        ),
        "tasks[].desiredStatus": ("PENDING", "RUNNING", "STOPPED"),
        "tasks[].healthStatus": _HEALTH,
        "tasks[].containers[].healthStatus": _HEALTH,
        "tasks[].connectivity": ("CONNECTED", "DISCONNECTED"),
        "tasks[].launchType": _LAUNCH,
        "tasks[].containers[].networkBindings[].protocol": ("tcp", "udp"),
    },
    "elbv2:DescribeLoadBalancers": {
        "LoadBalancers[].State.Code": ("active", "provisioning", "active_impaired", "failed"),
    },
    "elbv2:DescribeTargetHealth": {
        "TargetHealthDescriptions[].TargetHealth.State": (
            "initial", "healthy", "unhealthy", "unhealthy.draining", "unused", "draining", "unavailable",
        ),
    },
    "rds:DescribeDBProxies": {
        "DBProxies[].Status": (
            "available", "modifying", "incompatible-network", "insufficient-resource-limits", "creating", "deleting",
            "suspended", "suspending", "reactivating",
        ),
    },
    "route53profiles:ListProfileAssociations": {"ProfileAssociations[].Status": _PROFILE},
    "route53profiles:ListProfileResourceAssociations": {"ProfileResourceAssociations[].Status": _PROFILE},
    "route53resolver:GetResolverRule": {"ResolverRule.RuleType": _RULE_TYPES, "ResolverRule.Status": _RULE},
    "route53resolver:ListResolverRules": {"ResolverRules[].RuleType": _RULE_TYPES, "ResolverRules[].Status": _RULE},
    "route53resolver:ListResolverRuleAssociations": {
        "ResolverRuleAssociations[].Status": ("CREATING", "COMPLETE", "DELETING", "FAILED", "OVERRIDDEN"),
    },
    "route53resolver:ListFirewallRuleGroupAssociations": {
        "FirewallRuleGroupAssociations[].Status": ("COMPLETE", "DELETING", "UPDATING"),
    },
    "route53resolver:ListFirewallRules": {
        "FirewallRules[].Action": ("ALLOW", "BLOCK", "ALERT"),
        "FirewallRules[].BlockResponse": ("NODATA", "NXDOMAIN", "OVERRIDE"),
        "FirewallRules[].FirewallDomainRedirectionAction": ("INSPECT_REDIRECTION_DOMAIN", "TRUST_REDIRECTION_DOMAIN"),
        "FirewallRules[].Status": ("CREATING", "COMPLETE", "CREATION_FAILED", "UPDATING", "DELETING"),
    },
    "route53resolver:ListResolverEndpointIpAddresses": {
        "IpAddresses[].Status": (
            "CREATING", "FAILED_CREATION", "FAILED_CREATION_INSUFFICIENT_EC2_CAPACITY_IN_OUTPOST", "ATTACHING", "ATTACHED",
            "REMAP_DETACHING", "REMAP_ATTACHING", "DETACHING", "FAILED_RESOURCE_GONE", "DELETING",
            "DELETE_FAILED_FAS_EXPIRED", "UPDATING", "UPDATE_FAILED", "ISOLATED",
        ),
    },
    "route53resolver:ListResolverEndpoints": {
        "ResolverEndpoints[].Direction": ("INBOUND", "OUTBOUND", "INBOUND_DELEGATION"),
        "ResolverEndpoints[].Status": (
            "CREATING", "OPERATIONAL", "UPDATING", "AUTO_RECOVERING", "ACTION_NEEDED", "DELETING",
        ),
    },
    "servicediscovery:ListNamespaces": {"Namespaces[].Type": ("DNS_PUBLIC", "DNS_PRIVATE", "HTTP")},
    "servicediscovery:ListServices": {
        "Services[].Type": ("HTTP", "DNS_HTTP", "DNS"),
        "Services[].DnsConfig.RoutingPolicy": ("MULTIVALUE", "WEIGHTED"),
        "Services[].DnsConfig.DnsRecords[].Type": ("SRV", "A", "AAAA", "CNAME"),
    },
    "servicediscovery:GetInstancesHealthStatus": {"Status{}": _HEALTH},
}  # fmt: skip


def unknown_values(source: str, response: dict[str, Any]) -> tuple[str, ...]:
    """Return the values in a response whose meaning is not known, each once: ``tasks[].healthStatus: LIMPING``."""
    found: dict[str, None] = {}
    for path, known in KNOWN.get(source, {}).items():
        for value in _values(response, path.split(".")):
            if value not in known:
                found[f"{path}: {value}"] = None
    return tuple(found)


def _values(value: Any, path: list[str]) -> Iterator[str]:
    """Yield the texts at a path. A member that is not there has no value."""
    if not path:
        if isinstance(value, str) and value:
            yield value
        return
    step, inner = path[0], None
    if isinstance(value, dict):
        inner = value.get(step.removesuffix("[]").removesuffix("{}"))
    if step.endswith("[]") and isinstance(inner, list):
        for item in inner:
            yield from _values(item, path[1:])
    elif step.endswith("{}") and isinstance(inner, dict):
        for item in inner.values():
            yield from _values(item, path[1:])
    else:
        yield from _values(inner, path[1:])
