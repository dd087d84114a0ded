"""DNS Firewall: which queries its rules block.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
"""

from __future__ import annotations

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.result import Result, covers
from sddoctor.lab.objects import LiveVpc
from sddoctor.lab.parts.network import FirewallRule
from sddoctor.lab.state import LabState


def deciding_rule(
    state: LabState, vpc: LiveVpc, name: str, rdtype: str, *, redirected: bool = False
) -> FirewallRule | None:
    """Return the rule that decides on a query, if any: the first that matches, by the priority of groups and of rules.

    ``redirected``: the name is one that a CNAME leads to, which rules that trust such do not look at.
    """
    profiles = [state.profiles[p] for p in vpc.profiles if p in state.profiles]
    brought = {g for p in profiles for g in p.firewall_groups}
    groups = [g for g in state.firewall_groups.values() if vpc.id in g.vpcs or g.id in brought]
    for group in sorted(groups, key=lambda g: g.priority):
        for rule in sorted(group.rules, key=lambda r: r.priority):
            if rule.qtype in (None, rdtype) and not (redirected and rule.trusts) and _matches(state, rule, name):
                return rule
    return None


def _matches(state: LabState, rule: FirewallRule, name: str) -> bool:
    known = state.domain_lists.get(rule.list_id) if rule.threat is None else None
    return any(_covers(d.lower().rstrip("."), name) for d in (known.domains if known else rule.domains))


def _covers(domain: str, name: str) -> bool:
    """Match ``*.example.com`` with all names below it, and a domain without a star with that name only."""
    if domain == "*":
        return True
    if domain.startswith("*."):
        return name != domain[2:] and covers(domain[2:], name)
    return name == domain


def blocked_answer(rule: FirewallRule, name: str) -> Result:
    """Return the answer of a rule that blocks. It has no SOA, as no zone made it."""
    if rule.block_response == "OVERRIDE" and rule.override_domain:
        return Result(answers=(Rr(name, "CNAME", 0, rule.override_domain.rstrip(".")),))
    return Result("NXDOMAIN" if rule.block_response == "NXDOMAIN" else "NOERROR")
