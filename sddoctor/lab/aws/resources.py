"""The resource ARN in the text of a denial.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import Any

from sddoctor.lab.state import LabState


def resource_of(state: LabState, service: str, operation: str, params: dict[str, Any]) -> str:
    """Return the ARN of the resource of a call, or ``*`` if IAM has none for it."""
    if service == "route53":
        zone = params.get("HostedZoneId") or (params.get("Id") if operation == "GetHostedZone" else None)
        return f"arn:aws:route53:::hostedzone/{zone}" if zone else "*"
    if service == "servicediscovery":
        return _cloud_map(state, operation, params)
    if service == "ecs":
        return _ecs(state, operation, params)
    if service == "route53resolver":
        for key, kind in (
            ("ResolverRuleId", "resolver-rule"),
            ("ResolverEndpointId", "resolver-endpoint"),
            ("FirewallRuleGroupId", "firewall-rule-group"),
            ("FirewallDomainListId", "firewall-domain-list"),
        ):
            if key in params:
                return state.arn("route53resolver", f"{kind}/{params[key]}")
    return "*"


def _cloud_map(state: LabState, operation: str, params: dict[str, Any]) -> str:
    name = params.get("ServiceId")
    kind = "service"
    if name is None and "Namespace" in operation:
        name, kind = params.get("Id"), "namespace"
    elif name is None and operation in ("GetService", "UpdateService", "DeleteService"):
        name = params.get("Id")
    if name is None:
        return str(params.get("ResourceARN", "*"))
    return name if name.startswith("arn:") else state.arn("servicediscovery", f"{kind}/{name}")


def _ecs(state: LabState, operation: str, params: dict[str, Any]) -> str:
    cluster = str(params.get("cluster", "default")).rsplit("/", 1)[-1]
    single = {"service": params.get("service"), "task": params.get("task")}
    lists = {
        "service": params.get("services"),
        "task": params.get("tasks"),
        "container-instance": params.get("containerInstances"),
    }
    for kind, names in {**lists, **{k: [v] for k, v in single.items() if v}}.items():
        if names:
            return state.arn("ecs", f"{kind}/{cluster}/{str(names[0]).rsplit('/', 1)[-1]}")
    if operation == "DescribeClusters":
        names = params.get("clusters") or ["default"]
        return state.arn("ecs", f"cluster/{str(names[0]).rsplit('/', 1)[-1]}")
    return "*"
