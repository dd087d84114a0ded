"""The ages that tell a transient state from a fault, in seconds."""

from __future__ import annotations

#: ECS reports asynchronously and Cloud Map waits 30 s: below this a disagreement about health is normal.
#: https://docs.aws.amazon.com/cloud-map/latest/api/API_HealthCheckCustomConfig.html
PROPAGATION_GRACE = 120
#: A running task, or a new instance, may not be listed everywhere yet.
REGISTRATION_GRACE = 60
#: A start may take this long; after that a task hangs, and a deployment does not progress.
START_GRACE = 600
#: A stopping task may be registered this long.
STOP_GRACE = 120
#: A record TTL or a negative TTL above this is long for tasks that come and go.
TTL_LONG = 60
#: Records in one answer with routing policy MULTIVALUE.
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html
MULTIVALUE_LIMIT = 8
#: Servers that resolv.conf may name; the rest are not asked. resolv.conf(5)
GLIBC_NAMESERVERS = 3
