"""Service Connect lists an IPv6 address that the task cannot reach."""

from __future__ import annotations

from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import in_order, listed
from sddoctor.trail.service_connect import are_proxies
from sddoctor.trail.trail import Trail


@cause(
    "service-connect-ipv6-first",
    hop="host",
    kind="risk",
    severity="warning",
    title="Service Connect lists an IPv6 address that the task cannot reach",
    platforms=("linux",),
)
def service_connect_ipv6_first(trail: Trail) -> Finding | None:
    """The hosts file has proxies of both families for the name, and this host has no IPv6.

    https://github.com/aws/containers-roadmap/issues/2742
    """
    entries = trail.host.hosts_entries
    proxies = {e.address for e in entries}
    if not are_proxies(proxies):
        return None
    unusable = trail.host.unusable(proxies)
    if not unusable or unusable == proxies or not all(":" in a for a in unusable):
        return None
    path = trail.host.facts.hosts.value.path
    return Finding(
        summary=(
            f"{path} has {listed(in_order(proxies - unusable))} and {listed(in_order(unusable))} for {trail.name}, and this host "
            "has no IPv6: a program that tries IPv6 first and nothing else cannot connect."
        ),
        detail=(
            "ECS writes the Service Connect proxy into the hosts file with one address of each family, also where the task has "
            "no IPv6. Most programs fall back to IPv4; nginx and some gRPC and Node.js clients do not."
        ),
        evidence=tuple(Evidence(f"{path} line {e.line}", trail.name, e.address) for e in entries),
        fixes=(
            Fix(
                "Let the program try IPv4 first, or fall back to it (Node.js: --dns-result-order=ipv4first; JVM: "
                "-Djava.net.preferIPv4Stack=true)",
                "app",
                verified_by="The program connects to the 127.255 address.",
            ),
            Fix("Or give the VPC's subnets and the task IPv6 (dual-stack)", "terraform"),
        ),
        addresses=in_order(unusable),
    )
