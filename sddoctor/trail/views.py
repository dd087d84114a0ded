"""Which of several namespaces that a name ends in is the one to follow."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.name import is_below, label_count
from sddoctor.resolution.choose import choose_if_seen


def best(case: Case) -> NamespaceView:
    """Return the view of the namespace that is meant. There must be one.

    The one that holds the service comes first, then the one that publishes by DNS, the one in use, the one whose
    instances the client gets, the one whose zone the client's VPC sees, the one with an instance in that VPC, the longest
    name.
    """
    given, ranges, registries = _given(case), _client_ranges(case), _registries(case)

    def rank(view: NamespaceView) -> tuple[bool, bool, bool, bool, bool, bool, int]:
        service = view.service.seen_or(None)
        addresses = [a for i in view.instances.seen_or(()) for a in i.addresses]
        return (
            service is not None,
            view.namespace.type != "HTTP" and not (service and service.type == "HTTP"),
            bool(addresses) or (service is not None and service.id in registries),
            not given.isdisjoint(addresses),
            _is_seen_by_client(case, view),
            any(contains(c, a) for c in ranges for a in addresses),
            label_count(view.namespace.name),
        )

    return max(case.aws.cloudmap.views, key=rank)


def rivals(case: Case) -> tuple[NamespaceView, ...]:
    """Return the private namespaces of one name that have the service, if nothing shows which one this host should see.

    There are several, the client's VPC was only guessed from their zones, no server that this host has for the name lies
    in that VPC, and the host gets an address of none of them. Empty where any of that was not seen.
    """
    client = case.aws.vpc.client.seen_or(None)
    if client is None or client.how != "zone" or _names_a_server_in(case, _client_ranges(case)):
        return ()
    views = [
        v for v in case.aws.cloudmap.views if v.namespace.type == "DNS_PRIVATE" and v.service.seen_or(None) is not None
    ]
    longest = max((label_count(v.namespace.name) for v in views), default=0)
    having = tuple(v for v in views if label_count(v.namespace.name) == longest)
    instances = [v.instances.seen_or(None) for v in having]
    if len(having) < 2 or None in instances:
        return ()
    addresses = {a for some in instances for i in some or () for a in i.addresses}
    return () if _given(case) & addresses else having


def _names_a_server_in(case: Case, ranges: tuple[str, ...]) -> bool:
    """Tell whether this host queries a server in the ranges for the name, or has an entry with one; also where unseen."""
    choice = choose_if_seen(case.name, case.place.host).seen_or(None)
    if choice is None:
        return True
    entries = [e for e in choice.entries if e.domain and is_below(case.name, e.domain)]
    servers = [*choice.servers, *(s for e in entries for s in e.servers)]
    return any(contains(c, s.address) for c in ranges for s in servers)


def _registries(case: Case) -> frozenset[str]:
    """Return the Cloud Map services that ECS services register in, as far as those were seen."""
    ecs = case.aws.ecs
    seen = [s for f in (ecs.services, *(w.services for w in ecs.walks)) for s in f.seen_or(())]
    return frozenset(r.service_id for s in seen if s.status == "ACTIVE" for r in s.all_registries)


def _client_ranges(case: Case) -> tuple[str, ...]:
    client, vpcs = case.aws.vpc.client.seen_or(None), case.aws.vpc.vpcs.seen_or(())
    return tuple(c for v in vpcs if client is not None and v.id == client.vpc_id for c in v.cidrs)


def _given(case: Case) -> frozenset[str]:
    """Return the addresses that this host and its servers return, unless the client is in a VPC that is known."""
    client, host = case.aws.vpc.client.seen_or(None), case.place.host.seen_or(None)
    if host is None or (client is not None and client.how in ("option", "host")):
        return frozenset()
    found = [a for k in host.lookups if (r := k.outcome.seen_or(None)) for a in r.addresses]
    probes = [p.outcome.seen_or(None) for p in case.place.dns.probes if p.role == "host"]
    return frozenset((*found, *(a for answer in probes if answer for a in answer.addresses)))


def _is_seen_by_client(case: Case, view: NamespaceView) -> bool:
    client, zone = case.aws.vpc.client.seen_or(None), view.zone.seen_or(None)
    if client is None:
        return False
    if zone is not None and any(v.vpc_id == client.vpc_id for v in zone.vpcs):
        return True
    looks = [k for k in case.aws.vpc.looks if k.vpc_id == client.vpc_id]
    seen = [z for k in looks for fact in (k.zones, k.profile_zones) for z in fact.seen_or(())]
    return any(z.id == view.namespace.hosted_zone_id for z in seen)
