"""No NRPT rule in force on this Windows host covers the name."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.host import NrptRule
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.nrpt_fixes import are_local_rules_off
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.host.vpn_fixes import of_vpn
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.resolution.windows import deciding_rule
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import powershell
from sddoctor.trail.adapters import adapter_with_resolver, are_ranked, ranked_before, seems_unconnected
from sddoctor.trail.company import lacks_a_forwarder, tells_a_forwarder
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails
from sddoctor.trail.known_zone import first_word, knows_zone, would_tell
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpn_clients import stand_ins, tells_a_stand_in


@cause(
    "nrpt-rule-missing",
    hop="host",
    at=("servers", "stub", "program"),
    symptoms=(*DENIED, "foreign"),
    title="No NRPT rule in force on this Windows host covers the name",
)
def nrpt_rule_missing(trail: Trail) -> Finding | None:
    """No rule in force matches the name, no adapter names the resolver, and the host fails where the resolver answers.

    A leading dot means "and everything below"; without it a rule is for one exact name.
    https://learn.microsoft.com/powershell/module/dnsclient/get-dnsclientnrptpolicy
    """
    if trail.host.platform != "windows" or trail.host.choice.kind != "interface-dns" or not only_host_fails(trail):
        return None
    choice = trail.host.choice
    if stand_ins(trail, trail.client_answer.addresses):
        return None  # a VPN client answers, whichever server is asked
    if any(can_resolve_zone(trail, s) for s in choice.servers):
        return _beside_another_adapter(trail)
    decisive = first_word(trail)
    if decisive is None or knows_zone(trail, decisive) or optional(lambda: lacks_a_forwarder(trail)):
        return None
    tell = tells_a_stand_in(trail) or tells_a_forwarder(trail)
    if tell is None and knows_zone(trail, decisive) is not False:
        tell = would_tell(trail, decisive, domain_to_route(trail))
    said = "and they deny the name" if trail.answers.was_queried(decisive) else "and what they say was not seen"
    return _finding(trail, f"The servers of the adapters are asked instead, {said}.", tell)


def _beside_another_adapter(trail: Trail) -> Finding | None:
    """Return the finding where the adapter that Windows ranks first has the VPC resolver, and the denial of another counts."""
    adapters = trail.host.adapters
    right = adapter_with_resolver(trail)
    if len(adapters) < 2 or right is None:
        return None
    if not are_ranked(trail) and seems_unconnected(trail, right):
        detail = f"{right.interface} lists the VPC resolver, but has no address: it is hardly in use, and the servers of others are asked."
        return _finding(trail, detail, "Get-NetIPInterface -ConnectionState Connected")
    if ranked_before(trail, right):
        return None
    rivals = [Server(a) for i in adapters if i != right for a in i.servers]
    denying = next((s for s in rivals if knows_zone(trail, s) is False), None)
    said = f"{denying} denies the name" if denying else f"{rivals[0]} may deny the name"
    detail = (
        f"{right.interface} has the VPC resolver and comes first, but Windows may query all adapters at once: {said}."
    )
    return _finding(trail, detail, powershell("Resolve-DnsName", trail.name, "-Server", str(rivals[0].address)))


def _exempt(trail: Trail, rule: NrptRule, namespace: str, tell: str | None) -> Finding:
    """Return the finding where the rule that covers the name has no server: then it is as if there were no rule."""
    return Finding(
        summary=f"The NRPT rule for {namespace} names no server, which exempts {trail.name}: Windows queries the servers of the adapters.",
        detail="Of several rules that cover a name the longest counts, also where it has no server.",
        evidence=(
            Evidence(rule.source, namespace, "no server", str(trail.answers.vpc_server)),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=route_domain(trail),
        would_tell=tell,
    )


def _finding(trail: Trail, detail: str, tell: str | None) -> Finding:
    zone, rules = domain_to_route(trail), trail.host.facts.nrpt.value
    if (exemption := deciding_rule(trail.name, rules)) is not None:
        return _exempt(trail, *exemption, tell)
    why = ""
    if are_local_rules_off(rules):
        why = " One is configured, but not in force: a Group Policy, even an empty one, switches local rules off."
    elif any(zone in r.namespaces for r in rules):
        why = f" The rule for {zone} has no leading dot, so it means that one name only."
    named = tuple(n for r in rules for n in r.namespaces) or "no rule"
    return Finding(
        summary=f"No rule of the Name Resolution Policy Table sends {zone} to the VPC resolver.{why}",
        detail=detail,
        evidence=(
            Evidence("Get-DnsClientNrptRule", zone, named, f".{zone}"),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(*route_domain(trail), *of_vpn(trail, trail.answers.vpc_server.address)),
        would_tell=tell,
    )
