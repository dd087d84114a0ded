"""No NRPT rule in force on this Windows host covers the name."""

from __future__ import annotations

from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.split_dns_fixes import nrpt_rule
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import DENIED
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails
from sddoctor.trail.known_zone import first_word, knows_zone, would_tell
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

#: Where rules by Group Policy are kept. https://learn.microsoft.com/openspecs/windows_protocols/ms-gpnrpt
_POLICY = r"HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient\DnsPolicyConfig"


@cause(
    "nrpt-rule-missing",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*DENIED, "foreign"),
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
    decisive = first_word(trail)
    if decisive is None or knows_zone(trail, decisive) or not only_host_fails(trail):
        return None
    zone = domain_to_route(trail)
    near = [r for r in trail.host.facts.nrpt.value if any(n.lstrip(".").lower() == zone for n in r.namespaces)]
    why = ""
    switched_off = any(r.in_force is False for r in near)
    if switched_off:
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
        fixes=(_without_the_policy(zone),) if switched_off else (nrpt_rule(zone, trail.answers.vpc_server.address),),
        would_tell=None if knows_zone(trail, decisive) is False else would_tell(decisive, zone),
    )


def _without_the_policy(zone: str) -> Fix:
    """Return how local rules come into force again: while this key is there, even empty, they are off."""
    return Fix(
        f"Put the rule for {zone} into the Group Policy; where none is wanted, remove what is left of one (as administrator)",
        "windows",
        (rf"Remove-Item -Recurse '{_POLICY}'; Restart-Service Dnscache -Force; ipconfig /flushdns",),
        "Removes every NRPT rule that came by Group Policy; gpupdate brings back those that a policy still has.",
        "Get-DnsClientNrptPolicy shows the rule.",
    )
