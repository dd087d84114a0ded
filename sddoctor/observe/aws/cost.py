"""What a scan of an account and region costs: calls by operation, and the time that they take at AWS's request rates.

Counted for healthy names, by the page and batch sizes that the scan uses. An unhealthy name costs a few calls more: its
stopped tasks, failed operations, the walk over all clusters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from sddoctor.observe.aws.batches import TASKS_AT_ONCE
from sddoctor.observe.aws.ecs_reads import SERVICES_AT_ONCE
from sddoctor.observe.aws.pace import GLOBAL, rate_of
from sddoctor.observe.aws.zones import RECORDS_PAGE_SIZE

#: The page size of Cloud Map's and ECS's lists.
PAGE_SIZE = 100


class Estate(Struct, frozen=True):
    """Names of one account and region: services that each have ``tasks`` tasks and a task definition of their own.

    ``vpcs`` are those that the namespaces' zones are associated with; services are spread evenly over namespaces and
    clusters.
    """

    services: int
    tasks: int
    namespaces: int = 1
    clusters: int = 1
    vpcs: int = 1


def calls_of(estate: Estate) -> Counter[str]:
    """Return how often each operation is called."""
    services, tasks = estate.services, estate.tasks
    in_namespace = _pages(services, estate.namespaces)
    in_cluster = _pages(services, estate.clusters)
    records = in_namespace * tasks + 2  # and those of the zone itself
    pages_of_tasks = max(1, _pages(tasks, PAGE_SIZE))
    once = {
        "sts:GetCallerIdentity": 1,
        "servicediscovery:ListNamespaces": max(1, _pages(estate.namespaces, PAGE_SIZE)),
        "ec2:DescribeVpcs": 1,
        "ec2:DescribeClientVpnEndpoints": 1,
        "route53resolver:ListResolverEndpoints": 1,
    }
    per_namespace = {
        "servicediscovery:ListServices": max(1, _pages(in_namespace, PAGE_SIZE)),
        "route53:GetHostedZone": 1,
        "route53:ListResourceRecordSets": min(
            in_namespace * _pages(tasks, RECORDS_PAGE_SIZE), _pages(records, RECORDS_PAGE_SIZE)
        ),
    }
    per_vpc = {
        "ec2:DescribeVpcAttribute": 2,
        "route53:ListHostedZonesByVPC": 1,
        "route53resolver:ListFirewallRuleGroupAssociations": 1,
        "route53resolver:ListResolverRuleAssociations": 1,
        "route53profiles:ListProfileAssociations": 1,
    }
    per_service = {
        "servicediscovery:ListInstances": pages_of_tasks,
        "servicediscovery:GetInstancesHealthStatus": pages_of_tasks,
        "ecs:ListTasks": pages_of_tasks,
        "ecs:DescribeTaskDefinition": 1,
    }
    per_cluster = {
        # Once for the services that instances name, and once for all of the cluster: others may register there, too.
        "ecs:DescribeServices": 2 * _pages(in_cluster, SERVICES_AT_ONCE),
        "ecs:ListServices": max(1, _pages(in_cluster, PAGE_SIZE)),
        "ecs:DescribeTasks": _pages(in_cluster * tasks, TASKS_AT_ONCE),
    }
    parts = [
        (once, 1),
        (per_namespace, estate.namespaces),
        (per_vpc, estate.vpcs),
        (per_service, services),
        (per_cluster, estate.clusters),
    ]
    return Counter({action: count * times for part, times in parts for action, count in part.items()})


def groups_of(calls: Mapping[str, int]) -> Counter[str]:
    """Return the number of calls for each group of operations that share a rate."""
    found: Counter[str] = Counter()
    for action, count in calls.items():
        found[rate_of(*action.split(":")).group] += count
    return found


def seconds_of(calls: Mapping[str, int], regions: int = 1, share: float = 1.0) -> float:
    """Return the least seconds that ``calls`` in each of several regions of an account take: those of the slowest group.

    Regions are read at the same time, but Route 53 has one rate for the account.
    """
    slowest = 0.0
    per_group = groups_of(calls)
    for action in calls:
        rate = rate_of(*action.split(":"))
        count = per_group[rate.group] * (regions if rate.group in GLOBAL else 1)
        slowest = max(slowest, (count - rate.burst * share) / (rate.per_second * share))
    return slowest


def _pages(items: int, size: int) -> int:
    return -(-items // size)
