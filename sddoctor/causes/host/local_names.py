"""Lookups that end on the host before DNS is queried: ``.local``, and nsswitch.conf."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.nsswitch_fixes import lead_to_dns, lead_to_right_server, written
from sddoctor.causes.host.split_dns_fixes import resolver_file
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import FAILED
from sddoctor.trail.host_answers import can_resolve_zone, host_fails, server_answer
from sddoctor.trail.host_settings import is_kept_from_dns
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail


@cause(
    "local-suffix",
    hop="host",
    at=("servers", "stub", "program"),
    symptoms=FAILED,
    ceiling="likely",
    title="The namespace ends in .local, which hosts keep for mDNS",
)
def local_suffix(trail: Trail) -> Finding | None:
    """The VPC resolver answers a ``.local`` name and the host does not. RFC 6762, section 3"""
    if not trail.name.endswith(".local"):
        return None
    if not trail.answers.vpc_addresses:
        return None
    fails = host_fails(trail)
    zone, server = domain_to_route(trail), trail.answers.vpc_server.address
    if fails and not is_kept_from_dns(trail):
        return None
    fixes: tuple[Fix, ...] = (Fix("Lasting: a namespace that does not end in .local", "app"),)
    if trail.host.platform == "linux":
        fixes = (*lead_to_right_server(trail), *fixes)
    elif trail.host.platform == "macos":
        fixes = (resolver_file(zone, server, trail.name), *fixes)
    effect = "and this host does not resolve it" if fails else "and resolves here today"
    return Finding(
        summary=f"{trail.name} ends in .local, which hosts keep for multicast DNS, {effect}.",
        detail=(
            "systemd-resolved sends no .local name to a DNS server unless the domain is declared, macOS asks both ways and "
            "results flip, and the hosts line of many Linux desktops stops after multicast. Tasks resolve the same name "
            "without trouble."
        ),
        evidence=(choice_evidence(trail), resolver_evidence(trail), host_evidence(trail)),
        fixes=fixes,
        kind=None if fails else "risk",
        severity=None if fails else "info",
    )


@cause(
    "nss-stops-before-dns",
    hop="host",
    at=("program",),
    symptoms=FAILED,
    title="nsswitch.conf ends the lookup before DNS is asked",
    platforms=("linux",),
)
def nss_stops_before_dns(trail: Trail) -> Finding | None:
    """The hosts line leaves ``dns`` out, or a source before it makes its no final; the DNS server answers. nsswitch.conf(5)"""
    choice = trail.host.choice
    if choice.kind != "nss" or trail.name.endswith(".local") or not host_fails(trail):
        return None
    conf = trail.host.facts.resolv_conf.value
    right = trail.answers.vpc_addresses
    first = Server(conf.effective[0]) if conf.effective else None
    answer = server_answer(trail, first) if first else None
    if first is None or (answer is not None and not set(answer.addresses) & right):
        return None
    if answer is None and not can_resolve_zone(trail, first):
        return None
    sources = trail.host.facts.nss.value
    shown = " ".join(written(s) for s in sources)
    return Finding(
        summary=f"/etc/nsswitch.conf ends the look-up of {trail.name} before DNS is asked ({choice.why or shown}).",
        detail='Programs get "not found" although the DNS server answers; dig does not use this file and works.',
        evidence=(
            Evidence("/etc/nsswitch.conf hosts", trail.name, shown, "dns before a source that stops"),
            Evidence(f"dns @{first} A", trail.name, tuple(sorted(right))),
            host_evidence(trail),
        ),
        fixes=(lead_to_dns(trail),),
    )
