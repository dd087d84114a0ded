"""A rule of this Windows host demands DNSSEC, and the private zone is not signed."""

from __future__ import annotations

from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.host.nrpt_fixes import without_dnssec
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.formats.host.lookup_output import NOT_FOUND
from sddoctor.resolution.windows import deciding_rule
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import powershell
from sddoctor.text.words import listed
from sddoctor.trail.host_answers import agrees_with_vpc_resolver, only_host_fails, server_answer
from sddoctor.trail.trail import Trail


@cause(
    "nrpt-requires-dnssec",
    hop="host",
    at=("program",),
    symptoms=FAILED,
    title="The NRPT rule demands DNSSEC, and the private zone is unsigned",
    explains=("dnssec-rejects-zone",),
)
def nrpt_requires_dnssec(trail: Trail) -> Finding | None:
    """The rule that covers the name has DnsSecValidationRequired, its server answers without the AD flag, and programs fail.

    https://learn.microsoft.com/en-us/powershell/module/dnsclient/get-dnsclientnrptpolicy RFC 4035, section 3.2.3
    """
    rules = trail.host.facts.nrpt.value if trail.host.platform == "windows" else ()
    decided, servers = deciding_rule(trail.name, rules), trail.host.servers
    if decided is None or decided[0].dnssec_required is False or not servers or not only_host_fails(trail):
        return None
    rule, namespace = decided
    answer = server_answer(trail, servers[0])
    if answer is None or not agrees_with_vpc_resolver(trail, answer) or "AD" in answer.flags:
        return None
    if rule.dnssec_required is None:
        raise UnseenFactError(
            Gap(
                f"whether the rule for {namespace} demands DNSSEC",
                f"{rule.source} does not show DnsSecValidationRequired",
                rule.source,
            )
        )
    again = f"Clear-DnsClientCache; {powershell('Resolve-DnsName', trail.name)}"
    return Finding(
        summary=f"The NRPT rule for {namespace} demands DNSSEC, and {servers[0]} answers {trail.name} without signatures: Windows throws the answer away.",
        detail="The server and the rule are right. Private zones are not signed, so a rule must not demand validation for them.",
        evidence=(
            Evidence(f"{rule.source} DnsSecValidationRequired", namespace, "True", "False"),
            Evidence(
                f"dns @{servers[0]} A", trail.name, f"{answer.rcode}, flags {listed(answer.flags) or 'none'}", "AD"
            ),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=without_dnssec(rule, namespace),
        would_tell=again if trail.client_answer.error == NOT_FOUND else None,
    )
