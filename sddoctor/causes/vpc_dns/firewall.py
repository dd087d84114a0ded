"""Route 53 Resolver DNS Firewall blocks the name."""

from __future__ import annotations

from sddoctor.case.dns import Answer
from sddoctor.case.name import fold_name, is_below
from sddoctor.case.seen import Seen
from sddoctor.case.vpc import FirewallRule
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import aws, keep, variable
from sddoctor.text.words import listed
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import (
    client_is_served,
    has_record,
    vpc_resolver_is_right,
)

_NUMBERS = {"TYPE1": "A", "TYPE28": "AAAA", "TYPE33": "SRV"}


@cause(
    "dns-firewall-blocks",
    hop="vpc-dns",
    at=("vpc-answer",),
    symptoms=(*FAILED, "foreign", "missing"),
    title="Route 53 Resolver DNS Firewall blocks the name",
    # The zone was not queried, so the negative answer shows nothing of the VPC's attributes.
    explains=("dns-hostnames-off",),
)
def dns_firewall_blocks(trail: Trail) -> Finding | None:
    """The first rule of the VPC that matches name and type has the action BLOCK, and the answer is what it prescribes.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html
    """
    rules = _in_order(trail.vpc.dns.firewall.value)
    rdtype = _asked_type(trail)
    applicable = [r for r in rules if _NUMBERS.get(r.qtype or "", r.qtype) in (None, rdtype)]
    decides = next(
        (n for n, r in enumerate(applicable) if isinstance(r.domains, Seen) and _matches(r.domains.value, trail.name)),
        len(applicable),
    )
    hidden = [r for r in applicable[:decides] if not isinstance(r.domains, Seen)]
    answer = optional(lambda: trail.answers.vpc(rdtype))
    block = next((r for r in applicable[decides : decides + 1] if r.action == "BLOCK"), None)
    if block is not None and answer is None and hidden:
        trail.answers.vpc(rdtype)  # raises: a list that cannot be read might let the name pass before
    if block is None and answer is not None and _zone_would_answer(trail):
        block = next((r for r in hidden if r.action == "BLOCK"), None)
    if block is None or (answer is not None and not _fits(trail, answer, block)):
        return None
    return Finding(
        summary=(
            f"DNS Firewall in {trail.vpc.client.vpc_id} {'probably ' if hidden else ''}blocks {trail.name}: rule {block.name} of "
            f"{block.group_name or block.group_id} {'may match' if hidden else 'matches'} it and answers with {_response(block)}."
        ),
        detail=(
            "The firewall of the VPC's resolver looks at every question before a zone is asked, private names included. A "
            'namespace that is missing from an allow list which ends in "block all" is blocked in the same way.'
        ),
        evidence=(
            Evidence(
                "route53resolver:ListFirewallRules",
                f"{block.group_id}, priority {block.priority}",
                f"{block.name}: {block.action} {_response(block)}",
                "ALLOW, or no match",
            ),
            Evidence(
                "route53resolver:ListFirewallDomains", block.domain_list_id or block.name, _domain(block, trail.name)
            ),
            *answer_evidence(trail),
        ),
        fixes=_fixes(trail, block),
        would_tell="the query log of the VPC, firewall_rule_action of this name" if hidden else None,
        acts=not client_is_served(trail),
    )


def _zone_would_answer(trail: Trail) -> bool:
    """Tell whether the zone has the record and belongs to the VPC, so that only something before it can deny the name."""
    zone = trail.cloudmap.namespace.hosted_zone_id
    return has_record(trail) and any(z.id == zone for z in trail.vpc.dns.zones.value)


def _asked_type(trail: Trail) -> str:
    if trail.queries_srv:
        return "SRV"
    service = optional(lambda: trail.cloudmap.service)
    return "AAAA" if service is not None and service.record_types == {"AAAA"} else "A"


def _in_order(rules: tuple[FirewallRule, ...]) -> list[FirewallRule]:
    return sorted(rules, key=lambda r: (r.group_priority, r.group_id, r.priority))


def _matches(domains: tuple[str, ...], name: str) -> bool:
    return any(_covers(d, name) for d in domains)


