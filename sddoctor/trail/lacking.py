"""Which of the addresses that should be returned one answer lacks."""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.trail.promise import PromiseTrail


def of_families_in(answer: frozenset[str], addresses: frozenset[str]) -> frozenset[str]:
    """Return the addresses of the IP versions that the answer has: a host without IPv6 does not query for it (RFC 6724)."""
    versions = {_version(a) for a in answer}
    return frozenset(a for a in addresses if _version(a) in versions)


def lacking(promise: PromiseTrail, expected: frozenset[str], answer: frozenset[str]) -> frozenset[str]:
    """Return those of the expected addresses that the answer lacks, and that a complete answer would have had.

    With MULTIVALUE one answer has up to eight records of a type, with WEIGHTED one, whichever those are: also of tasks
    that are leaving. In bridge and host mode several records may have one address.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
    """
    limit, registered = promise.most_in_an_answer, promise.recorded
    seen = promise.all_recorded_are_seen
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
    return frozenset(found) - promise.may_be_withheld


def in_turn(promise: PromiseTrail, answer: frozenset[str]) -> frozenset[str]:
    """Return what equal queries get in turn where one answer shows only a part of the set: the answer, and the others."""
    limit, registered = promise.most_in_an_answer, promise.recorded
    found = set(answer)
    for version in (4, 6):
        returned, records = _of(version, answer), _of(version, registered)
        if returned and len(set(records)) > limit and set(returned) <= set(records):
            found.update(records)
    return frozenset(found)


def _of(version: int, addresses: Iterable[str]) -> list[str]:
    return [a for a in addresses if _version(a) == version]


def _version(address: str) -> int:
    return 6 if ":" in address else 4
