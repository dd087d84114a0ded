"""Answers as accounts give them are read without loss: each member is read or ignored on purpose, and what is read is kept.

Answers that others recorded are read too, where their folder lies beside the project. They are no part of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sddoctor.formats.aws import cloudmap, ecs, interfaces, network, resolver
from sddoctor.formats.aws.enums import unknown_values
from tests.aws_members.reading import taken_members
from tests.aws_members.sample import operation_paths
from tests.unit.formats_aws.test_members import ignored, is_below

ROOT = Path(__file__).parents[3]
OWN = ROOT / "tests" / "data" / "aws_members" / "answers.yaml"
#: What reads an entry of the list in an answer, or the answer itself.
READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "ec2:DescribeDhcpOptions": ("DhcpOptions", network.dhcp),
    "ec2:DescribeNetworkInterfaces": ("NetworkInterfaces", lambda d: (interfaces.interface(d), network.interfaces(d))),
    "ec2:DescribeSecurityGroups": ("SecurityGroups", network.ingress),
    "ec2:DescribeVpcAttribute": ("", lambda d: d),
    "ec2:DescribeVpcs": ("Vpcs", network.vpc),
    "ecs:DescribeContainerInstances": ("containerInstances", ecs.container_instance),
    "ecs:DescribeServices": ("services", ecs.service),
    "ecs:DescribeTaskDefinition": ("", lambda d: ecs.task_definition(d["taskDefinition"])),
    "ecs:DescribeTasks": ("tasks", ecs.task),
    "ecs:ListServices": ("", lambda d: d["serviceArns"]),
    "ecs:ListTasks": ("", lambda d: d["taskArns"]),
    "route53:ListResourceRecordSets": ("ResourceRecordSets", network.record),
    "route53resolver:ListResolverRules": ("ResolverRules", resolver.rule),
    "servicediscovery:ListInstances": ("Instances", cloudmap.instance),
    "servicediscovery:ListNamespaces": ("Namespaces", lambda d: cloudmap.namespace(d, "111122223333")),
    "servicediscovery:ListServices": ("Services", lambda d: cloudmap.service(d, "ns-1", "111122223333")),
}
#: Operations that are not called.
OTHERS = {"ecs:DescribeClusters", "route53:ListHostedZones", "servicediscovery:GetNamespace"}
#: Values that are read and not kept, by the end of their path, and why.
NOT_KEPT = {
    "Tags[].Key": "only the name of a VPC is kept",
    "Tags[].Value": "only the name of a VPC is kept",
    "details[].name": "they are names of details",
    "details[].value": "only addresses and the subnet are kept",
    "attachments[].type": "only those of network interfaces are read",
    "DhcpConfigurations[].Key": "only servers and domain name are kept",
    "Values[].Value": "only servers and domain name are kept",
    "Failover": "that its policy is failover is kept",
    "SecurityGroups[].GroupId": "a group without permissions admits nobody",
    "State": "it decides whether a range counts",
    "ResourceOwner": "whether it is the caller's is kept",
    "ShareStatus": "nothing depends on it",
    "nextToken": "it leads to the next page",
    "NextToken": "it leads to the next page",
}


@cache
def own() -> list[tuple[str, dict[str, Any]]]:
    return [(a["operation"], a["answer"]) for a in yaml.safe_load(OWN.read_text(encoding="utf-8"))]


@cache
def recorded() -> dict[str, dict[str, Any]]:
    """Return the recorded answers by the name of their file, none where their folder is not there."""
    folder = next((f for p in ROOT.parents if (f := p / "shared" / "cases" / "recorded").is_dir()), None)
    return {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))} if folder else {}


def operation_of(stem: str) -> str:
    """Return ``ecs:DescribeTasks`` of ``ecs.DescribeTasks.01``."""
    return ":".join(stem.split(".")[:2])


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            is_map = path.endswith(("Attributes", "Status"))
            if is_map and not key.startswith("AWS_"):
                continue  # attributes of one's own are left out
            yield from leaves(inner, f"{path}{{}}" if is_map else f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    elif path:
        yield path, value


def as_boto3_gives_it(operation: str, value: Any, path: str = "") -> Any:
    """Return an answer with its times as boto3 has them."""
    if isinstance(value, dict):
        return {k: as_boto3_gives_it(operation, v, f"{path}.{k}".removeprefix(".")) for k, v in value.items()}
    if isinstance(value, list):
        return [as_boto3_gives_it(operation, v, f"{path}[]") for v in value]
    shape = operation_paths(operation).get(path)
    if shape is not None and shape.type_name == "timestamp" and isinstance(value, str):
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value


def lost(operation: str, answer: dict[str, Any]) -> list[str]:
    """Return what of an answer is neither read nor ignored on purpose, and what is read and not in the facts."""
    taken, listed = taken_members()[operation], ignored(operation)
    found = [f"unknown: {u}" for u in unknown_values(operation, answer)]
    shown = facts(operation, answer)
    for path, value in leaves(as_boto3_gives_it(operation, answer)):
        if any(path == i or is_below(path, i) for i in listed):
            continue
        if path not in taken and path.removesuffix("{}").removesuffix("[]") not in taken:
            found.append(f"neither read nor ignored: {path}")
        elif isinstance(value, str) and value and not path.endswith(tuple(NOT_KEPT)) and not is_kept(value, shown):
            found.append(f"not kept: {path} {value!r}")
    return sorted({*found})


def is_kept(value: str, shown: str) -> bool:
    plain = network.record_name(value) if value.endswith(".") else value
    return repr(plain.lower())[1:-1] in shown or repr(value.lower())[1:-1] in shown


def facts(operation: str, answer: dict[str, Any]) -> str:
    """Return the facts that the reader makes of an answer, as text in lower case."""
    key, read = READERS[operation]
    given = as_boto3_gives_it(operation, answer)
    return repr([read(item) for item in given[key]] if key else read(given)).lower()


@pytest.mark.parametrize(("operation", "answer"), own(), ids=[f"{o}-{i}" for i, (o, _) in enumerate(own())])
def test_nothing_is_lost(operation: str, answer: dict[str, Any]) -> None:
    assert lost(operation, answer) == []


@pytest.mark.parametrize("stem", sorted(recorded()))
def test_nothing_is_lost_of_what_others_recorded(stem: str) -> None:
    operation = operation_of(stem)
    if operation in OTHERS:
        assert operation not in taken_members()
    else:
        assert lost(operation, recorded()[stem]) == []


def test_a_lost_value_would_be_noticed() -> None:
    task = {"taskArn": "arn:t/c/1", "clusterArn": "c", "lastStatus": "RUNNING", "desiredStatus": "RUNNING"}
    changed = {
        "tasks": [{**task, "newMember": "x", "healthStatus": "LIMPING", "attachments": [{"type": "eni", "id": "a"}]}]
    }
    assert lost("ecs:DescribeTasks", changed) == [
        "neither read nor ignored: tasks[].newMember",
        "unknown: tasks[].healthStatus: LIMPING",
    ]