def _covers(domain: str, name: str) -> bool:
    """Tell whether a listed domain matches: ``*.example.com`` is all below it, without a star the name alone.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-user-managed-domain-lists.html
    """
    domain = fold_name(domain)
    if domain.startswith("*"):
        parent = domain[1:].lstrip(".")
        return name != parent and is_below(name, parent)
    return name == domain


def _domain(rule: FirewallRule, name: str) -> str:
    domains = rule.domains.seen_or(())
    return next((d for d in domains if _covers(d, name)), "")


def _fits(trail: Trail, answer: Answer, rule: FirewallRule) -> bool:
    """Tell whether the answer is what the rule prescribes: a denial that has an SOA is that of a zone."""
    if optional(lambda: vpc_resolver_is_right(trail)):
        return False
    if rule.block_response == "OVERRIDE":
        target = fold_name(rule.override_domain or "")
        return any(r.type == "CNAME" and fold_name(r.data) == target for r in answer.answers)
    if rule.block_response == "NODATA":
        return answer.rcode == "NOERROR" and not answer.answers and answer.soa is None
    return answer.rcode == "NXDOMAIN" and answer.soa is None


def _response(rule: FirewallRule) -> str:
    if rule.block_response == "OVERRIDE":
        return f"an alias to {(rule.override_domain or 'elsewhere').rstrip('.')}"
    return "an empty answer" if rule.block_response == "NODATA" else "NXDOMAIN"


def _fixes(trail: Trail, block: FirewallRule) -> tuple[Fix, ...]:
    namespace = optional(lambda: trail.cloudmap.namespace)
    zone = namespace.name if namespace else trail.name.split(".", 1)[-1]
    rules = trail.vpc.dns.firewall.value
    allow = next((r for r in _in_order(rules) if r.group_id == block.group_id and r.action == "ALLOW"), None)
    if allow is not None and allow.domain_list_id and allow.priority < block.priority and allow.qtype is None:
        commands: tuple[str, ...] = (_add_to(allow.domain_list_id, zone),)
        changes = f"Lets {zone} and all below it pass by the rule {allow.name}, in every VPC of {block.group_id}."
    else:
        commands = _new_rule(block, zone, {r.priority for r in rules if r.group_id == block.group_id})
        changes = f"Adds a rule that lets {zone} pass before {block.name}, in every VPC of {block.group_id}."
    return (
        Fix(
            f"Allow {zone} with a lower priority number than the block",
            "aws",
            commands=commands,
            changes=changes,
            verified_by=f"The VPC resolver answers {listed([trail.name])}; the query log shows no BLOCK for it.",
        ),
    )


def _new_rule(block: FirewallRule, zone: str, taken: set[int]) -> tuple[str, ...]:
    """Return how to make an ALLOW rule before the block; priorities in a group are unique, so the block may have to move."""
    priority = next((p for p in range(1, block.priority) if p not in taken), None)
    move: tuple[str, ...] = ()
    if priority is None:
        priority = block.priority
        free = next(p for p in range(block.priority + 1, block.priority + 2 + len(taken)) if p not in taken)
        options: dict[str, str | int] = {"firewall_domain_list_id": block.domain_list_id or "", "priority": free}
        move = (aws("route53resolver", "update-firewall-rule", firewall_rule_group_id=block.group_id, **options),)
    return (
        keep(
            "LIST_ID",
            aws("route53resolver", "create-firewall-domain-list", name="allow-discovery"),
            "FirewallDomainList.Id",
        ),
        _add_to(variable("LIST_ID"), zone),
        *move,
        aws(
            "route53resolver",
            "create-firewall-rule",
            firewall_rule_group_id=block.group_id,
            firewall_domain_list_id=variable("LIST_ID"),
            priority=priority,
            action="ALLOW",
            name="allow-discovery",
        ),
    )


def _add_to(list_id: str, zone: str) -> str:
    return aws(
        "route53resolver",
        "update-firewall-domains",
        firewall_domain_list_id=list_id,
        operation="ADD",
        domains=(zone, f"*.{zone}"),
    )
