"""The client's VPC: which one it is, how its DNS is set up, and whether this host is in it."""

from __future__ import annotations

from functools import cached_property

from sddoctor.case.address import contains, usual_form
from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Rr
from sddoctor.case.name import is_below, label_count
from sddoctor.case.route53 import ZoneSummary
from sddoctor.case.seen import AbsentFactError, Gap, Seen, UnseenFactError
from sddoctor.case.status import acts
from sddoctor.case.vpc import ClientVpc, FirewallRule, InboundEndpoint, ResolverRule, Vpc, VpcDnsSetup
from sddoctor.resolution.surroundings import surroundings

#: How DHCP options name the resolver of the VPC.
AMAZON_PROVIDED = "AmazonProvidedDNS"
#: Addresses that every VPC resolver has besides base plus two.
_LINK_LOCAL_RESOLVERS = ("169.254.169.253", "fd00:ec2::253")
#: Types of rules by which no query leaves the VPC: the internet resolver, and what follows NS records of a private zone.
_TAKING_NO_NAMES = ("RECURSIVE", "DELEGATE")


def is_amazons_address(address: str) -> bool:
    """Tell whether the address is one that every VPC resolver has on the link of each instance: two, and no range."""
    return usual_form(address) in _LINK_LOCAL_RESOLVERS


def is_private(address: str) -> bool:
    """Tell whether the address is of a private range: RFC 1918, RFC 6598 (100.64.0.0/10) or RFC 4193."""
    return any(
        contains(cidr, address)
        for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
    )


def _tells_addresses(answer: Answer, vpc: Vpc) -> bool:
    """Tell whether the answer has addresses, and none that a filter puts in their place: nowhere, or its own."""
    return any(not contains("0.0.0.0/8", a) and a not in ("::", vpc.resolver) for a in answer.carried)


def _soas(answer: Answer) -> tuple[Rr, ...]:
    return tuple(r for r in (*answer.answers, *answer.authority) if r.type == "SOA")


def _unsettled(rule: ResolverRule) -> Gap:
    """Say that a rule covers the name, and whether it takes it is not shown by its status or type."""
    known = rule.type in ("FORWARD", "SYSTEM")
    why = f"its status is {rule.status}" if known else f"its type is {rule.type}"
    needs = "a later try" if known else "a newer version of sddoctor"
    return Gap(f"whether the Resolver rule {rule.id} ({rule.domain or '.'}) takes the name", why, needs)


