"""Whose a name is that is in no namespace: a private zone of the VPC, AWS itself, or somebody who answers for it."""

from __future__ import annotations

from difflib import get_close_matches

from sddoctor.case.name import address_of_reverse, is_below
from sddoctor.case.seen import NOT_NEEDED, Seen, is_unseen
from sddoctor.text.likeness import RESEMBLES
from sddoctor.text.shell import aws
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.trail import Trail, optional

#: Domains of AWS itself: load balancers, databases, VPC endpoints, instances. No namespace has such names.
OF_AWS = ("amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws", "compute.internal")


def is_in_another_zone(trail: Trail) -> bool:
    """Tell whether a private zone of the client's VPC covers the name. Raises when its zones were not all seen."""
    if any(is_below(trail.name, z.name) for z in trail.vpc.listed_zones):
        return True
    return any(is_below(trail.name, z.name) for z in trail.vpc.visible_zones)


def is_owned_by_others(trail: Trail) -> bool:
    """Tell whether the name is in no namespace and somebody else is seen to own it."""
    if trail.cloudmap.facts.views:
        return False
    if any(is_below(trail.name, domain) for domain in OF_AWS):
        return True
    return bool(optional(lambda: trail.answered_itself)) or bool(optional(lambda: is_in_another_zone(trail)))


def names_meant(trail: Trail) -> list[str]:
    """Return the names that were probably meant: of a service with this label, in the namespaces nearest by spelling."""
    namespaces = {n.id: n.name for n in trail.cloudmap.facts.namespaces.seen_or(())}
    having = [
        (service.name.lower(), namespaces[listing.namespace_id])
        for listing in trail.cloudmap.facts.elsewhere
        if listing.namespace_id in namespaces
        for service in listing.services.seen_or(())
        if trail.name.startswith(f"{service.name.lower()}.")
    ]
    label = max((label for label, _ in having), key=len, default="")
    meant = [namespace for other, namespace in having if other == label]
    suffix = trail.name.removeprefix(f"{label}.")
    return [f"{label}.{n}" for n in get_close_matches(suffix, meant, n=3, cutoff=RESEMBLES) or meant[:2]]


def is_nobodys(trail: Trail) -> bool:
    """Tell whether all zones of the account and of the client's VPC were read, and none has the name."""
    if address_of_reverse(trail.name):
        return False  # AWS answers for those by itself
    zones = trail.case.aws.zones
    return isinstance(zones, Seen) and not zones.unread and not zones.value and has_no_other_owner(trail)


def has_no_other_owner(trail: Trail) -> bool:
    """Tell whether no zone and no rule of the VPC has the name, and its resolver, if it answers, a public parent's denial."""
    if optional(lambda: is_in_another_zone(trail) or trail.vpc.forward_rule(trail.name) is not None) is not False:
        return False
    elsewhere = trail.vpc.facts.rules_elsewhere
    if elsewhere.seen_or(()) or (is_unseen(elsewhere) and elsewhere != NOT_NEEDED):
        return False
    return optional(lambda: vpc_denier(trail)) in ("public", None)


def tells_the_zones(trail: Trail) -> str | None:
    """Return how to see which hosted zones have the name, if they were looked for and not seen: one of them may be its owner."""
    facts = (trail.case.aws.zones, trail.case.aws.target_zones)
    if not any(is_unseen(f) and f != NOT_NEEDED for f in facts):
        return None
    return aws("route53", "list-hosted-zones-by-name", dns_name=trail.name.split(".", 1)[-1], max_items=10)
