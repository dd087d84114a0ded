"""Which records of private hosted zones name some addresses: no call of Route 53 finds a record by its value.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
"""

from __future__ import annotations

from functools import partial

from sddoctor.case.address import usual_form
from sddoctor.case.route53 import HostedZone
from sddoctor.case.seen import Fact, Seen
from sddoctor.case.whois import NamingRecord, ZoneRecords
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.zone_lists import all_zones
from sddoctor.observe.aws.zones import every_record


def zones_naming(calls: Calls, addresses: frozenset[str]) -> Fact[tuple[ZoneRecords, ...]]:
    """Read every private zone of the account, and keep of each the records that name one of the addresses."""
    listed = all_zones(calls)
    if not isinstance(listed, Seen):
        return listed
    private = [z for z in listed.value if z.private]
    begun = [(z, calls.pending(partial(_naming, calls, z, addresses), f"the records of {z.name}")) for z in private]
    found = tuple(ZoneRecords(z.id, z.name, reading.fact()) for z, reading in begun)
    return Seen(found, listed.source, listed.at)


def _naming(calls: Calls, zone: HostedZone, addresses: frozenset[str]) -> Fact[tuple[NamingRecord, ...]]:
    return every_record(calls, zone.id, zone.name).map(
        lambda seen: tuple(
            NamingRecord(zone.id, zone.name, r)
            for r in seen
            if r.type in ("A", "AAAA") and any(usual_form(v) in addresses for v in r.values)
        )
    )
