"""The Name Resolution Policy Table of Windows: ``Get-DnsClientNrptRule`` and ``Get-DnsClientNrptPolicy -Effective``.

https://learn.microsoft.com/en-us/powershell/module/dnsclient/get-dnsclientnrptrule
"""

from __future__ import annotations

from sddoctor.case.host import NrptRule
from sddoctor.case.name import fold_name
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.names import covers
from sddoctor.formats.host.windows import list_records, values

RULES_COMMAND = "Get-DnsClientNrptRule"
POLICY_COMMAND = "Get-DnsClientNrptPolicy -Effective"


def parse(text: str, source: str = RULES_COMMAND) -> tuple[NrptRule, ...]:
    """Read the rules of either command."""
    rules: list[NrptRule] = []
    for record in list_records(text):
        namespaces = values(record.get("Namespace", ""))
        if namespaces:
            servers = values(record.get("NameServers", "")) or values(record.get("DirectAccessDnsServers", ""))
            rules.append(
                NrptRule(
                    namespaces,
                    tuple(a for a in map(read_full_address, servers) if a),
                    record.get("DnsSecValidationRequired", "").lower() == "true",
                    source,
                )
            )
    return tuple(rules)


def in_force(rules: tuple[NrptRule, ...], effective: tuple[NrptRule, ...]) -> tuple[NrptRule, ...]:
    """Mark the configured rules that are in the effective policy, and add its other rules (Group Policy)."""
    marked: list[NrptRule] = []
    used: set[int] = set()
    for rule in rules:
        same = [n for n, policy in enumerate(effective) if _overlap(rule, policy)]
        used.update(same)
        marked.append(NrptRule(rule.namespaces, rule.servers, rule.dnssec_required, rule.source, bool(same)))
    for number, policy in enumerate(effective):
        if number not in used:
            marked.append(
                NrptRule(policy.namespaces, policy.servers, policy.dnssec_required, policy.source, in_force=True)
            )
    return tuple(marked)


def _overlap(rule: NrptRule, policy: NrptRule) -> bool:
    shared = {n.lower() for n in rule.namespaces} & {n.lower() for n in policy.namespaces}
    return bool(shared) and set(rule.servers) == set(policy.servers)


def matches(namespace: str, name: str) -> bool:
    """Tell whether a namespace covers the name: with a leading dot a whole domain, ``.`` everything, else that name only."""
    if namespace.startswith("."):
        return covers(namespace[1:], name)
    return fold_name(namespace) == fold_name(name)
