"""What is said, and what helps, for each known family of reasons for which tasks are missing."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.causes.model import Fix, Where
from sddoctor.text.shell import aws


class Reason(Struct, frozen=True):
    """``clause`` says what is the matter, before the quotation; ``fix`` what repairs it, and where."""

    clause: str
    fix: str
    where: Where = "aws"


#: By the names of ``trail/setbacks.py``.
REASONS = {
    "spot": Reason(
        "a Spot interruption took a task away",
        "So that one interruption leaves others: run two or more tasks, or keep a base of them off Spot",
    ),
    "stopped-by-user": Reason(
        "somebody, or a tool, stopped a task",
        "So that one stopped task leaves others, run two or more",
    ),
    "host-gone": Reason(
        "the host of a task is gone",
        "See that the Auto Scaling group or capacity provider brings another host, and run tasks on two or more",
    ),
    "host-impaired": Reason("the host of a task is impaired", "Drain the host, and let its tasks start elsewhere"),
    "retired": Reason("AWS retired a task", "So that one retired task leaves others, run two or more"),
    "discovery": Reason(
        "service discovery refused a task", "Repair the registry, or the role with which ECS registers"
    ),
    "container-check": Reason(
        "the container health check stops its tasks", "Repair the check, or what it finds", "terraform"
    ),
    "load-balancer-check": Reason(
        "the load balancer's health check fails, so ECS stops each task and starts another",
        "Correct port, path or matcher of the target group, let its security group reach the tasks, and give a slow start "
        "a grace period",
        "terraform",
    ),
    "image": Reason(
        "its image cannot be pulled",
        "Push the image, or deploy a tag that exists; see that the execution role and the subnets reach the registry",
        "terraform",
    ),
    "secrets": Reason(
        "its secrets or registry credentials cannot be read",
        "Let the execution role read them, and the subnets reach Secrets Manager, SSM and ECR (NAT or endpoints)",
        "terraform",
    ),
    "role": Reason(
        "a role may not be used",
        "Create the role again, or repair its trust policy and what it may do",
        "terraform",
    ),
    "targets": Reason(
        "tasks cannot be registered in the target group",
        "Point the service to a target group that exists, of the right type and VPC",
        "terraform",
    ),
    "throttled": Reason("AWS throttles what ECS has to ask for", "Wait, or raise the rate quota of that API"),
    "addresses": Reason(
        "the subnet has no free address", "Add larger subnets to the service, or free addresses in these", "terraform"
    ),
    "interfaces": Reason(
        "no host has a free network interface",
        "Give the hosts more network interfaces: ENI trunking (for hosts started afterwards), a larger instance type, or "
        "Fargate",
    ),
    "quota": Reason("a quota of the account is used up", "Ask for a higher quota, or stop tasks that are not needed"),
    "port": Reason(
        "the host port that it needs is taken on every host",
        "Add a host, or let the host port be dynamic (hostPort 0)",
    ),
    "room": Reason(
        "no host or capacity has room for it", "Add hosts or capacity, or let the task need less", "terraform"
    ),
    "placement": Reason(
        "ECS finds no place for it",
        "Repair what the message names, or let the task's constraints fit a host",
        "terraform",
    ),
    "volume": Reason(
        "a volume cannot be mounted", "Repair the file system, its access point, or the way to it", "terraform"
    ),
    "initialisation": Reason(
        "its resources cannot be set up",
        "Repair what the message names: log group, network interface, endpoint or route",
        "terraform",
    ),
    "memory": Reason("its containers run out of memory", "Give the task more memory, or let it need less", "terraform"),
    "crash": Reason("its program ends", "Read the log of the container, and repair the program or its settings", "app"),
    "not-created": Reason("ECS cannot create it", "Repair what the message names", "terraform"),
    "not-started": Reason("it fails to start", "Repair what the message names", "terraform"),
    "rollout-failed": Reason(
        "its roll-out failed, and ECS does not try again by itself",
        "Deploy a revision that starts",
        "terraform",
    ),
    "no-start": Reason(
        "ECS tries less and less often, since no task starts", "Read why the stopped tasks stopped", "terraform"
    ),
}
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
_TRUNKING = aws("ecs", "put-account-setting-default", name="awsvpcTrunking", value="enabled")


def fix_of(family: str) -> Fix:
    """Return what repairs what a family of reasons names."""
    reason = REASONS[family]
    if family == "interfaces":
        changes = "Switches ENI trunking on for the whole account and region."
        return Fix(reason.fix, reason.where, commands=(_TRUNKING,), changes=changes)
    return Fix(reason.fix, reason.where)
