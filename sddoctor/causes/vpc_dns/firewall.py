"""Route 53 Resolver DNS Firewall blocks the name."""

from __future__ import annotations

from sddoctor.case.dns import Answer
from sddoctor.case.name import fold_name
from sddoctor.case.vpc import FirewallRule
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import aws, keep, variable
from sddoctor.text.words import listed
from sddoctor.trail.cname_chain import cname_chain
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.firewall import Decision, decide, decide_chain, in_order, matching
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import has_record, is_seen_by_client, vpc_resolver_is_right


@cause(
    "dns-firewall-blocks",
    hop="vpc-dns",
    at=("vpc-answer",),
    symptoms=(*DENIED, "foreign"),
    title="Route 53 Resolver DNS Firewall blocks the name",
)
def dns_firewall_blocks(trail: Trail) -> Finding | None:
    """The first rule of the VPC that matches name and type has the action BLOCK, and the answer is what it prescribes.

    So is each name that CNAME records lead to, unless the rule that lets the first one pass trusts those.
    It only fits where the rule may be another one: what a list that nobody can read, or a rule without a list, matches is
    unknown. Then the zone must have the record, and the answer no SOA, which blocked answers do not have.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html
    """
    rdtype = _asked_type(trail)
    decision = decide_chain(trail.vpc.listed_firewall, cname_chain(trail), rdtype)
    block = decision.may_block
    if block is None:
        trail.vpc.all_firewall  # noqa: B018 - raises where a rule that is not listed may block it
        return None
    proved = decision.blocks and _is_known(block) and optional(lambda: trail.vpc.all_firewall) is not None
    answer = trail.answers.vpc(rdtype) if not proved else optional(lambda: trail.answers.vpc(rdtype))
    if answer is not None and not _fits(trail, answer, block):
        return None
    if block is not decision.rule and not _lacks_nothing_else(trail):
        return None
    return Finding(
        summary=_summary(trail, decision, block, proved=proved),
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
                "route53resolver:ListFirewallDomains",
                block.domain_list_id or block.name,
                matching(block, decision.name) or "not seen",
            ),
            *answer_evidence(trail),
        ),
        fixes=_fixes(trail, block, decision.name),
        would_tell=None if proved else _would_tell(trail),
    )


def _is_known(rule: FirewallRule) -> bool:
    """Tell whether it is known what the rule answers with: its action and response are of known kinds."""
    return rule.action == "BLOCK" and rule.block_response in ("NODATA", "NXDOMAIN", "OVERRIDE")


def _summary(trail: Trail, decision: Decision, block: FirewallRule, *, proved: bool) -> str:
    group = block.group_name or block.group_id
    it = "it" if decision.name == trail.name else f"{decision.name}, which it is an alias of,"
    vpc_id = trail.vpc.client.vpc_id
    if proved:
        return (
            f"DNS Firewall in {vpc_id} blocks {trail.name}: rule {block.name} of {group} matches {it} and answers with "
            f"{_response(block)}."
        )
    return (
        f"DNS Firewall in {vpc_id} may block {trail.name}: rule {block.name} of {group} answers with {_response(block)}, "
        "and which rule matches the name cannot be seen."
    )


def _would_tell(trail: Trail) -> str:
    """Return how to find the log of the VPC's queries: ``firewall_rule_action`` stands there beside each."""
    vpc = f"Name=ResourceId,Values={trail.vpc.client.vpc_id}"
    return aws("route53resolver", "list-resolver-query-log-config-associations", filters=vpc)


def _asked_type(trail: Trail) -> str:
    if trail.queries_srv:
        return "SRV"
    service = optional(lambda: trail.cloudmap.service)
    return "AAAA" if service is not None and service.record_types == {"AAAA"} else "A"


def _lacks_nothing_else(trail: Trail) -> bool:
    """Tell whether the VPC sees the zone, and the zone has the record, so that only something before it can deny the name."""
    zone = trail.zone.of_name
    return (
        zone.id is not None and has_record(trail) and is_seen_by_client(trail, zone) and vpc_denier(trail) != "public"
    )


def _fits(trail: Trail, answer: Answer, rule: FirewallRule) -> bool:
    """Tell whether the answer is what the rule prescribes, and comes from no zone."""
    if answer.soa is not None or optional(lambda: vpc_resolver_is_right(trail)):
        return False
    if rule.block_response == "OVERRIDE":
        target = fold_name(rule.override_domain or "")
        return any(r.type == "CNAME" and fold_name(r.data) == target for r in answer.answers)
    if rule.block_response == "NODATA":
        return answer.rcode == "NOERROR" and all(r.type == "CNAME" for r in answer.answers)
    if not _is_known(rule):
        return not answer.carried
    return answer.rcode == "NXDOMAIN"


def _response(rule: FirewallRule) -> str:
    if rule.block_response == "OVERRIDE":
        return f"an alias to {(rule.override_domain or 'elsewhere').rstrip('.')}"
    if not _is_known(rule):
        return f"{rule.action} {rule.block_response or ''}".strip()
    return "an empty answer" if rule.block_response == "NODATA" else "NXDOMAIN"


def _fixes(trail: Trail, block: FirewallRule, matched: str) -> tuple[Fix, ...]:
    zone = domain_to_route(trail) if matched == trail.name else matched
    rules = trail.vpc.listed_firewall
    allow = next((r for r in in_order(rules) if r.group_id == block.group_id and r.action == "ALLOW"), None)
    if allow is not None and allow.domain_list_id and allow.priority < block.priority and allow.qtype is None:
        commands: tuple[str, ...] = (_add_to(allow.domain_list_id, zone),)
        changes = f"Lets {zone} and all below it pass by the rule {allow.name}, in every VPC of {block.group_id}."
    else:
        commands = _new_rule(block, zone, {r.priority for r in rules if r.group_id == block.group_id})
        changes = f"Adds a rule that lets {zone} pass before {block.name}, in every VPC of {block.group_id}."
    verified = f"The VPC resolver answers {listed([trail.name])}; the query log shows no BLOCK for it."
    title = f"Allow {zone} with a lower priority number than the block"
    return (
        Fix(title, "aws", commands=commands, changes=changes, verified_by=verified),
        *_trust(trail, matched, verified),
    )


def _trust(trail: Trail, matched: str, verified: str) -> tuple[Fix, ...]:
    """Return how to let the rule that allows the name trust what it is an alias of, if that is what is blocked."""
    allow = decide(trail.vpc.listed_firewall, trail.name, _asked_type(trail)).rule
    if matched == trail.name or allow is None or not allow.domain_list_id:
        return ()
    options = {"firewall_rule_group_id": allow.group_id, "firewall_domain_list_id": allow.domain_list_id}
    action = "TRUST_REDIRECTION_DOMAIN"
    trust = aws("route53resolver", "update-firewall-rule", **options, firewall_domain_redirection_action=action)
    changes = f"Whatever the names of {allow.name} are aliases of passes, in every VPC of {allow.group_id}."
    return (
        Fix(
            f"Or let {allow.name} trust what its names are aliases of",
            "aws",
            commands=(trust,),
            changes=changes,
            verified_by=verified,
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
