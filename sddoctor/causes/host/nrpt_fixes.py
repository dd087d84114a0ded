"""How a Windows host comes to send a domain to one server: by the Name Resolution Policy Table, or the policy that has it."""

from __future__ import annotations

from sddoctor.case.host import NrptRule
from sddoctor.causes.model import Fix
from sddoctor.formats.host import nrpt
from sddoctor.resolution.windows import deciding_rule
from sddoctor.trail.trail import Trail, optional

#: Where rules by Group Policy are kept. https://learn.microsoft.com/openspecs/windows_protocols/ms-gpnrpt
_POLICY = r"HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient\DnsPolicyConfig"
_VERIFIED = "Resolve-DnsName prints the addresses."
_ASK_FOR_POLICY = "$policy = Read-Host 'name of the Group Policy'"


def by_rule(trail: Trail, zone: str, server: str) -> tuple[Fix, ...]:
    """Return how the domain gets a rule that is in force: none is added that is there already, or would be off."""
    rules = optional(lambda: trail.host.facts.nrpt.value) or ()
    decided = deciding_rule(trail.name, rules)
    there = any(f".{zone}" in r.namespaces and server in r.servers for r in rules)
    add = () if there else (add_rule(zone, server),)
    if are_local_rules_off(rules):
        if not any(r.in_force for r in rules):
            return (_without_the_policy(zone), *add)
        return (_in_the_policy(zone, server, decided),)
    if decided is None or nrpt.weight(decided[1]) < nrpt.weight(f".{zone}"):
        # Where the host has no rule of its own, those in force are likely a policy's, and would switch one off.
        by_policy = bool(rules) and all(r.source == nrpt.POLICY_COMMAND for r in rules)
        return (*((_in_the_policy(zone, server, decided),) if by_policy else ()), *add)
    rule, namespace = decided
    if rule.servers == (server,):
        return ()
    if rule.source == nrpt.POLICY_COMMAND:
        vpn = Fix(
            f"If a VPN brings the rule for {namespace}, name {server} in its profile", "vpn", verified_by=_VERIFIED
        )
        return (_in_the_policy(zone, server, decided), vpn)
    return (_replace(rule, namespace, zone, None if there and namespace != f".{zone}" else server),)


def are_local_rules_off(rules: tuple[NrptRule, ...]) -> bool:
    """Tell whether a rule of this host is seen not to be in force: while there is a policy, even an empty one, none is.

    https://github.com/netbirdio/docs/pull/862
    """
    return any(rule.in_force is False for rule in rules)


def without_dnssec(rule: NrptRule, namespace: str) -> tuple[Fix, ...]:
    """Return how a rule comes to demand no signatures."""
    found = f"Where-Object Namespace -contains '{_bare(namespace)}'"
    local = f"Get-DnsClientNrptRule | {found} | Set-DnsClientNrptRule -DnsSecValidationRequired $false"
    changes = f"Windows takes unsigned answers for {namespace}."
    in_policy = f"{_ASK_FOR_POLICY}; Get-DnsClientNrptRule -GpoName $policy | {found} | Set-DnsClientNrptRule -GpoName $policy -DnsSecValidationRequired $false"
    fixes = (
        Fix(
            "Take the demand out of the rule (as administrator, in PowerShell)", "windows", (local,), changes, _VERIFIED
        ),
        Fix(
            "In the Group Policy, if the rule comes from there",
            "windows",
            (in_policy, "gpupdate /force"),
            changes,
            _VERIFIED,
        ),
    )
    pushed = Fix(
        "OpenVPN: tell clients not to demand it, in the server's configuration",
        "vpn",
        config='push "dns server 1 dnssec no"',
    )
    return (*(fixes[::-1] if rule.source == nrpt.POLICY_COMMAND else fixes), pushed)


def add_rule(zone: str, server: str) -> Fix:
    """Return the fix that adds a rule of the Name Resolution Policy Table."""
    return Fix(
        f"Send {zone} to the VPC resolver (as administrator, in PowerShell)",
        "windows",
        commands=(_adding(zone, server),),
        changes=f"Adds a rule for {zone}; all other names keep their resolver.",
        verified_by=_VERIFIED,
    )


def _adding(zone: str, server: str, policy: str = "") -> str:
    return f"Add-DnsClientNrptRule{policy} -Namespace '.{_bare(zone)}' -NameServers '{_bare(server)}'"


def _replace(rule: NrptRule, namespace: str, zone: str, server: str | None) -> Fix:
    """Return how the namespace leaves its rule, whose other namespaces stay, and gets one with the right server."""
    taken = _bare(namespace)
    found = f"Get-DnsClientNrptRule | Where-Object Namespace -contains '{taken}'"
    out = "Remove-DnsClientNrptRule -Force"
    if len(rule.namespaces) > 1:
        out = f"ForEach-Object {{ Set-DnsClientNrptRule -Name $_.Name -Namespace @($_.Namespace -ne '{taken}') }}"
    return Fix(
        f"Replace the rule for {namespace} (as administrator, in PowerShell)",
        "windows",
        commands=(f"{found} | {out}", *(() if server is None else (_adding(zone, server),))),
        changes=(
            f"Takes {namespace} out of the rule that sends it to {', '.join(rule.servers)}."
            if rule.servers
            else f"Removes the exemption of {namespace}."
        ),
        verified_by=_VERIFIED,
    )


def _without_the_policy(zone: str) -> Fix:
    """Return how local rules come into force again: while this key is there, even empty, they are off."""
    return Fix(
        f"Remove what a Group Policy left over (as administrator); where one is wanted, put the rule for {zone} into it",
        "windows",
        (rf"Remove-Item -Recurse '{_POLICY}'; gpupdate /target:computer /force; Clear-DnsClientCache",),
        "Removes every NRPT rule that came by Group Policy; gpupdate brings back those that a policy still has.",
        "Get-DnsClientNrptPolicy -Effective shows the rule.",
    )


def _in_the_policy(zone: str, server: str, decided: tuple[NrptRule, str] | None) -> Fix:
    """Return how a Group Policy gets the rule, in the place of its own for the domain."""
    taken = ""
    if decided is not None and decided[1] == f".{zone}":
        found = f"Get-DnsClientNrptRule -GpoName $policy | Where-Object Namespace -contains '.{_bare(zone)}'"
        taken = f" {found} | Remove-DnsClientNrptRule -GpoName $policy -Force;"
    return Fix(
        f"Put the rule for {zone} into the Group Policy (as its administrator, in PowerShell): it switches local rules off",
        "windows",
        (f"{_ASK_FOR_POLICY};{taken} {_adding(zone, server, ' -GpoName $policy')}", "gpupdate /force"),
        f"Sends {zone} to {server} on all computers of the policy.",
        "Get-DnsClientNrptPolicy -Effective shows the rule.",
    )


def _bare(text: str) -> str:
    """Keep what may stand inside a PowerShell single-quoted string."""
    return "".join(c for c in text if c.isalnum() or c in ".-_:")
