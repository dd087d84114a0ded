"""What refers to what: by ids in a state, by references in a plan, through modules, and with count."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sddoctor.lint.model import discovered
from sddoctor.lint.terraform import TerraformError, read
from tests.unit.lint.plans import RESOURCES, plan, refers

NAMESPACE, SERVICE = "aws_service_discovery_private_dns_namespace", "aws_service_discovery_service"


def resource(address: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"address": address, "mode": "managed", "type": address.rsplit(".", 2)[-2], "values": values}


def test_a_plan_is_linked_by_references() -> None:
    (one,) = discovered(read(json.dumps(plan()).encode()))
    assert one.service is not None
    assert one.namespace is not None
    assert (one.service.address, one.namespace.text("name")) == (f"{SERVICE}.api", "example.internal")
    assert one.definition is not None
    assert one.definition.network_mode == "awsvpc"


def test_a_state_is_linked_by_ids() -> None:
    values = {a: dict(v) for a, v in RESOURCES.items()}
    values[f"{NAMESPACE}.main"]["id"] = "ns-1"
    values[f"{SERVICE}.api"]["arn"] = "arn:srv-1"
    values[f"{SERVICE}.api"]["dns_config"] = [{"namespace_id": "ns-1", "dns_records": []}]
    values["aws_ecs_task_definition.api"] |= {"arn": "arn:td:7", "revision": 7}
    values["aws_ecs_service.api"] |= {
        "task_definition": "dev-api:7",
        "service_registries": [{"registry_arn": "arn:srv-1"}],
    }
    state = {
        "format_version": "1.0",
        "values": {"root_module": {"resources": [resource(a, v) for a, v in values.items()]}},
    }
    (one,) = discovered(read(json.dumps(state).encode()))
    assert one.service is not None
    assert one.namespace is not None
    assert one.namespace.text("id") == "ns-1"
    assert one.definition is not None


def test_references_lead_through_variables_and_outputs_of_modules() -> None:
    shown = {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {
                "child_modules": [
                    {"resources": [resource(f"module.dns.{NAMESPACE}.this", {"name": "example.internal"})]},
                    {
                        "resources": [
                            resource(f'module.api["dev"].{SERVICE}.this', {"name": "dev-api", "dns_config": [{}]}),
                            resource('module.api["dev"].aws_ecs_service.this', {"service_registries": [{}]}),
                        ]
                    },
                ]
            }
        },
        "configuration": {
            "root_module": {
                "module_calls": {
                    "dns": {
                        "module": {
                            "outputs": {"namespace": {"expression": refers(f"{NAMESPACE}.this.id")}},
                            "resources": [{"address": f"{NAMESPACE}.this", "expressions": {}}],
                        }
                    },
                    "api": {
                        "expressions": {"ns": refers("module.dns.namespace")},
                        "module": {
                            "resources": [
                                {
                                    "address": f"{SERVICE}.this",
                                    "expressions": {"dns_config": [{"namespace_id": {"references": ["var.ns"]}}]},
                                },
                                {
                                    "address": "aws_ecs_service.this",
                                    "expressions": {
                                        "service_registries": [{"registry_arn": refers(f"{SERVICE}.this.arn")}]
                                    },
                                },
                            ]
                        },
                    },
                }
            }
        },
    }
    (one,) = discovered(read(json.dumps(shown).encode()))
    assert one.service is not None
    assert one.namespace is not None
    assert one.namespace.address == f"module.dns.{NAMESPACE}.this"


def test_of_several_instances_the_one_with_the_same_key_is_meant() -> None:
    shown = plan()
    module, config = shown["planned_values"]["root_module"], shown["configuration"]["root_module"]
    for kind in (SERVICE, "aws_ecs_service"):
        (one,) = [r for r in module["resources"] if r["type"] == kind]
        module["resources"].remove(one)
        module["resources"] += [one | {"address": f"{kind}.api[{n}]"} for n in (0, 1)]
    assert config["resources"]
    found = discovered(read(json.dumps(shown).encode()))
    assert [(d.ecs.address, d.service.address if d.service else None) for d in found] == [
        (f"aws_ecs_service.api[{n}]", f"{SERVICE}.api[{n}]") for n in (0, 1)
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "It is not JSON"),
        (b"\xff\xfe", "It is not JSON"),
        (b"[" * 100_000, "It is not JSON"),
        (b"{}", "There is no format_version"),
        (b'"text"', "There is no format_version"),
        (b'{"format_version": "2.0"}', "format 2.0 is not known"),
        (
            b'{"version": 4, "terraform_version": "1.9.8", "serial": 3, "resources": []}',
            "a state as Terraform stores it",
        ),
        (b'{"format_version": "1.0", "values": {"root_module": {"resources": [1]}}}', "its parts have another shape"),
    ],
)
def test_what_is_something_else_is_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(TerraformError, match=says):
        read(data)


def test_a_circle_of_references_ends() -> None:
    shown = plan()
    shown["configuration"]["root_module"]["module_calls"] = {
        "m": {
            "expressions": {"x": {"references": ["module.m.y"]}},
            "module": {
                "outputs": {"y": {"expression": {"references": ["var.x"]}}},
                "resources": [{"address": "aws_vpc.x", "expressions": {"a": {"references": ["var.x"]}}}],
            },
        }
    }
    assert read(json.dumps(shown).encode()).every
