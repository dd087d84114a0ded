"""No NRPT rule in force on this Windows host covers the name."""

from __future__ import annotations

from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.split_dns_fixes import nrpt_rule
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import FAILED
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail


@cause(
    "nrpt-rule-missing",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="No NRPT rule in force on this Windows host covers the name",
)
def nrpt_rule_missing(trail: Trail) -> Finding | None:
    """No rule in force matches the name, no adapter names the resolver, and the host fails where the resolver answers.

    A leading dot means "and everything below"; without it a rule is for one exact name.
    https://learn.microsoft.com/powershell/module/dnsclient/get-dnsclientnrptpolicy
    """
    if trail.host.platform != "windows":
        return None
    choice = trail.host.choice
    if choice.kind == "nrpt" or any(can_resolve_zone(trail, s) for s in choice.servers):
        return None
    if not only_host_fails(trail):
        return None
    zone = domain_to_route(trail)
    near = [r for r in trail.host.facts.nrpt.value if any(n.lstrip(".").lower() == zone for n in r.namespaces)]
    why = ""
    if any(r.in_force is False for r in near):
        why = " One is configured, but not in force: a Group Policy, even an empty one, switches local rules off."
    elif near:
        why = f" The rule for {zone} has no leading dot, so it means that one name only."
    return Finding(
        summary=f"No rule of the Name Resolution Policy Table sends {zone} to the VPC resolver.{why}",
        detail="The servers of the adapters are asked instead, and they deny the name.",
        evidence=(
            Evidence(
                "Get-DnsClientNrptRule",
                zone,
                tuple(n for r in trail.host.facts.nrpt.value for n in r.namespaces) or "no rule",
                f".{zone}",
            ),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(
            nrpt_rule(zone, trail.answers.vpc_server.address),
            Fix(
                "If the rule is there and not in force: put it into the Group Policy, or remove the left-over one",
                "windows",
            ),
        ),
    )
