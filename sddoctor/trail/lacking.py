"""Which of the addresses that should be returned one answer lacks."""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.case.cloudmap import Instance
from sddoctor.case.seen import Seen, UnseenFactError
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.promise import PromiseTrail
from sddoctor.trail.thresholds import MULTIVALUE_LIMIT


def of_families_in(answer: frozenset[str], addresses: frozenset[str]) -> frozenset[str]:
    """Return the addresses of the IP versions that the answer has: a host without IPv6 does not query for it (RFC 6724)."""
    versions = {_version(a) for a in answer}
    return frozenset(a for a in addresses if _version(a) in versions)


def lacking(
    cloudmap: CloudMapTrail, promise: PromiseTrail, expected: frozenset[str], answer: frozenset[str]
) -> frozenset[str]:
    """Return those of the expected addresses that the answer lacks, and that a complete answer would have had.

    With MULTIVALUE one answer has up to eight records of a type, with WEIGHTED one, whichever those are: also of tasks
    that are leaving. In bridge and host mode several records may have one address.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
    """
    limit, registered = _limit(cloudmap), _registered(cloudmap, promise)
    seen = isinstance(cloudmap.view.instances, Seen)
    welcome = promise.welcome if seen else expected | answer
    found: list[str] = []
    for version in (4, 6):
        wanted, returned, records = _of(version, expected), _of(version, answer), _of(version, registered)
        if not seen and len(returned) >= limit:
            continue  # it may show some of many
        if max(len(records), len(_of(version, welcome))) > limit:
            least = 1 if len(set(records)) < len(records) else limit
            if len(returned) >= min(least, len(wanted)):
                continue
        found += set(wanted) - set(returned)
    return frozenset(found)


def in_turn(cloudmap: CloudMapTrail, promise: PromiseTrail, answer: frozenset[str]) -> frozenset[str]:
    """Return what equal queries get in turn where one answer shows only a part of the set: the answer, and the others."""
    limit, registered = _limit(cloudmap), _registered(cloudmap, promise)
    found = set(answer)
    for version in (4, 6):
        returned, records = _of(version, answer), _of(version, registered)
        if returned and len(set(records)) > limit and set(returned) <= set(records):
            found.update(records)
    return frozenset(found)


def _limit(cloudmap: CloudMapTrail) -> int:
    return 1 if cloudmap.service.routing_policy == "WEIGHTED" else MULTIVALUE_LIMIT


def _registered(cloudmap: CloudMapTrail, promise: PromiseTrail) -> list[str]:
    instances = cloudmap.view.instances.seen_or(())
    return [a for i in instances if _may_have_a_record(cloudmap, i) for a in promise.published(i.addresses)]


def _may_have_a_record(cloudmap: CloudMapTrail, instance: Instance) -> bool:
    """Tell whether the instance is not known to be UNHEALTHY: health that may not be read withholds no record."""
    try:
        return cloudmap.health(instance.id) != "UNHEALTHY"
    except UnseenFactError:
        return True


def _of(version: int, addresses: Iterable[str]) -> list[str]:
    return [a for a in addresses if _version(a) == version]


def _version(address: str) -> int:
    return 6 if ":" in address else 4
