"""Plans and states as ``terraform show -json`` prints them, made of what matters.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import copy
import json
from typing import Any

from sddoctor.lint.rules import mistakes
from sddoctor.lint.terraform import read

Plan = dict[str, Any]

CONTAINER: Plan = {
    "name": "api",
    "image": "registry.example/api:1",
    "essential": True,
    "portMappings": [{"containerPort": 3000}],
    "healthCheck": {"command": ["CMD-SHELL", "curl -f http://127.0.0.1:3000/health || exit 1"]},
}
#: What a plan says that makes a sound service; ids are not known before it is applied.
RESOURCES: dict[str, Plan] = {
    "aws_vpc.main": {"cidr_block": "10.10.0.0/16", "enable_dns_support": True, "enable_dns_hostnames": True},
    "aws_subnet.a": {"cidr_block": "10.10.211.0/24"},
    "aws_service_discovery_private_dns_namespace.main": {"name": "example.internal"},
    "aws_service_discovery_service.api": {
        "name": "dev-api",
        "dns_config": [{"dns_records": [{"type": "A", "ttl": 10}], "routing_policy": "MULTIVALUE"}],
        "health_check_config": [],
        "health_check_custom_config": [{"failure_threshold": 1}],
    },
    "aws_ecs_task_definition.api": {
        "family": "dev-api",
        "network_mode": "awsvpc",
        "container_definitions": json.dumps([CONTAINER]),
    },
    "aws_ecs_service.api": {
        "name": "dev-api-service",
        "launch_type": "FARGATE",
        "desired_count": 2,
        "deployment_minimum_healthy_percent": 100,
        "deployment_maximum_percent": 200,
        "network_configuration": [{"assign_public_ip": False}],
        "service_registries": [{"container_name": "", "container_port": 0, "port": 0}],
    },
}


def refers(*to: str) -> Plan:
    """Return an expression that refers to attributes of resources, as Terraform lists it."""
    return {"references": [r for t in to for r in (t, t.rsplit(".", 1)[0])]}


EXPRESSIONS: dict[str, Plan] = {
    "aws_subnet.a": {"vpc_id": refers("aws_vpc.main.id")},
    "aws_service_discovery_private_dns_namespace.main": {"vpc": refers("aws_vpc.main.id")},
    "aws_service_discovery_service.api": {
        "dns_config": [{"namespace_id": refers("aws_service_discovery_private_dns_namespace.main.id")}]
    },
    "aws_ecs_service.api": {
        "task_definition": refers("aws_ecs_task_definition.api.arn"),
        "network_configuration": [{"subnets": refers("aws_subnet.a.id")}],
        "service_registries": [{"registry_arn": refers("aws_service_discovery_service.api.arn")}],
    },
}


def plan(
    changes: dict[str, Plan] | None = None,
    more: dict[str, tuple[Plan, Plan]] | None = None,
    *,
    without: tuple[str, ...] = (),
) -> Plan:
    """Return the sound plan with arguments changed, with further resources (values and expressions), without some."""
    values, expressions = copy.deepcopy(RESOURCES), copy.deepcopy(EXPRESSIONS)
    for address, change in (changes or {}).items():
        values[address] |= change
    for address, (arguments, references) in (more or {}).items():
        values[address], expressions[address] = arguments, references
    kept = {a: v for a, v in values.items() if a not in without}
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "planned_values": {"root_module": {"resources": [_resource(a, v) for a, v in kept.items()]}},
        "configuration": {
            "root_module": {"resources": [_resource(a, None) | {"expressions": expressions.get(a, {})} for a in kept]}
        },
    }


def _resource(address: str, values: Plan | None) -> Plan:
    kind, name = address.split(".")
    found = {"address": address, "mode": "managed", "type": kind, "name": name}
    return found if values is None else found | {"values": values}


def codes(shown: Plan) -> list[str]:
    return [m.code for m in mistakes(read(json.dumps(shown).encode()))]