class VpcTrail:
    """The VPC side of one case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.facts = case.aws.vpc

    @property
    def client(self) -> ClientVpc:
        """The VPC whose resolver should answer, and how it was chosen."""
        return self.facts.client.value

    @property
    def client_is_elsewhere(self) -> bool:
        """Whether the client is in a VPC that the user named, and is not this host."""
        return self._case.asked.client_vpc is not None

    @cached_property
    def host_is_inside(self) -> bool:
        """Whether this host is known to be in the client VPC. Raises where that was not seen, and an address of it allows it.

        It is when that VPC was chosen by this host's address, or when one of its addresses, not a tunnel's, lies in it and
        the VPC's own resolver answers without a tunnel. That it is the VPC's own shows by what it says of the zone, or by
        other marks of AWS: a home network with the same range may have a name server at that address too.
        """
        client = self.facts.client.seen_or(None)
        if client is None:
            return self._may_be_inside() and self.facts.client.or_none() is not None
        return client.how == "host" or self._resolver_answers_from_within(client)

    def _may_be_inside(self) -> bool:
        host = self._case.place.host.seen_or(None)
        ranges = [c for v in self.facts.vpcs.seen_or(()) for c in (v.cidr, *v.cidrs)]
        own = host.addresses.seen_or(()) if host is not None else ()
        return any(contains(c, a.address) for c in ranges for a in own)

    def _resolver_answers_from_within(self, client: ClientVpc) -> bool:
        place = self._case.place
        host, vpcs = place.host.seen_or(None), self.facts.vpcs.seen_or(())
        vpc = next((v for v in vpcs if v.id == client.vpc_id), None)
        if host is None or vpc is None:
            return False
        routes = {r.destination: r.route.value for r in host.routes if isinstance(r.route, Seen)}
        tunnels = {r.interface for r in routes.values() if r.kind == "tunnel"}
        if vpc.resolver in routes and routes[vpc.resolver].kind == "tunnel":
            return False
        own = [a.address for a in host.addresses.seen_or(()) if a.interface not in tunnels]
        if not any(contains(c, a) for c in (vpc.cidr, *vpc.cidrs) for a in own):
            return False
        said = (
            p.outcome.value
            for p in place.dns.probes
            if p.server.address == vpc.resolver and isinstance(p.outcome, Seen)
        )
        zones = {v.namespace.name for v in self._case.aws.cloudmap.views}
        marked = surroundings(host).in_aws
        return any(marked or _tells_addresses(a, vpc) or any(r.owner in zones for r in _soas(a)) for a in said)

    def vpc(self, vpc_id: str) -> Vpc:
        """Return a VPC of this region. Raises when it is not among them."""
        for vpc in self.facts.vpcs.value:
            if vpc.id == vpc_id:
                return vpc
        raise AbsentFactError(f"{vpc_id} in this region and account")

    def holding(self, address: str) -> Vpc | None:
        """Return the VPC whose ranges contain the address, or ``None``."""
        for vpc in self.facts.vpcs.value:
            if any(contains(c, address) for c in (vpc.cidr, *vpc.cidrs)):
                return vpc
        return None

    def with_resolver(self, address: str) -> Vpc | None:
        """Return the VPC whose resolver has this address (base of the primary range plus two), or ``None``.

        https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
        """
        return next((v for v in self.facts.vpcs.value if v.resolver == address), None)

    @property
    def dns(self) -> VpcDnsSetup:
        """How DNS is set up in the client's VPC."""
        return self.dns_of(self.client.vpc_id)

    def dns_of(self, vpc_id: str) -> VpcDnsSetup:
        """Return how DNS is set up in a VPC. Raises when that was not observed."""
        for observation in self.facts.looks:
            if observation.vpc_id == vpc_id:
                return observation
        raise AbsentFactError(f"the DNS of {vpc_id}")

    @property
    def visible_zones(self) -> tuple[ZoneSummary, ...]:
        """The private zones that the client's VPC sees, those of Profiles included. Raises where there may be others."""
        return self.dns.zones.value + self.profile_zones

    @property
    def listed_zones(self) -> tuple[ZoneSummary, ...]:
        """The private zones that the client's VPC was seen to see: there may be others."""
        return self.dns.zones.seen_or(()) + self.dns.profile_zones.seen_or(())

    @property
    def profile_zones(self) -> tuple[ZoneSummary, ...]:
        """The private zones that Profiles bring. Raises where there may be others."""
        zones = self.dns.profile_zones.whole
        self._require_all_listed("the zones of Profiles")
        return zones

    @property
    def other_owner(self) -> str | None:
        """The account that owns the client's VPC, if that is known to be another one than the account that was asked."""
        owner, caller = self._owner, self._caller
        return owner if owner and caller and owner != caller else None

    @property
    def _owner(self) -> str:
        client = self.facts.client.seen_or(None)
        return next((v.owner for v in self.facts.vpcs.seen_or(()) if client and v.id == client.vpc_id), "")

    @property
    def _caller(self) -> str | None:
        """The account that was asked: by its identity, else by what is in ECS, which lists one's own only."""
        identity = self._case.aws.identity.seen_or(None)
        if identity is not None:
            return str(identity.account)
        ecs = self._case.aws.ecs
        services = (s.arn for f in (ecs.services, *(w.services for w in ecs.walks)) for s in f.seen_or(()))
        tasks = (t.arn for s in ecs.tasks for t in s.running.seen_or(()))
        arns = (a.split(":") for a in (*ecs.clusters.seen_or(()), *services, *tasks))
        return next((parts[4] for parts in arns if len(parts) > 4 and parts[4]), None)

    def _require_all_listed(self, what: str) -> None:
        """Raise unless the account that was asked owns the VPC: then what it lists is all.

        The owner of a shared VPC makes its rules, endpoints and firewall groups, and lists show only those of one's own
        account. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
        """
        owner, caller, vpc_id = self._owner, self._caller, self.client.vpc_id
        if owner and owner == caller:
            return
        if not owner:
            gap = Gap(f"{what} of {vpc_id}", "its owner was not seen", "ec2:DescribeVpcs")
        elif caller is None:
            why = f"the VPC belongs to account {owner}, and whose own are listed here was not seen"
            gap = Gap(f"{what} of {vpc_id}", why, "sts:GetCallerIdentity")
        else:
            why = f"the VPC belongs to account {owner}, whose own are not listed here"
            gap = Gap(f"{what} of {vpc_id}", why, f"a look from account {owner}")
        raise UnseenFactError(gap)

    @property
    def listed_rules(self) -> tuple[ResolverRule, ...]:
        """The Resolver rules that are seen to be the VPC's: there may be others."""
        return self.dns.rules.value

    @property
    def all_rules(self) -> tuple[ResolverRule, ...]:
        """The Resolver rules of the VPC. Raises where there may be others: of another account, or of a Profile."""
        rules = self.dns.rules.whole
        self.dns.profile_zones.whole  # noqa: B018 - raises where Profiles were not all seen
        self._require_all_listed("the Resolver rules")
        return rules

    @property
    def listed_firewall(self) -> tuple[FirewallRule, ...]:
        """The rules of DNS Firewall that are seen to be the VPC's: there may be others."""
        return self.dns.firewall.value

    @property
    def all_firewall(self) -> tuple[FirewallRule, ...]:
        """The rules of DNS Firewall in the VPC. Raises where there may be others, as those of :attr:`all_rules`."""
        rules = self.dns.firewall.whole
        self.dns.profile_zones.whole  # noqa: B018 - raises where Profiles were not all seen
        self._require_all_listed("the rules of DNS Firewall")
        return rules

    @property
    def all_endpoints(self) -> tuple[InboundEndpoint, ...]:
        """The inbound endpoints of the region. Raises where the client's VPC may have others than those listed."""
        endpoints = self.facts.endpoints.whole
        if self.facts.client.seen_or(None) is not None:
            self._require_all_listed("the inbound endpoints")
        return endpoints

    def forward_rule(self, name: str, labels: int = 0) -> ResolverRule | None:
        """Return the rule that forwards the name in the client's VPC, or ``None``. Rules of fewer ``labels`` do not count.

        Raises where none that is seen to act does, and another one may: one that is not listed, or whose status does not
        show whether it acts. Of all rules that cover a name the most specific one counts, and a SYSTEM rule takes its names
        out of a forwarding of a parent domain. At equal domains a rule of the VPC comes before one of a Profile.
        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html
        """
        covering = [
            r
            for r in sorted(self.listed_rules, key=lambda r: r.via_profile is not None)
            if is_below(name, r.domain) and label_count(r.domain) >= labels
            if r.type not in _TAKING_NO_NAMES and acts(r.status) is not False
        ]
        acting = [r for r in covering if acts(r.status) and r.type in ("FORWARD", "SYSTEM")]
        best = max(acting, key=lambda r: label_count(r.domain), default=None)
        for rule in covering:
            if rule not in acting and (best is None or label_count(rule.domain) >= label_count(best.domain)):
                raise UnseenFactError(_unsettled(rule))
        if best is not None and best.type == "FORWARD":
            return best
        self.all_rules  # noqa: B018 - raises where there may be others
        return None

    @property
    def assigned_servers(self) -> tuple[str, ...]:
        """The DNS servers that DHCP assigns in the client's VPC, in order.

        Empty when that is Amazon's resolver alone, by whichever of its addresses.
        https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
        """
        own = self._resolver_of(self.client.vpc_id)
        servers = tuple(own or s if s == AMAZON_PROVIDED else s for s in self.dns.dhcp.value.domain_name_servers)
        custom = [s for s in servers if s not in (own, AMAZON_PROVIDED) and not is_amazons_address(s)]
        return servers if custom else ()

    def _resolver_of(self, vpc_id: str) -> str | None:
        return next((v.resolver for v in self.facts.vpcs.seen_or(()) if v.id == vpc_id), None)

    def sees_zone(self, zone_id: str) -> bool:
        """Tell whether the client's VPC is associated with the zone, from whichever side that was seen.

        Yes takes one observation that shows it; no takes all of them.
        """
        view_fact = next((v.zone for v in self._case.aws.cloudmap.views if v.namespace.hosted_zone_id == zone_id), None)
        zone = view_fact.seen_or(None) if view_fact is not None else None
        if zone is not None and any(v.vpc_id == self.client.vpc_id for v in zone.vpcs):
            return True
        for fact in (self.dns.zones, self.dns.profile_zones):
            if isinstance(fact, Seen) and any(z.id == zone_id for z in fact.value):
                return True
        return any(z.id == zone_id for z in self.visible_zones)
