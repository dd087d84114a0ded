"""A forwarder on this host that has no server for the name, and says so by REFUSED."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.name import is_below
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Evidence, Finding
from sddoctor.text.words import listed
from sddoctor.trail.forwarders import its_configuration, own_forwarder
from sddoctor.trail.host_answers import only_host_fails, server_answer
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail


def forwarder_without_server(trail: Trail) -> Finding | None:
    """Return what a refusal shows beside a file that sends other domains somewhere, and this one nowhere.

    dnsmasq refuses what it has no server for (measured with 2.90).
    """
    server = own_forwarder(trail)
    if server is None or not only_host_fails(trail):
        return None
    answer, config = server_answer(trail, server), its_configuration(trail)
    if config is None or not config.entries or answer is None or answer.rcode != "REFUSED":
        return None
    zone, others = domain_to_route(trail), sorted({e.domain for e in config.entries})
    if any(not d or is_below(trail.name, d) for d in others):
        return None
    return Finding(
        summary=(
            f"{config.program} on this host ({server}) has no server for {zone} and refuses it: {config.path} has servers for "
            f"{listed(others, most=3)} only."
        ),
        detail=(
            f"{config.program} is given no server for all other names, so it answers REFUSED to every one of them, "
            f"{trail.name} included. The VPC resolver {trail.answers.vpc_server} can be reached and answers."
        ),
        evidence=(
            _refusal(server, trail.name),
            Evidence(config.path, "domains that have a server", tuple(others), zone),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=route_domain(trail),
    )


def _refusal(server: Server, name: str) -> Evidence:
    return Evidence(f"dns @{server} A", name, "REFUSED", "the addresses")
