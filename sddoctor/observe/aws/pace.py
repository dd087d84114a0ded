"""AWS's published request rates for each group of operations, and a token bucket that keeps to them.

The rates are those of an account and region. Other clients in the account share them, so a throttle halves the bucket's
rate, and time without one lets it recover up to the published rate.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from msgspec import Struct

#: Seconds in which a rate recovers from nothing to the published one.
RECOVERY = 60.0
#: The share of the published rate below which a throttled bucket does not fall.
LOWEST_SHARE = 1 / 32


class Rate(Struct, frozen=True):
    """A bucket of ``burst`` requests that fills with ``per_second`` requests a second.

    ``published`` is false where AWS documents no rate and the numbers are a conservative guess.
    """

    group: str
    burst: float
    per_second: float
    published: bool = True


#: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
_ECS_SERVICES = Rate("ecs service reads", 100, 20)
_ECS_CLUSTERS = Rate("ecs cluster reads", 50, 20)
_ECS_RESOURCES = Rate("ecs task reads", 100, 20)
_ECS_DEFINITIONS = Rate("ecs task definition reads", 50, 20)
_ECS = {
    "DescribeServices": _ECS_SERVICES,
    "ListServices": _ECS_SERVICES,
    "ListClusters": _ECS_CLUSTERS,
    "DescribeTaskDefinition": _ECS_DEFINITIONS,
}
#: https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html publishes rates of the Discover operations only.
_CLOUD_MAP = Rate("servicediscovery reads", 50, 20, published=False)
_DISCOVERY = Rate("servicediscovery discovery", 2000, 1000)
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
_ROUTE53 = Rate("route53", 5, 5)
_RESOLVER = Rate("route53resolver", 5, 5)
_PROFILES = Rate("route53profiles", 5, 5, published=False)
#: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html, the smaller of the buckets for reads.
_EC2 = Rate("ec2 reads", 50, 10)
_OTHERS = Rate("others", 10, 5, published=False)
_BY_SERVICE = {
    "ecs": _ECS_RESOURCES,
    "servicediscovery": _CLOUD_MAP,
    "route53": _ROUTE53,
    "route53resolver": _RESOLVER,
    "route53profiles": _PROFILES,
    "ec2": _EC2,
}
#: Groups of which an account has one bucket for all regions.
GLOBAL = frozenset({_ROUTE53.group})


def rate_of(service: str, operation: str) -> Rate:
    """Return the rate of the group that an operation belongs to."""
    if service == "servicediscovery" and operation.startswith("Discover"):
        return _DISCOVERY
    if service == "ecs" and operation in _ECS:
        return _ECS[operation]
    return _BY_SERVICE.get(service, _OTHERS)


class Bucket:
    """A token bucket that adapts. Safe to use from several threads."""

    def __init__(self, rate: Rate, share: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._ceiling = rate.per_second * share
        self._burst = max(1.0, rate.burst * share)
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens = self._burst
        self._at = clock()
        self._rate = self._ceiling
        self._throttled_at = float("-inf")

    @property
    def per_second(self) -> float:
        """The rate that is kept to now."""
        with self._lock:
            self._fill()
            return self._rate

    def take(self) -> float:
        """Take a token, and return the seconds to wait before it may be used."""
        with self._lock:
            self._fill()
            self._tokens -= 1
            return max(0.0, -self._tokens / self._rate)

    def throttled(self) -> None:
        """Halve the rate and drop saved tokens. Throttles within a second count once: the calls were in flight together."""
        with self._lock:
            self._fill()
            if self._at - self._throttled_at < 1:
                return
            self._throttled_at = self._at
            self._rate = max(self._rate / 2, self._ceiling * LOWEST_SHARE)
            self._tokens = min(self._tokens, 0.0)

    def _fill(self) -> None:
        now = self._clock()
        passed, self._at = now - self._at, now
        self._tokens = min(self._burst, self._tokens + passed * self._rate)
        self._rate = min(self._ceiling, self._rate + passed * self._ceiling / RECOVERY)


class Pace:
    """The buckets of one account and region. ``share`` is the part of the published rates that may be used.

    ``of_account`` holds the buckets of the account as a whole, which its regions share.
    """

    def __init__(self, share: float = 1.0, of_account: dict[str, Bucket] | None = None) -> None:
        self._share = share
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}
        self._of_account = self._buckets if of_account is None else of_account
        #: How often AWS throttled a call.
        self.throttles = 0

    def wait(self, service: str, operation: str) -> None:
        """Wait until a call may be made."""
        seconds = self._bucket(service, operation).take()
        if seconds > 0:
            time.sleep(seconds)

    def throttled(self, service: str, operation: str) -> None:
        """Note that AWS throttled a call."""
        with self._lock:
            self.throttles += 1
        self._bucket(service, operation).throttled()

    def _bucket(self, service: str, operation: str) -> Bucket:
        rate = rate_of(service, operation)
        buckets = self._of_account if rate.group in GLOBAL else self._buckets
        with self._lock:
            bucket = buckets.get(rate.group)
            return bucket if bucket is not None else buckets.setdefault(rate.group, Bucket(rate, self._share))
