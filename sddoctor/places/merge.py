"""Merging the cases of one name, observed from several places, into one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from sddoctor.case.case import AwsFacts, Case, Place
from sddoctor.case.dns import VpcResolver
from sddoctor.case.seen import NOT_NEEDED, Fact, NotAttempted, Seen, is_unseen
from sddoctor.case.vpc import ClientVpc, Vpc
from sddoctor.places.fill import fill
from sddoctor.places.same_moment import consistent, same_state
from sddoctor.resolution.surroundings import surroundings


def merge(cases: Sequence[Case]) -> Case:
    """Return the cases of one name as one, with all their places in order; the verdict is about the first.

    The facts of AWS, and their time, are those of the first case if it saw AWS, else those of the nearest case in time
    that is consistent with the answers at the first place. What they lack is filled from other cases that saw the same
    state. The request is that of the first case.
    """
    if len(cases) == 1:
        return cases[0]
    first = cases[0]
    base = _base(cases)
    others = sorted((c for c in cases if c is not base), key=lambda c: abs(c.at - base.at))
    fitting = [c for c in others if same_state(base.aws, base.at, c.aws, c.at)]
    aws = base.aws
    sources = [base] if isinstance(aws.cloudmap.namespaces, Seen) else []
    for other in fitting:
        filled = fill(aws, other.aws)
        sources += [other] if filled != aws else []
        aws = filled
    places = tuple(_completed(place, case, aws) for case in cases for place in case.places)
    aws_from = tuple(dict.fromkeys(label for c in sources for label in c.aws_from or (c.place.label,)))
    vpc = structs.replace(aws.vpc, client=places[0].client)
    return structs.replace(first, at=base.at, aws=structs.replace(aws, vpc=vpc), places=places, aws_from=aws_from)


def _base(cases: Sequence[Case]) -> Case:
    """Return the case whose facts of AWS are used."""
    first = cases[0]
    if isinstance(first.aws.cloudmap.namespaces, Seen):
        return first
    informed = [
        c
        for c in cases[1:]
        if isinstance(c.aws.cloudmap.namespaces, Seen) and consistent(c.name, first.place, first.at, c.aws, c.at)
    ]
    return min(informed, key=lambda c: abs(c.at - first.at), default=first)


def _completed(place: Place, case: Case, aws: AwsFacts) -> Place:
    """Return the place with its time, its VPC, and the address of the resolver that should answer it."""
    client = place.client if place.client != NOT_NEEDED else case.aws.vpc.client
    if is_unseen(client):
        client = _client(place, aws) or client
    dns = place.dns
    if is_unseen(dns.resolvers) and (vpc := _vpc(client, aws)) is not None:
        servers = [p.server for p in dns.probes if p.server.address == vpc.resolver]
        resolvers = Seen((VpcResolver(servers[0], vpc.id, "vpc+2"),), "ec2:DescribeVpcs") if servers else None
        dns = structs.replace(dns, resolvers=resolvers or _not_queried(place, vpc))
    return structs.replace(place, at=place.at or case.at, client=client, dns=dns)


def _not_queried(place: Place, vpc: Vpc) -> NotAttempted:
    why = f"{place.label} did not ask {vpc.resolver}, whose address was not known there"
    return NotAttempted("an answer of the VPC resolver", why, f"a look from there with --nameserver {vpc.resolver}")


def _client(place: Place, aws: AwsFacts) -> Fact[ClientVpc] | None:
    """Choose the VPC of a place without AWS access: the one that it is in, else the first that the zone is associated with."""
    vpcs = aws.vpc.vpcs.seen_or(())
    host = place.host.seen_or(None)
    if host is not None and surroundings(host).in_aws:
        # Certain only where the host is known to be in AWS, and a single VPC contains its address.
        own = [a.address for a in host.addresses.seen_or(())]
        holding = [v for v in vpcs if any(v.holds(a) for a in own)]
        if len(holding) == 1:
            return Seen(ClientVpc(holding[0].id, "host"), f"addresses of {place.label}")
    ids = {v.id for v in vpcs}
    zones = [z for view in aws.cloudmap.views if (z := view.zone.seen_or(None)) is not None]
    with_zone = [v.vpc_id for z in zones for v in z.vpcs if v.vpc_id in ids]
    return Seen(ClientVpc(with_zone[0], "zone"), "route53:GetHostedZone") if with_zone else None


def _vpc(client: Fact[ClientVpc], aws: AwsFacts) -> Vpc | None:
    seen = client.seen_or(None)
    return next((v for v in aws.vpc.vpcs.seen_or(()) if seen is not None and v.id == seen.vpc_id), None)
