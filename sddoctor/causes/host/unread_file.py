"""A file of a forwarder on this host that names the right server, and that the forwarder does not follow."""

from __future__ import annotations

from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.model import Evidence, Finding, Fix
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.answers import denier
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails
from sddoctor.trail.known_zone import knows_zone
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail


def file_not_followed(trail: Trail) -> Finding | None:
    """Return what the forwarder's own answer shows against its files: it does not know the zone that they send to the VPC.

    What it answers counts; dnsmasq reads only what its main file includes. dnsmasq(8), conf-dir
    """
    choice = trail.host.choice
    if choice.kind != "resolv.conf" or choice.stub is None or not choice.matched or not only_host_fails(trail):
        return None
    if knows_zone(trail, choice.stub) is not False or not any(can_resolve_zone(trail, s) for s in choice.servers):
        return None
    zone, program = domain_to_route(trail), choice.stub_is or "the forwarder"
    source = next((e.source for e in trail.host.entries if e.kind == "forwarder" and e.domain == choice.matched), "")
    answer = trail.answers.answer(choice.stub, "A")
    path = source.rpartition(":")[0] or source
    servers = listed(str(s) for s in choice.servers)
    return Finding(
        summary=f"{source or program} sends {zone} to {servers}, and {program} on this host ({choice.stub}) probably does not read that file: it does not know {trail.name}.",
        detail="What a forwarder answers counts before its files. One that nothing includes, or that is newer than the running program, is not in force.",
        evidence=(
            Evidence(f"dns @{choice.stub} A", trail.name, f"{answer.rcode}, denied by {denier(answer, zone)}", servers),
            Evidence(path, zone, servers),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(
            Fix(
                f"Include {path} in the main file of {program}, then restart it",
                "linux",
                config=f"conf-file={path}" if program == "dnsmasq" else f'include: "{path}"',
                verified_by=f"{command('dig', f'@{choice.stub.address}', trail.name)} prints the addresses.",
            ),
        ),
        would_tell=command("grep", "-rnE", "conf-dir|conf-file|include", f"/etc/{program}.conf", f"/etc/{program}"),
    )
