"""Two faults in one case: what is in AWS of one world, and who asks, and how, of another one of the same base.

A world's rows say what is known of it by what it changes. Nothing here is asked of the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from sddoctor.case.case import Case
from tests.world_cases import observed

#: ``lasting``: named wherever the asker is. ``fits``: likewise, and after what is proved. ``passing``: passes by itself, so
#: beside a fault that lasts it is no root. ``answered``: addresses that nobody should get, so they matter where the zone answers.
How = Literal["lasting", "fits", "passing", "answered"]
_VPC = "10.10.0.2"


@dataclass(frozen=True)
class InAws:
    """A fault of the tasks, the registry or the records."""

    world: str
    code: str
    first: str
    how: How = "lasting"


@dataclass(frozen=True)
class Asking:
    """A fault between the zone and the program. ``zone_answers``: the VPC resolver answers whoever asks it."""

    world: str
    code: str
    first: str
    zone_answers: bool = True


IN_AWS = (
    InAws("service-scaled-to-zero", "service-scaled-to-zero", "tasks missing"),
    InAws("tasks-not-starting", "tasks-not-starting", "tasks missing"),
    InAws("tasks-not-starting-role", "tasks-not-starting", "tasks missing"),
    InAws("tasks-not-starting-circuit-breaker", "tasks-not-starting", "tasks missing"),
    InAws("tasks-not-starting-one-of-two", "tasks-not-starting", "tasks missing"),
    InAws("tasks-not-starting-unknown", "tasks-not-starting", "tasks missing"),
    InAws("tasks-not-starting-no-reason", "tasks-not-starting", "tasks missing"),
    InAws("tasks-not-starting-no-room", "tasks-not-starting", "tasks missing"),
    InAws("task-being-replaced", "task-being-replaced", "tasks missing", "passing"),
    InAws("load-balancer-check-replaces-tasks", "load-balancer-check-replaces-tasks", "tasks missing"),
    InAws("tasks-not-starting-load-balancer", "tasks-not-starting", "tasks missing", "passing"),
    InAws("tasks-stuck-before-running", "tasks-stuck-before-running", "tasks missing"),
    InAws("deployment-in-progress", "deployment-in-progress", "tasks missing", "passing"),
    InAws("health-propagating-first-check", "health-propagating", "tasks missing", "passing"),
    InAws("health-check-failing", "health-check-failing", "tasks not-serving"),
    InAws("stopping-task-still-answered", "stopping-task-still-answered", "tasks not-serving", "passing"),
    InAws("service-not-attached", "service-not-attached", "registry missing"),
    InAws("registry-recreated", "registry-recreated", "registry missing"),
    InAws("registration-failed", "registration-failed", "registry missing"),
    InAws("registry-arn-mismatch", "registry-arn-mismatch", "registry missing", "fits"),
    InAws("registration-unsupported", "registration-unsupported", "registry missing", "fits"),
    InAws("task-outside-service", "task-outside-service", "registry missing", "fits"),
    InAws("instance-missing", "instance-missing", "registry missing"),
    InAws("all-instances-unhealthy", "all-instances-unhealthy", "registry missing"),
    InAws("stale-instance", "stale-instance", "registry foreign", "answered"),
    InAws("record-missing", "record-missing", "records missing"),
    InAws("record-missing-one-of-two", "record-missing", "records missing"),
    InAws("record-orphaned", "record-orphaned", "records foreign", "answered"),
)
ASKING = (
    Asking("split-dns-missing", "split-dns-missing", "servers NXDOMAIN"),
    Asking("resolver-file-malformed", "resolver-file-malformed", "servers NXDOMAIN"),
    Asking("resolver-file-shadowed", "resolver-file-shadowed", "servers NXDOMAIN"),
    Asking("resolver-file-wrong-domain-key", "resolver-file-wrong-domain", "servers NXDOMAIN"),
    Asking("resolver-file-wrong-nameserver", "resolver-file-wrong-nameserver", "servers silence"),
    Asking("resolver-of-another-vpc", "resolver-of-another-vpc", "servers NXDOMAIN"),
    Asking("link-local-resolver-outside-vpc", "link-local-resolver-outside-vpc", "servers silence"),
    Asking("hosts-file-override", "hosts-file-override", "program foreign"),
    Asking("vpn-down", "no-route-to-resolver", "path silence", zone_answers=False),
    Asking("cidr-overlap", "cidr-overlap", "path silence", zone_answers=False),
    Asking("dns-support-off", "dns-support-off", "path silence", zone_answers=False),
    Asking("dns-firewall-blocks", "dns-firewall-blocks", "vpc-answer NXDOMAIN", zone_answers=False),
    Asking("dns-firewall-blocks-nodata", "dns-firewall-blocks", "vpc-answer NODATA", zone_answers=False),
    Asking("resolver-rule-overrides", "resolver-rule-overrides", "vpc-answer NXDOMAIN", zone_answers=False),
    Asking("resolver-rule-overrides-loop", "resolver-rule-overrides", "vpc-answer SERVFAIL", zone_answers=False),
    Asking("zone-shadowed", "zone-shadowed", "vpc-answer NODATA", zone_answers=False),
)  # fmt: skip
#: A world and a cause that it keeps from mattering: a zone without any record has nothing that a rule takes away.
HIDES = {("record-missing", "resolver-rule-overrides")}


def both(in_aws: InAws, asking: Asking) -> Case:
    """Return the case of a client that asks as in one world for the name of tasks that are as in the other."""
    below, above = observed(in_aws.world).case, observed(asking.world).case
    probes = above.place.dns.probes
    if asking.zone_answers:
        own = (p for p in probes if p.server.address != _VPC)
        probes = (*own, *(p for p in below.place.dns.probes if p.server.address == _VPC))
    place = replace(above.place, dns=replace(above.place.dns, probes=probes), connections=below.place.connections)
    aws = replace(above.aws, ecs=below.aws.ecs, cloudmap=below.aws.cloudmap)
    return replace(above, at=below.at, aws=aws, places=(place,))  # ages are those of the tasks


def expected(in_aws: InAws, asking: Asking) -> tuple[tuple[str, ...], str]:
    """Return the root causes, in their order, and the first break."""
    if (in_aws.world, asking.code) in HIDES:
        return (in_aws.code,), in_aws.first
    if in_aws.how == "answered" and not asking.zone_answers:
        return (asking.code,), asking.first
    roots = {
        "passing": (asking.code,),
        "fits": (asking.code, in_aws.code),
    }.get(in_aws.how, (in_aws.code, asking.code))
    return roots, in_aws.first
