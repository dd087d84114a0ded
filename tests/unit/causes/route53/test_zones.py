"""Zones that are missing, hidden, or cannot be read."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer, Rr
from sddoctor.case.route53 import Record, Zone, ZoneSummary
from sddoctor.case.seen import Absent, Denied, Opaque, UnseenFactError
from sddoctor.causes.route53.not_associated import zone_not_associated
from sddoctor.causes.route53.record_missing import record_missing
from sddoctor.causes.route53.record_orphaned import record_orphaned
from sddoctor.causes.route53.shadow import zone_shadowed
from sddoctor.causes.route53.zone_missing import hosted_zone_missing
from sddoctor.trail.trail import Trail
from tests.cases import NAME
from tests.resolver_cases import ADDRESS, NXDOMAIN, SOA, addresses, case, probe, seen

GONE = Absent("the zone", "route53:GetHostedZone")
OTHER = ZoneSummary("Z2", NAME)


def test_a_zone_that_route_53_does_not_know() -> None:
    assert hosted_zone_missing.decide(Trail(case(probe(NXDOMAIN), zone=GONE, zones=seen(())))) is not None


def test_a_denied_look_at_the_zone_proves_nothing() -> None:
    denied = Denied("the zone", "route53:GetHostedZone")
    with pytest.raises(UnseenFactError):
        hosted_zone_missing.decide(Trail(case(probe(NXDOMAIN), zone=denied)))


@pytest.mark.parametrize("answer", [addresses(ADDRESS), Answer("NXDOMAIN", authority=(SOA,))])
def test_a_zone_that_still_answers_is_not_called_missing(answer: Answer) -> None:
    assert hosted_zone_missing.decide(Trail(case(probe(answer), zone=GONE, zones=seen(())))) is None


def test_the_zone_of_a_shared_namespace_may_be_hidden() -> None:
    trail = Trail(case(probe(NXDOMAIN), zone=GONE, zones=seen(()), owner="OTHER_ACCOUNTS"))
    assert hosted_zone_missing.decide(trail) is None


def test_a_foreign_zone_needs_the_resolvers_own_words() -> None:
    hidden = Opaque("the zone", "999988887777", "a look from there")
    trail = Trail(case(probe(NXDOMAIN), zone=hidden, zones=seen(())))
    assert zone_not_associated.decide(trail) is not None
    without_soa = zone_not_associated.decide(Trail(case(probe(Answer("NXDOMAIN")), zone=hidden, zones=seen(()))))
    assert without_soa is not None
    assert without_soa.would_tell == "dig @10.10.0.2 example.internal SOA"
    with pytest.raises(UnseenFactError):
        zone_not_associated.decide(Trail(case(zone=hidden, zones=seen(()))))


def test_profiles_that_may_not_be_read_leave_it_to_the_resolvers_own_words() -> None:
    denied = Denied("the Profiles", "route53profiles:ListProfileAssociations")
    elsewhere = seen(Zone("Z1", "example.internal", True))
    found = zone_not_associated.decide(
        Trail(case(probe(NXDOMAIN), zone=elsewhere, zones=seen(()), profile_zones=denied))
    )
    assert found is not None
    assert found.would_tell
    with pytest.raises(UnseenFactError):
        zone_not_associated.decide(Trail(case(zone=elsewhere, zones=seen(()), profile_zones=denied)))


def test_a_longer_zone_that_denies() -> None:
    answer = Answer("NOERROR", authority=(Rr(NAME, "SOA", 60, SOA.data),))
    zones = seen((ZoneSummary("Z1", "example.internal"), OTHER))
    found = zone_shadowed.decide(Trail(case(probe(answer), zones=zones)))
    assert found is not None
    assert not found.would_tell


def test_a_longer_zone_with_addresses_of_its_own_is_likely() -> None:
    zones = seen((ZoneSummary("Z1", "example.internal"), OTHER))
    found = zone_shadowed.decide(Trail(case(probe(addresses("10.9.9.9")), zones=zones)))
    assert found is not None
    assert found.would_tell
    assert found.addresses == ("10.9.9.9",)


@pytest.mark.parametrize("answer", [addresses(ADDRESS), Answer("NXDOMAIN", authority=(SOA,)), NXDOMAIN])
def test_a_longer_zone_that_did_not_say_it(answer: Answer) -> None:
    zones = seen((ZoneSummary("Z1", "example.internal"), OTHER))
    assert zone_shadowed.decide(Trail(case(probe(answer), zones=zones))) is None


def test_of_two_zones_of_one_name_the_vpcs_own_wins() -> None:
    denial = Answer("NXDOMAIN", authority=(SOA,))
    mine, theirs = ZoneSummary("Z1", "example.internal"), ZoneSummary("Z2", "example.internal")
    brought = ZoneSummary("Z2", "example.internal", via_profile="rp-1")
    assert zone_shadowed.decide(Trail(case(probe(denial), zones=seen((mine,)), profile_zones=seen((brought,))))) is None
    assert zone_shadowed.decide(Trail(case(probe(denial), zones=seen((theirs,)), profile_zones=seen(())))) is not None


def test_an_instance_by_hand_without_a_record_is_likely_for_its_age_is_not_known() -> None:
    found = record_missing.decide(Trail(case(probe(Answer("NXDOMAIN", authority=(SOA,))), records=seen(()))))
    assert found is not None
    assert found.would_tell
    assert found.addresses == (ADDRESS,)


def test_an_instance_that_is_answered_has_its_record_somewhere() -> None:
    assert record_missing.decide(Trail(case(probe(addresses(ADDRESS)), records=seen(())))) is None


def test_a_zone_kept_by_hand_may_have_any_record() -> None:
    records = seen((Record(NAME, "A", 60, ("10.9.9.9",), "nobody", True),))
    by_hand = seen(Zone("Z1", "example.internal", True))
    assert record_orphaned.decide(Trail(case(probe(addresses("10.9.9.9")), records=records))) is not None
    assert record_orphaned.decide(Trail(case(probe(addresses("10.9.9.9")), records=records, zone=by_hand))) is None
