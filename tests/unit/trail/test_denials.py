"""Whose denial it is: an SOA that is there shows it, in the denial or asked for; one that is missing shows nothing."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.case.dns import Answer, Probe, Rr
from sddoctor.case.route53 import ZoneSummary
from sddoctor.case.seen import Fact, Opaque, Seen, UnseenFactError
from sddoctor.case.vpc import FirewallRule
from sddoctor.causes.model import Finding
from sddoctor.causes.route53.not_associated import zone_not_associated
from sddoctor.causes.route53.shadow import zone_shadowed
from sddoctor.causes.vpc_dns.attributes import dns_hostnames_off
from sddoctor.causes.vpc_dns.caches import negative_answer_cached
from sddoctor.causes.vpc_dns.firewall import dns_firewall_blocks
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.trail import Trail
from tests.cases import NAME
from tests.resolver_cases import ADDRESS, NXDOMAIN, SOA, addresses, case, probe, seen

BARE = Answer("NXDOMAIN")
OF_ZONE = Answer("NXDOMAIN", authority=(SOA,))
OF_LONGER = Answer("NOERROR", authority=(Rr(NAME, "SOA", 60, SOA.data),))


def asked_for(answer: Answer, name: str = "example.internal") -> Probe:
    return structs.replace(probe(answer, "SOA"), name=name)


@pytest.mark.parametrize(
    ("probes", "by"),
    [
        ((probe(OF_ZONE),), "zone"),
        ((probe(NXDOMAIN),), "public"),
        ((probe(OF_LONGER),), "longer"),
        ((probe(BARE),), "nobody"),
        ((probe(BARE), asked_for(Answer("NOERROR", answers=(SOA,)))), "zone"),
        ((probe(BARE), asked_for(NXDOMAIN)), "public"),
        ((probe(BARE), asked_for(BARE)), "nobody"),
        ((probe(BARE), asked_for(Answer("NOERROR", answers=(SOA,))), asked_for(OF_LONGER, NAME)), "longer"),
        ((probe(NXDOMAIN), asked_for(Answer("NOERROR", answers=(SOA,)))), "public"),
    ],
)
def test_whose_denial_it_is(probes: tuple[Probe, ...], by: str) -> None:
    assert vpc_denier(Trail(case(*probes))) == by


def fits_only(found: Finding | None) -> bool:
    return found is not None and found.would_tell is not None


@pytest.mark.parametrize("asked", [(), (asked_for(BARE),)])
def test_nothing_is_proved_by_a_missing_soa(asked: tuple[Probe, ...]) -> None:
    probes = (probe(BARE), *asked)
    elsewhere = case(*probes, zone=seen(structs.replace(ZONE, vpcs=())), zones=seen(()))
    longer = seen((ZoneSummary("Z1", "example.internal"), ZoneSummary("Z2", NAME)))
    assert fits_only(zone_not_associated.decide(Trail(elsewhere)))
    assert fits_only(zone_shadowed.decide(Trail(case(*probes, zones=longer))))
    assert fits_only(dns_hostnames_off.decide(Trail(case(*probes, dns_hostnames=seen(False)))))
    assert negative_answer_cached.decide(Trail(case(*probes))) is None


def test_a_zone_that_is_consulted_excludes_what_keeps_it_from_being() -> None:
    probes = (probe(BARE), asked_for(Answer("NOERROR", answers=(SOA,))))
    elsewhere = case(*probes, zone=seen(structs.replace(ZONE, vpcs=())), zones=seen(()))
    assert zone_not_associated.decide(Trail(elsewhere)) is None
    assert dns_hostnames_off.decide(Trail(case(*probes, dns_hostnames=seen(False)))) is None


def rule(action: str, domains: Fact[tuple[str, ...]], priority: int) -> FirewallRule:
    return FirewallRule("g", "g", 1, priority, f"r{priority}", action, "NXDOMAIN", domains=domains)


HIDDEN = Opaque("the domains of a managed list", "AWS", "")
ALL: Fact[tuple[str, ...]] = Seen(("*",), "test")


def test_an_allow_that_cannot_be_read_leaves_a_block_open() -> None:
    rules = (rule("ALLOW", HIDDEN, 1), rule("BLOCK", ALL, 2))
    assert fits_only(dns_firewall_blocks.decide(Trail(case(probe(BARE), firewall=seen(rules)))))
    assert dns_firewall_blocks.decide(Trail(case(probe(NXDOMAIN), firewall=seen(rules)))) is None
    with pytest.raises(UnseenFactError):
        dns_firewall_blocks.decide(Trail(case(firewall=seen(rules))))
    proved = dns_firewall_blocks.decide(Trail(case(probe(BARE), firewall=seen(rules[1:]))))
    assert proved is not None
    assert not fits_only(proved)


def test_a_block_that_cannot_be_read_fits_where_nothing_else_denies() -> None:
    rules = seen((rule("BLOCK", HIDDEN, 1),))
    assert fits_only(dns_firewall_blocks.decide(Trail(case(probe(BARE), firewall=rules))))
    assert dns_firewall_blocks.decide(Trail(case(probe(BARE), firewall=rules, records=seen(())))) is None
    assert dns_firewall_blocks.decide(Trail(case(probe(addresses(ADDRESS)), firewall=rules))) is None
    assert dns_firewall_blocks.decide(Trail(case(probe(BARE), asked_for(NXDOMAIN), firewall=rules))) is None


ZONE = case().aws.cloudmap.views[0].zone.value
