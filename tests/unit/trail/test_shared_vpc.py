"""What a list shows of a VPC: all of it only where the account that is asked owns it, and all of the list was understood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.ecs import ClusterWalk, EcsService
from sddoctor.case.route53 import Zone, ZoneSummary
from sddoctor.case.seen import Denied, Fact, Seen, UnseenFactError
from sddoctor.case.vpc import FirewallRule, InboundEndpoint, ResolverRule
from sddoctor.causes.route53.not_associated import zone_not_associated
from sddoctor.causes.vpc_dns.firewall import dns_firewall_blocks
from sddoctor.causes.vpc_dns.rules import resolver_rule_overrides
from sddoctor.trail.owners import is_in_another_zone
from sddoctor.trail.trail import Trail
from tests.cases import NAME
from tests.resolver_cases import ACCOUNT, NXDOMAIN, case, probe, seen

OTHER = "640064006400"
NO_IDENTITY = Denied("the AWS identity", "sts:GetCallerIdentity")
RULE = ResolverRule("rr-1", "FORWARD", "example.internal", ("10.200.0.53",))
UNRELATED = ResolverRule("rr-2", "FORWARD", "partner.example", ("10.200.0.53",))
BLOCK = FirewallRule("g", "g", 1, 1, "closed", "BLOCK", "NXDOMAIN", domains=Seen((f"{NAME}.",), "test"))
ELSEWHERE = FirewallRule("g", "g", 1, 1, "adverts", "BLOCK", "NXDOMAIN", domains=Seen(("ads.example.",), "test"))


def owned_by(of: Case, owner: str, *, identity: Fact[Any] | None = None) -> Case:
    """Return the case in a VPC of another account, or asked by somebody who was not seen."""
    vpcs = of.aws.vpc.vpcs.map(lambda all_: tuple(structs.replace(v, owner=owner) for v in all_))
    aws = structs.replace(of.aws, vpc=structs.replace(of.aws.vpc, vpcs=vpcs))
    return structs.replace(of, aws=structs.replace(aws, identity=identity) if identity is not None else aws)


READS: dict[str, Callable[[Trail], object]] = {
    "rules": lambda t: t.vpc.all_rules,
    "a rule for the name": lambda t: t.vpc.forward_rule(NAME),
    "firewall": lambda t: t.vpc.all_firewall,
    "zones of Profiles": lambda t: t.vpc.profile_zones,
    "zones": lambda t: t.vpc.visible_zones,
    "endpoints": lambda t: t.vpc.all_endpoints,
    "another zone": is_in_another_zone,
}
#: Lists that hold something of this account, which has nothing to do with the name.
LISTS: dict[str, dict[str, Any]] = {
    "empty": {},
    "others": {"rules": seen((UNRELATED,)), "firewall": seen((ELSEWHERE,)), "profile_zones": seen((ZoneSummary("Z9", "z.example"),))},
}  # fmt: skip


def with_endpoints(of: Case) -> Case:
    endpoints = seen((InboundEndpoint("rslvr-in-1", "vpc-1", "OPERATIONAL", ("10.10.0.50",)),))
    return structs.replace(of, aws=structs.replace(of.aws, vpc=structs.replace(of.aws.vpc, endpoints=endpoints)))


def of_lists(lists: str) -> Case:
    """Return a case whose zone is not among those listed, so that no list says yes."""
    return with_endpoints(case(probe(NXDOMAIN), **{"zones": seen(()), **LISTS[lists]}))


@pytest.mark.parametrize("lists", LISTS)
@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    ("owner", "identity", "told"),
    [(OTHER, None, OTHER), (ACCOUNT, NO_IDENTITY, "sts:GetCallerIdentity"), ("", None, "ec2:DescribeVpcs")],
)
def test_what_is_not_listed_may_be_there(
    lists: str, read: str, owner: str, identity: Fact[Any] | None, told: str
) -> None:
    READS[read](Trail(of_lists(lists)))  # of an own VPC the list is all
    with pytest.raises(UnseenFactError) as unseen:
        READS[read](Trail(owned_by(of_lists(lists), owner, identity=identity)))
    assert told in unseen.value.gap.text()


def test_what_is_in_ecs_shows_the_account() -> None:
    arn = f"arn:aws:ecs:eu-west-1:{ACCOUNT}:"
    service = EcsService(f"{arn}service/c/s", "s", f"{arn}cluster/c", "ACTIVE", 1, 1, 0)
    for changes in (
        {"clusters": seen((f"{arn}cluster/c",))},
        {"services": seen((service,))},
        {"walks": (ClusterWalk("c", seen((service,))),)},
    ):
        of = owned_by(case(), ACCOUNT, identity=NO_IDENTITY)
        of = structs.replace(of, aws=structs.replace(of.aws, ecs=structs.replace(of.aws.ecs, **changes)))
        assert Trail(of).vpc.all_rules == ()
        with pytest.raises(UnseenFactError, match=OTHER):
            Trail(owned_by(of, OTHER)).vpc.all_rules  # noqa: B018 - raises


@pytest.mark.parametrize("fact", ["rules", "firewall", "profile_zones"])
def test_a_list_that_was_not_all_understood_is_not_all(fact: str) -> None:
    trail = Trail(case(**{fact: Seen((), "a:List", unread=("Status: LIMPING",))}))
    read = {"rules": "all_rules", "firewall": "all_firewall", "profile_zones": "profile_zones"}[fact]
    with pytest.raises(UnseenFactError, match="LIMPING"):
        getattr(trail.vpc, read)


@pytest.mark.parametrize("read", ["rules", "a rule for the name", "firewall"])
def test_profiles_that_were_not_seen_may_bring_more(read: str) -> None:
    denied = Denied("the Profiles", "route53profiles:ListProfileAssociations")
    with pytest.raises(UnseenFactError, match="route53profiles"):
        READS[read](Trail(case(profile_zones=denied)))


def test_a_rule_that_is_listed_counts_all_the_same() -> None:
    trail = Trail(owned_by(case(probe(NXDOMAIN), rules=seen((RULE,))), OTHER))
    assert trail.vpc.forward_rule(NAME) == RULE
    found = resolver_rule_overrides.decide(trail)
    assert found is not None
    assert found.would_tell, "a Profile of the owner may bring a zone that comes before it"
    assert resolver_rule_overrides.decide(Trail(case(probe(NXDOMAIN), rules=seen((RULE,))))).would_tell is None  # type: ignore[union-attr]


def test_a_block_that_is_listed_may_come_after_one_that_is_not() -> None:
    bare = structs.replace(NXDOMAIN, authority=())
    proved = dns_firewall_blocks.decide(Trail(case(probe(bare), firewall=seen((BLOCK,)))))
    fits = dns_firewall_blocks.decide(Trail(owned_by(case(probe(bare), firewall=seen((BLOCK,))), OTHER)))
    assert proved is not None
    assert fits is not None
    assert (proved.would_tell is None, fits.would_tell is None) == (True, False)


def test_a_missing_association_is_not_proved_where_the_owner_may_have_a_profile() -> None:
    of = case(probe(NXDOMAIN), zone=seen(Zone("Z1", "example.internal", True)), zones=seen(()))
    assert zone_not_associated.decide(Trail(of)) is not None
    found = zone_not_associated.decide(Trail(owned_by(of, OTHER)))
    assert found is None or found.would_tell
