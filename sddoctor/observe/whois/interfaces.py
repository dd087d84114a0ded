"""Which network interfaces have some addresses.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
"""

from __future__ import annotations

from functools import partial
from ipaddress import ip_address
from typing import Any

from sddoctor.case.address import contains
from sddoctor.case.seen import Fact, Seen
from sddoctor.case.whois import HeldInterface, Subnet
from sddoctor.formats.aws import interfaces
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.vpcs import MOST_FILTER_VALUES
from sddoctor.observe.work import Pending

WHAT = "the network interfaces"


def read(
    calls: Calls, addresses: tuple[str, ...], subnets: Pending[tuple[Subnet, ...]]
) -> Fact[tuple[HeldInterface, ...]]:
    """Read the interfaces that have the addresses as private, IPv6 or public ones, or in a delegated prefix.

    No filter finds an address by its prefix. So for an address that was not found, all interfaces of its subnet are read.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
    """
    fact = _together(calls, [_filter(name, some) for name, some in _queries(addresses)])
    if not isinstance(fact, Seen):
        return fact
    missing = [a for a in addresses if not any(i.holds(a) for i in fact.value)]
    in_subnets = [s.id for s in subnets.fact().seen_or(()) if any(contains(c, a) for c in s.cidrs for a in missing)]
    if not in_subnets:
        return fact
    batches = [in_subnets[i : i + MOST_FILTER_VALUES] for i in range(0, len(in_subnets), MOST_FILTER_VALUES)]
    more = _together(calls, [_filter("subnet-id", b) for b in batches])
    if not isinstance(more, Seen):
        return more
    found = {i.id: i for i in (*fact.value, *(m for m in more.value if any(m.holds(a) for a in missing)))}
    return Seen(tuple(found.values()), fact.source, fact.at)


def _queries(addresses: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Return names and values of filters, each with no more values than a filter may have."""
    parsed = [ip_address(a) for a in addresses]
    wanted = {
        "addresses.private-ip-address": [str(a) for a in parsed if a.version == 4],
        "ipv6-addresses.ipv6-address": [str(a) for a in parsed if a.version == 6],
        "association.public-ip": [str(a) for a in parsed if a.version == 4 and a.is_global],
    }
    return [
        (name, values[start : start + MOST_FILTER_VALUES])
        for name, values in wanted.items()
        for start in range(0, len(values), MOST_FILTER_VALUES)
    ]


def _filter(name: str, values: list[str]) -> dict[str, Any]:
    return {"Name": name, "Values": values}


def _together(calls: Calls, filters: list[dict[str, Any]]) -> Fact[tuple[HeldInterface, ...]]:
    """Read with each filter at the same time. An answer that was not seen may be the one that matters."""
    begun = [calls.pending(partial(_with, calls, f), WHAT) for f in filters]
    found: dict[str, HeldInterface] = {}
    at = None
    for fact in [f.fact() for f in begun]:
        if not isinstance(fact, Seen):
            return fact
        found.update({i.id: i for i in fact.value})
        at = fact.at
    return Seen(tuple(found.values()), "ec2:DescribeNetworkInterfaces", at)


def _with(calls: Calls, filtered: dict[str, Any]) -> Fact[tuple[HeldInterface, ...]]:
    return calls.pages("ec2", "DescribeNetworkInterfaces", WHAT, "NetworkInterfaces", Filters=[filtered]).map(
        lambda seen: tuple(interfaces.interface(n) for n in seen)
    )
