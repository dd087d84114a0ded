from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.lint.plans import CONTAINER, Plan, codes, plan, refers

SERVICE, ECS = "aws_service_discovery_service.api", "aws_ecs_service.api"
NAMESPACE, DEFINITION = "aws_service_discovery_private_dns_namespace.main", "aws_ecs_task_definition.api"


def containers(*changes: dict[str, Any]) -> dict[str, Plan]:
    return {DEFINITION: {"container_definitions": json.dumps([CONTAINER | c for c in changes])}}


def check(command: str) -> dict[str, Any]:
    return {"healthCheck": {"command": ["CMD-SHELL", command]}}


def records(*types: str, ttl: int = 10) -> dict[str, Plan]:
    return {SERVICE: {"dns_config": [{"dns_records": [{"type": t, "ttl": ttl} for t in types]}]}}


def test_a_sound_plan_has_no_mistake() -> None:
    assert codes(plan()) == []


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (plan({SERVICE: {"health_check_custom_config": []}}), "no-health-config"),
        (plan({SERVICE: {"health_check_custom_config": [{"failure_threshold": None}]}}), "no-health-config"),
        (plan({SERVICE: {"health_check_custom_config": [{}]}}), "no-health-config"),
        (plan(containers({"healthCheck": None})), "no-container-health-check"),
        (plan(containers({"healthCheck": {"command": ["NONE"]}})), "no-container-health-check"),
        (
            plan(containers({"healthCheck": None}, {"name": "agent", "essential": False})),
            "health-check-only-on-sidecar",
        ),
        (plan(containers({"image": "api:3-alpine"})), "health-check-tool-missing"),
        (plan(containers(check("wget -q -O- http://localhost:3000 || exit 1"))), "health-check-localhost-ipv6"),
        (plan({DEFINITION: {"network_mode": "bridge"}}), "registration-unsupported"),
        (plan({ECS: {"launch_type": "EXTERNAL"}}), "registration-unsupported"),
        (plan(records("SRV")), "srv-only"),
        (plan(records("A", ttl=300)), "ttl-long"),
        (plan({"aws_vpc.main": {"enable_dns_hostnames": False}}), "dns-hostnames-off"),
        (plan({"aws_vpc.main": {"enable_dns_hostnames": None}}), "dns-hostnames-off"),
        (plan({"aws_vpc.main": {"enable_dns_support": False}}), "dns-support-off"),
        (plan({NAMESPACE: {"name": "example.local"}}), "local-suffix"),
        (
            plan(
                {ECS: {"desired_count": 1, "deployment_minimum_healthy_percent": 0, "deployment_maximum_percent": 100}}
            ),
            "deployment-stops-before-start",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_one_mistake(shown: Plan, code: str) -> None:
    assert codes(shown) == [code]


@pytest.mark.parametrize(
    "shown",
    [
        plan(containers(check("curl -f http://127.0.0.1:3000 || exit 1"))),
        plan(containers({"image": "api:3-alpine"} | check("wget -q -O- http://127.0.0.1:3000 || exit 1"))),
        plan(containers({}, {"name": "agent", "essential": False, "healthCheck": None})),
        plan(records("A", ttl=60)),
        plan({"aws_vpc.main": {"enable_dns_support": None}}),
        plan({ECS: {"deployment_minimum_healthy_percent": 50}}),
        plan({ECS: {"service_registries": []}, SERVICE: {"health_check_custom_config": []}}),
        plan({DEFINITION: {"container_definitions": None}}),
    ],
)
def test_what_looks_like_one_and_is_none(shown: Plan) -> None:
    assert codes(shown) == []


def test_two_namespaces_of_one_name() -> None:
    other = "aws_service_discovery_private_dns_namespace.other"
    assert codes(plan(more={other: ({"name": "Example.internal"}, {})})) == ["namespace-duplicate"] * 2


def test_a_public_namespace_with_tasks_of_private_addresses() -> None:
    public = "aws_service_discovery_public_dns_namespace.main"
    of_public = {"dns_config": [{"namespace_id": refers(f"{public}.id")}]}
    service = {"name": "api", "dns_config": [{"dns_records": [{"type": "A", "ttl": 10}]}]}
    shown = plan(
        more={
            public: ({"name": "example.com"}, {}),
            SERVICE: (service | {"health_check_config": [{"type": "HTTP"}]}, of_public),
        }
    )
    assert sorted(codes(shown)) == ["namespace-public-private-address", "route53-health-check-cannot-reach"]


def another_vpc(*, associated: bool) -> Plan:
    more: dict[str, tuple[Plan, Plan]] = {
        "aws_vpc.other": ({"cidr_block": "10.20.0.0/16", "enable_dns_hostnames": True}, {}),
        "aws_subnet.a": ({}, {"vpc_id": refers("aws_vpc.other.id")}),
    }
    if associated:
        more["aws_route53_zone_association.other"] = ({}, {"vpc_id": refers("aws_vpc.other.id")})
    return plan(more=more)


def test_tasks_in_a_vpc_that_does_not_see_the_zone() -> None:
    assert codes(another_vpc(associated=False)) == ["zone-not-associated"]
    assert codes(another_vpc(associated=True)) == []


@pytest.mark.parametrize(
    ("domain", "kind", "found"),
    [
        ("example.internal.", "FORWARD", ["resolver-rule-overrides"]),
        ("dev-api.example.internal", "FORWARD", ["resolver-rule-overrides"]),
        ("internal", "FORWARD", []),
        ("example.internal", "SYSTEM", []),
        ("other.internal", "FORWARD", []),
    ],
)
def test_a_resolver_rule_that_takes_the_name_away(domain: str, kind: str, found: list[str]) -> None:
    more: dict[str, tuple[Plan, Plan]] = {
        "aws_route53_resolver_rule.r": ({"domain_name": domain, "rule_type": kind}, {})
    }
    assert codes(plan(more=more)) == found


@pytest.mark.parametrize(
    ("servers", "found"),
    [(["10.9.0.53"], ["dhcp-custom-dns"]), (["AmazonProvidedDNS"], []), (["10.10.0.2", "10.9.0.53"], []), ([], [])],
)
def test_servers_of_dhcp(servers: list[str], found: list[str]) -> None:
    more = {
        "aws_vpc_dhcp_options.o": ({"domain_name_servers": servers}, {}),
        "aws_vpc_dhcp_options_association.a": (
            {},
            {"vpc_id": refers("aws_vpc.main.id"), "dhcp_options_id": refers("aws_vpc_dhcp_options.o.id")},
        ),
    }
    assert codes(plan(more=more)) == found
