"""This host demands DNS over TLS, which the VPC resolver does not speak."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.resolved_files import written
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails, server_answer, unchecked_answers
from sddoctor.trail.trail import Trail, optional

#: RFC 7858
PORT = 853
_PATH = "/etc/systemd/resolved.conf.d/dns-over-tls.conf"


@cause(
    "dns-over-tls-enforced",
    hop="host",
    at=("stub", "program"),
    symptoms=FAILED,
    title="This host demands DNS over TLS, which the VPC resolver does not speak",
    platforms=("linux",),
)
def dns_over_tls_enforced(trail: Trail) -> Finding | None:
    """systemd-resolved, or unbound, sends the name to the VPC resolver over TLS only, and the lookup fails without being denied.

    The VPC resolver answers on port 53 and has no port 853. resolved.conf(5), unbound.conf(5) forward-tls-upstream, https://github.com/systemd/systemd/issues/36736
    """
    choice = trail.host.choice
    right = next((s for s in choice.tls if can_resolve_zone(trail, Server(s.address))), None)
    if right is None or not only_host_fails(trail) or trail.client_answer.addresses or _answers(trail):
        return None
    if optional(lambda: trail.reach.accepts(right.address, PORT)) or _ignores_validation(trail):
        return None
    closed = trail.reach.silent(right.address, PORT)
    return Finding(
        summary=f"{choice.stub_is or 'systemd-resolved'} sends {trail.name} to {right} over TLS only, and the VPC resolver does not speak TLS.",
        detail="Its setting and its server are right, and dig at the server works. Lookups run into a timeout, or get "
        "SERVFAIL. An opportunistic setting falls back to plain DNS.",
        evidence=(
            Evidence(choice.source, f"DNS over TLS towards {right}", "yes", "no"),
            *((Evidence("TCP", f"{right.address}:{PORT}", "refused or silent", "a TLS server"),) if closed else ()),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=_fixes(trail, right),
        would_tell=None if closed else command("nc", "-vz", "-w", "3", right.address, str(PORT)),
    )


def _answers(trail: Trail) -> bool:
    """Tell whether the forwarder returns addresses or denies the name: it never does so of a connection that failed."""
    stub = trail.host.choice.stub
    answer = server_answer(trail, stub) if stub is not None else None
    return answer is not None and (answer.denied or bool(answer.addresses))


def _ignores_validation(trail: Trail) -> bool:
    stub = trail.host.choice.stub
    return stub is not None and any(a.addresses for a in unchecked_answers(trail, stub))


def _fixes(trail: Trail, right: Server) -> tuple[Fix, ...]:
    """Return how that server is asked without TLS. resolvectl(1), resolved.conf(5)"""
    link = trail.host.choice.link
    if trail.host.choice.kind == "forwarder":
        said = f"{command('getent', 'ahosts', trail.name)} prints the addresses."
        return (
            Fix(
                f"In {trail.host.choice.source}, query {right.address} in the clear, then restart {trail.host.choice.stub_is}",
                trail.host.platform,
                verified_by=said,
                config=f"forward-addr: {right.address}\nforward-tls-upstream: no\n",
            ),
        )
    verify = f"{command('resolvectl', 'query', trail.name)} prints the addresses at once."
    title = (
        "Use TLS only where a server offers it"
        if link is None
        else "Or use TLS only where a server offers it, for good"
    )
    for_all = written(trail, title, _PATH, "[Resolve]\nDNSOverTLS=opportunistic\n")
    if link is None:
        return (for_all,)
    paste = command("sudo", "resolvectl", "dnsovertls", link, "no")
    changes = f"Queries by {link} are then sent in the clear to {right}, until the link goes down."
    return (Fix(f"Switch DNS over TLS off on {link} alone", "linux", (paste,), changes, verify), for_all)
