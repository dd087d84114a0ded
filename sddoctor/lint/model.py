"""Mistakes, and the ECS services of a plan or state that register by service discovery."""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct

from sddoctor.case.ecs import TaskDefinition
from sddoctor.formats.aws import ecs as ecs_shapes
from sddoctor.lint.terraform import Resource, Resources


class Mistake(Struct, frozen=True):
    """A mistake: the ``code`` of the cause that it leads to, the resource, and what to write instead."""

    code: str
    address: str
    summary: str
    fix: str


class Discovered(Struct, frozen=True):
    """An ECS service that registers, with what it registers in, as far as the file has them."""

    ecs: Resource
    registry: dict[str, Any]
    service: Resource | None
    namespace: Resource | None
    definition: TaskDefinition | None


NAMESPACES = (
    "aws_service_discovery_private_dns_namespace",
    "aws_service_discovery_public_dns_namespace",
    "aws_service_discovery_http_namespace",
)


def namespace_of(found: Resources, service: Resource) -> Resource | None:
    """Return the namespace of a Cloud Map service."""
    for block in service.blocks("dns_config"):
        return found.target(service, "dns_config.namespace_id", block.get("namespace_id"), *NAMESPACES)
    return found.target(service, "namespace_id", service.values.get("namespace_id"), *NAMESPACES)


def discovered(found: Resources) -> list[Discovered]:
    """Return every ECS service of the file that has a registry."""
    result = []
    for ecs in found.of("aws_ecs_service"):
        for registry in ecs.blocks("service_registries"):
            service = found.target(
                ecs, "service_registries.registry_arn", registry.get("registry_arn"), "aws_service_discovery_service"
            )
            namespace = namespace_of(found, service) if service is not None else None
            result.append(Discovered(ecs, registry, service, namespace, definition_of(found, ecs)))
    return result


def definition_of(found: Resources, ecs: Resource) -> TaskDefinition | None:
    """Return the task definition of an ECS service, read as ECS would read it."""
    name = ecs.text("task_definition")
    among = found.of("aws_ecs_task_definition")
    resource = next(
        (
            r
            for r in among
            if name and name in (r.text("arn"), r.text("family"), f"{r.text('family')}:{r.values.get('revision')}")
        ),
        None,
    ) or found.target(ecs, "task_definition", None, "aws_ecs_task_definition")
    if resource is None:
        return None
    try:
        containers = json.loads(resource.text("container_definitions"))
        return ecs_shapes.task_definition(
            {
                "taskDefinitionArn": resource.address,
                "family": resource.text("family"),
                "networkMode": resource.text("network_mode") or "bridge",
                "containerDefinitions": containers,
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # not known before it is applied, or not of the documented shape
