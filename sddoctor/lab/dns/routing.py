"""Which record sets of a name Route 53 answers with: by routing policy and health.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
"""

from __future__ import annotations

import random

from sddoctor.lab.records import records_of_zone
from sddoctor.lab.state import LabState
from sddoctor.lab.target_health import serves
from sddoctor.lab.zones import RecordSet

#: Where queries of a VPC in these regions come from.
_COUNTRIES = {"ap-northeast-1": "JP", "eu-central-1": "DE", "us-east-1": "US", "us-east-2": "US", "us-west-2": "US"}
#: At most so many aliases of aliases are evaluated.
MAX_EVALUATED = 4
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
    here = [r for r in healthy if not _is_elsewhere(state, r)]
    return sorted(here, key=lambda r: _rank(state, r))[:1]


def _rank(state: LabState, record: RecordSet) -> int:
    """Return how far down a record of another policy comes: the primary one first, the region or country of the world."""
    if record.failover is not None:
        return int(record.failover != "PRIMARY")
    if record.region is not None:
        return int(record.region != state.region)
    return int(record.country == "*")


def _is_elsewhere(state: LabState, record: RecordSet) -> bool:
    """Tell whether a geolocation record is for another country than that of the world's region.

    Without one for all others, whoever is elsewhere gets no record.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html
    """
    return record.country not in (None, "*", _COUNTRIES.get(state.region))


def _target_serves(state: LabState, record: RecordSet, depth: int = 0) -> bool:
    """Tell whether the target of an alias that evaluates it is healthy; one that is gone is not.

    Of records in a zone one must be healthy. What else an alias may lead to counts as healthy.
    """
    alias = record.alias
    if alias is None or not alias.evaluates:
        return True
    target = alias.name.lower().rstrip(".")
    if alias.zone in state.zones:
        records = records_of_zone(state, alias.zone, about=target)
        group = [r for r in records if (r.name, r.type) == (target, record.type)]
        healthy = (r for r in group if r.health != "UNHEALTHY")
        return depth < MAX_EVALUATED and any(_target_serves(state, r, depth + 1) for r in healthy)
    balancer = state.named.balancer(target)
    if balancer is None:
        return target in state.world.internet or state.named.leads(target) is not None
    return serves(state, balancer)


def _withholds(state: LabState, sets: list[RecordSet]) -> bool:
    services = [state.services.get(r.service_id or "") for r in sets]
    return any(s is not None and s.all_unhealthy == "withholds" for s in services)
