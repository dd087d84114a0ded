"""The real ``aws`` command reads from the stand-in in every protocol."""

from __future__ import annotations

import json

import pytest

from tests.unit.lab_aws.conftest import SERVICE, TASK, VPC, ZONE, Running, Start

pytestmark = pytest.mark.slow


def test_the_command_reads_in_every_protocol(article: Running):
    for args in (
        ("ecs", "describe-tasks", "--cluster", "dev", "--tasks", TASK),
        ("servicediscovery", "get-instances-health-status", "--service-id", SERVICE),
        ("route53", "list-resource-record-sets", "--hosted-zone-id", ZONE),
        ("route53resolver", "list-resolver-rule-associations"),
        ("route53profiles", "list-profile-associations"),
        ("ec2", "describe-vpc-attribute", "--vpc-id", VPC, "--attribute", "enableDnsSupport"),
        ("sts", "get-caller-identity"),
    ):
        done = article.cli(*args)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)
    assert len({c.service for c in article.aws.log.calls}) == 7


def test_the_command_discovers_instances_in_spite_of_the_host_prefix(article: Running):
    done = article.cli(
        *("servicediscovery", "discover-instances", "--namespace-name", "example.internal"),
        *("--service-name", "dev-api"),
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["Instances"]) == 2


def test_the_command_waits_for_a_stable_service(article: Running):
    done = article.cli("ecs", "wait", "services-stable", "--cluster", "dev", "--services", "dev-api-service")
    assert done.returncode == 0, done.stderr


def test_the_command_shows_a_denial(start: Start):
    run = start({"faults": {"deny": ["ecs:ListClusters"]}})
    done = run.cli("ecs", "list-clusters")
    assert done.returncode != 0
    assert "AccessDeniedException" in done.stderr
