"""Which record sets of a name Route 53 answers with: by routing policy and health.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
"""

from __future__ import annotations

import random

from sddoctor.lab.state import LabState
from sddoctor.lab.target_health import serves
from sddoctor.lab.zones import RecordSet

#: Records in one multivalue answer.
MULTIVALUE_LIMIT = 8


def selected(state: LabState, sets: list[RecordSet], rng: random.Random) -> list[RecordSet]:
    """Select the record sets of one answer among those of a name and type; without a policy all of them.

    AWS does not document what happens when every instance of a Cloud Map service is UNHEALTHY; the world's service
    decides. Of other records all count as healthy then. UNKNOWN counts as healthy:
    https://docs.aws.amazon.com/cloud-map/latest/dg/services-health-checks.html
    """
    policy = [r for r in sets if r.has_policy]
    if not policy:
        return sets
    healthy = [r for r in policy if r.health != "UNHEALTHY" and _target_serves(state, r)]
    if not healthy and not _withholds(state, policy):
        healthy = policy
    if any(r.multivalue for r in healthy):
        return rng.sample(healthy, min(MULTIVALUE_LIMIT, len(healthy)))
    if any(r.weight is not None for r in healthy):
        return rng.choices(healthy, [max(r.weight or 0, 0) + 1e-9 for r in healthy])
    return sorted(healthy, key=lambda r: _rank(state, r))[:1]


def _rank(state: LabState, record: RecordSet) -> int:
    """Return how far down a record of another policy comes: the primary one first, the region of the world, any country."""
    if record.failover is not None:
        return int(record.failover != "PRIMARY")
    if record.region is not None:
        return int(record.region != state.region)
    return int(record.country != "*")


def _target_serves(state: LabState, record: RecordSet) -> bool:
    """Tell whether the target of an alias that evaluates it is healthy; one that is gone is not.

    What else an alias may lead to counts as healthy.
    """
    alias = record.alias
    if alias is None or not alias.evaluates or alias.zone in state.zones:
        return True
    balancer = state.named.balancer(alias.name)
    if balancer is None:
        return alias.name.lower().rstrip(".") in state.world.internet
    return serves(state, balancer)


def _withholds(state: LabState, sets: list[RecordSet]) -> bool:
    services = [state.services.get(r.service_id or "") for r in sets]
    return any(s is not None and s.all_unhealthy == "withholds" for s in services)
