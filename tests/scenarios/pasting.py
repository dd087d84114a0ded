"""Commands of fixes as a person pastes them: what they do, and running them with the real ``aws`` against a lab."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sddoctor.lab.runner import Lab

#: Where ``aws`` of this environment is.
_BIN = Path(sys.executable).parent
_CALL = re.compile(r"\baws ([a-z0-9-]+) (wait )?([a-z0-9-]+)")
_LOOKS = re.compile(r"get-|list-|describe-|discover-|execute-command|wait ")
#: What a person would have to replace before pasting.
_PLACEHOLDER = re.compile(r"<[a-zA-Z]|\b(?:NEW|YOUR|MY|VPC|PARENT|ZONE|REGISTRY)[-_][A-Z]|\bNAME\b|\bID\b|PLACEHOLDER")
#: Such words that are none: names of filters, and variables that an earlier command sets.
_NONE = re.compile(r"Name=[A-Z_]+|\$?\b[A-Z_]+(?==\"\$)|\$[A-Z_]+")


def operations(commands: Iterable[str]) -> tuple[str, ...]:
    """Return the operations that the commands call, in their order: ``ecs update-service``."""
    return tuple(f"{service} {wait}{name}" for c in commands for service, wait, name in _CALL.findall(c))


def changes(commands: Iterable[str]) -> bool:
    """Tell whether one of the commands changes something in AWS."""
    return any(not _LOOKS.match(o.partition(" ")[2]) for o in operations(commands))


def to_complete(commands: Iterable[str]) -> list[str]:
    """Return the commands in which a person would have to replace something first."""
    return [c for c in commands if _PLACEHOLDER.search(_NONE.sub("", c))]


def changing_fixes(finding: dict[str, Any]) -> list[list[str]]:
    """Return the commands of each fix of a finding that changes something in AWS."""
    found = [[str(c) for c in fix.get("commands") or ()] for fix in finding["fixes"]]
    return [commands for commands in found if changes(commands)]


def shape(code: str, commands: Iterable[str]) -> str:
    """Return what a fix does, whatever it does it to."""
    return f"{code}: {', '.join(operations(commands))}"


def paste(lab: Lab, commands: Iterable[str]) -> subprocess.CompletedProcess[str]:
    """Run the commands as they are printed, one after another, in a shell that stops at the first failure."""
    env = lab.process_env()
    env["PATH"] = f"{_BIN}{os.pathsep}{env.get('PATH', '')}"
    script = "set -e\n" + "\n".join(commands)
    return subprocess.run(
        ["/bin/sh", "-c", script], cwd=lab.root, env=env, capture_output=True, text=True, timeout=180, check=False
    )


def name_afterwards(name: str, commands: Iterable[str]) -> str:
    """Return what to check after the commands: the name of the Cloud Map service that they make, else the same one."""
    made = re.search(r"servicediscovery create-service --name (\S+)", "\n".join(commands))
    return f"{made[1]}.{name.partition('.')[2]}" if made is not None else name


#: A world for everything that fixes do: each of them is executed there.
EXECUTED = {
    "address-family-mismatch: servicediscovery create-service, ecs update-service": "address-family-mismatch",
    "agent-disconnected: ecs stop-task": "health-not-propagated-lookalike",
    "agent-disconnected: ecs update-container-instances-state": "agent-disconnected",
    "alias-target-missing: route53 change-resource-record-sets": "alias-target-missing-in-a-zone",
    "all-instances-unhealthy: servicediscovery update-instance-custom-health-status": "all-instances-unhealthy-no-checks",
    "all-instances-unhealthy: servicediscovery update-instance-custom-health-status, servicediscovery update-instance-custom-health-status": "all-instances-unhealthy-lookalike",
    "answer-is-partial: servicediscovery create-service, ecs update-service": "healthy-weighted",
    "api-only: servicediscovery create-private-dns-namespace, servicediscovery get-operation, servicediscovery get-operation, servicediscovery get-operation, servicediscovery create-service, ecs update-service": "api-only-mesh",
    "api-only: servicediscovery create-service, ecs update-service": "api-only-and-service-scaled-to-zero",
    "client-vpn-without-dns: ec2 modify-client-vpn-endpoint": "client-vpn-without-dns",
    "deployment-stops-before-start: ecs update-service": "deployment-in-progress-gap",
    "dhcp-custom-dns: ec2 create-dhcp-options, ec2 associate-dhcp-options": "dhcp-custom-dns",
    "dns-firewall-blocks: route53resolver create-firewall-domain-list, route53resolver update-firewall-domains, route53resolver create-firewall-rule": "dns-firewall-blocks-nodata",
    "dns-firewall-blocks: route53resolver update-firewall-domains": "dns-firewall-blocks",
    "dns-firewall-blocks: route53resolver update-firewall-rule": "dns-firewall-blocks-alias-target",
    "dns-hostnames-off: ec2 modify-vpc-attribute": "dns-hostnames-off",
    "dns-support-off: ec2 modify-vpc-attribute, ec2 modify-vpc-attribute": "dns-support-off",
    "health-check-localhost-ipv6: ecs describe-task-definition, ecs register-task-definition, ecs update-service": "health-check-localhost-ipv6",
    "health-check-only-on-sidecar: ecs register-task-definition, ecs update-service": "health-check-only-on-sidecar",
    "health-check-start-period-too-short: ecs describe-task-definition, ecs register-task-definition, ecs update-service": "health-check-start-period-too-short",
    "health-check-tool-missing: ecs register-task-definition, ecs update-service": "health-check-tool-missing",
    "health-not-propagated: ecs update-service": "all-instances-unhealthy-lookalike",
    "health-not-propagated: servicediscovery update-instance-custom-health-status": "instance-address-mismatch-and-health-not-propagated",
    "health-not-propagated: servicediscovery update-instance-custom-health-status, servicediscovery update-instance-custom-health-status": "all-instances-unhealthy-lookalike",
    "hosted-zone-missing: servicediscovery create-private-dns-namespace, servicediscovery get-operation, servicediscovery get-operation, servicediscovery get-operation, servicediscovery create-service, ecs update-service": "hosted-zone-missing",
    "hosted-zone-missing: servicediscovery create-private-dns-namespace, servicediscovery get-operation, servicediscovery get-operation, servicediscovery get-operation": "service-connect-only-and-hosted-zone-missing",
    "inbound-endpoint-blocked: ec2 authorize-security-group-ingress": "inbound-endpoint-blocked",
    "instance-address-mismatch: servicediscovery deregister-instance, ecs update-service": "instance-address-mismatch-and-health-not-propagated",
    "instance-missing: ecs stop-task": "namespace-not-delegated-and-instance-missing",
    "instance-missing: ecs update-service": "namespace-not-delegated-and-instance-missing",
    "load-balancer-check-replaces-tasks: ecs update-service": "load-balancer-check-replaces-tasks",
    "namespace-creation-failed: route53 disassociate-vpc-from-hosted-zone, servicediscovery create-private-dns-namespace, servicediscovery get-operation, servicediscovery get-operation, servicediscovery get-operation": "namespace-creation-failed-elsewhere-needed",
    "namespace-creation-failed: servicediscovery create-private-dns-namespace, servicediscovery get-operation, servicediscovery get-operation, servicediscovery get-operation": "namespace-creation-failed-again",
    "namespace-duplicate: servicediscovery create-service, ecs update-service": "namespace-duplicate",
    "namespace-not-delegated: route53 list-hosted-zones-by-name, route53 change-resource-record-sets": "namespace-not-delegated-and-instance-missing",
    "negative-answer-cached: ecs update-service": "negative-answer-cached-and-stale-instance",
    "negative-answer-cached: servicediscovery update-private-dns-namespace": "negative-answer-cached-and-stale-instance",
    "no-container-health-check: ecs register-task-definition, ecs update-service": "all-instances-unhealthy-no-checks",
    "no-health-config: servicediscovery create-service": "namespace-public-private-address-lookalike",
    "no-health-config: servicediscovery create-service, ecs update-service": "namespace-not-delegated-and-instance-missing",
    "no-route-to-resolver: ec2 authorize-client-vpn-ingress": "no-route-to-resolver-not-authorized",
    "plain-zone-lacks-record: route53 change-resource-record-sets": "plain-zone-lacks-record-elsewhere",
    "plain-zone-wildcard: route53 disassociate-vpc-from-hosted-zone": "plain-zone-wildcard",
    "record-missing: ecs update-service": "record-orphaned-and-record-missing",
    "record-missing: servicediscovery register-instance": "record-orphaned-and-record-missing",
    "record-missing: servicediscovery register-instance, servicediscovery register-instance": "record-missing",
    "record-orphaned: servicediscovery register-instance, servicediscovery deregister-instance": "record-orphaned-and-record-missing",
    "registration-failed: ecs update-service": "registration-failed",
    "registration-failed: iam create-service-linked-role, ecs update-service": "registration-failed-role",
    "registration-unsupported: servicediscovery register-instance": "registration-unsupported",
    "registry-arn-mismatch: ecs update-service": "registry-arn-mismatch",
    "registry-recreated: ecs update-service": "registry-recreated",
    "resolver-of-another-vpc: route53 associate-vpc-with-hosted-zone": "resolver-of-another-vpc",
    "resolver-rule-not-associated: route53resolver associate-resolver-rule": "resolver-rule-not-associated",
    "resolver-rule-overrides: route53resolver disassociate-resolver-rule": "resolver-rule-overrides-spoke",
    "resolver-rule-overrides: route53resolver update-resolver-rule": "resolver-rule-overrides-spoke",
    "route53-health-check-cannot-reach: servicediscovery create-service, ecs update-service": "route53-health-check-cannot-reach",
    "route53-health-check-cannot-reach: servicediscovery update-service": "route53-health-check-cannot-reach",
    "service-connect-client-too-old: ecs update-service": "service-connect-client-too-old",
    "service-connect-only: ecs update-service": "service-connect-only-older-member",
    "service-connect-only: servicediscovery create-service, ecs update-service": "service-connect-only-older-member",
    "service-not-attached: ecs update-service": "service-not-attached-stray-task",
    "service-not-found: servicediscovery create-service": "service-not-found",
    "service-scaled-to-zero: ecs update-service": "api-only-and-service-scaled-to-zero",
    "srv-only: servicediscovery create-service": "srv-only",
    "stale-answer-cached: servicediscovery update-service": "ttl-long-and-stale-answer-cached",
    "stale-instance: servicediscovery deregister-instance": "negative-answer-cached-and-stale-instance",
    "stale-instance: servicediscovery deregister-instance, servicediscovery deregister-instance": "stale-instance-owner-deleted",
    "stopping-task-still-answered: servicediscovery update-service": "healthy-draining-replacement",
    "target-not-serving: rds start-db-cluster": "target-not-serving-cluster",
    "target-not-serving: rds start-db-instance": "target-not-serving-database",
    "task-being-replaced: ecs update-service": "task-being-replaced",
    "task-outside-service: servicediscovery register-instance": "service-not-attached-stray-task",
    "tasks-not-starting: ecs put-account-setting-default": "tasks-not-starting-no-room",
    "tasks-not-starting: ecs update-service": "tasks-not-starting",
    "ttl-long: servicediscovery update-private-dns-namespace": "negative-answer-cached-and-stale-instance",
    "ttl-long: servicediscovery update-service": "ttl-long-and-stale-answer-cached",
    "unmanaged-instance: servicediscovery deregister-instance": "namespace-public-private-address-lookalike",
    "unmanaged-instance: servicediscovery deregister-instance, servicediscovery deregister-instance": "healthy-reconciler",
    "zone-not-associated: route53 associate-vpc-with-hosted-zone": "resolver-rule-overrides-spoke",
    "zone-not-associated: route53 create-vpc-association-authorization, route53 associate-vpc-with-hosted-zone": "zone-not-associated-shared-namespace",
    "zone-shadowed: route53 change-resource-record-sets": "zone-shadowed",
    "zone-shadowed: route53 disassociate-vpc-from-hosted-zone": "zone-shadowed",
    "zone-shadowed: route53profiles disassociate-resource-from-profile": "zone-shadowed-profile",
}
